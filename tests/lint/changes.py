"""Reads a `.change`: a good file and the one thing that is changed in it, as a small readable difference.

of: feed                       the file, tests/lint/good/feed.ics; or foreign/two-zones
now: 2027-01-10T12:00:00Z      further lines of this kind, see `Change`

" " a line that stays, "-" one that goes, "+" one that comes, found as a whole in exactly one place;
"..." alone begins another place; "~ b'old' => b'new'" replaces bytes wherever they are.
"""

from __future__ import annotations

from ast import literal_eval
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Change(NamedTuple):
    """The base and the changed bytes, with what `lint()` is told beside them."""

    base: bytes
    changed: bytes
    options: dict[str, Any]


def read_change(path: Path) -> Change:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.split("\n"))
    of = fields.pop("of")
    base = (HERE / f"{of if '/' in of else f'good/{of}'}.ics").read_bytes()
    return Change(base, apply(base, body.removesuffix("\n")), _options(base, fields))


def _options(base: bytes, fields: dict[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "as":
            options["as_"] = value
        elif name == "was":
            assert value == "base"
            options["was"] = base
        elif name == "now":
            options["now"] = datetime.fromisoformat(value)
        elif name == "words":
            options["words"] = value.split(", ")
        else:
            assert name in ("private", "ours")
            options[name] = value == "yes"
    return options


def apply(data: bytes, body: str) -> bytes:
    """Returns the data with every place of the body changed."""
    places: list[list[str]] = [[]]
    for line in body.split("\n"):
        if line.startswith("~ "):
            old, new = map(literal_eval, line[2:].split(" => "))
            assert old in data, line
            data = data.replace(old, new)
        elif line == "...":
            places.append([])
        else:
            places[-1].append(line)
    for place in filter(None, places):
        before = _lines(line[1:] for line in place if line[0] in " -")
        after = _lines(line[1:] for line in place if line[0] in " +")
        assert data.count(b"\n" + before) == 1, place
        data = data.replace(b"\n" + before, b"\n" + after)
    return data


def _lines(lines: Any) -> bytes:
    return b"".join(line.encode() + b"\r\n" for line in lines)
