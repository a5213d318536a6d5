"""What a program must not do though the server lets it."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from tests.fake_google.bodies import merge
from tests.fake_google.calls import Call
from tests.fake_google.cursors import page_digest
from tests.fake_google.messages import ApiError, Request, Response
from tests.fake_google.recurrence import flaws
from tests.fake_google.repeats import Repeats, is_daily, is_passing
from tests.fake_google.schema import CALENDAR, EVENT, RULE, unknown_fields
from tests.fake_google.times import parse_date, parse_date_time, zone_of

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

OURS = re.compile(r"evts[0-9a-v]{2}([0-9a-v]{32})")
SCRATCH = re.compile(r"evtd[0-9a-v]+")
LARGEST_BATCH = 50
MOST_GETS = 5
WRITES = ("events.insert", "events.update", "events.patch", "events.delete")
BODIES = {"events": EVENT, "calendars": CALENDAR, "acl": RULE}


class Watch:
    """Looks at every request; `found` are plain sentences, empty when all is well."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.repeats = Repeats()
        self.new_run()

    def new_run(self) -> None:
        """Forgets what counts for one run of a program only."""
        self.repeats.failures = {}
        self.gets = 0
        self.titles: list[str] = []
        self.stopped: dict[str, str] = {}  # user or credential -> why no request may follow
        self.pages: dict[str, tuple[str, int]] = {}  # calendar -> next page token, parameters

    def copy(self) -> Watch:
        twin = copy.copy(self)
        twin.found = list(self.found)
        twin.repeats = self.repeats.copy()
        twin.titles = list(self.titles)
        twin.stopped = dict(self.stopped)
        twin.pages = dict(self.pages)
        return twin

    def http(self, request: Request) -> None:
        """Looks at a whole request."""
        if "gzip" not in request.headers.get("accept-encoding", ""):
            self.found.append(f"{request.method} {request.path}: gzip is not accepted")

    def batch(self, calls: list[Call]) -> None:
        """Looks at the parts of a batch together."""
        if len(calls) > LARGEST_BATCH:
            self.found.append(f"a batch has {len(calls)} parts, more than {LARGEST_BATCH}")
        seen = set()
        for call in calls:
            id = call.event
            if call.name == "events.insert":
                try:
                    id = str(call.json().get("id", ""))
                except ApiError:
                    continue
            if call.writes_event and id:
                if (call.calendar, id) in seen:
                    self.found.append(f"a batch writes twice to {id}")
                seen.add((call.calendar, id))

    def token_request(self, credential: str, answer: Response) -> None:
        """Looks at a sign-in: after a refusal there must be no other request."""
        if credential in self.stopped:
            self.found.append(f"a token request after {self.stopped[credential]}")
        for reason in ("invalid_grant", "unauthorized_client"):
            if credential and reason.encode() in answer.body and answer.status in (400, 401):
                self.stopped[credential] = reason

    def call(self, fake: FakeGoogle, call: Call) -> None:
        """Looks at one call before it is answered."""
        for who in (call.user, call.access.credential if call.access else ""):
            if who and who in self.stopped:
                self.found.append(f"{call.method} {call.path} after {self.stopped[who]}")
        if call.name == "events.get" and not call.inner:
            self.gets += 1
            if self.gets == MOST_GETS + 1:
                self.found.append(f"more than {MOST_GETS} plain GETs of events in a run")
        if call.name == "events.list":
            self._list(call)
        if call.body and call.name:
            self._body(call)
        if call.name == "calendars.insert":
            self._calendar(fake, call)
        if call.name == "events.import":
            self.found.append("events.import was used: it has no id of ours")
        if call.name in WRITES:
            self._write(fake, call)

    def _list(self, call: Call) -> None:
        waiting = self.pages.pop(call.calendar, None)
        page = call.one("pageToken")
        if waiting is not None and page != waiting[0]:
            self.found.append("a pageToken was dropped: the list was not read to its end")
        elif waiting is not None and page_digest(call) != waiting[1]:
            self.found.append("the parameters of a list changed from one page to the next")
        if page is None and call.one("syncToken") is None and call.one("maxResults") != "2500":
            self.found.append("a full list without maxResults=2500")

    def _body(self, call: Call) -> None:
        try:
            body = call.json()
        except ApiError:
            self.found.append(f"{call.method} {call.path}: the body is not a JSON object")
            return
        for name in unknown_fields(body, BODIES[call.name.partition(".")[0]]):
            self.found.append(f"{call.method} {call.path}: unknown field {name}")

    def _calendar(self, fake: FakeGoogle, call: Call) -> None:
        title = str((call.parsed or {}).get("summary", ""))
        if fake.switches.one_calendar_per_title and title in self.titles:
            self.found.append(f"calendars.insert was sent twice for {title!r}")
        self.titles.append(title)

    def _write(self, fake: FakeGoogle, call: Call) -> None:
        what = f"{call.method} {call.event or 'insert'}"
        body: dict[str, Any] = call.parsed or {}
        if call.one("sendUpdates") != "none":
            self.found.append(f"{what}: sendUpdates is not none")
        if body.get("attendees"):
            self.found.append(f"{what}: attendees")
        if call.name == "events.insert":
            if "id" not in body:
                self.found.append("insert without an id")
        elif "if-match" not in call.headers:
            self.found.append(f"{what} without If-Match")
        if call.calendar in self.pages and fake.switches.machines == 1:
            self.found.append(f"{what}: a write after a list that was not read to its end")
        calendar = fake.store.calendars.get(call.user if call.calendar == "primary" else call.calendar)
        row = calendar.rows.get(call.event) if calendar else None
        if calendar and call.event:
            row = row or calendar.rows.get(call.event.partition("_")[0])
            owner = calendar.rows.get(row.master) if row and row.master else row
            if owner and not is_ours(owner.resource, owner.author):
                self.found.append(f"{what}: a write to a row that is not ours")
        self._recurrence(call, merge(row.resource, body) if row and call.method == "PATCH" else body)

    def _recurrence(self, call: Call, body: dict[str, Any]) -> None:
        start, lines = body.get("start"), body.get("recurrence")
        if not start or not lines or not ({"start", "recurrence"} & (call.parsed or {}).keys()):
            return
        zone = start.get("timeZone") or "UTC"
        if "date" in start:
            day = parse_date(start["date"])
            moment = None if day is None else parse_date_time(f"{day}T00:00:00")
        else:
            moment = parse_date_time(start.get("dateTime", ""))
        if moment is None or zone_of(zone) is None:
            return
        if moment.tzinfo is not None:
            moment = moment.astimezone(zone_of(zone)).replace(tzinfo=None)
        try:
            odd = flaws(moment, zone, tuple(lines))
        except ApiError:
            return
        self.found += [f"{call.method} {call.event or body.get('id', '')}: {flaw}" for flaw in odd]

    def answered(self, call: Call, answer: Response, now: float, exact: bool) -> None:
        """Looks at how a call ended, and when it was sent."""
        key = (call.method, call.path + "?" + str(sorted(call.query.items())), call.body)
        flaw = self.repeats.flaw(key, now, exact)
        if flaw:
            self.found.append(flaw)
        failed = is_passing(answer)
        self.repeats.note(key, now, failed, float(answer.headers.get("retry-after", 0)))
        if call.name == "events.list":
            page = call.one("pageToken") if failed else call.next_page
            if page:
                self.pages[call.calendar] = (page, page_digest(call))
        if call.name == "calendars.insert" and answer.status in (401, 403, 429) and self.titles:
            self.titles.pop()  # refused before anything was made
        if is_daily(answer) and call.user:
            self.stopped.setdefault(call.user, "quotaExceeded")


def is_ours(resource: dict[str, Any], author: str) -> bool:
    """Says whether a row is one that a program made and marked."""
    if author != "client":
        return False
    if SCRATCH.fullmatch(resource["id"]):
        return True
    private = resource.get("extendedProperties", {}).get("private", {})
    match = OURS.fullmatch(resource["id"])
    return match is not None and private.get("ref") == match[1] and bool(private.get("src"))
