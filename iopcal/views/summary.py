"""A program in a few lines: its weeks, days and hours, and what closes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from iopcal.expand import Expansion, Walk
from iopcal.hours import is_treatment, total_minutes
from iopcal.model import Program, Session, Status
from iopcal.views.table import pad, width
from iopcal.views.week import shown_sessions
from iopcal.words import count_words, day_words

_WEEKS_A_LINE = 16


def summary(program: Program, expansion: Expansion) -> str:
    """Returns the headline and, a path, the rows of weeks, treatment days and counted hours.

    What the groups of a rolling program hold is nobody's week: of those there is the headline alone.
    """
    shown = [session for session in shown_sessions(expansion.sessions) if session.held]
    if not shown:
        return f"{program.title}    no sessions"
    first, last = shown[0].real.start.date(), max(session.real.start.date() for session in shown)
    if program.admission == "rolling":
        return (
            f"{program.title}    {count_words(len(shown), 'group session')}, "
            f"{day_words(first)} - {day_words(last)}, {program.zone}"
        )
    weeks = max(walk.days[-1].week for walk in expansion.walks if walk.days)
    headline = (
        f"{program.title}    {count_words(len(shown), 'session')} in {count_words(weeks, 'week')}, "
        f"{day_words(first)} - {day_words(last)}, {program.zone}"
    )
    parts = [headline]
    for walk in expansion.walks:
        name = " / ".join(word for word in walk.path[:2] if word)
        lines = _weeks(program, walk, [each for each in expansion.sessions if each.path == walk.path])
        parts += ([f"  {name}"] if name else []) + lines
    return "\n".join(parts)


def _weeks(program: Program, walk: Walk, sessions: Sequence[Session]) -> list[str]:
    """Returns blocks of rows, at most so many weeks a line, with the closed days under them."""
    starts: dict[int, int] = {}
    for day in walk.days:
        starts.setdefault(day.week, day.phase)
    closed: dict[date, str] = {}
    cells = []
    for week, place in starts.items():
        mine = [session for session in sessions if session.week == week]
        counted = [session for session in mine if is_treatment(session, program.hours)]
        held = {session.date for session in counted if session.held}
        visits = {session.date for session in mine if session.visit}
        lost = {session.date: session for session in counted if session.status is Status.CLOSED}
        gone = {day: session for day, session in lost.items() if day not in held}
        closed.update((day, session.why) for day, session in gone.items())
        mark = "*" if gone else " "
        hours = _hours(total_minutes(mine, program.hours))
        cells.append((place, f"{week} ", f"{len(visits)}{mark}", f"{hours}{mark}"))
    lines: list[str] = []
    for first in range(0, len(cells), _WEEKS_A_LINE):
        lines += _block(program, cells[first : first + _WEEKS_A_LINE])
    if closed:
        days = ", ".join(
            f"{day_words(day, year=False)}{f' ({why})' if why else ''}" for day, why in closed.items()
        )
        lines.append(f"  * closed: {days}")
    return lines


def _hours(minutes: int) -> str:
    return str(minutes // 60) if minutes % 60 == 0 else f"{minutes / 60:.1f}"


def _block(program: Program, cells: Sequence[tuple[int, str, str, str]]) -> list[str]:
    """Returns four lines: the phases over their weeks, then week, days and hours."""
    lines = [" " * 10, "  week    ", "  days    ", "  hours   "]
    for place in dict.fromkeys(cell[0] for cell in cells):
        mine = [cell for cell in cells if cell[0] == place]
        wide = max(width(text) for _, *texts in mine for text in texts) + 1
        rows = [
            "".join(f"{text:>{wide}}" for text in texts)
            for texts in zip(*(cell[1:] for cell in mine), strict=True)
        ]
        name = program.phases[place].name
        block = max(width(name), *(width(row) for row in rows)) + 2
        lines = [line + pad(text, block) for line, text in zip(lines, (name, *rows), strict=True)]
    return [line.rstrip() for line in lines]
