"""The foreign readers themselves: each must see what a person reckons from the sample files."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.readers import READERS, Occurrence, ReadFiles, Unreadable, available, parsers, tables
from tests.readers.batch import ALONE, ROOT

SAMPLES = Path(__file__).parent / "readers/samples"
FILES = sorted(SAMPLES.glob("*.ics"))
FIRST, LAST = date(2027, 1, 1), date(2029, 1, 1)
MISREAD = {
    # node-ical 0.26 undoes `\n` before `\\`: a backslash before the letter n becomes a line break
    "node-ical": {"backslash"},
    # libical 3 does not match an EXDATE in a skipped hour with its date of the rule, and shows that date;
    # in Nuuk, where clocks go forward at 23:00 on a Saturday, it is an hour off on the Saturday after, from
    # 22:00 on, and only in a series
    "libical": {"skipped", "nuuk"},
}
ONE_A_LANGUAGE = ("plain", "ical.js", "libical")


def lines(found: list[Occurrence]) -> list[str]:
    return [each.line() for each in found]


def expected(name: str) -> list[str]:
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]


def one_a_language() -> dict[str, ReadFiles]:
    found = {name: read for name, read in available().items() if name in ONE_A_LANGUAGE}
    assert "plain" in found  # it needs nothing that can be absent
    return found


def test_a_reader_sees_what_a_person_reckons(reader: ReadFiles, request: pytest.FixtureRequest) -> None:
    found = dict(zip((file.stem for file in FILES), reader(FILES, FIRST, LAST), strict=True))
    seen = {name: lines(occurrences) for name, occurrences in found.items()}
    wrong = {name for name in seen if seen[name] != expected(name)}
    assert wrong == MISREAD.get(request.node.callspec.params["reader"], set()), seen


def test_a_reader_that_only_parses_takes_every_sample(parser: ReadFiles) -> None:
    assert parser(FILES, FIRST, LAST) == [[] for _ in FILES]


def test_the_window_holds_what_starts_in_it_by_the_utc_day() -> None:
    for name, read in one_a_language().items():
        # 4 March to before 1 April: neither the group that starts on 1 March nor the intake of 1 April
        (found,) = read([SAMPLES / "chicago.ics"], date(2027, 3, 4), date(2027, 4, 1))
        assert lines(found) == expected("chicago")[2:7], name
        # starts on 7 November at 04:30 in UTC, on the 6th in Chicago
        (found,) = read([SAMPLES / "long_night.ics"], date(2027, 11, 7), date(2027, 11, 8))
        assert lines(found) == expected("long_night")[1:2], name


def test_a_long_list_is_shared_out_and_comes_back_in_order() -> None:
    files = [FILES[n % len(FILES)] for n in range(ALONE + 2)]
    copies = [expected(file.stem) for file in files]
    assert [lines(found) for found in available()["plain"](files, FIRST, LAST)] == copies


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DTSTART;TZID=America/Chicago:20270313T100000", "DTSTART;TZID=Nowhere/Here:20270313T100000"),
        ("BEGIN:VCALENDAR\r\n", "\r\n"),
    ],
    ids=["a zone that is not declared", "no beginning"],
)
def test_a_file_that_a_reader_refuses_fails_the_batch_by_name(tmp_path: Path, old: str, new: str) -> None:
    text = (SAMPLES / "chicago.ics").read_bytes().decode()
    assert old in text
    broken = tmp_path / "broken.ics"
    broken.write_bytes(text.replace(old, new).encode())
    for read in one_a_language().values():
        with pytest.raises(Unreadable, match=r"1 of 2 files\n.*broken\.ics: "):
            read([SAMPLES / "chicago.ics", broken], FIRST, LAST)


def test_warnings_of_a_reader_are_failures(tmp_path: Path) -> None:
    if "ical" not in available():
        pytest.skip("ical: pip install ical")
    text = (SAMPLES / "utc_only.ics").read_bytes().replace(b"Africa/Casablanca", b"Africa/Nowhere")
    (tmp_path / "unknown.ics").write_bytes(text)
    with pytest.raises(Unreadable, match="Could not resolve X-WR-TIMEZONE"):
        available()["ical"]([tmp_path / "unknown.ics"], FIRST, LAST)


def test_the_command_prints_a_line_an_occurrence() -> None:
    window = ("2027-01-01", "2029-01-01")
    command = (sys.executable, "-m", "tests.readers", "plain", SAMPLES / "dublin.ics", *window)
    done = subprocess.run(command, capture_output=True, cwd=ROOT, encoding="utf-8", check=True)
    assert done.stdout.split("\n")[:-1] == expected("dublin")


def test_every_reader_is_named_once_and_told_apart_by_what_it_can_do() -> None:
    names = [reader.name for reader in READERS]
    assert len(names) == len(set(names))
    assert not set(available()) & set(parsers())


def test_no_test_can_leave_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match=r"not \('192\.0\.2\.1', 443\)"):
        outside.connect(("192.0.2.1", 443))
    with pytest.raises(RuntimeError, match=r"not 'example\.org'"):
        socket.create_connection(("example.org", 443))
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()[:2]).close()


def test_zones_that_a_reader_has_by_other_tables_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = {reader.name for reader in READERS if reader.own_tables and not reader.missing()}
    if not owners:
        pytest.skip("icalevents, node-ical and rrule-temporal are not installed")
    zones = ["America/Chicago", "Africa/Lagos", "Europe/Dublin"]
    (name, *_) = sorted(owners)
    assert tables.differing_zones(name, zones, date(2027, 1, 1), date(2027, 12, 31)) == frozenset()
    right = tables.noon

    def an_hour_off_in_summer(day: date, zone: str) -> datetime:
        return right(day, zone) + timedelta(hours=zone == "Europe/Dublin" and day.month == 7)

    monkeypatch.setattr(tables, "noon", an_hour_off_in_summer)
    found = tables.differing_zones(name, zones, date(2027, 1, 1), date(2027, 12, 31))
    assert found == {"Europe/Dublin"}


def test_a_reader_that_reads_the_block_is_never_asked_for_its_tables() -> None:
    with pytest.raises(ValueError, match=r"ical\.js has no tables of its own"):
        tables.differing_zones("ical.js", ["UTC"], FIRST, LAST)
