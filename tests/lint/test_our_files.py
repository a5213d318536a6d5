"""What iopcal writes, over random calendars in many zones: the lint has nothing to say of it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from iopcal.lint import lint
from iopcal.model import Calendar, Event, Text
from iopcal.targets.ics import publish, span
from iopcal.targets.vtimezone import zone_block

ZONES = (
    "America/Chicago", "America/Los_Angeles", "America/Phoenix", "America/St_Johns", "America/Vancouver",
    "America/Santiago", "America/Nuuk", "Europe/London", "Europe/Dublin", "Europe/Berlin",
    "Africa/Casablanca", "Africa/Cairo", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Tokyo",
    "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Honolulu",
)  # fmt: skip
NOW = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
WORDS = ("Music", "Café; night, long", "Back\\slash", "🎶 " * 30, "ends in \\", "tea, " * 40)


def random_event(generator: random.Random, number: int, zone: str, *, single: bool) -> Event:
    start = datetime(
        2027, 1, 4, generator.randrange(6, 21), generator.choice((0, 10, 30)), tzinfo=ZoneInfo(zone)
    )
    start += timedelta(days=generator.randrange(200))
    weeks, every = (0 if single else generator.choice((0, 1, 3, 15))), generator.choice((1, 1, 2))
    until = start.date() + timedelta(weeks=weeks * every)
    between = [start.date() + timedelta(weeks=every * week) for week in range(1, weeks)]
    skip: tuple[date, ...] = tuple(sorted(generator.sample(between, len(between) // 3)))
    link = generator.choice(("", "https://a.example/b?c=1,2;d"))
    address = generator.choice(("", "1 High Street, Anywhere"))
    notes = "\n".join(line for line in (link, generator.choice(WORDS).strip()) if line)
    text = Text(generator.choice(WORDS).strip(), notes, address or link, link, ("other", "One, two"))
    cancelled = single and generator.random() < 0.3
    alarms = generator.choice(((), (10,), (1440, 60)))
    key = ("1", "test", str(number))
    return Event(key, start, generator.choice((50, 90, 180)), until, every, skip, text, cancelled, alarms)


def random_calendar(generator: random.Random, zone: str, *, file: bool) -> Calendar:
    utc = False
    events = tuple(random_event(generator, number, zone, single=False) for number in range(12))
    calendar = Calendar("Choir, all voices", zone, events, file=file)
    days = span(calendar)
    assert days is not None
    if zone_block(zone, *days) is None:
        utc = True
        events = tuple(random_event(generator, number, zone, single=True) for number in range(12))
    return calendar._replace(events=events, utc=utc)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", ["feed", "file"])
def test_what_is_published_first_and_then_changed_has_no_finding(kind, zone):
    generator = random.Random(f"{kind} {zone}")
    calendar = random_calendar(generator, zone, file=kind == "file")
    first = publish(calendar, None, NOW - timedelta(days=2))
    assert lint(first, as_=kind) == ()
    changed = tuple(
        event._replace(text=event.text._replace(summary="Other")) if number % 3 else event
        for number, event in enumerate(calendar.events[1:])
    )
    second = publish(calendar._replace(events=changed), first, NOW)
    assert second != first
    assert lint(second, as_=kind, was=first, now=NOW) == ()
