"""Which times a clock tells without doubt."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MIDNIGHT = 24 * 60


def is_sound(start: datetime, minutes: int, zone: ZoneInfo) -> bool:
    """Says whether a session ends by midnight and neither begins nor ends in a skipped or repeated hour.

    Its end on the clock face and its end by a stop-watch must both be told without doubt.
    """
    wall = start.astimezone(zone)
    if wall.hour * 60 + wall.minute + minutes > MIDNIGHT:
        return False
    if is_even(wall.date(), zone):
        return True
    start = start.astimezone(UTC)  # so that minutes are those of a stop-watch
    face = wall.replace(tzinfo=None)
    ends = (face + timedelta(minutes=minutes), (start + timedelta(minutes=minutes)).astimezone(zone))
    return all(is_told_once(moment.replace(tzinfo=None), zone) for moment in (face, *ends))


@lru_cache(maxsize=10_000)
def is_even(day: date, zone: ZoneInfo) -> bool:
    """Says whether no clock changes from noon of the day before to that of the day after."""
    noons = (datetime.combine(day + timedelta(days=days), time(12), zone) for days in (-1, 1))
    return len({noon.utcoffset() for noon in noons}) == 1


def is_told_once(face: datetime, zone: ZoneInfo) -> bool:
    """Says whether a clock on the wall shows this time once, neither skipped nor repeated."""
    offsets = {face.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    return len(offsets) == 1
