"""Titles, addresses and links that would tell what a discreet or busy calendar is about."""

from __future__ import annotations

from collections.abc import Iterable

from iopcal.expand import Expansion
from iopcal.model import Program
from iopcal.problems import Problem


def check(program: Program, expansion: Expansion) -> Iterable[Problem]:
    """Reports each telling word of what a discreet or busy feed would show, at its place (IOP612)."""
    if not any(rule.low and rule.place.line for rule in program.feeds):
        return ()
    from iopcal.tales import foreseen

    return foreseen(program, expansion.sessions)
