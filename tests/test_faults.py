"""A folder of twenty files survives every fault at every call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from iopcal.targets.folder import Folder
from iopcal.targets.locks import Busy
from iopcal.targets.trouble import trouble
from tests.faults import ERRORS, EVERY_FAULT, KILLS, run_pairs, run_points

NOW = datetime(2026, 12, 12, 6, 10, tzinfo=UTC)
SEED = 20261212


def feed(version: str, name: str) -> bytes:
    return f"{version} {name}\r\n".encode() * 400


def names(count: int = 16) -> list[str]:
    feeds = [f"feed-{number}.ics" for number in range(count - 6)]
    return [*feeds, *(f"staff/lead-{number}.ics" for number in range(4)), "index.html", "metrics.prom"]


def publish(version: str, path: Path, *, wait: float = 0) -> int:
    """As a command would do it: of twenty files fifteen change, one stays, two are new and two go."""
    wanted = {name: feed(version, name) for name in names()}
    wanted |= {name: feed(version, name) for name in ("new.ics", "new/first.ics")}
    wanted["feed-3.ics"] = feed("old", "feed-3.ics")
    folder = Folder(path)
    code = 75
    try:
        with folder.lock(now=NOW, wait=wait):
            outcome = folder.replace(wanted, ["gone-1.ics", "gone/2.ics"])
            code = outcome.exit
        for problem in outcome.problems:
            print(problem.message)
    except Busy as busy:
        print(busy.trouble.problem.message)
        return busy.trouble.exit
    except OSError as error:
        print(trouble(error).problem.message)
        return code or trouble(error).exit
    return code


def prepare(path: Path) -> None:
    folder = Folder(path)
    with folder.lock(now=NOW):
        folder.replace({name: feed("old", name) for name in [*names(), "gone-1.ics", "gone/2.ics"]})


def nothing(path: Path) -> None:
    """Leaves the folder empty, as before the first build."""


def test_a_process_killed_at_any_call_leaves_whole_files_and_the_next_run_finishes() -> None:
    report = run_points(partial(publish, "new"), prepare, faults=KILLS, points=100, seed=SEED)
    print(report)
    assert report.points == 100
    assert report.failures == 0, report


def test_an_error_at_any_call_leaves_whole_files_no_temporary_ones_and_is_told() -> None:
    report = run_points(partial(publish, "new"), prepare, faults=ERRORS, points=200, seed=SEED)
    print(report)
    assert report.points == 200
    assert report.failures == 0, report


def test_a_killed_first_build_is_finished_by_a_run_that_wants_other_bytes() -> None:
    report = run_points(
        partial(publish, "new"), nothing, faults=KILLS, points=60, seed=SEED, finish=partial(publish, "other")
    )
    print(report)
    assert report.failures == 0, report


@pytest.mark.long
@pytest.mark.parametrize("before", [prepare, nothing], ids=["update", "first"])
@pytest.mark.parametrize("version", ["new", "other"])
def test_every_fault_at_every_call(before: Callable[[Path], object], version: str) -> None:
    report = run_points(
        partial(publish, "new"), before, faults=EVERY_FAULT, seed=SEED, finish=partial(publish, version)
    )
    print(report)
    assert report.points == report.calls * len(EVERY_FAULT)
    assert report.failures == 0, report


def check_pairs(pairs: int, wait: float) -> None:
    report = run_pairs(
        partial(publish, "one", wait=wait),
        partial(publish, "two", wait=wait),
        prepare,
        pairs=pairs,
        seed=SEED,
    )
    print(report)
    assert report.reads > pairs
    assert report.torn == report.failed == 0, report
    if wait:
        assert report.waited == 0, report


def test_of_two_runs_at_once_one_says_that_the_folder_is_busy() -> None:
    check_pairs(20, wait=0)


def test_of_two_runs_at_once_one_waits_when_told_to() -> None:
    check_pairs(5, wait=30)


@pytest.mark.long
def test_five_hundred_pairs_of_runs() -> None:
    check_pairs(400, wait=0)
    check_pairs(100, wait=30)
