"""P4: 10,000 personal calendars, beside a loop of icalendar, and beside the bare cost of writing such files.

The bar: a fortieth of the loop's CPU time, and twice that of writing. The loop makes a fiftieth of the
calendars, and its time is multiplied.
"""

from __future__ import annotations

from pathlib import Path

from crowd import clear, enroll, our_build, their_command
from side_by_side import HERE, Environment, Side, compare, cpu, options

PEOPLE, PART = 10_000, 50


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=3) as given:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        environment.install_module(HERE / "peer_feeds.py")
        place = given.folder / "crowd"
        enroll(place, PEOPLE)

        def ours() -> float:
            clear(place)
            return cpu(our_build(environment, place))

        def theirs(way: str, count: int) -> float:
            return cpu(their_command(environment, way, str(place), str(count))) * PEOPLE / count

        compare(
            "P4 personal calendars",
            Side("iopcal", ours),
            [
                Side("loop of icalendar", lambda: theirs("icalendar", PEOPLE // PART)),
                Side("writing alone", lambda: theirs("write", PEOPLE)),
            ],
            given.runs,
            "ms",
            environment.versions("iopcal", "icalendar"),
        )
        print(f"    {PEOPLE:,} calendars of {size(place):,} bytes")


def size(place: Path) -> int:
    """Returns the bytes of one calendar."""
    return (next((place / "ours" / "feeds").iterdir()) / "calendar.ics").stat().st_size


if __name__ == "__main__":
    main()
