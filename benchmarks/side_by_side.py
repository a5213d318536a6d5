"""Two programs measured side by side: A B A B ..., CPU time of whole processes, medians. Unix only.

Machines are noisy and change their pace, so what means anything is the ratio of two runs that follow each
other: of these ratios the median is printed. What is measured is installed as anybody installs it: in a
virtual environment, not editable, compiled to byte code.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).parent
PROGRAM = str(HERE / "program.yaml")
PACKAGED = ("iopcal", "setup.cfg", "pyproject.toml", "README.md")  # all that an installation reads
NOW = {"IOPCAL_NOW": "2026-12-01T08:00:00Z"}


class Options(NamedTuple):
    """What the command line of a benchmark says."""

    runs: int
    folder: Path  # for virtual environments and for what the programs write


@contextmanager
def options(description: str | None, runs: int) -> Iterator[Options]:
    """Reads the command line of a benchmark that runs each side `runs` times unless told otherwise."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--runs", type=int, default=runs, help=f"how often each side runs [{runs}]")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="install here, and use it again next time")
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        yield Options(given.runs, given.keep.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="iopcal-benchmark-") as folder:
            yield Options(given.runs, Path(folder))


class Environment:
    """A virtual environment with some packages, made unless it is there."""

    def __init__(self, folder: Path, *packages: str) -> None:
        self.folder = folder
        if not folder.exists():
            venv.create(folder, with_pip=True)
            if packages:
                self.install(*packages)

    def install(self, *words: str) -> None:
        """Installs packages, as byte code too."""
        self.run("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--compile", *words)

    def install_iopcal(self) -> None:
        """Installs iopcal as it stands beside this file; from a copy, as building leaves files behind."""
        with tempfile.TemporaryDirectory(prefix="iopcal-source-") as source:
            for name in PACKAGED:
                original, copy = HERE.parent / name, Path(source, name)
                if original.is_dir():
                    shutil.copytree(original, copy)
                else:
                    shutil.copy2(original, copy)
            self.install(source)
            self.install("--no-deps", "--force-reinstall", source)  # the version may be the same as before

    def install_module(self, file: Path) -> None:
        """Puts a single module among the packages, compiled like them."""
        packages = self.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
        copy = shutil.copy2(file, packages)
        self.run("-m", "compileall", "-q", str(copy))

    def command(self, name: str) -> str:
        """Returns the path of an installed command."""
        return str(self.folder / "bin" / name)

    def run(self, *arguments: str) -> str:
        """Runs its Python and returns what that prints."""
        words = (self.command("python"), *arguments)
        return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def versions(self, *packages: str) -> str:
        """Returns the name and installed version of each package."""
        code = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
        versions = self.run("-c", code, *packages).split(" ")
        return ", ".join(map(" ".join, zip(packages, versions, strict=True)))


def cpu(command: tuple[str, ...]) -> float:
    """Runs a command and returns the milliseconds of CPU, user and system, of its whole process."""
    silent = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1, 2)]
    process = os.posix_spawn(command[0], command, os.environ | NOW, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return 1000 * (usage.ru_utime + usage.ru_stime)


class Side(NamedTuple):
    """One of the programs: `run` returns a figure."""

    name: str
    run: Callable[[], float]


def measure(sides: Sequence[Side], runs: int) -> dict[str, list[float]]:
    """Returns the figures of each side in `runs` rounds, after one to warm up."""
    figures: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(-1, runs):
        for side in sides:
            figure = side.run()
            if number >= 0:
                figures[side.name].append(figure)
    return figures


def compare(row: str, ours: Side, theirs: Sequence[Side], runs: int, unit: str, versions: str) -> None:
    """Measures our side beside others and prints, for each of those, the ratio and both figures."""
    figures = measure((ours, *theirs), runs)
    mine = figures[ours.name]
    for side in theirs:
        other = figures[side.name]
        ratio = median(one / another for one, another in zip(mine, other, strict=True))
        print(f"{row}: {ratio:.2f}x  {ours.name} {median(mine):.1f} {unit}, ", end="")
        print(f"{side.name} {median(other):.1f} {unit}")
    print(f"    medians of {runs} runs, in turns; {versions}; Python {sys.version.split()[0]} {sys.platform}")
