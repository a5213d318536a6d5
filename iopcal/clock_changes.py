"""The hours that clocks skip or repeat, in which no session may begin or end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

_SEARCH = 6 * 60  # minutes to look for a good time on either side


@lru_cache(maxsize=4096)
def is_even(day: date, zone: tzinfo | None) -> bool:
    """Says whether the clocks stay as they are from the first to the last moment of `day`."""
    first = datetime(day.year, day.month, day.day, tzinfo=zone)
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone, fold=1)
    return first.utcoffset() == last.utcoffset()


@lru_cache(maxsize=4096)
def uneven_weeks(first: date, weeks: int, zone: tzinfo | None) -> tuple[timedelta, ...]:
    """Returns the spans of whole weeks, fewer than `weeks`, from `first` to days on which clocks change."""
    spans = (timedelta(weeks=week) for week in range(weeks))
    return tuple(span for span in spans if not is_even(first + span, zone))


def is_steady(start: datetime, end: datetime) -> bool:
    """Says whether both times are told by the same clock, with none of its changes between them."""
    if start.date() == end.date() and is_even(start.date(), start.tzinfo):
        return True
    return start.utcoffset() == end.utcoffset()


def is_doubtful(wall: datetime) -> bool:
    """Says whether a wall-clock time lies in a skipped or repeated hour, its first minute included."""
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def is_skipped(wall: datetime) -> bool:
    """Says whether clocks never show this wall-clock time."""
    return wall.astimezone(UTC).astimezone(wall.tzinfo).replace(fold=0) != wall.replace(fold=0)


def doubtful_end(start: datetime, minutes: int) -> datetime | None:
    """Returns the first of start, clock-face end and stop-watch end that lies in a doubtful hour."""
    face = start + timedelta(minutes=minutes)
    watch = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
    return next((wall for wall in (start, face, watch) if is_doubtful(wall)), None)


def good_starts(start: datetime, minutes: int) -> tuple[datetime, ...]:
    """Returns the nearest starts before and after `start` at which such a session is sound."""
    found = []
    for step in (-1, 1):
        for distance in range(1, _SEARCH):
            other = start + timedelta(minutes=step * distance)
            if other.date() == start.date() and doubtful_end(other, minutes) is None:
                found.append(other)
                break
    return tuple(found)
