"""Sessions that can never take place where they are meant to."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.expand import Expansion
from iopcal.model import KINDS_OF_ONE, Activity, Days, Phase, Program
from iopcal.paths import days_a_week, phase_length
from iopcal.problems import Problem
from iopcal.words import DAYS, list_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns of a session that a phase names but can never have, and of one that never takes place at all."""
    held = {(session.activity.id, session.phase) for session in expansion.sessions}
    reached = {day.phase for walk in expansion.walks for day in walk.days}
    phases = [phase for place, phase in enumerate(program.phases) if place in reached]
    for activity in program.activities:
        if all(activity.id != each for each, _ in held):
            if not _is_personal(activity):
                message = f"'{activity.name}' never takes place"
                yield Problem(activity.place, "IOP210", message, _lists(program, activity, phases), "warning")
            continue
        for phase in phases:
            if (activity.id, phase.id) not in held and _names(phase, activity):
                message = f"'{activity.name}' never takes place in phase '{phase.name}'"
                yield Problem(
                    activity.place, "IOP210", message, _lists(program, activity, [phase]), "warning"
                )


def _is_personal(activity: Activity) -> bool:
    """Says whether only participants have it, once they place it."""
    placed = activity.days or activity.monthly or any(each.start is not None for each in activity.placements)
    return activity.kind in KINDS_OF_ONE and not placed


def _names(phase: Phase, activity: Activity) -> bool:
    overrides = any(override.activity == activity.id for override in phase.overrides)
    return phase.id in activity.phases or activity.id in (phase.only or ()) or overrides


def _lists(program: Program, activity: Activity, phases: list[Phase]) -> str:
    """Says on which days the session meets, and on which the phases do."""
    own = _days(activity.days.weekdays) if activity.days and activity.days.weekdays else "every treatment day"
    met = [f"'{phase.name}' on {_days(_weekdays(program, phase))}" for phase in phases]
    return f"it is set for {own}; {list_words(met)} meets" if len(met) == 1 else f"it is set for {own}"


def _days(weekdays: tuple[int, ...]) -> str:
    return list_words(DAYS[weekday] for weekday in sorted(weekdays)) if weekdays else "no day"


def _weekdays(program: Program, phase: Phase) -> tuple[int, ...]:
    if isinstance(phase.days, Days):
        return phase.days.weekdays
    if phase.days is None:
        return program.treatment_days
    most = max(days_a_week(phase.days, phase_length(phase, program.starts)))
    return program.treatment_days[:most]
