"""Programs, tracks, cohorts, closed days and changes: what their lines are in the model."""

from __future__ import annotations

from datetime import date

import pytest

from iopcal.model import (
    Days,
    HolidayRule,
    HourRule,
    Placement,
    Range,
    Span,
)
from tests.program_text import problems_in, program_of, program_text, read_text, small

SAT = 5
WED = 2
TRACKS = "{morning: {day_starts: 9:00}, evening: {title: Late track}}"


def test_a_program_has_its_defaults_filled_in() -> None:
    """One unnamed track, one unnamed cohort in it."""
    program = small()
    assert (program.id, program.title, program.zone) == ("evening-iop", "Evening IOP", "America/Chicago")
    assert (program.treatment_days, program.day_starts, program.keep_cancelled) == ((0, 2, 4, 1, 3), 1050, 30)
    assert (program.level, program.hours, program.holidays, program.closures) == ("", HourRule(), (), ())
    (track,) = program.tracks
    assert track[:8] == ("", "", 1050, (0, 2, 4, 1, 3), "", "", "", None)
    (cohort,) = program.cohorts
    assert cohort[:3] == ("", date(2027, 1, 4), ("",))
    assert (program.phases[0].every, program.phases[0].only, program.phases[0].overrides) == (1, None, ())


def test_a_track_falls_back_to_the_program() -> None:
    """A room and a capacity are its own."""
    program = small(
        tracks="{am: {day_starts: 9:00, treatment_days: tue thu, room: R, capacity: 8}, late: {title: Late}}",
        treatment_days="[thu, mon]",
        location="12 Maple Street",
        link="https://x.example",
    )
    am, late = program.tracks
    assert am[:8] == (
        "am",
        "",
        540,
        (1, 3),
        "12 Maple Street",
        "https://x.example",
        "R",
        Range(1, 8),
    )
    assert late[:8] == ("late", "Late", 1050, (3, 0), "12 Maple Street", "https://x.example", "", None)


def test_a_cohort_starts_with_the_program_and_runs_in_all_tracks_unless_it_says_otherwise() -> None:
    """A track is named by its id or title."""
    cohorts = ["{id: spring, starts: 2027-03-01, track: late TRACK}", "{id: summer}"]
    found = small(tracks=TRACKS, cohorts=cohorts).cohorts
    assert [each[:3] for each in found] == [
        ("spring", date(2027, 3, 1), ("evening",)),
        ("summer", date(2027, 1, 4), ("morning", "evening")),
    ]


def test_a_level_of_the_program_holds_for_phases_without_their_own() -> None:
    """A step-down phase may go lower."""
    phases = ["{name: A, weeks: 1}", "{name: B, weeks: 1, level: outpatient}"]
    assert [each.level for each in small(level="iop", phases=phases).phases] == ["iop", "outpatient"]


def test_hours_say_how_minutes_are_counted() -> None:
    """What is not said is as always."""
    hours = small(hours="{count: span, meals: yes, week: own}").hours
    assert hours == HourRule("span", breaks=False, meals=True, week="own")


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("US", [("US", (), ())]),
        ("[US, us-il]", [("US", (), ()), ("US-IL", (), ())]),
        ("NO", [("NO", (), ())]),
        ("[]", []),
        (
            "{use: US, except: [Columbus Day, Veterans Day (observed)]}",
            [("US", (), ("columbus day", "veterans day"))],
        ),
        ("[{use: US, only: New Year's Day}, CA]", [("US", ("new year's day",), ()), ("CA", (), ())]),
    ],
)
def test_holidays_are_rules_of_regions(written: str, rules: list[tuple[object, ...]]) -> None:
    """Their names are kept as they are compared."""
    found = small(holidays=written).holidays
    assert all(isinstance(each, HolidayRule) for each in found)
    assert [each[:3] for each in found] == rules


def test_a_closed_day_may_be_a_date_with_its_reason() -> None:
    """Or a mapping, or a single line for a list of one."""
    rows = [
        "2027-01-18 Martin Luther King Day",
        "2027-02-01",
        "2027-12-24..2028-01-01 Winter break",
        "{on: 2027-03-01 .. 2027-03-02}",
    ]
    found = [(each.span, each.why) for each in small(closed=rows).closures]
    assert found == [
        (Span(date(2027, 1, 18), date(2027, 1, 18)), "Martin Luther King Day"),
        (Span(date(2027, 2, 1), date(2027, 2, 1)), ""),
        (Span(date(2027, 12, 24), date(2028, 1, 1)), "Winter break"),
        (Span(date(2027, 3, 1), date(2027, 3, 2)), ""),
    ]
    assert small(closed="2027-01-18 Snow").closures[0].why == "Snow"
    assert small(closed="[]").closures == ()


def test_a_closed_line_says_what_becomes_of_the_sessions() -> None:
    """Part of a day, by link, made up, extended, for some."""
    rows = [
        "{on: 2027-01-12, until: '10:00', from: '9:00', tracks: [morning, late track], cohorts: b}",
        "{on: 2027-01-13, instead: telehealth}",
        "{on: 2027-01-14..2027-01-15, make_up: 2027-01-16..2027-01-17, extend: yes}",
    ]
    part, link, made = small(tracks=TRACKS, cohorts=["{id: a}", "{id: b}"], closed=rows).closures
    assert (part.after, part.before, part.tracks, part.cohorts) == (540, 600, ("morning", "evening"), ("b",))
    assert (link.telehealth, link.extend, link.make_up, link.tracks) == (True, False, None, ())
    assert (made.extend, made.make_up) == (True, Span(date(2027, 1, 16), date(2027, 1, 17)))


@pytest.mark.parametrize(
    "body", ["- 2027-01-18 Snow\n", "closed:\n  - 2027-01-18 Snow\n", "closed: 2027-01-18 Snow\n"]
)
def test_closed_days_may_stand_in_a_file_of_their_own(body: str) -> None:
    """A bare list, or one key with the list; places are of that file."""
    (closure,) = program_of(program_text(closed="days.yaml"), days_yaml=body).closures
    assert (closure.why, closure.place.file) == ("Snow", "days.yaml")


def test_changes_may_stand_in_a_file_of_their_own() -> None:
    """A text is always a path here."""
    body = "changes:\n  - {on: 2027-01-12, session: Process group, cancel: yes}\n"
    (change,) = program_of(program_text(changes="c.yaml"), c_yaml=body).on_changes
    assert (change.cancel, change.place[:3]) == (True, ("c.yaml", 2, 5))


def test_a_change_of_single_days_names_what_becomes_other() -> None:
    """For the tracks of its line, or for all."""
    rows = [
        "{on: 2027-02-10, session: PROCESS group, cancel: true, why: Leader ill}",
        "{on: 2027-02-12, session: process-group, at: '18:00', to: 2027-02-13, lead: asmith}",
        "{on: 2027-02-17..2027-02-18, session: Process group, at: 18:00-19:30, tracks: evening, room: B}",
    ]
    cancel, move, late = small(tracks=TRACKS, changes=rows).on_changes
    assert (cancel.activity, cancel.cancel, cancel.why, cancel.to) == (
        "process-group",
        True,
        "Leader ill",
        None,
    )
    assert (move.cancel, move.to, move.edit.leads) == (False, date(2027, 2, 13), ("asmith",))
    assert move.edit.placements == (Placement("morning", 1080, None), Placement("evening", 1080, None))
    assert late.edit.placements == (Placement("evening", 1080, 90),)
    assert (late.span, late.tracks) == (Span(date(2027, 2, 17), date(2027, 2, 18)), ("evening",))
    assert (late.edit.room, late.edit.name, late.edit.location, late.edit.leads) == ("B", None, None, None)


def test_a_change_from_a_day_on_may_change_days_too() -> None:
    """Or end the session."""
    rows = [
        "{from: 2027-03-01, session: Process group, minutes: 45, days: any sat, every: 2, why: Fewer}",
        "{from: 2027-05-01, session: Process group, cancel: yes}",
    ]
    change, end = small(changes=rows).from_changes
    assert (change.first, change.activity, change.why) == (date(2027, 3, 1), "process-group", "Fewer")
    assert change.edit.placements == (Placement("", None, 45),)
    assert (change.edit.days, change.edit.every) == (Days((SAT,), any=True), 2)
    assert (end.cancel, end.edit.placements) == (True, ())


def test_an_added_session_is_a_session_of_its_day() -> None:
    """Its id is made from its name, or from the id it is given."""
    rows = [
        "{on: 2027-03-01, add: Alumni dinner, kind: meal, at: 18:00-19:30, tracks: evening, cohorts: a}",
        "{on: 2027-03-02, add: Dinner, id: d2, at: 18:00-19:00}",
    ]
    first, second = small(tracks=TRACKS, cohorts=["{id: a}"], changes=rows).additions
    assert first.activity[:3] == ("add:alumni-dinner", "Alumni dinner", "meal")
    assert (first.activity.tracks, first.cohorts, first.activity.counts) == (("evening",), ("a",), False)
    assert second.activity.id == "add:d2"
    assert second.activity.placements == (Placement("morning", 1080, 60), Placement("evening", 1080, 60))


def test_a_phase_names_its_only_sessions_or_overrides_some() -> None:
    """By name or id."""
    rows = ["{name: Process group, minutes: 60}", "{name: Skills, minutes: 60}"]
    only = small(sessions=rows, phases=["{name: A, weeks: 1, sessions: skills}"]).phases[0]
    assert only.only == ("skills",)
    mapping = "sessions: {process-group: {minutes: 45, days: any wed}, Skills: {at: '18:00', every: 2}}"
    changed = small(sessions=rows, phases=[f"{{name: A, weeks: 1, {mapping}}}"]).phases[0]
    assert changed.only is None
    group, skills = changed.overrides
    assert (group.activity, group.edit.placements) == ("process-group", (Placement("", None, 45),))
    assert group.edit.days == Days((WED,), any=True)
    assert (skills.edit.placements, skills.edit.every) == ((Placement("", 1080, None),), 2)


def test_an_override_by_track_leaves_the_others_without_a_time() -> None:
    """It replaces the session's own `at`: a track it does not name goes on as if there were none."""
    rows = ["{name: G, minutes: 60, at: '10:00'}"]
    (override,) = (
        small(
            sessions=rows, tracks=TRACKS, phases=["{name: A, weeks: 1, sessions: {G: {at: {morning: 9:30}}}}"]
        )
        .phases[0]
        .overrides
    )
    assert override.edit.placements == (Placement("morning", 570, None),)
    assert override.edit.unplaced == ("evening",)


def test_a_session_may_get_its_time_from_every_phase_that_has_it() -> None:
    """Then it needs none of its own, and no `day_starts`."""
    phases = [
        "{name: A, weeks: 1, sessions: {Process group: {at: '9:00'}}}",
        "{name: B, weeks: 1, sessions: [Art]}",
    ]
    rows = ["{name: Process group, minutes: 60}", "{name: Art, minutes: 60, at: '12:00'}"]
    assert problems_in(program_text(day_starts=None, sessions=rows, phases=phases)) == []


def test_an_exact_id_wins_over_a_name() -> None:
    """Then the exact name, then the name without case."""
    rows = ["{name: art, id: x, minutes: 5}", "{name: Music, id: art, minutes: 5}"]
    phases = ["{name: A, weeks: 1, sessions: [art, music]}"]
    assert problems_in(program_text(sessions=rows, phases=phases)) == [
        "10:41 IOP105 'music' is named twice | name it once"
    ]
    phases = ["{name: A, weeks: 1, sessions: [ART, Music]}"]
    assert small(sessions=rows, phases=phases).phases[0].only == ("x", "art")


def test_a_program_beside_harmless_errors_is_still_there_to_look_at() -> None:
    """So that everything else can be checked; with an error in the timetable it is not."""
    program, problems = read_text(program_text(phone="call us", rooms="{}"))
    assert program is not None
    assert [each.code for each in problems] == ["IOP152", "IOP107"]
    assert read_text(program_text(phases=["{name: A, weeks: 0}"]))[0] is None


@pytest.mark.parametrize(
    "written",
    ["2027-12-24..2028-01-01 Winter", "2027-12-24 .. 2028-01-01 Winter", "2027-12-24.. 2028-01-01  Winter"],
)
def test_spaces_around_the_dots_of_a_closed_range_change_nothing(written: str) -> None:
    """The reason begins after the second date."""
    (closure,) = small(closed=[written]).closures
    assert (closure.span, closure.why) == (Span(date(2027, 12, 24), date(2028, 1, 1)), "Winter")


def test_lines_for_different_tracks_or_cohorts_do_not_collide() -> None:
    """Each session and day has the key once."""
    rows = [
        "{from: 2027-03-01, session: Process group, at: '18:00', tracks: morning}",
        "{from: 2027-03-01, session: Process group, at: '19:00', tracks: evening}",
        "{from: 2027-03-01, session: Process group, minutes: 45}",
        "{from: 2027-03-02, session: Process group, at: '20:00'}",
        "{on: 2027-03-03, session: Process group, room: A, cohorts: a}",
        "{on: 2027-03-03, session: Process group, room: B, cohorts: b}",
        "{on: 2027-03-04..2027-03-09, session: Process group, room: C}",
    ]
    program = small(tracks=TRACKS, cohorts=["{id: a}", "{id: b}"], changes=rows)
    assert (len(program.from_changes), len(program.on_changes)) == (4, 3)


def test_a_track_without_sessions_needs_no_beginning() -> None:
    """Nothing has to begin on it."""
    tracks = "{am: {day_starts: 9:00}, pm: {title: Evening}}"
    rows = ["{name: Group, minutes: 60, tracks: am}"]
    assert problems_in(program_text(day_starts=None, tracks=tracks, sessions=rows)) == []
