"""One participant's days, each with what they attend and what it counts for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from iopcal import complaints
from iopcal.course import Course, CourseDay
from iopcal.curriculum import Curriculum
from iopcal.model import Activity, Participant, Path, Placing, Program, Session, Status
from iopcal.named_tuple import NamedTuple
from iopcal.outcome import Fate
from iopcal.paths import LONGEST_PHASE, PathDay, is_too_far
from iopcal.placed import placed
from iopcal.problems import Problem
from iopcal.timetable import Agenda, Placed, Row
from iopcal.visits import is_lost, is_visit
from iopcal.walk import Strand, Walker

StrandOf = Callable[[str], Strand]  # by the id of a track


class Meeting(NamedTuple):
    """One session as it is planned for a day of the participant's, whether or not they attend it."""

    slot: Placed
    fate: Fate
    own: int | None = None  # theirs alone: the place of its placing, or -1 for a visit's; None: of all
    session: Session | None = None  # of the group that holds it


class Attendee(Walker):
    """Walks the path of a participant of a cohort program, laid out as a cohort of one.

    Sessions that share a `one_of` label keep their places in the order of the day, so that times are the
    cohort's; those that they have placed take none.
    """

    def __init__(
        self, program: Program, strand_of: StrandOf, participant: Participant, path: Path, zone: ZoneInfo
    ) -> None:
        super().__init__(program, path, strand_of(participant.track), zone)
        self.days: tuple[CourseDay, ...] = ()
        self.objections: dict[int, list[Problem]] = {}  # by the place of the placing, -1 for all else
        self._strand_of = strand_of
        self._topics: dict[str, dict[str, Curriculum]] = {participant.track: self._curricula}
        self._course = Course(program, participant)
        self._chosen = dict(participant.chosen)
        self._placed: dict[str, list[tuple[int, Placing]]] = {}
        for number, placing in enumerate(participant.placed):
            self._placed.setdefault(placing.activity, []).append((number, placing))
        self._activities = [each for each in program.activities if each.id in self._placed]
        self._away = False

    def attend(self, last: date) -> None:
        """Lays out the path up to `last`, leaving its sessions in `sessions` and its days in `days`."""
        self.days = self._course.walk(last, self._attend)

    def _attend(self, day: CourseDay) -> tuple[bool, bool] | None:
        clock = day.clock
        if self._goes_too_far(clock):
            self._object(-1, [complaints.endless(self._program, clock)])
            return None
        if day.track != self._track.id:
            self._switch(day.track)
        if day.restarts:
            self._held.clear()
            for curricula in self._topics.values():
                for curriculum in curricula.values():
                    curriculum.restart()
        self._turn, self._away = day.turn, day.away
        return self._lay_out(clock)

    def _goes_too_far(self, clock: PathDay) -> bool:
        return clock.phase_week > LONGEST_PHASE or is_too_far(self._path.starts, clock.day)

    def _switch(self, track: str) -> None:
        """Goes on in another track, whose topics are counted by themselves."""
        self._follow(self._path._replace(track=track), self._strand_of(track))
        self._curricula = self._topics.setdefault(track, self._curricula)

    def _lay_out(self, day: PathDay) -> tuple[bool, bool]:
        agenda = self._timetable.agenda(day.phase, day.day, day.weekdays)
        own = list(self._own(day)) if self._activities else []
        if agenda.plain and not own and self._is_usual(agenda, day.day):
            self.sessions += self._plain_day(day, day.visits + 1 if agenda.visit else 0, agenda.placed)
            return agenda.visit, False
        visit, lost = self._gather(day, agenda.rows, own) if agenda.rows or own else (False, False)
        if not self._away:
            for session in self._added(day, day.visits + 1 if visit else 0):
                if not self._is_elsewhere(day.day, session.real.start.date()):
                    self.sessions.append(session)
        return visit, lost

    def _gather(self, day: PathDay, rows: Iterable[Row], own: list[Meeting]) -> tuple[bool, bool]:
        """Adds the sessions of one day but those added to it; returns what the day counts for."""
        rows = [row for row in rows if row.activity.id not in self._placed and self._meets(row, day)]
        meetings = [*self._meetings(day, rows), *own]
        visit, lost = self._counts(day, meetings)
        if not visit and any(each.slot.row.activity.visits and each.fate.held for each in meetings):
            rows = [row for row in rows if not row.activity.visits]
            own = [each for each in own if not each.slot.row.activity.visits]
            meetings = [*self._meetings(day, rows), *own]
            _, lost = self._counts(day, meetings)
        for meeting in sorted(meetings, key=_by_place) if own else meetings:
            self._take(day, meeting, day.visits + 1 if visit else 0)
        return visit, lost

    def _added(self, day: PathDay, visit: int) -> Iterator[Session]:
        for addition in self._additions:
            session = self._addition(day, addition, visit) if day.day in addition.span else None
            if session is not None:
                yield session

    def _is_usual(self, agenda: Agenda, day: date) -> bool:
        """Says whether the participant attends all of a day that takes place as planned."""
        if self._away or any(row.activity.one_of or row.activity.id in self._placed for row in agenda.rows):
            return False
        return self._is_plain(day) and not any(day in addition.span for addition in self._additions)

    def _counts(self, day: PathDay, meetings: Iterable[Meeting]) -> tuple[bool, bool]:
        """Says whether the day is a visit, and whether `extend` owes one for it.

        What is moved to where they are not is as good as cancelled: it stays planned for the day.
        """
        if self._away:
            return False, False
        mine = [each for each in meetings if self._is_chosen(each.slot.row.activity)]
        slots, fates = [each.slot for each in mine], [self._fate_for_them(day, each.fate) for each in mine]
        visit = is_visit(day, slots, fates)
        return visit, not visit and is_lost(day, slots, fates)

    def _fate_for_them(self, day: PathDay, fate: Fate) -> Fate:
        elsewhere = fate.held and self._is_elsewhere(day.day, fate.date)
        return fate._replace(status=Status.CANCELLED) if elsewhere else fate

    def _is_theirs(self, day: PathDay, meeting: Meeting) -> bool:
        return (
            not self._away
            and self._is_chosen(meeting.slot.row.activity)
            and not self._is_elsewhere(day.day, meeting.fate.date)
        )

    def _is_chosen(self, activity: Activity) -> bool:
        """Says whether it is the one of its label that they attend."""
        return not activity.one_of or self._chosen.get(activity.one_of) == activity.id

    def _is_elsewhere(self, planned: date, real: date) -> bool:
        """Says whether a session was moved to a day on which they are not here."""
        return real != planned and self._course.is_absent(real)

    def _meetings(self, day: PathDay, rows: list[Row]) -> Iterator[Meeting]:
        """Yields the sessions that these rows plan for the day, and what becomes of them."""
        slots, fates = self._outcomes(day, rows)
        if len(slots) < len(rows) and not self._away:
            begun = {slot.row.place for slot in slots}
            mine = (row for row in rows if row.place not in begun and self._is_chosen(row.activity))
            self._object(None, (complaints.no_time(row.activity, day.day) for row in mine))
        for slot, fate in zip(slots, fates, strict=True):
            yield Meeting(slot, fate)

    def _own(self, day: PathDay) -> Iterator[Meeting]:
        """Yields the sessions that they have at times of their own, beside the order of the day."""
        for activity in self._activities:
            for number, placing in self._placed[activity.id]:
                row = self._timetable.row_of(activity, day.phase, day.day)
                if row is None:
                    continue
                row, weekday = placed(row, placing), day.day.weekday()
                # Their own weekday is narrowed by nobody's days.
                met = day.weekdays if placing.weekday is None else (placing.weekday,)
                if self._timetable.may_meet(row, weekday, met) and super()._meets(row, day):
                    yield self._alone(row, placing.start, day, number)

    def _alone(self, row: Row, start: int, day: PathDay, own: int) -> Meeting:
        fate = self._fates.fate(row.activity.id, day.day, start, row.minutes)
        return Meeting(Placed(row, start), fate, own)

    def _take(self, day: PathDay, meeting: Meeting, visit: int) -> None:
        """Counts a meeting, and adds it to the sessions if the participant attends it.

        The topics of a room go on while they are away; those of their own sessions do not.
        """
        slot, fate = meeting.slot, meeting.fate
        activity, theirs = slot.row.activity, self._is_theirs(day, meeting)
        topic = ""
        if activity.topics and not meeting.session:
            topic = self._topic(activity, day, fate.held and (theirs or meeting.own is None))
        # What others have chosen goes on as for those.
        others = not self._away and not self._is_chosen(activity)
        if activity.times and fate.held and (theirs or others):
            self._held[activity.id] = self._held.get(activity.id, 0) + 1
        if not theirs:
            return
        if activity.one_of:
            slot = slot._replace(row=slot.row._replace(counted=slot.row.makes_visits))
        before = len(self.problems)
        session = self._told(day, meeting, slot, visit, topic)
        if len(self.problems) > before:
            self._object(meeting.own, self.problems[before:])
        if session is not None:
            self.sessions.append(session)

    def _object(self, own: int | None, problems: Iterable[Problem]) -> None:
        """Notes what is wrong; of a session of all only errors: in a sound program they are theirs alone."""
        if own is None:
            own, problems = -1, (each for each in problems if each.severity == "error")
        self.objections.setdefault(own, []).extend(problems)

    def _told(self, day: PathDay, meeting: Meeting, slot: Placed, visit: int, topic: str) -> Session | None:
        return self._session(day, slot, meeting.fate, visit, topic)


def _by_place(meeting: Meeting) -> int:
    return meeting.slot.row.place
