"""One path, walked day by day: each day's sessions depend on what was held before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from iopcal import complaints
from iopcal.calendar_days import DayBook
from iopcal.clock_changes import doubtful_end, is_even
from iopcal.curriculum import Curriculum
from iopcal.model import (
    Activity,
    Addition,
    Appearance,
    Ordinal,
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
from iopcal.timetable import MIDNIGHT, Placed, Row, Timetable, is_treatment_day


class Walker:
    """Walks one path; what a day needs to know of the days before it stands here."""

    def __init__(self, program: Program, path: Path, track: Track, zone: ZoneInfo) -> None:
        self.sessions: list[Session] = []
        self.problems: list[Problem] = []
        self.used: set[Place] = set()
        self._program, self._path, self._track, self._zone = program, path, track, zone
        self._timetable = Timetable(program, path, track)
        self._fates = Fates(program, path, DayBook(program.closures, program.holidays, path))
        self._additions = [
            addition
            for addition in program.additions
            if path.within(addition.activity.tracks, addition.cohorts)
        ]
        self._held: dict[str, int] = {}
        self._curricula = {row.id: Curriculum(row.topics) for row in program.activities if row.topics}
        self._late: date | None = None

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
            phase = self._program.phases[day.phase].id
            number = day.visits + 1 if agenda.visit else 0
            self.sessions += plain_day(
                day, self._path, phase, number, agenda.placed, self._curricula, self._zone
            )
            return agenda.visit, False
        rows = [row for row in agenda.rows if self._meets(row, day)]
        slots, fates = self._outcomes(day, rows)
        visit = _is_visit(day, slots, fates)
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
            self._add_addition(day, addition, number)
        return visit, not visit and _is_lost(day, slots, fates)

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
        if activity.monthly and not _is_nth(day.day, activity.monthly):
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
        row, activity = slot.row, slot.row.activity
        topic = ""
        if activity.topics:
            curriculum = self._curricula[activity.id]
            topic = curriculum.topic(day.day.weekday(), day.week)
            curriculum.count(day.day.weekday(), day.week, fate.held)
        if activity.times and fate.held:
            self._held[activity.id] = self._held.get(activity.id, 0) + 1
        if slot.start >= MIDNIGHT:
            self._too_late(activity, activity.place, day.day, slot.start)
            return
        planned = Appearance(
            self._at(day.day, slot.start), row.minutes, row.name, topic,
            row.leads, row.room, row.location, row.link, row.notes,
        )  # fmt: skip
        real = planned
        if fate.edits or fate.telehealth or fate.date != day.day:
            real = self._real(planned, fate)
        self._check(activity, day, fate, real)
        self.sessions.append(
            Session(
                real, day.day, activity, self._path, self._program.phases[day.phase].id, 1, day.week,
                day.phase_week, visit, fate.status, planned, fate.why, _cause(row, fate), row.counted,
            )
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

    def _add_addition(self, day: PathDay, addition: Addition, visit: int) -> None:
        phase = self._program.phases[day.phase].id
        activity = addition.activity
        if activity.phases and phase not in activity.phases:
            return
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
        self.sessions.append(
            Session(
                real, day.day, activity, self._path, phase, 1, day.week, day.phase_week, visit,
                fate.status, None, fate.why or addition.why,
                fate.cause if fate.cause.line else addition.place, counted,
            )
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


def _is_nth(day: date, ordinals: Iterable[Ordinal]) -> bool:
    """Says whether the day is one of these weekdays of its month."""
    nth = (day.day - 1) // 7 + 1
    last = (day + timedelta(days=7)).month != day.month
    return any(
        day.weekday() == ordinal.weekday and (ordinal.nth == nth or (ordinal.nth == -1 and last))
        for ordinal in ordinals
    )


def _is_visit(day: PathDay, slots: Sequence[Placed], fates: Sequence[Fate]) -> bool:
    """Says whether a day the phase meets is a visit: a counted, not optional session takes place."""
    if not is_treatment_day(day.day.weekday(), day.weekdays, slots):
        return False
    return any(fate.held and slot.row.makes_visits for slot, fate in zip(slots, fates, strict=True))


def _is_lost(day: PathDay, slots: Sequence[Placed], fates: Sequence[Fate]) -> bool:
    """Says whether a line with `extend` took the visit this day would have been."""
    if not is_treatment_day(day.day.weekday(), day.weekdays, slots):
        return False
    taken = [
        (slot, fate)
        for slot, fate in zip(slots, fates, strict=True)
        if fate.status is Status.CLOSED and not any(line.cancel for line in fate.edits)
    ]
    extends = any(line.extend and not line.telehealth for _, fate in taken for line in fate.closures)
    return extends and any(slot.row.makes_visits for slot, _ in taken)
