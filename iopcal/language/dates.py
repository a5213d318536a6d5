"""Dates and ranges of dates: `2027-01-18`, `2027-12-24..2028-01-01`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from iopcal.language.fields import Value, scalar
from iopcal.language.report import Report, meant, shown
from iopcal.model import Place, Span
from iopcal.source import Node

FIRST_YEAR, LAST_YEAR = 1970, 2100
FORM = "dates are written 2027-01-18"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


@lru_cache(4_096)  # a roster of many people names the same days again and again
def _plain_date(text: str) -> date | None:
    """Returns the date of a text that is written as it should be, else None."""
    if not re.fullmatch(_DATE, text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_date(text: str, place: Place, report: Report) -> date | None:
    """Reads `YYYY-MM-DD`; reports any other spelling (IOP142) and years outside 1970 to 2100 (IOP144)."""
    if (day := _plain_date(text)) is not None:
        return day
    if not re.fullmatch(_DATE, text):
        report.error(place, "IOP142", f"{shown(text)} is not a date", _nearest_date(text))
        return None
    year, month, day_of_month = int(text[:4]), int(text[5:7]), int(text[8:])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        report.error(
            place, "IOP144", f"'{text}' lies outside the years {FIRST_YEAR} to {LAST_YEAR}", "check the year"
        )
        return None
    if not 1 <= month <= 12:
        report.error(
            place,
            "IOP142",
            f"'{text}' is not a date: a year has months 01 to 12",
            _swapped(year, month, day_of_month),
        )
        return None
    length = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    message = f"'{text}' is not a date: {MONTHS[month - 1]} {year} has {length} days"
    report.error(place, "IOP142", message, f"its last day is '{year}-{month:02d}-{length}'")
    return None


_LONGEST_SPAN = timedelta(days=5 * 366)


def read_span(text: str, place: Place, report: Report) -> Span | None:
    """Reads a date or `first..last`, both ends included; reports one that runs backwards (IOP143)."""
    if (day := _plain_date(text)) is not None:
        return Span(day, day)
    parts = re.split(r" *\.\. *", text)
    if len(parts) > 2 or (len(parts) == 1 and re.search("[0-9] *(-|–|—|to|until|/) *[0-9]{4}-", text)):
        ends = re.findall(_DATE, text)
        hint = meant("..".join(ends) if len(ends) == 2 else "", "ranges are written 2027-12-24..2028-01-01")
        report.error(place, "IOP142", f"{shown(text)} is not a range of dates", hint)
        return None
    days = [read_date(part, place, report) for part in parts]
    first, last = days[0], days[-1]
    if first is None or last is None:
        return None
    if last < first:
        report.error(place, "IOP143", f"'{first}..{last}' ends before it begins", _turned(first, last))
        return None
    if last - first > _LONGEST_SPAN:
        message = f"'{first}..{last}' is longer than the 5 years that a program may last"
        report.error(place, "IOP143", message, "check the years")
        return None
    return Span(first, last)


def _turned(first: date, last: date) -> str:
    """Returns the hint for a range that runs backwards: over the turn of the year where that is shorter."""
    swapped = f"{last}..{first}"
    if _exists(last.year + 1, last.month, last.day):
        next_year = last.replace(year=last.year + 1)
        if timedelta() <= next_year - first < first - last:
            return f"write '{first}..{next_year}' or '{swapped}'"
    return meant(swapped)


def looks_dated(text: str) -> bool:
    """Says whether a text begins with something meant as a date."""
    return bool(re.match(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(\.\.|\s|$)", text))


def _swapped(year: int, month: int, day: int) -> str:
    return meant(f"{year}-{day:02d}-{month:02d}" if _exists(year, day, month) else "", FORM)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _nearest_date(text: str) -> str:
    """Returns the hint for something that is no date: the right spelling, or two for two readings."""
    match = re.match("([0-9]{4})[-/. ]?([0-9]{1,2})[-/. ]?([0-9]{1,2})(?![0-9])", text)
    if match:
        year, month, day = (int(part) for part in match.groups())
        return meant(f"{year}-{month:02d}-{day:02d}" if _exists(year, month, day) else "", FORM)
    match = re.match("([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})(?![0-9])", text)
    if match:
        one, other, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
        pairs = sorted({(one, other), (other, one)}, key=lambda pair: pair != (one, other))
        good = [f"{year}-{month:02d}-{day:02d}" for month, day in pairs if _exists(year, month, day)]
        return f"write '{good[0]}' or '{good[1]}'" if len(good) == 2 else meant("".join(good), FORM)
    return meant(_month_in_words(text), FORM)


def _month_in_words(text: str) -> str:
    year = re.search("(?<![0-9])[0-9]{4}(?![0-9])", text)
    day = re.search("(?<![0-9])[0-9]{1,2}(?![0-9])", text)
    month = re.search("[A-Za-z]{3,}", re.sub("(?i)(mon|tues|wednes|thurs|fri|satur|sun)day", "", text))
    if not (year and day and month):
        return ""
    for number, name in enumerate(MONTHS, 1):
        whole = name.casefold().startswith(month[0].casefold())
        if whole and _exists(int(year[0]), number, int(day[0])):
            return f"{year[0]}-{number:02d}-{int(day[0]):02d}"
    return ""


def _read_date(node: Node, report: Report) -> date | None:
    found = scalar(node, report, "a date")
    return read_date(found.text, found.place, report) if found else None


def _read_span(node: Node, report: Report) -> Span | None:
    found = scalar(node, report, "a date or a range of dates")
    return read_span(found.text, found.place, report) if found else None


DATE: Value[date] = Value(_read_date, {"type": "string", "pattern": f"^{_DATE}$"}, "date")
SPAN: Value[Span] = Value(
    _read_span, {"type": "string", "pattern": f"^{_DATE}( *\\.\\. *{_DATE})?$"}, "date-or-range"
)
