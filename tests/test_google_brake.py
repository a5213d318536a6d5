"""When so much would go that a person must say yes, or the calendar is not the one that is meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from iopcal.model.sync import Guard
from iopcal.problems import Exit
from iopcal.sync import Account, Options, Result, carry_out, prepare
from iopcal.targets.google.pace import Pace
from tests.fake_google import FakeGoogle
from tests.google_world import (
    BEFORE,
    FEW,
    MIDST,
    Worlds,
    done,
    evening,
    event,
    go_to,
    kept,
    many,
    meant,
    settles,
    shown,
)
from tests.keeping import Keeping, api_of
from tests.program_text import program_text


@pytest.fixture(params=FEW)
def worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Calendars in fakes of one kind after the other; at the end no fake may have seen a violation."""
    made = Worlds(request.param)
    yield made
    made.end()


def mondays(count: int, cancelled: int = 0, tuesdays: int = 0, **keys: object) -> str:
    """Returns a program of one group on so many Mondays from 15 February 2027, the first of them cancelled.

    `tuesdays`: of another on so many Tuesdays.
    """
    days = [date(2027, 2, 15) + timedelta(weeks=week) for week in range(cancelled)]
    phases = [f"{{name: Intensive, weeks: {max(count, tuesdays)}, days: [mon]}}"]
    sessions = [f"{{name: Process group, minutes: 60, weeks: 1-{count}}}"]
    if tuesdays:
        sessions.append(f"{{name: Skills group, minutes: 60, days: any tue, weeks: 1-{tuesdays}}}")
    given = {
        "starts": "2027-02-15",
        "phases": phases,
        "sessions": sessions,
        "changes": [f"{{session: Process group, on: {day}, cancel: true}}" for day in days] or None,
    }
    return program_text(**{**given, **keys})


def refused(keeping: Keeping, code: str, **options: Any) -> Result:
    """Looks whether a run is refused as unsafe, for one reason, and writes nothing; returns it."""
    writes = len(keeping.fake.writes)
    result = keeping.run(**options)
    assert result.exit is Exit.REFUSED
    assert [trouble.problem.code for trouble in result.troubles] == [code]
    assert len(keeping.fake.writes) == writes
    return result


@pytest.mark.parametrize(
    ("ahead", "going", "allowed"),
    [
        (1, 1, False),
        (2, 1, True),
        (2, 2, False),
        (9, 8, True),
        (9, 9, False),
        (10, 3, True),
        (10, 4, False),
        (10, 10, False),
        (100, 30, True),
        (100, 31, False),
    ],
)
def test_more_than_thirty_percent_of_ten_or_all_of_any_number_do_not_go_unasked(
    ahead: int, going: int, allowed: bool
) -> None:
    keeping = kept(mondays(ahead))
    assert len(shown(keeping.fake, keeping.calendar)) == ahead
    keeping.text = mondays(ahead, going)
    if not allowed:
        result = refused(keeping, "IOP601")
        assert f"{going} of {ahead} sessions ahead would go" in result.troubles[0].problem.message
        assert f"--allow-deletes {going}" in result.troubles[0].problem.hint
        assert shown(keeping.fake, keeping.calendar) == meant(mondays(ahead))
        for wrong in (0, going - 1, going + 1, ahead + 1):
            refused(keeping, "IOP601", allow_deletes=wrong)
    done(keeping.run(allow_deletes=None if allowed else going))
    assert shown(keeping.fake, keeping.calendar) == meant(keeping.text)
    settles(keeping)
    assert keeping.fake.violations == []


def test_no_number_is_asked_for_where_little_goes() -> None:
    keeping = kept(mondays(10))
    keeping.text = mondays(10, 3)
    done(keeping.run(allow_deletes=99))
    assert len(shown(keeping.fake, keeping.calendar)) == 7


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
def test_a_program_that_shows_nothing_empties_no_calendar_unasked(worlds: Worlds, cached: bool) -> None:
    keeping = worlds.filled()
    keeping.text = evening(
        sessions=[
            "{name: Process group, minutes: 60, publish: never}",
            "{name: Skills group, minutes: 60, publish: never}",
        ]
    )
    if not cached:
        keeping.state.files.clear()
    refused(keeping, "IOP601")
    refused(keeping, "IOP601", allow_deletes=23)
    assert shown(keeping.fake, keeping.calendar) == meant(evening())
    done(keeping.run(allow_deletes=24))
    assert shown(keeping.fake, keeping.calendar) == []
    settles(keeping)


def test_only_what_lies_ahead_counts(worlds: Worlds) -> None:
    keeping = worlds.filled()
    go_to(keeping.fake, MIDST)
    keeping.text = evening(phases=["{name: Intensive, weeks: 4, days: [mon, wed]}"])
    result = refused(keeping, "IOP601")  # Mondays 1 and 8 and Wednesdays 3 and 10 March, two groups each
    assert "8 of 18 sessions ahead would go (44 %, limit 30 %)" in result.troubles[0].problem.message
    done(keeping.run(allow_deletes=8))
    assert shown(keeping.fake, keeping.calendar) == meant(keeping.text)


@pytest.mark.parametrize(
    "change",
    [
        evening(day_starts='"08:00"'),
        evening(sessions=["{name: Other group, minutes: 45}", "{name: Third group, minutes: 60}"]),
        evening(
            phases=["{name: First, weeks: 3, days: [mon, wed]}", "{name: Second, weeks: 3, days: [mon, wed]}"]
        ),
        evening(starts="2027-02-03"),
    ],
    ids=["moved within the day", "others in their place", "cut into other series", "begun in mid-week"],
)
@pytest.mark.parametrize("now", [BEFORE, MIDST], ids=["before", "in mid-course"])
def test_a_date_that_keeps_as_many_sessions_loses_none(worlds: Worlds, change: str, now: Any) -> None:
    keeping = worlds.filled()
    go_to(keeping.fake, now)
    keeping.text = change
    plan = keeping.prepared().plan
    assert plan is not None
    assert plan.going == (2 if change == evening(starts="2027-02-03") and now is BEFORE else 0)
    done(keeping.run())


def test_what_is_left_alone_is_not_counted() -> None:
    keeping = kept(mondays(10, tuesdays=10))
    keeping.text = mondays(10, 4, tuesdays=10)
    plan = keeping.prepared().plan
    assert plan is not None
    assert (plan.going, plan.ahead) == (4, 20)
    keeping.fake.people.edit(keeping.calendar, event(keeping, "Skills group"), location="Room 5")
    refused(keeping, "IOP601")


def test_what_a_broken_run_left_twice_is_counted_once() -> None:
    for part in range(8):
        keeping = kept(evening())
        go_to(keeping.fake, MIDST)
        keeping.text = evening(day_starts='"16:00"')
        keeping.fake.fault({"inner": {part: "403:quotaExceeded"}}, {"method": "POST"})
        assert keeping.run().exit is Exit.LATER
        keeping.fake.advance(timedelta(hours=7).total_seconds())
        plan = keeping.prepared().plan
        assert plan is not None
        assert plan.going == 0
        done(keeping.run())


def test_other_limits_can_be_set() -> None:
    keeping = kept(mondays(10))
    keeping.text = mondays(10, 5)
    refused(keeping, "IOP601")
    keeping.guard = Guard(removed=49)
    refused(keeping, "IOP601")
    keeping.guard = Guard(removed=30, at_least=11)
    assert keeping.prepared().ready
    keeping.guard = Guard(removed=50)
    done(keeping.run())


@pytest.mark.parametrize(("tuesdays", "allowed"), [(24, True), (23, False), (22, False)])
def test_many_changes_are_refused_where_the_guard_says_so(tuesdays: int, allowed: bool) -> None:
    """Ten Mondays change, of 34, 33 and 32 sessions: 29, 30.3 and 31 percent."""
    keeping = kept(mondays(10, tuesdays=tuesdays))
    rows = [
        '{name: Process group, minutes: 60, weeks: 1-10, at: "12:00"}',
        f"{{name: Skills group, minutes: 60, days: any tue, weeks: 1-{tuesdays}}}",
    ]
    keeping.text = mondays(10, tuesdays=tuesdays, sessions=rows)
    keeping.guard = Guard(refuse_changed=True)
    if not allowed:
        refused(keeping, "IOP522")
        keeping.guard = Guard()
    done(keeping.run())


def test_a_calendar_of_another_feed_is_not_written(worlds: Worlds) -> None:
    keeping = worlds.filled()
    other = Keeping(keeping.fake, evening(id="another"))
    other.calendar = keeping.calendar
    refused(other, "IOP520", take_back=None, allow_deletes=24, rebuild=True)
    other.text, other.feed = evening(), "track/-"
    refused(other, "IOP520")
    assert shown(keeping.fake, keeping.calendar) == meant(evening())
    settles(keeping)


def test_a_calendar_that_another_feed_has_left_can_be_taken(worlds: Worlds) -> None:
    keeping = worlds.filled()
    for id in list(keeping.rows()):
        if id.startswith("evts"):
            keeping.fake.people.delete(keeping.calendar, id)
    other = Keeping(keeping.fake, evening(id="another"))
    other.calendar = keeping.calendar
    done(other.run())
    assert shown(keeping.fake, keeping.calendar) == meant(evening())


@pytest.mark.parametrize("name", ["primary", "coordinator@example.org"])
def test_the_main_calendar_of_a_person_is_not_written_unasked(worlds: Worlds, name: str) -> None:
    keeping = worlds.empty(evening())
    keeping.calendar = name
    refused(keeping, "IOP523")
    refused(keeping, "IOP523", rebuild=True, take_back=None)
    done(keeping.run(allow_primary=True))
    assert shown(keeping.fake, "coordinator@example.org") == meant(evening())


def test_the_main_calendar_is_known_by_the_address_of_the_account() -> None:
    """Even where it bears another title."""
    fake = FakeGoogle(auth="off")
    address = fake.calendar("Ann", id="ann@example.org", owner="coordinator@example.org")
    keeping = Keeping(fake, evening())
    keeping.calendar = address
    errand = keeping.errand()
    account = Account("test", api_of(fake), Pace(fake.seconds, fake.sleep, fake.random), frozenset({address}))
    state: Any = keeping.state
    prepared = prepare(errand, address, errand.owner(address), account, state, Options(fake.now()))
    assert carry_out(prepared).exit is Exit.REFUSED
    assert fake.writes == []


@pytest.mark.parametrize("lies", [1, 2])
def test_a_calendar_that_suddenly_shows_nothing_is_read_again_and_then_left(lies: int) -> None:
    keeping = kept(evening())
    fake = keeping.fake
    fake.end_sync_tokens(keeping.calendar)  # request 1 is refused; 2 and 3 read the calendar whole
    for number in range(2, 2 + lies):
        fake.fault("empty-list", {"request": fake.requests + number})
    if lies == 1:
        done(keeping.run())
    else:
        refused(keeping, "IOP521")
    settles(keeping)
    assert shown(fake, keeping.calendar) == meant(evening())
    assert fake.violations == []


def test_a_calendar_that_was_emptied_on_purpose_is_filled_when_somebody_says_so(worlds: Worlds) -> None:
    keeping = worlds.filled()
    fake, where = keeping.fake, keeping.calendar
    fake.advance(timedelta(days=2).total_seconds())
    for id in list(keeping.rows()):
        if id.startswith("evts"):
            fake.people.delete(where, id)
    fake.purge_tombstones(0)
    fake.end_sync_tokens(where)
    for _ in range(2):
        refused(keeping, "IOP521")
    done(keeping.run(rebuild=True))
    assert shown(fake, where) == [each for each in meant(evening()) if each[0] > fake.now()]
    settles(keeping)


@pytest.mark.parametrize("role", ["reader", "freeBusyReader", "none"])
def test_without_the_right_to_write_nothing_is_written(worlds: Worlds, role: str) -> None:
    keeping = worlds.empty(evening())
    where = keeping.fake.store.calendars[keeping.calendar]
    where.owner = "somebody@example.org"
    if role != "none":
        keeping.fake.share(keeping.calendar, "coordinator@example.org", role)
    result = keeping.run()
    assert result.exit is Exit.CREDENTIALS
    assert keeping.fake.writes == []
    keeping.fake.share(keeping.calendar, "coordinator@example.org", "writer")
    done(keeping.run())
    assert shown(keeping.fake, keeping.calendar) == meant(evening())
    keeping.fake.share(keeping.calendar, "coordinator@example.org", role)
    keeping.text = evening(day_starts='"16:00"')
    assert keeping.run().exit is Exit.CREDENTIALS
    assert shown(keeping.fake, keeping.calendar) == meant(evening())


def test_a_used_up_quota_ends_the_run_and_the_next_one_finishes() -> None:
    """At the 37th of 120 inserts."""
    keeping = Keeping(FakeGoogle(auth="off"), many(24, "mon, tue, wed, thu, fri"))
    keeping.fake.fault({"inner": {36: "403:quotaExceeded"}}, {"method": "POST"})
    count, result = keeping.requests_of()
    assert (count, result.exit) == (2, Exit.LATER)
    assert 0 < len(keeping.rows()) < 50
    assert keeping.run().exit is Exit.LATER, "the quota is for hours"
    keeping.fake.advance(timedelta(hours=7).total_seconds())
    done(keeping.run())
    assert shown(keeping.fake, keeping.calendar) == meant(keeping.text)
    settles(keeping)
    assert keeping.fake.violations == []
