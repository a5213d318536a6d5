"""A program with people in a folder of its own: written, built, and looked at as whoever serves it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from click.testing import Result

from iopcal.targets import addresses
from iopcal.targets.addresses import Table
from tests.command import run

PROGRAM = """\
program: Riverbend Evening IOP
id: riverbend
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
roster: roster.yaml
tracks: {morning: {day_starts: 9:00}, evening: {}}
sessions:
  - {name: Process group, minutes: 60, lead: asmith}
  - {name: Break, kind: break, minutes: 10}
  - {name: Skills group, kind: skills, minutes: 60, lead: jlee}
phases:
  - {name: Intensive, weeks: 4, days: [mon, tue, wed, thu]}
  - {name: Step-down, weeks: 4, days: 2, level: outpatient}
  - {name: Continuing care, weeks: 4, days: 1, level: outpatient}
feeds:
  - {name: staff, for: program, privacy: full}
  - {for: each track, privacy: titles}
  - {for: each participant, privacy: discreet, title: Appointment}
  - {for: each lead, privacy: full}
"""
PEOPLE = {
    "p-014": "track: evening",
    "p-015": "track: evening",
    "p-016": "track: morning",
    "p-017": "track: evening, starts: 2027-01-11",
}
NOW = "2026-12-01T12:00:00Z"
State = dict[str, tuple[int, bytes]]


def enrolled(people: dict[str, str], changed: Mapping[str, str | None]) -> str:
    """Changes who is in a roster, `p_014=None` takes somebody out of it; returns its text."""
    for name, line in changed.items():
        if line is None:
            del people[name.replace("_", "-")]
        else:
            people[name.replace("_", "-")] = line
    lines = "".join(f"  - {{id: {name}, {line}}}\n" for name, line in people.items())
    return f"participants:\n{lines}" if lines else "participants: []\n"


class Site:
    """A program, its roster and its output folder."""

    def __init__(self, folder: Path, program: str = PROGRAM, people: Mapping[str, str] = PEOPLE) -> None:
        self.folder, self.people = folder, dict(people)
        self.program, self.output = folder / "program.yaml", folder / "out"
        self.table_file = folder / "riverbend.addresses.json"
        self.program.write_text(program)
        self.enroll()

    def enroll(self, **changed: str | None) -> None:
        """Writes the roster; `p_014=None` takes somebody out of it."""
        (self.folder / "roster.yaml").write_text(enrolled(self.people, changed))

    def edit(self, old: str, new: str) -> None:
        """Changes the program."""
        text = self.program.read_text()
        assert old in text
        self.program.write_text(text.replace(old, new))

    def run(self, command: str, *words: object, now: str = NOW) -> Result:
        """Runs a command on the program."""
        return run(*command.split(), self.program, *words, "-o", self.output, now=now)

    def build(self, *words: object, now: str = NOW, code: int = 0) -> str:
        """Builds and returns what was said."""
        found = self.run("build", *words, now=now)
        assert found.exit_code == code, found.output
        return found.output

    @property
    def table(self) -> Table:
        """The addresses."""
        found = addresses.load(self.table_file, "riverbend")
        assert isinstance(found, Table), found
        return found

    def path(self, key: str) -> Path:
        """Where a calendar lies: `participant/p-014`."""
        return self.output / "feeds" / self.table.feeds[key].token / "calendar.ics"

    def calendars(self) -> State:
        """Returns the time of modification and the bytes of every calendar, by its path in the folder."""
        return dict(_states(self.output))


def _states(output: Path) -> Iterator[tuple[str, tuple[int, bytes]]]:
    for file in sorted(output.rglob("*.ics")):
        if not file.name.startswith("."):
            yield str(file.relative_to(output)), (file.stat().st_mtime_ns, file.read_bytes())


def differences(before: State, after: State) -> set[str]:
    """Returns the files that are not the same: new, gone, or with other bytes or another time."""
    return {name for name in before | after if before.get(name) != after.get(name)}
