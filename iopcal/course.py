"""A participant's own clock: the phases of the program, and over them what really happened.

Phases follow each other as on any path. Facts are laid over that, on one day in the order track, phase, hold
or away, discharge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from iopcal.model import Days, Fact, Participant, Phase, Program, Span
from iopcal.named_tuple import NamedTuple
from iopcal.paths import PathDay, enter, next_day, phase_weekdays

_DAY = timedelta(days=1)


class CourseDay(NamedTuple):
    """One day of a participant's path. The days of a hold are none."""

    clock: PathDay
    track: str  # id
    turn: int  # which time the path is in this phase, from 1
    away: bool  # the clock runs, and nothing is attended
    restarts: bool  # path weeks, visits and `times` begin at one

    @property
    def day(self) -> date:
        """The date."""
        return self.clock.day


Attend = Callable[[CourseDay], tuple[bool, bool] | None]
"""Is told each day. Says whether it was a visit and whether `extend` owes one; None: no day follows."""


class Course:
    """The way of one participant through a program, to be walked once."""

    def __init__(self, program: Program, participant: Participant) -> None:
        own, first = participant.days, participant.starts
        facts = [fact for fact in participant.facts if fact.span.last >= first]  # the others come too early
        phases = tuple(_narrowed(phase, own) for phase in program.phases) if own else program.phases
        self._program = program._replace(phases=phases)
        self._tracks = {
            track.id: track._replace(treatment_days=own) if own else track for track in program.tracks
        }
        self._numbers = {phase.id: number for number, phase in enumerate(program.phases)}
        self._holds = tuple(fact.span for fact in facts if fact.kind == "hold")
        self._aways = tuple(fact.span for fact in facts if fact.kind == "away")
        self._stays = tuple(_stays(first, facts))
        self._last_move = max((fact.span.first for fact in facts if fact.kind == "phase"), default=date.min)
        self._facts: dict[date, list[Fact]] = {}
        for fact in facts:
            self._facts.setdefault(fact.span.first, []).append(fact)

        self._first = self._starts = first  # `_starts` moves with every day of a hold
        self._track = self._tracks[participant.track]
        self._clock: PathDay | None = None
        self._target: int | None = 0  # the phase that begins on the next day that is no hold
        self._restarts = True  # with the next day that exists
        self._held = False  # since the last day that existed
        self._turns: dict[int, int] = {}
        self._visits = 0

    def is_absent(self, day: date) -> bool:
        """Says whether `day` is before the start, in a hold or an absence, or after a discharge."""
        here = any(day in stay for stay in self._stays)
        return not here or _within(day, self._holds) or _within(day, self._aways)

    def walk(self, last: date, attend: Attend) -> tuple[CourseDay, ...]:
        """Returns the days of the path up to `last`, telling `attend` of each."""
        days: list[CourseDay] = []
        outcome = False, False
        today = self._first
        while today <= last and (self._is_under_way() or today <= self._last_move):
            self._move(today)
            if _within(today, self._holds):
                self._hold()
            else:
                day = self._step(today, outcome)
                if day is not None:
                    found = attend(day)
                    if found is None:
                        break
                    outcome = found
                    self._visits = day.clock.visits + outcome[0]
                    days.append(day)
            self._leave(today)
            today += _DAY
        return tuple(days)

    def _is_under_way(self) -> bool:
        return self._clock is not None or self._target is not None

    def _move(self, today: date) -> None:
        """Changes track and phase."""
        for fact in self._facts.get(today, ()):
            if fact.kind == "track":
                self._track = self._tracks[fact.value]
                if self._clock is not None and not self._held:  # a hold may outlast the phase
                    self._clock = self._anew(self._clock)
            elif fact.kind == "phase":
                self._target = self._numbers[fact.value]
                if self._target == 0:
                    self._restarts, self._starts, self._visits = True, today, 0

    def _leave(self, today: date) -> None:
        """Ends the path with its discharge; a phase may begin it again."""
        if any(fact.kind == "discharge" for fact in self._facts.get(today, ())):
            self._clock = self._target = None

    def _hold(self) -> None:
        """Lets all clocks stand still for a day."""
        self._held = True
        self._starts += _DAY
        if self._clock is not None:
            clock = self._clock
            self._clock = clock._replace(day=clock.day + _DAY, phase_starts=clock.phase_starts + _DAY)

    def _step(self, today: date, outcome: tuple[bool, bool]) -> CourseDay | None:
        """Goes on to `today`; None where the path has ended."""
        if self._target is not None:
            clock = enter(self._program, self._track, self._target, today, self._starts, self._visits)
        elif self._clock is not None:
            clock = next_day(self._program, self._track, self._clock, self._starts, *outcome)
        else:
            return None
        self._clock, self._target = clock, None
        if clock is None:
            return None
        restarts, held = self._restarts, self._held
        self._restarts = self._held = False
        if clock.phase_starts == today:
            self._turns[clock.phase] = self._turns.get(clock.phase, 0) + 1
        elif held:
            # A phase with `until` has fewer weeks now, and tapers by those.
            clock = self._clock = self._anew(clock)
        return CourseDay(
            clock, self._track.id, self._turns[clock.phase], _within(today, self._aways), restarts
        )

    def _anew(self, clock: PathDay) -> PathDay:
        """Returns a day with the weekdays on which its phase meets, should they be others now."""
        phase = self._program.phases[clock.phase]
        weekdays = phase_weekdays(phase, self._track, clock.phase_starts, clock.phase_week)
        return clock._replace(weekdays=weekdays)


def _narrowed(phase: Phase, own: tuple[int, ...]) -> Phase:
    """Returns a phase that gives weekdays with those of a participant's own days only."""
    if not isinstance(phase.days, Days):
        return phase
    kept = tuple(weekday for weekday in phase.days.weekdays if weekday in own)
    return phase._replace(days=phase.days._replace(weekdays=kept))


def _stays(starts: date, facts: Iterable[Fact]) -> Iterator[Span]:
    """Yields the times between the start or a return and a discharge."""
    first: date | None = starts
    for fact in facts:
        if fact.kind == "discharge" and first is not None:
            yield Span(first, fact.span.first)
            first = None
        elif fact.kind == "phase" and first is None:
            first = fact.span.first
    if first is not None:
        yield Span(first, date.max)


def _within(day: date, spans: Iterable[Span]) -> bool:
    return any(first <= day <= last for first, last in spans)
