"""The book of the calendars that iopcal made: feed to id and salt. No cache: nothing else knows them.

It is JSON, which every YAML reader reads, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iopcal.named_tuple import NamedTuple

VERSION = 1


class Entry(NamedTuple):
    """One calendar that iopcal made. `retired`: its feed is no longer kept there."""

    calendar: str  # id
    salt: str  # 128 random bits in hexadecimal, the key of all digests
    retired: bool = False


class Damaged(Exception):
    """Raised when a book cannot be read: nothing may be made or written by it."""


def parse(data: bytes | None) -> dict[str, Entry]:
    """Returns the entries of a book by feed; none where there is no book. Raises Damaged."""
    if not data:
        return {}
    try:
        content = json.loads(data)
        if content["iopcal-calendars"] != VERSION:
            raise Damaged
        return {name: _entry(value) for name, value in content["calendars"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Damaged from fault


def _entry(value: Mapping[str, Any]) -> Entry:
    calendar, salt, retired = value["calendar"], value["salt"], value.get("retired", False)
    if not (isinstance(calendar, str) and calendar and isinstance(salt, str) and salt):
        raise ValueError("no calendar")
    return Entry(calendar, salt, bool(retired))


def render(entries: Mapping[str, Entry]) -> bytes:
    """Returns the bytes of a book."""
    calendars = {
        name: {"calendar": entry.calendar, "salt": entry.salt, **({"retired": True} if entry.retired else {})}
        for name, entry in sorted(entries.items())
    }
    return json.dumps({"iopcal-calendars": VERSION, "calendars": calendars}, indent=2).encode() + b"\n"
