"""An .ics file of ours, read back: the state that the next build starts from.

Only the regular shape that we write is read; anything else is `Unreadable`, never half read. Line ends may
be LF, since version control likes to change them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from iopcal.named_tuple import NamedTuple

PRODID = "PRODID:-//iopcal//iopcal//EN"
PRODID_NEUTRAL = "PRODID:-//Calendar//EN"
SEQUENCE_MOST = 2_147_483_647

_TIMES = ("DTSTART", "DTEND", "RRULE", "EXDATE")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TEXT = r"[^\r\n]*\n"
_EVENT = re.compile(
    r"UID:(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\n"
    r"DTSTAMP:(?P<stamp>\d{8}T\d{6}Z)\n"
    r"LAST-MODIFIED:(?P=stamp)\n"
    r"SEQUENCE:(?P<sequence>0|[1-9]\d{0,9})\n"
    r"(?P<content>"
    r"DTSTART(?P<form>;TZID=(?P<zone>[A-Za-z0-9_+/-]+))?:(?P<start>\d{8}T\d{6})(?P<utc>Z?)\n"
    r"DTEND(?(form)(?P=form)):(?P<end>\d{8}T\d{6})(?P=utc)\n"
    r"(?:RRULE:FREQ=WEEKLY(?:;INTERVAL=(?P<every>[2-9]|[1-9]\d{1,2}))?;UNTIL=(?P<until>\d{8}T\d{6}Z)"
    r";BYDAY=(?P<weekday>MO|TU|WE|TH|FR|SA|SU)(?:;WKST=MO)?\n)?"
    r"(?P<skip>(?:EXDATE(?(form)(?P=form)):\d{8}T\d{6}\n)*)"
    rf"SUMMARY:{_TEXT}(?:DESCRIPTION:{_TEXT})?(?:LOCATION:{_TEXT})?(?:URL:{_TEXT})?(?:CATEGORIES:{_TEXT})?"
    r"(?:CLASS:PRIVATE\n)?"
    r"(?:STATUS:CONFIRMED\nTRANSP:OPAQUE\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\n"
    r"|STATUS:(?P<cancelled>CANCELLED)\nTRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\n)"
    rf"(?:BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT\d+M\nDESCRIPTION:{_TEXT}END:VALARM\n)*"
    r")END:VEVENT\n",
    re.ASCII,
)
_HEAD = tuple(
    f"BEGIN:VCALENDAR\nVERSION:2.0\n{prodid}\nCALSCALE:GREGORIAN\n" for prodid in (PRODID, PRODID_NEUTRAL)
)
_MARK = re.compile(
    r"^UID:[0-9a-f-]{36}\nDTSTAMP:(\d{8}T\d{6}Z)\nLAST-MODIFIED:\1\nSEQUENCE:\d+\nDTSTART[;:]",
    re.ASCII | re.M,
)


class Stamp(NamedTuple):
    """The revision of an event: when it last changed (UTC, whole seconds), and how often."""

    modified: datetime
    sequence: int


class Unreadable(NamedTuple):
    """A file that cannot be taken as state; `ours` says whether it is a damaged one of ours."""

    reason: str
    ours: bool


class PublishedEvent(NamedTuple):
    """One VEVENT as published; `lines` are unfolded, without UID and stamps, from DTSTART on."""

    lines: tuple[str, ...]
    stamp: Stamp
    start: datetime  # wall clock, carrying the zone
    until: date  # local date of the last session
    every: int  # weeks; 0: a single session
    skip: tuple[date, ...]
    cancelled: bool

    @property
    def zone(self) -> str:
        """The IANA name of the zone its dates are told in."""
        return str(self.start.tzinfo)

    @property
    def utc(self) -> bool:
        """Says whether its times are written in UTC."""
        return self.lines[0].endswith("Z")

    @property
    def end(self) -> datetime:
        """The end of its first session, carrying the zone."""
        zone = self.start.tzinfo
        assert zone is not None
        written = self.lines[1].rpartition(":")[2]
        return _time(written, UTC if self.utc else zone).astimezone(zone)

    @property
    def texts(self) -> tuple[str, ...]:
        """All lines but those that say when."""
        return tuple(line for line in self.lines if not line.startswith(_TIMES))

    @property
    def summary(self) -> str:
        """The title as people see it (RFC 5545 section 3.3.11)."""
        line = next(line for line in self.lines if line.startswith("SUMMARY:"))
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], line[len("SUMMARY:") :])

    def live_dates(self) -> tuple[date, ...]:
        """Returns the local dates it takes place on, ascending; none if it is cancelled."""
        if self.cancelled:
            return ()
        first = self.start.date()
        step = 7 * self.every or 1
        days = (first + timedelta(days=days) for days in range(0, (self.until - first).days + 1, step))
        return tuple(day for day in days if day not in self.skip)


class Published(NamedTuple):
    """A published file: its lines outside of events, unfolded, and its events by UID."""

    lines: tuple[str, ...]
    zone: str
    neutral: bool
    events: Mapping[str, PublishedEvent]


@lru_cache(maxsize=4)
def read(data: bytes) -> Published | Unreadable:
    """Reads a file that we wrote; says so if it is damaged, or not ours. Never raises."""
    try:
        text = unfolded(data.decode())
    except UnicodeDecodeError as fault:
        return Unreadable(f"it is not UTF-8 at byte {fault.start + 1}", _is_ours(data))
    try:
        return _published(text)
    except (ValueError, OverflowError) as fault:
        return Unreadable(str(fault), _is_ours(data))


def unfolded(text: str) -> str:
    """Returns the content lines, each in one piece and ended by LF (RFC 5545 section 3.1)."""
    return text.replace("\r\n", "\n").replace("\n ", "")


def _is_ours(data: bytes) -> bool:
    """Says whether damaged bytes begin like a file of ours, however short, or hold one event like ours."""
    text = unfolded(data.decode(errors="replace")).removesuffix("\r")
    return any(text.startswith(head) or head.startswith(text) for head in _HEAD) or bool(_MARK.search(text))


def _published(text: str) -> Published:
    outside, *chunks = text.split("\nBEGIN:VEVENT\n")
    end = "END:VCALENDAR\n"
    if not text.endswith(f"\n{end}"):
        raise ValueError("it does not end with END:VCALENDAR: a part is missing")
    if not outside.startswith(_HEAD):
        raise ValueError("it does not begin like a calendar of ours")
    if chunks:
        chunks[-1] = chunks[-1].removesuffix(end)
        outside = f"{outside}\n{end}"
    lines = tuple(outside.removesuffix("\n").split("\n"))
    zone = next((line.partition(":")[2] for line in lines if line.startswith("X-WR-TIMEZONE:")), "")
    events: dict[str, PublishedEvent] = {}
    for number, chunk in enumerate(chunks, 1):
        # The split took the line feed before BEGIN from every chunk but the last
        found = _EVENT.fullmatch(chunk if number == len(chunks) else f"{chunk}\n")
        if found is None:
            raise ValueError(f"event {number} of {len(chunks)} is damaged")
        if found["uid"] in events:
            raise ValueError(f"event {number} of {len(chunks)} has the UID of an earlier one")
        events[found["uid"]] = _event(found, zone)
    _zone(zone)
    return Published(lines, zone, PRODID_NEUTRAL in lines, events)


def _event(found: re.Match[str], zone: str) -> PublishedEvent:
    if bool(found["zone"]) == bool(found["utc"]):
        raise ValueError("an event has a time that floats")
    sequence = int(found["sequence"])
    if sequence > SEQUENCE_MOST:
        raise ValueError("an event has a SEQUENCE out of range")
    place = _zone(found["zone"] or zone)
    start = _time(found["start"], UTC if found["utc"] else place).astimezone(place)
    until, every = start.date(), 0
    skip = tuple(_time(line[-15:], place).date() for line in found["skip"].split("\n") if line)
    if found["until"]:
        until = instant(found["until"]).astimezone(place).date()
        every = int(found["every"] or 1)
        weeks, odd = divmod((until - start.date()).days, 7)
        if found["utc"] or odd or weeks < 1 or weeks % every or _DAYS[start.weekday()] != found["weekday"]:
            raise ValueError("an event has a repeat rule that its start does not fit")
    _time(found["end"], UTC)  # a day that exists
    stamp = Stamp(instant(found["stamp"]), sequence)
    lines = tuple(found["content"].removesuffix("\n").split("\n"))
    return PublishedEvent(lines, stamp, start, until, every, skip, found["cancelled"] is not None)


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime:
    """Reads `20270106T141500Z`; raises ValueError for a time that does not exist."""
    return _time(text, UTC)


def _time(text: str, zone: tzinfo) -> datetime:
    time = datetime.fromisoformat(text[:15]).replace(tzinfo=zone)
    if not 1970 <= time.year <= 2101:
        raise ValueError("an event lies outside 1970 to 2100")
    return time


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError(f"it is in the time zone '{name}', which does not exist") from fault
