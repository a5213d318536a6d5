"""The taper that holds the intensity long and thins out late."""

from __future__ import annotations

from iopcal.tapers._rounding import blend


def days(first: int, last: int, weeks: int) -> tuple[int, ...]:
    """Returns the treatment days of each week along t², t running from 0 to 1, halves up."""
    return tuple(blend(first, last, week**2, (weeks - 1) ** 2) for week in range(weeks))
