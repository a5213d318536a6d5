"""ical: the strict grammar of Home Assistant; zones by name from zoneinfo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ical.calendar_stream import IcsCalendarStream

from tests.readers.occurrence import Occurrence, in_utc


def read(text: str, start: datetime, stop: datetime) -> Iterator[Occurrence]:
    """Yields every occurrence between the two; a parse error is raised as `ical` raises it."""
    calendar = IcsCalendarStream.calendar_from_ics(text)
    for event in calendar.timeline_tz(UTC).overlapping(start, stop):
        if not isinstance(event.dtstart, datetime) or not isinstance(event.end, datetime):
            raise ValueError(f"a date without a time: {event.dtstart}")
        status = event.status.value if event.status else ""
        yield Occurrence(in_utc(event.dtstart), in_utc(event.end), status, event.summary or "")
