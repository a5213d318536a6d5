"""A program file as values: every key of the language that decides what takes place, and when."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.oracle.words import Counts, Days

UNNAMED = "-"

Clock = tuple[int, int | None]  # minutes after midnight, own length if the text was a range


class Track(NamedTuple):
    id: str
    name: str  # its title
    day_starts: int | None
    treatment_days: tuple[int, ...]


class Cohort(NamedTuple):
    id: str
    starts: date
    tracks: tuple[str, ...]


class Edit(NamedTuple):
    """The keys a session, a phase override or a change may set; None is "does not say"."""

    at: dict[str, Clock] | None = None  # by track; a track that is missing is unplaced
    minutes: int | None = None
    days: Days | None = None
    every: dict[str, int] | None = None  # by phase; a phase that is missing meets every week
    name: str | None = None
    cancel: bool | None = None
    to: date | None = None


class Session(NamedTuple):
    id: str
    name: str
    kind: str
    own: Edit
    weeks: Counts | None
    visits: Counts | None
    phases: frozenset[str] | None
    tracks: frozenset[str] | None
    monthly: frozenset[tuple[int, int]] | None
    times: int | None
    topics: dict[int, list[str]] | list[str] | None
    advance: str
    on_closure: str | None  # None: as admission has it
    optional: bool
    one_of: str | None
    counts: bool
    says_counts: bool
    publish: str


class Phase(NamedTuple):
    id: str
    name: str
    weeks: int | None
    visits: int | None
    until: date | None
    weekdays: tuple[int, ...] | None  # days as weekdays,
    numbers: tuple[int, ...] | None  # or a number a week (one number: the same every week),
    taper: tuple[int, int, str] | None  # or a -> b by a rule; all None: all treatment days
    every: int
    only: frozenset[str] | None
    overrides: dict[str, Edit]


class Line(NamedTuple):
    """One line of `closed` or `changes`: whom it is for, and the days."""

    days: tuple[date, ...]
    tracks: frozenset[str] | None
    cohorts: frozenset[str] | None

    def is_for(self, cohorts: frozenset[str], track: str) -> bool:
        """`tracks` and `cohorts` limit a line; without, it is for all."""
        return (self.tracks is None or track in self.tracks) and (
            self.cohorts is None or bool(self.cohorts & cohorts)
        )


class Closure(NamedTuple):
    line: Line
    since: int | None
    until: int | None
    telehealth: bool
    extend: bool
    make_up: dict[date, date]

    def forbids(self, minute: int) -> bool:
        """`until` closes what begins before it, `from` what begins at it or later, both what is between."""
        if self.telehealth:  # still happens, by link
            return False
        return (self.since is None or minute >= self.since) and (self.until is None or minute < self.until)


class Change(NamedTuple):
    line: Line
    since: date | None  # a `from` change
    session: str
    edit: Edit


class Addition(NamedTuple):
    line: Line
    session: Session


class Hours(NamedTuple):
    method: str
    breaks: bool
    meals: bool
    week: str


class Program(NamedTuple):
    zone: ZoneInfo
    starts: date
    rolling: bool
    until: date | None  # the last day published, of a rolling program that says one
    tracks: tuple[Track, ...]
    cohorts: tuple[Cohort, ...]
    sessions: tuple[Session, ...]
    phases: tuple[Phase, ...]
    holidays: tuple[tuple[str, frozenset[str] | None, frozenset[str]], ...]  # code, only, except
    closures: tuple[Closure, ...]
    changes: tuple[Change, ...]
    additions: tuple[Addition, ...]
    hours: Hours
