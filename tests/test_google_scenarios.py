"""A program and its Google calendar from the first push to the last day, whatever Google is like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from iopcal.model.sync import Guard
from tests.google_world import (
    AFTER,
    BEFORE,
    FEW,
    LIKELIEST,
    MIDST,
    Worlds,
    at,
    done,
    evening,
    go_to,
    hands,
    many,
    meant,
    merged,
    settles,
    shown,
)


@pytest.fixture(params=FEW)
def worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Calendars in fakes of one kind after the other; at the end no fake may have seen a violation."""
    made = Worlds(request.param)
    yield made
    made.end()


def changes(*lines: str) -> str:
    return evening(changes=list(lines))


@pytest.fixture(params=LIKELIEST)
def likely_worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """The same, but by default of the likeliest kind alone."""
    made = Worlds(request.param)
    yield made
    made.end()


def test_a_first_push_shows_all_sessions_once_and_later_runs_find_nothing_to_do(worlds: Worlds) -> None:
    keeping = worlds.filled()
    assert shown(keeping.fake, keeping.calendar) == meant(evening())
    assert len(meant(evening())) == 24
    settles(keeping)
    for moment in (MIDST, AFTER):
        go_to(keeping.fake, moment)
        settles(keeping)
    assert shown(keeping.fake, keeping.calendar) == meant(evening())


def test_a_first_push_in_mid_course_shows_what_was_held_too(worlds: Worlds) -> None:
    keeping = worlds.filled(now=MIDST)
    assert shown(keeping.fake, keeping.calendar) == meant(evening())
    settles(keeping)


CHANGES = {
    "one cancelled": changes("{session: Process group, on: 2027-02-15, cancel: true}"),
    "one cancelled too late": changes("{session: Process group, on: 2027-02-03, cancel: true}"),
    "the last cancelled": changes("{session: Skills group, on: 2027-03-10, cancel: true}"),
    "the first cancelled": changes("{session: Process group, on: 2027-02-01, cancel: true}"),
    "one moved within the day": changes('{session: Process group, on: 2027-02-15, at: "12:00"}'),
    "one moved to another day": changes("{session: Process group, on: 2027-02-15, to: 2027-02-18}"),
    "one moved into the past": changes("{session: Process group, on: 2027-02-15, to: 2027-02-04}"),
    "a held one moved ahead": changes("{session: Process group, on: 2027-02-03, to: 2027-02-18}"),
    "one added": changes('{add: Alumni dinner, on: 2027-02-16, at: "18:00", minutes: 90}'),
    "one added too late": changes('{add: Alumni dinner, on: 2027-02-09, at: "18:00", minutes: 90}'),
    "a day closed": evening(closed=["2027-02-17 Snow"]),
    "a day closed too late": evening(closed=["2027-02-08 Snow"]),
    "another time from today": changes('{session: Skills group, from: 2027-02-10, at: "18:45"}'),
    "another time from next week": changes('{session: Skills group, from: 2027-02-17, at: "18:45"}'),
    "another time for all": evening(day_starts='"18:00"'),
    "another length": evening(
        sessions=["{name: Process group, minutes: 75}", "{name: Skills group, minutes: 60}"]
    ),
    "another title": evening(
        sessions=[
            "{id: process-group, name: Group talk, minutes: 60}",
            "{name: Skills group, minutes: 60}",
        ]
    ),
    "a text": evening(location="12 Maple Street"),
    "a weekday more": evening(phases=["{name: Intensive, weeks: 6, days: [mon, wed, fri]}"]),
    "another weekday": evening(phases=["{name: Intensive, weeks: 6, days: [mon, thu]}"]),
    "a weekday less": evening(phases=["{name: Intensive, weeks: 6, days: [mon]}"]),
    "two weeks more": evening(phases=["{name: Intensive, weeks: 8, days: [mon, wed]}"]),
    "two weeks less": evening(phases=["{name: Intensive, weeks: 4, days: [mon, wed]}"]),
    "another phase": evening(
        phases=[
            "{name: Intensive, weeks: 3, days: [mon, wed]}",
            "{name: Step-down, weeks: 5, days: wed}",
        ]
    ),
    "every second week": evening(
        sessions=["{name: Process group, minutes: 60}", "{name: Skills group, minutes: 60, every: 2}"]
    ),
    "a group less": evening(sessions=["{name: Process group, minutes: 60}"]),
    "a group more": evening(
        sessions=[
            "{name: Process group, minutes: 60}",
            "{name: Skills group, minutes: 60}",
            "{name: Education, minutes: 45}",
        ]
    ),
    "topics": evening(
        sessions=[
            "{name: Process group, minutes: 60}",
            "{name: Skills group, minutes: 60, topics: [Coping, Relaxation, Values]}",
        ]
    ),
    "another zone": evening(timezone="America/New_York"),
    "a week later": evening(starts="2027-02-08"),
}


@pytest.mark.parametrize("now", [BEFORE, MIDST], ids=["before", "in mid-course"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_keeps_the_past_and_brings_the_future(worlds: Worlds, change: str, now: datetime) -> None:
    keeping = worlds.filled()
    keeping.guard = Guard(removed=100)
    was = shown(keeping.fake, keeping.calendar)
    go_to(keeping.fake, now)
    keeping.text = CHANGES[change]
    result = done(keeping.run(allow_deletes=18 if change == "another zone" else None))
    assert shown(keeping.fake, keeping.calendar) == merged(was, meant(CHANGES[change]), now)
    assert result.applied is None or not result.applied.left
    settles(keeping)
    go_to(keeping.fake, AFTER)
    settles(keeping)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_is_taken_back_before_it_was_held_leaves_the_calendar_as_it_was(
    likely_worlds: Worlds, change: str
) -> None:
    keeping = likely_worlds.filled()
    keeping.guard = Guard(removed=100)
    was = shown(keeping.fake, keeping.calendar)
    for text in (CHANGES[change], evening()):
        keeping.text = text
        done(keeping.run(allow_deletes=24 if change == "another zone" else None))
    assert shown(keeping.fake, keeping.calendar) == was
    settles(keeping)


def test_the_time_changes_twice_in_mid_course(worlds: Worlds) -> None:
    keeping = worlds.filled()
    wanted = shown(keeping.fake, keeping.calendar)
    for days, begin in ((11, "18:00"), (7, "16:00"), (0, "17:00"), (7, "18:00")):
        keeping.fake.advance(timedelta(days=days).total_seconds())
        keeping.text = evening(day_starts=f'"{begin}"')
        wanted = merged(wanted, meant(keeping.text), keeping.fake.now())
        done(keeping.run())
        assert shown(keeping.fake, keeping.calendar) == wanted
        settles(keeping)
    titles = [title for start, _, title in wanted if start < datetime(2027, 2, 10, tzinfo=UTC)]
    assert titles == ["Process group", "Skills group"] * 3, "held sessions stay"


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
@pytest.mark.parametrize("now", [BEFORE, MIDST], ids=["before", "in mid-course"])
def test_what_the_program_removed_comes_back_when_it_is_wanted_again(
    worlds: Worlds, cached: bool, now: datetime
) -> None:
    keeping = worlds.filled()
    keeping.guard = Guard(removed=100)
    go_to(keeping.fake, now)
    gone = evening(sessions=["{name: Process group, minutes: 60}"])
    unknown = not cached and worlds.switches.get("bare_tombstones", False)
    for text in (gone, evening()) * (1 if unknown else 2):
        keeping.text = text
        if not cached:
            keeping.state.files.clear()
        result = keeping.run()
        if unknown and text is not gone and now is BEFORE:
            # Nothing on the calendar says who deleted it: it counts as deleted by hand.
            assert [what for _, what in hands(result)] == ["deleted", "deleted"]
            assert shown(keeping.fake, keeping.calendar) == meant(gone)
            continue
        done(result)
        wanted = merged(meant(evening()), meant(text), keeping.fake.now())
        assert shown(keeping.fake, keeping.calendar) == wanted


def test_a_calendar_that_is_shared_with_others_is_read_anew_and_not_written(worlds: Worlds) -> None:
    keeping = worlds.filled()
    writes = len(keeping.fake.writes)
    keeping.fake.share(keeping.calendar, "reader@example.org", "reader")
    done(keeping.run())
    assert len(keeping.fake.writes) == writes
    keeping.fake.share(keeping.calendar, "reader@example.org", "none")
    keeping.text = CHANGES["one moved within the day"]
    done(keeping.run())
    assert shown(keeping.fake, keeping.calendar) == meant(keeping.text)
    settles(keeping)


ZONES = {
    "Chicago, clocks forward": ("America/Chicago", "2027-03-01"),
    "Chicago, clocks back": ("America/Chicago", "2027-10-25"),
    "Kyiv, whose name Google refuses": ("Europe/Kyiv", "2027-03-15"),
    "Lord Howe, half an hour back": ("Australia/Lord_Howe", "2027-03-22"),
    "Kathmandu, another old name": ("Asia/Kathmandu", "2027-03-22"),
    "Casablanca, one hour less in Ramadan": ("Africa/Casablanca", "2027-01-25"),
    "UTC": ("UTC", "2027-03-01"),
}


@pytest.mark.parametrize("place", ZONES)
def test_sessions_keep_their_wall_clock_over_changes_of_the_clock(worlds: Worlds, place: str) -> None:
    zone, starts = ZONES[place]
    text = evening(
        timezone=zone, starts=starts, changes=[f"{{session: Skills group, on: {starts}, cancel: true}}"]
    )
    keeping = worlds.empty(text)
    done(keeping.run())
    assert shown(keeping.fake, keeping.calendar) == meant(text)
    settles(keeping)
    keeping.fake.advance(timedelta(days=2).total_seconds())
    keeping.text = evening(timezone=zone, starts=starts, day_starts='"18:00"')
    wanted = merged(meant(text), meant(keeping.text), keeping.fake.now())
    done(keeping.run())
    assert shown(keeping.fake, keeping.calendar) == wanted
    settles(keeping)


def test_a_session_in_the_night_of_a_change_of_the_clock_is_at_its_time(worlds: Worlds) -> None:
    for day, minutes in (("2027-03-14", 60), ("2027-03-14", 150), ("2027-11-07", 150), ("2027-11-07", 240)):
        text = evening(
            starts=day,
            day_starts='"00:30"',
            sessions=[f"{{name: Night group, minutes: {minutes}}}"],
            phases=["{name: Intensive, weeks: 2, days: [sun]}"],
        )
        keeping = worlds.empty(text)
        done(keeping.run())
        assert shown(keeping.fake, keeping.calendar) == meant(text)
        settles(keeping)


def test_the_calendar_may_have_any_zone_and_change_it(worlds: Worlds) -> None:
    keeping = worlds.filled()
    fake = keeping.fake
    worlds.made.clear()  # the times of other people's events are told otherwise, too
    fake.set_zone(fake.store.calendars[keeping.calendar], "Asia/Tokyo")
    fake.end_sync_tokens(keeping.calendar)
    settles(keeping)
    assert fake.violations == []
    assert shown(fake, keeping.calendar) == meant(evening())


def test_cancelled_sessions_can_be_shown_and_block_no_time(worlds: Worlds) -> None:
    text = changes("{session: Process group, on: 2027-02-15, cancel: true}")
    keeping = worlds.empty(text)
    keeping.destination = {"show_cancelled": True}
    done(keeping.run())
    told = at("2027-02-15 17:30", 60, "Cancelled: Process group")
    assert shown(keeping.fake, keeping.calendar) == sorted([*meant(text), told])
    (single,) = [row for row in keeping.rows().values() if row["summary"].startswith("Cancelled")]
    assert single["transparency"] == "transparent"
    settles(keeping)


def test_thousands_of_tombstones_hide_nothing(likely_worlds: Worlds) -> None:
    keeping = likely_worlds.empty(evening(), page_cap=500)
    fake, people = keeping.fake, keeping.fake.people
    for _ in range(1500):
        people.delete(keeping.calendar, people.add_foreign(keeping.calendar))
    done(keeping.run())
    assert shown(fake, keeping.calendar) == meant(evening())
    settles(keeping)


def test_many_items_are_pushed_in_time_though_google_counts_units(likely_worlds: Worlds) -> None:
    first, second = many(100, "mon, tue"), many(100, "mon, tue", renamed=100)
    keeping = likely_worlds.empty(first, per_calendar_writes=None, page_cap=None)
    for text in (first, second, first):
        keeping.text = text
        keeping.fake.advance(60)
        done(keeping.run())
        assert shown(keeping.fake, keeping.calendar) == meant(text)
    assert keeping.fake.quota.peak <= 600
    assert keeping.fake.quota.refusals == 0
