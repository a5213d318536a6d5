"""The weekly timetable of one path: which sessions a day has, and when in the day each begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from iopcal.model import (
    KINDS_OF_ONE,
    Activity,
    Days,
    Edit,
    FromChange,
    Path,
    Phase,
    Placement,
    Program,
    Track,
)


class Row(NamedTuple):
    """A session as one phase of one track has it, overrides and `from` changes applied."""

    place: int  # in the program's list
    activity: Activity
    start: int | None  # None: in the order of the day
    minutes: int
    days: Days | None
    every: int
    leads: tuple[str, ...]
    room: str
    location: str
    link: str
    name: str
    notes: str
    counted: bool  # in hours: of those that share a `one_of`, only the first the track and phase allow
    ended: bool  # by a `from` change with `cancel`
    changes: tuple[FromChange, ...]  # that have a say

    @property
    def regular(self) -> bool:
        """Whether it meets only on days the phase meets."""
        return not self.activity.monthly and not (self.days is not None and self.days.any)


class Placed(NamedTuple):
    """A row laid out in a day: clock of its start on the clock face."""

    row: Row
    start: int


class Timetable:
    """The rows of one track and cohort, by phase and day, each worked out once."""

    def __init__(self, program: Program, path: Path, track: Track) -> None:
        self._program = program
        self._track = track
        self._changes = sorted(
            (change for change in program.from_changes if path.within(change.tracks, change.cohorts)),
            key=lambda change: change.first,
        )
        self._starts = [change.first for change in self._changes]
        self._rows: dict[tuple[int, int], tuple[Row, ...]] = {}
        self._layouts: dict[tuple[int, int, tuple[int, ...]], tuple[Placed, ...]] = {}

    def rows(self, phase: int, day: date) -> tuple[Row, ...]:
        """Returns the rows that the phase may have on `day`, in the order of a treatment day."""
        version = bisect_right(self._starts, day)
        found = self._rows.get((phase, version))
        if found is None:
            rows = self._compile(self._program.phases[phase], self._changes[:version])
            found = self._rows[phase, version] = tuple(rows)
        return found

    def lay_out(self, phase: int, day: date, rows: Sequence[Row]) -> tuple[Placed, ...]:
        """Returns the rows with their starts; a row that no start can be found for is left out.

        A row without a time begins at `day_starts` or when all before it have ended, whichever is later.
        Rows that share a `one_of` label and have no time begin together, and the next wait for the longest.
        """
        key = (phase, bisect_right(self._starts, day), tuple([row.place for row in rows]))
        found = self._layouts.get(key)
        if found is None:
            found = self._layouts[key] = tuple(_lay_out(rows, self._track.day_starts))
        return found

    def _compile(self, phase: Phase, changes: Sequence[FromChange]) -> Iterable[Row]:
        seen: set[str] = set()
        for place, activity in enumerate(self._program.activities):
            if not allows(phase, self._track, activity):
                continue
            first = activity.one_of not in seen
            if activity.one_of:
                seen.add(activity.one_of)
            mine = tuple(change for change in changes if change.activity == activity.id)
            edits = [override.edit for override in phase.overrides if override.activity == activity.id]
            row = _apply(place, activity, phase, self._track, (*edits, *(change.edit for change in mine)))
            counted = activity.counts and not activity.optional and (not activity.one_of or first)
            row = row._replace(
                counted=counted,
                ended=_last([change.cancel for change in mine if change.cancel is not None]),
                changes=mine,
                location=row.location or self._track.location or self._program.location,
                link=row.link or self._track.link or self._program.link,
                room=row.room or self._track.room,
            )
            if _exists(row):
                yield row


def _last(said: Sequence[bool]) -> bool:
    return bool(said) and said[-1]


def allows(phase: Phase, track: Track, activity: Activity) -> bool:
    """Says whether the track and the phase allow the session at all."""
    if activity.tracks and track.id not in activity.tracks:
        return False
    if activity.phases and phase.id not in activity.phases:
        return False
    return phase.only is None or activity.id in phase.only


def _apply(place: int, activity: Activity, phase: Phase, track: Track, edits: Iterable[Edit]) -> Row:
    own = next(placement for placement in activity.placements if placement.track == track.id)
    start, minutes = own.start, own.minutes or 0
    days, every = activity.days, dict(activity.every).get(phase.id, 1)
    texts: dict[str, str] = {}
    leads = activity.leads
    for edit in edits:
        placement = next((each for each in edit.placements if each.track == track.id), _NOTHING)
        if track.id in edit.unplaced:
            start = None
        start = start if placement.start is None else placement.start
        minutes = placement.minutes or minutes
        days = days if edit.days is None else edit.days
        every = edit.every or every
        leads = leads if edit.leads is None else edit.leads
        for key in ("room", "location", "link", "name", "notes"):
            value: str | None = getattr(edit, key)
            if value is not None:
                texts[key] = value
    return Row(
        place, activity, start, minutes, days, every, leads,
        texts.get("room", activity.room),
        texts.get("location", activity.location),
        texts.get("link", activity.link),
        texts.get("name", activity.name),
        texts.get("notes", activity.notes),
        False, False, (),
    )  # fmt: skip


_NOTHING = Placement("", None, None)


def _exists(row: Row) -> bool:
    """Says whether the program has the session, and not only participants who place it."""
    placed = row.days is not None or row.start is not None or bool(row.activity.monthly)
    return placed or row.activity.kind not in KINDS_OF_ONE


def _lay_out(rows: Sequence[Row], day_starts: int | None) -> Iterable[Placed]:
    free = day_starts  # when every session before has ended
    together: dict[str, int] = {}
    for number, row in enumerate(rows):
        label = row.activity.one_of if row.start is None else ""
        start = row.start
        if label in together:
            start = together[label]
        elif start is None:
            start = free
        if start is None:
            continue
        ends = start + row.minutes
        if label and label not in together:
            together[label] = start
            lengths = [each.minutes for each in rows[number:] if _shares(each, label)]
            ends = start + max(lengths)
        free = ends if free is None else max(free, ends)
        yield Placed(row, start)


def _shares(row: Row, label: str) -> bool:
    return row.start is None and row.activity.one_of == label
