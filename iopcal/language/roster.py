"""A roster in YAML: its keys, and what it says of each participant."""

from __future__ import annotations

import re
from datetime import date

from iopcal.language.clocks import clock_of, nearest_time
from iopcal.language.dates import DATE, SPAN
from iopcal.language.fields import (
    Field,
    Row,
    Table,
    Value,
    as_schema,
    enough,
    list_of,
    object_schema,
    read_row,
    row_of,
    scalar,
    seen,
)
from iopcal.language.included import Lines
from iopcal.language.numbers import YES_NO
from iopcal.language.report import Report, meant, shown
from iopcal.language.said import PERSON, Placed, Said, Told
from iopcal.language.texts import LEADS, NAME
from iopcal.language.weekdays import WEEKDAY_LIST, weekday_of
from iopcal.model import WEEKDAYS, Span
from iopcal.source import Mapping, Node, Scalar

MOST_PARTICIPANTS = 100_000
_MOST_FACTS = 1_000  # of one participant
_HOW_PLACED = "write a weekday and a time, such as thu 16:00; a time alone keeps the session's days"

ON: Field[Span] = Field(
    "on", SPAN, "the day, or of a hold or an absence a range of days `2027-02-22..2027-03-07`", needed=True
)
PHASE: Field[Scalar] = Field("phase", NAME, "the phase that begins that day, at its first week")
HOLD: Field[bool] = Field("hold", YES_NO, "yes: these days do not exist for the participant's weeks")
TRACK: Field[Scalar] = Field("track", NAME, "the track that the participant changes to")
AWAY: Field[bool] = Field("away", YES_NO, "yes: no sessions, but the weeks run on")
DISCHARGE: Field[bool] = Field("discharge", YES_NO, "yes: it is the last day")
_NAMED = (PHASE, TRACK)
_YES = (HOLD, AWAY, DISCHARGE)
_RANGES = (HOLD, AWAY)
_KINDS = (PHASE, HOLD, TRACK, AWAY, DISCHARGE)
FACT = Table(
    "a line of 'path'",
    (ON, *_KINDS),
    synonyms={
        "date": "on", "day": "on", "days": "on", "from": "on", "absent": "away", "leave": "away",
        "discharged": "discharge", "held": "hold", "to": "phase",
    },
    rules={"oneOf": [{"required": [field.key]} for field in _KINDS]},
)  # fmt: skip


def _read_fact(node: Node, report: Report) -> Told | None:
    row = read_row(FACT, node, report)
    if row is None:
        return None
    said = [field for field in _KINDS if field in row]
    if not said:
        if not row.strange:
            hint = f"give it one of the keys {', '.join(field.key for field in _KINDS)}"
            report.error(row.place, "IOP419", "the line says nothing that happened", hint)
        return None
    first, span = said[0], row.get(ON)
    for other in said[1:]:
        message = f"the line has both '{first.key}' and '{other.key}'"
        report.error(
            row.key_place(other), "IOP419", message, "write a line for each", (row.key_place(first),)
        )
    if first in _YES and row.get(first) is False:
        report.error(row.place_of(first), "IOP419", f"'{first.key}: no' says nothing", "remove the line")
    if span is None or len(said) > 1 or not row.get(first):
        return None
    if first not in _RANGES and span.first != span.last:
        message = f"'{first.key}' is of one day, but 'on' names a range"
        day = "last" if first is DISCHARGE else "first"
        report.error(row.place_of(ON), "IOP419", message, f"write the {day} day alone")
        return None
    named = next((row.get(field) for field in _NAMED if field is first), None)
    return Told(first.key, span, named, row.place_of(ON))


def _read_at(node: Node, report: Report) -> tuple[int | None, int] | None:
    found = scalar(node, report, "a weekday and a time")
    if found is None:
        return None
    day, _, rest = found.text.partition(" ")
    weekday = weekday_of(day.rstrip(","))
    clock = clock_of(found.text if weekday is None else rest.strip())
    if clock is None:
        hint = meant(_nearest_at(found.text), _HOW_PLACED)
        report.error(found.place, "IOP424", f"{shown(found.text)} is not a weekday and a time", hint)
        return None
    return weekday, clock


def _nearest_at(text: str) -> str:
    """Returns the right spelling of a weekday and a time, or ''; a range loses its end."""
    days = {weekday_of(word) for word in re.findall("[A-Za-z]+", text)} - {None}
    if len(days) != 1 or re.search("[A-Za-z] *- *[A-Za-z]", text):
        return ""
    (day,) = days
    words = (word for word in text.split() if weekday_of(word.strip(",")) is None and word != "at")
    time = re.split(" *[-–—] *", " ".join(words))[0]
    good = time if clock_of(time) is not None else nearest_time(time)
    return f"{WEEKDAYS[day or 0]} {good}" if good else ""


_DAY = "[A-Za-z]+,?"
AT: Field[tuple[int | None, int]] = Field(
    "at",
    Value(_read_at, {"type": "string", "pattern": f"^({_DAY} +)?[0-9]{{1,2}}:[0-9]{{2}}( *[AaPp][Mm])?$"}),
    "weekday and time, such as `thu 16:00`, in place of the session's own; a time alone keeps its days",
    needed=True,
)
LEAD: Field[tuple[str, ...]] = Field("lead", LEADS, "who leads it, in place of the session's own")
PLACING = Table(
    "a placed session",
    (AT, LEAD),
    synonyms={"on": "at", "time": "at", "day": "at", "leader": "lead", "leads": "lead"},
)


def _keyed(node: Node, report: Report, what: str, example: str) -> Mapping | None:
    """Returns a mapping that is not empty; reports anything else."""
    if isinstance(node, Mapping):
        return node if enough(node, report, what) else None
    if isinstance(node, Scalar) and node.hole:
        report.hole()
    else:
        message = f"{seen(node)} stands where {what} belong"
        report.error(node.place, "IOP104", message, f"write it as {example}")
    return None


def _read_places(node: Node, report: Report) -> tuple[Placed, ...] | None:
    found = _keyed(node, report, "placed sessions", "{Individual therapy: {at: thu 16:00}}")
    if found is None:
        return None
    placed = []
    for key, value in found.entries:
        row = read_row(PLACING, value, report)
        at = row.get(AT) if row else None
        if row is not None and at is not None:
            placed.append(Placed(key, *at, row.get(LEAD), row.place_of(AT)))
    return tuple(placed) if len(placed) == len(found.entries) else None


def _read_choices(node: Node, report: Report) -> tuple[tuple[Scalar, Scalar], ...] | None:
    found = _keyed(node, report, "choices", "{aftercare: Thursday group}")
    if found is None:
        return None
    pairs = [(key, NAME.read(value, report)) for key, value in found.entries]
    good = tuple((key, value) for key, value in pairs if value is not None)
    return good if len(good) == len(pairs) else None


ID: Field[Scalar] = Field(
    "id", PERSON, "opaque, says nothing of the person: a-z, 0-9 and `-`; never change it", needed=True
)
OWN_TRACK: Field[Scalar] = Field("track", NAME, "the track, needed where there are several")
COHORT: Field[Scalar] = Field("cohort", NAME, "the cohort: gives `starts`, and `track` where it runs in one")
STARTS: Field[date] = Field(
    "starts", DATE, "the first day; default: the program's, but needed where admission is rolling"
)
DAYS: Field[tuple[int, ...]] = Field(
    "days",
    WEEKDAY_LIST,
    "own weekdays, most important first: they replace `treatment_days` where a phase gives a number, and "
    "narrow it where it gives weekdays",
)
CHOOSE: Field[tuple[tuple[Scalar, Scalar], ...]] = Field(
    "choose",
    Value(
        _read_choices,
        {"type": "object", "additionalProperties": as_schema(NAME), "minProperties": 1},
    ),
    "mapping label of `one_of`: the session of that label that the participant attends",
)
PLACE: Field[tuple[Placed, ...]] = Field(
    "place",
    Value(
        _read_places,
        {"type": "object", "additionalProperties": object_schema(PLACING), "minProperties": 1},
    ),
    "mapping session: `{at, lead}`: when the participant has it",
)
PATH: Field[tuple[Told, ...]] = Field(
    "path",
    list_of(Value(_read_fact, object_schema(FACT), "fact"), "lines", most=_MOST_FACTS, keep=True),
    "list of what really happened, in order of date: `{on, phase}`, `{on, hold: true}`, ...",
)
PARTICIPANT = Table(
    "a participant",
    (ID, OWN_TRACK, COHORT, STARTS, DAYS, CHOOSE, PLACE, PATH),
    synonyms={
        "name": "id", "start": "starts", "begins": "starts", "tracks": "track", "cohorts": "cohort",
        "treatment_days": "days", "chooses": "choose", "choice": "choose", "choices": "choose",
        "placed": "place", "places": "place", "sessions": "place", "facts": "path", "history": "path",
        "events": "path",
    },
)  # fmt: skip
PARTICIPANTS = Lines(
    "participants",
    list_of(row_of(PARTICIPANT, "participant"), "participants", least=0, most=MOST_PARTICIPANTS, keep=True),
    lambda text: False,
    "roster",
)
ROSTER = Table(
    "a roster",
    (
        Field(
            "participants",
            PARTICIPANTS.lines,
            "list of participants, dated facts laid over the program",
            True,
        ),
    ),
)
TABLES = {
    "participants": PARTICIPANT,
    "sessions a participant places": PLACING,
    "what really happened": FACT,
}
"""Each group of keys, in the order of the reference page."""


def said_in(row: Row) -> Said:
    """Returns what a row says of a participant, before anything it names is looked up."""
    identity = row.get(ID)
    return Said(
        id=identity,
        place=identity.place if identity else row.place,
        track=row.get(OWN_TRACK),
        cohort=row.get(COHORT),
        starts=row.get(STARTS),
        starts_place=row.place_of(STARTS),
        days=row.get(DAYS) or (),
        chosen=row.get(CHOOSE) or (),
        placed=row.get(PLACE) or (),
        facts=row.get(PATH) or (),
        broken=frozenset(
            field.key for field in (OWN_TRACK, COHORT, STARTS, CHOOSE, PLACE) if row.broken(field)
        ),
    )
