"""Breaks one call of a process: `python -m tests.faults ROOT AT KIND before|after MODULE:FUNCTION [ARG...]`.

ROOT is the folder whose files count, AT the number of the call (0: none), KIND an errno such as EIO, or KILL.
The function gets the arguments and returns the exit code.
"""

from __future__ import annotations

import importlib
import sys

from tests.faults.child import Injector, Plan


def main(root: str, at: str, kind: str, when: str, target: str, *arguments: str) -> int:
    """Runs a function under a plan and returns its exit code."""
    module, _, function = target.partition(":")
    action = getattr(importlib.import_module(module), function)
    sys.argv = [function, *arguments]
    Injector(Plan(root, int(at), kind, when == "after")).start()
    return int(action(*arguments) or 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
