"""A folder in memory to break things in, and forked children to break them with."""

from __future__ import annotations

import gc
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from tests.faults.child import Call, Injector, Plan

Target = Callable[[Path], int]  # does the work in a folder and returns an exit code
Tree = dict[str, bytes]  # relative path -> bytes


class Result(NamedTuple):
    """How a child ended: its exit code (negative: the signal), its output, and the calls it made."""

    code: int
    output: str
    calls: tuple[Call, ...]


@contextmanager
def sandbox() -> Iterator[Path]:
    """A new folder, in memory where there is such a disk: a thousand runs flush often."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="iopcal-faults-", dir=memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    ) as folder:
        yield Path(folder)


def snapshot(folder: Path, *, hidden: bool = False) -> Tree:
    """Every file below the folder; those whose name begins with a dot only if `hidden`."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (hidden or not path.name.startswith("."))
    }


def put(template: Path, place: Path) -> None:
    """Makes `place` a copy of `template`, whatever it was before."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(template, place, symlinks=True)


def start_forked(action: Callable[[], int], plan: Plan | None, output: IO[bytes]) -> int:
    """Forks a child of this warm process that does the action under the plan; returns its process id.

    Its output, and then a line of JSON with the calls it made, go to the file `output`.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    gc.disable()  # it would touch, and so copy, all that the parent knows
    code = 70
    try:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8")
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", line_buffering=True)
        calls: list[Call] = []
        if plan is not None:
            injector = Injector(plan)
            calls = injector.calls
            injector.start()
        try:
            code = action()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        seen = json.dumps(calls)
        sys.stdout.write(f"\n{seen}\n")
        sys.stdout.flush()
    finally:
        os._exit(code)


def end_forked(child: int, output: IO[bytes]) -> Result:
    """Waits for such a child."""
    return result_of(os.waitpid(child, 0)[1], output)


def result_of(status: int, output: IO[bytes]) -> Result:
    """Reads what a child has left; `status` is as waitpid(2) gives it."""
    output.seek(0)
    text = output.read().decode(errors="replace")
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return Result(code, text, ())
    said, _, calls = text.rstrip("\n").rpartition("\n")
    return Result(code, said, tuple(Call(*call) for call in json.loads(calls)))


def run_forked(action: Callable[[], int], plan: Plan | None = None) -> Result:
    """Does the action in a forked child, with something broken if there is a plan."""
    with tempfile.TemporaryFile() as output:
        return end_forked(start_forked(action, plan, output), output)
