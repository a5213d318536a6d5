"""calendars, calendarList and acl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_google.bodies import merge, strip_nulls
from tests.fake_google.calls import Call
from tests.fake_google.messages import (
    Response,
    bad_request,
    empty_response,
    forbidden,
    invalid,
    json_response,
    named_error,
    not_found,
    required,
)
from tests.fake_google.schema import mask_of, masked
from tests.fake_google.state import LEVELS, Calendar, etag_of
from tests.fake_google.times import zone_of

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

ROLES = ("none", *LEVELS)


def _resource(calendar: Calendar) -> dict[str, Any]:
    made = {
        "kind": "calendar#calendar",
        "etag": etag_of(calendar.seq),
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.zone,
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
        "dataOwner": calendar.owner,
    }
    return made | ({"description": calendar.description} if calendar.description else {})


def _answer(call: Call, value: dict[str, Any], shape: str) -> Response:
    return json_response(masked(mask_of(call.one("fields") or "*", shape), value), etag=value["etag"])


def _check_zone(fake: FakeGoogle, zone: str) -> None:
    if zone in fake.switches.unknown_zones or zone_of(zone) is None:
        raise invalid("Invalid time zone value.")


def insert(fake: FakeGoogle, call: Call) -> Response:
    """Makes a calendar that belongs to the caller."""
    body = strip_nulls(call.json())
    summary = body.get("summary")
    if not isinstance(summary, str) or not summary.strip():
        raise required("Missing title.")
    zone = body.get("timeZone", "UTC")
    _check_zone(fake, zone)
    if fake.store.made >= fake.switches.calendar_limit:
        raise named_error(403, "quotaExceeded")
    fake.store.made += 1
    id = fake.calendar(summary, zone, call.user, made_by_client=True)
    fake.store.calendars[id].description = body.get("description", "")
    fake.applied("calendars.insert", id, "")
    return _answer(call, _resource(fake.store.calendars[id]), "calendar")


def get(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Answers calendars.get."""
    return _answer(call, _resource(calendar), "calendar")


def change(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Answers calendars.update and calendars.patch."""
    old = {"summary": calendar.summary, "timeZone": calendar.zone, "description": calendar.description}
    body = call.json()
    new = merge(old, body) if call.name == "calendars.patch" else {"timeZone": "UTC"} | strip_nulls(body)
    if not new.get("summary"):
        raise required("Missing title.")
    _check_zone(fake, new["timeZone"])
    calendar.summary, calendar.description = new["summary"], new.get("description", "")
    if new["timeZone"] != calendar.zone:
        fake.set_zone(calendar, new["timeZone"])
    fake.store.touch(calendar)
    fake.applied(call.name, calendar.id, "")
    return _answer(call, _resource(calendar), "calendar")


def delete(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Deletes a calendar, but not a primary one."""
    if calendar.role(call.user) != "owner":
        raise forbidden()
    if calendar.id == calendar.owner:
        raise bad_request("Cannot delete primary calendar.")
    del fake.store.calendars[calendar.id]
    fake.applied("calendars.delete", calendar.id, "")
    return empty_response()


def _entry(calendar: Calendar, user: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "kind": "calendar#calendarListEntry",
        "etag": etag_of(calendar.seq),
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.zone,
        "accessRole": calendar.role(user),
        "defaultReminders": [],
        "selected": True,
        "dataOwner": calendar.owner,
    }
    return made | ({"primary": True} if calendar.id == user else {})


def entries(fake: FakeGoogle, call: Call) -> Response:
    """Answers calendarList.list."""
    least = call.one("minAccessRole")
    if least is not None and least not in LEVELS:
        raise invalid("Invalid value for minAccessRole", "minAccessRole")
    fake.store.calendar("primary", call.user, fake.zone)
    found = []
    for calendar in fake.store.calendars.values():
        role = calendar.role(call.user)
        if role and (least is None or LEVELS.index(role) >= LEVELS.index(least)):
            found.append(_entry(calendar, call.user))
    etag = etag_of(fake.store.seq)
    value = {"kind": "calendar#calendarList", "etag": etag, "items": found, "nextSyncToken": "entries"}
    return _answer(call, value, "entries")


def entry(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Answers calendarList.get."""
    return _answer(call, _entry(calendar, call.user), "entry")


def share(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Answers acl.insert: it ends all sync tokens of the calendar."""
    body = call.json()
    scope = body.get("scope") or {}
    role, kind = body.get("role"), scope.get("type")
    if role not in ROLES or kind not in ("default", "user", "group", "domain"):
        raise invalid("Invalid value for role or scope.")
    who = "default" if kind == "default" else scope.get("value")
    if not who:
        raise required("Missing scope value.")
    if calendar.role(call.user) != "owner":
        raise not_found() if calendar.role(call.user) is None else forbidden()
    fake.share(calendar.id, who, role)
    value = {
        "kind": "calendar#aclRule",
        "etag": etag_of(calendar.seq),
        "id": "default" if kind == "default" else f"{kind}:{who}",
        "role": role,
        "scope": {"type": kind} | ({} if kind == "default" else {"value": who}),
    }
    fake.applied("acl.insert", calendar.id, "")
    return _answer(call, value, "rule")
