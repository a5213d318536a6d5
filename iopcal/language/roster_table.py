"""A roster in CSV: a column a key or phase, a row a participant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from iopcal.language.dates import read_date, read_span
from iopcal.language.references import Names, listing
from iopcal.language.report import Report, meant, shown
from iopcal.language.said import Said, Told, person_of
from iopcal.language.weekdays import WEEKDAY_LIST
from iopcal.model import Place, Program, Span
from iopcal.named_tuple import NamedTuple
from iopcal.source import Node, Scalar, Sequence

COLUMNS = ("id", "track", "cohort", "starts", "hold", "away", "days", "discharge")
"""Besides these, every phase may have a column, named as the phase or by its id."""

_ONLY_YAML = ("choose", "place", "path")
_WORDS = re.compile(r"\S+(?: *\.\. *\S+)?")
_FIRST_LINE = "the first line names the columns, such as id,track,starts"


class _Column(NamedTuple):
    """What the cells of a column are: one of COLUMNS, or a phase."""

    key: str
    phase: Scalar | None = None


def read_columns(table: Sequence, program: Program, names: Names, report: Report) -> Iterator[Said]:
    """Yields what each row says of a participant; the first row names the columns (else IOP403)."""
    header, *rows = table.items
    columns, misspelt = _columns(_cells(header), names, report)
    if not any(columns):
        return
    missing = frozenset(_missing(columns, misspelt, header.place, program, report))
    for row in rows:
        yield _said(tuple(zip(columns, _cells(row), strict=True)), row.place, missing, report)


def _cells(row: Node) -> tuple[Scalar, ...]:
    return tuple(cell for cell in row.items if isinstance(cell, Scalar)) if isinstance(row, Sequence) else ()


def _columns(
    header: tuple[Scalar, ...], names: Names, report: Report
) -> tuple[tuple[_Column | None, ...], frozenset[str]]:
    """Returns what each column holds, and which were probably meant by misspelt ones.

    None stands for a column that is unknown or there twice, which is reported.
    """
    misspelt = set()
    found: list[_Column | None] = []
    first: dict[tuple[str, str], Place] = {}
    if not any(cell.text.casefold() in COLUMNS for cell in header):
        place = header[0].place
        report.error(place, "IOP403", "the first line does not name the columns", _FIRST_LINE)
        return (), frozenset()
    for number, cell in enumerate(header, 1):
        phase = None if cell.text in COLUMNS else names.phases.find(cell, Report())
        if cell.text not in COLUMNS and phase is None:
            misspelt.add(_unknown(number, cell, names, report))
            found.append(None)
            continue
        key = ("phase", phase) if phase is not None else (cell.text, "")
        other = first.setdefault(key, cell.place)
        if other is not cell.place:
            message = f"the column {shown(cell.text)} is there twice"
            report.error(cell.place, "IOP403", message, "keep one of them", (other,))
        found.append(_Column(key[0], cell if phase is not None else None) if other is cell.place else None)
    return tuple(found), frozenset(misspelt)


def _unknown(number: int, cell: Scalar, names: Names, report: Report) -> str:
    """Reports a column that is none; returns the one that was probably meant, or ''."""
    text = cell.text
    if not text:
        report.error(cell.place, "IOP403", f"column {number} has no name", "name it, or delete the column")
        return ""
    if not names.phases.complete:
        return ""
    near = report.nearest(text, COLUMNS) or report.nearest(text, names.phases.ids)
    hint = meant(near, f"the columns are {', '.join(COLUMNS)} and the phases {listing(names.phases.ids)}")
    if text.casefold() in _ONLY_YAML:
        hint = f"write the roster in YAML: in CSV there is no '{text.casefold()}'"
    elif "name" in text.casefold():
        hint = "a roster holds no names: delete the column"
    elif names.sessions.find(cell, Report()) is not None:
        hint = "only a roster in YAML places sessions"
    report.error(cell.place, "IOP403", f"{shown(text)} is neither a column of a roster nor a phase", hint)
    return near


def _missing(
    columns: tuple[_Column | None, ...],
    misspelt: frozenset[str],
    place: Place,
    program: Program,
    report: Report,
) -> Iterator[str]:
    """Yields the columns that are needed and not there; reports those that are not misspelt either."""
    found = {column.key for column in columns if column}
    needed = ["id"]
    if "cohort" not in found:
        needed += ["track", "starts"] if len(program.tracks) > 1 else ["starts"]
    for key in needed:
        if key in found:
            continue
        if key not in misspelt:
            report.error(place, "IOP403", f"the column '{key}' is missing", _FIRST_LINE)
        yield key


def _said(
    cells: tuple[tuple[_Column | None, Scalar], ...], place: Place, missing: frozenset[str], report: Report
) -> Said:
    """Returns what the cells of one row say; empty ones say nothing."""
    identity: Scalar | None = None
    track: Scalar | None = None
    cohort: Scalar | None = None
    starts: date | None = None
    starts_place = place
    days: tuple[int, ...] = ()
    facts: list[Told] = []
    broken = set(missing)
    for column, cell in cells:
        if column is None:
            continue
        key = column.key
        if not cell.text:
            if key == "id":
                message = "a participant needs an id"
                report.error(cell.place, "IOP430", message, "write it in the column 'id', such as 'p-014'")
        elif key == "id":
            identity = person_of(cell, report)
            place = cell.place
        elif key == "track":
            track = cell
        elif key == "cohort":
            cohort = cell
        elif key == "starts":
            starts, starts_place = read_date(cell.text, cell.place, report), cell.place
            if starts is None:
                broken.add(key)
        elif key == "days":
            days = WEEKDAY_LIST.read(cell, report) or ()
        else:
            facts += _facts(column, cell, report)
    facts.sort(key=lambda told: told.span.first)
    return Said(
        identity, place, track, cohort, starts, starts_place, days, (), (), tuple(facts), frozenset(broken)
    )


def _facts(column: _Column, cell: Scalar, report: Report) -> Iterator[Told]:
    """Yields a fact for each date or range of a cell."""
    for match in _WORDS.finditer(cell.text):
        text = match[0]
        place = cell.place._replace(column=cell.place.column + match.start(), length=len(text))
        span = _span(column, text, place, report)
        if span is not None:
            yield Told(column.key, span, column.phase, place)


def _span(column: _Column, text: str, place: Place, report: Report) -> Span | None:
    if ";" in text or "," in text:
        message = f"{shown(text)} is not a date"
        report.error(place, "IOP142", message, "dates in one cell are separated by spaces")
        return None
    if column.key in {"hold", "away"}:
        return read_span(text, place, report)
    if ".." in text:
        what = "a discharge is the last day" if column.key == "discharge" else "a phase begins on one day"
        report.error(place, "IOP419", f"{shown(text)} is a range", f"{what}: write that day alone")
        return None
    day = read_date(text, place, report)
    return None if day is None else Span(day, day)
