"""The subtle rules of the Google target: what is equal, what ends a series, whose event it is."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from iopcal.model.session import end_of
from iopcal.targets.google import rule
from iopcal.targets.google.body import canonical
from iopcal.targets.google.identity import Mark, Owner, event_id, mark, parse_id
from iopcal.targets.google.pace import Pace
from iopcal.targets.google.rows import read_row

CHICAGO, NEW_YORK = ZoneInfo("America/Chicago"), ZoneInfo("America/New_York")
ZONES = [
    *(CHICAGO, ZoneInfo("Europe/Kyiv"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")),
    *(ZoneInfo("Africa/Casablanca"), ZoneInfo("America/St_Johns"), ZoneInfo("UTC")),
]


def test_an_end_is_in_the_zone_of_its_start_and_after_the_right_one_of_two_hours() -> None:
    at_one_instant = [
        datetime(2027, 2, 1, 17, 30, tzinfo=CHICAGO),
        datetime(2027, 2, 1, 18, 30, tzinfo=NEW_YORK),
    ]
    assert [str(end_of(start, 60)) for start in at_one_instant] == [
        "2027-02-01 18:30:00-06:00",
        "2027-02-01 19:30:00-05:00",
    ]
    twice = [datetime(2027, 11, 7, 1, 30, tzinfo=CHICAGO, fold=fold) for fold in (0, 1)]
    assert [str(end_of(start, 60)) for start in twice] == [
        "2027-11-07 01:30:00-06:00",
        "2027-11-07 02:30:00-06:00",
    ]


# The canonical form: what two spellings of one event have in common.

EVENT: dict[str, Any] = {
    "summary": "Process group",
    "description": "Phase: Intensive\nRoom: 5",
    "start": {"dateTime": "2027-01-04T17:30:00", "timeZone": "America/Chicago"},
    "end": {"dateTime": "2027-01-04T18:30:00", "timeZone": "America/Chicago"},
    "recurrence": [
        "RRULE:FREQ=WEEKLY;UNTIL=20270301T233000Z;BYDAY=MO",
        "EXDATE;TZID=America/Chicago:20270118T173000",
        "EXDATE;TZID=America/Chicago:20270125T173000",
    ],
}
SUMMER: dict[str, Any] = {
    "start": {"dateTime": "2027-06-07T17:30:00", "timeZone": "Europe/Kyiv"},
    "end": {"dateTime": "2027-06-07T18:30:00", "timeZone": "Europe/Kyiv"},
    "recurrence": [
        "RRULE:FREQ=WEEKLY;UNTIL=20270705T143000Z;BYDAY=MO",
        "EXDATE;TZID=Europe/Kyiv:20270614T173000",
    ],
}
RULE, FIRST, SECOND = EVENT["recurrence"]


@pytest.mark.parametrize(
    "spelling",
    [
        {"summary": "  Process group\r\n"},
        {"description": "Phase: Intensive\r\nRoom: 5\n"},
        {"location": None},
        {"location": ""},
        {"visibility": "default", "transparency": "opaque", "status": "confirmed"},
        {"start": {"dateTime": "2027-01-04T17:30:00-06:00", "timeZone": "America/Chicago"}},
        {"start": {"dateTime": "2027-01-04T18:30:00-05:00", "timeZone": "America/Chicago"}},
        {"start": {"dateTime": "2027-01-04T23:30:00Z", "timeZone": "America/Chicago", "date": None}},
        {"end": {"dateTime": "2027-01-05T00:30:00.000Z", "timeZone": "America/Chicago"}},
        {"recurrence": [SECOND, FIRST, RULE]},
        {"recurrence": ["RRULE:BYDAY=MO;UNTIL=20270301T233000Z;FREQ=WEEKLY", FIRST, SECOND]},
        {
            "recurrence": [
                "RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20270301T233000Z;INTERVAL=1;BYDAY=MO",
                FIRST,
                SECOND,
            ]
        },
        {"recurrence": ["rrule:freq=weekly;until=20270301t233000z;byday=mo", FIRST, SECOND]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270301T173000;BYDAY=MO", FIRST, SECOND]},
        {"recurrence": [RULE, "EXDATE;TZID=America/Chicago:20270118T173000,20270125T173000"]},
        {"recurrence": [RULE, "EXDATE:20270118T233000Z", "EXDATE:20270125T233000Z"]},
        {"recurrence": [RULE, "EXDATE;TZID=America/New_York:20270118T183000", SECOND]},
        {"recurrence": [RULE, FIRST, FIRST, SECOND]},
        {"etag": '"1"', "reminders": {"useDefault": True}, "colorId": "5", "sequence": 9},
    ],
    ids=str,
)
def test_these_spellings_say_the_same(spelling: dict[str, Any]) -> None:
    assert canonical({**EVENT, **spelling}) == canonical(EVENT)


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "Process Group"},
        {"summary": "Process  group"},
        {"description": "Phase: Intensive Room: 5"},
        {"location": "Room 5"},
        {"visibility": "private"},
        {"transparency": "transparent"},
        {"status": "tentative"},
        {"start": {"dateTime": "2027-01-04T17:30:00-05:00", "timeZone": "America/Chicago"}},
        {"start": {"dateTime": "2027-01-04T17:31:00", "timeZone": "America/Chicago"}},
        {"start": {"dateTime": "2027-01-04T18:30:00", "timeZone": "America/New_York"}},
        {"start": {"dateTime": "2027-01-04T23:30:00Z"}},
        {"start": {"date": "2027-01-04"}},
        {"end": {"dateTime": "2027-01-04T18:45:00", "timeZone": "America/Chicago"}},
        {"recurrence": None},
        {"recurrence": [RULE]},
        {"recurrence": [RULE, FIRST]},
        {"recurrence": [RULE, FIRST, "EXDATE:20270125T173000Z"]},
        {"recurrence": [RULE, FIRST, SECOND, "RDATE;TZID=America/Chicago:20270105T173000"]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270222T233000Z;BYDAY=MO", FIRST, SECOND]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270301T233000Z;INTERVAL=2;BYDAY=MO", FIRST, SECOND]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270301T233000Z;BYDAY=MO,WE", FIRST, SECOND]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=MO", FIRST, SECOND]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;WKST=SU;UNTIL=20270301T233000Z;BYDAY=MO", FIRST, SECOND]},
        {"recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO", FIRST, SECOND]},
        {"recurrence": ["no rule"]},
    ],
    ids=str,
)
def test_these_changes_are_seen(change: dict[str, Any]) -> None:
    assert canonical({**EVENT, **change}) != canonical(EVENT)


def test_letters_with_accents_are_the_same_however_they_are_made() -> None:
    title = "Gruppo di comunità"
    assert len({*map(len, (unicodedata.normalize(form, title) for form in ("NFC", "NFD")))}) == 2
    spelt = [canonical({**EVENT, "summary": unicodedata.normalize(form, title)}) for form in ("NFC", "NFD")]
    assert spelt[0] == spelt[1]


def test_zones_go_by_either_of_two_names() -> None:
    text = str(SUMMER)
    for older in (text.replace("Europe/Kyiv", "Europe/Kiev"), text.replace("'Europe/Kyiv'", "'Europe/Kiev'")):
        assert canonical(eval(older)) == canonical(SUMMER)
    assert canonical(eval(text.replace("Europe/Kyiv", "Europe/Bucharest"))) != canonical(SUMMER)


def test_the_two_hours_of_one_name_are_two() -> None:
    first, second = (
        canonical({"start": {"dateTime": f"2027-11-07T01:30:00{offset}", "timeZone": "America/Chicago"}})
        for offset in ("-05:00", "-06:00")
    )
    assert first != second


@pytest.mark.parametrize(
    "value",
    [
        *(None, 5, "x", [], {}, {"dateTime": 5}, {"dateTime": "x"}, {"date": "2027-02-30"}),
        *({"dateTime": "2027-01-04T17:30:00", "timeZone": "No/Where"}, {"dateTime": None, "date": None}),
        *({"dateTime": "9999-12-31T23:59:59-12:00", "timeZone": "UTC"}, {"timeZone": "../../etc/passwd"}),
    ],
    ids=str,
)
def test_whatever_stands_in_a_row_can_be_compared(value: Any) -> None:
    for name in EVENT:
        canonical({**EVENT, name: value})
    read_row({**EVENT, "id": "evts00" + "0" * 32, "start": value, "status": "cancelled"}, OWNER)


@pytest.mark.parametrize(
    "line",
    [
        *("", ":", "RRULE", "RRULE:", "RRULE:FREQ=WEEKLY;UNTIL=x", "RRULE:FREQ=NEVER", "EXDATE:x", "EXDATE:"),
        *(
            "RDATE:20270230",
            "EXDATE;TZID=No/Where:20270118T173000",
            "RRULE:FREQ=WEEKLY;UNTIL=99999999T999999Z",
        ),
        *("RRULE:FREQ=WEEKLY;INTERVAL=0", "RRULE:FREQ=SECONDLY", "RRULE:FREQ=WEEKLY;BYDAY=XX"),
    ],
)
def test_a_rule_that_nobody_can_read_gives_the_first_session_and_can_be_compared(line: str) -> None:
    start = datetime(2027, 1, 4, 17, 30, tzinfo=CHICAGO)
    assert start in rule.starts_of(start, [line])
    assert canonical({**EVENT, "recurrence": [line]}) != canonical(EVENT)
    assert len(rule.ended([line], start)) <= 1


# Rules and their sessions.


def series(chance: random.Random) -> tuple[list[datetime], int]:
    """Returns some sessions on one weekday and the weeks between which they may lie."""
    zone = chance.choice(ZONES)
    first = datetime(2027, 1, 4, chance.choice((0, 9, 17, 23)), chance.choice((0, 15, 30)), tzinfo=zone)
    first += timedelta(days=chance.randrange(200))
    every = chance.choice((1, 1, 1, 2, 3))
    weeks = sorted(chance.sample(range(60), chance.randrange(1, 20)))
    return [first + timedelta(weeks=every * (week - weeks[0])) for week in weeks], every


def by_dateutil(start: datetime, lines: list[str]) -> list[datetime]:
    """Returns what another program reads in a rule."""
    text = "\n".join(lines)
    until = text.partition("UNTIL=")[2].partition(";")[0]
    if until.endswith("Z"):
        instant = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        text = text.replace(until, f"{instant.astimezone(start.tzinfo):%Y%m%dT%H%M%S}")
    plain = text.replace(f";TZID={start.tzinfo}", "")
    return [
        each.replace(tzinfo=start.tzinfo)
        for each in rrulestr(plain, dtstart=start.replace(tzinfo=None), forceset=True)
    ]


def test_a_rule_gives_back_its_sessions_here_and_elsewhere(figure: Callable[[object], None]) -> None:
    chance, count = random.Random(27), 300
    for _ in range(count):
        starts, every = series(chance)
        every = rule.step_of(starts, every)
        lines = rule.lines(starts, every, str(starts[0].tzinfo))
        assert list(rule.starts_of(starts[0], lines)) == starts
        assert by_dateutil(starts[0], list(lines)) == starts
        assert rule.interval(lines) == every
        shuffled = [*lines[1:], lines[0]]
        assert list(rule.starts_of(starts[0], shuffled)) == starts, "read in the general way"
    figure(f"rules: {count} series in {len(ZONES)} zones, seed 27")


def test_a_rule_of_a_person_gives_what_another_program_reads(figure: Callable[[object], None]) -> None:
    chance, count = random.Random(28), 200
    for _ in range(count):
        start = datetime(2027, 1, 4, 17, 30, tzinfo=chance.choice(ZONES)) + timedelta(
            days=chance.randrange(99)
        )
        end = start + timedelta(days=chance.randrange(1, 300))
        line = "RRULE:" + ";".join(
            [
                f"FREQ={chance.choice(('DAILY', 'WEEKLY', 'MONTHLY'))}",
                chance.choice(
                    (
                        f"COUNT={chance.randrange(1, 40)}",
                        f"UNTIL={end:%Y%m%d}T000000Z",
                        f"UNTIL={end:%Y%m%dT%H%M%S}",
                    )
                ),
                f"INTERVAL={chance.randrange(1, 4)}",
                *chance.choice(([], ["BYDAY=MO,WE"], ["BYDAY=TU"], ["WKST=SU"], ["BYMONTHDAY=1,15,31"])),
            ]
        )
        assert list(rule.starts_of(start, [line])) == by_dateutil(start, [line]), line
    figure(f"rules of people: {count}, seed 28")


def test_a_series_that_is_ended_keeps_what_was_held_and_nothing_else() -> None:
    chance = random.Random(29)
    for _ in range(200):
        starts, every = series(chance)
        every = rule.step_of(starts, every)
        lines = rule.lines(starts, every, str(starts[0].tzinfo))
        held = starts[: chance.randrange(1, len(starts) + 1)]
        ended = rule.ended(lines, held[-1])
        assert list(rule.starts_of(starts[0], ended)) == held
        assert set(ended[1:]) <= set(lines[1:]), "exceptions stay as they were written"


@pytest.mark.parametrize(
    ("lines", "ended"),
    [
        (["RRULE:FREQ=WEEKLY"], ["RRULE:FREQ=WEEKLY;UNTIL=20270118T233000Z"]),
        (["RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=MO"], ["RRULE:FREQ=WEEKLY;UNTIL=20270118T233000Z;BYDAY=MO"]),
        (["RRULE:COUNT=9;FREQ=WEEKLY"], ["RRULE:FREQ=WEEKLY;UNTIL=20270118T233000Z"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=9", "EXDATE;TZID=America/Chicago:20270111T173000,20270125T173000"],
            ["RRULE:FREQ=WEEKLY;UNTIL=20270118T233000Z", "EXDATE;TZID=America/Chicago:20270111T173000"],
        ),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=9", "RDATE;TZID=America/Chicago:20270105T090000,20270126T090000"],
            ["RRULE:FREQ=WEEKLY;UNTIL=20270118T233000Z", "RDATE;TZID=America/Chicago:20270105T090000"],
        ),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=9", "RDATE:20270126T150000Z", "EXDATE:20270125T233000Z"],
            ["RRULE:FREQ=WEEKLY;UNTIL=20270118T233000Z"],
        ),
        (["RDATE:20270118T233000Z,20270120T233000Z"], ["RDATE:20270118T233000Z"]),
        (["EXRULE:FREQ=WEEKLY;INTERVAL=2"], ["EXRULE:FREQ=WEEKLY;INTERVAL=2"]),
    ],
    ids=str,
)
def test_what_is_ended_has_no_date_behind_its_last(lines: list[str], ended: list[str]) -> None:
    assert list(rule.ended(lines, datetime(2027, 1, 18, 17, 30, tzinfo=CHICAGO))) == ended


def test_a_series_of_whole_days_ends_with_a_date() -> None:
    lines = ["RRULE:FREQ=WEEKLY;UNTIL=20270308;BYDAY=MO"]
    assert rule.ended(lines, datetime(2027, 2, 8, tzinfo=UTC), whole=True) == (
        "RRULE:FREQ=WEEKLY;UNTIL=20270208;BYDAY=MO",
    )


def test_no_more_than_730_sessions_are_read_of_a_rule() -> None:
    start = datetime(2027, 1, 4, 17, 30, tzinfo=CHICAGO)
    assert len(rule.starts_of(start, ["RRULE:FREQ=DAILY"])) == 730
    assert len(rule.starts_of(start, ["RRULE:FREQ=WEEKLY;UNTIL=29990101T000000Z;BYDAY=MO"])) == 730


# Ids and marks.

OWNER = Owner("salt", "riverbend-evening", "program")
REF = OWNER.ref(("-", "-", "-", "series", "process-group", "intensive", "1", "mon", "1"))


def test_an_id_is_of_the_letters_that_google_allows_and_says_its_number() -> None:
    ids = [event_id(REF, number) for number in range(1024)]
    assert len(set(ids)) == 1024
    assert (ids[0][:6], ids[1][:6], ids[32][:6], ids[1023][:6]) == ("evts00", "evts01", "evts10", "evtsvv")
    for number, id in enumerate(ids):
        assert len(id) == 38
        assert set(id) <= set("0123456789abcdefghijklmnopqrstuv")
        assert parse_id(id) == (REF, number)
    assert sorted(ids) == ids


@pytest.mark.parametrize(
    "id",
    [
        "",
        "evts",
        f"evts0{REF}",
        f"evts00{REF}0",
        f"EVTS00{REF}",
        f"evtd00{REF}",
        f"evtsw0{REF}",
        f"evts00{REF}_20270111",
    ],
)
def test_no_other_id_is_ours(id: str) -> None:
    assert parse_id(id) is None


def test_names_tell_nothing_and_depend_on_salt_program_feed_and_key() -> None:
    owners = [
        OWNER,
        Owner("other", "riverbend-evening", "program"),
        Owner("salt", "riverbend", "program"),
        Owner("salt", "riverbend-evening", "track/evening"),
    ]
    key = ("-", "-", "-", "day", "process-group", "2027-01-04", "1")
    assert len({owner.ref(key) for owner in owners}) == len({owner.src for owner in owners}) == 4
    assert len({OWNER.ref(key), OWNER.ref((*key[:-1], "2")), REF}) == 3
    assert len(OWNER.src) == 16
    assert set(OWNER.src) <= set("0123456789abcdef")


def test_a_mark_is_read_as_it_was_written() -> None:
    for written in (Mark(OWNER.src, REF, "a" * 32, "b" * 32), Mark(OWNER.src, REF)):
        properties = written.properties()
        assert mark(properties) == written
        assert all(len(name) <= 44 and len(value) <= 1024 for name, value in properties.items())
    assert Mark(OWNER.src, REF).properties()["sum"] == "gone"
    assert Mark(OWNER.src, REF).gone
    assert Mark(OWNER.src, REF, "a" * 32, "b" * 32).properties()["sum"] == f"1:{'a' * 32}:{'b' * 32}"


@pytest.mark.parametrize(
    "change",
    [
        {"src": None},
        {"src": "x"},
        {"sum": ""},
        {"sum": "2:a:b"},
        {"sum": f"1:{'a' * 32}"},
        {"ref": 5},
        {"sum": "Gone"},
    ],
    ids=str,
)
def test_no_other_properties_are_a_mark(change: dict[str, Any]) -> None:
    properties = Mark(OWNER.src, REF, "a" * 32, "b" * 32).properties()
    assert mark({**properties, **change}) is None
    assert mark(None) is None


@pytest.mark.parametrize(
    ("change", "owned"),
    [
        ({}, True),
        ({"id": "abc123"}, False),
        ({"id": event_id(REF, 7)}, True),
        ({"id": event_id("0" * 32, 0)}, False),
        ({"extendedProperties": None}, False),
        ({"extendedProperties": {"shared": {}}}, False),
        ({"status": "cancelled", "extendedProperties": None}, True),
    ],
)
def test_an_event_is_ours_by_its_mark_and_the_id_that_goes_with_it(
    change: dict[str, Any], owned: bool
) -> None:
    properties = Mark(OWNER.src, REF, "a" * 32, "b" * 32).properties()
    event = {**EVENT, "id": event_id(REF, 0), "extendedProperties": {"private": properties}}
    assert (read_row({**event, **change}, OWNER) is not None) is owned


# Pace.


def pace(clock: list[float], **options: float) -> Pace:
    return Pace(
        lambda: clock[0],
        lambda seconds: clock.__setitem__(0, clock[0] + seconds),
        random.Random(1),
        **options,
    )


def test_no_minute_has_more_than_550_units() -> None:
    clock, chance = [0.0], random.Random(3)
    made = pace(clock)
    spent: list[tuple[float, int]] = []
    for _ in range(200):
        units = chance.randrange(1, 151)
        made.spend(units)
        spent.append((clock[0], units))
        clock[0] += chance.choice((0.0, 0.1, 5.0))
    for moment, _ in spent:
        assert sum(units for when, units in spent if moment - 60 + 1e-6 < when <= moment) <= 550


def test_501_units_take_no_wait_and_551_do() -> None:
    clock = [0.0]
    made = pace(clock)
    made.spend(1)
    for _ in range(10):
        made.spend(50)
    assert clock == [0.0]
    made.spend(50)
    assert clock == [60.0]


def test_waits_double_to_64_seconds_and_heed_what_google_asks() -> None:
    clock = [0.0]
    made = pace(clock)
    for repeat in range(8):
        before = clock[0]
        assert made.wait(repeat)
        assert min(64, 2**repeat) <= clock[0] - before <= 1.5 * min(64, 2**repeat)
    before = clock[0]
    assert made.wait(0, 90.0)
    assert clock[0] - before == 90
    assert not made.wait(0, 590.0), "the time for waiting is used up"
    assert clock[0] - before == 90
