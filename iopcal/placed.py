"""Sessions at a participant's own time."""

from __future__ import annotations

from iopcal.model import Days, FromChange, Placing
from iopcal.timetable import Row


def placed(row: Row, placing: Placing) -> Row:
    """Returns a row at the participant's own time, on their own weekday if they have one.

    A `monthly` session has days of its own, and no weekday can be placed.
    """
    weekday = placing.weekday
    return row._replace(
        start=placing.start,
        days=row.days if weekday is None else Days((weekday,)),
        leads=row.leads if placing.leads is None else placing.leads,
        counted=row.makes_visits,
        changes=tuple(change for change in row.changes if _touches(change, weekday is not None)),
    )


def _touches(change: FromChange, placed_day: bool) -> bool:
    """Says whether a `from` change has anything to say of a placed session: not its time, nor its days."""
    edit = change.edit
    minutes = any(placement.minutes is not None for placement in edit.placements)
    others = edit._replace(placements=(), unplaced=(), days=None if placed_day else edit.days)
    return change.cancel is not None or minutes or any(value not in ((), None) for value in others)
