"""What becomes of a planned session: `on` changes first, closures last."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import holidays

from tests.oracle.program import Closure, Program
from tests.oracle.timetable import Path, Planned
from tests.oracle.words import bare


class Fate(NamedTuple):
    """Where a session ends up; `status` is confirmed, moved, cancelled, or closed (left out)."""

    status: str
    day: date
    start: int
    minutes: int
    name: str
    closures: tuple[Closure, ...]  # all that forbade it, there or where it was moved
    called_off: bool  # an `on` change cancels it, whether or not a closure came before

    @property
    def held(self) -> bool:
        """Taking place, on whatever day: by telephone or moved it is held too."""
        return self.status in {"confirmed", "moved"}


class PublicHolidays:
    """The public holidays of a program, by the `holidays` library, their observed days included."""

    def __init__(self, program: Program) -> None:
        self._lists = []
        self._known: dict[date, bool] = {}
        for code, only, without in program.holidays:
            country, _, subdivision = code.partition("-")
            # Names are always in US English.
            dates = holidays.country_holidays(country, subdiv=subdivision or None, language="en_US")
            self._lists.append((dates, only, without))

    def __contains__(self, day: date) -> bool:
        """A date with two names stays closed while one of them is left by `only` and `except`."""
        if day not in self._known:
            self._known[day] = any(
                (only is None or bare(name) in only) and bare(name) not in without
                for dates, only, without in self._lists
                for name in dates.get_list(day)
            )
        return self._known[day]


def fate(program: Program, public: PublicHolidays, path: Path, day: date, plan: Planned, added: bool) -> Fate:
    """Follow one session planned for `day` through the changes of that day and the closures it meets."""
    start, minutes, name, target, cancelled = plan.start, plan.minutes, plan.name, None, False
    for change in program.changes:
        # `on` names the day a session is planned for; such a change touches its session alone.
        if change.session != plan.session.id or change.since is not None or day not in change.line.days:
            continue
        if not change.line.is_for(path.cohorts, path.track.id):
            continue
        edit = change.edit
        if edit.at is not None and path.track.id in edit.at:
            start, length = edit.at[path.track.id]
            minutes = length or minutes
        minutes = edit.minutes or minutes
        name = edit.name or name
        target = edit.to or target
        cancelled = cancelled if edit.cancel is None else edit.cancel

    place = target or day
    # Only `to`, `make_up` and `add` put a session on a public holiday.
    moved_there = added or target is not None
    called_off = cancelled
    met: list[Closure] = []
    moved_by: list[Closure] = []
    while True:
        lines = closures_of(program, path, place)
        # A `closed` line for a day replaces the public holiday of that day, whatever the line says.
        if not lines and not moved_there and place in public:
            return Fate("closed", place, start, minutes, name, tuple(met), called_off)
        forbidding = [line for line in lines if line.forbids(start)]
        met += forbidding
        # It happens if none forbids it.
        if not forbidding:
            break
        # A change of a session that a closure takes anyway is without effect; `to` takes it out.
        if not moved_there and any(line.forbids(plan.start) for line in forbidding):
            start, minutes, name = plan.start, plan.minutes, plan.name
            cancelled = called_off = False
        # If one that forbids has `make_up` it moves, at the same time, but never twice by one line.
        movers = [line for line in forbidding if line.make_up and not any(line is one for one in moved_by)]
        if not movers:
            return Fate("closed", place, start, minutes, name, tuple(met), called_off)
        place = movers[0].make_up[place]
        moved_by.append(movers[0])
        moved_there = True

    # Moved: the day or the start differs from the plan. A new length or name is no move.
    status = "confirmed" if (place, start) == (day, plan.start) else "moved"
    return Fate("cancelled" if cancelled else status, place, start, minutes, name, tuple(met), called_off)


def closures_of(program: Program, path: Path, day: date) -> list[Closure]:
    """The `closed` lines for this day and path."""
    return [
        closure
        for closure in program.closures
        if day in closure.line.days and closure.line.is_for(path.cohorts, path.track.id)
    ]
