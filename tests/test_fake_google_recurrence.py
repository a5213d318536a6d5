"""The fake Google Calendar: which recurrence it takes, and how it comes back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.fake_google import ApiError, FakeGoogle
from tests.fake_google.clients import Client, refusal, series
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
    with FakeGoogle(auth="off") as fake:
        address = f"/calendar/v3/calendars/{fake.calendar()}/events?sendUpdates=none"
        answer, _ = fake.http().request(address, "POST", json.dumps(series(**fields)))
        assert answer.status == 200
        assert len(fake.violations) == 1
        assert flaw in fake.violations[0]


def test_a_series_as_it_should_be_is_no_violation():
    with FakeGoogle(auth="off") as fake:
        address = f"/calendar/v3/calendars/{fake.calendar()}/events?sendUpdates=none"
        fake.http().request(address, "POST", json.dumps(series()))
        assert fake.violations == []


@pytest.fixture
def client() -> Client:
    fake = FakeGoogle(auth="off")
    return Client(fake, fake.http(), "http://fake.test/")


def test_a_series_of_whole_days_has_dates_everywhere(client):
    body = series(
        start={"date": "2027-01-04"},
        end={"date": "2027-01-05"},
        recurrence=["RRULE:FREQ=WEEKLY;UNTIL=20270125", "EXDATE;VALUE=DATE:20270118"],
    )
    id = client.insert(body)["id"]
    instance = client.get(f"{id}_20270111")
    assert (instance["start"], instance["end"]) == ({"date": "2027-01-11"}, {"date": "2027-01-12"})
    assert instance["originalStartTime"] == {"date": "2027-01-11"}
    moved = client.fake.people.move_instance(client.calendar, id, 1, by=timedelta(days=2))
    assert moved == f"{id}_20270111"
    assert client.get(moved)["start"] == {"date": "2027-01-13"}
    assert client.ids(timeMin="2027-01-26T06:00:00Z") == []
    assert client.ids(timeMin="2027-01-26T05:59:59Z") == [id]  # the day ends at midnight in Chicago
    assert client.fake.violations == []


@pytest.mark.parametrize(
    ("zone", "day", "walls"),
    [
        ("America/Chicago", "2027-03-07", ["02:15", "03:15", "02:15"]),
        ("Australia/Lord_Howe", "2027-09-26", ["02:15", "02:45", "02:15"]),
    ],
)
def test_an_hour_that_a_clock_change_skips_is_shown_later_once(client, zone, day, walls):
    body = series(
        start={"dateTime": f"{day}T02:15:00", "timeZone": zone},
        end={"dateTime": f"{day}T03:15:00", "timeZone": zone},
        recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"],
    )
    id = client.insert(body)["id"]
    items = client.events.instances(calendarId=client.calendar, eventId=id).execute()["items"]
    moments = [datetime.fromisoformat(item["start"]["dateTime"]).astimezone(ZoneInfo(zone)) for item in items]
    assert [f"{moment:%H:%M}" for moment in moments] == walls


def test_dropping_the_recurrence_leaves_a_single_event(client):
    id = client.insert(series())["id"]
    changed = client.patch(id, {"recurrence": None})
    assert "recurrence" not in changed
    assert refusal(client.get, f"{id}_20270111T233000Z")[0] == 404
    assert client.patch(id, {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"]})["sequence"] == 2
