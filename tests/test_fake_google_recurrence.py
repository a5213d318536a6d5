"""The fake Google Calendar: which recurrence it takes, and how it comes back."""

from __future__ import annotations

import pytest

from tests.fake_google import ApiError, FakeGoogle
from tests.fake_google.clients import series
from tests.fake_google.recurrence import occurrences, settle_recurrence

TIMED = {"dateTime": "2027-01-04T17:30:00-06:00", "timeZone": "America/Chicago"}
ALL_DAY = {"date": "2027-01-04"}


def settled(lines, start=TIMED, order="rule", split=True, in_utc=False):
    return settle_recurrence(lines, start, order, split, in_utc)


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART:20270104T173000",
        "DTEND:20270104T183000",
        "RRULE",
        "RRULE:",
        "RRULE:BYDAY=MO",
        "RRULE:FREQ=FORTNIGHTLY",
        "RRULE:FREQ=WEEKLY;COUNT=3;UNTIL=20270125T233000Z",
        "RRULE:FREQ=WEEKLY;INTERVAL=0",
        "RRULE:FREQ=WEEKLY;COUNT=0",
        "RRULE:FREQ=WEEKLY;UNTIL=20270125",
        "RRULE:FREQ=WEEKLY;UNTIL=20270125T173000",
        "RRULE:FREQ=WEEKLY;UNTIL=20271325T173000Z",
        "RRULE:FREQ=WEEKLY;BYDAY=MONDAY",
        "RRULE:FREQ=WEEKLY;BYHOUR=late",
        "RRULE:FREQ=WEEKLY;FREQ=DAILY",
        "RRULE:FREQ=WEEKLY;BYEASTER=1",
        "RRULE:FREQ=WEEKLY;WKST=XX",
        "EXDATE;TZID=America/Chicago:2027-01-18",
        "EXDATE;TZID=America/Nowhere:20270118T173000",
    ],
)
def test_other_lines_are_no_recurrence(line):
    with pytest.raises(ApiError) as caught:
        settled([line])
    assert (caught.value.status, caught.value.message) == (400, "Invalid recurrence rule.")


def test_until_has_the_form_of_the_start():
    assert settled(["RRULE:FREQ=WEEKLY;UNTIL=20270125"], ALL_DAY) == ["RRULE:FREQ=WEEKLY;UNTIL=20270125"]
    with pytest.raises(ApiError):
        settled(["RRULE:FREQ=WEEKLY;UNTIL=20270125T233000Z"], ALL_DAY)


def test_the_parts_of_a_rule_come_back_in_googles_order():
    line = "RRULE:BYDAY=MO;INTERVAL=2;UNTIL=20270125T233000Z;WKST=MO;FREQ=WEEKLY"
    assert settled([line]) == ["RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20270125T233000Z;INTERVAL=2;BYDAY=MO"]
    assert settled([line], order="as-sent") == [line]
    assert settled([line], order="reversed") == [
        "RRULE:FREQ=WEEKLY;BYDAY=MO;INTERVAL=2;UNTIL=20270125T233000Z;WKST=MO"
    ]


def test_dates_come_back_one_a_line_after_the_rules():
    lines = ["EXDATE;TZID=America/Chicago:20270111T173000,20270118T173000", "RRULE:FREQ=WEEKLY"]
    one, two = "EXDATE;TZID=America/Chicago:20270111T173000", "EXDATE;TZID=America/Chicago:20270118T173000"
    assert settled(lines) == ["RRULE:FREQ=WEEKLY", one, two]
    assert settled(lines, split=False) == ["RRULE:FREQ=WEEKLY", lines[0]]
    assert settled(lines, in_utc=True)[1:] == ["EXDATE:20270111T233000Z", "EXDATE:20270118T233000Z"]
    assert settled(["RRULE:FREQ=WEEKLY", "EXDATE;VALUE=DATE:20270111"], ALL_DAY)[1] == (
        "EXDATE;VALUE=DATE:20270111"
    )


def test_a_series_is_expanded_in_wall_time():
    lines = [
        "RRULE:FREQ=WEEKLY;UNTIL=20270322T223000Z;BYDAY=MO",
        "EXDATE;TZID=America/Chicago:20270118T173000",
    ]
    moments = occurrences(TIMED, lines)
    assert len(moments) == 11
    assert {f"{moment:%H:%M}" for moment in moments} == {"17:30"}
    assert f"{moments[-1]:%d %b}" == "22 Mar"  # in summer time


def test_dates_may_be_added_and_a_rule_taken_away():
    lines = [
        "RRULE:FREQ=DAILY;COUNT=4",
        "EXRULE:FREQ=DAILY;COUNT=2",
        "RDATE;TZID=America/Chicago:20270110T173000",
    ]
    assert [moment.day for moment in occurrences(TIMED, lines)] == [6, 7, 10]


@pytest.mark.parametrize(
    ("fields", "flaw"),
    [
        ({"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TU"]}, "the start of a series is none of its"),
        (
            {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=America/Chicago:20270112T173000"]},
            "an EXDATE that hits nothing",
        ),
        (
            {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=America/Denver:20270111T163000"]},
            "an EXDATE in another zone",
        ),
        (
            {"recurrence": ["RRULE:FREQ=DAILY;COUNT=1", "EXDATE;TZID=America/Chicago:20270104T173000"]},
            "a series without an occurrence",
        ),
    ],
)
def test_a_series_that_does_not_say_what_it_means_is_a_violation(fields, flaw):
    import json

    with FakeGoogle(auth="off") as fake:
        address = f"/calendar/v3/calendars/{fake.calendar()}/events?sendUpdates=none"
        answer, _ = fake.http().request(address, "POST", json.dumps(series(**fields)))
        assert answer.status == 200
        assert len(fake.violations) == 1
        assert flaw in fake.violations[0]


def test_a_series_as_it_should_be_is_no_violation():
    import json

    with FakeGoogle(auth="off") as fake:
        address = f"/calendar/v3/calendars/{fake.calendar()}/events?sendUpdates=none"
        fake.http().request(address, "POST", json.dumps(series()))
        assert fake.violations == []
