"""events.insert, update, patch, delete and import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_google.bodies import READ_ONLY, check_id, check_types, merge, settle, strip_nulls
from tests.fake_google.calls import Call
from tests.fake_google.expansion import exceptions_of, virtual_instance
from tests.fake_google.messages import (
    Response,
    bad_request,
    condition_not_met,
    duplicate,
    empty_response,
    forbidden,
    gone,
    invalid,
    json_response,
    named_error,
    not_found,
    required,
)
from tests.fake_google.schema import mask_of, masked
from tests.fake_google.state import Calendar, Resource, Row, used
from tests.fake_google.views import shown

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

KEPT = ("id", "iCalUID", "kind", "created", "creator", "organizer", "htmlLink", "eventType")
TIMES = ("start", "end", "recurrence")
OWN = ("reminders", "colorId", "attendees", "extendedProperties")  # what guests may change


def answer(row: Row, call: Call, calendar: Calendar) -> Response:
    """Answers a write with the row as it is now."""
    mask = mask_of(call.one("fields") or "*", "event")
    value = masked(mask, shown(row.resource, "full", calendar.zone, calendar))
    return json_response(value, etag=row.resource["etag"])


def _prepared(fake: FakeGoogle, call: Call, calendar: Calendar) -> dict[str, Any]:
    body = call.json()
    check_types(body)
    if (
        body.get("attendees")
        and call.access is not None
        and call.access.service
        and not call.access.delegated
    ):
        raise named_error(403, "forbiddenForServiceAccounts")
    body = {name: value for name, value in body.items() if name not in READ_ONLY}
    if call.one("conferenceDataVersion") != "1":
        body.pop("conferenceData", None)
    if call.one("supportsAttachments") != "true":
        body.pop("attachments", None)
    return body


def _if_match(call: Call, resource: Resource) -> None:
    wanted = call.headers.get("if-match")
    if wanted is not None and wanted != "*" and wanted != resource["etag"]:
        raise condition_not_met()


def insert(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Stores a new event under the client's id, or under one of ours."""
    body = strip_nulls(_prepared(fake, call, calendar))
    id = body.get("id")
    if id is not None and "iCalUID" in body:
        raise invalid("Only one of id and iCalUID may be given.")
    if id is None:
        id = fake.new_id()
    check_id(id)
    settled = settle(body, calendar, fake.switches)
    if used(calendar, id) and not (fake.switches.collision_missed and id in calendar.rows):
        raise duplicate()
    uid = body.get("iCalUID")
    if uid is not None and _by_uid(calendar, uid) is not None:
        raise duplicate()
    row = fake.store_new(calendar, id, settled, call.user, "client")
    fake.applied("insert", calendar.id, id)
    return answer(row, call, calendar)


def _by_uid(calendar: Calendar, uid: str) -> Row | None:
    rows = (row for row in calendar.rows.values() if row.resource.get("iCalUID") == uid)
    return next((row for row in rows if not row.master), None)


def import_event(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Stores a copy of an event that has an iCalUID."""
    organizer = call.json().get("organizer")
    body = strip_nulls(_prepared(fake, call, calendar))
    uid = body.get("iCalUID")
    if uid is None:
        raise required("Missing iCalUID.")
    if "id" in body:
        raise invalid("Only one of id and iCalUID may be given.")
    settled = settle(body, calendar, fake.switches)
    known = _by_uid(calendar, uid)
    if known is not None and fake.switches.import_mode == "duplicate":
        raise duplicate()
    if known is not None:
        row = _replace(fake, calendar, known, settled, body.get("sequence"))
    else:
        row = fake.store_new(calendar, fake.new_id(), settled, call.user, "client", organizer)
    fake.applied("import", calendar.id, row.id)
    return answer(row, call, calendar)


def target(calendar: Calendar, id: str) -> tuple[Resource, Row | None, Row | None]:
    """Returns the resource an id names, its row if it has one, and its series if it is an instance."""
    row = calendar.rows.get(id)
    if row is not None:
        return row.resource, row, calendar.rows.get(row.master or "")
    found = virtual_instance(calendar, id)
    if found is None:
        raise not_found()
    return found[1], None, found[0]


def _check_organizer(old: Resource, body: dict[str, Any]) -> None:
    if not old.get("organizer", {}).get("self", True) and any(name not in OWN for name in body):
        raise named_error(403, "forbiddenForNonOrganizer")


def _check_undelete(fake: FakeGoogle, old: Resource, new: Resource, patched: bool, sent: Any) -> None:
    if old["status"] != "cancelled" or new["status"] == "cancelled":
        return
    mode = fake.switches.undelete
    whole = mode == "full_body" and (patched or (isinstance(sent, int) and sent >= old.get("sequence", 0)))
    if mode != "ok" and not whole:
        raise forbidden()


def patch(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Merges a body into an event; an instance becomes a row of its own."""
    return _write(fake, call, calendar, patched=True)


def update(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Replaces an event: what is not sent goes."""
    return _write(fake, call, calendar, patched=False)


def _write(fake: FakeGoogle, call: Call, calendar: Calendar, patched: bool) -> Response:
    old, row, master = target(calendar, call.event)
    body = _prepared(fake, call, calendar)
    _if_match(call, old)
    if body.get("id", call.event) != call.event:
        raise invalid("Invalid resource id value.")
    _check_organizer(old, body)
    sequence = body.pop("sequence", None)
    if sequence is not None and sequence < old.get("sequence", 0):
        raise invalid("Invalid sequence value.")
    if body.get("iCalUID", old.get("iCalUID")) != old.get("iCalUID"):
        raise bad_request("iCalUID cannot be changed.")
    merged = merge(old, body) if patched else strip_nulls(body)
    for name in KEPT:
        if name in old:
            merged[name] = old[name]
    if master is not None or "recurringEventId" in old:
        merged.pop("recurrence", None)
        merged["recurringEventId"] = old["recurringEventId"]
        merged["originalStartTime"] = old["originalStartTime"]
    settled = settle(merged, calendar, fake.switches)
    _check_undelete(fake, old, settled, patched, sequence)
    if settled["status"] == "cancelled" and old["status"] != "cancelled":
        remove(fake, calendar, call.event)
        new = calendar.rows[call.event]
    elif row is None:
        settled["sequence"] = old.get("sequence", 0)
        new = fake.store_new(calendar, call.event, settled, call.user, "client", None, master)
    else:
        new = _replace(fake, calendar, row, settled, sequence)
    fake.applied("patch" if patched else "update", calendar.id, call.event)
    return answer(new, call, calendar)


def _replace(
    fake: FakeGoogle, calendar: Calendar, row: Row, settled: Resource, sequence: int | None = None
) -> Row:
    """Stores the new content of a row: sequence and etag move as the switches say."""
    old = row.resource
    stored = old.get("sequence", 0)
    if sequence is not None and sequence < stored:
        raise invalid("Invalid sequence value.")
    for name in (*KEPT, "recurringEventId", "originalStartTime"):
        if name in old:
            settled[name] = old[name]
    moved = any(old.get(name) != settled.get(name) for name in TIMES)
    settled["sequence"] = max(stored + 1 if moved else stored, sequence or 0)
    settled.pop("updated", None)
    settled.pop("etag", None)
    names = (old.keys() | settled.keys()) - {"updated", "etag"}
    changed = {name for name in names if old.get(name) != settled.get(name)}
    if not changed and not fake.switches.noop_moves_etag:
        return row
    if changed == {"reminders"}:
        if not fake.switches.reminders_move_etag:
            row.resource = old | {"reminders": settled["reminders"]}
            row.texts = {}
            return row
        settled["updated"] = old["updated"]
    return fake.put(calendar, settled)


def delete(fake: FakeGoogle, call: Call, calendar: Calendar) -> Response:
    """Makes a tombstone; a series takes its changed instances along."""
    old, _, _ = target(calendar, call.event)
    if old["status"] == "cancelled":
        raise gone()
    _if_match(call, old)
    remove(fake, calendar, call.event)
    fake.applied("delete", calendar.id, call.event)
    return empty_response()


def remove(fake: FakeGoogle, calendar: Calendar, id: str) -> None:
    """Cancels an event, series or instance."""
    old, row, master = target(calendar, id)
    dead = {name: value for name, value in old.items() if name not in ("updated", "etag")}
    dead["status"] = "cancelled"
    if row is None:
        fake.put(calendar, dead, master.author if master else "client")
        return
    fake.put(calendar, dead)
    for exception in exceptions_of(calendar, id):
        if not exception.cancelled:
            remove(fake, calendar, exception.id)
