"""What a run would do to one whole calendar, and the brake that refuses a frightening one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google.api import Write
from iopcal.targets.google.body import Item
from iopcal.targets.google.decision import ADDED, CHANGED, KEPT, REMOVED, Decision, Hand, Rule
from iopcal.targets.google.planning import decide
from iopcal.targets.google.rows import Instance, Row, Rows

FILLING = timedelta(hours=24)  # how long after our first event there new items come with their past


class Planned(NamedTuple):
    """What would be done to one calendar. `ahead` sessions of ours lie ahead there.

    `changing` of them would say or show something else. `writes` come before `deletes`, nearest session
    first. `lost` says how many go of each day. `others` counts events of other people, `strangers` those of
    another feed or program of iopcal.
    """

    decisions: tuple[Decision, ...]
    writes: tuple[Write, ...]
    deletes: tuple[Write, ...]
    ahead: int
    lost: Mapping[date, int]
    changing: int
    others: int
    strangers: int

    @property
    def going(self) -> int:
        """How many sessions ahead go."""
        return sum(self.lost.values())

    @property
    def hands(self) -> tuple[Hand, ...]:
        """All that people did and that is left alone."""
        return tuple(hand for each in self.decisions for hand in each.hands)

    def count(self, verb: str) -> int:
        """Returns to how many items this happens: added, changed, removed, kept."""
        return sum(each.verb == verb for each in self.decisions)

    def content(self) -> tuple[tuple[str, str, str], ...]:
        """Returns all that would be written, in a form that can be compared from one run to the next."""
        return tuple(
            (write.verb, write.id, json.dumps(write.body, sort_keys=True, default=dict))
            for write in (*self.writes, *self.deletes)
        )

    @property
    def batches(self) -> int:
        """How many requests the writes take when nothing fails."""
        return -(-len(self.writes) // 50) - (-len(self.deletes) // 50)


def checksum(plans: Iterable[tuple[str, Planned]]) -> str:
    """Returns six hexadecimal digits for all that would be written; feeds come with their names."""
    content = sorted((name, planned.content()) for name, planned in plans)
    return sha256(json.dumps(content).encode()).hexdigest()[:6]


def plan(items: Sequence[Item], rows: Rows, rule: Rule) -> Planned:
    """Returns what would be done so that a calendar says what the items say.

    Raises ValueError when two items have one ref: their keys are alike, which is a bug of ours.
    """
    wanted = {each.ref: each for each in items}
    if len(wanted) != len(items):
        raise ValueError("two items of one feed have the same key")
    by_ref: dict[str, list[Row]] = {}
    for row in rows.own.values():
        by_ref.setdefault(row.ref, []).append(row)
    by_master: dict[str, list[Instance]] = {}
    for instance in rows.instances.values():
        by_master.setdefault(instance.master, []).append(instance)
    rule = rule._replace(whole=rule.whole or _is_filling(rows, rule.now))
    decisions = []
    for ref in dict.fromkeys((*wanted, *sorted(by_ref))):
        mine = by_ref.get(ref, [])
        instances = [each for row in mine for each in by_master.get(row.id, [])]
        decisions.append(decide(ref, wanted.get(ref), mine, instances, rule))
    return _summed(tuple(decisions), rows, rule.now)


def _is_filling(rows: Rows, now: datetime) -> bool:
    """Says whether none of our events there is older than a day: the first push, perhaps in several runs."""
    return all(_created(row) > now - FILLING for row in rows.own.values())


def _created(row: Row) -> datetime:
    try:
        created = datetime.fromisoformat(row.created)
    except ValueError:  # a tombstone that lost it
        return datetime(1970, 1, 1, tzinfo=UTC)
    return created if created.tzinfo else created.replace(tzinfo=UTC)


def _summed(decisions: tuple[Decision, ...], rows: Rows, now: datetime) -> Planned:
    was, shall = (
        Counter[date](start.date() for starts in group for start in starts if start > now)
        for group in ((each.going for each in decisions), (each.coming for each in decisions))
    )
    looks = [each for each in decisions if each.looks and each.verb == CHANGED]
    active = sorted(decisions, key=_nearest)
    return Planned(
        decisions,
        tuple(write for each in active for write in each.writes),
        tuple(write for each in active for write in each.deletes),
        ahead=was.total(),
        lost=was - shall,
        changing=sum(start > now for each in looks for start in each.going),
        others=len(rows.others),
        strangers=len(rows.strangers),
    )


def _nearest(decision: Decision) -> tuple[float, str]:
    """Sorts decisions by the nearest session ahead that they concern."""
    starts = (*decision.going[:1], *decision.coming[:1])
    return min((start.timestamp() for start in starts), default=float("inf")), decision.ref


__all__ = ["ADDED", "CHANGED", "KEPT", "REMOVED", "Planned", "checksum", "plan"]
