"""P1: a build into an empty folder, beside a script that makes the same calendars and checks nothing.

The bar: at most 1.3 times the CPU time of the script; the goal: no more than it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from builds import PACKAGES, install, our_build, their_build
from side_by_side import Side, compare, cpu, options


def cold(command: tuple[str, ...], output: Path) -> float:
    """Builds into a folder that is not there."""
    shutil.rmtree(output, ignore_errors=True)
    return cpu(command)


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=21) as given:
        environment = install(given.folder)
        ours, theirs = given.folder / "ours", given.folder / "theirs"
        compare(
            "P1 cold build",
            Side("iopcal", lambda: cold(our_build(environment, ours), ours)),
            [Side("script", lambda: cold(their_build(environment, theirs), theirs))],
            given.runs,
            "ms",
            environment.versions("iopcal", *PACKAGES),
        )


if __name__ == "__main__":
    main()
