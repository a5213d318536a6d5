"""The taper in stairs: every number from first to last is held equally long."""

from __future__ import annotations

from iopcal.tapers import linear


def days(first: int, last: int, weeks: int) -> tuple[int, ...]:
    """Returns the days of each week in equal stairs; with fewer weeks than stairs, the even taper."""
    stairs = abs(last - first) + 1
    if weeks < stairs:
        return linear.days(first, last, weeks)
    sign = 1 if last > first else -1
    return tuple(first + sign * (week * stairs // weeks) for week in range(weeks))
