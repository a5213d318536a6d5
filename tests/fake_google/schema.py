"""The names of fields, from Google's discovery document, for `fields=` and for bodies."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tests.fake_google.messages import ApiError
from tests.fake_google.words import words

ANY: dict[str, Any] = {"*": None}  # whatever is inside
PERSON = dict.fromkeys(("id", "email", "displayName", "self"))
MOMENT = dict.fromkeys(("date", "dateTime", "timeZone"))
REMINDER = dict.fromkeys(("method", "minutes"))
STRINGS = words(
    "colorId created description etag eventLabelId eventType hangoutLink htmlLink iCalUID id kind location "
    "recurringEventId status summary transparency updated visibility"
)
BOOLEANS = words(
    "anyoneCanAddSelf attendeesOmitted endTimeUnspecified guestsCanInviteOthers guestsCanModify "
    "guestsCanSeeOtherGuests locked privateCopy"
)
ATTENDEE = dict.fromkeys(
    words(
        "additionalGuests asyncOperation comment displayName email id optional organizer resource "
        "responseStatus self"
    )
)
ATTACHMENT = dict.fromkeys(words("fileId fileUrl iconLink mimeType title"))
EVENT: dict[str, Any] = {
    **dict.fromkeys([*STRINGS, *BOOLEANS, "sequence", "recurrence"]),
    "start": MOMENT,
    "end": MOMENT,
    "originalStartTime": MOMENT,
    "creator": PERSON,
    "organizer": PERSON,
    "attendees": ATTENDEE,
    "attachments": ATTACHMENT,
    "reminders": {"useDefault": None, "overrides": REMINDER},
    "extendedProperties": {"private": ANY, "shared": ANY},
    "source": {"url": None, "title": None},
    **dict.fromkeys(
        (
            "birthdayProperties",
            "conferenceData",
            "focusTimeProperties",
            "gadget",
            "outOfOfficeProperties",
            "workingLocationProperties",
        ),
        ANY,
    ),
}
LIST_HEAD = dict.fromkeys(
    words("accessRole description etag kind nextPageToken nextSyncToken summary timeZone updated")
)
EVENTS = {**LIST_HEAD, "defaultReminders": REMINDER, "items": EVENT}
CALENDAR: dict[str, Any] = {
    **dict.fromkeys(
        words("autoAcceptInvitations dataOwner description etag id kind location summary timeZone")
    ),
    "conferenceProperties": ANY,
    "labelProperties": ANY,
    "workingHours": ANY,
}
CALENDAR_ENTRY = {
    **CALENDAR,
    **dict.fromkeys(
        words(
            "accessRole backgroundColor colorId deleted foregroundColor hidden primary selected "
            "summaryOverride"
        )
    ),
    "defaultReminders": REMINDER,
    "notificationSettings": ANY,
}
CALENDAR_LIST = {**dict.fromkeys(("etag", "kind", "nextPageToken", "nextSyncToken")), "items": CALENDAR_ENTRY}
RULE = {**dict.fromkeys(("etag", "id", "kind", "role")), "scope": {"type": None, "value": None}}
SHAPES = {"event": EVENT, "events": EVENTS, "calendar": CALENDAR, "entry": CALENDAR_ENTRY}
SHAPES |= {"entries": CALENDAR_LIST, "rule": RULE}

Mask = dict[str, Any]  # name -> mask of what is inside, None for all of it


@lru_cache(maxsize=256)
def mask_of(text: str, shape: str) -> Mask | None:
    """Reads a `fields` parameter; None means everything.

    Raises `ApiError` 400 for names that the answer cannot have.
    https://developers.google.com/workspace/calendar/api/guides/performance#partial
    """
    mask, rest = _group(text.replace(" ", ""), 0)
    if rest != len(text.replace(" ", "")):
        raise _bad(text)
    _check(mask, SHAPES[shape], text)
    return None if "*" in mask else mask


def _bad(text: str) -> ApiError:
    return ApiError(400, "invalidParameter", f"Invalid field selection {text}", location="fields")


def _group(text: str, at: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        path, at = _path(text, at)
        inner: Mask | None = None
        if at < len(text) and text[at] == "(":
            inner, at = _group(text, at + 1)
            if at >= len(text) or text[at] != ")":
                raise _bad(text)
            at += 1
        _join(mask, path, inner)
        if at >= len(text) or text[at] != ",":
            return mask, at
        at += 1


def _path(text: str, at: int) -> tuple[list[str], int]:
    end = at
    while end < len(text) and text[end] not in "(),":
        end += 1
    path = text[at:end].split("/")
    if not all(path):
        raise _bad(text)
    return path, end


def _join(mask: Mask, path: list[str], inner: Mask | None) -> None:
    for name in path[:-1]:
        if name in mask and mask[name] is None:
            return
        mask = mask.setdefault(name, {})
    last = path[-1]
    if inner is None or mask.get(last, {}) is None:
        mask[last] = None
    else:
        mask.setdefault(last, {}).update(inner)


def _check(mask: Mask, shape: dict[str, Any] | None, text: str) -> None:
    for name, inner in mask.items():
        if name != "*" and (shape is None or ("*" not in shape and name not in shape)):
            raise _bad(text)
        if inner and shape is not ANY and name != "*":
            _check(inner, shape[name] if shape else None, text)


def masked(mask: Mask | None, value: Any) -> Any:
    """Returns the part of an answer that a mask asks for."""
    if mask is None or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(mask, each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: masked(mask[name], inner) for name, inner in value.items() if name in mask}


def unknown_fields(body: dict[str, Any], shape: dict[str, Any], path: str = "") -> list[str]:
    """Lists the names in a body that the discovery document does not have."""
    found = []
    for name, value in body.items():
        if name not in shape:
            found.append(path + name)
        elif shape[name] and "*" not in shape[name]:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    found += unknown_fields(each, shape[name], f"{path}{name}.")
    return found
