"""How much of a file is read."""

from __future__ import annotations

from iopcal.named_tuple import NamedTuple


class Limits(NamedTuple):
    """The most that is read of one file.

    `bytes` of the file, `nodes` (every key, text, list and mapping is one), `depth` of lists and mappings
    inside each other, characters of a text (`scalar`) and of a `key`.
    """

    bytes: int = 262_144
    nodes: int = 20_000
    depth: int = 20
    scalar: int = 4_000
    key: int = 64


PROGRAM = Limits()
ROSTER = Limits(bytes=33_554_432, nodes=2_000_000)
SYNC = Limits(key=200)
"""Of a `sync.yaml`, whose keys may be feeds: a program's id, a kind and a person's id."""
