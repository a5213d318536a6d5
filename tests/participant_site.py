"""A program with two participants that has a line of every kind, and commands on it."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result

from tests.command import run

PROGRAM = """\
program: Riverbend Evening IOP
id: riverbend
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
treatment_days: [mon, wed, thu]
level: iop
holidays: US
roster: roster.yaml
sessions:
  - {name: Process group, minutes: 60}
  - {name: Skills group, minutes: 45}
  - {name: Family night, kind: family, minutes: 60, at: "19:30", days: any tue}
  - {name: Alumni, minutes: 30, monthly: 1st sat, at: "10:00"}
  - {name: Individual therapy, kind: individual, minutes: 50}
phases:
  - {name: Intensive, weeks: 2, days: 3}
  - name: Step-down
    weeks: 3
    days: [mon, thu]
    level: outpatient
    sessions:
      Skills group: {minutes: 30}
closed:
  - {on: 2027-01-13, why: Snow}
  - {on: 2027-01-14, why: Boiler, make_up: 2027-01-15}
  - {on: 2027-01-21, instead: telehealth, why: Ice}
changes:
  - {on: 2027-01-11, session: Skills group, cancel: true, why: Leader ill}
  - {on: 2027-01-25, session: Process group, to: 2027-01-26, at: "18:00", why: Room}
  - {from: 2027-01-28, session: Process group, at: "18:15", lead: jlee}
  - {on: 2027-01-28, add: Tea, at: "20:00", minutes: 30, why: Farewell}
"""
ROSTER = """\
participants:
  - id: p-014
    starts: 2027-01-11
    days: [wed, thu]
    place: {Individual therapy: {at: thu 16:00}}
    path:
      - {on: 2027-01-20, away: true}
      - {on: 2027-01-25..2027-02-02, hold: true}
      - {on: 2027-02-10, phase: Step-down}
      - {on: 2027-02-25, discharge: true}
  - {id: p-015, place: {Individual therapy: {at: fri 15:00}}}
"""


class Site:
    """The program and its roster in a folder, and commands on them; places are told without the folder."""

    def __init__(self, folder: Path, program: str = PROGRAM, roster: str = ROSTER) -> None:
        self.folder, self.program, self.roster = folder, folder / "program.yaml", folder / "roster.yaml"
        self.program.write_text(program, encoding="utf-8")
        self.roster.write_text(roster, encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        """Changes the program."""
        text = self.program.read_text(encoding="utf-8")
        assert old in text
        self.program.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *words: object, now: str = "2026-12-01T12:00:00Z") -> Result:
        """Runs a command; the word PROGRAM stands for the file."""
        return run(
            *(self.program if word == "PROGRAM" else word for word in words), now=now, env={"COLUMNS": "120"}
        )

    def told(self, *words: object, code: int = 0, now: str = "2026-12-01T12:00:00Z") -> str:
        """Runs a command and returns what it prints, warnings and all."""
        result = self.run(*words, now=now)
        assert result.exit_code == code, result.output
        return result.output.replace(f"{self.folder}/", "")

    def lines(self, *words: object, now: str = "2026-12-01T12:00:00Z") -> list[str]:
        """Returns the lines without the first one, nor the spaces around."""
        return [line.strip() for line in self.told(*words, now=now).splitlines()[1:]]
