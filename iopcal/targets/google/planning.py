"""What happens to one item in a calendar: the rows that stand there against what the program wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from iopcal.targets.google.api import Json, Write
from iopcal.targets.google.body import Item, body, canonical, digests, marked, total, want
from iopcal.targets.google.decision import (
    CHANGED,
    KEPT,
    NOTHING,
    REMOVED,
    Decision,
    Hand,
    Rule,
    ahead_of,
    close,
    hand_on,
    held_of,
    insert,
    remark,
    strays,
)
from iopcal.targets.google.identity import Mark
from iopcal.targets.google.rows import Instance, Row, by_hand, seen, touched
from iopcal.targets.google.rule import step_of
from iopcal.targets.google.zones import newer


def decide(
    ref: str, wanted: Item | None, rows: Sequence[Row], instances: Sequence[Instance], rule: Rule
) -> Decision:
    """Returns what happens to one item; `rows` are all of its ref, `instances` those of its series."""
    if not rows:
        return _first(ref, wanted, rule)
    newest = max(rows, key=lambda row: row.number)
    doubled = newest.live and bool(ahead_of(newest.starts, rule))
    lower = [
        _lower(row, _mine(row, instances), doubled, rule) for row in rows if row is not newest and row.live
    ]
    if newest.live:
        decision = _live(ref, wanted, newest, _mine(newest, instances), rule)
    else:
        decision = _tombstone(ref, wanted, newest, rule)
    if not lower:
        return decision
    works = any(each.writes or each.deletes for each in lower)
    return decision._replace(
        verb=CHANGED if works and decision.verb in (KEPT, NOTHING) else decision.verb,
        writes=(*decision.writes, *(write for each in lower for write in each.writes)),
        hands=(*decision.hands, *(hand for each in lower for hand in each.hands)),
        deletes=(*decision.deletes, *(write for each in lower for write in each.deletes)),
        going=tuple(_once((decision, *lower))),
    )


def _once(decisions: Iterable[Decision]) -> list[datetime]:
    """Returns the sessions ahead of an item, one a date: a run that was broken off leaves some twice."""
    found: dict[date, datetime] = {}
    for each in decisions:
        for start in each.going:
            found.setdefault(start.date(), start)
    return sorted(found.values())


def _mine(row: Row, instances: Sequence[Instance]) -> list[Instance]:
    return [each for each in instances if each.master == row.id]


def _lower(row: Row, instances: Sequence[Instance], doubled: bool, rule: Rule) -> Decision:
    """Closes a row that has a later number, of a run that was broken off.

    One that people changed stays. Where they changed single sessions only, it goes if the later number shows
    all of them as well (`doubled`). Where it says that it is going, nothing else counts any more.
    """
    ahead = ahead_of(row.starts, rule)
    hands = [hand_on(each, row) for each in instances if touched(each, row, rule.since)]
    if doubled or (row.mark is not None and row.mark.gone):
        hands = []
    if ahead and by_hand(row, rule.owner):
        hands.append(Hand(row.ref, "changed", (), ahead[0], row.updated))
    if hands and not rule.takes_back(row.ref):
        return Decision(row.ref, hands=tuple(hands), row=row)
    return close(row, rule, instances)


def _first(ref: str, wanted: Item | None, rule: Rule) -> Decision:
    if wanted is None:
        return Decision(ref)
    starts = wanted.starts if rule.whole else ahead_of(wanted.starts, rule)
    return insert(wanted, starts, 0, rule) if starts else Decision(ref, item=wanted)


def _tombstone(ref: str, wanted: Item | None, row: Row, rule: Rule) -> Decision:
    ahead = ahead_of(wanted.starts, rule) if wanted else ()
    if wanted is None or not ahead:
        return Decision(ref, item=wanted, row=row)
    if (row.mark and row.mark.gone) or rule.takes_back(ref):
        return insert(wanted, ahead, row.number + 1, rule)._replace(row=row)
    hand = Hand(ref, "deleted", (), ahead[0], row.updated)
    return Decision(ref, hands=(hand,), item=wanted, row=row)


def _live(ref: str, wanted: Item | None, row: Row, instances: Sequence[Instance], rule: Rule) -> Decision:
    coming = ahead_of(wanted.starts, rule) if wanted else ()
    ahead = ahead_of(row.starts, rule)
    hands = [hand_on(each, row) for each in instances if touched(each, row, rule.since)]
    if not coming and not ahead and not hands and not strays(row, instances, row.starts, rule):
        return Decision(ref, KEPT, item=wanted, row=row)
    if by_hand(row, rule.owner):
        return _changed_by_hand(ref, wanted, row, instances, hands, rule)
    if not rule.takes_back(ref):
        return _plan(ref, wanted, row, instances, hands, rule)
    if hands:
        return _reopen(ref, wanted, row, instances, rule)
    return _plan(ref, wanted, row, instances, (), rule)


def _changed_by_hand(
    ref: str,
    wanted: Item | None,
    row: Row,
    instances: Sequence[Instance],
    hands: Sequence[Hand],
    rule: Rule,
) -> Decision:
    target = _target(wanted, row, rule)
    content = body(target) if target else None
    if content and total(rule.owner, digests(rule.owner, content)) == seen(row, rule.owner):
        # The hand did just what the program wants.
        settled = Mark(rule.owner.src, ref, want(rule.owner, content), seen(row, rule.owner))
        ahead = ahead_of(row.starts, rule)
        return Decision(
            ref, KEPT, (remark(row, settled),), hands=tuple(hands), going=ahead, coming=ahead, item=wanted,
            row=row,
        )  # fmt: skip
    if rule.takes_back(ref):
        if hands:
            return _reopen(ref, wanted, row, instances, rule)
        return _plan(ref, wanted, row, instances, (), rule, taking=True)
    differs = not content or row.mark is None or want(rule.owner, content) != row.mark.want
    start = next(iter(ahead_of(row.starts, rule)), row.starts[0] if row.starts else None)
    hand = Hand(ref, "changed", _differences(row, content), start, row.updated, differs)
    return Decision(ref, hands=(hand, *hands), item=wanted, row=row)


def _differences(row: Row, content: Json | None) -> tuple[str, ...]:
    """Names the visible fields in which a row that was read in full differs from what we would send."""
    if not content or not row.resource:
        return ()
    theirs, ours = canonical(row.resource), canonical(content)
    return tuple(name for name in ours if theirs[name] != ours[name])


def _target(wanted: Item | None, row: Row, rule: Rule) -> Item | None:
    """Returns what the row shall say in place: its own past and the program's future; None: nothing.

    Sessions at two times of day, or on two weekdays, are no series: such a past is the program's, too.
    """
    coming = ahead_of(wanted.starts, rule) if wanted else ()
    if wanted is None or not coming:
        return None
    held = held_of(row, rule) if wanted.series else ()
    if {_clock(start) for start in held} - {_clock(coming[0])}:
        return wanted
    starts = (*(start for start in held if start not in coming), *coming)
    return wanted.at(sorted(starts))


def _plan(
    ref: str,
    wanted: Item | None,
    row: Row,
    instances: Sequence[Instance],
    hands: Sequence[Hand],
    rule: Rule,
    taking: bool = False,
) -> Decision:
    """Decides about a live row that is as we wrote it, or is to be so again."""
    ahead, held = ahead_of(row.starts, rule), held_of(row, rule)
    target = _target(wanted, row, rule)
    blocked = Decision(ref, hands=tuple(hands), item=wanted, row=row)
    if target is None:
        if not ahead:
            left = strays(row, instances, row.starts, rule)
            return blocked._replace(verb=REMOVED if left else KEPT, deletes=left)
        if hands:
            return blocked
        return close(row, rule, instances)._replace(verb=REMOVED, item=wanted)
    assert wanted is not None
    content = body(target)
    kept = Decision(ref, KEPT, hands=tuple(hands), going=ahead, coming=ahead, item=wanted, row=row)
    if not taking and row.mark is not None and want(rule.owner, content) == row.mark.want:
        if row.written and seen(row, rule.owner) != row.mark.seen:  # Google stored it in another way
            return kept._replace(writes=(remark(row, row.mark._replace(seen=seen(row, rule.owner))),))
        left = strays(row, instances, row.starts, rule)
        return kept._replace(verb=CHANGED, deletes=left) if left else kept
    same = wanted.series and _looks_alike(wanted, row, rule, taking)
    coming = ahead_of(target.starts, rule)
    if same or not held:
        if any(not _stays(each, target, same) for each in instances if touched(each, row, rule.since)):
            return blocked
        patch = Write("patch", row.id, marked(content, rule.owner, ref), row.etag)
        return Decision(
            ref, CHANGED, (patch,), strays(row, instances, target.starts, rule), tuple(hands), going=ahead,
            coming=coming, looks=not same, item=wanted, row=row,
        )  # fmt: skip
    if hands:
        return blocked
    return _reopen(ref, wanted, row, instances, rule)


def _stays(instance: Instance, target: Item, same: bool) -> bool:
    """Says whether a session that a hand changed is left in place by a PATCH of its series."""
    if not instance.live and same:
        return True  # the hand took it away; whether the program still has it makes no difference
    return instance.original in target.starts


def _looks_alike(wanted: Item, row: Row, rule: Rule, taking: bool) -> bool:
    """Says whether the row says of its sessions what the program says, and only their dates may differ."""
    if not row.starts or row.mark is None:
        return False
    if row.whole or {_clock(start) for start in row.starts} != {_clock(wanted.starts[0])}:
        return False
    as_is = wanted._replace(starts=row.starts, every=step_of(row.starts, row.every))
    content = body(as_is)
    if taking:
        return total(rule.owner, digests(rule.owner, content)) == seen(row, rule.owner)
    return want(rule.owner, content) == row.mark.want


def _clock(start: datetime) -> tuple[time, int, str]:
    """Returns what all starts of one weekly series have in common."""
    return start.time(), start.weekday(), newer(str(start.tzinfo))


def _reopen(ref: str, wanted: Item | None, row: Row, instances: Sequence[Instance], rule: Rule) -> Decision:
    """Closes a row and begins the item anew under the next number; what hands did to it ahead goes."""
    closed = close(row, rule, instances)
    coming = ahead_of(wanted.starts, rule) if wanted else ()
    if wanted is None or not coming:
        return closed._replace(verb=REMOVED, item=wanted)
    opened = insert(wanted, coming, row.number + 1, rule)
    return closed._replace(
        verb=CHANGED, writes=(*closed.writes, *opened.writes), coming=coming, looks=True, item=wanted
    )
