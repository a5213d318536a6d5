"""What the checks look at, and what they let pass; their words are in `tests/problems/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from iopcal.checks import check, names
from tests.command import CONFIGS, ROOT, run
from tests.drafting import expanded
from tests.rostered import laid_out

HEAD = "program: P\nid: p\ntimezone: America/Chicago\nstarts: 2027-01-04\nday_starts: '17:30'\n"
GROUP = "sessions: [{name: Group, minutes: 60}]\n"
TWO_TRACKS = "tracks:\n  morning: {day_starts: '9:00'}\n  evening: {}\n"
ALARMS = {
    "lakeside-evening": ["IOP204"],  # Christmas Eve
    "mental-health-day-tracks": ["IOP204", "IOP204"],  # 7 h 30 as published, and a holiday
    "riverbend-evening": ["IOP204", "IOP204", "IOP204", "IOP211"],  # the taper goes below nine hours
}


def objections(body: str) -> list[tuple[str, str]]:
    """Code and message of what the checks object to in a sound program."""
    return [(problem.code, problem.message) for problem in check(*expanded(HEAD + body))]


def codes(body: str) -> list[str]:
    return [code for code, _ in objections(body)]


PROGRAMS = sorted(path for path in CONFIGS.glob("*.yaml") if path.stem != "sync")


def test_a_file_in_the_folder_is_a_check() -> None:
    files = (ROOT / "iopcal" / "checks").glob("[a-z]*.py")
    assert list(names()) == sorted(file.stem for file in files)


@pytest.mark.parametrize("config", PROGRAMS, ids=lambda path: path.stem)
def test_published_schedules_give_no_alarm_but_those_that_are_true(config: Path) -> None:
    found = [problem.code for problem in check(*expanded(config.read_text(encoding="utf-8")))]
    assert sorted(found) == ALARMS.get(config.stem, [])


def test_a_warning_fails_a_check_only_if_it_is_strict(tmp_path: Path) -> None:
    file = tmp_path / "program.yaml"
    file.write_text(f"{HEAD}level: iop\n{GROUP}phases: [{{name: Main, weeks: 1}}]\n", encoding="utf-8")
    assert run("check", file).exit_code == 0
    assert run("check", file, "--strict").exit_code == 1


def test_nothing_is_checked_in_a_program_with_errors(tmp_path: Path) -> None:
    file = tmp_path / "program.yaml"
    short = f"{HEAD}level: iop\n{GROUP}phases: [{{name: Main, weeks: 1}}]\n"
    file.write_text(f"{short}closed: [2028-01-01 New Year]\n", encoding="utf-8")
    result = run("check", "--format", "concise", file)
    assert [line.split("[")[1][:6] for line in result.stdout.splitlines()] == ["IOP306"]


def test_without_a_level_nothing_is_asked_of_a_week() -> None:
    assert codes(f"{GROUP}phases: [{{name: Main, weeks: 2, days: 1}}]\n") == []


def test_the_level_of_a_phase_goes_before_that_of_the_program() -> None:
    body = "level: php\nsessions: [{name: Group, minutes: 100}]\n"
    assert codes(f"{body}phases: [{{name: Main, weeks: 1, days: 1, level: outpatient}}]\n") == []


def test_one_phase_of_a_shared_week_without_a_level_asks_nothing_of_it() -> None:
    body = (
        f"{GROUP}phases:\n  - {{name: Main, until: 2027-01-06, level: iop}}\n  - {{name: After, weeks: 1}}\n"
    )
    assert codes(body) == []


def test_a_week_shared_with_a_phase_of_more_hours_is_well_with_fewer() -> None:
    body = "sessions: [{name: Group, minutes: 180}]\nphases:\n"
    first = "  - {name: Main, until: 2027-01-06, days: [mon, tue, wed], level: iop}\n"
    second = "  - {name: More, until: 2027-01-10, days: [thu, fri], level: php}\n"
    assert codes(body + first + second) == []  # 15 h: of php too few, of iop enough


def test_a_session_moved_beyond_the_program_is_held_against_no_level() -> None:
    body = f"level: outpatient\n{GROUP}phases: [{{name: Main, weeks: 1, days: 2}}]\n"
    moved = "changes: [{on: 2027-01-04, session: Group, to: 2027-03-01, at: '9:00', minutes: 700}]\n"
    assert codes(body + moved) == []


def test_a_week_can_have_too_many_hours_and_too_many_days_and_is_told_once() -> None:
    body = "level: iop\nsessions: [{name: Group, minutes: 240}]\n"
    assert objections(f"{body}phases: [{{name: Main, weeks: 1, days: mon-sat}}]\n") == [
        ("IOP204", "week of 2027-01-04: 24 h, more than 19 h")
    ]


def test_weeks_with_a_good_one_between_them_are_told_apart() -> None:
    body = "level: iop\nsessions: [{name: Group, minutes: 180}, {name: Extra, minutes: 60, weeks: 2}]\n"
    closed = "closed: [2027-01-04 Snow, 2027-01-18 Snow]\n"
    assert objections(f"{body}phases: [{{name: Main, weeks: 3, days: 3}}]\n{closed}") == [
        ("IOP204", "week of 2027-01-04: 6 h of 9 h, one closed day"),
        ("IOP204", "week of 2027-01-18: 6 h of 9 h, one closed day"),
    ]


def test_intensity_that_rises_is_told_once_for_all_tracks() -> None:
    phases = "phases: [{name: One, weeks: 1, days: 1}, {name: Two, weeks: 1, days: 2}]\n"
    assert codes(TWO_TRACKS + GROUP + phases) == ["IOP207"]


def test_intensity_that_falls_and_comes_back_is_told() -> None:
    phases = "phases: [{name: One, weeks: 3, days: [3, 2, 3]}, {name: Two, weeks: 1, days: 2}]\n"
    assert objections(GROUP + phases) == [
        ("IOP207", "phase 'One' goes up from 2 days a week to 3 in its week 3")
    ]


def test_a_taper_upwards_is_a_rise_and_not_flat() -> None:
    assert codes(f"{GROUP}phases: [{{name: Main, weeks: 4, days: 2 -> 4}}]\n") == ["IOP207"]


def test_a_break_is_told_once_for_all_tracks_and_days() -> None:
    sessions = "sessions: [{name: Group, minutes: 60}, {name: Break, kind: break, minutes: 10}]\n"
    assert objections(f"{TWO_TRACKS}{sessions}phases: [{{name: Main, weeks: 2, days: 2}}]\n") == [
        ("IOP208", "Mon 4 Jan 2027 ends with the break 'Break'")
    ]


def test_breaks_at_both_ends_of_a_day_are_two() -> None:
    sessions = (
        "sessions: [{name: Arriving, kind: break, minutes: 5}, {name: Group, minutes: 60}, "
        "{name: Leaving, kind: break, minutes: 5}]\n"
    )
    assert [message[15:] for _, message in objections(f"{sessions}phases: [{{name: Main, weeks: 1}}]\n")] == [
        "begins with the break 'Arriving'",
        "ends with the break 'Leaving'",
    ]


def test_a_long_session_overlaps_with_all_that_begin_in_it() -> None:
    sessions = (
        "sessions: [{name: Long, minutes: 180}, {name: First, minutes: 30, at: '18:00'}, "
        "{name: Second, minutes: 30, at: '19:00'}, {name: Third, minutes: 30, at: '20:30'}]\n"
    )
    found = objections(f"{sessions}phases: [{{name: Main, weeks: 2}}]\n")
    assert [message.partition(" begins")[0] for _, message in found] == ["'First'", "'Second'"]


def test_sessions_of_two_paths_never_overlap() -> None:
    tracks = "tracks:\n  morning: {day_starts: '17:00'}\n  evening: {}\n"
    cohorts = "cohorts: [{id: one}, {id: two, starts: 2027-01-06}]\n"
    assert codes(f"{tracks}{cohorts}{GROUP}phases: [{{name: Main, weeks: 2}}]\n") == []


def test_an_added_session_of_an_open_group_overlaps_with_what_its_phases_have() -> None:
    sessions = "sessions: [{name: Group, minutes: 60, phases: One}]\n"
    phases = "phases: [{name: One, weeks: 1, days: [mon]}, {name: Two, weeks: 1, days: [mon]}]\n"
    found = {
        key: _of_an_open_group(
            f"admission: rolling\nuntil: 2027-01-10\n{sessions}{phases}changes: "
            f"[{{on: 2027-01-04, add: Tea, at: '18:00', minutes: 60{key}}}]\n"
        )
        for key in ("", ", phases: One", ", phases: Two")
    }
    told = {key: [message for code, message in each if code == "IOP209"] for key, each in found.items()}
    words = "'Tea' begins at 18:00 on Mon 4 Jan 2027, before 'Group' ends at 18:30"
    assert told == {"": [words], ", phases: One": [words], ", phases: Two": []}


def _of_an_open_group(body: str) -> list[tuple[str, str]]:
    program, expansion = laid_out(HEAD + body)
    return [(problem.code, problem.message) for problem in check(program, expansion)]


def test_what_is_not_held_overlaps_with_nothing() -> None:
    sessions = "sessions: [{name: Group, minutes: 60}, {name: Other, minutes: 60, at: '18:00', days: mon}]\n"
    change = "changes: [{on: 2027-01-04, session: Other, cancel: true}]\n"
    assert codes(f"{sessions}phases: [{{name: Main, weeks: 1}}]\n{change}") == []


def test_two_meetings_of_the_staff_overlap() -> None:
    sessions = (
        "sessions: [{name: Group, minutes: 60}, {name: Team, kind: staffing, minutes: 60, at: '17:45'}, "
        "{name: Handover, kind: staffing, minutes: 30, at: '18:00'}]\n"
    )
    assert objections(f"{sessions}phases: [{{name: Main, weeks: 1}}]\n") == [
        ("IOP209", "'Handover' begins at 18:00 on Mon 4 Jan 2027, before 'Team' ends at 18:45")
    ]


def test_a_session_only_for_phases_that_are_left_out_is_told_by_the_phase() -> None:
    sessions = "sessions: [{name: Group, minutes: 60}, {name: Alumni, minutes: 60, phases: After}]\n"
    phases = "phases: [{name: Main, weeks: 4}, {name: After, until: 2027-01-15}]\n"
    assert codes(sessions + phases) == ["IOP215"]


def test_a_session_of_a_track_that_no_cohort_runs_in_never_takes_place() -> None:
    sessions = "sessions: [{name: Group, minutes: 60}, {name: Dawn, minutes: 60, tracks: morning}]\n"
    body = (
        f"{TWO_TRACKS}cohorts: [{{id: one, track: evening}}]\n{sessions}phases: [{{name: Main, weeks: 1}}]\n"
    )
    assert objections(body) == [("IOP210", "'Dawn' never takes place")]


def test_a_phase_that_never_meets_has_none_of_the_sessions_it_names() -> None:
    sessions = "sessions: [{name: Group, minutes: 60}]\n"
    phases = (
        "phases: [{name: Main, weeks: 1}, {name: Rest, until: 2027-01-16, days: sun, sessions: [Group]}]\n"
    )
    (problem,) = check(*expanded(HEAD + sessions + phases))
    assert problem.message == "'Group' never takes place in phase 'Rest'"
    assert problem.hint == "it is set for every treatment day, but phase 'Rest' meets on no day"


def test_a_phase_counts_as_left_out_from_the_first_cohort_to_arrive() -> None:
    cohorts = "cohorts: [{id: late, starts: 2027-03-01}, {id: early}]\n"
    phases = "phases: [{name: Main, weeks: 1}, {name: After, until: 2027-01-08}, {name: Last, weeks: 1}]\n"
    assert objections(cohorts + GROUP + phases) == [
        ("IOP215", "phase 'After' is left out: it ends on Fri 8 Jan 2027, and would begin on Mon 11 Jan 2027")
    ]


def test_topics_are_told_once_for_all_paths_and_weekdays() -> None:
    topics = "topics: {mon: [One, Two], wed: [One, Two, Three]}"
    sessions = f"sessions: [{{name: Group, minutes: 60, {topics}}}]\n"
    assert codes(f"{TWO_TRACKS}{sessions}phases: [{{name: Main, weeks: 1, days: 2}}]\n") == ["IOP211"]


def test_a_week_without_a_held_occurrence_does_not_move_weekly_topics_on() -> None:
    sessions = "sessions: [{name: Group, minutes: 60, topics: [One, Two], advance: week}]\n"
    phases = "phases: [{name: Main, weeks: 3, days: [mon, wed]}]\n"
    assert codes(f"{sessions}{phases}closed: [{{on: 2027-01-11..2027-01-13, why: Snow}}]\n") == ["IOP216"]


def test_a_session_that_no_weekday_list_has_topics_for_is_no_curriculum() -> None:
    sessions = "sessions: [{name: Group, minutes: 60, topics: {mon: [One]}}]\n"
    assert codes(f"{sessions}phases: [{{name: Main, weeks: 3, days: [mon, wed]}}]\n") == []
