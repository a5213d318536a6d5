"""P6: the memory of building personal calendars, of 10,000 people and of 100,000, beside reading the program.

The bar: at most 150 MB more than reading and checking the same program, however many people there are.
"""

from __future__ import annotations

import os

from crowd import clear, enroll, our_build
from side_by_side import NOW, Environment, options

CROWDS = (10_000, 100_000)
MOST = 150  # MB


def megabytes(command: tuple[str, ...]) -> float:
    """Runs a command and returns the most memory it had."""
    silent = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1, 2)]
    process = os.posix_spawn(command[0], command, os.environ | NOW, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return usage.ru_maxrss / 1024


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=1) as given:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        place = given.folder / "crowd"
        for people in CROWDS:
            clear(place)
            enroll(place, people)
            check = megabytes((environment.command("iopcal"), "check", "-q", str(place / "crowd.yaml")))
            first, second = (megabytes(our_build(environment, place)) for _ in range(2))
            print(f"P6 memory of {people:,} people: {first - check:.0f} MB more than reading them, ", end="")
            print(f"{second - check:.0f} MB when nothing changed (reading {check:.0f} MB, bar {MOST} MB)")


if __name__ == "__main__":
    main()
