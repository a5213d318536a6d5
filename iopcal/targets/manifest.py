"""The list of the files iopcal made in an output folder; only these may ever be removed.

JSON, an entry a line: `files` maps a name to the SHA-256 of what was published last; `begun` names files that
did not exist when a run began to publish them and that it did not come to list (it was killed).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

NAME = ".iopcal-manifest.json"
_VERSION = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
# What no file system, shell or web server takes amiss; letters and digits of any script are welcome in ids.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows, whatever the suffix


class Manifest(NamedTuple):
    """Our own files: name to hex SHA-256; `begun` is empty but after a run that was killed."""

    files: Mapping[str, str] = {}
    begun: frozenset[str] = frozenset()

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


def is_safe(name: object) -> bool:
    """Says whether a name may be used below the output folder: `file` or `folder/file`, nothing hidden."""
    if not isinstance(name, str) or _FORBIDDEN.search(name):
        return False
    parts = name.split("/")
    return len(parts) <= 2 and all(
        part and part[0] not in ". " and part[-1] not in ". " and not _DEVICES.fullmatch(part)
        for part in parts
    )
