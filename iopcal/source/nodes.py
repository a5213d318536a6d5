"""What a file is read into: nodes that never forget where they stand."""

from __future__ import annotations

from iopcal.model import Place
from iopcal.named_tuple import NamedTuple


class Scalar(NamedTuple):
    """A piece of text; `quoted` when it stood in quotes or in a block.

    The text is in NFC, without outer white space, and holds no character that `text.clean()` refuses.
    """

    text: str
    place: Place
    quoted: bool = False

    @property
    def hole(self) -> bool:
        """Says whether the value is missing or was refused, which has been reported."""
        return not self.text and not self.quoted


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    place: Place


class Mapping(NamedTuple):
    """Keys with their nodes, in the order of the file; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Sequence | Mapping
