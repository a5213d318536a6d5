"""A plan in words: what moves, comes, goes and stays, in sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from iopcal.named_tuple import NamedTuple
from iopcal.plan import Change, Plan, Shown, Verb
from iopcal.words import count_words, day_words, list_words, time_words

SIGNS = {
    Verb.ADDED: "+ {} added",
    Verb.MOVED: "~ {} moved",
    Verb.CHANGED: "~ {} changed",
    Verb.CANCELLED: "x {} cancelled",
    Verb.REMOVED: "- {} removed",
}
# How subscribers find a change, measured and reported by the makers of calendar programs.
SEEN = "Seen: iPhone an hour to a day - Outlook about 3 h - Google by link 8-24 h"
_SOON = timedelta(hours=48)
_NAMED = 5  # people whose calendars change


def counts(plan: Plan) -> dict[str, int]:
    """Returns how many sessions each verb takes, and how many stay as they are."""
    found = {verb.value: 0 for verb in Verb}
    for change in plan.changes:
        found[change.verb.value] += 1
    return {**found, "kept": plan.kept, "held": plan.held}


class Personal(NamedTuple):
    """What would change in personal calendars: `plans` of those that change, numbers of the others."""

    plans: tuple[Plan, ...]
    written: int
    new: int
    removed: int


def text(
    program: str,
    plans: Sequence[Plan],
    now: datetime,
    rewritten: int,
    verbose: bool = False,
    personal: Personal | None = None,
) -> str:
    """Returns the plan of one program's feeds: its sessions once, whatever number of feeds they are in.

    `rewritten` is the number of calendar files that change, with or without a change of a session, but for
    `personal` ones.
    """
    if personal is None:
        return _text(program, plans, now, rewritten, verbose, "calendar", [])
    total = rewritten + personal.written + personal.removed
    return _text(program, plans, now, total, verbose, "feed", list(_personal(personal, verbose)))


def _personal(personal: Personal, verbose: bool) -> Iterator[str]:
    """Yields what becomes of personal calendars, and whose the first few are that change."""
    if personal.new:
        yield f"  + {count_words(personal.new, 'personal feed')} added"
    changed = personal.written - personal.new
    if changed:
        verbs = Counter(change.verb for plan in personal.plans for change in plan.changes)
        parts = [SIGNS[verb].format(count_words(verbs[verb], "session")) for verb in Verb if verbs[verb]]
        names = [plan.feed.removesuffix("!file").split("/")[1] for plan in personal.plans if "/" in plan.feed]
        names = list(dict.fromkeys(names))
        more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
        words = ["  ".join(parts), list_words([*names[:_NAMED], *more]) if names else ""]
        head = f"  ~ {count_words(changed, 'personal feed')} changed"
        yield "     ".join((head, *filter(None, words)))
        for plan in personal.plans if verbose else ():
            yield from (f"      {plan.feed}: {change.verb.value} {_one(change)}" for change in plan.changes)
    if personal.removed:
        yield f"  - {count_words(personal.removed, 'personal feed')} removed"


def _text(
    program: str,
    plans: Sequence[Plan],
    now: datetime,
    rewritten: int,
    verbose: bool,
    noun: str,
    personal: list[str],
) -> str:
    changes = {change.identity: change for plan in reversed(plans) for change in plan.changes}
    kept = max((plan.kept for plan in plans), default=0)
    held = max((plan.held for plan in plans), default=0)
    if personal and (not changes or all(plan.new for plan in plans)):
        first = count_words(len(changes), "session")
        head = f"{program}: first publication of {first}" if changes else program
        kept_words = [f"  = {count_words(kept, 'session')} stay"] if kept else []
        return "\n".join((head, *personal, *kept_words, f"In {count_words(rewritten, noun)}.", SEEN)) + "\n"
    if not changes:
        stay = f"{program}: No changes: {count_words(kept, 'session')}, {held} already held.\n"
        return stay + "".join(f"{line}\n" for line in _rewritten(plans, rewritten))
    if all(plan.new for plan in plans):
        return f"{program}: first publication of {count_words(len(changes), 'session')}\n"
    lines = [program]
    for verb in Verb:
        mine = [change for change in changes.values() if change.verb is verb]
        for group in _groups(mine):
            lines.append(_line(verb, group))
            if verbose:
                lines += [f"      {_one(change)}" for change in group]
    lines += personal
    stay = f"  = {count_words(kept, 'session')} {'stays' if kept == 1 else 'stay'}"
    if kept:
        lines.append(f"{stay}     {held} of them already held" if held else stay)
    soon = sum(_is_soon(change, now) for change in changes.values())
    lines.append(f"In {count_words(rewritten, noun)}. {soon or 'None'} in the next 48 h.")
    lines.append(SEEN)
    lines += renamed(plans)
    lines += _reshaped(plans)
    return "\n".join(lines) + "\n"


def _rewritten(plans: Iterable[Plan], rewritten: int) -> list[str]:
    if not rewritten:
        return []
    return [f"{count_words(rewritten, 'calendar')} changed in other ways.", *_reshaped(plans)]


def renamed(plans: Iterable[Plan]) -> list[str]:
    """Names the line that keeps the entries of a session that was only renamed."""
    found = sorted({rename for plan in plans for rename in plan.renames})
    return [
        f"If '{rename.id}' is '{rename.former}' under another name, give it the line  id: {rename.former}"
        for rename in found
    ]


def _reshaped(plans: Iterable[Plan]) -> list[str]:
    if not any(plan.reshaped for plan in plans):
        return []
    return ["Every entry is replaced, once: weekly series become single entries, or the other way round."]


def _is_soon(change: Change, now: datetime) -> bool:
    shown = [each for each in (change.before, change.after) if each is not None]
    return any(now <= each.start <= now + _SOON for each in shown)


def _groups(changes: Iterable[Change]) -> list[list[Change]]:
    """Groups changes that say the same of one session's title."""
    groups: dict[object, list[Change]] = {}
    for change in changes:
        before, after = change.before, change.after
        shown = after or before
        assert shown is not None
        times = tuple((time_words(each.start), time_words(each.end)) for each in (before, after) if each)
        groups.setdefault((shown.title, times, shown.cause), []).append(change)
    return list(groups.values())


def _line(verb: Verb, changes: Sequence[Change]) -> str:
    first, last = (change.before or _shown(change) for change in (changes[0], changes[-1]))
    span = _day(first)
    if len(changes) > 1 and _day(last) != span:
        span += f" - {_day(last)}"
    what = SIGNS[verb].format(count_words(len(changes), "session"))
    line = _shown(changes[0]).cause
    cause = f"     {line.file}:{line.line}" if line.line else ""
    title = _shown(changes[0]).title
    return f"  {what}     {title}     {span}     {_times(changes[0])}{cause}"


def _shown(change: Change) -> Shown:
    shown = change.after or change.before
    assert shown is not None
    return shown


def _times(change: Change) -> str:
    before, after = change.before, change.after
    times = [f"{time_words(each.start)}-{time_words(each.end)}" for each in (before, after) if each]
    if change.verb is Verb.MOVED and before and after and before.start.date() != after.start.date():
        times[1] = f"{_day(after)} {times[1]}"
    return " -> ".join(dict.fromkeys(times))


def _day(shown: Shown) -> str:
    return day_words(shown.start.date(), year=False)


def _one(change: Change) -> str:
    shown = change.before or _shown(change)
    return f"{day_words(shown.start.date())}  {_times(change)}  {shown.title}"


def as_json(plan: Plan) -> dict[str, object]:
    """Returns a plan as plain values."""
    return {
        "feed": plan.feed,
        **counts(plan),
        "ahead": plan.ahead,
        "going": plan.going,
        "refused": plan.frightening,
        "reshaped": plan.reshaped,
        "renames": [rename._asdict() for rename in plan.renames],
        "changes": [
            {
                "verb": change.verb.value,
                "title": _shown(change).title,
                "before": change.before.start.isoformat() if change.before else None,
                "after": change.after.start.isoformat() if change.after else None,
                "cause": f"{_shown(change).cause.file}:{_shown(change).cause.line}"
                if _shown(change).cause.line
                else None,
            }
            for change in plan.changes
        ],
    }
