"""The rules that every text of a user's file must keep, as one function at the door: `clean()`."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

from iopcal.problems import Place, Problem

LONGEST = 4_000  # characters of one text
_BIDI = ((0x202A, 0x202E), (0x2066, 0x2069))  # overrides, embeddings and isolates of UAX #9
_INVISIBLE = ((0x200B, 0x200B), (0x2060, 0x2060), (0xFEFF, 0xFEFF), (0xE0000, 0xE007F))
_CONTROLS = ((0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029))
_NO_CHARACTERS = (
    (0xD800, 0xDFFF),
    (0xFDD0, 0xFDEF),
    *((plane << 16 | 0xFFFE, plane << 16 | 0xFFFF) for plane in range(17)),
)
_EXCERPT = 12  # characters shown on either side


@cache
def hidden(*, ascii_only: bool = False) -> re.Pattern[str]:
    """Returns the pattern of one forbidden character other than TAB, CR and LF.

    `ascii_only` is many times faster, for a text that is known to be ASCII.
    """
    ranges = _CONTROLS if ascii_only else (*_CONTROLS, *_NO_CHARACTERS, *_BIDI, *_INVISIBLE)
    inside = "".join(
        f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges if not ascii_only or first < 0x80
    )
    return re.compile(f"[{inside}]")


def clean(
    text: str, place: Place, *, breaks: bool = False, longest: int = LONGEST
) -> tuple[str, Problem | None]:
    """Returns a text in NFC without outer white space, or '' and why it is refused.

    Nothing else is altered. Refused: control characters (TAB and CR too), U+2028 and U+2029, surrogates,
    noncharacters, bidirectional controls and invisible characters; line feeds unless `breaks`; more than
    `longest` characters. The joiners U+200C and U+200D stay: names and emoji need them. `place` is where the
    text begins; the problem stands at the character, or at the text where that cannot be told.
    """
    if text.isascii() and text.isprintable() and len(text) <= longest:
        return text.strip(" "), None
    trimmed = text.strip()
    if len(trimmed) > longest:  # first of all: normalizing is slow on long runs of combining marks
        message = f"the text is too large: {len(trimmed):,} characters, and at most {longest:,} are read"
        return "", Problem(place, "IOP114", message, "shorten it")
    if (index := first_forbidden(text)) >= 0:
        return "", refusal(text, index, place)
    if not breaks and "\n" in trimmed:
        position = text.index("\n", len(text) - len(text.lstrip())) + 1
        message = f"{_excerpt(text, position - 1)} holds a line break at position {position}"
        return "", Problem(place, "IOP154", message, "write it in one line; only 'notes' has several")
    return normalize("NFC", trimmed), None


def first_forbidden(text: str) -> int:
    """Returns the index of the first character that no text may hold, line feeds aside, or -1."""
    found = hidden().search(text)
    places = (found.start() if found else -1, text.find("\t"), text.find("\r"))
    return min((place for place in places if place >= 0), default=-1)


def refusal(text: str, index: int, place: Place) -> Problem:
    """Returns the problem of the forbidden character at `index` of a text that begins at `place`."""
    character = text[index]
    if index < place.length and "\n" not in text[:index]:
        place = place._replace(column=place.column + index, length=1)
    what, hint = _what(character)
    message = f"{_excerpt(text, index)} holds {what} (U+{ord(character):04X}) at position {index + 1}"
    return Problem(place, "IOP116", message, hint)


def _what(character: str) -> tuple[str, str]:
    """Says in plain words what a forbidden character is and what to do about it."""
    code = ord(character)
    if character == "\t":
        return "a tab", "use spaces"
    if any(first <= code <= last for first, last in _BIDI):
        return "a hidden character that turns the writing around", "delete it and type the words again"
    if any(first <= code <= last for first, last in _INVISIBLE):
        return "an invisible character", "delete it and type the words again"
    if any(first <= code <= last for first, last in _NO_CHARACTERS):
        return "a code that stands for no character", "delete it"
    return "a control character", "delete it and type the words again"


def _excerpt(text: str, index: int) -> str:
    """Returns the text around `index` in single quotes, with everything forbidden spelled as <U+hhhh>."""
    first, last = max(index - _EXCERPT, 0), index + _EXCERPT + 1
    shown = "".join(
        f"<U+{ord(character):04X}>" if character in "\t\r\n" or hidden().match(character) else character
        for character in text[first:last]
    )
    return f"'{'...' if first else ''}{shown}{'...' if last < len(text) else ''}'"
