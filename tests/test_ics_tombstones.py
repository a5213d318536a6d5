"""Files imported once by hand: what is gone stays as cancelled for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from iopcal.model import Calendar, Event, Text
from iopcal.targets.ics import publish
from iopcal.targets.published import Stamp
from tests.ics_samples import (
    CHICAGO,
    DAY_KEY,
    DAY_UID,
    EVENING,
    MONDAYS,
    MOVED,
    NOW,
    SERIES_UID,
    calendar,
    event,
    lines_of,
    published,
)


def file(*events: Event, **fields: object) -> Calendar:
    return calendar(*events, **{"file": True, **fields})


def test_what_is_gone_from_a_file_stays_as_cancelled_until_thirty_days_after_its_last_session() -> None:
    first = publish(file(MONDAYS._replace(alarms=(60,)), MOVED), None, NOW)
    second = publish(file(MOVED), first, NOW)
    stone = published(second).events[SERIES_UID]
    assert stone.stamp == Stamp(NOW, 1)
    assert stone.lines == (
        "DTSTART;TZID=America/Chicago:20270104T173000",
        "DTEND;TZID=America/Chicago:20270104T183000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270125T233000Z;BYDAY=MO",
        "EXDATE;TZID=America/Chicago:20270111T173000",
        "EXDATE;TZID=America/Chicago:20270118T173000",
        "SUMMARY:CANCELLED: Process group",
        "CLASS:PRIVATE",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    )
    last = datetime(2027, 2, 24, 23, 59, tzinfo=CHICAGO)
    assert publish(file(MOVED), second, last) == second
    assert SERIES_UID not in published(publish(file(MOVED), second, last + timedelta(minutes=1))).events


def test_a_feed_leaves_out_what_is_gone_and_a_file_that_was_a_feed_begins_anew() -> None:
    feed = publish(calendar(MONDAYS, MOVED), None, NOW)
    assert list(published(publish(calendar(MOVED), feed, NOW)).events) == [DAY_UID]
    assert list(published(publish(file(MOVED), feed, NOW)).events) == [DAY_UID]


def test_what_comes_back_is_live_again_with_a_higher_number() -> None:
    first = publish(file(MONDAYS, MOVED), None, NOW)
    gone = publish(file(MOVED), first, NOW)
    back = published(publish(file(MONDAYS, MOVED), gone, NOW)).events[SERIES_UID]
    assert back.lines == published(first).events[SERIES_UID].lines
    assert back.stamp == Stamp(NOW + timedelta(seconds=1), 2)


def test_a_file_that_became_neutral_keeps_no_telling_word() -> None:
    first = publish(file(EVENING.events[0]), None, NOW)
    shown = file(event("2027-01-09 10:00", key=("a",), text=Text("Appointment")), name="Visits", neutral=True)
    second = publish(shown, first, NOW)
    (stone,) = (each for each in published(second).events.values() if each.cancelled)
    assert [line for line in stone.lines if line.startswith(("SUM", "DESC", "LOC", "URL", "CAT"))] == [
        "SUMMARY:CANCELLED: Visits"
    ]
    assert b"therapy" not in second.lower() and b"iop" not in second.lower()
    assert publish(shown, second, NOW) == second


def test_what_is_gone_from_a_zone_that_cannot_be_written_any_more_stands_in_utc() -> None:
    zone = "America/Chicago"
    first = publish(file(MONDAYS, MOVED), None, NOW)
    second = publish(file(event("2027-01-16 10:00", key=DAY_KEY), utc=True), first, NOW)
    assert SERIES_UID in published(second).events
    assert f"TZID:{zone}" in lines_of(second)  # Chicago can be written, so its series stays one
    old = first.replace(b"20270104T", b"20060102T").replace(
        b"20270125T", b"20300121T"
    )  # two laws in its span
    third = publish(
        file(MOVED), old.replace(b"20270111T", b"20270104T").replace(b"20270118T", b"20270111T"), NOW
    )
    stone = published(third).events[SERIES_UID]
    assert stone.lines[:3] == (
        "DTSTART:20300121T233000Z",
        "DTEND:20300122T003000Z",
        "SUMMARY:CANCELLED: Process group",
    )
    assert publish(file(MOVED), third, NOW) == third
