"""The fake Google Calendar: its state, its clock and the one door for requests."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from tests.fake_google.clock import Clock, stamp
from tests.fake_google.credentials import Credentials
from tests.fake_google.faults import Faults
from tests.fake_google.handling import Record, handle, written_calendars
from tests.fake_google.in_process import Http
from tests.fake_google.messages import Request, Response
from tests.fake_google.people import People
from tests.fake_google.quota import Quota
from tests.fake_google.server import Server
from tests.fake_google.snapshots import Snapshots
from tests.fake_google.state import Calendar, Resource, Row, Store, etag_of
from tests.fake_google.switches import Switches
from tests.fake_google.tokens import Tokens
from tests.fake_google.views import in_zone
from tests.fake_google.violations import Watch

START = datetime(2027, 2, 10, 6, 0, tzinfo=UTC)
DIGITS = "0123456789abcdefghijklmnopqrstuv"


class FakeGoogle(Credentials, Snapshots):
    """A strict Google Calendar in memory.

    seed: of the order of parts and of the ids that the server chooses.
    now: where its clock begins.
    wait_scale: by how much the programs that talk to it shorten their waits.
    switches: see `Switches`.
    """

    def __init__(
        self,
        seed: int = 0,
        now: datetime = START,
        zone: str = "America/Chicago",
        wait_scale: float = 1.0,
        **switches: Any,
    ) -> None:
        self.seed = seed
        self.zone = zone  # of primary calendars
        self.switches = Switches(**switches)
        self.clock = Clock(now, wait_scale)
        self.store = Store()
        self.tokens = Tokens()
        self.quota = Quota()
        self.faults = Faults()
        self.watch = Watch()
        self.random = random.Random(seed)
        self.people = People(self)
        self.log: list[Record] = []
        self.writes: list[tuple[str, str, str]] = []
        self.canaries: frozenset[str] = frozenset()
        self.requests = 0  # HTTP requests to the Calendar API; a batch is one
        self.token_requests = 0
        self.consent: Any = "all"  # on the login page: "all", "deny" or the scopes that are allowed
        self.victim: Callable[[], None] | None = None  # ends the program that talks to us
        self.actions: dict[tuple[str, int], list[Callable[[], Any]]] = {}
        self.lock = threading.RLock()
        self.server: Server | None = None
        self.in_flight: dict[str, int] = {}

    def __enter__(self) -> FakeGoogle:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the socket server, if it runs."""
        if self.server is not None:
            self.server.close()
            self.server = None

    # Ways in

    @property
    def root(self) -> str:
        """The address of the socket server, which begins now; wall time counts from then on."""
        if self.server is None:
            self.server = Server(self)
            self.clock.run()
        return self.server.root

    @property
    def token_uri(self) -> str:
        """The token endpoint, empty while no server runs."""
        return f"{self.server.root}token" if self.server else ""

    def http(self, timeout: float = 30.0) -> Http:
        """Returns an object like `httplib2.Http` that calls the fake without sockets."""
        return Http(self, timeout)

    def handle(self, request: Request) -> Response:
        """Answers one request."""
        if self.server is None:
            return handle(self, request)
        calendars = written_calendars(request)
        with self.lock:
            for id in calendars:
                self.in_flight[id] = self.in_flight.get(id, 0) + 1
                if self.in_flight[id] > self.switches.machines:
                    self.violation("two writes to a calendar were in flight at once")
        try:
            self.server.wait(self.switches.latency)
            with self.lock:
                return handle(self, request)
        finally:
            with self.lock:
                for id in calendars:
                    self.in_flight[id] -= 1

    # Time

    def now(self) -> datetime:
        """Returns the time in UTC."""
        return self.clock.now()

    def seconds(self) -> float:
        """Returns the seconds since the fake began."""
        return self.clock.advanced + self.clock.elapsed()

    def ticks(self) -> float:
        """Returns the seconds that count for limits and waits."""
        return self.clock.ticks()

    def stamp(self) -> str:
        """Returns the time as `updated` has it."""
        return stamp(self.clock.now())

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.clock.advanced += seconds

    def sleep(self, seconds: float) -> None:
        """Stands in for `time.sleep`."""
        self.advance(seconds)

    # What tests set up and look at

    def calendar(
        self,
        summary: str = "Calendar",
        time_zone: str = "America/Chicago",
        owner: str = "coordinator@example.org",
        id: str | None = None,
        made_by_client: bool = False,
    ) -> str:
        """Makes a calendar and returns its id."""
        id = id or f"c_{self.random.getrandbits(256):064x}@group.calendar.google.com"
        self.store.seq += 1
        calendar = Calendar(id, summary, time_zone, owner, made_by_client, self.store.seq)
        calendar.updated = self.stamp()
        self.store.calendars[id] = calendar
        return id

    def events(self, calendar: str) -> dict[str, Resource]:
        """Returns every row of a calendar as it is stored, tombstones too."""
        return {id: deepcopy(row.resource) for id, row in self.store.calendars[calendar].rows.items()}

    def live(self, calendar: str) -> dict[str, Resource]:
        """Returns the rows of a calendar that are not cancelled."""
        return {id: row for id, row in self.events(calendar).items() if row["status"] != "cancelled"}

    def share(self, calendar: str, user: str, role: str) -> None:
        """Shares a calendar (role `none` ends it); its sync tokens are refused from now on."""
        self.store.calendars[calendar].acl[user] = role
        self.end_sync_tokens(calendar)

    def end_sync_tokens(self, calendar: str) -> None:
        """Refuses the sync tokens that a calendar has given."""
        where = self.store.calendars[calendar]
        where.min_seq = self.store.touch(where)

    def purge_tombstones(self, age: float = 0.0, calendar: str | None = None) -> None:
        """Takes tombstones that are older than `age` seconds away; their ids stay used."""
        for where in self.store.calendars.values():
            if calendar not in (None, where.id):
                continue
            old = [r for r in where.rows.values() if r.cancelled and self.seconds() - r.written >= age]
            for row in old:
                del where.rows[row.id]
                where.min_seq = max(where.min_seq, row.seq)
            where.buried |= {row.id for row in old}

    def set_zone(self, calendar: Calendar, zone: str) -> None:
        """Gives a calendar another time zone: all its times are shown with other offsets."""
        calendar.zone = zone
        for row in calendar.rows.values():
            row.resource = in_zone(row.resource, zone)
            row.texts = {}

    def fault(self, kind: Any, match: dict[str, Any] | None = None, times: float = 1) -> None:
        """Lets something go wrong; `match`: method, path_re, nth, inner_index, times, request."""
        self.faults.add(kind, match, times)

    def before(self, number: int, action: Callable[[], Any]) -> None:
        """Lets somebody act just before the request with a number, from 1."""
        self.actions.setdefault(("before", number), []).append(action)

    def after(self, number: int, action: Callable[[], Any]) -> None:
        """Lets somebody act just after the request with a number was applied."""
        self.actions.setdefault(("after", number), []).append(action)

    @property
    def violations(self) -> list[str]:
        """What a program did that it must not, in plain sentences."""
        return self.watch.found

    def violation(self, text: str) -> None:
        """Notes that a program did what it must not."""
        self.watch.found.append(text)

    def new_run(self) -> None:
        """Says that another run of the program begins."""
        self.watch.new_run()

    def check_output(self, text: str) -> None:
        """Notes tokens, calendar ids and texts of other people in what a program printed."""
        for word in sorted({*self.secrets(), *self.store.calendars, *self.canaries}):
            if word and word in text:
                self.violation(f"the output holds {word[:12]!r}...")

    def copy(self) -> FakeGoogle:
        """Returns a fake that knows the same and goes its own way."""
        twin = FakeGoogle(self.seed, self.clock.start, self.zone, self.clock.wait_scale)
        twin.switches, twin.consent = self.switches, self.consent
        twin.restore(self.snapshot())
        return twin

    # Used by the parts of the fake

    def new_id(self) -> str:
        """Returns an id as Google makes them."""
        return "".join(self.random.choices(DIGITS, k=26))

    def applied(self, verb: str, calendar: str, event: str) -> None:
        """Notes a write that the program made."""
        self.writes.append((verb, calendar, event))

    def put(self, calendar: Calendar, resource: Resource, author: str = "") -> Row:
        """Stores a row."""
        return self.store.put(calendar, resource, self.stamp(), self.seconds(), author)

    def store_new(
        self,
        calendar: Calendar,
        id: str,
        settled: Resource,
        user: str,
        author: str,
        organizer: dict[str, Any] | None = None,
        master: Row | None = None,
    ) -> Row:
        """Stores a row that nobody stored before, with the fields that the server sets."""
        now = self.stamp()
        own = {"email": calendar.id, "displayName": calendar.summary, "self": True}
        made = {
            "kind": "calendar#event",
            "etag": etag_of(0),
            "id": id,
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={id}",
            "created": now,
            "creator": {"email": user},
            "organizer": own if organizer is None else organizer | {"self": False},
            "iCalUID": f"{id}@google.com",
            "sequence": 0,
            "eventType": "default",
        }
        made |= settled
        made["id"], made["updated"] = id, now
        return self.put(calendar, made, master.author if master else author)
