"""What a reader of the calendar sees, worked out from the rows of the fake alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from tests.fake_google.recurrence import occurrences
from tests.fake_google.state import Row
from tests.fake_google.times import zone_of

OURS = "evts"
Rows = Mapping[str, Row]  # by id
Look = tuple[int, str, str, bool]
VISIBLE = (
    "summary", "description", "location", "start", "end", "recurrence", "visibility", "transparency",
    "status",
)  # fmt: skip
DEFAULTS = {"visibility": "default", "transparency": "opaque"}


class Shown(NamedTuple):
    """One session as somebody sees it; `start` is in UTC."""

    start: datetime
    minutes: int
    title: str
    place: str
    free: bool = False

    def __str__(self) -> str:
        place = f" at {self.place}" if self.place else ""
        return f"{self.start:%a %d %b %H:%M} {self.minutes} min {self.title!r}{place}{' (free)' * self.free}"


class Slot(NamedTuple):
    """One session of a series: `original` is the start that the series gives it (UTC)."""

    original: datetime
    shown: Shown


class Change(NamedTuple):
    """An instance that somebody changed (`shown`) or cancelled (None).

    `strays`: its series has no such slot; `differs`: it shows something else than its series does there.
    """

    id: str
    original: datetime
    shown: Shown | None
    strays: bool
    differs: bool


def slots(row: Row) -> tuple[Slot, ...]:
    """Returns the sessions that an event gives, whatever became of single ones."""
    if row.cancelled or "start" not in row.resource:
        return ()
    start = row.resource["start"]
    recurrence = tuple(row.resource.get("recurrence", ()))
    moment = start.get("date") or start["dateTime"]
    return _slots(moment, start.get("timeZone", ""), "date" in start, recurrence, _look(row.resource))


@lru_cache(maxsize=100_000)
def _slots(start: str, zone: str, whole: bool, recurrence: tuple[str, ...], look: Look) -> tuple[Slot, ...]:
    if not recurrence:
        moments = (_moment(start),)
    else:
        value = {"date": start} if whole else {"dateTime": start, "timeZone": zone}
        place = UTC if whole else zone_of(zone)
        moments = tuple(
            moment.replace(tzinfo=place).astimezone(UTC) for moment in occurrences(value, list(recurrence))
        )
    return tuple(Slot(moment, Shown(moment, *look)) for moment in moments)


def _look(resource: dict[str, Any]) -> Look:
    """Returns all that a session shows but its start."""
    first, last = (_instant(resource[name]) for name in ("start", "end"))
    return (
        int((last - first).total_seconds() // 60),
        resource.get("summary", "").removesuffix("."),  # which a switch of the fake adds
        resource.get("location", ""),
        resource.get("transparency", "opaque") == "transparent",
    )


def _shown(resource: dict[str, Any], start: datetime) -> Shown:
    return Shown(start, *_look(resource))


def _instant(value: dict[str, str]) -> datetime:
    return _moment(value.get("date") or value["dateTime"])


@lru_cache(maxsize=100_000)
def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def changes(master: Row, exceptions: Iterable[Row]) -> tuple[Change, ...]:
    """Returns what became of single sessions of a live series."""
    exceptions = tuple(exceptions)
    if not exceptions:
        return ()
    by_start = {slot.original: slot.shown for slot in slots(master)}
    found = []
    for row in exceptions:
        original = _instant(row.resource["originalStartTime"])
        shown = None if row.cancelled else _shown(row.resource, _instant(row.resource["start"]))
        like = by_start.get(original) or _shown(master.resource, original)
        differs = shown is None or shown != like or _words(row) != _words(master)
        found.append(Change(row.id, original, shown, original not in by_start, differs))
    return tuple(found)


def _words(row: Row) -> tuple[str, str]:
    return row.resource.get("description", ""), row.resource.get("visibility", "default")


def sessions(master: Row, exceptions: Iterable[Row]) -> list[Shown]:
    """Returns what a live event shows, changed instances in the place of those they changed."""
    changed = changes(master, exceptions)
    if not changed:
        return [slot.shown for slot in slots(master)]
    replaced = {change.original for change in changed}
    found = [slot.shown for slot in slots(master) if slot.original not in replaced]
    return sorted(found + [change.shown for change in changed if change.shown])


def is_ours(id: str) -> bool:
    """Says whether an id has the form that the engine gives its events."""
    return len(id) == 38 and id.startswith(OURS)


def ref_of(id: str) -> str:
    """Returns the part of an event's id, or of its instance's, that names the item."""
    return id.partition("_")[0][6:]


def number_of(id: str) -> int:
    """Returns how often the item was begun anew."""
    return int(id[4:6], 32)


def is_going(row: Row) -> bool:
    """Says whether the mark says that the engine is removing the event, or has."""
    private = row.resource.get("extendedProperties", {}).get("private", {})
    return bool(private.get("sum") == "gone")


def face(row: Row) -> tuple[Any, ...]:
    """Returns the visible fields, to be compared."""
    return tuple(row.resource.get(name, DEFAULTS.get(name)) for name in VISIBLE)
