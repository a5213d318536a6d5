"""`iopcal why`: for each session of a day the lines that put it there, moved it or took it away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from iopcal.model import Days, Edit, Placement
from iopcal.views.why_session import edit_words
from tests.participant_site import PROGRAM, Site
from tests.people_text import CHOSEN, ROLLING, rows

PROCESS = ["a session of the program: program.yaml:11", "at 17:30, when the day starts: program.yaml:5"]
SKILLS = [
    "a session of the program: program.yaml:12",
    "at 18:30, in the order of the day, after Process group: program.yaml:12",
]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def sessions(site: Site, day: str, *words: str) -> dict[str, list[str]]:
    """Returns the reasons of each session told, by its line; '' has those of the day."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in site.told("why", day, "PROGRAM", *words).splitlines()[1:]:
        if line.startswith("    "):
            found[name].append(line.strip())
        elif re.match("  [0-9][0-9]:", line):
            name = line.strip()
            found[name] = []
        else:
            found[""].append(line.strip())
    return found


def test_an_ordinary_day_names_the_lines_of_week_days_order_and_time(site: Site) -> None:
    assert (
        site.told("why", "2027-01-04", "PROGRAM")
        == """\
Riverbend Evening IOP: Mon 4 Jan 2027
  week 1 of 5, week 1 of Intensive: program.yaml:17
  3 treatment days in this week: program.yaml:17
  Mon is one of its days (mon, wed, thu), the first of the treatment days: program.yaml:6
  17:30-18:30  Process group
    a session of the program: program.yaml:11
    at 17:30, when the day starts: program.yaml:5
  18:30-19:15  Skills group
    a session of the program: program.yaml:12
    at 18:30, in the order of the day, after Process group: program.yaml:12
"""
    )


@pytest.mark.parametrize(
    ("day", "session", "reasons"),
    [
        pytest.param(
            "2027-01-11",
            "18:30-19:15  Skills group, cancelled",
            [*SKILLS, "on this day: cancelled (Leader ill): program.yaml:29"],
            id="cancelled",
        ),
        pytest.param(
            "2027-01-13",
            "17:30-18:30  Process group, does not take place",
            [*PROCESS, "closed (Snow): program.yaml:25"],
            id="closed",
        ),
        pytest.param(
            "2027-01-14",
            "17:30-18:30  Process group, moved to Fri 15 Jan 2027 17:30",
            [*PROCESS, "closed, and made up on Fri 15 Jan 2027 (Boiler): program.yaml:26"],
            id="made up elsewhere",
        ),
        pytest.param(
            "2027-01-15",
            "17:30-18:30  Process group, moved from Thu 14 Jan 2027 17:30",
            [*PROCESS, "closed, and made up on Fri 15 Jan 2027 (Boiler): program.yaml:26"],
            id="made up here",
        ),
        pytest.param(
            "2027-01-18",
            "17:30-18:30  Process group, does not take place",
            [*PROCESS, "closed, a public holiday: Martin Luther King Jr. Day: program.yaml:8"],
            id="holiday",
        ),
        pytest.param(
            "2027-01-21",
            "18:30-19:00  Skills group",
            [
                SKILLS[0],
                "in Step-down: 30 min: program.yaml:23",
                SKILLS[1],
                "takes place by telehealth (Ice): program.yaml:27",
            ],
            id="a phase's own length, and telehealth",
        ),
        pytest.param(
            "2027-01-25",
            "17:30-18:30  Process group, moved to Tue 26 Jan 2027 18:00",
            [*PROCESS, "on this day: moved to Tue 26 Jan 2027, at 18:00 (Room): program.yaml:30"],
            id="moved elsewhere",
        ),
        pytest.param(
            "2027-01-26",
            "18:00-19:00  Process group, moved from Mon 25 Jan 2027 17:30",
            [*PROCESS, "on this day: moved to Tue 26 Jan 2027, at 18:00 (Room): program.yaml:30"],
            id="moved here",
        ),
        pytest.param(
            "2027-01-26",
            "19:30-20:30  Family night",
            ["a session of the program, on tue, whether or not the phase meets, at 19:30: program.yaml:13"],
            id="any",
        ),
        pytest.param(
            "2027-01-28",
            "18:15-19:15  Process group",
            [PROCESS[0], "from Thu 28 Jan 2027 on: at 18:15, led by jlee: program.yaml:31"],
            id="from a day on",
        ),
        pytest.param(
            "2027-01-28",
            "20:00-20:30  Tea",
            ["added to this day (Farewell): program.yaml:32"],
            id="added",
        ),
        pytest.param(
            "2027-02-06",
            "10:00-10:30  Alumni",
            ["a session of the program, on the 1st Sat of the month, at 10:00: program.yaml:14"],
            id="monthly",
        ),
    ],
)
def test_a_session_names_every_line_that_has_a_say(
    site: Site, day: str, session: str, reasons: list[str]
) -> None:
    assert sessions(site, day)[session] == reasons


def test_sessions_stand_in_the_order_of_the_day_that_is_asked_for(site: Site) -> None:
    assert list(sessions(site, "2027-01-25"))[1:] == [
        "17:30-18:30  Process group, moved to Tue 26 Jan 2027 18:00",
        "18:30-19:00  Skills group",
    ]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2027-01-02", "before the first day, Mon 4 Jan 2027: program.yaml:4"),
        ("2027-02-08", "after the last day, Sun 7 Feb 2027, when Step-down ends: program.yaml:18"),
        ("2027-01-22", "Fri is none of its days (mon, thu): program.yaml:20"),
    ],
)
def test_a_day_without_sessions_says_why(site: Site, day: str, reason: str) -> None:
    assert site.lines("why", day, "PROGRAM")[-2:] == [reason, "no sessions"]


def test_a_treatment_day_on_which_nothing_meets_says_so(tmp_path: Path) -> None:
    text = PROGRAM.partition("closed:")[0].replace("minutes: 60}", "minutes: 60, days: mon}")
    site = Site(tmp_path, text.replace("minutes: 45}", "minutes: 45, days: mon}"))
    assert site.lines("why", "2027-01-06", "PROGRAM")[2:] == [
        "Wed is one of its days (mon, wed, thu), the first of the treatment days: program.yaml:6",
        "no session meets in Intensive on Wed: program.yaml:17",
        "no sessions",
    ]


def test_a_session_that_has_ended_is_told(site: Site) -> None:
    site.edit("changes:\n", "changes:\n  - {from: 2027-02-01, session: Skills group, cancel: true}\n")
    assert sessions(site, "2027-02-01")[""][-1] == (
        "Skills group has ended, from Mon 1 Feb 2027 on: program.yaml:29"
    )
    assert "ended" not in site.told("why", "2027-02-02", "PROGRAM")
    site.edit("changes:\n", "changes:\n  - {from: 2027-02-04, session: Skills group, cancel: false}\n")
    assert sessions(site, "2027-02-04")["19:15-19:45  Skills group"][2] == (
        "from Thu 4 Feb 2027 on: takes place again: program.yaml:29"
    )


def test_a_public_holiday_may_be_open_in_part_and_a_change_without_effect(site: Site) -> None:
    site.edit("changes:\n", """\
  - {on: 2027-01-18, until: "10:00", why: Late start}
changes:
  - {on: 2027-01-13, session: Skills group, at: "19:00"}
""")  # fmt: skip
    assert sessions(site, "2027-01-18")["17:30-18:30  Process group"] == [
        *PROCESS,
        "a public holiday, but open at this time (Late start): program.yaml:28",
    ]
    assert sessions(site, "2027-01-13")["18:30-19:15  Skills group, does not take place"] == [
        *SKILLS,
        "changed without effect, as the day is closed: program.yaml:30",
        "closed (Snow): program.yaml:25",
    ]


def test_every_key_that_a_line_may_change_is_told(site: Site) -> None:
    site.edit(
        "changes:\n",
        "changes:\n  - {on: 2027-01-04, session: Process group, minutes: 50, room: Elm, name: Hello,"
        " lead: [ak, bo]}\n"
        "  - {from: 2027-02-01, session: Skills group, days: any tue}\n",
    )
    assert sessions(site, "2027-01-04")["17:30-18:20  Hello"][-1] == (
        "on this day: 50 min, led by ak and bo, room 'Elm', name 'Hello': program.yaml:29"
    )
    assert "from Mon 1 Feb 2027 on: on tue, whether or not the phase meets: program.yaml:30" in site.told(
        "why", "2027-02-02", "PROGRAM"
    )


def test_what_an_override_may_say_is_told_key_by_key() -> None:
    edit = Edit(
        (Placement("morning", 540, 30), Placement("evening", 1050, 60)), ("night",), Days(()), 2, (),
        "Elm", "12 Elm St", "https://x.example", "Hello", "Bring a pen",
    )  # fmt: skip
    assert edit_words(edit, "morning") == (
        "at 09:00, 30 min, on every treatment day, every 2 weeks, led by nobody, room 'Elm', "
        "location '12 Elm St', link 'https://x.example', name 'Hello', other notes"
    )
    assert edit_words(Edit(unplaced=("night",), every=1), "night") == "in the order of the day, every week"


def test_a_week_off_is_told(tmp_path: Path) -> None:
    text = PROGRAM.partition("closed:")[0].replace("weeks: 2, days: 3", "weeks: 2, days: [3, 0]")
    assert Site(tmp_path, text).lines("why", "2027-01-11", "PROGRAM") == [
        "week 2 of 5, week 2 of Intensive: program.yaml:17",
        "a week off of Intensive: program.yaml:17",
        "no sessions",
    ]


def test_default_treatment_days_are_no_line(tmp_path: Path) -> None:
    site = Site(tmp_path, PROGRAM.replace("treatment_days: [mon, wed, thu]\n", "").partition("closed:")[0])
    assert "Mon is one of its days (mon, wed, fri), the first of the treatment days" in site.lines(
        "why", "2027-01-04", "PROGRAM"
    )


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2027-01-04", "before the first day, Mon 11 Jan 2027: roster.yaml:2"),
        ("2027-01-26", "on hold from Mon 25 Jan 2027 to Tue 2 Feb 2027: roster.yaml:8"),
        ("2027-01-18", "Mon is none of its days (wed, thu), the first of their own days: roster.yaml:2"),
        ("2027-02-15", "Mon is none of its days (thu): program.yaml:20"),
        ("2027-02-26", "discharged: Thu 25 Feb 2027 was the last day: roster.yaml:10"),
    ],
)
def test_a_participants_day_without_sessions_says_why(site: Site, day: str, reason: str) -> None:
    assert site.lines("why", day, "PROGRAM", "--participant", "p-014")[-2:] == [reason, "no sessions"]


def test_an_absence_is_a_line_of_the_roster(site: Site) -> None:
    told = site.lines("why", "2027-01-20", "PROGRAM", "--participant", "p-014")
    assert "away on this day: no sessions, and the weeks run on: roster.yaml:7" in told
    assert told[-1] == "no sessions"


def test_what_a_participant_has_placed_and_moved_to_are_lines_of_the_roster(site: Site) -> None:
    assert (
        site.told("why", "2027-02-11", "PROGRAM", "--me", "p-014")
        == """\
Riverbend Evening IOP / p-014: Thu 11 Feb 2027
  week 4 of 6, week 1 of Step-down: program.yaml:18
  in Step-down since Wed 10 Feb 2027: roster.yaml:9
  their own days are wed, thu: roster.yaml:2
  Thu is one of its days (thu): program.yaml:20
  16:00-16:50  Individual therapy
    a session of the program: program.yaml:15
    at Thu 16:00, as placed for p-014: roster.yaml:5
  18:15-19:15  Process group
    a session of the program: program.yaml:11
    from Thu 28 Jan 2027 on: at 18:15, led by jlee: program.yaml:31
  19:15-19:45  Skills group
    a session of the program: program.yaml:12
    in Step-down: 30 min: program.yaml:23
    at 19:15, in the order of the day, after Process group: program.yaml:12
"""
    )


def test_each_track_of_each_cohort_is_told(tmp_path: Path) -> None:
    text = """\
program: Two
id: two
timezone: America/Chicago
starts: 2027-01-04
tracks: {morning: {day_starts: 9:00}, evening: {day_starts: 18:00}}
sessions:
  - {name: Group, minutes: 60}
phases:
  - {name: All, weeks: 1, days: [mon]}
"""
    told = Site(tmp_path, text).told("why", "2027-01-04", "PROGRAM")
    assert [line for line in told.splitlines() if line[:1] == "T" or "starts" in line] == [
        "Two / morning: Mon 4 Jan 2027",
        "    at 09:00, when the day starts: program.yaml:5",
        "Two / evening: Mon 4 Jan 2027",
        "    at 18:00, when the day starts: program.yaml:5",
    ]


@pytest.fixture
def rolling(tmp_path: Path) -> Site:
    roster = rows(f"id: p-1, track: evening, starts: 2026-12-28, {CHOSEN}")
    closed = "closed: [2027-01-20 Snow]\n"
    return Site(tmp_path, ROLLING.replace("ROSTER", "roster.yaml") + closed, roster)


def test_groups_of_a_rolling_program_have_weeks_and_no_phases(rolling: Site) -> None:
    assert rolling.told("why", "2027-01-20", "PROGRAM").split("\n\n")[1].splitlines() == [
        "Evening IOP / evening: Wed 20 Jan 2027",
        "  week 3 of the groups: program.yaml:4",
        "  17:30-18:30  Process group, does not take place",
        "    a session of the program: program.yaml:9",
        "    at 17:30, when the day starts: program.yaml:7",
        "    closed (Snow): program.yaml:20",
    ]
    assert rolling.lines("why", "2027-01-23", "PROGRAM")[1:3] == [
        "no session of the groups meets on Sat",
        "no sessions",
    ]
    assert rolling.lines("why", "2028-01-22", "PROGRAM")[:2] == [
        "after the last day that is published, Wed 30 Jun 2027",
        "no sessions",
    ]


def test_a_participant_of_a_rolling_program_may_be_there_before_the_groups(rolling: Site) -> None:
    assert rolling.lines("why", "2027-01-01", "PROGRAM", "--participant", "p-1") == [
        "week 1, week 1 of Intensive: program.yaml:16",
        "before the groups meet, from Mon 4 Jan 2027 on: program.yaml:4",
        "no sessions",
    ]


def test_the_chosen_one_of_several_is_a_line_of_the_roster(tmp_path: Path) -> None:
    text = PROGRAM.partition("closed:")[0].replace("minutes: 60}", "minutes: 60, one_of: Talk}", 1)
    text = text.replace("minutes: 45}", "minutes: 45, one_of: Talk}")
    roster = rows("id: p-1, choose: {Talk: Skills group}, place: {Individual therapy: {at: thu 16:00}}")
    told = sessions(Site(tmp_path, text, roster), "2027-01-04", "--participant", "p-1")
    assert list(told)[1:] == ["17:30-18:15  Skills group"]
    assert told["17:30-18:15  Skills group"][1] == "chosen for p-1 as Talk: roster.yaml:2"


def test_a_move_within_the_day_is_told_with_its_former_time(site: Site) -> None:
    site.edit("changes:\n", "changes:\n  - {on: 2027-01-06, session: Skills group, at: '19:00'}\n")
    assert "19:00-19:45  Skills group, moved from 18:30" in sessions(site, "2027-01-06")


def test_json_is_one_document_with_every_line(site: Site) -> None:
    document = json.loads(site.told("why", "2027-01-11", "PROGRAM", "--json"))
    assert document["schema"] == "iopcal-why-1"
    assert (document["id"], document["date"]) == ("riverbend", "2027-01-11")
    (path,) = document["paths"]
    assert path["participant"] == "-"
    assert path["sessions"][1] == {
        "session": "skills-group",
        "name": "Skills group",
        "status": "cancelled",
        "planned_for": "2027-01-11",
        "start": "2027-01-11T18:30:00-06:00",
        "end": "2027-01-11T19:15:00-06:00",
        "words": "18:30-19:15  Skills group, cancelled",
        "reasons": [
            {"words": "a session of the program", "file": "program.yaml", "line": 12},
            {
                "words": "at 18:30, in the order of the day, after Process group",
                "file": "program.yaml",
                "line": 12,
            },
            {"words": "on this day: cancelled (Leader ill)", "file": "program.yaml", "line": 29},
        ],
    }


def test_an_unknown_participant_or_a_broken_program_is_a_problem(site: Site) -> None:
    told = site.told("why", "2027-01-11", "PROGRAM", "--participant", "p-15", code=1)
    assert (
        told == "error[IOP440]: 'p-15' is no participant of the program\n = help: did you mean 'p-015'?\n\n"
    )
    site.edit("minutes: 60}", "minuts: 60}")
    assert "IOP102" in site.told("why", "2027-01-11", "PROGRAM", code=1)


@pytest.mark.parametrize("words", [["soon", "PROGRAM"], ["2027-01-11"], ["PROGRAM", "2027-01-11"]])
def test_a_wrong_call_is_a_matter_of_usage(site: Site, words: list[str]) -> None:
    assert site.run("why", *words).exit_code == 2


def test_whoever_begins_after_the_last_phase_is_told_so(tmp_path: Path) -> None:
    program = """\
program: Short
id: short
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
level: outpatient
roster: roster.yaml
sessions:
  - {name: Group, minutes: 60}
phases:
  - {name: First, until: 2027-01-20, days: mon}
  - {name: Second, until: 2027-02-20, days: mon}
"""
    site = Site(tmp_path, program, "participants: [{id: p-1, starts: 2027-06-01}]\n")
    assert site.told("why", "2027-06-02", "PROGRAM", "--participant", "p-1") == (
        "Short / p-1: Wed 2 Jun 2027\n"
        "  every phase is over before the first day: roster.yaml:1\n"
        "  no sessions\n"
    )
    assert (
        site.told("show", "PROGRAM", "--participant", "p-1")
        == "Short / p-1    no sessions\n  next phase: none\n"
    )


def test_a_session_at_another_time_in_each_track_is_told_by_the_time_of_the_track(tmp_path: Path) -> None:
    program = """\
program: Tracks
id: tracks
timezone: America/Chicago
starts: 2027-01-04
level: outpatient
tracks: {am: {title: Mornings}, pm: {title: Evenings}}
sessions:
  - {name: Group, at: {am: 09:00-10:00, pm: 18:00-19:00}}
phases:
  - {name: First, weeks: 2, days: mon}
"""
    told = Site(tmp_path, program, "participants: []\n").told("why", "2027-01-04", "PROGRAM")
    assert "  09:00-10:00  Group\n    a session of the program: program.yaml:8\n" in told
    assert "  18:00-19:00  Group\n" in told
