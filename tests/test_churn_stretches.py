"""Edits of random programs in discreet calendars: little is touched, and undoing gives it all back."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest

from iopcal.expand import expand
from iopcal.feeds import feeds
from iopcal.model import FeedRule, Program
from iopcal.problems import has_errors
from iopcal.publish import Options, drafts, wanted_files
from tests.drafting import Refused, expanded
from tests.programs import random_program
from tests.publishing import Files, count, events
from tests.test_churn_random import (
    EDITS,
    FIRST,
    MINUTE,
    Try,
    publish,
    without_counting,
)

SEEDS = range(12)
LONG_SEEDS = range(12, 500)
# Of one session that is cancelled, or is elsewhere: what stays of its stretch and what it joins; others of
# these days that the plan has not may get another number.
MOST = {"rename": (0, 0, 0), "reorder": (0, 0, 0), "cancel": (2, 1, 3), "move": (3, 2, 5)}


def stretches(program: Program, files: Files, now: datetime, flat: bool) -> Files | None:
    """Returns the discreet calendars of the tracks, published over `files`; None where it has errors."""
    expansion = expand(program, now.date())
    if has_errors(expansion.problems):
        return None
    asked = program._replace(feeds=(FeedRule("track", "discreet"),))
    names = {feed.key: f"{number}.ics" for number, feed in enumerate(feeds(asked))}
    return {
        **files, **wanted_files(drafts(asked, expansion, files.get, Options(now, flat), names=names))
    }  # fmt: skip


def check(edit: Try, seed: int) -> bool:
    """Edits the random program of a seed and undoes it; False where the edit is none of this program's."""
    rng = Random(f"{edit.__name__} {seed}")
    flat = seed % 3 == 0
    try:
        program, _ = expanded(random_program(seed))
    except Refused:
        return False
    state = publish(without_counting(program), {}, FIRST, flat)
    if state is None or not state.drafts[0].publication.slots:
        return False
    trial = next((found for _ in range(8) if (found := edit(rng, state))), None)
    first = stretches(state.program, {}, FIRST, flat)
    edited = trial and first and stretches(trial.program, first, FIRST + MINUTE, flat)
    if trial is None or not first or not edited:
        return False
    place = f"{edit.__name__}, seed {seed}"
    counts = [count(first[file], data) for file, data in edited.items() if file in first]
    paths = max(len(cohort.tracks) for cohort in program.cohorts) * len(program.cohorts)
    for found in counts:
        most = MOST.get(edit.__name__)
        assert most is None or all(
            number <= paths * limit for number, limit in zip(found, most, strict=True)
        ), f"{place}: {found}"
    if MOST.get(edit.__name__) == (0, 0, 0):
        assert edited == first, place
    assert stretches(trial.program, edited, FIRST + 2 * MINUTE, flat) == edited, place
    undone = stretches(state.program, edited, FIRST + 3 * MINUTE, flat)
    assert undone is not None
    for file, data in first.items():
        was, now = events(data), events(undone[file])
        # What was moved to where a closed stretch would be was seen there, and then is shown as cancelled.
        more = [told for uid, told in now.items() if uid not in was]
        assert all("STATUS:CANCELLED" in told.lines for told in more), place
        assert not more or edit.__name__ == "move", place
        for uid, told in was.items():
            assert now[uid].lines == told.lines, place
            assert now[uid].sequence >= told.sequence, place
    return True


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_of_a_random_program_touches_little_of_its_stretches(edit: Try) -> None:
    assert sum(check(edit, seed) for seed in SEEDS) >= len(SEEDS) // 8


@pytest.mark.long
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_of_many_random_programs_touches_little_of_their_stretches(edit: Try) -> None:
    assert sum(check(edit, seed) for seed in LONG_SEEDS) >= len(LONG_SEEDS) // 8
