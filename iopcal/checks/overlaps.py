"""Sessions of one path that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from iopcal.expand import Expansion
from iopcal.model import Path, Program, Session
from iopcal.problems import Problem
from iopcal.words import day_words, time_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns once a pair of sessions that the same people would have to attend at the same time.

    Meetings of the staff may take place beside sessions of participants.
    """
    paths: dict[tuple[Path, bool], list[Session]] = {}
    for session in expansion.sessions:
        if session.held:
            paths.setdefault((session.path, session.activity.kind == "staffing"), []).append(session)
    told: set[frozenset[str]] = set()
    for sessions in paths.values():
        latest = sessions[0]
        for before, session in pairwise(sessions):
            latest = before if before.real.end > latest.real.end else latest
            pair = frozenset((latest.activity.id, session.activity.id))
            if session.real.start < latest.real.end and pair not in told and not _either_or(latest, session):
                told.add(pair)
                yield _overlap(latest, session)


def _either_or(one: Session, other: Session) -> bool:
    return bool(one.activity.one_of) and one.activity.one_of == other.activity.one_of


def _overlap(one: Session, other: Session) -> Problem:
    start, end = other.real.start, one.real.end
    message = (
        f"'{other.real.name}' begins at {time_words(start)} on {day_words(start.date())}, "
        f"before '{one.real.name}' ends at {time_words(end)}"
    )
    place = other.cause if other.cause.line else one.cause if one.cause.line else other.activity.place
    hint = f"move one of them, or make '{one.real.name}' shorter"
    return Problem(place, "IOP209", message, hint, "warning")
