"""One call of the API from the bearer to the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_google import calendars, lists, writes
from tests.fake_google.calls import Call, check_parameters
from tests.fake_google.expansion import virtual_instance
from tests.fake_google.messages import (
    ApiError,
    Response,
    full_sync_required,
    html_response,
    json_response,
    named_error,
    not_found,
)
from tests.fake_google.schema import mask_of, masked
from tests.fake_google.scopes import APP_CREATED, allowing
from tests.fake_google.state import Calendar
from tests.fake_google.times import zone_of
from tests.fake_google.tokens import bearer
from tests.fake_google.views import mode_of, shown

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

WITHOUT_CALENDAR = {
    "calendars.insert": calendars.insert,
    "calendarList.list": calendars.entries,
}
ON_CALENDARS = {
    "calendars.get": calendars.get,
    "calendars.update": calendars.change,
    "calendars.patch": calendars.change,
    "calendars.delete": calendars.delete,
    "calendarList.get": calendars.entry,
    "acl.insert": calendars.share,
}
WRITES = {
    "events.insert": writes.insert,
    "events.import": writes.import_event,
    "events.update": writes.update,
    "events.patch": writes.patch,
    "events.delete": writes.delete,
}
READS = {"events.list": lists.list_events, "events.instances": lists.list_instances}


def answer_call(fake: FakeGoogle, call: Call) -> Response:
    """Answers one call; every error becomes an answer."""
    try:
        return _answer(fake, call)
    except ApiError as error:
        return error.response()


def _answer(fake: FakeGoogle, call: Call) -> Response:
    call.access = bearer(fake, call.headers.get("authorization"))
    call.user = call.access.user
    fake.watch.call(fake, call)
    who = call.one("quotaUser") or call.user
    fake.quota.spend(who, 3 if call.method == "PATCH" else 1, fake.ticks(), fake.switches)
    if not call.name:
        return html_response(404)
    scopes = allowing(call.name, call.access.scopes)
    if not scopes:
        raise named_error(403, "insufficientPermissions")
    check_parameters(call)
    if call.name in WITHOUT_CALENDAR:
        return WITHOUT_CALENDAR[call.name](fake, call)
    calendar = fake.store.calendar(call.calendar, call.user, fake.zone)
    if set(scopes) == {APP_CREATED} and not calendar.made_by_client:
        raise not_found()
    role = calendar.role(call.user)
    if role is None:
        raise not_found()
    if call.name in ON_CALENDARS:
        if call.method in ("PUT", "PATCH") and role not in ("owner", "writer"):
            raise named_error(403, "requiredAccessLevel")
        return ON_CALENDARS[call.name](fake, call, calendar)
    if call.name in WRITES:
        if role not in ("owner", "writer"):
            raise named_error(403, "requiredAccessLevel")
        fake.quota.write(calendar.id, fake.ticks(), fake.switches)
        return WRITES[call.name](fake, call, calendar)
    if call.name == "events.get":
        return _get(fake, call, calendar, role)
    return _read(fake, call, calendar, role)


def _read(fake: FakeGoogle, call: Call, calendar: Calendar, role: str) -> Response:
    if call.name == "events.list":
        call.read_fault = fake.faults.take_read(call.method, call.path, fake.requests)
        if call.read_fault in ("expire-token", "acl-change"):
            fake.end_sync_tokens(calendar.id)
            if call.one("syncToken") is not None:
                raise full_sync_required()
    return READS[call.name](fake, call, calendar, role)


def _get(fake: FakeGoogle, call: Call, calendar: Calendar, role: str) -> Response:
    """Answers events.get: tombstones too, and instances that nobody stored."""
    row = calendar.rows.get(call.event)
    zone = call.one("timeZone") or calendar.zone
    if zone_of(zone) is None:
        raise named_error(400)
    if row is not None:
        mode = mode_of(row, calendar, role, fake.switches)
        resource = row.resource
    else:
        found = virtual_instance(calendar, call.event)
        if found is None:
            raise not_found()
        mode, resource = "full", found[1]
    if call.headers.get("if-none-match") == resource["etag"]:
        return Response(304, {"content-length": "0", "etag": resource["etag"]}, b"")
    value = masked(mask_of(call.one("fields") or "*", "event"), shown(resource, mode, zone, calendar))
    return json_response(value, etag=resource["etag"])
