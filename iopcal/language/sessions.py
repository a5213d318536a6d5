"""The keys of a session."""

from __future__ import annotations

from iopcal.language.fields import Field, Table, Value, by_key, read_row, row_of
from iopcal.language.numbers import MOST, RANGES, YES_NO, number, number_schema
from iopcal.language.placements import AT, MINUTES
from iopcal.language.report import Report, shown
from iopcal.language.texts import ADDRESS, ID, LEADS, LINK, NAME, NAMES, NOTES, ROOM, choice, list_texts, text
from iopcal.language.weekdays import DAYS, MONTHLY, weekday_of
from iopcal.model import KINDS, KINDS_NOT_COUNTED, Days, Ordinal, Range
from iopcal.source import Node, Scalar

MOST_WEEKS = 260
PUBLISH = ("all", "staff", "never")
By = tuple[tuple[Scalar | None, int], ...]
Lists = tuple[tuple[int | None, tuple[str, ...]], ...]


_BY_WEEKDAY = by_key(list_texts("a topic", "topics"), "topics")


def _read_topics(node: Node, report: Report) -> Lists | None:
    lists = _BY_WEEKDAY.read(node, report)
    found: list[tuple[int | None, tuple[str, ...]]] = []
    for key, topics in lists or ():
        weekday = weekday_of(key.text) if key else None
        if key and weekday is None:
            hint = "topics are a list, or lists by weekday: mon, tue, wed, ..."
            report.error(key.place, "IOP145", f"{shown(key.text)} is not a weekday", hint)
        elif key and any(weekday == other for other, _ in found):
            report.error(key.place, "IOP145", f"{shown(key.text)} is named twice", "name each weekday once")
        else:
            found.append((weekday, topics))
    return tuple(found) if lists and len(found) == len(lists) else None


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
    "those weekdays whether or not the phase does, bare `any` on every treatment day of the track",
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
    by_key(number("weeks", MOST_WEEKS), "numbers"),
    "every n-th week of the phase, its first week first; or a mapping phase: n (others: every week)",
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
    Value(_read_topics, _BY_WEEKDAY.schema),
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
    "the topic of a closed day: `postpone`, it comes next time (default), or `skip`, it is left out (default "
    "where admission is rolling)",
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
        NAME_KEY, ID_KEY, KIND, MINUTES, DAYS_KEY, AT, WEEKS, VISITS, PHASES, TRACKS, EVERY, MONTHLY_KEY,
        TIMES, TOPICS, ADVANCE, ON_CLOSURE, LEAD, ROOM_KEY, LOCATION, LINK_KEY, CAPACITY_KEY, OPTIONAL,
        ONE_OF, COUNTS, PUBLISH_KEY, NOTES_KEY,
    ),
    synonyms={
        "title": "name", "duration": "minutes", "length": "minutes", "time": "at", "start": "at",
        "starts": "at", "day": "days", "weekday": "days", "weekdays": "days", "frequency": "every",
        "type": "kind", "leader": "lead", "leads": "lead", "staff": "lead", "url": "link",
        "address": "location", "visible": "publish",
    },
    rules={"not": {"required": ["monthly"], "anyOf": [{"required": ["days"]}, {"required": ["every"]}]}},
)  # fmt: skip
