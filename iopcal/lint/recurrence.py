"""Rules R1 to R10: rules and exceptions that every reader expands alike.

An event is judged rule by rule, and no further than to the first that it breaks: what follows would only say
the same again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice

from iopcal.lint._file import Event, File, last_date
from iopcal.lint._finding import Finding, seen
from iopcal.lint._lines import Line
from iopcal.lint._recurrence import WEEKDAYS, Recurrence, dates, last_weekly, meets
from iopcal.lint._times import Moment, is_stamp, moment, to_utc, to_wall

MOST_DAYS = 300_000  # that are looked at to count the slots of all events
_OURS = re.compile(
    r"FREQ=WEEKLY(?P<interval>;INTERVAL=(?:[2-9]|[1-9][0-9]+))?(?:;UNTIL=[^;]*)?"
    r";BYDAY=(?:MO|TU|WE|TH|FR|SA|SU)(?(interval);WKST=MO)"
)


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong with rules, exceptions and the slots they give."""
    masters = {event.uid: event for event in file.events if not event.component.all("RECURRENCE-ID")}
    work = iter(range(MOST_DAYS))
    for event in file.events:
        lines = event.component.all("RRULE")
        told = [*_properties(event)]
        yield from told
        if event.component.all("RECURRENCE-ID"):
            yield from _override(file, event, masters)
        elif lines and not told:
            yield from _series(file, event, lines[0], work)
        elif event.skips and not told:
            yield Finding(event.skips[0][0].number, "R7", "EXDATE is given, but no RRULE")


def _properties(event: Event) -> Iterator[Finding]:
    """Yields R1 but for COUNT."""
    rules = event.component.all("RRULE")
    if len(rules) > 1:
        yield Finding(rules[1].number, "R1", "a second RRULE is given")
    for name in ("RDATE", "EXRULE"):
        for line in event.component.all(name)[:1]:
            yield Finding(line.number, "R1", f"{name} is given")
    for line in event.component.all("RECURRENCE-ID")[:1]:
        if line.parameter("RANGE"):
            yield Finding(line.number, "R1", f"RANGE={line.parameter('RANGE')[:40]} is given")
    if len(rules) == 1 and event.rule is not None and event.rule.times and event.rule.until:
        yield Finding(rules[0].number, "R1", "RRULE has both COUNT and UNTIL")


def _series(file: File, event: Event, line: Line, work: Iterator[int]) -> Iterator[Finding]:
    """Yields the first rule of R1 (COUNT) to R8 that a series breaks, after a warning of a foreign one."""
    rule, start = event.rule, event.start
    if start is not None and start.form == "utc":
        yield Finding(event.component.all("DTSTART")[0].number, "R8", "a series begins at a time in UTC")
        return
    if rule is None:
        upper, first = line.value == line.value.upper(), line.value.startswith("FREQ=")
        what = "cannot be read" if upper and first else "does not begin with FREQ, in upper case"
        yield Finding(line.number, "R2", f"RRULE {seen(line.value)} {what}")
        return
    shape = _shape(file, event, line, rule)
    if shape is not None:
        yield shape
        if shape.severity == "error":
            return
    if start is None or start.form == "floating":
        return
    for told in (_until(file, event, line, rule, start), _start(event, rule, start)):
        if told is not None:
            yield told
            return
    yield from _exceptions(file, event, line, rule, start, work)


def _shape(file: File, event: Event, line: Line, rule: Recurrence) -> Finding | None:
    """Returns what is wrong with the form of a RRULE: R1 (COUNT), R2, or R4 where DTSTART was moved."""
    if not line.value.startswith("FREQ="):
        return Finding(line.number, "R2", f"RRULE {seen(line.value)} does not begin with FREQ")
    if rule.times:
        return file.shape(line.number, "R1", f"COUNT={rule.times} is given")
    if _OURS.fullmatch(line.value) is None:
        return file.shape(line.number, "R2", f"RRULE {seen(line.value)} is not a plain rule of one weekday")
    start = event.start
    if not file.ours or start is None or start.form == "floating":
        return None
    weekday = rule.weekdays[0][1]
    if start.wall.weekday() == weekday:
        return None
    if last_date(file, event).weekday() == weekday:  # the last slot still is on the rule
        return _off_rule(event, start)
    return file.shape(line.number, "R2", f"BYDAY={WEEKDAYS[weekday]} is not the weekday of DTSTART")


def _off_rule(event: Event, start: Moment) -> Finding:
    text = f"DTSTART {start.wall:%Y-%m-%d}, a {WEEKDAYS[start.wall.weekday()]}, is not on the RRULE"
    return Finding(event.component.all("DTSTART")[0].number, "R4", text)


def _start(event: Event, rule: Recurrence, start: Moment) -> Finding | None:
    """Returns R4 where the rule does not meet on the first day."""
    first = start.wall.date()
    return None if not rule.dated or meets(rule, first, first) else _off_rule(event, start)


def _until(file: File, event: Event, line: Line, rule: Recurrence, start: Moment) -> Finding | None:
    """Returns R3: UNTIL is in UTC, and does not cut off a slot on its own day; ours is exact."""
    if not rule.until:
        return file.shape(line.number, "R3", "RRULE has no UNTIL") if file.ours else None
    if start.form == "date":
        until = moment(rule.until)
        good = until is not None and until.form == "date"
        return (
            None if good else Finding(line.number, "R3", f"UNTIL={rule.until[:40]} is not a date as DTSTART")
        )
    if not is_stamp(rule.until):
        return Finding(line.number, "R3", f"UNTIL={rule.until[:40]} is not a time in UTC")
    zone, until = file.zone(start), moment(rule.until)
    if zone is None or until is None:
        return None
    first, clock = start.wall.date(), start.wall.time()
    day = to_wall(until.wall, zone).date()
    if until.wall < to_utc(start.wall, zone):
        return Finding(line.number, "R3", f"UNTIL={rule.until} is before DTSTART")
    if rule.dated and meets(rule, first, day) and to_utc(datetime.combine(day, clock), zone) > until.wall:
        return Finding(line.number, "R3", f"UNTIL={rule.until} is before the slot of its day")
    last = last_weekly(rule, first, day)
    if file.ours and last is not None:
        wall = datetime.combine(last, clock)
        wanted = to_utc(wall, zone)
        if wall > wanted and to_wall(wall, zone).date() == last:
            wanted = wall
        if until.wall != wanted:
            return file.shape(line.number, "R3", f"UNTIL={rule.until} is not {wanted:%Y%m%dT%H%M%SZ}")
    return None


def _exceptions(
    file: File, event: Event, line: Line, rule: Recurrence, start: Moment, work: Iterator[int]
) -> Iterator[Finding]:
    """Yields R7, and R6 or R5 by the dates that are excluded."""
    first, final = start.wall.date(), last_date(file, event)
    wrong = False
    before = None
    skipped: dict[date, Line] = {}
    for exdate, value in event.skips:
        text = _exception(rule, start, final, exdate, value)
        if text or value is None:
            wrong = True
            yield Finding(exdate.number, "R7", text)
            continue
        if before is not None and value.wall <= before:
            yield file.shape(exdate.number, "R7", f"EXDATE {seen(exdate.value)} is not in ascending order")
        before = value.wall
        skipped.setdefault(value.wall.date(), exdate)
    if wrong or not rule.dated:
        return
    bounded = final if rule.until else None
    most = rule.times or None
    slots = islice(dates(rule, first, work), most)
    live = (day for day in slots if day not in skipped)
    ahead = [day for day in islice(live, 2) if bounded is None or day <= bounded]
    if len(ahead) < 2 and next(work, None) is not None:
        count = "one slot" if ahead else "no slot"
        yield Finding(line.number, "R6", f"the series has {count} that takes place")
        return
    last = last_weekly(rule, first, final) if rule.until else None
    for day, name in ((first, "first"), (last, "last")):
        if day in skipped:
            yield file.shape(skipped[day].number, "R5", f"EXDATE takes away the {name} slot of the series")


def _exception(rule: Recurrence, start: Moment, final: date, line: Line, value: Moment | None) -> str:
    """Returns what is wrong with one EXDATE, '' if nothing is."""
    shown = f"EXDATE {seen(line.value)}"
    if "," in line.value:
        return f"{shown} is a list, not one a line"
    if value is None:
        return f"{shown} is not a time"
    if value.form != start.form:
        return f"{shown} is not in the form of DTSTART"
    if value.zone != start.zone:
        return f"{shown} is in {seen(value.zone)}, DTSTART in {seen(start.zone)}"
    if value.wall.time() != start.wall.time():
        return f"{shown} has another clock time than DTSTART"
    day = value.wall.date()
    if rule.dated and (not meets(rule, start.wall.date(), day) or (rule.until and day > final)):
        return f"{shown} hits no slot of the series"
    return ""


def _override(file: File, event: Event, masters: Mapping[str, Event]) -> Iterator[Finding]:
    """Yields R9, and R10 in a foreign file."""
    line = event.component.all("RECURRENCE-ID")[0]
    yield file.shape(line.number, "R9", "RECURRENCE-ID is given")
    if file.ours:
        return
    master = masters.get(event.uid)
    text = _against(event, line, master) if master is not None else "has no master of its UID"
    if text:
        yield Finding(line.number, "R10", f"RECURRENCE-ID {seen(line.value)} {text}")


def _against(event: Event, line: Line, master: Event) -> str:
    """Returns what is wrong between one changed slot and its series, '' if nothing is."""
    value = moment(line.value, line.parameter("TZID"))
    start, rule = master.start, master.rule
    if event.component.all("RRULE"):
        return "stands beside a RRULE"
    if value is None:
        return "is not a time"
    if start is not None and (value.form, value.zone) != (start.form, start.zone):
        return "is not in the form of the master's DTSTART"
    if start is not None and rule is not None and rule.dated:
        same_clock = value.wall.time() == start.wall.time()
        if not same_clock or not meets(rule, start.wall.date(), value.wall.date()):
            return "is not on the rule of the master"
    if any(skip == value for _, skip in master.skips):
        return "is in EXDATE of the master too"
    below, above = (each.component.value("SEQUENCE") for each in (event, master))
    if (
        below.isdecimal()
        and above.isdecimal()
        and len(below) < 11
        and len(above) < 11
        and int(below) < int(above)
    ):
        return "has a lower SEQUENCE than the master"
    return ""
