"""What a phase says of sessions: a list of the only ones, or a mapping of what it changes."""

from __future__ import annotations

from random import Random

from tests.programs.draft import Frame, Stage, chance
from tests.programs.rows import EARLIEST, LATEST, Row, name_of
from tests.programs.spelling import WEEKDAYS, Value, clock, clock_range, weekdays


def phase_sessions(rng: Random, frame: Frame, stage: Stage, rows: list[Row]) -> dict[str, Value]:
    """Returns the `sessions` key of a phase, or nothing for most phases."""
    if chance(rng, 0.18):
        others = [row for row in rows[1:] if chance(rng, 0.6)]
        needed = stage.sort == "visits" or frame.strands[0].day_starts is None or not others
        chosen = [rows[0], *others] if needed or chance(rng, 0.8) else others
        return {"sessions": [named(rng, row) for row in chosen]}
    mine = [row for row in rows if is_of(row, stage)]
    if chance(rng, 0.35):
        chosen = rng.sample(mine, rng.randint(1, min(2, len(mine))))
        edits = {named(rng, row): override(rng, frame, stage, row, row is rows[0]) for row in chosen}
        return {"sessions": edits}
    return {}


def named(rng: Random, row: Row) -> str:
    """Names a session by its id or its name, at times in other letters."""
    name = str(row.keys["name"])
    return rng.choice([row.named, row.named, name, name.lower() if name.isascii() else name])


def is_of(row: Row, stage: Stage) -> bool:
    """Says whether the row may occur in the phase."""
    phases = row.keys.get("phases", stage.named)
    return stage.named in ([phases] if isinstance(phases, str) else phases)


def override(rng: Random, frame: Frame, stage: Stage, row: Row, anchor: bool) -> Value:
    """Returns one or two keys of a session that are otherwise in this phase."""
    keys: dict[str, Value] = {}
    choices = ["minutes", "minutes", "at"]
    if not anchor and "monthly" not in row.keys:
        choices += ["days", "days", "every"]
    minutes = row.minutes
    for key in sorted({*rng.sample(choices, rng.choice([1, 1, 2]))}, reverse=True):  # `minutes` before `at`
        if key == "minutes":
            minutes = rng.choice([20, 30, 40, 45])
            if "at" not in row.keys or minutes < row.minutes:
                keys["minutes"] = str(minutes)
        elif key == "at":
            start = rng.randrange(EARLIEST, LATEST, 15)
            ids = [strand.id for strand in frame.strands if strand.id]
            keys["at"] = clock(rng, start)
            if "minutes" not in keys and chance(rng, 0.3):
                keys["at"] = clock_range(rng, start, row.minutes)
            if ids and chance(rng, 0.4):
                keys["at"] = {name_of(rng, frame, rng.choice(ids)): clock(rng, start)}
        elif key == "days":
            chosen = sorted(rng.sample(stage.days, rng.randint(1, min(2, len(stage.days)))))
            keys["days"] = f"any {WEEKDAYS[chosen[0]]}" if chance(rng, 0.2) else weekdays(rng, chosen)
        else:
            keys["every"] = "2"
    return keys or {"minutes": str(row.minutes)}
