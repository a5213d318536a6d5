"""P5: the build of P4 again after one person has changed, beside the first build. One file may be written.

The bar: 0.15 times the CPU time.
"""

from __future__ import annotations

from crowd import clear, enroll, our_build, state
from side_by_side import Environment, Side, compare, cpu, options

PEOPLE = 10_000


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=3) as given:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        place = given.folder / "crowd"
        build = our_build(environment, place)

        def cold() -> float:
            clear(place)
            enroll(place, PEOPLE)
            return cpu(build)

        def changed() -> float:
            before = state(place)
            enroll(place, PEOPLE, changed=PEOPLE // 2)
            figure = cpu(build)
            after = state(place)
            if sum(after[name] != before.get(name) for name in after) != 1 or len(after) != PEOPLE + 1:
                raise SystemExit("other calendars were touched than the one that changed")
            enroll(place, PEOPLE)
            cpu(build)
            return figure

        cold()
        compare(
            "P5 one changed",
            Side("one changed", changed),
            [Side("first build", cold)],
            given.runs,
            "ms",
            environment.versions("iopcal"),
        )


if __name__ == "__main__":
    main()
