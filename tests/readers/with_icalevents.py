"""icalevents: what many scripts and dashboards use; zones by name from dateutil.

Importing it switches icalendar to pytz for the whole process, so it always runs in one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from icalevents.icalevents import events

from tests.readers.occurrence import Occurrence, in_utc


def read(text: str, start: datetime, stop: datetime) -> Iterator[Occurrence]:
    """Yields every occurrence between the two; a parse error is raised as icalendar raises it."""
    for event in events(string_content=text, start=start, end=stop):
        if event.start is None or event.end is None:
            raise ValueError(f"an event without times: {event.uid}")
        yield Occurrence(in_utc(event.start), in_utc(event.end), event.status or "", event.summary or "")
