"""Calendars as bytes: a golden file, stamps row by row, damaged files, hostile text."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

from iopcal.model import Calendar, Event, Text
from iopcal.targets.ics import FIRST, publish, render, span, stamp
from iopcal.targets.published import Published, PublishedEvent, Stamp, Unreadable, read
from iopcal.targets.uid import uid

CHICAGO = ZoneInfo("America/Chicago")
SYDNEY = ZoneInfo("Australia/Sydney")
NOW = datetime(2027, 1, 6, 14, 15, tzinfo=UTC)
MINUTES = 3_690_135  # from 2020-01-01T00:00Z to NOW
GOLDEN = Path(__file__).parent / "golden" / "riverbend.ics"


def key_of(key: str) -> tuple[str, ...]:
    return tuple(key.split("|"))


SERIES_KEY = key_of("1|riverbend-evening|program|-|-|-|series|process-group|intensive|1|mon|1")
DAY_KEY = key_of("1|riverbend-evening|program|-|-|-|day|process-group|2027-01-11|1")
SERIES_UID = "fd3efab2-b6f1-50d2-9220-3bcba932dc6e"
DAY_UID = "f12701ef-fbd6-5bb6-9add-10a1240b6fa6"


def event(
    start: str, *, key: tuple[str, ...] = SERIES_KEY, zone: ZoneInfo = CHICAGO, **fields: object
) -> Event:
    """A single session of 60 minutes, or what `fields` make of it."""
    begin = datetime.fromisoformat(start).replace(tzinfo=zone)
    plain = Event(key, begin, 60, begin.date(), 1, (), Text("Process group"))
    return plain._replace(**fields)


def series(start: str, until: str, *skip: str, **fields: object) -> Event:
    days = tuple(date.fromisoformat(day) for day in skip)
    return event(start, until=date.fromisoformat(until), skip=days, **fields)


def calendar(*events: Event, zone: str = "America/Chicago", **fields: object) -> Calendar:
    return Calendar("Riverbend Evening IOP", zone, events)._replace(**fields)


def lines_of(data: bytes) -> list[str]:
    """Unfolds bytes on its own: lines end with CRLF, one that begins with a space goes on."""
    lines: list[bytes] = []
    assert data.endswith(b"\r\n")
    for line in data[:-2].split(b"\r\n"):
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode() for line in lines]


def event_lines(data: bytes) -> list[str]:
    lines = lines_of(data)
    return lines[lines.index("BEGIN:VEVENT") :]


def value(data: bytes, name: str) -> str:
    (found,) = (line for line in event_lines(data) if re.match(rf"{name}[:;]", line))
    return found[len(name) :].lstrip(":;")


def published(data: bytes) -> Published:
    found = read(data)
    assert isinstance(found, Published), found
    return found


MONDAYS = series("2027-01-04 17:30", "2027-01-25", "2027-01-11", "2027-01-18")
MOVED = event("2027-01-16 10:00", key=DAY_KEY)
EVENING = calendar(
    event(
        "2027-01-07 16:00",
        key=(*DAY_KEY[:7], "individual-therapy", "2027-01-07", "1"),
        minutes=50,
        text=Text(
            "Individual therapy",
            "https://clinic.example/room?a=1,2;b\nPhase: Step-down\nDr. Ada Okafor; Suite 2, left\nC:\\New",
            "14 Main Street; Springfield, IL",
            "https://clinic.example/room?a=1,2;b",
            ("individual", "Step-down, late"),
        ),
        alarms=(1440, 60),
    ),
    event("2027-01-08 17:30", key=(*DAY_KEY[:8], "2027-01-08", "1"), cancelled=True, alarms=(60,)),
    series(
        "2027-01-06 17:30",
        "2027-03-31",
        "2027-02-03",
        key=(*SERIES_KEY[:10], "wed", "1"),
        every=2,
        minutes=75,
        text=Text("Family night 👨‍👩‍👧 with supper and a walk along the river, in any weather — café after"),
    ),
    MOVED,
    MONDAYS,
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


# Stamps


def stamps(before: Calendar | None, after: Calendar, now: datetime = NOW, **how: bool) -> dict[str, Stamp]:
    old = None if before is None else published(render(before, dict.fromkeys(UIDS, OLD)))
    return stamp(after, old, now, **how)


OLD = Stamp(datetime(2026, 12, 1, 8, 0, tzinfo=UTC), 7)
UIDS = (SERIES_UID, DAY_UID)
OTHER = MONDAYS._replace(text=Text("Skills group"))


def test_a_first_publication_is_stamped_alike_everywhere_and_always() -> None:
    assert stamps(None, calendar(MONDAYS, MOVED)) == dict.fromkeys(UIDS, FIRST)
    assert publish(EVENING, None, NOW) == publish(EVENING, None, NOW + timedelta(days=9))


def test_an_equal_event_keeps_its_stamp_and_a_changed_one_gets_the_next() -> None:
    found = stamps(calendar(MONDAYS, MOVED), calendar(OTHER, MOVED))
    assert found == {SERIES_UID: Stamp(NOW, 8), DAY_UID: OLD}


def test_a_changed_event_is_stamped_later_than_before_even_by_a_clock_that_went_back() -> None:
    found = stamps(calendar(MONDAYS), calendar(OTHER), OLD.modified - timedelta(days=400))
    assert found == {SERIES_UID: Stamp(OLD.modified + timedelta(seconds=1), 8)}


def test_a_new_event_in_a_file_that_exists_is_above_any_former_number() -> None:
    assert stamps(calendar(MONDAYS), calendar(MONDAYS, MOVED))[DAY_UID] == Stamp(NOW, MINUTES)


def test_after_an_unreadable_file_everything_is_stamped_now() -> None:
    found = stamp(calendar(MONDAYS, MOVED), Unreadable("cut", ours=True), NOW)
    assert found == dict.fromkeys(UIDS, Stamp(NOW, MINUTES))
    assert publish(EVENING, GOLDEN.read_bytes()[:-30], NOW).count(b"SEQUENCE:3690135") == 5


def test_restamp_stamps_everything_now_with_or_without_a_file() -> None:
    wanted = Stamp(NOW, MINUTES)
    assert stamps(calendar(MONDAYS), calendar(MONDAYS), restamp=True) == {SERIES_UID: wanted}
    assert stamps(None, calendar(MONDAYS), restamp=True) == {SERIES_UID: wanted}


def test_restamp_never_goes_back() -> None:
    high = Stamp(NOW + timedelta(hours=1), MINUTES + 5)
    old = published(render(calendar(MONDAYS), {SERIES_UID: high}))
    assert stamp(calendar(MONDAYS), old, NOW, restamp=True) == {
        SERIES_UID: Stamp(high.modified + timedelta(seconds=1), MINUTES + 6)
    }


def test_a_clock_before_2020_gives_no_negative_number_and_a_full_counter_stays() -> None:
    early = datetime(1970, 1, 1, tzinfo=UTC)
    assert stamp(calendar(MONDAYS), None, early, restamp=True)[SERIES_UID].sequence == 0
    full = Stamp(OLD.modified, 2_147_483_647)
    old = published(render(calendar(MONDAYS), {SERIES_UID: full}))
    assert stamp(calendar(OTHER), old, NOW)[SERIES_UID].sequence == 2_147_483_647


def test_fractions_of_a_second_and_the_zone_of_the_clock_do_not_matter() -> None:
    now = NOW.replace(microsecond=999_999).astimezone(SYDNEY)
    assert stamps(calendar(MONDAYS), calendar(OTHER), now) == {SERIES_UID: Stamp(NOW, 8)}


def test_nothing_changed_is_the_same_bytes_and_undo_is_the_same_lines_but_for_stamps() -> None:
    first = publish(EVENING, None, NOW)
    later = NOW + timedelta(days=3)
    assert publish(EVENING, first, later) == first
    changed = publish(EVENING._replace(events=(*EVENING.events[1:-1], OTHER)), first, later)
    undone = publish(EVENING, changed, later + timedelta(days=1))
    strip = re.compile(rb"(DTSTAMP|LAST-MODIFIED|SEQUENCE):[^\r]*\r\n")
    assert strip.sub(b"", undone) == strip.sub(b"", first)
    assert undone != first


def test_only_the_name_changes_when_only_the_name_changes() -> None:
    before = publish(EVENING, None, NOW)
    after = publish(EVENING._replace(name="Another"), before, NOW)
    differ = [(one, two) for one, two in zip(lines_of(before), lines_of(after), strict=True) if one != two]
    assert [two for _, two in differ] == ["X-WR-CALNAME:Another", "NAME:Another"]


# Reading back


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


# Files, imported once: nothing that is gone may stay live


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


# Text

PIECES = (
    *"aZ09 ~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}", "\\n", "\\N", "\\\\", "\\,", "\\;", ",,", ";;", "^n", "^'",
    "::", "é", "ß", "日本", "한", "עב", "ع", "ก", "👨‍👩‍👧", "🏳️‍🌈",
    "\U0001f600", "e\u0301", "\u200d", "\u00a0", "\u2003", "\u00ad",
    "BEGIN:VEVENT", "END:VCALENDAR", "DTSTART:", "word ", "https://a.example/?b=1,2;c",
)  # fmt: skip


def random_text(chance: random.Random, most: int, *, breaks: bool = False) -> str:
    pieces = (*PIECES, "\n", "\n ", "\nDTSTART:20270101") if breaks else PIECES
    text = "".join(chance.choices(pieces, k=chance.randint(1, most)))
    return text.strip() or "x"


def unescaped(text: str) -> list[str]:
    """Reads escaped text character by character; a bare comma begins a new value."""
    values, characters = [""], iter(text)
    for character in characters:
        if character == "\\":
            follower = next(characters)
            assert follower in "\\;,n", f"\\{follower}"
            values[-1] += "\n" if follower == "n" else follower
        elif character == ",":
            values.append("")
        else:
            assert character != ";"
            values[-1] += character
    return values


def texts(chance: random.Random) -> Text:
    return Text(
        random_text(chance, chance.choice((3, 60))),
        random_text(chance, 120, breaks=True),
        random_text(chance, 30),
        f"https://a.example/{chance.randint(1, 10**9)}?{'x' * chance.randint(0, 99)},;",
        tuple(random_text(chance, 9) for _ in range(chance.randint(1, 3))),
    )


@pytest.mark.parametrize(
    "seed", [range(5), pytest.param(range(5, 200), marks=pytest.mark.long)], ids=["5,000", "200,000"]
)
def test_any_accepted_text_comes_back_unchanged_and_injects_nothing(seed: range) -> None:
    """Each round holds 200 events with five texts each."""
    names = [
        "UID",
        "DTSTAMP",
        "LAST-MODIFIED",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
    ]
    names = ["BEGIN", *names, "URL", "CATEGORIES", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "END"]
    for number in seed:
        chance = random.Random(number)
        wanted = {uid(("text", str(n))): texts(chance) for n in range(200)}
        events = [
            event("2027-01-04 17:30", key=("text", str(n)), text=t) for n, t in enumerate(wanted.values())
        ]
        data = publish(calendar(*events, name=random_text(chance, 60)), None, NOW)
        for line in data.split(b"\r\n"):
            assert len(line) <= 75 and b"\r" not in line and b"\n" not in line
            line.decode()  # no character is split
            assert (len(line) - len(line.rstrip(b"\\"))) % 2 == 0, "an escape is split"
        lines = event_lines(data)[:-1]
        assert [re.split("[:;]", line)[0] for line in lines] == names * 200
        for start in range(0, len(lines), len(names)):
            fields = dict(line.split(":", 1) for line in lines[start : start + len(names)])
            text = wanted[fields["UID"]]
            for name, said in (("SUMMARY", text.summary), ("LOCATION", text.location)):
                assert unescaped(fields[name]) == [said]
            assert unescaped(fields["DESCRIPTION"]) == [text.description]
            assert (unescaped(fields["CATEGORIES"]), fields["URL"]) == (list(text.categories), text.url)
        for each in icalendar.Calendar.from_ical(data).events:
            text = wanted[str(each["UID"])]
            read_back = tuple(str(each[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "URL"))
            assert read_back == text[:4]
            assert tuple(map(str, each["CATEGORIES"].cats)) == text.categories
        found = published(data)
        assert all(isinstance(each, PublishedEvent) for each in found.events.values())
        assert publish(calendar(*events, name=found.lines[4][13:]), data, NOW).count(b"SEQUENCE:0\r\n") == 200
