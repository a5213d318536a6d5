"""What the timetable plans for one day of one path: which sessions, and at which times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import floor
from typing import NamedTuple

from tests.oracle.program import Cohort, Edit, Phase, Program, Session, Track
from tests.oracle.words import Days


class Path(NamedTuple):
    """One cohort in one track, the group of a rolling program, or one participant."""

    cohort: Cohort
    track: Track
    member_of: frozenset[str] | None = None  # a participant: the cohorts whose lines hold for them

    @property
    def cohorts(self) -> frozenset[str]:
        """The cohorts whose lines hold for the path."""
        return frozenset({self.cohort.id}) if self.member_of is None else self.member_of


class Keys(NamedTuple):
    """The keys of a session that hold for one path on one day, all edits applied."""

    at: int | None
    minutes: int
    days: Days | None
    every: int
    name: str
    ended: bool


class Planned(NamedTuple):
    """One planned session; `start` is minutes after midnight on the clock face."""

    session: Session
    name: str
    start: int
    minutes: int


@cache
def taper_number(first: int, last: int, rule: str, weeks: int, week: int) -> int:
    """Treatment days of week 1..weeks of `first -> last`; after the end the last number holds."""
    week = min(week, weeks)
    t = Fraction(week - 1, weeks - 1) if weeks > 1 else Fraction(0)
    levels = abs(first - last) + 1
    if rule == "steps" and weeks >= levels:
        # Every whole number from the first to the last is held equally long.
        return first + (1 if last > first else -1) * floor(Fraction((week - 1) * levels, weeks))
    way = {"early": 1 - (1 - t) ** 2, "late": t**2}.get(rule, t)  # `steps` with too few weeks is linear
    return floor(first + (last - first) * way + Fraction(1, 2))


def weeks_of(phase: Phase, begin: date) -> int | None:
    """The nominal weeks of a phase; those of an `until` phase are the 7-day spans begun."""
    if phase.until is not None:
        return (phase.until - begin).days // 7 + 1
    return phase.weeks


def phase_meets(
    phase: Phase, track: Track, week: int, weeks: int | None, day: date, own: tuple[int, ...] = ()
) -> bool:
    """Whether the phase's own days hold `day`, which lies in its week 1, 2, ...

    A participant's `own` days replace the treatment days where the phase gives a number, and narrow the
    phase where it gives weekdays.
    """
    treatment_days = own or track.treatment_days
    # `every: 2` meets every second week, the first week first.
    if (week - 1) % phase.every:
        return False
    # Weekdays need not be part of the treatment days.
    if phase.weekdays is not None:
        return day.weekday() in phase.weekdays and (not own or day.weekday() in own)
    if phase.numbers is not None:
        # One number a week; after the end of the list the last one holds.
        number = phase.numbers[min(week, len(phase.numbers)) - 1]
    elif phase.taper is not None:
        assert weeks is not None  # `a -> b` needs `weeks` or `until`
        number = taper_number(*phase.taper, weeks, week)
    else:
        # Default: all treatment days.
        number = len(treatment_days)
    # A number keeps the first n of the treatment days, which stand in order of importance.
    return day.weekday() in treatment_days[:number]


def keys_on(program: Program, session: Session, phase: Phase, path: Path, day: date) -> Keys:
    """The keys that hold: the latest `from` change, else the phase's override, else the session's own."""
    edits: list[Edit] = []
    if program.changes:
        changes = [
            change
            for change in program.changes
            if change.session == session.id
            and change.since is not None
            and change.since <= day
            and change.line.is_for(path.cohorts, path.track.id)
        ]
        changes.sort(key=lambda change: change.since or date.min, reverse=True)
        edits = [change.edit for change in changes]
    if session.id in phase.overrides:
        edits.append(phase.overrides[session.id])
    edits.append(session.own)
    days: Days | None = None
    every: dict[str, int] | None = None
    name: str | None = None
    ended: bool | None = None
    for edit in edits:
        days = edit.days if days is None else days
        every = edit.every if every is None else every
        name = edit.name if name is None else name
        ended = edit.cancel if ended is None else ended
    return Keys(
        at=_start(edits, path.track.id),
        minutes=_minutes(edits, path.track.id) or 0,
        days=days,
        # A mapping phase -> n: phases not named, every week.
        every=1 if every is None else every.get(phase.id, 1),
        name=session.name if name is None else name,
        ended=bool(ended),
    )


class Keychain:
    """The keys of the sessions of one path: from one `from` change to the next they are the same."""

    def __init__(self, program: Program, path: Path) -> None:
        self.program, self.path = program, path
        self._later = sorted(change.since for change in program.changes if change.since is not None)
        self._found: dict[tuple[str, str, int], Keys] = {}

    def keys(self, session: Session, phase: Phase, day: date) -> Keys:
        """What `keys_on` says, found out once."""
        key = (session.id, phase.id, bisect_right(self._later, day))
        if key not in self._found:
            self._found[key] = keys_on(self.program, session, phase, self.path, day)
        return self._found[key]


def _start(edits: list[Edit], track: str) -> int | None:
    """The strongest `at`; a mapping that does not name the track leaves the session unplaced there."""
    for edit in edits:
        if edit.at is not None:
            return edit.at[track][0] if track in edit.at else None
    return None


def _minutes(edits: list[Edit], track: str) -> int | None:
    """The strongest length, said by `minutes` or by an `at` that is a range."""
    for edit in edits:
        if edit.minutes is not None:
            return edit.minutes
        if edit.at is not None and track in edit.at and edit.at[track][1] is not None:
            return edit.at[track][1]
    return None


def allowed(session: Session, phase: Phase, track: str) -> bool:
    """Whether the session belongs to this phase and track at all."""
    return (
        (phase.only is None or session.id in phase.only)
        and (session.phases is None or phase.id in session.phases)
        and (session.tracks is None or track in session.tracks)
    )


def exists(session: Session, keys: Keys) -> bool:
    """An individual or family session without days, time and month exists only for those who place it."""
    placed = keys.days is not None or keys.at is not None or session.monthly is not None
    return placed or session.kind not in {"individual", "family"}


def is_of_the_month(monthly: frozenset[tuple[int, int]], day: date) -> bool:
    """Whether `day` is one of the days of its month."""
    which = (day.day - 1) // 7 + 1
    last = (day + timedelta(7)).month != day.month
    return (which, day.weekday()) in monthly or (last and (-1, day.weekday()) in monthly)


def meets(
    session: Session,
    keys: Keys,
    phase: Phase,
    track: Track,
    day: date,
    week: int,
    path_week: int,
    on_phase_day: bool,
) -> bool:
    """Whether the session is planned for `day`, but for `visits` and `times`. All keys hold together."""
    # A `from` change with `cancel: true` ends the session: no gap, nothing shown.
    if keys.ended or not allowed(session, phase, track.id) or not exists(session, keys):
        return False
    if session.weeks is not None and not session.weeks.hold(path_week):
        return False
    # `monthly`: days of the calendar month by themselves, whether or not the phase meets.
    if session.monthly is not None:
        return is_of_the_month(session.monthly, day)
    # Every n-th week of the phase, its first week first.
    if (week - 1) % keys.every:
        return False
    if keys.days is None:
        return on_phase_day
    # `any sat` meets whether or not the phase does; a bare `any` on every treatment day of the track.
    if keys.days.any:
        return day.weekday() in (track.treatment_days if keys.days.on is None else keys.days.on)
    # Days given narrow the phase's days.
    return on_phase_day and day.weekday() in (keys.days.on or ())


def counts_of_its_choice(program: Program, session: Session, phase: Phase, path: Path, day: date) -> bool:
    """Of the sessions with one label, the first that the track and phase allow counts, held or not."""
    if session.one_of is None:
        return True
    choice = [
        other
        for other in program.sessions
        if other.one_of == session.one_of
        and allowed(other, phase, path.track.id)
        and exists(other, keys_on(program, other, phase, path, day))
    ]
    return choice[0].id == session.id


def lay_out(sessions: list[tuple[Session, Keys]], track: Track) -> Iterator[Planned]:
    """Give the sessions that meet on a day, in the order of the list, their times."""
    # One without `at` begins at `day_starts`, or when every session before it has ended, if that is later.
    free = track.day_starts or 0
    together: dict[str, int] = {}
    for session, keys in sessions:
        busy_until = 0
        if keys.at is not None:
            start = keys.at
        elif session.one_of is not None:
            # Those that share a label begin together, when the first of them can, and what is
            # later waits for the longest.
            start = together.setdefault(session.one_of, free)
            busy_until = start + max(
                other_keys.minutes
                for other, other_keys in sessions
                if other.one_of == session.one_of and other_keys.at is None
            )
        else:
            start = free
        yield Planned(session, keys.name, start, keys.minutes)
        free = max(free, start + keys.minutes, busy_until)
