"""P9: how many HTTP requests `iopcal sync` takes, by whole runs of the installed command.

The bar: 1 + ceil(N / 50) for the first push of N events, 1 when nothing has changed, 2 for one change. The
server is the fake Google Calendar of the tests, in this process, over real sockets; it counts them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from math import ceil
from pathlib import Path
from typing import NamedTuple

from fake_server import server
from side_by_side import Environment, options

NOW = "2027-02-10T06:00:00Z"
SIZES = (12, 120, 500)
PER_REQUEST = 50
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


class Row(NamedTuple):
    """Requests of one run, and as many as there may be."""

    what: str
    requests: int
    bar: int


def program(events: int, other: str = "") -> str:
    """Returns a program of so many weekly series; one group is called `other`, if that is given."""
    days = WEEKDAYS if events % len(WEEKDAYS) == 0 else WEEKDAYS[:1]
    groups = events // len(days)
    names = [f"Group {number}" for number in range(groups)]
    rows = [f"  - {{id: group-{number}, name: {name}, minutes: 5}}" for number, name in enumerate(names)]
    if other:
        rows[-1] = f"  - {{id: group-{groups - 1}, name: {other}, minutes: 5, days: [{days[0]}]}}"
    else:
        rows[-1] = f"{rows[-1][:-1]}, days: [{days[0]}]}}"
    spare = len(days) - 1  # the last group meets once a week, so that a change of it is one event
    rows[:0] = [
        f"  - {{id: more-{number}, name: More {number}, minutes: 5, days: [mon]}}" for number in range(spare)
    ]
    return "\n".join(
        (
            "program: Harbor",
            "id: harbor",
            "timezone: America/Chicago",
            "starts: 2027-02-15",
            'day_starts: "08:00"',
            "sessions:",
            *rows,
            "phases:",
            f"  - {{name: Intensive, weeks: 2, days: [{', '.join(days)}]}}",
            "",
        )
    )


def sync_file(calendar: str) -> str:
    """Returns a sync file for one calendar."""
    return (
        "iopcal-sync: 1\nprograms: [program.yaml]\nstate: state\n"
        "credentials:\n  test: {kind: none}\ntargets:\n"
        f"  - {{name: staff, kind: google, credentials: test, calendars: {{harbor/program: {calendar}}}}}\n"
    )


def measure(command: tuple[str, ...], folder: Path) -> list[Row]:
    """Runs `command sync` again and again on calendars of several sizes and returns what it took."""
    rows = []
    with server() as fake:
        environment = os.environ | {"IOPCAL_GOOGLE_API_ROOT": fake.root, "IOPCAL_NOW": NOW}

        def run(where: Path) -> int:
            before = fake.requests
            fake.new_run()
            words = (*command, "sync", str(where / "sync.yaml"), "--quiet")
            subprocess.run(words, env=environment, check=True)
            return fake.requests - before

        for events in SIZES:
            where = folder / str(events)
            where.mkdir(parents=True)
            calendar = fake.calendar(f"{events} events")
            (where / "sync.yaml").write_text(sync_file(calendar), encoding="utf-8")
            (where / "program.yaml").write_text(program(events), encoding="utf-8")
            rows.append(Row(f"first push of {events} events", run(where), 1 + ceil(events / PER_REQUEST)))
            if (made := len(fake.live(calendar))) != events:
                raise SystemExit(f"{made} events were made in the place of {events}")
            rows.append(Row(f"{events} events, no change", run(where), 1))
            (where / "program.yaml").write_text(program(events, "Circle"), encoding="utf-8")
            rows.append(Row(f"{events} events, one change", run(where), 2))
        if fake.violations:
            raise SystemExit("\n".join(fake.violations))
    return rows


def main() -> None:
    """Runs the benchmark; there is nothing to repeat, as numbers of requests do not vary."""
    with options(__doc__, runs=1) as given:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        work = given.folder / f"requests-{os.getpid()}"
        for row in measure((environment.command("iopcal"),), work):
            print(f"P9 {row.what}: {row.requests}, the bar is {row.bar}")
        versions = environment.versions("iopcal")
        print(f"    requests over HTTP; {versions}; Python {sys.version.split()[0]} {sys.platform}")


if __name__ == "__main__":
    main()
