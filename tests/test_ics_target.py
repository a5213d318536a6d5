"""Calendars as bytes: a golden file, the form of events, and their order."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from iopcal.model import Calendar, Text
from iopcal.targets.ics import publish, render, span
from iopcal.targets.published import Stamp
from iopcal.targets.uid import uid
from tests.ics_samples import (
    CHICAGO,
    DAY_KEY,
    DAY_UID,
    EVENING,
    GOLDEN,
    MINUTES,
    MONDAYS,
    MOVED,
    NOW,
    SERIES_KEY,
    SERIES_UID,
    calendar,
    event,
    event_lines,
    lines_of,
    published,
    series,
    value,
)


def test_the_golden_file_is_unchanged() -> None:
    assert publish(EVENING, None, NOW) == GOLDEN.read_bytes()


def test_uids_are_those_of_the_format() -> None:
    assert (uid(SERIES_KEY), uid(DAY_KEY)) == (SERIES_UID, DAY_UID)


def test_a_secret_makes_other_uids_of_version_eight_in_neutral_calendars_only() -> None:
    hidden = uid(SERIES_KEY, b"secret")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", hidden)
    plain = calendar(MONDAYS)
    assert SERIES_UID in publish(plain, None, NOW, secret=b"secret").decode()
    assert hidden in publish(plain._replace(neutral=True), None, NOW, secret=b"secret").decode()


def test_a_secret_of_more_than_a_block_is_digested_first() -> None:
    """RFC 2104 section 2."""
    assert uid(SERIES_KEY, b"s" * 65) == uid(SERIES_KEY, sha256(b"s" * 65).digest())
    assert uid(SERIES_KEY, b"s" * 64) != uid(SERIES_KEY, sha256(b"s" * 64).digest())


def test_the_example_of_a_series_and_a_moved_session() -> None:
    stamps = {SERIES_UID: Stamp(NOW, 1), DAY_UID: Stamp(NOW, MINUTES)}
    assert event_lines(render(calendar(MOVED, MONDAYS), stamps)) == [
        "BEGIN:VEVENT",
        f"UID:{SERIES_UID}",
        "DTSTAMP:20270106T141500Z",
        "LAST-MODIFIED:20270106T141500Z",
        "SEQUENCE:1",
        "DTSTART;TZID=America/Chicago:20270104T173000",
        "DTEND;TZID=America/Chicago:20270104T183000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270125T233000Z;BYDAY=MO",
        "EXDATE;TZID=America/Chicago:20270111T173000",
        "EXDATE;TZID=America/Chicago:20270118T173000",
        "SUMMARY:Process group",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "END:VEVENT",
        "BEGIN:VEVENT",
        f"UID:{DAY_UID}",
        "DTSTAMP:20270106T141500Z",
        "LAST-MODIFIED:20270106T141500Z",
        "SEQUENCE:3690135",
        "DTSTART;TZID=America/Chicago:20270116T100000",
        "DTEND;TZID=America/Chicago:20270116T110000",
        "SUMMARY:Process group",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_cancelled_session_says_so_in_four_ways_and_rings_no_alarm() -> None:
    lines = event_lines(publish(calendar(MOVED._replace(cancelled=True, alarms=(60,))), None, NOW))
    assert lines[-6:-2] == [
        "SUMMARY:CANCELLED: Process group",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]
    assert "BEGIN:VALARM" not in lines


def test_alarms_are_complete_and_in_order_whatever_the_order_given() -> None:
    lines = event_lines(publish(calendar(MOVED._replace(alarms=(60, 10, 60))), None, NOW))
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT{}M", "DESCRIPTION:Process group", "END:VALARM"]
    assert lines[-12:-2] == [line.format(minutes) for minutes in (10, 60) for line in alarm]


@pytest.mark.parametrize(
    ("zone", "start", "until", "written"),
    [
        ("America/Chicago", "2027-01-04 17:30", "2027-01-25", "20270125T233000Z"),
        ("America/Chicago", "2027-01-04 19:00", "2027-01-25", "20270126T010000Z"),  # the next day in UTC
        ("America/Chicago", "2027-03-01 17:30", "2027-03-22", "20270322T223000Z"),  # summer time by then
        ("Australia/Sydney", "2027-01-04 09:00", "2027-01-25", "20270125T090000Z"),  # the day before in UTC
        ("Australia/Sydney", "2027-01-04 17:30", "2027-01-25", "20270125T063000Z"),  # the wall is tomorrow's
        ("Europe/London", "2027-01-04 17:30", "2027-01-25", "20270125T173000Z"),
    ],
)
def test_until_is_the_last_start_whether_read_as_utc_or_as_wall_clock(
    zone: str, start: str, until: str, written: str
) -> None:
    weekly = series(start, until, zone=ZoneInfo(zone))
    assert f";UNTIL={written};" in value(publish(calendar(weekly, zone=zone), None, NOW), "RRULE")


def test_a_week_starts_on_monday_beside_an_interval_and_is_not_named_without() -> None:
    assert value(
        publish(calendar(series("2027-01-06 17:30", "2027-02-03", every=2)), None, NOW), "RRULE"
    ) == ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270203T233000Z;BYDAY=WE;WKST=MO")


def test_a_session_over_a_clock_change_lasts_its_minutes_on_a_stop_watch() -> None:
    late = event("2027-03-13 22:00", minutes=360)
    assert value(publish(calendar(late), None, NOW), "DTEND") == "TZID=America/Chicago:20270314T050000"


def test_times_in_utc_need_no_zone() -> None:
    data = publish(calendar(event("2027-01-04 17:30"), utc=True), None, NOW)
    assert (value(data, "DTSTART"), value(data, "DTEND")) == ("20270104T233000Z", "20270105T003000Z")
    assert "TZID" not in data.decode()
    assert "X-WR-TIMEZONE:America/Chicago" in lines_of(data)
    found = published(data).events[SERIES_UID]
    assert (found.start, found.live_dates()) == (event("2027-01-04 17:30").start, (date(2027, 1, 4),))
    assert found.end == datetime(2027, 1, 4, 18, 30, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    "wrong",
    [
        calendar(MONDAYS, utc=True),
        calendar(MONDAYS, MONDAYS._replace(start=MONDAYS.start + timedelta(hours=1))),
        calendar(MONDAYS._replace(until=date(2027, 1, 26))),
        calendar(event("2027-01-04 17:30", zone=ZoneInfo("Africa/Casablanca")), zone="Africa/Casablanca"),
    ],
    ids=["series in UTC", "one key twice", "last day off the rule", "zone that cannot be written"],
)
def test_what_no_file_can_say_is_refused(wrong: Calendar) -> None:
    with pytest.raises(ValueError):
        publish(wrong, None, NOW)


def test_events_stand_by_start_in_utc_then_uid_whatever_the_order_given() -> None:
    events = [event("2027-01-04 17:30", key=("x", str(number))) for number in range(5)]
    events += [MONDAYS, MOVED, event("2027-01-04 09:00", key=("early",))]
    wanted = publish(calendar(*events), None, NOW)
    random.Random(1).shuffle(events)
    assert publish(calendar(*events), None, NOW) == wanted
    begin = [line for line in event_lines(wanted) if line.startswith(("UID:", "DTSTART"))]
    assert begin[0] == f"UID:{uid(('early',))}"
    same = [line for line, after in pairwise(begin) if after.endswith(":20270104T173000")]
    assert same == sorted(same) and len(same) == 6


def test_a_feed_has_a_name_and_a_refresh_and_a_file_has_a_class() -> None:
    named = ("X-WR-CALNAME:", "NAME:", "REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H")
    feed, file = (lines_of(publish(calendar(MONDAYS, file=file), None, NOW)) for file in (False, True))
    assert [line for line in feed if line.startswith(named)] == [
        "X-WR-CALNAME:Riverbend Evening IOP",
        "NAME:Riverbend Evening IOP",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
    ]
    assert [line for line in file if line.startswith(named)] == []
    assert "CLASS:PRIVATE" in file and not any(line.startswith("CLASS") for line in feed)


def test_a_neutral_calendar_does_not_name_the_product() -> None:
    data = publish(
        calendar(MONDAYS._replace(text=Text("Appointment")), name="Calendar", neutral=True), None, NOW
    )
    assert "PRODID:-//Calendar//EN" in lines_of(data)
    assert b"iop" not in data.lower()
    assert published(data).neutral


def test_the_span_reaches_to_the_end_of_the_last_session() -> None:
    late = series("2027-01-04 23:30", "2027-02-01")
    assert span(calendar(MOVED, late)) == (date(2027, 1, 4), date(2027, 2, 2))
    assert span(calendar()) is None
