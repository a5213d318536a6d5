"""Rules C1 to C7: what stands at the head of a file."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.lint._file import FEED_NAMES, FEED_REFRESH, NEUTRAL_PRODID, OUR_PRODID, File
from iopcal.lint._finding import Finding, seen
from iopcal.lint._lines import Line

REFRESH = "REFRESH-INTERVAL;VALUE=DURATION:PT4H"
PUBLISHED_TTL = "X-PUBLISHED-TTL:PT4H"


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong at the head; of a file cut short nothing is said to be missing."""
    yield from _method(file)
    if not file.calendar.whole:
        return
    yield from _version(file)
    yield from _product(file)
    yield from (_names(file) if file.feed else _no_names(file))
    if file.feed:
        yield from _refresh(file)
    yield from _zone(file)


def _version(file: File) -> Iterator[Finding]:
    calendar = file.calendar
    for name in ("VERSION", "PRODID", "CALSCALE"):
        lines = calendar.all(name)
        told = file.shape if name == "CALSCALE" else Finding
        if not lines:
            yield told(calendar.number, "C1", f"{name} is missing")
        elif len(lines) > 1:
            yield told(lines[1].number, "C1", f"{name} is given twice")
        elif name == "PRODID" and not lines[0].value.strip():
            yield told(lines[0].number, "C1", "PRODID is empty")
    for name, wanted in (("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")):
        lines = calendar.all(name)
        if len(lines) == 1 and lines[0].value != wanted:
            told = file.shape if name == "CALSCALE" else Finding
            yield told(lines[0].number, "C1", f"{name} is {seen(lines[0].value)}, not {wanted}")


def _product(file: File) -> Iterator[Finding]:
    lines = file.calendar.all("PRODID")
    wanted = NEUTRAL_PRODID if file.private else OUR_PRODID
    if len(lines) == 1 and lines[0].value.strip() and lines[0].value != wanted:
        yield file.shape(lines[0].number, "C2", f"PRODID is {seen(lines[0].value)}, not {wanted}")


def _method(file: File) -> Iterator[Finding]:
    for line in file.calendar.all("METHOD"):
        yield Finding(line.number, "C3", f"METHOD is {seen(line.value)}")


def _names(file: File) -> Iterator[Finding]:
    calendar = file.calendar
    found = []
    for name in FEED_NAMES:
        told = file.shape if name == "NAME" else Finding
        lines = calendar.all(name)
        if not lines:
            yield told(calendar.number, "C4", f"{name} is missing")
        elif len(lines) > 1:
            yield told(lines[1].number, "C4", f"{name} is given twice")
        elif not lines[0].value.strip():
            yield told(lines[0].number, "C4", f"{name} is empty")
        else:
            found.append(lines[0])
    if len(found) == 2 and found[0].value != found[1].value:
        text = f"NAME is {seen(found[1].value)}, X-WR-CALNAME is {seen(found[0].value)}"
        yield file.shape(found[1].number, "C4", text)


def _no_names(file: File) -> Iterator[Finding]:
    for name in (*FEED_NAMES, *FEED_REFRESH):
        for line in file.calendar.all(name):
            yield file.shape(line.number, "C6", f"{name} stands in a file to import")


def _refresh(file: File) -> Iterator[Finding]:
    for name, wanted in zip(FEED_REFRESH, (REFRESH, PUBLISHED_TTL), strict=True):
        lines = file.calendar.all(name)
        if not lines:
            yield file.shape(file.calendar.number, "C5", f"{name} is missing")
        elif len(lines) > 1:
            yield file.shape(lines[1].number, "C5", f"{name} is given twice")
        elif name == "REFRESH-INTERVAL" and not _is_duration(lines[0]):
            yield Finding(lines[0].number, "C5", f"{seen(lines[0].text)} is not {wanted}")
        elif lines[0].text != wanted:
            yield file.shape(lines[0].number, "C5", f"{seen(lines[0].text)} is not {wanted}")


def _is_duration(line: Line) -> bool:
    """Says whether a refresh interval has the type and the look of a duration."""
    return line.parameter("VALUE").upper() == "DURATION" and line.value[:1] == "P"


def _zone(file: File) -> Iterator[Finding]:
    calendar = file.calendar
    lines = calendar.all("X-WR-TIMEZONE")
    used = {event.start.zone for event in file.events if event.start is not None and event.start.zone}
    known = used & file.zones.keys()
    if not lines:
        yield file.shape(calendar.number, "C7", "X-WR-TIMEZONE is missing")
    elif len(lines) > 1:
        yield file.shape(lines[1].number, "C7", "X-WR-TIMEZONE is given twice")
    elif (lines[0].value not in file.zones and lines[0].value not in used) or (
        known and lines[0].value not in used
    ):
        text = f"X-WR-TIMEZONE is {seen(lines[0].value)}"
        yield file.shape(lines[0].number, "C7", f"{text}, not {min(known)}" if known else f"{text}, no zone")
    for line in calendar.all("X-WR-CALDESC"):
        yield file.shape(line.number, "C7", "X-WR-CALDESC is given")
