"""The frame of a random program: where, when, for whom, and how long its phases are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from tests.programs import words
from tests.programs.spelling import Value, clock, no, one_or_list, weekdays, yes

DEFAULT_DAYS = (0, 2, 4, 1, 3)
TAPERS = ("linear", "early", "late", "steps")


class Strand(NamedTuple):
    """A track as the generator needs it; '' is the unnamed one."""

    id: str
    title: str
    day_starts: int | None
    days: tuple[int, ...]  # treatment days, most important first


class Run(NamedTuple):
    """A cohort, or the only run of a program without."""

    id: str
    starts: date
    strands: tuple[str, ...]


class Stage(NamedTuple):
    """A phase: its keys as written, and about how many weeks it lasts."""

    id: str
    name: str
    sort: str  # weeks, visits or until
    weeks: int
    days: tuple[int, ...]  # weekdays it may meet on
    keys: dict[str, Value]

    @property
    def named(self) -> str:
        """A word that names it: the id where it has one."""
        return self.id or self.name


class Frame(NamedTuple):
    """Everything but the sessions; `keys` as written, in order."""

    keys: dict[str, Value]
    strands: tuple[Strand, ...]
    runs: tuple[Run, ...]
    stages: tuple[Stage, ...]
    weeks: int  # about how long a path is


def chance(rng: Random, share: float) -> bool:
    """Says yes that often."""
    return rng.random() < share


def some(rng: Random, values: Sequence[str], most: int) -> list[str]:
    """Returns one to `most` different values."""
    return rng.sample(list(values), rng.randint(1, min(most, len(values))))


def frame(rng: Random, zone: str, sessions: int, wanted: int) -> Frame:
    """Returns a frame that, with so many sessions a day, comes to about `wanted` dated sessions."""
    keys: dict[str, Value] = {"iopcal": "1"} if chance(rng, 0.2) else {}
    keys |= {"program": rng.choice(words.PROGRAMS), "id": f"p-{rng.randrange(10**6)}"}
    keys["timezone"] = zone
    first = a_start(rng)
    keys["starts"] = str(first)
    if chance(rng, 0.1):
        keys["admission"] = "cohort"
    days = treatment_days(rng)
    if days != DEFAULT_DAYS or chance(rng, 0.1):
        keys["treatment_days"] = weekdays(rng, days)
    begins = rng.randrange(8 * 60, 18 * 60 + 1, 15)
    starts_days = chance(rng, 0.9)
    if starts_days:
        keys["day_starts"] = clock(rng, begins)
    strands = tracks(rng, keys, days, begins if starts_days else None)
    runs = cohorts(rng, keys, first, strands)
    keys |= surroundings(rng)
    paths = sum(len(run.strands) for run in runs)
    perhaps = 3.2 * sessions * paths
    weeks = max(2, min(26, round(wanted / perhaps)))
    stages = phases(rng, weeks, strands, runs)
    return Frame(keys, strands, runs, stages, weeks)


def a_start(rng: Random) -> date:
    """Returns a first day; most lie some weeks before a clock change, a new year or 29 February 2028."""
    if chance(rng, 0.75):
        near = rng.choice(
            [
                date(2027, 3, 14), date(2027, 3, 28), date(2027, 4, 4), date(2027, 10, 3), date(2027, 10, 31),
                date(2027, 11, 7), date(2028, 1, 1), date(2028, 2, 29), date(2028, 2, 29), date(2027, 1, 1),
            ]
        )  # fmt: skip
        return near - timedelta(days=rng.randint(1, 70))
    return date(2026, 6, 1) + timedelta(days=rng.randint(0, 900))


def treatment_days(rng: Random) -> tuple[int, ...]:
    """Returns weekdays in order of importance."""
    if chance(rng, 0.45):
        return DEFAULT_DAYS
    if chance(rng, 0.15):
        first = rng.randrange(7)
        return tuple((first + step) % 7 for step in range(rng.randint(3, 5)))
    pool = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6]
    return tuple(dict.fromkeys(rng.sample(pool, rng.randint(4, 8))))


def tracks(
    rng: Random, keys: dict[str, Value], days: tuple[int, ...], begins: int | None
) -> tuple[Strand, ...]:
    """Adds `tracks`, or leaves the one unnamed track."""
    if chance(rng, 0.6):
        return (Strand("", "", begins, days),)
    found, written = [], {}
    titles = rng.sample(words.TRACK_TITLES, 3)
    for n, identity in enumerate(rng.sample(words.TRACKS, rng.choice([1, 2, 2, 2, 3]))):
        row: dict[str, Value] = {}
        title, own_begins, own_days = "", begins, days
        if chance(rng, 0.6):
            row["title"] = title = titles[n]
        if begins is None or chance(rng, 0.7):
            own_begins = (8 * 60, 12 * 60 + 30, 17 * 60)[n] + rng.randrange(0, 61, 5)
            row["day_starts"] = clock(rng, own_begins)
        if chance(rng, 0.4):
            own_days = treatment_days(rng)
            row["treatment_days"] = weekdays(rng, own_days)
        row |= place_keys(rng, 0.2)
        if chance(rng, 0.2):
            row["capacity"] = capacity(rng)
        written[identity] = row
        found.append(Strand(identity, title, own_begins, own_days))
    keys["tracks"] = written
    return tuple(found)


def cohorts(rng: Random, keys: dict[str, Value], first: date, strands: tuple[Strand, ...]) -> tuple[Run, ...]:
    """Adds `cohorts`, or leaves the one run of the program."""
    every = tuple(strand.id for strand in strands)
    if chance(rng, 0.7):
        return (Run("", first, every),)
    runs, rows = [], []
    for n, identity in enumerate(rng.sample(words.COHORTS, rng.choice([1, 2, 2, 3]))):
        row: dict[str, Value] = {"id": identity}
        starts = first
        if n or chance(rng, 0.5):
            starts = first + timedelta(days=rng.randint(0, 56))
            row["starts"] = str(starts)
        mine = every
        if every != ("",) and chance(rng, 0.7):
            chosen = rng.choice(strands)
            mine = (chosen.id,)
            row["track"] = chosen.title if chosen.title and chance(rng, 0.4) else chosen.id
        runs.append(Run(identity, starts, mine))
        rows.append(row)
    keys["cohorts"] = rows
    return tuple(runs)


def surroundings(rng: Random) -> dict[str, Value]:
    """Returns the keys that say nothing about when anything is, and the holidays."""
    keys: dict[str, Value] = {}
    if chance(rng, 0.6):
        keys["level"] = rng.choice(["iop", "iop", "php", "outpatient"])
    if chance(rng, 0.3):
        hours: dict[str, Value] = {"count": rng.choice(["clock", "fifty-minute-hour", "span"])}
        if chance(rng, 0.5):
            hours["breaks"] = rng.choice([yes(rng), no(rng)])
        if chance(rng, 0.5):
            hours["meals"] = rng.choice([yes(rng), no(rng)])
        if chance(rng, 0.6):
            hours["week"] = rng.choice(["mon-sun", "sun-sat", "own"])
        keys["hours"] = hours
    if chance(rng, 0.5):
        keys["holidays"] = holidays(rng)
    if chance(rng, 0.2):
        keys["keep_cancelled"] = str(rng.choice([1, 7, 30, 90]))
    keys |= {key: value for key, value in place_keys(rng, 0.25).items() if key != "room"}
    if chance(rng, 0.2):
        keys["phone"] = rng.choice(words.PHONES)
    return keys


def holidays(rng: Random) -> Value:
    """Returns a code, a mapping with `only` or `except`, or a list of these."""

    def rule(code: str) -> Value:
        if chance(rng, 0.5):
            return code
        row: dict[str, Value] = {"use": code}
        if chance(rng, 0.7):
            names = some(rng, words.HOLIDAYS[code], 3)
            names[0] = rng.choice([names[0], names[0].lower(), f"{names[0]} (observed)"])
            row[rng.choice(["only", "except"])] = one_or_list(rng, names)
        return row

    codes = rng.sample(sorted(words.HOLIDAYS), rng.choice([1, 1, 1, 2]))
    return rule(codes[0]) if len(codes) == 1 and chance(rng, 0.8) else [rule(code) for code in codes]


def place_keys(rng: Random, share: float) -> dict[str, Value]:
    """Returns some of `location`, `link` and `room`."""
    pools = {"location": words.PLACES, "link": words.LINKS, "room": words.ROOMS}
    return {key: rng.choice(pool) for key, pool in pools.items() if chance(rng, share)}


def capacity(rng: Random) -> Value:
    """Returns how many people a group takes."""
    most = rng.randint(4, 15)
    rows: list[Value] = [{"min": "2", "max": str(most)}, {"max": str(most)}, {"min": "3"}, str(most)]
    return rng.choice(rows)


def phases(rng: Random, weeks: int, strands: tuple[Strand, ...], runs: tuple[Run, ...]) -> tuple[Stage, ...]:
    """Returns one to four phases that last about so many weeks together."""
    most = min(len(strand.days) for strand in strands)
    pool = sorted({day for strand in strands for day in strand.days})
    lengths = [1] * min(weeks, rng.choice([1, 2, 2, 3, 3, 4]))
    for _ in range(weeks - len(lengths)):
        lengths[rng.randrange(len(lengths))] += 1
    begins = max(run.starts for run in runs)
    stages: list[Stage] = []
    for name, length in zip(rng.sample(words.PHASES, len(lengths)), lengths, strict=True):
        keys: dict[str, Value] = {"name": name}
        identity = f"ph{len(stages)}" if chance(rng, 0.25) else ""
        if identity:
            keys["id"] = identity
        sort = rng.choice(["weeks", "weeks", "weeks", "visits", "until"])
        ends = begins + timedelta(weeks=length) - timedelta(days=1)
        if sort == "weeks":
            keys["weeks"] = str(length)
        elif sort == "visits":
            keys["visits"] = str(max(1, min(30, length * rng.randint(1, most))))
        else:
            ends += timedelta(days=rng.randint(-3, 3) if length > 1 else rng.randint(0, 5))
            keys["until"] = str(ends)
        days = phase_days(rng, keys, sort, length, most, pool)
        if chance(rng, 0.12) and (sort == "visits" or length > 1):
            keys["every"] = "2"
        if chance(rng, 0.2):
            keys["level"] = rng.choice(["outpatient", "iop"])
        stages.append(Stage(identity, name, sort, length, days, keys))
        begins = ends + timedelta(days=1)
    return tuple(stages)


def phase_days(
    rng: Random, keys: dict[str, Value], sort: str, length: int, most: int, pool: list[int]
) -> tuple[int, ...]:
    """Adds `days` (and `taper`) in one of its forms; returns the weekdays the phase may meet on."""
    form = rng.choice(["all", "number", "weekdays", "weekdays", "taper", "taper", "numbers"])
    if form == "number":
        keys["days"] = str(rng.randint(1, most))
    elif form == "weekdays":
        chosen = sorted(rng.sample([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6], rng.randint(2, 5)))
        days = tuple(dict.fromkeys(chosen))
        keys["days"] = weekdays(rng, days)
        return days
    elif form == "taper" and sort != "visits":
        first, last = rng.randint(1, most), rng.randint(1, most)
        if chance(rng, 0.9):
            first, last = max(first, last), min(first, last)
        keys["days"] = f"{first} -> {last}"
        if chance(rng, 0.6):
            keys["taper"] = rng.choice(TAPERS)
    elif form == "numbers":
        size = length if sort == "weeks" else rng.randint(1, length + 1)
        numbers = [rng.randint(1, most) for _ in range(size)]
        if size > 2 and chance(rng, 0.5):
            numbers[rng.randrange(1, size - 1)] = 0
        keys["days"] = [
            str(number) for number in sorted(numbers, reverse=chance(rng, 0.6) or not all(numbers))
        ]
        if size > 2 and 0 in numbers:  # the zero stands in the middle: a week off
            keys["days"] = [str(number) for number in numbers]
    return tuple(pool)
