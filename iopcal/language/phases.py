"""The keys of a phase, and how they become a `Phase`."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from iopcal.language.activities import Scope
from iopcal.language.admission import check_override
from iopcal.language.dates import DATE
from iopcal.language.edits import TIMETABLE, edit_of
from iopcal.language.fields import Field, Row, Table, Value, as_schema, key_list, object_schema, read_row
from iopcal.language.levels import LEVEL
from iopcal.language.numbers import DEFAULT_TAPER, MOST, PHASE_DAYS, number
from iopcal.language.placements import AT, MINUTES, ends_that_day
from iopcal.language.report import Report, meant, shown
from iopcal.language.sessions import ID_KEY, MOST_WEEKS, NAME_KEY
from iopcal.language.texts import NAMES, text_of
from iopcal.model import Activity, Counts, Days, Edit, Override, Phase, Taper
from iopcal.named_tuple import NamedTuple
from iopcal.problems import nearest
from iopcal.source import Mapping, Node, Scalar

OVERRIDE = Table("an override of a session", TIMETABLE, rules={"minProperties": 1})


class PhaseSessions(NamedTuple):
    """What `sessions` of a phase says: the only sessions it has, or overrides of some of them."""

    only: tuple[Scalar, ...] | None
    overrides: tuple[tuple[Scalar, Row], ...]


def _read_sessions(node: Node, report: Report) -> PhaseSessions | None:
    if not isinstance(node, Mapping):
        names = NAMES.read(node, report)
        return None if names is None else PhaseSessions(names, ())
    rows = [(key, read_row(OVERRIDE, value, report)) for key, value in node.entries]
    for key, row in rows:
        if row is not None and not row.written() and not row.strange:
            message = f"nothing is changed in {shown(key.text)}"
            report.error(row.place, "IOP171", message, f"give one of the keys {key_list(OVERRIDE)}")
    return PhaseSessions(None, tuple((key, row) for key, row in rows if row is not None))


def _read_taper(node: Node, report: Report) -> Scalar | None:
    from iopcal.tapers import rules

    found = text_of(node, report, "a taper", 64)
    if found is not None and found.text not in rules():
        hint = meant(nearest(found.text, rules()), f"it is one of {', '.join(rules())}")
        report.error(found.place, "IOP150", f"{shown(found.text)} is not a taper", hint)
        return None
    return found


_SESSIONS_SCHEMA = {
    "anyOf": [
        as_schema(NAMES),
        {"type": "object", "additionalProperties": object_schema(OVERRIDE), "minProperties": 1},
    ]
}
WEEKS: Field[int] = Field("weeks", number("weeks of a phase", MOST_WEEKS), "its length in weeks of 7 days")
VISITS: Field[int] = Field(
    "visits", number("visits of a phase", MOST), "its length as a number of visits held"
)
UNTIL: Field[date] = Field(
    "until", DATE, "its last day, included; exactly one of `weeks`, `visits`, `until` is needed"
)
DAYS: Field[Days | Counts | Taper] = Field(
    "days",
    PHASE_DAYS,
    "which or how many treatment days a week: `[mon, wed, fri]`, `3`, `5 -> 2` (tapers inside the phase), "
    "`[5, 5, 4, 4]` (a number a week); default: all of `treatment_days`",
)
TAPER: Field[Scalar] = Field(
    "taper",
    Value(_read_taper, {"type": "string"}),
    f"how `a -> b` thins out: `{DEFAULT_TAPER}` (default), `early`, `late` or `steps`",
)
EVERY: Field[int] = Field("every", number("weeks", MOST_WEEKS), "2: it meets every second week")
SESSIONS: Field[PhaseSessions] = Field(
    "sessions",
    Value(_read_sessions, _SESSIONS_SCHEMA),
    "a list: the only sessions of the phase; a mapping name: `{minutes, at, days, every}`: what it "
    "changes in those it names",
)
LEVEL_KEY: Field[str] = Field(
    "level", LEVEL, "level of care the phase is held against; default: the program's"
)

_LENGTHS = (WEEKS, VISITS, UNTIL)
PHASE = Table(
    "a phase",
    (
        NAME_KEY._replace(meaning="the title"),
        ID_KEY,
        WEEKS,
        VISITS,
        UNTIL,
        DAYS,
        TAPER,
        EVERY,
        SESSIONS,
        LEVEL_KEY,
    ),
    synonyms={
        "title": "name",
        "length": "weeks",
        "duration": "weeks",
        "ends": "until",
        "end": "until",
        "week": "weeks",
    },
    rules={
        "not": {"anyOf": [{"required": [one.key, other.key]} for one, other in combinations(_LENGTHS, 2)]}
    },
)
HAS_LENGTH = {"anyOf": [{"required": [field.key]} for field in _LENGTHS]}
"""Of the schema of a phase whose program is not rolling."""


def build_phase(
    row: Row,
    identity: str,
    level: str,
    activities: dict[str, Activity],
    scope: Scope,
    report: Report,
    last: bool = False,
) -> Phase:
    """Returns the phase of a row with every default filled in; reports what does not fit together in it.

    The `last` one of a rolling program needs no end.
    """
    _check_length(row, last and scope.rolling, report)
    days = row.get(DAYS)
    taper = row.get(TAPER)
    if taper is not None and isinstance(days, Taper):
        days = days._replace(rule=taper.text)
    elif TAPER in row and not row.broken(DAYS) and not isinstance(days, Taper):
        hint = "write 'days' as a taper, such as 5 -> 2"
        report.error(row.key_place(TAPER), "IOP168", "'taper' has no 'a -> b' to shape", hint)
    _check_days(row, days, scope, report)
    name = row.get(NAME_KEY)
    found = row.get(SESSIONS) or PhaseSessions(None, ())
    return Phase(
        id=identity,
        name=name.text if name else "",
        weeks=row.get(WEEKS) or 0,
        visits=row.get(VISITS) or 0,
        until=row.get(UNTIL),
        days=days,
        every=row.get(EVERY) or 1,
        only=None if found.only is None else scope.names.sessions.find_all(found.only, report),
        overrides=_overrides(found, identity, activities, scope, report),
        level=row.get(LEVEL_KEY) or level,
        place=row.place,
        days_place=row.place_of(DAYS),
    )


def _check_length(row: Row, endless: bool, report: Report) -> None:
    said = [field for field in _LENGTHS if field in row]
    if not said and not endless:
        report.error(
            row.place, "IOP161", "nothing says how long the phase is", "give it 'weeks', 'visits' or 'until'"
        )
    for field in said[1:]:
        report.error(
            row.key_place(field),
            "IOP161",
            f"the phase has both '{said[0].key}' and '{field.key}'",
            "keep one of them",
            (row.key_place(said[0]),),
        )


def _check_days(row: Row, days: Days | Counts | Taper | None, scope: Scope, report: Report) -> None:
    place = row.place_of(DAYS)
    weeks = row.get(WEEKS) or 0
    if isinstance(days, Days) or days is None:
        return
    most = max(days.first, days.last) if isinstance(days, Taper) else max(days.numbers)
    short = next((track for track in scope.tracks if len(track.treatment_days) < most), None)
    if short is not None:
        where = f"'treatment_days' of the track '{short.id}'" if short.id else "'treatment_days'"
        message = f"{most} days a week are more than the {len(short.treatment_days)} of {where}"
        report.error(
            place, "IOP166", message, "add weekdays to 'treatment_days', or give the phase fewer days"
        )
    endless = scope.rolling and not any(field in row for field in _LENGTHS)
    if isinstance(days, Taper) and (VISITS in row or endless):
        over = "a phase without end" if endless else "visits"
        message = f"'{days.first} -> {days.last}' cannot be spread over {over}"
        report.error(place, "IOP168", message, "use 'weeks' or 'until'")
    if isinstance(days, Counts) and row.listed(DAYS) and weeks and len(days.numbers) != weeks:
        message = f"the list has {len(days.numbers)} numbers, but the phase has {weeks} weeks"
        report.error(place, "IOP167", message, "write one number for each week")


def _overrides(
    found: PhaseSessions, phase: str, activities: dict[str, Activity], scope: Scope, report: Report
) -> tuple[Override, ...]:
    overrides: dict[str, Override] = {}
    for key, row in found.overrides:
        identity = scope.names.sessions.find(key, report)
        activity = activities.get(identity or "")
        if identity is None or activity is None:
            continue
        if identity in overrides:
            report.error(key.place, "IOP105", f"{shown(key.text)} is named twice", "name it once")
        if activity.phases and phase not in activity.phases:
            report.warn(
                key.place, "IOP172", f"{shown(key.text)} never meets in this phase: its 'phases' leave it out"
            )
        overrides[identity] = Override(identity, _edit(row, activity, scope, report), key.place)
    return tuple(overrides.values())


def _edit(row: Row, activity: Activity, scope: Scope, report: Report) -> Edit:
    if scope.rolling:
        check_override(row, report)
    edit = edit_of(row, activity, scope.tracks, scope, report)
    own = {placement.track: placement for placement in activity.placements}
    for placement in edit.placements:
        start = own[placement.track].start if placement.start is None else placement.start
        minutes = placement.minutes or own[placement.track].minutes or 0
        if start is not None and (placement.start is None or placement.minutes is None):
            ends_that_day(start, minutes, row.place_of(AT if AT in row else MINUTES), report)
            break
    return edit
