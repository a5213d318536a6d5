"""What can be decided about one item, and the writes that begin, end and remove its event."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google.api import Json, Write
from iopcal.targets.google.body import Item, body, digests, marked, total, wanting, without_empty
from iopcal.targets.google.identity import Mark, Owner, event_id
from iopcal.targets.google.rows import Instance, Row, lies_ahead, touched
from iopcal.targets.google.rule import ended

ADDED, CHANGED, REMOVED, KEPT, NOTHING = "added", "changed", "removed", "kept", ""


class Hand(NamedTuple):
    """What people did and is left alone; `what` is one of changed, deleted, moved, cancelled."""

    ref: str
    what: str
    fields: tuple[str, ...]  # that were changed, where known
    start: datetime | None  # of the nearest session it concerns
    updated: str  # ISO 8601, '' when unknown
    differs: bool = False  # the program has changed, too


class Decision(NamedTuple):
    """What happens to one item: inserts and patches first, deletes when all of those are done.

    `going` are the starts ahead that the calendar has now, `coming` those that it will have; both are empty
    for what is left alone. `looks`: sessions that lie ahead say something else than before.
    """

    ref: str
    verb: str = NOTHING
    writes: tuple[Write, ...] = ()
    deletes: tuple[Write, ...] = ()
    hands: tuple[Hand, ...] = ()
    going: tuple[datetime, ...] = ()
    coming: tuple[datetime, ...] = ()
    looks: bool = False
    item: Item | None = None
    row: Row | None = None


class Rule(NamedTuple):
    """How to decide. Sessions that started before `since` stay as they are; `whole`: but new ones are
    written from their beginning. `take_back` says whose refs are planned as if a hand had been ours."""

    owner: Owner
    now: datetime
    since: datetime
    reminders: Json
    whole: bool = False
    take_back: frozenset[str] | None = frozenset()  # None: all
    spared: frozenset[str] = frozenset()  # refs that are never taken back

    def takes_back(self, ref: str) -> bool:
        """Whether what people did to this item is undone; a ref may be shortened to its first digits."""
        if ref in self.spared:
            return False
        return self.take_back is None or any(ref.startswith(short) for short in self.take_back)


def ahead_of(starts: Sequence[datetime], rule: Rule) -> tuple[datetime, ...]:
    return tuple(starts[bisect_right(starts, rule.since) :])


def held_of(row: Row, rule: Rule) -> tuple[datetime, ...]:
    return row.starts[: bisect_right(row.starts, rule.since)]


def hand_on(instance: Instance, row: Row) -> Hand:
    what = "moved" if instance.live and instance.start != instance.original else "changed"
    return Hand(row.ref, what if instance.live else "cancelled", (), instance.original, "")


def insert(wanted: Item, starts: Sequence[datetime], number: int, rule: Rule) -> Decision:
    content = marked(body(wanted.at(starts)), rule.owner, wanted.ref)
    name = event_id(wanted.ref, number)
    write = Write("insert", name, {"id": name, **without_empty(content)})
    return Decision(wanted.ref, ADDED, (write,), coming=ahead_of(starts, rule), looks=True, item=wanted)


def close(row: Row, rule: Rule, instances: Sequence[Instance]) -> Decision:
    """Ends a live row with the last session held, or removes it where none was."""
    ahead, held = ahead_of(row.starts, rule), held_of(row, rule)
    left = tuple(
        Write("delete", each.id, etag=each.etag)
        for each in instances
        if held and each.live and lies_ahead(each, rule.since)
    )
    decision = Decision(row.ref, deletes=left, going=ahead, row=row)
    if not ahead:
        return decision
    if held:
        return decision._replace(writes=(_end(row, held, rule),))
    delete = Write("delete", row.id, etag=row.etag)
    if row.mark is not None and row.mark.gone:  # a removal that was interrupted
        return decision._replace(deletes=(delete,))
    return decision._replace(writes=(remark(row, Mark(rule.owner.src, row.ref)),), deletes=(delete,))


def strays(
    row: Row, instances: Sequence[Instance], starts: Sequence[datetime], rule: Rule
) -> tuple[Write, ...]:
    """Returns the deletes of sessions that Google would go on to show though their series no longer has them.

    Such a session was changed by hand and then changed back: Google keeps it apart for good.
    """
    return tuple(
        Write("delete", each.id, etag=each.etag)
        for each in instances
        if each.live
        and lies_ahead(each, rule.since)
        and each.original not in starts
        and not touched(each, row, rule.since)
    )


def _end(row: Row, held: Sequence[datetime], rule: Rule) -> Write:
    """Returns the PATCH that ends a series with the last session held; all it says stays as it is."""
    recurrence = ended(row.recurrence, held[-1], row.whole)
    start = {"dateTime": held[0].isoformat(), "timeZone": str(held[0].tzinfo)}
    ruled = digests(rule.owner, {"start": start, "recurrence": recurrence})
    fields = {**row.fields, "recurrence": ruled["recurrence"]}
    want = wanting(rule.owner, fields, rule.reminders)
    mark = Mark(rule.owner.src, row.ref, want, total(rule.owner, fields))
    return remark(row, mark, recurrence=list(recurrence))


def remark(row: Row, mark: Mark, **content: object) -> Write:
    properties = {"extendedProperties": {"private": mark.properties()}}
    return Write("patch", row.id, {**content, **properties}, row.etag)
