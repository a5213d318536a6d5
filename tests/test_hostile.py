"""Hostile files are refused quickly, in little memory, with a place and in plain words."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from typing import NamedTuple

import pytest

from iopcal.source import read
from tests.hostile_files import GOOD, hostile_files

LINES = {name: len(re.split(rb"\r\n|\r|\n", data)) for name, data in hostile_files().items()}
NAMES = tuple(LINES)
JARGON = re.compile(
    r"\b(expected|mapping|token|scanner|scalar|sequence|flow|parser|node|indicator|stream|simple key|codec|"
    r"traceback|exception)\b",
    re.IGNORECASE,
)

# One process reads them all, in 100 MiB more than it has when it begins.
CHILD = """
import gc, json, resource, sys, time
import yaml
from iopcal.source import read
from tests.hostile_files import hostile_files
if sys.argv[1] == "pure":
    yaml.__with_libyaml__ = False
files = hostile_files()
read(b"a: b", "warm.yaml")
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 100 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for name, data in files.items():
    begun = time.process_time()
    node, problems = read(data, "hostile.yaml")
    seconds = time.process_time() - begun
    told = [(tuple(p.place), p.code, p.message, p.hint, p.severity) for p in problems[:50]]
    print(json.dumps([name, seconds, len(problems), told]))
    del node, problems, told
"""


class Outcome(NamedTuple):
    """What one hostile file led to; places are (file, line, column, length)."""

    seconds: float
    problems: int
    told: tuple[tuple[tuple[str, int, int, int], str, str, str, str], ...]


def _outcomes(parser: str) -> dict[str, Outcome]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, parser], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    rows = (json.loads(line) for line in done.stdout.splitlines())
    return {name: Outcome(seconds, count, tuple(told)) for name, seconds, count, told in rows}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """Returns what every hostile file led to."""
    return _outcomes("c")


def test_there_are_at_least_a_hundred_hostile_files() -> None:
    assert len(NAMES) >= 100


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_file_is_refused_in_plain_words_with_its_place(
    name: str, outcomes: dict[str, Outcome]
) -> None:
    outcome = outcomes[name]
    assert outcome.seconds < 1
    assert outcome.problems >= 1
    for (file, line, column, length), code, message, hint, severity in outcome.told:
        assert file == "hostile.yaml"
        assert 1 <= line <= LINES[name]
        assert column >= 1
        assert length >= 1
        assert re.fullmatch(r"IOP1[123]\d", code)
        assert severity == "error"
        assert not JARGON.search(message + " " + hint)
        assert message == message.strip()
        assert not message.endswith(".")
        assert len(message) < 250
        assert len(hint) < 250
        assert (message + hint).isprintable()


@pytest.mark.long
def test_the_pure_parser_refuses_the_same_files() -> None:
    refused = _outcomes("pure")
    assert set(refused) == set(NAMES)
    for name, outcome in refused.items():
        assert outcome.problems >= 1, name
        assert outcome.seconds < 2, name


def _mutants(seed: int, count: int) -> list[bytes]:
    """Returns good files with bytes changed, inserted, removed, repeated and moved."""
    source = random.Random(seed)
    pieces = [
        b":",
        b": ",
        b"- ",
        b"\n",
        b"\t",
        b"#",
        b" #",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b'"',
        b"'",
        b"&a ",
        b"*a",
    ]
    pieces += [
        b"!!int ",
        b"<<: ",
        b"|",
        b">",
        b"%",
        b"@",
        b"---\n",
        b"...\n",
        b"\\",
        b"\0",
        b"\xff",
        b"\xc2\x85",
        b"?",
    ]
    pieces += [
        "\u2028".encode(),
        "\u202e".encode(),
        b"\r",
        b"\r\n",
        b"~",
        b"null",
        b"  ",
        "\u201c".encode(),
        b"? ",
    ]
    mutants = []
    for _ in range(count):
        data = bytearray(GOOD)
        for _ in range(source.choice((1, 1, 2, 3, 8))):
            at = source.randrange(len(data) + 1)
            end = min(at + source.choice((1, 1, 2, 10, 60)), len(data))
            act = source.randrange(5)
            if act == 0:
                data[at:at] = source.choice(pieces)
            elif act == 1:
                del data[at:end]
            elif act == 2:
                data[at:end] = source.choice(pieces)
            elif act == 3:
                data[at:at] = data[at:end] * source.choice((1, 3, 50))
            else:
                data[at:end] = source.randbytes(end - at)
        mutants.append(bytes(data))
    return mutants


def _check_mutants(seed: int, count: int) -> None:
    for data in _mutants(seed, count):
        begun = time.process_time()
        node, problems = read(data, "mutant.yaml")
        assert time.process_time() - begun < 1, data
        assert node is not None or problems, data
        for problem in problems:
            assert not JARGON.search(problem.message + " " + problem.hint), (problem, data)
            assert problem.place.line <= len(re.split(rb"\r\n|\r|\n", data)), (problem, data)


def test_changed_files_lead_to_nodes_or_problems_and_never_to_an_exception() -> None:
    _check_mutants(seed=1, count=1_500)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
def test_very_many_changed_files_lead_to_nodes_or_problems(seed: int) -> None:
    _check_mutants(seed, count=20_000)


@pytest.mark.long
def test_a_file_cut_anywhere_leads_to_nodes_or_problems() -> None:
    for end in range(len(GOOD) + 1):
        node, problems = read(GOOD[:end], "cut.yaml")
        assert node is not None or problems
