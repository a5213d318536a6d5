"""The group of a rolling program: what is held in one track, whoever comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tests.oracle.fate import Fate, PublicHolidays, fate
from tests.oracle.program import UNNAMED, Cohort, Phase, Program, Session, Track
from tests.oracle.timetable import (
    Keychain,
    Keys,
    Path,
    Planned,
    allowed,
    exists,
    is_of_the_month,
    keys_on,
    lay_out,
)
from tests.oracle.topics import Curricula
from tests.oracle.walk import Day, Entry, added_on

QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
AHEAD = timedelta(182)


class Meeting(NamedTuple):
    """A session that the group plans, and what becomes of it; also one that is left out."""

    session: Session
    plan: Planned
    fate: Fate
    topic: str
    chosen: bool


class Gathering(NamedTuple):
    """One day of the group; `week` counts from the program's start."""

    day: date
    week: int
    meetings: tuple[Meeting, ...]


def last_day(program: Program, today: date | None) -> date:
    """The last day published: `until`, or the first end of a quarter 182 days or more after today."""
    if program.until is not None:
        return program.until
    assert today is not None, "a rolling program without `until` needs to know what day it is"
    ends = (date(year, *end) for year in (today.year, today.year + 1) for end in QUARTER_ENDS)
    return next(end for end in ends if end >= today + AHEAD)


def gatherings(program: Program, public: PublicHolidays, track: Track, last: date) -> Iterator[Gathering]:
    """Every day from the program's start to the last one published; planned days are what is cut."""
    path = group_path(program, track)
    chain = Keychain(program, path)
    # Anchored at `starts`, the same for everybody in the room.
    topics = Curricula("skip")
    for offset in range((last - program.starts).days + 1):
        day, week = program.starts + timedelta(offset), offset // 7 + 1
        # The day is laid out once, for the group.
        rows = [
            (session, keys)
            for session in program.sessions
            if (keys := _keys_if_held(chain, session, day, week)) is not None
        ]
        plans = [(plan, False) for plan in lay_out(rows, track)]
        plans += [(plan, True) for plan in added_on(program, path, None, day)]
        meetings = []
        for plan, added in plans:
            end = fate(program, public, path, day, plan, added)
            topic = topics.show(plan.session, track, day, week, end.held)
            meetings.append(
                Meeting(plan.session, plan, end, topic, added or _counts(program, plan.session, path, day))
            )
        yield Gathering(day, week, tuple(meetings))


def group_days(program: Program, public: PublicHolidays, track: Track, last: date) -> Iterator[Day]:
    """The days of the group as those of a path: no phase, no visit, weeks from the program's start."""
    path = group_path(program, track)
    for day, week, meetings in gatherings(program, public, track, last):
        entries = [
            Entry(path, None, one.session, day, one.fate, one.topic, one.chosen, 0, week)
            for one in meetings
            if one.fate.status != "closed"
        ]
        yield Day(day, week, tuple(entries))


def group_path(program: Program, track: Track) -> Path:
    """The group of one track, seen as a path."""
    return Path(Cohort(UNNAMED, program.starts, (track.id,)), track)


def _keys_if_held(chain: Keychain, session: Session, day: date, week: int) -> Keys | None:
    """The keys by which the group holds the session on `day`; None if no phase could have it then.

    `weeks`, `times`, phase lengths and a phase's `every` only say who comes. `visits` sessions exist only on
    participants' paths.
    """
    if session.visits is not None:
        return None
    for phase in chain.program.phases:
        keys = chain.keys(session, phase, day)
        if _could_have(session, keys, phase, chain.path.track, day, week):
            return keys
    return None


def _could_have(session: Session, keys: Keys, phase: Phase, track: Track, day: date, week: int) -> bool:
    if keys.ended or not allowed(session, phase, track.id) or not exists(session, keys):
        return False
    if session.monthly is not None:
        return is_of_the_month(session.monthly, day)
    # `every` of a group session counts weeks from `starts`.
    if (week - 1) % keys.every:
        return False
    if keys.days is not None and keys.days.any:
        return day.weekday() in (track.treatment_days if keys.days.on is None else keys.days.on)
    return day.weekday() in _widest(phase, track) and (
        keys.days is None or day.weekday() in (keys.days.on or ())
    )


def _widest(phase: Phase, track: Track) -> tuple[int, ...]:
    """The most days that the phase meets on in any week."""
    if phase.weekdays is not None:
        return phase.weekdays
    number = len(track.treatment_days)
    if phase.numbers is not None:
        number = max(phase.numbers)
    elif phase.taper is not None:
        number = max(phase.taper[:2])
    return track.treatment_days[:number]


def _counts(program: Program, session: Session, path: Path, day: date) -> bool:
    """In the group's own feed all of a `one_of` are shown, and the first that its track allows counts."""
    if session.one_of is None:
        return True
    choice = [
        other
        for other in program.sessions
        if other.one_of == session.one_of
        and other.visits is None
        and any(
            allowed(other, phase, path.track.id) and exists(other, keys_on(program, other, phase, path, day))
            for phase in program.phases
        )
    ]
    return choice[0].id == session.id
