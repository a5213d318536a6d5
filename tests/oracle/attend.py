"""What one participant attends, walked day by day along their own path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tests.oracle.clocks import Clocks
from tests.oracle.fate import Fate, fate
from tests.oracle.house import House
from tests.oracle.program import Cohort, Phase, Session
from tests.oracle.rolling import Meeting
from tests.oracle.roster import Person
from tests.oracle.timetable import Keys, Path, Planned, keys_on, lay_out, meets, phase_meets
from tests.oracle.topics import Curricula
from tests.oracle.walk import Entry, added_on, makes_a_visit
from tests.oracle.words import Days


class NoTime(ValueError):
    """Nothing says when a session begins, as the person has none of those before it."""


class Attended(NamedTuple):
    """One day from a participant's start on."""

    day: date
    state: str  # under way, hold, away, over
    phase: Phase | None  # None when the path is over
    track: str
    path_week: int
    visit: int  # its number, 0 on a day that is none
    entries: tuple[Entry, ...]


class _Row(NamedTuple):
    """A session planned for this person's path on a day."""

    session: Session
    keys: Keys
    apart: bool  # takes no part in the order of the day
    mine: bool  # not one of a `one_of` that the person did not choose
    meeting: Meeting | None  # of the group, whose times and topics hold


class _Result(NamedTuple):
    row: _Row
    plan: Planned
    end: Fate


class Walk:
    """The walk of one person. In a rolling program the group's day holds, up to the last one published."""

    def __init__(self, house: House, person: Person) -> None:
        self.house, self.program, self.public, self.person = house, house.program, house.public, person
        self.clocks = Clocks(house.program, person)
        self.holds, self.aways = person.days_of("hold"), person.days_of("away")
        self.held: Counter[str] = Counter()
        self.topics = Curricula("skip" if house.program.rolling else "postpone")
        self.paths: dict[str, Path] = {}

    def days(self) -> Iterator[Attended]:
        """Every day from the person's start to the end of their path, or to the last day published."""
        day = self.person.starts
        latest_move = max(self.person.days_of("phase"), default=date.min)
        while self.house.last is None or day <= self.house.last:
            # On one day: track, then phase, then hold or away, then discharge.
            if self.clocks.turn(day):
                self.held.clear()  # in a restart `times` begin again too
            if self.clocks.phase is None and day >= latest_move:
                return
            yield self.one(day)
            self.clocks.close(day)
            day += timedelta(1)

    def one(self, day: date) -> Attended:
        """One day, which is counted."""
        clocks = self.clocks
        track, path_week = clocks.track.id, clocks.week_since(clocks.begin, day)
        if clocks.phase is None:
            return Attended(day, "over", None, track, path_week, 0, ())
        # The days of a hold do not exist.
        if day in self.holds:
            return Attended(day, "hold", clocks.phase, track, path_week, 0, ())
        away = day in self.aways
        entries, is_visit, is_lost = self.live(clocks.phase, day, path_week, away)
        clocks.count(day, is_visit, is_lost)
        number = clocks.visits if is_visit else 0
        return Attended(day, "away" if away else "under way", clocks.phase, track, path_week, number, entries)

    def live(
        self, phase: Phase, day: date, path_week: int, away: bool
    ) -> tuple[tuple[Entry, ...], bool, bool]:
        """What the person attends, whether it is a visit, and whether it is one that `extend` gives back."""
        clocks = self.clocks
        # Who starts before the program attends from the program's start, with their own clock.
        if self.program.rolling and day < self.program.starts:
            return (), False, False
        path = self.path()
        week = clocks.week_since(clocks.phase_begin, day)
        meets_today = phase_meets(phase, clocks.track, week, clocks.weeks(day), day, self.person.days)
        rows = list(self.planned(path, phase, day, week, path_week, meets_today))
        added = self.additions(path, phase, day)
        if not rows and not added:
            return (), False, False
        # Days for which only `any` or `monthly` sessions are planned, or an added one, are no visits.
        could_be_visit = meets_today and any(
            row.mine and row.session.monthly is None and not frees(row.keys) for row in rows
        )

        def counts(result: _Result) -> bool:
            return could_be_visit and result.row.mine and makes_a_visit(result.row.session)

        def is_visit_by(results: list[_Result]) -> bool:
            return not away and any(
                counts(one) and one.end.held and self.is_theirs(day, one.end) for one in results
            )

        results = self.outcome(path, day, rows)
        is_visit = is_visit_by(results)
        if not is_visit and any(one.row.session.visits is not None and one.end.held for one in results):
            # The day takes no number, so nothing is held that belongs to a numbered visit.
            results = self.outcome(path, day, [row for row in rows if row.session.visits is None])
            is_visit = is_visit_by(results)

        # A closure took the visit that the day would have been; what is made up it did not take.
        taken = [one for one in results if one.row.mine and one.end.status == "closed"]
        is_lost = (
            not away
            and not is_visit
            and any(counts(one) and not one.end.called_off for one in taken)
            and any(closure.extend for one in taken for closure in one.end.closures)
        )
        entries = []
        for one in results + added:
            theirs = one.row.mine and not away and self.is_theirs(day, one.end)
            topic = self.topic(one, day, path_week, theirs)
            # Who is away uses up no `times`; what others chose runs on as it does for them.
            self.held[one.plan.session.id] += one.end.held and not away and (theirs or not one.row.mine)
            # Lost to a public holiday or a `closed` line: left out.
            if theirs and one.end.status != "closed":
                number = clocks.visits + 1 if is_visit else 0
                entries.append(
                    Entry(path, phase, one.plan.session, day, one.end, topic, True, number, path_week)
                )
        return tuple(entries), is_visit, is_lost

    def path(self) -> Path:
        """The person as a path: a cohort of one, in the track of the day."""
        track = self.clocks.track
        if track.id not in self.paths:
            cohort = Cohort(self.person.cohort, self.person.starts, (track.id,))
            self.paths[track.id] = Path(cohort, track, self.person.cohorts)
        return self.paths[track.id]

    def planned(
        self, path: Path, phase: Phase, day: date, week: int, path_week: int, meets_today: bool
    ) -> Iterator[_Row]:
        """The sessions planned for the person: the group's where there is one, and their own."""
        group_week = (day - self.program.starts).days // 7 + 1
        track, visit = self.clocks.track, self.clocks.visits + 1
        room = self.house.room
        in_room = room[track.id].get(day, {}) if room else {}
        for session, keys in self.house.possible(phase, path, day):
            placing = self.person.place.get(session.id)
            if not meets_today and placing is None and session.monthly is None and not frees(keys):
                continue
            in_group = self.program.rolling and placing is None and session.visits is None
            # `every` of a group session counts weeks from `starts`, else the weeks of the phase.
            every_week = group_week if in_group else week
            if placing is not None and placing.weekday is not None:
                # Weekday and time replace `days` and `at`, not narrowed by anyone's days.
                keys = keys._replace(at=placing.start, days=Days(False, (placing.weekday,)))
                if not meets_placed(session, keys, placing.weekday, day, week, path_week):
                    continue
            else:
                # A time alone changes the time.
                if placing is not None:
                    keys = keys._replace(at=placing.start)
                if not meets(session, keys, phase, track, day, every_week, path_week, meets_today):
                    continue
            # Stops after so many held occurrences on the path.
            if session.times is not None and self.held[session.id] >= session.times:
                continue
            if session.visits is not None and not (meets_today and session.visits.hold(visit)):
                continue
            # Times, topics, rooms and closures are the group's; what it does not hold nobody attends.
            if in_group and session.id not in in_room:
                continue
            apart = placing is not None or (self.program.rolling and session.visits is not None)
            mine = session.one_of is None or self.person.choose.get(session.one_of) == session.id
            yield _Row(session, keys, apart, mine, in_room[session.id] if in_group else None)

    def outcome(self, path: Path, day: date, rows: list[_Row]) -> list[_Result]:
        """Where and when what is planned takes place."""
        in_order = [] if self.program.rolling else [(row.session, row.keys) for row in rows if not row.apart]
        if in_order and in_order[0][1].at is None and self.clocks.track.day_starts is None:
            raise NoTime(f"{in_order[0][0].id} on {day}")
        order = lay_out(in_order, self.clocks.track)
        results = []
        for row in rows:
            if row.meeting is not None:
                results.append(_Result(row, row.meeting.plan, row.meeting.fate))
                continue
            plan = self.plan_apart(row) if row.apart else next(order)
            results.append(_Result(row, plan, fate(self.program, self.public, path, day, plan, False)))
        return results

    @staticmethod
    def plan_apart(row: _Row) -> Planned:
        """A session outside the order of the day has a time of its own."""
        assert row.keys.at is not None
        return Planned(row.session, row.keys.name, row.keys.at, row.keys.minutes)

    def additions(self, path: Path, phase: Phase, day: date) -> list[_Result]:
        """Added sessions belong to every path under way that day."""
        return [
            _Result(
                _Row(plan.session, keys_on(self.program, plan.session, phase, path, day), True, True, None),
                plan,
                fate(self.program, self.public, path, day, plan, True),
            )
            for plan in added_on(self.program, path, phase, day)
        ]

    def topic(self, one: _Result, day: date, path_week: int, theirs: bool) -> str:
        """The group's topic, or that of the person's own path."""
        if one.row.meeting is not None:
            return one.row.meeting.topic
        # What a room hears goes on while somebody is away; what they alone have is not held without them.
        held = one.end.held and (theirs or not one.row.apart)
        week = (self.clocks.round, path_week)
        return self.topics.show(one.row.session, self.clocks.track, day, week, held)

    def is_theirs(self, day: date, end: Fate) -> bool:
        """A moved session is theirs unless its real day is in a hold, an absence, or outside the path.

        That is before the start or after a discharge; a path's own end is cut by the planned day.
        """
        real = end.day
        if real == day:
            return True
        if real in self.holds or real in self.aways or real < self.person.starts:
            return False
        returns = self.person.days_of("phase")
        return not any(
            left < real and not any(left < back <= real for back in returns)
            for left in self.person.days_of("discharge")
        )


def frees(keys: Keys) -> bool:
    """`any` frees a session from the days of the phase."""
    return keys.days is not None and keys.days.any


def meets_placed(session: Session, keys: Keys, weekday: int, day: date, week: int, path_week: int) -> bool:
    """`every` and `weeks` still hold of a session on a weekday of the person's own."""
    return (
        day.weekday() == weekday
        and not keys.ended
        and (session.weeks is None or session.weeks.hold(path_week))
        and (week - 1) % keys.every == 0
    )
