"""The keys at the top of a program file, and `read_program`."""

from __future__ import annotations

from datetime import date

from iopcal.language.activities import Scope, build_activity, check_beginnings
from iopcal.language.admission import ADMISSION, COHORT, ROLLING, UNTIL, check_admission, check_sessions
from iopcal.language.changes import CHANGES, build_changes
from iopcal.language.closures import CLOSED, build_closure
from iopcal.language.dates import DATE
from iopcal.language.feeds import FEEDS, build_feeds, check_audiences
from iopcal.language.fields import Field, Row, Table, Value, list_of, read_row, row_of, scalar
from iopcal.language.holidays import HOLIDAYS
from iopcal.language.included import FILE, Load
from iopcal.language.levels import HOURS, LEVEL, build_hours
from iopcal.language.numbers import number
from iopcal.language.phases import HAS_LENGTH, PHASE, build_phase
from iopcal.language.placements import DAY_STARTS, warn_early
from iopcal.language.references import Directory, Names
from iopcal.language.report import Report, shown
from iopcal.language.sessions import ID_KEY, NAME_KEY, SESSION
from iopcal.language.strands import (
    COHORTS,
    LINK,
    LOCATION,
    PHONE_KEY,
    TRACKS,
    TREATMENT_DAYS,
    Strand,
    build_cohorts,
    build_tracks,
)  # fmt: skip
from iopcal.language.texts import PROGRAM_ID, TITLE
from iopcal.language.zones import ZONE
from iopcal.model import Activity, HolidayRule, Phase, Place, Program
from iopcal.problems import Problem
from iopcal.source import Mapping, Node, Scalar

VERSION = "1"
DEFAULT_KEEP = 30  # days
_MOST_SESSIONS, _MOST_PHASES, _MOST_KEEP, _MOST_ROSTERS = 200, 100, 1830, 100


def _read_version(node: Node, report: Report) -> str | None:
    found = scalar(node, report, "the version of the language")
    if found is not None and found.text != VERSION:
        message = f"{shown(found.text)} is not a version of the language that is known here"
        report.error(found.place, "IOP173", message, f"write 'iopcal: {VERSION}', or remove the key")
        return None
    return VERSION if found else None


_IOPCAL: Field[str] = Field(
    "iopcal",
    Value(_read_version, {"enum": [1, VERSION]}),
    "version of the language, `1`",
)
_PROGRAM: Field[str] = Field("program", TITLE, "the title staff see", needed=True)
_ID: Field[str] = Field(
    "id",
    PROGRAM_ID,
    "identity of everything the program publishes: a-z, 0-9 and `-`; never change it",
    needed=True,
)
_TIMEZONE: Field[str] = Field(
    "timezone",
    ZONE,
    "IANA name, such as `America/Chicago`; every time of the file is wall-clock time in it",
    needed=True,
)
_STARTS: Field[date] = Field(
    "starts", DATE, "first day; with `cohorts`, the default of their `starts`", needed=True
)
_SESSIONS: Field[tuple[Row, ...]] = Field(
    "sessions",
    list_of(row_of(SESSION, "session"), "sessions", most=_MOST_SESSIONS, keep=True),
    "list of sessions, in the order of a treatment day",
    needed=True,
)
_PHASES: Field[tuple[Row, ...]] = Field(
    "phases",
    list_of(row_of(PHASE, "phase"), "phases", most=_MOST_PHASES, keep=True),
    "list of phases, in their order",
    needed=True,
)
_LEVEL: Field[str] = Field(
    "level", LEVEL, "level of care that hours are held against: `iop`, `php` or `outpatient`"
)
_HOURS: Field[Row] = Field("hours", HOURS, "how minutes are counted")
_HOLIDAYS: Field[tuple[HolidayRule, ...]] = Field(
    "holidays",
    HOLIDAYS,
    "public holidays: a country or country-subdivision code (`US`, `US-IL`), a list of them, or "
    "`{use: US, only: [names], except: [names]}`",
)
_CLOSED: Field[tuple[Row, ...] | Scalar] = Field(
    "closed", CLOSED.or_path(), "list of closed days, or the path of a file that holds it"
)
_CHANGES: Field[tuple[Row, ...] | Scalar] = Field(
    "changes", CHANGES.or_path(), "list of changes, or the path of a file that holds it"
)
_KEEP: Field[int] = Field(
    "keep_cancelled",
    number("days", _MOST_KEEP),
    f"days after its date that a cancelled session stays visible; default {DEFAULT_KEEP}",
)

ROSTER_KEY: Field[tuple[Scalar, ...]] = Field(
    "roster",
    list_of(FILE, "files", most=_MOST_ROSTERS),
    "the file (`.yaml` or `.csv`) that holds the participants, relative to this one, or a list of such files",
)

_LENGTHS: dict[str, object] = {"if": {"type": "array"}, "then": {"items": HAS_LENGTH}, "else": HAS_LENGTH}
PROGRAM = Table(
    "a program",
    (
        _IOPCAL, _PROGRAM, _ID, _TIMEZONE, _STARTS, ADMISSION, UNTIL, COHORTS, TREATMENT_DAYS, DAY_STARTS,
        TRACKS, _SESSIONS, _PHASES, _LEVEL, _HOURS, _HOLIDAYS, _CLOSED, _CHANGES, _KEEP, LOCATION, LINK,
        PHONE_KEY, ROSTER_KEY, FEEDS,
    ),
    later=("rules", "staff", "rooms"),
    synonyms={
        "name": "program", "title": "program", "zone": "timezone", "time_zone": "timezone", "tz": "timezone",
        "start": "starts", "begins": "starts", "closures": "closed", "days": "treatment_days",
        "address": "location", "url": "link",
    },
    rules={
        "if": {"properties": {"admission": {"const": ROLLING}}, "required": ["admission"]},
        "else": {"properties": {"phases": _LENGTHS}},
    },
)  # fmt: skip


def read_program(node: Node, file: str, load: Load) -> tuple[Program | None, tuple[Problem, ...]]:
    """Reads the nodes of a program file; returns the program, and all problems sorted by place.

    `load` reads the files that `closed`, `changes` and `roster` may name. The program is None where errors
    leave no timetable to speak of; one that comes beside errors (a bad link, a key that is not supported
    yet) is good for finding more of them, not for publishing.
    """
    report = Report()
    if isinstance(node, Mapping) and any(key.text == "iopcal-sync" for key, _ in node.entries):
        hint = "give it to a command that takes sync files, such as 'iopcal sync'"
        message = "this is a sync file, where a program belongs"
        report.error(node.entries[0][0].place, "IOP540", message, hint)
        return None, tuple(report.problems)
    row = read_row(PROGRAM, node, report)
    program = _build(row, load, report) if row is not None else None
    if report.prevents_a_program():
        program = None
    return program, tuple(sorted(_placed(problem, file) for problem in report.problems))


def _placed(problem: Problem, file: str) -> Problem:
    return problem if problem.place.line else problem._replace(place=Place(file, 1, 1))


def _build(row: Row, load: Load, report: Report) -> Program:
    level = row.get(_LEVEL) or ""
    day_starts = row.get(DAY_STARTS)
    if day_starts is not None:
        warn_early(day_starts, row.place_of(DAY_STARTS), report)
    strand = Strand.of(row, report)
    tracks, known_tracks = build_tracks(row, strand, report)
    starts = row.get(_STARTS) or date.min
    rolling = row.get(ADMISSION) == ROLLING
    check_admission(row, starts, rolling, report)
    cohorts, known_cohorts = build_cohorts(row, starts, tracks, known_tracks, report)
    session_rows = row.get(_SESSIONS) or ()
    phase_rows = row.get(_PHASES) or ()
    sessions, session_ids = _directory("a session", session_rows, _SESSIONS, row, report)
    phases, phase_ids = _directory("a phase", phase_rows, _PHASES, row, report)
    scope = Scope(tracks, Names(known_tracks, known_cohorts, phases, sessions), rolling)
    built = tuple(
        (build_activity(each, identity, scope, report), each)
        for each, identity in zip(session_rows, session_ids, strict=True)
    )
    activities = _same_labels(tuple(activity for activity, _ in built))
    by_id = {activity.id: activity for activity in activities}
    built_phases = tuple(
        build_phase(each, identity, level, by_id, scope, report, last=each is phase_rows[-1])
        for each, identity in zip(phase_rows, phase_ids, strict=True)
    )
    if rolling:
        check_sessions(built, report)
    if not row.broken(DAY_STARTS):
        doubtful = {key.text for key, track in row.get(TRACKS) or () if track.broken(DAY_STARTS)}
        timed = tuple(track for track in tracks if track.id not in doubtful)
        check_beginnings(built, _started(activities, built_phases), timed, report)
    closures = [
        build_closure(each, scope.names, report) for each in CLOSED.read_all(row.get(_CLOSED), load, report)
    ]
    lines = CHANGES.read_all(row.get(_CHANGES), load, report)
    changes = build_changes(lines, by_id, scope, report)
    feeds = build_feeds(row.get(FEEDS), report)
    program = Program(
        id=row.get(_ID) or "",
        title=row.get(_PROGRAM) or "",
        zone=row.get(_TIMEZONE) or "",
        starts=starts,
        level=level,
        hours=build_hours(row.get(_HOURS)),
        treatment_days=strand.treatment_days,
        day_starts=day_starts,
        tracks=tracks,
        cohorts=cohorts,
        activities=activities,
        phases=built_phases,
        holidays=row.get(_HOLIDAYS) or (),
        closures=tuple(closure for closure in closures if closure is not None),
        on_changes=changes.on,
        from_changes=changes.later,
        additions=changes.added,
        keep_cancelled=row.get(_KEEP) or DEFAULT_KEEP,
        location=strand.location,
        link=strand.link,
        phone=row.get(PHONE_KEY) or "",
        place=row.place,
        id_place=row.place_of(_ID),
        zone_place=row.place_of(_TIMEZONE),
        starts_place=row.place_of(_STARTS),
        admission=ROLLING if rolling else COHORT,
        until=row.get(UNTIL),
        feeds=feeds,
    )
    check_audiences(feeds, ROSTER_KEY in row, COHORTS in row, bool(program.phone), report)
    rosters = row.get(ROSTER_KEY)
    if not rosters:
        return program
    from iopcal.language.participants import read_rosters  # most programs have none

    return program._replace(participants=read_rosters(rosters, program, scope.names, load, report))


def _directory(
    noun: str, rows: tuple[Row, ...], field: Field[tuple[Row, ...]], program: Row, report: Report
) -> tuple[Directory, tuple[str, ...]]:
    """Returns a directory of rows, complete if each could be read and has a name, and their ids."""
    whole = len(rows) == program.length(field) and all(each.get(NAME_KEY) is not None for each in rows)
    directory = Directory(noun, complete=whole)
    return directory, tuple(directory.add(each.get(NAME_KEY), each.get(ID_KEY), report) for each in rows)


def _same_labels(activities: tuple[Activity, ...]) -> tuple[Activity, ...]:
    """Returns the sessions with each `one_of` label as first spelt: labels are compared without case."""
    first: dict[str, str] = {}
    for activity in activities:
        first.setdefault(activity.one_of.casefold(), activity.one_of)
    return tuple(activity._replace(one_of=first[activity.one_of.casefold()]) for activity in activities)


def _started(activities: tuple[Activity, ...], phases: tuple[Phase, ...]) -> frozenset[tuple[str, str]]:
    """Returns (session, track) of those that get a time from an override of every phase they are in."""
    timed: dict[tuple[str, str], set[str]] = {}
    for phase in phases:
        for override in phase.overrides:
            for placement in override.edit.placements:
                if placement.start is not None:
                    timed.setdefault((override.activity, placement.track), set()).add(phase.id)
    allowed = {
        activity.id: {
            phase.id
            for phase in phases
            if (not activity.phases or phase.id in activity.phases)
            and (phase.only is None or activity.id in phase.only)
        }
        for activity in activities
    }
    return frozenset(pair for pair, those in timed.items() if allowed[pair[0]] <= those)
