"""A rolling program and a cohort program with rosters, and the way from those to participants or to words."""

from __future__ import annotations

from iopcal.model import Participant, Program
from iopcal.problems import has_errors
from tests.program_text import read_text, words_of

ROLLING = """\
program: Evening IOP
id: evening-iop
timezone: America/Chicago
starts: 2027-01-04
admission: rolling
roster: ROSTER
tracks: {morning: {title: Early birds, day_starts: 9:00}, evening: {day_starts: 17:30}}
sessions:
  - {name: Process group, minutes: 60}
  - {name: Morning check, minutes: 10, tracks: morning}
  - {name: Individual therapy, kind: individual, minutes: 50}
  - {name: Family evening, kind: family, minutes: 60, monthly: 1st thu, at: '19:00'}
  - {name: Thursday group, minutes: 60, days: thu, one_of: Aftercare, phases: Continuing care}
  - {name: Friday group, minutes: 60, days: fri, one_of: Aftercare, phases: Continuing care}
phases:
  - {name: Intensive, weeks: 4, days: 3}
  - {name: Step-down, weeks: 4, days: 2}
  - {name: Summer, until: 2027-08-31, days: 2}
  - {name: Continuing care, days: 2}
"""
COHORTS = """\
program: Evening IOP
id: evening-iop
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
roster: ROSTER
tracks: {morning: {}, evening: {}}
cohorts:
  - {id: winter, track: evening}
  - {id: spring, starts: 2027-03-01, track: evening}
  - {id: summer, starts: 2027-06-01}
sessions:
  - {name: Process group, minutes: 60}
phases:
  - {name: Intensive, weeks: 4, days: 3}
"""
PLAIN = COHORTS.replace("tracks: {morning: {}, evening: {}}\n", "").replace(
    COHORTS[COHORTS.index("cohorts:") : COHORTS.index("sessions:")], ""
)
"""One track, one run."""

CHOSEN = "choose: {Aftercare: Friday group}, place: {Individual therapy: {at: thu 16:00}}"
"""What leaves no warnings in the rolling program."""


def read_people(
    roster: str | bytes, program: str = ROLLING, file: str = "r.yaml", **more: str | bytes
) -> tuple[Program | None, list[str]]:
    """Reads a program with a roster of that name; returns it, and the problems in words."""
    files = {file.replace(".", "_"): roster, **more}
    found, problems = read_text(program.replace("ROSTER", file), **files)
    return (None if has_errors(problems) else found), words_of(problems)


def told(roster: str | bytes, program: str = ROLLING, file: str = "r.yaml", **more: str | bytes) -> list[str]:
    """Returns the problems in words, those of the roster without its name."""
    return [words.removeprefix(f"{file}:") for words in read_people(roster, program, file, **more)[1]]


def people(roster: str | bytes, program: str = ROLLING, file: str = "r.yaml") -> tuple[Participant, ...]:
    """Returns the participants of a roster without problems."""
    found, problems = read_people(roster, program, file)
    assert problems == []
    assert found is not None
    return found.participants


def rows(*lines: str) -> str:
    """Returns a roster of one line in braces for each participant."""
    return "participants:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


def path(*lines: str) -> str:
    """Returns a roster of one participant, whose `path` begins on line 8, each `{` in column 9."""
    head = ("id: p-1", "track: evening", "starts: 2027-01-11", *CHOSEN.split(", ", 1), "path:")
    facts = "".join(f"      - {{{line}}}\n" for line in lines)
    return "participants:\n  - " + "\n    ".join(head) + "\n" + facts
