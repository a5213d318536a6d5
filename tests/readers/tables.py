"""Readers that take a zone by name from tables of their own: for which zones do these differ from ours?

Such tables are often a year or two old or newer than the computer's. A file in a zone on which the two differ
says nothing about the file, so it is left out of the comparison with that reader, and counted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.readers import READERS

NOON = time(12)
# a reader that looks into the file, and not into its tables, is an hour off everywhere but in Lagos
BLOCK = """BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+0100
TZNAME:X
END:STANDARD
END:VTIMEZONE
"""
EVENT = """BEGIN:VEVENT
UID:{day}
DTSTAMP:20200101T000000Z
DTSTART;TZID={zone}:{day:%Y%m%d}T120000
DTEND;TZID={zone}:{day:%Y%m%d}T130000
SUMMARY:noon
END:VEVENT
"""
HEAD, FOOT = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n", "END:VCALENDAR\n"


def differing_zones(name: str, zones: Iterable[str], first: date, last: date) -> frozenset[str]:
    """Returns the zones in which the reader sets noon at another moment on some Monday in the span.

    Raises Unreadable when the reader does not know one of them, ValueError when it has no tables of its own.
    """
    (reader,) = (each for each in READERS if each.name == name)
    if not reader.own_tables:
        raise ValueError(f"{name} has no tables of its own")
    names = sorted(set(zones))
    start = first - timedelta(days=first.weekday())
    days = [start + timedelta(weeks=week) for week in range((last - start).days // 7 + 1)]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n, zone in enumerate(names):
            events = "".join(EVENT.format(zone=zone, day=day) for day in days)
            text = f"{HEAD}{BLOCK.format(zone=zone)}{events}{FOOT}"
            files.append(Path(folder) / f"{n}.ics")
            files[-1].write_bytes(text.replace("\n", "\r\n").encode())
        found = reader.read(files, start - timedelta(days=2), last + timedelta(days=2))
    return frozenset(
        zone
        for zone, occurrences in zip(names, found, strict=True)
        if [each.start for each in occurrences] != [noon(day, zone) for day in days]
    )


def noon(day: date, zone: str) -> datetime:
    """Returns the moment of a local noon by our own tables."""
    return datetime.combine(day, NOON, ZoneInfo(zone)).astimezone(UTC)
