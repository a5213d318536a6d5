"""Text to nodes that never forget where they stand: `read()` for YAML, `read_table()` for CSV."""

from iopcal.source.limits import PROGRAM, ROSTER, SYNC, Limits
from iopcal.source.nodes import Mapping, Node, Scalar, Sequence
from iopcal.source.read import read
from iopcal.source.table import read_table

__all__ = [
    "PROGRAM",
    "ROSTER",
    "SYNC",
    "Limits",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "read",
    "read_table",
]
