"""One event as the content lines of a VEVENT, from DTSTART on; the only door to icalendar.

Everything that is the same for all people on one path is here, so that it is rendered once: a VEVENT is this
text under a UID and its stamps.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from iopcal.model import Event, Text
from iopcal.named_tuple import NamedTuple
from iopcal.targets.published import unfolded

CANCELLED = "CANCELLED: "

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LIVE = "STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"
OFF = "STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"
_SPLIT_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*\\)\r\n (\\)")


class Content(NamedTuple):
    """A VEVENT without UID and stamps: `text` is folded, with CRLF; `lines` are the same, unfolded."""

    start: str  # UTC, sorts by time
    first: date  # local date of the first start
    last: date  # local date of the last end
    text: str
    lines: tuple[str, ...]


class Entry(NamedTuple):
    """What becomes one VEVENT."""

    uid: str
    zone: str  # IANA name that its times carry; '' for times in UTC
    content: Content


@lru_cache(maxsize=16_384)
def content(event: Event, zone: str, *, utc: bool, file: bool) -> Content:
    """Renders an event in its zone, or in UTC.

    Raises ValueError for a series in UTC, which would drift, and for one whose last day is not on its rule.
    """
    place = ZoneInfo(zone)
    start = event.start.astimezone(place)
    length = timedelta(minutes=event.minutes)
    end = (start.astimezone(UTC) + length).astimezone(place)
    days = (event.until - start.date()).days
    repeats = days > 0
    if days % (7 * event.every) or days < 0:
        raise ValueError(f"a series of every {event.every} weeks cannot last {days} days")
    if utc and repeats:
        raise ValueError("a series cannot be written in UTC")
    form = ":" if utc else f";TZID={zone}:"
    shown = UTC if utc else place
    mark = "Z" if utc else ""
    lines = [f"DTSTART{form}{_stamp(start.astimezone(shown))}{mark}\r\n"]
    lines.append(f"DTEND{form}{_stamp(end.astimezone(shown))}{mark}\r\n")
    last = end.date()
    if repeats:
        lines.append(_rule(event, start))
        clock = _stamp(start)[8:]
        lines += [f"EXDATE{form}{day.isoformat().replace('-', '')}{clock}\r\n" for day in event.skip]
        last += timedelta(days=days)
    summary = f"{CANCELLED}{event.text.summary}" if event.cancelled else event.text.summary
    lines.append(text_line("SUMMARY", summary))
    lines.append(_further_text(event.text))
    lines.append("CLASS:PRIVATE\r\n" if file else "")
    lines.append(OFF if event.cancelled else _LIVE)
    for minutes in () if event.cancelled else sorted(set(event.alarms)):
        alarm = f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT{minutes}M\r\n"
        lines.append(f"{alarm}{text_line('DESCRIPTION', summary)}END:VALARM\r\n")
    return finished(_stamp(start.astimezone(UTC)), start.date(), last, "".join(lines))


def finished(start: str, first: date, last: date, text: str) -> Content:
    """Returns the content whose folded text is `text`."""
    return Content(start, first, last, text, tuple(unfolded(text).removesuffix("\n").split("\n")))


def _stamp(time: datetime) -> str:
    return time.isoformat()[:19].replace("-", "").replace(":", "")  # strftime takes four times as long


def _rule(event: Event, start: datetime) -> str:
    interval, week = (f";INTERVAL={event.every}", ";WKST=MO") if event.every > 1 else ("", "")
    until = f"UNTIL={_until(start, event.until)}"
    return f"RRULE:FREQ=WEEKLY{interval};{until};BYDAY={_DAYS[start.weekday()]}{week}\r\n"


def _until(start: datetime, day: date) -> str:
    """Returns the last start in UTC, or its wall clock called UTC where that is later on the same local day.

    Some readers take UNTIL as wall clock, some keep only its local date: so both of them find the last slot,
    and none a further one.
    """
    last = datetime.combine(day, start.time(), start.tzinfo)
    face = last.replace(tzinfo=UTC)
    if face > last and face.astimezone(start.tzinfo).date() == day:
        return f"{_stamp(face)}Z"
    return f"{_stamp(last.astimezone(UTC))}Z"


@lru_cache(maxsize=16_384)
def _further_text(text: Text) -> str:
    lines = [text_line("DESCRIPTION", text.description)] if text.description else []
    lines += [text_line("LOCATION", text.location)] if text.location else []
    lines += [folded(f"URL:{text.url}")] if text.url else []
    lines += [folded(f"CATEGORIES:{','.join(map(_escaped, text.categories))}")] if text.categories else []
    return "".join(lines)


@lru_cache(maxsize=16_384)
def text_line(name: str, value: str) -> str:
    """Returns one text property, escaped and folded, with its CRLF."""
    return folded(f"{name}:{_escaped(value)}")


def _escaped(value: str) -> str:
    """Escapes text (RFC 5545 section 3.3.11); icalendar alone would take `\\N` in it for a line break."""
    from icalendar.prop import vText

    return "\\\\".join(vText(part).to_ical().decode() for part in value.split("\\"))


def folded(line: str) -> str:
    """Folds a content line at 75 octets and ends it with CRLF (RFC 5545 section 3.1).

    icalendar may fold inside an escaped backslash, moving its second half to the next line: there is room
    for it on the line before.
    """
    from icalendar.parser import Contentline

    make: Any = Contentline  # its methods carry no annotations
    return _SPLIT_ESCAPE.sub("\\1\\2\r\n ", make(line).to_ical().decode()) + "\r\n"
