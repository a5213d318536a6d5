"""Lines that are no content line: the rest of a wrong fold (B4) or of a line break in a text (T1)."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.lint._file import File

LONGEST_LINE = 75  # octets without the line end (RFC 5545 section 3.1)


def unfolded(file: File) -> Iterator[int]:
    """Yields the lines without a name after a line as long as one that is folded."""
    for number in nameless(file):
        if len(file.physical[number - 2].content) >= LONGEST_LINE - 5:
            yield number


def nameless(file: File) -> Iterator[int]:
    """Yields the numbers of lines that are not NAME:VALUE, where no other rule has told why.

    Left out: the first line and a last one cut short (B2), and what a stray line end has made (B3).
    """
    crlf = sum(line.ending == b"\r\n" for line in file.physical)
    stray = 2 * crlf > len(file.physical)  # most lines end as they should: a bare CR or LF is an accident
    last = len(file.physical)
    frame_end = next((line.number for line in file.lines if line.text == "END:VCALENDAR"), last)
    for line in file.lines:
        if line.name or line.number == 1 or line.number > frame_end or _ends_at(file, line.number) == last:
            continue
        if not (stray and file.physical[line.number - 2].ending != b"\r\n"):
            yield line.number


def _ends_at(file: File, number: int) -> int:
    """Returns the last physical line of a content line."""
    while number < len(file.physical) and file.physical[number].content[:1] in (b" ", b"\t"):
        number += 1
    return number
