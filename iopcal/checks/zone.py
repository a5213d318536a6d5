"""Time zones whose clocks other calendars may not know."""

from __future__ import annotations

from collections.abc import Iterator

from iopcal.expand import Expansion
from iopcal.model import Program
from iopcal.problems import Problem
from iopcal.targets.vtimezone import objection, packaged_zone_data_differs
from iopcal.words import day_words


def check(program: Program, expansion: Expansion) -> Iterator[Problem]:
    """Warns of a zone that must be written in UTC, and of zone data on this computer that is out of date."""
    if not expansion.sessions:
        return
    first = min(session.real.start for session in expansion.sessions).date()
    last = max(session.real.end for session in expansion.sessions).date()
    found = objection(program.zone, first, last)
    if found is not None:
        why = (
            "have no yearly rule that calendars share"
            if found.settled
            else "were changed by law lately, and calendars with older tables would be wrong"
        )
        message = f"the clocks of {program.zone} around {day_words(found.day)} {why}"
        hint = "its calendars are written as single events in UTC, right in every reader"
        yield Problem(program.place, "IOP213", message, hint, "warning")
    differs = packaged_zone_data_differs(program.zone, first, last)
    if differs is not None:
        message = (
            f"this computer's time zone data ({differs.installed}) is older than {differs.packaged} and "
            f"differs for {program.zone} from {day_words(differs.day)}"
        )
        hint = "update the computer, or run with PYTHONTZPATH= (empty) to use the newer data"
        yield Problem(program.place, "IOP214", message, hint, "warning")
