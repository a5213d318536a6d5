"""Bytes of a file to its text, told what no file may hold: `decode()`."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from iopcal.named_tuple import NamedTuple
from iopcal.problems import Place, Problem
from iopcal.source.page import Page
from iopcal.text import hidden, refusal

SUBSTITUTE = "\ufffd"  # stands for a forbidden character, so that reading can go on behind it
_KINDS = {
    b"PK\x03\x04": "a document such as .docx or .xlsx, or a .zip",
    b"\xd0\xcf\x11\xe0": "a document such as .doc or .xls",
    b"%PDF-": "a PDF",
    b"{\\RTF": "a document in RTF",
    b"BEGIN:VCALENDAR": "a calendar (.ics)",
    b"<!DOCTYPE": "a web page",
    b"<HTML": "a web page",
}
_NO_BREAK = re.compile(
    r"^ *(?:- *)*(?:[\w-]+:)?(\u00a0)", re.MULTILINE
)  # as indent, behind '-' or a first key
_MOST_HIDDEN = 20  # forbidden characters told one by one


class Wording(NamedTuple):
    """How files of one sort are spoken of: what one is called, and how to save it aright."""

    noun: str
    other_kind: str
    encoding: str


_YAML = Wording(
    "program file",
    "write the program as plain text, in a file of its own that ends in .yaml",
    "in the editor choose 'Save as' and the encoding UTF-8",
)


def decode(data: bytes, file: str) -> tuple[Page | None, tuple[Problem, ...]]:
    """Returns the text of a YAML file, and its problems; no page when it is no text in UTF-8.

    To what `plain_text` refuses come tabs before the first word of a line.
    """
    page, problems = plain_text(data, file, _YAML)
    if page is None:
        return None, problems
    problems += _tabs(page)
    page, spaces = _no_break_spaces(page)
    return page, problems + spaces


def plain_text(data: bytes, file: str, wording: Wording) -> tuple[Page | None, tuple[Problem, ...]]:
    """Returns the text of a file in UTF-8, and its problems; no page when it is in another encoding.

    A byte order mark at the beginning is dropped. Control, bidirectional and invisible characters are refused
    wherever they stand, in comments too.
    """
    if kind := _other_kind(data):
        message = f"this is no {wording.noun}, but {kind}"
        return None, (Problem(Place(file, 1, 1), "IOP121", message, wording.other_kind),)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or (any(data[:4]) and data[:4].count(0) >= 2):
        return None, (_not_utf8(Place(file, 1, 1), wording),)
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = hidden().sub(SUBSTITUTE, data[: error.start].decode()) + "."
        return None, (_not_utf8(_page(file, before).at_index(len(before) - 1), wording),)
    return _without_hidden(_page(file, text))


def _other_kind(data: bytes) -> str:
    """Names the kind of file that the first bytes are known for, or ''."""
    begin = data.removeprefix(BOM_UTF8)[:16].lstrip().upper()
    return next((kind for sign, kind in _KINDS.items() if begin.startswith(sign)), "")


def _page(file: str, text: str) -> Page:
    return Page(file, text, tuple(text.splitlines()))


def _not_utf8(place: Place, wording: Wording) -> Problem:
    return Problem(place, "IOP110", f"not UTF-8 at line {place.line}: save as UTF-8", wording.encoding)


def _without_hidden(page: Page) -> tuple[Page, tuple[Problem, ...]]:
    """Returns the page with forbidden characters substituted, and a problem for each of the first ones.

    They go before the parser sees them: it refuses some without a line, and takes others for line breaks.
    """
    pattern = hidden(ascii_only=page.text.isascii())
    if not pattern.search(page.text):
        return page, ()
    clean = _page(page.file, pattern.sub(SUBSTITUTE, page.text))
    problems: list[Problem] = []
    more = 0
    for match in pattern.finditer(page.text):
        if len(problems) == _MOST_HIDDEN:
            more += 1
            continue
        place = clean.at_index(match.start())
        line = clean.line(place.line - 1)
        shown = line[: place.column - 1] + match.group() + line[place.column :]
        whole_line = Place(page.file, place.line, 1, len(line))
        problems.append(refusal(shown, place.column - 1, whole_line))
    if more:
        problems[-1] = problems[-1]._replace(
            hint=f"{problems[-1].hint}; there are {more:,} more such characters"
        )
    return clean, tuple(problems)


def _tabs(page: Page) -> tuple[Problem, ...]:
    """Returns one problem for all lines that are indented with tabs."""
    if "\t" not in page.text:
        return ()
    places = [
        page.at(number, len(line) - len(line.lstrip(" ")))
        for number, line in enumerate(page.lines)
        if line.lstrip(" ").startswith("\t")
    ]
    if not places:
        return ()
    first, *others = places
    hint = "let the editor indent with spaces"
    if others:
        hint += f"; {len(others):,} more {'line starts' if len(others) == 1 else 'lines start'} with a tab"
    message = f"line {first.line} starts with a tab; use spaces"
    return (Problem(first, "IOP130", message, hint, others=tuple(others)),)


def _no_break_spaces(page: Page) -> tuple[Page, tuple[Problem, ...]]:
    """Returns the page with a space for each no-break space where YAML wants one, and a problem for them."""
    first = _NO_BREAK.search(page.text)
    if first is None:
        return page, ()
    lines = sum(1 for _ in _NO_BREAK.finditer(page.text)) - 1
    place = page.at_index(first.start(1))
    hint = "delete it and type a space; copied text often holds such spaces"
    if lines:
        hint += f"; {lines:,} more {'line has' if lines == 1 else 'lines have'} one"
    message = f"line {place.line} has a no-break space (U+00A0); use an ordinary space"
    problem = Problem(place, "IOP130", message, hint)
    return _page(page.file, page.text.replace("\u00a0", " ")), (problem,)
