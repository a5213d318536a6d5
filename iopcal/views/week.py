"""A week as a grid, and the same sessions as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from iopcal.expand import Expansion
from iopcal.hours import LEVELS, total_minutes
from iopcal.model import Path, Phase, Program, Session, Status
from iopcal.views.sessions import as_json
from iopcal.views.table import pad, width
from iopcal.words import DAYS, day_words, length_words, time_words

NARROWEST = 60  # columns; under that the list is used
_CELL = 24  # columns of a day at most


def grid(program: Program, expansion: Expansion, first: date, columns: int) -> str:
    """Returns the week that begins with Monday `first`, a grid a path that meets in it."""
    parts = []
    for path in dict.fromkeys(walk.path for walk in expansion.walks):
        mine = [session for session in expansion.sessions if session.path == path]
        parts.append(days_grid(mine, _heading(program, expansion, path, first), first, columns))
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


def agenda_json(
    program: Program, sessions: Iterable[Session], first: date, last: date
) -> list[dict[str, str]]:
    """Returns the sessions of some days that somebody may see, as plain values."""
    mine = (each for each in shown_sessions(sessions) if first <= _day(each) <= last)
    return as_json(program, mine)


def days_grid(sessions: Iterable[Session], heading: str, first: date, columns: int) -> str:
    """Returns the week that begins with Monday `first` under a heading; '' where nothing is."""
    last = first + timedelta(days=6)
    mine = [session for session in shown_sessions(sessions) if first <= _day(session) <= last]
    if not mine:
        return ""
    days = [first + timedelta(days=number) for number in range(7)]
    days = [day for number, day in enumerate(days) if number < 5 or any(_day(each) == day for each in mine)]
    cell = max(10, min(_CELL, (columns - 8) // len(days)))
    lines = [
        heading,
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
    mine = [session for session in expansion.sessions if session.path == path]
    counted = counted_words(program, mine, first)
    if program.admission == "rolling":
        return f"{name}          week {days[-1].week} of the groups          {counted}"
    phase = program.phases[days[-1].phase]
    of = walk.days[-1].week
    return (
        f"{name}          week {days[-1].week} of {of}, {phase.name}          {counted}{needed_words(phase)}"
    )


def counted_words(program: Program, sessions: Iterable[Session], first: date) -> str:
    """Returns `9 h counted`, of the week that begins with Monday `first`."""
    mine = [session for session in sessions if first <= _day(session) <= first + timedelta(days=6)]
    return f"{length_words(total_minutes(mine, program.hours))} counted"


def needed_words(phase: Phase) -> str:
    """Returns `, 9 h needed`, or '' where the phase's level asks for no number of hours."""
    level = LEVELS.get(phase.level)
    return f", {length_words(level.least)} needed" if level and level.least else ""


def agenda(program: Program, sessions: Iterable[Session], first: date | None, last: date | None) -> str:
    """Returns every session a line, day by day, from `first` to `last`."""
    several = len(program.tracks) * len(program.cohorts) > 1
    days = agenda_days(sessions, first or date.min, last or date.max, several=several)
    return "\n".join([program.title, *(line for lines in days.values() for line in lines)]) + "\n"


def agenda_days(
    sessions: Iterable[Session], first: date, last: date, *, several: bool = False
) -> dict[date, list[str]]:
    """Returns the lines of every day that has a session; each names its path where there are `several`."""
    found: dict[date, list[str]] = {}
    for session in shown_sessions(sessions):
        real, day = session.real, _day(session)
        if first <= day <= last:
            lines = found.setdefault(day, [day_words(day)])
            lines.append(f"  {time_words(real.start)}-{time_words(real.end)}  {_title(session, several)}")
    return found


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
