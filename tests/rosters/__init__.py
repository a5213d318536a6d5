"""Random rolling programs, and random rosters of any program: one for each seed, the same everywhere."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.oracle.load import load
from tests.programs import words
from tests.programs.spelling import document
from tests.rosters.people import participants
from tests.rosters.rolling import attempt
from tests.rosters.site import Site

COMMENT = "# yaml-language-server: $schema=program.schema.json"  # of program files
FEWEST, MOST = 8, 20  # participants


def random_rolling_program(seed: int) -> str:
    """Returns the text of a program with rolling admission that `check` nearly always accepts.

    A quarter says no `until`; such a program is read as on `today_for(text)`.
    """
    rng = Random(f"rolling {seed}")
    text = ""
    while not text:
        text = attempt(rng, words.ZONES[seed % len(words.ZONES)])
    return text


def random_roster(program: str, seed: int) -> str:
    """Returns the text of a roster for a program, of cohorts or rolling, with 8 to 20 participants.

    Over some rosters every key and form occurs; each participant's path is sound by itself.
    """
    rng = Random(f"roster {seed}")
    site = Site(program, today_for(program))
    text = document(rng, {"participants": participants(rng, site, rng.randint(FEWEST, MOST))})
    return text.replace(COMMENT, "# opaque ids only")


def today_for(program: str) -> date:
    """Returns a day in the life of a program: some weeks after its start."""
    return load(program).starts + timedelta(days=20)
