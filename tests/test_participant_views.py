"""`iopcal show` of one participant: weeks, the next phase, holds and absences, agenda, sessions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.participant_site import Site
from tests.people_text import CHOSEN, ROLLING, rows

WHO = ("--participant", "p-014")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_participants_weeks_stand_against_what_their_levels_ask(site: Site) -> None:
    assert (
        site.told("show", "PROGRAM", *WHO)
        == """\
Riverbend Evening IOP / p-014    24 sessions in 6 weeks, Tue 12 Jan 2027 - Thu 25 Feb 2027, America/Chicago
          Intensive   Step-down  Step-down
  week       1    2      3          4    5    6
  days       1*   1      1          1    1    1
  hours    3.6* 3.6    3.8        3.3  3.3  2.3
  needed     9!   9!    <9         <9   <9   <9
  * closed: Wed 13 Jan (Snow)
  ! not the hours that the level of the phase asks
  next phase: Step-down, from Wed 3 Feb 2027 on
  away: Wed 20 Jan 2027; no sessions, and the weeks run on
  on hold: Mon 25 Jan 2027 - Tue 2 Feb 2027; 9 days that the weeks leave out
  discharged: Thu 25 Feb 2027 is the last day
"""
    )
    assert site.told("show", "totals", "PROGRAM", *WHO) == site.told("show", "PROGRAM", *WHO)


@pytest.mark.parametrize(
    ("today", "told"),
    [
        ("2027-02-02", "Step-down, from Wed 3 Feb 2027 on"),
        ("2027-02-03", "Step-down, from Wed 10 Feb 2027 on"),
        ("2027-02-10", "none; the last day is Thu 25 Feb 2027"),
        ("2027-02-26", "none; the last day was Thu 25 Feb 2027"),
    ],
)
def test_the_phase_that_comes_next_goes_by_today(site: Site, today: str, told: str) -> None:
    assert f"  next phase: {told}\n" in site.told("show", "PROGRAM", *WHO, "--today", today)


def test_a_restart_begins_weeks_anew_beside_what_was_before(tmp_path: Path) -> None:
    roster = "participants:\n  - {id: p-1, path: [{on: 2027-01-11, phase: Intensive}]}\n"
    site = Site(tmp_path, roster=roster)
    site.edit("  - {name: Individual therapy, kind: individual, minutes: 50}\n", "")
    assert site.told("show", "PROGRAM", "--participant", "p-1").splitlines()[1:5] == [
        "          Intensive  Intensive   Step-down",
        "  week       1          1    2      3    4    5",
        "  days       3          2*   2*     2    2    2",
        "  hours    6.2        3.8* 4.5*   4.5  4.5    4",
    ]


def test_a_change_of_track_is_told(tmp_path: Path) -> None:
    roster = rows(
        f"id: p-1, track: evening, starts: 2027-01-11, {CHOSEN}, path: [{{on: 2027-02-01, track: morning}}]"
    )
    site = Site(tmp_path, ROLLING.replace("ROSTER", "roster.yaml"), roster)
    told = site.told("show", "PROGRAM", "--participant", "p-1")
    assert "  to track Early birds: from Mon 1 Feb 2027 on\n" in told


def test_a_hold_with_a_change_of_track_may_outlast_a_phase_that_tapers(tmp_path: Path) -> None:
    text = """\
program: Small IOP
id: small
timezone: America/Chicago
starts: 2027-01-04
roster: roster.yaml
tracks: {morning: {day_starts: 9:00}, evening: {day_starts: 17:30}}
sessions: [{name: Group, minutes: 60}]
phases:
  - {name: One, until: 2027-01-17, days: 3 -> 1}
  - {name: Two, weeks: 1, days: 1}
"""
    facts = "{on: 2027-01-10..2027-01-30, hold: true}, {on: 2027-01-28, track: evening}"
    site = Site(tmp_path, text, rows(f"id: p-1, track: morning, path: [{facts}]"))
    assert site.told("show", "agenda", "2027-01-09", "PROGRAM", "--participant", "p-1").splitlines()[1:] == [
        "on hold: Sun 10 Jan 2027 - Sat 30 Jan 2027",
        "Mon 1 Feb 2027",
        "  17:30-18:30  Group",
    ]


def test_the_last_phase_without_an_end_is_followed_by_none(tmp_path: Path) -> None:
    roster = rows(f"id: p-1, track: evening, starts: 2027-01-11, {CHOSEN}")
    text = ROLLING.replace("ROSTER", "roster.yaml").replace(
        "  - {name: Summer, until: 2027-08-31, days: 2}\n", ""
    )
    told = Site(tmp_path, text, roster).told(
        "show", "PROGRAM", "--participant", "p-1", "--today", "2027-04-01"
    )
    assert "  next phase: none; the last phase has no end\n" in told


def test_somebody_without_sessions_is_told_so(tmp_path: Path) -> None:
    facts = "{on: 2027-01-04..2027-01-05, away: true}, {on: 2027-01-05, discharge: true}"
    roster = f"participants:\n  - {{id: p-1, path: [{facts}]}}\n"
    told = Site(tmp_path, roster=roster).told("show", "PROGRAM", "--participant", "p-1")
    assert told.splitlines()[0] == "Riverbend Evening IOP / p-1    no sessions"


def test_a_week_is_a_grid_with_its_hold(site: Site) -> None:
    site.edit('  - {name: Alumni, minutes: 30, monthly: 1st sat, at: "10:00"}\n', "")
    assert (
        site.told("show", "week", "2027-02-04", "PROGRAM", *WHO)
        == """\
Riverbend Evening IOP / p-014          week 3, Step-down          2 h 20 counted
on hold: Mon 25 Jan 2027 - Tue 2 Feb 2027
        Mon 1                 Tue 2                 Wed 3                 Thu 4                 Fri 5
16:00                                                                     Individual therapy
18:15                                                                     Process group
19:15                                                                     Skills group
                                                                          ends 19:45
"""
    )


def test_a_week_on_hold_is_told_in_words(site: Site) -> None:
    assert (
        site.told("show", "week", "2027-01-27", "PROGRAM", *WHO)
        == """\
Riverbend Evening IOP / p-014: nothing in the week of Mon 25 Jan 2027
on hold: Mon 25 Jan 2027 - Tue 2 Feb 2027
"""
    )


def test_without_a_date_it_is_this_week_or_the_first(site: Site) -> None:
    assert "Mon 11 " in site.told("show", "week", "PROGRAM", *WHO)
    assert "Mon 15 " in site.told("show", "week", "PROGRAM", *WHO, "--today", "2027-02-18")


def test_the_needed_hours_of_the_week_stand_in_its_heading(site: Site) -> None:
    heading = site.told("show", "week", "2027-01-18", "PROGRAM", *WHO).splitlines()[0]
    assert (
        heading
        == "Riverbend Evening IOP / p-014          week 2, Intensive          3 h 35 counted, 9 h needed"
    )


def test_the_agenda_tells_holds_and_absences_where_they_begin(site: Site) -> None:
    assert (
        site.told("show", "agenda", "2027-01-20", "PROGRAM", *WHO).partition("Tue 9 Feb 2027\n")[0]
        == """\
Riverbend Evening IOP / p-014
away: Wed 20 Jan 2027
Thu 21 Jan 2027
  16:00-16:50  Individual therapy
  17:30-18:30  Process group
  18:30-19:15  Skills group
on hold: Mon 25 Jan 2027 - Tue 2 Feb 2027
Thu 4 Feb 2027
  16:00-16:50  Individual therapy
  18:15-19:15  Process group
  19:15-19:45  Skills group
Sat 6 Feb 2027
  10:00-10:30  Alumni
"""
    )
    assert site.told("show", "agenda", "PROGRAM", *WHO).splitlines()[-5:-3] == [
        "discharged: Thu 25 Feb 2027, the last day",
        "Thu 25 Feb 2027",
    ]
    plain = site.told("show", "week", "2027-01-20", "PROGRAM", *WHO, "--plain").splitlines()
    assert plain[:5] == [
        "Riverbend Evening IOP / p-014",
        "Tue 19 Jan 2027",
        "  19:30-20:30  Family night",
        "away: Wed 20 Jan 2027",
        "Thu 21 Jan 2027",
    ]


def test_sessions_have_the_same_columns_and_their_id_as_the_path(site: Site) -> None:
    lines = site.told("show", "sessions", "PROGRAM", *WHO, "--csv").splitlines()
    assert lines[0] == "start,end,minutes,track,phase,session,topic,status,counted,path"
    assert "20270121T220000Z,20270121T225000Z,50,-,Intensive,Individual therapy,,confirmed,yes,p-014" in lines
    document = json.loads(site.told("show", "sessions", "PROGRAM", *WHO, "--json"))
    assert {session["path"] for session in document["sessions"]} == {"p-014"}
    assert len(document["sessions"]) == len(lines) - 1


def test_json_is_one_document_with_weeks_next_phase_and_facts(site: Site) -> None:
    document = json.loads(site.told("show", "PROGRAM", *WHO, "--json"))
    assert document["schema"] == "iopcal-participant-1"
    assert (document["id"], document["participant"], document["track"]) == ("riverbend", "p-014", "-")
    assert document["weeks"][2] == {
        "week": 3,
        "first": "2027-02-03",
        "last": "2027-02-09",
        "phase": "Step-down",
        "level": "outpatient",
        "days": 1,
        "minutes": 230,
        "needed": "under 9",
        "closed": [],
    }
    assert document["weeks"][0]["closed"] == ["2027-01-13"]
    assert document["next_phase"] == {"phase": "Step-down", "date": "2027-02-03"}
    assert document["facts"] == [
        {"kind": "away", "first": "2027-01-20", "last": "2027-01-20"},
        {"kind": "hold", "first": "2027-01-25", "last": "2027-02-02"},
        {"kind": "discharge", "first": "2027-02-25", "last": "2027-02-25"},
    ]
    agenda = json.loads(site.told("show", "week", "2027-01-20", "PROGRAM", *WHO, "--json"))
    assert (agenda["schema"], agenda["participant"], len(agenda["sessions"])) == (
        "iopcal-agenda-1",
        "p-014",
        4,
    )


@pytest.mark.parametrize("view", [[], ["totals"], ["week"], ["agenda"], ["sessions"], ["hours"]])
def test_an_unknown_participant_is_a_problem_with_the_nearest_id(site: Site, view: list[str]) -> None:
    result = site.run("show", *view, "PROGRAM", "--participant", "p-14")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[IOP440]: 'p-14' is no participant of the program\n")
    assert "did you mean 'p-014'?" in result.stderr
    document = json.loads(site.run("show", *view, "PROGRAM", "--participant", "somebody", "--json").stdout)
    assert document["problems"][0]["code"] == "IOP440"
    assert document["problems"][0]["hint"] == "look for the id in the roster"


def test_what_is_wrong_for_the_participant_stops_it(site: Site) -> None:
    site.roster.write_text("participants:\n  - {id: p-1, place: {Individual therapy: {at: thu 23:30}}}\n")
    told = site.told("show", "PROGRAM", "--participant", "p-1", code=1)
    assert "midnight" in told
    assert "IOP" in site.told("show", "hours", "PROGRAM", code=1)


@pytest.mark.parametrize("view", [[], ["totals"], ["week"], ["agenda"], ["sessions"], ["hours"]])
@pytest.mark.parametrize("who", [[], ["--participant", "p-1"]])
@pytest.mark.parametrize("form", [[], ["--json"], ["--plain"]])
def test_every_view_shows_a_rolling_program_with_a_roster(
    tmp_path: Path, view: list[str], who: list[str], form: list[str]
) -> None:
    roster = rows(
        f"id: p-1, track: evening, starts: 2026-12-28, {CHOSEN}",
        "id: p-2, track: morning, starts: 2027-02-01",
    )
    told = Site(tmp_path, ROLLING.replace("ROSTER", "roster.yaml"), roster).run(
        "show", *view, "PROGRAM", *who, *form
    )
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout
    if form == ["--json"]:
        assert json.loads(told.stdout)["id"] == "evening-iop"


def test_check_tells_what_is_wrong_for_participants_and_lines_that_touch_nobody(site: Site) -> None:
    site.roster.write_text("participants:\n  - {id: p-1}\n")
    site.edit("changes:\n", "changes:\n  - {on: 2027-01-06, session: Individual therapy, cancel: true}\n")
    told = site.told("check", "PROGRAM", "--format", "concise")
    assert "roster.yaml:2:10: warning[IOP411]: p-1: no time is placed for 'Individual therapy'" in told
    assert "program.yaml:29:5: warning[IOP413]: no participant has 'Individual therapy'" in told
    assert site.run("check", "PROGRAM", "--strict").exit_code == 1
    site.edit("changes:\n", "changes:\n  - {on: 2027-01-09, session: Process group, cancel: true}\n")
    told = site.told("check", "PROGRAM", "--format", "concise", code=1)
    assert "program.yaml:29:5: error[IOP307]: 'Process group' does not meet on Sat 9 Jan 2027" in told
