"""What a run of sync did, in words and as plain values: no title, no calendar id, no text of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from iopcal.problems import Exit, Problem
from iopcal.tally import Tally
from iopcal.targets.google.health import State
from iopcal.views.sync import SHORT, ago
from iopcal.views.table import table
from iopcal.words import count_words, list_words

MOST_TOLD = 20  # calendars of which one thing is told
WHATS = ("changed", "deleted", "moved", "cancelled")


def done_text(tallies: Iterable[Tally], command: str, *, edits_alone: bool = False) -> str:
    """Returns a line for each calendar that was written, or found as it should be; `command` is sync's.

    `edits_alone`: only for those in which people changed something.
    """
    shown = [each for each in tallies if each.events is not None and not each.refused]
    shown = [each for each in shown if each.hands or not edits_alone]
    lines = table((), [_row(each) for each in shown], gap=3).splitlines() if shown else []
    refs = sorted({hand.ref[:SHORT] for each in shown for hand in each.hands})
    if refs:
        lines.append(f"  give back what the program says:  {command} --take-back={','.join(refs)}")
    return "\n".join(lines)


def _row(tally: Tally) -> tuple[str, str, str]:
    numbers = (("added", tally.added), ("changed", tally.changed), ("removed", tally.removed))
    parts = [f"{number} {word}" for word, number in numbers if number] or ["no changes"]
    parts.append(f"{tally.kept} kept")
    if tally.hands:
        whats = [what for what in WHATS if any(hand.what == what for hand in tally.hands)]
        count = len({hand.ref for hand in tally.hands})
        parts.append(f"{count} left alone ({list_words(whats, 'or')} by hand)")
    if tally.failed:
        parts.append(f"{len(tally.failed)} failed")
    asked = f"{count_words(tally.requests, 'request')}, {tally.seconds:.1f} s"
    return tally.feed, ", ".join(parts), asked


def complaint(problem: Problem, *, planned: bool = False) -> str:
    """Returns what went wrong and what to do, without the place in the file, `planned` or met."""
    message = problem.message
    if problem.severity == "refused" and not planned:
        message += ". Nothing was written there" if ": " in message else ". Nothing was written"
    hint = f"\n  {'' if ': ' in problem.hint[:12] else 'do: '}{problem.hint}" if problem.hint else ""
    return f"{problem.severity}[{problem.code}]: {message}{hint}"


def complaints(
    tallies: Iterable[Tally], fine: Iterable[str], *, planned: bool = False
) -> list[tuple[Problem, str]]:
    """Returns all that went wrong, each once, in words; of a login, what is still fine without it.

    Of what is wrong in very many calendars, the first are named.
    """
    found: dict[tuple[str, str], tuple[Problem, str]] = {}
    well = ", ".join(fine)
    for tally in tallies:
        for trouble in tally.troubles:
            problem = trouble.problem
            words = complaint(problem, planned=planned)
            if trouble.exit is Exit.CREDENTIALS and well:
                words += f"\n  still fine: {well}"
            found.setdefault((problem.code, problem.message), (problem, words))
    told: Counter[str] = Counter()
    shown = []
    for problem, words in found.values():
        told[problem.code] += 1
        if told[problem.code] <= MOST_TOLD:
            shown.append((problem, words))
    for code, number in told.items():
        if number > MOST_TOLD:
            problem = next(each for each, _ in shown if each.code == code)
            more = count_words(number - MOST_TOLD, "more calendar")
            words = f"{problem.severity}[{code}]: so it is with {more}\n  look: iopcal status"
            shown.append((problem, words))
    return shown


def as_json(tally: Tally) -> dict[str, object]:
    """Returns one calendar as plain values."""
    return {
        "feed": tally.feed,
        "added": tally.added,
        "changed": tally.changed,
        "removed": tally.removed,
        "kept": tally.kept,
        "left_alone": [
            {"ref": hand.ref, "what": hand.what, "when": hand.updated or None} for hand in tally.hands
        ],
        "failed": [{"ref": each.ref, "why": each.why} for each in tally.failed],
        "refused": tally.refused or None,
        "requests": tally.requests,
        "calls": tally.calls,
        "seconds": round(tally.seconds, 3),
    }


def bar(done: int, total: int, seconds: float) -> str:
    """Returns how far a long run is: `412 of 1,800 feeds, 20 s`, the time being what is left."""
    rest = f", {seconds * (total - done) / done:.0f} s" if done else ""
    return f"{done:,} of {count_words(total, 'feed')}{rest}"


def status_text(
    feeds: Sequence[tuple[str, State | None, str]],
    now: datetime,
    local: Callable[[datetime], datetime],
) -> str:
    """Returns how every feed stands: its name, its state and what is counted in it (`event`, `feed`)."""
    return table((), [_status(*feed, local(now), local) for feed in feeds], gap=4).rstrip("\n")


def _status(
    name: str, state: State | None, noun: str, now: datetime, local: Callable[[datetime], datetime]
) -> tuple[str, str, str, str]:
    if state is None or not (state.well or state.since):
        return name, "never synced", "", ""
    counts = [count_words(state.events, noun)] if state.well else []
    if state.left_alone:
        counts.append(f"{state.left_alone} left alone")
    if state.waiting:
        counts.append(f"{count_words(state.waiting, 'change')} {'waits' if state.waiting == 1 else 'wait'}")
    well = f"last ok {_moment(state.well, now, local)}" if state.well else "never ok"
    if not state.since:
        return name, well, "   ".join(counts), ""
    do = state.do.partition("    ")[0]
    why = "login needed" if do.startswith("iopcal login") else state.why
    ends = f":  {do}" if do else ""
    return name, well, "   ".join(counts), f"{why} since {_moment(state.since, now, local)}{ends}"


def _moment(text: str, now: datetime, local: Callable[[datetime], datetime]) -> str:
    try:
        return ago(local(datetime.fromisoformat(text)), now)
    except ValueError:
        return text
