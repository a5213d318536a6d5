"""Small program files for tests, and the way from their text to a `Program` or to problems in words."""

from __future__ import annotations

import re
from collections.abc import Mapping as Keys
from functools import cache

from jsonschema import Draft202012Validator

from iopcal.language import json_schema, read_list, read_program
from iopcal.language.included import Read
from iopcal.model import Place, Program
from iopcal.problems import Problem, has_errors
from iopcal.source import Mapping, Node, Sequence, read

FILE = "program.yaml"
_SMALL: Keys[str, object] = {
    "program": "Evening IOP",
    "id": "evening-iop",
    "timezone": "America/Chicago",
    "starts": "2027-01-04",
    "day_starts": "17:30",
    "sessions": ["{name: Process group, minutes: 60}"],
    "phases": ["{name: Intensive, weeks: 4}"],
}


def program_text(**keys: object) -> str:
    """Returns a program of seven keys, one a line, with `keys` in their place or after them.

    A list becomes lines that begin with '  - '; None leaves the key out.
    """
    lines = []
    for key, value in {**_SMALL, **keys}.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {item}" for item in value)]
        elif value is not None:
            lines.append(f"{key}: {value}")
    return "\n".join(lines) + "\n"


def read_text(text: str, **beside: str | bytes) -> tuple[Program | None, tuple[Problem, ...]]:
    """Reads a program; `beside` holds the text of files next to it, by name with '_' for '.'."""

    def load(path: str, place: Place, how: Read = read_list, /) -> tuple[Node | None, tuple[Problem, ...]]:
        name = path.replace(".", "_")
        if name not in beside:
            return None, (Problem(place, "IOP900", f"'{path}' is not there"),)
        held = beside[name]
        return how(held.encode() if isinstance(held, str) else held, path)

    node, problems = read(text.encode(), FILE)
    if node is None:
        return None, problems
    program, found = read_program(node, FILE, load)
    return program, tuple(sorted(problems + found))


def program_of(text: str, **beside: str) -> Program:
    """Returns the program of a text without errors, which fits the schema as well."""
    program, problems = read_text(text, **beside)
    assert not has_errors(problems), "\n".join(words_of(problems))
    assert program is not None
    assert objections(text) == []
    return program


def small(**keys: object) -> Program:
    """Returns the program of `program_text(**keys)`."""
    return program_of(program_text(**keys))


def words_of(problems: tuple[Problem, ...]) -> list[str]:
    """Returns each problem as `line:column CODE message | hint`; a warning's code carries a 'w'."""
    found = []
    for each in problems:
        mark = "w" if each.severity == "warning" else ""
        file = "" if each.place.file == FILE else f"{each.place.file}:"
        place = f"{file}{each.place.line}:{each.place.column}"
        found.append(f"{place} {each.code}{mark} {each.message}" + (f" | {each.hint}" if each.hint else ""))
    return found


def problems_in(text: str, **beside: str) -> list[str]:
    """Returns the problems of a text in words."""
    return words_of(read_text(text, **beside)[1])


def plain(node: Node) -> object:
    """Returns what an editor sees: bare words are typed by the core schema of YAML 1.2."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    text = node.text
    if not node.quoted:
        if re.fullmatch("[-+]?[0-9]+", text):
            return int(text)
        if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)", text):
            return float(text)
        if text.casefold() in {"true", "false"} and (text.islower() or text.istitle() or text.isupper()):
            return text.casefold() == "true"
    return text


def objections(text: str) -> list[str]:
    """Returns what the schema has against a program file."""
    node, problems = read(text.encode(), FILE)
    assert node is not None
    assert problems == ()
    return [error.message for error in validator().iter_errors(plain(node))]


@cache
def validator() -> Draft202012Validator:
    """Returns a validator of the schema of program files."""
    return Draft202012Validator(json_schema())
