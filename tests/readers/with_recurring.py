"""icalendar with recurring-ical-events: what open-web-calendar shows; zones by name from zoneinfo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import recurring_ical_events
from icalendar import Calendar

from tests.readers.occurrence import Occurrence, in_utc


def read(text: str, start: datetime, stop: datetime) -> Iterator[Occurrence]:
    """Yields every occurrence between the two; ValueError lists the properties that icalendar set aside."""
    calendar = Calendar.from_ical(text)
    if errors := [error for component in calendar.walk() for error in component.errors]:
        raise ValueError(f"properties set aside: {errors}")
    for event in recurring_ical_events.of(calendar, components=["VEVENT"]).between(start, stop):
        yield Occurrence(
            in_utc(event["DTSTART"].dt),
            in_utc(event["DTEND"].dt),
            str(event.get("STATUS", "")),
            str(event["SUMMARY"]),
        )
