"""The groups of a rolling program: what is held whoever comes.

A group holds a session on every day on which some phase could have it. `weeks`, `times`, the lengths of
phases and a phase's `every` only say who comes; `visits` sessions are each participant's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import lcm
from zoneinfo import ZoneInfo

from iopcal.calendar_days import dates, is_nth
from iopcal.model import Path, Program, Span, Track
from iopcal.paths import GROUP, PathDay, widest_days
from iopcal.timetable import Agenda, Row, Timetable
from iopcal.walk import Strand, Walker

_DAY = timedelta(days=1)
_LONGEST_WAIT = timedelta(days=400)  # for a session of every so many weeks, or of a fifth weekday, to meet


class GroupTimetable(Timetable):
    """The rows of one track for all phases together."""

    def __init__(self, program: Program, path: Path, track: Track) -> None:
        super().__init__(program, path, track)
        self._began = path.starts
        self._widest = tuple(widest_days(phase, track) for phase in program.phases)
        self._possible: dict[int, tuple[tuple[Row, tuple[int, ...]], ...]] = {}
        self._group: dict[tuple[int, int, int], Agenda] = {}

    def agenda(self, phase: int, day: date, weekdays: tuple[int, ...]) -> Agenda:
        """Returns what `day` has: what any phase may have then, on its widest days."""
        version, weekday = self.version(day), day.weekday()
        possible = self._possible.get(version)
        if possible is None:
            possible = self._possible[version] = tuple(self._rows_of_all(version))
        # A session's `every` counts weeks from the first day of the groups.
        week = (day - self._began).days // 7 % lcm(*(row.every for row, _ in possible))
        key = (version, weekday, week)
        found = self._group.get(key)
        if found is None:
            rows: dict[int, Row] = {}
            for row, widest in possible:
                if not week % row.every and self.may_meet(row, weekday, widest):
                    rows.setdefault(row.place, row._replace(every=1))
            found = self._group[key] = self._agenda(GROUP, day, tuple(rows.values()))
        return found

    def _rows_of_all(self, version: int) -> Iterator[tuple[Row, tuple[int, ...]]]:
        """Yields the rows of every phase with its widest days, in the order of the list."""
        found = [
            (row, widest)
            for number, widest in enumerate(self._widest)
            for row in self.rows(number, version)
            if not row.activity.visits
        ]
        first: dict[str, int] = {}
        for row, _ in found:
            label = row.activity.one_of
            first[label] = min(first.get(label, row.place), row.place)
        for row, widest in sorted(found, key=lambda each: each[0].place):
            label = row.activity.one_of
            counted = row.makes_visits and (not label or first[label] == row.place)
            yield row._replace(counted=counted), widest


class GroupWalker(Walker):
    """Walks one track of a rolling program from the first day of its groups."""

    def __init__(self, program: Program, path: Path, track: Track, zone: ZoneInfo, last: date) -> None:
        timetable = GroupTimetable(program, path, track)
        super().__init__(program, path, Strand(program, path, track, timetable), zone)
        self._phases = ("",)
        self._last = last

    def walk(self, budget: int) -> Iterator[PathDay]:
        """Yields the days of the group to the last one published, as that of a cohort does."""
        for day in dates(self._path.starts, self._last):
            clock = self._clock(day)
            self._lay_out(clock)
            yield clock
            if len(self.sessions) > budget:
                return
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Uses what closes or changes days after the last one published, but keeps no session of them."""
        sessions, problems = self.sessions, self.problems
        self.sessions, self.problems = [], []
        for day in sorted(self._dated_later()):
            self._lay_out(self._clock(day))
        self.sessions, self.problems = sessions, problems

    def _dated_later(self) -> set[date]:
        program, first = self._program, max(self._last + _DAY, self._path.starts)
        spans = [line.span for line in program.closures]
        spans += [line.span for line in program.on_changes]
        spans += [line.span for line in program.additions]
        spans += [Span(line.first, max(line.first, first) + _LONGEST_WAIT) for line in program.from_changes]
        return {day for begins, ends in spans for day in dates(max(begins, first), ends)}

    def _clock(self, day: date) -> PathDay:
        week = (day - self._path.starts).days // 7 + 1
        return PathDay(day, week, GROUP, self._path.starts, week, (), 0, 0, 0)

    def _meets(self, row: Row, day: PathDay) -> bool:
        if row.monthly and not is_nth(day.day, row.monthly):
            return False
        self.used.update(change.place for change in row.changes)
        return not row.ended
