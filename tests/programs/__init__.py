"""Random valid program files: one for each seed, the same everywhere."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from tests.programs import words
from tests.programs.changes import additions, day_changes, later_changes
from tests.programs.closures import closures
from tests.programs.draft import frame
from tests.programs.overrides import phase_sessions
from tests.programs.rows import rows
from tests.programs.slots import certain, slots
from tests.programs.spelling import document

MOST = 300  # sessions of a program before closures and changes
FEWEST = 4


@lru_cache(maxsize=512)
def random_program(seed: int) -> str:
    """Returns the text of a program file that `check` nearly always accepts, about 70 sessions long.

    Over some hundred seeds every key and form of the language occurs that needs no second file.
    """
    rng = Random(seed)
    zone = words.ZONES[seed % len(words.ZONES)]
    wanted = rng.choice([20, 30, 45, 70, 100, 160])
    text = ""
    while not text:
        text = attempt(rng, zone, wanted)
    return text


def attempt(rng: Random, zone: str, wanted: int) -> str:
    """Returns a program, or no text when it came out too large, nearly empty or with days past midnight."""
    number = rng.choice([1, 2, 3, 3, 4, 4, 5, 6])
    plan = frame(rng, zone, number, wanted)
    timetable = rows(rng, plan, number)
    keys = dict(plan.keys)
    keys["sessions"] = [row.keys for row in timetable]
    keys["phases"] = [stage.keys | phase_sessions(rng, plan, stage, timetable) for stage in plan.stages]
    try:
        planned = slots(keys, timetable)
    except ValueError:
        return ""
    if not FEWEST <= len(planned) <= MOST:
        return ""
    planned = certain(keys, planned)
    changes = later_changes(rng, plan, timetable, planned)
    if closed := closures(rng, plan, planned):
        keys["closed"] = closed
    if changes:
        keys["changes"] = changes
    if closed or changes:
        planned = certain(keys, slots(keys, timetable))
    changes += day_changes(rng, plan, planned) + additions(rng, plan, planned)
    if changes:
        rng.shuffle(changes)
        keys["changes"] = changes
    return document(rng, keys)
