"""What a program comes to: days, hours and sessions, phase by phase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from iopcal.expand import Expansion, Walk
from iopcal.hours import total_minutes, weeks
from iopcal.model import Path, Program, Session
from iopcal.named_tuple import NamedTuple
from iopcal.views.table import table
from iopcal.words import count_words, day_words, length_words


class Totals(NamedTuple):
    """One phase of one path: visits (`days`) and `minutes` a week, sessions held by name, first and last.

    `minutes` are counted ones; `events` are the sessions published at all, `clock` their minutes.
    """

    path: Path
    phase: str
    days: tuple[int, ...]
    minutes: tuple[int, ...]
    sessions: tuple[tuple[str, int], ...]
    events: int
    clock: int
    first: date | None
    last: date | None


def totals(program: Program, expansion: Expansion) -> tuple[Totals, ...]:
    """Returns the totals of every phase of every path, in order; groups have none, and a day is no visit."""
    return tuple(
        _totals(program, walk.path, phase, name, expansion.sessions)
        for walk in expansion.walks
        for phase, name in _phases(program, walk)
    )


def _phases(program: Program, walk: Walk) -> Iterator[tuple[str, str]]:
    """Yields id and name of each phase that the path runs, '' for both in a group."""
    if program.admission == "rolling":
        yield "", ""
        return
    for place in sorted({day.phase for day in walk.days}):
        yield program.phases[place].id, program.phases[place].name


def _totals(program: Program, path: Path, phase: str, name: str, sessions: Sequence[Session]) -> Totals:
    mine = [each for each in sessions if each.path == path and each.phase == phase]
    held = [each for each in mine if each.held]
    shown = [each for each in held if each.activity.publish != "never"]
    by_week: dict[int, list[Session]] = {}
    for session in mine:
        by_week.setdefault(session.phase_week, []).append(session)
    dates = [session.real.start.date() for session in shown]
    return Totals(
        path,
        name,
        tuple(len({each.date for each in by_week[week] if each.visit}) for week in sorted(by_week)),
        tuple(total_minutes(by_week[week], program.hours) for week in sorted(by_week)),
        tuple(Counter(session.activity.name for session in shown).items()),
        len(shown),
        sum(session.real.minutes for session in shown),
        min(dates, default=None),
        max(dates, default=None),
    )


def text(program: Program, expansion: Expansion) -> str:
    """Returns the totals as a table a path, with a last row for all phases together."""
    if program.admission == "rolling":
        return _groups_text(expansion)
    found = totals(program, expansion)
    parts = []
    for walk in expansion.walks:
        mine = [each for each in found if each.path == walk.path]
        rows = [_cells(each) for each in mine]
        held = [each for each in expansion.sessions if each.path == walk.path and each.held]
        days = {each.date for each in held if each.activity.publish != "never"}
        last = [each.last for each in mine if each.last]
        rows.append((
            "all",
            count_words(len(days), "day"),
            length_words(sum(sum(each.minutes) for each in mine)),
            f"{sum(each.events for each in mine)} ({sum(each.clock for each in mine):,} min)",
            day_words(max(last)) if last else "",
            "",
        ))  # fmt: skip
        parts.append(
            _heading(walk.path)
            + table(("phase", "days a week", "hours a week", "sessions", "last date", "counts"), rows)
        )
    return "\n".join(parts)


def _heading(path: Path) -> str:
    name = " / ".join(word for word in path[:2] if word)
    return f"{name}\n" if name else ""


def _groups_text(expansion: Expansion) -> str:
    """Returns a table a group, with a row a session: in a rolling program nobody attends all of them."""
    parts = []
    for path, _ in expansion.walks:
        held: dict[str, list[Session]] = {}
        for session in expansion.sessions:
            if session.path == path and session.held and session.activity.publish != "never":
                held.setdefault(session.activity.name, []).append(session)
        rows = [_group_cells(name, sessions) for name, sessions in held.items()]
        parts.append(_heading(path) + table(("session", "times", "hours", "first date", "last date"), rows))
    return "\n".join(parts)


def _group_cells(name: str, sessions: Sequence[Session]) -> tuple[str, ...]:
    days = [session.real.start.date() for session in sessions]
    minutes = sum(session.real.minutes for session in sessions)
    return name, str(len(sessions)), length_words(minutes), day_words(min(days)), day_words(max(days))


def _cells(each: Totals) -> tuple[str, ...]:
    counts = ", ".join(f"{name} {number}" for name, number in each.sessions)
    last = day_words(each.last) if each.last else ""
    return (
        each.phase,
        _runs([str(number) for number in each.days]),
        _runs([length_words(number) for number in each.minutes]),
        f"{each.events} ({each.clock:,} min)",
        last,
        counts,
    )


def _runs(words: Iterable[str]) -> str:
    """Returns equal neighbors once, with how many there are: `3 x4, 2, 1 x3`."""
    runs: list[tuple[str, int]] = []
    for word in words:
        if runs and runs[-1][0] == word:
            runs[-1] = (word, runs[-1][1] + 1)
        else:
            runs.append((word, 1))
    return ", ".join(f"{word} x{number}" if number > 1 else word for word, number in runs)


def as_json(program: Program, expansion: Expansion) -> list[dict[str, object]]:
    """Returns the totals as plain values, with the counted minutes of each calendar week of the path."""
    every = weeks(expansion.sessions, program.hours)
    return [
        {
            "cohort": each.path.cohort or "-",
            "track": each.path.track or "-",
            "phase": each.phase or "-",
            "days": list(each.days),
            "minutes": list(each.minutes),
            "sessions": dict(each.sessions),
            "events": each.events,
            "event_minutes": each.clock,
            "first": each.first.isoformat() if each.first else None,
            "last": each.last.isoformat() if each.last else None,
            "weeks": {week.first.isoformat(): week.minutes for week in every if week.path == each.path},
        }
        for each in totals(program, expansion)
    ]
