"""Days that begin or end with a break."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from iopcal.expand import Expansion
from iopcal.model import Appearance, Path, Program, Session
from iopcal.problems import Problem
from iopcal.words import day_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns once a session of kind `break` that opens or closes a day as planned."""
    days: dict[tuple[Path, date], list[Session]] = {}
    for session in expansion.sessions:
        if session.planned is not None:
            days.setdefault((session.path, session.date), []).append(session)
    told: set[tuple[str, str]] = set()
    for (_, day), sessions in days.items():
        first = min(sessions, key=lambda session: _plan(session).start)
        last = max(sessions, key=lambda session: _plan(session).end)
        for session, verb in ((first, "begins"), (last, "ends")):
            activity = session.activity
            if activity.kind == "break" and (activity.id, verb) not in told:
                told.add((activity.id, verb))
                message = f"{day_words(day)} {verb} with the break '{activity.name}'"
                hint = "limit its days to those of the sessions around it"
                yield Problem(activity.place, "IOP208", message, hint, "warning")


def _plan(session: Session) -> Appearance:
    return session.planned or session.real
