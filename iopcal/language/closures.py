"""The lines of `closed`, and how they become `Closure` values."""

from __future__ import annotations

import re

from iopcal.language.clocks import TIME
from iopcal.language.dates import SPAN, looks_dated, read_span
from iopcal.language.fields import Field, Row, Table, Value, list_of, object_schema, read_row, scalar
from iopcal.language.included import Lines
from iopcal.language.numbers import YES_NO
from iopcal.language.references import Names
from iopcal.language.report import Report, shown
from iopcal.language.texts import NAME_LENGTH, NAMES, WHY, choice, text_of
from iopcal.model import Closure, Span
from iopcal.source import Mapping, Node, Scalar
from iopcal.words import count_words

ON: Field[Span] = Field("on", SPAN, "the day, or a range of days `2027-12-24..2028-01-01`", needed=True)
WHY_KEY: Field[str] = Field("why", WHY, "the reason, for staff only")
EXTEND: Field[bool] = Field("extend", YES_NO, "yes: the phase goes on for as many visits as were lost")
INSTEAD: Field[str] = Field(
    "instead",
    choice(("telehealth",), "something to do instead"),
    "`telehealth`: it takes place by link, and counts as held",
)
FROM: Field[int] = Field("from", TIME, "only sessions that begin at this time or later are lost")
UNTIL: Field[int] = Field(
    "until", TIME, "only sessions that begin before this time are lost; with `from`: between them"
)
MAKE_UP: Field[Span] = Field(
    "make_up",
    SPAN,
    "the day (or range of as many days) that every session lost is moved to, at the same times",
)
TRACKS: Field[tuple[Scalar, ...]] = Field("tracks", NAMES, "tracks it is for; default: all")
COHORTS: Field[tuple[Scalar, ...]] = Field("cohorts", NAMES, "cohorts it is for; default: all")

CLOSURE = Table(
    "a line of 'closed'",
    (ON, WHY_KEY, EXTEND, INSTEAD, FROM, UNTIL, MAKE_UP, TRACKS, COHORTS),
    synonyms={
        "date": "on",
        "day": "on",
        "days": "on",
        "reason": "why",
        "name": "why",
        "track": "tracks",
        "cohort": "cohorts",
    },
)


def _read_line(node: Node, report: Report) -> Row | None:
    if isinstance(node, Mapping) and _dated(node, report):
        return None
    if not isinstance(node, Scalar) or node.hole:
        return read_row(CLOSURE, node, report)
    found = scalar(node, report, "a closed day")
    if found is None:
        return None
    day, _, why = _split(found.text)
    second = re.match("(?:(?:-|–|—|to|until|through|and|,|/) *)?([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})", why)
    if second:
        message = f"{shown(found.text)} has a second date where the reason belongs"
        hint = f"a range is written '{day.rstrip(',')}..{second[1]}', and other days have lines of their own"
        report.error(found.place, "IOP142", message, hint)
        return None
    span = read_span(day, found.place, report)
    if span is None:
        return None
    row = Row(CLOSURE, found.place)
    row.put(ON, found.place, found, span)
    if why:
        text = text_of(found._replace(text=why), report, "a reason", NAME_LENGTH)
        row.put(WHY_KEY, found.place, found, text.text if text else None)
    return row


def _dated(node: Mapping, report: Report) -> bool:
    """Reports dates that stand as keys (`- 2027-01-18: Snow`)."""
    dated = [(key, value) for key, value in node.entries if looks_dated(key.text)]
    for key, value in dated:
        hint = f"write '- {key.text}' and the reason behind it"
        if isinstance(value, Scalar) and not value.hole:
            hint = f"write '- {key.text} {value.text}'"
        message = f"{shown(key.text)} is not a key of {CLOSURE.noun}"
        report.error(key.place, "IOP102", message, hint)
    return bool(dated)


def _split(text: str) -> tuple[str, str, str]:
    """Splits `2027-12-24 .. 2028-01-01 Winter break` after the date or range."""
    first, space, rest = text.partition(" ")
    while space and (first.endswith("..") or rest.startswith("..")):
        more, space, rest = rest.strip().partition(" ")
        first += more
    return first, space, rest.strip()


LINE: Value[Row] = Value(
    _read_line,
    {
        "anyOf": [
            {
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}( *\\.\\. *[0-9]{4}-[0-9]{2}-[0-9]{2})?( .*)?$",
            },
            object_schema(CLOSURE),
        ]
    },
    "closed-day",
)
MOST_LINES = 1000
CLOSED = Lines("closed", list_of(LINE, "lines", least=0, most=MOST_LINES, keep=True), looks_dated)


def build_closure(row: Row, names: Names, report: Report) -> Closure | None:
    """Returns the closure of a line; None when its day could not be read."""
    tracks = names.tracks.find_all(row.get(TRACKS) or (), report)
    cohorts = names.cohorts.find_all(row.get(COHORTS) or (), report)
    span = row.get(ON)
    if span is None:
        return None
    make_up = row.get(MAKE_UP)
    if make_up is not None and _days(make_up) != _days(span):
        closed, made = count_words(_days(span), "day"), count_words(_days(make_up), "day")
        report.error(
            row.place_of(MAKE_UP), "IOP169", f"'make_up' has {made}, but {closed} closed", "name as many days"
        )
        make_up = None
    if make_up == span:
        what = "days themselves" if span.first < span.last else "day itself"
        message = f"'make_up' names the closed {what}, which would undo the closure"
        report.error(row.place_of(MAKE_UP), "IOP169", message, "name another day, or leave 'make_up' out")
    telehealth = row.get(INSTEAD) is not None
    pointless: list[Field[object]] = [MAKE_UP] if make_up else []
    pointless += [EXTEND] if row.get(EXTEND) else []
    for field in pointless:
        if telehealth:
            message = f"'{field.key}' cannot stand beside 'instead': the sessions are held"
            report.error(
                row.key_place(field), "IOP160", message, "keep one of them", (row.key_place(INSTEAD),)
            )
    after, before = row.get(FROM), row.get(UNTIL)
    if after is not None and before is not None and before <= after:
        report.error(
            row.place_of(UNTIL),
            "IOP160",
            "'until' is not later than 'from'",
            "no session begins between them",
        )
    return Closure(
        span,
        row.get(WHY_KEY) or "",
        row.get(EXTEND) or False,
        telehealth,
        after,
        before,
        make_up,
        tracks,
        cohorts,
        row.place,
    )


def _days(span: Span) -> int:
    return (span.last - span.first).days + 1
