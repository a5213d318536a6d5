"""Which days of a path are visits, and which would have been."""

from __future__ import annotations

from collections.abc import Sequence

from iopcal.model import Status
from iopcal.outcome import Fate
from iopcal.paths import PathDay
from iopcal.timetable import Placed, is_treatment_day


def is_visit(day: PathDay, slots: Sequence[Placed], fates: Sequence[Fate]) -> bool:
    """Says whether a day the phase meets is a visit: a counted, not optional session takes place."""
    if not is_treatment_day(day.day.weekday(), day.weekdays, slots):
        return False
    return any(fate.held and slot.row.makes_visits for slot, fate in zip(slots, fates, strict=True))


def is_lost(day: PathDay, slots: Sequence[Placed], fates: Sequence[Fate]) -> bool:
    """Says whether a line with `extend` took the visit this day would have been."""
    if not is_treatment_day(day.day.weekday(), day.weekdays, slots):
        return False
    taken = [
        (slot, fate)
        for slot, fate in zip(slots, fates, strict=True)
        if fate.status is Status.CLOSED and not any(line.cancel for line in fate.edits)
    ]
    extends = any(line.extend and not line.telehealth for _, fate in taken for line in fate.closures)
    return extends and any(slot.row.makes_visits for slot, _ in taken)
