"""Single words of a program file become values here: times, days, dates, counts, names.

A valid file is taken for granted; everything arrives as text, because the YAML reader types nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60


class Named(Protocol):
    """Anything of the file that has an id and a name."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


Thing = TypeVar("Thing", bound=Named)


class Days(NamedTuple):
    """The `days` of a session: `any` frees it from the phase; `on` None is a bare `any`."""

    any: bool
    on: tuple[int, ...] | None


def many(value: Any) -> list[Any]:
    """A single value stands for a list of one, everywhere; nothing stands for an empty list."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def parts(value: Any) -> list[str]:
    """`[mon, wed]`, `mon wed` and `mon, wed` are the same list of words; `mon - fri` is one word."""
    text = " ".join(str(one) for one in many(value))
    return [word for word in re.split(r"[\s,]+", re.sub(r"\s*-\s*", "-", text)) if word]


def truth(text: Any) -> bool:
    """`true`, and the other plain words for it."""
    return str(text).strip().lower() in {"true", "yes", "on"}


def weekday(word: str) -> int:
    """Monday is 0. `mon` or the full English name, in any case."""
    return WEEKDAYS.index(word.strip().lower()[:3])


def weekdays(value: Any) -> tuple[int, ...]:
    """Weekdays in the order written; `mon-fri` is a range and `fri-mon` runs over the weekend."""
    found: list[int] = []
    for word in parts(value):
        first, _, last = word.partition("-")
        day = weekday(first)
        found.append(day)
        while last and day != weekday(last):
            day = (day + 1) % 7
            found.append(day)
    return tuple(dict.fromkeys(found))


def session_days(value: Any) -> Days:
    """`any sat` or `[any, sat]` frees the weekdays named, a bare `any` every treatment day."""
    named = [word for word in parts(value) if word.lower() != "any"]
    return Days(len(named) < len(parts(value)), weekdays(named) if named else None)


@cache
def clock(text: str) -> int:
    """Minutes after midnight of `17:30`, `9:30`, `09:00` or `5:30 pm` (12:15 am is 0:15)."""
    found = re.fullmatch(r"\s*(\d{1,2}):(\d\d)\s*([ap]m)?\s*", text.lower())
    assert found, text
    hour, minute, half = int(found[1]), int(found[2]), found[3]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute


@cache
def clock_and_length(text: str) -> tuple[int, int | None]:
    """`17:30` has no length of its own, `17:30-19:00` has 90 minutes; each end carries its own am/pm."""
    begin, dash, end = text.partition("-")
    if not dash:
        return clock(begin), None
    # A session ends by midnight, so an end of 0:00 is the midnight after it.
    return clock(begin), (clock(end) - clock(begin)) % MIDNIGHT


def day(text: Any) -> date:
    return date.fromisoformat(str(text).strip())


def days(value: Any) -> tuple[date, ...]:
    """`2027-12-24..2028-01-01` with both ends; a plain date is a range of one."""
    found: list[date] = []
    for text in many(value):
        first, _, last = text.partition("..")
        begin, end = day(first), day(last or first)
        found += [begin + timedelta(n) for n in range((end - begin).days + 1)]
    return tuple(found)


class Counts(NamedTuple):
    """`3`, `1-4`, `5-`, `[1-4, 8, 16]`: stretches of whole numbers, the last one possibly without end."""

    stretches: tuple[tuple[int, int | None], ...]

    def hold(self, number: int) -> bool:
        return any(low <= number and (high is None or number <= high) for low, high in self.stretches)


def counts(value: Any) -> Counts:
    found: list[tuple[int, int | None]] = []
    for word in parts(value):
        low, dash, high = word.partition("-")
        found.append((int(low), (int(high) if high else None) if dash else int(low)))
    return Counts(tuple(found))


def monthly(value: Any) -> frozenset[tuple[int, int]]:
    """`1st,3rd thu` as pairs (which, weekday); the last of the month is number -1."""
    pairs: set[tuple[int, int]] = set()
    which: list[int] = []
    fresh = True
    for word in parts(value):
        if word.lower() == "last" or word[0].isdigit():
            which = which if fresh else []
            which.append(-1 if word.lower() == "last" else int(word[0]))
            fresh = True
        else:
            pairs |= {(number, weekday(word)) for number in which}
            fresh = False
    return frozenset(pairs)


def slug(name: str) -> str:
    """NFKD without marks, lower case; runs of anything but letters and digits (any script) become one `-`."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", name) if unicodedata.category(sign)[0] != "M"
    )
    kept = "".join(sign if unicodedata.category(sign)[0] in "LN" else " " for sign in plain.lower())
    return "-".join(kept.split())


def bare(name: str) -> str:
    """A holiday's name as it is compared: without case and without "(observed)"."""
    return " ".join(name.casefold().replace("(observed)", " ").split())


def find(things: Sequence[Thing], text: str) -> Thing:
    """An exact id wins, then an exact name, then the name without case."""
    found = (
        [thing for thing in things if thing.id == text]
        + [thing for thing in things if thing.name == text]
        + [thing for thing in things if thing.name.casefold() == text.casefold()]
    )
    return found[0]
