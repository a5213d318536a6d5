"""A line and column at which something is wrong, and how that is told."""

from __future__ import annotations

import re

from iopcal.named_tuple import NamedTuple
from iopcal.problems import Problem
from iopcal.source.page import Page, clip

_COMMENT = re.compile(r"\s#(?:\s|$)")
_MARK_END = re.compile(r"[\s,\]}]")  # what ends an anchor, alias or tag
_BRACKET_END = re.compile(r"[,\]}]\s*(?:[,\]}\s#]|$|[\w-]+:\s)")  # what ends a text in brackets


class Spot(NamedTuple):
    """A place on a page; line and column from 0, perhaps behind the end of the file."""

    page: Page
    line: int
    column: int

    @property
    def text(self) -> str:
        """The whole line."""
        return self.page.line(self.line)

    @property
    def before(self) -> str:
        """What stands on the line before the place."""
        return self.text[: self.column]

    @property
    def rest(self) -> str:
        """What stands on the line from the place on."""
        return self.text[self.column :].rstrip()

    @property
    def raw(self) -> str:
        """The text from the place on, up to a comment or the end of the brackets it stands in."""
        rest = _COMMENT.split(self.rest, maxsplit=1)[0].rstrip()
        before = self.before
        inside = before.count("{") + before.count("[") > before.count("}") + before.count("]")
        match = _BRACKET_END.search(rest) if inside else None
        return rest[: match.start()] if match else rest

    def at(self, column: int) -> Spot:
        """Returns another place on the line."""
        return self._replace(column=column)

    def problem(self, code: str, message: str, hint: str, seen: str | None = None) -> Problem:
        """Returns a problem that underlines what was seen, or the rest of the line."""
        length = len(self.rest if seen is None else seen)
        return Problem(self.page.at(self.line, self.column, length), code, message, hint)

    def needs_quotes(self, what: str, raw: str = "") -> Problem:
        """Returns the problem of a text that YAML cannot read without quotes."""
        raw = raw or self.raw
        hint = self.page.quoted(self.line, self.column, raw)
        return self.problem("IOP134", f"'{clip(raw)}' {what}; put the text in quotes", hint, raw)

    def no_dash(self) -> Problem:
        """Returns the problem of a line of a list that does not begin with '- '."""
        seen = clip(self.rest)
        return self.problem("IOP137", f"a '- ' is missing before '{seen}'", f"write: - {seen}")

    def directive(self) -> Problem:
        """Returns the problem of a line that begins with '%'."""
        return self.at(0).problem("IOP123", "iopcal reads no lines that begin with '%'", "delete the line")

    def mark(self) -> Problem:
        """Returns the problem of an anchor, alias, merge key or tag."""
        seen = _MARK_END.split(self.rest, maxsplit=1)[0].rstrip(":")
        message = f"'{clip(seen)}': iopcal reads no anchors, aliases, merge keys or tags: write the value out"
        return self.problem("IOP124", message, "if it is meant as text, put it in quotes", seen)
