"""A reader of its own, written from RFC 5545 alone: content lines, VTIMEZONE blocks, weekly rules.

It knows no time zone by name and understands only what RFC 5545 lets a simple calendar write; all else is
an error, so that nothing is passed over in silence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from tests.readers.occurrence import Occurrence

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# RFC 5545 3.1: contentline = name *(";" param) ":" value; a quoted parameter value may hold ; : and ,
LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)')
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;]*)')
TIME = re.compile(r"\d{8}T\d{6}Z?")
ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "RRULE")
ESCAPES = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}


class Property(NamedTuple):
    """One content line, unfolded; names and parameter names in upper case."""

    name: str
    parameters: dict[str, str]
    value: str


class Component(NamedTuple):
    """A component with its properties and the components inside it, in the order of the file."""

    name: str
    properties: list[Property]
    parts: list[Component]

    def all(self, name: str) -> list[Property]:
        """Returns every property of that name."""
        return [entry for entry in self.properties if entry.name == name]

    def one(self, name: str) -> Property:
        """Returns the only property of that name; ValueError when there is none or more than one."""
        (found,) = self.all(name)
        return found


class Zone(NamedTuple):
    """Moments of change in UTC, ascending, with the offset that holds from each on."""

    moments: list[datetime]
    offsets: list[timedelta]

    def utc(self, wall: datetime) -> datetime:
        """Returns the moment of a wall-clock time; RFC 5545 3.3.5: a repeated one means the first."""
        if found := self.moments_of(wall):
            return found[0]
        raise ValueError(f"{wall.isoformat()} is skipped by the clocks")

    def moments_of(self, wall: datetime) -> list[datetime]:
        """Returns the moments at which the clock shows this: one, two, or none."""
        offsets = sorted({*self.around(wall)}, reverse=True)
        moments = [(wall - offset).replace(tzinfo=UTC) for offset in offsets]
        return [
            moment
            for moment, offset in zip(moments, offsets, strict=True)
            if self.offsets[bisect_right(self.moments, moment) - 1] == offset
        ]

    def around(self, wall: datetime) -> list[timedelta]:
        """Returns the offsets that hold within a day of the wall-clock time."""
        low, high = (wall.replace(tzinfo=UTC) + timedelta(days=days) for days in (-1, 1))
        first, last = bisect_right(self.moments, low) - 1, bisect_right(self.moments, high) - 1
        if first < 0:
            raise ValueError(f"{wall.isoformat()} lies before the first rule of its zone")
        return self.offsets[first : last + 1]


def read(text: str, start: datetime, stop: datetime) -> Iterator[Occurrence]:
    """Yields every occurrence; ValueError for anything the text may not hold."""
    (calendar,) = components(text)
    if calendar.name != "VCALENDAR" or calendar.one("VERSION").value != "2.0":
        raise ValueError("not one VCALENDAR of version 2.0")
    zones = {part.one("TZID").value: part for part in calendar.parts if part.name == "VTIMEZONE"}
    for event in calendar.parts:
        if event.name == "VTIMEZONE":
            continue
        if event.name != "VEVENT":
            raise ValueError(f"a component {event.name}")
        for name in ONCE:
            if len(event.all(name)) > 1 or (name in ONCE[:4] and not event.all(name)):
                raise ValueError(f"{len(event.all(name))} times {name} in an event")
        yield from occurrences(event, zones)


def components(text: str) -> list[Component]:
    """Returns the components at the top of the text."""
    if not text.endswith("\r\n") or re.search(r"[^\r]\n|\r[^\n]", text):
        raise ValueError("a line does not end with CRLF")
    top: list[Component] = []
    open_: list[Component] = []
    for line in text.replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]:
        entry = content_line(line)
        if entry.name == "BEGIN":
            component = Component(entry.value.upper(), [], [])
            (open_[-1].parts if open_ else top).append(component)
            open_.append(component)
        elif entry.name == "END":
            if open_.pop().name != entry.value.upper():
                raise ValueError(f"END:{entry.value} closes nothing")
        else:
            open_[-1].properties.append(entry)
    if open_:
        raise ValueError(f"{open_[-1].name} is never closed")
    return top


def content_line(line: str) -> Property:
    """Splits an unfolded line into name, parameters and value."""
    if not (match := LINE.fullmatch(line)):
        raise ValueError(f"not a content line: {line!r}")
    name, parameters, value = match.groups()
    pairs = {key.upper(): quoted.strip('"') for key, quoted in PARAMETER.findall(parameters)}
    return Property(name.upper(), pairs, value)


def occurrences(event: Component, zones: dict[str, Component]) -> Iterator[Occurrence]:
    """Yields the occurrences of one VEVENT."""
    start, end = event.one("DTSTART"), event.one("DTEND")
    status = event.one("STATUS").value if event.all("STATUS") else ""
    summary = unescaped(event.one("SUMMARY").value) if event.all("SUMMARY") else ""
    if not event.all("RRULE"):
        yield Occurrence(moment(start, zones), moment(end, zones), status, summary)
        return
    first = local(start)
    length = local(end) - first
    zone = zone_of(start, zones)
    skipped = {local(entry) for entry in event.all("EXDATE")}
    for entry in event.all("EXDATE"):
        if entry.parameters != start.parameters:
            raise ValueError(f"EXDATE in another form than DTSTART: {entry}")
    for wall in weekly(event.one("RRULE").value, first, zone):
        if wall not in skipped:
            yield Occurrence(zone.utc(wall), zone.utc(wall + length), status, summary)


def unescaped(value: str) -> str:
    """Undoes the escapes of RFC 5545 3.3.11."""
    return re.sub(r"\\(.)", lambda match: ESCAPES[match[1]], value)


def local(entry: Property) -> datetime:
    """Returns the date-time as its clock face shows it."""
    if not TIME.fullmatch(entry.value):
        raise ValueError(f"not a date-time: {entry}")
    return datetime.strptime(entry.value.removesuffix("Z"), "%Y%m%dT%H%M%S")


def moment(entry: Property, zones: dict[str, Component]) -> datetime:
    """Returns the moment in UTC of a DTSTART or DTEND."""
    if entry.value.endswith("Z"):
        return local(entry).replace(tzinfo=UTC)
    return zone_of(entry, zones).utc(local(entry))


def zone_of(entry: Property, zones: dict[str, Component]) -> Zone:
    """Returns the zone that a date-time's TZID names."""
    if entry.value.endswith("Z"):
        raise ValueError(f"a rule in UTC: {entry}")
    block = zones[entry.parameters["TZID"]]
    parts = tuple(
        (
            *(part.one(name).value for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")),
            part.one("RRULE").value if part.all("RRULE") else "",
        )
        for part in block.parts
    )
    if not parts or any(part.all("RDATE") for part in block.parts):
        raise ValueError(f"zone {entry.parameters['TZID']} is not told by yearly rules")
    return zone_from(parts, local(entry).year)


@lru_cache(maxsize=256)
def zone_from(parts: tuple[tuple[str, str, str, str], ...], year: int) -> Zone:
    """Returns the zone from a little before the year to 20 years after it (RFC 5545 3.6.5)."""
    changes = []
    for onset, before, after, rule in parts:
        first = datetime.strptime(onset, "%Y%m%dT%H%M%S")
        walls = [first, *(wall for wall in yearly(rule, first, year))] if rule else [first]
        changes += [((wall - offset(before)).replace(tzinfo=UTC), offset(after)) for wall in walls]
    changes.sort()
    return Zone([when for when, _ in changes], [after for _, after in changes])


def offset(text: str) -> timedelta:
    """Returns `+0930` as a length."""
    if not (match := re.fullmatch(r"([+-])(\d\d)(\d\d)", text)):
        raise ValueError(f"not an offset: {text}")
    length = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -length if match[1] == "-" else length


def yearly(rule: str, first: datetime, year: int) -> Iterator[datetime]:
    """Yields the days of `FREQ=YEARLY;BYMONTH=m;BYDAY=nXX` from two years before the year to 20 after."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if parts.pop("FREQ") != "YEARLY" or set(parts) != {"BYMONTH", "BYDAY"}:
        raise ValueError(f"not a yearly rule of a zone: {rule}")
    nth, weekday = int(parts["BYDAY"][:-2]), WEEKDAYS.index(parts["BYDAY"][-2:])
    for current in range(max(first.year, year - 2), max(first.year, year) + 20):
        days = [date(current, int(parts["BYMONTH"]), 1) + timedelta(days=n) for n in range(31)]
        days = [day for day in days if day.month == int(parts["BYMONTH"]) and day.weekday() == weekday]
        wall = datetime.combine(days[nth - 1 if nth > 0 else nth], first.time())
        if wall > first:
            yield wall


def weekly(rule: str, first: datetime, zone: Zone) -> Iterator[datetime]:
    """Yields the wall-clock times of `FREQ=WEEKLY` on the weekday of its start (RFC 5545 3.3.10).

    One in a skipped hour is passed over, as that section asks.
    """
    parts = dict(part.split("=") for part in rule.split(";"))
    if parts.pop("FREQ") != "WEEKLY" or set(parts) - {"INTERVAL", "UNTIL", "BYDAY", "WKST"}:
        raise ValueError(f"not a weekly rule: {rule}")
    if parts.get("BYDAY", WEEKDAYS[first.weekday()]) != WEEKDAYS[first.weekday()]:
        raise ValueError(f"another weekday than its start's: {rule}")
    if not re.fullmatch(r"\d{8}T\d{6}Z", parts["UNTIL"]):
        raise ValueError(f"UNTIL is not in UTC: {rule}")
    until = datetime.fromisoformat(parts["UNTIL"])
    step = timedelta(weeks=int(parts.get("INTERVAL", "1")))
    while (first - max(zone.around(first))).replace(tzinfo=UTC) <= until:
        found = zone.moments_of(first)
        if found and found[0] <= until:
            yield first
        first += step
