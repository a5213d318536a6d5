"""What really happened to a participant, put in order and held against itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from iopcal.language.references import Names
from iopcal.language.report import Report
from iopcal.language.said import Told
from iopcal.model import FACTS, Fact, Phase, Place

_ORDER = {kind: number for number, kind in enumerate(FACTS)}
_ABSENT = ("hold", "away")
_WHAT = {"hold": "on hold", "away": "away"}


def build_facts(told: tuple[Told, ...], names: Names, report: Report) -> tuple[Fact, ...]:
    """Returns the facts in the order in which they come to pass; what they name is looked up (IOP432).

    Lines that do not stand in order of date are a warning (IOP418).
    """
    facts = []
    latest = date.min
    for each in told:
        value = ""
        if each.named is not None:
            known = names.phases if each.kind == "phase" else names.tracks
            found = known.find(each.named, report, "IOP432")
            if found is None:
                continue
            value = found
        facts.append(Fact(each.kind, each.span, value, each.place))
    for fact in facts:
        if fact.span.first < latest:
            message = f"{fact.span.first} stands behind {latest}: the lines are not in order of date"
            report.warn(fact.place, "IOP418", message, "move the line, or check the date")
            break
        latest = fact.span.first
    return in_order(facts)


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Returns facts by their first day, then as FACTS has it."""
    return tuple(sorted(facts, key=lambda fact: (fact.span.first, _ORDER[fact.kind])))


def check_facts(
    facts: tuple[Fact, ...], starts: date | None, track: str, phases: tuple[Phase, ...], report: Report
) -> None:
    """Reports facts that cannot all be true; they are given in order.

    Before the first day or after a phase's own end (IOP416), two of one kind on one day or on hold and away
    at once (IOP415), after a discharge without a return (IOP417), to the track they are in (IOP172, a
    warning).
    """
    if len(facts) > 1:
        _check_days(facts, report)
    ends = {phase.id: phase.until for phase in phases}
    left: Fact | None = None
    returns = {fact.span.first for fact in facts if fact.kind == "phase"}
    for fact in facts:
        kind, day = fact.kind, fact.span.first
        until = ends.get(fact.value) if kind == "phase" else None
        if starts is not None and day < starts:
            message = f"{day} is before the participant's first day, {starts}"
            report.error(fact.place, "IOP416", message, "check the date, or 'starts'")
        elif until is not None and day > until:
            message = f"on {day} the phase is over: its last day is {until}"
            report.error(fact.place, "IOP416", message, "check the date, or the phase's 'until'")
        if left is not None and day > left.span.first:
            if kind != "phase" and day not in returns:
                message = f"{day} is after the discharge on {left.span.first}"
                hint = "only a return comes then: a line with 'phase'"
                report.error(fact.place, "IOP417", message, hint, (left.place,))
                return
            left = None
        if kind == "discharge":
            left = fact
        elif kind == "track":
            if fact.value == track:
                message = f"'track' has no effect: the participant is in '{track}' already"
                report.warn(fact.place, "IOP172", message, "remove the line, or check the track")
            track = fact.value


def _check_days(facts: tuple[Fact, ...], report: Report) -> None:
    """Reports two facts of one kind on one day, and days both on hold and away (IOP415)."""
    moves: dict[tuple[str, date], Place] = {}
    absent: Fact | None = None  # that which ends last
    for fact in facts:
        kind, span = fact.kind, fact.span
        if kind not in _ABSENT:
            other = moves.setdefault((kind, span.first), fact.place)
            if other != fact.place:
                message = f"'{kind}' is said twice for {span.first}"
                report.error(fact.place, "IOP415", message, "keep one of them", (other,))
            continue
        if absent is not None and span.first <= absent.span.last:
            message = f"'{kind}' is said twice for {span.first}"
            if absent.kind != kind:
                message = f"{span.first} is {_WHAT[absent.kind]} and {_WHAT[kind]} at once"
            report.error(fact.place, "IOP415", message, "keep one of them", (absent.place,))
        if absent is None or span.last > absent.span.last:
            absent = fact
