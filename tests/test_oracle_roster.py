"""The judge judged: participants on paths of their own; every value is worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import participant_feed, participants
from tests.oracle.told import CHICAGO, GROUP, TWO, attends, attends_on, file, of_person, rolling

START = "starts: 2027-01-04"
MON_WED = "phases: [{name: Main, weeks: 3, days: mon wed}]\n"
A_B = "phases: [{name: A, weeks: 2, days: mon wed}, {name: B, weeks: 2, days: mon}]\n"
TALK = "sessions: [{name: Group, minutes: 60}, {name: Talk, kind: individual, minutes: 50%s}]\n"
TRACKS = "tracks: {day: {day_starts: '9:00'}, evening: {title: After work}}\n"


def path(*lines: str, keys: str = START) -> str:
    """The keys of a participant to whom this happens."""
    return f"{keys}, path: [{', '.join('{' + line + '}' for line in lines)}]"


def weeks(text: str, keys: str) -> list[int]:
    return [one.path_week for one in of_person(text, keys)]


def visits(text: str, keys: str) -> list[int]:
    return [one.visit for one in of_person(text, keys)]


# Where somebody begins


def test_a_participant_is_a_cohort_of_one_from_their_own_start_by_default_the_programs() -> None:
    text = file(GROUP + A_B)
    assert attends_on(text, "days: mon-fri") == "01-04 01-06 01-11 01-13 01-18 01-25"
    # Wednesday the 6th to Tuesday the 19th is A, the 20th to 2 February is B.
    assert attends_on(text, "starts: 2027-01-06") == "01-06 01-11 01-13 01-18 01-25 02-01"
    assert weeks(text, "starts: 2027-01-06") == [1, 1, 2, 2, 3, 4]


def test_a_cohort_gives_the_start_and_the_track() -> None:
    text = file(
        TRACKS + "cohorts: [{id: x, starts: 2027-01-11, track: evening}, {id: y}]\n" + GROUP + MON_WED
    )
    assert attends(text, "cohort: x")[:2] == ["01-11 17:30", "01-13 17:30"]
    assert attends(text, "cohort: y, track: After work")[0] == "01-04 17:30"
    assert attends(text, "cohort: y, track: day")[0] == "01-04 09:00"
    assert {(one.cohort, one.track) for one in of_person(text, "cohort: x")} == {("x", "evening")}
    assert {one.cohort for one in of_person(text, "track: day")} == {"-"}


def test_lines_of_a_cohort_hold_for_its_participants_and_for_who_begins_with_it_in_its_track() -> None:
    text = file(
        TRACKS + "cohorts: [{id: x, starts: 2027-01-11, track: evening}, {id: y, starts: 2027-01-11}]\n"
        "closed: [{on: 2027-01-13, cohorts: x}]\n"
        + GROUP
        + "phases: [{name: Main, weeks: 1, days: mon wed}]\n"
    )
    assert attends_on(text, "cohort: x") == "01-11"
    assert attends_on(text, "cohort: y, track: evening") == "01-11 01-13"
    assert attends_on(text, "track: evening, starts: 2027-01-11") == "01-11"
    assert attends_on(text, "track: day, starts: 2027-01-11") == "01-11 01-13"
    assert attends_on(text, "track: evening, starts: 2027-01-12") == "01-13 01-18"


def test_who_begins_after_an_until_phase_skips_it() -> None:
    text = file(GROUP + "phases: [{name: A, until: 2027-01-12, days: tue}, {name: B, weeks: 1, days: wed}]\n")
    assert attends_on(text, "starts: 2027-01-12") == "01-12 01-13"
    assert attends_on(text, "starts: 2027-01-13") == "01-13"


# Own days


def test_own_days_replace_the_treatment_days_where_a_phase_gives_a_number() -> None:
    text = file(GROUP + "phases: [{name: A, weeks: 1, days: 2}, {name: B, weeks: 2, days: 2 -> 1}]\n")
    # The first two of their days are Saturday and Tuesday, in this order; Saturday stays longest.
    assert attends_on(text, START + ", days: [sat, tue, mon]") == "01-05 01-09 01-12 01-16 01-23"


def test_own_days_narrow_where_a_phase_gives_weekdays() -> None:
    text = file(GROUP + "phases: [{name: A, weeks: 1, days: mon wed fri}]\n")
    assert attends_on(text, START + ", days: [fri, sat, mon]") == "01-04 01-08"


def test_fewer_own_days_than_the_number_are_all_kept() -> None:
    text = file(GROUP + "phases: [{name: A, weeks: 1, days: 4}, {name: B, weeks: 1}]\n")
    assert attends_on(text, START + ", days: tue mon") == "01-04 01-05 01-11 01-12"


def test_own_days_narrow_the_days_of_a_session_and_leave_any_and_monthly() -> None:
    text = file(
        "sessions: [{name: Group, minutes: 60, days: mon wed}, {name: Walk, minutes: 30, days: any sat},"
        " {name: Dinner, minutes: 30, monthly: 2nd thu, at: '19:00'}]\n"
        "phases: [{name: A, weeks: 2, days: mon-fri}]\n"
    )
    assert attends_on(text, START + ", days: wed fri") == "01-06 01-09 01-13 01-14 01-16"


# One of several


def test_a_participant_attends_what_they_chose_and_the_day_is_laid_out_as_for_all() -> None:
    text = file(
        "sessions: [{name: Art, minutes: 90, one_of: third hour},"
        " {name: Music, minutes: 50, one_of: third hour}, {name: Close, minutes: 10}]\n"
        "phases: [{name: Main, weeks: 1, days: mon}]\n"
    )
    assert attends(text, START + ", choose: {third hour: Music}") == ["01-04 17:30", "01-04 19:00"]
    assert [one.session for one in of_person(text, START + ", choose: {third hour: art}")] == ["art", "close"]
    assert attends(text, START) == ["01-04 19:00"]


def test_the_chosen_one_counts_and_makes_a_visit() -> None:
    text = file(
        "sessions: [{name: Art, minutes: 90, one_of: x}, {name: Music, minutes: 50, one_of: x, phases: b}]\n"
        "phases: [{name: A, weeks: 1, days: mon}, {name: B, weeks: 1, days: mon}]\n"
    )
    mine = of_person(text, START + ", choose: {x: Music}")
    assert [(one.session, one.counted, one.visit, one.phase) for one in mine] == [("music", True, 1, "b")]
    assert of_person(text, START) == []


# Sessions that they place


def test_a_placed_weekday_and_time_replace_days_and_at_and_nobodys_days_narrow_them() -> None:
    body = ", days: any tue, at: '12:00'"
    text = file(TALK % body + "phases: [{name: A, weeks: 2, days: mon}]\n")
    assert attends(text, START, "talk") == ["01-05 12:00", "01-12 12:00"]
    keys = START + ", days: mon, place: {Talk: {at: thu 4:00 pm, lead: jlee}}"
    assert attends(text, keys, "talk") == ["01-07 16:00", "01-14 16:00"]


def test_a_time_alone_changes_the_time() -> None:
    text = file(TALK % ", days: wed, at: '12:00'" + MON_WED)
    keys = START + ", place: {Talk: {at: '8:15'}}"
    assert attends(text, keys, "talk") == ["01-06 08:15", "01-13 08:15", "01-20 08:15"]
    assert attends(text, keys + ", days: mon", "talk") == []
    monthly = file(TALK % ", monthly: 1st tue, at: '12:00'" + MON_WED)
    assert attends(monthly, keys, "talk") == ["01-05 08:15"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "01-07 01-14 01-21 01-28"),
        (", every: 2", "01-07 01-21"),  # week 1 of A, and week 1 of B, which begins on the 18th
        (", every: {b: 2}", "01-07 01-14 01-21"),
        (", weeks: 2-3", "01-14 01-21"),
        (", phases: b", "01-21 01-28"),
        (", times: 3", "01-07 01-14 01-21"),
        (", tracks: evening", ""),
    ],
)
def test_every_weeks_phases_tracks_and_times_still_hold_of_a_placed_session(body: str, expected: str) -> None:
    text = file(TRACKS + TALK % body + A_B)
    keys = START + ", track: day, place: {Talk: {at: thu 16:00}}"
    assert attends_on(text, keys, "talk") == expected


def test_a_placed_session_takes_no_part_in_the_order_of_the_day() -> None:
    text = file(
        "sessions: [{name: Talk, kind: individual, minutes: 50, days: mon}, {name: Group, minutes: 60}]\n"
        "phases: [{name: A, weeks: 1, days: mon}]\n"
    )
    assert attends(text, START) == ["01-04 17:30", "01-04 18:20"]
    assert attends(text, START + ", place: {Talk: {at: mon 17:00}}") == ["01-04 17:00", "01-04 17:30"]


def test_a_phase_that_names_its_only_sessions_or_is_over_has_no_placed_one() -> None:
    text = file(
        TALK % ""
        + "phases: [{name: A, weeks: 1, days: mon, sessions: Group}, {name: B, weeks: 1, days: mon}]\n"
    )
    assert attends_on(text, START + ", place: {Talk: {at: fri 16:00}}", "talk") == "01-15"


def test_a_placed_session_on_no_treatment_day_is_no_visit_and_none_is_in_a_hold() -> None:
    text = file(TALK % "" + MON_WED)
    keys = path("on: '2027-01-11..2027-01-15', hold: true", keys=START + ", place: {Talk: {at: thu 16:00}}")
    found = [(f"{one.start.astimezone(CHICAGO):%m-%d}", one.visit) for one in of_person(text, keys)]
    # Week 2 is 16 to 22 January less nothing: 5 days later; week 3 ends on the 29th.
    assert found == [
        ("01-04", 1), ("01-06", 2), ("01-07", 0), ("01-18", 3), ("01-20", 4), ("01-21", 0), ("01-25", 5),
        ("01-27", 6), ("01-28", 0),
    ]  # fmt: skip


def test_closures_of_the_track_take_a_placed_session_and_make_up_moves_it() -> None:
    text = file(
        TALK % "" + MON_WED + "closed: [2027-01-07 X, {on: 2027-01-14, make_up: 2027-01-16}]\nholidays: US\n"
    )
    assert attends(text, START + ", place: {Talk: {at: thu 16:00}}", "talk") == [
        "01-16 16:00 moved",
        "01-21 16:00",
    ]
    assert attends_on(text, START + ", place: {Talk: {at: mon 16:00}}", "talk") == "01-04 01-11"


def test_an_on_change_moves_or_cancels_it_for_everybody_that_day() -> None:
    text = file(
        TALK % "" + MON_WED + "changes:\n"
        "  - {on: 2027-01-07, session: Talk, cancel: true}\n"
        "  - {on: 2027-01-14, session: Talk, to: 2027-01-15, at: '10:00'}\n"
    )
    assert attends(text, START + ", place: {Talk: {at: thu 16:00}}", "talk") == [
        "01-07 16:00 cancelled",
        "01-15 10:00 moved",
        "01-21 16:00",
    ]
    assert attends_on(text, START + ", place: {Talk: {at: fri 16:00}}", "talk") == "01-08 01-15 01-22"


def test_a_from_change_touches_no_placed_time_but_length_name_and_end() -> None:
    text = file(
        TALK % ", days: any tue, at: '12:00'" + MON_WED + "changes:\n"
        "  - {from: 2027-01-07, session: Talk, at: '13:00'}\n"
        "  - {from: 2027-01-08, session: Talk, days: any wed}\n"
        "  - {from: 2027-01-12, session: Talk, minutes: 20, name: Short talk}\n"
        "  - {from: 2027-01-21, session: Talk, cancel: true}\n"
    )
    assert attends(text, START, "talk") == ["01-05 12:00", "01-13 13:00", "01-20 13:00"]
    placed = of_person(text, START + ", place: {Talk: {at: thu 16:00}}", "talk")
    assert [(f"{one.start.astimezone(CHICAGO):%m-%d %H:%M}", one.minutes, one.name) for one in placed] == [
        ("01-07 16:00", 50, "Talk"),
        ("01-14 16:00", 20, "Short talk"),
    ]


def test_topics_of_a_session_only_participants_have_count_on_their_own_path_and_skip() -> None:
    text = file(TALK % ", topics: [a, b, c]" + MON_WED + "closed: [2027-01-14 X]\n")
    keys = "place: {Talk: {at: thu 16:00}}"
    assert [one.topic for one in of_person(text, f"{START}, {keys}", "talk")] == ["a", "c"]
    later = of_person(text, f"starts: 2027-01-15, {keys}", "talk")
    assert [one.topic for one in later] == ["a", "b", "c"]
    postponed = text.replace("topics:", "on_closure: postpone, topics:")
    assert [one.topic for one in of_person(postponed, f"{START}, {keys}", "talk")] == ["a", "b"]


# What happens on the path


def test_from_its_day_included_a_phase_begins_at_week_1_and_the_following_ones_follow() -> None:
    text = file(
        GROUP + "phases: [{name: A, weeks: 4, days: mon wed}, {name: B, weeks: 2, days: [2, 1]},"
        " {name: C, weeks: 1, days: fri}]\n"
    )
    # B from Wednesday the 13th: its week 1 to the 19th, week 2 to the 26th; C 27 January to 2 February.
    keys = path("on: 2027-01-13, phase: B")
    assert attends_on(text, keys) == "01-04 01-06 01-11 01-13 01-18 01-25 01-29"
    assert [one.phase for one in of_person(text, keys)] == ["a", "a", "a", "b", "b", "b", "c"]
    assert weeks(text, keys) == [1, 1, 2, 2, 3, 4, 4]


def test_a_phase_may_begin_anew_or_be_the_first_a_participant_is_in() -> None:
    text = file(GROUP + A_B)
    assert attends_on(text, path("on: 2027-01-20, phase: B")) == "01-04 01-06 01-11 01-13 01-18 01-25 02-01"
    assert attends_on(text, path("on: 2027-01-04, phase: b")) == "01-04 01-11"


REST = (
    "sessions: [{name: Group, minutes: 60}, {name: Early, minutes: 30, weeks: 1, days: mon},"
    " {name: Intake, at: '16:00', minutes: 30, visits: 1}, {name: Thrice, minutes: 20, times: 3}]\n"
)


def test_a_move_into_the_first_phase_is_a_restart_of_path_weeks_visits_and_times() -> None:
    text = file(REST + A_B)
    keys = path("on: 2027-01-18, phase: A")
    assert attends_on(text, keys, "group") == "01-04 01-06 01-11 01-13 01-18 01-20 01-25 01-27 02-01 02-08"
    assert attends_on(text, keys, "early") == "01-04 01-18"
    assert attends_on(text, keys, "intake") == "01-04 01-18"
    assert attends_on(text, keys, "thrice") == "01-04 01-06 01-11 01-18 01-20 01-25"


def test_any_other_move_leaves_them_running() -> None:
    text = file(REST + A_B)
    keys = path("on: 2027-01-11, phase: B", "on: 2027-01-18, phase: B")
    assert attends_on(text, keys, "group") == "01-04 01-06 01-11 01-18 01-25"
    assert attends_on(text, keys, "early") == attends_on(text, keys, "intake") == "01-04"
    assert attends_on(text, keys, "thrice") == "01-04 01-06 01-11"


def test_a_phase_after_the_end_or_a_discharge_is_a_return_and_path_weeks_ran_on() -> None:
    text = file(GROUP + A_B)
    after_the_end = path("on: 2027-02-08, phase: B")
    assert attends_on(text, after_the_end) == "01-04 01-06 01-11 01-13 01-18 01-25 02-08 02-15"
    assert weeks(text, after_the_end)[-2:] == [6, 7]
    assert visits(text, after_the_end) == [1, 2, 3, 4, 5, 6, 7, 8]
    discharged = path("on: 2027-01-06, discharge: true", "on: 2027-01-18, phase: B")
    assert attends_on(text, discharged) == "01-04 01-06 01-18 01-25"
    assert weeks(text, discharged) == [1, 1, 3, 4]
    # Back in the first phase is a restart too.
    assert weeks(text, path("on: 2027-01-06, discharge: true", "on: 2027-01-18, phase: A"))[:3] == [1, 1, 1]


def test_the_day_of_a_discharge_is_the_last() -> None:
    text = file(TALK % "" + MON_WED)
    keys = path("on: 2027-01-13, discharge: true", keys=START + ", place: {Talk: {at: thu 16:00}}")
    assert attends_on(text, keys) == "01-04 01-06 01-07 01-11 01-13"


def test_the_days_of_a_hold_do_not_exist_and_shift_the_weeks() -> None:
    text = file(GROUP + "phases: [{name: A, weeks: 2, days: [2, 1]}, {name: B, weeks: 1, days: tue}]\n")
    # Days 4 to 7 and 11 to 13 January are week 1 of A, 14 to 20 its week 2; B is 21 to 27.
    keys = path("on: 2027-01-08..2027-01-10, hold: true")
    assert attends_on(text, keys) == "01-04 01-06 01-11 01-13 01-18 01-26"
    assert weeks(text, keys) == [1, 1, 1, 1, 2, 3]


def test_a_hold_over_the_end_of_a_phase_only_puts_off_the_next() -> None:
    text = file(GROUP + A_B)
    # A ends on Sunday the 17th, the day before the hold; B begins on Thursday the 21st.
    keys = path("on: 2027-01-18..2027-01-20, hold: true")
    assert attends_on(text, keys) == "01-04 01-06 01-11 01-13 01-25 02-01"
    # A has two days left, the 25th and 26th.
    keys = path("on: 2027-01-16..2027-01-24, hold: true")
    assert attends_on(text, keys) == "01-04 01-06 01-11 01-13 01-25 02-01 02-08"
    assert [one.phase for one in of_person(text, keys)][-3:] == ["a", "b", "b"]


def test_until_does_not_shift_by_a_hold() -> None:
    text = file(
        GROUP + "phases: [{name: A, until: 2027-01-24, days: 2 -> 1}, {name: B, weeks: 1, days: wed}]\n"
    )
    assert attends_on(text, START) == "01-04 01-06 01-11 01-13 01-18 01-27"  # 2, 2, 1
    # With a week on hold two 7-day spans are begun by the 24th: 2, 1.
    keys = path("on: 2027-01-11..2027-01-17, hold: true")
    assert attends_on(text, keys) == "01-04 01-06 01-18 01-27"
    # The 24th is in the hold: A is over all the same, and B begins when the hold ends. It makes two weeks of
    # three, of which the second would have one day; but nothing changes before it began.
    keys = path("on: 2027-01-18..2027-01-27, hold: true")
    assert attends_on(text, keys) == "01-04 01-06 01-11 01-13 02-03"


def test_a_hold_shifts_every_and_weeks() -> None:
    text = file(
        "sessions: [{name: Group, minutes: 60, every: 2}, {name: Talk, minutes: 30, weeks: 2}]\n" + MON_WED
    )
    # Week 1 is the 4th, 5th and 9th to 13th, week 2 the 14th to 20th, week 3 the 21st to 27th.
    keys = path("on: 2027-01-06..2027-01-08, hold: true")
    assert attends_on(text, keys, "group") == "01-04 01-11 01-13 01-25 01-27"
    assert attends_on(text, keys, "talk") == "01-18 01-20"


def test_away_has_no_sessions_and_no_visit_uses_up_no_times_and_the_clock_runs() -> None:
    text = file(
        "sessions: [{name: Group, minutes: 60}, {name: Twice, minutes: 30, times: 2},"
        " {name: Second, at: '16:00', minutes: 30, visits: 2}]\n" + MON_WED
    )
    keys = path("on: 2027-01-06, away: true")
    assert attends_on(text, keys, "group") == "01-04 01-11 01-13 01-18 01-20"
    assert attends_on(text, keys, "twice") == "01-04 01-11"
    assert attends_on(text, keys, "second") == "01-11"
    assert weeks(text, keys)[:4] == [1, 1, 2, 2]


def test_a_visits_phase_waits_for_who_is_away() -> None:
    text = file(GROUP + "phases: [{name: A, visits: 3, days: mon wed}, {name: B, weeks: 1, days: thu}]\n")
    assert attends_on(text, START) == "01-04 01-06 01-11 01-14"
    assert attends_on(text, path("on: 2027-01-05..2027-01-06, away: true")) == "01-04 01-11 01-13 01-14"


def test_the_topic_that_was_missed_away_is_missed() -> None:
    text = file("sessions: [{name: Group, minutes: 60, topics: [a, b, c, d, e, f]}]\n" + MON_WED)
    assert [one.topic for one in of_person(text, path("on: 2027-01-06, away: true"))] == list("acdef")
    # In a hold there was no session at all.
    assert [one.topic for one in of_person(text, path("on: 2027-01-06, hold: true"))][:3] == ["a", "b", "c"]


def test_topics_run_on_over_a_restart() -> None:
    body = "sessions: [{name: Group, minutes: 60, topics: [a, b, c, d, e, f]%s}]\n"
    phases = "phases: [{name: A, weeks: 2, days: mon wed}]\n"
    keys = path("on: 2027-01-11, phase: A")
    assert [one.topic for one in of_person(file(body % "" + phases), keys)] == list("abcdef")
    weekly = file(body % ", advance: week" + phases)
    assert [one.topic for one in of_person(weekly, keys)] == ["a", "a", "b", "b", "c", "c"]


def test_another_track_from_its_day_on_with_its_times_days_and_topics() -> None:
    text = file(
        "tracks: {day: {day_starts: '9:00', treatment_days: [tue]}, evening: {title: After work}}\n"
        "sessions: [{name: Group, minutes: 60, topics: [a, b, c]}]\nphases: [{name: A, weeks: 3, days: 1}]\n"
        "closed: [{on: 2027-01-19, tracks: evening}]\n"
    )
    keys = path("on: 2027-01-12, track: day", keys=START + ", track: After work")
    assert attends(text, keys) == ["01-04 17:30", "01-11 17:30", "01-12 09:00", "01-19 09:00"]
    assert [one.topic for one in of_person(text, keys)] == ["a", "b", "a", "b"]
    assert attends_on(text, keys + ", days: [thu, tue]") == "01-07 01-14 01-21"


def test_on_one_day_track_comes_before_phase_hold_and_discharge() -> None:
    text = file(TRACKS + GROUP + A_B)
    keys = path(
        "on: 2027-01-20, discharge: true",
        "on: 2027-01-11, hold: true",
        "on: 2027-01-11, phase: B",
        "on: 2027-01-11, track: evening",
        keys=START + ", track: day",
    )
    # B begins on the 11th, which does not exist: 12 to 18 is its week 1.
    assert attends(text, keys) == ["01-04 09:00", "01-06 09:00", "01-18 17:30"]
    away = path("on: 2027-01-13, away: true", "on: 2027-01-13, discharge: true", keys=START + ", track: day")
    assert attends_on(text, away) == "01-04 01-06 01-11"


def test_what_extend_gives_back_is_what_the_person_lost() -> None:
    text = file(
        GROUP + "phases: [{name: A, weeks: 2, days: mon wed}, {name: B, weeks: 1, days: thu}]\n"
        "closed: [{on: 2027-01-13, extend: true}]\n"
    )
    assert attends_on(text, START) == "01-04 01-06 01-11 01-18 01-21"
    # On hold or away on that day nothing was lost.
    assert attends_on(text, path("on: 2027-01-13, away: true")) == "01-04 01-06 01-11 01-21"
    assert attends_on(text, path("on: 2027-01-13, hold: true")) == "01-04 01-06 01-11 01-18 01-21"
    # The extension waits for who is away: the visit is on Wednesday the 20th.
    assert attends_on(text, path("on: 2027-01-18, away: true")) == "01-04 01-06 01-11 01-20 01-21"
    # Begun anew, nothing is owed.
    assert attends_on(text, path("on: 2027-01-14, phase: B")) == "01-04 01-06 01-11 01-14"


MOVED = file(GROUP + MON_WED + "changes: [{on: 2027-01-13, session: Group, to: 2027-01-15}]\n")


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("on: 2027-01-15, away: true", "01-04 01-06 01-11 01-18 01-20"),
        ("on: 2027-01-15, hold: true", "01-04 01-06 01-11 01-18 01-20 01-25"),
        ("on: 2027-01-14, discharge: true", "01-04 01-06 01-11"),
        ("on: 2027-01-15, discharge: true", "01-04 01-06 01-11 01-15"),
        # Its planned day is not theirs, whatever its real one.
        ("on: 2027-01-13, away: true", "01-04 01-06 01-11 01-18 01-20"),
        ("on: 2027-01-12, discharge: true", "01-04 01-06 01-11"),
        ("on: 2027-01-16, away: true", "01-04 01-06 01-11 01-15 01-18 01-20"),
    ],
)
def test_a_moved_session_is_theirs_if_its_planned_and_its_real_day_are(fact: str, expected: str) -> None:
    # The hold of one day puts the end off to Monday the 25th.
    assert attends_on(MOVED, path(fact)) == expected


def test_a_moved_session_that_is_not_theirs_is_no_visit_and_after_a_return_it_is() -> None:
    assert visits(MOVED, path("on: 2027-01-15, away: true")) == [1, 2, 3, 4, 5]
    gone = path("on: 2027-01-13, discharge: true", "on: 2027-01-15, phase: Main")
    assert attends_on(MOVED, gone)[:24] == "01-04 01-06 01-11 01-15 "
    later = path("on: 2027-01-13, discharge: true", "on: 2027-01-16, phase: Main")
    assert attends_on(MOVED, later)[:24] == "01-04 01-06 01-11 01-18 "


def test_the_end_of_a_path_cuts_by_the_planned_day_but_its_start_by_both() -> None:
    text = file(
        GROUP + "phases: [{name: Main, weeks: 1, days: mon wed}]\nchanges:\n"
        "  - {on: 2027-01-11, session: Group, to: 2027-01-08}\n"
        "  - {on: 2027-01-13, session: Group, to: 2027-01-20}\n"
    )
    # From the 9th: Monday was moved to before the start, Wednesday to after the end, which is the 15th.
    assert attends(text, "starts: 2027-01-09") == ["01-20 17:30 moved"]
    assert attends(text, "starts: 2027-01-08") == ["01-08 17:30 moved", "01-20 17:30 moved"]


def test_an_added_session_belongs_to_every_path_under_way() -> None:
    text = file(
        TRACKS + GROUP + A_B + "changes:\n"
        "  - {on: 2027-01-14, add: Dinner, at: '18:00', minutes: 60}\n"
        "  - {on: 2027-01-14, add: Tour, at: '20:00', minutes: 60, tracks: evening, phases: B}\n"
    )

    def added(*lines: str) -> list[str]:
        mine = of_person(text, path(*lines, keys=START + ", track: day"))
        return [one.session for one in mine if one.session.startswith("add:")]

    assert added() == ["add:dinner"]
    assert added("on: 2027-01-12, phase: B", "on: 2027-01-12, track: evening") == ["add:dinner", "add:tour"]
    assert added("on: 2027-01-12, discharge: true") == []
    assert added("on: 2027-01-14, away: true") == added("on: 2027-01-14, hold: true") == []


def test_facts_hold_in_a_rolling_program_too() -> None:
    text = rolling(GROUP + "phases: [{name: A, weeks: 2, days: mon wed}, {name: B, days: mon}]\n")
    keys = path(
        "on: 2027-01-12..2027-01-18, hold: true",
        "on: 2027-01-20, away: true",
        "on: 2027-01-27, phase: A",
        keys="starts: 2027-01-06",
    )
    # Week 1 is 6 to 11 and 19 January; week 2 is 20 to 26; B would have begun on the 27th.
    assert attends_on(text, keys) == "01-06 01-11 01-25 01-27"
    assert [(one.path_week, one.visit) for one in of_person(text, keys)] == [(1, 1), (1, 2), (2, 3), (1, 1)]


def test_everybody_of_a_roster_is_read() -> None:
    text = file(GROUP + MON_WED)
    found = participants(text, "participants:\n  - {id: a}\n  - {id: b, starts: 2027-01-11, path: []}\n")
    assert {id_: len(mine) for id_, mine in found.items()} == {"a": 6, "b": 6}


# Stretches of the day


def stretches(text: str, keys: str = START) -> list[str]:
    found = participant_feed(text, f"participants: {{id: p, {keys}}}\n", "p", date(2027, 1, 1))
    zone = ZoneInfo("America/Chicago")

    def told(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%H:%M}"

    return [f"{start.astimezone(zone):%d} {told(start)}-{told(end)}" for start, end in found]


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        # 19 minutes apart are one, exactly 20 are two.
        ("{name: A, at: 9:00-10:00}, {name: B, at: 10:19-11:00}", ["04 09:00-11:00"]),
        ("{name: A, at: 9:00-10:00}, {name: B, at: 10:20-11:00}", ["04 09:00-10:00", "04 10:20-11:00"]),
        # An unpublished break of 10 minutes does not separate, one of 20 does not join.
        ("{name: A, at: 9:00-10:00}, {name: P, kind: break, minutes: 10}, {name: B, minutes: 60}",
         ["04 09:00-11:10"]),
        ("{name: A, at: 9:00-10:00}, {name: P, kind: break, minutes: 20}, {name: B, minutes: 60}",
         ["04 09:00-10:00", "04 10:20-11:20"]),
        # A published one joins.
        ("{name: A, at: 9:00-10:00}, {name: P, kind: break, minutes: 20, publish: all},"
         " {name: B, minutes: 60}",
         ["04 09:00-11:20"]),
        # What staff see alone is not there, optional sessions are.
        ("{name: A, at: 9:00-10:00}, {name: U, kind: drug-screen, at: 7:00-7:10}", ["04 09:00-10:00"]),
        ("{name: A, at: 9:00-10:00}, {name: B, at: 10:00-11:00, optional: true}", ["04 09:00-11:00"]),
        # An overlap, and one inside another.
        ("{name: A, at: 9:00-12:00}, {name: B, at: 10:00-11:00}, {name: C, at: 12:10-13:00}",
         ["04 09:00-13:00"]),
    ],
)  # fmt: skip
def test_a_stretch_is_published_sessions_less_than_20_minutes_apart(
    sessions: str, expected: list[str]
) -> None:
    text = file(f"sessions: [{sessions}]\nphases: [{{name: Main, weeks: 1, days: mon}}]\n", day_starts="9:00")
    assert stretches(text) == expected


def test_cancelled_sessions_are_in_no_stretch_and_moved_ones_in_that_of_their_real_day() -> None:
    text = file(
        TWO + "phases: [{name: Main, weeks: 1, days: mon tue}]\nchanges:\n"
        "  - {on: 2027-01-04, session: First, cancel: true}\n"
        "  - {on: 2027-01-05, session: First, to: 2027-01-04, at: '19:30'}\n"
    )
    assert stretches(text) == ["04 18:30-20:30", "05 18:30-19:20"]


def test_no_stretch_runs_over_midnight() -> None:
    text = file(
        "sessions: [{name: Late, at: 23:00-00:00}, {name: Early, minutes: 60, at: '0:05'}]\n"
        "phases: [{name: Main, weeks: 1, days: mon tue}]\n"
    )
    assert stretches(text) == ["04 00:05-01:05", "04 23:00-00:00", "05 00:05-01:05", "05 23:00-00:00"]
