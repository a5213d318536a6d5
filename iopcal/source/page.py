"""The text of one file, its lines, and places in it; counts of PyYAML (from 0) become ours (from 1) here."""

from __future__ import annotations

import re

from iopcal.model import Place
from iopcal.named_tuple import NamedTuple
from iopcal.source.events import Point

_KEY_AND_VALUE = re.compile(r"\s*(?:- +)*(?:[^\s:#{\[\"'][^:#{\[]*:\s+)?")
_LONGEST_LINE = 120  # characters of a rewritten line in a hint


class Page(NamedTuple):
    """A file's text without its byte order mark; `lines` are without their line breaks."""

    file: str
    text: str
    lines: tuple[str, ...]

    def place(self, start: Point, end: Point) -> Place:
        """Returns the place from `start` to `end`, or to the end of its first line."""
        line, column = start.line, start.column
        if end.line == line:
            length = end.column - column
        else:
            length = len(self.lines[line].rstrip()) - column if line < len(self.lines) else 0
        return Place(self.file, line + 1, column + 1, length if length > 1 else 1)

    def at(self, line: int, column: int, length: int = 1) -> Place:
        """Returns the place at a line and column from 0; behind the end of the file, its last character."""
        if line >= len(self.lines):
            line = max(len(self.lines) - 1, 0)
            column = len(self.line(line))
        return Place(self.file, line + 1, column + 1, max(length, 1))

    def at_index(self, index: int, length: int = 1) -> Place:
        """Returns the place of the character at `index` of the text, from 0."""
        before = f"{self.text[:index]}.".splitlines()
        return self.at(len(before) - 1, len(before[-1]) - 1, length)

    def line(self, number: int) -> str:
        """Returns a line by its number from 0, '' outside the file."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def above(self, number: int) -> int:
        """Returns the number of the last line before `number` with more than a comment, from 0, or -1."""
        for above in range(min(number, len(self.lines)) - 1, -1, -1):
            if self.lines[above].strip() and not self.lines[above].lstrip().startswith("#"):
                return above
        return -1

    def value_column(self, number: int) -> int:
        """Returns the column from 0 at which the value of a line `- key: value` begins."""
        match = _KEY_AND_VALUE.match(self.line(number))
        return match.end() if match else 0

    def quoted(self, line: int, column: int, raw: str) -> str:
        """Returns the hint that shows the line with `raw`, found at `column`, put in quotes."""
        whole = self.line(line)
        shown = (whole[:column] + in_quotes(raw) + whole[column + len(raw) :]).strip()
        return f"put the text in quotes: {shown if len(shown) <= _LONGEST_LINE else in_quotes(clip(raw))}"


def in_quotes(raw: str) -> str:
    """Returns a text in the quotes that need the fewest changes in it."""
    if '"' in raw or "\\" in raw:
        return "'" + raw.replace("'", "''") + "'"
    return f'"{raw}"'


def clip(text: str, most: int = 60) -> str:
    """Returns a text cut to `most` characters, with three dots where it was cut."""
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
