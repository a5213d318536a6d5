"""What a user should know about the zone of a program and the computer's time zone data."""

from __future__ import annotations

from datetime import date

from iopcal.model import Place
from iopcal.problems import Problem
from iopcal.targets.vtimezone import objection, packaged_zone_data_differs


def zone_problems(zone: str, first: date, last: date, place: Place) -> tuple[Problem, ...]:
    """Returns warnings about sessions on the local dates from `first` to `last`; `place` is the zone's."""
    found = (_written_in_utc(zone, first, last, place), _data_is_old(zone, first, last, place))
    return tuple(problem for problem in found if problem is not None)


def _written_in_utc(zone: str, first: date, last: date, place: Place) -> Problem | None:
    found = objection(zone, first, last)
    if found is None:
        return None
    cause = f"no yearly rule says that clocks change on {found.day}"
    if not found.settled:
        cause = f"its clocks changed by another rule until {found.day}, which older calendars do not know"
    return Problem(
        place,
        "IOP610",
        f"files give the times of '{zone}' in UTC, one entry a session, because {cause}",
        "nothing to do if the program is there: every calendar shows the right times, some name them UTC",
        "warning",
    )


def _data_is_old(zone: str, first: date, last: date, place: Place) -> Problem | None:
    found = packaged_zone_data_differs(zone, first, last)
    if found is None:
        return None
    return Problem(
        place,
        "IOP611",
        f"this computer's time zone data '{found.installed}' is older than '{found.packaged}' and differs"
        f" for '{zone}' from {found.day} on",
        "update the computer's time zone data (tzdata), or set PYTHONTZPATH= (empty) to use ours",
        "warning",
    )
