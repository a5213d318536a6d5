"""What a program wants the calendar to show, as the oracle reads its file: item by item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.oracle.fate import PublicHolidays
from tests.oracle.load import load
from tests.oracle.timetable import Path
from tests.oracle.walk import Entry, walk
from tests.schedules.programs import Draft
from tests.schedules.sight import Shown

Key = tuple[str, ...]  # of a series: session, phase, weekday; of a single: session, date


class Wanted(NamedTuple):
    """The sessions of every item, in order."""

    items: Mapping[Key, tuple[Shown, ...]]

    def whose(self, shown: Collection[Shown], series: bool) -> list[Key]:
        """Returns the items that have these sessions: one, or more where some were moved onto others."""
        return [
            key
            for key, mine in self.items.items()
            if (len(key) == len(("session", "phase", "weekday"))) == series and set(shown) <= set(mine)
        ]


@lru_cache(maxsize=2048)
def wanted(draft: Draft, shows_cancelled: bool) -> Wanted:
    """Returns what a sound program wants in the calendar of its staff."""
    program = load(draft.text())
    places = draft.places()
    (cohort,), (track,) = program.cohorts, program.tracks
    items: dict[Key, list[Shown]] = {}
    for day in walk(program, PublicHolidays(program), Path(cohort, track)):
        for entry in day.entries:
            if entry.fate.status == "cancelled" and not shows_cancelled:
                continue
            items.setdefault(_key(entry), []).append(_shown(entry, program.zone, places))
    found = {key: tuple(sorted(shown)) for key, shown in items.items()}
    return Wanted(found)


def _key(entry: Entry) -> Key:
    session, added = entry.session, entry.session.id.startswith("add:")
    if entry.fate.status != "confirmed" or session.topics is not None or added:
        return session.id, str(entry.planned_for)
    return session.id, entry.phase.id, f"{entry.planned_for:%a}"


def _shown(entry: Entry, zone: ZoneInfo, places: Mapping[str, str]) -> Shown:
    fate = entry.fate
    clock = time(fate.start // 60, fate.start % 60)
    start = datetime.combine(fate.day, clock, zone).astimezone(UTC)
    title = f"{fate.name}: {entry.topic}" if entry.topic else fate.name
    cancelled = fate.status == "cancelled"
    if cancelled:
        title = f"Cancelled: {title}"
    return Shown(start, fate.minutes, title, places.get(entry.session.id, ""), cancelled)


def ahead(shown: tuple[Shown, ...], now: datetime) -> tuple[Shown, ...]:
    """Returns the sessions that begin later than now."""
    return tuple(each for each in shown if each.start > now)
