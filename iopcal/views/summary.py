"""A program in a few lines: its weeks, days and hours, and what closes them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from iopcal.expand import Expansion, Walk
from iopcal.hours import is_treatment, total_minutes
from iopcal.model import HourRule, Program, Session, Status
from iopcal.named_tuple import NamedTuple
from iopcal.views.table import pad, width
from iopcal.views.week import shown_sessions
from iopcal.words import count_words, day_words

_WEEKS_A_LINE = 16


class Cell(NamedTuple):
    """A column of rows: neighbors of one `group` stand together under its `name`."""

    group: Hashable
    name: str
    texts: tuple[str, ...]


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
    """Returns rows of weeks, with the closed days under them."""
    starts: dict[int, int] = {}
    for day in walk.days:
        starts.setdefault(day.week, day.phase)
    closed: dict[date, str] = {}
    cells = []
    for week, place in starts.items():
        mine = [session for session in sessions if session.week == week]
        visits = {session.date for session in mine if session.visit}
        gone = lost_days(mine, program.hours)
        closed |= gone
        mark = "*" if gone else " "
        hours = short_hours(total_minutes(mine, program.hours))
        cells.append(
            Cell(place, program.phases[place].name, (f"{week} ", f"{len(visits)}{mark}", f"{hours}{mark}"))
        )
    return blocks(("week", "days", "hours"), cells) + closed_line(closed)


def lost_days(sessions: Iterable[Session], rule: HourRule) -> dict[date, str]:
    """Returns the days on which all treatment is closed, each with the reason."""
    counted = [session for session in sessions if is_treatment(session, rule)]
    held = {session.date for session in counted if session.held}
    lost = {session.date: session.why for session in counted if session.status is Status.CLOSED}
    return {day: why for day, why in lost.items() if day not in held}


def closed_line(closed: Mapping[date, str]) -> list[str]:
    """Returns the line that says which days are closed, if any are."""
    days = ", ".join(
        f"{day_words(day, year=False)}{f' ({why})' if why else ''}" for day, why in closed.items()
    )
    return [f"  * closed: {days}"] if days else []


def short_hours(minutes: int) -> str:
    """Returns `9`, `2.5`."""
    return str(minutes // 60) if minutes % 60 == 0 else f"{minutes / 60:.1f}"


def blocks(labels: Sequence[str], cells: Sequence[Cell]) -> list[str]:
    """Returns rows under the names of their groups, again and again where they are too many for a line."""
    lines: list[str] = []
    for first in range(0, len(cells), _WEEKS_A_LINE):
        lines += _block(labels, cells[first : first + _WEEKS_A_LINE])
    return lines


def _block(labels: Sequence[str], cells: Sequence[Cell]) -> list[str]:
    lines = [" " * 10, *(pad(f"  {label}", 10) for label in labels)]
    for _, group in groupby(cells, key=attrgetter("group")):
        mine = tuple(group)
        wide = max(width(text) for cell in mine for text in cell.texts) + 1
        rows = [
            "".join(f"{text:>{wide}}" for text in row) for row in zip(*(c.texts for c in mine), strict=True)
        ]
        name = mine[0].name
        columns = max(width(name), *(width(row) for row in rows)) + 2
        lines = [line + pad(text, columns) for line, text in zip(lines, (name, *rows), strict=True)]
    return [line.rstrip() for line in lines]
