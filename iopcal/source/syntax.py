"""What is wrong in a file that YAML cannot read, in plain words: `explain()`.

PyYAML's own sentences, of the C parser and of the pure one, choose the case; none of their words is shown.
"""

from __future__ import annotations

import re

from iopcal.named_tuple import NamedTuple
from iopcal.problems import Problem
from iopcal.source.keys import KEYS
from iopcal.source.page import Page, clip
from iopcal.source.slips import equals_sign
from iopcal.source.spot import Spot

_ESCAPE = re.compile(r"\\(?:[xuU][0-9a-fA-F]*|.|$)")
_COLON = re.compile(r":(?:\s|$)")  # what YAML takes for the end of a key
_NO_SPACE = re.compile(r"\s*(?:- +)*([^\s:#]+:)\S")  # `name:Process group`
_SECOND_KEY = re.compile(
    rf"(.*?\S)[;.]?\s+({'|'.join(sorted(KEYS))})"
)  # `group minutes` in `{kind: group minutes: 5}`
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_VALUE_OF_HASH = re.compile(r":\s+(#+[^\s#])")
_GLUED_HASH = re.compile(r".*?\s#+[^\s#]")


class Fault(NamedTuple):
    """Where the parser gave up and why; lines and columns from 0.

    `opened` is where the thing began in which it was found (as `found` where that is unknown).
    """

    context: str
    opened: tuple[int, int]
    problem: str
    found: tuple[int, int]


def explain(page: Page, fault: Fault) -> Problem:
    """Returns the one problem of a file that cannot be read further."""
    said, within = fault.problem, fault.context
    spot, opened = Spot(page, *fault.found), Spot(page, *fault.opened)
    if "tag" in within or "tag handle" in said:
        return opened.mark()
    if "escape" in said or "hexdec" in said:
        return _escape(spot)
    if "quoted" in within:
        return _unclosed_quote(opened)
    if "tab character" in said or spot.rest.startswith("\t"):
        message = f"line {spot.line + 1} has a tab; use spaces"
        return spot.problem("IOP130", message, "type spaces where the tab is", "\t")
    if "directive" in within or spot.text.startswith("%"):
        return spot.directive()
    if "cannot start any" in said or "mapping keys" in said:
        return _begins(spot)
    if "alias" in within or "anchor" in within or "block scalar" in within:
        return _begins(opened)
    if "sequence entries" in said:
        hint = "begin each item on a line of its own, or put the text in quotes"
        return spot.problem("IOP136", f"'{clip(spot.rest)}' begins a list behind other text", hint)
    if "mapping values" in said:
        return _colon(spot)
    if "find expected ':'" in said:
        return _no_colon(opened)
    if "',' or" in said:
        return _brackets(spot, opened)
    if "node content" in said:
        return _nothing_before(spot)
    if "document start" in said:
        return _goes_on(spot)
    return _does_not_fit(spot, opened)


def _escape(spot: Spot) -> Problem:
    """A backslash in double quotes that means nothing (`"C:\\path"`)."""
    spot = spot.at(max(spot.text.rfind("\\", 0, spot.column + 1), 0))
    match = _ESCAPE.match(spot.rest)
    seen = match.group() if match else "\\"
    hint = "use single quotes, or write the backslash twice"
    return spot.problem("IOP138", f"'{seen}' in double quotes stands for no character", hint, seen)


def _unclosed_quote(opened: Spot) -> Problem:
    """A quote that is opened and never closed."""
    quote, rest = opened.rest[:1], clip(opened.rest[1:], 30)
    return opened.problem(
        "IOP135", f"the {quote} before '{rest}' is not closed", f"put a {quote} at the end of the text"
    )


def _begins(spot: Spot) -> Problem:
    """A text that begins with a sign that YAML keeps for itself (`@x`)."""
    if spot.raw.startswith(":"):
        return spot.problem("IOP127", "there is no key before the ':'", "write 'key: value'", spot.raw)
    return spot.needs_quotes(f"begins with '{spot.raw[0]}'") if spot.raw else _not_understood(spot)


def _colon(spot: Spot) -> Problem:
    """A second colon on a line (`why: Day: off`), or a key where the line above already has a value."""
    page = spot.page
    start = page.value_column(spot.line)
    if _COLON.search(spot.before) and start <= spot.column:
        return spot.at(start).needs_quotes("holds a colon")
    above = Spot(page, page.above(spot.line), 0)
    if above.line < 0:
        return _not_understood(spot.at(0))
    if not _COLON.search(above.text):
        return _no_colon(above)
    spot = spot.at(len(spot.text) - len(spot.text.lstrip()))
    message = (
        f"'{clip(spot.rest)}' is indented like a part of line {above.line + 1}, which already has a value"
    )
    return spot.problem(
        "IOP136", message, f"begin it in the column in which '{clip(above.text.strip(), 30)}' begins"
    )


def _no_colon(spot: Spot) -> Problem:
    """A line without 'key: value', or with the space missing."""
    spot = spot.at(len(spot.text) - len(spot.text.lstrip()))
    seen = clip(spot.rest)
    if _GLUED_HASH.match(spot.rest):
        message = f"the text after ' #' would be lost; use quotes around '{seen}'"
        return spot.problem("IOP131", message, spot.page.quoted(spot.line, spot.column, spot.rest))
    if equals := equals_sign(spot.rest):
        return spot.problem("IOP137", *equals[1:])
    if not seen.startswith("-") and _is_item(spot):
        return spot.no_dash()
    if match := _NO_SPACE.match(spot.rest):
        fixed = f"{match.group(1)} {spot.rest[match.end(1) :]}"
        return spot.problem(
            "IOP137", f"a space is missing after the colon in '{seen}'", f"write: {clip(fixed)}"
        )
    if seen.startswith("-"):
        return spot.problem("IOP137", f"a space is missing after '-' in '{seen}'", f"write: - {seen[1:]}")
    hint = "write it as 'key: value', with a space after the colon"
    return spot.problem("IOP137", f"'{seen}' has no colon after a key", hint)


def _brackets(spot: Spot, opened: Spot) -> Problem:
    """Brackets that are not closed, or texts in them that need quotes or a comma."""
    bracket = opened.rest[:1]
    closing = "]" if bracket == "[" else "}"
    rest, before = spot.rest, spot.before
    if spot.line == opened.line and rest:
        if rest[0] in "]}":
            message = f"'{bracket}' is closed by '{rest[0]}'"
            return spot.problem("IOP135", message, f"close it with '{closing}'", rest[0])
        start = max(before.rfind(sign) for sign in (": ", ", ", "{", "[")) + 1
        text = spot.at(start + len(before[start:]) - len(before[start:].lstrip()))
        if text.rest[0] not in "\"'" and len(text.raw) > spot.column - text.column > 0:
            if key := _SECOND_KEY.fullmatch(text.rest[: spot.column - text.column]):
                fixed = clip(f"{key[1]}, {key[2]}{rest}".rstrip("]}"))
                message = f"a comma is missing before '{key[2]}'"
                return text.at(text.column + key.start(2)).problem(
                    "IOP135", message, f"write: {fixed}", key[2]
                )
            sign = {":": "colon", "?": "question mark"}.get(rest[0], f"'{rest[0]}'")
            return text.needs_quotes(f"holds a {sign} inside brackets")
        hint = "separate what stands in brackets by commas"
        return spot.problem("IOP135", f"a comma is missing before '{clip(rest, 30)}'", hint)
    if lost := _swallowed(opened):
        return lost
    hint = f"put a '{closing}' where it ends, and commas between what stands in it"
    message = f"the '{bracket}' on line {opened.line + 1} is not closed"
    problem = opened.problem("IOP135", message, hint, bracket)
    behind = spot.line >= len(spot.page.lines)
    return problem if behind else problem._replace(others=(spot.page.at(spot.line, spot.column),))


def _swallowed(opened: Spot) -> Problem | None:
    """A glued '#' as a value, which makes a comment of the end of the brackets (`room: #4}`)."""
    plain = _QUOTED.sub(lambda match: "x" * len(match.group()), opened.rest)
    match = _VALUE_OF_HASH.search(plain)
    if not match:
        return None
    spot = opened.at(opened.column + match.start(1))
    message = f"the text after ' #' would be lost; use quotes around '{clip(spot.raw)}'"
    return spot.problem("IOP131", message, spot.page.quoted(spot.line, spot.column, spot.raw), spot.raw)


def _is_item(spot: Spot) -> bool:
    """Says whether a line was meant for an item of the list above it, or stands under one without a dash."""
    above = Spot(spot.page, spot.page.above(spot.line), spot.column)
    before = above.before
    return not (before + spot.before).strip() and above.rest.startswith(("- ", "{"))


def _nothing_before(spot: Spot) -> Problem:
    """A comma or a bracket where a value belongs (`[a, , b]`, `room: ]`)."""
    sign, before = spot.rest[:1], spot.before.rstrip()
    if sign in {",", "]", "}"} and ("[" in before or "{" in before):
        hint = f"delete the '{sign}', or write the value before it"
        return spot.problem("IOP126", f"nothing stands before the '{sign}'", hint, sign)
    last = Spot(spot.page, spot.page.above(spot.line + 1), 0)
    if not spot.rest and "{" in last.text and (lost := _swallowed(last)):
        return lost
    return _begins(spot)


def _goes_on(spot: Spot) -> Problem:
    """A line after the end of what the file began with."""
    above = Spot(spot.page, spot.page.above(spot.line), 0)
    if above.text.startswith("..."):
        message = f"the file goes on after the '...' on line {above.line + 1}, which ends it"
        return spot.problem("IOP122", message, f"delete line {above.line + 1}")
    if above.text.startswith(" "):
        message = f"'{clip(spot.rest)}' begins further left than the first line"
        return spot.problem("IOP136", message, "begin the keys of the file in the first column")
    message = f"'{clip(spot.rest)}' does not belong to what stands above it"
    return spot.problem(
        "IOP139", message, "a file holds keys with their values, each key in the first column"
    )


def _does_not_fit(spot: Spot, opened: Spot) -> Problem:
    """Text after a closing quote (`'Women's group'`), or a line in a column in which none is open."""
    before, seen = spot.before.rstrip(), clip(spot.rest)
    if before.endswith(("'", '"')) and before.strip(" -"):
        text = spot.at(spot.page.value_column(spot.line))
        raw = text.raw
        inside = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] else raw
        other = '"' if raw[:1] == "'" else "'"
        hint = f"write: {clip((text.before + other + inside + other).strip(), 100)}"
        return spot.problem("IOP134", f"the text goes on after the closing quote: '{seen}'", hint)
    if seen.startswith(":"):
        return _begins(spot)
    if before.endswith(("]", "}")):  # `[Optional] Yoga`
        return _begins(spot.at(spot.page.value_column(spot.line)))
    if not seen or before.strip() or opened == spot:
        return _not_understood(spot)
    if seen.startswith("{") and _is_item(spot):
        above = Spot(spot.page, spot.page.above(spot.line), spot.column)
        return (above if above.rest.startswith("{") else spot).no_dash()
    message = f"'{seen}' does not begin in the column of the lines it belongs to"
    if seen.startswith("- ") and spot.column == opened.column:
        message = f"'{seen}' is an item of a list, and stands among keys"
    model = f"'{clip(opened.rest, 30)}' on line {opened.line + 1}"
    return spot.problem("IOP136", message, f"lines that belong together begin in one column, like {model}")


def _not_understood(spot: Spot) -> Problem:
    """Whatever else YAML cannot read."""
    place = spot.page.at(spot.line, spot.column)
    spot = Spot(spot.page, place.line - 1, place.column - 1)
    if not spot.rest.strip():
        return spot.problem("IOP139", f"line {place.line} is not complete", "put what is missing after it")
    message = f"line {place.line} cannot be understood from '{clip(spot.rest)}' on"
    return spot.problem("IOP139", message, "put texts with signs other than letters and digits in quotes")
