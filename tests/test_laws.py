"""Laws 1, 2 and 4 on random programs: the oracle and foreign readers are the judges."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from iopcal.fold import fold, unfold
from iopcal.views.sessions import rows
from tests import oracle
from tests.drafting import NOW, Refused, drafted, expanded, files
from tests.programs import random_program
from tests.readers import READERS

CHUNK = 125
CHUNKS = range(8)
LONG_CHUNKS = range(8, 160)
UTC_TIME = "%Y%m%dT%H%M%SZ"


def programs(chunk):
    """Yields seeds and texts of the programs of one chunk that the checker accepts."""
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        text = random_program(seed)
        try:
            expanded(text)
        except Refused:
            continue
        yield seed, text


def check_oracle(chunk):
    """Compares `show sessions` with the oracle; returns how many programs and sessions were compared."""
    compared = sessions = 0
    for seed, text in programs(chunk):
        program, expansion = expanded(text)
        ours = rows(program, expansion.sessions)
        names = {phase.id: phase.name for phase in program.phases}
        judged = [
            (
                each.start.strftime(UTC_TIME), each.end.strftime(UTC_TIME), str(each.minutes), each.track,
                names[each.phase], each.name, each.topic, each.status, "yes" if each.counted else "no", each.cohort,
            )
            for each in oracle.expand(text)
        ]  # fmt: skip
        assert Counter(ours) == Counter(judged), f"seed {seed}"
        compared += 1
        sessions += len(ours)
    return compared, sessions


def check_readers(chunk, folder, require):
    """Lets every reader read every feed of a chunk; returns counts by reader, and the zones seen."""
    paths, wanted, zones = [], [], set()
    first, last = date(2020, 1, 1), date(2035, 1, 1)
    for seed, text in programs(chunk):
        program, _ = expanded(text)
        zones.add(program.zone)
        today = NOW.astimezone(ZoneInfo(program.zone)).date()
        for draft in drafted(text):
            if draft.data is None:
                continue
            path = folder / f"{seed}-{draft.publication.feed.file}.ics"
            path.write_bytes(draft.data)
            paths.append(path)
            wanted.append(Counter(oracle.feed(text, draft.publication.feed.key, today)))
    counts = {}
    for reader in READERS:
        if reader.missing():
            assert not require, reader.missing()
            continue
        found = reader.read(paths, first, last)
        if not reader.tells_times:
            continue
        for path, seen, shall in zip(paths, found, wanted, strict=True):
            live = Counter((each[0], each[1], each[3]) for each in seen if each[2] != "CANCELLED")
            assert live == shall, f"{reader.name}: {path.name}"
        counts[reader.name] = sum(shall.total() for shall in wanted)
    return counts, zones


@pytest.mark.parametrize("chunk", CHUNKS)
def test_expansion_agrees_with_the_oracle(chunk):
    compared, sessions = check_oracle(chunk)
    print(f"law 2, chunk {chunk}: {compared} programs, {sessions} sessions, 0 differences")
    assert compared >= CHUNK * 0.8


@pytest.mark.parametrize("chunk", CHUNKS)
def test_foreign_readers_see_what_the_oracle_says(chunk, tmp_path, request, record_property):
    counts, zones = check_readers(chunk, tmp_path, request.config.getoption("--require-readers"))
    for name in counts:
        request.node.user_properties.append(("reader", name))
    print(f"law 2, chunk {chunk}: {counts}, {len(zones)} zones, 0 differences")
    assert len(counts) >= 3
    assert len(zones) >= 20


@pytest.mark.long
@pytest.mark.parametrize("chunk", LONG_CHUNKS)
def test_the_long_ring_agrees_too(chunk, tmp_path, request):
    compared, sessions = check_oracle(chunk)
    counts, _ = check_readers(chunk, tmp_path, request.config.getoption("--require-readers"))
    print(f"law 2, chunk {chunk}: {compared} programs, {sessions} sessions, {counts}")


@pytest.mark.parametrize("chunk", range(2))
def test_unfolding_a_fold_gives_back_every_entry(chunk):
    for seed, text in programs(chunk):
        for draft in drafted(text):
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
                assert back == shown, f"seed {seed}, flat {flat}"


@pytest.mark.parametrize("chunk", range(2))
def test_doing_it_again_plans_nothing_and_changes_no_byte(chunk):
    for seed, text in programs(chunk):
        published = files(text)
        for later in (timedelta(minutes=1), timedelta(days=1)):
            again = drafted(text, published, NOW + later)
            assert {draft.file: draft.data for draft in again if draft.data} == published, f"seed {seed}"
            assert not any(draft.plan.changes for draft in again), f"seed {seed}"


