"""Hours and days a week, held against each phase's level of care."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from iopcal.expand import Expansion, Walk
from iopcal.hours import LEVELS, Level, Week, week_of, weeks
from iopcal.model import Phase, Program
from iopcal.problems import Problem
from iopcal.words import count_words, length_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns of weeks with fewer or more hours or days than the phase's level asks."""
    walks = {walk.path: walk for walk in expansion.walks}
    several = len(walks) > 1
    # What a whole week of the paths has in common is told once.
    found: dict[tuple[Phase, str, str], list[Week]] = {}
    for week in weeks(expansion.sessions, program.hours):
        phase, part = _phase_of(program, walks[week.path], week.first)
        if phase is None or phase.level not in LEVELS:
            continue
        said = _objection(week, LEVELS[phase.level], part)
        if said:
            path = f"{week.path.cohort} {week.path.track}".strip() if several else ""
            found.setdefault((phase, said, path), []).append(week)
    for (phase, said, path), same in found.items():
        code = "IOP204" if " h" in said or "min" in said else "IOP205"
        where = f" ({path})" if path else ""
        for run in _runs(same):
            yield Problem(phase.place, code, f"{_weeks_words(run)}{where}: {said}", "", "warning")


def _phase_of(program: Program, walk: Walk, first: date) -> tuple[Phase | None, str]:
    """Returns the phase that a week belongs to, and what part of it runs if not all of it.

    A week of two phases is held against the later, which may ask less on purpose.
    """
    days = [day for day in walk.days if week_of(day.day, walk.path, program.hours) == first]
    if not days:
        return None, ""
    phase = program.phases[days[-1].phase]
    if len(days) == 7:
        return phase, ""
    return phase, "a partial first week" if days[0] is walk.days[0] else "a partial last week"


def _objection(week: Week, level: Level, part: str) -> str:
    closed = count_words(week.closed, "closed day") if week.closed else ""
    why = "".join(
        f", {each}"
        for each in (closed.replace("1 ", "one ", 1) if week.closed == 1 else closed, part)
        if each
    )
    minutes = length_words(week.minutes)
    if week.minutes < level.least:
        return f"{minutes} of {length_words(level.least)}{why}"
    if level.most and week.minutes > level.most:
        return f"{minutes}, more than {length_words(level.most)}{why}"
    if week.days < level.fewest_days:
        return f"{count_words(week.days, 'treatment day')} of {level.fewest_days}{why}"
    if level.most_days and week.days > level.most_days:
        return f"{count_words(week.days, 'treatment day')}, more than {level.most_days}{why}"
    return ""


def _runs(same: Iterable[Week]) -> Iterator[list[Week]]:
    """Groups weeks that follow each other."""
    ordered = list(enumerate(sorted(same, key=lambda week: week.first)))
    for _, run in groupby(ordered, key=lambda each: each[1].first - timedelta(weeks=each[0])):
        yield [week for _, week in run]


def _weeks_words(run: list[Week]) -> str:
    first, last = run[0].first, run[-1].first
    return f"week of {first}" if first == last else f"weeks of {first} to {last}"
