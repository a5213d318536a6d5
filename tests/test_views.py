"""What a person reads: totals, weeks, lists, plans and problems in words, each of a short program."""

from __future__ import annotations

from pathlib import Path

import pytest

from iopcal.model import Place
from iopcal.problems import Problem
from iopcal.views.problems import full
from iopcal.views.table import table
from tests.command import SMALL, run, small

TWO_TRACKS = """\
program: Two Tracks IOP
id: two
timezone: America/Chicago
starts: 2027-01-04
tracks: {morning: {day_starts: "9:00"}, evening: {day_starts: "17:30"}}
sessions:
  - {name: Group, minutes: 60, topics: [Sleep, Values]}
  - {name: Yoga, minutes: 50, optional: true, days: fri}
phases:
  - {name: Intensive, weeks: 2, days: [mon, fri]}
  - {name: Step-down, weeks: 1, days: [mon]}
closed:
  - {on: 2027-01-08, why: Snow, make_up: 2027-01-09}
  - {on: 2027-01-15, why: Boiler, tracks: morning}
changes:
  - {on: 2027-01-11, session: Group, tracks: evening, cancel: true, why: Leader ill}
  - {on: 2027-01-18, session: Group, tracks: morning, to: 2027-01-27, at: "10:00"}
  - {on: 2027-01-08, add: Tea, at: "20:00", minutes: 30, tracks: evening}
"""


@pytest.fixture
def two(tmp_path: Path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(TWO_TRACKS, encoding="utf-8")
    return file


def test_the_totals_are_a_summary_and_a_table_a_track(two: Path) -> None:
    result = run("show", two)
    assert (
        result.stdout
        == """\
Two Tracks IOP    12 sessions in 3 weeks, Mon 4 Jan 2027 - Wed 27 Jan 2027, America/Chicago
  morning
          Intensive  Step-down
  week     1  2       3
  days     2  1*      1
  hours    2  1*      1
  * closed: Fri 15 Jan (Boiler)
  evening
          Intensive   Step-down
  week       1    2    3
  days       2    1    1
  hours    2.5    1    1

morning
phase      days a week  hours a week  sessions     last date        counts
Intensive  2, 1         2 h, 1 h      4 (230 min)  Mon 11 Jan 2027  Group 3, Yoga 1
Step-down  1            1 h           1 (60 min)   Wed 27 Jan 2027  Group 1
all        4 days       4 h           5 (290 min)  Wed 27 Jan 2027

evening
phase      days a week  hours a week  sessions     last date        counts
Intensive  2, 1         2 h 30, 1 h   6 (310 min)  Fri 15 Jan 2027  Group 3, Yoga 2, Tea 1
Step-down  1            1 h           1 (60 min)   Mon 18 Jan 2027  Group 1
all        4 days       4 h 30        7 (370 min)  Mon 18 Jan 2027
"""
    )


def test_equal_weeks_of_the_totals_are_told_once_with_their_number(tmp_path: Path) -> None:
    assert "Intensive  3 x2         3 h x2        6 (360 min)" in run("show", small(tmp_path)).stdout


def test_a_program_that_is_closed_all_the_time_has_no_sessions(tmp_path: Path) -> None:
    file = small(tmp_path)
    file.write_text(f"{SMALL}closed: [2027-01-04..2027-01-17 Winter break]\n", encoding="utf-8")
    assert (
        run("show", file).stdout
        == """\
Small IOP    no sessions

phase      days a week  hours a week  sessions   last date  counts
Intensive  0 x2         0 h x2        0 (0 min)
all        0 days       0 h           0 (0 min)
"""
    )


def test_the_totals_of_open_groups_are_a_table_a_group_of_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "open.yaml"
    text = TWO_TRACKS.replace(
        "starts: 2027-01-04\n", "starts: 2027-01-04\nadmission: rolling\nuntil: 2027-01-17\n"
    )
    file.write_text(
        text.partition("closed:")[0] + "closed:\n  - {on: 2027-01-15, why: Boiler, tracks: morning}\n"
    )
    assert (
        run("show", file).stdout.partition("\n\n")[2]
        == """\
morning
session  times  hours   first date      last date
Group    3      3 h     Mon 4 Jan 2027  Mon 11 Jan 2027
Yoga     1      50 min  Fri 8 Jan 2027  Fri 8 Jan 2027

evening
session  times  hours   first date      last date
Group    4      4 h     Mon 4 Jan 2027  Fri 15 Jan 2027
Yoga     2      1 h 40  Fri 8 Jan 2027  Fri 15 Jan 2027
"""
    )


def test_a_week_after_the_last_one_shows_what_was_moved_there(two: Path) -> None:
    assert (
        run("show", "week", "2027-01-25", two, env={"COLUMNS": "120"}).stdout
        == """\
Two Tracks IOP / morning
        Mon 25                Tue 26                Wed 27                Thu 28                Fri 29
10:00                                               Group
                                                    Values
                                                    ends 11:00
"""
    )


def test_a_narrow_terminal_shows_a_week_as_a_list(two: Path) -> None:
    words = run("show", "week", "2027-01-18", two, env={"COLUMNS": "40"}).stdout
    assert words == "Two Tracks IOP\nMon 18 Jan 2027\n  17:30-18:30  Group: Values  [evening]\n"


def test_the_agenda_names_topic_track_and_what_became_of_a_session(two: Path) -> None:
    assert (
        run("show", "agenda", "2027-01-05", two).stdout
        == """\
Two Tracks IOP
Sat 9 Jan 2027
  09:00-10:00  Group: Values  [morning]  moved from Fri 8 Jan 09:00
  10:00-10:50  Yoga (optional)  [morning]  moved from Fri 8 Jan 10:00
  17:30-18:30  Group: Values  [evening]  moved from Fri 8 Jan 17:30
  18:30-19:20  Yoga (optional)  [evening]  moved from Fri 8 Jan 18:30
  20:00-20:30  Tea  [evening]  moved from Fri 8 Jan
Mon 11 Jan 2027
  09:00-10:00  Group: Sleep  [morning]
  17:30-18:30  Group: Sleep  [evening]  cancelled
Fri 15 Jan 2027
  17:30-18:30  Group: Sleep  [evening]
  18:30-19:20  Yoga (optional)  [evening]
Mon 18 Jan 2027
  17:30-18:30  Group: Values  [evening]
Wed 27 Jan 2027
  10:00-11:00  Group: Values  [morning]  moved from Mon 18 Jan 09:00
"""
    )


def test_a_verbose_plan_names_every_session_that_changes(tmp_path: Path) -> None:
    file, output = small(tmp_path), tmp_path / "calendars"
    run("build", file, "-o", output)
    file.write_text(SMALL.replace("minutes: 60", "minutes: 75, days: mon"), encoding="utf-8")
    lines = run("plan", file, "-o", output, "--verbose").stdout.splitlines()
    assert [line for line in lines if line.startswith("      ")] == [
        "      Mon 4 Jan 2027  17:30-18:30 -> 17:30-18:45  Process group",
        "      Mon 11 Jan 2027  17:30-18:30 -> 17:30-18:45  Process group",
        "      Wed 6 Jan 2027  17:30-18:30  Process group",
        "      Fri 8 Jan 2027  17:30-18:30  Process group",
        "      Wed 13 Jan 2027  17:30-18:30  Process group",
        "      Fri 15 Jan 2027  17:30-18:30  Process group",
    ]


def test_columns_of_wide_letters_line_up() -> None:
    assert table(("name", "time"), [("太極拳", "9:00"), ("Café", "10:00")]) == (
        "name    time\n太極拳  9:00\nCafé    10:00\n"
    )


def test_a_problem_without_the_text_of_its_line_has_no_excerpt() -> None:
    problem = Problem(Place("program.yaml", 30_000, 5), "IOP104", "'x' is wrong", "write y")
    assert full(problem, {"program.yaml": "program: P\n"}) == (
        "error[IOP104]: 'x' is wrong\n     --> program.yaml:30000:5\n      = help: write y\n"
    )
