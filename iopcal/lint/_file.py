"""One file as every group of rules looks at it: lines, components, events, and what kind of file it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from iopcal.lint._components import Component, Flaw, nest
from iopcal.lint._finding import Finding
from iopcal.lint._lines import Line, Physical, parse, split, unfold
from iopcal.lint._recurrence import Recurrence
from iopcal.lint._recurrence import parse as parse_rule
from iopcal.lint._times import Moment, Zones, find_zones, instant, moment, moment_of, to_wall
from iopcal.named_tuple import NamedTuple

OUR_PRODID = "-//iopcal//iopcal//EN"
NEUTRAL_PRODID = "-//Calendar//EN"
FEED_NAMES = ("X-WR-CALNAME", "NAME")
FEED_REFRESH = ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")
ENDLESS = timedelta(days=730)  # how far ahead a rule without an end is looked at


_ZONE_NAME = re.compile(r"[A-Za-z0-9_+/-]{1,64}")


class Event(NamedTuple):
    """One whole VEVENT; what is missing or cannot be read is None or ''.

    `rule` is that of its only RRULE; `skips` are its EXDATEs, with None for a list or what is no time.
    """

    component: Component
    uid: str
    start: Moment | None
    end: Moment | None
    rule: Recurrence | None
    skips: tuple[tuple[Line, Moment | None], ...]

    @property
    def number(self) -> int:
        """The line the event begins on."""
        return self.component.number

    @property
    def cancelled(self) -> bool:
        """Whether it is marked as cancelled."""
        return self.component.value("STATUS").upper() == "CANCELLED"


class File(NamedTuple):
    """A file with the kind it is linted as; `was` is the one it replaces, `now` in UTC without a zone."""

    data: bytes
    physical: tuple[Physical, ...]
    lines: tuple[Line, ...]
    roots: tuple[Component, ...]
    flaws: tuple[Flaw, ...]
    calendar: Component  # the first VCALENDAR; an empty one where there is none
    events: tuple[Event, ...]
    zones: Zones
    ours: bool
    feed: bool
    private: bool
    words: tuple[str, ...]
    was: File | None
    now: datetime | None

    def shape(self, line: int, code: str, text: str) -> Finding:
        """Returns a finding of our own shape: an error in what we write, a warning in a foreign file."""
        return Finding(line, code, text, "error" if self.ours else "warning")

    def zone(self, value: Moment | None) -> ZoneInfo | None:
        """Returns the zone of a zoned moment, None where nobody knows it."""
        return self.zones.get(value.zone) if value is not None and value.form == "zoned" else None

    def instant(self, value: Moment | None) -> datetime | None:
        """Returns a moment in UTC, None where that cannot be told."""
        return None if value is None else instant(value, self.zones)


def read(
    data: bytes,
    as_: str | None = None,
    words: Iterable[str] = (),
    private: bool | None = None,
    ours: bool | None = None,
    was: File | None = None,
    now: datetime | None = None,
) -> File:
    """Returns any bytes at all as a file; what is None is told from the bytes."""
    physical = split(data)
    lines = tuple(parse(number, content) for number, content in unfold(physical))
    roots, flaws = nest(lines)
    calendars = [root for root in roots if root.name == "VCALENDAR"]
    calendar = calendars[0] if calendars else Component("VCALENDAR", 1, (), (), {}, False)
    prodid = calendar.value("PRODID")
    named = any(calendar.all(name) for name in (*FEED_NAMES, "REFRESH-INTERVAL"))
    return File(
        data,
        physical,
        lines,
        roots,
        flaws,
        calendar,
        tuple(_event(component) for component in calendar.inner("VEVENT")),
        find_zones(name for name in _zone_names(lines) if _ZONE_NAME.fullmatch(name)),
        ours=(prodid == NEUTRAL_PRODID or "iopcal" in prodid.lower()) if ours is None else ours,
        feed=named if as_ is None else as_ == "feed",
        private=prodid == NEUTRAL_PRODID if private is None else private,
        words=tuple(words),
        was=was,
        now=now,
    )


def _zone_names(lines: Iterable[Line]) -> Iterable[str]:
    """Yields every name of a zone in the file."""
    for line in lines:
        if line.name in ("TZID", "X-WR-TIMEZONE"):
            yield line.value
        elif line.parameters:
            yield line.parameter("TZID")


def _event(component: Component) -> Event:
    """Returns the values of a VEVENT that more than one rule looks at."""
    starts, ends, rules = component.all("DTSTART"), component.all("DTEND"), component.all("RRULE")
    return Event(
        component,
        component.value("UID"),
        moment_of(starts[0]) if starts else None,
        moment_of(ends[0]) if ends else None,
        parse_rule(rules[0].value) if len(rules) == 1 else None,
        tuple((line, moment_of(line)) for line in component.all("EXDATE")),
    )


def last_date(file: File, event: Event) -> date:
    """Returns a date not before that of an event's last slot, at most two years on if it has no end.

    Exact for a rule with UNTIL on a date it meets on. The event has a start.
    """
    assert event.start is not None
    first, rule = event.start.wall.date(), event.rule
    if rule is None:
        return first
    until = moment(rule.until)
    if until is not None:
        zone = file.zone(event.start)
        wall = to_wall(until.wall, zone) if zone is not None and until.form == "utc" else until.wall
        return max(first, wall.date())
    if rule.times and rule.frequency == "WEEKLY":
        return first + min(timedelta(weeks=rule.times * rule.interval), ENDLESS)
    return first + ENDLESS
