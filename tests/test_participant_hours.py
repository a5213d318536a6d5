"""`iopcal show hours`: the hours of every week of every participant, against what the level asks."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from iopcal.views.participant_weeks import asked_words, decimal_hours
from tests.participant_site import PROGRAM, Site
from tests.people_text import CHOSEN, ROLLING, rows

HEAD = "participant,week,phase,level,sessions,minutes,hours,needed,verdict,why"
P14 = [
    "p-014,2027-01-11,Intensive,iop,4,215,3.58,9 to 19,short,one closed day",
    "p-014,2027-01-18,Intensive,iop,4,215,3.58,9 to 19,short,1 day away",
    "p-014,2027-01-25,,,0,0,0,,hold,7 days on hold",
    "p-014,2027-02-01,Step-down,outpatient,4,170,2.83,under 9,ok,2 days on hold",
    "p-014,2027-02-08,Step-down,outpatient,4,200,3.33,under 9,ok,",
    "p-014,2027-02-15,Step-down,outpatient,4,200,3.33,under 9,ok,",
    "p-014,2027-02-22,Step-down,outpatient,4,200,3.33,under 9,ok,a partial last week",
]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def hours(site: Site, *words: str) -> list[str]:
    return site.told("show", "hours", "PROGRAM", "--csv", *words).splitlines()


def test_calendar_weeks_of_a_hold_and_of_an_absence_are_told(site: Site) -> None:
    assert hours(site, "--participant", "p-014") == [HEAD, *P14]


def test_everybody_is_told_in_the_order_of_the_roster(site: Site) -> None:
    lines = hours(site)
    assert lines[:8] == [HEAD, *P14]
    assert [line.partition(",")[0] for line in lines[8:]] == ["p-015"] * 5
    assert lines[8] == "p-015,2027-01-04,Intensive,iop,8,425,7.08,9 to 19,short,"


def test_own_weeks_leave_out_a_hold(site: Site) -> None:
    site.edit("level: iop\nholidays", "level: iop\nhours: {week: own}\nholidays")
    assert hours(site, "--participant", "p-014")[1:] == [
        *P14[:2],
        "p-014,2027-02-03,Step-down,outpatient,5,230,3.83,under 9,ok,",
        "p-014,2027-02-10,Step-down,outpatient,4,200,3.33,under 9,ok,",
        "p-014,2027-02-17,Step-down,outpatient,4,200,3.33,under 9,ok,",
        "p-014,2027-02-24,Step-down,outpatient,3,140,2.33,under 9,ok,a partial last week",
    ]


def test_own_weeks_shift_by_a_hold_in_the_middle_of_one(tmp_path: Path) -> None:
    roster = "participants:\n  - {id: p-1, path: [{on: 2027-01-06..2027-01-07, hold: true}]}\n"
    site = Site(tmp_path, _plain("hours: {week: own}\n"), roster)
    assert [line.split(",")[1] for line in hours(site)[1:]] == ["2027-01-04", "2027-01-13", "2027-01-20"]


def test_a_restart_begins_own_weeks_anew(tmp_path: Path) -> None:
    roster = "participants:\n  - {id: p-1, path: [{on: 2027-01-06, phase: Intensive}]}\n"
    site = Site(tmp_path, _plain("hours: {week: own}\n"), roster)
    assert [line.split(",")[1:6:4] for line in hours(site)[1:]] == [
        ["2027-01-04", "60"], ["2027-01-06", "180"], ["2027-01-13", "180"], ["2027-01-20", "180"],
    ]  # fmt: skip
    assert hours(site)[1].endswith(",a partial week")


def _plain(hours: str, level: str = "level: iop\n", minutes: int = 60) -> str:
    """Returns a program of 3 weeks with one session a day, three times a week."""
    return f"""\
program: Plain
id: plain
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
roster: roster.yaml
{level}{hours}sessions:
  - {{name: Group, minutes: {minutes}}}
phases:
  - {{name: Intensive, weeks: 3, days: [mon, wed, thu]}}
"""


ONE = "participants:\n  - {id: p-1}\n"


@pytest.mark.parametrize(
    ("method", "minutes", "told"),
    [
        ("clock", 250, "3,750,12.5,9 to 19,ok,"),
        ("fifty-minute-hour", 250, "3,900,15,9 to 19,ok,"),
        ("clock", 385, "3,1155,19.25,9 to 19,over,"),
        ("span", 170, "3,510,8.5,9 to 19,short,"),
    ],
)
def test_hours_are_counted_by_the_programs_method(
    tmp_path: Path, method: str, minutes: int, told: str
) -> None:
    site = Site(tmp_path, _plain(f"hours: {{count: {method}}}\n", minutes=minutes), ONE)
    assert hours(site)[1] == f"p-1,2027-01-04,Intensive,iop,{told}"


def test_weeks_from_sunday_are_told_with_their_sunday(tmp_path: Path) -> None:
    site = Site(tmp_path, _plain("hours: {week: sun-sat}\n"), ONE)
    assert [line.split(",")[1] for line in hours(site)[1:]] == [
        "2027-01-03", "2027-01-10", "2027-01-17", "2027-01-24",
    ]  # fmt: skip
    assert hours(site)[1].endswith("short,a partial first week")
    assert hours(site)[4] == "p-1,2027-01-24,Intensive,iop,0,0,0,9 to 19,short,a partial last week"


def test_without_a_level_there_is_no_verdict(tmp_path: Path) -> None:
    assert hours(Site(tmp_path, _plain("", level=""), ONE))[1] == "p-1,2027-01-04,Intensive,,3,180,3,,,"


def test_a_week_of_two_phases_keeps_to_what_one_of_them_allows(tmp_path: Path) -> None:
    text = _plain("") + "  - {name: Step-down, weeks: 1, days: [mon], level: outpatient}\n"
    roster = "participants:\n  - {id: p-1, path: [{on: 2027-01-14, phase: Step-down}]}\n"
    assert hours(Site(tmp_path, text, roster))[2] == (
        'p-1,2027-01-11,"Intensive, Step-down","iop, outpatient",2,120,2,up to 19,ok,'
    )


def test_a_rolling_program_is_told_from_its_first_day_on(tmp_path: Path) -> None:
    roster = rows(f"id: p-1, track: evening, starts: 2026-12-28, {CHOSEN}")
    site = Site(tmp_path, "level: iop\n" + ROLLING.replace("ROSTER", "roster.yaml"), roster)
    lines = hours(site)
    assert lines[1] == "p-1,2027-01-04,Intensive,iop,5,290,4.83,9 to 19,short,"
    assert lines[-1].endswith("a partial last week")


def test_a_cell_that_a_spreadsheet_would_calculate_begins_with_an_apostrophe(site: Site) -> None:
    site.edit("name: Intensive", "name: '=1+1'")
    site.edit("name: Step-down", "name: '@SUM(A1)'")
    site.edit("      Skills group: {minutes: 30}\n", "")
    site.edit("    sessions:\n", "")
    site.roster.write_text("participants:\n  - {id: p-1, place: {Individual therapy: {at: thu 16:00}}}\n")
    rows_told = list(csv.reader(io.StringIO(site.told("show", "hours", "PROGRAM", "--csv"))))
    assert {row[2] for row in rows_told[1:]} == {"'=1+1", "'@SUM(A1)"}
    assert "p-1\t2027-01-04\t=1+1\t" in site.told("show", "hours", "PROGRAM", "--tsv")


def test_a_terminal_sees_a_table_and_a_script_one_document(site: Site) -> None:
    table = site.told("show", "hours", "PROGRAM").splitlines()
    assert table[0].split() == HEAD.split(",")
    assert table[3].split() == ["p-014", "2027-01-25", "0", "0", "0", "hold", "7", "days", "on", "hold"]
    assert len(site.told("show", "hours", "PROGRAM", "--tsv").splitlines()) == len(table) - 1
    document = json.loads(site.told("show", "hours", "PROGRAM", "--json"))
    assert (document["schema"], document["id"]) == ("iopcal-hours-1", "riverbend")
    assert document["weeks"][3] == {
        "participant": "p-014",
        "week": "2027-02-01",
        "phases": ["Step-down"],
        "levels": ["outpatient"],
        "sessions": 4,
        "minutes": 170,
        "least_minutes": None,
        "most_minutes": 539,
        "verdict": "ok",
        "why": ["2 days on hold"],
    }


def test_a_program_without_participants_has_no_hours_to_show(tmp_path: Path) -> None:
    site = Site(tmp_path, PROGRAM.replace("roster: roster.yaml\n", ""))
    told = site.told("show", "hours", "PROGRAM", code=1)
    assert told.startswith("error[IOP440]: the program has no participants\n")


def test_hours_are_decimal_with_at_most_two_digits() -> None:
    assert [decimal_hours(minutes) for minutes in (0, 50, 60, 450, 600, 539)] == [
        "0", "0.83", "1", "7.5", "10", "8.98",
    ]  # fmt: skip


def test_what_a_level_asks_is_never_like_a_date() -> None:
    bounds = ((540, 1140), (1200, 0), (0, 539), (0, 1140), (0, 0))
    assert [asked_words(*each) for each in bounds] == ["9 to 19", "20 or more", "under 9", "up to 19", ""]
