"""Random stories of a Google calendar, and by name the mistakes that they have brought to light."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from iopcal.problems import Exit
from tests.fake_google import FakeGoogle, Killed
from tests.keeping import Keeping
from tests.program_text import program_text
from tests.schedules import check, schedule
from tests.schedules.judge import events_of
from tests.schedules.mutants import MUTANTS
from tests.schedules.play import fails
from tests.schedules.sight import sessions

CHICAGO = ZoneInfo("America/Chicago")
CHUNKS = [range(first, first + 500) for first in range(0, 10_000, 500)]
LONG_CHUNKS = [range(first, first + 10_000) for first in range(10_000, 1_010_000, 10_000)]
MOST_TOLD = 3  # failures of a chunk
FIRST = 1_000  # schedules in which an engine with a mistake must fail
LIKELIEST = {"no If-Match": 375}  # tried first, where the others take long
TUESDAYS = {
    "starts": "2027-02-02",
    "sessions": ["{id: group, name: Group, minutes: 60}"],
    "phases": ["{name: Intensive, weeks: 4, days: tue}"],
}


def name_of(seeds: range) -> str:
    """Returns the first seed and the last."""
    return f"{seeds[0]}-{seeds[-1]}"


@pytest.mark.parametrize("seeds", CHUNKS, ids=name_of)
def test_after_any_story_the_calendar_is_right(seeds: range, figure: Callable[[object], None]) -> None:
    play(seeds, figure)


@pytest.mark.long
@pytest.mark.parametrize("seeds", LONG_CHUNKS, ids=name_of)
def test_after_a_million_stories_the_calendar_is_right(
    seeds: range, figure: Callable[[object], None]
) -> None:
    play(seeds, figure)


def play(seeds: range, figure: Callable[[object], None]) -> None:
    """Plays the schedules of these seeds; tells the first that fail, made as short as they can be."""
    failures = list(islice(filter(None, map(check, seeds)), MOST_TOLD))
    assert not failures, "\n\n".join(map(str, failures))
    figure(f"{len(seeds)} stories of a Google calendar ended well: seeds {name_of(seeds)}")


@pytest.mark.parametrize("mistake", MUTANTS)
def test_an_engine_with_a_mistake_fails_in_some_story(mistake: str) -> None:
    with MUTANTS[mistake]():
        assert any(fails(schedule(seed)) for seed in (LIKELIEST.get(mistake, 0), *range(FIRST)))


def kept(**keys: Any) -> Keeping:
    """Returns a calendar with a group on four Tuesdays at 17:30, the first of them held."""
    keeping = Keeping(FakeGoogle(auth="off"), program_text(**{**TUESDAYS, **keys}))
    assert keeping.run().exit == Exit.DONE
    return keeping


def rewrite(keeping: Keeping, **keys: Any) -> None:
    """Gives the program file other keys."""
    keeping.text = program_text(**{**TUESDAYS, **keys})


def later(value: dict[str, str], by: timedelta) -> dict[str, str]:
    """Returns a start or end that is moved."""
    return value | {"dateTime": (datetime.fromisoformat(value["dateTime"]) + by).isoformat()}


def test_a_series_moved_by_hand_in_mid_course_is_not_taken_for_what_the_program_wants() -> None:
    keeping = kept()
    ((name, event),) = keeping.rows().items()
    moved = {which: later(event[which], timedelta(minutes=-55)) for which in ("start", "end")}
    keeping.fake.people.edit(keeping.calendar, name, **moved)
    writes = len(keeping.fake.writes)
    requests, result = keeping.requests_of()
    assert (requests, result.exit, len(keeping.fake.writes)) == (1, Exit.LEFT_ALONE, writes)
    (hand,) = result.hands
    assert (hand.what, hand.differs) == ("changed", False)


def moved_and_back(keeping: Keeping, name: str, when: int) -> str:
    """Lets somebody move one session of a series and move it back; Google keeps it apart. Returns its id."""
    moved = keeping.fake.people.move_instance(keeping.calendar, name, when)
    keeping.fake.people.move_instance(keeping.calendar, name, moved, timedelta(minutes=-30))
    return moved


def starts(keeping: Keeping) -> list[str]:
    """Returns all that our events in the calendar show, as `02-09 17:30`."""
    rows = keeping.fake.store.calendars[keeping.calendar].rows
    return [
        f"{each.start.astimezone(CHICAGO):%m-%d %H:%M}"
        for events in events_of(rows).values()
        for event in events
        if not event.row.cancelled
        for each in sessions(*event)
    ]


def test_a_session_moved_and_moved_back_goes_where_its_series_is_closed_and_opened() -> None:
    keeping = kept()
    moved_and_back(keeping, next(iter(keeping.rows())), 2)
    rewrite(keeping, day_starts="18:00")
    assert keeping.run().exit == Exit.DONE
    assert sorted(starts(keeping)) == ["02-02 17:30", "02-09 17:30", "02-16 18:00", "02-23 18:00"]
    assert keeping.requests_of()[0] == 1


def test_a_session_moved_and_moved_back_goes_where_its_series_ends_earlier() -> None:
    keeping = kept()
    moved_and_back(keeping, next(iter(keeping.rows())), 3)
    rewrite(keeping, phases=["{name: Intensive, weeks: 3, days: tue}"])
    assert keeping.run().exit == Exit.DONE
    assert starts(keeping) == ["02-02 17:30", "02-09 17:30", "02-16 17:30"]


def test_what_a_broken_run_left_of_a_session_moved_back_goes_with_the_next_run() -> None:
    keeping = kept()
    moved_and_back(keeping, next(iter(keeping.rows())), 3)
    rewrite(keeping, phases=["{name: Intensive, weeks: 3, days: tue}"])
    keeping.fake.fault("kill-before", {"request": keeping.fake.requests + 3})  # after the PATCH
    with pytest.raises(Killed):
        keeping.run()
    assert keeping.run().exit == Exit.DONE
    assert starts(keeping) == ["02-02 17:30", "02-09 17:30", "02-16 17:30"]


def test_a_removal_that_was_interrupted_is_finished_though_people_changed_one_of_its_sessions() -> None:
    keeping = kept(starts="2027-02-16")
    (name,) = keeping.rows()
    keeping.fake.people.cancel_instance(keeping.calendar, name, 1)
    keeping.fake.fault("kill-before", {"request": keeping.fake.requests + 3})  # after the mark and the insert
    with pytest.raises(Killed):
        keeping.run(take_back=None)
    assert len(keeping.rows()) == 2
    assert keeping.run().exit == Exit.DONE
    assert starts(keeping) == ["02-16 17:30", "02-23 17:30", "03-02 17:30", "03-09 17:30"]


def test_a_calendar_of_which_something_wrong_is_known_is_read_whole_in_the_end() -> None:
    keeping = kept()
    (name,) = keeping.rows()
    keeping.fake.people.edit(keeping.calendar, name, colorId="5")  # its etag moves, and all else stays
    keeping.fake.fault("empty-list", {"request": keeping.fake.requests + 1})
    rewrite(keeping, sessions=["{id: group, name: Another title, minutes: 60}"])
    assert keeping.run().exit == Exit.DONE


def test_a_take_back_whose_request_was_lost_is_done_again() -> None:
    keeping = kept(starts="2027-02-16")
    (name,) = keeping.rows()
    keeping.fake.people.edit(keeping.calendar, name, summary="By hand")
    keeping.fake.fault("reset-before", {"request": keeping.fake.requests + 2})
    assert keeping.run(take_back=None).exit == Exit.DONE
    assert keeping.rows()[name]["summary"] == "Group"


def test_an_edit_by_hand_in_the_middle_of_a_run_is_not_taken_for_its_own_write() -> None:
    keeping = kept(phases=["{name: Intensive, weeks: 4, days: tue thu}"])
    rewrite(keeping, phases=["{name: Intensive, weeks: 5, days: tue thu}"])
    fake, first = keeping.fake, keeping.fake.requests
    before = len(fake.writes)

    def edit() -> None:
        ((_, calendar, name), _) = fake.writes[before:]
        fake.people.edit(calendar, name, summary="By hand")

    fake.fault({"inner": {0: "503"}}, {"request": first + 2})  # so one of two series is changed at first
    fake.fault("lost", {"request": first + 3})  # and of the other nobody hears, so that all is read anew
    fake.before(first + 4, edit)
    assert keeping.run().exit == Exit.LEFT_ALONE
    assert keeping.run().exit == Exit.LEFT_ALONE


def test_a_quota_that_is_used_up_ends_the_run_while_single_events_are_asked_for() -> None:
    keeping = kept()
    (name,) = keeping.rows()
    keeping.fake.people.delete(keeping.calendar, name)
    keeping.fake.purge_tombstones()
    keeping.state.files.clear()
    first = keeping.fake.requests  # a list, the insert, the list again, the single event
    keeping.fake.fault("403:quotaExceeded", {"request": first + 4})
    requests, result = keeping.requests_of()
    assert (requests, result.exit) == (4, Exit.LATER)
    assert keeping.fake.violations == []


def test_a_series_that_a_broken_take_back_left_beside_its_successor_goes_with_the_next_run() -> None:
    keeping = kept()
    (name,) = keeping.rows()
    keeping.fake.people.move_instance(keeping.calendar, name, 3)
    keeping.fake.fault({"inner": {0: "403:forbidden"}}, {"request": keeping.fake.requests + 2})
    assert keeping.run(take_back=None).exit == Exit.CREDENTIALS
    assert len(starts(keeping)) == 6
    assert keeping.run().exit == Exit.DONE
    assert sorted(starts(keeping)) == ["02-02 17:30", "02-09 17:30", "02-16 17:30", "02-23 17:30"]


def test_sessions_that_a_hand_ended_as_the_program_does_count_among_those_ahead() -> None:
    keeping = kept(starts="2027-02-16", phases=["{name: Intensive, weeks: 5, days: tue thu}"])
    names = {event["recurrence"][0][-2:]: name for name, event in keeping.rows().items()}
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20270309T233000Z;BYDAY=TU"
    keeping.fake.people.edit(keeping.calendar, names["TU"], recurrence=[rule])
    rewrite(keeping, starts="2027-02-16", phases=["{name: Intensive, weeks: 4, days: tue thu}"])
    prepared = keeping.prepared()
    assert prepared.plan is not None
    assert (prepared.plan.ahead, prepared.plan.going) == (9, 1)
