"""Curricula that do not come out even."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from iopcal.expand import Expansion
from iopcal.model import Activity, Path, Program, Topics
from iopcal.problems import Problem
from iopcal.words import DAYS, count_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns once a session whose last round of topics is cut short; a rolling program has no last round."""
    if program.admission == "rolling":
        return
    steps: dict[tuple[str, Path, int | None], set[date | int]] = {}
    for session in expansion.sessions:
        topics = session.activity.topics
        if topics and session.real.topic and (session.held or topics.on_closure == "skip"):
            weekday = session.date.weekday() if topics.lists[0][0] is not None else None
            step = session.week if topics.advance == "week" else session.date
            steps.setdefault((session.activity.id, session.path, weekday), set()).add(step)
    for activity in program.activities:
        if activity.topics:
            found = (
                _objection(activity, activity.topics, weekday, len(taken))
                for (name, _, weekday), taken in steps.items()
                if name == activity.id
            )
            yield from [problem for problem in found if problem][:1]


def _objection(activity: Activity, topics: Topics, weekday: int | None, taken: int) -> Problem | None:
    """Returns what to say of a list of topics of which `taken` were had, round after round."""
    names = dict(topics.lists)[weekday]
    rounds, rest = divmod(taken, len(names))
    if not rest:
        return None
    on = "" if weekday is None else f" on {DAYS[weekday]}"
    if rounds:
        message = (
            f"the topics of '{activity.name}'{on} do not come out even: "
            f"the last round ends with '{names[rest - 1]}', {rest} of {len(names)}"
        )
    else:
        message = f"'{activity.name}'{on} gets to only {rest} of its {count_words(len(names), 'topic')}"
    hint = f"{count_words(len(names) - rest, 'more meeting')} would complete them"
    if topics.advance == "week":
        hint = f"{count_words(len(names) - rest, 'more week')} would complete them"
    return Problem(activity.place, "IOP211", message, hint, "warning")
