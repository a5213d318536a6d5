"""Days that begin or end with a break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from iopcal.expand import Expansion
from iopcal.model import Path, Program, Session
from iopcal.problems import Problem
from iopcal.words import day_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns once a session of kind `break` that opens or closes a day as planned."""
    days: dict[tuple[Path, date], list[tuple[datetime, datetime, Session]]] = {}
    for session in expansion.sessions:
        if session.planned is not None:
            start, end = session.planned.start, session.planned.end
            days.setdefault((session.path, session.date), []).append((start, end, session))
    told: set[tuple[str, str]] = set()
    for (_, day), planned in days.items():
        for session, verb in _outermost(planned):
            activity = session.activity
            if activity.kind == "break" and (activity.id, verb) not in told:
                told.add((activity.id, verb))
                message = f"{day_words(day)} {verb} the break '{activity.name}'"
                hint = "give it the `days` of the sessions around it, or another place in the list"
                yield Problem(activity.place, "IOP208", message, hint, "warning")


def _outermost(
    planned: Sequence[tuple[datetime, datetime, Session]],
) -> tuple[tuple[Session, str], ...]:
    """Returns the first and the last session of a day, or the only one, with the verb that leads to it."""
    first = min(planned, key=lambda each: each[0])[2]
    last = max(planned, key=lambda each: each[1])[2]
    if first is last:
        return ((first, "is nothing but"),)
    return (first, "begins with"), (last, "ends with")
