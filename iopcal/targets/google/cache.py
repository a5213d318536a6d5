"""What a calendar held when we last read it, kept in a file: it makes the next run quicker, never other.

The calendar is the state. A file that is missing, damaged, of another calendar or of another version is as
good as none. It holds ids, digests and times, no title and no text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google.identity import Mark, Owner
from iopcal.targets.google.rows import EMPTY, Instance, Row, Rows
from iopcal.targets.google.zones import zone

VERSION = 1


class Known(NamedTuple):
    """A calendar as last read, and the token with which Google tells what changed since ('' for none).

    `taken` are the refs that were last given back to the program, each with what stood there before.
    """

    rows: Rows = EMPTY
    token: str = ""
    taken: Mapping[str, str] = {}


def name(calendar: str, owner: Owner) -> str:
    """Returns the name of the file of one feed in one calendar; nothing in it can be read."""
    return sha256(f"{calendar}{owner.src}".encode()).hexdigest()


def dump(known: Known, calendar: str, owner: Owner) -> bytes:
    """Returns the bytes of the file; the last line is a checksum of the first."""
    content = {
        "v": VERSION,
        "src": owner.src,
        "of": name(calendar, owner),
        "syncToken": known.token,
        "taken": dict(known.taken),
        "rows": [_row(row) for row in known.rows.own.values()],
        "exceptions": [_instance(each) for each in known.rows.instances.values()],
        "others": sorted(known.rows.others),
        "strangers": sorted(known.rows.strangers),
    }
    line = json.dumps(content, separators=(",", ":")).encode()
    return line + b"\n" + sha256(line).hexdigest().encode() + b"\n"


def load(data: bytes | None, calendar: str, owner: Owner) -> Known | None:
    """Reads the file of this feed in this calendar; None where it cannot be used."""
    if not data:
        return None
    line, _, checksum = data.partition(b"\n")
    if checksum != sha256(line).hexdigest().encode() + b"\n":
        return None
    try:
        content = json.loads(line)
        if (content["v"], content["src"], content["of"]) != (VERSION, owner.src, name(calendar, owner)):
            return None
        own = [_read_row(each) for each in content["rows"]]
        instances = [_read_instance(each) for each in content["exceptions"]]
        rows = Rows(
            {row.id: row for row in own},
            {each.id: each for each in instances},
            frozenset(content["others"]),
            frozenset(content["strangers"]),
        )
        return Known(rows, content["syncToken"], content["taken"])
    except (ValueError, KeyError, TypeError):  # of a later version with the same number, say
        return None


def _row(row: Row) -> list[Any]:
    mark = list(row.mark) if row.mark else None
    place = str(row.starts[0].tzinfo) if row.starts else ""
    starts = [start.replace(tzinfo=None).isoformat() + "f" * start.fold for start in row.starts]
    return [
        row.id, row.etag, row.live, row.created, row.updated, mark, row.ref, row.number, dict(row.fields),
        place, starts, list(row.recurrence), row.minutes, row.whole, row.written,
    ]  # fmt: skip


def _read_row(value: list[Any]) -> Row:
    name, etag, live, created, updated, mark, ref, number, fields, place, starts, *rest = value
    recurrence, minutes, whole, written = rest
    return Row(
        name, etag, live, created, updated, Mark(*mark) if mark else None, ref, number, fields,
        tuple(_moment(start, place) for start in starts), tuple(recurrence), minutes, whole, written,
    )  # fmt: skip


def _moment(text: str, place: str) -> datetime:
    moment = datetime.fromisoformat(text.rstrip("f")).replace(tzinfo=zone(place))
    return moment.replace(fold=1) if text.endswith("f") else moment


def _instance(each: Instance) -> list[Any]:
    start = each.start and [each.start.replace(tzinfo=None).isoformat(), str(each.start.tzinfo)]
    original = [each.original.replace(tzinfo=None).isoformat(), str(each.original.tzinfo)]
    return [each.id, each.etag, each.live, each.master, original, start, each.minutes, dict(each.fields)]


def _read_instance(value: list[Any]) -> Instance:
    name, etag, live, master, original, start, minutes, fields = value
    return Instance(
        name, etag, live, master, _moment(*original), _moment(*start) if start else None, minutes, fields
    )
