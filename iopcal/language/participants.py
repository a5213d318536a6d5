"""From what rosters say to the participants of a program: `read_rosters()`."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator

from iopcal import source
from iopcal.language.enrollment import Enrollment
from iopcal.language.included import Load
from iopcal.language.references import Names
from iopcal.language.report import Report, shown
from iopcal.language.roster import MOST_PARTICIPANTS, PARTICIPANTS, said_in
from iopcal.language.roster_table import read_columns
from iopcal.language.said import Said
from iopcal.model import Participant, Program
from iopcal.problems import Problem
from iopcal.source import Node, Scalar, Sequence

_MOST_PROBLEMS = 1_000  # told of one file
_YAML, _CSV = (".yaml", ".yml"), ".csv"


def read_rosters(
    paths: tuple[Scalar, ...], program: Program, names: Names, load: Load, report: Report
) -> tuple[Participant, ...]:
    """Returns the participants of all roster files, in the order of the files.

    `names` are those of `program`. One who could not be read well enough is left out, which is reported.
    """
    # A large roster is millions of values that stay, and none in a circle. The garbage collector would look
    # at all of them again and again, for half of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read_all(paths, Enrollment(program, names, report), load, report)
    finally:
        if collecting:
            gc.enable()


def _read_all(
    paths: tuple[Scalar, ...], enrollment: Enrollment, load: Load, report: Report
) -> tuple[Participant, ...]:
    found: list[Participant] = []
    seen: dict[str, Scalar] = {}
    for path in paths:
        other = seen.setdefault(path.text, path)
        if other is not path:
            message = f"{shown(path.text)} is named twice"
            report.error(path.place, "IOP105", message, "name it once", (other.place,))
            continue
        before = len(report.problems)
        enrollment.table = path.text.casefold().endswith(_CSV)
        for said in _said(path, enrollment, load, report):
            if len(found) == MOST_PARTICIPANTS:
                message = f"there are more than the {MOST_PARTICIPANTS:,} participants allowed"
                report.error(said.place, "IOP155", message, "split the program")
                break
            if (participant := enrollment.enroll(said)) is not None:
                found.append(participant)
        enrollment.tell_repeated()
        report.problems[before:] = _cut(report.problems[before:])
    return tuple(found)


def _read_yaml(data: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    return source.read(data, file, source.ROSTER, lists=True)


def _said(path: Scalar, enrollment: Enrollment, load: Load, report: Report) -> Iterator[Said]:
    """Yields what one file says of each participant; reports a file of another kind (IOP401)."""
    name = path.text.casefold()
    if not name.endswith((*_YAML, _CSV)):
        message = f"{shown(path.text)} is neither a YAML nor a CSV file"
        hint = "a roster ends in .yaml, .yml or .csv; a spreadsheet is saved as 'CSV UTF-8'"
        report.error(path.place, "IOP401", message, hint)
        return
    node, problems = load(path.text, path.place, source.read_table if enrollment.table else _read_yaml)
    report.problems += problems
    if not enrollment.table:
        yield from (said_in(row) for row in PARTICIPANTS.of(node, report))
    elif isinstance(node, Sequence):
        yield from read_columns(node, enrollment.program, enrollment.names, report)
    else:
        report.hole()


def _cut(problems: list[Problem]) -> Iterable[Problem]:
    """Returns the problems of one file, of very many the first errors; the last says how many more."""
    if len(problems) <= _MOST_PROBLEMS:
        return problems
    problems.sort(key=lambda each: each.severity == "warning")
    last = problems[_MOST_PROBLEMS - 1]
    more = f"{len(problems) - _MOST_PROBLEMS:,} more problems of the file are not shown"
    return (
        *problems[: _MOST_PROBLEMS - 1],
        last._replace(hint=f"{last.hint}; {more}" if last.hint else more),
    )
