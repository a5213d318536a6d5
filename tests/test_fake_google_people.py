"""The fake Google Calendar: calendars, people who act by hand, time and snapshots."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.fake_google import FakeGoogle
from tests.fake_google.clients import Client, connected, refusal, series, single


@pytest.fixture
def google() -> Client:
    """A client without sockets."""
    fake = FakeGoogle(auth="off")
    return Client(fake, fake.http(), "http://fake.test/")


def test_a_person_edits_moves_cancels_and_deletes(google):
    people, calendar = google.fake.people, google.calendar
    id = google.insert(series())["id"]
    people.edit(calendar, id, summary="By hand", location="Room 2")
    assert google.get(id)["summary"] == "By hand"
    moved = people.move_instance(calendar, id, "2027-01-11T17:30:00", by=timedelta(hours=1))
    assert google.get(moved)["start"]["dateTime"] == "2027-01-11T18:30:00-06:00"
    assert google.get(moved)["originalStartTime"]["dateTime"] == "2027-01-11T17:30:00-06:00"
    gone = people.cancel_instance(calendar, id, datetime(2027, 1, 25, 17, 30))
    assert google.get(gone)["status"] == "cancelled"
    assert people.instance(calendar, id, 0) == f"{id}_20270104T233000Z"
    people.delete(calendar, id)
    assert {row["status"] for row in google.fake.events(calendar).values()} == {"cancelled"}
    people.undelete(calendar, id)
    assert list(google.fake.live(calendar)) == [id]
    assert google.fake.writes == [("insert", calendar, id)]


def test_a_copy_has_the_same_marks_and_another_id(google):
    made = google.insert(series())
    copy = google.fake.people.copy_event(google.calendar, made["id"])
    row = google.get(copy)
    assert copy != made["id"]
    assert row["iCalUID"] != made["iCalUID"]
    assert row["extendedProperties"] == made["extendedProperties"]
    assert row["recurrence"] == made["recurrence"]
    other = google.fake.calendar()
    google.fake.people.copy_event(google.calendar, made["id"], into=other)
    assert len(google.fake.events(other)) == 1


def test_people_act_between_two_requests(google):
    id = google.insert(single())["id"]
    google.fake.before(3, lambda: google.fake.people.delete(google.calendar, id))
    google.fake.after(3, lambda: google.fake.people.add_foreign(google.calendar))
    assert google.ids() == [id]
    assert google.ids() == []
    assert len(google.ids()) == 1


def test_what_tests_get_of_events_is_theirs(google):
    id = google.insert(single())["id"]
    google.fake.events(google.calendar)[id]["start"]["dateTime"] = "never"
    assert google.get(id)["start"]["dateTime"] == "2027-02-15T17:30:00-06:00"


def test_the_clock_is_virtual_and_moved_by_sleeping(google):
    assert google.fake.now() == datetime(2027, 2, 10, 6, tzinfo=UTC)
    google.fake.sleep(90)
    assert google.insert(single())["created"] == "2027-02-10T06:01:30.000Z"
    assert google.fake.log[-1].virtual_time == datetime(2027, 2, 10, 6, 1, 30, tzinfo=UTC)


def test_over_sockets_wall_time_counts_as_much_as_waits_are_shortened():
    with FakeGoogle(auth="off", wait_scale=0.001) as fake, connected(fake) as google:
        before = fake.ticks()
        google.list()
        assert fake.ticks() - before > 100 * (fake.seconds() - 0.0) > 0.0


def test_a_snapshot_brings_everything_back(google):
    fake = google.fake
    google.insert(single(1))
    fake.fault("500", {"method": "DELETE"})
    kept = fake.snapshot()
    seen = []
    for _ in range(2):
        fake.restore(kept)
        google.insert(single(2))
        google.patch(single(1)["id"], {"summary": "x"})
        assert refusal(google.delete, single(1)["id"])[0] == 500
        fake.advance(5)
        fake.calendar()
        seen.append((fake.events(google.calendar), list(fake.store.calendars), fake.requests, fake.writes))
    assert seen[0] == seen[1]
    fake.restore(kept)
    assert (list(fake.events(google.calendar)), fake.requests, fake.seconds()) == ([single(1)["id"]], 1, 0.0)


def test_a_copy_of_the_fake_goes_its_own_way(google):
    google.insert(single(1))
    twin = google.fake.copy()
    google.delete(single(1)["id"])
    assert twin.events(google.calendar)[single(1)["id"]]["status"] == "confirmed"
    assert twin.requests == 1
    assert twin.switches == google.fake.switches


def test_a_calendar_is_made_read_changed_and_deleted(google):
    calendars = google.service.calendars()
    made = calendars.insert(body={"summary": "Calendar", "timeZone": "Europe/Berlin"}).execute()
    assert made["id"].startswith("c_")
    assert made["id"].endswith("@group.calendar.google.com")
    assert calendars.get(calendarId=made["id"]).execute() == made
    changed = calendars.patch(calendarId=made["id"], body={"timeZone": "UTC"}).execute()
    assert (changed["timeZone"], changed["summary"]) == ("UTC", "Calendar")
    calendars.delete(calendarId=made["id"]).execute()
    assert refusal(calendars.get(calendarId=made["id"]).execute)[0] == 404
    assert refusal(calendars.insert(body={}).execute)[:2] == (400, "required")


def test_another_zone_of_a_calendar_shows_other_offsets(google):
    id = google.insert(single())["id"]
    google.service.calendars().patch(calendarId=google.calendar, body={"timeZone": "UTC"}).execute()
    assert google.get(id)["start"]["dateTime"] == "2027-02-15T23:30:00Z"


def test_about_forty_calendars_can_be_made_and_deleting_gives_none_back(google):
    calendars = google.service.calendars()
    for number in range(38):
        made = calendars.insert(body={"summary": f"Calendar {number}"}).execute()
    calendars.delete(calendarId=made["id"]).execute()
    status, reason, message = refusal(calendars.insert(body={"summary": "One more"}).execute)
    assert (status, reason, message) == (403, "quotaExceeded", "Calendar usage limits exceeded.")


def test_primary_is_the_calendar_of_the_caller(google):
    google.calendar = "primary"
    id = google.insert(single())["id"]
    assert list(google.fake.events("coordinator@example.org")) == [id]
    entries = google.service.calendarList().list(minAccessRole="owner").execute()["items"]
    assert [entry.get("primary", False) for entry in entries] == [False, True]
    entry = google.service.calendarList().get(calendarId="primary").execute()
    assert (entry["id"], entry["accessRole"]) == ("coordinator@example.org", "owner")
    refused = refusal(google.service.calendars().delete(calendarId="primary").execute)
    assert refused[:2] == (400, "badRequest")


def test_readers_cannot_write_and_strangers_see_nothing(google):
    google.calendar = google.fake.calendar(owner="boss@example.org")
    assert refusal(google.list) == (404, "notFound", "Not Found")
    google.fake.share(google.calendar, "coordinator@example.org", "reader")
    assert refusal(google.insert, single())[:2] == (403, "requiredAccessLevel")
    google.fake.share(google.calendar, "coordinator@example.org", "writer")
    google.insert(single())
    google.fake.share(google.calendar, "coordinator@example.org", "none")
    assert refusal(google.list)[0] == 404


def test_what_is_no_address_of_the_api_is_not_found(google):
    http = google.fake.http()
    for address in ("/", "/calendar/v2/x", "/calendar/v3/colors", "/batch"):
        answer, content = http.request(address)
        assert answer.status == 404
        assert b"<!DOCTYPE html>" in content


def test_the_log_holds_what_was_sent(google):
    google.insert(single())
    record = google.fake.log[-1]
    assert (record.method, record.status, record.parts) == ("POST", 200, [])
    assert record.query["sendUpdates"] == ["none"]
    assert json.loads(record.body) == single()
    assert record.headers["accept-encoding"] == "gzip, deflate"


def test_sharing_over_the_api_needs_an_owner_and_sense(google):
    acl = google.service.acl()
    everybody = {"role": "reader", "scope": {"type": "default"}}
    assert acl.insert(calendarId=google.calendar, body=everybody).execute()["id"] == "default"
    wrong = {"role": "king", "scope": {"type": "default"}}
    assert refusal(acl.insert(calendarId=google.calendar, body=wrong).execute)[:2] == (400, "invalid")
    nobody = {"role": "reader", "scope": {"type": "user"}}
    assert refusal(acl.insert(calendarId=google.calendar, body=nobody).execute)[:2] == (400, "required")
    theirs = google.fake.calendar(owner="boss@example.org")
    assert refusal(acl.insert(calendarId=theirs, body=everybody).execute)[0] == 404
    google.fake.share(theirs, "coordinator@example.org", "writer")
    assert refusal(acl.insert(calendarId=theirs, body=everybody).execute)[:2] == (403, "forbidden")
    assert refusal(google.service.calendars().delete(calendarId=theirs).execute)[0] == 403


def test_closing_the_fake_ends_connections_that_are_open():
    fake = FakeGoogle(auth="off")
    with connected(fake) as google:
        google.list()
        fake.close()
        fake.close()
        with pytest.raises(OSError, match="refused"):
            google.list()
