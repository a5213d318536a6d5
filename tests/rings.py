"""What only the release ring takes tests with: thousands of values, and nothing where it is left out.

To collect as many tests and then not run them would take each process ten seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import pytest

Value = TypeVar("Value")
_left_out: set[str] = set()


def leave_out(expression: str) -> None:
    """Takes note of the `-m` of the command line before any test is collected."""
    if expression == "not long":
        _left_out.add("long")


def at_length(values: Iterable[Value]) -> list[Value]:
    """Returns values for a test that is marked as long."""
    return [] if _left_out else list(values)


def further(values: Iterable[object], ids: Iterable[str]) -> list[object]:
    """Returns further values, each marked as long, for a test that is run by default with a few."""
    pairs = zip(at_length(values), ids, strict=False)
    return [pytest.param(value, id=name, marks=pytest.mark.long) for value, name in pairs]
