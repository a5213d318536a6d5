"""The command line: one file a command, and nothing imported before it is needed."""

from __future__ import annotations

import sys

EXIT_CODES = """Exit codes: 0 done, 1 problems in the files, 2 wrong usage, 3 partly done, 4 refused
as unsafe, 5 credentials, 6 done but human edits left alone, 7 plan --check found changes, 75 try again
later."""


def main() -> None:
    """Runs the command of `sys.argv` and ends the process with its exit code."""
    from iopcal.cli.commands import iopcal, run

    sys.exit(run(iopcal))
