"""What people change by hand in a Google calendar stays and is told, until somebody says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from iopcal.model.sync import Guard
from iopcal.problems import Exit
from tests.google_world import (
    AFTER,
    BEFORE,
    FEW,
    LIKELIEST,
    MIDST,
    Shown,
    Worlds,
    at,
    done,
    evening,
    event,
    go_to,
    hands,
    meant,
    merged,
    ref,
    settles,
    shown,
)
from tests.keeping import Keeping


@pytest.fixture(params=FEW)
def worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Calendars in fakes of one kind after the other; at the end no fake may have seen a violation."""
    made = Worlds(request.param)
    yield made
    made.end()


@pytest.fixture(params=LIKELIEST)
def likely_worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """The same, but by default of the likeliest kind alone."""
    made = Worlds(request.param)
    yield made
    made.end()


Deed = Callable[[Keeping, str], Any]  # to the Monday series of the process group, by its id

DEEDS: dict[str, tuple[str, Deed]] = {
    "place": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, location="Room 5")),
    "title": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, summary="Process Group")),
    "description": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, description=None)),
    "time": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, **span("2027-02-01T18:30"))),
    "length": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, **span("2027-02-01T17:30", 90))),
    "day": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, **tuesdays())),
    "end of the series": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, **until("20270225"))),
    "rule of their own": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, **count(5))),
    "more dates": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, **more_dates())),
    "busy or free": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, transparency="transparent")),
    "visibility": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, visibility="private")),
    "tentative": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, status="tentative")),
    "whole day": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, **whole_day())),
    "no series": ("changed", lambda k, id: k.fake.people.edit(k.calendar, id, recurrence=None)),
    "deleted": ("deleted", lambda k, id: k.fake.people.delete(k.calendar, id)),
    "one moved": ("moved", lambda k, id: k.fake.people.move_instance(k.calendar, id, "2027-02-15T17:30:00")),
    "one moved to another day": (
        "moved",
        lambda k, id: k.fake.people.move_instance(k.calendar, id, "2027-02-15T17:30:00", timedelta(days=1)),
    ),
    "one longer": (
        "changed",
        lambda k, id: k.fake.people.edit(
            k.calendar, k.fake.people.instance(k.calendar, id, 2), end=span("2027-02-15T17:30", 90)["end"]
        ),
    ),
    "one with another title": (
        "changed",
        lambda k, id: k.fake.people.edit(
            k.calendar, k.fake.people.instance(k.calendar, id, 2), summary="With guests"
        ),
    ),
    "one cancelled": (
        "cancelled",
        lambda k, id: k.fake.people.cancel_instance(k.calendar, id, "2027-02-15T17:30:00"),
    ),
}
ON_THE_SERIES = [
    name for name, (what, _) in DEEDS.items() if what in ("changed", "deleted") and "one" not in name
]
ON_ONE = [name for name in DEEDS if name not in ON_THE_SERIES]


def span(start: str, minutes: int = 60) -> dict[str, Any]:
    """Returns start and end of an event in Chicago."""
    begin = datetime.fromisoformat(start)
    moments = {"start": begin, "end": begin + timedelta(minutes=minutes)}
    return {
        name: {"date": None, "dateTime": moment.isoformat(), "timeZone": "America/Chicago"}
        for name, moment in moments.items()
    }


def tuesdays() -> dict[str, Any]:
    return {**span("2027-02-02T17:30"), "recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270312T000000Z;BYDAY=TU"]}


def until(day: str) -> dict[str, Any]:
    return {"recurrence": [f"RRULE:FREQ=WEEKLY;UNTIL={day}T000000Z;BYDAY=MO"]}


def count(number: int) -> dict[str, Any]:
    return {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={number};BYDAY=MO"]}


def more_dates() -> dict[str, Any]:
    dates = "RDATE;TZID=America/Chicago:20270205T120000,20270220T120000"
    return {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270309T000000Z;BYDAY=MO", dates]}


def whole_day() -> dict[str, Any]:
    return {
        "start": {"date": "2027-02-01", "dateTime": None, "timeZone": None},
        "end": {"date": "2027-02-02", "dateTime": None, "timeZone": None},
        "recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270308;BYDAY=MO"],
    }


def mondays(moment: datetime, of: Shown) -> Shown:
    """Returns the process groups on Mondays that begin after a moment."""
    return [each for each in of if each[0] > moment and each[2] == "Process group" and each[0].weekday() == 0]


@pytest.mark.parametrize("deed", DEEDS)
def test_what_people_did_is_told_and_left_alone_until_it_is_taken_back(worlds: Worlds, deed: str) -> None:
    keeping = worlds.filled()
    what, act = DEEDS[deed]
    id = event(keeping, "Process group", 0)
    act(keeping, id)
    seen = shown(keeping.fake, keeping.calendar)
    settles(keeping, Exit.LEFT_ALONE)
    assert hands(keeping.run()) == [(ref(id), what)]
    assert shown(keeping.fake, keeping.calendar) == seen
    done(keeping.run(take_back=frozenset({ref(id)[:6]})))
    assert shown(keeping.fake, keeping.calendar) == meant(evening())
    settles(keeping)


@pytest.mark.parametrize("deed", DEEDS)
def test_what_people_did_is_taken_back_in_mid_course_and_the_past_stays(
    likely_worlds: Worlds, deed: str
) -> None:
    keeping = likely_worlds.filled()
    what, act = DEEDS[deed]
    id = event(keeping, "Process group", 0)
    act(keeping, id)
    go_to(keeping.fake, MIDST)
    keeping.state.files.clear()
    assert hands(keeping.run()) == [(ref(id), what)]
    seen = shown(keeping.fake, keeping.calendar)
    done(keeping.run(take_back=None))
    assert shown(keeping.fake, keeping.calendar) == merged(seen, meant(evening()), MIDST)
    settles(keeping)


@pytest.mark.parametrize("deed", ON_THE_SERIES)
@pytest.mark.parametrize("now", [BEFORE, MIDST], ids=["before", "in mid-course"])
def test_a_change_of_the_program_leaves_what_people_changed_alone(
    likely_worlds: Worlds, deed: str, now: datetime
) -> None:
    keeping = likely_worlds.filled()
    id = event(keeping, "Process group", 0)
    DEEDS[deed][1](keeping, id)
    go_to(keeping.fake, now)
    theirs = mondays(now, shown(keeping.fake, keeping.calendar))
    before = keeping.fake.events(keeping.calendar)[id]
    was = shown(keeping.fake, keeping.calendar)
    keeping.text = evening(day_starts='"16:00"')
    result = keeping.run()
    assert (result.exit, [hand for hand, _ in hands(result)]) == (Exit.LEFT_ALONE, [ref(id)])
    assert [hand.differs for hand in result.hands] == [DEEDS[deed][0] == "changed"]
    assert keeping.fake.events(keeping.calendar)[id] == before
    assert mondays(now, shown(keeping.fake, keeping.calendar)) == theirs
    settles(keeping, Exit.LEFT_ALONE)
    done(keeping.run(take_back=None))
    assert shown(keeping.fake, keeping.calendar) == merged(was, meant(keeping.text), now)
    settles(keeping)


@pytest.mark.parametrize("deed", ON_ONE)
@pytest.mark.parametrize("now", [BEFORE, MIDST], ids=["before", "in mid-course"])
def test_a_session_changed_by_hand_stays_when_the_change_leaves_it_in_place(
    worlds: Worlds, deed: str, now: datetime
) -> None:
    keeping = worlds.filled()
    id = event(keeping, "Process group", 0)
    DEEDS[deed][1](keeping, id)
    go_to(keeping.fake, now)
    seen = shown(keeping.fake, keeping.calendar)
    keeping.text = evening(changes=["{session: Process group, on: 2027-02-22, cancel: true}"])
    result = keeping.run()
    assert (result.exit, hands(result)) == (Exit.LEFT_ALONE, [(ref(id), DEEDS[deed][0])])
    lost = at("2027-02-22 17:30")
    assert shown(keeping.fake, keeping.calendar) == [each for each in seen if each != lost]
    settles(keeping, Exit.LEFT_ALONE)


CANCELLED = evening(changes=["{session: Process group, on: 2027-02-15, cancel: true}"])


@pytest.mark.parametrize("deed", ON_ONE)
@pytest.mark.parametrize(
    "change",
    [
        evening(day_starts='"16:00"'),
        evening(sessions=['{name: Skills group, at: "18:30", minutes: 60}']),
        evening(phases=["{name: Intensive, weeks: 2, days: [mon, wed]}"]),
        CANCELLED,
    ],
    ids=["another time", "none wanted", "ends before", "cancelled"],
)
def test_a_session_changed_by_hand_keeps_its_series_from_any_other_change(
    worlds: Worlds, deed: str, change: str
) -> None:
    keeping = worlds.filled()
    keeping.guard = Guard(removed=100)
    id = event(keeping, "Process group", 0)
    DEEDS[deed][1](keeping, id)
    go_to(keeping.fake, MIDST)
    was = shown(keeping.fake, keeping.calendar)
    keeping.text = change
    result = keeping.run()
    if deed == "one cancelled" and change == CANCELLED:
        assert result.exit is Exit.DONE, "the hand did just what the program wants"
    else:
        assert (result.exit, hands(result)) == (Exit.LEFT_ALONE, [(ref(id), DEEDS[deed][0])])
    done(keeping.run(take_back=None))
    assert shown(keeping.fake, keeping.calendar) == merged(was, meant(change), MIDST)
    settles(keeping)


def test_a_hand_that_did_just_what_the_program_wants_is_not_told(worlds: Worlds) -> None:
    keeping = worlds.filled()
    people, where = keeping.fake.people, keeping.calendar
    for title, weekday in (("Process group", 0), ("Process group", 2)):
        people.edit(where, event(keeping, title, weekday), summary="Group talk")
    people.cancel_instance(where, event(keeping, "Skills group", 2), "2027-02-17T18:30:00")
    keeping.text = evening(
        sessions=["{id: process-group, name: Group talk, minutes: 60}", "{name: Skills group, minutes: 60}"],
        changes=["{session: Skills group, on: 2027-02-17, cancel: true}"],
    )
    if worlds.switches.get("normalise_extra"):
        # Nobody can know that "Group talk." is what comes of "Group talk".
        assert [what for _, what in hands(keeping.run())] == ["changed", "changed"]
        done(keeping.run(take_back=None))
    else:
        done(keeping.run())
    assert shown(keeping.fake, keeping.calendar) == meant(keeping.text)
    settles(keeping)


@pytest.mark.parametrize("deed", ["place", "title", "one moved", "one cancelled", "one longer"])
def test_nothing_is_told_of_what_is_over(worlds: Worlds, deed: str) -> None:
    keeping = worlds.filled()
    DEEDS[deed][1](keeping, event(keeping, "Process group", 0))
    go_to(keeping.fake, AFTER)
    settles(keeping)
    keeping.text = evening(day_starts='"16:00"')
    settles(keeping)


@pytest.mark.parametrize("deed", ["moved", "cancelled"])
def test_a_held_session_that_was_moved_or_cancelled_by_hand_is_not_told(worlds: Worlds, deed: str) -> None:
    keeping = worlds.filled()
    act = getattr(keeping.fake.people, {"moved": "move_instance", "cancelled": "cancel_instance"}[deed])
    act(keeping.calendar, event(keeping, "Process group", 0), "2027-02-08T17:30:00")
    go_to(keeping.fake, MIDST)
    settles(keeping)
    seen = shown(keeping.fake, keeping.calendar)
    keeping.text = evening(day_starts='"16:00"')
    done(keeping.run())
    assert shown(keeping.fake, keeping.calendar) == merged(seen, meant(keeping.text), MIDST)


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
def test_a_held_session_that_was_moved_ahead_by_hand_is_taken_back_alone(
    worlds: Worlds, cached: bool
) -> None:
    """The exception outlives the end of its series: it is deleted by itself."""
    keeping = worlds.filled()
    id = event(keeping, "Process group", 0)
    keeping.fake.people.move_instance(keeping.calendar, id, "2027-02-08T17:30:00", timedelta(days=12))
    go_to(keeping.fake, MIDST)
    keeping.text = evening(day_starts='"16:00"')
    for _ in range(2):
        if not cached:
            keeping.state.files.clear()
        result = keeping.run()
        assert (result.exit, hands(result)) == (Exit.LEFT_ALONE, [(ref(id), "moved")])
    done(keeping.run(take_back=None))
    held = [each for each in meant(evening()) if each[0] <= MIDST and each != at("2027-02-08 17:30")]
    assert shown(keeping.fake, keeping.calendar) == merged(held, meant(keeping.text), MIDST)
    settles(keeping)


def test_a_copy_that_people_made_of_our_event_is_theirs(worlds: Worlds) -> None:
    keeping = worlds.filled()
    people, where = keeping.fake.people, keeping.calendar
    copies = [people.copy_event(where, event(keeping, "Process group", day)) for day in (0, 2)]
    before = [keeping.fake.events(where)[id] for id in copies]
    settles(keeping)
    keeping.text = evening(day_starts='"16:00"')
    done(keeping.run())
    assert shown(keeping.fake, where) == meant(keeping.text)
    assert [keeping.fake.events(where)[id] for id in copies] == before
    people.delete(where, event(keeping, "Process group", 0))
    assert [what for _, what in hands(keeping.run())] == ["deleted"]


def test_what_is_taken_back_twice_and_met_again_is_told(worlds: Worlds) -> None:
    """Somebody, or something, makes the same change again and again."""
    keeping = worlds.filled()
    id = event(keeping, "Process group", 0)
    exits = []
    for _ in range(3):
        keeping.fake.people.edit(keeping.calendar, id, location="Room 5")
        exits.append(keeping.run(take_back=None).exit)
    assert exits == [Exit.DONE, Exit.LEFT_ALONE, Exit.DONE]
    keeping.fake.people.edit(keeping.calendar, id, location="Room 6")
    done(keeping.run(take_back=None))
    assert shown(keeping.fake, keeping.calendar) == meant(evening())


def test_taking_back_one_item_leaves_the_others(worlds: Worlds) -> None:
    keeping = worlds.filled()
    first, second = event(keeping, "Process group", 0), event(keeping, "Process group", 2)
    for id in (first, second):
        keeping.fake.people.delete(keeping.calendar, id)
    result = keeping.run(take_back=frozenset({ref(first)}))
    assert (result.exit, hands(result)) == (Exit.LEFT_ALONE, [(ref(second), "deleted")])
    assert len(shown(keeping.fake, keeping.calendar)) == 18
    settles(keeping, Exit.LEFT_ALONE)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_hand_between_our_reading_and_our_writing_is_seen(likely_worlds: Worlds, deed: str) -> None:
    keeping = likely_worlds.filled()
    id = event(keeping, "Process group", 0)
    keeping.text = evening(location="12 Maple Street")
    fake = keeping.fake
    fake.before(fake.requests + 2, lambda: DEEDS[deed][1](keeping, id))
    result = keeping.run()
    if deed in ON_ONE:  # no etag of the series tells of its sessions: the next run sees it
        result = keeping.run()
    assert (result.exit, hands(result)) == (Exit.LEFT_ALONE, [(ref(id), DEEDS[deed][0])])
    settles(keeping, Exit.LEFT_ALONE)
    done(keeping.run(take_back=None))
    assert shown(fake, keeping.calendar) == meant(keeping.text)
