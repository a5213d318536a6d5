"""The judge judged: the order of a day, clock changes and topics; every value is worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.oracle import expand, totals
from tests.oracle.told import CHICAGO, GROUP, ONE_PATH, WEEKDAYS, file, of_day, topics


def test_sessions_follow_one_another_and_wait_for_what_is_before_them() -> None:
    text = file(
        """
sessions:
  - {name: Early, minutes: 50, at: "16:00"}
  - {name: First, minutes: 60}
  - {name: Monday only, minutes: 30, days: mon}
  - {name: Fixed, at: 7:00 pm-8:30 pm}
  - {name: Last, minutes: 20}
phases: [{name: A, weeks: 1, days: mon tue}]
"""
    )
    assert of_day(text, "01-04") == (
        "early 16:00-16:50, first 17:30-18:30, monday-only 18:30-19:00, fixed 19:00-20:30, last 20:30-20:50"
    )
    assert of_day(text, "01-05") == (
        "early 16:00-16:50, first 17:30-18:30, fixed 19:00-20:30, last 20:30-20:50"
    )


def test_either_or_sessions_begin_together_and_the_next_waits_for_the_longest() -> None:
    body = "sessions: [{name: First, minutes: 60}, {name: Left, minutes: 50, one_of: g},%s"
    body += " {name: Right, minutes: 80, one_of: g}, {name: Last, minutes: 30}]\n"
    body += "phases: [{name: A, weeks: 1, days: mon}]\n"
    text = file(body % "")
    assert of_day(text, "01-04") == (
        "first 17:30-18:30, left 18:30-19:20, right 18:30-19:50, last 19:50-20:20"
    )
    assert totals(text) == {ONE_PATH: (3, 140, 1)}  # the second of the two is not counted again
    assert of_day(file(body % " {name: Middle, minutes: 20},"), "01-04") == (
        "first 17:30-18:30, left 18:30-19:20, right 18:30-19:50, middle 19:50-20:10, last 20:10-20:40"
    )


def test_the_first_of_an_either_or_that_the_phase_allows_counts_held_or_not() -> None:
    text = file(
        """
sessions:
  - {name: Morning, minutes: 60, one_of: g, phases: B}
  - {name: Thursday, minutes: 60, one_of: g, days: thu}
  - {name: Friday, minutes: 60, one_of: g, days: fri}
phases: [{name: A, visits: 2, days: mon-fri}, {name: B, weeks: 1, days: fri}]
changes: [{on: 2027-01-07, session: Thursday, cancel: true}]
"""
    )
    assert [(one.session, one.phase, one.counted, one.visit) for one in expand(text)] == [
        ("thursday", "a", True, 0),
        ("friday", "a", False, 1),
        ("thursday", "a", True, 2),  # and with it, A ends
        ("morning", "b", True, 3),
        ("friday", "b", False, 3),
    ]


def test_a_track_that_a_mapping_of_times_does_not_name_has_none() -> None:
    text = file(
        """
tracks: {a: {day_starts: "9:00"}, b: {title: Evening}}
sessions:
  - {name: Talk, at: {a: "08:00-08:30", Evening: "20:00-20:45"}}
  - {name: Group, minutes: 60, at: {a: "10:00"}}
phases: [{name: A, weeks: 1, days: mon}]
"""
    )
    assert [
        (one.track, one.session, f"{one.start.astimezone(CHICAGO):%H:%M}", one.minutes)
        for one in expand(text)
    ] == [
        ("a", "talk", "08:00", 30),
        ("a", "group", "10:00", 60),
        ("b", "talk", "20:00", 45),
        ("b", "group", "20:45", 60),
    ]


def test_wall_clock_time_stays_across_a_clock_change() -> None:
    text = file(GROUP + "phases: [{name: A, weeks: 1, days: fri mon}]\n", "2027-03-12")
    assert [one.start for one in expand(text)] == [
        datetime(2027, 3, 12, 23, 30, tzinfo=UTC),
        datetime(2027, 3, 15, 22, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("starts", "at", "begin", "end"),
    [
        ("2027-03-14", "01:30", (7, 30), (10, 30)),  # spring: 1:30 to 5:30 on the clock
        ("2027-11-07", "00:30", (5, 30), (8, 30)),  # autumn: 0:30 to 2:30
    ],
)
def test_across_a_clock_change_a_session_lasts_its_minutes_on_a_stop_watch(
    starts: str, at: str, begin: tuple[int, int], end: tuple[int, int]
) -> None:
    text = file(
        f"sessions: [{{name: Night, minutes: 180, at: '{at}'}}]\n"
        "phases: [{name: A, weeks: 1, days: sun}]\n",
        starts,
    )
    night = expand(text)[0]
    assert ((night.start.hour, night.start.minute), (night.end.hour, night.end.minute)) == (begin, end)


CURRICULUM = "sessions: [{name: Group, minutes: 60, topics: [a, b, c]%s}]\n" + WEEKDAYS


@pytest.mark.parametrize(
    ("keys", "more", "expected"),
    [
        ("", "", "a b c a b"),
        ("", "closed: [2027-01-05 X]", "a b c a"),
        (", on_closure: skip", "closed: [2027-01-05 X]", "a c a b"),
        ("", "changes: [{on: 2027-01-05, session: group, cancel: true}]", "a [b] b c a"),
        (", on_closure: skip", "changes: [{on: 2027-01-05, session: group, cancel: true}]", "a [b] c a b"),
        # Moved to Saturday, it keeps its topic.
        ("", "changes: [{on: 2027-01-05, session: group, to: 2027-01-09}]", "a c a b b"),
        ("", "closed: [{on: 2027-01-05, make_up: 2027-01-09}]", "a c a b b"),
    ],
)
def test_a_curriculum_moves_on(keys: str, more: str, expected: str) -> None:
    assert topics(file(CURRICULUM % keys + more + "\n")) == expected


@pytest.mark.parametrize(
    ("keys", "closed", "expected"),
    [
        ("", "", "a a b b a a"),
        ("", "closed: [2027-01-11..2027-01-13 X]", "a a b b"),
        (", on_closure: skip", "closed: [2027-01-11..2027-01-13 X]", "a a a a"),
        ("", "closed: [2027-01-11 X]", "a a b a a"),
    ],
)
def test_a_topic_a_week_moves_on_once_for_each_week_that_had_it(
    keys: str, closed: str, expected: str
) -> None:
    text = file(
        f"sessions: [{{name: Group, minutes: 60, topics: [a, b], advance: week{keys}}}]\n"
        f"phases: [{{name: A, weeks: 3, days: mon wed}}]\n{closed}\n"
    )
    assert topics(text) == expected


def test_topics_by_weekday_are_counted_by_weekday_and_by_track() -> None:
    text = file(
        "tracks: {x: {treatment_days: mon wed}, y: {treatment_days: wed mon}}\n"
        "sessions: [{name: Group, minutes: 60, topics: {mon: [a, b], wed: [p, q, r], fri: z}}]\n"
        "phases: [{name: A, weeks: 2, days: 2}, {name: B, weeks: 1, days: 1}]\n"
        "closed: [{on: 2027-01-06, tracks: x}]\n"
    )
    seen = {track: " ".join(one.topic for one in expand(text) if one.track == track) for track in "xy"}
    assert seen == {"x": "a b p a", "y": "a p b q r"}
