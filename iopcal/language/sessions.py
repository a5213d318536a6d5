"""The keys of a session, and how they become an `Activity`."""

from __future__ import annotations

from typing import NamedTuple

from iopcal.language.fields import Field, Row, Table, Value, as_schema, list_of, read_row, row_of
from iopcal.language.numbers import MOST, RANGES, YES_NO, number, number_schema
from iopcal.language.placements import AT, MINUTES, placements_of
from iopcal.language.references import Names
from iopcal.language.report import Report, shown
from iopcal.language.texts import ADDRESS, ID, LEADS, LINK, NAME, NAMES, NOTES, ROOM, choice, text
from iopcal.language.weekdays import DAYS, MONTHLY, weekday_of
from iopcal.model import (
    KINDS,
    KINDS_NOT_COUNTED,
    KINDS_OF_ONE,
    Activity,
    Days,
    Ordinal,
    Placement,
    Range,
    Topics,
    Track,
)
from iopcal.source import Mapping, Node, Scalar

MOST_WEEKS = 260
PUBLISH = ("all", "staff", "never")
_PUBLISH_DEFAULTS = {"staffing": "staff", "drug-screen": "staff", "break": "never"}
By = tuple[tuple[Scalar | None, int], ...]
Lists = tuple[tuple[int | None, tuple[str, ...]], ...]


class Scope(NamedTuple):
    """What the keys of a row may speak of: the tracks of the program, and everything that has a name."""

    tracks: tuple[Track, ...]
    names: Names


_EVERY = number("weeks", MOST_WEEKS)
_TOPIC = text("a topic")
_TOPICS = list_of(_TOPIC, "topics")


def _read_every(node: Node, report: Report) -> By | None:
    if not isinstance(node, Mapping):
        every = _EVERY.read(node, report)
        return None if every is None else ((None, every),)
    found = [(key, _EVERY.read(value, report)) for key, value in node.entries]
    good = tuple((key, every) for key, every in found if every is not None)
    return good if len(good) == len(found) else None


def _read_topics(node: Node, report: Report) -> Lists | None:
    if not isinstance(node, Mapping):
        topics = _TOPICS.read(node, report)
        return None if topics is None else ((None, topics),)
    found: list[tuple[int | None, tuple[str, ...]]] = []
    for key, value in node.entries:
        weekday = weekday_of(key.text)
        topics = _TOPICS.read(value, report)
        if weekday is None:
            hint = "topics are a list, or lists by weekday: mon, tue, wed, ..."
            report.error(key.place, "IOP145", f"{shown(key.text)} is not a weekday", hint)
        elif any(weekday == other for other, _ in found):
            report.error(key.place, "IOP145", f"{shown(key.text)} is named twice", "name each weekday once")
        elif topics is not None:
            found.append((weekday, topics))
    return tuple(found) if len(found) == len(node.entries) else None


_LEAST: Field[int] = Field("min", number("people"), "fewest people it is held with")
_MOST: Field[int] = Field("max", number("people"), "most people it has room for")
_CAPACITY_TABLE = Table("a capacity", (_LEAST, _MOST), rules={"minProperties": 1})


def _read_capacity(node: Node, report: Report) -> Range | None:
    if isinstance(node, Scalar):
        most = _MOST.value.read(node, report)
        return None if most is None else Range(1, most)
    row = read_row(_CAPACITY_TABLE, node, report)
    if row is None:
        return None
    if _LEAST not in row and _MOST not in row:
        report.error(node.place, "IOP104", "the capacity says no number", "write it as {min: 2, max: 12}")
        return None
    least, most = row.get(_LEAST) or 1, row.get(_MOST) or 0
    if most and least > most:
        report.error(
            row.place_of(_LEAST), "IOP148", f"'{least}' is more than the {most} of 'max'", "swap them"
        )
        return None
    return Range(least, most)


CAPACITY: Value[Range] = Value(
    _read_capacity, {"anyOf": [number_schema(1, MOST), row_of(_CAPACITY_TABLE, "").schema]}, "capacity"
)
_TOPICS_SCHEMA = as_schema(_TOPICS)

NAME_KEY: Field[Scalar] = Field(
    "name", NAME, "the title that staff see, and that `titles` feeds carry", needed=True
)
ID_KEY: Field[Scalar] = Field(
    "id", ID, "identity, by default made from the name; keep it when you rename, or the calendars begin anew"
)
KIND: Field[str] = Field(
    "kind", choice(KINDS, "a kind of session"), f"one of {', '.join(KINDS)}; default `group`"
)
DAYS_KEY: Field[Days] = Field(
    "days",
    DAYS,
    "weekdays, which narrow the phase's days; default: every treatment day of the phase. `any sat` meets on "
    "those weekdays whether or not the phase does, bare `any` on every treatment day of the track in every phase",
)
WEEKS: Field[tuple[Range, ...]] = Field(
    "weeks", RANGES, "weeks of the path: `3`, `1-4`, `5-`, `[1-4, 8, 16]`"
)
VISITS: Field[tuple[Range, ...]] = Field(
    "visits", RANGES, "visits of the path, counted from 1, in the same forms as `weeks`"
)
PHASES: Field[tuple[Scalar, ...]] = Field("phases", NAMES, "phases in which it occurs; default: all")
TRACKS: Field[tuple[Scalar, ...]] = Field("tracks", NAMES, "tracks in which it occurs; default: all")
EVERY: Field[By] = Field(
    "every",
    Value(
        _read_every,
        {
            "anyOf": [
                number_schema(1, MOST_WEEKS),
                {"type": "object", "additionalProperties": number_schema(1, MOST_WEEKS), "minProperties": 1},
            ]
        },
    ),
    "every n-th week of the phase, its first week first; or a mapping phase: n (phases not named: every week)",
)
MONTHLY_KEY: Field[tuple[Ordinal, ...]] = Field(
    "monthly",
    MONTHLY,
    "days of the calendar month, whether or not the phase meets: `1st thu`, `1st,3rd thu`, `last fri`; not "
    "together with `days` or `every`",
)
TIMES: Field[int] = Field("times", number("times"), "it stops after so many held occurrences on a path")
TOPICS: Field[Lists] = Field(
    "topics",
    Value(
        _read_topics,
        {
            "anyOf": [
                _TOPICS_SCHEMA,
                {"type": "object", "additionalProperties": _TOPICS_SCHEMA, "minProperties": 1},
            ]
        },
    ),
    "a curriculum: a list, or a mapping weekday: list; after the last topic comes the first again",
)
ADVANCE: Field[str] = Field(
    "advance",
    choice(("session", "week"), "a way to move on through the topics"),
    "`session` (default): one topic an occurrence; `week`: one a week in which the session meets",
)
ON_CLOSURE: Field[str] = Field(
    "on_closure",
    choice(("postpone", "skip"), "a way to treat a closure"),
    "`postpone` (default): the topic of a closed day comes next time; `skip`: it is left out",
)
LEAD: Field[tuple[str, ...]] = Field("lead", LEADS, "who leads it: a name or a list of names")
ROOM_KEY: Field[str] = Field("room", ROOM, "the room")
LOCATION: Field[str] = Field(
    "location", ADDRESS, "address or room text; default: the track's, then the program's"
)
LINK_KEY: Field[str] = Field(
    "link", LINK, "telehealth link, http or https; default: the track's, then the program's"
)
CAPACITY_KEY: Field[Range] = Field(
    "capacity", CAPACITY, "how many people: `{min: 2, max: 12}`, or the most alone"
)
OPTIONAL: Field[bool] = Field(
    "optional", YES_NO, "yes: shown and marked optional, never counted in hours, never makes a visit"
)
ONE_OF: Field[str] = Field(
    "one_of", text("a label"), "a label: of the sessions that share it a participant attends exactly one"
)
COUNTS: Field[bool] = Field(
    "counts",
    YES_NO,
    f"whether it counts as treatment time; default: yes, but no for {', '.join(sorted(KINDS_NOT_COUNTED))}",
)
PUBLISH_KEY: Field[str] = Field(
    "publish",
    choice(PUBLISH, "a way to publish"),
    "`all` (default), `staff` (default for staffing, drug-screen) or `never` (default for break)",
)
NOTES_KEY: Field[str] = Field("notes", NOTES, "text for `full` feeds; may have several lines")

SESSION = Table(
    "a session",
    (
        NAME_KEY, ID_KEY, KIND, MINUTES, DAYS_KEY, AT, WEEKS, VISITS, PHASES, TRACKS, EVERY, MONTHLY_KEY, TIMES, TOPICS,
        ADVANCE, ON_CLOSURE, LEAD, ROOM_KEY, LOCATION, LINK_KEY, CAPACITY_KEY, OPTIONAL, ONE_OF, COUNTS, PUBLISH_KEY,
        NOTES_KEY,
    ),
    synonyms={
        "title": "name", "duration": "minutes", "length": "minutes", "time": "at", "start": "at", "starts": "at",
        "day": "days", "weekday": "days", "weekdays": "days", "type": "kind", "leader": "lead", "leads": "lead",
        "staff": "lead", "url": "link", "address": "location", "visible": "publish",
    },
    rules={"not": {"required": ["monthly"], "anyOf": [{"required": ["days"]}, {"required": ["every"]}]}},
)  # fmt: skip


def build_activity(row: Row, identity: str, scope: Scope, report: Report) -> Activity:
    """Returns the session of a row with every default filled in; what its keys name is looked up.

    The row may be one of `sessions` or a `changes` line that adds a session.
    """
    kind = row.get(KIND) or "group"
    name = row.get(NAME_KEY)
    tracks = scope.names.tracks.find_all(row.get(TRACKS) or (), report)
    for other in (DAYS_KEY, EVERY):
        if MONTHLY_KEY in row and other in row:
            found = f"'{other.key}' cannot stand beside 'monthly'"
            report.error(
                row.key_place(other), "IOP160", found, "keep one of them", (row.key_place(MONTHLY_KEY),)
            )
    return Activity(
        id=identity,
        name=name.text if name else "",
        kind=kind,
        placements=_placements(row, tracks, scope, report),
        days=row.get(DAYS_KEY),
        weeks=row.get(WEEKS) or (),
        visits=row.get(VISITS) or (),
        phases=scope.names.phases.find_all(row.get(PHASES) or (), report),
        tracks=tracks,
        every=_every(row, scope, report),
        monthly=row.get(MONTHLY_KEY) or (),
        times=row.get(TIMES) or 0,
        topics=_topics(row, report),
        leads=row.get(LEAD) or (),
        room=row.get(ROOM_KEY) or "",
        location=row.get(LOCATION) or "",
        link=row.get(LINK_KEY) or "",
        capacity=row.get(CAPACITY_KEY),
        optional=row.get(OPTIONAL) or False,
        one_of=row.get(ONE_OF) or "",
        counts=_or(row.get(COUNTS), kind not in KINDS_NOT_COUNTED),
        counts_said=COUNTS in row,
        publish=row.get(PUBLISH_KEY) or _PUBLISH_DEFAULTS.get(kind, "all"),
        notes=row.get(NOTES_KEY) or "",
        place=row.place,
    )


def _or(said: bool | None, default: bool) -> bool:
    return default if said is None else said


def _placements(row: Row, mine: tuple[str, ...], scope: Scope, report: Report) -> tuple[Placement, ...]:
    meant = tuple(track for track in scope.tracks if not mine or track.id in mine)
    found = placements_of(row, meant, scope.names.tracks, report)
    missing = [track for track in meant if track.id not in found or found[track.id].minutes is None]
    if missing and not row.broken(MINUTES) and not row.broken(AT):
        where = f" on the track '{missing[0].id}'" if len(missing) < len(meant) else ""
        message = f"{row.table.noun} needs the key 'minutes'{where}"
        report.error(
            row.place, "IOP103", message, "add 'minutes', or write 'at' as a range such as 17:30-19:00"
        )
    known = [placement for placement in found.values() if placement.minutes]
    length = known[0].minutes if known else 1
    everywhere = (found.get(track.id, Placement(track.id, None, None)) for track in scope.tracks)
    return tuple(each if each.minutes else each._replace(minutes=length) for each in everywhere)


def _every(row: Row, scope: Scope, report: Report) -> tuple[tuple[str, int], ...]:
    """Returns the phases that have the session less than weekly, in the order of the program."""
    found: dict[str, int] = {}
    for key, every in row.get(EVERY) or ():
        phase = scope.names.phases.find(key, report) if key else None
        if key is None:
            found = dict.fromkeys(scope.names.phases.ids, every)
        elif phase in found:
            report.error(key.place, "IOP105", f"{shown(key.text)} is named twice", "name it once")
        elif phase is not None:
            found[phase] = every
    return tuple((phase, found[phase]) for phase in scope.names.phases.ids if found.get(phase, 1) > 1)


def _topics(row: Row, report: Report) -> Topics | None:
    lists = row.get(TOPICS)
    if lists is None:
        for field in (ADVANCE, ON_CLOSURE):
            if field in row and TOPICS not in row and field in row.table.fields:
                report.warn(row.key_place(field), "IOP172", f"'{field.key}' has no effect without 'topics'")
        return None
    return Topics(lists, row.get(ADVANCE) or "session", row.get(ON_CLOSURE) or "postpone")


def is_placed_by_participants(activity: Activity) -> bool:
    """Says whether only participants have the session, each at a time of their own."""
    timed = any(placement.start is not None for placement in activity.placements)
    return activity.kind in KINDS_OF_ONE and activity.days is None and not timed and not activity.monthly


def check_beginnings(
    activities: tuple[tuple[Activity, Row], ...],
    started: frozenset[tuple[str, str]],
    tracks: tuple[Track, ...],
    report: Report,
) -> None:
    """Reports sessions without `at` that have no `day_starts` and nothing before them to follow (IOP165).

    `started` holds (session, track) for those that get their time from every phase that has them.
    """
    reported: set[str] = set()
    for track in tracks:
        if track.day_starts is not None:
            continue
        for activity, row in activities:
            if (activity.tracks and track.id not in activity.tracks) or is_placed_by_participants(activity):
                continue
            start = next(placement.start for placement in activity.placements if placement.track == track.id)
            broken = row.broken(AT) or (activity.id, track.id) in started
            if start is None and not broken and activity.id not in reported:
                where = f" on the track '{track.id}'" if track.id else ""
                message = f"nothing says when {shown(activity.name)} begins{where}"
                report.error(
                    activity.place, "IOP165", message, "give it 'at', or give the program 'day_starts'"
                )
                reported.add(activity.id)
            break
