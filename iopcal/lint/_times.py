"""Values of time: dates, date-times and the changes of a zone. Instants are naive datetimes in UTC.

Source: RFC 5545 sections 3.3.4, 3.3.5; offsets come from `zoneinfo`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from iopcal.lint._lines import Line
from iopcal.named_tuple import NamedTuple

DAY = timedelta(days=1)
MANY_ZONES = 32  # with more names than this one listing is cheaper than a look-up of each
LONGEST_SPAN = timedelta(days=366 * 20)  # of which the changes of a zone are looked at
YEARS = ("0010", "9900")  # so that reckoning some years on or back stays possible
_VALUE = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
_STAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")

Zones = Mapping[str, ZoneInfo]


class Moment(NamedTuple):
    """A DATE or DATE-TIME value; `form` is date, utc, zoned or floating; `zone` the TZID of a zoned one."""

    wall: datetime
    form: str
    zone: str = ""


class Change(NamedTuple):
    """From `instant` on, the zone's clocks are `after` from UTC, before it `before`."""

    instant: datetime
    before: timedelta
    after: timedelta


@lru_cache(maxsize=2048)
def moment(value: str, zone: str = "") -> Moment | None:
    """Returns the value, or None when it is no date or time of the years 10 to 9900, or Z with a TZID."""
    match = _VALUE.fullmatch(value)
    if match is None or not YEARS[0] <= value[:4] <= YEARS[1] or (zone and match[3]):
        return None
    day, clock = match[1], match[2] or "000000"
    try:
        wall = datetime.combine(
            date(int(day[:4]), int(day[4:6]), int(day[6:])),
            time(int(clock[:2]), int(clock[2:4]), int(clock[4:])),
        )
    except ValueError:
        return None
    if match[2] is None:
        return Moment(wall, "date")
    return Moment(wall, "utc" if match[3] else "zoned" if zone else "floating", zone)


def moment_of(line: Line) -> Moment | None:
    """Returns the value of a property with its TZID, or None."""
    return moment(line.value, line.parameter("TZID"))


def is_stamp(value: str) -> bool:
    """Says whether the value is a date-time in UTC."""
    return _STAMP.fullmatch(value) is not None and moment(value) is not None


def find_zones(names: Iterable[str]) -> dict[str, ZoneInfo]:
    """Returns the zone of every name that is one of the IANA's."""
    wanted = set(names)
    if len(wanted) > MANY_ZONES:
        wanted &= available_timezones()
    found = {}
    for name in wanted:
        try:
            found[name] = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return found


def instant(value: Moment, zones: Zones) -> datetime | None:
    """Returns the moment in UTC; None for a date, a floating time or a zone nobody knows."""
    if value.form == "utc":
        return value.wall
    zone = zones.get(value.zone) if value.form == "zoned" else None
    return None if zone is None else to_utc(value.wall, zone)


def to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """Returns a wall-clock time of a zone in UTC (the first of a repeated hour)."""
    return wall - offset_at_wall(wall, zone)


def offset_at_wall(wall: datetime, zone: ZoneInfo) -> timedelta:
    """Returns the zone's offset at a wall-clock time, by its `fold`."""
    return zone.utcoffset(wall.replace(tzinfo=zone)) or timedelta()


@lru_cache(maxsize=2048)
def offset_at(utc: datetime, zone: ZoneInfo) -> timedelta:
    """Returns the zone's offset at an instant."""
    return utc.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()


def to_wall(utc: datetime, zone: ZoneInfo) -> datetime:
    """Returns an instant as the zone's naive wall clock."""
    return utc + offset_at(utc, zone)


def is_skipped_or_repeated(wall: datetime, zone: ZoneInfo) -> bool:
    """Says whether a clock change skips or repeats that wall-clock time."""
    return offset_at_wall(wall, zone) != offset_at_wall(wall.replace(fold=1), zone)


@lru_cache(maxsize=1024)
def changes(zone: ZoneInfo, first: datetime, last: datetime) -> tuple[Change, ...]:
    """Returns every change of the zone's offset between two instants, from the last 20 years of them."""
    found = []
    low = max(first, last - LONGEST_SPAN)
    before = offset_at(low, zone)
    while low < last:
        high = min(low + DAY, last)
        after = offset_at(high, zone)
        if after != before:
            left, right = low, high
            while right - left > timedelta(seconds=1):
                middle = left + (right - left) // 2
                if offset_at(middle, zone) == before:
                    left = middle
                else:
                    right = middle
            found.append(Change(right.replace(microsecond=0), before, after))
        low, before = high, after
    return tuple(found)
