"""Lists that may stand in a file of their own: `closed: closures.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from iopcal import source
from iopcal.language.fields import Value
from iopcal.language.report import Report, shown
from iopcal.language.texts import text_of
from iopcal.model import Place
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Problem
from iopcal.source import Mapping, Node, Scalar

T = TypeVar("T")
Read = Callable[[bytes, str], tuple[Node | None, tuple[Problem, ...]]]
"""Reads the bytes of a file of that name."""

PATH_LENGTH = 1000


def read_list(data: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Reads a YAML file that may hold a bare list."""
    return source.read(data, file, lists=True)


class Load(Protocol):
    """Finds the file of a path relative to the program, and reads it; `place` is where the path stands."""

    def __call__(
        self, name: str, place: Place, read: Read = read_list, /
    ) -> tuple[Node | None, tuple[Problem, ...]]:
        """Returns the nodes of the file, None where it has none, and its problems."""


def _read_path(node: Node, report: Report) -> Scalar | None:
    return text_of(node, report, "the path of a file", PATH_LENGTH)


FILE: Value[Scalar] = Value(_read_path, {"type": "string", "maxLength": PATH_LENGTH})


class Lines(NamedTuple, Generic[T]):
    """A list of the program that may stand in a file of its own.

    `key` holds it; a text for which `inline` is true is a line of it, any other text is a path. `holder` is
    the program's key where that is another.
    """

    key: str
    lines: Value[tuple[T, ...]]
    inline: Callable[[str], bool]
    holder: str = ""

    def or_path(self) -> Value[tuple[T, ...] | Scalar]:
        """Returns the value that is the list, or the path of the file that holds it."""

        def read(node: Node, report: Report) -> tuple[T, ...] | Scalar | None:
            if isinstance(node, Scalar) and not self.inline(node.text):
                return text_of(node, report, "a list or the path of a file", PATH_LENGTH)
            return self.lines.read(node, report)

        path = {"type": "string", "maxLength": PATH_LENGTH}
        return Value(read, {"anyOf": [path, self.lines.schema]})

    def read_all(self, found: tuple[T, ...] | Scalar | None, load: Load, report: Report) -> tuple[T, ...]:
        """Returns the lines of a value of `or_path`, from the file it names if it names one.

        The file holds a bare list, or a mapping with the one key (else IOP109).
        """
        if not isinstance(found, Scalar):
            return found or ()
        node, problems = load(found.text, found.place)
        report.problems += problems
        return self.of(node, report)

    def of(self, node: Node | None, report: Report) -> tuple[T, ...]:
        """Returns the lines of a file that was read for their sake; None is one that could not be read."""
        if isinstance(node, Mapping):
            node = self._under_key(node, report)
        if node is None or (isinstance(node, Scalar) and node.hole):
            report.hole()
            return ()
        if isinstance(node, Scalar) and not self.inline(node.text):
            message = f"{shown(node.text)} stands where the list of '{self.key}' belongs"
            report.error(node.place, "IOP109", message, "write a list: each line begins with '- '")
            return ()
        return self.lines.read(node, report) or ()

    def _under_key(self, node: Mapping, report: Report) -> Node | None:
        stray = next((name for name, _ in node.entries if name.text != self.key), None)
        if stray is None and node.entries:
            return node.entries[0][1]
        what = shown(stray.text) if stray else "an empty mapping"
        message = f"{what} does not belong into the file that '{self.holder or self.key}' names"
        hint = f"it holds a list, or '{self.key}:' with a list under it"
        report.error(stray.place if stray else node.place, "IOP109", message, hint)
        return None
