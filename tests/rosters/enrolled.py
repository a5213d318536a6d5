"""Random programs with random rosters, read by the package and by the oracle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date
from typing import Any, NamedTuple

from iopcal import source
from iopcal.expand import Expansion, expand
from iopcal.language import read_program
from iopcal.model import Program, Session, Status
from iopcal.problems import has_errors
from tests.oracle import Occurrence
from tests.programs import random_program
from tests.rosters import random_rolling_program, random_roster, today_for

ROSTER = "roster: roster.yaml\n"
"""The line that goes behind a random program."""


class Enrolled(NamedTuple):
    """A program that the checker accepts, with a roster, as on `today`."""

    seed: int
    text: str
    people: str  # the text of the roster
    today: date
    program: Program
    expansion: Expansion


def enrolled(seeds: Iterable[int]) -> Iterator[Enrolled]:
    """Yields the programs of some seeds with their rosters: of an odd one rolling, of an even one of cohorts.

    Left out are programs that the checker refuses. Raises AssertionError for a roster that it refuses.
    """
    for seed in seeds:
        text = random_rolling_program(seed) if seed % 2 else random_program(seed)
        found = enroll(text, random_roster(text, seed), today_for(text), seed)
        if found is not None:
            yield found


def enroll(text: str, people: str, today: date, seed: int = 0) -> Enrolled | None:
    """Reads a program with its roster; None where the program has errors.

    Raises AssertionError for a roster that has any.
    """

    def load(name: str, place: object, how: Any) -> Any:
        return how(people.encode(), name)

    node, problems = source.read(f"{text}{ROSTER}".encode(), "program.yaml")
    assert node is not None, problems
    program, found = read_program(node, "program.yaml", load)
    errors = [each for each in (*problems, *found) if each.severity == "error"]
    if any(each.place.file == "program.yaml" for each in errors):
        return None
    assert program is not None and not errors, f"seed {seed}: {errors}"
    expansion = expand(program, today)
    if has_errors(expansion.problems):
        return None
    return Enrolled(seed, text, people, today, program, expansion)


def seen(sessions: Iterable[Session]) -> list[Occurrence]:
    """Returns sessions as the oracle tells them; closed ones are left out."""
    return [
        Occurrence(
            each.real.start.astimezone(UTC), each.real.end.astimezone(UTC), each.real.minutes,
            each.path.cohort or "-", each.path.track or "-", each.phase or "-", each.activity.id,
            each.real.name, each.real.topic, each.status.value, each.counted, each.activity.optional,
            each.activity.publish, each.visit, each.week,
        )
        for each in sessions
        if each.status is not Status.CLOSED
    ]  # fmt: skip
