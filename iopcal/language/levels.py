"""Levels of care, and how hours are counted."""

from __future__ import annotations

from iopcal.language.fields import Field, Row, Table, Value, row_of
from iopcal.language.numbers import YES_NO
from iopcal.language.texts import choice
from iopcal.model import HourRule

LEVELS = ("iop", "php", "outpatient")
LEVEL = choice(LEVELS, "a level of care")

_COUNT: Field[str] = Field(
    "count",
    choice(("clock", "fifty-minute-hour", "span"), "a way to count hours"),
    "`clock` (default): the minutes of the sessions; `fifty-minute-hour`: an hour for every whole 50 minutes "
    "of a session, or its clock time if that is more; `span`: first start to last end of the day",
)
_BREAKS: Field[bool] = Field("breaks", YES_NO, "whether breaks count; default: no")
_MEALS: Field[bool] = Field("meals", YES_NO, "whether meals count; default: no")
_WEEK: Field[str] = Field(
    "week",
    choice(("mon-sun", "sun-sat", "own"), "a week"),
    "which days make a week: `mon-sun` (default), `sun-sat`, or `own`: the weeks of the path",
)
HOURS_TABLE = Table("'hours'", (_COUNT, _BREAKS, _MEALS, _WEEK))
HOURS: Value[Row] = row_of(HOURS_TABLE, "hours")


def build_hours(row: Row | None) -> HourRule:
    """Returns how minutes are counted, with the defaults for what is not said."""
    if row is None:
        return HourRule()
    return HourRule(
        row.get(_COUNT) or "clock",
        row.get(_BREAKS) or False,
        row.get(_MEALS) or False,
        row.get(_WEEK) or "mon-sun",
    )
