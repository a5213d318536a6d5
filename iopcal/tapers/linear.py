"""The even taper: as many days a week as a straight line from first to last says."""

from __future__ import annotations

from iopcal.tapers._rounding import blend


def days(first: int, last: int, weeks: int) -> tuple[int, ...]:
    """Returns the treatment days of each week on a straight line, halves rounded up."""
    return tuple(blend(first, last, week, weeks - 1) for week in range(weeks))
