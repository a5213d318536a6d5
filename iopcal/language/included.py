"""Lists that may stand in a file of their own: `closed: closures.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from iopcal.language.fields import Value
from iopcal.language.report import Report, shown
from iopcal.language.texts import text_of
from iopcal.model import Place
from iopcal.problems import Problem
from iopcal.source import Mapping, Node, Scalar

T = TypeVar("T")
Load = Callable[[str, Place], tuple[Node | None, tuple[Problem, ...]]]
"""Reads the file of a path relative to the program; the place is where the path stands."""

_PATH_LENGTH = 1000


def or_path(lines: Value[tuple[T, ...]], inline: Callable[[str], bool]) -> Value[tuple[T, ...] | Scalar]:
    """Returns the value that is a list, or the path of a file that holds it.

    A text for which `inline` is true is a list of one.
    """

    def read(node: Node, report: Report) -> tuple[T, ...] | Scalar | None:
        if isinstance(node, Scalar) and not inline(node.text):
            return text_of(node, report, "a list or the path of a file", _PATH_LENGTH)
        return lines.read(node, report)

    path = {"type": "string", "maxLength": _PATH_LENGTH}
    return Value(read, {"anyOf": [path, lines.schema]})


def lines_of(
    found: tuple[T, ...] | Scalar | None, key: str, lines: Value[tuple[T, ...]], load: Load, report: Report
) -> tuple[T, ...]:
    """Returns the lines of a value of `or_path`, from the file it names if it names one.

    The file holds a bare list, or a mapping with `key` alone (else IOP109).
    """
    if not isinstance(found, Scalar):
        return found or ()
    node, problems = load(found.text, found.place)
    report.problems += problems
    if node is None:
        report.hole()
        return ()
    if isinstance(node, Mapping) and [name.text for name, _ in node.entries] == [key]:
        node = node.entries[0][1]
        if isinstance(node, Scalar) and node.hole:
            report.hole()
            return ()
    elif isinstance(node, Mapping):
        stray = next((name for name, _ in node.entries if name.text != key), None)
        message = (
            f"{shown(stray.text)} does not belong into the file that '{key}' names"
            if stray
            else f"the file that '{key}' names is empty"
        )
        hint = f"it holds a list, or '{key}:' with a list under it"
        report.error(stray.place if stray else node.place, "IOP109", message, hint)
        return ()
    if isinstance(node, Scalar):
        message = f"{shown(node.text)} stands where the list of '{key}' belongs"
        report.error(node.place, "IOP109", message, "write a list: each line begins with '- '")
        return ()
    return lines.read(node, report) or ()
