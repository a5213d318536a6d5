"""Rules Z1 to Z6: every zone is declared once, by a block that every reader understands and that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from iopcal.lint._components import Component
from iopcal.lint._file import File, last_date
from iopcal.lint._finding import Finding, offset_text, seen
from iopcal.lint._recurrence import WEEKDAYS
from iopcal.lint._times import DAY, LONGEST_SPAN, changes, moment, offset_at
from iopcal.named_tuple import NamedTuple

_OFFSET = re.compile(r"[+-](?!0000)[0-9]{4}|\+0000")
_YEARLY = re.compile(r"FREQ=YEARLY;BYMONTH=([1-9]|1[0-2]);BYDAY=(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)")
_BYDAY = re.compile(r"\+?(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)")

Offset = tuple[datetime, timedelta]  # from an instant on


class Yearly(NamedTuple):
    """The day in every year on which an observance begins: the nth (-1: last) weekday of a month."""

    month: int
    nth: int
    weekday: int

    def day(self, year: int) -> date:
        """Returns that day of a year."""
        if self.nth > 0:
            first = date(year, self.month, 1)
            return first + DAY * ((self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))
        last = date(year + self.month // 12, self.month % 12 + 1, 1) - DAY
        return last - DAY * ((last.weekday() - self.weekday) % 7)


class Observance(NamedTuple):
    """STANDARD or DAYLIGHT; `yearly` is None for one that holds all year."""

    yearly: Yearly | None
    start: datetime
    before: timedelta
    after: timedelta


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong with the zones."""
    blocks = file.calendar.inner("VTIMEZONE")
    yield from _declared(file, blocks)
    checked: set[str] = set()
    for block in blocks:
        name = block.value("TZID")
        if name not in checked:
            checked.add(name)
            yield from _block(file, name, block)


def _declared(file: File, blocks: tuple[Component, ...]) -> Iterator[Finding]:
    """Yields Z1, and Z2 for each name that is not declared; R7 and R10 judge EXDATE and RECURRENCE-ID."""
    declared: set[str] = set()
    for block in blocks:
        name = block.value("TZID")
        if not name:
            yield Finding(block.number, "Z1", "the VTIMEZONE has no TZID")
        elif name in declared:
            yield Finding(block.number, "Z1", f"{seen(name)} is declared twice")
        declared.add(name)
    used: set[str] = set()
    unfinished = {part.value("TZID") for part in file.calendar.parts if part.name == "VTIMEZONE"}
    for event in file.events:
        for line in event.component.lines:
            name = line.parameter("TZID") if line.parameters else ""
            if not name or line.name in ("EXDATE", "RECURRENCE-ID") or (file.ours and line.name == "DTEND"):
                continue
            if name not in used and name not in declared and name not in unfinished:
                yield Finding(line.number, "Z1", f"{seen(name)} is not declared by a VTIMEZONE")
                yield from _name(file, line.number, name)
            used.add(name)
    for block in blocks:
        if block.value("TZID") not in used and block.value("TZID") and file.calendar.whole:
            yield file.shape(block.number, "Z1", f"{seen(block.value('TZID'))} is declared, but never used")


def _name(file: File, number: int, name: str) -> Iterator[Finding]:
    if name.startswith("/"):
        yield Finding(number, "Z2", f"TZID {seen(name)} begins with a /")
    elif name not in file.zones:
        yield Finding(number, "Z2", f"TZID {seen(name)} is not the IANA name of a zone")


def _block(file: File, name: str, block: Component) -> Iterator[Finding]:
    """Yields what is wrong with one VTIMEZONE; a later rule is judged where the earlier ones are kept."""
    if name:
        yield from _name(file, block.all("TZID")[0].number, name)
    standard, daylight = block.inner("STANDARD"), block.inner("DAYLIGHT")
    if len(standard) != 1 or len(daylight) > 1:
        text = f"the VTIMEZONE has {len(standard)} STANDARD and {len(daylight)} DAYLIGHT"
        yield Finding(block.number, "Z3", text)
        return
    parts = (*standard, *daylight)
    wrong = [*_rules(file, block, parts), *_offsets(parts)]
    yield from wrong
    if not any(finding.severity == "error" for finding in wrong):
        yield from _right(file, name, block, tuple(_observance(part) for part in parts))


def _rules(file: File, block: Component, parts: tuple[Component, ...]) -> Iterator[Finding]:
    for component in (block, *parts):
        for name in ("COMMENT", "RDATE"):
            for line in component.all(name):
                yield Finding(line.number, "Z4", f"the VTIMEZONE holds {name}")
    for part in parts:
        start = moment(part.value("DTSTART"))
        rules = part.all("RRULE")
        if start is None or start.form != "floating":
            yield Finding(part.number, "Z4", f"{part.name} has no local DTSTART")
        elif start.wall.year != 1970:
            yield file.shape(part.all("DTSTART")[0].number, "Z4", "DTSTART is not in 1970")
        if len(parts) == 1:
            if rules:
                yield file.shape(rules[0].number, "Z4", "STANDARD has a RRULE, but no DAYLIGHT beside it")
            continue
        if len(rules) != 1:
            yield Finding(part.number, "Z4", f"{part.name} has {len(rules)} RRULE, not one")
        elif _yearly(rules[0].value) is None:
            text = f"{seen(rules[0].value)} is not FREQ=YEARLY;BYMONTH=m;BYDAY=nXX"
            yield Finding(rules[0].number, "Z4", text)
        elif _YEARLY.fullmatch(rules[0].value) is None:
            text = f"{seen(rules[0].value)} is not in the form FREQ=YEARLY;BYMONTH=m;BYDAY=nXX"
            yield file.shape(rules[0].number, "Z4", text)


def _yearly(value: str) -> Yearly | None:
    """Returns the day of a rule that names one weekday of one month, in whatever order; else None."""
    parts = dict(piece.partition("=")[::2] for piece in value.upper().split(";"))
    interval, _ = parts.pop("INTERVAL", "1"), parts.pop("WKST", "")
    byday, month = _BYDAY.fullmatch(parts.get("BYDAY", "")), parts.get("BYMONTH", "")
    if parts.keys() != {"FREQ", "BYMONTH", "BYDAY"} or parts["FREQ"] != "YEARLY" or interval != "1":
        return None
    if byday is None or month.lstrip("0") not in map(str, range(1, 13)):
        return None
    return Yearly(int(month), int(byday[1]), WEEKDAYS.index(byday[2]))


def _offsets(parts: tuple[Component, ...]) -> Iterator[Finding]:
    good = True
    for part in parts:
        for name in ("TZOFFSETFROM", "TZOFFSETTO"):
            lines = part.all(name)
            if len(lines) != 1:
                good = False
                yield Finding(part.number, "Z5", f"{part.name} has {len(lines)} {name}, not one")
            elif _OFFSET.fullmatch(lines[0].value) is None:
                good = False
                yield Finding(lines[0].number, "Z5", f"{name} {seen(lines[0].value)} is not +hhmm or -hhmm")
    if good and len(parts) == 2:
        low, high = (_offset(part.value("TZOFFSETTO")) for part in parts)
        if low >= high:
            number = parts[1].all("TZOFFSETTO")[0].number
            yield Finding(number, "Z5", "TZOFFSETTO of DAYLIGHT is not greater than that of STANDARD")


def _offset(value: str) -> timedelta:
    sign = -1 if value[0] == "-" else 1
    return sign * timedelta(hours=int(value[1:3]), minutes=int(value[3:5]))


def _observance(part: Component) -> Observance:
    start = moment(part.value("DTSTART"))
    assert start is not None  # or Z4 had been found
    return Observance(
        _yearly(part.value("RRULE")),
        start.wall,
        _offset(part.value("TZOFFSETFROM")),
        _offset(part.value("TZOFFSETTO")),
    )


def _right(file: File, name: str, block: Component, observances: tuple[Observance, ...]) -> Iterator[Finding]:
    """Yields where the block differs from the zone over the span of its events, else whether DTSTART fits."""
    zone, span = file.zones.get(name), _span(file, name)
    if zone is not None and span is not None:
        first, last = span
        wanted = [(first, offset_at(first, zone))]
        wanted += [(change.instant, change.after) for change in changes(zone, first, last)]
        given = _given(observances, first, last)
        if given != wanted:
            yield _difference(file, name, block, wanted, given)
            return
    parts = (*block.inner("STANDARD"), *block.inner("DAYLIGHT"))
    for observance, part in zip(observances, parts, strict=True):
        number = part.all("DTSTART")[0].number
        yearly, start = observance.yearly, observance.start
        if yearly is not None and start.year == 1970 and yearly.day(1970) != start.date():
            yield file.shape(number, "Z4", f"DTSTART {start:%Y-%m-%d} is not on its RRULE")
        elif len(observances) == 1 and observance.before != observance.after:
            yield file.shape(number, "Z4", "a lone STANDARD has another TZOFFSETFROM than TZOFFSETTO")


def _difference(
    file: File, name: str, block: Component, wanted: list[Offset], given: list[Offset]
) -> Finding:
    """Returns what to say of offsets that are wrong: Z4 where only the clock time of a change is."""
    days = [[(instant.date(), after) for instant, after in offsets] for offsets in (wanted, given)]
    wrong = min(set(given) ^ set(wanted))[0]
    if days[0] == days[1] and file.ours:
        text = f"on {wrong:%Y-%m-%d} DTSTART is not the wall time before the change of {name}"
        return Finding(block.number, "Z4", text)
    here, there = (
        offset_text(max(pair for pair in offsets if pair[0] <= wrong)[1].total_seconds())
        for offsets in (given, wanted)
    )
    at = f"on {wrong:%Y-%m-%d at %H:%M} UTC"
    return Finding(block.number, "Z6", f"{at} the VTIMEZONE has {here}, {name} has {there}")


def _span(file: File, name: str) -> tuple[datetime, datetime] | None:
    """Returns the day before the first event in the zone and the day after the last, in its wall clock."""
    first = last = None
    for event in file.events:
        start = event.start
        if start is None or start.zone != name:
            continue
        length = event.end.wall - start.wall if event.end is not None else timedelta()
        end = datetime.combine(last_date(file, event), start.wall.time()) + max(length, timedelta())
        first = start.wall if first is None else min(first, start.wall)
        last = end if last is None else max(last, end)
    if first is None or last is None:
        return None
    return max(first - DAY, last + DAY - LONGEST_SPAN), last + DAY


def _given(observances: tuple[Observance, ...], first: datetime, last: datetime) -> list[Offset]:
    """Returns the offset at `first` and every change to `last` as a reader of the block has them."""
    found: list[Offset] = []
    if len(observances) == 1:
        return [(first, observances[0].after)]
    for observance in observances:
        assert observance.yearly is not None  # or Z4 had been found
        clock = observance.start - datetime.combine(observance.start.date(), datetime.min.time())
        for year in range(first.year - 1, last.year + 2):
            day = datetime.combine(observance.yearly.day(year), datetime.min.time())
            found.append((day + clock - observance.before, observance.after))
    found.sort()
    earlier = [pair for pair in found if pair[0] <= first]
    return [(first, earlier[-1][1]), *(pair for pair in found if first < pair[0] <= last)]
