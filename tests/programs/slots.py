"""When a program as far as it is written meets, so that closures and changes can be put on such days."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests import oracle
from tests.oracle.words import slug
from tests.programs.rows import Row
from tests.programs.spelling import Value


class Slot(NamedTuple):
    """One planned session, as it stands before the lines that are still to be written."""

    day: date
    start: int
    minutes: int
    cohort: str  # '' where the program names none
    track: str
    phase: str
    row: Row


def slots(keys: dict[str, Value], rows: list[Row]) -> list[Slot]:
    """Returns the planned sessions of a program, by day; moved and cancelled ones are left out.

    Public holidays are not asked for, so that the text of a program does not hang on the edition of their
    library: `certain` says which of these slots they cannot put off.

    Raises ValueError where the order of a day reaches past midnight.
    """
    zone = ZoneInfo(str(keys["timezone"]))
    by_id = {identity(row.keys): row for row in rows}
    text = json.dumps({key: keys[key] for key in keys if key != "holidays"}, ensure_ascii=False)
    found = []
    for one in oracle.expand(text):
        row = by_id.get(one.session)
        if row is None or one.status != "confirmed":
            continue
        wall = one.start.astimezone(zone)
        cohort, track = (name if name != "-" else "" for name in (one.cohort, one.track))
        start = wall.hour * 60 + wall.minute
        found.append(Slot(wall.date(), start, one.minutes, cohort, track, one.phase, row))
    return sorted(found, key=lambda slot: (slot.day, slot.start, slot.cohort, slot.track, slot.row.named))


def certain(keys: dict[str, Value], planned: list[Slot]) -> list[Slot]:
    """Returns the slots that are planned for their day whatever the public holidays are."""
    if "holidays" not in keys:
        return planned
    phases = before_a_shift(keys)
    return [
        slot for slot in planned if slot.phase in phases and not {"times", "visits"} & slot.row.keys.keys()
    ]


def identity(keys: Any) -> str:
    """Returns the id of a session or phase."""
    return str(keys.get("id") or slug(str(keys["name"])))


def before_a_shift(keys: Any) -> set[str]:
    """Returns the phases whose days no public holiday can put off."""
    found = set()
    extended = any(isinstance(line, dict) and "extend" in line for line in keys.get("closed", ()))
    for phase in keys["phases"]:
        found.add(identity(phase))
        if "visits" in phase or extended:
            break
    return found


def pick(rng: Random, planned: list[Slot], skip: int = 0) -> Slot | None:
    """Returns one slot, the first `skip` left out; None when there is none."""
    return rng.choice(planned[skip:]) if len(planned) > skip else None
