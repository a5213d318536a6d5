"""One calendar in one run: it is read, planned and written, and every answer of Google's is met."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google import planned as planning
from iopcal.targets.google.api import UNKNOWN, UNREACHED, Answer, Api, Json, Write
from iopcal.targets.google.body import Item
from iopcal.targets.google.cache import Known
from iopcal.targets.google.decision import Rule
from iopcal.targets.google.identity import Owner
from iopcal.targets.google.pace import MOST_REPEATS, Pace
from iopcal.targets.google.planned import Planned
from iopcal.targets.google.rows import EMPTY, Rows, merged

_MOST_PAGES = 1000
_WRITERS = ("writer", "owner", "")
RATE = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})


class Halt(Exception):
    """Raised when nothing more can be done in a calendar in this run.

    `why` is one of: network, busy, time, quota (try later); denied, gone, reader, forbidden (ask a person).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def later(self) -> bool:
        """Whether time alone may mend it."""
        return self.why in ("network", "busy", "time", "quota")


class Task(NamedTuple):
    """One feed and the calendar it goes to."""

    feed: str  # as people name it: riverbend-evening/program
    calendar: str  # id
    owner: Owner
    items: tuple[Item, ...]


class Keeper:
    """Reads, plans and writes one calendar. `save` is called with all that is known after each step."""

    def __init__(
        self, api: Api, task: Task, known: Known, pace: Pace, save: Callable[[Known], object]
    ) -> None:
        self.api, self.task, self.known = api, task, known
        self.pace, self._save = pace, save
        self.requests = self.calls = 0
        self.title = ""  # of the calendar, as Google says it
        self.vanished = False  # a whole reading showed nothing of what we had written there
        self.refs = frozenset(item.ref for item in task.items)

    def plan(self, rule: Rule) -> Planned:
        """Returns what would be done by what was read last."""
        return planning.plan(self.task.items, self.known.rows, rule)

    def read(self, *, whole: bool = False) -> None:
        """Reads the calendar, or with a sync token what changed since. Raises Halt, Denied.

        A whole reading that shows nothing though something of ours was known is made twice.
        """
        before = self.known.rows
        token = "" if whole else self.known.token
        found = self._pages(token) if token else None
        if found is not None:
            self.remember(merged(before, found[0], self.task.owner, self.refs), found[1])
            return
        for _ in range(2 if before.own else 1):
            resources, token = self._whole()
            rows = merged(EMPTY._replace(own=before.own), resources, self.task.owner, self.refs)
            listed = {resource.get("id") for resource in resources}
            rows = rows._replace(own={name: row for name, row in rows.own.items() if name in listed})
            if rows.own or not before.own:
                self.remember(rows, token)
                return
        self.vanished = True  # not saved: the next run must see it, too
        self.known = self.known._replace(rows=rows, token=token)

    def _whole(self) -> tuple[list[Json], str]:
        found = self._pages("")
        if found is None:
            raise Halt("busy")
        return found

    def remember(self, rows: Rows, token: str | None = None) -> None:
        """Keeps what is known now, here and in the cache."""
        self.known = self.known._replace(rows=rows, token=self.known.token if token is None else token)
        self._save(self.known)

    def _pages(self, token: str) -> tuple[list[Json], str] | None:
        """Returns all rows and the next sync token; None when Google no longer knows the token given."""
        resources: list[Json] = []
        page = ""
        for _ in range(_MOST_PAGES):
            answer = self._page(token, page)
            if answer is None:
                return None
            self.title = str(answer.body.get("summary", ""))
            if str(answer.body.get("accessRole", "")) not in _WRITERS:
                raise Halt("reader")
            resources += answer.body["items"]
            page = str(answer.body.get("nextPageToken") or "")
            if not page:
                return resources, str(answer.body["nextSyncToken"])
        raise Halt("busy")

    def _page(self, token: str, page: str) -> Answer | None:
        """Asks for one page until there is one."""
        for repeat in range(MOST_REPEATS + 1):
            answer = self.ask(1, lambda: self.api.events(self.task.calendar, token=token, page=page))
            if answer.ok and _is_page(answer.body):
                return answer
            if answer.status == 410 or (answer.status == 400 and token):
                return None
            if answer.status == 404:
                raise Halt("gone")
            if not (answer.ok or is_passing(answer)):
                raise Halt(self.hopeless(answer) or "forbidden")
            self.wait(answer, repeat)
        raise Halt("busy")

    def ask(self, units: int, request: Callable[[], Answer]) -> Answer:
        """Sends one request, in time and counted."""
        self.pace.spend(units)
        self.requests += 1
        self.calls += 1
        return request()

    def send(self, writes: Sequence[Write]) -> tuple[Answer, ...]:
        """Sends writes in one request, in time and counted."""
        self.pace.spend(sum(3 if write.verb == "patch" else 1 for write in writes))
        self.requests += 1
        self.calls += len(writes)
        return self.api.write(self.task.calendar, writes)

    def wait(self, answer: Answer, repeat: int) -> None:
        """Waits before a repeat; raises Halt when it would be one too many, or time is up."""
        if answer.status == UNREACHED and repeat >= 2:
            raise Halt("network")
        if repeat >= MOST_REPEATS:
            raise Halt("busy")
        if not self.pace.wait(repeat, answer.retry_after):
            raise Halt("time")

    def get(self, ids: Sequence[str]) -> tuple[Answer, ...]:
        """Asks for single events, again until the request itself is answered; raises Halt."""
        for repeat in range(MOST_REPEATS + 1):
            self.pace.spend(len(ids))
            self.requests += 1
            self.calls += len(ids)
            answers = self.api.read(self.task.calendar, ids)
            for why in filter(None, map(self.hopeless, answers)):
                raise Halt(why)
            passing = [answer for answer in answers if is_passing(answer)]
            if not passing:
                return answers
            self.wait(passing[0], repeat)
        raise Halt("busy")

    def hopeless(self, answer: Answer, write: Write | None = None) -> str:
        """Says why an answer ends all work in this calendar in this run; '' when it does not."""
        if answer.reason in SPENT:
            return "quota"
        if answer.status == 403 and answer.reason in _FORBIDDEN:
            return "forbidden"
        return "gone" if answer.status == 404 and write is not None and write.verb == "insert" else ""


_FORBIDDEN = frozenset({"insufficientPermissions", "requiredAccessLevel", "accessNotConfigured", "forbidden"})


def is_passing(answer: Answer) -> bool:
    """Says whether the same operation may well be done a little later."""
    return answer.status in (UNKNOWN, UNREACHED, 429, 500, 502, 503, 504) or (
        answer.status == 403 and answer.reason in RATE
    )


def _is_page(body: Json) -> bool:
    """Says whether a list has its rows and either token: one without is half an answer."""
    tokens = (body.get("nextPageToken"), body.get("nextSyncToken"))
    return isinstance(body.get("items"), list) and any(isinstance(token, str) and token for token in tokens)
