"""What is gone from a FILE: importing one deletes nothing, so it stays in it as cancelled for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from iopcal.model import Calendar
from iopcal.targets.published import Published, PublishedEvent
from iopcal.targets.vevent import CANCELLED, OFF, Content, Entry, finished, folded, text_line
from iopcal.targets.vtimezone import zone_block

_KEPT = timedelta(days=30)  # after the last session
_TELLING = ("DESCRIPTION:", "LOCATION:", "URL:", "CATEGORIES:")
_TIMES = ("DTSTART", "DTEND")
_STATUS = ("STATUS:", "TRANSP:", "X-MICROSOFT-CDO-BUSYSTATUS:")


def tombstones(
    calendar: Calendar, entries: Iterable[Entry], published: Published, now: datetime
) -> list[Entry]:
    """Returns the published events that `entries` no longer hold, cancelled, until 30 days after their last.

    None of what was a subscribed feed before. A neutral calendar keeps no text of one that was not. A series
    whose zone cannot be written any longer stands at its last session, in UTC.
    """
    if any(line.startswith("X-WR-CALNAME:") for line in published.lines):
        return []
    entries = tuple(entries)
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    present = {entry.uid for entry in entries}
    gone = [
        (number, event)
        for number, event in published.events.items()
        if number not in present and today <= event.until + _KEPT
    ]
    title = calendar.name if calendar.neutral and not published.neutral else ""
    named = {event.zone for _, event in gone if not event.utc}
    writable = {zone for zone in named if _writable(zone, entries, (event for _, event in gone))}
    return [
        Entry(
            number,
            event.zone if event.zone in writable and not event.utc else "",
            _stone(event, title, writable),
        )
        for number, event in gone
    ]


def _writable(zone: str, entries: Iterable[Entry], gone: Iterable[PublishedEvent]) -> bool:
    """Says whether one VTIMEZONE covers all that stays and all that is gone in this zone."""
    spans = [(entry.content.first, entry.content.last) for entry in entries if entry.zone == zone]
    spans += [(event.start.date(), _last(event)) for event in gone if event.zone == zone and not event.utc]
    first, last = min(first for first, _ in spans), max(last for _, last in spans)
    return zone_block(zone, first, last) is not None


def _last(event: PublishedEvent) -> date:
    return event.until + (event.end.date() - event.start.date())


def _stone(event: PublishedEvent, title: str, writable: set[str]) -> Content:
    lines = list(event.lines)
    start, end = event.start, event.end
    if not event.utc and event.zone not in writable:
        start, end = (time + (event.until - event.start.date()) for time in (start, end))
        times = (
            f"{name}:{time.astimezone(UTC):%Y%m%dT%H%M%SZ}"
            for name, time in zip(_TIMES, (start, end), strict=True)
        )
        lines = [*times, *(line for line in lines[2:] if not line.startswith(("RRULE:", "EXDATE")))]
    text: list[str] = []
    for line in lines:
        if line == "BEGIN:VALARM":
            break
        if line.startswith(_STATUS) or (title and line.startswith(_TELLING)):
            continue
        if not line.startswith("SUMMARY:"):
            text.append(folded(line))
        elif title:
            text.append(text_line("SUMMARY", f"{CANCELLED}{title}"))
        else:
            text.append(folded(line if event.cancelled else line.replace(":", f":{CANCELLED}", 1)))
    text.append(OFF)
    return finished(f"{start.astimezone(UTC):%Y%m%dT%H%M%S}", start.date(), _last(event), "".join(text))
