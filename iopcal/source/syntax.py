"""What a file that YAML cannot read says wrong, in plain words: `explain()`.

PyYAML's own sentences, of the C parser and of the pure one, choose the case; none of their words is shown.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from iopcal.problems import Problem
from iopcal.source.page import Page, clip

_SIGNS = re.compile(r"[\s,\]}]")  # what ends an anchor, alias or tag
_ESCAPE = re.compile(r"\\(?:[xuU][0-9a-fA-F]*|.|$)")
_COLON_INSIDE = re.compile(r":(?:\s|$)")
_NO_SPACE = re.compile(r"\s*(?:- +)*([^\s:#]+:)\S")
_GLUED_HASH = re.compile(r"[^\s#].*?(\s+#+[^\s#].*)$")
_UNTIL_BRACKET = re.compile(r"[,\]}]\s*(?:[,\]}\s#]|$|[\w-]+:\s)")


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
    said, within, (line, column) = fault.problem, fault.context, fault.found
    rest = page.line(line)[column:]
    if "escape" in said or "hexdec" in said:
        return _escape(page, line, column)
    if "quoted" in within:
        return _unclosed(page, fault)
    if "tab character" in said or rest.startswith("\t"):
        return Problem(page.at(line, column), "IOP130", f"line {line + 1} has a tab; use spaces")
    if (
        "directive" in within
        or "directive" in said
        or "incompatible" in said
        or page.line(line).startswith("%")
    ):
        return no_directives(page, line)
    if "cannot start any" in said or "mapping keys" in said:
        return begins_with(page, line, column)
    if "alias" in within or "anchor" in within or "block scalar" in within:
        return begins_with(page, *fault.opened)
    if "tag" in within or "tag" in said:
        return no_marks(page, *fault.opened)
    if "sequence entries" in said:
        message = f"'{clip(rest)}' begins a list behind other text on its line"
        hint = "begin each item on a line of its own, or put the text in quotes"
        return _problem(page, line, column, rest, "IOP136", message, hint)
    if "mapping values" in said:
        return _colon(page, line, column)
    if "find expected ':'" in said:
        return _no_colon(page, fault.opened[0])
    if "',' or" in said:
        return _brackets(page, fault)
    if "node content" in said:
        return _nothing_here(page, line, column)
    if "document start" in said:
        return _goes_on(page, line, column)
    if "expected key" in said or "block end" in said or "'-' indicator" in said:
        return _does_not_fit(page, fault)
    return _not_understood(page, line, column)


def _problem(page: Page, line: int, column: int, seen: str, code: str, message: str, hint: str) -> Problem:
    """Returns a problem that underlines what was seen."""
    return Problem(page.at(line, column, len(seen.rstrip())), code, message, hint)


def no_marks(page: Page, line: int, column: int) -> Problem:
    """Returns the problem of an anchor, alias, merge key or tag."""
    seen = _SIGNS.split(page.line(line)[column:], maxsplit=1)[0]
    message = f"'{clip(seen)}': iopcal reads no anchors, aliases, merge keys or tags: write the value out"
    return _problem(page, line, column, seen, "IOP124", message, "if it is meant as text, put it in quotes")


def no_directives(page: Page, line: int) -> Problem:
    """Returns the problem of a line that begins with '%'."""
    message = "iopcal reads no lines that begin with '%'"
    return _problem(page, line, 0, page.line(line), "IOP123", message, "delete the line")


def _escape(page: Page, line: int, column: int) -> Problem:
    """A backslash in double quotes that means nothing (`"C:\\path"`)."""
    text = page.line(line)
    column = max(text.rfind("\\", 0, column + 1), 0)
    match = _ESCAPE.match(text, column)
    seen = match.group() if match else "\\"
    return _problem(
        page, line, column, seen, "IOP138", f"'{seen}' in double quotes stands for no character",
        "use single quotes, or write the backslash twice",
    )  # fmt: skip


def _unclosed(page: Page, fault: Fault) -> Problem:
    """A quote that is opened and never closed."""
    line, column = fault.opened
    quote = page.line(line)[column : column + 1]
    rest = page.line(line)[column:]
    return _problem(
        page, line, column, rest, "IOP135", f"the {quote} before '{clip(rest[1:], 30)}' is not closed",
        f"put a {quote} at the end of the text",
    )  # fmt: skip


def begins_with(page: Page, line: int, column: int) -> Problem:
    """A text that begins with a sign that YAML keeps for itself (`@x`)."""
    rest = page.line(line)[column:]
    raw = _raw_text(page, line, column)
    if not raw:
        return _not_understood(page, line, column)
    message = f"'{clip(raw)}' begins with '{rest[0]}'; put the text in quotes"
    return _problem(page, line, column, raw, "IOP134", message, page.quoted(line, column, raw))


def _raw_text(page: Page, line: int, column: int) -> str:
    """Returns the text that begins at a place, up to the end of the line or of the brackets it stands in."""
    text = page.line(line)
    before, rest = text[:column], re.split(r"\s#\s", text[column:])[0].rstrip()
    inside = before.count("{") + before.count("[") > before.count("}") + before.count("]")
    match = _UNTIL_BRACKET.search(rest) if inside else None
    return rest[: match.start()] if match else rest


def _colon(page: Page, line: int, column: int) -> Problem:
    """A second colon on a line (`why: Day: off`), or a key where the line above already has a value."""
    text = page.line(line)
    start = page.value_column(line)
    if _COLON_INSIDE.search(text[:column]) and start <= column:
        raw = _raw_text(page, line, start)
        message = f"'{clip(raw)}' holds a colon; put the text in quotes"
        return _problem(page, line, start, raw, "IOP134", message, page.quoted(line, start, raw))
    above = page.above(line)
    if above >= 0 and not _COLON_INSIDE.search(page.line(above)):
        return _no_colon(page, above)
    if above < 0:
        return _not_understood(page, line, 0)
    seen = text.strip()
    return _problem(
        page, line, len(text) - len(text.lstrip()), seen, "IOP136",
        f"'{clip(seen)}' is indented like a part of line {above + 1}, which already has a value",
        f"begin it in the column in which '{clip(page.line(above).strip(), 30)}' begins",
    )  # fmt: skip


def _no_colon(page: Page, line: int) -> Problem:
    """A line without 'key: value', or with the space missing."""
    text = page.line(line)
    column = len(text) - len(text.lstrip())
    seen = text.strip()
    if hash_found := _GLUED_HASH.match(seen):
        message = f"the text after ' #' would be lost; use quotes around '{clip(seen)}'"
        return _problem(
            page, line, column, seen, "IOP131", message, f"{hash_found.group(1).strip()} begins a comment"
        )
    if match := _NO_SPACE.match(text):
        fixed = f"{text[: match.end(1)]} {text[match.end(1) :]}".strip()
        return _problem(
            page,
            line,
            column,
            seen,
            "IOP137",
            f"a space is missing after the colon in '{clip(seen)}'",
            f"write: {clip(fixed)}",
        )
    if re.match(r"-\w", seen):
        return _problem(
            page,
            line,
            column,
            seen,
            "IOP137",
            f"a space is missing after '-' in '{clip(seen)}'",
            f"write: - {clip(seen[1:])}",
        )
    return _problem(
        page, line, column, seen, "IOP137", f"'{clip(seen)}' has no colon after a key",
        "write it as 'key: value', with a space after the colon",
    )  # fmt: skip


def _brackets(page: Page, fault: Fault) -> Problem:
    """Brackets that are not closed, or texts in them that need quotes or a comma."""
    (line, column), (opened, at) = fault.found, fault.opened
    bracket = page.line(opened)[at : at + 1]
    closing = "]" if bracket == "[" else "}"
    text = page.line(line)
    rest, before = text[column:], text[:column]
    if line == opened and rest[:1] in ("]", "}"):
        return _problem(
            page,
            line,
            column,
            rest[0],
            "IOP135",
            f"'{bracket}' is closed by '{rest[0]}'",
            f"close it with '{closing}'",
        )
    if line == opened and rest and not rest.startswith("#"):
        start = max(before.rfind(sign) for sign in (": ", ", ", "{", "[")) + 1
        start += len(text[start:]) - len(text[start:].lstrip())
        raw = _raw_text(page, line, start)
        if start < column and before[start] not in "\"'" and len(raw) > column - start:
            seen = "colon" if rest[0] == ":" else f"'{rest[0]}'"
            message = f"'{clip(raw)}' holds a {seen} inside brackets; put the text in quotes"
            return _problem(page, line, start, raw, "IOP134", message, page.quoted(line, start, raw))
        message = f"a comma is missing before '{clip(rest, 30)}'"
        return _problem(
            page, line, column, rest, "IOP135", message, "separate what stands in brackets by commas"
        )
    problem = Problem(
        page.at(opened, at), "IOP135", f"the '{bracket}' on line {opened + 1} is not closed",
        f"put a '{closing}' where it ends, and commas between what stands in it",
    )  # fmt: skip
    return problem._replace(others=(page.at(line, column),)) if line < len(page.lines) else problem


def _nothing_here(page: Page, line: int, column: int) -> Problem:
    """A comma or a bracket where a value belongs (`[a, , b]`, `room: ]`)."""
    sign = page.line(line)[column : column + 1]
    before = page.line(line)[:column].rstrip()
    if sign and (sign not in ",]}" or not before.endswith((",", "[", "{"))):
        return begins_with(page, line, column)
    if not sign:
        return _not_understood(page, line, column)
    return _problem(
        page,
        line,
        column,
        sign,
        "IOP126",
        f"nothing stands before the '{sign}'",
        f"delete the '{sign}', or write the value before it",
    )


def _goes_on(page: Page, line: int, column: int) -> Problem:
    """A line after the end of what the file began with."""
    above = page.above(line)
    if page.line(above).startswith("..."):
        message = f"the file goes on after the '...' on line {above + 1}, which ends it"
        return Problem(page.at(line, column), "IOP122", message, f"delete line {above + 1}")
    first = page.line(0) if page.line(0).strip() else page.line(page.above(len(page.lines)))
    seen = page.line(line)[column:]
    if first[:1] == " " or page.line(above)[:1] == " ":
        return _problem(
            page, line, column, seen, "IOP136", f"'{clip(seen)}' begins further left than the first line",
            "begin the keys of the file in the first column",
        )  # fmt: skip
    return _problem(
        page, line, column, seen, "IOP139", f"'{clip(seen)}' does not belong to what stands above it",
        "a file holds keys with their values, each key in the first column",
    )  # fmt: skip


def _does_not_fit(page: Page, fault: Fault) -> Problem:
    """Text after a closing quote (`'Women's group'`), or a line in a column where none is open."""
    line, column = fault.found
    text = page.line(line)
    before, seen = text[:column].rstrip(), text[column:].rstrip()
    if before.endswith(("'", '"')) and before.strip(" -"):
        start = page.value_column(line)
        raw = _raw_text(page, line, start)
        inside = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] else raw
        other = '"' if raw[:1] == "'" else "'"
        message = f"the text goes on after the closing quote: '{clip(seen)}'"
        hint = f"write: {clip((text[:start] + other + inside + other).strip(), 100)}"
        return _problem(page, line, column, seen, "IOP134", message, hint)
    if seen.startswith(":"):
        return _problem(
            page, line, column, seen, "IOP127", "there is no key before the ':'", "write 'key: value'"
        )
    if not seen:
        return _not_understood(page, line, column)
    opened, at = fault.opened
    if not before.strip() and (opened, at) != (line, column):
        message = f"'{clip(seen)}' does not begin in the column of the lines it belongs to"
        if seen.startswith("- ") and column == at:
            message = "an item of a list stands among keys"
        model = clip(page.line(opened)[at:], 30)
        hint = f"lines that belong together begin in one column, like '{model}' on line {opened + 1}"
        return _problem(page, line, column, seen, "IOP136", message, hint)
    return _not_understood(page, line, column)


def _not_understood(page: Page, line: int, column: int) -> Problem:
    """Whatever else YAML cannot read."""
    place = page.at(line, column)
    seen = page.line(place.line - 1)[place.column - 1 :].strip()
    message = (
        f"line {place.line} cannot be understood from '{clip(seen)}' on"
        if seen
        else f"line {place.line} is not complete"
    )
    return Problem(
        place._replace(length=max(len(seen), 1)),
        "IOP139",
        message,
        "put texts with signs other than letters and digits in quotes",
    )
