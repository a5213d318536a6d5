"""The sessions of a day on which everything takes place as planned, as on most days of most programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from iopcal.curriculum import Curriculum
from iopcal.model import NOWHERE, Appearance, Path, Session, Status
from iopcal.paths import PathDay
from iopcal.timetable import Placed


def plain_day(
    day: PathDay,
    path: Path,
    phase: str,
    turn: int,
    visit: int,
    slots: Iterable[Placed],
    curricula: Mapping[str, Curriculum],
    zone: ZoneInfo,
) -> Iterator[Session]:
    """Yields the sessions of these slots, which all end on the day; `curricula`, by session, go on.

    This is the inner loop of every expansion.
    """
    today, week, phase_week = day.day, day.week, day.phase_week
    confirmed, combine = Status.CONFIRMED, datetime.combine
    for row, clock in slots:
        activity = row.activity
        topic = ""
        if activity.topics:
            curriculum = curricula[activity.id]
            topic = curriculum.topic(today.weekday(), week)
            curriculum.count(today.weekday(), week, held=True)
        seen = Appearance(
            combine(today, time_of(clock), zone), row.minutes, row.name, topic,
            row.leads, row.room, row.location, row.link, row.notes,
        )  # fmt: skip
        yield Session(
            seen, today, activity, path, phase, turn, week, phase_week, visit,
            confirmed, seen, "", NOWHERE, row.counted,
        )  # fmt: skip


@cache
def time_of(clock: int) -> time:
    """Returns a clock as a time of day."""
    return time(clock // 60, clock % 60)
