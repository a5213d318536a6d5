"""Which keys, forms and turns of fate a roster holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import yaml

from tests import oracle
from tests.oracle.attend import Attended
from tests.oracle.load import load
from tests.oracle.program import Program
from tests.oracle.roster import Person, load_roster
from tests.rosters import today_for

COMMON = frozenset(
    name.strip()
    for name in """
    participant: id; participant: track; participant: starts; participant: days; participant: choose
    participant: place; participant: path
    path: phase; path: hold; path: away; path: track; path: discharge; path: one line; path: range
    days list; days words; days range; days outside the treatment days; fewer days than the phase has
    days where a phase gives weekdays; days where a phase gives a number
    chosen; none chosen; chosen later than the first
    placed on a weekday; placed by a time alone; placed weekday in full; placed am/pm; placed with a lead
    placed on a day that is no treatment day; placed and only for who places it
    starts in mid-week; starts on the program's day
    into a later phase; restart; into the same phase; phase on the first day
    return after the end; return after a discharge; return into the first phase
    hold over a week boundary; hold over the end of a phase; hold of one day; hold from the first day
    hold in an until phase; phase in a hold; phase and hold on one day; away over a week
    track and phase on one day; several tracks; away in a visits phase; hold in a visits phase
    moved; cancelled; added; topic; visit; extended phase
    """.replace("\n", ";").split(";")
    if name.strip()
)
ROLLING = frozenset(
    {"starts before the program", "visits session", "phase without end", "own days the group lacks"}
)
COHORT = frozenset(
    {
        "participant: cohort", "cohort and track", "starts with a cohort unnamed", "starts left out",
        "line for a cohort",
    }
)  # fmt: skip


def features(program_text: str, roster_text: str) -> set[str]:
    """Returns the names of what a roster holds, and of what it comes to in its program."""
    program = load(program_text)
    raw = yaml.load(roster_text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    courses = oracle.courses(program_text, roster_text, today_for(program_text))
    found: set[str] = set()
    for keys, person in zip(raw["participants"], load_roster(program, roster_text), strict=True):
        found |= set(of_keys(keys, program, person))
        found |= set(of_starts(keys, program, person))
        found |= set(of_facts(person, courses[person.id]))
        found |= set(of_course(program, person, courses[person.id]))
    return found - {""}


def of_keys(keys: Mapping[str, Any], program: Program, person: Person) -> Iterator[str]:
    """Yields the keys and forms of a participant."""
    yield from (f"participant: {key}" for key in keys)
    path = keys.get("path", [])
    yield "path: one line" if isinstance(path, dict) else ""
    for row in [path] if isinstance(path, dict) else path:
        yield from (f"path: {key}" for key in row)
        yield "path: range" if ".." in row["on"] else ""
    if "days" in keys:
        days = keys["days"]
        yield "days list" if isinstance(days, list) else "days range" if "-" in days else "days words"
        treatment = {day for track in program.tracks for day in track.treatment_days}
        yield "days outside the treatment days" if set(person.days) - treatment else ""
        for phase in program.phases:
            yield (
                "days where a phase gives weekdays" if phase.weekdays else "days where a phase gives a number"
            )
            fewer = phase.numbers and len(person.days) < max(phase.numbers)
            yield "fewer days than the phase has" if fewer else ""
        yield "own days the group lacks" if program.rolling and set(person.days) - treatment else ""
    labels = {one.one_of for one in program.sessions if one.one_of}
    yield "chosen" if person.choose else "none chosen" if labels else ""
    for label, session in person.choose.items():
        first = next(one.id for one in program.sessions if one.one_of == label)
        yield "chosen later than the first" if session != first else ""
    for row in keys.get("place", {}).values():
        on_weekday = row["at"][0].isalpha()
        yield "placed on a weekday" if on_weekday else "placed by a time alone"
        yield "placed weekday in full" if on_weekday and "day " in row["at"] else ""
        yield "placed am/pm" if row["at"][-1] in "mM" else ""
        yield "placed with a lead" if "lead" in row else ""


def of_starts(keys: Mapping[str, Any], program: Program, person: Person) -> Iterator[str]:
    """Yields where somebody begins."""
    yield "several tracks" if len(program.tracks) > 1 else ""
    yield "starts in mid-week" if person.starts.weekday() else ""
    yield "starts on the program's day" if person.starts == program.starts else ""
    yield "starts before the program" if person.starts < program.starts else ""
    yield "starts left out" if not {"starts", "cohort"} & keys.keys() else ""
    yield "cohort and track" if {"cohort", "track"} <= keys.keys() else ""
    if person.cohorts != {"-"} and person.cohorts:
        yield "starts with a cohort unnamed" if "cohort" not in keys else ""
        lines = [one.line for one in program.closures] + [one.line for one in program.changes]
        yield "line for a cohort" if any((line.cohorts or set()) & person.cohorts for line in lines) else ""


def of_facts(person: Person, course: Sequence[Attended]) -> Iterator[str]:
    """Yields what happens on a path."""
    days = {one.day: one for one in course}
    one_day = timedelta(days=1)
    discharges = person.days_of("discharge")
    for fact in person.facts:
        day, last = fact.days[0], fact.days[-1]
        before, now, after = days.get(day - one_day), days.get(day), days.get(last + one_day)
        if fact.kind == "phase":
            yield "phase on the first day" if before is None else ""
            was = before.phase if before else None
            if was is None and before is not None:
                yield "return after a discharge" if discharges else "return after the end"
                yield "return into the first phase" if now and now.phase == course[0].phase else ""
            elif was is not None and now is not None and now.phase is not None:
                yield "restart" if now.path_week == 1 and before and before.path_week > 1 else ""
                yield "into the same phase" if was.id == now.phase.id else "into a later phase"
            yield "phase in a hold" if person.fact_on("hold", day - one_day) and now_is(now, "hold") else ""
            yield (
                "phase and hold on one day"
                if any(one.kind == "hold" and one.days[0] == day for one in person.facts)
                else ""
            )
            yield "track and phase on one day" if person.fact_on("track", day) else ""
        elif fact.kind == "hold":
            yield "hold of one day" if day == last else ""
            yield "hold from the first day" if day == person.starts else ""
            if now and now.phase:
                yield "hold in an until phase" if now.phase.until else ""
                yield "hold in a visits phase" if now.phase.visits else ""
                changes = after and after.phase and after.phase.id != now.phase.id
                yield (
                    "hold over the end of a phase"
                    if changes and not person.fact_on("phase", last + one_day)
                    else ""
                )
            yield "hold over a week boundary" if (last - day).days >= 7 else ""
        elif fact.kind == "away":
            yield "away over a week" if (last - day).days >= 7 else ""
            yield "away in a visits phase" if now and now.phase and now.phase.visits else ""


def now_is(now: Attended | None, state: str) -> bool:
    """Says whether a day is known and in this state."""
    return now is not None and now.state == state


def of_course(program: Program, person: Person, course: Sequence[Attended]) -> Iterator[str]:
    """Yields what a path comes to."""
    personal = {one.id for one in program.sessions if not (one.own.days or one.own.at or one.monthly)}
    for day in course:
        yield "visit" if day.visit else ""
        phase = day.phase
        yield "phase without end" if phase and not (phase.weeks or phase.visits or phase.until) else ""
        for entry in day.entries:
            session, end = entry.session, entry.fate
            yield end.status
            yield "added" if session.id.startswith("add:") else ""
            yield "topic" if entry.topic else ""
            yield "visits session" if session.visits else ""
            if session.id in person.place:
                yield "placed on a day that is no treatment day" if not day.visit else ""
                yield "placed and only for who places it" if session.id in personal else ""
    yield from extended(program, person, course)


def extended(program: Program, person: Person, course: Sequence[Attended]) -> Iterator[str]:
    """Yields whether a phase of weeks lasts longer than its weeks."""
    for phase in program.phases:
        days = [one for one in course if one.phase == phase and one.state != "hold"]
        again = sum(one.kind == "phase" for one in person.facts)
        yield "extended phase" if phase.weeks and not again and len(days) > 7 * phase.weeks else ""
