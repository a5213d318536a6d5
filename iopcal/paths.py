"""Which phase, week and visit each day of a path is."""

from __future__ import annotations

from datetime import date, timedelta

from iopcal.model import Counts, Days, Path, Phase, Program, Taper, Track
from iopcal.named_tuple import NamedTuple
from iopcal.tapers import days_per_week

LONGEST_PHASE = 260  # weeks
LONGEST_SPAN = 5  # years
LAST_YEAR = 2100

_DAY = timedelta(days=1)


class PathDay(NamedTuple):
    """One day of a path. Weeks count from 1; `visits` and `phase_visits` are those before this day."""

    day: date
    week: int  # of the path
    phase: int  # place in the program's phases
    phase_starts: date
    phase_week: int
    weekdays: tuple[int, ...]  # on which the phase meets this week
    visits: int
    phase_visits: int
    owed: int  # visits that `extend` has still to make up

    @property
    def meets(self) -> bool:
        """Whether the phase meets on this day."""
        return self.day.weekday() in self.weekdays


def paths(program: Program) -> tuple[Path, ...]:
    """Returns every path of the program: each cohort in each of its tracks."""
    return tuple(
        Path(cohort.id, track, cohort.starts) for cohort in program.cohorts for track in cohort.tracks
    )


def is_too_far(first: date, day: date) -> bool:
    """Says whether `day` is further from the first day of a program than any program may run."""
    five_years_back = (day.year - LONGEST_SPAN, day.month, day.day)
    return day.year > LAST_YEAR or five_years_back > (first.year, first.month, first.day)


def first_day(program: Program, track: Track, starts: date) -> PathDay | None:
    """Returns the first day of a path; None where every phase is over before it begins."""
    return _enter(program, track, 0, starts, starts, 0)


def next_day(
    program: Program, track: Track, day: PathDay, starts: date, visit: bool, lost: bool
) -> PathDay | None:
    """Returns the day after `day`, or None when the path ends with it.

    `visit`: the day was a visit. `lost`: a closure with `extend` took the visit it would have been.
    """
    phase = program.phases[day.phase]
    visits, phase_visits, owed = day.visits + visit, day.phase_visits + visit, day.owed
    if phase.weeks:
        owed += -visit if day.phase_week > phase.weeks else lost
    tomorrow = day.day + _DAY
    phase_week = (tomorrow - day.phase_starts).days // 7 + 1
    if _is_over(phase, tomorrow, phase_week, phase_visits, owed):
        return _enter(program, track, day.phase + 1, tomorrow, starts, visits)
    week = (tomorrow - starts).days // 7 + 1
    weekdays = day.weekdays
    if phase_week != day.phase_week:
        weekdays = phase_weekdays(phase, track, day.phase_starts, phase_week)
    return PathDay(
        tomorrow, week, day.phase, day.phase_starts, phase_week, weekdays, visits, phase_visits, owed
    )


def _enter(
    program: Program, track: Track, number: int, day: date, starts: date, visits: int
) -> PathDay | None:
    for place in range(number, len(program.phases)):
        phase = program.phases[place]
        if phase.until is None or phase.until >= day:
            week = (day - starts).days // 7 + 1
            weekdays = phase_weekdays(phase, track, day, 1)
            return PathDay(day, week, place, day, 1, weekdays, visits, 0, 0)
    return None


def _is_over(phase: Phase, day: date, week: int, visits: int, owed: int) -> bool:
    """Says whether the phase has ended before `day`, in what would be its `week`."""
    if phase.visits:
        return visits >= phase.visits
    if phase.until is not None:
        return day > phase.until
    return week > phase.weeks and owed <= 0


def phase_length(phase: Phase, starts: date) -> int:
    """Returns the weeks a phase is laid out for; 0 when visits decide."""
    if phase.until is not None:
        return (phase.until - starts).days // 7 + 1
    return phase.weeks


def phase_weekdays(phase: Phase, track: Track, starts: date, week: int) -> tuple[int, ...]:
    """Returns the weekdays on which the phase meets in its `week` (from 1); none in a week off."""
    if (week - 1) % phase.every:
        return ()
    if phase.days is None:
        return track.treatment_days
    if isinstance(phase.days, Days):
        return phase.days.weekdays
    numbers = days_a_week(phase.days, phase_length(phase, starts))
    return track.treatment_days[: numbers[min(week, len(numbers)) - 1]]


def days_a_week(days: Counts | Taper, weeks: int) -> tuple[int, ...]:
    """Returns the number of treatment days of each week; the last one holds for later weeks."""
    if isinstance(days, Counts):
        return days.numbers
    return days_per_week(days.rule, days.first, days.last, weeks)
