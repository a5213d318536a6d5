"""How `a -> b` thins out: one file a rule, each a pure function to one whole number a week.

A rule is a module of this folder with `days(first, last, weeks) -> tuple[int, ...]`, one number of treatment
days for each of `weeks` weeks. Adding a file adds a rule.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path


@cache
def rules() -> tuple[str, ...]:
    """Returns the names of all taper rules, sorted."""
    here = Path(__file__).parent
    return tuple(sorted(file.stem for file in here.glob("*.py") if not file.stem.startswith("_")))


def days_per_week(rule: str, first: int, last: int, weeks: int) -> tuple[int, ...]:
    """Returns the treatment days of each of `weeks` weeks, from `first` to `last` by `rule`."""
    numbers: tuple[int, ...] = import_module(f"{__name__}.{rule}").days(first, last, weeks)
    return numbers
