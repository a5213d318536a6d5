"""A user's mistake as a value: what is wrong, where, and what to write instead. Many at once."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from iopcal.model import NOWHERE, Place
from iopcal.named_tuple import NamedTuple


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    PARTLY = 3
    REFUSED = 4
    CREDENTIALS = 5
    LEFT_ALONE = 6
    CHANGES = 7
    BUG = 70
    LATER = 75


class Problem(NamedTuple):
    """One mistake in the user's files.

    `message` is one sentence without a full stop, with the value seen; `hint` says what to write instead.
    `others` are further places it speaks of (the first of a key given twice).
    """

    place: Place
    code: str  # IOP101
    message: str
    hint: str = ""
    severity: str = "error"  # or "warning", or "refused" for what is unsafe
    others: tuple[Place, ...] = ()


def has_errors(problems: Iterable[Problem]) -> bool:
    """Says whether any of the problems is an error rather than a warning."""
    return any(problem.severity == "error" for problem in problems)


def nearest(word: str, choices: Iterable[str]) -> str:
    """Returns the choice that `word` was probably meant to be, or ''."""
    from difflib import get_close_matches

    folded = {choice.casefold(): choice for choice in choices}
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


__all__ = ["NOWHERE", "Exit", "Place", "Problem", "has_errors", "nearest"]
