"""P2: a build of what has not changed since the last one, beside a script that makes the same calendars.

The bar: at most 1.3 times the CPU time of the script, the goal 0.9 times; and no file is touched.
"""

from __future__ import annotations

from pathlib import Path

from builds import PACKAGES, install, our_build, their_build
from side_by_side import Side, compare, cpu, options


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Returns the times of modification and bytes of all calendars."""
    files = folder.rglob("*.ics")
    return {str(file): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=21) as given:
        environment = install(given.folder)
        ours, theirs = given.folder / "ours", given.folder / "theirs"
        cpu(our_build(environment, ours))
        before = state(ours)
        compare(
            "P2 unchanged build",
            Side("iopcal", lambda: cpu(our_build(environment, ours))),
            [Side("script", lambda: cpu(their_build(environment, theirs)))],
            given.runs,
            "ms",
            environment.versions("iopcal", *PACKAGES),
        )
        if not before or state(ours) != before:
            raise SystemExit("an unchanged build touched its files")


if __name__ == "__main__":
    main()
