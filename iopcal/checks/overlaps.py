"""Sessions of one path that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from iopcal.expand import Expansion
from iopcal.model import Path, Phase, Place, Program, Session, Track
from iopcal.problems import Problem
from iopcal.timetable import allows
from iopcal.words import day_words, time_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns once a pair of sessions that the same people would have to attend at the same time.

    All that a `make_up` line puts on one day beside sessions of that day is told once.

    Meetings of the staff may take place beside sessions of participants.
    """
    paths: dict[tuple[Path, bool], list[Session]] = {}
    for session in expansion.sessions:
        if session.held:
            paths.setdefault((session.path, session.activity.kind == "staffing"), []).append(session)
    made_up = {closure.place for closure in program.closures if closure.make_up}
    told: set[frozenset[str] | tuple[Place, date]] = set()
    for sessions in paths.values():
        latest = sessions[0]
        for before, session in pairwise(sessions):
            latest = before if before.real.end > latest.real.end else latest
            if session.real.start >= latest.real.end or not _meet_the_same(program, latest, session):
                continue
            line = next((each.cause for each in (session, latest) if each.cause in made_up), None)
            pair = frozenset((latest.activity.id, session.activity.id))
            what = (line, session.real.start.date()) if line else pair
            if what not in told:
                told.add(what)
                yield _overlap(latest, session, len(program.tracks) > 1, line)


def _meet_the_same(program: Program, one: Session, other: Session) -> bool:
    """Says whether anybody would attend both: not of an either-or, nor where phases share none of a group."""
    if one.activity.one_of and one.activity.one_of == other.activity.one_of:
        return False
    if program.admission != "rolling":
        return True
    track = next(each for each in program.tracks if each.id == one.path.track)
    return any(_has(phase, track, one) and _has(phase, track, other) for phase in program.phases)


def _has(phase: Phase, track: Track, session: Session) -> bool:
    if session.planned is None:  # an added one is for all phases but those its own `phases` leave out
        return not session.activity.phases or phase.id in session.activity.phases
    return allows(phase, track, session.activity)


def _overlap(one: Session, other: Session, tracks: bool, line: Place | None) -> Problem:
    start, end = other.real.start, one.real.end
    begins = f"'{other.real.name}' begins at {time_words(start)}"
    ends = f"'{one.real.name}' ends at {time_words(end)}"
    day = day_words(start.date()) + (f" on the track '{other.path.track}'" if tracks else "")
    if line:
        message = f"sessions made up on {day} overlap with others of that day: {begins}, before {ends}"
        return Problem(line, "IOP209", message, "make them up on a day without sessions", "warning")
    message = f"{begins} on {day}, before {ends}"
    place = other.cause if other.cause.line else one.cause if one.cause.line else other.activity.place
    hint = f"move one of them, or make '{one.real.name}' shorter"
    if one.activity.kind == "break":
        hint = f"let '{other.real.name}' begin at {time_words(end)} or later"
    return Problem(place, "IOP209", message, hint, "warning")
