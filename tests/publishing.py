"""Programs published one after another in memory, and what each file says before and after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from iopcal.publish import wanted_files
from tests.drafting import discreet, drafted

Files = Mapping[str, bytes]
STAMPS = ("UID:", "DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:")


class Told(NamedTuple):
    """One VEVENT: its unfolded lines without UID and stamps, and the stamps."""

    lines: tuple[str, ...]
    dtstamp: str
    modified: str
    sequence: int


class Count(NamedTuple):
    """How many UIDs one file gains, loses and says otherwise."""

    added: int
    removed: int
    changed: int

    def __str__(self) -> str:
        return f"{self.added}/{self.removed}/{self.changed}"


def moment(text: str) -> datetime:
    """Reads a time that carries its zone."""
    found = datetime.fromisoformat(text)
    assert found.tzinfo is not None, text
    return found


def build(text: str, files: Files, now: str, flat: bool = False) -> dict[str, bytes]:
    """Returns the files after a build of the program over those of the build before."""
    return {**files, **wanted_files(drafted(text, files, moment(now), flat))}


def build_discreet(text: str, files: Files, now: str) -> dict[str, bytes]:
    """Returns the same of the discreet calendars of the tracks, each in a file of the track's id."""
    return {**files, **wanted_files(discreet(text, files, moment(now)))}


@lru_cache(maxsize=64)
def events(data: bytes) -> Mapping[str, Told]:
    """Returns the events of a file by UID, read line by line with no help of ours."""
    text = data.decode().replace("\r\n ", "")
    found = {}
    for block in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT\r\n", text, re.DOTALL):
        lines = block.removesuffix("\r\n").split("\r\n")
        uid, dtstamp, modified, sequence = (
            next(line for line in lines if line.startswith(name))[len(name) :] for name in STAMPS
        )
        assert uid not in found
        rest = tuple(line for line in lines if not line.startswith(STAMPS))
        found[uid] = Told(rest, dtstamp, modified, int(sequence))
    return found


def count(before: bytes, after: bytes) -> Count:
    """Compares two files event by event."""
    old, new = events(before), events(after)
    both = old.keys() & new.keys()
    changed = sum(old[uid].lines != new[uid].lines for uid in both)
    return Count(len(new) - len(both), len(old) - len(both), changed)
