"""Runs iopcal's commands as a person types them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from iopcal.cli.commands import iopcal

ROOT = Path(__file__).parent.parent
CONFIGS = ROOT / "configs"
SMALL = """\
program: Small IOP
id: small
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
sessions:
  - {name: Process group, minutes: 60}
phases:
  - {name: Intensive, weeks: 2, days: [mon, wed, fri]}
"""


def run(
    *words: object,
    now: str = "2026-12-01T12:00:00Z",
    stdin: str | bytes | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Result:
    """Runs a command inside this process, at a fixed time; `env` changes the environment, None takes away."""
    words_given = [str(word) for word in words]
    return CliRunner().invoke(iopcal, words_given, input=stdin, env={"IOPCAL_NOW": now, **(env or {})})


def process(
    *words: object, env: Mapping[str, str] | None = None, cwd: Path | None = None, stdin: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command as a process of its own; `env` is its whole environment but for the path to iopcal."""
    base = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "IOPCAL_NOW": "2026-12-01T12:00:00Z"}
    return subprocess.run(
        [sys.executable, "-m", "iopcal", *(str(word) for word in words)],
        env={**base, **(env or {})},
        cwd=cwd,
        stdin=stdin if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=None if os.name == "nt" else lambda: os.umask(0o022) and None,
    )


def small(folder: Path, name: str = "small.yaml", **changes: str) -> Path:
    """Writes the small program, with words replaced (`Small=Other`), and returns its path."""
    text = SMALL
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
