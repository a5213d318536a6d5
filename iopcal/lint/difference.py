"""Rules D1 to D6: what a file may change against the one it replaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice

from iopcal.lint._components import Component
from iopcal.lint._file import ENDLESS, Event, File, last_date
from iopcal.lint._finding import Finding, seen
from iopcal.lint._recurrence import dates
from iopcal.lint._times import DAY, Moment, to_utc, to_wall

STAMPS = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
TOMBSTONE = timedelta(days=30)
MOST_GONE, FROM_SLOTS = 0.3, 10
MOST_SLOTS = 2_000  # of one event
MOST_DAYS = 250_000  # that are looked at in both files

Key = tuple[str, str]  # UID and RECURRENCE-ID


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong between the file and the one it replaces; without such a one nothing."""
    if file.was is None:
        return
    old = {_key(event): event for event in file.was.events}
    new = {_key(event): event for event in file.events}
    for key, event in new.items():
        if key in old:
            yield from _stamps(old[key].component, event.component)
        yield from _future(file, event.component)
    if not file.feed:
        yield from _vanished(file, old, new)
    yield from _gone(file, file.was)


def _key(event: Event) -> Key:
    return event.uid, event.component.value("RECURRENCE-ID")


def _stamps(old: Component, new: Component) -> Iterator[Finding]:
    """Yields D3, else D1 of an event that is equal, D2 of one that changed."""
    back = [name for name in STAMPS[:2] if new.value(name) < old.value(name)]
    if back:
        line = next(iter(new.all(back[0])), None)
        text = f"{back[0]} went back from {seen(old.value(back[0]))} to {seen(new.value(back[0]))}"
        yield Finding(line.number if line else new.number, "D3", text)
    elif _content(old) == _content(new):
        moved = [name for name in STAMPS if new.value(name) != old.value(name)]
        if moved:
            number = new.all(moved[0])[0].number if new.all(moved[0]) else new.number
            yield Finding(number, "D1", f"the event is equal, but its {' and '.join(moved)} changed")
    else:
        kept = [
            name
            for name in STAMPS[1:]
            if _rank(new.value(name)) <= _rank(old.value(name)) and (new.all(name) or old.all(name))
        ]
        if kept:
            number = new.all(kept[0])[0].number if new.all(kept[0]) else new.number
            yield Finding(number, "D2", f"the event changed, but its {' and '.join(kept)} did not grow")


def _rank(value: str) -> tuple[int, str]:
    """Returns what orders stamps and whole numbers alike."""
    return len(value), value


def _content(component: Component) -> tuple[object, ...]:
    """Returns all that an event says, without its stamps."""
    lines = (line.text for line in component.lines if line.name not in STAMPS)
    parts = ((part.name, *(line.text for line in part.lines)) for part in component.parts)
    return (*lines, *parts)


def _future(file: File, component: Component) -> Iterator[Finding]:
    if file.now is None:
        return
    now = f"{file.now:%Y%m%dT%H%M%SZ}"
    for name in STAMPS[:2]:
        for line in component.all(name):
            if len(line.value) == len(now) and line.value > now:
                yield Finding(line.number, "D4", f"{name} {seen(line.value)} is in the future")
                return


def _vanished(file: File, old: Mapping[Key, Event], new: Mapping[Key, Event]) -> Iterator[Finding]:
    uids = {uid for uid, _ in new}
    for (uid, _), event in old.items():
        if uid in uids or event.start is None or file.was is None:
            continue
        last = last_date(file.was, event)
        if file.now is None or last + TOMBSTONE > file.now.date():
            yield Finding(file.calendar.number, "D5", f"the event {seen(uid)} is gone without a trace")


def _gone(file: File, was: File) -> Iterator[Finding]:
    """Yields D6, by local dates; without `now` every slot lies ahead, and a cancelled one is gone."""
    work = iter(range(MOST_DAYS))
    before, after = _ahead(was, file.now, work), _ahead(file, file.now, work)
    count, gone = before.total(), (before - after).total()
    if count >= FROM_SLOTS and gone > MOST_GONE * count and next(work, None) is not None:
        text = f"{gone} of {count} slots ahead are gone ({gone * 100 // count} %)"
        yield Finding(file.calendar.number, "D6", text)


def _ahead(file: File, now: datetime | None, work: Iterator[int]) -> Counter[date]:
    """Returns how many slots take place on each date, those after `now`."""
    found: Counter[date] = Counter()
    for event in file.events:
        if event.start is None or event.cancelled:
            continue
        clock = event.start.wall.time()
        days = list(_days(file, event, event.start, work))
        if now is not None:
            today = now.date()
            days = [
                day
                for day in days
                if day > today + DAY
                or (day >= today - DAY and _instant(file, event.start, datetime.combine(day, clock)) > now)
            ]
        found.update(days)
    return found


def _days(file: File, event: Event, start: Moment, work: Iterator[int]) -> Iterator[date]:
    """Yields the local dates of an event's slots, by its rule to UNTIL or at most two years."""
    rule, first = event.rule, start.wall.date()
    if rule is None or not rule.dated:
        zone = file.zones.get(file.calendar.value("X-WR-TIMEZONE"))
        local = to_wall(start.wall, zone) if start.form == "utc" and zone is not None else start.wall
        yield local.date()
        return
    skipped = {value.wall.date() for _, value in event.skips if value is not None}
    last = last_date(file, event) if rule.until else first + ENDLESS
    for day in islice(dates(rule, first, work), rule.times or MOST_SLOTS):
        if day > last:
            return
        if day not in skipped:
            yield day


def _instant(file: File, start: Moment, wall: datetime) -> datetime:
    """Returns the start of one slot in UTC; a zone nobody knows counts as UTC, a date as its end."""
    zone = file.zone(start)
    if start.form == "date":
        return wall + DAY
    if start.form == "utc":
        return start.wall
    return wall if zone is None else to_utc(wall, zone)
