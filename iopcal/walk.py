"""One path, walked day by day: each day's sessions depend on what was held before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from iopcal import complaints
from iopcal.calendar_days import DayBook, is_nth
from iopcal.clock_changes import doubtful_end, is_even
from iopcal.curriculum import Curriculum
from iopcal.model import (
    Activity,
    Addition,
    Appearance,
    Path,
    Place,
    Program,
    Session,
    Status,
    Track,
)
from iopcal.outcome import Fate, Fates, edited
from iopcal.paths import LONGEST_PHASE, PathDay, first_day, is_too_far, next_day
from iopcal.plain_day import plain_day, time_of
from iopcal.problems import Problem
from iopcal.timetable import MIDNIGHT, Placed, Row, Timetable
from iopcal.visits import is_lost, is_visit


class Strand:
    """What holds for everybody of one cohort in one track: timetable, closed days and changes."""

    def __init__(
        self, program: Program, path: Path, track: Track, timetable: Timetable | None = None
    ) -> None:
        self.track = track
        self.timetable = timetable or Timetable(program, path, track)
        self.fates = Fates(program, path, DayBook(program.closures, program.holidays, path))
        self.additions = tuple(
            addition
            for addition in program.additions
            if path.within(addition.activity.tracks, addition.cohorts)
        )


class Walker:
    """Walks one path; what a day needs to know of the days before it stands here."""

    def __init__(self, program: Program, path: Path, strand: Strand, zone: ZoneInfo) -> None:
        self.sessions: list[Session] = []
        self.problems: list[Problem] = []
        self.used: set[Place] = set()
        self._program, self._zone = program, zone
        self._phases = tuple(phase.id for phase in program.phases)
        self._turn = 1
        self._held: dict[str, int] = {}
        self._late: date | None = None
        self._follow(path, strand)

    def _follow(self, path: Path, strand: Strand) -> None:
        """Goes on in this track, in which all topics begin."""
        self._path, self._track = path, strand.track
        self._timetable, self._fates, self._additions = strand.timetable, strand.fates, strand.additions
        rows = self._program.activities
        self._curricula = {row.id: Curriculum(row.topics) for row in rows if row.topics}

    def walk(self, budget: int) -> Iterator[PathDay]:
        """Yields the days of the path, leaving their sessions in `sessions`, until they exceed `budget`."""
        starts = self._path.starts
        day = first_day(self._program, self._track, starts)
        while day is not None:
            if day.phase_week > LONGEST_PHASE or is_too_far(starts, day.day):
                self.problems.append(complaints.endless(self._program, day))
                return
            visit, lost = self._lay_out(day)
            yield day
            if len(self.sessions) > budget:
                return
            day = next_day(self._program, self._track, day, starts, visit, lost)

    def _lay_out(self, day: PathDay) -> tuple[bool, bool]:
        """Adds the sessions of one day; returns whether it was a visit, and whether `extend` owes one."""
        agenda = self._timetable.agenda(day.phase, day.day, day.weekdays)
        additions = [each for each in self._additions if day.day in each.span] if self._additions else ()
        if not agenda.rows and not additions:
            return False, False
        if agenda.plain and not additions and self._is_plain(day.day):
            number = day.visits + 1 if agenda.visit else 0
            self.sessions += self._plain_day(day, number, agenda.placed)
            return agenda.visit, False
        rows = [row for row in agenda.rows if self._meets(row, day)]
        slots, fates = self._outcomes(day, rows)
        visit = is_visit(day, slots, fates)
        if not visit and any(
            slot.row.activity.visits and fate.held for slot, fate in zip(slots, fates, strict=True)
        ):
            # The day takes no number, so what is held on a numbered visit is not held here.
            rows = [row for row in rows if not row.activity.visits]
            slots, fates = self._outcomes(day, rows)
        number = day.visits + 1 if visit else 0
        for slot, fate in zip(slots, fates, strict=True):
            self._add(day, slot, fate, number)
        for addition in additions:
            session = self._addition(day, addition, number)
            if session is not None:
                self.sessions.append(session)
        return visit, not visit and is_lost(day, slots, fates)

    def _plain_day(self, day: PathDay, visit: int, slots: Iterable[Placed]) -> Iterator[Session]:
        phase = self._phases[day.phase]
        return plain_day(day, self._path, phase, self._turn, visit, slots, self._curricula, self._zone)

    def _is_plain(self, day: date) -> bool:
        """Says whether nothing is closed or changed on `day`, and no clocks change."""
        return self._fates.is_planned(day) and is_even(day, self._zone)

    def _outcomes(self, day: PathDay, rows: Sequence[Row]) -> tuple[tuple[Placed, ...], list[Fate]]:
        slots = self._timetable.lay_out(day.phase, day.day, rows) if rows else ()
        if len(slots) < len(rows):
            without = next(row for row in rows if all(slot.row is not row for slot in slots))
            self.problems.append(complaints.no_time(without.activity, day.day))
        fate = self._fates.fate
        return slots, [fate(slot.row.activity.id, day.day, slot.start, slot.row.minutes) for slot in slots]

    def _meets(self, row: Row, day: PathDay) -> bool:
        """Says whether a row of its weekday is planned for the day, were it the path's next visit."""
        activity = row.activity
        if (day.phase_week - 1) % row.every:
            return False
        if row.monthly and not is_nth(day.day, row.monthly):
            return False
        if activity.weeks and not any(first <= day.week and (not last or day.week <= last)
                                      for first, last in activity.weeks):  # fmt: skip
            return False
        if activity.visits:
            visit = day.visits + 1
            numbered = any(first <= visit and (not last or visit <= last) for first, last in activity.visits)
            if not numbered or day.day.weekday() not in day.weekdays:
                return False
        if activity.times and self._held.get(activity.id, 0) >= activity.times:
            return False
        if row.changes:
            self.used.update(change.place for change in row.changes)
        return not row.ended

    def _add(self, day: PathDay, slot: Placed, fate: Fate, visit: int) -> None:
        activity = slot.row.activity
        topic = self._topic(activity, day, fate.held) if activity.topics else ""
        if activity.times and fate.held:
            self._held[activity.id] = self._held.get(activity.id, 0) + 1
        session = self._session(day, slot, fate, visit, topic)
        if session is not None:
            self.sessions.append(session)

    def _topic(self, activity: Activity, day: PathDay, held: bool) -> str:
        """Returns the topic of an occurrence, which is then counted."""
        curriculum, weekday = self._curricula[activity.id], day.day.weekday()
        topic = curriculum.topic(weekday, day.week)
        curriculum.count(weekday, day.week, held)
        return topic

    def _session(self, day: PathDay, slot: Placed, fate: Fate, visit: int, topic: str) -> Session | None:
        """Returns a planned session with what became of it; None where it cannot begin on its day."""
        row, activity = slot.row, slot.row.activity
        if slot.start >= MIDNIGHT:
            self._too_late(activity, activity.place, day.day, slot.start)
            return None
        planned = Appearance(
            self._at(day.day, slot.start), row.minutes, row.name, topic,
            row.leads, row.room, row.location, row.link, row.notes,
        )  # fmt: skip
        real = planned
        if fate.edits or fate.telehealth or fate.date != day.day:
            real = self._real(planned, fate)
        self._check(activity, day, fate, real)
        return Session(
            real, day.day, activity, self._path, self._phases[day.phase], self._turn, day.week,
            day.phase_week, visit, fate.status, planned, fate.why, _cause(row, fate), row.counted,
        )  # fmt: skip

    def _real(self, planned: Appearance, fate: Fate) -> Appearance:
        """Returns a session's appearance after the `on` changes and closures that touch it."""
        edits = fate.edits
        leads = [line.edit.leads for line in edits if line.edit.leads is not None]
        return Appearance(
            self._at(fate.date, fate.clock),
            fate.minutes,
            edited(edits, attrgetter("edit.name"), planned.name),
            planned.topic,
            leads[-1] if leads else planned.leads,
            edited(edits, attrgetter("edit.room"), "" if fate.telehealth else planned.room),
            edited(edits, attrgetter("edit.location"), "" if fate.telehealth else planned.location),
            edited(edits, attrgetter("edit.link"), planned.link),
            edited(edits, attrgetter("edit.notes"), planned.notes),
        )

    def _addition(self, day: PathDay, addition: Addition, visit: int) -> Session | None:
        """Returns an added session; None where its phases leave the path out."""
        phase, activity = self._phases[day.phase], addition.activity
        if phase and activity.phases and phase not in activity.phases:
            return None
        own = next(each for each in activity.placements if each.track == self._track.id)
        start, minutes = own.start or 0, own.minutes or 0  # both are given on each of its tracks
        self.used.add(addition.place)
        fate = self._fates.fate_of_addition(day.day, start, minutes)
        track = self._track
        real = Appearance(
            self._at(fate.date, start), minutes, activity.name, "", activity.leads,
            activity.room or track.room,
            activity.location or track.location or self._program.location,
            activity.link or track.link or self._program.link,
            activity.notes,
        )  # fmt: skip
        if fate.closures:
            real = self._real(real, fate)
        self._check(activity, day, fate, real)
        counted = activity.counts and not activity.optional
        return Session(
            real, day.day, activity, self._path, phase, self._turn, day.week, day.phase_week, visit,
            fate.status, None, fate.why or addition.why,
            fate.cause if fate.cause.line else addition.place, counted,
        )  # fmt: skip

    def _at(self, day: date, clock: int) -> datetime:
        return datetime.combine(day, time_of(clock), self._zone)

    def _check(self, activity: Activity, day: PathDay, fate: Fate, real: Appearance) -> None:
        """Objects to a session that ends after midnight or touches an hour that clocks skip or repeat."""
        place = fate.cause if fate.cause.line else activity.place
        changes = fate.edits or fate.void
        if changes:
            self.used.update(line.place for line in changes)
        if fate.closures:
            self.used.update(line.place for line in fate.closures)
            self.problems += complaints.of_closures(activity, day.day, fate, real.link)
        if not fate.held and fate.status is not Status.CANCELLED:
            return
        ends = fate.clock + fate.minutes
        if ends > MIDNIGHT:
            self._too_late(activity, place, fate.date, fate.clock)
        elif not is_even(fate.date, self._zone) or (
            ends == MIDNIGHT and not is_even(fate.date + timedelta(days=1), self._zone)
        ):
            start = self._at(fate.date, fate.clock)
            wall = doubtful_end(start, fate.minutes)
            if wall is not None:
                self.problems.append(complaints.doubtful_hour(activity, place, start, fate.minutes, wall))

    def _too_late(self, activity: Activity, place: Place, day: date, start: int) -> None:
        """Objects to a session that ends after midnight; what follows it that day has the same cause."""
        if self._late != day:
            self._late = day
            self.problems.append(complaints.after_midnight(activity, place, day, start))


def _cause(row: Row, fate: Fate) -> Place:
    """Returns the line that made the session other than `sessions` and `phases` say."""
    if row.changes and not fate.cause.line and fate.held:
        return row.changes[-1].place
    return fate.cause
