"""Time zones whose clocks other calendars may not know."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.expand import Expansion
from iopcal.model import Program
from iopcal.problems import Problem
from iopcal.targets.zone_problems import zone_problems


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns of a zone that must be written in UTC, and of zone data on this computer that is out of date."""
    if expansion.sessions:
        first = min(session.real.start for session in expansion.sessions).date()
        last = max(session.real.end for session in expansion.sessions).date()
        yield from zone_problems(program.zone, first, last, program.zone_place)
