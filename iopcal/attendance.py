"""What each participant attends. One person at a time: of those before, only what they share is kept."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from operator import attrgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from iopcal import doubts
from iopcal.attendee import Attendee
from iopcal.complaints import once_each
from iopcal.course import CourseDay
from iopcal.expand import Expansion
from iopcal.joiner import Gathering, Joiner
from iopcal.model import (
    Addition,
    Closure,
    Fact,
    FromChange,
    OnChange,
    Participant,
    Path,
    Place,
    Placing,
    Program,
    Session,
)
from iopcal.named_tuple import NamedTuple
from iopcal.outcome import Fate
from iopcal.paths import horizon
from iopcal.problems import NOWHERE, Problem
from iopcal.walk import Strand

Line = TypeVar("Line", Closure, OnChange, FromChange, Addition)
_KEPT = 512  # ways through the program that are remembered


class Attendance(NamedTuple):
    """What one participant attends, by start, closed sessions too; the days of their path; what is amiss."""

    sessions: tuple[Session, ...]
    days: tuple[CourseDay, ...]
    problems: tuple[Problem, ...]


class _Way(NamedTuple):
    """What all participants with the same facts have in common; problems with the placing they are about."""

    sessions: tuple[Session, ...]
    days: tuple[CourseDay, ...]
    objections: tuple[tuple[int, Problem], ...]
    used: frozenset[Place]


class Roster:
    """The participants of one program, whose groups or cohorts were expanded on the same day."""

    def __init__(self, program: Program, expansion: Expansion, today: date) -> None:
        self._program = program
        self._sessions, self._pending = expansion.sessions, expansion.pending
        self.today, self._last = today, horizon(program, today)
        self._rolling = program.admission == "rolling"
        self._zone = ZoneInfo(program.zone)
        self._strands: dict[tuple[tuple[str, ...], str], Strand] = {}
        self._by_day: dict[tuple[str, date], list[Session]] | None = None
        self._gatherings: dict[tuple[str, date], Gathering] = {}
        self._others: dict[tuple[str, date, str], list[Session]] | None = None
        self._ways: OrderedDict[Participant, _Way] = OrderedDict()
        self._used: set[Place] = set()

    def attend(self, participant: Participant) -> Attendance:
        """Returns what the participant attends, with warnings, and errors in what is only theirs."""
        way = self._way(self.likeness(participant))
        self._used |= way.used
        paths: dict[Path, Path] = {}
        for session in way.sessions:
            if session.path not in paths:
                paths[session.path] = session.path._replace(participant=participant.id)
        sessions = tuple([_on(paths[each.path], each) for each in way.sessions])
        problems = tuple(_told(participant, own, problem) for own, problem in way.objections)
        return Attendance(sessions, way.days, problems)

    def likeness(self, participant: Participant) -> Participant:
        """Returns the participant without id and places: those who are alike attend the same."""
        _, track, cohort, starts, days, chosen, placed, facts, _ = participant
        return Participant(
            "", track, cohort, starts, days, chosen,
            tuple([Placing(each.activity, each.weekday, each.start, each.leads) for each in placed]),
            tuple([Fact(each.kind, each.span, each.value) for each in facts]),
        )  # fmt: skip

    def problems(self) -> tuple[Problem, ...]:
        """Returns what is wrong with lines that touch neither groups nor those who were asked for so far."""
        pending = (problem for problem in self._pending if problem.place not in self._used)
        return (*pending, *doubts.idle_changes(self._program, self._used))

    def all_problems(self) -> tuple[Problem, ...]:
        """Returns what is wrong with what all participants attend, and with lines that touch nobody.

        Of those who are alike, the first stands for all where nothing is wrong.
        """
        found: dict[int, tuple[Problem, ...]] = {}  # by the place in the roster
        for alike in self._together():
            for number, participant in alike:
                found[number] = self.attend(participant).problems
                if not found[number]:
                    break
        return (*(problem for _, mine in sorted(found.items()) for problem in mine), *self.problems())

    def sessions_for_staff(self) -> tuple[Session, ...]:
        """Returns the sessions of groups or cohorts, and those that participants have placed, by start."""
        found: dict[int, list[Session]] = {}  # by the place in the roster
        for alike in self._together(only_placed=True):
            own = {placing.activity for placing in alike[0][1].placed}
            for number, participant in alike:
                attended = self.attend(participant).sessions
                found[number] = [session for session in attended if session.activity.id in own]
        placed = [session for _, mine in sorted(found.items()) for session in mine]
        return tuple(sorted((*self._sessions, *placed), key=_by_start)) if placed else self._sessions

    def _together(self, only_placed: bool = False) -> tuple[list[tuple[int, Participant]], ...]:
        """Returns those who are alike together, with their places in the roster: each way is found once.

        With `only_placed`, only those who have placed a session.
        """
        found: dict[Participant, list[tuple[int, Participant]]] = {}
        for number, participant in enumerate(self._program.participants):
            if participant.placed or not only_placed:
                found.setdefault(self.likeness(participant), []).append((number, participant))
        return tuple(found.values())

    def strand(self, participant: Participant, track: str) -> Strand:
        """Returns the timetable, closed days and changes that hold for the participant in a track."""
        return self._strand(self._cohorts_of(participant), track)

    def _cohorts_of(self, participant: Participant) -> tuple[str, ...]:
        """Returns the cohorts whose lines hold for the participant: theirs, or those that they begin with."""
        if participant.cohort:
            return (participant.cohort,)
        return tuple(
            cohort.id
            for cohort in self._program.cohorts
            if cohort.starts == participant.starts and participant.track in cohort.tracks
        )

    def _way(self, alike: Participant) -> _Way:
        way = self._ways.get(alike)
        if way is None:
            way = self._ways[alike] = self._find(alike)
            if len(self._ways) > _KEPT:
                self._ways.popitem(last=False)
        else:
            self._ways.move_to_end(alike)
        return way

    def _find(self, alike: Participant) -> _Way:
        cohorts = self._cohorts_of(alike)

        def strand_of(track: str) -> Strand:
            return self._strand(cohorts, track)

        path = Path(alike.cohort, alike.track, alike.starts)
        if self._rolling:
            attendee: Attendee = Joiner(self._program, strand_of, alike, path, self._zone, self._gathering)
        else:
            attendee = Attendee(self._program, strand_of, alike, path, self._zone)
        attendee.attend(self._last)
        sessions, days = tuple(sorted(attendee.sessions, key=_by_start)), attendee.days
        found = [
            *doubts.empty_phases(self._program, alike.starts, days, sessions, self._last),
            *doubts.unplaced(self._program, alike, days, strand_of),
        ]
        if not self._rolling:
            own = {placing.activity for placing in alike.placed}
            found += doubts.differences(own, cohorts, sessions, self._cohorts())
        objections = [(own, each) for own, mine in attendee.objections.items() for each in once_each(mine)]
        objections += [(-1, problem) for problem in found]
        return _Way(sessions, days, tuple(objections), frozenset(attendee.used))

    def _strand(self, cohorts: tuple[str, ...], track: str) -> Strand:
        strand = self._strands.get((cohorts, track))
        if strand is None:
            own = next(each for each in self._program.tracks if each.id == track)
            path = Path("", track, self._program.starts)
            strand = self._strands[cohorts, track] = Strand(_spoken_to(self._program, cohorts), path, own)
        return strand

    def _gathering(self, track: str, day: date) -> Gathering:
        """Returns what the group of a track has planned for `day`."""
        if self._by_day is None:
            self._by_day = {}
            for session in self._sessions:
                self._by_day.setdefault((session.path.track, session.date), []).append(session)
        found = self._gatherings.get((track, day))
        if found is None:
            sessions = self._by_day.get((track, day), ())
            planned = {each.activity.id: (each, self._fate(each)) for each in sessions if each.planned}
            added = tuple(each for each in sessions if not each.planned)
            found = self._gatherings[track, day] = Gathering(planned, added)
        return found

    def _fate(self, session: Session) -> Fate:
        seen = session.planned or session.real
        clock = seen.start.hour * 60 + seen.start.minute
        fates = self._strand((), session.path.track).fates
        return fates.fate(session.activity.id, session.date, clock, seen.minutes)

    def _cohorts(self) -> doubts.Others:
        """Returns what the cohorts hold, by track, date and session."""
        if self._others is None:
            self._others = {}
            for session in self._sessions:
                if session.held:
                    key = (session.path.track, session.date, session.activity.id)
                    self._others.setdefault(key, []).append(session)
        return self._others


def _spoken_to(program: Program, cohorts: tuple[str, ...]) -> Program:
    """Returns the program with the lines for these cohorts as lines for all, and none for others."""
    return program._replace(
        closures=_lines(program.closures, cohorts),
        on_changes=_lines(program.on_changes, cohorts),
        from_changes=_lines(program.from_changes, cohorts),
        additions=_lines(program.additions, cohorts),
    )


def _lines(lines: tuple[Line, ...], cohorts: tuple[str, ...]) -> tuple[Line, ...]:
    mine = (line for line in lines if not line.cohorts or set(line.cohorts) & set(cohorts))
    return tuple(line._replace(cohorts=()) for line in mine)


_by_start = attrgetter("real.start")


def _on(path: Path, session: Session) -> Session:
    """Returns the session on another path; `_replace` would take five times as long."""
    real, day, activity, _, phase, turn, week, phase_week, visit, status, planned, why, cause, counted = (
        session
    )
    return Session(
        real, day, activity, path, phase, turn, week, phase_week, visit, status, planned, why, cause, counted
    )


def _told(participant: Participant, own: int, problem: Problem) -> Problem:
    """Returns a problem at the line of the participant, or of their placing `own`."""
    place = participant.placed[own].place if own >= 0 else NOWHERE
    place = place if place.line else participant.place
    return problem._replace(place=place, message=f"{participant.id}: {problem.message}")
