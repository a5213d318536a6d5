"""Which lines make a day of a path what it is: its week and phase, or why it is none of its days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from iopcal.model import NOWHERE, Counts, Fact, Path, Phase, Place, Taper
from iopcal.paths import GROUP, PathDay, widest_days
from iopcal.views.why_session import Reason, Seen, weekday_words
from iopcal.words import DAYS, count_words, day_words


def reasons(seen: Seen, path: Path, day: date, days: Sequence[PathDay]) -> tuple[Reason, ...]:
    """Returns what `day` is on a path of these days."""
    mine = next((each for each in days if each.day == day), None)
    if mine is None:
        return tuple(_outside(seen, path, day, days))
    if mine.phase == GROUP:
        return (Reason(f"week {mine.week} of the groups", seen.program.starts_place),)
    clock = tuple(_clock(seen, day, mine, days))
    if is_before_groups(seen, day):
        first = day_words(seen.program.starts)
        return (*clock, Reason(f"before the groups meet, from {first} on", seen.program.starts_place))
    return (*clock, *_treatment_day(seen, mine))


def is_before_groups(seen: Seen, day: date) -> bool:
    """Says whether no group of a rolling program meets yet, though somebody's path has begun."""
    return seen.program.admission == "rolling" and day < seen.program.starts


def _clock(seen: Seen, day: date, mine: PathDay, days: Sequence[PathDay]) -> Iterator[Reason]:
    phase, last = seen.program.phases[mine.phase], days[-1]
    anew = last.week < max(each.week for each in days)  # after a restart
    of = "" if anew or seen.program.admission == "rolling" else f" of {last.week}"
    yield Reason(f"week {mine.week}{of}, week {mine.phase_week} of {phase.name}", phase.place)
    facts = [fact for fact in _facts(seen) if fact.span.first <= day]
    for kind in ("phase", "track"):
        fact = next((each for each in reversed(facts) if each.kind == kind), None)
        if fact is not None and (kind == "track" or fact.span.first == mine.phase_starts):
            what = f"in {phase.name}" if kind == "phase" else f"in track {fact.value}"
            yield Reason(f"{what} since {day_words(fact.span.first)}", fact.place)
    for fact in facts:
        if fact.kind == "away" and day in fact.span:
            yield Reason("away on this day: no sessions, and the weeks run on", fact.place)


def _treatment_day(seen: Seen, mine: PathDay) -> Iterator[Reason]:
    phase = seen.program.phases[mine.phase]
    name = DAYS[mine.day.weekday()]
    number = _number_words(phase, mine)
    if not mine.weekdays:
        yield Reason(f"a week off of {phase.name}", _place(phase))
        return
    met = f"{name} is {'one' if mine.meets else 'none'} of its days ({weekday_words(mine.weekdays)})"
    if number:
        yield Reason(f"{number} in this week", _place(phase))
        place, whose = _order(seen)
        yield Reason(f"{met}, the first of {whose}", place)
    else:
        place = _place(phase) if phase.days is not None else _order(seen)[0]
        own = seen.participant.days if seen.participant else ()
        if own and phase.days is not None:
            yield Reason(f"their own days are {weekday_words(own)}", _own_place(seen))
        yield Reason(met, place)


def _number_words(phase: Phase, mine: PathDay) -> str:
    if isinstance(phase.days, Counts | Taper):
        return count_words(len(mine.weekdays), "treatment day")
    return ""


def _order(seen: Seen) -> tuple[Place, str]:
    """Returns the line that says which weekdays are the most important, and what it is."""
    if seen.participant is not None and seen.participant.days:
        return seen.participant.place, "their own days"
    return seen.track.days_place, "the treatment days"


def _own_place(seen: Seen) -> Place:
    return seen.participant.place if seen.participant else NOWHERE


def _place(phase: Phase) -> Place:
    return phase.days_place if phase.days_place.line else phase.place


def _outside(seen: Seen, path: Path, day: date, days: Sequence[PathDay]) -> Iterator[Reason]:
    """Yields why the path has no such day."""
    facts = [fact for fact in _facts(seen) if fact.span.first <= day]
    for fact in facts:
        if fact.kind == "hold" and day in fact.span and day >= path.starts:
            began, ends = map(day_words, fact.span)
            yield Reason(f"on hold from {began} to {ends}" if began != ends else "on hold", fact.place)
            return
    if day < path.starts or (days and day < days[0].day):
        first = days[0].day if days else path.starts
        yield Reason(f"before the first day, {day_words(first)}", _start_place(seen, path))
        return
    left = next((each for each in reversed(facts) if each.kind in ("discharge", "phase")), None)
    if left is not None and left.kind == "discharge":
        yield Reason(f"discharged: {day_words(left.span.first)} was the last day", left.place)
        return
    if not days:
        yield Reason("every phase is over before the first day", _start_place(seen, path))
        return
    last = max((each for each in days if each.day < day), key=lambda each: each.day)
    if last.phase == GROUP or seen.program.phases[last.phase].endless:
        yield Reason(f"after the last day that is published, {day_words(last.day)}")
        return
    phase = seen.program.phases[last.phase]
    yield Reason(f"after the last day, {day_words(last.day)}, when {phase.name} ends", phase.place)


def _start_place(seen: Seen, path: Path) -> Place:
    program = seen.program
    if seen.participant is not None:
        return seen.participant.place
    cohort = next((each for each in program.cohorts if each.id == path.cohort and each.id), None)
    return cohort.place if cohort is not None else program.starts_place


def _facts(seen: Seen) -> tuple[Fact, ...]:
    """Returns the facts of the participant, in order of date."""
    return seen.participant.facts if seen.participant is not None else ()


def ended(seen: Seen, mine: PathDay) -> Iterator[Reason]:
    """Yields which sessions of this weekday a `from` change has ended."""
    program, timetable = seen.program, seen.strand.timetable
    grouped = mine.phase == GROUP
    for number in range(len(program.phases)) if grouped else (mine.phase,):
        weekdays = widest_days(program.phases[number], seen.track) if grouped else mine.weekdays
        for row in timetable.agenda(number, mine.day, weekdays).rows:
            if row.ended:
                line = next(change for change in reversed(row.changes) if change.cancel)
                yield Reason(f"{row.name} has ended, from {day_words(line.first)} on", line.place)


def nothing(seen: Seen, mine: PathDay) -> Reason | None:
    """Returns why a day of the path is without sessions, where nothing else has said it."""
    name = DAYS[mine.day.weekday()]
    if mine.phase == GROUP:
        return Reason(f"no session of the groups meets on {name}")
    if not mine.meets or is_before_groups(seen, mine.day):
        return None
    phase = seen.program.phases[mine.phase]
    which = "no session" if seen.participant is None else "none of their sessions"
    return Reason(f"{which} meets in {phase.name} on {name}", phase.place)
