"""Problems as a person, an editor or a code host reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from iopcal.problems import Place, Problem
from iopcal.words import count_words

_WIDEST = 120  # characters of an excerpt


def full(problem: Problem, texts: Mapping[str, str]) -> str:
    """Returns a problem with the line it stands in, a caret under the place, and what to do.

    `texts` holds the files by name; without the file, or without a place, there is no excerpt.
    """
    lines = [f"{problem.severity}[{problem.code}]: {problem.message}"]
    place = problem.place
    excerpt = _line(texts, place)
    if place.line:
        margin = " " * len(str(place.line))
        lines.append(f"{margin}--> {place.file}:{place.line}:{place.column}")
        if excerpt is not None:
            shown, carets = _clipped(excerpt, place)
            lines += [f"{margin} |", f"{place.line} | {shown}", f"{margin} | {carets}"]
        lines += [f"{margin} = see: {other.file}:{other.line}:{other.column}" for other in problem.others]
    else:
        margin = ""
    if problem.hint:
        lines.append(f"{margin} = help: {problem.hint}")
    return "\n".join(lines) + "\n"


def _line(texts: Mapping[str, str], place: Place) -> str | None:
    lines = texts.get(place.file, "").splitlines()
    return lines[place.line - 1] if 0 < place.line <= len(lines) else None


def _clipped(line: str, place: Place) -> tuple[str, str]:
    """Returns the part of a line around a place, and the carets that stand under the place."""
    column = place.column - 1
    first = max(0, column - _WIDEST // 2) if len(line) > _WIDEST else 0
    shown = "".join(letter if letter.isprintable() else " " for letter in line[first : first + _WIDEST])
    head = "..." if first else ""
    tail = "..." if first + _WIDEST < len(line) else ""
    under = column - first + len(head)
    length = max(1, min(place.length, len(shown) + len(head) - under))
    return head + shown + tail, " " * under + "^" * length


def concise(problem: Problem) -> str:
    """Returns a problem in one line: `evening.yaml:4:11: error[IOP101]: ...`."""
    place = problem.place
    where = f"{place.file}:{place.line}:{place.column}: " if place.line else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{where}{problem.severity}[{problem.code}]: {problem.message}{hint}"


def github(problem: Problem) -> str:
    """Returns a problem as a workflow command of GitHub Actions."""
    place = problem.place
    text = concise(problem._replace(place=Place("", 0, 0))).replace("%", "%25").replace("\n", "%0A")
    return f"::{problem.severity} file={place.file},line={place.line},col={place.column}::{text}"


def as_json(problem: Problem) -> dict[str, object]:
    """Returns a problem as plain values."""
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "length": place.length,
        "message": problem.message,
        "hint": problem.hint,
        "others": [{"file": each.file, "line": each.line, "column": each.column} for each in problem.others],
    }


def sarif(problems: Iterable[Problem], version: str) -> dict[str, object]:
    """Returns problems as a SARIF 2.1.0 log (OASIS)."""
    results = [
        {
            "ruleId": problem.code,
            "level": problem.severity,
            "message": {"text": f"{problem.message}. {problem.hint}".rstrip(". ")},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": problem.place.file},
                        "region": {
                            "startLine": max(1, problem.place.line),
                            "startColumn": max(1, problem.place.column),
                        },
                    }
                }
            ],
        }
        for problem in problems
    ]
    tool = {"driver": {"name": "iopcal", "version": version}}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": tool, "results": results}],
    }


def tally(problems: Iterable[Problem]) -> str:
    """Returns how many problems there are: `2 problems in 1 file`, or `1 warning in 1 file`."""
    problems = tuple(problems)
    errors = sum(problem.severity == "error" for problem in problems)
    files = len({problem.place.file for problem in problems})
    parts = [count_words(errors, "problem")] if errors else []
    if len(problems) > errors:
        parts.append(count_words(len(problems) - errors, "warning"))
    return f"{' and '.join(parts)} in {count_words(files, 'file')}"
