"""What expansion objects to, in a coordinator's words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from iopcal.clock_changes import good_starts, is_skipped
from iopcal.model import (
    WEEKDAYS,
    Activity,
    Addition,
    Closure,
    FromChange,
    OnChange,
    Path,
    Place,
    Program,
    Session,
    Status,
)
from iopcal.outcome import Fate
from iopcal.paths import GROUP, LAST_YEAR, LONGEST_PHASE, PathDay, is_too_far
from iopcal.problems import Problem
from iopcal.words import DAYS, clock_words, count_words, day_words, list_words, time_words


def too_many(program: Program, sessions: int, days: int) -> Problem:
    """The program has more sessions than one run may expand, or runs on more days."""
    message = f"the program has more than {sessions:,} sessions, or runs for more than {days:,} days in all"
    hint = "split it into several programs, or shorten its phases"
    return Problem(program.place, "IOP311", message, hint)


def endless(program: Program, day: PathDay) -> Problem:
    """A phase, or the whole path, goes on longer than any program may."""
    phase = program.phases[day.phase]
    if day.phase_week > LONGEST_PHASE and phase.visits:
        message = (
            f"phase '{phase.name}' does not reach its {count_words(phase.visits, 'visit')} "
            f"in {LONGEST_PHASE} weeks"
        )
        hint = "check that a session that counts as treatment meets on its days"
        return Problem(phase.place, "IOP309", message, hint)
    if day.phase_week > LONGEST_PHASE:
        message = f"phase '{phase.name}' cannot make up its closed days in {LONGEST_PHASE} weeks"
        hint = "`extend` goes on like the phase's last week: let it meet then, or leave `extend` out"
        return Problem(phase.place, "IOP309", message, hint)
    message = f"the program is still running on {day_words(day.day)}, more than 5 years after its first day"
    if day.day.year > LAST_YEAR:
        message = f"the program is still running on {day_words(day.day)}, and iopcal ends with {LAST_YEAR}"
    return Problem(phase.place, "IOP310", message, "make its phases shorter, or split the program")


def far_apart(program: Program, first: Session, last: Session) -> Problem:
    """More than five years lie between the first and the last session of all cohorts."""
    cohorts = {cohort.id: cohort.place for cohort in program.cohorts}
    moved = next((each.cause for each in (last, first) if each.status is Status.MOVED), None)
    message = (
        f"the program runs from {day_words(first.real.start.date())} "
        f"to {day_words(last.real.start.date())}, more than 5 years"
    )
    return Problem(moved or cohorts[last.path.cohort], "IOP310", message, "make two programs of it")


def of_horizon(program: Program, last: date) -> Iterator[Problem]:
    """Objects to a rolling program of more than five years; warns of one that begins after its last day."""
    if program.admission != "rolling":
        return
    until = program.until is not None
    if is_too_far(program.starts, last):
        message = f"the program is published until {day_words(last)}, more than 5 years after its first day"
        hint = "give an earlier `until`" if until else "begin a new program, or let `starts` be a later day"
        yield Problem(program.place, "IOP310", message, hint)
    elif last < program.starts:
        message = (
            f"nothing is published yet: the groups first meet from {day_words(program.starts)} on, "
            f"and the last day published is {day_words(last)}"
        )
        hint = "nothing to do; or give `until`, the last day to be published"
        yield Problem(program.place, "IOP314", message, hint, "warning")


def no_time(activity: Activity, day: date) -> Problem:
    """Nothing says when a session begins."""
    message = f"nothing says when '{activity.name}' begins on {day_words(day)}"
    return Problem(activity.place, "IOP305", message, "give it a time with `at`, or give `day_starts`")


def after_midnight(activity: Activity, place: Place, day: date, start: int) -> Problem:
    """A session does not end on the day it begins."""
    if start >= 24 * 60:
        message = f"on {day_words(day)} there is no room for '{activity.name}' before midnight"
    else:
        message = (
            f"'{activity.name}' on {day_words(day)} begins at {clock_words(start)} and ends after midnight"
        )
    hint = "let the day begin earlier, or make it shorter: a session ends by midnight of the day it begins"
    return Problem(place, "IOP304", message, hint)


def doubtful_hour(activity: Activity, place: Place, start: datetime, minutes: int, wall: datetime) -> Problem:
    """A session begins or ends in an hour that clocks skip or repeat."""
    verb = "begins" if wall == start else "ends"
    what = "skip" if is_skipped(wall) else "repeat"
    when = f"{day_words(start.date())} at {time_words(wall)}"
    message = f"'{activity.name}' {verb} on {when}, in an hour that clocks {what} that night"
    good = [time_words(other) for other in good_starts(start, minutes)]
    hint = f"let it begin at {' or '.join(good)} that day" if good else "move it to another day"
    return Problem(place, "IOP303", message, hint)


def of_closures(activity: Activity, day: date, fate: Fate, link: str) -> Iterator[Problem]:
    """Warns of a session moved, made up or added onto a closed day, and of telehealth without a link."""
    if fate.telehealth and not link:
        message = f"'{activity.name}' takes place by telehealth on {day_words(fate.date)}, but has no link"
        yield Problem(fate.closures[-1].place, "IOP313", message, "give the session a `link`", "warning")
    chosen = [line.place for line in fate.edits if line.to is not None]
    put = fate.date
    for line in fate.closures:
        if line.make_up is not None:
            chosen.append(line.place)
            put = line.make_up.first + (put - line.span.first)
    if activity.id.startswith("add:"):
        chosen.append(activity.place)
    if fate.status is Status.CLOSED and chosen:
        message = f"'{activity.name}' is put on {day_words(put)}, which is closed, so it does not take place"
        hint = f"choose another day, or mend the closure in line {fate.cause.line}"
        yield Problem(chosen[0], "IOP312", message, hint, "warning")


def unmatched(
    program: Program,
    used: Collection[Place],
    sessions: Sequence[Session],
    walks: Mapping[Path, Sequence[PathDay]],
) -> Iterator[Problem]:
    """Every closure or change that takes or changes nothing, with when the session does meet.

    A change of a session that only participants have is no matter of the program.
    """
    activities = {activity.id: activity for activity in program.activities}
    for closure in program.closures:
        if closure.place not in used:
            mine = [each for each in sessions if each.path.within(closure.tracks, closure.cohorts)]
            yield _idle_closure(closure, mine)
    changes: tuple[OnChange | FromChange, ...] = (*program.on_changes, *program.from_changes)
    for change in changes:
        activity = activities[change.activity]
        if change.place not in used and program.has(activity):
            mine = [
                each
                for each in sessions
                if each.activity.id == activity.id and each.path.within(change.tracks, change.cohorts)
            ]
            limits = change.tracks, change.cohorts
            days = [day for path, days in walks.items() if path.within(*limits) for day in days]
            yield _no_such_day(program, change, activity, days) or _idle_change(change, activity, mine)
    for addition in program.additions:
        if addition.place not in used:
            limits = addition.activity.tracks, addition.cohorts
            days = [day for path, days in walks.items() if path.within(*limits) for day in days]
            yield _idle_addition(program, addition, days)


def _idle_closure(closure: Closure, sessions: Sequence[Session]) -> Problem:
    span = _span_words(*closure.span)
    nearest = _nearest_words("sessions meet", [each.date for each in sessions], closure.span.first)
    why, hint = f"none is planned {span}", nearest or "where it holds no session ever meets"
    planned = [each for each in sessions if each.date in closure.span]
    if planned and closure.after is None and closure.before is None:
        why, hint = f"all of {span.removeprefix('on ')} are moved to other days", "leave the line out"
    elif planned:
        starts = sorted({time_words(each.real.start) for each in planned})
        why, hint = f"none begins {_hours_words(closure)} {span}", f"they begin at {list_words(starts)}"
    return Problem(closure.place, "IOP306", f"this closure takes no session: {why}", hint)


def _hours_words(closure: Closure) -> str:
    if closure.after is None:
        return f"before {clock_words(closure.before or 0)}"
    if closure.before is None:
        return f"at {clock_words(closure.after)} or later"
    return f"between {clock_words(closure.after)} and {clock_words(closure.before)}"


def _idle_change(change: OnChange | FromChange, activity: Activity, sessions: Sequence[Session]) -> Problem:
    if isinstance(change, OnChange):
        first, when = change.span.first, _span_words(*change.span)
    else:
        first, when = change.first, f"from {day_words(change.first)} on"
        if any(each.planned is not None and each.date >= first for each in sessions):
            message = f"later lines replace all that this one changes in '{activity.name}'"
            return Problem(change.place, "IOP307", message, "remove it")
    message = f"'{activity.name}' does not meet {when}, so this line changes nothing"
    nearest = _nearest_words("it meets", [each.date for each in sessions], first)
    return Problem(change.place, "IOP307", message, nearest or "where the line holds it never meets")


def _no_such_day(
    program: Program, change: OnChange | FromChange, activity: Activity, days: Sequence[PathDay]
) -> Problem | None:
    """The weekdays that a change gives are none on which the phases of the session meet."""
    given = change.edit.days
    if not isinstance(change, FromChange) or given is None or given.any:
        return None
    phases = activity.phases
    met = {
        day.day.weekday()
        for day in days
        if day.meets and day.day >= change.first and (not phases or program.phases[day.phase].id in phases)
    }
    if not met or met.intersection(given.weekdays):
        return None
    asked = " ".join(WEEKDAYS[weekday] for weekday in given.weekdays)
    message = (
        f"with `days: {asked}` '{activity.name}' would never meet from {day_words(change.first)} on, "
        f"as its phases meet on {list_words(DAYS[weekday] for weekday in sorted(met))}"
    )
    hint = f"write `days: any {asked}` to let it meet whether or not the phase does"
    return Problem(change.place, "IOP307", message, hint)


def _idle_addition(program: Program, addition: Addition, days: Sequence[PathDay]) -> Problem:
    activity, first = addition.activity, addition.span.first
    runs = [
        day.day
        for day in days
        if not activity.phases or day.phase == GROUP or program.phases[day.phase].id in activity.phases
    ]
    limits = {"phases": activity.phases, "cohorts": addition.cohorts, "tracks": activity.tracks}
    limited = next((f"none of its {key}" for key, given in limits.items() if given), "no part of the program")
    before = max((day for day in runs if day < first), default=None)
    after = min((day for day in runs if day > first), default=None)
    when = [f"until {day_words(before)}"] if before else []
    when += [f"from {day_words(after)} on"] if after else []
    message = f"'{activity.name}' is added {_span_words(*addition.span)}, when {limited} runs"
    return Problem(addition.place, "IOP308", message, f"it runs {list_words(when)}" if when else "")


def _span_words(first: date, last: date) -> str:
    return f"on {day_words(first)}" if first == last else f"from {day_words(first)} to {day_words(last)}"


def _nearest_words(verb: str, dates: Iterable[date], day: date) -> str:
    """Says on which days around `day` there are sessions; '' if there are none."""
    ordered = sorted(set(dates))
    place = bisect_left(ordered, day)
    near = ordered[max(0, place - 1) : place + 1]
    return f"{verb} on {list_words(map(day_words, near))}" if near else ""


def once_each(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Returns one problem a place and code: the first, saying how many more days have it."""
    found: dict[tuple[Place, str], list[Problem]] = {}
    for problem in dict.fromkeys(problems):
        found.setdefault((problem.place, problem.code), []).append(problem)
    return tuple(_and_more(same[0], len(same) - 1) for same in found.values())


def _and_more(problem: Problem, more: int) -> Problem:
    if not more:
        return problem
    return problem._replace(message=f"{problem.message} (and {count_words(more, 'more time')})")
