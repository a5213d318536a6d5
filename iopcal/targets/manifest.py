"""The list of the files iopcal made in an output folder; only these may ever be removed.

JSON, an entry a line: `files` maps a name to the SHA-256 of what was published last; `begun` names files that
were new when a run began to publish them and that it did not come to list (it was killed, say).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256

from iopcal.named_tuple import NamedTuple
from iopcal.targets.names import is_safe

NAME = ".iopcal-manifest.json"
_VERSION = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Manifest(NamedTuple):
    """Our own files: name to hex SHA-256; `begun` is empty unless a run was broken off."""

    files: Mapping[str, str] = {}
    begun: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """All names that are ours."""
        return self.begun.union(self.files)

    def knows(self, name: str) -> bool:
        """Says whether a file of this name is ours."""
        return name in self.files or name in self.begun


def parse(data: bytes) -> Manifest | None:
    """Reads a manifest; returns None for anything that `render` would not have written."""
    try:
        found = json.loads(data)
        names, begun = found["files"], found["begun"]
        if found["version"] != _VERSION or not all(map(is_safe, (*names, *begun))):
            return None
        if not all(_DIGEST.fullmatch(digest) for digest in names.values()):
            return None
        return Manifest(names, frozenset(begun))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def render(manifest: Manifest) -> bytes:
    """Writes a manifest, sorted by name, so that the same list always has the same bytes."""
    content = {"version": _VERSION, "files": dict(manifest.files), "begun": sorted(manifest.begun)}
    return (json.dumps(content, sort_keys=True, separators=(",\n", ": ")) + "\n").encode()


def digest(data: bytes) -> str:
    """Returns the hex SHA-256 of a file's bytes."""
    return sha256(data).hexdigest()
