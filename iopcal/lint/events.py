"""Rules E1 to E11: what every event carries, and how it says when it is and that it is cancelled."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.lint._components import Component
from iopcal.lint._file import Event, File
from iopcal.lint._finding import Finding, seen
from iopcal.lint._lines import is_uuid
from iopcal.lint._times import Moment, is_skipped_or_repeated, is_stamp

MOST_SEQUENCE = 2_147_483_647
CANCELLED = "CANCELLED: "
BUSY_STATUS = "X-MICROSOFT-CDO-BUSYSTATUS"
_ONE_EACH = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP")
_OURS_ONLY = ("STATUS", "TRANSP")
_PEOPLE = frozenset({"ATTENDEE", "ORGANIZER", "CONTACT", "ATTACH", "COMMENT", "RELATED-TO"})
_OTHER_NAMES = frozenset({"X-WR-CALNAME", "X-WR-TIMEZONE", "X-PUBLISHED-TTL", BUSY_STATUS, "X-WR-CALDESC"})


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong with the events."""
    masters: set[str] = set()
    for event in file.events:
        yield from _one_each(file, event)
        if event.uid and not event.component.all("RECURRENCE-ID"):
            if event.uid in masters:
                yield Finding(event.number, "E2", f"a second event has the UID {seen(event.uid)}")
            masters.add(event.uid)
        if event.uid and not is_uuid(event.uid):
            number = event.component.all("UID")[0].number
            yield file.shape(number, "E3", f"UID {seen(event.uid)} is not a bare lower-case UUID")
        yield from _times(file, event)
        yield from _stamps(file, event)
        yield from _status(file, event)
        yield from _class(file, event)
    yield from _names(file, file.calendar)


def _one_each(file: File, event: Event) -> Iterator[Finding]:
    missing = [name for name in _ONE_EACH if not event.component.all(name)]
    if event.component.all("UID") and not event.uid:
        yield Finding(event.component.all("UID")[0].number, "E1", "UID is empty")
    if missing:
        names = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        told = file.shape if set(missing) <= set(_OURS_ONLY) else Finding
        yield told(event.number, "E1", names)
    for name in _ONE_EACH:
        lines = event.component.all(name)
        if len(lines) > 1:
            told = file.shape if name in _OURS_ONLY else Finding
            yield told(lines[1].number, "E1", f"{name} is given twice")
    for line in event.component.all("DURATION"):
        yield Finding(line.number, "E1", "DURATION is given")


def _times(file: File, event: Event) -> Iterator[Finding]:
    start, end = event.start, event.end
    for name, value in (("DTSTART", start), ("DTEND", end)):
        lines = event.component.all(name)
        if lines and value is None:
            yield Finding(lines[0].number, "E4", f"{name} {seen(lines[0].value)} is not a time")
        elif value is not None and value.form == "floating":
            yield Finding(lines[0].number, "E4", f"{name} is floating: it has neither TZID nor Z")
            return
    if start is None:
        return
    if start.form == "date":
        number = event.component.all("DTSTART")[0].number
        yield file.shape(number, "E4", f"DTSTART {seen(event.component.value('DTSTART'))} is a date")
    if end is None:
        return
    number = event.component.all("DTEND")[0].number
    if start.form != end.form:
        yield Finding(number, "E4", "DTEND is written in another form than DTSTART")
    elif start.zone != end.zone:
        yield file.shape(number, "E4", f"DTEND is in {seen(end.zone)}, DTSTART in {seen(start.zone)}")
    if not _ends_later(file, start, end):
        yield Finding(number, "E4", "DTEND is not after DTSTART")


def _ends_later(file: File, start: Moment, end: Moment) -> bool:
    """Says whether an end lies after its start; yes where nobody can tell.

    In one zone the wall clock decides: a skipped or repeated hour is judged by R11.
    """
    if (start.form, start.zone) == (end.form, end.zone):
        return end.wall > start.wall or _is_repeated(file, start, end)
    first, last = file.instant(start), file.instant(end)
    return first is None or last is None or last > first


def _is_repeated(file: File, start: Moment, end: Moment) -> bool:
    """Says whether a start or an end in one zone lies in an hour that the clock change repeats."""
    zone = file.zone(start)
    return zone is not None and any(is_skipped_or_repeated(value.wall, zone) for value in (start, end))


def _stamps(file: File, event: Event) -> Iterator[Finding]:
    good = True
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        for line in event.component.all(name)[:1]:
            if line.parameters or not is_stamp(line.value):
                good = False
                yield Finding(line.number, "E5", f"{name} {seen(line.value)} is not a time in UTC with Z")
    stamp, modified = event.component.value("DTSTAMP"), event.component.value("LAST-MODIFIED")
    if good and stamp and modified and stamp != modified:
        number = event.component.all("LAST-MODIFIED")[0].number
        yield file.shape(number, "E5", f"LAST-MODIFIED is {seen(modified)}, DTSTAMP {seen(stamp)}")
    for line in event.component.all("SEQUENCE")[:1]:
        if sequence(line.value) is None:
            yield Finding(line.number, "E6", f"SEQUENCE {seen(line.value)} is not in 0..{MOST_SEQUENCE}")


def sequence(value: str) -> int | None:
    """Returns a SEQUENCE as a number, None when it is none of 0 to 2147483647."""
    if not (value.isascii() and value.isdigit()) or len(value) > len(str(MOST_SEQUENCE)):
        return None
    number = int(value)
    return number if number <= MOST_SEQUENCE else None


def _status(file: File, event: Event) -> Iterator[Finding]:
    component = event.component
    line = next(iter(component.all("STATUS")), None)
    written = line.value if line is not None else ""
    status = written if file.ours else written.upper()
    known = ("CONFIRMED", "CANCELLED") if file.ours else ("CONFIRMED", "CANCELLED", "TENTATIVE")
    if line is not None and status not in known:
        yield Finding(line.number, "E7", f"STATUS is {seen(line.value)}, not {' or '.join(known[:2])}")
    elif status == "CANCELLED":
        yield from _cancelled(file, event)
    elif line is not None and component.value("SUMMARY").startswith(CANCELLED):
        number = component.all("SUMMARY")[0].number
        yield file.shape(number, "E8", f"SUMMARY begins with {CANCELLED.strip()}, but STATUS is {status}")
    else:
        yield from _busy(file, event)


def _cancelled(file: File, event: Event) -> Iterator[Finding]:
    component = event.component
    if component.all("SUMMARY") and not component.value("SUMMARY").startswith(CANCELLED):
        number = component.all("SUMMARY")[0].number
        yield Finding(number, "E8", f"SUMMARY of a cancelled event does not begin with '{CANCELLED}'")
    for name, wanted in (("TRANSP", "TRANSPARENT"), (BUSY_STATUS, "FREE")):
        value = component.value(name)
        if value != wanted and not (name == "TRANSP" and not component.all(name)):
            number = component.all(name)[0].number if component.all(name) else event.number
            what = f"is {seen(value)}, not {wanted}" if value else "is missing"
            yield file.shape(number, "E8", f"{name} of a cancelled event {what}")
    for alarm in component.inner("VALARM"):
        yield Finding(alarm.number, "E8", "a cancelled event has a VALARM")


def _busy(file: File, event: Event) -> Iterator[Finding]:
    """Yields E9; in what we write every event that takes place is OPAQUE and BUSY."""
    transparency, busy = event.component.value("TRANSP"), event.component.value(BUSY_STATUS)
    if not transparency:
        return
    if (file.ours and transparency != "OPAQUE") or (transparency == "OPAQUE" and busy != "BUSY"):
        number = event.component.all("TRANSP")[0].number
        text = f"TRANSP is {seen(transparency)}, {BUSY_STATUS} is {seen(busy)}"
        yield file.shape(
            number, "E9", text if busy else f"TRANSP is {seen(transparency)} without {BUSY_STATUS}"
        )


def _class(file: File, event: Event) -> Iterator[Finding]:
    lines = event.component.all("CLASS")
    if file.feed and lines:
        yield file.shape(lines[0].number, "E11", f"CLASS is {seen(lines[0].value)} in a feed")
    elif not file.feed and not lines:
        yield file.shape(event.number, "E11", "CLASS:PRIVATE is missing in a file to import")
    elif lines and (len(lines) > 1 or lines[0].value != "PRIVATE"):
        yield file.shape(lines[-1].number, "E11", f"CLASS is {seen(lines[-1].value)}, not PRIVATE once")


def _names(file: File, component: Component) -> Iterator[Finding]:
    """Yields E10 for every component down to an alarm; COMMENT in a VTIMEZONE is judged by Z4."""
    components = [component]
    for each in components:
        if each.name in ("VCALENDAR", "VEVENT", "VALARM"):
            components += each.parts
        elif each.name == "VTIMEZONE":
            components += [part._replace(name="VTIMEZONE", parts=()) for part in each.parts]
        for line in each.lines:
            people = line.name in _PEOPLE and not (line.name == "COMMENT" and each.name == "VTIMEZONE")
            if people or (line.name.startswith("X-") and line.name not in _OTHER_NAMES):
                yield file.shape(line.number, "E10", f"{line.name[:40]} is given")
