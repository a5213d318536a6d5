"""The judge judged: holidays, closures and changes; every value is worked out by hand."""

from __future__ import annotations

import pytest

from iopcal.model import Status
from tests.drafting import expanded
from tests.oracle import expand
from tests.oracle.told import CHICAGO, GROUP, TWO, WEEKDAYS, file, of_day, on_days, shown

MONDAYS = "phases: [{name: A, weeks: 3, days: mon}]\n"


@pytest.mark.parametrize(
    ("holidays", "expected"),
    [
        ("US", "01-04 01-11"),
        ("[US]", "01-04 01-11"),
        ("{use: US, except: [martin luther king jr. day]}", "01-04 01-11 01-18"),
        ("{use: US, only: Washington's Birthday}", "01-04 01-11 01-18"),
        ("{use: US-IL, only: [Martin Luther King Jr. Day]}", "01-04 01-11"),
    ],
)
def test_public_holidays_close_their_day(holidays: str, expected: str) -> None:
    assert on_days(file(GROUP + MONDAYS + f"holidays: {holidays}\n")) == expected


def test_observed_days_close_too_and_are_named_without_the_word() -> None:
    # Christmas 2027 and New Year 2028 are Saturdays, observed on the Fridays before.
    body = GROUP + "phases: [{name: A, weeks: 2, days: thu fri}]\nholidays: {use: US, except: [%s]}\n"
    assert on_days(file(body % "Juneteenth National Independence Day", "2027-12-20")) == "12-23 12-30"
    assert on_days(file(body % "Christmas Day", "2027-12-20")) == "12-23 12-24 12-30"


def test_a_closed_line_replaces_the_holiday_of_its_day_and_can_open_a_part_of_it() -> None:
    text = file(TWO + MONDAYS + "holidays: US\nclosed: [{on: 2027-01-18, until: '18:00'}]\n")
    assert of_day(text, "01-18") == "second 18:30-19:20"


def test_a_closed_line_of_one_track_leaves_the_holiday_to_the_others() -> None:
    text = file(
        GROUP + MONDAYS + "holidays: US\ntracks: {a: , b: {title: B}}\n"
        "closed: [{on: 2027-01-18, instead: telehealth, tracks: B}, {on: 2027-01-11, tracks: [a]}]\n"
    )
    assert [f"{one.track} {one.start:%m-%d}" for one in expand(text)] == [
        "a 01-04",
        "b 01-04",
        "b 01-11",
        "b 01-18",
    ]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("until: '17:30'", "first 17:30-18:30, second 18:30-19:20"),
        ("until: '17:31'", "second 18:30-19:20"),
        ("from: '18:30'", "first 17:30-18:30"),
        ("from: 17:30, until: 18:30", "second 18:30-19:20"),
        ("from: 17:00, until: 19:00, instead: telehealth", "first 17:30-18:30, second 18:30-19:20"),
    ],
)
def test_a_part_of_a_day_is_closed_by_the_beginning_of_its_sessions(part: str, expected: str) -> None:
    assert of_day(file(TWO + WEEKDAYS + f"closed: [{{on: 2027-01-06, {part}}}]\n"), "01-06") == expected


def test_a_part_day_closure_looks_at_the_real_beginning() -> None:
    text = file(
        TWO + WEEKDAYS + "closed: [{on: 2027-01-06, until: '17:45'}]\n"
        "changes: [{on: 2027-01-06, session: First, at: '18:00'}]\n"
    )
    assert of_day(text, "01-06") == "first 18:00-19:00, second 18:30-19:20"


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        ("{on: 2027-01-06, make_up: 2027-01-09}", "04 05 07 08 09moved"),
        ("{on: 2027-01-05..2027-01-06, make_up: 2027-01-09..2027-01-10}", "04 07 08 09moved 10moved"),
        # Onto a holiday: takes place. Onto a closed day: moves on with it, or is lost.
        ("{on: 2027-01-06, make_up: 2027-01-18}", "04 05 07 08 18moved"),
        (
            "{on: 2027-01-05, make_up: 2027-01-06}, {on: 2027-01-06, make_up: 2027-01-09}",
            "04 07 08 09moved 09moved",
        ),
        ("{on: 2027-01-05, make_up: 2027-01-06}, 2027-01-06 Boiler", "04 07 08"),
        # Never twice by one line: Tue 5 is lost, Wed 6 goes to Thu 7.
        ("{on: 2027-01-05..2027-01-06, make_up: 2027-01-06..2027-01-07}", "04 07 07moved 08"),
        # One that forbids has `make_up`, so it moves.
        ("2027-01-06 Snow, {on: 2027-01-06, from: '17:00', make_up: 2027-01-09}", "04 05 07 08 09moved"),
        ("2027-01-06 Snow, {on: 2027-01-06, from: '20:00', make_up: 2027-01-09}", "04 05 07 08"),
    ],
)
def test_make_up_moves_what_the_closure_takes(closed: str, expected: str) -> None:
    text = file(GROUP + WEEKDAYS + f"holidays: US\nclosed: [{closed}]\n")
    assert sorted(line[3:].replace(" 17:30", "").replace(" ", "") for line in shown(text)) == expected.split()


def test_a_made_up_session_keeps_its_visit_and_its_week() -> None:
    text = file(GROUP + WEEKDAYS + "closed: [{on: 2027-01-06, make_up: 2027-01-12}]\n")
    assert [(one.visit, one.path_week) for one in expand(text)] == [(1, 1), (2, 1), (4, 1), (5, 1), (3, 1)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("on: 2027-01-18, session: group, to: 2027-01-19", "04 17:30, 11 17:30, 19 17:30 moved"),
        ("on: 2027-01-18, session: group, to: 2027-01-19, at: '9:00'", "04 17:30, 11 17:30, 19 09:00 moved"),
        # Only `to` puts a session on a holiday; a closed day takes it.
        ("on: 2027-01-11, session: group, to: 2027-01-18", "04 17:30, 18 17:30 moved"),
        ("on: 2027-01-18, session: group, at: '9:00'", "04 17:30, 11 17:30"),
        ("on: 2027-01-11, session: group, to: 2027-01-20", "04 17:30"),
        ("on: 2027-01-11, session: group, cancel: true", "04 17:30, 11 17:30 cancelled"),
        ("on: 2027-01-18, session: group, cancel: true", "04 17:30, 11 17:30"),
        # A new length, name or leader is no move.
        ("on: 2027-01-11, session: group, minutes: 90, name: G, lead: x", "04 17:30, 11 17:30"),
        ("on: 2027-01-04..2027-01-11, session: group, at: '17:45'", "04 17:45 moved, 11 17:45 moved"),
    ],
)
def test_changes_of_one_day(change: str, expected: str) -> None:
    text = file(GROUP + MONDAYS + f"holidays: US\nclosed: [2027-01-20 X]\nchanges: [{{{change}}}]\n")
    assert ", ".join(line[3:] for line in shown(text)) == expected


def test_a_cancelled_or_moved_session_keeps_its_place_in_the_day() -> None:
    body = TWO + WEEKDAYS + "changes: [{on: 2027-01-06, session: First, %s}]\n"
    assert of_day(file(body % "cancel: true"), "01-06") == "first 17:30-18:30, second 18:30-19:20"
    assert of_day(file(body % "to: 2027-01-09"), "01-06") == "second 18:30-19:20"
    assert of_day(file(body % "at: 15:00-17:00"), "01-06") == "first 15:00-17:00, second 18:30-19:20"


def test_a_change_of_a_session_that_a_closure_takes_anyway_is_without_effect() -> None:
    text = file(
        GROUP + MONDAYS + "closed: [{on: 2027-01-11, make_up: 2027-01-13}]\n"
        "changes: [{on: 2027-01-11, session: group, at: '9:00'}]\n"
    )
    assert shown(text) == ["01-04 17:30", "01-13 17:30 moved", "01-18 17:30"]


def test_from_changes_edit_the_timetable_key_by_key() -> None:
    text = file(
        TWO + "phases: [{name: A, weeks: 1, days: mon-fri, sessions: {First: {at: '16:00'}}}]\n"
        "changes:\n"
        "  - {from: 2027-01-05, session: First, at: '18:00'}\n"
        "  - {from: 2027-01-07, session: First, name: Opening, cancel: true}\n"
        "  - {from: 2027-01-08, session: First, cancel: false}\n"
        "  - {from: 2027-01-06, session: First, minutes: 30}\n"
    )
    assert of_day(text, "01-04") == "first 16:00-17:00, second 17:30-18:20"
    assert of_day(text, "01-05") == "first 18:00-19:00, second 19:00-19:50"
    assert of_day(text, "01-06") == "first 18:00-18:30, second 18:30-19:20"
    assert of_day(text, "01-07") == "second 17:30-18:20"
    assert of_day(text, "01-08") == "first 18:00-18:30, second 18:30-19:20"
    assert {one.status for one in expand(text)} == {"confirmed"}
    assert [one.name for one in expand(text)][-2:] == ["Opening", "Second"]


def test_from_changes_of_days_and_every_and_of_one_cohort() -> None:
    text = file(
        GROUP + "cohorts: [{id: x}, {id: y}]\nphases: [{name: A, weeks: 3, days: mon wed}]\n"
        "changes:\n"
        "  - {from: 2027-01-11, session: Group, days: wed, cohorts: x}\n"
        "  - {from: 2027-01-05, session: Group, every: 2, cohorts: [y]}\n"
    )
    days = {cohort: [f"{one.start:%m-%d}" for one in expand(text) if one.cohort == cohort] for cohort in "xy"}
    assert days == {"x": ["01-04", "01-06", "01-13", "01-20"], "y": ["01-04", "01-06", "01-18", "01-20"]}


def test_an_added_session_stands_beside_the_day_and_ignores_public_holidays_only() -> None:
    text = file(
        GROUP + MONDAYS + "holidays: US\nclosed: [2027-01-12 X]\n"
        "changes:\n"
        "  - {on: 2027-01-18, add: Alumni dinner, at: '18:00', minutes: 90, optional: true}\n"
        "  - {on: 2027-01-11..2027-01-13, add: Extra, at: '17:30-18:00', kind: break}\n"
    )
    added = [
        (one.session, f"{one.start.astimezone(CHICAGO):%m-%d %H:%M}", one.minutes, one.counted, one.publish)
        for one in expand(text)
    ]
    assert added == [
        ("group", "01-04 17:30", 60, True, "all"),
        ("group", "01-11 17:30", 60, True, "all"),
        ("add:extra", "01-11 17:30", 30, False, "never"),
        ("add:extra", "01-13 17:30", 30, False, "never"),
        ("add:alumni-dinner", "01-18 18:00", 90, False, "all"),
    ]


def test_a_change_of_what_a_closure_takes_anyway_leaves_the_visit_to_be_made_up() -> None:
    change = "changes: [{on: 2027-01-11, session: Group, cancel: true}]\n"
    text = file(GROUP + MONDAYS + change + "closed: [{on: 2027-01-11, extend: true}]\n")
    assert on_days(text) == "01-04 01-18 01-25"
    ours = [f"{each.date:%m-%d}" for each in expanded(text)[1].sessions if each.status is Status.CONFIRMED]
    assert ours == ["01-04", "01-18", "01-25"]
