"""The same program gives the same bytes whatever the computer and its clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.programs import random_program

ROOT = Path(__file__).parent.parent
NOW = "2026-06-01T12:00:00Z"
SOME = ("riverbend-evening", "mental-health-day-tracks", "virtual-matched-cohorts")
SEEDS = (16, 41)  # names in many scripts, in Berlin and Vancouver


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of five programs, two of them random."""
    folder = tmp_path_factory.mktemp("programs")
    for name in SOME:
        text = (ROOT / "configs" / f"{name}.yaml").read_text(encoding="utf-8")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    for seed in SEEDS:
        (folder / f"seed-{seed}.yaml").write_text(random_program(seed), encoding="utf-8")
    return folder


def build(
    programs: Path, output: Path, env: Mapping[str, str] | None = None, cwd: Path = ROOT, umask: int = 0o22
) -> dict[str, bytes]:
    """Builds all programs of a folder in a process of its own and returns the calendars by name."""
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    files = [str(path) for path in sorted(programs.glob("*.yaml"))]
    words = [sys.executable, "-m", "iopcal", "build", "-o", str(output), *files]
    result = subprocess.run(
        words, cwd=cwd, umask=umask, capture_output=True, check=False,
        env={"IOPCAL_NOW": NOW, "PYTHONPATH": str(ROOT), **keep, **(env or {})},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr.decode(errors="replace")
    return {path.name: path.read_bytes() for path in (cwd / output).rglob("*.ics")}


@pytest.fixture(scope="module")
def calendars(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an ordinary build writes."""
    found = build(programs, tmp_path_factory.mktemp("calendars"))
    assert len(found) >= len(SOME + SEEDS) * 2
    return found


@pytest.mark.parametrize(
    "env",
    [
        {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
        {
            "TZ": "America/St_Johns",
            "LANG": "tr_TR.UTF-8",
            "LC_ALL": "tr_TR.UTF-8",
            "PYTHONHASHSEED": "4294967295",
        },
        {
            "LANGUAGE": "de",
            "LANG": "de_DE.UTF-8",
            "PYTHONHASHSEED": "0",
            "HOME": "/nowhere",
            "PYTHONOPTIMIZE": "1",
        },
        {"IOPCAL_NOW": "2020-02-29T23:59:59Z"},
        {"IOPCAL_NOW": "2026-11-30T00:00:00+14:00"},
    ],
    ids=["c-locale", "turkish", "german", "clock-of-2020", "clock-ahead"],
)
def test_a_first_build_is_the_same_on_every_computer(
    programs: Path, calendars: dict[str, bytes], tmp_path: Path, env: dict[str, str]
) -> None:
    assert build(programs, tmp_path / "calendars", env) == calendars


def test_a_build_is_the_same_from_every_folder_with_every_mask(
    programs: Path, calendars: dict[str, bytes], tmp_path: Path
) -> None:
    assert build(programs, Path("calendars"), cwd=tmp_path, umask=0o77) == calendars


def test_a_program_file_may_be_renamed_and_moved(
    programs: Path, calendars: dict[str, bytes], tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    for number, path in enumerate(sorted(programs.glob("*.yaml"))):
        (other / f"{9 - number}.yaml").write_bytes(path.read_bytes())
    assert build(other, tmp_path / "calendars") == calendars


def test_a_second_build_under_another_clock_and_zone_touches_no_file(
    programs: Path, calendars: dict[str, bytes], tmp_path: Path
) -> None:
    build(programs, tmp_path)
    files = sorted(tmp_path.rglob("*.ics"))
    times = [path.stat().st_mtime_ns for path in files]
    other = {"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "7", "IOPCAL_NOW": "2026-06-03T04:05:06Z"}
    assert build(programs, tmp_path, other) == calendars
    assert [path.stat().st_mtime_ns for path in files] == times
