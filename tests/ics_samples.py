"""Calendars for the tests of .ics files, and an unfolding of their bytes that is none of iopcal's code."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from iopcal.model import Calendar, Event, Text
from iopcal.targets.published import Published, read

CHICAGO = ZoneInfo("America/Chicago")
SYDNEY = ZoneInfo("Australia/Sydney")
NOW = datetime(2027, 1, 6, 14, 15, tzinfo=UTC)
MINUTES = 3_690_135  # from 2020-01-01T00:00Z to NOW
GOLDEN = Path(__file__).parent / "golden" / "riverbend.ics"


def key_of(key: str) -> tuple[str, ...]:
    return tuple(key.split("|"))


SERIES_KEY = key_of("1|riverbend-evening|program|-|-|-|series|process-group|intensive|1|mon|1")
DAY_KEY = key_of("1|riverbend-evening|program|-|-|-|day|process-group|2027-01-11|1")
SERIES_UID = "fd3efab2-b6f1-50d2-9220-3bcba932dc6e"
DAY_UID = "f12701ef-fbd6-5bb6-9add-10a1240b6fa6"


def event(
    start: str, *, key: tuple[str, ...] = SERIES_KEY, zone: ZoneInfo = CHICAGO, **fields: object
) -> Event:
    """A single session of 60 minutes, or what `fields` make of it."""
    begin = datetime.fromisoformat(start).replace(tzinfo=zone)
    plain = Event(key, begin, 60, begin.date(), 1, (), Text("Process group"))
    return plain._replace(**fields)


def series(start: str, until: str, *skip: str, **fields: object) -> Event:
    days = tuple(date.fromisoformat(day) for day in skip)
    return event(start, until=date.fromisoformat(until), skip=days, **fields)


def calendar(*events: Event, zone: str = "America/Chicago", **fields: object) -> Calendar:
    return Calendar("Riverbend Evening IOP", zone, events)._replace(**fields)


def lines_of(data: bytes) -> list[str]:
    """Unfolds bytes on its own: lines end with CRLF, one that begins with a space goes on."""
    lines: list[bytes] = []
    assert data.endswith(b"\r\n")
    for line in data[:-2].split(b"\r\n"):
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode() for line in lines]


def event_lines(data: bytes) -> list[str]:
    lines = lines_of(data)
    return lines[lines.index("BEGIN:VEVENT") :]


def value(data: bytes, name: str) -> str:
    (found,) = (line for line in event_lines(data) if re.match(rf"{name}[:;]", line))
    return found[len(name) :].lstrip(":;")


def published(data: bytes) -> Published:
    found = read(data)
    assert isinstance(found, Published), found
    return found


MONDAYS = series("2027-01-04 17:30", "2027-01-25", "2027-01-11", "2027-01-18")
MOVED = event("2027-01-16 10:00", key=DAY_KEY)
EVENING = calendar(
    event(
        "2027-01-07 16:00",
        key=(*DAY_KEY[:7], "individual-therapy", "2027-01-07", "1"),
        minutes=50,
        text=Text(
            "Individual therapy",
            "https://clinic.example/room?a=1,2;b\nPhase: Step-down\nDr. Ada Okafor; Suite 2, left\nC:\\New",
            "14 Main Street; Springfield, IL",
            "https://clinic.example/room?a=1,2;b",
            ("individual", "Step-down, late"),
        ),
        alarms=(1440, 60),
    ),
    event("2027-01-08 17:30", key=(*DAY_KEY[:8], "2027-01-08", "1"), cancelled=True, alarms=(60,)),
    series(
        "2027-01-06 17:30",
        "2027-03-31",
        "2027-02-03",
        key=(*SERIES_KEY[:10], "wed", "1"),
        every=2,
        minutes=75,
        text=Text("Family night 👨‍👩‍👧 with supper and a walk along the river, in any weather — café after"),
    ),
    MOVED,
    MONDAYS,
)
