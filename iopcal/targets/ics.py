"""A calendar as the bytes of an .ics file (RFC 5545), with what was published before as its state.

The order of lines and properties is fixed, so the same calendar is the same bytes; an event keeps its
stamps until one of its lines changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import repeat

from iopcal.model import Calendar
from iopcal.targets.published import (
    PRODID,
    PRODID_NEUTRAL,
    SEQUENCE_MOST,
    Published,
    PublishedEvent,
    Stamp,
    Unreadable,
    read,
)
from iopcal.targets.tombstones import tombstones
from iopcal.targets.uid import uid
from iopcal.targets.vevent import Content, Entry, content, text_line
from iopcal.targets.vtimezone import zone_block

FIRST = Stamp(datetime(2020, 1, 1, tzinfo=UTC), 0)  # of every event of a first publication

_SECOND = timedelta(seconds=1)


def publish(
    calendar: Calendar,
    previous: bytes | None,
    now: datetime,
    restamp: bool = False,
    secret: bytes = b"",
) -> bytes:
    """Returns the file to publish in place of `previous` (None: there is none); the same if nothing changed.

    In a FILE, which is imported by hand and so deletes nothing, an event that is gone stays as cancelled
    until 30 days after its last session. `secret` hides the keys of a neutral calendar's UIDs.
    """
    published = None if previous is None else read(previous)
    entries = _entries(calendar, secret)
    if calendar.file and isinstance(published, Published):
        entries += tombstones(calendar, entries, published, now)
    return _file(calendar, entries, _stamps(entries, published, now, restamp))


def render(calendar: Calendar, stamps: Mapping[str, Stamp], secret: bytes = b"") -> bytes:
    """Returns the calendar as a file, each event under the stamp of its UID.

    Raises ValueError where two events share a key, or the zone cannot be written over the calendar's span
    and the calendar does not ask for UTC.
    """
    return _file(calendar, _entries(calendar, secret), stamps)


def stamp(
    calendar: Calendar,
    published: Published | Unreadable | None,
    now: datetime,
    restamp: bool = False,
    secret: bytes = b"",
) -> dict[str, Stamp]:
    """Returns the stamp of every event by UID, as it follows from what was published (None: nothing)."""
    return _stamps(_entries(calendar, secret), published, now, restamp)


def span(calendar: Calendar) -> tuple[date, date] | None:
    """Returns the local dates of the first start and the last end, None for a calendar without events.

    Whether the zone can be written over it is what decides `Calendar.utc`.
    """
    contents = [
        content(event._replace(key=()), calendar.zone, utc=False, file=False) for event in calendar.events
    ]
    return _span(contents) if contents else None


def _span(contents: Iterable[Content]) -> tuple[date, date]:
    both = [(each.first, each.last) for each in contents]
    return min(first for first, _ in both), max(last for _, last in both)


def _contents(calendar: Calendar) -> list[Content]:
    return [
        content(event._replace(key=()), calendar.zone, utc=calendar.utc, file=calendar.file)
        for event in calendar.events
    ]


def _entries(calendar: Calendar, secret: bytes) -> list[Entry]:
    zone = "" if calendar.utc else calendar.zone
    uids = [uid(event.key, secret if calendar.neutral else b"") for event in calendar.events]
    if len(set(uids)) < len(uids):
        raise ValueError("two events share a key")
    return list(map(Entry, uids, repeat(zone), _contents(calendar)))


def _stamps(
    entries: Iterable[Entry], published: Published | Unreadable | None, now: datetime, restamp: bool
) -> dict[str, Stamp]:
    if published is None and not restamp:
        return dict.fromkeys((entry.uid for entry in entries), FIRST)
    now = now.astimezone(UTC).replace(microsecond=0)
    minutes = (now - FIRST.modified) // timedelta(minutes=1)
    fresh = Stamp(now, min(max(minutes, 0), SEQUENCE_MOST))
    known = published.events if isinstance(published, Published) else {}
    return {entry.uid: _stamp(entry, known.get(entry.uid), fresh, restamp) for entry in entries}


def _stamp(entry: Entry, old: PublishedEvent | None, fresh: Stamp, restamp: bool) -> Stamp:
    """Returns the old stamp of an equal event, a later one of a changed event, the fresh one of a new."""
    if old is None:
        return fresh
    if not restamp and old.lines == entry.content.lines:
        return old.stamp
    later = Stamp(
        max(fresh.modified, old.stamp.modified + _SECOND), min(old.stamp.sequence + 1, SEQUENCE_MOST)
    )
    return later._replace(sequence=max(later.sequence, fresh.sequence)) if restamp else later


def _file(calendar: Calendar, entries: list[Entry], stamps: Mapping[str, Stamp]) -> bytes:
    entries = sorted(entries, key=lambda entry: (entry.content.start, entry.uid))
    parts = [*_head(calendar), *_zones(entries)]
    for entry in entries:
        modified, sequence = stamps[entry.uid]
        time = _time(modified)
        parts.append(
            f"BEGIN:VEVENT\r\nUID:{entry.uid}\r\nDTSTAMP:{time}\r\nLAST-MODIFIED:{time}\r\n"
            f"SEQUENCE:{sequence}\r\n{entry.content.text}END:VEVENT\r\n"
        )
    parts.append("END:VCALENDAR\r\n")
    return "".join(parts).encode()


@lru_cache(maxsize=4096)
def _time(modified: datetime) -> str:
    return modified.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _head(calendar: Calendar) -> list[str]:
    lines = ["BEGIN:VCALENDAR\r\n", "VERSION:2.0\r\n"]
    lines += [f"{PRODID_NEUTRAL if calendar.neutral else PRODID}\r\n", "CALSCALE:GREGORIAN\r\n"]
    if not calendar.file:
        lines += [text_line("X-WR-CALNAME", calendar.name), text_line("NAME", calendar.name)]
        lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n", "X-PUBLISHED-TTL:PT4H\r\n"]
    return [*lines, f"X-WR-TIMEZONE:{calendar.zone}\r\n"]


def _zones(entries: Iterable[Entry]) -> list[str]:
    """Returns a VTIMEZONE for each zone that is named, in the order of their names."""
    contents: dict[str, list[Content]] = {}
    for entry in entries:
        contents.setdefault(entry.zone, []).append(entry.content)
    lines: list[str] = []
    for zone in sorted(contents.keys() - {""}):
        block = zone_block(zone, *_span(contents[zone]))
        if block is None:
            raise ValueError(f"{zone} cannot be written over this span, only UTC can")
        lines += [f"{line}\r\n" for line in block.lines]
    return lines
