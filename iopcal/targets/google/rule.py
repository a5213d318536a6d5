"""Weekly rules as Google keeps them, and the starts that any rule of a person's gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import gcd
from typing import Any

MOST = 730  # Google expands no more instances of one event
_LINE = re.compile(r"(RRULE|EXDATE|RDATE|EXRULE)((?:;[^:]*)?):(.*)", re.DOTALL | re.IGNORECASE)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ENDLESS = re.compile(r"INTERVAL=0*(?!\d)|FREQ=(?:SECOND|MINUTE|HOUR)LY", re.IGNORECASE)  # to work through
_OURS = re.compile(r"FREQ=WEEKLY(?:;WKST=\w+)?;UNTIL=(\w+)(?:;INTERVAL=(\d+))?;BYDAY=(\w\w)")


def lines(starts: Sequence[datetime], every: int, zone: str) -> tuple[str, ...]:
    """Returns the recurrence of a weekly series with just these starts (wall clocks of one weekday).

    `every` counts weeks and divides every gap. UNTIL is in UTC (RFC 5545 section 3.3.10).
    """
    first, last = starts[0], starts[-1]
    step = f"INTERVAL={every};" if every > 1 else ""
    until = last.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    rule = f"RRULE:FREQ=WEEKLY;UNTIL={until};{step}BYDAY={_WEEKDAYS[first.weekday()]}"
    held = {start.date() for start in starts}
    clock = first.strftime("T%H%M%S")
    weeks = range(0, (last.date() - first.date()).days // 7, every)
    days = (first.date() + timedelta(weeks=week) for week in weeks)
    return (rule, *(f"EXDATE;TZID={zone}:{day:%Y%m%d}{clock}" for day in days if day not in held))


def ended(recurrence: Iterable[str], last: datetime, whole: bool = False) -> tuple[str, ...]:
    """Returns a recurrence that ends with the start `last`; dates that it names before stay as they are.

    The rules of events that last `whole` days end with a date (RFC 5545 section 3.3.10).
    """
    until = f"UNTIL={last:%Y%m%d}" if whole else f"UNTIL={last.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    found = []
    for line in recurrence:
        name, _, value = line.partition(":")
        if name.upper().startswith("RRULE"):
            parts = [part for part in value.split(";") if not part.upper().startswith(("UNTIL=", "COUNT="))]
            found.append(f"{name}:" + ";".join((*parts[:1], until, *parts[1:])))
        elif kept := _up_to(line, last):
            found.append(kept)
    return tuple(found)


def _up_to(line: str, last: datetime) -> str:
    """Returns a line of dates without those after `last`, '' where none is left; others as they are."""
    name, colon, value = line.partition(":")
    try:
        kept = [
            text
            for text in value.split(",")
            if all(each <= last for each in _stamps([f"{name}:{text}"], last))
        ]
    except (ValueError, OverflowError):
        return line
    return f"{name}{colon}{','.join(kept)}" if kept else ""


def step_of(starts: Sequence[datetime], every: int) -> int:
    """Returns the greatest step in weeks that `every` allows and that meets all starts."""
    first = starts[0].date()
    return gcd(every, *((start.date() - first).days // 7 for start in starts)) or 1


def interval(recurrence: Iterable[str]) -> int:
    """Returns the INTERVAL of the first rule; 1 where it says none."""
    for line in recurrence:
        if found := re.search(r"\bINTERVAL=(\d{1,4})", line, re.IGNORECASE):
            return max(1, int(found[1]))
    return 1


def starts_of(start: datetime, recurrence: Sequence[str]) -> tuple[datetime, ...]:
    """Returns the starts of an event, at most 730, as wall clocks of its zone.

    A rule that cannot be understood gives the first start only.
    """
    if not recurrence:
        return (start,)
    try:
        return _weekly(start, recurrence) or _any(start, recurrence)
    except (ValueError, OverflowError):
        return (start,)


def _weekly(start: datetime, recurrence: Sequence[str]) -> tuple[datetime, ...]:
    """Returns the starts of a rule in the form that we write; nothing for all others."""
    head, *others = recurrence
    found = _OURS.fullmatch(head.removeprefix("RRULE:"))
    if found is None or not found[1].endswith("Z") or found[3] != _WEEKDAYS[start.weekday()]:
        return ()
    if any(not line.startswith("EXDATE") for line in others):
        return ()
    until, step = instant(found[1], start), 7 * int(found[2] or 1)
    skipped = excluded(others, start)
    count = min((until.date() - start.date()).days // step + 2, 10 * MOST)
    wanted = (start + timedelta(days=step * number) for number in range(count))
    return tuple(each for each in wanted if each <= until and each.astimezone(UTC) not in skipped)[:MOST]


def _any(start: datetime, recurrence: Sequence[str]) -> tuple[datetime, ...]:
    from itertools import islice

    from dateutil.rrule import rruleset, rrulestr

    wall = start.replace(tzinfo=None)
    rules = rruleset()
    add: Any  # dateutil's stubs promise less than its rules do
    for line in recurrence:
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise ValueError("no line of a recurrence")
        name, value = found[1].upper(), found[3]
        if name in ("RRULE", "EXRULE"):
            if _ENDLESS.search(value):
                raise ValueError("no rule of days")
            add = rules.rrule if name == "RRULE" else rules.exrule
            add(rrulestr(_local_until(value, start), dtstart=wall))
        else:
            include = rules.rdate if name == "RDATE" else rules.exdate
            for stamp in _stamps([line], start):
                include(stamp.astimezone(start.tzinfo).replace(tzinfo=None))
    return tuple(each.replace(tzinfo=start.tzinfo) for each in islice(rules, MOST))


def _local_until(rule: str, start: datetime) -> str:
    """Returns a rule with UNTIL as a wall clock, as dateutil asks for where the start has no zone."""
    found = re.search(r"UNTIL=(\w+)", rule, re.IGNORECASE)
    if found is None:
        return rule
    wall = instant(found[1], start).astimezone(start.tzinfo)
    if "T" not in found[1].upper():  # a date: all of that day
        wall += timedelta(days=1, seconds=-1)
    return rule.replace(found[0], f"UNTIL={wall:%Y%m%dT%H%M%S}")


def excluded(recurrence: Iterable[str], start: datetime) -> frozenset[datetime]:
    """Returns the instants of all EXDATE lines, whatever zone and however many values each has."""
    return frozenset(_stamps([line for line in recurrence if line.upper().startswith("EXDATE")], start))


def _stamps(recurrence: Iterable[str], start: datetime) -> Iterable[datetime]:
    for line in recurrence:
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise ValueError("no line of a recurrence")
        named = re.search(r"TZID=([^;:]+)", found[2], re.IGNORECASE)
        base = _in_zone(start, named[1]) if named else start
        yield from (instant(value, base) for value in found[3].split(","))


def instant(stamp: str, start: datetime) -> datetime:
    """Returns the instant of 20270118T173000 in the zone of `start` (with a Z: in UTC), or of a date.

    Raises ValueError for anything else.
    """
    found = _STAMP.fullmatch(stamp.strip().upper())
    if found is None:
        raise ValueError("no date")
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return datetime.combine(day, start.timetz()).astimezone(UTC)
    zone = UTC if found[7] else start.tzinfo
    wall = datetime(day.year, day.month, day.day, int(found[4]), int(found[5]), int(found[6]), tzinfo=zone)
    return wall.astimezone(UTC)


def _in_zone(start: datetime, name: str) -> datetime:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return start.astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, OSError) as unknown:
        raise ValueError("no time zone") from unknown
