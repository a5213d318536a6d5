"""events.list and events.instances: rows are cut into pages first and filtered then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.fake_google.calls import Call
from tests.fake_google.cursors import (
    PageToken,
    SyncToken,
    digest,
    page_digest,
    read_page_token,
    read_sync_token,
    sync_digest,
    write_page_token,
    write_sync_token,
)
from tests.fake_google.expansion import exceptions_of, instances
from tests.fake_google.filters import Filter, filter_of
from tests.fake_google.messages import (
    JSON_TYPE,
    Response,
    bad_request,
    empty_response,
    full_sync_required,
    invalid,
    named_error,
    not_found,
    to_json,
)
from tests.fake_google.schema import Mask, mask_of, masked
from tests.fake_google.state import Calendar, Row, etag_of
from tests.fake_google.times import bound, instant, zone_of
from tests.fake_google.views import row_text
from tests.fake_google.words import words

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

EIGHT = words("iCalUID orderBy privateExtendedProperty q sharedExtendedProperty timeMin timeMax updatedMin")
REMINDERS = [{"method": "popup", "minutes": 30}]


class Page(NamedTuple):
    """Rows of one page, and where the next begins (None: it was the last)."""

    rows: list[Row]
    seq: int  # for the sync token
    following: PageToken | None


def list_events(fake: FakeGoogle, call: Call, calendar: Calendar, role: str) -> Response:
    """Answers events.list."""
    known = _known(fake, call, calendar)
    size = call.number("maxResults", 250, 1, 2500)
    if fake.switches.page_cap:
        size = min(size, fake.switches.page_cap)
    chosen = filter_of(call, calendar, known is not None, fake.switches)
    if call.one("updatedMin") and chosen.updated_min:
        oldest = fake.now() - timedelta(seconds=fake.switches.oldest_updated_min)
        if chosen.updated_min < oldest:
            raise named_error(410, "updatedMinTooLongAgo")
    single = bool(call.flag("singleEvents"))
    order = call.one("orderBy")
    if order not in (None, "startTime", "updated") or (order == "startTime" and not single):
        raise bad_request("The requested ordering is not available for the particular query.")
    page = _page(fake, call, calendar, known, size, single, order)
    return _answer(fake, call, calendar, role, page, chosen)


def _known(fake: FakeGoogle, call: Call, calendar: Calendar) -> SyncToken | None:
    """Checks the sync token. Raises `ApiError` 400 or 410."""
    text = call.one("syncToken")
    if text is None:
        return None
    if any(name in call.query for name in EIGHT) or call.flag("showDeleted") is False:
        raise bad_request("Sync token cannot be used with other query restrictions.")
    token = read_sync_token(text)
    if token.calendar != digest(calendar.id):
        raise invalid("Invalid sync token value.", "syncToken")
    life = fake.switches.sync_token_life
    old = life is not None and fake.seconds() - token.issued > life
    if token.seq < calendar.min_seq or old:
        raise full_sync_required()
    if token.parameters != sync_digest(call):
        fake.violation("a sync token was used with other parameters than the list that gave it")
    return token


def _page(
    fake: FakeGoogle,
    call: Call,
    calendar: Calendar,
    known: SyncToken | None,
    size: int,
    single: bool,
    order: str | None,
) -> Page:
    parameters = page_digest(call)
    text = call.one("pageToken")
    back = int(call.read_fault.partition(":")[2] or 1) if call.read_fault.startswith("stale-list") else 0
    token = PageToken(digest(calendar.id), parameters, -1, known.seq if known else 0, 0)
    if text is not None:
        token = read_page_token(text)
        if token.calendar != digest(calendar.id) or token.parameters != parameters:
            raise bad_request("Invalid page token value.")
    rows, seq = calendar.newer(token.after), fake.store.seq
    if back:
        rows, seq = fake.store.rows_before(calendar, back)
        rows = [row for row in rows if row.seq > token.after]
    if call.read_fault == "empty-list":
        rows = []
    first = seq if token.first < 0 else token.first
    if not single and order is None:
        cut = rows[:size]
        more = len(rows) > size
        following = token._replace(first=first, after=cut[-1].seq if more else 0)
        return Page(cut, first, following if more else None)
    if single:
        rows = _expanded(rows, calendar)
    if order == "updated":
        rows.sort(key=lambda row: row.resource["updated"])
    elif order == "startTime":
        rows.sort(key=lambda row: instant(row.resource["start"], calendar.zone))
    cut = rows[token.offset : token.offset + size]
    more = len(rows) > token.offset + size
    following = token._replace(first=first, offset=token.offset + size)
    return Page(cut, first, following if more else None)


def _expanded(rows: list[Row], calendar: Calendar) -> list[Row]:
    """Replaces each series by its instances; changed ones are rows of their own already."""
    found = []
    for row in rows:
        if "recurrence" not in row.resource:
            found.append(row)
            continue
        changed = {exception.id for exception in exceptions_of(calendar, row.id)}
        for resource in instances(row, calendar):
            if resource["id"] not in changed:
                found.append(Row(resource, row.seq, row.author, row.written))
    return found


def _zone(call: Call, calendar: Calendar) -> str:
    zone = call.one("timeZone") or calendar.zone
    if zone_of(zone) is None:
        raise invalid("Invalid time zone.", "timeZone")
    return zone


def _answer(
    fake: FakeGoogle, call: Call, calendar: Calendar, role: str, page: Page, chosen: Filter
) -> Response:
    fields = call.one("fields") or "*"
    mask = mask_of(fields, "events")
    zone = _zone(call, calendar)
    etag = f'"p{digest(calendar.seq, role, page_digest(call), call.one("pageToken"))}"'
    wanted = call.headers.get("if-none-match")
    if wanted is not None and wanted == etag:
        return empty_response(304)
    head: dict[str, Any] = {
        "kind": "calendar#events",
        "etag": etag,
        "summary": calendar.summary,
        "description": calendar.description,
        "updated": calendar.updated or fake.stamp(),
        "timeZone": zone,
        "accessRole": role,
        "defaultReminders": REMINDERS if role == "owner" else [],
    }
    if page.following is not None:
        call.next_page = head["nextPageToken"] = write_page_token(page.following)
        if mask is not None and "nextPageToken" not in mask:
            fake.violation("the fields of a list leave nextPageToken out")
    elif fake.switches.token_after_timemin or not any(name in call.query for name in EIGHT):
        token = SyncToken(digest(calendar.id), sync_digest(call), page.seq, int(fake.seconds()))
        head["nextSyncToken"] = write_sync_token(token)
    if call.read_fault == "lost-page":
        call.next_page = ""
        head.pop("nextPageToken", None)
        head.pop("nextSyncToken", None)
    rows = page.rows if chosen.shows_all else [row for row in page.rows if chosen.shows(row)]
    return _joined(fake, mask, fields, head, rows, zone, calendar, role, etag)


def _joined(
    fake: FakeGoogle,
    mask: Mask | None,
    fields: str,
    head: dict[str, Any],
    rows: list[Row],
    zone: str,
    calendar: Calendar,
    role: str,
    etag: str,
) -> Response:
    """Puts the texts of the rows into the answer: they are kept, since lists repeat them."""
    text = to_json(masked(mask, head))
    if mask is None or "items" in mask:
        inner = None if mask is None else mask["items"]
        items = ",".join(row_text(row, inner, fields, zone, calendar, role, fake.switches) for row in rows)
        text = f'{text[:-1]}{"," if len(text) > 2 else ""}"items":[{items}]}}'
    return Response(200, {"content-type": JSON_TYPE, "etag": etag}, text.encode())


def list_instances(fake: FakeGoogle, call: Call, calendar: Calendar, role: str) -> Response:
    """Answers events.instances: the wall time is kept over changes of the clock; at most 730."""
    master = calendar.rows.get(call.event)
    if master is None or "recurrence" not in master.resource:
        raise not_found()
    size = call.number("maxResults", 250, 1, 2500)
    deleted = bool(call.flag("showDeleted"))
    rows = [*_expanded([master], calendar), *exceptions_of(calendar, master.id)]
    rows.sort(key=lambda row: instant(row.resource["originalStartTime"], calendar.zone))
    rows = [row for row in rows if (deleted or not row.cancelled) and _in_window(row, call, calendar)]
    start = 0
    if call.one("pageToken") is not None:
        token = read_page_token(call.one("pageToken") or "")
        if token.parameters != page_digest(call):
            raise bad_request("Invalid page token value.")
        start = token.offset
    following = PageToken(digest(calendar.id), page_digest(call), 0, 0, start + size)
    fields = call.one("fields") or "*"
    zone = _zone(call, calendar)
    head = {
        "kind": "calendar#events",
        "etag": etag_of(calendar.seq),
        "summary": calendar.summary,
        "updated": calendar.updated,
        "timeZone": zone,
        "accessRole": role,
        "defaultReminders": REMINDERS,
    }
    if len(rows) > start + size:
        head["nextPageToken"] = write_page_token(following)
    cut = rows[start : start + size]
    mask = mask_of(fields, "events")
    return _joined(fake, mask, fields, head, cut, zone, calendar, role, etag_of(calendar.seq))


def _in_window(row: Row, call: Call, calendar: Calendar) -> bool:
    start = instant(row.resource["start"], calendar.zone)
    end = instant(row.resource["end"], calendar.zone)
    least, most, original = call.one("timeMin"), call.one("timeMax"), call.one("originalStart")
    if least and end <= bound(least, "timeMin"):
        return False
    if original and instant(row.resource["originalStartTime"], calendar.zone) != bound(
        original, "originalStart"
    ):
        return False
    return not (most and start >= bound(most, "timeMax"))
