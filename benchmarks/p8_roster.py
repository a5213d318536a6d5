"""P8: a roster of 20,000 lines read with places for errors, beside PyYAML's C loader to plain objects.

The bar: at most twice the CPU time, in YAML and for the same people in CSV.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rosters import csv_roster, yaml_roster
from side_by_side import HERE, Environment, Side, compare, options


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=15) as given:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        files = {"yaml": given.folder / "roster.yaml", "csv": given.folder / "roster.csv"}
        files["yaml"].write_text(yaml_roster(), encoding="utf-8")
        files["csv"].write_text(csv_roster(), encoding="utf-8")
        counts = set()

        def cost(side: str, file: Path) -> float:
            figure, count = environment.run(str(HERE / "rosters.py"), side, str(file)).split()
            counts.add(count)
            return float(figure)

        theirs = Side("PyYAML", partial(cost, "pyyaml", files["yaml"]))
        versions = environment.versions("iopcal", "PyYAML")
        for kind, file in files.items():
            ours = Side(f"iopcal, {kind}", partial(cost, "iopcal", file))
            compare("P8 roster", ours, [theirs], given.runs, "ms of CPU", versions)
        if len(counts) > 1:
            raise SystemExit(f"the sides do not read the same people: {counts}")


if __name__ == "__main__":
    main()
