"""A program with what is the same for everybody in it, each thing found out once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from tests.oracle.fate import PublicHolidays
from tests.oracle.load import load
from tests.oracle.program import Phase, Program, Session
from tests.oracle.rolling import Meeting, gatherings, last_day
from tests.oracle.timetable import Keys, Path, allowed, keys_on

Room = Mapping[str, Mapping[date, Mapping[str, Meeting]]]
"""What the group of a rolling program plans: by track, day and session."""


class House:
    """Of a rolling program `room` is what is held whoever comes, up to `last`; of any other both are None."""

    def __init__(self, program: Program, today: date | None) -> None:
        self.program, self.public = program, PublicHolidays(program)
        self.last = last_day(program, today) if program.rolling else None
        self.room = self._room(self.last) if self.last is not None else None
        self._later = sorted(change.since for change in program.changes if change.since is not None)
        self._planned: dict[tuple[str, str, frozenset[str], int], list[tuple[Session, Keys]]] = {}

    def _room(self, last: date) -> Room:
        return {
            track.id: {
                one.day: {meeting.session.id: meeting for meeting in one.meetings}
                for one in gatherings(self.program, self.public, track, last)
            }
            for track in self.program.tracks
        }

    def possible(self, phase: Phase, path: Path, day: date) -> list[tuple[Session, Keys]]:
        """The sessions that the phase and the track allow, with the keys that hold on a day.

        From one `from` change to the next they are the same.
        """
        key = (phase.id, path.track.id, path.cohorts, bisect_right(self._later, day))
        if key not in self._planned:
            self._planned[key] = [
                (session, keys_on(self.program, session, phase, path, day))
                for session in self.program.sessions
                if allowed(session, phase, path.track.id)
            ]
        return self._planned[key]


@lru_cache(maxsize=4)
def house(text: str, today: date | None) -> House:
    """The house of a program as on a day, which only a rolling one without `until` needs to know."""
    return House(load(text), today)
