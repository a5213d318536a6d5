"""Texts: names, ids, notes, links, phone numbers, and words out of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence as Words

from iopcal.language.fields import Value, list_of, scalar
from iopcal.language.frequency import both_readings
from iopcal.language.report import Report, meant, shown
from iopcal.problems import nearest
from iopcal.source import Node, Scalar

NAME_LENGTH, NOTES_LENGTH, ID_LENGTH, LINK_LENGTH = 200, 4000, 64, 1000
_ANY_TEXT = ["string", "number", "boolean"]  # a name may look like a number: texts are texts


def text_of(node: Node, report: Report, wanted: str, most: int, lines: bool = False) -> Scalar | None:
    """Reads a text of at most `most` characters; a line break is good only with `lines`."""
    found = scalar(node, report, wanted)
    if found is None:
        return None
    text = found.text.strip()
    if len(text) > most:
        message = f"the text has {len(text):,} characters, more than the {most:,} allowed here"
        report.error(found.place, "IOP153", message, "shorten it")
        return None
    if "\n" in text and not lines:
        report.error(
            found.place,
            "IOP154",
            "the text has more than one line",
            "write it in one line; only 'notes' has several",
        )
        return None
    if "<" in text or "&" in text or "](" in text:
        from iopcal.lint.text import markup

        piece = markup(text)
        if piece:
            message = f"{shown(piece)} is markup, which some calendars would show and others obey"
            report.error(found.place, "IOP159", message, "write plain text; put a link under 'link'")
            return None
    return found if text == found.text else found._replace(text=text)


def text(wanted: str, most: int = NAME_LENGTH, lines: bool = False) -> Value[str]:
    """Returns the value that is a text; `wanted` names it in messages ('an address')."""

    def read(node: Node, report: Report) -> str | None:
        found = text_of(node, report, wanted, most, lines)
        return None if found is None else found.text

    return Value(read, {"type": _ANY_TEXT, "maxLength": most})


def list_texts(wanted: str, plural: str) -> Value[tuple[str, ...]]:
    """Returns the value that is a list of texts as long as a name, or a single one."""
    return list_of(text(wanted), plural)


def named(wanted: str) -> Value[Scalar]:
    """Returns the value that is a name, kept with its place: it is looked up later or must be unique."""

    def read(node: Node, report: Report) -> Scalar | None:
        return text_of(node, report, wanted, NAME_LENGTH)

    return Value(read, {"type": _ANY_TEXT, "maxLength": NAME_LENGTH})


def choice(words: Words[str], noun: str) -> Value[str]:
    """Returns the value that is one of `words`; `noun` names it in messages ('a kind of session')."""

    def read(node: Node, report: Report) -> str | None:
        found = scalar(node, report, noun)
        if found is None:
            return None
        if found.text in words:
            return found.text
        near = nearest(found.text, words)
        alike = near if near[:1] == found.text[:1].casefold() else ""  # 'therapy' is no 'other'
        hint = both_readings(found.text) or meant(alike, one_of(words))
        report.error(found.place, "IOP150", f"{shown(found.text)} is not {noun}", hint)
        return None

    return Value(read, {"enum": list(words)})


def one_of(words: Words[str]) -> str:
    """Returns the hint that lists the words to choose from."""
    return f"it is one of {', '.join(words)}" if len(words) > 1 else f"write '{words[0]}', or remove the key"


def id_of(found: Scalar, report: Report) -> str | None:
    """Reads an id: letters and digits of any script, and '-', '_' and '.' after the first."""
    if len(found.text) > ID_LENGTH:
        message = f"the id has {len(found.text):,} characters, more than the {ID_LENGTH} allowed"
        report.error(found.place, "IOP108", message, "shorten it")
        return None
    if not re.fullmatch(r"[^\W_][\w.-]*", found.text):
        from iopcal.language.references import slug

        hint = meant(slug(found.text), "ids are made of letters, digits and '-'")
        report.error(found.place, "IOP108", f"{shown(found.text)} is not an id", hint)
        return None
    return found.text


def _read_id(node: Node, report: Report) -> Scalar | None:
    found = scalar(node, report, "an id")
    return found if found is not None and id_of(found, report) is not None else None


def _read_program_id(node: Node, report: Report) -> str | None:
    found = scalar(node, report, "an id")
    if found is None or id_of(found, report) is None:
        return None
    if not re.fullmatch("[a-z0-9][a-z0-9-]*", found.text):
        from iopcal.language.references import slug

        choice = re.sub("[^a-z0-9]+", "-", slug(found.text)).strip("-")
        hint = meant(choice, "the id of a program is made of a-z, 0-9 and '-'")
        report.error(found.place, "IOP108", f"{shown(found.text)} is not the id of a program", hint)
        return None
    return found.text


def _read_link(node: Node, report: Report) -> str | None:
    found = text_of(node, report, "a link", LINK_LENGTH)
    if found is None:
        return None
    link = found.text
    match = re.fullmatch(r"(?i)(https?)://([^\s/?#]+)([/?#]\S*)?", link)
    if match and "@" not in match[2]:
        return link
    message, hint = f"{shown(link)} is not a link", "links begin with https:// or http://"
    if match:
        message = f"{shown(link)} carries a user name"
        hint = meant(f"{match[1]}://{match[2].rpartition('@')[2]}{match[3] or ''}")
    elif re.search(r"\s", link):
        message = f"{shown(link)} has a space in it"
        hint = "write %20 for a space inside a link"
    elif re.fullmatch(r"[\w-]+(\.[\w-]+)+(:[0-9]+)?([/?#]\S*)?", link):
        hint = meant(f"https://{link}")
    report.error(found.place, "IOP151", message, hint)
    return None


def _read_phone(node: Node, report: Report) -> str | None:
    found = text_of(node, report, "a phone number", NAME_LENGTH)
    if found is None:
        return None
    if not re.fullmatch("[0-9 +().x-]*[0-9][0-9 +().x-]*", found.text):
        hint = "phone numbers are digits, spaces and + ( ) - . x, such as +1 312 555 0100 x2"
        report.error(found.place, "IOP152", f"{shown(found.text)} is not a phone number", hint)
        return None
    return found.text


NAME = named("a name")
TITLE = text("a title")
NOTES = text("notes", NOTES_LENGTH, lines=True)
ADDRESS = text("an address or a room")
WHY = text("a reason")
ROOM = text("a room")
LEADS = list_texts("the name of a leader", "leaders")
NAMES = list_of(NAME, "names")
ID: Value[Scalar] = Value(
    _read_id, {"type": _ANY_TEXT, "maxLength": ID_LENGTH, "pattern": r"^[^\s/\\:]+$"}, "id"
)
PROGRAM_ID: Value[str] = Value(
    _read_program_id, {"type": _ANY_TEXT, "maxLength": ID_LENGTH, "pattern": "^[a-z0-9][a-z0-9-]*$"}
)
LINK: Value[str] = Value(
    _read_link,
    {
        "type": "string",
        "maxLength": LINK_LENGTH,
        "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@]+([/?#]\S*)?$",
    },
    "link",
)
PHONE: Value[str] = Value(_read_phone, {"type": ["string", "integer"], "pattern": "^[0-9 +().x-]+$"}, "phone")
