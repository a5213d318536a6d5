"""Hours and days a week, held against each phase's level of care."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from iopcal.expand import Expansion, Walk
from iopcal.hours import LEVELS, Level, Week, lost_words, together, week_of, weeks
from iopcal.model import HourRule, Path, Phase, Program
from iopcal.named_tuple import NamedTuple
from iopcal.paths import PathDay
from iopcal.problems import Problem
from iopcal.words import count_words, length_words


class Objection(NamedTuple):
    """What is wrong with a week; `why` says what cut the week short, if anything did."""

    code: str
    words: str
    why: str


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns of weeks with fewer or more hours or days than the phase's level asks, and of ones with none.

    Not of a rolling program: nobody attends all that its groups hold.
    """
    if program.admission == "rolling":
        return
    days = {walk.path: _by_week(walk, program.hours) for walk in expansion.walks}
    # What weeks and paths have in common is told once.
    found: dict[tuple[int, Objection], dict[date, list[Path]]] = {}
    for week in weeks(expansion.sessions, program.hours):
        ran = days[week.path].get(week.first, ())
        phases = list(dict.fromkeys(day.phase for day in ran))
        levels = [LEVELS[program.phases[phase].level] for phase in phases if program.phases[phase].level]
        part = _part(ran, days[week.path])
        objection = _nothing(week, part)
        if levels and len(levels) == len(phases):
            objection = _objection(week, together(levels), part) or objection
        if objection and phases:
            paths = found.setdefault((phases[-1], objection), {})
            paths.setdefault(week.first, []).append(week.path)
    for (number, objection), paths in found.items():
        phase = program.phases[number]
        hint = "" if objection.why else _hint(phase)
        for first, last, mine in _runs(paths):
            whose = f" ({_names(mine)})" if len(mine) < len(days) else ""
            message = f"{_weeks_words(first, last)}{whose}: {objection.words}{objection.why}"
            yield Problem(phase.place, objection.code, message, hint, "warning")


def _by_week(walk: Walk, rule: HourRule) -> dict[date, list[PathDay]]:
    """Returns the days of a path by the first day of the week they are counted in, in order."""
    found: dict[date, list[PathDay]] = {}
    for day in walk.days:
        found.setdefault(week_of(day.day, walk.path, rule), []).append(day)
    return found


def _part(ran: Sequence[PathDay], all_weeks: dict[date, list[PathDay]]) -> str:
    """Says which part of the path a week is if the path does not run all of it."""
    if len(ran) == 7:
        return ""
    first = next(iter(all_weeks.values()))
    return ", a partial first week" if ran is first else ", a partial last week"


def _nothing(week: Week, part: str) -> Objection | None:
    """Returns the objection to a week that was to have treatment and has none."""
    why = ", ".join(lost_words(week))
    return Objection("IOP216", "no treatment", f", {why}{part}") if why and not week.days else None


def _objection(week: Week, level: Level, part: str) -> Objection | None:
    why = "".join(f", {words}" for words in lost_words(week)) + part
    minutes, days = length_words(week.minutes), count_words(week.days, "treatment day")
    if week.minutes < level.least:
        return Objection("IOP204", f"{minutes} of {length_words(level.least)}", why)
    if level.most and week.minutes > level.most:
        return Objection("IOP204", f"{minutes}, {_above(level.most)}", part)
    if week.days < level.fewest_days:
        return Objection("IOP205", f"{days} of {level.fewest_days}", why)
    if level.most_days and week.days > level.most_days:
        return Objection("IOP205", f"{days}, more than {level.most_days}", part)
    return None


def _above(most: int) -> str:
    return f"not under {length_words(most + 1)}" if most % 60 == 59 else f"more than {length_words(most)}"


def _hint(phase: Phase) -> str:
    level = LEVELS[phase.level]
    most = f"to {length_words(level.most)}" if level.most else "or more"
    asked = f"{length_words(level.least)} {most} a week"
    if not level.least:
        asked = f"under {length_words(level.most + 1)} a week"
    if level.most_days:
        asked += f" on {level.fewest_days} to {level.most_days} days"
    return f"level '{phase.level}' is {asked}; if this is meant, give the phase a `level` of its own"


def _runs(paths: Mapping[date, list[Path]]) -> Iterator[tuple[date, date, list[Path]]]:
    """Yields the first and last of weeks that follow each other on the same paths, with the paths."""
    ordered = enumerate(sorted(paths))
    for (_, mine), run in groupby(
        ordered, key=lambda each: (each[1] - timedelta(weeks=each[0]), paths[each[1]])
    ):
        weeks_of_run = [week for _, week in run]
        yield weeks_of_run[0], weeks_of_run[-1], mine


def _names(paths: Iterable[Path]) -> str:
    return ", ".join(" ".join(filter(None, path[:2])) for path in paths)


def _weeks_words(first: date, last: date) -> str:
    return f"week of {first}" if first == last else f"weeks of {first} to {last}"
