"""Objections to a sound program: one file an objection, each with `check(program, expansion)`.

Adding a file adds a check. What they find are warnings: the program can be published. But for telling words
in what nobody may read anything from: they are errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from iopcal.expand import Expansion
from iopcal.model import Program
from iopcal.problems import Problem


def check(program: Program, expansion: Expansion) -> tuple[Problem, ...]:
    """Returns what all checks object to."""
    return tuple(problem for name in names() for problem in _found(name, program, expansion))


def _found(name: str, program: Program, expansion: Expansion) -> Iterator[Problem]:
    problems: Iterator[Problem] = import_module(f"{__name__}.{name}").check(program, expansion)
    return problems


def names() -> tuple[str, ...]:
    """Returns the names of all checks, sorted."""
    return tuple(sorted(file.stem for file in Path(__file__).parent.glob("*.py") if file.stem != "__init__"))
