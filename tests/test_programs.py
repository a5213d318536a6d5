"""The generator of random programs: the same everywhere, nearly always valid, using the whole language."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from iopcal import source
from iopcal.expand import expand
from iopcal.language import read_program
from iopcal.language.reference import TABLES
from iopcal.model import KINDS
from iopcal.problems import Place, Problem, has_errors
from tests import oracle
from tests.drafting import TODAY
from tests.programs import random_program, words
from tests.programs.features import FORMS, features

OF_PEOPLE = {"program: until", "program: roster", "program: feeds"}  # those of tests.rosters have them
KEYS = {f"{table}: {field.key}" for table, fields in TABLES.items() for field in fields.fields} - OF_PEOPLE
ROOT = Path(__file__).parents[1]
program = cache(random_program)


def problems(text: str) -> list[Problem]:
    def no_file(name: str, place: Place) -> tuple[None, tuple[Problem, ...]]:
        raise AssertionError(f"a random program needs no second file, but asks for {name}")

    node, found = source.read(text.encode(), "program.yaml")
    if node is None:
        return list(found)
    understood, more = read_program(node, "program.yaml", no_file)
    found += more
    if understood is not None and not has_errors(found):
        found += expand(understood, TODAY).problems
    return [problem for problem in found if problem.severity == "error"]


def test_every_feature_occurs_at_least_5_times_in_400_programs() -> None:
    seen = Counter(name for seed in range(400) for name in features(program(seed)))
    kinds = {f"kind: {kind}" for kind in KINDS}
    zones = {f"zone: {zone}" for zone in words.ZONES}
    wanted = KEYS | FORMS | kinds | zones
    assert {name: seen[name] for name in sorted(wanted) if seen[name] < 5} == {}
    assert {name for name in seen if name.startswith(("zone", "kind"))} == kinds | zones


def test_nearly_all_programs_are_accepted_and_no_refusal_is_about_how_they_are_written() -> None:
    found = [problems(program(seed)) for seed in range(120)]
    refused = Counter(problem.code for each in found for problem in each)
    # what may be refused: a doubtful hour, a session without a time, a line that a later shift left empty
    assert set(refused) <= {"IOP303", "IOP304", "IOP305", "IOP306", "IOP307", "IOP308"}, refused
    assert sum(not each for each in found) >= 0.9 * len(found), refused


def test_programs_are_of_the_wanted_size_and_lie_where_calendars_err() -> None:
    sizes, spans = [], Counter[str]()
    for seed in range(100):
        text = program(seed)
        starts = [one.start for one in oracle.expand(text)]
        sizes.append(len(starts))
        zone = ZoneInfo(text.split("timezone: ")[1].split("\n")[0].strip("\"'"))
        spans.update(what_happens(starts[0], starts[-1], zone))
    assert 60 <= sum(sizes) / len(sizes) <= 160
    assert max(sizes) <= 450
    assert {name for name, times in spans.items() if times >= 8} == {
        "forward", "back", "new year", "29 February",
    }  # fmt: skip


def what_happens(first: datetime, last: datetime, zone: ZoneInfo) -> set[str]:
    """Names what a program runs across."""
    found = set()
    if first.year < last.year:
        found.add("new year")
    if first.date() <= date(2028, 2, 29) <= last.date():
        found.add("29 February")
    weeks = [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]
    offsets = [day.astimezone(zone).utcoffset() or timedelta() for day in (*weeks, last)]
    for before, after in pairwise(offsets):
        if before != after:
            found.add("forward" if before < after else "back")
    return found


@pytest.mark.parametrize("seed", [0, 7, 123456])
def test_a_seed_gives_the_same_program_whatever_the_machine(seed: int) -> None:
    texts = {random_program(seed)}
    script = "from tests.programs import random_program; print(random_program({seed}), end='')"
    for number in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": number, "TZ": "Asia/Tokyo", "PYTHONUTF8": "1"}
        done = subprocess.run(
            (sys.executable, "-c", script.format(seed=seed)),
            capture_output=True, cwd=ROOT, env=environment, encoding="utf-8", check=True,
        )  # fmt: skip
        texts.add(done.stdout)
    assert len(texts) == 1
