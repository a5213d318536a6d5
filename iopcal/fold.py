"""Sessions to weekly series and back, losing nothing: a recurrence rule is only a compression of dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from math import gcd

from iopcal.clock_changes import is_doubtful, is_steady, uneven_weeks
from iopcal.model import Entry, Event, Slot, Status


def fold(slots: Iterable[Slot], flat: bool = False) -> tuple[Event, ...]:
    """Returns the events that show these slots: one weekly series an item and part, and singles.

    An item is a session of one path and phase on one weekday; it has more than one part only where the plan
    itself has several times, lengths or texts on that weekday. Closed and hidden slots are not shown; `flat`:
    no series.
    Events come sorted by start, then by key.
    """
    slots = tuple(slots)
    series: list[Event] = []
    shown = {slot.single for slot in slots if slot.status is Status.CLOSED or slot.hidden}
    for key, part in () if flat else parts(slots):
        live = [slot for slot in part if slot.live and is_steady(slot.real.start, slot.real.end)]
        if live and not _meets_doubtful_hour(part):
            series.append(_series(key, part, live))
            shown.update(slot.single for slot in live)
    singles = [_single(slot) for slot in slots if slot.single not in shown]
    return tuple(sorted((*series, *singles), key=_order))


def parts(slots: Iterable[Slot]) -> Iterator[tuple[tuple[str, ...], list[Slot]]]:
    """Yields the key of every series that the plan may need, with its planned slots in order of date."""
    items: dict[tuple[str, ...], list[tuple[Entry, Slot]]] = {}
    for slot in slots:
        if slot.planned is not None and not slot.alone:
            items.setdefault(slot.item, []).append((slot.planned, slot))
    for item, members in items.items():
        for number, part in enumerate(_parts(members), 1):
            yield (*item, str(number)), part


def _meets_doubtful_hour(part: Sequence[Slot]) -> bool:
    """Says whether a weekly rule from the first to the last slot meets an hour that clocks skip or repeat.

    Some readers lose a date of such a rule, even one that is excluded.
    """
    first = part[0].planned or part[0].real
    start, end = first.start, first.end
    weeks = (part[-1].date - part[0].date).days // 7 + 1
    return any(
        is_doubtful(wall + span)
        for wall in (start, end)
        for span in uneven_weeks(wall.date(), weeks, wall.tzinfo)
    )


def unfold(events: Iterable[Event]) -> tuple[tuple[Entry, bool], ...]:
    """Returns every entry that the events show, with whether it is cancelled, in order of start."""
    return tuple(sorted(_entries(events), key=lambda shown: (shown[0].start, shown)))


def _entries(events: Iterable[Event]) -> Iterator[tuple[Entry, bool]]:
    for event in events:
        for day in event.dates:
            start = event.start.replace(year=day.year, month=day.month, day=day.day)
            yield Entry(start, event.minutes, event.text, event.alarms), event.cancelled


def _order(event: Event) -> tuple[float, tuple[str, ...]]:
    return event.start.timestamp(), event.key


def _single(slot: Slot) -> Event:
    real = slot.real
    cancelled = slot.status is Status.CANCELLED
    alarms = () if cancelled else real.alarms
    return Event(
        slot.single, real.start, real.minutes, real.start.date(), 1, (), real.text, cancelled, alarms
    )


def _parts(members: Iterable[tuple[Entry, Slot]]) -> Iterable[list[Slot]]:
    """Groups the slots of an item by planned clock, length, alarms and text, in order of first start."""
    parts: dict[object, list[Slot]] = {}
    for planned, slot in sorted(members, key=lambda member: member[0].start):
        look = (planned.start.time(), planned.minutes, planned.text, planned.alarms)
        parts.setdefault(look, []).append(slot)
    return parts.values()


def _series(key: tuple[str, ...], part: Sequence[Slot], live: Sequence[Slot]) -> Event:
    """Returns the series of a part that shows its `live` slots: those as planned, in no night of changes."""
    entry, first, last = live[0].real, live[0].date, live[-1].date
    weeks = [(slot.date - part[0].date).days // 7 for slot in part]
    every = gcd(*weeks) or 1 if len(live) > 1 else 1
    held = {slot.date for slot in live}
    rule = (first + timedelta(weeks=week) for week in range(0, (last - first).days // 7 + 1, every))
    skip = tuple(day for day in rule if day not in held)
    return Event(key, entry.start, entry.minutes, last, every, skip, entry.text, False, entry.alarms)
