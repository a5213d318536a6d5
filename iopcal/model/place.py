"""Where something stands in a file, and from which day to which."""

from __future__ import annotations

from datetime import date

from iopcal.named_tuple import NamedTuple


class Place(NamedTuple):
    """Where something stands in a file; `length` is in characters of its first line."""

    file: str
    line: int
    column: int
    length: int = 1


NOWHERE = Place("", 0, 0, 0)


class Span(NamedTuple):
    """Dates from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last
