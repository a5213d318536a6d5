"""A second, slow and simple reading of the program language, the judge of the first.

It shares no code with the package it judges, walks day by day, and takes for granted that the file is valid.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from tests.oracle.attend import Attended, Walk
from tests.oracle.fate import PublicHolidays
from tests.oracle.house import house
from tests.oracle.load import load
from tests.oracle.program import UNNAMED, Program
from tests.oracle.rolling import group_days, last_day
from tests.oracle.roster import load_roster
from tests.oracle.timetable import Path
from tests.oracle.walk import Day, Entry, walk

APART = timedelta(minutes=20)
"""So far apart, two sessions are two stretches of the day."""


class Occurrence(NamedTuple):
    """One session that takes place, was moved, or is shown as cancelled.

    `cohort` and `track` are `-` where the file names none, and so is the phase of the group of a rolling
    program, whose `path_week` counts from the program's start. A participant has the cohort they name.
    `session` of an added one is `add:` and its slug, `topic` is empty without topics, `visit` is 0 on a day
    that is none. `counted` is what the session says (`counts`, `optional`, `one_of`), whatever its status.
    """

    start: datetime
    end: datetime
    minutes: int
    cohort: str
    track: str
    phase: str
    session: str
    name: str
    topic: str
    status: str
    counted: bool
    optional: bool
    publish: str
    visit: int
    path_week: int


class Totals(NamedTuple):
    """Counted sessions held on a path, their minutes on the clock, and the days they take place on."""

    events: int
    minutes: int
    days: int


def expand(text: str, today: date | None = None) -> list[Occurrence]:
    """All sessions of all paths of a program, in order of time; closed ones are left out.

    Of a rolling program these are the groups of its tracks; one without `until` needs to know what day it is.
    """
    return _expand(text, today)


@lru_cache(maxsize=1)
def _expand(text: str, today: date | None) -> list[Occurrence]:
    program = load(text)
    found = [
        _occurrence(program, entry)
        for days in _paths(program, today).values()
        for day in days
        for entry in day.entries
    ]
    return sorted(found, key=lambda one: (one.start, one.cohort, one.track))


def feed(text: str, which: str, today: date) -> list[tuple[datetime, datetime, str]]:
    """The live entries of `program` (for staff) or `track/<id>` (for all), as start, end and title.

    `today` decides nothing in a cohort program: the whole of it is published.
    """
    entries = []
    for one in expand(text, today if load(text).rolling else None):
        if one.status == "cancelled":
            continue
        if which == "program":
            shown, title = (
                one.publish in {"all", "staff"},
                f"{one.name}: {one.topic}" if one.topic else one.name,
            )
        else:
            shown, title = one.publish == "all" and which == f"track/{one.track}", one.name
        if shown:
            entries.append((one.start, one.end, title + " (optional)" * one.optional))
    return sorted(entries)


@lru_cache(maxsize=1)
def participants(text: str, roster: str, today: date | None = None) -> dict[str, list[Occurrence]]:
    """What everybody of a roster attends, in order of time, by id; `today` is asked for as by `expand`."""
    program = load(text)
    return {
        id_: sorted(
            (_occurrence(program, entry) for day in days for entry in day.entries),
            key=lambda one: (one.start, one.session),
        )
        for id_, days in courses(text, roster, today).items()
    }


@lru_cache(maxsize=1)
def courses(text: str, roster: str, today: date | None = None) -> dict[str, list[Attended]]:
    """Every day of everybody's path, by id, with what they attend on it."""
    found = house(text, today)
    return {person.id: list(Walk(found, person).days()) for person in load_roster(found.program, roster)}


def participant_feed(
    text: str, roster: str, participant: str, today: date | None = None
) -> list[tuple[datetime, datetime]]:
    """The stretches of somebody's days as `discreet` and `busy` show them, as start and end.

    Published for all and not cancelled, less than 20 minutes apart; unpublished ones neither join nor
    separate, optional ones count. A stretch is one of a day, so none runs over midnight into the next.
    """
    zone = load(text).zone
    stretches: list[tuple[datetime, datetime]] = []
    for one in participants(text, roster, today)[participant]:
        if one.status == "cancelled" or one.publish != "all":
            continue
        if stretches:
            start, end = stretches[-1]
            same_day = start.astimezone(zone).date() == one.start.astimezone(zone).date()
            if same_day and one.start - end < APART:
                stretches[-1] = (start, max(end, one.end))
                continue
        stretches.append((one.start, one.end))
    return stretches


def hours(text: str, today: date | None = None) -> dict[tuple[str, str], dict[date, int]]:
    """Minutes counted by `hours:`, by path (cohort, track) and first day of the week; empty weeks are 0."""
    program = load(text)
    return {path: _weekly(program, days) for path, days in _paths(program, today).items()}


def totals(text: str, today: date | None = None) -> dict[tuple[str, str], Totals]:
    """What each path (cohort, track) comes to."""
    program = load(text)
    found = {}
    for path, days in _paths(program, today).items():
        held = [entry for day in days for entry in day.entries if entry.fate.held and _counted(entry)]
        found[path] = Totals(
            len(held), sum(entry.fate.minutes for entry in held), len({entry.fate.day for entry in held})
        )
    return found


def _paths(program: Program, today: date | None) -> dict[tuple[str, str], list[Day]]:
    """Each cohort in each of its tracks is a path of its own; rolling: the group of each track."""
    public = PublicHolidays(program)
    if program.rolling:
        last = last_day(program, today)
        return {
            (UNNAMED, track.id): list(group_days(program, public, track, last)) for track in program.tracks
        }
    return {
        (cohort.id, track.id): list(walk(program, public, Path(cohort, track)))
        for cohort in program.cohorts
        for track in program.tracks
        if track.id in cohort.tracks
    }


def _times(program: Program, entry: Entry) -> tuple[datetime, datetime]:
    """Wall-clock time becomes UTC; the end is the start and the minutes of a stop-watch.

    Raises ValueError where the order of the day reaches past midnight, which no program may have.
    """
    clock = time(entry.fate.start // 60, entry.fate.start % 60)
    start = datetime.combine(entry.fate.day, clock, program.zone).astimezone(UTC)
    return start, start + timedelta(minutes=entry.fate.minutes)


def _occurrence(program: Program, entry: Entry) -> Occurrence:
    start, end = _times(program, entry)
    return Occurrence(
        start=start,
        end=end,
        minutes=entry.fate.minutes,
        cohort=entry.path.cohort.id,
        track=entry.path.track.id,
        phase=entry.phase.id if entry.phase else UNNAMED,
        session=entry.session.id,
        name=entry.fate.name,
        topic=entry.topic,
        status=entry.fate.status,
        counted=_counted(entry),
        optional=entry.session.optional,
        publish=entry.session.publish,
        visit=entry.visit,
        path_week=entry.path_week,
    )


def _counted(entry: Entry) -> bool:
    """Counts as treatment time; an optional session never does, of a `one_of` only the first."""
    return entry.session.counts and not entry.session.optional and entry.chosen


def _counted_by_hours(program: Program, entry: Entry) -> bool:
    """`breaks` and `meals` count those too; an explicit `counts` on the session wins."""
    session = entry.session
    by_kind = {"break": program.hours.breaks, "meal": program.hours.meals}.get(session.kind, False)
    if by_kind and not session.says_counts:
        return not session.optional and entry.chosen
    return _counted(entry)


def _weekly(program: Program, days: list[Day]) -> dict[date, int]:
    entries = [entry for day in days for entry in day.entries]
    if not days:  # the path came after the end of every phase
        return {}
    held = [entry for entry in entries if entry.fate.held and _counted_by_hours(program, entry)]
    first = days[0].day
    found = {_week(program, first, day.day, day.path_week): 0 for day in days}
    stretches: dict[tuple[date, date], list[tuple[datetime, datetime]]] = {}
    for entry in held:
        week = _week(program, first, entry.fate.day, entry.path_week)
        found.setdefault(week, 0)
        if program.hours.method == "span":
            stretches.setdefault((week, entry.fate.day), []).append(_times(program, entry))
        elif program.hours.method == "fifty-minute-hour":
            # One hour for every whole 50 minutes of a session, or its clock time if that is more.
            found[week] += max(60 * (entry.fate.minutes // 50), entry.fate.minutes)
        else:
            found[week] += entry.fate.minutes
    # span: from the first start to the last end of the day.
    for (week, _), times in stretches.items():
        span = max(end for _, end in times) - min(start for start, _ in times)
        found[week] += span // timedelta(minutes=1)
    return dict(sorted(found.items()))


def _week(program: Program, first: date, day: date, path_week: int) -> date:
    """The week's first day: calendar weeks hold what takes place in them, own weeks what they planned."""
    if program.hours.week == "own":
        return first + timedelta(7 * (path_week - 1))
    since_sunday = program.hours.week == "sun-sat"
    return day - timedelta((day.weekday() + since_sunday) % 7)
