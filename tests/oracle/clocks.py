"""The clocks of one participant's path: which track, phase, week and visit it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from tests.oracle.program import Phase, Program
from tests.oracle.roster import Person
from tests.oracle.walk import LONGEST


class Clocks:
    """Where a person stands. Days of a hold do not exist for the weeks of path and phase."""

    def __init__(self, program: Program, person: Person) -> None:
        self.program = program
        self.track = person.track
        self.holds = sorted(person.days_of("hold"))
        self.facts = {(fact.kind, fact.days[0]): fact for fact in person.facts}
        # The path's clocks; `round` counts the restarts.
        self.begin, self.round, self.visits = person.starts, 0, 0
        # The phase's; None when the path is over.
        self.phase: Phase | None = None
        self.index, self.phase_begin, self.phase_visits, self.lost = 0, person.starts, 0, 0
        self.enter(0, person.starts)

    def turn(self, day: date) -> bool:
        """Let the track and phase of `day` begin; returns whether that is a restart."""
        if (fact := self.facts.get(("track", day))) is not None:
            self.track = next(track for track in self.program.tracks if track.id == fact.value)
        if (fact := self.facts.get(("phase", day))) is None:
            return False
        index = next(n for n, one in enumerate(self.program.phases) if one.id == fact.value)
        if index == 0:
            # A move into the program's first phase: path weeks and visits begin at one again.
            self.begin, self.round, self.visits = day, self.round + 1, 0
        self.enter(index, day)
        return index == 0

    def close(self, day: date) -> None:
        """Let what ends with `day` end: the phase, and by a discharge the path."""
        if self.has_ended(day):
            # A phase starts the day after the one before it ends.
            self.enter(self.index + 1, day + timedelta(1))
        # The last day, included.
        if self.facts.get(("discharge", day)) is not None:
            self.phase = None

    def count(self, day: date, is_visit: bool, is_lost: bool) -> None:
        """Count a day that exists."""
        self.visits += is_visit
        weeks = self.phase.weeks if self.phase else None
        if weeks is None or self.existing(self.phase_begin, day) > 7 * weeks:
            self.phase_visits += is_visit
        else:
            # Only days lost in the nominal weeks are made up, by visits after them.
            self.lost += is_lost

    def enter(self, index: int, begin: date) -> None:
        """Begin a phase at its week 1; a path that arrives after its `until` skips it."""
        phases = self.program.phases
        while index < len(phases) and (until := phases[index].until) is not None and begin > until:
            index += 1
        self.phase = phases[index] if index < len(phases) else None
        self.index, self.phase_begin, self.phase_visits, self.lost = index, begin, 0, 0

    def existing(self, first: date, day: date) -> int:
        """Days from the first to `day`, both included, that exist for the clocks: not those of a hold."""
        return (day - first).days + 1 - self.on_hold(first, day)

    def on_hold(self, first: date, last: date) -> int:
        """Days of holds from the first to the last."""
        if not self.holds:
            return 0
        return max(0, bisect_right(self.holds, last) - bisect_left(self.holds, first))

    def week_since(self, first: date, day: date) -> int:
        """Weeks are spans of 7 days that exist."""
        return (self.existing(first, day) - 1) // 7 + 1

    def weeks(self, day: date) -> int | None:
        """The nominal weeks of the phase; of an `until` phase the spans begun, of days that exist.

        What happens later changes no earlier day: a hold makes the phase shorter from its end on.
        """
        if self.phase is None:
            return None
        if self.phase.until is not None:
            lost = self.on_hold(self.phase_begin, min(day, self.phase.until))
            return ((self.phase.until - self.phase_begin).days - lost) // 7 + 1
        return self.phase.weeks

    def has_ended(self, day: date) -> bool:
        """Whether the phase ends with `day`."""
        phase = self.phase
        if phase is None:
            return False
        if phase.until is not None:
            return day == phase.until
        if day in self.holds:
            return False
        if (day - self.phase_begin).days > 7 * (LONGEST + (phase.weeks or 0)):
            return True
        if phase.visits is not None:
            return self.phase_visits == phase.visits
        if phase.weeks is None:  # the last phase of a rolling program may have no end
            return False
        # After the last week come as many held visits as `extend` closures took in those weeks.
        return self.existing(self.phase_begin, day) >= 7 * phase.weeks and self.phase_visits == self.lost
