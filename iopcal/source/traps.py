"""Text that YAML reads as something else than it says, found at the plain scalars of a file."""

from __future__ import annotations

import re

from iopcal.problems import Place, Problem
from iopcal.source.events import Point
from iopcal.source.page import Page, clip
from iopcal.text import first_forbidden

NOTHING = frozenset(
    {"", "~", "null", "Null", "NULL"}
)  # plain words that YAML reads as no value (YAML 1.1, null)
_LOST = re.compile(r"[ \t]+#+[^\s#]")  # a glued '#': a comment to YAML, part of the text to people
_CURLY = "“”„‟‘‚‛"
_STRAIGHT = str.maketrans("", "", _CURLY + "’")
_SWALLOWED = re.compile(r"\s*(-\S|[\w-]+:(?:\S|$))")  # a line that was meant to be an item or a key
_OUTSIDE = re.compile(r"[,\]}]")  # ends a text inside [ ] or { }
_LOOSE = re.compile(r"(?:\s*,\s*[^,:#\[\]{}\n]+(?=[,}]))*")  # further texts that a comma cut off
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(00(?:0.|10)[0-9a-fA-F]{4})|(.))", re.DOTALL)
_FORBIDDEN_LETTERS = "0abtvferNLP\t"  # escapes of one letter that stand for a forbidden character


def trap(page: Page, start: Point, end: Point, text: str, flow: bool) -> Problem | None:
    """Says what is wrong with a plain text from `start` to `end`, inside brackets if `flow`."""
    if _LOST.match(page.text, end.index):
        return _lost(page, start, end, text, flow)
    if text and text[0] in _CURLY:
        meant = text.translate(_STRAIGHT)
        message = f"'{clip(text)}' stands in curly quotes, which are part of the text"
        hint = page.quoted(start.line, start.column, page.text[start.index : end.index])
        hint = hint.replace(text, meant) if meant.strip() else hint
        return Problem(page.place(start, end), "IOP133", message, hint)
    if flow and "?" in text:
        message = f"'{clip(text)}' holds a question mark inside brackets; put the text in quotes"
        hint = page.quoted(start.line, start.column, page.text[start.index : end.index])
        return Problem(page.place(start, end), "IOP134", message, hint)
    if start.line != end.line:
        return _swallowed(page, start, end)
    return None


def _lost(page: Page, start: Point, end: Point, text: str, flow: bool) -> Problem:
    """Returns the problem of a text that a glued '#' cuts off (`Suite #200`)."""
    rest = page.line(end.line)[end.column :]
    if flow:
        rest = _OUTSIDE.split(rest, maxsplit=1)[0]
    whole = (
        page.line(start.line)[start.column : end.column] if start.line == end.line else text
    ) + rest.rstrip()
    column, whole = (
        (start.column, whole) if text else (start.column + len(whole) - len(whole.lstrip()), whole.lstrip())
    )
    message = f"the text after ' #' would be lost; use quotes around '{clip(whole)}'"
    place = page.at(start.line, column, len(whole))
    return Problem(place, "IOP131", message, page.quoted(start.line, column, whole))


def _swallowed(page: Page, start: Point, end: Point) -> Problem | None:
    """Finds a line inside a text of several lines that was meant to be an item or a key of its own."""
    for number in range(start.line + 1, end.line + 1):
        if match := _SWALLOWED.match(page.line(number)):
            seen = match.group(1)
            what = "'-'" if seen[0] == "-" else "the colon"
            message = f"'{clip(page.line(number).strip())}' became part of the text above it"
            place = page.at(number, match.start(1), len(page.line(number).strip()))
            return Problem(place, "IOP137", message, f"put a space after {what}, or the whole text in quotes")
    return None


def comma(page: Page, value: Point, key: Point, key_end: Point) -> Problem:
    """Returns the problem of a text inside { } that a comma cut in two (`{why: Snow, ice}`).

    `value` is where the text before the comma begins, `key` to `key_end` what became a key.
    """
    last = key_end.index
    if loose := _LOOSE.match(page.text, last):
        last = loose.end()
    whole = page.text[value.index : last]
    place = page.place(key, key_end)
    message = f"a comma inside {{ }} ends the text; use quotes around '{clip(whole)}'"
    return Problem(place, "IOP132", message, page.quoted(value.line, value.column, whole))


def pair(page: Page, start: Point) -> Problem:
    """Returns the problem of a colon inside [ ] (`[Coping: skills]`), which YAML reads as a key."""
    whole = _OUTSIDE.split(page.line(start.line)[start.column :], maxsplit=1)[0].rstrip()
    message = f"a colon inside [ ] makes a key of the text; use quotes around '{clip(whole)}'"
    place = page.at(start.line, start.column, len(whole))
    return Problem(place, "IOP132", message, page.quoted(start.line, start.column, whole))


def culprit(page: Page, start: Point, end: Point) -> Place:
    """Returns where a forbidden character stands, or its escape, in the text from `start` to `end`."""
    raw = page.text[start.index : end.index]
    first, length = raw.find("\t"), 1
    if raw.startswith('"'):
        for match in _ESCAPE.finditer(raw):
            code, letter = match.group(1) or match.group(2) or match.group(3), match.group(4)
            if first_forbidden(chr(int(code, 16))) >= 0 if code else letter in _FORBIDDEN_LETTERS:
                if not 0 <= first < match.start():
                    first, length = match.start(), len(match.group())
                break
    if first < 0:
        return page.place(start, end)
    before = f"{raw[:first]}.".splitlines()
    column = len(before[-1]) - 1 + (start.column if len(before) == 1 else 0)
    return page.at(start.line + len(before) - 1, column, length)
