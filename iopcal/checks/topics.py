"""Curricula that do not come out even."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.expand import Expansion
from iopcal.model import Path, Program, Session
from iopcal.problems import Problem
from iopcal.words import count_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns once a session whose last round of topics is cut short."""
    last: dict[tuple[str, Path, int | None], Session] = {}
    for session in expansion.sessions:
        topics = session.activity.topics
        if topics and session.real.topic and (session.held or topics.on_closure == "skip"):
            key = session.date.weekday() if topics.lists[0][0] is not None else None
            last[session.activity.id, session.path, key] = session
    told: set[str] = set()
    for (activity, _, weekday), session in last.items():
        topics = session.activity.topics
        if topics is None or activity in told:
            continue
        names = dict(topics.lists)[weekday]
        if session.real.topic != names[-1]:
            told.add(activity)
            left = len(names) - 1 - names.index(session.real.topic)
            name, topic = session.activity.name, session.real.topic
            message = f"the topics of '{name}' do not come out even: the last one held is '{topic}'"
            hint = f"{count_words(left, 'topic')} of the last round are not reached"
            yield Problem(session.activity.place, "IOP211", message, hint, "warning")
