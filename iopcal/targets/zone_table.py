"""What a computer's time zone data says about one zone: its changes so far, and the rule from then on.

Instants are whole seconds since 1970-01-01T00:00Z, offsets whole seconds east of UTC, and *steps* a pair
(instant, offset from then on) each, ascending, no two neighbours with the same offset.
"""

from __future__ import annotations

import re
import struct
import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path

from iopcal.named_tuple import NamedTuple

DAY = 86_400
HOUR = 3_600
_EPOCH = date(1970, 1, 1).toordinal()

Step = tuple[int, int]
Steps = tuple[Step, ...]


class Onset(NamedTuple):
    """The day and time a change happens each year: `nth` is 1 to 4, or -1 for the last; weekday 0 = Monday.

    `seconds` count from midnight of that day on the wall clock before the change; they may lie outside it.
    """

    month: int
    nth: int
    weekday: int
    seconds: int

    def wall(self, year: int) -> int:
        """Returns the wall-clock time of the change in `year`, in seconds as if the wall were UTC."""
        if self.nth > 0:
            first = date(year, self.month, 1)
            day = first.toordinal() + (self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1)
        else:
            following = date(year + self.month // 12, self.month % 12 + 1, 1).toordinal()
            last = date.fromordinal(following - 1)
            day = last.toordinal() - (last.weekday() - self.weekday) % 7
        return (day - _EPOCH) * DAY + self.seconds


class Turn(NamedTuple):
    """One of the two changes of a year, from one offset to another."""

    onset: Onset
    before: int
    after: int
    name: str  # abbreviation of the time that begins


class Rule(NamedTuple):
    """The law in force: one offset all year (no turns), or two turns a year."""

    offset: int
    name: str
    turns: tuple[Turn, ...] = ()

    def steps_of(self, year: int) -> list[Step]:
        """Returns the changes of one calendar year, ascending."""
        return sorted((turn.onset.wall(year) - turn.before, turn.after) for turn in self.turns)


class Table(NamedTuple):
    """The content of one TZif file; `rule` is None where it has none that we can read."""

    instants: tuple[int, ...]
    offsets: tuple[int, ...]  # one more than instants: the first holds before them all
    rule: Rule | None


def read_table(data: bytes) -> Table:
    """Reads a TZif file (RFC 9636), of version 2 or later; raises ValueError for anything else."""
    try:
        return _read_table(data)
    except (struct.error, IndexError, UnicodeDecodeError) as fault:
        raise ValueError("not a time zone file") from fault


@cache
def _read_table(data: bytes) -> Table:
    magic, version, isut, isstd, leap, time, kind, char = struct.unpack_from(">4sc15x6l", data)
    if magic != b"TZif" or version < b"2":
        raise ValueError("not a time zone file of version 2 or later")
    start = 44 + time * 5 + kind * 6 + char + leap * 8 + isstd + isut
    isut, isstd, leap, time, kind, char = struct.unpack_from(">20x6l", data, start)
    start += 44
    instants = struct.unpack_from(f">{time}q", data, start)
    kinds = struct.unpack_from(f">{time}B", data, start + time * 8)
    start += time * 9
    types = [struct.unpack_from(">lBB", data, start + number * 6) for number in range(kind)]
    start += kind * 6 + char + leap * 12 + isstd + isut
    footer = data[start:].decode("ascii").strip("\n")
    offsets = (types[0][0], *(types[number][0] for number in kinds))
    return Table(instants, offsets, read_rule(footer))


_NAME = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)"
_TIME = r"[+-]?\d{1,3}(?::\d\d(?::\d\d)?)?"
_DAY = rf"M(\d\d?)\.([1-5])\.([0-6])(?:/({_TIME}))?"
_RULE = re.compile(rf"({_NAME})({_TIME})(?:({_NAME})({_TIME})?,{_DAY},{_DAY})?", re.ASCII)


def read_rule(text: str) -> Rule | None:
    """Reads a POSIX TZ string with `Mm.w.d` changes; None for any other.

    Hours from -167 to 167 are allowed in the time of a change (RFC 9636 section 3.3.1).
    """
    found = _RULE.fullmatch(text)
    if found is None:
        return None
    name, west, other, other_west, *days = found.groups()
    offset = -_seconds(west)
    if other is None:
        return Rule(offset, name.strip("<>"))
    summer = offset + HOUR if other_west is None else -_seconds(other_west)
    begins, ends = _onset(*days[:4]), _onset(*days[4:])
    turns = (Turn(begins, offset, summer, other.strip("<>")), Turn(ends, summer, offset, name.strip("<>")))
    return Rule(offset, name.strip("<>"), turns)


def _onset(month: str, week: str, weekday: str, time: str | None) -> Onset:
    nth = -1 if week == "5" else int(week)
    return Onset(int(month), nth, (int(weekday) - 1) % 7, 2 * HOUR if time is None else _seconds(time))


def _seconds(time: str) -> int:
    parts = [int(part) for part in time.lstrip("+-").split(":")] + [0, 0]
    seconds = parts[0] * HOUR + parts[1] * 60 + parts[2]
    return -seconds if time.startswith("-") else seconds


def steps(changes: Iterable[Step], low: int, high: int) -> Steps:
    """Returns the offsets in force from `low` to before `high`; the first step stands at `low`.

    `changes` ascend and begin at or before `low`.
    """
    found: list[Step] = []
    for instant, offset in changes:
        if instant >= high:
            break
        if instant <= low:
            found = [(low, offset)]
        elif found[-1][1] != offset:
            found.append((instant, offset))
    return tuple(found)


def table_steps(table: Table, low: int, high: int) -> Steps:
    """Returns what the whole table gives from `low` to before `high`: its changes, then its rule."""
    return steps(_table_changes(table, low, high), low, high)


def rule_steps(rule: Rule, low: int, high: int) -> Steps:
    """Returns what the rule alone gives from `low` to before `high`, as if it had always been in force."""
    return steps(_rule_changes(rule, low, high), low, high)


def _table_changes(table: Table, low: int, high: int) -> Iterator[Step]:
    place = bisect_right(table.instants, low)
    yield (low, table.offsets[place])
    yield from zip(table.instants[place:], table.offsets[place + 1 :], strict=True)
    if table.rule is None:
        return
    last = table.instants[-1] if table.instants else low
    yield from (step for step in _rule_changes(table.rule, max(low, last), high) if step[0] > last)


def _rule_changes(rule: Rule, low: int, high: int) -> Iterable[Step]:
    if not rule.turns:
        return [(low, rule.offset)]
    return chain.from_iterable(map(rule.steps_of, range(year_of(low) - 1, year_of(high) + 2)))


def year_of(instant: int) -> int:
    """Returns the year of an instant in UTC."""
    return datetime.fromtimestamp(instant, UTC).year


def first_difference(one: Steps, other: Steps) -> int | None:
    """Returns the first instant at which two runs of steps give different offsets, None if there is none."""
    return min(set(one) ^ set(other), default=(None, 0))[0]


def table_bytes(zone: str) -> bytes:
    """Returns the file that `zoneinfo.ZoneInfo(zone)` reads: the computer's own, else the tzdata package's.

    Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    return _bytes(zone, zoneinfo.TZPATH)


def table_folder(zone: str) -> Path | None:
    """Returns the folder of the computer that holds the zone's file, None where the package is used."""
    folders = (Path(folder) for folder in zoneinfo.TZPATH)
    return next((folder for folder in folders if (folder / zone).is_file()), None)


@cache
def _bytes(zone: str, folders: tuple[str, ...]) -> bytes:
    zoneinfo.ZoneInfo(zone)  # refuses names that are none, and paths
    found = next((path for folder in folders if (path := Path(folder, zone)).is_file()), None)
    return (found or packaged_file(zone)).read_bytes()


def packaged_file(name: str) -> Path:
    """Returns a file of the tzdata package; raises ModuleNotFoundError where the package is missing."""
    package = import_module("tzdata")  # importlib.resources would read it too, but is slow to import
    return Path(package.__path__[0], "zoneinfo", name)


def version(file: Path) -> str:
    """Returns the release of zone data (2026a) that `+VERSION` or `tzdata.zi` names, '' if there is none."""
    if not file.is_file():
        return ""
    with file.open(encoding="utf-8") as lines:
        return lines.readline().removeprefix("# version").strip()
