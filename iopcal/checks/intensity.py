"""Intensity that rises, and tapers that never bite."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.expand import Expansion, Walk
from iopcal.model import Phase, Place, Program, Taper
from iopcal.paths import days_a_week, phase_length, usual_days
from iopcal.problems import Problem
from iopcal.words import count_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns where weeks have more treatment days than weeks before, and where a taper has no effect."""
    told: set[int] = set()
    walks = _walks(program, expansion)
    for walk in walks:
        before = 0
        for day in walk.days:
            days = len(day.weekdays)
            if before and days > before and day.phase not in told:
                told.add(day.phase)
                phase = program.phases[day.phase]
                message = (
                    f"phase '{phase.name}' goes up from {count_words(before, 'day')} a week to {days} "
                    f"in its week {day.phase_week}"
                )
                hint = "nothing to do if more is meant"
                yield Problem(_place(phase), "IOP207", message, hint, "warning")
            before = days or before
    starts = {day.phase: day.phase_starts for walk in walks for day in walk.days}
    for number, phase in enumerate(program.phases):
        if number in starts and isinstance(phase.days, Taper):
            weeks = phase_length(phase, starts[number])
            if len(set(days_a_week(phase.days, weeks))) == 1:
                yield _flat(phase, phase.days, weeks)


def _walks(program: Program, expansion: Expansion) -> tuple[Walk, ...]:
    """Returns the paths of cohorts, or in a rolling program those of people who begin with it."""
    if program.admission != "rolling":
        return expansion.walks
    tracks = {track.id: track for track in program.tracks}
    return tuple(Walk(path, tuple(usual_days(program, tracks[path.track]))) for path, _ in expansion.walks)


def _flat(phase: Phase, taper: Taper, weeks: int) -> Problem:
    message = f"'{taper.first} -> {taper.last}' changes nothing in phase '{phase.name}'"
    hint = f"write `days: {taper.first}`"
    if taper.first != taper.last:
        message += f", which has only {count_words(weeks, 'week')}"
        hint += ", or give the phase more weeks"
    return Problem(_place(phase), "IOP212", message, hint, "warning")


def _place(phase: Phase) -> Place:
    return phase.days_place if phase.days_place.line else phase.place
