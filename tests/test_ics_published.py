"""Our own files read back: whole, cut, damaged, and those of somebody else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from iopcal.targets.ics import FIRST, publish
from iopcal.targets.published import Published, Unreadable, read
from iopcal.targets.uid import uid
from tests.ics_samples import (
    DAY_UID,
    EVENING,
    GOLDEN,
    MONDAYS,
    MOVED,
    NOW,
    SERIES_KEY,
    SERIES_UID,
    calendar,
    published,
)


def test_what_is_read_back_is_what_was_rendered() -> None:
    found = published(publish(EVENING, None, NOW))
    assert found.zone == "America/Chicago" and not found.neutral and len(found.events) == 5
    weekly = found.events[SERIES_UID]
    assert weekly.live_dates() == (date(2027, 1, 4), date(2027, 1, 25))
    assert (weekly.start, weekly.stamp, weekly.cancelled) == (MONDAYS.start, FIRST, False)
    (cancelled,) = (each for each in found.events.values() if each.cancelled)
    assert cancelled.live_dates() == () and cancelled.start.date() == date(2027, 1, 8)
    second = found.events[uid((*SERIES_KEY[:10], "wed", "1"))]
    assert second.live_dates() == tuple(
        date(2027, 1, 6) + timedelta(days=14 * number) for number in range(7) if number != 2
    )


def test_line_ends_changed_by_version_control_are_read_and_mended() -> None:
    data = publish(EVENING, None, NOW)
    assert publish(EVENING, data.replace(b"\r\n", b"\n"), NOW + timedelta(days=1)) == data


def test_a_file_cut_anywhere_is_a_damaged_one_of_ours() -> None:
    data = GOLDEN.read_bytes()
    for length in range(len(data)):
        found = read(data[:length])
        assert isinstance(found, Unreadable) and found.ours and found.reason, length


@pytest.mark.parametrize(
    "bits", [(3,), pytest.param(range(8), marks=pytest.mark.long)], ids=["a bit", "every bit"]
)
def test_a_file_with_a_bit_turned_in_any_byte_is_read_or_refused_without_a_traceback(
    bits: Sequence[int],
) -> None:
    data = bytearray(GOLDEN.read_bytes())
    refused = 0
    for place in range(len(data)):
        for bit in bits:
            data[place] ^= 1 << (bit + place) % 8
            found = read(bytes(data))
            data[place] ^= 1 << (bit + place) % 8
            if isinstance(found, Unreadable):
                refused += 1
                assert found.ours
            else:
                assert sum(len(each.live_dates()) for each in found.events.values()) < 6_000
    assert refused > len(data) * len(bits) // 3


def test_random_damage_is_never_a_traceback() -> None:
    chance = random.Random(20270106)
    good = GOLDEN.read_bytes()
    for _ in range(500):
        data = bytearray(good)
        for _ in range(chance.randint(1, 30)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 40)] = chance.randbytes(chance.randint(0, 40))
        found = read(bytes(data))
        assert isinstance(found, Unreadable | Published)
        publish(EVENING, bytes(data), NOW)


@pytest.mark.parametrize(
    "data",
    [
        b"hello\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Google Inc//Google Calendar//EN\r\nEND:VCALENDAR\r\n",
        b"\xff\xfeB\x00E\x00",
        GOLDEN.read_bytes()[:20] + b"X" + GOLDEN.read_bytes()[20:60],
    ],
)
def test_a_file_of_somebody_else_is_not_ours(data: bytes) -> None:
    found = read(data)
    assert isinstance(found, Unreadable) and not found.ours


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"LAST-MODIFIED:20200101T000000Z", b"LAST-MODIFIED:20200101T000001Z"),
        (b"SEQUENCE:0", b"SEQUENCE:2147483648"),
        (b"UNTIL=20270125T", b"UNTIL=20270126T"),
        (b"UNTIL=20270125T", b"UNTIL=99990125T"),
        (b"T173000\r\nDTEND", b"T253000\r\nDTEND"),
        (b"DTSTART;TZID=America/Chicago:", b"DTSTART:"),
        (b";TZID=America/Chicago", b""),
        (b"America/Chicago", b"America/Chigaco"),
        (b"America/Chicago", b"../America/Chicago"),
        (b"America/Chicago", b"America"),
        (b"BYDAY=MO", b"BYDAY=TU"),
        (b"INTERVAL=2", b"INTERVAL=0"),
        (b"SUMMARY:", b"SUMMARY;LANGUAGE=en:"),
        (b"STATUS:CONFIRMED", b"STATUS:TENTATIVE"),
    ],
)
def test_what_we_never_write_is_not_half_read(old: bytes, new: bytes) -> None:
    data = GOLDEN.read_bytes()
    assert old in data
    found = read(data.replace(old, new))
    assert isinstance(found, Unreadable) and found.ours


def test_one_uid_twice_is_not_half_read() -> None:
    data = publish(calendar(MONDAYS, MOVED), None, NOW).replace(DAY_UID.encode(), SERIES_UID.encode())
    assert isinstance(read(data), Unreadable)
