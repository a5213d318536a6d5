"""The sessions of a random program: the rows of its weekly timetable, and what phases change in them."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from tests.programs import words
from tests.programs.draft import Frame, Strand, capacity, chance, place_keys, some
from tests.programs.spelling import (
    WEEKDAYS,
    Value,
    clock,
    clock_range,
    no,
    one_or_list,
    weekdays,
    yes,
)

CORE = ("group", "group", "group", "skills", "education")
OTHERS = (
    "skills", "skills", "education", "education", "group", "break", "break", "meal", "occupational",
    "expressive", "medication", "case-management", "peer-support", "staffing", "drug-screen", "other",
    "individual", "family",
)  # fmt: skip
NARROWED = ("days", "days", "weeks", "visits", "phases", "tracks", "every", "every", "times")
EARLIEST, LATEST = 7 * 60, 20 * 60 + 30


class Row(NamedTuple):
    """A session as written. The first of a program is its anchor: counted, and there every treatment day."""

    keys: dict[str, Value]
    minutes: int

    @property
    def named(self) -> str:
        """A word that names it: the id where it has one."""
        return str(self.keys.get("id", self.keys["name"]))


def rows(rng: Random, frame: Frame, number: int) -> list[Row]:
    """Returns so many sessions of a treatment day, and sometimes special ones beside them."""
    titles = {kind: rng.sample(names, len(names)) for kind, names in words.TITLES.items()}
    found = [anchor(rng, frame, titles)]
    while len(found) < number:
        kind = rng.choice(OTHERS)
        if not titles[kind]:
            continue
        if kind in ("group", "education", "skills") and chance(rng, 0.2) and len(titles[kind]) > 1:
            found += either_or(rng, frame, kind, titles)
        else:
            found.append(ordinary(rng, frame, kind, titles[kind].pop()))
    extra = rng.sample(words.EXTRA, len(words.EXTRA))
    for maker in (intake, on_any_day, on_days_of_the_month, in_the_night, late):
        if chance(rng, 0.14):
            found.append(maker(rng, frame, extra.pop()))
    return found


def anchor(rng: Random, frame: Frame, titles: dict[str, list[str]]) -> Row:
    """Returns the session that makes every treatment day a visit."""
    kind = rng.choice(CORE)
    row = started(rng, titles[kind].pop(), kind, rng.choice([45, 50, 50, 60, 60, 75, 90]))
    if frame.strands[0].day_starts is None:
        row.keys["at"] = clock(rng, rng.randrange(8 * 60, 17 * 60, 5))
    elif chance(rng, 0.15):
        place(rng, row, frame)
    if chance(rng, 0.3):
        row.keys.update(curriculum(rng, frame))
    row.keys.update(decoration(rng, row, frame))
    for key in ("optional", "counts", "publish"):
        row.keys.pop(key, None)
    return row


def started(rng: Random, name: str, kind: str, minutes: int) -> Row:
    """Returns a row with its first keys."""
    keys: dict[str, Value] = {"name": name}
    if not any(letter.isalnum() for letter in name) or chance(rng, 0.15):
        keys["id"] = f"s{rng.randrange(10**5)}"
    if kind != "group" or chance(rng, 0.5):
        keys["kind"] = kind
    keys["minutes"] = str(minutes)
    return Row(keys, minutes)


def ordinary(rng: Random, frame: Frame, kind: str, name: str) -> Row:
    """Returns a session of the day, often narrowed by one or two keys."""
    lengths = {"break": [5, 10, 15, 20], "meal": [30, 45], "drug-screen": [10, 15], "medication": [15, 20]}
    row = started(rng, name, kind, rng.choice(lengths.get(kind, [30, 40, 45, 50, 50, 60])))
    own = kind in ("individual", "family") and chance(rng, 0.3)  # exists only for those who place it
    if chance(rng, 0.2) and not own:
        place(rng, row, frame)
    for key in rng.sample(NARROWED, rng.choice([0, 0, 1, 1, 2])):
        if not (own and key == "days"):
            row.keys.update(narrowed(rng, frame, key))
    if kind in ("skills", "education", "group", "expressive") and chance(rng, 0.35):
        row.keys.update(curriculum(rng, frame))
    row.keys.update(decoration(rng, row, frame))
    return row


def place(rng: Random, row: Row, frame: Frame) -> None:
    """Gives a row a fixed time: one, a range, or one a track."""
    ids = [strand.id for strand in frame.strands if strand.id]
    if ids and chance(rng, 0.5):
        named = rng.sample(ids, rng.randint(1, len(ids)))
        ranges = chance(rng, 0.4)
        times = [rng.randrange(EARLIEST, LATEST, 5) for _ in named]
        at: dict[str, Value] = {
            name_of(rng, frame, track): clock_range(rng, start, row.minutes) if ranges else clock(rng, start)
            for track, start in zip(named, times, strict=True)
        }
        row.keys["at"] = at
        if ranges and len(named) == len(ids) and chance(rng, 0.7):
            del row.keys["minutes"]
        return
    start = rng.randrange(EARLIEST, LATEST, 5)
    if chance(rng, 0.35):
        row.keys["at"] = clock_range(rng, start, row.minutes)
        if chance(rng, 0.6):
            del row.keys["minutes"]
    else:
        row.keys["at"] = clock(rng, start)


def name_of(rng: Random, frame: Frame, track: str) -> str:
    """Names a track by its id or its title."""
    strand: Strand = next(strand for strand in frame.strands if strand.id == track)
    return strand.title if strand.title and chance(rng, 0.3) else track


def narrowed(rng: Random, frame: Frame, key: str) -> dict[str, Value]:
    """Returns one key that narrows where or when a session occurs."""
    days = sorted({day for strand in frame.strands for day in strand.days})
    stages = [stage.named for stage in frame.stages]
    if key == "days":
        chosen = sorted(rng.sample(days, rng.randint(1, min(3, len(days)))))
        if chance(rng, 0.12):
            return {"days": "any"}
        if chance(rng, 0.15):
            names = [WEEKDAYS[day] for day in chosen]
            return {"days": ["any", *names] if chance(rng, 0.5) else " ".join(["any", *names])}
        return {"days": weekdays(rng, chosen)}
    if key in ("weeks", "visits"):
        return {key: spans(rng, frame.weeks if key == "weeks" else 2 * frame.weeks)}
    if key == "phases":
        return {"phases": one_or_list(rng, some(rng, stages, 2))}
    if key == "tracks":
        ids = [strand.id for strand in frame.strands if strand.id]
        return {"tracks": one_or_list(rng, [name_of(rng, frame, rng.choice(ids))])} if ids else {}
    if key == "every":
        if chance(rng, 0.5):
            return {"every": str(rng.choice([2, 2, 3]))}
        return {"every": {stage: str(rng.choice([2, 3, 4])) for stage in some(rng, stages, 2)}}
    return {"times": str(rng.randint(1, 8))}


def spans(rng: Random, most: int) -> Value:
    """Returns weeks or visits: one, a range, an open range, or a list of these."""
    first = rng.randint(1, max(1, most - 1))
    forms: list[Value] = [
        str(first),
        f"{first}-{rng.randint(first, most)}" if most > first else str(first),
        f"{rng.randint(1, max(1, most // 2))}-",
        [f"1-{max(1, most // 3)}", str(max(2, most // 3 + 2))],
    ]
    return rng.choice(forms)


def curriculum(rng: Random, frame: Frame) -> dict[str, Value]:
    """Returns `topics` and how they move on."""
    keys: dict[str, Value] = {}
    if chance(rng, 0.3):
        days = sorted({day for strand in frame.strands for day in strand.days})
        chosen = sorted(rng.sample(days, rng.randint(1, len(days))))
        keys["topics"] = {WEEKDAYS[day]: some(rng, words.TOPICS, 4) for day in chosen}
    else:
        keys["topics"] = rng.sample(words.TOPICS, rng.randint(2, 6))
    if chance(rng, 0.4):
        keys["advance"] = rng.choice(["week", "session"])
    if chance(rng, 0.4):
        keys["on_closure"] = rng.choice(["skip", "postpone"])
    return keys


def decoration(rng: Random, row: Row, frame: Frame) -> dict[str, Value]:
    """Returns keys that change nothing about when the session is."""
    keys: dict[str, Value] = {}
    if chance(rng, 0.35):
        keys["lead"] = one_or_list(rng, some(rng, words.PEOPLE, 2))
    keys |= place_keys(rng, 0.15)
    if chance(rng, 0.12):
        keys["capacity"] = capacity(rng)
    if chance(rng, 0.08):
        keys["optional"] = rng.choice([yes(rng), yes(rng), no(rng)])
    if chance(rng, 0.08):
        keys["counts"] = rng.choice([yes(rng), no(rng)])
    if chance(rng, 0.1):
        keys["publish"] = rng.choice(["all", "staff", "never"])
    if chance(rng, 0.12):
        keys["notes"] = rng.choice(words.NOTES)
    return keys


def either_or(rng: Random, frame: Frame, kind: str, titles: dict[str, list[str]]) -> list[Row]:
    """Returns two sessions of which a participant attends one."""
    pair = [ordinary(rng, frame, kind, titles[kind].pop()) for _ in range(2)]
    label = rng.choice(["aftercare", "A or B", "choice: 1"])
    for row in pair:
        row.keys["one_of"] = label
    return pair


def intake(rng: Random, frame: Frame, name: str) -> Row:
    """Returns a session of the first visit, before the others."""
    row = started(rng, f"Intake – {name}", "group", 30)
    row.keys.update({"at": clock(rng, rng.randrange(7 * 60, 8 * 60, 5)), "visits": rng.choice(["1", "1-2"])})
    return row


def on_any_day(rng: Random, frame: Frame, name: str) -> Row:
    """Returns a session that meets whether or not the phase does."""
    row = started(rng, name, rng.choice(["other", "family", "peer-support"]), rng.choice([60, 90]))
    row.keys["at"] = clock(rng, rng.randrange(10 * 60, 19 * 60, 30))
    day = rng.randrange(7)
    row.keys["days"] = rng.choice([f"any {WEEKDAYS[day]}", ["any", WEEKDAYS[day]], "any"])
    if chance(rng, 0.3):
        row.keys["every"] = "2"
    return row


def on_days_of_the_month(rng: Random, frame: Frame, name: str) -> Row:
    """Returns a session of certain days of the month."""
    row = started(rng, name, rng.choice(["family", "other", "group"]), rng.choice([60, 75, 120]))
    row.keys["at"] = clock(rng, rng.randrange(9 * 60, 19 * 60, 15))
    day = WEEKDAYS[rng.randrange(7)]
    row.keys["monthly"] = rng.choice(
        [f"1st {day}", f"1st,3rd {day}", f"last {day}", f"2nd {day}", [f"2nd {day}", f"4th {day}"]]
    )
    return row


def in_the_night(rng: Random, frame: Frame, name: str) -> Row:
    """Returns a session between midnight and the morning, sometimes across a clock change."""
    start = rng.choice([0, 15, 30, 30, 45])
    row = started(rng, name, "other", rng.choice([240, 270, 300]))
    row.keys["at"] = clock(rng, start)
    row.keys["days"] = rng.choice(["any sun", "any sun", "any wed", ["any", "tue", "sun"]])
    if chance(rng, 0.5):
        row.keys["optional"] = yes(rng)
    return row


def late(rng: Random, frame: Frame, name: str) -> Row:
    """Returns a session that ends late in the evening, at times just at midnight."""
    minutes = rng.choice([45, 60, 90])
    end = rng.choice([24 * 60, 24 * 60, 23 * 60 + 45, 23 * 60])
    row = started(rng, name, "group", minutes)
    row.keys["at"] = (
        clock_range(rng, end - minutes, minutes) if chance(rng, 0.5) else clock(rng, end - minutes)
    )
    return row
