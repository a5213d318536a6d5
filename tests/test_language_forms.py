"""Every form the keys of sessions and phases may be written in, and what it is in the model."""

from __future__ import annotations

from datetime import date

import pytest

from iopcal.model import (
    Activity,
    Counts,
    Days,
    Ordinal,
    Phase,
    Placement,
    Range,
    Taper,
    Topics,
)
from tests.program_text import small

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
TRACKS = "{morning: {day_starts: 9:00}, evening: {title: Late track}}"


def session(rest: str, **keys: object) -> Activity:
    """Returns the one session of a small program, with `rest` as its last keys."""
    program = small(sessions=[f"{{name: Process group, minutes: 60, {rest}}}"], **keys)
    return program.activities[0]


def phase(rest: str, **keys: object) -> Phase:
    """Returns the one phase of a small program, with `rest` after its name."""
    return small(phases=[f"{{name: Intensive, {rest}}}"], **keys).phases[0]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon", (MON,)),
        ("Monday", (MON,)),
        ("THURSDAY", (THU,)),
        ("[mon, wed]", (MON, WED)),
        ("mon wed", (MON, WED)),
        ("'mon, wed'", (MON, WED)),
        ("[wed, mon]", (MON, WED)),
        ("mon-fri", (MON, TUE, WED, THU, FRI)),
        ("mon - fri", (MON, TUE, WED, THU, FRI)),
        ("fri-mon", (MON, FRI, SAT, SUN)),
        ("[mon-wed, fri]", (MON, TUE, WED, FRI)),
        ("sat-fri", (MON, TUE, WED, THU, FRI, SAT, SUN)),
    ],
)
def test_weekdays_of_a_session_are_a_set(written: str, days: tuple[int, ...]) -> None:
    """In the order of the week."""
    assert session(f"days: {written}").days == Days(days)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("any sat", Days((SAT,), any=True)),
        ("[any, sat]", Days((SAT,), any=True)),
        ("[any sat]", Days((SAT,), any=True)),
        ("any sat-sun", Days((SAT, SUN), any=True)),
        ("Any Mon Wed", Days((MON, WED), any=True)),
        ("any", Days((), any=True)),
        ("[any]", Days((), any=True)),
    ],
)
def test_any_frees_a_session_from_the_days_of_the_phase(written: str, days: Days) -> None:
    """Bare, it means every treatment day of the track."""
    assert session(f"days: {written}").days == days


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("[mon, wed, fri]", Days((MON, WED, FRI))),
        ("fri-mon", Days((MON, FRI, SAT, SUN))),
        ("3", Counts((3,))),
        ('"3"', Counts((3,))),
        ("5 -> 2", Taper(5, 2, "linear")),
        ("5->2", Taper(5, 2, "linear")),
        ("2 -> 4, taper: steps", Taper(2, 4, "steps")),
        ("[5, 5, 4, 0]", Counts((5, 5, 4, 0))),
    ],
)
def test_a_phase_says_which_or_how_many_days(written: str, days: Days | Counts | Taper) -> None:
    """Weekdays, a number, a taper, or a number a week."""
    assert phase(f"weeks: 4, days: {written}").days == days


def test_the_length_of_a_phase_is_weeks_visits_or_a_last_day() -> None:
    """The other two are empty."""
    assert phase("weeks: 4")[2:6] == (4, 0, None, None)
    assert phase("visits: 16, days: [5, 4]")[2:5] == (0, 16, None)
    assert phase("until: 2027-06-30, days: 3 -> 1")[2:5] == (0, 0, date(2027, 6, 30))


@pytest.mark.parametrize("key", ["weeks", "visits"])
@pytest.mark.parametrize(
    ("written", "ranges"),
    [
        ("3", (Range(3, 3),)),
        ("1-4", (Range(1, 4),)),
        ("1 - 4", (Range(1, 4),)),
        ("5-", (Range(5, 0),)),
        ("[1-4, 8, 16]", (Range(1, 4), Range(8, 8), Range(16, 16))),
        ("[1-4, 12-]", (Range(1, 4), Range(12, 0))),
    ],
)
def test_weeks_and_visits_take_the_same_forms(key: str, written: str, ranges: tuple[Range, ...]) -> None:
    """A number is that one alone; a range may be open."""
    assert getattr(session(f"{key}: {written}"), key) == ranges


@pytest.mark.parametrize(
    ("written", "ordinals"),
    [
        ("1st thu", (Ordinal(1, THU),)),
        ("last Friday", (Ordinal(-1, FRI),)),
        ("'1st,3rd thu'", (Ordinal(1, THU), Ordinal(3, THU))),
        ("'1st, 3rd thu'", (Ordinal(1, THU), Ordinal(3, THU))),
        ("[1st thu, last fri]", (Ordinal(1, THU), Ordinal(-1, FRI))),
        ("5TH SUN", (Ordinal(5, SUN),)),
    ],
)
def test_monthly_names_days_of_the_calendar_month(written: str, ordinals: tuple[Ordinal, ...]) -> None:
    """One or several."""
    assert session(f"monthly: {written}").monthly == ordinals


def test_every_is_a_number_for_all_phases_or_one_for_some() -> None:
    """Phases that are not named have every week."""
    phases = [
        "{name: Intensive, weeks: 4}",
        "{name: Step-down, weeks: 4}",
        "{name: Continuing care, weeks: 8}",
    ]
    some = "every: {continuing care: 4, Step-down: 2, Intensive: 1}"
    assert session("every: 2", phases=phases).every == (
        ("intensive", 2),
        ("step-down", 2),
        ("continuing-care", 2),
    )
    assert session(some, phases=phases).every == (("step-down", 2), ("continuing-care", 4))
    assert session("every: 1", phases=phases).every == ()


def test_topics_are_a_list_or_lists_by_weekday() -> None:
    """A single topic is a list of one."""
    assert session("topics: [A, B]").topics == Topics(((None, ("A", "B")),), "session", "postpone")
    assert session("topics: A, advance: week, on_closure: skip").topics == Topics(
        ((None, ("A",)),), "week", "skip"
    )
    by_day = session("topics: {mon: [A, 2], Thursday: C}").topics
    assert by_day == Topics(((MON, ("A", "2")), (THU, ("C",))), "session", "postpone")


def test_a_placement_stands_for_every_track() -> None:
    """A track that `at` does not name follows the order of the day; each may have its own length."""
    assert session("at: 16:00", tracks=TRACKS).placements == (
        Placement("morning", 960, 60),
        Placement("evening", 960, 60),
    )
    assert session("at: {morning: 10:00}", tracks=TRACKS).placements == (
        Placement("morning", 600, 60),
        Placement("evening", None, 60),
    )
    ranges = "{name: G, at: {morning: 09:00-10:30, late track: 6:00 pm-7:00 pm}}"
    assert small(sessions=[ranges], tracks=TRACKS).activities[0].placements == (
        Placement("morning", 540, 90),
        Placement("evening", 1080, 60),
    )
    only = small(sessions=["{name: G, tracks: evening, at: 18:00-19:00}"], tracks=TRACKS).activities[0]
    assert only.placements == (Placement("morning", None, 60), Placement("evening", 1080, 60))
    assert session("at: 17:30-18:30").placements == (Placement("", 1050, 60),)


def test_a_session_has_its_defaults_filled_in() -> None:
    """They hang on its kind."""
    bare = small().activities[0]
    assert bare[:4] == ("process-group", "Process group", "group", (Placement("", None, 60),))
    assert bare[4:17] == (None, (), (), (), (), (), (), 0, None, (), "", "", "")
    assert bare[17:24] == (None, False, "", True, False, "all", "")
    kinds = ("break", "meal", "staffing", "drug-screen", "case-management", "peer-support", "family")
    rows = [f"{{name: {kind}, kind: {kind}, minutes: 5, at: 9:00}}" for kind in kinds]
    assert {each.kind: (each.counts, each.publish) for each in small(sessions=rows).activities} == {
        "break": (False, "never"),
        "meal": (False, "all"),
        "staffing": (False, "staff"),
        "drug-screen": (False, "staff"),
        "case-management": (False, "all"),
        "peer-support": (False, "all"),
        "family": (True, "all"),
    }


def test_what_a_session_says_wins_over_its_kind() -> None:
    """And is known to have been said."""
    said = session("kind: meal, counts: yes, publish: staff, lead: [Ann, Bo], capacity: {min: 2, max: 12}")
    assert (said.counts, said.counts_said, said.publish) == (True, True, "staff")
    assert (said.leads, said.capacity) == (("Ann", "Bo"), Range(2, 12))
    assert session("lead: Ann").leads == ("Ann",)
    assert session("capacity: 9").capacity == Range(1, 9)
    assert session("capacity: {min: 3}").capacity == Range(3, 0)
    assert session(r'notes: "one\ntwo"').notes == "one\ntwo"


def test_labels_of_one_of_are_compared_without_case() -> None:
    """The first spelling stands for all."""
    rows = ["{name: A, minutes: 5, one_of: Third hour}", "{name: B, minutes: 5, one_of: third HOUR}"]
    assert [each.one_of for each in small(sessions=rows).activities] == ["Third hour", "Third hour"]
