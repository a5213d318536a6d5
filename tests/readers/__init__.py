"""Foreign iCalendar readers, all asked in one way: which sessions does this file hold?

`available()` gives those that tell times, `parsers()` those that only parse; both read many files at once.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from tests.readers.batch import Unreadable, read_files
from tests.readers.occurrence import Occurrence

HERE = Path(__file__).parent
ReadFiles = Callable[[Sequence[Path], date, date], list[list[Occurrence]]]


class Reader(NamedTuple):
    """One foreign reader; `needs` are modules (Python), a package of npm, or a library of pkg-config."""

    name: str
    family: str  # python, node or c
    needs: tuple[str, ...]
    tells_times: bool = True
    core: bool = False  # one of the readers that every random program is compared with
    own_tables: bool = False  # takes zones by name from tables of its own: see tests/readers/tables.py
    misread: frozenset[str] = frozenset()  # zones in which it is wrong of itself; a sample file shows how

    def missing(self) -> str:
        """Says why this reader cannot run here and what installs it, or ''."""
        if self.family == "python":
            absent = [module for module in self.needs if find_spec(module) is None]
            return f"{self.name}: pip install {' '.join(absent)}" if absent else ""
        if self.family == "node":
            installed = all((HERE / "js/node_modules" / need).is_dir() for need in self.needs)
            ready = installed and shutil.which("node")
            return "" if ready else f"{self.name}: npm ci --prefix tests/readers/js"
        return "" if compiled() else f"{self.name}: apt-get install libical-dev gcc pkg-config"

    def command(self) -> tuple[str, ...]:
        """Returns the command that takes FROM, TO and a list of files."""
        if self.family == "python":
            return (sys.executable, "-m", "tests.readers", self.name)
        if self.family == "node":
            return ("node", "--no-warnings", str(HERE / "js/read.mjs"), self.name)
        return (compiled(),)

    def read(self, files: Sequence[Path], first: date, last: date) -> list[list[Occurrence]]:
        """Returns the occurrences that start on UTC days from `first` to before `last`, a list a file.

        Raises Unreadable when the reader objects to any file.
        """
        return read_files(self.command(), files, first, last)


READERS = (
    Reader("plain", "python", ()),
    Reader("recurring", "python", ("icalendar", "recurring_ical_events"), core=True),
    Reader("vobject", "python", ("vobject",), core=True),
    Reader("ical", "python", ("ical",), core=True),
    Reader("icalevents", "python", ("icalevents",), own_tables=True),
    Reader("ical.js", "node", ("ical.js",), core=True),
    Reader("node-ical", "node", ("node-ical",), own_tables=True),
    Reader("rrule-temporal", "node", ("rrule-temporal",), own_tables=True),
    Reader("libical", "c", ("libical",), core=True, misread=frozenset({"America/Nuuk"})),
    Reader("ics", "python", ("ics",), tells_times=False),
)


def available() -> dict[str, ReadFiles]:
    """Returns the readers that tell times and can run here."""
    return {reader.name: reader.read for reader in READERS if reader.tells_times and not reader.missing()}


def parsers() -> dict[str, ReadFiles]:
    """Returns the readers that only parse and can run here: their lists of occurrences are empty."""
    return {reader.name: reader.read for reader in READERS if not reader.tells_times and not reader.missing()}


@cache
def compiled() -> str:
    """Compiles the libical reader into a folder that goes with this process; '' where it cannot be."""
    if not shutil.which("pkg-config") or not shutil.which("gcc"):
        return ""
    question = ("pkg-config", "--cflags", "--libs", "libical")
    flags = subprocess.run(question, capture_output=True, text=True, check=False)
    if flags.returncode:
        return ""
    program = Path(build_folder().name) / "li"
    subprocess.run(("gcc", "-O2", "-Wall", "-o", program, HERE / "li.c", *flags.stdout.split()), check=True)
    return str(program)


@cache
def build_folder() -> tempfile.TemporaryDirectory[str]:
    """Returns a temporary folder; it is held by the cache until the process ends."""
    return tempfile.TemporaryDirectory(prefix="readers-")


__all__ = ["READERS", "Occurrence", "Reader", "Unreadable", "available", "parsers"]
