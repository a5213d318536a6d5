"""A random program with rolling admission, made of the parts of any random program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from tests import oracle
from tests.oracle.load import load
from tests.programs import words
from tests.programs.changes import additions, day_changes, later_changes
from tests.programs.closures import closures
from tests.programs.draft import Frame, Run, Stage, capacity, chance, frame
from tests.programs.overrides import named, phase_sessions
from tests.programs.rows import Row, curriculum, rows, started
from tests.programs.slots import Slot, identity, slots
from tests.programs.spelling import WEEKDAYS, Value, clock, document, yes
from tests.rosters.sound import is_sound

MOST, FEWEST = 700, 40  # sessions of the group
UNTIL_SAID = 0.75


def attempt(rng: Random, zone: str) -> str:
    """Returns a rolling program, or no text when it came out too large, nearly empty or unsound."""
    number = rng.choice([1, 2, 2, 3, 3, 4])
    plan = rolling(rng, frame(rng, zone, number, rng.choice([30, 45, 70, 100])))
    timetable = [fitting(row) for row in rows(rng, plan, number)]
    timetable += personal(rng, plan)
    keys = dict(plan.keys)
    keys["sessions"] = [row.keys for row in timetable]
    keys["phases"] = [
        stage.keys | without_times(phase_sessions(rng, plan, stage, timetable), timetable)
        for stage in plan.stages
    ]
    says_until = chance(rng, UNTIL_SAID)
    first = date.fromisoformat(str(keys["starts"]))
    last = first + timedelta(days=7 * plan.weeks + rng.randint(20, 90) if says_until else 210)
    keys["until"] = str(last)
    planned = group_slots(rng, keys, timetable, plan)
    if not FEWEST <= len(planned) <= MOST:
        return ""
    # In this order each line still finds what it is for.
    changes = later_changes(rng, plan, timetable, planned)
    put(keys, "changes", changes)
    planned = group_slots(rng, keys, timetable, plan)
    put(keys, "closed", closures(rng, plan, planned))
    planned = group_slots(rng, keys, timetable, plan)
    changes += day_changes(rng, plan, planned) + additions(rng, plan, planned)
    changes += personal_changes(rng, timetable, planned)
    rng.shuffle(changes)
    put(keys, "changes", changes)
    if not says_until:
        del keys["until"]
    text = document(rng, keys)
    zone_info = load(text).zone
    group = oracle.expand(text, first + timedelta(days=20))
    return text if all(is_sound(one.start, one.minutes, zone_info) for one in group) else ""


def put(keys: dict[str, Value], key: str, lines: Sequence[Value]) -> None:
    """Adds a list where it is not empty."""
    if lines:
        keys[key] = lines


def rolling(rng: Random, plan: Frame) -> Frame:
    """Returns a frame without cohorts; its last phase may have no length."""
    keys: dict[str, Value] = {}
    for key, value in plan.keys.items():
        if key not in ("cohorts", "admission"):
            keys[key] = value
        if key == "starts":
            keys["admission"] = "rolling"
    stages = list(plan.stages)
    last: Stage = stages[-1]
    if "->" not in last.keys.get("days", "") and chance(rng, 0.5):
        without = {key: value for key, value in last.keys.items() if key not in ("weeks", "visits", "until")}
        stages[-1] = last._replace(keys=without)
    every = tuple(strand.id for strand in plan.strands)
    first = date.fromisoformat(str(keys["starts"]))
    return plan._replace(keys=keys, stages=tuple(stages), runs=(Run("", first, every),))


def fitting(row: Row) -> Row:
    """Lets a session of certain visits have a time of its own, as it stands outside the order of the day."""
    keys = row.keys
    if "visits" in keys and ("one_of" in keys or not isinstance(keys.get("at"), str)):
        del keys["visits"]
    if "visits" in keys:
        keys.pop("every", None)
    return row


def personal(rng: Random, plan: Frame) -> list[Row]:
    """Returns sessions that participants place, and ones that they may place elsewhere."""
    found = []
    if chance(rng, 0.7):
        row = started(rng, "Individual hour", "individual", rng.choice([45, 50, 60]))
        if chance(rng, 0.4):
            stages = [stage.named for stage in plan.stages if chance(rng, 0.6)]
            row.keys["every"] = {stage: str(rng.choice([2, 4])) for stage in stages} if stages else "2"
        if chance(rng, 0.3):
            row.keys.update(curriculum(rng, plan))
        if chance(rng, 0.3):
            row.keys[rng.choice(["weeks", "times"])] = str(rng.randint(2, 6))
            if "weeks" in row.keys:
                row.keys["weeks"] = f"{row.keys['weeks']}-"
        found.append(row)
    if chance(rng, 0.5):
        row = started(rng, "Own hour", rng.choice(["individual", "family"]), rng.choice([40, 50]))
        day = WEEKDAYS[rng.choice(plan.strands[0].days)]
        row.keys["days"] = rng.choice([f"any {day}", f"any {day}", day])
        row.keys["at"] = clock(rng, rng.randrange(8 * 60, 19 * 60, 10))
        if chance(rng, 0.3):
            row.keys.update(curriculum(rng, plan))
        if chance(rng, 0.3):
            row.keys["every"] = "2"
        if chance(rng, 0.2):
            row.keys["capacity"] = capacity(rng)
        found.append(row)
    if chance(rng, 0.3):
        row = started(rng, "Welcome talk", "individual", 30)
        row.keys["at"] = clock(rng, 7 * 60 + 15)
        row.keys["visits"] = rng.choice(["1", "2-3", "4-", ["1", "5"]])
        if chance(rng, 0.4):
            row.keys["topics"] = rng.sample(words.TOPICS, 2)
        found.append(row)
    return found


def without_times(keys: dict[str, Value], timetable: Sequence[Row]) -> dict[str, Value]:
    """Returns the `sessions` of a phase as a rolling program may have them: no `at`, no `minutes`."""
    edits: Any = keys.get("sessions")
    if not isinstance(edits, Mapping):
        return keys
    kept: dict[str, Value] = {}
    for name, value in edits.items():
        row: Any = next(row for row in timetable if is_named(row, name))
        fixed = {"at", "minutes"}
        if "visits" in row.keys:
            fixed.add("every")
        if (
            row.keys.get("kind") in ("individual", "family")
            and not {"days", "at", "monthly"} & row.keys.keys()
        ):
            fixed.add("days")  # who has it says when
        left = {key: one for key, one in value.items() if key not in fixed}
        if left:
            kept[name] = left
    return {"sessions": kept} if kept else {}


def is_named(row: Row, name: str) -> bool:
    """Says whether a word names the row."""
    return name in (row.named, row.keys["name"]) or name == str(row.keys["name"]).lower()


def group_slots(rng: Random, keys: dict[str, Value], timetable: list[Row], plan: Frame) -> list[Slot]:
    """Returns what the group plans; each slot names some phase, as the group has none."""
    stages = [identity(stage.keys) for stage in plan.stages]
    return [slot._replace(phase=rng.choice(stages)) for slot in slots(keys, timetable)]


def personal_changes(rng: Random, timetable: Sequence[Row], planned: Sequence[Slot]) -> list[Value]:
    """Returns changes of sessions that only participants have: they hold for all who have one that day."""
    lines: list[Value] = []
    for row in timetable:
        if row.keys["name"] not in ("Individual hour", "Own hour", "Welcome talk") or not planned:
            continue
        # What the group has too may be changed by another line already.
        if row.keys["name"] != "Own hour" and chance(rng, 0.5):
            day = rng.choice(planned).day
            line: dict[str, Value] = {"on": str(day), "session": named(rng, row)}
            line |= rng.choice(
                [{"cancel": yes(rng)}, {"to": str(day + timedelta(days=rng.randint(1, 6)))}, {"at": "13:30"}]
            )
            lines.append(line)
        if row.keys["name"] == "Individual hour" and chance(rng, 0.4):
            later: dict[str, Value] = {"from": str(rng.choice(planned).day), "session": named(rng, row)}
            to_all: dict[str, Value] = {"days": f"any {rng.choice(WEEKDAYS)}", "at": "8:10"}
            later |= rng.choice([{"minutes": "35"}, {"name": "Short hour"}, {"cancel": yes(rng)}, to_all])
            lines.append(later)
    return lines
