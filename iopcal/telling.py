"""Words that would tell what a discreet or busy calendar is about, looked for in what is finished."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from iopcal.lint.text import FORMAL, built_in, buried
from iopcal.model import NOWHERE, Edit, Place, Program, Topics
from iopcal.named_tuple import NamedTuple

TITLES = frozenset({"SUMMARY", "NAME", "X-WR-CALNAME"})
_LINKS = frozenset({"URL"})

# Words that any calendar of anybody may hold, and that many a session, track or cohort is named with.
_ANYBODYS = """
a an and are at by for from if in into is it of off on or our out per the this to up down with you your
am pm oclock noon midday midnight morning afternoon evening night day daily week weekly weekday weekend
month monthly year yearly today tomorrow early late first second third fourth last next
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter
appointment appointments busy calendar cancelled canceled class course date event meeting minutes hour
hours phone call private reminder schedule session sessions time visit
address location avenue road street lane drive building entrance door floor room suite main north south
east west link online video http https www com org net
"""
NEUTRAL = frozenset(_ANYBODYS.split())
_LEAST = 3  # letters of a single word that tells
_LEAST_BURIED = 5  # of one that is found inside another, as in the name of a host
_ESCAPE = re.compile(r"\\(.)")
_TOKEN = re.compile(r"[^\W_]+")
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_STAMPS = re.compile(rf"UID:{_UUID}\r\nDTSTAMP:\d+T\d+Z\r\nLAST-MODIFIED:\d+T\d+Z\r\nSEQUENCE:\d+")
_MOST_CLEAR = 50_000  # pieces of files that are known to be clear


class Told(NamedTuple):
    """A telling word, where it was found, and where the program has it (NOWHERE: it is one of the list)."""

    name: str  # of the property, in upper case
    text: str
    word: str
    place: Place


class Telling:
    """The words that no discreet or busy calendar of one program may hold.

    They are the built-in list, and of the program its name and id, those of its sessions, phases, tracks,
    cohorts, leads, rooms and participants, topics, labels, notes and reasons: each as a whole, and each word
    of three letters or more, as whole words and without regard to case. Not so single words that any calendar
    may hold (`NEUTRAL`) and numbers. Where a calendar shows an address, a link or a telephone number, single
    words of notes and reasons may stand there, and rooms. In a link the words of names are found inside
    others, too.
    """

    def __init__(self, program: Program) -> None:
        self._titles, self._shown = _Words(), _Words()
        self._clear: set[str] = set()
        for text, place in _names(program):
            self._titles.add(text, place)
            self._shown.add(text, place)
        for text, place in _rooms(program):
            self._titles.add(text, place)
        for text, place in _remarks(program):
            self._titles.add(text, place)
            self._shown.add(text, place, whole=True)

    def word(self, text: str, name: str = "SUMMARY") -> str:
        """Returns the first telling word of a text, '' if there is none; `name` is that of its property."""
        return self._find(text, name)[0]

    def told(self, data: bytes) -> tuple[Told, ...]:
        """Returns what a finished .ics file tells, each word of a text once; values of a fixed form aside."""
        found: dict[Told, None] = {}
        for chunk in data.decode().split("\r\nBEGIN:VEVENT\r\n"):
            for piece in chunk.partition("\r\nDTSTART"):
                if piece in self._clear or _STAMPS.fullmatch(piece):
                    continue
                hits = tuple(self._of_piece(piece))
                found |= dict.fromkeys(hits)
                if not hits and len(self._clear) < _MOST_CLEAR:
                    self._clear.add(piece)
        return tuple(found)

    def told_by(self, texts: Iterable[tuple[str, str]]) -> tuple[Told, ...]:
        """Returns the same of texts that come with the names of their properties."""
        found = (Told(name, text, *self._find(text, name)) for name, text in texts)
        return tuple(dict.fromkeys(each for each in found if each.word))

    def _of_piece(self, piece: str) -> Iterator[Told]:
        for line in piece.replace("\r\n ", "").split("\r\n"):
            name, _, value = line.partition(":")
            name = name.partition(";")[0]
            if name in FORMAL or name == "PRODID" or (name == "UID" and re.fullmatch(_UUID, value)):
                continue
            text = _ESCAPE.sub(_meant, value)
            word, place = self._find(text, name)
            if word:
                yield Told(name, text, word, place)

    def _find(self, text: str, name: str) -> tuple[str, Place]:
        listed = built_in(text) or (buried(text) if name in _LINKS else "")
        if listed:
            return listed, NOWHERE
        words = self._titles if name in TITLES else self._shown
        return words.find(text) or (words.find_inside(text) if name in _LINKS else None) or ("", NOWHERE)


class _Words:
    """Words and names to be found in texts, each with its place."""

    def __init__(self) -> None:
        self._single: dict[str, Place] = {}
        self._whole: dict[tuple[str, ...], Place] = {}
        self._lengths: dict[str, set[int]] = {}  # of the names that begin with a word
        self._unspaced: dict[str, Place] = {}  # of scripts that may not put spaces between words

    def add(self, text: str, place: Place, whole: bool = False) -> None:
        """Adds a text, and unless it is to be found as a `whole`, every word of it."""
        for line in text.split("\n"):
            tokens = _tokens(line)
            if all(token in NEUTRAL or token.isdigit() for token in tokens) or len("".join(tokens)) < 2:
                continue
            self._whole.setdefault(tokens, place)
            self._lengths.setdefault(tokens[0], set()).add(len(tokens))
            for token in () if whole else tokens:
                if token.upper() == token.lower() and not token.isdigit() and len(token) > 1:
                    self._unspaced.setdefault(token, place)
                elif len(token) >= _LEAST and token not in NEUTRAL and not token.isdigit():
                    self._single.setdefault(token, place)

    def find(self, text: str) -> tuple[str, Place] | None:
        """Returns the first of the words in a text and its place, None if there is none."""
        tokens = _tokens(text)
        for start, token in enumerate(tokens):
            for length in sorted(self._lengths.get(token, ()), reverse=True):
                place = self._whole.get(tokens[start : start + length])
                if place is not None:
                    return " ".join(tokens[start : start + length]), place
            if token in self._single:
                return token, self._single[token]
        return next((pair for pair in self._unspaced.items() if pair[0] in text), None)

    def find_inside(self, text: str) -> tuple[str, Place] | None:
        """Returns a word that stands anywhere in a text, in others too."""
        folded = text.casefold()
        long = (pair for pair in self._single.items() if len(pair[0]) >= _LEAST_BURIED)
        return next((pair for pair in long if pair[0] in folded), None)


def _meant(escape: re.Match[str]) -> str:
    """Returns what an escape stands for (RFC 5545 section 3.3.11)."""
    return "\n" if escape[1] in "nN" else escape[1]


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(normalize("NFC", text.casefold())))


_Texts = Iterator[tuple[str, Place]]


def _names(program: Program) -> _Texts:
    """Yields the names, ids and topics of a program."""
    yield program.title, program.place
    yield program.id, program.id_place
    for phase in program.phases:
        yield from ((phase.name, phase.place), (phase.id, phase.place))
    for track in program.tracks:
        yield from ((track.title, track.place), (track.id, track.place))
    for cohort in program.cohorts:
        yield cohort.id, cohort.place
    for activity in (*program.activities, *(addition.activity for addition in program.additions)):
        place = activity.place
        words = (activity.name, activity.id.removeprefix("add:"), activity.one_of, *activity.leads)
        yield from ((word, place) for word in (*words, *_topics(activity.topics)))
    for edit, place in _edits(program):
        yield from ((word, place) for word in (edit.name or "", *(edit.leads or ())))
    for person in program.participants:
        yield person.id, person.place
        for placing in person.placed:
            yield from ((lead, placing.place) for lead in placing.leads or ())


def _topics(topics: Topics | None) -> Iterator[str]:
    for _, names in topics.lists if topics else ():
        yield from names


def _rooms(program: Program) -> _Texts:
    yield from ((track.room, track.place) for track in program.tracks)
    yield from ((activity.room, activity.place) for activity in program.activities)
    yield from ((addition.activity.room, addition.place) for addition in program.additions)
    yield from ((edit.room or "", place) for edit, place in _edits(program))


def _remarks(program: Program) -> _Texts:
    """Yields the notes and reasons of a program."""
    yield from ((activity.notes, activity.place) for activity in program.activities)
    yield from ((addition.activity.notes, addition.place) for addition in program.additions)
    yield from ((edit.notes or "", place) for edit, place in _edits(program))
    yield from ((line.why, line.place) for line in program.closures)
    yield from ((line.why, line.place) for line in program.on_changes)
    yield from ((line.why, line.place) for line in program.from_changes)
    yield from ((line.why, line.place) for line in program.additions)


def _edits(program: Program) -> Iterator[tuple[Edit, Place]]:
    for phase in program.phases:
        yield from ((override.edit, override.place) for override in phase.overrides)
    yield from ((change.edit, change.place) for change in program.on_changes)
    yield from ((change.edit, change.place) for change in program.from_changes)
