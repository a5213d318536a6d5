"""How a stored row is shown: whole, bare, or without what a reader may not see."""

from __future__ import annotations

from typing import Any

from tests.fake_google.messages import to_json
from tests.fake_google.schema import Mask, masked
from tests.fake_google.state import Calendar, Resource, Row
from tests.fake_google.switches import Switches
from tests.fake_google.times import instant, show

BARE = ("kind", "etag", "id", "status")
BARE_INSTANCE = (*BARE, "recurringEventId", "originalStartTime")
BUSY = (*BARE, "created", "updated", "start", "end", "recurrence", "recurringEventId", "originalStartTime")


def mode_of(row: Row, calendar: Calendar, role: str, switches: Switches) -> str:
    """Says how a row is shown: full, instance (bare), bare, busy."""
    if row.cancelled:
        if row.master and row.master in calendar.rows and not calendar.rows[row.master].cancelled:
            return "instance"
        if switches.bare_tombstones:
            return "bare"
    if role == "freeBusyReader" or (
        role == "reader" and row.resource.get("visibility") in ("private", "confidential")
    ):
        return "busy"
    return "full"


def shown(resource: Resource, mode: str, zone: str, calendar: Calendar) -> Resource:
    """Returns a resource as an answer carries it."""
    if mode == "instance":
        resource = {name: resource[name] for name in BARE_INSTANCE if name in resource}
    elif mode == "bare":
        resource = {name: resource[name] for name in BARE}
    elif mode == "busy":
        kept = {name: resource[name] for name in BUSY if name in resource}
        resource = kept | {"visibility": "private"}
    if zone != calendar.zone:
        resource = in_zone(resource, zone)
    return resource


def in_zone(resource: Resource, zone: str) -> Resource:
    """Returns a resource whose times have the offset of another zone."""
    moved = dict(resource)
    for name in ("start", "end", "originalStartTime"):
        value = resource.get(name)
        if value and "dateTime" in value:
            moved[name] = value | {"dateTime": show(instant(value, "UTC"), zone)}
    return moved


def row_text(
    row: Row, mask: Mask | None, key: str, zone: str, calendar: Calendar, role: str, switches: Switches
) -> str:
    """Returns a row as JSON text; made once for each mask, zone and mode."""
    mode = mode_of(row, calendar, role, switches)
    known = (key, zone, mode)
    text = row.texts.get(known)
    if text is None:
        value: Any = shown(row.resource, mode, zone, calendar)
        text = row.texts[known] = to_json(masked(mask, value))
    return text
