"""The lines of `changes`: for single days (`on`), from a day on (`from`), and added sessions (`add`)."""

from __future__ import annotations

import re
from datetime import date

from iopcal.language.activities import Scope, build_activity
from iopcal.language.closures import COHORTS, MOST_LINES, TRACKS, WHY_KEY
from iopcal.language.collisions import check_added, check_from, check_on
from iopcal.language.dates import DATE, SPAN
from iopcal.language.edits import DETAILS, NEW_MINUTES, NEW_TIME, TIMETABLE, edit_of
from iopcal.language.fields import Field, Row, Table, Value, list_of, object_schema, read_row
from iopcal.language.included import Lines
from iopcal.language.numbers import YES_NO
from iopcal.language.placements import AT
from iopcal.language.references import slug
from iopcal.language.report import Report, shown
from iopcal.language.sessions import (
    ADVANCE,
    DAYS_KEY,
    EVERY,
    ID_KEY,
    MONTHLY_KEY,
    NAME_KEY,
    ON_CLOSURE,
    ONE_OF,
    SESSION,
    TIMES,
    TOPICS,
    VISITS,
    WEEKS,
)
from iopcal.language.texts import NAME
from iopcal.model import Activity, Addition, FromChange, OnChange, Span
from iopcal.named_tuple import NamedTuple
from iopcal.source import Mapping, Node, Scalar

ON: Field[Span] = Field("on", SPAN, "the day the session is planned for, or a range of days", needed=True)


_RANGE = r"([0-9]{4}-[0-9]{2}-[0-9]{2}) *\.\. *([0-9]{4}-[0-9]{2}-[0-9]{2})"


def _read_from(node: Node, report: Report) -> date | None:
    ends = isinstance(node, Scalar) and re.fullmatch(_RANGE, node.text)
    if not ends:
        return DATE.read(node, report)
    message = f"'{ends[0]}' is a range, but 'from' has no end"
    hint = f"write 'on: {ends[1]}..{ends[2]}', or give the end a 'from' line of its own"
    report.error(node.place, "IOP142", message, hint)
    return None


FROM: Field[date] = Field(
    "from",
    DATE._replace(read=_read_from),
    "the first day on which the change holds, and every day after it",
    needed=True,
)
SESSION_KEY: Field[Scalar] = Field("session", NAME, "the name or id of the session", needed=True)
CANCEL: Field[bool] = Field("cancel", YES_NO, "yes: it does not take place, and is shown as cancelled")
END: Field[bool] = CANCEL._replace(meaning="yes: the session ends, without a trace")
TO: Field[date] = Field("to", DATE, "the day it is moved to")
ADD: Field[Scalar] = Field("add", NAME, "the name of a session of that day alone", needed=True)

_SYNONYMS = {
    "date": "on", "day": "on", "reason": "why", "time": "at", "duration": "minutes", "leader": "lead",
    "track": "tracks", "cohort": "cohorts", "cancelled": "cancel", "canceled": "cancel", "move": "to",
    "title": "name", "url": "link",
}  # fmt: skip
ON_CHANGE = Table(
    "a change of single days",
    (ON, SESSION_KEY, CANCEL, TO, NEW_TIME, NEW_MINUTES, *DETAILS, WHY_KEY, TRACKS, COHORTS),
    synonyms=_SYNONYMS,
)
FROM_CHANGE = Table(
    "a change from a day on",
    (FROM, SESSION_KEY, END, *TIMETABLE, *DETAILS, WHY_KEY, TRACKS, COHORTS),
    synonyms={**_SYNONYMS, "on": "from", "starts": "from"},
)
ADDED = SESSION.without(
    "an added session",
    NAME_KEY,
    DAYS_KEY,
    WEEKS,
    VISITS,
    EVERY,
    MONTHLY_KEY,
    TIMES,
    TOPICS,
    ADVANCE,
    ON_CLOSURE,
    ONE_OF,
)
ADDED = ADDED._replace(fields=(ON, ADD, *ADDED.fields, WHY_KEY, COHORTS), synonyms=_SYNONYMS, rules={})
_TABLES = (ON_CHANGE, FROM_CHANGE, ADDED)


class Changes(NamedTuple):
    """The `changes` lines of a program, by sort, in the order of the file."""

    on: tuple[OnChange, ...] = ()
    later: tuple[FromChange, ...] = ()
    added: tuple[Addition, ...] = ()


def _read_line(node: Node, report: Report) -> Row | None:
    if not isinstance(node, Mapping):
        return read_row(ON_CHANGE, node, report)
    keys = {key.text: key for key, _ in node.entries}
    for one, other in (("on", "from"), ("session", "add"), ("from", "add")):
        if one in keys and other in keys:
            message = f"the change has both '{one}' and '{other}'"
            report.error(keys[other].place, "IOP161", message, "keep one of them", (keys[one].place,))
            return None
    return read_row(ADDED if "add" in keys else FROM_CHANGE if "from" in keys else ON_CHANGE, node, report)


LINE: Value[Row] = Value(_read_line, {"anyOf": [object_schema(table) for table in _TABLES]}, "change")
CHANGES = Lines("changes", list_of(LINE, "lines", least=0, most=MOST_LINES, keep=True), lambda text: False)


def build_changes(
    rows: tuple[Row, ...], activities: dict[str, Activity], scope: Scope, report: Report
) -> Changes:
    """Returns the changes of all lines; what they name is looked up; no two may set one key."""
    on: list[tuple[OnChange, Row]] = []
    later: list[tuple[FromChange, Row]] = []
    added: list[tuple[Addition, Row]] = []
    for row in rows:
        if row.table is ADDED:
            addition = _addition(row, scope, report)
            if addition is not None:
                added.append((addition, row))
            continue
        change = _change(row, activities, scope, report)
        if isinstance(change, OnChange):
            on.append((change, row))
        elif change is not None:
            later.append((change, row))
    check_on(on, report)
    check_from(later, report)
    check_added(added, report)
    return Changes(
        tuple(change for change, _ in on),
        tuple(change for change, _ in later),
        tuple(change for change, _ in added),
    )


def _limits(row: Row, scope: Scope, report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        scope.names.tracks.find_all(row.get(TRACKS) or (), report),
        scope.names.cohorts.find_all(row.get(COHORTS) or (), report),
    )


def _change(
    row: Row, activities: dict[str, Activity], scope: Scope, report: Report
) -> OnChange | FromChange | None:
    tracks, cohorts = _limits(row, scope, report)
    named = row.get(SESSION_KEY)
    activity = activities.get(scope.names.sessions.find(named, report) or "") if named else None
    if activity is None:
        return None
    mine = tuple(track for track in scope.tracks if not tracks or track.id in tracks)
    edit = edit_of(row, activity, mine, scope, report)
    cancel = row.get(CANCEL)
    _check_effect(row, cancel, report)
    if row.table is FROM_CHANGE:
        first = row.get(FROM)
        why = row.get(WHY_KEY) or ""
        return (
            None
            if first is None
            else FromChange(first, activity.id, cancel, edit, tracks, cohorts, row.place, why)
        )
    span, to = row.get(ON), row.get(TO)
    if span is None:
        return None
    if TO in row and span.first != span.last:
        message = "'to' moves one day, but 'on' names a range"
        report.error(row.key_place(TO), "IOP169", message, "write one line for each day")
    why = row.get(WHY_KEY) or ""
    return OnChange(span, activity.id, bool(cancel), to, edit, why, tracks, cohorts, row.place)


def _check_effect(row: Row, cancel: bool | None, report: Report) -> None:
    """Reports a line that changes nothing (IOP171), or ends a session and changes it as well (IOP160).

    A session that was moved for a day may be cancelled in the same line: it is shown where it was moved to.
    """
    doing = [field for field in (TO, *TIMETABLE, *DETAILS) if field in row and field in row.table.fields]
    if cancel and row.table is FROM_CHANGE:
        for field in doing:
            message = f"'{field.key}' cannot stand beside 'cancel'"
            report.error(
                row.key_place(field), "IOP160", message, "keep one of them", (row.key_place(CANCEL),)
            )
        return
    idle = cancel is None or (cancel is False and row.table is ON_CHANGE)
    if idle and not doing and not row.strange and not row.broken(CANCEL):
        hint = "give it 'cancel: true', 'at', 'minutes', 'lead', 'room' or another key"
        report.error(row.place, "IOP171", "the line changes nothing", hint)


def _addition(row: Row, scope: Scope, report: Report) -> Addition | None:
    name, identity = row.get(ADD), row.get(ID_KEY)
    _, cohorts = _limits(row, scope, report)
    found = identity.text if identity else slug(name.text) if name else ""
    if name and not found:
        message = f"no id can be made from the name {shown(name.text)}"
        report.error(name.place, "IOP108", message, "add the key 'id', such as 'id: extra-1'")
    activity = build_activity(row, f"add:{found}", scope, report)._replace(name=name.text if name else "")
    untimed = [
        placement
        for placement in activity.placements
        if placement.start is None and (not activity.tracks or placement.track in activity.tracks)
    ]
    if untimed and not row.broken(AT):
        where = f" on the track '{untimed[0].track}'" if AT in row else ""
        report.error(row.place, "IOP103", f"an added session needs the key 'at'{where}", "at: when it begins")
    span = row.get(ON)
    return None if span is None else Addition(span, activity, row.get(WHY_KEY) or "", cohorts, row.place)
