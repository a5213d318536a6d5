"""Text to nodes that never forget where they stand; the only door to PyYAML."""

from __future__ import annotations

from typing import NamedTuple

from iopcal.problems import Place


class Scalar(NamedTuple):
    """A piece of text; `quoted` when it stood in quotes or in a block."""

    text: str
    place: Place
    quoted: bool = False


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    place: Place


class Mapping(NamedTuple):
    """Keys with their nodes, in the order of the file; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Sequence | Mapping
