"""What P4 to P6 have in common: a program with very many people, on 300 distinct paths."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

from side_by_side import HERE, Environment

PATHS = 300
FIRST = date(2027, 1, 4)


def roster(people: int, changed: int = -1) -> str:
    """Returns a roster in CSV; the person of number `changed` steps down a week later."""
    rows = ["id,starts,Step-down"]
    for number in range(people):
        start, later = divmod(number % PATHS, 5)
        starts = FIRST + timedelta(days=start)
        down = starts + timedelta(days=14 + 3 * later + (7 if number == changed else 0))
        rows.append(f"p-{number:06d},{starts},{down}")
    return "\n".join(rows) + "\n"


def enroll(folder: Path, people: int, changed: int = -1) -> None:
    """Writes the program and its roster into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(HERE / "crowd.yaml", folder)
    (folder / "roster.csv").write_text(roster(people, changed), encoding="utf-8")


def clear(folder: Path) -> None:
    """Takes all away that was built, and the addresses."""
    shutil.rmtree(folder / "ours", ignore_errors=True)
    shutil.rmtree(folder / "theirs", ignore_errors=True)
    for file in folder.glob("*.addresses.json"):
        file.unlink()


def our_build(environment: Environment, folder: Path, *more: str) -> tuple[str, ...]:
    """Returns the command of ours."""
    words = ("build", "-q", str(folder / "crowd.yaml"), "-o", str(folder / "ours"), *more)
    return (environment.command("iopcal"), *words)


def their_command(environment: Environment, *words: str) -> tuple[str, ...]:
    """Returns a command of `peer_feeds.py`, started as an installed script starts."""
    return (environment.command("python"), "-c", "from peer_feeds import main; main()", *words)


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Returns the time of modification and the size of every calendar."""
    files = ((file, file.stat()) for file in (folder / "ours").rglob("*.ics"))
    return {str(file): (found.st_mtime_ns, found.st_size) for file, found in files}
