"""Days on which all is as planned are laid out by a shorter way than others; it must lead to the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from iopcal.expand import expand
from iopcal.walk import Walker
from tests.drafting import TODAY, expanded, read
from tests.programs import random_program

CONFIGS = sorted(
    path for path in (Path(__file__).parent.parent / "configs").glob("*.yaml") if path.stem != "sync"
)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_plain_days_come_out_like_all_others(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, expansion = expanded(config.read_text(encoding="utf-8"))
    monkeypatch.setattr(Walker, "_is_plain", lambda walker, day: False)
    assert expand(program, TODAY) == expansion


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_they_do_in_any_program(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    program, _ = read(random_program(seed))
    assert program is not None
    expansion = expand(program, TODAY)
    monkeypatch.setattr(Walker, "_is_plain", lambda walker, day: False)
    assert expand(program, TODAY) == expansion
