"""P7: dated sessions a second out of `expand`, beside the rules of dateutil to aware datetimes.

The bar: no fewer than dateutil with a rule for every weekly series. What `bundled` means: see dates.py.
"""

from __future__ import annotations

from functools import partial

from dates import WAYS
from side_by_side import HERE, PROGRAM, Environment, Side, compare, options


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=7) as given:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        counts = set()

        def speed(name: str) -> float:
            figure, count = environment.run(str(HERE / "dates.py"), name, PROGRAM).split()
            counts.add(count)
            return float(figure)

        ours, *theirs = (Side(name, partial(speed, name)) for name in WAYS)
        compare(
            "P7 expand",
            ours,
            theirs,
            given.runs,
            "sessions a second",
            environment.versions("iopcal", "python-dateutil"),
        )
        if len(counts) > 1:
            raise SystemExit(f"the sides do not make the same sessions: {counts}")


if __name__ == "__main__":
    main()
