"""Slips of the hand that no YAML is to blame for: dashes, quotes and signs of equality."""

from __future__ import annotations

import re

from iopcal.problems import Problem
from iopcal.source.keys import KEYS
from iopcal.source.page import clip
from iopcal.source.spot import Spot

CURLY = "“”„‟‘‚‛"
_NO_CURLY = str.maketrans("", "", CURLY + "’")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])")
_EQUALS = re.compile(r"([a-z_]+)\s*=\s*(.*)")
_LONG_DASH = re.compile(r"([–—])\s")


def is_dated(text: str) -> bool:
    """Says whether a line begins with a date, like those of `closed`."""
    return bool(_DATED.match(text))


def curly(spot: Spot, raw: str) -> Problem:
    """Returns the problem of a text in typographic quotes, which are letters like others to YAML."""
    if raw[-1] not in CURLY + "’" and spot.raw.startswith(raw):  # a colon has cut it
        raw = spot.raw
    hint = spot.page.quoted(spot.line, spot.column, raw)
    if meant := raw.translate(_NO_CURLY).strip():
        hint = hint.replace(raw, meant)
    message = f"'{clip(raw)}' stands in curly quotes, which become a part of the text"
    return spot.problem("IOP133", message, hint, raw)


def equals_sign(text: str) -> tuple[str, str, str] | None:
    """Returns the key of `minutes=50`, with message and hint; None for any other text."""
    match = _EQUALS.fullmatch(text)
    if not match or match[1] not in KEYS:
        return None
    message = f"'=' stands where a colon belongs in '{clip(text)}'"
    return match[1], message, f"write: {match[1]}: {clip(match[2])}"


def dash(spot: Spot) -> Problem | None:
    """Returns the problem of the line of a list whose dash has no space behind it, or is a longer one."""
    seen = spot.rest
    match = _LONG_DASH.match(seen)
    if spot.before.strip():
        return None
    if match:
        item = clip(seen[match.end() :].lstrip())
        message = f"a '- ' is missing before '{item}': the '{match[1]}' is a longer dash"
        return spot.problem("IOP137", message, f"write: - {item}")
    if is_dated(seen[1:]):
        message = f"a space is missing after '-' in '{clip(seen)}'"
        return spot.problem("IOP137", message, f"write: - {clip(seen[1:])}")
    return None
