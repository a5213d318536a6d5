"""Which phase, week and visit each day of a path is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from iopcal.model import Counts, Days, Path, Phase, Program, Taper, Track
from iopcal.named_tuple import NamedTuple
from iopcal.tapers import days_per_week

LONGEST_PHASE = 260  # weeks
LONGEST_SPAN = 5  # years
LAST_YEAR = 2100
GROUP = -1  # in place of a phase on the days of a rolling program's group, which has none

_DAY = timedelta(days=1)
_AHEAD = timedelta(days=182)
_QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))
_YEAR = 53  # weeks, begun ones too


class PathDay(NamedTuple):
    """One day of a path. Weeks count from 1; `visits` and `phase_visits` are those before this day."""

    day: date
    week: int  # of the path
    phase: int  # place in the program's phases, or GROUP
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
    """Returns every path of the program: each cohort in each of its tracks; of a rolling one, its groups."""
    if program.admission == "rolling":
        return tuple(Path("", track.id, program.starts) for track in program.tracks)
    return tuple(
        Path(cohort.id, track, cohort.starts) for cohort in program.cohorts for track in cohort.tracks
    )


def horizon(program: Program, today: date) -> date:
    """Returns the last day published: of a program that is not rolling, one far behind its end.

    Of a rolling one without `until` it is the first end of a quarter that lies 182 days or more after
    `today`: so daily runs do not change every series.
    """
    if program.admission != "rolling":
        return date(LAST_YEAR, 12, 31)
    if program.until is not None:
        return program.until
    ends = (date(today.year + later, *end) for later in (0, 1) for end in _QUARTERS)
    return next(end for end in ends if end >= today + _AHEAD)


def is_too_far(first: date, day: date) -> bool:
    """Says whether `day` is further from the first day of a program than any program may run."""
    five_years_back = (day.year - LONGEST_SPAN, day.month, day.day)
    return day.year > LAST_YEAR or five_years_back > (first.year, first.month, first.day)


def first_day(program: Program, track: Track, starts: date) -> PathDay | None:
    """Returns the first day of a path; None where every phase is over before it begins."""
    return enter(program, track, 0, starts, starts, 0)


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
        return enter(program, track, day.phase + 1, tomorrow, starts, visits)
    week = (tomorrow - starts).days // 7 + 1
    weekdays = day.weekdays
    if phase_week != day.phase_week:
        weekdays = phase_weekdays(phase, track, day.phase_starts, phase_week)
    return PathDay(
        tomorrow, week, day.phase, day.phase_starts, phase_week, weekdays, visits, phase_visits, owed
    )


def enter(
    program: Program, track: Track, number: int, day: date, starts: date, visits: int
) -> PathDay | None:
    """Returns `day` as the first of a phase: the one at `number`, or the next that is not over by then."""
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
    return 0 < phase.weeks < week and owed <= 0  # one without `weeks` has no end


def usual_days(program: Program, track: Track) -> Iterator[PathDay]:
    """Yields the days of somebody who begins on the program's first day and misses none.

    At most the weeks of the longest phase, and the first year of one without end.
    """
    starts = program.starts
    day = first_day(program, track, starts)
    while day is not None and day.week <= LONGEST_PHASE:
        phase = program.phases[day.phase]
        if phase.endless and day.phase_week > _YEAR:
            return
        yield day
        day = next_day(program, track, day, starts, day.meets, lost=False)


def widest_days(phase: Phase, track: Track) -> tuple[int, ...]:
    """Returns all weekdays on which the phase meets in some week."""
    if phase.days is None:
        return track.treatment_days
    if isinstance(phase.days, Days):
        return phase.days.weekdays
    numbers = phase.days.numbers if isinstance(phase.days, Counts) else (phase.days.first, phase.days.last)
    return track.treatment_days[: max(numbers)]


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
