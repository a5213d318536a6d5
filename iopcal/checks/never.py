"""Sessions that can never take place where they are meant to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from iopcal.expand import Expansion
from iopcal.model import Activity, Days, Phase, Program
from iopcal.named_tuple import NamedTuple
from iopcal.paths import PathDay, usual_days, widest_days
from iopcal.problems import Problem
from iopcal.timetable import Timetable, allows
from iopcal.words import DAYS, list_words


class Run(NamedTuple):
    """A phase as the program's paths run it: its days, and the tracks it runs in."""

    phase: Phase
    days: tuple[PathDay, ...]
    tracks: frozenset[str]


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns of a session that a phase names but can never have, and of one that never takes place at all.

    Not of one that a change has ended, nor of one that only participants have.
    """
    planned = {(session.activity.id, session.phase) for session in expansion.sessions}
    if program.admission == "rolling":
        planned = set(_possible(program, expansion))
    ever = {activity for activity, _ in planned}
    ended = {change.activity for change in program.from_changes if change.cancel}
    runs = _runs(program, expansion)
    for activity in program.activities:
        if activity.id in ended or not program.has(activity):
            continue
        mine = [run for run in runs if _has(program, run, activity)]
        if activity.id not in ever:
            yield from _nowhere(activity, runs, mine)
            continue
        for run in mine:
            if (activity.id, run.phase.id) not in planned and _is_named(run.phase, activity):
                message = f"'{activity.name}' never takes place in phase '{run.phase.name}'"
                hint = _reason(activity, [run], f"phase '{run.phase.name}'")
                yield Problem(activity.place, "IOP210", message, hint, "warning")


def _possible(program: Program, expansion: Expansion) -> Iterator[tuple[str, str]]:
    """Yields each session and phase of a rolling program that may have it on some weekday."""
    tracks = {track.id: track for track in program.tracks}
    for path, _ in expansion.walks:
        track = tracks[path.track]
        timetable = Timetable(program, path, track)
        for day in {path.starts, *(change.first for change in program.from_changes)}:
            for number, phase in enumerate(program.phases):
                widest = widest_days(phase, track)
                for row in timetable.rows(number, timetable.version(day)):
                    if any(timetable.may_meet(row, weekday, widest) for weekday in range(7)):
                        yield row.activity.id, phase.id


def _runs(program: Program, expansion: Expansion) -> tuple[Run, ...]:
    days: dict[int, list[PathDay]] = {}
    tracks: dict[int, set[str]] = {}
    own = {track.id: track for track in program.tracks}
    for path, walked in expansion.walks:
        # A group has no phases: those of somebody who begins with it stand for all.
        usual = program.admission == "rolling"
        for day in usual_days(program, own[path.track]) if usual else walked:
            days.setdefault(day.phase, []).append(day)
            tracks.setdefault(day.phase, set()).add(path.track)
    return tuple(
        Run(program.phases[number], tuple(days[number]), frozenset(tracks[number])) for number in sorted(days)
    )


def _has(program: Program, run: Run, activity: Activity) -> bool:
    return any(track.id in run.tracks and allows(run.phase, track, activity) for track in program.tracks)


def _is_named(phase: Phase, activity: Activity) -> bool:
    overridden = any(override.activity == activity.id for override in phase.overrides)
    return phase.id in activity.phases or activity.id in (phase.only or ()) or overridden


def _nowhere(activity: Activity, runs: tuple[Run, ...], mine: list[Run]) -> Iterator[Problem]:
    """Warns of a session that is never planned, unless it is only for phases that never begin."""
    if not mine and not any(not activity.phases or run.phase.id in activity.phases for run in runs):
        return
    hint = "its `phases` or `tracks`, or the `sessions` of the phases, leave it out everywhere"
    if mine:
        hint = _reason(activity, mine, "the program" if len(mine) > 1 else f"phase '{mine[0].phase.name}'")
    yield Problem(activity.place, "IOP210", f"'{activity.name}' never takes place", hint, "warning")


def _reason(activity: Activity, runs: list[Run], what: str) -> str:
    """Says why the session does not meet: both lists of weekdays or weeks, or the keys that narrow it."""
    met = {day.day.weekday() for run in runs for day in run.days if day.meets}
    own = _own_days(activity, [run.phase for run in runs])
    if not own.any and not activity.monthly and not met.intersection(own.weekdays or met):
        asked = _days(own.weekdays) if own.weekdays else "every treatment day"
        return f"it is set for {asked}, but {what} meets on {_days(met)}"
    weeks = {day.week for run in runs for day in run.days}
    reached = any(first <= week <= (last or week) for first, last in activity.weeks for week in weeks)
    if activity.weeks and not reached:
        asked = ", ".join(_range(first, last) for first, last in activity.weeks)
        return f"it is set for {_weeks(asked)}, but {what} runs in {_weeks(_range(min(weeks), max(weeks)))}"
    keys = {
        "days": activity.days,
        "weeks": activity.weeks,
        "visits": activity.visits,
        "every": activity.every,
        "monthly": activity.monthly,
        "times": activity.times,
    }
    return f"check the keys that narrow it: {', '.join(f'`{key}`' for key, given in keys.items() if given)}"


def _own_days(activity: Activity, phases: Iterable[Phase]) -> Days:
    """Returns the weekdays that the session may have in these phases together, overrides applied."""
    found = [_days_in(activity, phase) for phase in phases]
    weekdays = {weekday for days in found for weekday in days.weekdays}
    return Days(tuple(weekdays), any(days.any for days in found))


def _days_in(activity: Activity, phase: Phase) -> Days:
    edits = [each.edit.days for each in phase.overrides if each.activity == activity.id and each.edit.days]
    return (*edits, activity.days or Days(()))[0]


def _days(weekdays: Collection[int]) -> str:
    return list_words(DAYS[weekday] for weekday in sorted(weekdays)) if weekdays else "no day"


def _weeks(numbers: str) -> str:
    return f"week {numbers}" if numbers.isdigit() else f"weeks {numbers}"


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last or ''}"
