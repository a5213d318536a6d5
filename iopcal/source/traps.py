"""Text that YAML reads as something else than it says, found at the plain texts of a file."""

from __future__ import annotations

import re

from iopcal.problems import Place, Problem
from iopcal.source.events import Point
from iopcal.source.keys import LISTS, YES_NO
from iopcal.source.page import Page, clip
from iopcal.source.slips import CURLY, curly, dash, equals_sign, is_dated
from iopcal.source.spot import Spot
from iopcal.text import first_forbidden

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})  # plain words that YAML 1.1 reads as no value
_LOST = re.compile(r"[ \t]+#+[^\s#]")  # a glued '#': a comment to YAML, a part of the text to people
_NO_SPACE = re.compile(r"[\w-]+:\S")  # `name:Process group`
_SWALLOWED = re.compile(
    r"\s*(-[^\s\d-]|[^\W\d][\w-]*:(?!//)(?:\S|$))"
)  # a line that was meant to be an item or a key
_BRACKET_END = re.compile(r"[,\]}]")  # ends a plain text inside [ ] or { }
_LOOSE = re.compile(r"(?:\s*,[^,:#\[\]{}\n]++(?=[,}]))*")  # further texts that a comma cut off
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(00(?:0.|10)[0-9a-fA-F]{4})|(.))", re.DOTALL)
_FORBIDDEN_LETTERS = "0abtvferNLP\t"  # escapes of one letter that stand for a forbidden character


def trap(page: Page, start: Point, end: Point, text: str, flow: bool) -> Problem | None:
    """Says what is wrong with a plain text from `start` to `end`, inside brackets if `flow`."""
    if _LOST.match(page.text, end.index):
        return _lost(page, start, end, text, flow)
    if text and text[0] in CURLY:
        return curly(_spot(page, start), page.text[start.index : end.index])
    if text[:1] in {"-", "–", "—"} and (problem := dash(_spot(page, start))):
        return problem
    if flow and "?" in text:
        raw = page.text[start.index : end.index]
        return _spot(page, start).needs_quotes("holds a question mark inside brackets", raw)
    if start.line != end.line:
        return _swallowed(page, start, end)
    return None


def question(page: Page, start: Point, end: Point) -> Problem | None:
    """Says what is wrong with a key behind a question mark (`{?b: c}`), which YAML drops."""
    line = page.line(start.line)
    before = line[: start.column].rstrip()
    if not before.endswith("?"):
        return None
    raw = line[len(before) - 1 : end.column if end.line == start.line else len(line)]
    return Spot(page, start.line, len(before) - 1).needs_quotes("begins with '?'", raw)


def comma(page: Page, value: Point, key: Point, key_end: Point, holder: str) -> Problem:
    """Returns the problem of a text inside { } that a comma cut in two (`{why: Snow, ice}`).

    `value` is where the text before the comma begins, whose key is `holder`; `key` to `key_end` is what
    became a key.
    """
    loose = _LOOSE.match(page.text, key_end.index)
    whole = page.text[value.index : loose.end() if loose else key_end.index]
    signs, hint = "quotes", page.quoted(value.line, value.column, whole)
    if holder in LISTS:
        signs = "brackets"
        hint = f"write the list in brackets: [{clip(whole)}]; if it is one text, put it in quotes"
    message = f"a comma inside {{ }} ends the text; use {signs} around '{clip(whole)}'"
    return Problem(page.place(key, key_end), "IOP132", message, hint)


def bare_key(page: Page, start: Point, end: Point) -> tuple[str, Problem] | None:
    """Returns the key that a word inside { } without a value was meant for, and what is wrong with it.

    `{minutes=50}`, `{name:Group}` and `{cancel}`; None for any other word.
    """
    place, text = page.place(start, end), page.text[start.index : end.index]
    if equals := equals_sign(text):
        return equals[0], Problem(place, "IOP137", *equals[1:])
    if _NO_SPACE.match(text):
        key, value = text.split(":", 1)
        message = f"a space is missing after the colon in '{clip(text)}'"
        return key, Problem(place, "IOP137", message, f"write: {key}: {clip(value)}")
    if text in YES_NO:
        return text, Problem(place, "IOP126", f"'{text}' has no value", f"write: {text}: true")
    return None


def pair(page: Page, start: Point) -> Problem:
    """Returns the problem of a colon inside [ ] (`[Coping: skills]`), which makes a key of the text."""
    spot = _spot(page, start)
    whole = _BRACKET_END.split(spot.rest, maxsplit=1)[0].rstrip()
    message = f"a colon inside [ ] makes a key of the text; use quotes around '{clip(whole)}'"
    return spot.problem("IOP132", message, page.quoted(start.line, start.column, whole), whole)


def braces(page: Page, start: Point, outer: Place | None) -> Problem:
    """Returns the problem of a list or braces as a key, mostly those of a template (`{{ title }}`).

    `outer` is where the brackets begin in which that stands, if any.
    """
    if outer is None:
        spot = _spot(page, start)
        message = f"'{clip(spot.rest)}' cannot be a key: a key is one piece of text"
        return spot.problem("IOP127", message, "put the text in quotes")
    spot = Spot(page, outer.line - 1, outer.column - 1)
    message = f"'{clip(spot.raw)}' is neither a text nor keys with values"
    return spot.problem("IOP127", message, page.quoted(spot.line, spot.column, spot.raw), spot.raw)


def culprit(page: Page, start: Point, end: Point) -> Place:
    """Returns where a forbidden character stands, or its escape, in the text from `start` to `end`."""
    raw = page.text[start.index : end.index]
    first, length = raw.find("\t"), 1
    for match in _ESCAPE.finditer(raw if raw.startswith('"') else ""):
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


def _spot(page: Page, point: Point) -> Spot:
    return Spot(page, point.line, point.column)


def _lost(page: Page, start: Point, end: Point, text: str, flow: bool) -> Problem:
    """A text that a glued '#' cuts off (`Suite #200`) or swallows as a whole (`room: #200`)."""
    rest = _spot(page, end).rest
    if flow:
        rest = _BRACKET_END.split(rest, maxsplit=1)[0].rstrip()
    whole = (page.line(start.line)[start.column : end.column] if start.line == end.line else text) + rest
    spot = Spot(page, start.line, start.column + len(whole) - len(whole.lstrip()))
    whole = whole.lstrip()
    message = f"the text after ' #' would be lost; use quotes around '{clip(whole)}'"
    return spot.problem("IOP131", message, page.quoted(spot.line, spot.column, whole), whole)


def _swallowed(page: Page, start: Point, end: Point) -> Problem | None:
    """A line inside a text of several lines that was meant to be an item or a key of its own."""
    first = _spot(page, start)
    dated = is_dated(first.rest)
    for number in range(start.line + 1, end.line + 1):
        line = page.line(number)
        spot = Spot(page, number, len(line) - len(line.lstrip()))
        if dated and is_dated(spot.rest):
            return (spot if first.before.strip() else first).no_dash()
        if match := _SWALLOWED.match(line[: end.column] if number == end.line else line):
            spot = Spot(page, number, match.start(1))
            what = "'-'" if spot.rest.startswith("-") else "the colon"
            message = f"'{clip(spot.rest)}' became a part of the text above it"
            return spot.problem("IOP137", message, f"put a space after {what}, or the whole text in quotes")
    return None
