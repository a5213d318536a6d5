"""Whatever goes wrong at whatever request, the next run sets it right: nothing twice, nothing lost."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from iopcal.problems import Exit
from tests.fake_google import Killed
from tests.google_world import (
    LIKELY,
    MIDST,
    ODD,
    ODDER,
    SINGLY,
    Shown,
    Worlds,
    evening,
    go_to,
    meant,
    merged,
    shown,
)
from tests.keeping import Keeping, Memory
from tests.rings import at_length

WHOLE = (
    *("429", "403:rateLimitExceeded", "403:userRateLimitExceeded", "403:quotaExceeded"),
    *("500", "502-html", "503", "lost-before", "reset-before"),
    *("503-after", "lost", "reset", "truncate", "slow:31", "not-json"),
)
INNER = (
    *("429", "403:rateLimitExceeded", "403:quotaExceeded", "500", "503"),
    *("404:notFound", "409:conflict", "409:duplicate", "412:conditionNotMet", "403:forbiddenForNonOrganizer"),
)
ENDS = {  # how a run may end if it meets such an answer
    "403:quotaExceeded": Exit.LATER,
    "404:notFound": Exit.CREDENTIALS,
    "403:forbiddenForNonOrganizer": Exit.PARTLY,
}
PARTS = ("inner-missing", "inner-missing-unapplied", "inner-conflict")
READS = (
    "expire-token",
    "acl-change",
    "empty-list",
    "stale-list:1",
    "stale-list:3",
    "stale-list:9",
    "lost-page",
)
KILLS = ("kill-before", "kill-after")
HOURS = 3  # after which a quota that was used up is given anew; no session begins meanwhile
KINDS = (LIKELY, {"normalise_extra": True}, {"collision_missed": True}, ODD, ODDER, *SINGLY)
REQUESTS = range(1, 7)  # twice as many as any of these runs takes without a fault


class Case:
    """A calendar just before a run that has something to do, and what it shall show afterwards."""

    def __init__(self, keeping: Keeping, others: dict[str, Any], wanted: Shown) -> None:
        self.keeping, self.others, self.wanted = keeping, others, wanted

    def copy(self) -> Case:
        """Returns the same, which goes its own way."""
        twin = copy.copy(self.keeping)
        twin.fake = self.keeping.fake.copy()
        twin.state = Memory()
        twin.state.files = dict(self.keeping.state.files)
        return Case(twin, self.others, self.wanted)

    def fault(self, kind: Any, request: int, **match: Any) -> None:
        """Lets something go wrong at a request from now on, from 1."""
        fake = self.keeping.fake
        fake.fault(kind, {"request": fake.requests + request, **match})

    def is_right(self) -> bool:
        """Says whether the calendar shows what it shall."""
        return shown(self.keeping.fake, self.keeping.calendar) == self.wanted

    def run(self, cached: bool = True) -> Exit | None:
        """Makes a run, perhaps with the cache lost before; None: it was killed."""
        if not cached:
            self.keeping.state.files.clear()
        try:
            return self.keeping.run().exit
        except Killed:
            return None

    def converges(self, faulty: Exit | None, cached: bool = True) -> None:
        """Looks whether the next run sets right what a faulty one left, and the one after does nothing."""
        fake = self.keeping.fake
        assert fake.violations == []
        if faulty is Exit.DONE:
            assert self.is_right(), "0 only if everything was done"
        fake.faults.rules.clear()
        fake.advance(HOURS * 3600)  # a limit that sticks is over
        assert self.run(cached) is Exit.DONE
        assert self.is_right()
        writes = len(fake.writes)
        assert self.run() is Exit.DONE
        assert self.run(cached=False) is Exit.DONE
        assert len(fake.writes) == writes
        assert fake.live(self.keeping.calendar).items() >= self.others.items()
        assert fake.violations == []


ADDITION = '{{add: {}, on: 2027-02-{}, at: "12:00", minutes: 45}}'


@cache
def first_push(kind: int = 0) -> Case:
    """Three events to push, to a Google of some kind."""
    worlds = Worlds(KINDS[kind])
    text = evening(
        phases=["{name: Intensive, weeks: 6, days: [mon, wed]}"],
        sessions=["{name: Process group, minutes: 60}"],
        changes=[ADDITION.format("Alumni dinner", 16)],
    )
    keeping = worlds.empty(text, quota_hours=HOURS - 1)
    return Case(keeping, worlds.made[0][2], meant(text))


@cache
def update(kind: int = 0) -> Case:
    """In mid-course: one to add, two to remove, two to patch, two to close and open."""
    worlds = Worlds(KINDS[kind])
    process, skills = "{name: Process group, minutes: 60}", "{name: Skills group, minutes: 60}"
    late = '{name: Skills group, minutes: 60, at: "19:00"}'
    keeping = worlds.filled(
        evening(
            sessions=[process, skills],
            changes=[ADDITION.format("Alumni dinner", 16), ADDITION.format("Family day", 18)],
        ),
        quota_hours=HOURS - 1,
    )
    go_to(keeping.fake, MIDST)
    was = shown(keeping.fake, keeping.calendar)
    keeping.text = evening(
        sessions=[process, late],
        changes=[
            ADDITION.format("Open house", 19),
            "{session: Process group, on: 2027-02-15, cancel: true}",
            "{session: Process group, on: 2027-02-17, cancel: true}",
        ],
    )
    return Case(keeping, worlds.made[0][2], merged(was, meant(keeping.text), MIDST))


CASES: dict[str, Callable[..., Case]] = {"first push": first_push, "update": update}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Iterator[Callable[[], Case]]:
    """Makes calendars that are about to be pushed to for the first time, or brought up to date."""
    yield lambda: CASES[request.param]().copy()


def test_without_faults_these_runs_do_what_they_are_said_to_do() -> None:
    for make, requests, writes in ((first_push, 2, 3), (update, 3, 11)):
        case = make().copy()
        fake = case.keeping.fake
        before = fake.requests, len(fake.writes)
        assert case.run() is Exit.DONE
        assert (fake.requests - before[0], len(fake.writes) - before[1]) == (requests, writes)
        case.converges(Exit.DONE)


@pytest.mark.parametrize("request_number", REQUESTS)
@pytest.mark.parametrize("kind", WHOLE)
def test_a_fault_of_a_whole_request(case: Callable[[], Case], kind: str, request_number: int) -> None:
    made = case()
    made.fault(kind, request_number)
    faulty = made.run()
    assert faulty is (Exit.LATER if fell(made, kind) and kind.endswith("quotaExceeded") else Exit.DONE)
    made.converges(faulty)


def fell(case: Case, kind: str) -> bool:
    """Says whether a fault has happened."""
    return any(rule.kind == kind and rule.left <= 0 for rule in case.keeping.fake.faults.rules)


@pytest.mark.parametrize("kind", [*INNER, *PARTS])
def test_a_fault_of_a_part_of_a_batch(case: Callable[[], Case], kind: str) -> None:
    # That an event is not there is all that a delete asks for: such an answer is believed.
    for request in (2,) if kind == "404:notFound" else (2, 3):
        for part in range(9):
            made = case()
            if part >= 3 and not made.keeping.fake.writes:
                break  # the first push has three parts
            if kind in PARTS:
                made.fault(kind, request, inner_index=part)
            else:
                made.fault({"inner": {part: kind}}, request)
            faulty = made.run()
            assert faulty in (Exit.DONE, ENDS.get(kind, Exit.DONE))
            made.converges(faulty)


@pytest.mark.parametrize("kind", [*WHOLE, *PARTS])
@pytest.mark.parametrize("of_google", [1, 2], ids=["titles get a full stop", "collisions are missed"])
@pytest.mark.parametrize("name", CASES)
def test_a_fault_where_google_is_odd(name: str, of_google: int, kind: str) -> None:
    made = CASES[name](of_google).copy()
    made.fault(kind, 2)
    made.converges(made.run())


@pytest.mark.long
@pytest.mark.parametrize("of_google", range(3, len(KINDS)))
@pytest.mark.parametrize("name", CASES)
def test_every_fault_where_google_is_odd(name: str, of_google: int, figure: Callable[[object], None]) -> None:
    # What a program cannot have read, the fake thinks it has: the next page, a Retry-After that got lost.
    paged, patient = "page_cap" in KINDS[of_google], "retry_after" in KINDS[of_google]
    unread = (*(("slow:31", "not-json") if paged else ()), *(("inner-missing",) if patient else ()))
    kinds = [kind for kind in (*WHOLE, *PARTS) if kind not in unread]
    for kind in kinds:
        for request in range(1, 12 if paged else 6):
            made = CASES[name](of_google).copy()
            made.fault(kind, request)
            made.converges(made.run())
    figure(f"faults where Google is odd: {len(WHOLE) + len(PARTS)} kinds in {len(KINDS) - 3} worlds")


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
@pytest.mark.parametrize("kind", READS)
def test_a_list_that_is_not_as_it_should_be(case: Callable[[], Case], kind: str, cached: bool) -> None:
    for request in REQUESTS:
        made = case()
        made.fault(kind, request)
        faulty = made.run(cached)
        lied = not cached and kind.startswith(("empty", "stale"))  # of what it hid, nothing was known
        made.converges(None if lied else faulty)


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
@pytest.mark.parametrize("kind", KILLS)
def test_a_run_that_is_killed(case: Callable[[], Case], kind: str, cached: bool) -> None:
    killed = 0
    for request in REQUESTS:
        made = case()
        made.fault(kind, request)
        faulty = made.run()
        killed += faulty is None
        made.converges(faulty, cached)
    assert killed >= 2


@pytest.mark.long
@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
@pytest.mark.parametrize("second", at_length([*KILLS, *WHOLE]))
@pytest.mark.parametrize("first", [*KILLS, "lost", "503-after", "403:quotaExceeded"])
def test_two_faults_in_a_row(
    case: Callable[[], Case], first: str, second: str, cached: bool, figure: Callable[[object], None]
) -> None:
    count = 0
    for one in range(1, 5):
        for two in range(1, 5):
            made = case()
            made.fault(first, one)
            faulty = made.run()
            if faulty is Exit.LATER:
                made.keeping.fake.advance(HOURS * 3600)
            made.fault(second, two)
            made.converges(made.run(cached), cached)
            count += 1
    figure(f"two faults in a row: {count} pairs of requests for each pair of kinds")


@pytest.mark.parametrize("step", [50])
def test_a_cache_that_is_cut_is_as_good_as_none(case: Callable[[], Case], step: int) -> None:
    cut_everywhere(case, step)


@pytest.mark.long
def test_a_cache_that_is_cut_at_any_byte_is_as_good_as_none(case: Callable[[], Case]) -> None:
    cut_everywhere(case, 1)


def cut_everywhere(case: Callable[[], Case], step: int) -> None:
    """Cuts the cache at every so many bytes; the next run must read the calendar whole and find it right."""
    whole = case()
    assert whole.run() is Exit.DONE
    ((name, data),) = whole.keeping.state.files.items()
    for length in range(0, len(data), step):
        cut = whole.copy()
        fake = cut.keeping.fake
        cut.keeping.state.files[name] = data[:length]
        before = fake.requests, len(fake.writes)
        assert cut.run() is Exit.DONE
        assert (fake.requests, len(fake.writes)) == (before[0] + 1, before[1])
        assert "syncToken" not in fake.log[-1].query
        assert fake.violations == []
