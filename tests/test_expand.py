"""Finer points of expansion, each a short program and what takes place."""

from __future__ import annotations

from iopcal.model import Status
from iopcal.publish import MOST_EVENTS
from tests.drafting import drafted, expanded

HEAD = """\
program: Small IOP
id: small
timezone: America/Chicago
starts: 2027-01-04
day_starts: "17:30"
"""


def told(text: str) -> list[str]:
    """Returns what takes place, as `date time track name`."""
    _, expansion = expanded(HEAD + text)
    return [
        f"{session.real.start:%m-%d %H:%M} {session.path.track} {session.real.name}".replace("  ", " ")
        for session in expansion.sessions
        if session.held
    ]


def test_what_belongs_to_a_visit_is_not_held_on_a_day_that_is_none() -> None:
    text = """
sessions:
  - {name: Intake, kind: other, counts: false, minutes: 30, visits: 1, at: "12:00"}
  - {name: Group, minutes: 60}
phases: [{name: Main, weeks: 1, days: [mon, wed]}]
closed: [{on: 2027-01-04, from: "15:00", why: Boiler}]
"""
    assert told(text) == ["01-06 12:00 Intake", "01-06 17:30 Group"]


def test_an_added_session_is_only_on_its_own_tracks() -> None:
    text = """
tracks: {early: {day_starts: "9:00"}, late: {}}
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 1, days: [mon]}]
changes: [{on: 2027-01-05, add: Dinner, at: {late: "19:00"}, minutes: 30, tracks: late}]
"""
    assert told(text) == ["01-04 09:00 early Group", "01-04 17:30 late Group", "01-05 19:00 late Dinner"]


def test_a_time_for_one_track_takes_the_own_time_away_on_the_others() -> None:
    text = """
tracks: {early: {day_starts: "9:00"}, late: {}}
sessions: [{name: Group, minutes: 60, at: "12:00"}]
phases:
  - {name: Main, weeks: 1, days: [mon]}
  - {name: Rest, weeks: 1, days: [mon], sessions: {Group: {at: {late: "18:00"}}}}
"""
    assert told(text) == [
        "01-04 12:00 early Group",
        "01-04 12:00 late Group",
        "01-11 09:00 early Group",
        "01-11 18:00 late Group",
    ]


def test_a_session_of_one_participant_does_not_take_the_count_of_a_choice() -> None:
    text = """
sessions:
  - {name: Alone, kind: individual, minutes: 50, one_of: x}
  - {name: Group A, minutes: 60, one_of: x}
  - {name: Group B, minutes: 60, one_of: x}
phases: [{name: Main, weeks: 1, days: [mon]}]
"""
    _, expansion = expanded(HEAD + text)
    assert [(each.real.name, each.counted) for each in expansion.sessions] == [
        ("Group A", True),
        ("Group B", False),
    ]


def test_a_closed_line_may_open_a_part_of_a_holiday() -> None:
    text = """
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 3, days: [mon]}]
holidays: US
closed: [{on: 2027-01-18, until: "10:00", why: Late opening}]
"""
    _, expansion = expanded(HEAD + text)
    assert [each.status for each in expansion.sessions] == [Status.CONFIRMED] * 3


def test_a_change_on_a_closed_day_changes_nothing_and_is_no_mistake() -> None:
    text = """
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 1, days: [mon, wed]}]
closed: [2027-01-06 Snow]
changes: [{on: 2027-01-06, session: Group, at: "18:00", name: Short group}]
"""
    assert told(text) == ["01-04 17:30 Group"]
    _, expansion = expanded(HEAD + text)
    assert [
        (f"{each.real.start:%m-%d %H:%M}", each.real.name, each.why)
        for each in expansion.sessions
        if each.status is Status.CLOSED
    ] == [("01-06 17:30", "Group", "Snow")]


def test_a_flat_calendar_of_ten_thousand_events_is_too_large() -> None:
    rows = "".join(f"  - {{name: G{number}, minutes: 10}}\n" for number in range(30))
    text = f"sessions:\n{rows}phases: [{{name: Main, weeks: 52, days: mon-sun}}]\n"
    staff = drafted(HEAD + text, flat=True)[0]
    assert staff.data is None
    assert staff.size == f"it would have 10,920 events, and less than {MOST_EVENTS:,} are allowed"
    assert drafted(HEAD + text)[0].data is not None
