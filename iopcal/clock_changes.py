"""The hours that clocks skip or repeat, in which no session may begin or end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_SEARCH = 6 * 60  # minutes to look for a good time on either side


class Clocks:
    """The days of one zone on which the clocks change, each looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._even: dict[date, bool] = {}

    def are_even(self, day: date) -> bool:
        """Says whether the clocks stay as they are from the first to the last minute of `day`."""
        even = self._even.get(day)
        if even is None:
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            even = midnight.utcoffset() == (midnight + timedelta(days=1)).utcoffset()
            self._even[day] = even
        return even


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
