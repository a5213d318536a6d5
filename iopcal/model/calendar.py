"""What calendars can store: weekly series and single sessions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from iopcal.model.place import Place
from iopcal.model.session import Status, end_of
from iopcal.named_tuple import NamedTuple

SESSION = 7  # the field of a key that names the session
STRETCH = "*"  # stands there for a stretch of the day


class Text(NamedTuple):
    """What one calendar entry says; description lines are separated by line feeds."""

    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()


class Entry(NamedTuple):
    """One session as one feed shows it. `alarms` are minutes before the start."""

    start: datetime  # wall clock, carrying the program's zone
    minutes: int  # on a stop-watch
    text: Text
    alarms: tuple[int, ...] = ()

    @property
    def end(self) -> datetime:
        """The wall-clock end, `minutes` after the start on a stop-watch."""
        return end_of(self.start, self.minutes)


class Slot(NamedTuple):
    """One planned occurrence, on its original date, as one feed shows it.

    `item` and `single` are the identities of the series it may belong to (less the part) and of the single
    it is when it cannot. `status` says what became of it; `alone`: always a single; `hidden`: nothing tells
    of it that day, not even that it is cancelled, as it takes place elsewhere or with other sessions.
    """

    item: tuple[str, ...]
    single: tuple[str, ...]
    date: date
    planned: Entry | None  # None: added
    real: Entry
    status: Status
    alone: bool
    cause: Place
    hidden: bool = False

    @property
    def live(self) -> bool:
        """Whether it takes place just as planned."""
        return self.status is Status.CONFIRMED and self.planned == self.real and not self.hidden


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

    @property
    def end(self) -> datetime:
        """The wall-clock end of the first session."""
        return end_of(self.start, self.minutes)

    @property
    def dates(self) -> tuple[date, ...]:
        """The local dates on which it takes place."""
        first, step = self.start.date(), 7 * self.every
        count = (self.until - first).days // step + 1
        dates = (first + timedelta(days=step * number) for number in range(count))
        return tuple(day for day in dates if day not in self.skip)


class Calendar(NamedTuple):
    """One feed or file as it shall be: its name, zone and events."""

    name: str  # as subscribers see it
    zone: str  # IANA name
    events: tuple[Event, ...]
    utc: bool = False  # every time in UTC and no VTIMEZONE (for a zone whose law is not settled)
    neutral: bool = False  # discreet and busy: nothing may name the product
    file: bool = False  # imported once by hand, not subscribed to
