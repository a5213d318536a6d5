"""Laws 1, 2 and 4 on random programs: the oracle and foreign readers are the judges."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from iopcal.expand import Expansion
from iopcal.fold import fold, unfold
from iopcal.model import Program
from iopcal.publish import Options, drafts
from iopcal.views.sessions import rows
from tests import oracle
from tests.drafting import NOW, Refused, expanded
from tests.programs import random_program
from tests.readers import READERS
from tests.readers.tables import differing_zones

CHUNK = 264  # seeds; the checker refuses a few
CHUNKS = range(4)
LONG_CHUNKS = range(4, 80)  # 20,000 programs
SEEDS = range(132)  # of the laws that no reader takes part in
OTHERS = 8  # programs of a chunk that readers read which are not core
FIRST, LAST = date(2020, 1, 1), date(2035, 1, 1)
UTC_TIME = "%Y%m%dT%H%M%SZ"


class Read(NamedTuple):
    """A program that the checker accepts."""

    seed: int
    text: str
    program: Program
    expansion: Expansion

    def drafts(self, published=None, now=NOW):
        """Returns its feeds as they would be published over files by name."""
        return drafts(self.program, self.expansion, (published or {}).get, Options(now))


def programs(seeds):
    """Yields the programs of some seeds that the checker accepts."""
    for seed in seeds:
        text = random_program(seed)
        try:
            yield Read(seed, text, *expanded(text))
        except Refused:
            continue


def check_expansion(read):
    """Compares what `show sessions` lists with the oracle; returns how many sessions there are."""
    ours = rows(read.program, read.expansion.sessions)
    names = {phase.id: phase.name for phase in read.program.phases}
    judged = [
        (
            each.start.strftime(UTC_TIME), each.end.strftime(UTC_TIME), str(each.minutes), each.track,
            names[each.phase], each.name, each.topic, each.status, "yes" if each.counted else "no",
            each.cohort,
        )
        for each in oracle.expand(read.text)
    ]  # fmt: skip
    assert Counter(ours) == Counter(judged), f"seed {read.seed}"
    return len(ours)


def check_chunk(chunk, folder, require, others):
    """Holds every program against the oracle, then lets readers read one feed of each, in turn.

    Readers that are not core read only as many as `others` says.

    Returns the numbers of programs and sessions, how many sessions each reader told rightly, the zones seen,
    and how many files were left out since a reader misreads their zone, or has other tables of it.
    """
    paths, wanted, zones, compared, sessions = [], [], [], 0, 0
    for read in programs(range(chunk * CHUNK, (chunk + 1) * CHUNK)):
        sessions += check_expansion(read)
        compared += 1
        today = NOW.astimezone(ZoneInfo(read.program.zone)).date()
        written = [draft for draft in read.drafts() if draft.data is not None]
        if written:
            # The smallest of most, any of every eighth.
            smallest = min(written, key=lambda each: len(each.data))
            draft = smallest if read.seed % 8 else written[read.seed // 8 % len(written)]
            feed = draft.publication.feed
            path = folder / f"{read.seed}-{feed.file}.ics"
            path.write_bytes(draft.data)
            paths.append(path)
            wanted.append(Counter(oracle.feed(read.text, feed.key, today)))
            zones.append(read.program.zone)
    counts, left_out = {}, 0
    for reader in READERS:
        if reader.missing():
            assert not require, reader.missing()
            continue
        asked = range(len(zones) if reader.core else others)
        odd = reader.misread
        if reader.own_tables and asked:
            odd = differing(reader.name, frozenset(zones[number] for number in asked))
        chosen = [number for number in asked if zones[number] not in odd]
        if not chosen:
            continue
        left_out += len(asked) - len(chosen)
        found = reader.read([paths[number] for number in chosen], FIRST, LAST)
        if not reader.tells_times:
            continue
        for number, seen in zip(chosen, found, strict=True):
            live = Counter((each[0], each[1], each[3]) for each in seen if each[2] != "CANCELLED")
            assert live == wanted[number], f"{reader.name}: {paths[number].name}"
        counts[reader.name] = sum(wanted[number].total() for number in chosen)
    return compared, sessions, counts, set(zones), left_out


differing = cache(lambda name, zones: differing_zones(name, zones, date(2026, 1, 1), date(2030, 12, 31)))


@pytest.mark.parametrize("chunk", CHUNKS)
def test_the_oracle_and_foreign_readers_see_the_same_sessions(chunk, tmp_path, request, figure):
    require = request.config.getoption("--require-readers")
    compared, sessions, counts, zones, left_out = check_chunk(
        chunk, tmp_path, require, 0 if chunk else OTHERS
    )
    for name in counts:
        request.node.user_properties.append(("reader", name))
    figure(
        f"law 2, seeds {chunk * CHUNK} to {chunk * CHUNK + CHUNK - 1}: {compared} programs, {sessions} "
        f"sessions, {len(zones)} zones, {counts}, {left_out} files left out, 0 differences"
    )
    assert compared >= 250
    assert len(counts) >= 3
    assert len(zones) >= 20


@pytest.mark.long
@pytest.mark.parametrize("chunk", LONG_CHUNKS)
def test_the_long_ring_agrees_too(chunk, tmp_path, request, figure):
    require = request.config.getoption("--require-readers")
    compared, sessions, counts, _, left_out = check_chunk(chunk, tmp_path, require, OTHERS)
    figure(f"law 2, chunk {chunk}: {compared} programs, {sessions} sessions, {counts}, {left_out} left out")


def test_unfolding_a_fold_gives_back_every_entry():
    for read in programs(SEEDS):
        for draft in read.drafts():
            slots = draft.publication.slots
            shown = Counter(
                (slot.real.start, slot.real.minutes, slot.real.text, slot.status.value == "cancelled")
                for slot in slots
                if slot.status.value != "closed"
            )
            for flat in (False, True):
                back = Counter(
                    (entry.start, entry.minutes, entry.text, cancelled)
                    for entry, cancelled in unfold(fold(slots, flat))
                )
                assert back == shown, f"seed {read.seed}, flat {flat}"


def test_doing_it_again_plans_nothing_and_changes_no_byte():
    for read in programs(SEEDS):
        published = {draft.file: draft.data for draft in read.drafts() if draft.data is not None}
        for later in (timedelta(minutes=1), timedelta(days=1)):
            again = read.drafts(published, NOW + later)
            assert {draft.file: draft.data for draft in again if draft.data} == published, f"seed {read.seed}"
            assert not any(draft.plan.changes for draft in again), f"seed {read.seed}"
