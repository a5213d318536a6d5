"""What calendars can store: weekly series and single sessions."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class Text(NamedTuple):
    """What one calendar entry says; description lines are separated by line feeds."""

    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()


class Event(NamedTuple):
    """A weekly series, or a single session (`until` is the day of `start`): what every calendar can store.

    `until` is the local date of the last session; `every` counts weeks; `skip` holds the local dates of the
    rule on which nothing takes place, ascending, never the first or last. `alarms` are minutes before.
    """

    key: tuple[str, ...]  # identity, field by field; the uid is a digest of it
    start: datetime  # wall clock, carrying the program's zone
    minutes: int  # on a stop-watch
    until: date
    every: int
    skip: tuple[date, ...]
    text: Text
    cancelled: bool = False
    alarms: tuple[int, ...] = ()


class Calendar(NamedTuple):
    """One feed or file as it shall be: its name, zone and events."""

    name: str  # as subscribers see it
    zone: str  # IANA name
    events: tuple[Event, ...]
    utc: bool = False  # every time in UTC and no VTIMEZONE (for a zone whose law is not settled)
    neutral: bool = False  # discreet and busy: nothing may name the product
    file: bool = False  # imported once by hand, not subscribed to
