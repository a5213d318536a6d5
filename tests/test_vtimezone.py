"""VTIMEZONE blocks: golden ones, and all of them against zoneinfo and the C library, change by change."""

from __future__ import annotations

import os
import time
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr

from iopcal.targets import vtimezone
from iopcal.targets.vtimezone import Block, Objection, objection, zone_block
from iopcal.targets.zone_table import packaged_file, read_table, table_bytes
from tests.rings import at_length
from tests.zones import zone_folders

YEAR = (date(2026, 9, 1), date(2027, 8, 20))
HOUR = timedelta(hours=1)
ALL = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


@pytest.fixture
def packaged() -> Iterator[None]:
    """Uses the zone data of the tzdata package, as a computer without its own does."""
    with zone_folders():
        yield


def part(kind: str, *lines: str) -> list[str]:
    return [f"BEGIN:{kind}", *lines, f"END:{kind}"]


def two(standard: tuple[str, ...], daylight: tuple[str, ...]) -> list[str]:
    names = ("DTSTART:", "RRULE:FREQ=YEARLY;", "TZOFFSETFROM:", "TZOFFSETTO:", "TZNAME:")
    both = (("STANDARD", standard), ("DAYLIGHT", daylight))
    return [
        line
        for kind, values in both
        for line in part(kind, *(name + value for name, value in zip(names, values, strict=True)))
    ]


GOLDEN = {
    "America/Chicago": two(
        ("19701101T020000", "BYMONTH=11;BYDAY=1SU", "-0500", "-0600", "CST"),
        ("19700308T020000", "BYMONTH=3;BYDAY=2SU", "-0600", "-0500", "CDT"),
    ),
    "Europe/London": two(
        ("19701025T020000", "BYMONTH=10;BYDAY=-1SU", "+0100", "+0000", "GMT"),
        ("19700329T010000", "BYMONTH=3;BYDAY=-1SU", "+0000", "+0100", "BST"),
    ),
    "Europe/Dublin": two(
        ("19701025T020000", "BYMONTH=10;BYDAY=-1SU", "+0100", "+0000", "GMT"),
        ("19700329T010000", "BYMONTH=3;BYDAY=-1SU", "+0000", "+0100", "IST"),
    ),
    "Australia/Lord_Howe": two(
        ("19700405T020000", "BYMONTH=4;BYDAY=1SU", "+1100", "+1030", "+1030"),
        ("19701004T020000", "BYMONTH=10;BYDAY=1SU", "+1030", "+1100", "+11"),
    ),
    "America/Santiago": two(
        ("19700405T000000", "BYMONTH=4;BYDAY=1SU", "-0300", "-0400", "-04"),
        ("19700906T000000", "BYMONTH=9;BYDAY=1SU", "-0400", "-0300", "-03"),
    ),
    "Africa/Cairo": two(
        ("19701030T000000", "BYMONTH=10;BYDAY=-1FR", "+0300", "+0200", "EET"),
        ("19700424T000000", "BYMONTH=4;BYDAY=-1FR", "+0200", "+0300", "EEST"),
    ),
    "America/Phoenix": part(
        "STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:-0700", "TZOFFSETTO:-0700", "TZNAME:MST"
    ),
    "Asia/Kathmandu": part(
        "STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0545", "TZOFFSETTO:+0545", "TZNAME:+0545"
    ),
}


@pytest.mark.parametrize("zone", GOLDEN)
def test_a_block_has_one_standard_part_and_at_most_one_daylight_part(zone: str) -> None:
    block = zone_block(zone, *YEAR)
    assert block is not None
    assert list(block.lines) == ["BEGIN:VTIMEZONE", f"TZID:{zone}", *GOLDEN[zone], "END:VTIMEZONE"]
    assert objection(zone, *YEAR) is None


def test_a_zone_without_a_plain_rule_keeps_one_offset_where_no_change_falls_in_the_span() -> None:
    block = zone_block("America/Santiago", date(2027, 5, 1), date(2027, 8, 1))
    assert block is not None
    assert [line for line in block.lines if line.startswith(("TZOFF", "TZNAME", "RRULE"))] == [
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0400",
        "TZNAME:-04",
    ]


def test_a_clock_that_follows_ramadan_gets_no_block() -> None:
    assert zone_block("Africa/Casablanca", *YEAR) is None
    assert objection("Africa/Casablanca", *YEAR) is not None


def test_a_law_that_changed_within_two_years_gets_no_block(packaged: None) -> None:
    winter = datetime(2027, 1, 1, tzinfo=zoneinfo.ZoneInfo("America/Vancouver")).utcoffset()
    if winter != timedelta(hours=-7):
        pytest.skip("this tzdata package is older than the law of 2026")
    first, last = date(2027, 1, 4), date(2027, 4, 23)
    assert zone_block("America/Vancouver", first, last) is None
    found = objection("America/Vancouver", first, last)
    assert found == Objection("America/Vancouver", date(2026, 3, 8), settled=False)
    assert zone_block("America/Vancouver", date(2029, 1, 4), date(2029, 4, 23)) is not None


def test_a_year_that_no_yearly_rule_fits_gets_no_block() -> None:
    """Clocks go back as the first Saturday of April ends: Sunday 2 April 2028, Sunday 8 April 2029."""
    span = (date(2028, 3, 20), date(2029, 4, 20))
    assert zone_block("America/Santiago", *span) is None
    assert objection("America/Santiago", *span) == Objection(
        "America/Santiago", date(2028, 4, 1), settled=True
    )


def test_an_offset_with_seconds_gets_no_block() -> None:
    """Clocks of Liberia were 44 minutes and 30 seconds behind until 1972; a block may only say minutes."""
    assert zone_block("Africa/Monrovia", date(1971, 2, 1), date(1971, 5, 1)) is None
    assert zone_block("Africa/Monrovia", date(1975, 2, 1), date(1975, 5, 1)) is not None


def test_a_zone_file_whose_rule_cannot_be_read_gets_no_block(tmp_path: Path) -> None:
    """POSIX also knows rules of numbered days, `J60`; no file of the tz database has one."""
    changes, _ = packaged_file("America/Chicago").read_bytes().removesuffix(b"\n").rsplit(b"\n", 1)
    (tmp_path / "Own").mkdir()
    (tmp_path / "Own" / "Zone").write_bytes(changes + b"\nCST6CDT,J60,J300\n")
    with zone_folders(tmp_path):
        assert zone_block("Own/Zone", *YEAR) is None
        found = objection("Own/Zone", *YEAR)
    assert found is not None and not found.settled


def test_a_block_that_tells_other_times_than_the_zone_file_is_never_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    denver = read_table(table_bytes("America/Denver"))
    monkeypatch.setattr(vtimezone, "read_table", lambda data: denver)
    with pytest.raises(RuntimeError, match="the VTIMEZONE of America/Chicago is wrong at"):
        zone_block("America/Chicago", date(2026, 9, 2), date(2027, 8, 19))


def test_an_unknown_zone_is_refused() -> None:
    for name in ("America/Chigaco", "../etc/passwd", ""):
        with pytest.raises((zoneinfo.ZoneInfoNotFoundError, ValueError, OSError)):
            zone_block(name, *YEAR)


# Against zoneinfo: the block is evaluated by dateutil, zoneinfo's changes are found by halving


def block_changes(block: Block, low: datetime, high: datetime) -> list[tuple[datetime, timedelta]]:
    """Evaluates a block with dateutil: its changes from `low` to `high`, the offset at `low` first."""
    changes: list[tuple[datetime, timedelta]] = []
    start = datetime(1970, 1, 1)
    fields: dict[str, str] = {}
    for line in block.lines:
        name, _, value = line.partition(":")
        fields[name] = value
        if name == "END" and value != "VTIMEZONE":
            offsets = [offset(fields[name]) for name in ("TZOFFSETFROM", "TZOFFSETTO")]
            start = datetime.strptime(fields["DTSTART"], "%Y%m%dT%H%M%S")
            walls = [start]
            if "RRULE" in fields:
                rule = rrulestr(fields.pop("RRULE"), dtstart=start)
                walls = list(
                    rule.between(low.replace(tzinfo=None) - 400 * 24 * HOUR, high.replace(tzinfo=None))
                )
                assert rule[0] == start, "DTSTART is not on its own rule"
            changes += [((wall - offsets[0]).replace(tzinfo=UTC), offsets[1]) for wall in walls]
    changes.sort()
    before = [change for change in changes if change[0] <= low][-1]
    return [(low, before[1]), *(change for change in changes if low < change[0] < high)]


def offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:]))


def real_changes(zone: zoneinfo.ZoneInfo, low: datetime, high: datetime) -> list[tuple[datetime, timedelta]]:
    """Finds zoneinfo's changes of offset by halving every six hours in which there is one."""

    def at(moment: datetime) -> timedelta:
        found = moment.astimezone(zone).utcoffset()
        assert found is not None
        return found

    changes = [(low, at(low))]
    moment = low
    while moment < high:
        following = min(moment + 6 * HOUR, high - timedelta(seconds=1))
        if following <= moment:
            break
        if at(following) != at(moment):
            early, late = moment, following
            while late - early > timedelta(seconds=1):
                middle = early + (late - early) // 2
                early, late = (middle, late) if at(middle) == at(early) else (early, middle)
            late = late.replace(microsecond=0)
            changes.append((late, at(late)))
        moment = following
    return changes


def edges(zone: zoneinfo.ZoneInfo, first: date, last: date) -> tuple[datetime, datetime]:
    midnights = (
        datetime(day.year, day.month, day.day, tzinfo=zone)
        for day in (first - timedelta(days=1), last + timedelta(days=2))
    )
    low, high = (midnight.astimezone(UTC) for midnight in midnights)
    return low, high


def posix_differs(rule: str, zone: zoneinfo.ZoneInfo, low: datetime, high: datetime) -> bool:
    """Says whether the C library's reading of a POSIX rule differs from zoneinfo's table, any six hours."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = rule
    time.tzset()
    try:
        moment = low
        while moment < high:
            if (
                time.localtime(moment.timestamp()).tm_gmtoff
                != moment.astimezone(zone).utcoffset().total_seconds()
            ):
                return True
            moment += 6 * HOUR
        return False
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def assert_right(name: str, first: date, last: date) -> str:
    """Checks one zone over one span; returns how it is written."""
    zone = zoneinfo.ZoneInfo(name)
    low, high = edges(zone, first, last)
    block = zone_block(name, first, last)
    if block is not None:
        assert block_changes(block, low, high) == real_changes(zone, low, high), (name, first, last)
        return "block"
    found = objection(name, first, last)
    assert found is not None and found.zone == name
    rule = table_bytes(name).rsplit(b"\n", 2)[1].decode()
    assert posix_differs(rule, zone, low - 731 * 24 * HOUR, high) is not found.settled, (name, first, last)
    return "settled" if found.settled else "unsettled"


def test_blocks_say_what_zoneinfo_says_on_every_seventh_zone() -> None:
    found = {assert_right(name, date(2026, 9, 14), date(2027, 3, 26)) for name in ALL[::7]}
    assert "block" in found


@pytest.mark.parametrize(
    "name", ["Asia/Jerusalem", "America/Nuuk", "Asia/Gaza", "Pacific/Easter", "Antarctica/Troll"]
)
def test_blocks_of_unusual_zones_say_what_zoneinfo_says(name: str) -> None:
    for month in range(1, 13):
        assert_right(name, date(2028, month, 2), date(2028, month, 2) + timedelta(days=111))


@pytest.mark.long
@pytest.mark.parametrize("name", at_length(ALL))
@pytest.mark.parametrize("own", [True, False], ids=["computer", "package"])
def test_blocks_say_what_zoneinfo_says_in_every_zone(
    name: str, own: bool, request: pytest.FixtureRequest
) -> None:
    if not own:
        request.getfixturevalue("packaged")
        if not packaged_file(name).is_file():
            pytest.skip("not in the package")
    for year in range(2024, 2036, 2):
        for month, days in ((1, 111), (4, 181), (9, 363), (11, 27)):
            assert_right(name, date(year, month, 3), date(year, month, 3) + timedelta(days=days))


@pytest.mark.parametrize("zone", GOLDEN)
def test_foreign_parsers_read_the_block_as_zoneinfo_does(zone: str) -> None:
    block = zone_block(zone, *YEAR)
    assert block is not None
    text = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *block.lines, "END:VCALENDAR", ""))
    theirs = [
        vobject.readOne(text).vtimezone.gettzinfo(),
        icalendar.Calendar.from_ical(text).timezones[0].to_tz(lookup_tzid=False),
    ]
    ours = zoneinfo.ZoneInfo(zone)
    for days in range((YEAR[1] - YEAR[0]).days):
        noon = datetime(2026, 9, 1, 12) + timedelta(days=days)
        for their in theirs:
            assert their.utcoffset(noon) == ours.utcoffset(noon), noon
