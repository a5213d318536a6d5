"""Stretches of random programs, judged by the oracle; and what is done twice changes no byte."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from iopcal.fold import fold, unfold
from iopcal.lint import lint
from iopcal.model import Status
from iopcal.plan import shown
from iopcal.publish import Draft
from tests import oracle
from tests.drafting import NOW, Refused, discreet
from tests.programs import random_program
from tests.publishing import events

SEEDS = range(60)
LONG_SEEDS = range(60, 2_000)
Stretch = tuple[datetime, datetime]


def judged(text: str) -> dict[str, Counter[Stretch]]:
    """Returns the stretches of all paths of a track that take place, by track."""
    zone = oracle.load(text).zone
    found: dict[str, Counter[Stretch]] = {}
    open_ones: dict[tuple[str, str, object], Stretch] = {}
    for one in oracle.expand(text):
        if one.status == "cancelled" or one.publish != "all":
            continue
        path = (one.cohort, one.track, one.start.astimezone(zone).date())
        last = open_ones.get(path)
        stretches = found.setdefault(one.track, Counter())
        if last is not None and one.start - last[1] < timedelta(minutes=20):
            stretches[last] -= 1
            open_ones[path] = (last[0], max(last[1], one.end))
        else:
            open_ones[path] = (one.start, one.end)
        stretches[open_ones[path]] += 1
    return {track: +stretches for track, stretches in found.items()}


def live(draft: Draft) -> Counter[Stretch]:
    """Returns the stretches that the finished file shows as taking place."""
    utc = ZoneInfo("UTC")
    return Counter((each.start.astimezone(utc), each.end.astimezone(utc)) for each in shown(draft.wanted))


def check(seed: int) -> int:
    """Holds the discreet calendars of one program; returns how many stretches they show."""
    text = random_program(seed)
    try:
        drafted = discreet(text, {}, NOW, flat=seed % 4 == 0, remind=(30,) if seed % 2 else ())
    except Refused:
        return 0
    wanted = judged(text)
    files = {draft.file: draft.data for draft in drafted if draft.data is not None}
    for draft in drafted:
        place = f"seed {seed}, {draft.file}"
        track = draft.publication.feed.member or "-"
        assert live(draft) == wanted.get(track, Counter()), place
        if draft.data is None:
            continue
        assert lint(draft.data, as_="feed", private=True, ours=True, now=NOW) == (), place
        slots = draft.publication.slots
        visible = [slot for slot in slots if not slot.hidden and slot.status is not Status.CLOSED]
        entries = Counter(
            (slot.real.start, slot.real.minutes, slot.status is Status.CANCELLED) for slot in visible
        )
        for flat in (False, True):
            back = unfold(fold(slots, flat))
            assert Counter((entry.start, entry.minutes, off) for entry, off in back) == entries, place
        assert len(events(draft.data)) == len(draft.publication.calendar.events), place
    for later in (timedelta(minutes=1), timedelta(days=1)):
        again = discreet(text, files, NOW + later, flat=seed % 4 == 0, remind=(30,) if seed % 2 else ())
        assert not any(draft.changed for draft in again), f"seed {seed}"
        assert not any(draft.plan.changes for draft in again), f"seed {seed}"
    return sum(stretches.total() for stretches in wanted.values())


@pytest.mark.parametrize("chunk", range(2))
def test_stretches_of_random_programs_are_those_of_the_oracle(chunk: int) -> None:
    assert sum(check(seed) for seed in SEEDS[chunk::2]) > 1_000


@pytest.mark.long
@pytest.mark.parametrize("chunk", range(8))
def test_stretches_of_many_random_programs_are_those_of_the_oracle(chunk: int) -> None:
    assert sum(check(seed) for seed in LONG_SEEDS[chunk::8]) > 5_000
