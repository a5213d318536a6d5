"""Two runs at once in one folder, while somebody reads it."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.faults.points import whole
from tests.faults.sandbox import (
    Result,
    Target,
    Tree,
    put,
    result_of,
    run_forked,
    sandbox,
    snapshot,
    start_forked,
)


class PairReport(NamedTuple):
    """What became of the pairs."""

    pairs: int
    reads: int
    torn: int
    failed: int  # an exit code other than 0 and 75, a traceback, or no run of the two that did its work
    waited: int  # found the folder busy, said so and ended with 75
    seed: int
    seconds: float
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.pairs} pairs, {self.reads} reads: {self.torn} torn, {self.failed} failed; "
            f"{self.waited} found it busy; seed {self.seed}, {self.seconds:.1f} s"
            + "".join(f"\n  {line}" for line in self.examples)
        )


def run_pairs(
    first: Target, second: Target, prepare: Callable[[Path], object], *, pairs: int, seed: int = 0
) -> PairReport:
    """Starts both targets at nearly the same time and reads until both have ended, `pairs` times."""
    begin, chance = time.monotonic(), random.Random(seed)
    reads = torn = failed = waited = 0
    examples: list[str] = []
    with sandbox() as where:
        template, place = where / "template", where / "place"
        template.mkdir()
        prepare(template)
        versions = [snapshot(template)]
        for target in (first, second):
            put(template, place)
            run_forked(partial(target, place))
            versions.append(snapshot(place))
        for _ in range(pairs):
            put(template, place)
            pauses = chance.sample((0, chance.uniform(0, 0.004)), 2)  # seconds; a run takes about 10 ms
            actions = [
                partial(_later, pause, t, place) for pause, t in zip(pauses, (first, second), strict=True)
            ]
            results, looks, bad = _pair(actions, place, versions)
            reads += looks
            torn += bad
            codes = sorted(result.code for result in results)
            waited += codes.count(75)
            said = [result.output for result in results if result.code == 75]
            if codes not in ([0, 0], [0, 75]) or any("in use by another run" not in text for text in said):
                failed += 1
                examples += [f"{result.code}: {result.output[-300:]!r}" for result in results]
    seconds = time.monotonic() - begin
    return PairReport(pairs, reads, torn, failed, waited, seed, seconds, tuple(examples[:10]))


def _later(pause: float, target: Target, place: Path) -> int:
    time.sleep(pause)
    return target(place)


def _gated(gate: int, action: Callable[[], int]) -> int:
    os.read(gate, 1)
    return action()


def _pair(
    actions: Sequence[Callable[[], int]], place: Path, versions: Sequence[Tree]
) -> tuple[list[Result], int, int]:
    """Runs one pair; returns how the two ended, how many files were read, and how many were torn."""
    allowed = {name: [version.get(name) for version in versions] for name in set().union(*versions)}
    results: list[Result] = []
    reads = torn = 0
    gate, opener = os.pipe()
    with tempfile.TemporaryFile() as one, tempfile.TemporaryFile() as two:
        outputs = {
            start_forked(partial(_gated, gate, action), None, output): output
            for action, output in zip(actions, (one, two), strict=True)
        }
        os.write(opener, b"go")
        while outputs:
            for name, contents in allowed.items():
                reads += 1
                torn += _content(place / name) not in contents
            child, status = os.waitpid(-1, os.WNOHANG)
            if child:
                results.append(result_of(status, outputs.pop(child)))
    os.close(gate)
    os.close(opener)
    return results, reads, torn + (not whole(snapshot(place), *versions))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
