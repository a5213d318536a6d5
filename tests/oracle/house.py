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
        self._keys: dict[tuple[str, str, str, frozenset[str], int], Keys] = {}
        self._possible: dict[tuple[str, str], list[Session]] = {}

    def _room(self, last: date) -> Room:
        return {
            track.id: {
                one.day: {meeting.session.id: meeting for meeting in one.meetings}
                for one in gatherings(self.program, self.public, track, last)
            }
            for track in self.program.tracks
        }

    def possible(self, phase: Phase, track: str) -> list[Session]:
        """The sessions that the phase and the track allow."""
        if (phase.id, track) not in self._possible:
            sessions = self.program.sessions
            self._possible[phase.id, track] = [one for one in sessions if allowed(one, phase, track)]
        return self._possible[phase.id, track]

    def keys(self, session: Session, phase: Phase, path: Path, day: date) -> Keys:
        """The keys that hold on a day: from one `from` change to the next they are the same."""
        key = (session.id, phase.id, path.track.id, path.cohorts, bisect_right(self._later, day))
        if key not in self._keys:
            self._keys[key] = keys_on(self.program, session, phase, path, day)
        return self._keys[key]


@lru_cache(maxsize=4)
def house(text: str, today: date | None) -> House:
    """The house of a program as on a day, which only a rolling one without `until` needs to know."""
    return House(load(text), today)
