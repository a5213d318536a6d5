"""Recurrence rules as far as the lint needs them: the dates of a rule, and whether it meets on a date.

Source: RFC 5545 section 3.3.10. Rules with BYSETPOS, BYWEEKNO, BYYEARDAY, BYHOUR, BYMINUTE or BYSECOND, and
those of less than a day, are read but not expanded (`dated` is False). COUNT and UNTIL bound nothing here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from iopcal.named_tuple import NamedTuple

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DATED = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_FREQUENCIES = (*_DATED, "HOURLY", "MINUTELY", "SECONDLY")
_NOT_DATED = {"BYSETPOS", "BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE", "BYSECOND"}
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST", *_NOT_DATED}
_NUMBER = r"[0-9]{1,6}"
_WEEKDAY = r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)"
_MONTHDAY = r"[+-]?[0-9]{1,2}"
_END = date(9990, 1, 1).toordinal()
EMPTY_PERIODS = 400  # in a row, after which a rule is taken to have come to its end (days outside BYMONTH)


class Recurrence(NamedTuple):
    """One RRULE; weekdays are pairs of ordinal (0: every) and weekday (0: Monday)."""

    frequency: str
    interval: int
    times: int  # COUNT; 0: not given
    until: str  # as written, '' when not given
    weekdays: tuple[tuple[int, int], ...]
    monthdays: tuple[int, ...]
    months: tuple[int, ...]
    week_start: int
    dated: bool


@lru_cache(maxsize=2048)
def parse(value: str) -> Recurrence | None:
    """Returns the rule in its parts, or None when it cannot be read; upper case only."""
    parts: dict[str, str] = {}
    for piece in value.split(";"):
        key, equals, text = piece.partition("=")
        if key in parts or not equals or not text or key not in _KNOWN:
            return None
        parts[key] = text
    numbers = {}
    for key in ("INTERVAL", "COUNT"):
        text = parts.get(key, "")
        if text and (re.fullmatch(_NUMBER, text) is None or int(text) == 0):
            return None
        numbers[key] = int(text or 0)
    weekdays = _listed(parts.get("BYDAY", ""), _WEEKDAY)
    monthdays = _listed(parts.get("BYMONTHDAY", ""), _MONTHDAY)
    months = _listed(parts.get("BYMONTH", ""), _NUMBER)
    frequency, week_start = parts.get("FREQ", ""), parts.get("WKST", "MO")
    if weekdays is None or monthdays is None or months is None:
        return None
    if frequency not in _FREQUENCIES or week_start not in WEEKDAYS:
        return None
    return Recurrence(
        frequency,
        numbers["INTERVAL"] or 1,
        numbers["COUNT"],
        parts.get("UNTIL", ""),
        tuple((int(match[1] or 0), WEEKDAYS.index(match[2])) for match in weekdays),
        tuple(int(match[0]) for match in monthdays),
        tuple(int(match[0]) for match in months),
        WEEKDAYS.index(week_start),
        frequency in _DATED and not _NOT_DATED & parts.keys(),
    )


def _listed(text: str, pattern: str) -> list[re.Match[str]] | None:
    """Returns the matches of a comma list, None when one item does not match."""
    matches = [re.fullmatch(pattern, item) for item in text.split(",")] if text else []
    good = [match for match in matches if match is not None]
    return good if len(good) == len(matches) else None


def meets(rule: Recurrence, first: date, day: date) -> bool:
    """Says whether a dated rule that begins on `first` meets on `day`."""
    if day < first or (rule.months and day.month not in rule.months):
        return False
    if rule.frequency == "DAILY":
        in_turn = (day - first).days % rule.interval == 0
    elif rule.frequency == "WEEKLY":
        in_turn = (_week(day, rule) - _week(first, rule)) // 7 % rule.interval == 0
    elif rule.frequency == "MONTHLY":
        in_turn = ((day.year - first.year) * 12 + day.month - first.month) % rule.interval == 0
    else:
        in_turn = (day.year - first.year) % rule.interval == 0
    if not in_turn:
        return False
    if rule.monthdays:
        length = monthrange(day.year, day.month)[1]
        if day.day not in rule.monthdays and day.day - length - 1 not in rule.monthdays:
            return False
    if rule.weekdays:
        return any(_is_weekday(rule, day, nth, weekday) for nth, weekday in rule.weekdays)
    if rule.monthdays or rule.frequency == "DAILY":
        return True
    if rule.frequency == "WEEKLY":
        return day.weekday() == first.weekday()
    if rule.frequency == "YEARLY" and not rule.months and day.month != first.month:
        return False
    return day.day == first.day


def _week(day: date, rule: Recurrence) -> int:
    """Returns the ordinal of the first day of a date's week."""
    return day.toordinal() - (day.weekday() - rule.week_start) % 7


def _is_weekday(rule: Recurrence, day: date, nth: int, weekday: int) -> bool:
    """Says whether a date is the nth (0: any) such weekday of its month, or of its year without BYMONTH."""
    if day.weekday() != weekday:
        return False
    if not nth or rule.frequency in ("DAILY", "WEEKLY"):
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        position = day.timetuple().tm_yday
        length = 366 if monthrange(day.year, 2)[1] == 29 else 365
    else:
        position, length = day.day, monthrange(day.year, day.month)[1]
    return (position - 1) // 7 + 1 == nth or -((length - position) // 7 + 1) == nth


def dates(rule: Recurrence, first: date, work: Iterator[int]) -> Iterator[date]:
    """Yields the dates of a dated rule from `first` on, to the year 9989 at the latest.

    Every day looked at takes one item of `work`, and without one the dates end: a hostile file gets no more.
    """
    turn = empty = 0
    while empty <= EMPTY_PERIODS:
        days = list(_period(rule, first, turn))
        if not days or next(islice(work, len(days) - 1, None), None) is None:
            return
        met = [day for day in days if meets(rule, first, day)]
        yield from met
        turn, empty = turn + 1, 0 if met else empty + 1


def _period(rule: Recurrence, first: date, turn: int) -> Iterator[date]:
    """Yields the days that can be on the rule in its turn-th day, week, month or year."""
    step = turn * rule.interval
    if rule.frequency in ("DAILY", "WEEKLY"):
        if rule.frequency == "DAILY":
            low, days = first.toordinal() + step, [0]
        else:
            low = _week(first, rule) + step * 7
            weekdays = {weekday for _, weekday in rule.weekdays} or {first.weekday()}
            days = sorted((weekday - rule.week_start) % 7 for weekday in weekdays)
        yield from (date.fromordinal(low + day) for day in days if 1 <= low + day < _END)
        return
    months: tuple[int, ...]
    if rule.frequency == "MONTHLY":
        year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
        months = (month + 1,)
    else:
        year = first.year + step
        everywhere = tuple(range(1, 13)) if rule.weekdays or rule.monthdays else (first.month,)
        months = tuple(sorted(set(rule.months))) or everywhere
    on = {weekday for _, weekday in rule.weekdays}
    for month in months:
        if year < 9990 and 1 <= month <= 12:
            weekday, length = monthrange(year, month)
            low = date(year, month, 1).toordinal()
            days = [day for day in range(length) if not on or (weekday + day) % 7 in on]
            yield from (date.fromordinal(low + day) for day in days)


def last_weekly(rule: Recurrence, first: date, day: date) -> date | None:
    """Returns the last date not after `day` of a rule of one weekday a week; None for any other rule."""
    single = len(rule.weekdays) <= 1 and not rule.monthdays and not rule.months
    if rule.frequency != "WEEKLY" or not rule.dated or not single or day < first:
        return None
    step = 7 * rule.interval
    return first + timedelta(days=(day - first).days // step * step)
