"""Closed days of a random program, in every form."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.programs import words
from tests.programs.draft import Frame, chance
from tests.programs.rows import name_of
from tests.programs.slots import Slot, pick
from tests.programs.spelling import Value, clock, dates, one_or_list, yes

FORMS = ("text", "text", "plain", "plain", "extend", "telehealth", "part", "part", "make_up", "make_up")


def closures(rng: Random, frame: Frame, planned: list[Slot]) -> list[Value]:
    """Returns up to five `closed` lines, each on a day that some session is planned for."""
    lines: list[Value] = []
    taken = set()
    for _ in range(rng.choice([0, 1, 2, 3, 5])):
        slot = pick(rng, planned)
        if slot is None or slot.day in taken:
            continue
        line = closure(rng, frame, slot, rng.choice(FORMS))
        taken.add(slot.day)
        lines.append(line)
    return lines


def closure(rng: Random, frame: Frame, slot: Slot, form: str) -> Value:
    """Returns one line that takes at least the slot."""
    first = last = slot.day
    if chance(rng, 0.25):
        first -= timedelta(days=rng.randint(0, 4))
        last += timedelta(days=rng.randint(1, 6))
    why = rng.choice(words.REASONS)
    if form == "text":
        return f"{dates(first, last)} {why}" if chance(rng, 0.85) else dates(first, last)
    line: dict[str, Value] = {"on": dates(first, last)}
    if form == "part":
        line["on"] = str(slot.day)
        sort = rng.choice(["from", "until", "both"])
        if sort != "until":
            line["from"] = clock(rng, max(0, slot.start - rng.choice([0, 0, 15, 60])))
        if sort != "from":
            line["until"] = clock(rng, min(23 * 60 + 59, slot.start + rng.choice([1, 15, 60, 120])))
    if chance(rng, 0.8):
        line["why"] = why
    if form == "extend":
        line["extend"] = yes(rng)
    elif form == "telehealth":
        line["instead"] = "telehealth"
    elif form == "make_up":
        shift = timedelta(days=(last - first).days + rng.randint(1, 9))
        line["make_up"] = dates(first + shift, last + shift)
    if form in ("plain", "part") and chance(rng, 0.15):
        line["extend"] = yes(rng)
    return line | limits(rng, frame, slot)


def limits(rng: Random, frame: Frame, slot: Slot) -> dict[str, Value]:
    """Returns `tracks` and `cohorts` that leave the slot in, or nothing."""
    keys: dict[str, Value] = {}
    if slot.track and chance(rng, 0.3):
        others = [strand.id for strand in frame.strands if strand.id != slot.track and chance(rng, 0.2)]
        keys["tracks"] = one_or_list(rng, [name_of(rng, frame, track) for track in (slot.track, *others)])
    if slot.cohort and chance(rng, 0.35):
        others = [run.id for run in frame.runs if run.id != slot.cohort and chance(rng, 0.2)]
        keys["cohorts"] = one_or_list(rng, [slot.cohort, *others])
    return keys
