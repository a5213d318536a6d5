"""Bytes of a CSV file to its cells: `read_table()`. The library's reader forgets where a cell stands.

Strict on purpose: what would shift a value into another column is refused, never guessed. A row is one line,
a cell may stand in double quotes, and two of those inside quotes are one (RFC 4180, section 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iopcal.named_tuple import NamedTuple
from iopcal.problems import Place, Problem
from iopcal.source.decode import SUBSTITUTE, Wording, plain_text
from iopcal.source.limits import ROSTER, Limits
from iopcal.source.nodes import Scalar, Sequence
from iopcal.source.page import Page, clip
from iopcal.text import clean
from iopcal.words import count_words

_WORDING = Wording(
    "CSV file",
    "in the spreadsheet choose 'Save as' and the kind 'CSV UTF-8'",
    "in the spreadsheet choose 'Save as' and the kind 'CSV UTF-8'",
)
_MOST_PROBLEMS = 1_000  # then reading stops
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_FORMULA = "=+-@"  # a spreadsheet runs a cell that begins so
_OTHERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class _Cell(NamedTuple):
    """What stands between two commas; `column` from 0, where the text begins, and the letters it takes."""

    text: str
    column: int
    length: int


def read_table(
    data: bytes, file: str, limits: Limits = ROSTER
) -> tuple[Sequence | None, tuple[Problem, ...]]:
    """Reads one CSV file into rows of cells, the header first, and returns them with every problem found.

    A row with a problem is left out; empty lines are no rows. The table is None where the file is no table,
    or its header cannot be read.
    """
    if len(data) > limits.bytes:
        place = Place(file, data.count(b"\n", 0, limits.bytes) + 1, 1)
        message = f"the file is too large: {len(data):,} bytes, and at most {limits.bytes:,} are read"
        return None, (Problem(place, "IOP111", message, "split it, or remove what is not needed"),)
    page, problems = plain_text(data, file, _WORDING)
    if page is None:
        return None, problems
    first = next((number for number, line in enumerate(page.lines) if line.strip(" ,")), None)
    if first is None:
        hint = "its first line names the columns: id,track,starts"
        return None, (*problems, Problem(page.at(0, 0), "IOP120", "the file is empty", hint))
    if problem := _not_commas(page, first):
        return None, (*problems, problem)
    table = _Table(page, limits, SUBSTITUTE if problems else "")
    rows = tuple(table.rows(first))
    found = Sequence(rows, page.at(first, 0)) if rows else None
    return found, tuple(sorted((*problems, *table.problems)))


class _Table:
    """Takes a page apart, line by line; `problems` on the way.

    A cell that holds `told` has been reported already.
    """

    def __init__(self, page: Page, limits: Limits, told: str) -> None:
        self.problems: list[Problem] = []
        self._page = page
        self._limits = limits
        self._plain = page.text.isascii() and "\t" not in page.text
        self._width = 0
        self._told = told

    def rows(self, first: int) -> Iterator[Sequence]:
        """Yields the rows from line `first` on; stops at a bad header, a limit and very many problems."""
        count = 0
        for number, line in enumerate(self._page.lines[first:], first):
            if not line.strip(" ,"):
                continue
            row = self._read(number, line)
            if row is not None:
                count += len(row.items)
                if count > self._limits.nodes:
                    most = f"at most {self._limits.nodes:,} are read"
                    message = f"the file holds too much: {count:,} cells, and {most}"
                    hint = "split it, or remove what is not needed"
                    self.problems.append(Problem(row.place, "IOP112", message, hint))
                    return
                yield row
            if len(self.problems) >= _MOST_PROBLEMS or (row is None and number == first):
                return

    def _read(self, number: int, line: str) -> Sequence | None:
        """Returns a line as a row; None where it cannot be read, which is reported."""
        cells = self._split(number, line)
        return self._row(number, cells) if cells and self._fits(number, line, cells) else None

    def _report(self, number: int, cell: _Cell, code: str, message: str, hint: str) -> None:
        place = self._page.at(number, cell.column, cell.length)
        self.problems.append(Problem(place, code, message, hint))

    def _split(self, number: int, line: str) -> list[_Cell] | None:
        """Returns the cells of a line; None where a quote is out of place (IOP405)."""
        cells = []
        if '"' not in line:
            column = 0
            for part in line.split(","):
                text = part.strip(" ")
                lead = len(part) - len(part.lstrip(" ")) if text != part and text else 0
                cells.append(_Cell(text, column + lead, len(text)))
                column += len(part) + 1
            return cells
        column = 0
        while True:
            column += len(line) - column - len(line[column:].lstrip(" "))
            match = _QUOTED.match(line, column)
            end = match.end() if match else line.find(",", column)
            end = len(line) if end < 0 else end
            cell = _Cell(line[column:end].strip(" "), column, max(end - column, 1))
            after = line[end:].lstrip(" ")
            if match:
                cell = cell._replace(text=match[1].replace('""', '"').strip(" "))
                if after and not after.startswith(","):
                    message = f"text stands behind the closing quote of '{clip(match[1])}'"
                    hint = "delete the quotes, or put the whole cell in them; a quote inside is written twice"
                    self._report(number, cell, "IOP405", message, hint)
                    return None
            elif '"' in cell.text:
                self._stray(number, line, column + line[column:].index('"'))
                return None
            cells.append(cell)
            if not after:
                return cells
            column = len(line) - len(after) + 1

    def _stray(self, number: int, line: str, column: int) -> None:
        """Reports a quote that is not closed, or stands inside a text."""
        cell = _Cell("", column, len(line[column:].rstrip()))
        if line[:column].rstrip(" ").endswith(",") or not line[:column].strip():
            message = "the quote that opens here is not closed on its line"
            self._report(number, cell, "IOP405", message, "close it, or delete it; a cell is one line")
        else:
            message = "a quote stands inside the cell"
            self._report(number, cell._replace(length=1), "IOP405", message, "delete it")

    def _fits(self, number: int, line: str, cells: list[_Cell]) -> bool:
        """Says whether a row has as many cells as the header, so that none has shifted (else IOP404)."""
        if not self._width:
            self._width = len(cells)
        if len(cells) == self._width:
            return True
        other = next((name for sign, name in _OTHERS.items() if line.count(sign) == self._width - 1), "")
        what = "more" if len(cells) > self._width else "fewer"
        message = (
            f"the row has {count_words(len(cells), 'cell')}, {what} than the {self._width} of the header"
        )
        hint = "every row has as many commas as the header; a list inside a cell is written with spaces"
        if other and len(cells) == 1:
            hint = f"put commas between the cells instead of {other}"
        where = cells[self._width] if len(cells) > self._width else cells[-1]
        self._report(number, where._replace(length=max(where.length, 1)), "IOP404", message, hint)
        return False

    def _row(self, number: int, cells: list[_Cell]) -> Sequence | None:
        """Returns a row; None where a cell holds a formula (IOP406) or what no text may hold."""
        if self._told and any(self._told in cell.text for cell in cells):
            return None
        file, line = self._page.file, number + 1
        found = len(self.problems)
        scalars = []
        for cell in cells:
            text, column, length = cell
            place = Place(file, line, column + 1, length or 1)
            if not self._plain or length > self._limits.scalar:
                text, problem = clean(text, place, longest=self._limits.scalar)
                if problem:
                    self.problems.append(problem)
            if text and text[0] in _FORMULA:
                self._formula(number, cell)
            scalars.append(Scalar(text, place, True))
        return Sequence(tuple(scalars), scalars[0].place) if len(self.problems) == found else None

    def _formula(self, number: int, cell: _Cell) -> None:
        hint = "in the spreadsheet, copy the cell and paste its value"
        message = f"'{clip(cell.text)}' begins like a formula, where a value belongs"
        if not cell.text.strip("-"):
            message, hint = f"'{clip(cell.text)}' is not a value", "leave the cell empty"
        self._report(number, cell, "IOP406", message, hint)


def _not_commas(page: Page, number: int) -> Problem | None:
    """Says what else the cells of the first line are separated by, if not by commas (IOP402)."""
    line = page.line(number)
    if line.casefold().startswith("sep="):
        hint = "delete the line; the first line names the columns: id,track,starts"
        return Problem(
            page.at(number, 0, len(line.rstrip())), "IOP402", "'sep=' is not the name of a column", hint
        )
    sign = next((sign for sign in _OTHERS if sign in line), "")
    if not sign or "," in line:
        return None
    message = f"the cells are separated by {_OTHERS[sign]}, where commas belong"
    hint = "save it as 'CSV UTF-8 (comma delimited)', or put commas in their place"
    return Problem(page.at(number, line.index(sign)), "IOP402", message, hint)
