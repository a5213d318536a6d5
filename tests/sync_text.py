"""Small sync files for tests, and the way from their text to a `Sync` or to problems in words."""

from __future__ import annotations

from collections.abc import Iterable

from jsonschema import Draft202012Validator

from iopcal.language import sync_schema
from iopcal.language.sync import read_sync
from iopcal.model.sync import Sync
from iopcal.problems import Problem, has_errors
from iopcal.source import SYNC, Mapping, read
from tests.program_text import plain

FILE = "sync.yaml"
CLINIC = "c_2f0a91@group.calendar.google.com"
SMALL = {
    "iopcal-sync": "1",
    "programs": "[evening.yaml]",
    "credentials": "{clinic: {kind: service-account, file: secrets/clinic.json}}",
    "targets": ["{name: staff, kind: google, credentials: clinic, calendars: {a/program: c_1}}"],
}


def sync_text(**keys: object) -> str:
    """Returns a sync file of four keys, one a line, with `keys` in their place or after them.

    A list becomes lines that begin with '  - '; None leaves the key out; `iopcal_sync` is `iopcal-sync`.
    """
    lines = []
    given = {key.replace("_", "-") if key == "iopcal_sync" else key: value for key, value in keys.items()}
    for key, value in {**SMALL, **given}.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {item}" for item in value)]
        elif value is not None:
            lines.append(f"{key}: {value}")
    return "\n".join(lines) + "\n"


def read_text(
    text: str, missing: Iterable[str] = (), home: str = "/home/ann"
) -> tuple[Sync | None, list[Problem]]:
    """Reads a sync file in the folder `site`, where every pattern but those `missing` finds its file.

    A `*` in a pattern finds `one` and `two`. Without a `home`, paths with `~` lead nowhere.
    """

    def match(pattern: str) -> tuple[str, ...]:
        words = ("one", "two") if "*" in pattern else ("",)
        return () if pattern in missing else tuple(f"site/{pattern.replace('*', word)}" for word in words)

    def beside(path: str) -> str:
        if path.startswith("~"):
            return f"{home}{path[1:]}" if home else ""
        return path if path.startswith("/") else f"site/{path}"

    node, problems = read(text.encode(), FILE, SYNC)
    if node is None:
        return None, list(problems)
    sync, found = read_sync(node, match, beside)
    return None if has_errors(problems) else sync, sorted(problems + found)


def sync_of(text: str) -> Sync:
    """Returns what a sync file without problems says, which fits the schema as well."""
    sync, problems = read_text(text)
    assert problems == []
    assert sync is not None
    assert objections(text) == []
    return sync


def problems_in(text: str, missing: Iterable[str] = (), home: str = "/home/ann") -> list[str]:
    """Returns each problem as `line:column CODE message | hint`; a warning's code carries a 'w'.

    Nothing comes of a file with an error.
    """
    sync, problems = read_text(text, missing, home)
    assert (sync is None) == has_errors(problems)
    found = []
    for each in problems:
        mark = "w" if each.severity == "warning" else ""
        hint = f" | {each.hint}" if each.hint else ""
        found.append(f"{each.place.line}:{each.place.column} {each.code}{mark} {each.message}{hint}")
    return found


def objections(text: str) -> list[str]:
    """Returns what the schema has against a sync file."""
    node, problems = read(text.encode(), FILE, SYNC)
    assert problems == ()
    assert isinstance(node, Mapping)
    return [error.message for error in Draft202012Validator(sync_schema()).iter_errors(plain(node))]
