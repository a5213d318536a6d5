"""Laws 1, 2 and 4 on random programs: the oracle and foreign readers are the judges."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from iopcal.fold import fold, unfold
from iopcal.views.sessions import rows
from tests import oracle
from tests.drafting import NOW, Refused, drafted, expanded, files
from tests.programs import random_program
from tests.readers import READERS
from tests.readers.tables import differing_zones

CHUNK = 132  # seeds; the checker refuses a few
CHUNKS = range(8)
LONG_CHUNKS = range(8, 160)  # 20,000 programs
FIRST, LAST = date(2020, 1, 1), date(2035, 1, 1)
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
                names[each.phase], each.name, each.topic, each.status, "yes" if each.counted else "no",
                each.cohort,
            )
            for each in oracle.expand(text)
        ]  # fmt: skip
        assert Counter(ours) == Counter(judged), f"seed {seed}"
        compared += 1
        sessions += len(ours)
    return compared, sessions


def check_readers(chunk, folder, everybody, require):
    """Lets readers read one feed of every program, the staff's and the tracks' in turn.

    Returns how many sessions each reader told rightly, the zones seen, and how many files were left out since
    a reader's own zone tables differ from ours.
    """
    paths, wanted, zones = [], [], []
    for seed, text in programs(chunk):
        program, _ = expanded(text)
        today = NOW.astimezone(ZoneInfo(program.zone)).date()
        written = [draft for draft in drafted(text) if draft.data is not None]
        if written:
            draft = written[seed % len(written)]
            feed = draft.publication.feed
            path = folder / f"{seed}-{feed.file}.ics"
            path.write_bytes(draft.data)
            paths.append(path)
            wanted.append(Counter(oracle.feed(text, feed.key, today)))
            zones.append(program.zone)
    counts, left_out = {}, 0
    for reader in READERS:
        if not (reader.core or everybody):
            continue
        if reader.missing():
            assert not require, reader.missing()
            continue
        odd = differing(reader.name, frozenset(zones)) if reader.own_tables else frozenset()
        chosen = [number for number, zone in enumerate(zones) if zone not in odd]
        left_out += len(zones) - len(chosen)
        found = reader.read([paths[number] for number in chosen], FIRST, LAST)
        if not reader.tells_times:
            continue
        for number, seen in zip(chosen, found, strict=True):
            live = Counter((each[0], each[1], each[3]) for each in seen if each[2] != "CANCELLED")
            assert live == wanted[number], f"{reader.name}: {paths[number].name}"
        counts[reader.name] = sum(wanted[number].total() for number in chosen)
    return counts, set(zones), left_out


differing = cache(lambda name, zones: differing_zones(name, zones, date(2026, 1, 1), date(2030, 12, 31)))


@pytest.mark.parametrize("chunk", CHUNKS)
def test_expansion_agrees_with_the_oracle(chunk, figure):
    compared, sessions = check_oracle(chunk)
    figure(f"law 2, chunk {chunk}: {compared} programs, {sessions} sessions, 0 differences")
    assert compared >= 125


@pytest.mark.parametrize("chunk", CHUNKS)
def test_foreign_readers_see_what_the_oracle_says(chunk, tmp_path, request, figure):
    require = request.config.getoption("--require-readers")
    counts, zones, left_out = check_readers(chunk, tmp_path, chunk == 0, require)
    for name in counts:
        request.node.user_properties.append(("reader", name))
    figure(f"law 2, chunk {chunk}: {counts}, {len(zones)} zones, {left_out} files left out, 0 differences")
    assert len(counts) >= 3
    assert len(zones) >= 20


@pytest.mark.long
@pytest.mark.parametrize("chunk", LONG_CHUNKS)
def test_the_long_ring_agrees_too(chunk, tmp_path, request, figure):
    compared, sessions = check_oracle(chunk)
    counts, _, left_out = check_readers(chunk, tmp_path, True, request.config.getoption("--require-readers"))
    figure(f"law 2, chunk {chunk}: {compared} programs, {sessions} sessions, {counts}, {left_out} left out")


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
