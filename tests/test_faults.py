"""A folder of twenty files survives every fault at every call."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from iopcal.targets.folder import Folder, Outcome
from iopcal.targets.locks import Busy
from iopcal.targets.trouble import Trouble, trouble
from tests.faults import ERRORS, EVERY_FAULT, KILLS, run_pairs, run_points

pytestmark = pytest.mark.forks
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
    folder, outcome = Folder(path), Outcome()
    try:
        with folder.lock(now=NOW, wait=wait):
            outcome = folder.replace(wanted, ["gone-1.ics", "gone/2.ics"])
        more: tuple[Trouble, ...] = ()
    except Busy as busy:
        more = (busy.trouble,)
    except OSError as error:
        more = (trouble(error),)
    outcome = outcome._replace(troubles=(*outcome.troubles, *more))
    for problem in outcome.problems:
        print(problem.message)
    return outcome.exit


def prepare(path: Path) -> None:
    folder = Folder(path)
    with folder.lock(now=NOW):
        folder.replace({name: feed("old", name) for name in [*names(), "gone-1.ics", "gone/2.ics"]})


def nothing(path: Path) -> None:
    """Leaves the folder empty, as before the first build."""


def test_a_process_killed_at_any_call_leaves_whole_files_and_the_next_run_finishes() -> None:
    report = run_points(partial(publish, "new"), prepare, faults=KILLS, points=60, seed=SEED)
    print(report)
    assert report.points == 60
    assert report.failures == 0, report


def test_an_error_at_any_call_leaves_whole_files_no_temporary_ones_and_is_told() -> None:
    report = run_points(partial(publish, "new"), prepare, faults=ERRORS, points=80, seed=SEED)
    print(report)
    assert report.points == 80
    assert report.failures == 0, report


def test_a_killed_first_build_is_finished_by_a_run_that_wants_other_bytes() -> None:
    report = run_points(
        partial(publish, "new"), nothing, faults=KILLS, points=30, seed=SEED, finish=partial(publish, "other")
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


def careless(path: Path) -> int:
    """What the harness is there to find: writes in place, hides errors, leaves its temporary file."""
    try:
        with (path / ".iopcal-1.tmp").open("wb") as file:
            file.write(b"half")
        for name in names():
            (path / name).write_bytes(feed("new", name))
        (path / ".iopcal-1.tmp").unlink()
    except PermissionError:
        return 0
    return 0


def test_the_harness_finds_a_careless_writer() -> None:
    report = run_points(careless, prepare, faults=EVERY_FAULT, points=60, seed=SEED)
    print(report)
    assert report.torn > 10
    assert report.tracebacks > 10
    assert report.exit0 > 10
    assert report.left_over > 10
    assert len(report.examples) >= 10


def counting(path: Path) -> int:
    """A run whose result depends on how often it was run."""
    counter = path / "runs.txt"
    counter.write_text(str(int(counter.read_text()) + 1 if counter.exists() else 1))
    return 0


def test_the_harness_finds_a_run_that_the_next_one_does_not_finish() -> None:
    report = run_points(counting, nothing, faults=KILLS, seed=SEED)
    assert report.unfinished > 0


def test_the_harness_finds_two_runs_that_do_not_keep_apart() -> None:
    for attempt in range(12):  # whether anybody looks at the wrong moment is chance
        report = run_pairs(careless, partial(publish, "two"), prepare, pairs=10, seed=SEED + attempt)
        if report.torn:
            break
    assert report.torn > 0


def main(folder: str) -> int:
    return publish("new", Path(folder))


@pytest.mark.parametrize(("kind", "code"), [("KILL", -signal.SIGKILL), ("ENOSPC", 75), ("EROFS", 1)])
def test_a_process_of_its_own_can_be_broken_too(tmp_path: Path, kind: str, code: int) -> None:
    command = [sys.executable, "-m", "tests.faults", str(tmp_path), "1", kind, "before"]
    run = subprocess.run(
        [*command, "tests.test_faults:main", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code
    assert run.stderr == ""
    assert list(tmp_path.iterdir()) == []
