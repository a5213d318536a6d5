"""The taper that thins out early and settles slowly."""

from __future__ import annotations

from iopcal.tapers._rounding import blend


def days(first: int, last: int, weeks: int) -> tuple[int, ...]:
    """Returns the treatment days of each week along 1 - (1 - t)², t running from 0 to 1, halves up."""
    steps = weeks - 1
    return tuple(blend(first, last, steps**2 - (steps - week) ** 2, steps**2) for week in range(weeks))
