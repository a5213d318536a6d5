"""What expansion objects to, in a coordinator's words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from iopcal.clock_changes import good_starts, is_skipped
from iopcal.model import Activity, Edit, OnChange, Place, Program, Session, Status
from iopcal.outcome import Fate
from iopcal.paths import LONGEST_PHASE, PathDay
from iopcal.problems import Problem
from iopcal.words import clock_words, count_words, day_words, list_words, time_words


def too_many(program: Program, most: int) -> Problem:
    """The program has more sessions than one run may expand."""
    message = f"the program has more than {most:,} sessions, the most that one program may have"
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
        return Problem(phase.place, "IOP309", message, "check that a counted session meets on its days")
    if day.phase_week > LONGEST_PHASE:
        message = f"phase '{phase.name}' cannot make up what `extend` owes it in {LONGEST_PHASE} weeks"
        return Problem(phase.place, "IOP309", message, "check that the phase still meets in its last week")
    message = f"the program is still running on {day_words(day.day)}, more than 5 years after its first day"
    return Problem(phase.place, "IOP310", message, "shorten its phases, or split the program")


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
    return Problem(place, "IOP304", message, "a session ends by midnight of the day it begins")


def doubtful_hour(activity: Activity, place: Place, start: datetime, minutes: int, wall: datetime) -> Problem:
    """A session begins or ends in an hour that clocks skip or repeat."""
    verb = "begins" if wall == start else "ends"
    what = "skip" if is_skipped(wall) else "repeat"
    when = f"{day_words(start.date())} at {time_words(wall)}"
    message = f"'{activity.name}' {verb} on {when}, in an hour that clocks {what} that night"
    good = [time_words(other) for other in good_starts(start, minutes)]
    hint = f"let it begin at {' or '.join(good)} that day" if good else "move it to another day"
    return Problem(place, "IOP303", message, hint)


def same_key_twice(activity: Activity, day: date, lines: Sequence[OnChange]) -> Iterator[Problem]:
    """Two `on` changes give the same key of one session on one day."""
    seen: dict[str, OnChange] = {}
    for line in lines:
        for key in _keys(line):
            if key in seen:
                message = f"'{key}' of '{activity.name}' on {day_words(day)} is changed by two lines"
                hint = f"line {seen[key].place.line} changes it too; keep one of them"
                yield Problem(line.place, "IOP314", message, hint, others=(seen[key].place,))
            seen.setdefault(key, line)


def _keys(line: OnChange) -> Iterator[str]:
    if line.cancel:
        yield "cancel"
    if line.to is not None:
        yield "to"
    if any(placement.start is not None for placement in line.edit.placements):
        yield "at"
    if any(placement.minutes is not None for placement in line.edit.placements):
        yield "minutes"
    yield from edited_keys(line.edit)


def edited_keys(edit: Edit) -> Iterator[str]:
    """Yields the keys but `at` and `minutes` that an edit gives."""
    for field, key in (
        ("days", "days"),
        ("every", "every"),
        ("leads", "lead"),
        ("room", "room"),
        ("location", "location"),
        ("link", "link"),
        ("name", "name"),
        ("notes", "notes"),
    ):
        if getattr(edit, field) is not None:
            yield key


def of_closures(activity: Activity, day: date, fate: Fate, link: str) -> Iterator[Problem]:
    """Warns of a session moved, made up or added onto a closed day, and of telehealth without a link."""
    if fate.telehealth and not link:
        message = f"'{activity.name}' takes place by telehealth on {day_words(fate.date)}, but has no link"
        yield Problem(fate.closures[-1].place, "IOP313", message, "give the session a `link`", "warning")
    chosen = [line.place for line in fate.edits if line.to is not None]
    chosen += [line.place for line in fate.closures if line.make_up is not None]
    if activity.id.startswith("add:"):
        chosen.append(activity.place)
    if fate.status is Status.CLOSED and chosen:
        message = f"'{activity.name}' was put on a closed day, so it does not take place"
        hint = f"choose another day, or mend the closure in line {fate.cause.line}"
        yield Problem(chosen[0], "IOP312", message, hint, "warning")


def unmatched(
    program: Program, used: Collection[Place], sessions: Sequence[Session], days: Sequence[PathDay]
) -> Iterator[Problem]:
    """Every closure or change that takes or changes nothing, with when the session does meet."""
    for line in program.closures:
        if line.place not in used:
            message = f"this closure takes no session: none is planned {_span_words(*line.span)}"
            dates = [session.date for session in sessions if session.path.within(line.tracks, line.cohorts)]
            hint = _nearest_words("sessions meet", dates, line.span.first)
            yield Problem(line.place, "IOP306", message, hint)
    names = {activity.id: activity.name for activity in program.activities}
    changes: list[tuple[date, str, str, Place]] = [
        (each.span.first, each.activity, f"does not meet {_span_words(*each.span)}", each.place)
        for each in program.on_changes
    ]
    changes += [
        (each.first, each.activity, f"does not meet from {day_words(each.first)} on", each.place)
        for each in program.from_changes
    ]
    for first, activity, words, place in changes:
        if place not in used:
            message = f"'{names[activity]}' {words}, so this line changes nothing"
            dates = [session.date for session in sessions if session.activity.id == activity]
            yield Problem(place, "IOP307", message, _nearest_words("it meets", dates, first))
    for addition in program.additions:
        if addition.place not in used:
            span = _span_words(*addition.span)
            message = f"'{addition.activity.name}' is added {span}, when no part of the program runs"
            hint = f"it runs from {day_words(days[0].day)} to {day_words(days[-1].day)}" if days else ""
            yield Problem(addition.place, "IOP308", message, hint)


def _span_words(first: date, last: date) -> str:
    return f"on {day_words(first)}" if first == last else f"from {day_words(first)} to {day_words(last)}"


def _nearest_words(verb: str, dates: Iterable[date], day: date) -> str:
    """Says on which days around `day` there are sessions."""
    ordered = sorted(set(dates))
    place = bisect_left(ordered, day)
    near = ordered[max(0, place - 1) : place + 1]
    if not near:
        return "it never meets; check the keys that narrow it"
    return f"{verb} on {list_words(map(day_words, near))}"


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
