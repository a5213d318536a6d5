"""Rule R11: slots near a change of the clocks, where readers differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from iopcal.lint._file import Event, File, last_date
from iopcal.lint._finding import Finding
from iopcal.lint._recurrence import meets
from iopcal.lint._times import DAY, Moment, changes, is_skipped_or_repeated, offset_at_wall, to_wall

LONGEST_SLOT = timedelta(days=7)


def findings(file: File) -> Iterator[Finding]:
    """Yields the first slot of each event that a change of the clocks touches."""
    for event in file.events:
        start, end = event.start, event.end
        zone = file.zone(start)
        if start is None or end is None or zone is None or start.zone != end.zone:
            continue
        length = end.wall - start.wall
        if timedelta() <= length <= LONGEST_SLOT:
            text = next(_troubles(file, event, start, length, zone), "")
            if text:
                yield file.shape(event.number, "R11", text)


def _troubles(file: File, event: Event, start: Moment, length: timedelta, zone: ZoneInfo) -> Iterator[str]:
    """Yields what is wrong with each slot; of a series those within a week of a change of the clocks."""
    if event.rule is None or not event.rule.dated:
        yield from _trouble(start.wall, length, zone)
        return
    final = last_date(file, event)
    first = datetime.combine(start.wall.date(), time()) - DAY
    skipped = {value.wall.date() for _, value in event.skips if value is not None}
    back = length.days + 1  # days from a slot's start to a change that it can reach
    for change in changes(zone, _whole_year(first), _whole_year(datetime.combine(final, time()), up=True)):
        near = to_wall(change.instant, zone).date()
        for days in range(back, -2, -1):
            day = near - DAY * days
            if day <= final and day not in skipped and _is_on(event, start, day):
                wall = datetime.combine(day, start.wall.time())
                yield from _trouble(wall, length, zone)
                if offset_at_wall(wall, zone) != offset_at_wall(wall + length, zone):
                    yield f"the series has a slot across the change of the clocks on {near:%Y-%m-%d}"


def _is_on(event: Event, start: Moment, day: date) -> bool:
    return event.rule is not None and meets(event.rule, start.wall.date(), day)


def _trouble(wall: datetime, length: timedelta, zone: ZoneInfo) -> Iterator[str]:
    """Yields what is wrong with the hours one slot starts and ends in."""
    for moment, what in ((wall, "starts"), (wall + length, "ends")):
        if is_skipped_or_repeated(moment, zone):
            yield f"a slot {what} at {moment:%Y-%m-%d %H:%M}, which a change of the clocks skips or repeats"


def _whole_year(day: datetime, up: bool = False) -> datetime:
    """Returns the start of the day's year, or the end of it: spans that many events share are read once."""
    return day.replace(year=day.year + 1 if up else day.year, month=1, day=1)
