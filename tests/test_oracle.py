"""The judge judged: published schedules and tapers, by totals that others worked out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import expand, hours, totals
from tests.oracle.told import GROUP, ONE_PATH, days_a_week, file, on_days

MATRIX = """
program: Matrix evenings
id: matrix
timezone: America/Los_Angeles
starts: 2026-01-05
sessions:
  - {name: Early Recovery Skills, kind: skills, at: "18:00", minutes: 50, days: mon fri, weeks: 1-4}
  - {name: Relapse Prevention, at: "19:15", minutes: 90, days: mon fri, weeks: 1-16}
  - {name: Family Education, kind: education, at: "19:00", minutes: 90, days: wed, weeks: 1-12}
  - {name: Social Support, at: "19:00", minutes: 90, days: wed, weeks: 13-48}
phases:
  - {name: Intensive, weeks: 16, days: [mon, wed, fri]}
  - {name: Continuing care, weeks: 32, days: wed}
"""
INDIVIDUAL = (
    '  - {name: Individual, kind: individual, at: "17:00", minutes: 50, days: mon, weeks: [1, 8, 16]}\n'
)


def test_the_matrix_model_comes_to_its_published_totals() -> None:
    groups = [one for one in expand(MATRIX) if one.path_week <= 16]
    assert (len(groups), sum(one.minutes for one in groups)) == (56, 4720)
    assert len({one.visit for one in groups}) == 48
    assert totals(MATRIX) == {ONE_PATH: (88, 7600, 80)}
    assert totals(MATRIX.replace("phases:\n", INDIVIDUAL + "phases:\n")) == {ONE_PATH: (91, 7750, 80)}


def test_the_matrix_model_has_its_published_weeks_and_last_days() -> None:
    weekly = hours(MATRIX)[ONE_PATH]
    assert list(weekly.values()) == [370] * 4 + [270] * 12 + [90] * 32
    pacific = ZoneInfo("America/Los_Angeles")
    last = {one.phase: one.start.astimezone(pacific).date() for one in expand(MATRIX)}
    assert last == {"intensive": date(2026, 4, 24), "continuing-care": date(2026, 12, 2)}


DAY_TRACKS = """
program: Days
id: days
timezone: America/Chicago
starts: 2026-01-12
tracks: {morning: {day_starts: "09:00"}, afternoon: {title: After noon, day_starts: 1:00 pm}}
sessions:
  - {name: Psychotherapy, minutes: 50}
  - {name: Pause, kind: break, minutes: 10}
  - {name: Skills I, kind: skills, minutes: 50}
  - {name: Pause 2, kind: break, minutes: 10}
  - {name: Skills II, kind: skills, minutes: 50}
phases: [{name: Main, weeks: 2, days: [mon, wed, fri]}]
"""


def test_two_day_tracks_come_to_their_published_totals_with_and_without_a_holiday() -> None:
    assert totals(DAY_TRACKS) == {("-", "morning"): (18, 900, 6), ("-", "afternoon"): (18, 900, 6)}
    closed = DAY_TRACKS + "closed: [2026-01-19 Martin Luther King Day]\n"
    assert totals(closed)["-", "afternoon"] == (15, 750, 5)
    assert hours(closed)["-", "morning"] == {date(2026, 1, 12): 450, date(2026, 1, 19): 300}


@pytest.mark.parametrize(
    ("phases", "expected", "weekly"),
    [
        (
            "{name: A, weeks: 4, days: 3}, {name: B, weeks: 5, days: 2}, {name: C, weeks: 8, days: 1}",
            (30, 5400, 30),
            [540] * 4 + [360] * 5 + [180] * 8,
        ),
        (
            "{name: A, weeks: 2, days: mon-fri}, {name: B, weeks: 4, days: mon wed fri}, "
            "{name: C, weeks: 6, days: wed}",
            (28, 5040, 28),
            [900] * 2 + [540] * 4 + [180] * 6,
        ),
        ("{name: A, weeks: 8, days: [mon, wed, thu]}", (24, 4320, 24), [540] * 8),
    ],
)
def test_published_tapers_come_to_their_totals(
    phases: str, expected: tuple[int, int, int], weekly: list[int]
) -> None:
    text = file(f"sessions: [{{name: Group, minutes: 180}}]\nphases: [{phases}]\n")
    assert totals(text) == {ONE_PATH: expected}
    assert list(hours(text)[ONE_PATH].values()) == weekly


def test_matched_cohorts_have_their_published_week() -> None:
    text = file(
        """
cohorts: [{id: spring}, {id: summer, starts: 2027-06-07}]
sessions:
  - {name: Topic, minutes: 50}
  - {name: Process, minutes: 50}
  - {name: Experiential, kind: expressive, minutes: 50}
  - {name: Individual, kind: individual, minutes: 50, days: any tue, at: "10:00"}
  - {name: Family, kind: family, minutes: 50, days: any thu, at: "10:00"}
phases: [{name: Main, weeks: 8, days: 3}]
"""
    )
    assert totals(text) == {("spring", "-"): (88, 4400, 40), ("summer", "-"): (88, 4400, 40)}
    assert list(hours(text)["summer", "-"].values()) == [550] * 8
    assert min(hours(text)["summer", "-"]) == date(2027, 6, 7)


LAKESIDE = """
program: Lakeside Evening IOP
id: lakeside-evening
timezone: America/Chicago
starts: 2026-11-30
day_starts: 18:00
treatment_days: [thu, mon, wed]
holidays: US
sessions: [{name: Evening group, kind: group, minutes: 180}]
phases:
  - {name: Intensive,       weeks: 4, days: 3}
  - {name: Step-down,       weeks: 4, days: 2, level: outpatient}
  - {name: Continuing care, weeks: 4, days: 1, level: outpatient}
closed:
  - 2026-12-24 Christmas Eve
  - 2026-12-31 New Year's Eve
"""


def test_the_first_program_of_a_coordinator_reads_as_it_was_told() -> None:
    assert days_a_week(LAKESIDE) == [3, 3, 3, 2, 1, 2, 2, 1, 1, 1, 1, 1]
    assert len(expand(LAKESIDE)) == 21
    assert expand(LAKESIDE)[-1].start == datetime(2027, 2, 19, 0, 0, tzinfo=UTC)


TAPERS = [
    ("4 -> 2", 4, "linear", "4332"),
    ("4 -> 2", 4, "early", "4322"),
    ("4 -> 2", 4, "late", "4432"),
    ("4 -> 2", 4, "steps", "4432"),
    ("5 -> 1", 8, "linear", "54433221"),
    ("5 -> 1", 8, "early", "54322111"),
    ("5 -> 1", 8, "late", "55544321"),
    ("5 -> 1", 8, "steps", "55443221"),
    ("5 -> 1", 12, "linear", "554443322211"),
    ("5 -> 1", 12, "early", "544332221111"),
    ("5 -> 1", 12, "late", "555544433221"),
    ("5 -> 1", 12, "steps", "555443332211"),
    ("5 -> 1", 3, "linear", "531"),
    ("5 -> 1", 3, "early", "521"),
    ("5 -> 1", 3, "late", "541"),
    ("5 -> 1", 3, "steps", "531"),
]


@pytest.mark.parametrize("starts", ["2027-01-04", "2027-01-06"])
@pytest.mark.parametrize(("days", "weeks", "rule", "expected"), TAPERS)
def test_a_taper_gives_the_days_of_the_table_whatever_weekday_it_starts_on(
    days: str, weeks: int, rule: str, expected: str, starts: str
) -> None:
    phases = f"phases: [{{name: Main, weeks: {weeks}, days: {days}, taper: {rule}}}]\n"
    assert days_a_week(file(GROUP + phases, starts)) == [int(number) for number in expected]


def test_a_taper_up_to_a_date_has_the_weeks_begun_until_then() -> None:
    # Wed 6 to Wed 20 January: spans from 6, 13 and 20, hence 3, 2, 1 days of mon wed fri.
    text = file(GROUP + "phases: [{name: Main, until: 2027-01-20, days: 3 -> 1}]\n", "2027-01-06")
    assert on_days(text) == "01-06 01-08 01-11 01-13 01-18"


def test_a_number_list_has_weeks_off_in_which_any_sessions_go_on() -> None:
    text = file(
        "sessions: [{name: Group, minutes: 60}, {name: Open, minutes: 60, at: '10:00', days: any sat}]\n"
        "phases: [{name: Main, weeks: 3, days: [2, 0, 1]}]\n"
    )
    assert on_days(text, "group") == "01-04 01-06 01-18"
    assert on_days(text, "open") == "01-09 01-16 01-23"


def test_the_last_number_holds_after_the_end_of_a_list() -> None:
    assert on_days(file(GROUP + "phases: [{name: Main, visits: 5, days: [2, 1]}]\n")) == (
        "01-04 01-06 01-11 01-18 01-25"
    )


def test_weeks_left_out_by_a_phase_still_count_for_its_taper() -> None:
    # 4 -> 1 over four weeks is 4 3 2 1; every second week leaves 4 and 2.
    text = file(GROUP + "phases: [{name: Main, weeks: 4, every: 2, days: 4 -> 1}]\n")
    assert on_days(text) == "01-04 01-05 01-06 01-08 01-18 01-20"
