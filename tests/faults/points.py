"""One run for each call and each fault: are all files whole, is all tidy, does the next run finish?"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from iopcal.targets.files import is_temporary
from tests.faults.child import ERRNOS, Plan
from tests.faults.sandbox import Result, Target, Tree, put, run_forked, sandbox, snapshot


class Fault(NamedTuple):
    """What happens at a call: the process is killed, or the call fails, before or after it is done."""

    kind: str
    after: bool = False
    lasting: bool = False


KILLS = (Fault("KILL"), Fault("KILL", after=True))
ERRORS = tuple(Fault(name) for name in ERRNOS)
# The answer is lost though the call was done; the disk stays full; the account stays barred.
ODD_ERRORS = (
    Fault("EIO", after=True),
    Fault("ENOSPC", lasting=True),
    Fault("EACCES", lasting=True),
)
EVERY_FAULT = KILLS + ERRORS + ODD_ERRORS


class Report(NamedTuple):
    """How many points were run and how often each promise was broken; `examples` are the first of them."""

    points: int
    calls: int  # of one run without a fault
    torn: int  # a published file that is neither the old nor the new one
    left_over: int  # a temporary file after an error, or anything after the next run
    tracebacks: int
    exit0: int  # an error, and the run said that all was well
    unfinished: int  # the next run did not reach what it should
    seed: int
    seconds: float
    examples: tuple[str, ...]

    @property
    def failures(self) -> int:
        return self.torn + self.left_over + self.tracebacks + self.exit0 + self.unfinished

    def __str__(self) -> str:
        return (
            f"{self.points} points at {self.calls} calls: {self.torn} torn, {self.left_over} left over, "
            f"{self.tracebacks} tracebacks, {self.exit0} exit 0, {self.unfinished} unfinished; "
            f"seed {self.seed}, {self.seconds:.1f} s" + "".join(f"\n  {line}" for line in self.examples)
        )


def run_points(
    target: Target,
    prepare: Callable[[Path], object],
    *,
    faults: Iterable[Fault] = KILLS + ERRORS,
    points: int | None = None,
    seed: int = 0,
    finish: Target | None = None,
) -> Report:
    """Runs `target` on a prepared folder, once for each call and fault, or for a sample of `points` of them.

    Afterwards `finish` (another target with the same file names; else the same again) must end with 0 and
    leave exactly what it leaves after a good run. Only calls on files below the folder count.
    """
    begin = time.monotonic()
    with sandbox() as where:
        template, place = where / "template", where / "place"
        template.mkdir()
        prepare(template)
        old = snapshot(template)
        put(template, place)
        good = run_forked(partial(target, place), Plan(str(place)))
        if good.code != 0:
            raise AssertionError(f"the run without a fault ended with {good.code}: {good.output}")
        new = snapshot(place)
        last = finish or target
        if run_forked(partial(last, place)).code != 0:
            raise AssertionError("the finishing run failed without a fault")
        final = snapshot(place, hidden=True)

        every = [(fault, at) for fault in faults for at in range(1, len(good.calls) + 1)]
        chosen = every if points is None else random.Random(seed).sample(every, min(points, len(every)))
        broken = {"torn": 0, "left_over": 0, "tracebacks": 0, "exit0": 0, "unfinished": 0}
        examples: list[str] = []
        for fault, at in chosen:
            put(template, place)
            result = run_forked(partial(target, place), Plan(str(place), at, *fault))
            found = set(_after_fault(result, fault, place, old, new))
            end = run_forked(partial(last, place))
            found.update(_after_finish(end, place, final))
            for promise in found:
                broken[promise] += 1
            if found and len(examples) < 10:
                call = good.calls[at - 1]
                about = f"{call.name} {Path(call.path).relative_to(place)}"
                examples.append(f"{sorted(found)} {fault} at {at}: {about} -> {result.code}, {end.code}")
                examples.append(f"    {result.output[-300:]!r} {end.output[-300:]!r}")
    return Report(
        len(chosen),
        len(good.calls),
        **broken,
        seed=seed,
        seconds=time.monotonic() - begin,
        examples=tuple(examples),
    )


def whole(found: Tree, *versions: Tree) -> bool:
    """Says whether each file is one of its versions, and none is missing that all versions have."""
    names = set(found).union(*versions)
    return all(found.get(name) in [version.get(name) for version in versions] for name in names)


def _after_fault(result: Result, fault: Fault, place: Path, old: Tree, new: Tree) -> Iterable[str]:
    if not whole(snapshot(place), old, new):
        yield "torn"
    if "Traceback" in result.output:
        yield "tracebacks"
    if result.code == 0:
        yield "exit0"
    killed = fault.kind == "KILL"
    if not killed and not fault.lasting and any(is_temporary(path.name) for path in place.rglob("*")):
        yield "left_over"


def _after_finish(end: Result, place: Path, final: Tree) -> Iterable[str]:
    if end.code != 0 or {**final, **snapshot(place)} != final:
        yield "unfinished"
    if snapshot(place, hidden=True).keys() != final.keys():
        yield "left_over"
