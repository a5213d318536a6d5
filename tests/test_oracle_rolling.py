"""The judge judged: rolling admission, the group and who comes; every value is worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.oracle import Occurrence, expand, feed, participants, totals
from tests.oracle.told import (
    CHICAGO,
    GROUP,
    TWO,
    attends,
    attends_on,
    of_day,
    of_person,
    on_days,
    rolling,
    shown,
    topics,
)

MONDAYS = "phases: [{name: Main, days: mon}]\n"


def local(one: Occurrence) -> str:
    return f"{one.start.astimezone(CHICAGO):%m-%d}"


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        # The widest of 1, 3 is 3: Monday, Wednesday, Friday in both weeks, whoever comes.
        ("[{name: A, weeks: 2, days: [1, 3]}, {name: B, days: 1}]", "01-04 01-06 01-08 01-11 01-13 01-15"),
        # 2 -> 1 is at its widest 2; so is a taper that rises.
        ("[{name: A, weeks: 2, days: 2 -> 1}, {name: B, days: 1}]", "01-04 01-06 01-11 01-13"),
        ("[{name: A, weeks: 2, days: 1 -> 2}, {name: B, days: 1}]", "01-04 01-06 01-11 01-13"),
        # Tuesday of one phase and Monday, the first treatment day, of the other.
        ("[{name: A, weeks: 1, days: tue}, {name: B, days: 1}]", "01-04 01-05 01-11 01-12"),
        # Phase lengths and a phase's `every` only say who comes.
        ("[{name: A, until: 2027-01-05, days: tue}, {name: B, every: 2, days: mon}]",
         "01-04 01-05 01-11 01-12"),
        # All treatment days.
        ("[{name: A, weeks: 1, days: 1}, {name: B}]",
         "01-04 01-05 01-06 01-07 01-08 01-11 01-12 01-13 01-14 01-15"),
    ],
)  # fmt: skip
def test_the_group_holds_a_session_on_every_day_some_phase_could_have_it(phases: str, expected: str) -> None:
    assert on_days(rolling(GROUP + f"phases: {phases}\n", until="2027-01-17")) == expected


def test_weeks_and_times_of_a_session_only_say_who_comes() -> None:
    text = rolling(
        "sessions: [{name: Third, minutes: 60, weeks: 2}, {name: Twice, minutes: 60, times: 2}]\n" + MONDAYS
    )
    assert on_days(text, "third") == on_days(text, "twice") == "01-04 01-11 01-18 01-25"
    # From Monday the 11th: path week 2 begins on the 18th; Twice has been held on the 11th and 18th.
    assert attends(text, "starts: 2027-01-11", "third") == ["01-18 17:30"]
    assert attends(text, "starts: 2027-01-11", "twice") == ["01-11 18:30", "01-18 18:30"]


def test_the_day_is_laid_out_once_and_everybody_comes_at_those_times() -> None:
    text = rolling(
        "sessions: [{name: First, minutes: 60, phases: a}, {name: Second, minutes: 50}]\n"
        "phases: [{name: A, weeks: 1, days: mon}, {name: B, days: mon}]\n"
    )
    assert of_day(text, "01-11") == "first 17:30-18:30, second 18:30-19:20"
    assert attends(text, "starts: 2027-01-04")[:3] == ["01-04 17:30", "01-04 18:30", "01-11 18:30"]


def test_the_group_has_no_phase_and_no_visit_and_its_weeks_count_from_the_start() -> None:
    text = rolling(GROUP + "phases: [{name: Main, days: wed}]\n", starts="2027-01-07", until="2027-01-21")
    # Thursday the 7th to Wednesday the 13th is week 1.
    assert [(local(one), one.phase, one.visit, one.path_week) for one in expand(text)] == [
        ("01-13", "-", 0, 1),
        ("01-20", "-", 0, 2),
    ]
    assert totals(text) == {("-", "-"): (2, 120, 2)}


def test_every_of_a_group_session_counts_weeks_from_starts() -> None:
    text = rolling(
        "sessions: [{name: Group, minutes: 60, every: 2},"
        " {name: Talk, minutes: 30, phases: b, every: {b: 3}}]\n"
        "phases: [{name: A, weeks: 1, days: mon}, {name: B, days: mon}]\n"
    )
    assert on_days(text, "group") == "01-04 01-18"
    assert on_days(text, "talk") == "01-04 01-25"
    # Their week 1 is the group's week 2.
    assert attends_on(text, "starts: 2027-01-11", "group") == "01-18"
    assert attends_on(text, "starts: 2027-01-11", "talk") == "01-25"


def test_every_by_phase_lets_those_come_whose_phase_it_is() -> None:
    text = rolling(
        "sessions: [{name: Group, minutes: 60, every: {b: 2}}]\n"
        "phases: [{name: A, weeks: 1, days: mon}, {name: B, days: mon}]\n"
    )
    assert on_days(text) == "01-04 01-11 01-18 01-25"
    # In A on the 11th; in B only in the group's weeks 1, 3.
    assert attends_on(text, "starts: 2027-01-11") == "01-11 01-18"
    assert attends_on(text, "starts: 2027-01-04") == "01-04 01-18"


def test_of_a_placed_session_every_counts_the_participants_phase_weeks() -> None:
    text = rolling(
        "sessions: [{name: Group, minutes: 60},"
        " {name: Individual, kind: individual, minutes: 50, every: 2}]\n"
        "phases: [{name: A, weeks: 1, days: mon}, {name: B, days: mon}]\n"
    )
    # A is week 1, from the 11th; B begins on the 18th and its weeks 1, 3 begin on the 18th and 1 February.
    placed = "starts: 2027-01-11, place: {Individual: {at: 'thu 16:00'}}"
    assert attends(text, placed, "individual") == ["01-14 16:00", "01-21 16:00"]


def test_a_session_that_is_placed_is_not_the_groups() -> None:
    text = rolling(
        "sessions: [{name: Group, minutes: 60}, {name: Family, kind: family, minutes: 50}]\n" + MONDAYS
    )
    assert on_days(text, "family") == ""
    assert attends_on(text, "starts: 2027-01-04", "family") == ""
    assert attends(text, "starts: 2027-01-18, place: {family: {at: 'Tuesday 9:00 am'}}", "family") == [
        "01-19 09:00",
        "01-26 09:00",
    ]


def test_visits_sessions_exist_only_on_paths_and_stand_outside_the_order_of_the_day() -> None:
    text = rolling(
        "sessions: [{name: Intake, minutes: 30, visits: 1, at: '17:30'}, {name: Group, minutes: 60}]\n"
        + "phases: [{name: Main, days: mon wed}]\nclosed: [2027-01-13 Snow]\n"
    )
    assert on_days(text, "intake") == ""
    assert of_day(text, "01-06") == "group 17:30-18:30"
    # Wednesday the 13th is closed, so the first visit is Monday the 18th.
    assert attends(text, "starts: 2027-01-12", "intake") == ["01-18 17:30"]
    assert [one.visit for one in of_person(text, "starts: 2027-01-12")] == [1, 1, 2, 3, 4]


def test_who_starts_before_the_program_attends_from_its_start_with_their_own_clock() -> None:
    text = rolling(
        "sessions: [{name: Group, minutes: 60}, {name: Own, kind: individual, minutes: 50, weeks: 2-3}]\n"
        "phases: [{name: A, weeks: 2, days: mon tue}, {name: B, days: tue}]\n"
    )
    keys = "starts: 2026-12-29, place: {Own: {at: 'wed 16:00'}}"
    # Tuesday 29 December to 11 January is A, so B begins on Tuesday the 12th.
    assert attends_on(text, keys, "group") == "01-04 01-05 01-11 01-12 01-19 01-26"
    assert [(one.path_week, one.visit) for one in of_person(text, keys, "group")][:2] == [(1, 1), (2, 2)]
    # Weeks 2 and 3 are 5 to 18 January; on 30 December there was no program.
    assert attends_on(text, keys, "own") == "01-06 01-13"


def test_a_visits_phase_waits_for_the_program_to_start() -> None:
    text = rolling(GROUP + "phases: [{name: A, visits: 2, days: mon}, {name: B, days: wed}]\n")
    assert attends_on(text, "starts: 2026-12-15") == "01-04 01-11 01-13 01-20 01-27"


@pytest.mark.parametrize(
    ("today", "last"),
    [
        ("2026-12-30", "2027-06-28"),  # 182 days later is 30 June itself; the last Monday before it
        ("2026-12-31", "2027-09-27"),  # 1 July: the next end of a quarter is 30 September
        ("2027-03-31", "2027-09-27"),  # 29 September
        ("2027-04-03", "2027-12-27"),  # 2 October
        ("2027-10-01", "2028-03-27"),  # 31 March 2028, a leap year
    ],
)
def test_without_until_the_last_day_is_an_end_of_a_quarter(today: str, last: str) -> None:
    text = rolling(GROUP + MONDAYS).replace("until: 2027-01-31\n", "")
    day = date.fromisoformat(today)
    assert expand(text, day)[-1].start.astimezone(CHICAGO).date().isoformat() == last
    assert feed(text, "program", day)[-1][0].astimezone(CHICAGO).date().isoformat() == last
    roster = "participants: [{id: p, starts: 2027-01-04}]"
    assert participants(text, roster, day)["p"][-1].start.astimezone(CHICAGO).date().isoformat() == last


def test_the_horizon_cuts_by_the_planned_day() -> None:
    text = rolling(
        GROUP + MONDAYS + "changes:\n"
        "  - {on: 2027-01-25, session: Group, to: 2027-02-02}\n"
        "  - {on: 2027-02-01, session: Group, to: 2027-01-30}\n"
    )
    expected = ["01-04 17:30", "01-11 17:30", "01-18 17:30", "02-02 17:30 moved"]
    assert shown(text) == expected
    assert attends(text, "starts: 2027-01-04") == expected


def test_the_last_phase_may_go_on_to_the_horizon() -> None:
    text = rolling(GROUP + "phases: [{name: A, weeks: 1, days: mon tue}, {name: B, days: tue}]\n")
    assert attends_on(text, "starts: 2027-01-05") == "01-05 01-11 01-12 01-19 01-26"
    ended = rolling(GROUP + "phases: [{name: A, weeks: 1, days: mon tue}, {name: B, weeks: 1, days: tue}]\n")
    assert attends_on(ended, "starts: 2027-01-05") == "01-05 01-11 01-12"


def test_topics_are_anchored_at_the_start_and_a_closure_skips_one() -> None:
    body = (
        "sessions: [{name: Group, minutes: 60, topics: [a, b, c]%s}]\n" + MONDAYS + "closed: [2027-01-11 X]\n"
    )
    assert topics(rolling(body % "")) == "a c a"
    assert topics(rolling(body % ", on_closure: postpone")) == "a b c"
    # Whoever comes later hears what all hear.
    assert [one.topic for one in of_person(rolling(body % ""), "starts: 2027-01-12")] == ["c", "a"]


def test_topics_of_a_week_are_counted_by_the_groups_weeks() -> None:
    text = rolling(
        "sessions: [{name: Group, minutes: 60, topics: [a, b, c], advance: week}]\n"
        "phases: [{name: Main, days: mon wed}]\n"
    )
    assert topics(text) == "a a b b c c a a"
    assert [one.topic for one in of_person(text, "starts: 2027-01-06")] == ["a", "b", "b", "c", "c", "a", "a"]


def test_extend_changes_nothing_in_the_group_but_the_phase_of_those_who_lost_a_visit() -> None:
    text = rolling(
        GROUP + "phases: [{name: A, weeks: 1, days: mon wed}, {name: B, days: wed}]\n"
        "closed: [{on: 2027-01-06, extend: true}]\n"
    )
    assert on_days(text) == "01-04 01-11 01-13 01-18 01-20 01-25 01-27"
    # A would be 4 to 10 January; Monday the 11th makes up for the 6th, and B begins on the 12th.
    assert attends_on(text, "starts: 2027-01-04") == "01-04 01-11 01-13 01-20 01-27"
    # Nothing was lost: A is 7 to 13 January.
    assert attends_on(text, "starts: 2027-01-07") == "01-11 01-13 01-20 01-27"


def test_closures_and_changes_are_the_groups() -> None:
    text = rolling(
        TWO + MONDAYS + "holidays: US\nclosed: [{on: 2027-01-11, make_up: 2027-01-16}]\n"
        "changes:\n"
        "  - {on: 2027-01-25, session: First, at: '16:00'}\n"
        "  - {from: 2027-01-25, session: Second, at: '19:00'}\n"
    )
    expected = [
        "01-04 17:30", "01-04 18:30", "01-16 17:30 moved", "01-16 18:30 moved",
        "01-25 16:00 moved", "01-25 19:00",
    ]  # fmt: skip
    assert shown(text) == expected  # 18 January is a public holiday
    assert attends(text, "starts: 2027-01-04") == expected


def test_an_added_session_is_for_all_under_way_and_phases_limits_it_on_paths() -> None:
    text = rolling(
        GROUP + "phases: [{name: A, weeks: 1, days: mon}, {name: B, weeks: 1, days: mon}]\n"
        "changes:\n"
        "  - {on: 2027-01-14, add: Dinner, at: '18:00', minutes: 60}\n"
        "  - {on: 2027-01-14, add: Farewell, at: '20:00', minutes: 60, phases: B}\n"
    )
    assert of_day(text, "01-14") == "add:dinner 18:00-19:00, add:farewell 20:00-21:00"
    assert attends(text, "starts: 2027-01-11") == ["01-11 17:30", "01-14 18:00", "01-18 17:30"]
    assert attends(text, "starts: 2027-01-04")[2:] == ["01-14 18:00", "01-14 20:00"]
    assert attends_on(text, "starts: 2027-01-15") == "01-18 01-25"
    # Over on 10 January.
    assert attends_on(text, "starts: 2026-12-28") == "01-04"


def test_of_a_choice_the_group_shows_all_and_counts_the_first_and_a_participant_has_their_own() -> None:
    text = rolling(
        "sessions:\n"
        "  - {name: Art, minutes: 60, one_of: third hour}\n"
        "  - {name: Music, minutes: 50, one_of: third hour}\n"
        "  - {name: Close, minutes: 10}\n"
        "phases: [{name: Main, weeks: 1, days: mon}]\n",
        until="2027-01-10",
    )
    assert [(one.session, one.counted) for one in expand(text)] == [
        ("art", True),
        ("music", False),
        ("close", True),
    ]
    mine = of_person(text, "starts: 2027-01-04, choose: {third hour: Music}")
    assert [(one.session, one.counted) for one in mine] == [("music", True), ("close", True)]
    assert attends(text, "starts: 2027-01-04, choose: {third hour: Music}") == ["01-04 17:30", "01-04 18:30"]
    assert [one.session for one in of_person(text, "starts: 2027-01-04")] == ["close"]


def test_nobody_attends_alone_on_a_day_on_which_the_group_does_not_meet() -> None:
    text = rolling(GROUP + "phases: [{name: Main, days: 2}]\n")
    # Two days of their own, Friday and Monday; the group meets on Mondays and Wednesdays.
    assert attends_on(text, "starts: 2027-01-04, days: [fri, mon]") == "01-04 01-11 01-18 01-25"


def test_a_phase_says_other_days_and_every_for_those_in_it() -> None:
    text = rolling(
        TWO + "phases:\n"
        "  - {name: A, weeks: 1, days: mon tue, sessions: {Second: {days: tue}}}\n"
        "  - {name: B, days: mon tue, sessions: {First: {every: 2}, Second: {days: any wed}}}\n"
    )
    assert on_days(text, "first") == "01-04 01-05 01-11 01-12 01-18 01-19 01-25 01-26"
    assert on_days(text, "second") == "01-05 01-06 01-12 01-13 01-19 01-20 01-26 01-27"
    # B from the 11th; First there in the group's weeks 1 and 3.
    assert attends_on(text, "starts: 2027-01-04", "first") == "01-04 01-05 01-18 01-19"
    assert attends_on(text, "starts: 2027-01-04", "second") == "01-05 01-13 01-20 01-27"


def test_a_week_off_of_the_phase_stops_its_days_and_nothing_else() -> None:
    text = rolling(
        "sessions: [{name: Group, minutes: 60}, {name: Walk, minutes: 60, days: any sat, at: '10:00'},"
        " {name: Dinner, minutes: 60, monthly: 3rd thu, at: '19:00'},"
        " {name: Own, kind: individual, minutes: 50}]\n"
        "phases: [{name: Main, weeks: 4, days: [1, 0, 0, 1]}]\n"
    )
    keys = "starts: 2027-01-04, place: {Own: {at: 'wed 16:00'}}"
    assert attends_on(text, keys, "group") == "01-04 01-25"
    assert attends_on(text, keys, "walk") == "01-09 01-16 01-23 01-30"
    assert attends_on(text, keys, "dinner") == "01-21"
    assert attends_on(text, keys, "own") == "01-06 01-13 01-20 01-27"


def test_every_track_has_a_group_and_who_switches_joins_the_other() -> None:
    text = rolling(
        "tracks: {morning: {day_starts: '9:00', treatment_days: [tue]}, evening: {title: Evening}}\n"
        "sessions: [{name: Group, minutes: 60, topics: [a, b, c, d]}]\nphases: [{name: Main, days: 1}]\n"
        "closed: [{on: 2027-01-18, tracks: evening}]\n"
    )
    assert [(local(one), one.track, one.topic) for one in expand(text)] == [
        ("01-04", "evening", "a"),
        ("01-05", "morning", "a"),
        ("01-11", "evening", "b"),
        ("01-12", "morning", "b"),
        ("01-19", "morning", "c"),
        ("01-25", "evening", "d"),
        ("01-26", "morning", "d"),
    ]
    keys = "track: Evening, starts: 2027-01-11, path: [{on: 2027-01-18, track: morning}]"
    mine = of_person(text, keys)
    assert [(local(one), one.track, one.topic, one.path_week) for one in mine] == [
        ("01-11", "evening", "b", 1),
        ("01-19", "morning", "c", 2),
        ("01-26", "morning", "d", 3),
    ]


def test_bare_any_is_every_treatment_day_of_the_track() -> None:
    text = rolling(
        "treatment_days: [mon, thu]\n"
        "sessions: [{name: Group, minutes: 60}, {name: Open, minutes: 30, days: any}]\n"
        "phases: [{name: Main, days: 1}]\n",
        until="2027-01-10",
    )
    assert shown(text) == ["01-04 17:30", "01-04 18:30", "01-07 17:30"]
    # A participant's own days do not narrow it.
    assert attends(text, "starts: 2027-01-04, days: mon") == ["01-04 17:30", "01-04 18:30", "01-07 17:30"]
