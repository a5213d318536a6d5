"""A participant of a rolling program: what of the group's sessions is theirs, and what they alone have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from iopcal.attendee import Attendee, Meeting, StrandOf
from iopcal.model import Participant, Path, Program, Session
from iopcal.named_tuple import NamedTuple
from iopcal.outcome import Fate
from iopcal.paths import PathDay
from iopcal.timetable import Agenda, Placed, Row


class Gathering(NamedTuple):
    """What the group of a track has planned for one day: sessions with their fates, by id; and added ones."""

    planned: Mapping[str, tuple[Session, Fate]]
    added: tuple[Session, ...]


class Joiner(Attendee):
    """Walks the path of a participant of a rolling program, who joins in what the group holds."""

    def __init__(
        self,
        program: Program,
        strand_of: StrandOf,
        participant: Participant,
        path: Path,
        zone: ZoneInfo,
        gathering: Callable[[str, date], Gathering],
    ) -> None:
        super().__init__(program, strand_of, participant, path, zone)
        self._gathering = gathering

    def _goes_too_far(self, clock: PathDay) -> bool:
        return False  # the last day published ends it

    def _lay_out(self, day: PathDay) -> tuple[bool, bool]:
        return super()._lay_out(day) if day.day >= self._program.starts else (False, False)

    def _is_usual(self, agenda: Agenda, day: date) -> bool:
        return False

    def _meets(self, row: Row, day: PathDay) -> bool:
        """Says whether the day is one of theirs; `every` of a group's session counts the group's weeks."""
        if row.every > 1 and not row.activity.visits:
            if (day.day - self._program.starts).days // 7 % row.every:
                return False
            row = row._replace(every=1)
        return super()._meets(row, day)

    def _meetings(self, day: PathDay, rows: list[Row]) -> Iterator[Meeting]:
        """Yields what the group holds of these rows, and what belongs to a visit of their own."""
        planned = self._gathering(self._track.id, day.day).planned
        for row in rows:
            if row.activity.visits:
                assert row.start is not None  # needed of it in a rolling program
                yield self._alone(row, row.start, day, -1)
            elif row.activity.id in planned:
                session, fate = planned[row.activity.id]
                yield Meeting(Placed(row, fate.clock), fate, None, session)

    def _added(self, day: PathDay, visit: int) -> Iterator[Session]:
        phase = self._phases[day.phase]
        for session in self._gathering(self._track.id, day.day).added:
            if not session.activity.phases or phase in session.activity.phases:
                yield self._shared(day, session, visit, session.counted)

    def _told(self, day: PathDay, meeting: Meeting, slot: Placed, visit: int, topic: str) -> Session | None:
        if meeting.session is None:
            return super()._told(day, meeting, slot, visit, topic)
        return self._shared(day, meeting.session, visit, slot.row.makes_visits)

    def _shared(self, day: PathDay, session: Session, visit: int, counted: bool) -> Session:
        """Returns the group's session as one of this path."""
        return Session(
            session.real, session.date, session.activity, self._path, self._phases[day.phase], self._turn,
            day.week, day.phase_week, visit, session.status, session.planned, session.why, session.cause,
            counted,
        )  # fmt: skip
