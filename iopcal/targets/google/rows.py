"""What a Google calendar holds: our events as rows, everybody else's as a number."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google import rule
from iopcal.targets.google.api import NOTHING, Json
from iopcal.targets.google.body import Digests, digests, is_whole_day, minutes_between, moment_of, total
from iopcal.targets.google.identity import Mark, Owner, mark, parse_id
from iopcal.targets.google.zones import zone

_INSTANCE = re.compile(r"(.+)_(\d{8}(?:T\d{6}Z)?)")
_WORDS = ("summary", "description", "location", "visibility", "transparency")


class Row(NamedTuple):
    """One event that carries our mark; a tombstone may have lost it, and all else but its id.

    `starts` are the starts its rule gives, whatever became of single ones. `fields` are digests, so that a
    row can be kept in a file without any text. `resource` is the event in full where it was read in this run.
    `written` says that its etag is that of our own last write: what it shows is no hand's.
    """

    id: str
    etag: str
    live: bool
    created: str  # ISO 8601, '' when unknown
    updated: str
    mark: Mark | None
    ref: str
    number: int
    fields: Digests
    starts: tuple[datetime, ...]
    recurrence: tuple[str, ...]
    minutes: int
    whole: bool = False  # it lasts whole days, as ours never do
    written: bool = False
    resource: Json = NOTHING

    @property
    def every(self) -> int:
        """How many weeks lie between two sessions, by its rule."""
        return rule.interval(self.recurrence)


class Instance(NamedTuple):
    """One session of a series that a person moved, changed or cancelled."""

    id: str
    etag: str
    live: bool
    master: str  # id of the series
    original: datetime  # the start that the series gives it
    start: datetime | None
    minutes: int
    fields: Digests


class Rows(NamedTuple):
    """All of a calendar that matters to one owner."""

    own: Mapping[str, Row]  # by id
    instances: Mapping[str, Instance]  # by id, of our series
    others: frozenset[str]  # ids of live events of other people
    strangers: frozenset[str]  # and of other feeds or programs of iopcal


EMPTY = Rows({}, {}, frozenset(), frozenset())


def merged(known: Rows, resources: Iterable[Json], owner: Owner, refs: Container[str]) -> Rows:
    """Returns what a calendar holds after these rows of a list were read; later ones replace earlier ones.

    `refs` are those of the items we want: a tombstone that has lost its mark is known by them.
    """
    own, instances = dict(known.own), dict(known.instances)
    others, strangers = set(known.others), set(known.strangers)
    for resource in resources:
        name = resource.get("id")
        if not isinstance(name, str):
            continue
        for group in (others, strangers):
            group.discard(name)
        found = _instance(resource, owner)
        if found is not None:
            if parse_id(found.master):
                instances[name] = found
            elif found.live:
                others.add(name)
            continue
        before = own.pop(name, None)
        row = read_row(resource, owner)
        bare = row is not None and row.mark is None
        if row is not None and bare and (before is not None or row.ref in refs):
            kept = before.mark if before is not None and before.mark is not None else None
            own[name] = row._replace(mark=kept)
        elif row is not None and not bare and row.mark is not None and row.mark.src == owner.src:
            same = before is not None and before.etag == row.etag and before.written
            own[name] = row._replace(written=same)
        elif resource.get("status") != "cancelled":
            (strangers if row is not None and not bare else others).add(name)
    return Rows(own, instances, frozenset(others), frozenset(strangers))


def read_row(resource: Json, owner: Owner) -> Row | None:
    """Returns the row of an event whose id has our form and whose mark, if it has one, names that id.

    A live event without a mark is no row: nothing says that it is ours.
    """
    name = str(resource.get("id"))
    parsed = parse_id(name)
    if parsed is None:
        return None
    properties = resource.get("extendedProperties")
    found = mark(properties.get("private") if isinstance(properties, dict) else None)
    live = resource.get("status") != "cancelled"
    if found is None and live:
        return None
    ref, number = parsed
    if found is not None and found.ref != ref:
        return None
    start = moment_of(resource.get("start"))
    recurrence = _lines(resource.get("recurrence"))
    return Row(
        name,
        str(resource.get("etag", "")),
        live,
        str(resource.get("created", "")),
        str(resource.get("updated", "")),
        found,
        ref,
        number,
        digests(owner, resource),
        rule.starts_of(start, recurrence) if start else (),
        recurrence,
        minutes_between(start, moment_of(resource.get("end"))) if start else 0,
        whole=is_whole_day(resource.get("start")),
        resource=resource,
    )


def _lines(value: object) -> tuple[str, ...]:
    return tuple(line for line in value if isinstance(line, str)) if isinstance(value, list) else ()


def _instance(resource: Json, owner: Owner) -> Instance | None:
    """Returns an exception of a series; a cancelled one comes with little more than its id."""
    name, master = str(resource.get("id")), resource.get("recurringEventId")
    suffix = _INSTANCE.fullmatch(name)
    if not isinstance(master, str):
        if suffix is None or parse_id(suffix[1]) is None:
            return None
        master = suffix[1]
    start = moment_of(resource.get("start"))
    original = moment_of(resource.get("originalStartTime"))
    if original is None and suffix is not None:
        try:
            original = rule.instant(suffix[2], datetime.min.replace(tzinfo=zone("UTC")))
        except ValueError:
            original = None
    if original is None:
        original = start or datetime.max.replace(tzinfo=zone("UTC"))
    return Instance(
        name,
        str(resource.get("etag", "")),
        resource.get("status") != "cancelled",
        master,
        original,
        start,
        minutes_between(start, moment_of(resource.get("end"))) if start else 0,
        digests(owner, resource),
    )


def seen(row: Row, owner: Owner) -> str:
    """Returns the digest of what a row shows."""
    return total(owner, row.fields)


def by_hand(row: Row, owner: Owner) -> bool:
    """Says whether a person changed a live row since we wrote it."""
    if row.mark is None or row.mark.gone or row.written:
        return False
    return seen(row, owner) != row.mark.seen


def lies_ahead(instance: Instance, now: datetime) -> bool:
    """Says whether a session lies ahead, where its series has it or where it was moved to."""
    return max(instance.original, instance.start or instance.original) > now


def look(fields: Digests, start: datetime | None, minutes: int, owner: Owner) -> str:
    """Returns a digest of what an event says and at what time of day, whatever its dates."""
    clock = "" if start is None else start.strftime("%H:%M")
    return owner.digest(*(fields.get(name, "") for name in _WORDS), clock, str(minutes))


def touched(instance: Instance, row: Row, now: datetime) -> bool:
    """Says whether an instance ahead of now is other than its series says, or said, by hand."""
    if not instance.live:
        return instance.original > now and instance.original in row.starts
    if not lies_ahead(instance, now):
        return False
    if instance.start != instance.original:
        return True
    words = ((instance.fields.get(name), row.fields.get(name)) for name in _WORDS)
    return instance.minutes != row.minutes or any(mine != theirs for mine, theirs in words)
