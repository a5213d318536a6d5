"""Bytes to content lines with the number of their first physical line; takes any bytes at all.

Source: RFC 5545 section 3.1 (folding, names, parameters, quoted parameter values).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from iopcal.named_tuple import NamedTuple

BOM = b"\xef\xbb\xbf"
_ENDING = re.compile(rb"(\r\n|\r|\n)")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(
    r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)'  # each sign is tried once
)


class Physical(NamedTuple):
    """One line as it stands in the bytes; `ending` is empty when the data stops before one."""

    content: bytes
    ending: bytes


class Line(NamedTuple):
    """One unfolded content line.

    `name` is in upper case, and empty when the line is not NAME[;PARAMETER=...]:VALUE. Bytes that are not
    UTF-8 are kept as surrogates.
    """

    number: int
    name: str
    parameters: tuple[tuple[str, str], ...]
    value: str
    text: str

    def parameter(self, name: str) -> str:
        """Returns the value of a parameter without its quotes, '' when it is not there."""
        for key, value in self.parameters:
            if key == name:
                return value.strip('"')
        return ""


def split(data: bytes) -> tuple[Physical, ...]:
    """Returns the physical lines, a BOM left out; CRLF, a bare CR and a bare LF end a line."""
    pieces = _ENDING.split(data.removeprefix(BOM))
    pieces.append(b"")  # the last piece has no ending
    lines = map(Physical, pieces[::2], pieces[1::2])
    return tuple(line for line in lines if line.content or line.ending)


def unfold(physical: tuple[Physical, ...]) -> Iterator[tuple[int, bytes]]:
    """Yields each content line with the number of its first physical line."""
    parts: list[bytes] = []
    first = 1
    for number, (content, _) in enumerate(physical, 1):
        if parts and content[:1] in (b" ", b"\t"):
            parts.append(content[1:])
            continue
        if parts:
            yield first, b"".join(parts)
        first, parts = number, [content]
    if parts:
        yield first, b"".join(parts)


def parse(number: int, content: bytes) -> Line:
    """Returns one content line in its parts."""
    return Line(number, *_parts(content))


@lru_cache(maxsize=2048)  # half of all lines are repeated
def _parts(content: bytes) -> tuple[str, tuple[tuple[str, str], ...], str, str]:
    text = content.decode("utf-8", "surrogateescape")
    match = _NAME.match(text)
    if match is None:
        return "", (), text, text
    position = match.end()
    parameters = []
    while text.startswith(";", position):
        found = _PARAMETER.match(text, position)
        if found is None:
            return "", (), text, text
        parameters.append((found[1].upper(), found[2]))
        position = found.end()
    if not text.startswith(":", position):
        return "", (), text, text
    return match[0].upper(), tuple(parameters), text[position + 1 :], text


def unescaped(value: str) -> str:
    r"""Returns the text that a TEXT value means: `\n` is a line feed, `\,` a comma (RFC 5545 3.3.11)."""
    return (
        _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value) if "\\" in value else value
    )


def is_uuid(value: str) -> bool:
    """Says whether the value is a UUID and nothing else, in lower case."""
    return _UUID.fullmatch(value) is not None
