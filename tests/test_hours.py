"""How treatment time is counted: methods, breaks and meals, weeks, and what is not held.

2027 for reference: 4 January is a Monday, 18 January Martin Luther King Jr. Day.
"""

from __future__ import annotations

from datetime import date

import pytest

from iopcal.hours import Week, weeks
from tests.drafting import expanded

DAY = """\
sessions:
  - {name: Process group, minutes: 50}
  - {name: Break, kind: break, minutes: 10}
  - {name: Dinner, kind: meal, minutes: 30}
  - {name: Skills group, minutes: 100}
"""
THREE_DAYS = "phases: [{name: Main, weeks: 2, days: [mon, wed, fri]}]\n"


def counted(body: str, hours: str = "", starts: str = "2027-01-04") -> list[Week]:
    """The weeks of a short program that begins at 17:30."""
    head = f"program: P\nid: p\ntimezone: America/Chicago\nstarts: {starts}\nday_starts: '17:30'\n"
    program, expansion = expanded(f"{head}{f'hours: {hours}' if hours else ''}\n{body}")
    return list(weeks(expansion.sessions, program.hours))


def minutes(body: str, hours: str = "", starts: str = "2027-01-04") -> list[int]:
    """The counted minutes of each week."""
    return [week.minutes for week in counted(body, hours, starts)]


def firsts(body: str, hours: str = "", starts: str = "2027-01-04") -> list[str]:
    """The first day and the counted minutes of each week, as `01-04 450`."""
    return [f"{week.first:%m-%d} {week.minutes}" for week in counted(body, hours, starts)]


@pytest.mark.parametrize(
    ("hours", "a_day"),
    [
        ("", 150),
        ("{count: clock}", 150),
        ("{breaks: yes}", 160),
        ("{meals: yes}", 180),
        ("{breaks: yes, meals: yes}", 190),
        ("{count: fifty-minute-hour}", 60 + 120),
        ("{count: fifty-minute-hour, breaks: yes, meals: yes}", 60 + 10 + 30 + 120),
        ("{count: span}", 190),
    ],
)
def test_each_method_counts_a_day_of_groups_a_break_and_a_dinner(hours: str, a_day: int) -> None:
    assert minutes(DAY + THREE_DAYS, hours) == [3 * a_day, 3 * a_day]


@pytest.mark.parametrize(
    ("length", "counts_for"),
    [(1, 1), (49, 49), (50, 60), (60, 60), (61, 61), (90, 90), (99, 99), (100, 120), (120, 120), (150, 180)],
)
def test_a_fifty_minute_hour_counts_sixty_or_the_clock_if_that_is_more(length: int, counts_for: int) -> None:
    body = f"sessions: [{{name: Group, minutes: {length}}}]\nphases: [{{name: Main, weeks: 1, days: mon}}]\n"
    assert minutes(body, "{count: fifty-minute-hour}") == [counts_for]


def test_a_span_runs_from_the_first_counted_start_to_the_last_counted_end() -> None:
    body = """\
sessions:
  - {name: Lunch, kind: meal, minutes: 60, at: "11:00"}
  - {name: Morning group, minutes: 60, at: "12:30"}
  - {name: Long group, minutes: 120, at: "13:00"}
  - {name: Short group, minutes: 30, at: "14:00"}
  - {name: Debriefing, kind: staffing, minutes: 60, at: "16:00"}
phases: [{name: Main, weeks: 1, days: mon}]
"""
    assert minutes(body, "{count: span}") == [150]
    assert minutes(body, "{count: span, meals: yes}") == [240]


def test_a_span_is_that_of_each_day_and_only_of_what_is_held() -> None:
    body = """\
sessions:
  - {name: Early group, minutes: 60, at: "9:00"}
  - {name: Late group, minutes: 60, at: "18:00"}
phases: [{name: Main, weeks: 1, days: [mon, wed]}]
changes: [{on: 2027-01-06, session: Late group, cancel: true}]
"""
    assert minutes(body, "{count: span}") == [10 * 60 + 60]


def test_a_span_over_a_change_of_clocks_is_as_long_as_a_stop_watch_says() -> None:
    body = """\
sessions:
  - {name: Night group, minutes: 60, at: "0:30"}
  - {name: Dawn group, minutes: 60, at: "5:00"}
phases: [{name: Main, weeks: 1, days: sun}]
"""
    assert minutes(body, "{count: span}", starts="2027-03-08") == [270]  # 0:30 to 6:00 without 2:00 to 3:00


def test_a_session_across_a_change_of_clocks_counts_its_minutes() -> None:
    session = "sessions: [{name: Night group, minutes: 180, at: 0:30}]\n"
    body = f"{session}phases: [{{name: Main, weeks: 1, days: sun}}]\n"
    assert minutes(body, starts="2027-03-08") == [180]


@pytest.mark.parametrize(
    "kind", ["break", "meal", "staffing", "drug-screen", "case-management", "peer-support"]
)
def test_some_kinds_do_not_count_unless_the_session_says_so(kind: str) -> None:
    row = f"name: Extra, kind: {kind}, minutes: 15"
    rest = "  - {name: Group, minutes: 60}\nphases: [{name: Main, weeks: 1, days: mon}]\n"
    assert minutes(f"sessions:\n  - {{{row}}}\n{rest}") == [60]
    assert minutes(f"sessions:\n  - {{{row}, counts: true}}\n{rest}") == [75]


def test_what_a_session_says_of_itself_wins_over_the_rule() -> None:
    body = """\
sessions:
  - {name: Group, minutes: 60, counts: false}
  - {name: Break, kind: break, minutes: 10, counts: false}
  - {name: Dinner, kind: meal, minutes: 30, counts: true}
  - {name: Last group, minutes: 60}
phases: [{name: Main, weeks: 1, days: mon}]
"""
    assert minutes(body, "{breaks: yes}") == [90]


def test_an_optional_session_counts_in_no_way() -> None:
    body = """\
sessions:
  - {name: Group, minutes: 60}
  - {name: Yoga, minutes: 45, optional: true}
  - {name: Tea, kind: meal, minutes: 15, optional: true}
  - {name: Walk, minutes: 45, optional: true, counts: true}
phases: [{name: Main, weeks: 1, days: mon}]
"""
    assert minutes(body, "{meals: yes}") == [60]


def test_of_sessions_that_share_a_label_the_first_counts() -> None:
    body = """\
sessions:
  - {name: Thursday group, minutes: 60, one_of: aftercare}
  - {name: Alumni group, minutes: 90, one_of: aftercare}
phases: [{name: Main, weeks: 1, days: mon}]
"""
    assert minutes(body) == [60]


def test_an_added_session_counts_like_any_other_of_its_kind() -> None:
    body = """\
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 1, days: mon}]
changes:
  - {on: 2027-01-05, add: Family evening, kind: family, at: "18:00", minutes: 90}
  - {on: 2027-01-06, add: Dinner, kind: meal, at: "18:00", minutes: 30}
  - {on: 2027-01-07, add: Open house, at: "18:00", minutes: 30, optional: true}
"""
    (week,) = counted(body)
    assert (week.minutes, week.days) == (150, 2)


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ("mon-sun", ["01-04 240", "01-11 420", "01-18 180"]),
        ("sun-sat", ["01-03 180", "01-10 420", "01-17 240"]),
        ("own", ["01-07 420", "01-14 420"]),
    ],
)
def test_a_week_begins_on_monday_on_sunday_or_on_the_day_the_path_does(
    week: str, expected: list[str]
) -> None:
    body = "sessions: [{name: Group, minutes: 60}]\nphases: [{name: Main, weeks: 2, days: mon-sun}]\n"
    found = firsts(body, f"{{week: {week}}}", starts="2027-01-07")  # a Thursday
    assert found == expected


def test_a_held_session_counts_in_the_week_it_is_moved_to() -> None:
    body = """\
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 2, days: [mon, fri]}]
changes: [{on: 2027-01-08, session: Group, to: 2027-01-13}]
"""
    assert firsts(body) == ["01-04 60", "01-11 180"]
    assert [week.days for week in counted(body)] == [1, 3]


def test_the_weeks_of_a_path_keep_what_was_planned_for_them() -> None:
    body = """\
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 2, days: [mon, fri]}]
changes: [{on: 2027-01-08, session: Group, to: 2027-01-13}]
"""
    assert firsts(body, "{week: own}") == ["01-04 120", "01-11 120"]


def test_a_session_moved_beyond_the_program_counts_in_a_week_of_its_own() -> None:
    body = """\
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 1, days: [mon, fri]}]
changes: [{on: 2027-01-08, session: Group, to: 2027-02-13}]
"""
    assert firsts(body) == ["01-04 60", "02-08 60"]


def test_days_on_which_nothing_is_held_are_told_by_what_took_them() -> None:
    body = """\
holidays: US
sessions:
  - {name: Group, minutes: 60}
  - {name: Skills group, minutes: 60}
phases: [{name: Main, weeks: 3, days: mon-fri}]
closed:
  - {on: 2027-01-19..2027-01-20, why: Boiler}
  - {on: 2027-01-22, until: "18:00", why: Late start}
changes:
  - {on: 2027-01-21, session: Group, cancel: true}
  - {on: 2027-01-21, session: Skills group, cancel: true}
"""
    week = counted(body)[2]
    assert week.first == date(2027, 1, 18)
    assert (week.holidays, week.closed, week.cancelled) == (1, 2, 1)
    assert (week.days, week.minutes) == (1, 60)


def test_a_day_that_is_made_up_in_its_week_is_lost_and_held_on_another() -> None:
    body = """\
sessions: [{name: Group, minutes: 60}]
phases: [{name: Main, weeks: 1, days: [mon, wed]}]
closed: [{on: 2027-01-06, why: Snow, make_up: 2027-01-08}]
"""
    (week,) = counted(body)
    assert (week.days, week.minutes, week.closed) == (2, 120, 0)


def test_a_closed_day_that_only_a_meal_would_have_had_is_no_lost_day() -> None:
    body = """\
sessions:
  - {name: Group, minutes: 60, days: mon}
  - {name: Dinner, kind: meal, minutes: 60}
phases: [{name: Main, weeks: 1, days: [mon, wed]}]
closed: [2027-01-06 Snow]
"""
    (week,) = counted(body)
    assert (week.days, week.closed) == (1, 0)
    assert counted(body, "{meals: yes}")[0].closed == 1


def test_each_path_has_weeks_of_its_own() -> None:
    body = """\
tracks:
  morning: {day_starts: "9:00"}
  evening: {}
cohorts:
  - {id: first, track: morning}
  - {id: second, starts: 2027-01-13}
sessions:
  - {name: Group, minutes: 60}
  - {name: Late group, minutes: 30, tracks: evening}
phases: [{name: Main, weeks: 1, days: [mon, wed]}]
"""
    assert [(*week.path[:2], f"{week.first:%m-%d}", week.minutes) for week in counted(body)] == [
        ("first", "morning", "01-04", 120),
        ("second", "evening", "01-11", 90),
        ("second", "evening", "01-18", 90),
        ("second", "morning", "01-11", 60),
        ("second", "morning", "01-18", 60),
    ]


def test_a_week_off_is_no_week() -> None:
    body = "sessions: [{name: Group, minutes: 60}]\nphases: [{name: Main, weeks: 3, days: 2, every: 2}]\n"
    assert firsts(body) == ["01-04 120", "01-18 120"]
