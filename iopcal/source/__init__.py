"""Text to nodes that never forget where they stand: `read()`."""

from iopcal.source.limits import PROGRAM, ROSTER, SYNC, Limits
from iopcal.source.nodes import Mapping, Node, Scalar, Sequence
from iopcal.source.read import read

__all__ = ["PROGRAM", "ROSTER", "SYNC", "Limits", "Mapping", "Node", "Scalar", "Sequence", "read"]
