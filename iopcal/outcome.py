"""What becomes of one planned session: `on` changes first, closures last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from iopcal.calendar_days import DayBook, dates
from iopcal.model import NOWHERE, Closure, OnChange, Path, Place, Placement, Program, Status
from iopcal.named_tuple import NamedTuple


class Fate(NamedTuple):
    """Where a planned session ends up.

    `edits` are the `on` changes that touch it, in the order of the file, `closures` the `closed` lines;
    `void` are changes that match it without effect.
    """

    status: Status
    date: date
    clock: int
    minutes: int
    telehealth: bool = False
    edits: tuple[OnChange, ...] = ()
    closures: tuple[Closure, ...] = ()
    void: tuple[OnChange, ...] = ()
    why: str = ""
    cause: Place = NOWHERE

    @property
    def held(self) -> bool:
        """Whether the session takes place."""
        return self.status in (Status.CONFIRMED, Status.MOVED)


class Fates:
    """The `on` changes and closed days of one path."""

    def __init__(self, program: Program, path: Path, book: DayBook) -> None:
        self._track = path.track
        self._book = book
        self._lines: dict[str, list[OnChange]] = {}
        self._changed: set[date] = set()
        for line in program.on_changes:
            if path.within(line.tracks, line.cohorts):
                self._lines.setdefault(line.activity, []).append(line)
                self._changed.update(dates(*line.span))

    def is_planned(self, day: date) -> bool:
        """Says whether all sessions of `day` take place as planned."""
        return day not in self._changed and self._book.is_ordinary(day)

    def edits(self, activity: str, day: date) -> tuple[OnChange, ...]:
        """Returns the `on` changes of a session planned for `day`."""
        lines = self._lines.get(activity)
        if not lines:
            return ()
        return tuple(line for line in lines if line.span.first <= day <= line.span.last)

    def fate(self, activity: str, day: date, clock: int, minutes: int) -> Fate:
        """Returns what becomes of the session planned for `day` at `clock`."""
        planned = Fate(Status.CONFIRMED, day, clock, minutes)
        edits = self.edits(activity, day)
        if not edits:
            return planned if self._book.is_ordinary(day) else self._close(day, clock, planned, chosen=False)
        if self._is_taken(day, clock, edits):
            # A change of a session that a closure takes anyway is without effect.
            return self._close(day, clock, planned, chosen=False)._replace(void=edits)
        placements = self._placements(edits)
        start = _last((placement.start for placement in placements), clock)
        length = _last((placement.minutes for placement in placements), minutes)
        to = _target(edits)
        fate = Fate(Status.CONFIRMED, to or day, start, length, False, edits)
        return self._close(day, clock, fate, chosen=to is not None)

    def _is_taken(self, day: date, clock: int, edits: tuple[OnChange, ...]) -> bool:
        """Says whether the day is closed to the session both at its own time and at the changed one."""
        if _target(edits) is not None:
            return False
        changed = _last((placement.start for placement in self._placements(edits)), clock)
        return bool(self._book.holiday(day)) or all(
            self._book.outcome(day, each).takes for each in (clock, changed)
        )

    def _placements(self, edits: tuple[OnChange, ...]) -> list[Placement]:
        return [each for line in edits for each in line.edit.placements if each.track == self._track]

    def _close(self, planned: date, clock: int, fate: Fate, chosen: bool) -> Fate:
        """Applies cancellation, public holiday and closures; `chosen`: the line names the day itself."""
        cancelling = next((line for line in fate.edits if line.cancel), None)
        outcome = self._book.outcome(fate.date, fate.clock)
        names = () if chosen else self._book.holiday(fate.date)
        if names:
            return fate._replace(status=Status.CLOSED, why=", ".join(names))
        if outcome.closed:
            line = next(line for line in reversed(outcome.lines) if not line.telehealth)
            return fate._replace(status=Status.CLOSED, closures=outcome.lines, why=line.why, cause=line.place)
        closures = outcome.lines or (() if chosen else self._book.opening(fate.date))
        fate = fate._replace(telehealth=outcome.telehealth, closures=closures)
        if cancelling:
            return fate._replace(status=Status.CANCELLED, why=cancelling.why, cause=cancelling.place)
        lines: tuple[OnChange | Closure, ...] = (*fate.edits, *outcome.lines)
        if not lines:
            return fate
        makes_up = next((line for line in outcome.lines if line.make_up), None)
        cause = makes_up or (fate.edits or lines)[-1]
        day = outcome.to or fate.date
        status = Status.CONFIRMED if (day, fate.clock) == (planned, clock) else Status.MOVED
        return fate._replace(status=status, date=day, why=cause.why, cause=cause.place)

    def fate_of_addition(self, day: date, clock: int, minutes: int) -> Fate:
        """Returns what becomes of an added session: a public holiday leaves it, a `closed` line takes it."""
        return self._close(day, clock, Fate(Status.CONFIRMED, day, clock, minutes), chosen=True)


def _target(edits: Iterable[OnChange]) -> date | None:
    """Returns the day that a change moves the session to."""
    return next((line.to for line in edits if line.to is not None), None)


def _last(values: Iterable[int | None], default: int) -> int:
    found = default
    for value in values:
        if value is not None:
            found = value
    return found


def edited(edits: Iterable[OnChange], pick: Callable[[OnChange], str | None], default: str) -> str:
    """Returns the text that the last of the changes gives, or `default` where none does."""
    found = default
    for line in edits:
        value = pick(line)
        if value is not None:
            found = value
    return found
