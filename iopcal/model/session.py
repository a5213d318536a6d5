"""Dated sessions on the paths of a program."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from functools import lru_cache

from iopcal.model.place import Place
from iopcal.model.program import Activity
from iopcal.named_tuple import NamedTuple


class Path(NamedTuple):
    """One cohort in one track, or one participant: a clock of weeks and visits of its own."""

    cohort: str
    track: str
    starts: date
    participant: str = ""  # id

    def within(self, tracks: tuple[str, ...], cohorts: tuple[str, ...]) -> bool:
        """Says whether a line limited to these tracks and cohorts (none: all) speaks of this path."""
        return (not tracks or self.track in tracks) and (not cohorts or self.cohort in cohorts)


class Status(Enum):
    """What became of a planned session."""

    CONFIRMED = "confirmed"
    MOVED = "moved"  # its day or start differs from the plan through an `on` change or `make_up`
    CANCELLED = "cancelled"  # by `cancel: true`, shown as cancelled
    CLOSED = "closed"  # by a public holiday or a `closed` line, left out


_HELD = (Status.CONFIRMED, Status.MOVED)


def end_of(start: datetime, minutes: int) -> datetime:
    """Returns the wall-clock time that is `minutes` after `start` on a stop-watch."""
    return _end_of(start, minutes, start.tzinfo, start.fold)


@lru_cache(maxsize=16_384)
def _end_of(start: datetime, minutes: int, zone: tzinfo | None, fold: int) -> datetime:
    """Remembers ends by zone and fold, too: datetimes are equal where only these differ."""
    wall = start + timedelta(minutes=minutes)
    if wall.utcoffset() == start.utcoffset():
        return wall
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)


class Appearance(NamedTuple):
    """When a session is and what it says, as planned or as it takes place."""

    start: datetime  # wall clock, carrying the program's zone
    minutes: int  # on a stop-watch
    name: str
    topic: str
    leads: tuple[str, ...]
    room: str
    location: str
    link: str
    notes: str

    @property
    def end(self) -> datetime:
        """The wall-clock end, `minutes` after the start on a stop-watch."""
        return end_of(self.start, self.minutes)


class Session(NamedTuple):
    """One dated session on one path; sessions sort by start.

    `planned` is what the timetable and the taper give before `on:` changes and closures (None for an added
    session). `date` is the day it was planned for, on which everything is counted and named.
    """

    real: Appearance
    date: date
    activity: Activity
    path: Path
    phase: str  # id
    turn: int  # which time the path is in this phase, from 1
    week: int  # of the path, from 1
    phase_week: int  # from 1
    visit: int  # of the path, from 1; 0: the day is no visit
    status: Status
    planned: Appearance | None
    why: str  # of the line that moved, cancelled or closed it
    cause: Place  # that line; NOWHERE for a session as planned
    counted: bool  # in hours

    @property
    def held(self) -> bool:
        """Whether the session takes place."""
        return self.status in _HELD
