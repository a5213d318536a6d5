"""Which lines put a session where it is, or took it away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from iopcal.model import (
    NOWHERE,
    WEEKDAYS,
    Activity,
    Days,
    Edit,
    Ordinal,
    Participant,
    Phase,
    Place,
    Placing,
    Program,
    Session,
    Status,
    Track,
)
from iopcal.named_tuple import NamedTuple
from iopcal.outcome import Fate
from iopcal.timetable import Row, allows
from iopcal.walk import Strand
from iopcal.words import DAYS, clock_words, day_words, list_words


class Reason(NamedTuple):
    """Something that has a say, in words, and the line that says it; NOWHERE where no line does."""

    words: str
    place: Place = NOWHERE


class Seen(NamedTuple):
    """What the lines of one path are looked up in. `participant` is None for a cohort or a group."""

    program: Program
    strand: Strand
    participant: Participant | None = None

    @property
    def track(self) -> Track:
        """The track of the path."""
        return self.strand.track


def reasons(seen: Seen, session: Session, day: Sequence[Session]) -> tuple[Reason, ...]:
    """Returns why a session is where it is, or is not; `day` holds the sessions planned for its date."""
    if session.planned is None:
        return tuple(_of_addition(seen, session))
    return tuple(_of_planned(seen, session, day))


def _of_addition(seen: Seen, session: Session) -> Iterator[Reason]:
    activity = session.activity
    line = next(each for each in seen.strand.additions if each.activity == activity)
    yield Reason(f"added to this day{_because(line.why)}", line.place)
    own = next(each for each in activity.placements if each.track == seen.track.id)
    fate = seen.strand.fates.fate_of_addition(session.date, own.start or 0, own.minutes or 0)
    yield from _of_closures(seen.program, session, fate)


def _of_planned(seen: Seen, session: Session, day: Sequence[Session]) -> Iterator[Reason]:
    activity, planned = session.activity, session.planned
    assert planned is not None
    yield Reason(_origin(activity), activity.place)
    if activity.one_of and seen.participant is not None:
        yield Reason(f"chosen for {seen.participant.id} as {activity.one_of}", seen.participant.place)
    row, phase = _row(seen, session)
    overrides = [each for each in phase.overrides if each.activity == activity.id] if session.phase else []
    for override in overrides:
        words = edit_words(override.edit, seen.track.id)
        yield Reason(f"in {phase.name}: {words}", override.place)
    for change in row.changes if row else ():
        words = edit_words(change.edit, seen.track.id)
        if change.cancel is False:
            words = ", ".join(word for word in ("takes place again", words) if word)
        yield Reason(f"from {day_words(change.first)} on: {words}{_because(change.why)}", change.place)
    placing = _placing(seen, session)
    clock = planned.start.hour * 60 + planned.start.minute
    if placing is not None:
        yield Reason(f"at {_when(placing)}, as placed for {session.path.participant}", placing.place)
    elif row is not None and row.start is None:
        yield _in_order(seen, session, clock, day)
    fate = seen.strand.fates.fate(activity.id, session.date, clock, planned.minutes)
    for line in fate.void:
        yield Reason("changed without effect, as the day is closed", line.place)
    for line in fate.edits:
        words = "cancelled" if line.cancel else edit_words(line.edit, seen.track.id)
        if line.to is not None:
            words = ", ".join(word for word in (f"moved to {day_words(line.to)}", words) if word)
        yield Reason(f"on this day: {words}{_because(line.why)}", line.place)
    yield from _of_closures(seen.program, session, fate)


def _row(seen: Seen, session: Session) -> tuple[Row | None, Phase]:
    """Returns the row of a session, and its phase; a group, which has none, takes the first that has it."""
    program, timetable = seen.program, seen.strand.timetable
    for number, phase in enumerate(program.phases):
        mine = phase.id == session.phase if session.phase else True
        if mine and allows(phase, seen.track, session.activity):
            return timetable.row_of(session.activity, number, session.date), phase
    return None, program.phases[0]


def _origin(activity: Activity) -> str:
    said = []
    if activity.monthly:
        said.append(f"on the {list_words(_ordinal(each) for each in activity.monthly)} of the month")
    elif activity.days is not None:
        said.append(_days_words(activity.days))
    starts = {placement.start for placement in activity.placements}
    if len(starts) == 1:
        (start,) = starts
        said.append(f"at {clock_words(start)}" if start is not None else "")
    kept = [word for word in said if word]
    return f"a session of the program{', ' if kept else ''}{', '.join(kept)}"


def _ordinal(ordinal: Ordinal) -> str:
    nth = {1: "1st", 2: "2nd", 3: "3rd", -1: "last"}.get(ordinal.nth, f"{ordinal.nth}th")
    return f"{nth} {DAYS[ordinal.weekday]}"


def _placing(seen: Seen, session: Session) -> Placing | None:
    """Returns where a participant has placed the session."""
    placings = seen.participant.placed if seen.participant else ()
    return next(
        (
            placing
            for placing in placings
            if placing.activity == session.activity.id and placing.weekday in (None, session.date.weekday())
        ),
        None,
    )


def _when(placing: Placing) -> str:
    day = "" if placing.weekday is None else f"{DAYS[placing.weekday]} "
    return f"{day}{clock_words(placing.start)}"


def _in_order(seen: Seen, session: Session, clock: int, day: Sequence[Session]) -> Reason:
    """Says what begins a session that has no time of its own."""
    track = seen.track
    if clock == track.day_starts:
        return Reason(f"at {clock_words(clock)}, when the day starts", track.starts_place)
    start = session.planned.start if session.planned else session.real.start
    before = [
        each
        for each in day
        if each.planned is not None and each.planned.end == start and each.path == session.path
    ]
    after = f", after {before[-1].activity.name}" if before else ""
    return Reason(f"at {clock_words(clock)}, in the order of the day{after}", session.activity.place)


def edit_words(edit: Edit, track: str) -> str:
    """Returns what an override or a change says, such as `at 17:30, 45 min, led by jlee`."""
    own = [each for each in edit.placements if each.track == track]
    said = [f"at {clock_words(each.start)}" for each in own if each.start is not None]
    said += [f"{each.minutes} min" for each in own if each.minutes is not None]
    if track in edit.unplaced:
        said.append("in the order of the day")
    if edit.days is not None:
        said.append(_days_words(edit.days))
    if edit.every is not None:
        said.append("every week" if edit.every == 1 else f"every {edit.every} weeks")
    if edit.leads is not None:
        said.append(f"led by {list_words(edit.leads)}" if edit.leads else "led by nobody")
    for key, value in (
        ("room", edit.room), ("location", edit.location), ("link", edit.link), ("name", edit.name),
    ):  # fmt: skip
        if value is not None:
            said.append(f"{key} '{value}'")
    if edit.notes is not None:
        said.append("other notes")
    return ", ".join(said)


def _days_words(days: Days) -> str:
    words = f"on {weekday_words(days.weekdays) or 'every treatment day'}"
    return f"{words}, whether or not the phase meets" if days.any else words


def weekday_words(weekdays: Iterable[int]) -> str:
    """Returns `mon, wed`."""
    return ", ".join(WEEKDAYS[weekday] for weekday in weekdays)


def _of_closures(program: Program, session: Session, fate: Fate) -> Iterator[Reason]:
    if fate.status is Status.CLOSED and not fate.closures:
        rule = program.holidays[0].place if program.holidays else NOWHERE
        yield Reason(f"closed, a public holiday: {fate.why}", rule)
    put = next((line.to for line in fate.edits if line.to is not None), session.date)
    opens = fate.held and not any(line.make_up for line in fate.closures)
    for line in fate.closures:
        if line.telehealth:
            words = "takes place by telehealth"
        elif line.make_up is not None:
            put = line.make_up.first + (put - line.span.first)
            words = f"closed, and made up on {day_words(put)}"
        else:
            words = "a public holiday, but open at this time" if opens else "closed"
        yield Reason(f"{words}{_because(line.why)}", line.place)


def _because(why: str) -> str:
    return f" ({why})" if why else ""
