"""Works out the sessions of program.yaml by iopcal or by dateutil: `dates.py WAY PROGRAM`.

Prints how many sessions a second of CPU, out of a program that is in memory already, and how many they are.
The ways: `iopcal`; `series`, a rule of dateutil for every weekly series, as calendars store them; `bundled`,
one for all weekdays of a session in a phase, which a program can be told by only while no weekday changes.
Both give bare times; a session of iopcal knows its topic, week, visit and room as well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

SECONDS = 0.5  # of CPU, at least


def by_iopcal(file: str) -> Callable[[], Iterable[datetime]]:
    """Returns what expands the program by iopcal."""
    from iopcal import source
    from iopcal.expand import expand
    from iopcal.language import read_program

    node, _ = source.read(Path(file).read_bytes(), file)
    assert node is not None
    program, _ = read_program(node, file, lambda name, place: (None, ()))
    assert program is not None

    today = date(2026, 6, 1)  # of no consequence, as the program is not rolling
    return lambda: [session.real.start for session in expand(program, today).sessions if session.held]


class Rule(NamedTuple):
    """When one session of one track takes place in one phase."""

    first: datetime
    weekdays: tuple[int, ...]
    until: datetime
    closed: tuple[datetime, ...]


def by_series(file: str) -> Callable[[], Iterable[datetime]]:
    """Returns what expands the program by dateutil, each weekday by a rule of its own."""
    rules = rules_of(file)
    return _expander([rule._replace(weekdays=(day,)) for rule in rules for day in rule.weekdays])


def by_bundles(file: str) -> Callable[[], Iterable[datetime]]:
    """Returns what expands the program by dateutil, all weekdays of a session in a phase by one rule."""
    return _expander(rules_of(file))


def _expander(rules: list[Rule]) -> Callable[[], Iterable[datetime]]:
    from dateutil.rrule import WEEKLY, rrule, rruleset

    def expand() -> list[datetime]:
        starts: list[datetime] = []
        for rule in rules:
            dates = rruleset()
            dates.rrule(rrule(WEEKLY, dtstart=rule.first, byweekday=rule.weekdays, until=rule.until))
            for start in rule.closed:
                dates.exdate(start)
            starts += dates
        return sorted(starts)

    return expand


def rules_of(file: str) -> list[Rule]:
    """Returns a rule for every track, phase and session of the program."""
    import yaml

    program: dict[str, Any] = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    zone = ZoneInfo(program["timezone"])
    weekdays = [("mon", "tue", "wed", "thu", "fri").index(day) for day in program["treatment_days"]]
    closed = [date.fromisoformat(line.split(" ")[0]) for line in program["closed"]]
    rules = []
    for track in program["tracks"].values():
        first = program["starts"]
        for phase in program["phases"]:
            last = first + timedelta(days=7 * phase["weeks"] - 1)
            hours, _, minutes = str(track["day_starts"]).partition(":")  # YAML 1.1 reads 13:00 as 780
            clock = int(hours) * 60 + int(minutes) if minutes else int(hours)
            for session in program["sessions"]:
                at = time(clock // 60, clock % 60)
                start, until, *off = (datetime.combine(day, at, zone) for day in (first, last, *closed))
                rules.append(Rule(start, tuple(weekdays[: phase.get("days")]), until, tuple(off)))
                clock += session["minutes"]
            first = last + timedelta(days=1)
    return rules


WAYS = {"iopcal": by_iopcal, "series": by_series, "bundled": by_bundles}


def main() -> None:
    """Expands again and again."""
    name, file = sys.argv[1:]
    expand = WAYS[name](file)
    count = len(list(expand()))
    rounds, begun = 0, process_time()
    while (spent := process_time() - begun) < SECONDS:
        expand()
        rounds += 1
    print(rounds * count / spent, count)


if __name__ == "__main__":
    main()
