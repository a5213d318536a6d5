"""Intensity that rises, and tapers that never bite."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.expand import Expansion
from iopcal.model import Program, Taper
from iopcal.problems import Problem
from iopcal.words import count_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns where a later week has more treatment days than an earlier one, and of a taper without effect."""
    told: set[int] = set()
    for walk in expansion.walks:
        before = 0
        for day in walk.days:
            days = len(day.weekdays)
            if before and days > before and day.phase not in told:
                told.add(day.phase)
                phase = program.phases[day.phase]
                message = (
                    f"phase '{phase.name}' meets on {count_words(days, 'day')} in its week {day.phase_week}, "
                    f"after weeks of {count_words(before, 'day')}"
                )
                hint = "nothing to do if the intensity is meant to rise"
                yield Problem(phase.place, "IOP207", message, hint, "warning")
            before = days or before
    for phase in program.phases:
        if isinstance(phase.days, Taper) and (phase.days.first == phase.days.last or phase.weeks == 1):
            message = f"the taper of phase '{phase.name}' changes nothing"
            hint = f"write `days: {phase.days.first}`, or give it more weeks or another end"
            yield Problem(phase.place, "IOP212", message, hint, "warning")
