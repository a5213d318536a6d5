"""Phases that are over before they can begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from iopcal.expand import Expansion, Walk
from iopcal.model import Program
from iopcal.problems import Problem
from iopcal.words import day_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns of a phase with `until` that every path of the program skips, because it arrives later.

    Into a rolling program people come on days of their own.
    """
    if program.admission == "rolling":
        return
    reached = {day.phase for walk in expansion.walks for day in walk.days}
    for number, phase in enumerate(program.phases):
        if phase.until is not None and number not in reached:
            arrives = min(_arrival(walk, number) for walk in expansion.walks)
            message = (
                f"phase '{phase.name}' is left out: it ends on {day_words(phase.until)}, "
                f"and would begin on {day_words(arrives)}"
            )
            hint = "give it a later `until`, or `weeks`"
            yield Problem(phase.place, "IOP215", message, hint, "warning")


def _arrival(walk: Walk, number: int) -> date:
    """Returns the day on which the phase would begin on a path that skips it."""
    before = [day.day for day in walk.days if day.phase < number]
    return before[-1] + timedelta(days=1) if before else walk.path.starts
