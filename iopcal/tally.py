"""What a run did to one calendar, in numbers; and how the calendar stands after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Problem
from iopcal.sync import Prepared, Result
from iopcal.targets.google.apply import Failed
from iopcal.targets.google.decision import ADDED, CHANGED, KEPT, REMOVED, Hand
from iopcal.targets.google.health import State, after
from iopcal.targets.google.planned import Planned
from iopcal.targets.trouble import Trouble

LEFT = "not finished"
_ACTIVE = (ADDED, CHANGED, REMOVED)
_ORDER = (Exit.CREDENTIALS, Exit.REFUSED, Exit.PARTLY, Exit.LATER, Exit.PROBLEMS)


class Tally(NamedTuple):
    """One calendar in one run: numbers of items, what was left alone, what went wrong. `seconds` of work.

    `events` of ours and `ahead` sessions are in the calendar; None: it was not read. `waiting` items are
    still to be done.
    """

    feed: str
    exit: int = Exit.DONE
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    hands: tuple[Hand, ...] = ()
    failed: tuple[Failed, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    requests: int = 0
    calls: int = 0
    seconds: float = 0.0
    events: int | None = None
    ahead: int = 0
    waiting: int = 0
    made: bool = False
    key: str = ""  # of the feed, as identities name it
    remarks: tuple[Problem, ...] = ()

    @property
    def refused(self) -> str:
        """Why nothing was written as it would be unsafe, '' when that is not so."""
        found = (each.problem.message for each in self.troubles if each.exit is Exit.REFUSED)
        return next(found, "").removeprefix(f"{self.feed}: ")

    @property
    def signs(self) -> tuple[str, ...]:
        """What people did, each in a form that is the same in the next run."""
        return tuple(sorted({f"{hand.ref}:{hand.what}:{hand.updated}" for hand in self.hands}))


def missed(feed: str, *troubles: Trouble, made: bool = False) -> Tally:
    """Returns the tally of a calendar that was not read."""
    failed = tuple(
        Failed("", each.problem.message.removeprefix(f"{feed}: "))
        for each in troubles
        if each.exit is not Exit.REFUSED
    )
    return Tally(feed, code_of(troubles), troubles=troubles, failed=failed, made=made)


def code_of(troubles: Iterable[Trouble]) -> int:
    """Returns the exit code that troubles alone would give."""
    return int(min((each.exit for each in troubles), key=_rank, default=Exit.DONE))


def _rank(code: Exit) -> int:
    return _ORDER.index(code) if code in _ORDER else len(_ORDER)


def planned(feed: str, plan: Planned, events: int = 0) -> Tally:
    """Returns the tally of what would be done."""
    added, changed, removed = (plan.count(verb) for verb in _ACTIVE)
    return Tally(
        feed, Exit.DONE, added, changed, removed, plan.count(KEPT), plan.hands,
        events=events, ahead=plan.ahead, waiting=added + changed + removed,
    )  # fmt: skip


def looked(prepared: Prepared) -> Tally:
    """Returns the tally of a calendar that was read and, as yet, not written."""
    name, keeper = prepared.errand.name, prepared.keeper
    if prepared.plan is None:
        found = missed(name, *prepared.troubles)
    else:
        found = planned(name, prepared.plan, _events(prepared))._replace(troubles=prepared.troubles)
    return found._replace(requests=keeper.requests, calls=keeper.calls, remarks=prepared.remarks)


def done(prepared: Prepared, result: Result) -> Tally:
    """Returns the tally of a calendar whose plan was carried out, or refused."""
    before = looked(prepared)._replace(exit=int(result.exit), troubles=result.troubles, hands=result.hands)
    before = before._replace(requests=result.requests, calls=result.calls)
    applied = result.applied
    if applied is None:
        return before._replace(added=0, changed=0, removed=0)
    why = applied.halt or LEFT
    failed = (*applied.failed, *(Failed(ref, why) for ref in applied.left))
    added, changed, removed = applied.added, applied.changed, applied.removed
    return before._replace(
        added=added, changed=changed, removed=removed, failed=failed,
        ahead=applied.after.ahead, waiting=max(0, before.waiting - added - changed - removed),
    )  # fmt: skip


def broken_off(prepared: Prepared, *troubles: Trouble) -> Tally:
    """Returns the tally of a calendar in the midst of which the work ended; what is done is seen in it."""
    before = looked(prepared)
    if prepared.plan is None or not prepared.ready:
        return before
    keeper = prepared.keeper
    left = {each.ref for each in keeper.plan(prepared.rule).decisions if each.writes or each.deletes}
    active = [each for each in prepared.plan.decisions if each.verb in _ACTIVE]
    finished = Counter(each.verb for each in active if each.ref not in left)
    undone = tuple(Failed(each.ref, LEFT) for each in active if each.ref in left)
    code = code_of(troubles) if troubles else int(Exit.PARTLY)
    return before._replace(
        exit=code, troubles=troubles, failed=undone, waiting=len(undone),
        added=finished[ADDED], changed=finished[CHANGED], removed=finished[REMOVED],
    )  # fmt: skip


def standing(before: State, tally: Tally, now: str) -> State:
    """Returns how a feed stands after a run at `now` (ISO 8601, UTC)."""
    well = tally.exit in (Exit.DONE, Exit.LEFT_ALONE)
    news: dict[str, object] = {"waiting": tally.waiting, "made": before.made or tally.made}
    news["key"] = tally.key or before.key
    if tally.events is not None:
        news |= {"events": tally.events, "ahead": tally.ahead}
        news |= {"left_alone": len(tally.hands), "hands": " ".join(tally.signs)}
    else:
        news["waiting"] = before.waiting
    if not well and tally.troubles:
        first = min(tally.troubles, key=lambda each: _rank(each.exit)).problem
        news |= {"why": first.message.removeprefix(f"{tally.feed}: "), "do": first.hint}
    return after(before, now, tally.exit, well=well, **news)


def _events(prepared: Prepared) -> int:
    return sum(row.live for row in prepared.keeper.known.rows.own.values())
