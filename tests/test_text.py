"""The rules for texts: what is kept, what is refused, and where."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

import pytest

from iopcal.model import Place
from iopcal.source import Mapping, Scalar, read
from iopcal.text import clean

PLACE = Place("program.yaml", 4, 7, 40)
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u200b\u2060\ufeff\U000e0001\U000e0020\U000e0041\U000e007f"
JOINERS = "\u200c\u200d"
DIFFICULT = "\u200e\u00ad\u3000\u00a0é\u0301\u0323Å\ufb01가\u1100\u1161👩\U0001f3fd\ufe0f"


def is_forbidden(character: str) -> bool:
    """Says whether Unicode's own data or the list of the rule forbids the character, line feeds aside."""
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    category = unicodedata.category(character)
    listed = character in BIDI + "\u200b\u2060\ufeff\u2028\u2029" or 0xE0000 <= code <= 0xE007F
    return character != "\n" and (category in {"Cc", "Cs"} or noncharacter or listed)


def random_texts(seed: int, count: int) -> list[str]:
    """Returns texts of characters from all planes, with many of the forbidden and the difficult ones."""
    source = random.Random(seed)
    pools: tuple[Callable[[], str], ...] = (
        lambda: chr(source.randrange(0x20, 0x7F)),
        lambda: chr(source.randrange(0xA0, 0x3000)),
        lambda: chr(source.randrange(0x110000)),
        lambda: chr(source.randrange(0xD800, 0xE000)),
        lambda: chr(source.randrange(17) << 16 | source.randrange(0xFFF0, 0x10000)),
        lambda: chr(source.randrange(0xA1)),
        lambda: source.choice(BIDI + INVISIBLE + "\u2028\u2029\x85\x7f\t\r\n"),
        lambda: source.choice(
            JOINERS + "\u200e\u00ad\u3000\u00a0é\u0301\u0323Å\ufb01가\u1100\u1161👩\U0001f3fd\ufe0f"
        ),
    )
    texts = []
    for _ in range(count):
        chosen = source.choices(pools, weights=(60, 20, 10, 0.3, 0.3, 0.5, 1, 10), k=source.randrange(1, 40))
        texts.append("".join(pool() for pool in chosen))
    return texts


def test_random_texts_are_kept_but_for_nfc_and_trimming_or_refused_with_a_position() -> None:
    kept = refused = 0
    for text in random_texts(seed=7, count=5_000):
        for breaks in (False, True):
            result, problem = clean(text, PLACE, breaks=breaks)
            if problem is None:
                kept += 1
                assert result == unicodedata.normalize("NFC", text.strip())
                assert not any(map(is_forbidden, text))
                assert breaks or "\n" not in result
                continue
            refused += 1
            assert result == ""
            position = re.search(r"at position (\d+)$", problem.message)
            assert position is not None
            character = text[int(position.group(1)) - 1]
            assert is_forbidden(character) if problem.code == "IOP116" else (character == "\n" and not breaks)
            assert "\n" not in problem.message
            assert not any(map(is_forbidden, problem.message))
    assert kept > 2_000
    assert refused > 2_000


def test_random_texts_written_as_escapes_are_read_as_the_same_text_or_refused_at_the_escape() -> None:
    for text in random_texts(seed=8, count=5_000):
        escaped = "".join(f"\\U{ord(character):08x}" for character in text)
        node, problems = read(f'key: "{escaped}"\n'.encode(), "f.yaml")
        if not any(map(is_forbidden, text)):
            assert problems == ()
            assert isinstance(node, Mapping)
            value = node.entries[0][1]
            assert isinstance(value, Scalar)
            assert value.text == unicodedata.normalize("NFC", text.strip())
            continue
        (problem,) = problems
        surrogate = problem.code == "IOP138"  # the parser itself refuses them
        first = next(
            index
            for index, character in enumerate(text)
            if (0xD800 <= ord(character) < 0xE000 if surrogate else is_forbidden(character))
        )
        assert problem.place == Place("f.yaml", 1, 7 + 10 * first, 10)


def test_random_texts_written_as_they_are_are_read_as_the_same_text_or_refused_at_the_character() -> None:
    read_well = 0
    for text in random_texts(seed=9, count=5_000):
        text = text.replace("'", "x").replace("\r", "x").replace("\n", "x")
        if any(0xD800 <= ord(character) < 0xE000 for character in text):
            continue
        node, problems = read(f"key: '{text}'\n".encode(), "f.yaml")
        forbidden = [index for index, character in enumerate(text) if is_forbidden(character)]
        hidden = [index for index in forbidden if text[index] != "\t"]  # told one by one, a tab once
        if not forbidden:
            read_well += 1
            assert problems == ()
            assert isinstance(node, Mapping)
            value = node.entries[0][1]
            assert isinstance(value, Scalar)
            assert value.text == unicodedata.normalize("NFC", text.strip())
        else:
            columns = [problem.place.column for problem in problems]
            assert set(columns) == {index + 7 for index in hidden} | {
                index + 7 for index in forbidden if text[index] == "\t" and index == text.index("\t")
            }
    assert read_well > 1_000


@pytest.mark.parametrize(
    "character", [*BIDI, *INVISIBLE, "\0", "\t", "\r", "\x1b", "\x7f", "\x85", "\x9f", "\u2028"]
)
def test_a_character_nobody_sees_is_refused_wherever_it_stands(character: str) -> None:
    for text in (character, f"{character}Group", f"Gro{character}up", f"Group{character}"):
        for breaks in (False, True):
            result, problem = clean(text, PLACE, breaks=breaks)
            assert result == ""
            assert problem is not None
            assert problem.code == "IOP116"
            assert f"U+{ord(character):04X}" in problem.message
            assert problem.place == Place("program.yaml", 4, 7 + text.index(character), 1)


@pytest.mark.parametrize(
    "text",
    [
        "Soirée – 18 h",
        "می\u200cخواهم",
        "👩\u200d👩\u200d👧 family group",
        "क्\u200dष",
        "治疗小组",
        'O\'Brien "Bill"',
        "a\u00a0b",
        "left\u200emark",
        "soft\u00adhyphen",
    ],
)
def test_text_of_every_script_stays_as_it_is(text: str) -> None:
    assert clean(text, PLACE) == (text, None)


def test_text_is_composed_and_trimmed_and_nothing_else() -> None:
    assert clean("  Cafe\u0301  at  noon \u3000\n", PLACE) == ("Café  at  noon", None)
    assert clean("\ufb01ve", PLACE) == ("\ufb01ve", None)


def test_a_line_break_is_kept_only_where_breaks_are_allowed() -> None:
    assert clean("Bring\nthe book\n", PLACE, breaks=True) == ("Bring\nthe book", None)
    result, problem = clean("Bring\nthe book\n", PLACE)
    assert result == ""
    assert problem is not None
    assert problem[:4] == (
        PLACE,
        "IOP154",
        "'Bring<U+000A>the book<U+000A>' holds a line break at position 6",
        "write it in one line; only 'notes' has several",
    )


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("a\tb", "'a<U+0009>b' holds a tab (U+0009) at position 2", "use spaces"),
        (
            "Group \u202etxet",
            "'Group <U+202E>txet' holds a hidden character that turns the writing around (U+202E) "
            "at position 7",
            "delete it and type the words again",
        ),
        (
            "a\u200b",
            "'a<U+200B>' holds an invisible character (U+200B) at position 2",
            "delete it and type the words again",
        ),
        (
            "\uffff",
            "'<U+FFFF>' holds a code that stands for no character (U+FFFF) at position 1",
            "delete it",
        ),
        (
            "A long text before it\x07 and a long text behind it",
            "'...xt before it<U+0007> and a long ...' holds a control character (U+0007) at position 22",
            "delete it and type the words again",
        ),
    ],
)
def test_a_refused_character_is_named_and_shown(text: str, message: str, hint: str) -> None:
    _, problem = clean(text, PLACE)
    assert problem is not None
    assert (problem.message, problem.hint) == (message, hint)


def test_a_text_of_4000_characters_is_read_and_one_of_4001_is_too_large() -> None:
    for letter in "aé":
        assert clean(letter * 4_000, PLACE) == (letter * 4_000, None)
        assert clean(f" {letter * 4_000} ", PLACE) == (letter * 4_000, None)
        _, problem = clean(letter * 4_001, PLACE)
        assert problem is not None
        assert problem[:4] == (
            PLACE,
            "IOP114",
            "the text is too large: 4,001 characters, and at most 4,000 are read",
            "shorten it",
        )
