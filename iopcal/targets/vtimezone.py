"""A zone as one VTIMEZONE that every reader understands, or the reason why there is none.

Readers are of two kinds: some follow the block, others look the zone up by its name in tables of their own,
perhaps years old. So a block has one STANDARD and at most one DAYLIGHT part, each with a plain yearly rule
(RFC 5545 section 3.6.5), and is only written where the law has been the same for two years.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from itertools import product

from iopcal.named_tuple import NamedTuple
from iopcal.targets.zone_table import (
    DAY,
    Onset,
    Rule,
    Step,
    Steps,
    Table,
    Turn,
    first_difference,
    packaged_file,
    read_table,
    rule_steps,
    steps,
    table_bytes,
    table_folder,
    table_steps,
    version,
    year_of,
)

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = (-1, 1, 2, 3, 4)
_AROUND = 6  # years on either side of a span in which real changes are looked for
_START = "19700101T000000"


class Block(NamedTuple):
    """A VTIMEZONE as its content lines, from BEGIN to END, none over 75 octets."""

    zone: str
    lines: tuple[str, ...]


class Objection(NamedTuple):
    """Why times of a zone cannot be written with its name.

    `day` is the local date of the change of clocks in question. `settled` False: the law of the zone changed
    then, and calendars with older tables would be wrong; True: no yearly rule says when clocks change.
    """

    zone: str
    day: date
    settled: bool


class Difference(NamedTuple):
    """The computer's zone data is older than the tzdata package's and differs from `day` on (local date)."""

    zone: str
    day: date
    installed: str  # 2025b
    packaged: str


def zone_block(zone: str, first: date, last: date) -> Block | None:
    """Returns the VTIMEZONE for events on the local dates from `first` to `last`.

    It is right from the day before `first` to the day after `last`; None where `objection` has a reason.
    Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    found = _written(zone, table_bytes(zone), first, last)
    return found if isinstance(found, Block) else None


def objection(zone: str, first: date, last: date) -> Objection | None:
    """Returns why `zone_block` gives no block for the same span, None where it gives one."""
    found = _written(zone, table_bytes(zone), first, last)
    return found if isinstance(found, Objection) else None


def packaged_zone_data_differs(zone: str, first: date, last: date) -> Difference | None:
    """Returns where the tzdata package is newer than the computer's data and says otherwise in the span."""
    folder = table_folder(zone)
    if folder is None:
        return None
    installed = version(folder / "+VERSION") or version(folder / "tzdata.zi")
    try:
        packaged = version(packaged_file("tzdata.zi"))
        other = read_table(packaged_file(zone).read_bytes())
    except (OSError, ModuleNotFoundError):
        return None
    if not installed or installed >= packaged:
        return None
    table = read_table(table_bytes(zone))
    low, high = _span(table, first, last)
    instant = first_difference(table_steps(table, low, high), table_steps(other, low, high))
    return None if instant is None else Difference(zone, _local(table, instant), installed, packaged)


@lru_cache(maxsize=4096)
def _written(zone: str, data: bytes, first: date, last: date) -> Block | Objection:
    table = read_table(data)
    low, high = _span(table, first, last)
    earlier, _ = _span(table, first - timedelta(days=2 * 365 + 1), last)
    day = _unsettled(table, earlier, high)
    if day is not None:
        return Objection(zone, day, settled=False)
    wanted = table_steps(table, low, high)
    assert table.rule is not None
    for turns in _candidates(table.rule, wanted, low, high):
        block = Block(zone, _lines(zone, table.rule, wanted[0][1], turns))
        if block_steps(block, low, high) == wanted:
            _check(block, data, low, high)
            return block
    return Objection(zone, _local(table, wanted[1][0]), settled=True)


def _span(table: Table, first: date, last: date) -> tuple[int, int]:
    """Returns the instants of local midnight before the day before `first` and after the day after `last`."""
    low, high = (
        int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        for day in (first - timedelta(days=1), last + timedelta(days=2))
    )
    return low - _offset(table, low), high - _offset(table, high)


def _offset(table: Table, instant: int) -> int:
    return table_steps(table, instant, instant + 1)[0][1]


def _local(table: Table, instant: int) -> date:
    return datetime.fromtimestamp(instant + _offset(table, instant), UTC).date()


def _unsettled(table: Table, low: int, high: int) -> date | None:
    """Returns the local date of the last change up to which the rule and the table differ; None: nowhere."""
    real = table_steps(table, low, high)
    if table.rule is None or any(offset % 60 for _, offset in real):
        return _local(table, real[-1][0])
    ruled = rule_steps(table.rule, low, high)
    if ruled == real:
        return None
    return _local(table, max(set(real) ^ set(ruled))[0])


def _candidates(rule: Rule, wanted: Steps, low: int, high: int) -> Iterator[tuple[Turn, ...]]:
    """Yields what the block may say, best first: no turns, or those to the smaller and the greater offset."""
    if rule.turns and all(0 <= turn.onset.seconds < DAY for turn in rule.turns):
        yield tuple(sorted(rule.turns, key=lambda turn: turn.after))
    elif len(wanted) == 1:
        yield ()
    else:
        fitted = (_fitted(turn, low, high) for turn in sorted(rule.turns, key=lambda turn: turn.after))
        yield from product(*fitted)


def _fitted(turn: Turn, low: int, high: int) -> list[Turn]:
    """Returns yearly turns through a real date of `turn`: nearest to the span, then most often right."""
    years = range(year_of(low) - _AROUND, year_of(high) + _AROUND + 1)
    walls = [turn.onset.wall(year) for year in years]
    inside = [wall for wall in walls if low <= wall - turn.before < high]
    outside = sorted(walls, key=lambda wall: max(low - (wall - turn.before), wall - turn.before - high))
    found: dict[Turn, None] = {}
    for wall in inside[:1] or outside:
        local = datetime.fromtimestamp(wall, UTC)
        onsets = [Onset(local.month, nth, local.weekday(), wall % DAY) for nth in _NTH]
        right = [onset for onset in onsets if onset.wall(local.year) == wall]
        right.sort(key=lambda onset: -sum(onset.wall(year) in walls for year in years))
        found.update(dict.fromkeys(turn._replace(onset=onset) for onset in right))
    return list(found)


def _lines(zone: str, rule: Rule, offset: int, turns: tuple[Turn, ...]) -> tuple[str, ...]:
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    if not turns:
        name = next((turn.name for turn in rule.turns if turn.after == offset), rule.name)
        lines += _observance("STANDARD", _START, "", offset, offset, name)
    for kind, turn in zip(("STANDARD", "DAYLIGHT"), turns, strict=False):
        onset = turn.onset
        start = datetime.fromtimestamp(onset.wall(1970), UTC).strftime("%Y%m%dT%H%M%S")
        yearly = f"FREQ=YEARLY;BYMONTH={onset.month};BYDAY={onset.nth}{_DAYS[onset.weekday]}"
        lines += _observance(kind, start, yearly, turn.before, turn.after, turn.name)
    return (*lines, "END:VTIMEZONE")


def _observance(kind: str, start: str, yearly: str, before: int, after: int, name: str) -> list[str]:
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{start}",
        *([f"RRULE:{yearly}"] if yearly else []),
        f"TZOFFSETFROM:{_hhmm(before)}",
        f"TZOFFSETTO:{_hhmm(after)}",
        f"TZNAME:{name}",
        f"END:{kind}",
    ]


def _hhmm(offset: int) -> str:
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"


def block_steps(block: Block, low: int, high: int) -> Steps:
    """Returns the offsets that a finished block gives from `low` to before `high`, read from its lines."""
    changes: list[Step] = []
    earliest: tuple[int, int] | None = None
    fields: dict[str, str] = {}
    for line in block.lines:
        name, _, value = line.partition(":")
        fields[name] = value
        if name == "END" and value != "VTIMEZONE":
            start = datetime.fromisoformat(fields["DTSTART"]).replace(tzinfo=UTC)
            before, after = (_offset_of(fields[name]) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
            instants = _onsets(start, fields.pop("RRULE", ""), low, high)
            changes += [(instant - before, after) for instant in instants]
            earliest = min(earliest or (1 << 62, 0), (int(start.timestamp()) - before, before))
    assert earliest is not None
    return steps([(min(low, earliest[0] - 1), earliest[1]), *sorted(changes)], low, high)


def _offset_of(text: str) -> int:
    seconds = int(text[1:3]) * 3600 + int(text[3:5]) * 60
    return -seconds if text[0] == "-" else seconds


def _onsets(start: datetime, rule: str, low: int, high: int) -> list[int]:
    """Returns the wall-clock starts of one part of a block, as seconds as if the wall were UTC."""
    first = int(start.timestamp())
    if not rule:
        return [first]
    fields = dict(part.split("=") for part in rule.split(";"))
    nth, weekday = int(fields["BYDAY"][:-2]), _DAYS.index(fields["BYDAY"][-2:])
    onset = Onset(int(fields["BYMONTH"]), nth, weekday, first % DAY)
    walls = (onset.wall(year) for year in range(max(1970, year_of(low) - 1), year_of(high) + 2))
    return [wall for wall in walls if wall >= first]


def _check(block: Block, data: bytes, low: int, high: int) -> None:
    """Compares the finished block with zoneinfo, change by change; a difference is a bug of ours."""
    zone = zoneinfo.ZoneInfo.from_file(BytesIO(data), block.zone)
    found = block_steps(block, low, high)
    ends = (*(instant for instant, _ in found[1:]), high)
    for (instant, offset), end in zip(found, ends, strict=True):
        for probe in (instant, end - 1):
            right = datetime.fromtimestamp(probe, zone).utcoffset()
            if right != timedelta(seconds=offset):
                raise RuntimeError(f"the VTIMEZONE of {block.zone} is wrong at {probe}: {right}")
