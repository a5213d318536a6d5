"""Two machines keep one calendar at the same time: nothing is there twice, nothing is lost."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress

import pytest

from iopcal.model.sync import Guard
from iopcal.problems import Exit
from tests.fake_google import Killed
from tests.google_world import FEW, MIDST, Worlds, done, evening, go_to, meant, merged, settles, shown
from tests.keeping import Keeping, Memory

REQUESTS = range(1, 7)


# What only one machine can know: how Google stored what it sent, who deleted a tombstone that tells nothing.
KNOWN_TO_ONE = ("normalise_extra", "bare_tombstones")


@pytest.fixture(params=FEW)
def worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Calendars in fakes of one kind after the other; at the end no fake may have seen a violation."""
    made = Worlds({name: value for name, value in request.param.items() if name not in KNOWN_TO_ONE})
    yield made
    made.end()


def other(keeping: Keeping, text: str | None = None) -> Keeping:
    """Returns another machine with the same files, or with other ones, and a cache of its own."""
    twin = copy.copy(keeping)
    twin.state = Memory()
    twin.text = text or keeping.text
    return twin


def at_once(first: Keeping, second: Keeping, request: int, *, after: bool) -> list[Exit]:
    """Lets a second machine make its whole run at one request of the first; returns how they ended."""
    fake = first.fake
    ends: list[Exit] = []

    def act() -> None:
        ends.append(second.run().exit)

    (fake.after if after else fake.before)(fake.requests + request, act)
    ends.append(first.run().exit)
    fake.actions.clear()
    return ends


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("request_number", REQUESTS)
def test_two_machines_that_push_first_at_once_make_no_double(
    worlds: Worlds, request_number: int, after: bool
) -> None:
    first = worlds.empty(evening(), machines=2)
    ends = at_once(first, other(first), request_number, after=after)
    assert set(ends) == {Exit.DONE}
    assert shown(first.fake, first.calendar) == meant(evening())
    settles(first)


CHANGE = evening(
    sessions=["{name: Process group, minutes: 60}", '{name: Skills group, minutes: 60, at: "19:00"}'],
    changes=[
        '{add: Open house, on: 2027-02-19, at: "12:00", minutes: 45}',
        "{session: Process group, on: 2027-02-15, cancel: true}",
    ],
)


@pytest.mark.parametrize("cached", [True, False], ids=["with caches", "without"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("request_number", REQUESTS)
def test_two_machines_that_bring_a_change_at_once_make_no_double(
    worlds: Worlds, request_number: int, after: bool, cached: bool
) -> None:
    first = worlds.filled(machines=2)
    second = other(first)
    done(second.run())
    go_to(first.fake, MIDST)
    for machine in (first, second):
        machine.text = CHANGE
        if not cached:
            machine.state.files.clear()
    ends = at_once(first, second, request_number, after=after)
    assert set(ends) == {Exit.DONE}
    assert shown(first.fake, first.calendar) == merged(meant(evening()), meant(CHANGE), MIDST)
    settles(first)
    settles(second)


@pytest.mark.parametrize("request_number", REQUESTS)
def test_a_machine_with_older_files_makes_no_double_and_no_false_report(
    worlds: Worlds, request_number: int
) -> None:
    """They undo each other; what one wrote is never taken for a hand's work by the other."""
    first = worlds.filled(machines=2)
    second = other(first)
    done(second.run())
    first.guard = second.guard = Guard(removed=100)
    go_to(first.fake, MIDST)
    first.text = CHANGE
    ends = at_once(first, second, request_number, after=False)
    assert set(ends) <= {Exit.DONE, Exit.PARTLY}
    done(first.run())
    assert shown(first.fake, first.calendar) == merged(meant(evening()), meant(CHANGE), MIDST)
    for machine in (second, first, second, first):
        done(machine.run())
        was, wanted = meant(evening()), meant(machine.text)
        assert shown(first.fake, first.calendar) == merged(was, wanted, first.fake.now())


def test_a_machine_that_was_killed_is_helped_out_by_the_other(worlds: Worlds) -> None:
    for request in REQUESTS:
        for kind in ("kill-before", "kill-after"):
            first = worlds.filled(machines=2)
            second = other(first)
            done(second.run())
            go_to(first.fake, MIDST)
            first.text = second.text = CHANGE
            first.fake.fault(kind, {"request": first.fake.requests + request})
            with suppress(Killed):
                first.run()
            first.fake.faults.rules.clear()
            done(second.run())
            assert shown(first.fake, first.calendar) == merged(meant(evening()), meant(CHANGE), MIDST)
            settles(first)
