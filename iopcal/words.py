"""Dates, times and lengths in words: our own names, whatever the locale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date, year: bool = True) -> str:
    """Returns `Mon 11 Jan 2027`, or `Mon 11 Jan` without the year."""
    short = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return f"{short} {day.year}" if year else short


def clock_words(clock: int) -> str:
    """Returns minutes since midnight as `17:30`."""
    return f"{clock // 60:02d}:{clock % 60:02d}"


def time_words(moment: datetime) -> str:
    """Returns the wall-clock time of a moment as `17:30`."""
    return f"{moment.hour:02d}:{moment.minute:02d}"


def length_words(minutes: int) -> str:
    """Returns whole minutes as hours: `9 h`, `7 h 30`, `50 min` under an hour."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min" if rest else "0 h"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def count_words(number: int, noun: str, plural: str = "") -> str:
    """Returns `1 session`, `21 sessions`, with a comma from a thousand on."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def list_words(words: Iterable[str], joint: str = "and") -> str:
    """Returns `a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last
