"""Any bytes at all give findings, never an exception."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from iopcal.lint import RULES, lint
from tests.lint.changes import HERE

FILES = sorted(path for folder in ("good", "foreign") for path in (HERE / folder).glob("*.ics"))
NOW = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
PIECES = (
    b"", b"\r\n", b"\n", b"\r", b"\t", b" ", b"\x00", b"\xff", b"\xef\xbb\xbf", b";", b":", b",", b"\\", b'"',
    b"=", b"BEGIN:", b"END:VEVENT", b"VTIMEZONE", b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", b"00000000",
    b"99991231", b"00010101T000000Z", b"INTERVAL=999999", b"COUNT=1", b"-", b"BYDAY=53MO", b"9" * 40, b"SU",
    b"TZID=/etc/passwd", b"TZID=..", b"TZID=America", b"UNTIL=", b"+9999", b"-2500", b"TZOFFSETTO:",
)  # fmt: skip


def mutated(data: bytes, generator: random.Random) -> bytes:
    """Returns the data after a few changes of bytes or lines."""
    for _ in range(generator.randint(1, 6)):
        kind = generator.randrange(6)
        if kind < 2:
            at = generator.randrange(len(data) + 1)
            data = data[:at] + generator.choice(PIECES) + data[at + generator.choice((0, 0, 1, 4, 8)) :]
        else:
            lines = data.split(b"\r\n")
            at, other = generator.randrange(len(lines)), generator.randrange(len(lines))
            if kind == 2:
                lines.insert(at, lines[other])
            elif kind == 3:
                del lines[at]
            elif kind == 4:
                lines[at], lines[other] = lines[other], lines[at]
            else:
                head, tail = lines[at].partition(b":")[::2], lines[other].partition(b":")[::2]
                lines[at] = head[0] + b":" + tail[1]
            data = b"\r\n".join(lines)
    return data


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_gives_findings_and_no_exception(seed):
    generator = random.Random(seed)
    for _ in range(60):
        path = generator.choice(FILES)
        base = path.read_bytes()
        data = mutated(base, generator)
        options = {
            "as_": generator.choice(("feed", "file", None)),
            "ours": generator.choice((True, False, None)),
        }
        found = lint(data, was=generator.choice((None, base)), now=NOW, **options)
        assert {finding.code for finding in found} <= RULES.keys()
        assert all(finding.line >= 1 for finding in found)
        assert list(found) == sorted(found)
        assert lint(base, was=data, now=NOW) is not None


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_no_calendar(seed):
    generator = random.Random(seed)
    for length in (0, 1, 2, 3, 50, 5_000):
        found = lint(generator.randbytes(length))
        assert any(finding.code in ("B1", "B2") for finding in found)


@pytest.mark.parametrize("name", ["feed", "discreet", "one-night"])
def test_a_file_cut_anywhere_is_named_as_that_and_nothing_else(name):
    data = (HERE / "good" / f"{name}.ics").read_bytes()
    for length in range(0, len(data), 7):
        found = lint(data[:length], private=name == "discreet", ours=True, as_="feed")
        assert {finding.code for finding in found} == {"B2"}, (length, found)


def event(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", *lines, "END:VEVENT")).encode()


def calendar(body: bytes) -> bytes:
    head = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    return head + body + b"END:VCALENDAR\r\n"


YEARS = "RRULE:FREQ=YEARLY;UNTIL=99001231T000000Z;BYDAY=53MO"
HOSTILE = {
    "one long line": calendar(b"X:" + b"a" * 900_000 + b"\r\n"),
    "one long fold": calendar(b"X:a" + b"\r\n \\" * 200_000 + b"\r\n"),
    "parameters": calendar(b"X" + b';A="a",b' * 100_000 + b"\r\n"),
    "an open quote": calendar((b"X;A=" + b'"a",' * 20 + b'"' + b"\r\n") * 8_000),
    "begins": b"BEGIN:VEVENT\r\n" * 60_000,
    "begins and ends": calendar(b"BEGIN:A\r\nEND:B\r\n" * 40_000),
    "rules that never meet": calendar(event("UID:1", "DTSTART:20270101T000000", YEARS) * 9_000),
    "endless rules": calendar(
        event("UID:1", "DTSTART;TZID=Europe/Berlin:20270102T023000",
              "DTEND;TZID=Europe/Berlin:20270102T033000", "RRULE:FREQ=DAILY;UNTIL=99001231T000000Z") * 5_000
    ),
    "exceptions": calendar(
        event("UID:1", "DTSTART;TZID=Europe/Berlin:20270101T000000", "RRULE:FREQ=DAILY",
              *["EXDATE;TZID=Europe/Berlin:20270101T000000"] * 20_000)
    ),
    "zones": calendar(
        b"".join(event(f"UID:{n}", f"DTSTART;TZID=America/A{n}:20270101T000000") for n in range(9_000))
    ),
    "tags": calendar(event("DESCRIPTION:" + "<a " * 250_000)),
    "backslashes": calendar(event("SUMMARY:" + "\\" * 900_000)),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_of_a_megabyte_comes_to_an_end(name):
    assert lint(HOSTILE[name], was=HOSTILE[name], now=NOW)
