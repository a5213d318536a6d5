"""The judge judged: phases, visits and the sessions that meet; every value is worked out by hand."""

from __future__ import annotations

import pytest

from tests.oracle import expand, totals
from tests.oracle.told import GROUP, ONE_PATH, TWO, WEEKDAYS, file, of_day, on_days, phase_ends, shown


def test_a_visits_phase_ends_on_the_day_of_its_last_visit_and_the_next_begins_the_day_after() -> None:
    text = file(
        GROUP
        + "phases: [{name: A, visits: 4, days: 3}, {name: B, weeks: 1, days: mon-fri}]\n"
        + "closed: [2027-01-08 Boiler]\n"
    )
    # Mon 4, Wed 6, Mon 11, Wed 13; then Thursday to Wednesday.
    assert on_days(text) == "01-04 01-06 01-11 01-13 01-14 01-15 01-18 01-19 01-20"
    assert phase_ends(text) == {"a": "01-13", "b": "01-20"}
    assert [one.visit for one in expand(text)] == list(range(1, 10))


def test_a_day_of_optional_sessions_or_off_the_phase_is_no_visit() -> None:
    text = file(
        """
sessions:
  - {name: Group, minutes: 60, days: mon}
  - {name: Open hour, minutes: 60, days: tue, optional: true}
  - {name: Saturday group, minutes: 60, days: any sat}
phases: [{name: Main, visits: 3, days: mon-fri}]
changes:
  - {on: 2027-01-07, add: Dinner, at: "18:00", minutes: 90}
  - {on: 2027-01-10, add: Walk, at: "9:00", minutes: 30}
"""
    )
    assert on_days(text, "group") == "01-04 01-11 01-18"
    assert [(one.session, one.visit) for one in expand(text)][:6] == [
        ("group", 1),
        ("open-hour", 0),
        ("add:dinner", 0),  # a Thursday the phase meets on, but only an added session does
        ("saturday-group", 0),
        ("add:walk", 0),
        ("group", 2),
    ]


def test_an_until_phase_keeps_its_last_day_and_is_skipped_by_who_comes_later() -> None:
    text = file(
        GROUP
        + "cohorts: [{id: early}, {id: late, starts: 2027-01-18}]\n"
        + "phases: [{name: A, until: 2027-01-15, days: mon}, {name: B, weeks: 1, days: wed}]\n"
    )
    assert [(one.cohort, one.phase, f"{one.start:%m-%d}") for one in expand(text)] == [
        ("early", "a", "01-04"),
        ("early", "a", "01-11"),
        ("early", "b", "01-20"),
        ("late", "b", "01-20"),
    ]


def test_a_first_day_intake_moves_to_the_first_day_held() -> None:
    body = (
        "sessions: [{name: Intake, kind: individual, visits: 1, at: '17:00', minutes: 30},"
        " {name: Group, minutes: 60}]\n" + WEEKDAYS
    )
    assert shown(file(body), "intake") == ["01-04 17:00"]
    assert shown(file(body + "closed: [2027-01-04 Snow]\n"), "intake") == ["01-05 17:00"]
    assert shown(file(body + "closed: [{on: 2027-01-04, make_up: 2027-01-09}]\n"), "intake") == [
        "01-09 17:00 moved"
    ]


def test_a_session_stops_after_so_many_held_times() -> None:
    text = file(
        "sessions: [{name: Group, minutes: 60, times: 3}]\n" + WEEKDAYS + "closed: [2027-01-05 Snow]\n"
    )
    assert on_days(text) == "01-04 01-06 01-07"


EXTENDED = "phases: [{name: A, weeks: 2, days: 3}, {name: B, weeks: 1, days: tue}]\n"


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        # Mon 11 is lost and comes back on Mon 18; B begins on Tue 19.
        ("{on: 2027-01-11..2027-01-12, extend: true}", "01-04 01-06 01-08 01-13 01-15 01-18 01-19"),
        # A day closed during the extension is waited out: Wed 20; B has its Tuesday on 26.
        ("{on: 2027-01-11, extend: true}, 2027-01-18 X", "01-04 01-06 01-08 01-13 01-15 01-20 01-26"),
        # Without `extend`, and for a day that is made up, nothing follows.
        ("2027-01-11 X", "01-04 01-06 01-08 01-13 01-15 01-19"),
        (
            "{on: 2027-01-11, make_up: 2027-01-16, extend: true}",
            "01-04 01-06 01-08 01-13 01-15 01-16 01-19",
        ),
        # No treatment day is lost on a Tuesday.
        ("{on: 2027-01-12, extend: true}", "01-04 01-06 01-08 01-11 01-13 01-15 01-19"),
    ],
)
def test_extend_gives_back_as_many_visits_as_the_closure_took(closed: str, expected: str) -> None:
    assert on_days(file(GROUP + EXTENDED + f"closed: [{closed}]\n")) == expected


def test_an_extension_goes_on_with_the_last_weeks_days_and_its_weeks_off() -> None:
    closed = "closed: [{on: 2027-01-04, extend: true}]\n"
    fewer = file(GROUP + "phases: [{name: Main, weeks: 2, days: [3, 1]}]\n" + closed)
    assert on_days(fewer) == "01-06 01-08 01-11 01-18"
    every = file(GROUP + "phases: [{name: Main, weeks: 2, every: 2, days: mon}]\n" + closed)
    assert on_days(every) == "01-18"


def test_a_day_of_which_something_was_held_is_not_extended() -> None:
    text = file(TWO + EXTENDED + "closed: [{on: 2027-01-11, until: '18:00', extend: true}]\n")
    assert on_days(text) == "01-04 01-06 01-08 01-11 01-13 01-15 01-19"
    assert shown(text, "first")[3] == "01-13 17:30"


def test_every_counts_weeks_of_the_phase_and_no_closure_shifts_it() -> None:
    body = (
        "sessions: [{name: Group, minutes: 60, every: {b: 2}}]\n"
        "phases: [{name: A, weeks: 2, days: mon}, {name: B, weeks: 4, days: mon}]\n"
    )
    assert on_days(file(body)) == "01-04 01-11 01-18 02-01"
    assert on_days(file(body + "closed: [2027-01-18 X]\n")) == "01-04 01-11 02-01"


def test_every_begins_with_the_phase_even_if_the_session_begins_later() -> None:
    text = file(
        "sessions: [{name: Group, minutes: 60, weeks: 2-, every: 2}]\n"
        "phases: [{name: A, weeks: 5, days: mon}]\n"
    )
    assert on_days(text) == "01-18 02-01"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("any sat", "01-09"),
        ("[any, sat]", "01-09"),
        ("any", "01-04 01-05 01-06 01-07 01-08"),
        ("[mon, sat]", "01-04"),
        ("Fri-Monday", "01-04"),
        ("any fri-mon", "01-04 01-08 01-09 01-10"),
    ],
)
def test_days_narrow_the_phase_unless_they_say_any(days: str, expected: str) -> None:
    text = file(
        f"sessions: [{{name: Group, minutes: 60, days: {days}}}]\n"
        "phases: [{name: A, weeks: 1, days: mon wed}]\n"
    )
    assert on_days(text) == expected


def test_a_bare_any_follows_the_treatment_days_of_the_track() -> None:
    text = file(
        "treatment_days: [mon, wed, fri]\ntracks: {a: , b: {treatment_days: tue thu}}\n"
        "sessions: [{name: Group, minutes: 60, days: any}]\nphases: [{name: A, weeks: 1, days: 1}]\n"
    )
    assert [f"{one.track} {one.start:%m-%d}" for one in expand(text)] == [
        "a 01-04",
        "b 01-05",
        "a 01-06",
        "b 01-07",
        "a 01-08",
    ]


def test_an_override_replaces_the_key_and_is_narrowed_by_the_phase_unless_it_says_any() -> None:
    body = (
        GROUP + "phases: [{name: A, weeks: 1, days: mon wed, sessions: {group: {minutes: 30, days: %s}}}]\n"
    )
    assert on_days(file(body % "wed fri")) == "01-06"
    assert on_days(file(body % "any fri")) == "01-08"
    assert expand(file(body % "wed"))[0].minutes == 30


def test_a_list_of_sessions_is_all_a_phase_has() -> None:
    text = file(
        TWO + "phases: [{name: A, weeks: 1, days: mon, sessions: SECOND}, {name: B, weeks: 1, days: mon}]\n"
    )
    assert shown(text) == ["01-04 17:30", "01-11 17:30", "01-11 18:30"]
    assert of_day(text, "01-04") == "second 17:30-18:20"


def test_a_monthly_session_has_its_days_of_the_calendar_month() -> None:
    # January begins on a Friday: first and third Thursdays 7, 21, 4, 18, 4; last Fridays 29 and 26.
    body = (
        "sessions: [{name: Group, minutes: 60}, {name: Monthly, minutes: 60, at: '12:00', monthly: '%s'}]\n"
        "phases: [{name: A, weeks: 9, days: mon}]\n"
    )
    assert on_days(file(body % "1st,3rd thu"), "monthly") == "01-07 01-21 02-04 02-18 03-04"
    assert on_days(file(body % "last fri"), "monthly") == "01-29 02-26"
    closed = "closed: [2027-01-21 X]\n"
    assert on_days(file(body % "1st,3rd thu" + closed), "monthly") == "01-07 02-04 02-18 03-04"


def test_an_individual_session_without_days_or_time_is_not_in_the_program() -> None:
    text = file(
        "sessions: [{name: Group, minutes: 60}, {name: Talk, kind: individual, minutes: 50}]\n"
        "phases: [{name: A, weeks: 1, days: mon wed},"
        " {name: B, weeks: 1, days: mon wed, sessions: {Talk: {days: wed}}}]\n"
    )
    assert shown(text, "talk") == ["01-13 18:30"]
    assert totals(text) == {ONE_PATH: (5, 290, 4)}


def test_an_exact_id_wins_over_a_name() -> None:
    text = file(
        "sessions: [{name: Art, id: music, minutes: 60}, {name: music, id: dance, minutes: 60}]\n"
        "phases: [{name: A, weeks: 1, days: mon}]\n"
        "changes: [{on: 2027-01-04, session: music, cancel: true}]\n"
    )
    assert [(one.name, one.status) for one in expand(text)] == [("Art", "cancelled"), ("music", "confirmed")]
