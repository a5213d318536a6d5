"""The command line: one file a command, and nothing imported before it is needed."""

from __future__ import annotations

import gc
import sys

EXIT_CODES = """Exit codes: 0 done, 1 problems in the files, 2 wrong usage, 3 partly done, 4 refused
as unsafe, 5 credentials, 6 done but human edits left alone, 7 plan --check found changes, 75 try again
later."""


def main() -> None:
    """Runs the command of `sys.argv` and ends the process with its exit code."""
    gc.set_threshold(200_000)  # a run keeps most of what it makes: to look for cycles sooner finds none
    from iopcal.cli.commands import iopcal, run

    code = run(iopcal)
    gc.freeze()  # the end of the process frees everything, cycles or not
    sys.exit(code)
