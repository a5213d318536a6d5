"""A week as a grid, and the same sessions as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from iopcal.expand import Expansion
from iopcal.hours import LEVELS, total_minutes
from iopcal.model import Path, Program, Session, Status
from iopcal.views.table import pad, width
from iopcal.words import DAYS, day_words, length_words, time_words

NARROWEST = 60  # columns; under that the list is used
_CELL = 24  # columns of a day at most


def grid(program: Program, expansion: Expansion, first: date, columns: int) -> str:
    """Returns the week that begins with Monday `first`, a grid a path that meets in it."""
    parts = [
        _grid(program, expansion, path, first, columns)
        for path in dict.fromkeys(walk.path for walk in expansion.walks)
    ]
    return (
        "\n".join(part for part in parts if part)
        or f"{program.title}: nothing in the week of {day_words(first)}\n"
    )


def shown_sessions(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Returns the sessions that somebody may see, closed ones left out."""
    return tuple(
        session
        for session in sessions
        if session.status is not Status.CLOSED and session.activity.publish != "never"
    )


def _grid(program: Program, expansion: Expansion, path: Path, first: date, columns: int) -> str:
    last = first + timedelta(days=6)
    mine = [
        session
        for session in shown_sessions(expansion.sessions)
        if session.path == path and first <= session.real.start.date() <= last
    ]
    if not mine:
        return ""
    days = [first + timedelta(days=number) for number in range(7)]
    days = [day for number, day in enumerate(days) if number < 5 or any(_day(each) == day for each in mine)]
    cell = max(10, min(_CELL, (columns - 8) // len(days)))
    lines = [
        _heading(program, expansion, path, first),
        _line("", [f"{DAYS[d.weekday()]} {d.day}" for d in days], cell),
    ]
    starts = sorted({time_words(session.real.start) for session in mine})
    for start in starts:
        row = [
            [each for each in mine if _day(each) == day and time_words(each.real.start) == start]
            for day in days
        ]
        lines += _rows(start, row, cell)
    ends = {day: max((each.real.end for each in mine if _day(each) == day), default=None) for day in days}
    words = [f"ends {time_words(end)}" if end else "" for end in ends.values()]
    return "\n".join([*lines, _line("", words, cell)]) + "\n"


def _day(session: Session) -> date:
    return session.real.start.date()


def _rows(start: str, row: Sequence[Sequence[Session]], cell: int) -> list[str]:
    """Returns the lines of one starting time: titles, then topics."""
    texts = [[line for session in sessions for line in _texts(session)] for sessions in row]
    height = max(len(lines) for lines in texts)
    return [
        _line(
            start if not number else "",
            [lines[number] if number < len(lines) else "" for lines in texts],
            cell,
        )
        for number in range(height)
    ]


def _texts(session: Session) -> list[str]:
    mark = "x " if session.status is Status.CANCELLED else ""
    tail = " (optional)" if session.activity.optional else ""
    return [f"{mark}{session.real.name}{tail}", *([session.real.topic] if session.real.topic else [])]


def _line(start: str, cells: Sequence[str], cell: int) -> str:
    return (
        pad(start, 8)
        + "".join(pad(f"{pad(text, cell - 2) if width(text) > cell - 2 else text}", cell) for text in cells)
    ).rstrip()


def _heading(program: Program, expansion: Expansion, path: Path, first: date) -> str:
    walk = next(walk for walk in expansion.walks if walk.path == path)
    days = [day for day in walk.days if first <= day.day <= first + timedelta(days=6)]
    name = " / ".join((program.title, *(word for word in path[:2] if word)))
    if not days:
        return name
    mine = [
        session
        for session in expansion.sessions
        if session.path == path and first <= _day(session) <= first + timedelta(days=6)
    ]
    counted = f"{length_words(total_minutes(mine, program.hours))} counted"
    if program.admission == "rolling":
        return f"{name}          week {days[-1].week} of the groups          {counted}"
    phase = program.phases[days[-1].phase]
    of = walk.days[-1].week
    level = LEVELS.get(phase.level)
    needed = f", {length_words(level.least)} needed" if level and level.least else ""
    return f"{name}          week {days[-1].week} of {of}, {phase.name}          {counted}{needed}"


def agenda(program: Program, sessions: Iterable[Session], first: date | None, last: date | None) -> str:
    """Returns every session a line, day by day, from `first` to `last`."""
    lines = [program.title]
    several = len(program.tracks) * len(program.cohorts) > 1
    day = None
    for session in shown_sessions(sessions):
        real = session.real
        if (first and real.start.date() < first) or (last and real.start.date() > last):
            continue
        if real.start.date() != day:
            day = real.start.date()
            lines.append(day_words(day))
        lines.append(f"  {time_words(real.start)}-{time_words(real.end)}  {_title(session, several)}")
    return "\n".join(lines) + "\n"


def _title(session: Session, several: bool) -> str:
    real = session.real
    words = f"{real.name}: {real.topic}" if real.topic else real.name
    if session.activity.optional:
        words += " (optional)"
    if several:
        words += f"  [{' / '.join(word for word in session.path[:2] if word)}]"
    if session.status is Status.CANCELLED:
        words += "  cancelled"
    elif session.status is Status.MOVED:
        words += f"  moved from {day_words(session.date, year=False)}"
        if session.planned:
            words += f" {time_words(session.planned.start)}"
    return words
