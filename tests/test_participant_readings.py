"""Where the language may be read in two ways: one reading for both, with dates worked out by hand.

4 January 2027 is a Monday.
"""

from __future__ import annotations

from datetime import date

import pytest

from iopcal.attendance import Roster
from iopcal.problems import Problem
from tests import oracle
from tests.rosters.enrolled import Enrolled, enroll, seen

HEAD = """\
program: Small IOP
id: small
timezone: America/Chicago
starts: 2027-01-04
day_starts: "17:30"
"""
GROUP = "sessions: [{name: Group, minutes: 60}]\n"
TALK = "  - {name: Talk, kind: individual, minutes: 50%s}\n"
TODAY = date(2027, 1, 1)


def read(text: str, *lines: str) -> Enrolled:
    """Returns a program with participants, each what stands between the braces of their line."""
    found = enroll(HEAD + text, "participants:\n" + "".join(f"  - {{{line}}}\n" for line in lines), TODAY)
    assert found is not None
    return found


def attended(text: str, keys: str, session: str = "") -> list[str]:
    """Returns what a participant attends, of one session or of all, as `01-04 17:30 group: Topic`.

    What the oracle says is the same in everything.
    """
    each = read(text, f"id: p, {keys}")
    roster = Roster(each.program, each.expansion, TODAY)
    found = roster.attend(each.program.participants[0])
    ours, judged = seen(found.sessions), oracle.participants(each.text, each.people, TODAY)["p"]
    label = judged[0].cohort if judged else "-"
    assert sorted(one._replace(cohort=label) for one in ours) == sorted(judged)
    zone = oracle.load(each.text).zone
    return [
        f"{one.start.astimezone(zone):%m-%d %H:%M} {one.session}" + (f": {one.topic}" if one.topic else "")
        for one in judged
        if session in ("", one.session)
    ]


def days(text: str, keys: str, session: str = "") -> str:
    """Returns the days of that, each once."""
    return " ".join(dict.fromkeys(line[:5] for line in attended(text, keys, session)))


def problems(text: str, keys: str) -> tuple[Problem, ...]:
    """Returns what is wrong with a participant."""
    each = read(text, f"id: p, {keys}")
    return Roster(each.program, each.expansion, TODAY).attend(each.program.participants[0]).problems


def path(*lines: str) -> str:
    """Returns what happens to a participant."""
    return f"path: [{', '.join('{' + line + '}' for line in lines)}]"


# A phase with `until`, and a hold

UNTIL = f"{GROUP}phases: [{{name: A, until: 2027-01-31, days: 4 -> 1}}, {{name: B, weeks: 1, days: tue}}]\n"


def test_after_a_hold_a_phase_with_until_tapers_by_the_weeks_that_are_left() -> None:
    """Four weeks have 4 3 2 1 days; with one of them on hold they are three, of 4 3 1."""
    four = "01-04 01-05 01-06 01-08 01-11 01-13 01-15 "
    assert days(UNTIL, "starts: 2027-01-04") == four + "01-18 01-20 01-25 02-02"
    assert days(UNTIL, path("on: 2027-01-18..2027-01-24, hold: true")) == four + "01-25 02-02"


def test_a_hold_changes_nothing_that_was_before_it() -> None:
    """In two weeks of 4 and 1 the second would have one day alone; but what has happened stays."""
    held = days(UNTIL, path("on: 2027-01-16..2027-01-31, hold: true"))
    assert held == "01-04 01-05 01-06 01-08 01-11 01-13 01-15 02-02"


# A restart of somebody on hold

TWO = "phases: [{name: A, weeks: 1, days: mon wed}, {name: B, weeks: 2, days: mon wed}]\n"
ONCE = f"sessions: [{{name: Group, minutes: 60}}, {{name: Once, minutes: 20, times: 1}}]\n{TWO}"


def test_a_restart_on_hold_counts_though_another_phase_begins_before_the_hold_is_over() -> None:
    moves = "on: 2027-01-12..2027-01-17, hold: true", "on: 2027-01-14, phase: A", "on: 2027-01-18, phase: B"
    assert days(ONCE, path(*moves), "once") == "01-04 01-18"
    assert days(ONCE, path(moves[0], moves[2]), "once") == "01-04"


def test_a_restart_on_hold_counts_for_who_leaves_before_the_hold_is_over_and_comes_back() -> None:
    moves = (
        "on: 2027-01-12..2027-01-17, hold: true", "on: 2027-01-14, phase: A",
        "on: 2027-01-15, discharge: true", "on: 2027-02-01, phase: B",
    )  # fmt: skip
    assert days(ONCE, path(*moves), "once") == "01-04 02-01"


# What is a visit, and what a closure took

VISITS = (
    "sessions:\n  - {name: Group, minutes: 60}\n  - {name: Walk, minutes: 30, days: any mon, at: '12:00'}\n"
    "phases: [{name: A, visits: 2, days: mon wed}, {name: B, weeks: 1, days: fri}]\n"
    "changes: [{on: 2027-01-04, session: Group, to: 2027-01-05}]\n"
)


def test_a_day_whose_own_session_is_moved_to_where_they_are_not_is_a_visit_if_another_is_held() -> None:
    """It stays planned for the day, as one that is cancelled would."""
    away = path("on: 2027-01-05, away: true")
    assert days(VISITS, away) == "01-04 01-06 01-08 01-11"  # the last in B
    alone = VISITS.replace("  - {name: Walk, minutes: 30, days: any mon, at: '12:00'}\n", "")
    assert days(alone, away) == "01-06 01-11 01-15"


EXTENDED = (
    f"{GROUP}phases: [{{name: A, weeks: 1, days: mon wed}}, {{name: B, weeks: 1, days: thu}}]\n"
    "closed: [{on: 2027-01-06, why: Snow, extend: true%s}]\n"
)


def test_extend_gives_back_what_a_closure_took_and_nothing_that_is_made_up() -> None:
    """Whoever is away on the day of the make-up has missed that."""
    assert days(EXTENDED % "", "starts: 2027-01-04") == "01-04 01-11 01-14"
    made_up = EXTENDED % ", make_up: 2027-01-09"
    assert days(made_up, "starts: 2027-01-04") == "01-04 01-09 01-14"
    assert days(made_up, path("on: 2027-01-09, away: true")) == "01-04 01-14"


def test_a_make_up_that_is_closed_too_is_given_back_even_to_who_is_on_hold_by_then() -> None:
    """A closure counts on the day for which the session was planned."""
    closed = EXTENDED % ", make_up: 2027-01-12" + "  - {on: 2027-01-12, why: Ice, extend: true}\n"
    closed = closed.replace("closed: [", "closed:\n  - ").replace("12}]", "12}")
    hold = path("on: 2027-01-12, hold: true")
    assert days(closed, "starts: 2027-01-04") == "01-04 01-11 01-14"
    assert days(closed, hold) == "01-04 01-11 01-14"


# Topics of what somebody has alone

MON_WED = "phases: [{name: A, weeks: 4, days: mon wed}]\n"
ALONE = "place: {Talk: {at: thu 16:00}}"


@pytest.mark.parametrize(("way", "expected"), [("postpone", "a b c"), ("skip", "a c d")])
def test_the_topic_of_a_session_of_their_own_waits_for_who_is_away_if_it_is_postponed(
    way: str, expected: str
) -> None:
    """They have not heard it; with `skip` the place in the list goes by the weeks."""
    topics = TALK % f", topics: [a, b, c, d], on_closure: {way}"
    text = f"sessions:\n  - {{name: Group, minutes: 60}}\n{topics}{MON_WED}"
    found = attended(text, f"{ALONE}, {path('on: 2027-01-14, away: true')}", "talk")
    assert " ".join(line[-1] for line in found) == expected


def test_a_session_without_a_time_of_its_own_skips_topics_even_when_a_change_gives_it_days() -> None:
    """What is said in `sessions` decides, for the cohort and for all in it."""
    text = (
        f"sessions:\n  - {{name: Group, minutes: 60}}\n{TALK % ', topics: [a, b, c, d]'}{MON_WED}"
        "changes: [{from: 2027-01-11, session: Talk, days: wed}]\nclosed: [2027-01-20 Snow, 2027-01-21 Ice]\n"
    )
    assert attended(text, "starts: 2027-01-04", "talk") == ["01-13 18:30 talk: a", "01-27 18:30 talk: c"]
    assert [line[-1] for line in attended(text, ALONE, "talk")] == ["a", "b", "d"]
    assert [one.topic for one in oracle.expand(HEAD + text) if one.session == "talk"] == ["a", "c"]
    cohort = [one.real.topic for one in read(text, "id: p").expansion.sessions if one.activity.id == "talk"]
    assert cohort == ["a", "b", "c"]  # the second is closed


# Other questions


def test_of_two_cohorts_that_begin_alike_the_lines_of_both_hold_for_who_names_none() -> None:
    text = (
        "cohorts: [{id: x}, {id: y}]\n"
        f"{GROUP}phases: [{{name: A, weeks: 1, days: mon-fri}}]\n"
        "closed: [{on: 2027-01-05, why: Snow, cohorts: x}, {on: 2027-01-06, why: Ice, cohorts: y}]\n"
    )
    assert days(text, "cohort: x") == "01-04 01-06 01-07 01-08"
    assert days(text, "cohort: y") == "01-04 01-05 01-07 01-08"
    assert days(text, "starts: 2027-01-04") == "01-04 01-07 01-08"
    each = read(text, "id: p")
    assert each.program.participants[0].cohort == ""


def test_a_monthly_session_keeps_its_days_and_takes_a_time_alone() -> None:
    text = f"sessions:\n  - {{name: Group, minutes: 60}}\n{TALK % ', monthly: 1st thu'}{MON_WED}"
    assert attended(text, "place: {Talk: {at: '16:00'}}", "talk") == ["01-07 16:00 talk"]


def test_a_session_that_nothing_gives_a_time_for_one_participant_is_an_error_of_theirs() -> None:
    """The cohort has First before it, on days that they do not have."""
    text = (
        "sessions: [{name: First, minutes: 60, at: '9:00', days: mon}, {name: Second, minutes: 50}]\n"
        "phases: [{name: A, weeks: 1, days: [%s]}]\n"
    )
    without = HEAD.replace('day_starts: "17:30"\n', "")
    people = "participants:\n  - {id: p}\n  - {id: q, days: [tue, mon]}\n"
    assert enroll(without + text % "mon, tue", people, TODAY) is None
    text = text.replace("{name: Second, minutes: 50}", "{name: Second, minutes: 50, days: any mon}")
    each = enroll(without + text % "mon, tue", people.replace("[tue, mon]", "[tue]"), TODAY)
    assert each is not None
    roster = Roster(each.program, each.expansion, TODAY)
    fine, wrong = (roster.attend(person).problems for person in each.program.participants)
    assert fine == ()
    assert [(one.code, one.message, one.place.line) for one in wrong] == [
        ("IOP305", "q: nothing says when 'Second' begins on Mon 4 Jan 2027", 3),
        ("IOP410", "q: there is no session in phase 'A', which ends on Sun 10 Jan 2027", 3),
    ]


def test_visits_that_somebody_never_reaches_are_an_error() -> None:
    text = f"{GROUP}phases: [{{name: A, visits: 3, days: mon wed}}]\n"
    found = problems(text, "days: tue")
    assert [(one.code, one.severity) for one in found] == [("IOP309", "error"), ("IOP410", "warning")]
