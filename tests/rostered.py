"""Programs with people in them, in a few words: what they attend, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from iopcal import source
from iopcal.attendance import Attendance, Roster
from iopcal.course import Course, CourseDay
from iopcal.expand import Expansion, expand
from iopcal.language import read_program
from iopcal.model import FACTS, WEEKDAYS, Fact, Participant, Place, Placing, Program, Session, Span
from tests.drafting import TODAY, Refused

HEAD = """\
program: Small IOP
id: small
timezone: America/Chicago
starts: 2027-01-04
day_starts: "17:30"
"""
OPEN = f"{HEAD}admission: rolling\n"
"""The beginning of a rolling program that is published up to 31 December 2026, or to its `until`."""


def laid_out(text: str, today: date = TODAY, *people: Participant) -> tuple[Program, Expansion]:
    """Returns a sound program with the sessions of its cohorts or groups; raises Refused with its errors."""
    node, problems = source.read(text.encode(), "program.yaml")
    program = None
    if node is not None:
        program, found = read_program(node, "program.yaml", lambda *words: (None, ()))
        problems += found
    if program is not None:
        program = program._replace(participants=people)
        expansion = expand(program, today)
        problems += expansion.problems
    errors = [problem for problem in problems if problem.severity == "error"]
    if program is None or errors:
        raise Refused(*errors)
    return program, expansion


def someone(
    starts: str = "2027-01-04",
    path: Sequence[str] = (),
    *,
    track: str = "",
    cohort: str = "",
    days: str = "",
    choose: Mapping[str, str] | None = None,
    place: Sequence[str] = (),
    name: str = "p-014",
) -> Participant:
    """Returns a participant.

    A line of `path` is `2027-02-15 phase step-down` or `2027-02-22..2027-03-07 hold`, one of `place` is
    `individual thu 16:00` or `individual 16:00`, with a leader behind; all by ids.
    """
    facts = sorted((_fact(line) for line in path), key=lambda fact: (fact.span.first, FACTS.index(fact.kind)))
    return Participant(
        name, track, cohort, date.fromisoformat(starts), tuple(map(WEEKDAYS.index, days.split())),
        tuple((choose or {}).items()), tuple(map(_placing, place)), tuple(facts), Place("roster.yaml", 1, 1),
    )  # fmt: skip


def _fact(line: str) -> Fact:
    days, kind, *value = line.split()
    first, _, last = days.partition("..")
    return Fact(kind, Span(date.fromisoformat(first), date.fromisoformat(last or first)), " ".join(value))


def _placing(line: str) -> Placing:
    activity, *words = line.split()
    weekday = WEEKDAYS.index(words.pop(0)) if words[0] in WEEKDAYS else None
    hours, minutes = words.pop(0).split(":")
    leads = tuple(words) if words else None
    return Placing(activity, weekday, int(hours) * 60 + int(minutes), leads, Place("roster.yaml", 2, 1))


def course(
    text: str, person: Participant, last: str = "2027-12-31", closed: Sequence[str] = ()
) -> list[CourseDay]:
    """Returns the days of a path on which every day that the phase meets is a visit, but those `closed`."""
    program, _ = laid_out(text)

    def attend(day: CourseDay) -> tuple[bool, bool]:
        return day.clock.meets and not day.away and str(day.day) not in closed, False

    return list(Course(program, person).walk(date.fromisoformat(last), attend))


def attendance(text: str, person: Participant, today: date = TODAY) -> Attendance:
    """Returns what one participant attends."""
    program, expansion = laid_out(text, today, person)
    return Roster(program, expansion, today).attend(person)


def attended(text: str, person: Participant, today: date = TODAY) -> list[str]:
    """Returns what a participant attends, as `01-04 17:30 Process group`; cancelled ones are marked."""
    return words(attendance(text, person, today).sessions)


def groups(text: str, today: date = TODAY) -> list[str]:
    """Returns what the groups or cohorts of a program hold, likewise."""
    return words(laid_out(text, today)[1].sessions)


def words(sessions: Sequence[Session]) -> list[str]:
    """Returns the sessions that are shown, a line each, with the topic behind a colon."""
    return [
        f"{each.real.start:%m-%d %H:%M} {each.real.name}"
        + (f": {each.real.topic}" if each.real.topic else "")
        + (" cancelled" if not each.held else "")
        for each in sessions
        if each.status.value != "closed"
    ]


def said(text: str, person: Participant, today: date = TODAY) -> list[str]:
    """Returns the problems of a participant, as `IOP410 p-014: ...`."""
    return [f"{each.code} {each.message}" for each in attendance(text, person, today).problems]
