"""One roster of 2,500 people, as YAML of 20,000 lines and as CSV: how each side reads it.

Run with the side and the file: it prints the milliseconds of CPU that reading took, and how many people there
are.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

PEOPLE = 2_500
TRACKS = ("morning", "evening")
COLUMNS = "id,track,starts,Step-down,hold,away,days,discharge"
PROGRAM = """\
program: Harbor
id: harbor
timezone: America/Chicago
starts: 2027-01-04
admission: rolling
roster: ROSTER
tracks: {morning: {day_starts: 9:00}, evening: {day_starts: 17:30}}
sessions:
  - {name: Process group, minutes: 60}
phases:
  - {name: Intensive, weeks: 4, days: 3}
  - {name: Step-down, weeks: 4, days: 2}
  - {name: Continuing care, days: 1}
"""


def facts(number: int) -> tuple[str, str, str, str]:
    """Returns id, track, first day and the day of the step-down of one person."""
    month, day = number % 12 + 1, number % 28 + 1
    return f"p-{number:05d}", TRACKS[number % 2], f"2027-{month:02d}-{day:02d}", f"2028-02-{day:02d}"


def yaml_roster() -> str:
    """Returns the roster as YAML, eight lines a person."""
    lines = ["participants:"]
    for number in range(PEOPLE):
        name, track, starts, down = facts(number)
        lines += [
            f"  - id: {name}",
            f"    track: {track}",
            f"    starts: {starts}",
            "    days: [mon, wed, thu]",
            "    path:",
            f"      - {{on: {down}, phase: Step-down}}",
            "      - {on: 2028-03-06..2028-03-12, hold: true}",
            "      - {on: 2028-03-22, away: true}",
        ]
    return "\n".join(lines) + "\n"


def csv_roster(people: int = PEOPLE) -> str:
    """Returns the same as CSV, or of more people."""
    rows = [COLUMNS]
    for number in range(people):
        name, track, starts, down = facts(number)
        rows.append(f"{name},{track},{starts},{down},2028-03-06..2028-03-12,2028-03-22,mon wed thu,")
    return "\n".join(rows) + "\n"


def iopcal(file: Path) -> int:
    """Reads a roster into participants, every value with its place; returns how many there are."""
    from iopcal import source
    from iopcal.language import read_program
    from iopcal.language.included import Read, read_list
    from iopcal.problems import Place

    def load(name: str, _: Place, read: Read = read_list, /) -> object:
        return read(Path(name).read_bytes(), name)

    node, _ = source.read(PROGRAM.replace("ROSTER", str(file)).encode(), "program.yaml")
    program, problems = read_program(node, "program.yaml", load)
    if program is None or problems:
        raise SystemExit(f"the roster is not sound: {problems[:3]}")
    return len(program.participants)


def pyyaml(file: Path) -> int:
    """Reads a roster in YAML into plain objects, without places, with PyYAML's C loader."""
    import yaml

    return len(yaml.load(file.read_bytes(), yaml.CSafeLoader)["participants"])


SIDES = {"iopcal": iopcal, "pyyaml": pyyaml}


if __name__ == "__main__":
    began = process_time()
    count = SIDES[sys.argv[1]](Path(sys.argv[2]))
    print(1000 * (process_time() - began), count)
