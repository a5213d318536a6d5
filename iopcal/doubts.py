"""What is doubtful about a participant's path, in a coordinator's words. All are warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter

from iopcal.course import CourseDay
from iopcal.model import Activity, FromChange, OnChange, Participant, Program, Session
from iopcal.problems import NOWHERE, Place, Problem
from iopcal.walk import Strand
from iopcal.words import count_words, day_words, time_words

_SOME_WEEKS = 56  # days: in a longer time even a session of every eighth week comes round
Others = Mapping[tuple[str, date, str], Sequence[Session]]  # of the cohorts, by track, date and session


def empty_phases(
    program: Program, starts: date, days: Sequence[CourseDay], sessions: Iterable[Session], last: date
) -> Iterator[Problem]:
    """Warns of each phase in which there is no session, and of a path from `starts` on that is in none.

    Not of one that lasts for some weeks only before the `last` day published: what is there may lie ahead.
    """
    hint = "check the `days` and the dates of this participant"
    if not days and starts <= last:
        over = all(phase.until is not None and phase.until < starts for phase in program.phases)
        message = f"every phase is over by {day_words(starts)}" if over else "there is no day in any phase"
        yield Problem(NOWHERE, "IOP410", message, hint, "warning")
    met = {session.phase for session in sessions}
    ends = {day.clock.phase: day.day for day in days}
    lengths = Counter(day.clock.phase for day in days)
    for number, end in ends.items():
        phase = program.phases[number]
        if phase.id in met or (program.admission == "rolling" and end < program.starts):
            continue
        until = f", which ends on {day_words(end)}"
        if end >= last:
            if lengths[number] < _SOME_WEEKS:
                continue
            until = f" up to {day_words(last)}, the last day published"
        yield Problem(
            NOWHERE, "IOP410", f"there is no session in phase '{phase.name}'{until}", hint, "warning"
        )


def unplaced(
    program: Program,
    participant: Participant,
    days: Sequence[CourseDay],
    strand_of: Callable[[str], Strand],
) -> Iterator[Problem]:
    """Warns of each session that they should have at a time of their own, and have not placed."""
    done = {placing.activity for placing in participant.placed}
    chosen = dict(participant.chosen)
    for activity in program.activities:
        label = activity.one_of
        if not activity.personal or activity.optional or activity.id in done:
            continue
        if label and chosen.get(label) != activity.id:
            continue
        first = next((day for day in days if _waits(activity, day, strand_of(day.track))), None)
        if first is not None:
            message = f"no time is placed for '{activity.name}', which is due from {day_words(first.day)} on"
            hint = f"write `place: {{{activity.name}: {{at: thu 16:00}}}}` with their day and time"
            yield Problem(NOWHERE, "IOP411", message, hint, "warning")


def _waits(activity: Activity, day: CourseDay, strand: Strand) -> bool:
    """Says whether a participant may have the session that week, and the program itself has it not."""
    week = day.clock.week
    if activity.weeks and not any(
        first <= week and (not last or week <= last) for first, last in activity.weeks
    ):
        return False
    row = strand.timetable.row_of(activity, day.clock.phase, day.day)
    return row is not None and not row.ended and row.days is None and row.start is None


def differences(
    placed: Collection[str], cohorts: Collection[str], sessions: Iterable[Session], others: Others
) -> Iterator[Problem]:
    """Warns once a session that has another time or topic than on the same day with the cohort.

    Where none of their `cohorts` has it, with all the cohorts there.
    """
    found: dict[str, list[tuple[Session, Session]]] = {}
    for session in sessions:
        if not session.held or session.planned is None or session.activity.id in placed:
            continue
        beside = others.get((session.path.track, session.date, session.activity.id), ())
        beside = [each for each in beside if each.path.cohort in cohorts] or beside
        if beside and all(_seen(each) != _seen(session) for each in beside):
            found.setdefault(session.activity.id, []).append((session, beside[0]))
    for pairs in found.values():
        yield _difference(*pairs[0], len(pairs) - 1)


_seen = attrgetter("real.start", "real.topic")


def _difference(mine: Session, other: Session, more: int) -> Problem:
    day = day_words(mine.real.start.date())
    if mine.real.start != other.real.start:
        own, theirs = (
            f"{day_words(each.real.start.date(), year=False)} {time_words(each.real.start)}"
            for each in (mine, other)
        )
        message = f"'{mine.real.name}' of {day_words(mine.date)} is on {own}, for others on {theirs}"
    else:
        message = (
            f"'{mine.real.name}' on {day} has the topic '{mine.real.topic}', for others '{other.real.topic}'"
        )
    if more:
        message += f" (and {count_words(more, 'more time')})"
    hint = (
        "participants of a cohort program go by their own first day; in a rolling one all go by the group's"
    )
    return Problem(NOWHERE, "IOP412", message, hint, "warning")


def idle_changes(program: Program, used: Collection[Place]) -> Iterator[Problem]:
    """Warns of each change of a session that only participants have, and that none of them has then."""
    activities = {activity.id: activity for activity in program.activities}
    changes: tuple[OnChange | FromChange, ...] = (*program.on_changes, *program.from_changes)
    for change in changes:
        activity = activities[change.activity]
        if program.has(activity) or change.place in used:
            continue
        if isinstance(change, FromChange):
            when = f"from {day_words(change.first)} on"
        elif change.span.first == change.span.last:
            when = f"on {day_words(change.span.first)}"
        else:
            when = f"from {day_words(change.span.first)} to {day_words(change.span.last)}"
        message = f"no participant has '{activity.name}' {when} so that this line would change it"
        yield Problem(change.place, "IOP413", message, "check its date, or remove it", "warning")
