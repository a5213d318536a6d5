"""Changes of a random program, in every form: from a day on, on single days, and added sessions."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.programs import words
from tests.programs.closures import limits
from tests.programs.draft import Frame, capacity, chance, place_keys
from tests.programs.overrides import named
from tests.programs.rows import EARLIEST, Row, name_of
from tests.programs.slots import Slot, identity, pick
from tests.programs.spelling import WEEKDAYS, Value, clock, clock_range, dates, one_or_list, weekdays, yes

MIDNIGHT = 24 * 60
LATER = (
    "at",
    "at",
    "minutes",
    "days",
    "every",
    "lead",
    "room",
    "name",
    "cancel",
    "location",
    "link",
    "notes",
)
ON_DAYS = (
    "cancel",
    "cancel",
    "to",
    "to",
    "at",
    "minutes",
    "lead",
    "room",
    "location",
    "link",
    "name",
    "notes",
)


def later_changes(rng: Random, frame: Frame, rows: list[Row], planned: list[Slot]) -> list[Value]:
    """Returns up to two changes from a day on, each of a session that is planned on or after that day."""
    lines: list[Value] = []
    taken = set()
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        slot = pick(rng, planned, len(planned) // 4)
        if slot is None or slot.row.named in taken:
            continue
        taken.add(slot.row.named)
        first = slot.day - timedelta(days=rng.choice([0, 0, 1, 3]))
        line: dict[str, Value] = {"from": str(first), "session": named(rng, slot.row)}
        anchor = slot.row is rows[0]
        fitting = [
            key
            for key in LATER
            if not (anchor and key in ("days", "every", "cancel"))
            and not ("monthly" in slot.row.keys and key in ("days", "every"))
        ]
        for key in dict.fromkeys(rng.sample(fitting, rng.choice([1, 1, 2]))):
            line |= edited(rng, frame, slot, key)
        if "-" in line.get("at", ""):  # a range of time says the length itself
            line.pop("minutes", None)
        if "cancel" in line:
            line = {key: line[key] for key in ("from", "session", "cancel")}
        if chance(rng, 0.2):
            line["why"] = rng.choice(words.REASONS)
        lines.append(line | limits(rng, frame, slot))
    return lines


def day_changes(rng: Random, frame: Frame, planned: list[Slot]) -> list[Value]:
    """Returns up to five changes on single days, each of a session that is planned for that day."""
    lines: list[Value] = []
    taken: set[tuple[date, str]] = set()
    for _ in range(rng.choice([0, 1, 2, 3, 5])):
        slot = pick(rng, planned)
        if slot is None:
            continue
        key = rng.choice(ON_DAYS)
        days = {slot.day}
        if key != "to" and chance(rng, 0.15):
            days = {slot.day + timedelta(days=step) for step in range(rng.randint(2, 9))}
        if any((day, slot.row.named) in taken for day in days):
            continue
        taken |= {(day, slot.row.named) for day in days}
        line: dict[str, Value] = {"on": dates(min(days), max(days)), "session": named(rng, slot.row)}
        line |= edited(rng, frame, slot, key)
        if key == "to" and chance(rng, 0.4):
            line |= edited(rng, frame, slot, "at")
        elif key not in ("cancel", "at", "minutes") and chance(rng, 0.2):
            line |= edited(rng, frame, slot, rng.choice(["lead", "room"]))
        if chance(rng, 0.4):
            line["why"] = rng.choice(words.REASONS)
        lines.append(line | limits(rng, frame, slot))
    return lines


def edited(rng: Random, frame: Frame, slot: Slot, key: str) -> dict[str, Value]:
    """Returns a key with its new value."""
    if key == "cancel":
        return {"cancel": yes(rng)}
    if key == "to":
        return {"to": str(slot.day + timedelta(days=rng.choice([-7, -2, -1, 1, 1, 2, 3, 7, 10])))}
    if key == "at":
        return {"at": new_time(rng, frame, slot)}
    if key == "minutes":
        return {"minutes": str(min(MIDNIGHT - slot.start, rng.choice([20, 30, 40, 55, 75])))}
    if key == "days":
        own = slot.day.weekday()
        other = rng.choice([day for strand in frame.strands for day in strand.days])
        if chance(rng, 0.3):
            return {"days": f"any {WEEKDAYS[own]}"}
        return {"days": weekdays(rng, sorted({own, other}))}
    if key == "every":
        return {"every": "2"}
    pools = {
        "lead": words.PEOPLE, "room": words.ROOMS, "location": words.PLACES, "link": words.LINKS,
        "name": words.ADDED, "notes": words.NOTES,
    }  # fmt: skip
    return {key: rng.choice(pools[key])}


def new_time(rng: Random, frame: Frame, slot: Slot) -> Value:
    """Returns another time: one, a range, or one for the track."""
    start = rng.randrange(EARLIEST, max(EARLIEST + 5, min(20 * 60, MIDNIGHT - slot.minutes - 120)), 5)
    if slot.track and chance(rng, 0.3):
        return {name_of(rng, frame, slot.track): clock(rng, start)}
    if chance(rng, 0.15):
        return clock_range(rng, start, rng.choice([20, 45, 70]))
    return clock(rng, start)


def additions(rng: Random, frame: Frame, planned: list[Slot]) -> list[Value]:
    """Returns up to two added sessions, each on a day or days on which a path is under way."""
    lines: list[Value] = []
    for name in rng.sample(words.ADDED, rng.choice([0, 0, 0, 1, 1, 2])):
        slot = pick(rng, planned)
        if slot is None:
            continue
        last = slot.day + timedelta(days=rng.choice([0, 0, 0, 0, 1, 6]))
        start, minutes = rng.randrange(EARLIEST, 20 * 60, 5), rng.choice([30, 60, 90, 120])
        line: dict[str, Value] = {"on": dates(slot.day, last), "add": name}
        if chance(rng, 0.3):
            line["at"] = clock_range(rng, start, minutes)
        else:
            line |= {"at": clock(rng, start), "minutes": str(minutes)}
        line |= added_keys(rng)
        if chance(rng, 0.15):
            stage = next(stage for stage in frame.stages if slot.phase == identity(stage.keys))
            line["phases"] = one_or_list(rng, [stage.named])
        if chance(rng, 0.2):
            line["why"] = rng.choice(words.REASONS)
        lines.append(line | limits(rng, frame, slot))
    return lines


def added_keys(rng: Random) -> dict[str, Value]:
    """Returns keys of an added session that do not say when it is."""
    keys: dict[str, Value] = {}
    if chance(rng, 0.15):
        keys["id"] = f"a{rng.randrange(10**5)}"
    if chance(rng, 0.4):
        keys["kind"] = rng.choice(["other", "family", "group", "meal", "staffing"])
    if chance(rng, 0.2):
        keys["optional"] = yes(rng)
    if chance(rng, 0.15):
        keys["counts"] = rng.choice(["true", "false"])
    if chance(rng, 0.15):
        keys["publish"] = rng.choice(["all", "staff", "never"])
    if chance(rng, 0.2):
        keys["lead"] = rng.choice(words.PEOPLE)
    if chance(rng, 0.1):
        keys["capacity"] = capacity(rng)
    if chance(rng, 0.15):
        keys["notes"] = rng.choice(words.NOTES)
    return keys | place_keys(rng, 0.15)
