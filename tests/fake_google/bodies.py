"""From a sent body to the resource that is stored: checks, defaults and normalising."""

from __future__ import annotations

import re
from typing import Any

from tests.fake_google.messages import ApiError, bad_request, invalid, required
from tests.fake_google.recurrence import settle_recurrence
from tests.fake_google.schema import BOOLEANS
from tests.fake_google.state import Calendar, Resource
from tests.fake_google.switches import Switches
from tests.fake_google.times import check_range, settle_moment
from tests.fake_google.words import words

READ_ONLY = words(
    "kind etag htmlLink created updated creator organizer recurringEventId originalStartTime hangoutLink "
    "attendeesOmitted locked privateCopy"
)
TEXTS = ("summary", "description", "location")
WORDS = {
    "visibility": ("default", "public", "private", "confidential"),
    "transparency": ("opaque", "transparent"),
    "status": ("confirmed", "tentative", "cancelled"),
    "eventType": ("default", "birthday", "focusTime", "fromGmail", "outOfOffice", "workingLocation"),
}
DEFAULTS = {"visibility": "default", "transparency": "opaque"}
ID = re.compile(r"[0-9a-v]{5,1024}")
OBJECTS = ("start", "end", "reminders", "extendedProperties", "source", "conferenceData", "gadget")
LISTS = ("recurrence", "attendees", "attachments")


def check_types(body: dict[str, Any]) -> None:
    """Raises `ApiError` 400 where a field has another type than the discovery document says."""
    for name, value in body.items():
        if value is None:
            continue
        wanted: type | tuple[type, ...]
        if name in OBJECTS:
            wanted = dict
        elif name in LISTS:
            wanted = list
        elif name in BOOLEANS:
            wanted = bool
        elif name == "sequence":
            wanted = int
        elif name in (*TEXTS, *WORDS, "id", "iCalUID", "colorId"):
            wanted = str
        else:
            continue
        if not isinstance(value, wanted):
            raise bad_request(f"Invalid value for field {name}")


def check_id(id: str) -> None:
    """Raises `ApiError` 400 for an id that the client may not choose."""
    if not ID.fullmatch(id):
        raise invalid("Invalid resource id value.")


def merge(old: Any, new: Any) -> Any:
    """Merges deeply as PATCH does: null removes, lists are replaced."""
    if not isinstance(new, dict) or not isinstance(old, dict):
        return strip_nulls(new)
    merged = dict(old)
    for name, value in new.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def strip_nulls(value: Any) -> Any:
    """Removes what is null in a new body."""
    if isinstance(value, dict):
        return {name: strip_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


def settle(body: dict[str, Any], calendar: Calendar, switches: Switches) -> Resource:
    """Returns the resource of a whole body, without the fields that the server itself sets.

    Raises `ApiError` 400 with Google's reasons.
    """
    recurring = bool(body.get("recurrence"))
    settled = {name: value for name, value in body.items() if value is not None}
    for which in ("start", "end"):
        settled[which] = settle_moment(
            body.get(which),
            which,
            recurring,
            calendar.zone,
            switches.unknown_zones,
            switches.normalise_zone,
        )
    check_range(settled["start"], settled["end"])
    if recurring:
        settled["recurrence"] = settle_recurrence(
            body["recurrence"],
            settled["start"],
            switches.rrule_order,
            switches.split_exdates,
            switches.exdates_in_utc,
        )
    else:
        settled.pop("recurrence", None)
    for name, allowed in WORDS.items():
        if name in settled and settled[name] not in allowed:
            raise bad_request(f"Invalid {name} value.")
    _settle_texts(settled, switches)
    _settle_reminders(settled, switches)
    _settle_properties(settled)
    settled.setdefault("status", "confirmed")
    if switches.drop_defaults:
        for name, value in DEFAULTS.items():
            if settled.get(name) == value:
                del settled[name]
    return settled


def _settle_texts(settled: Resource, switches: Switches) -> None:
    for name in TEXTS:
        text = settled.get(name)
        if text is None:
            continue
        if switches.normalise_text:
            text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if name == "summary" and switches.normalise_extra and not text.endswith("."):
            text += "."
        if text:
            settled[name] = text
        else:
            del settled[name]


def _settle_reminders(settled: Resource, switches: Switches) -> None:
    reminders = settled.get("reminders") or {}
    overrides = reminders.get("overrides") or []
    use_default = reminders.get("useDefault", not overrides)
    if use_default and overrides:
        message = "Cannot specify both default reminders and overrides at the same time."
        raise ApiError(400, "cannotUseDefaultRemindersAndSpecifyOverride", message, "calendar")
    if len(overrides) > 5:
        raise ApiError(400, "tooManyReminderOverrides", "Too many reminder overrides.", "calendar")
    for each in overrides:
        minutes = each.get("minutes") if isinstance(each, dict) else None
        if not isinstance(minutes, int) or not 0 <= minutes <= 40320:
            raise invalid("Invalid reminder minutes.")
        if each.get("method") not in ("email", "popup"):
            raise required("Missing override reminder method.")
    if use_default and "date" in settled["start"] and switches.all_day_reminders:
        use_default, overrides = False, [{"method": "popup", "minutes": 30}]
    settled["reminders"] = {"useDefault": use_default} | ({"overrides": overrides} if overrides else {})


def _settle_properties(settled: Resource) -> None:
    properties = settled.get("extendedProperties")
    if properties is None:
        return
    kept = {}
    for kind in ("private", "shared"):
        pairs = properties.get(kind) or {}
        for key, value in pairs.items():
            if not isinstance(value, str) or len(key) > 44 or len(value) > 1024:
                raise bad_request("Invalid extended property.")
        if len(pairs) > 300:
            raise bad_request("Too many extended properties.")
        if pairs:
            kept[kind] = pairs
    if kept:
        settled["extendedProperties"] = kept
    else:
        del settled["extendedProperties"]
