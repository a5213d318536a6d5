"""P3: how long `--version` and `--help` take, beside other calendar programs of the command line.

The bar: a third of the CPU time of each of them.
"""

from __future__ import annotations

from side_by_side import Environment, Side, compare, cpu, options

PEERS = ("khal", "vdirsyncer", "gcalcli")


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=11) as given:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        peers = {name: Environment(given.folder / name, name) for name in PEERS}
        versions = [environment.versions("iopcal")]
        versions += [peer.versions(name) for name, peer in peers.items()]
        for flag in ("--version", "--help"):
            compare(
                f"P3 {flag}",
                side("iopcal", environment, flag),
                [side(name, peer, flag) for name, peer in peers.items()],
                given.runs,
                "ms",
                ", ".join(versions),
            )


def side(name: str, environment: Environment, flag: str) -> Side:
    """Returns an installed program with one flag."""
    return Side(name, lambda: cpu((environment.command(name), flag)))


if __name__ == "__main__":
    main()
