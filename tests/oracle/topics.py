"""Which topic an occurrence shows: one an occurrence or one a week, and after the last the first again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.program import Session, Track


class Curricula:
    """Counts the occurrences of every session with topics, by track, on one path or for all in the room."""

    def __init__(self, on_closure: str) -> None:
        self._on_closure = on_closure
        # By session, track, and weekday where the topics are: (week, held) of each planned occurrence.
        self._past: defaultdict[Any, list[tuple[Any, bool]]] = defaultdict(list)

    def show(self, session: Session, track: Track, day: date, week: Any, held: bool) -> str:
        """The topic of an occurrence planned for `day`, which is then counted; weeks need only compare."""
        if session.topics is None:
            return ""
        # Counted per session and track; with a mapping, per weekday.
        by_weekday = isinstance(session.topics, dict)
        topics = session.topics.get(day.weekday(), []) if isinstance(session.topics, dict) else session.topics
        past = self._past[session.id, track.id, day.weekday() if by_weekday else None]
        # `postpone` counts held occurrences, `skip` planned ones. What a single cancelled session would have
        # shown it still shows.
        skips = on_closure_of(session, self._on_closure) == "skip"
        counted = [when for when, was_held in past if was_held or skips]
        # One topic a week: it moves on once for each earlier path week with such an occurrence.
        earlier = {when for when in counted if when < week}
        number = len(earlier if session.advance == "week" else counted)
        past.append((week, held))
        # After the last comes the first again.
        return topics[number % len(topics)] if topics else ""


def on_closure_of(session: Session, default: str) -> str:
    """What is said, else what admission has; of a session with no time of its own always `skip`."""
    if session.on_closure is not None:
        return session.on_closure
    own = session.own
    timed = own.days is not None or own.at is not None or session.monthly is not None
    return "skip" if session.kind in {"individual", "family"} and not timed else default
