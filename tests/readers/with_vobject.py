"""vobject: what Radicale stores and gcalcli imports; it reads the zone from the file's own VTIMEZONE."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

import vobject
import vobject.icalendar as zones
from dateutil.tz import tzutc

from tests.readers.occurrence import Occurrence, in_utc

logging.getLogger("vobject.base").setLevel(logging.WARNING)


def read(text: str, start: datetime, stop: datetime) -> Iterator[Occurrence]:
    """Yields every occurrence; a grammar or validation error is raised as vobject raises it."""
    forget_zones()
    for calendar in vobject.readComponents(text, validate=True):
        calendar.validate(raiseException=True)
        for event in calendar.contents.get("vevent", ()):
            first, length = event.dtstart.value, event.dtend.value - event.dtstart.value
            rules = event.getrruleset(addRDate=False)
            status = event.status.value if "status" in event.contents else ""
            if rules is None:
                yield Occurrence(in_utc(first), in_utc(event.dtend.value), status, event.summary.value)
                continue
            for when in rules:
                yield Occurrence(in_utc(when), in_utc(when + length), status, event.summary.value)


def forget_zones() -> None:
    """Empties the table of zones that vobject keeps for the whole process.

    Otherwise a second file would be read with the VTIMEZONE of the first.
    """
    table = vars(zones)["__tzidMap"]
    table.clear()
    table["UTC"] = tzutc()
