"""A program as the generator of rosters needs it, with the oracle to tell what a path comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from random import Random

from tests.oracle.attend import Attended, NoTime, Walk
from tests.oracle.house import house
from tests.oracle.program import UNNAMED
from tests.oracle.roster import person_of
from tests.oracle.walk import Entry
from tests.programs.draft import chance
from tests.programs.spelling import Value


class Site:
    """A program, its names, and the courses of people in it."""

    def __init__(self, text: str, today: date) -> None:
        self._house = house(text, today)
        self.program, self.last = self._house.program, self._house.last
        self.has_cohorts = self.program.cohorts[0].id != UNNAMED
        # Whether an absence may shift what comes after it.
        self.waits = any(phase.visits for phase in self.program.phases) or any(
            closure.extend for closure in self.program.closures
        )

    def course(self, keys: Mapping[str, Value]) -> list[Attended]:
        """Returns every day of a participant's path; none where a session has no time that day."""
        person = person_of(self.program, keys)
        try:
            return list(Walk(self._house, person).days())
        except NoTime:
            return []

    def times(self, entry: Entry) -> tuple[datetime, int]:
        """Returns when a session begins, and its minutes."""
        clock = time(entry.fate.start // 60, entry.fate.start % 60)
        return datetime.combine(entry.fate.day, clock, self.program.zone), entry.fate.minutes

    def track_name(self, rng: Random, track: str) -> str:
        """Names a track by its id or its title."""
        found = next(one for one in self.program.tracks if one.id == track)
        return found.name if chance(rng, 0.3) else track

    def phase_name(self, rng: Random, phase: str) -> str:
        """Names a phase by its id or its name, at times in other letters."""
        name = next(one.name for one in self.program.phases if one.id == phase)
        return rng.choice([phase, name, name, name.lower() if name.isascii() else name])

    def session_name(self, rng: Random, session: str) -> str:
        """Names a session by its id or its name, at times in other letters."""
        name = next(one.name for one in self.program.sessions if one.id == session)
        return rng.choice([session, name, name, name.lower() if name.isascii() else name])
