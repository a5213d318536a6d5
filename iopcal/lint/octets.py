"""Rules B1 to B7: encoding, frame, line ends, folds, characters, size and order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iopcal.lint._file import Event, File
from iopcal.lint._finding import Finding, seen
from iopcal.lint._lines import BOM
from iopcal.lint._stray import LONGEST_LINE, unfolded

MOST_BYTES, MANY_BYTES = 1_000_000, 800_000
MOST_EVENTS = 10_000
_NOT_UTF8 = "[\udc80-\udcff]"
_NONCHARACTERS = "\\ufdd0-\\ufdef" + "".join(
    chr(plane + low) for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)
)
_REFUSED = (
    "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\u200b\\u2060\\ufeff"
    f"\\U000e0000-\\U000e007f{_NONCHARACTERS}]"
)
_ORDER = {
    name: position
    for position, name in enumerate(
        ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "RRULE", "EXDATE", "SUMMARY",
         "DESCRIPTION", "LOCATION", "URL", "CATEGORIES", "CLASS", "STATUS", "TRANSP",
         "X-MICROSOFT-CDO-BUSYSTATUS")
    )
}  # fmt: skip
# What other rules speak of when it stands in an event.
_JUDGED_ELSEWHERE = frozenset(
    {"DURATION", "RDATE", "EXRULE", "RECURRENCE-ID", "ATTENDEE", "ORGANIZER", "CONTACT", "ATTACH", "COMMENT",
     "RELATED-TO"}
)  # fmt: skip


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong with the bytes, whatever they mean."""
    yield from _encoding(file)
    yield from _frame(file)
    yield from _line_ends(file)
    yield from _folds(file)
    yield from _characters(file)
    yield from _size(file)
    yield from _order(file)


def _encoding(file: File) -> Iterator[Finding]:
    if file.data.startswith(BOM):
        yield Finding(1, "B1", "the file begins with a BOM")
    cut = (
        len(file.lines) - 1 if file.physical and not file.physical[-1].ending else len(file.lines)
    )  # a file cut inside a character is B2
    wrong = [line for line in file.lines[:cut] if not line.text.isascii() and re.search(_NOT_UTF8, line.text)]
    if wrong:
        more = f", and {len(wrong) - 1} more lines" if len(wrong) > 1 else ""
        yield Finding(wrong[0].number, "B1", f"the line is not UTF-8{more}")


def _frame(file: File) -> Iterator[Finding]:
    count = len(file.physical)
    if not count:
        yield Finding(1, "B2", "the file is empty")
        return
    if file.physical[0].content != b"BEGIN:VCALENDAR":
        yield Finding(1, "B2", "the first line is not BEGIN:VCALENDAR")
    elif file.flaws:
        yield Finding(file.flaws[0].number, "B2", file.flaws[0].text)
    elif len(file.roots) > 1 or any(part.name == "VCALENDAR" for part in file.calendar.parts):
        again = next(part for part in (*file.roots[1:], *file.calendar.parts) if part.name == "VCALENDAR")
        yield Finding(again.number, "B2", "a second VCALENDAR begins")
    elif file.physical[-1].content != b"END:VCALENDAR" or file.physical[-1].ending in (b"", b"\r"):
        yield Finding(count, "B2", "the file does not end with END:VCALENDAR and CRLF")


def _line_ends(file: File) -> Iterator[Finding]:
    body = file.physical[:-1] if file.physical and file.physical[-1].ending == b"\r" else file.physical
    bare = [number for number, line in enumerate(body, 1) if line.ending in (b"\r", b"\n")]
    if bare:
        name = "CR" if body[bare[0] - 1].ending == b"\r" else "LF"
        more = f", and so do {len(bare) - 1} more" if len(bare) > 1 else ""
        yield Finding(bare[0], "B3", f"the line ends with a bare {name}{more}")


def _folds(file: File) -> Iterator[Finding]:
    slashes = 0  # backslashes at the end of the content line so far
    for number, (content, _) in enumerate(file.physical, 1):
        if len(content) > LONGEST_LINE:
            yield Finding(number, "B4", f"the line has {len(content)} octets, and {LONGEST_LINE} are allowed")
        if number > 1 and content[:1] in (b" ", b"\t"):
            piece = content[1:]
            if slashes % 2:
                yield Finding(number, "B4", "the fold is inside an escape")
            if piece and 0x80 <= piece[0] < 0xC0:
                yield Finding(number, "B4", "the fold is inside a character")
            if content[:1] == b"\t":
                yield file.shape(number, "B4", "the line is folded with a tab")
        else:
            piece, slashes = content, 0
        trailing = len(piece) - len(piece.rstrip(b"\\"))
        slashes = slashes + trailing if trailing == len(piece) else trailing
    for number in unfolded(file):
        yield Finding(number, "B4", "the line goes on with the one before, but does not begin with a space")


def _characters(file: File) -> Iterator[Finding]:
    for line in file.lines:
        if line.text.isascii() and line.text.isprintable():
            continue
        found = re.search(_REFUSED, line.text)
        if found:
            yield Finding(line.number, "B5", f"{line.name or 'the line'} holds U+{ord(found[0]):04X}")
        elif "\t" in line.text:
            yield file.shape(line.number, "B5", f"{line.name or 'the line'} holds a tab")


def _size(file: File) -> Iterator[Finding]:
    size, events = len(file.data), len(file.calendar.inner("VEVENT"))
    if size >= MOST_BYTES:
        yield Finding(1, "B6", f"the file has {size:,} bytes, and less than {MOST_BYTES:,} are allowed")
    elif size >= MANY_BYTES:
        text = f"the file has {size:,} bytes and comes near the {MOST_BYTES:,} that are too many"
        yield Finding(1, "B6", text, "warning")
    if events >= MOST_EVENTS:
        yield Finding(1, "B6", f"the file has {events:,} events, and less than {MOST_EVENTS:,} are allowed")


def _order(file: File) -> Iterator[Finding]:
    events = False
    for part in file.calendar.parts:
        if part.name == "VTIMEZONE" and events:
            yield file.shape(part.number, "B7", "a VTIMEZONE stands after an event")
        elif part.name not in ("VTIMEZONE", "VEVENT") and part.whole and file.ours:
            yield file.shape(part.number, "B7", f"{seen(part.name)} is neither a VTIMEZONE nor a VEVENT")
        events = events or part.name == "VEVENT"
    before = None
    for event in file.events:
        start = file.instant(event.start)
        if start is None:
            continue
        key = (start, event.uid)
        if before is not None and key < before:
            yield file.shape(event.number, "B7", "the event stands after a later one")
        before = key
        yield from _property_order(file, event)


def _property_order(file: File, event: Event) -> Iterator[Finding]:
    before, name = -1, ""
    for line in event.component.lines:
        position = _ORDER.get(line.name)
        if position is None:
            if file.ours and line.name and line.name not in _JUDGED_ELSEWHERE and line.name[:2] != "X-":
                yield file.shape(line.number, "B7", f"{line.name} has no place among the properties")
        elif position < before:
            yield file.shape(line.number, "B7", f"{line.name} stands after {name}")
            return
        else:
            before, name = position, line.name
    alarm = min((part.number for part in event.component.parts), default=0)
    if alarm and event.component.lines and event.component.lines[-1].number > alarm:
        line = event.component.lines[-1]
        yield file.shape(line.number, "B7", f"{line.name or 'a line'} stands after a VALARM")
