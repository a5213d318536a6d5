"""A build of twenty calendars survives every fault at every call, and two builds at once."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache, partial
from pathlib import Path

import pytest

from iopcal.cli.commands import iopcal, run
from tests.command import SMALL
from tests.faults import ERRORS, EVERY_FAULT, KILLS, run_pairs, run_points

pytestmark = pytest.mark.forks
SEED = 20261125
PROGRAMS = 10  # of two calendars each


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """Returns a folder of programs in two versions; the cache holds it until the process ends."""
    place = tempfile.TemporaryDirectory(prefix="programs-")
    for number in range(PROGRAMS):
        text = SMALL.replace("small", f"small-{number}")
        (Path(place.name) / f"old-{number}.yaml").write_text(text)
        later = text.replace("17:30", "18:00") if number % 2 else text  # every other one changes
        (Path(place.name) / f"new-{number}.yaml").write_text(later)
    return place


def build(version: str, path: Path, *more: str) -> int:
    """Runs `iopcal build` of all programs in this process."""
    files = [f"{folder().name}/{version}-{number}.yaml" for number in range(PROGRAMS)]
    os.environ["IOPCAL_NOW"] = "2026-12-01T12:00:00Z"
    sys.argv = ["iopcal", "build", "--output", str(path), *more, *files]
    return run(iopcal)


def prepare(path: Path) -> None:
    assert build("old", path, "--quiet") == 0


def nothing(path: Path) -> None:
    """Leaves the folder empty, as before the first build."""


@pytest.mark.parametrize("faults", [KILLS, ERRORS], ids=["killed", "errors"])
@pytest.mark.parametrize("before", [prepare, nothing], ids=["update", "first"])
def test_a_build_leaves_whole_files_and_the_next_one_finishes(faults, before, figure):
    report = run_points(partial(build, "new"), before, faults=faults, points=6, seed=SEED)
    figure(f"build of {2 * PROGRAMS} files, {report}")
    assert report.points == 6
    assert report.failures == 0, report


@pytest.mark.long
@pytest.mark.parametrize("before", [prepare, nothing], ids=["update", "first"])
def test_every_fault_at_every_call_of_a_build(before, figure):
    report = run_points(partial(build, "new"), before, faults=EVERY_FAULT, seed=SEED)
    figure(f"build of {2 * PROGRAMS} files, {report}")
    assert report.points == report.calls * len(EVERY_FAULT)
    assert report.failures == 0, report


# Two builds at once make the same: one that comes late has nothing to do, and no third version is seen.


def test_of_two_builds_at_once_one_says_that_the_folder_is_busy(figure):
    report = run_pairs(partial(build, "new"), partial(build, "new"), prepare, pairs=5, seed=SEED)
    figure(f"builds at once: {report}")
    assert report.torn == report.failed == 0, report


def test_of_two_builds_at_once_one_waits_when_told_to(figure):
    report = run_pairs(waiting, waiting, prepare, pairs=3, seed=SEED)
    figure(f"builds at once: {report}")
    assert report.torn == report.failed == report.waited == 0, report


def waiting(path: Path) -> int:
    return build("new", path, "--wait", "30")
