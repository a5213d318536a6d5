"""What P1 and P2 have in common: iopcal and the script of `peer_build.py`, installed in one environment."""

from __future__ import annotations

from pathlib import Path

from side_by_side import HERE, PROGRAM, Environment

PACKAGES = ("click", "PyYAML", "icalendar")


def install(folder: Path) -> Environment:
    """Installs both programs, on the same packages."""
    environment = Environment(folder / "iopcal")
    environment.install_iopcal()
    environment.install_module(HERE / "peer_build.py")
    return environment


def our_build(environment: Environment, output: Path) -> tuple[str, ...]:
    """Returns the command of ours."""
    return (environment.command("iopcal"), "build", PROGRAM, "-o", str(output))


def their_build(environment: Environment, output: Path) -> tuple[str, ...]:
    """Returns the command of theirs, started as an installed script starts."""
    start = "from peer_build import main; main()"
    return (environment.command("python"), "-c", start, PROGRAM, "-o", str(output))
