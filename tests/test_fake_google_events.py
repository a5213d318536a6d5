"""The fake Google Calendar: writing events, over real sockets with the unmodified client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_google import FakeGoogle
from tests.fake_google.clients import Client, connected, refusal, series, single

ZONE = "America/Chicago"


@pytest.fixture
def google() -> Iterator[Client]:
    with FakeGoogle(auth="off") as fake, connected(fake) as client:
        yield client


def with_switches(**switches):
    return FakeGoogle(auth="off", **switches)


def test_an_inserted_event_comes_back_with_what_the_server_adds(google):
    made = google.insert(single())
    assert made["id"] == single()["id"]
    assert made["start"] == {"dateTime": "2027-02-15T17:30:00-06:00", "timeZone": ZONE}
    assert made["iCalUID"] == f"{made['id']}@google.com"
    assert (made["status"], made["sequence"], made["reminders"]) == ("confirmed", 0, {"useDefault": True})
    assert made["creator"] == {"email": "coordinator@example.org"}
    assert made["organizer"]["self"] is True
    assert google.get(made["id"]) == made
    assert google.fake.writes == [("insert", google.calendar, made["id"])]


def test_an_event_without_an_id_gets_one(google):
    body = single()
    del body["id"]
    assert len(google.insert(body)["id"]) == 26


@pytest.mark.parametrize("id", ["evts", "EVTS00", "evtsw0", "evts-0", "x" * 5, "a" * 1025])
def test_ids_outside_base32hex_are_refused(google, id):
    assert refusal(google.insert, single(id=id)) == (400, "invalid", "Invalid resource id value.")


def test_id_and_ical_uid_together_are_refused(google):
    assert refusal(google.insert, single(iCalUID="a@b"))[:2] == (400, "invalid")


def test_an_id_in_use_or_ever_used_is_refused_for_good(google):
    taken = (409, "duplicate", "The requested identifier already exists.")
    made = google.insert(single())
    assert refusal(google.insert, single()) == taken
    google.delete(made["id"], made["etag"])
    assert refusal(google.insert, single()) == taken
    google.fake.purge_tombstones()
    assert refusal(google.get, made["id"])[0] == 404
    assert refusal(google.insert, single()) == taken


def test_a_collision_may_be_missed():
    with with_switches(collision_missed=True) as fake, connected(fake) as google:
        google.insert(single())
        assert google.insert(single(summary="Other"))["summary"] == "Other"
        assert len(fake.events(google.calendar)) == 1


@pytest.mark.parametrize(
    ("fields", "reason", "message"),
    [
        ({"start": None}, "required", "Missing start time."),
        ({"end": {}}, "required", "Missing end time."),
        (
            {"start": {"dateTime": "2027-02-15T17:30:00"}},
            "required",
            "Missing time zone definition for start time.",
        ),
        (
            {"end": {"dateTime": "2027-02-15T18:30:00", "timeZone": "Chicago"}},
            "invalid",
            "Invalid time zone definition for end time.",
        ),
        (
            {"start": {"dateTime": "2027-02-15T17:30:00", "timeZone": "Europe/Kyiv"}},
            "invalid",
            "Invalid time zone definition for start time.",
        ),
        (
            {"start": {"dateTime": "2027-02-15T17:30:00", "date": "2027-02-15", "timeZone": ZONE}},
            "invalid",
            "Invalid start time.",
        ),
        ({"start": {"dateTime": "2027-02-30T17:30:00Z"}}, "invalid", "Invalid start time."),
        ({"start": {"date": "15.2.2027"}}, "invalid", "Invalid start time."),
        (
            {"start": {"date": "2027-02-15"}},
            "invalid",
            "Start and end times must either both be date or both be dateTime.",
        ),
        (
            {"end": {"dateTime": "2027-02-15T17:29:00", "timeZone": ZONE}},
            "timeRangeEmpty",
            "The specified time range is empty.",
        ),
        (
            {"recurrence": ["RRULE:FREQ=DAILY"], "start": {"dateTime": "2027-02-15T17:30:00-06:00"}},
            "required",
            "Missing time zone definition for start time.",
        ),
    ],
)
def test_times_that_say_nothing_clear_are_refused(google, fields, reason, message):
    body = single() | fields
    assert refusal(google.insert, {k: v for k, v in body.items() if v is not None}) == (400, reason, message)
    assert google.fake.events(google.calendar) == {}


def test_the_zone_list_may_know_kyiv():
    kyiv = {
        "start": {"dateTime": "2027-02-15T17:30:00", "timeZone": "Europe/Kyiv"},
        "end": {"dateTime": "2027-02-15T18:30:00", "timeZone": "Europe/Kyiv"},
    }
    with with_switches(unknown_zones=()) as fake, connected(fake) as google:
        assert google.insert(single(**kyiv))["start"]["dateTime"] == "2027-02-15T09:30:00-06:00"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"extendedProperties": {"private": {"k" * 45: "v"}}}, "badRequest"),
        ({"extendedProperties": {"private": {"k": "v" * 1025}}}, "badRequest"),
        ({"extendedProperties": {"private": {"k": 1}}}, "badRequest"),
        ({"reminders": {"overrides": [{"method": "popup", "minutes": 1}] * 6}}, "tooManyReminderOverrides"),
        ({"reminders": {"overrides": [{"method": "popup", "minutes": 40321}]}}, "invalid"),
        (
            {"reminders": {"useDefault": True, "overrides": [{"method": "popup", "minutes": 1}]}},
            "cannotUseDefaultRemindersAndSpecifyOverride",
        ),
        ({"visibility": "secret"}, "badRequest"),
        ({"summary": 7}, "badRequest"),
    ],
)
def test_limits_of_fields_are_kept(google, fields, reason):
    assert refusal(google.insert, single(**fields))[:2] == (400, reason)


def test_the_longest_private_property_is_taken(google):
    private = {"k" * 44: "v" * 1024}
    made = google.insert(single(extendedProperties={"private": private}))
    assert made["extendedProperties"]["private"] == private


def test_what_is_no_json_object_is_refused(google):
    http = google.fake.http()
    address = f"/calendar/v3/calendars/{google.calendar}/events"
    for body in ("[1]", "{", "", b"\xff"):
        answer, content = http.request(address, "POST", body)
        assert answer.status == 400
        assert b'"parseError"' in content


def test_conference_data_is_dropped_unless_asked_for(google):
    data = {"conferenceData": {"notes": "n"}}
    assert "conferenceData" not in google.insert(single(1, **data))
    assert "conferenceData" in google.insert(single(2, **data), conferenceDataVersion=1)


def test_a_patch_merges_deeply_and_null_removes(google):
    made = google.insert(single(description="d", location="l"))
    private = {"sum": "gone", "ref": None}
    changed = google.patch(
        made["id"], {"description": None, "extendedProperties": {"private": private}}, made["etag"]
    )
    assert "description" not in changed
    assert changed["location"] == "l"
    assert changed["extendedProperties"]["private"] == {"src": "7e628a1a3999e61e", "sum": "gone"}
    assert changed["sequence"] == 0
    assert changed["etag"] != made["etag"]


def test_a_change_of_time_raises_the_sequence(google):
    made = google.insert(series())
    end = {"dateTime": "2027-01-04T18:45:00"}
    assert google.patch(made["id"], {"end": end})["sequence"] == 1
    assert google.patch(made["id"], {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"]})["sequence"] == 2
    assert google.patch(made["id"], {"summary": "x"})["sequence"] == 2
    assert refusal(google.patch, made["id"], {"sequence": 1}) == (400, "invalid", "Invalid sequence value.")


def test_from_timed_to_all_day_the_other_form_must_be_emptied(google):
    made = google.insert(single())
    day, next_day = {"date": "2027-02-15"}, {"date": "2027-02-16"}
    status, reason, message = refusal(google.patch, made["id"], {"start": day, "end": next_day})
    assert (status, reason, message) == (400, "invalid", "Invalid start time.")
    none = {"dateTime": None, "timeZone": None}
    changed = google.patch(made["id"], {"start": day | none, "end": next_day | none})
    assert changed["start"] == {"date": "2027-02-15"}
    assert changed["reminders"]["overrides"] == [{"method": "popup", "minutes": 30}]


def test_an_update_drops_what_is_not_sent(google):
    made = google.insert(series(description="d"))
    body = {name: single()[name] for name in ("start", "end")}
    changed = google.update(made["id"], body, made["etag"])
    assert not {"description", "summary", "recurrence", "extendedProperties"} & changed.keys()
    assert changed["iCalUID"] == made["iCalUID"]


def test_a_stale_etag_is_refused_on_each_write(google):
    made = google.insert(single())
    google.patch(made["id"], {"summary": "x"}, made["etag"])
    stale = (412, "conditionNotMet", "Precondition Failed")
    assert refusal(google.patch, made["id"], {"summary": "y"}, made["etag"]) == stale
    assert refusal(google.update, made["id"], single(), made["etag"]) == stale
    assert refusal(google.delete, made["id"], made["etag"]) == stale
    assert google.get(made["id"])["summary"] == "x"


@pytest.mark.parametrize("moves", [True, False])
def test_a_patch_without_a_change_may_move_the_etag(moves):
    with with_switches(noop_moves_etag=moves) as fake, connected(fake) as google:
        made = google.insert(single())
        assert (google.patch(made["id"], {"summary": "Process group"})["etag"] != made["etag"]) is moves


@pytest.mark.parametrize("moves", [True, False])
def test_reminders_do_not_move_updated(moves):
    with with_switches(reminders_move_etag=moves) as fake, connected(fake) as google:
        made = google.insert(single())
        fake.advance(60)
        reminders = {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}
        changed = google.patch(made["id"], {"reminders": reminders})
        assert changed["updated"] == made["updated"]
        assert changed["reminders"] == reminders
        assert (changed["etag"] != made["etag"]) is moves


def test_a_deleted_event_is_a_tombstone_with_its_details(google):
    made = google.insert(single())
    google.delete(made["id"], made["etag"])
    left = google.get(made["id"])
    assert left["status"] == "cancelled"
    assert left["extendedProperties"] == made["extendedProperties"]
    assert refusal(google.delete, made["id"]) == (410, "deleted", "Resource has been deleted")
    assert refusal(google.delete, "evts00unknown") == (404, "notFound", "Not Found")


def test_a_deleted_series_takes_its_changed_instances_along(google):
    made = google.insert(series())
    moved = google.fake.people.move_instance(google.calendar, made["id"], 1)
    google.delete(made["id"])
    assert google.fake.events(google.calendar)[moved]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("mode", "patched", "replaced", "replaced_with_sequence"),
    [("full_body", 200, 403, 200), ("forbidden", 403, 403, 403), ("ok", 200, 200, 200)],
)
def test_undeleting_works_as_the_switch_says(mode, patched, replaced, replaced_with_sequence):
    found = []
    for how in ("patch", "update", "sequence"):
        with with_switches(undelete=mode) as fake, connected(fake) as google:
            made = google.insert(single())
            google.delete(made["id"])
            body = {"status": "confirmed"} if how == "patch" else single()
            body |= {"sequence": 0} if how == "sequence" else {}
            write = google.patch if how == "patch" else google.update
            try:
                found.append(200 if write(made["id"], body)["status"] == "confirmed" else 0)
            except Exception:
                found.append(refusal(write, made["id"], body)[0])
    assert found == [patched, replaced, replaced_with_sequence]


def test_an_import_needs_an_ical_uid_and_meets_it_again(google):
    body = single(iCalUID="one@example.org")
    del body["id"]
    send = {"calendarId": google.calendar, "body": body}
    made = google.events.import_(**send).execute()
    assert made["iCalUID"] == "one@example.org"
    assert refusal(google.events.import_(**send).execute)[:2] == (409, "duplicate")
    del body["iCalUID"]
    assert refusal(google.events.import_(**send).execute)[:2] == (400, "required")


def test_an_import_may_replace_what_it_meets():
    with with_switches(import_mode="upsert") as fake, connected(fake) as google:
        body = single(iCalUID="one@example.org", sequence=3)
        del body["id"]
        made = google.events.import_(calendarId=google.calendar, body=body).execute()
        body["summary"] = "Other"
        again = google.events.import_(calendarId=google.calendar, body=body).execute()
        assert (again["id"], again["summary"]) == (made["id"], "Other")
        body["sequence"] = 1
        call = google.events.import_(calendarId=google.calendar, body=body)
        assert refusal(call.execute) == (400, "invalid", "Invalid sequence value.")


def test_defaults_and_blanks_do_not_come_back(google):
    body = single(visibility="default", transparency="opaque", summary=" a\r\nb ", location="  ")
    made = google.insert(body)
    assert made["summary"] == "a\nb"
    assert not {"visibility", "transparency", "location"} & made.keys()


def test_normalising_can_be_other_than_anybody_thinks():
    switches = {"drop_defaults": False, "normalise_text": False, "normalise_extra": True}
    with with_switches(**switches, normalise_zone=True) as fake, connected(fake) as google:
        kolkata = {
            "start": {"dateTime": "2027-02-15T17:30:00", "timeZone": "Asia/Kolkata"},
            "end": {"dateTime": "2027-02-15T18:30:00", "timeZone": "Asia/Kolkata"},
        }
        made = google.insert(single(visibility="default", description=" a ", **kolkata))
        assert (made["visibility"], made["description"]) == ("default", " a ")
        assert made["summary"] == "Process group."
        assert made["start"]["timeZone"] == "Asia/Calcutta"
        assert google.patch(made["id"], {"location": "l"})["summary"] == "Process group."


def test_an_event_of_another_organizer_cannot_be_changed(google):
    id = google.fake.people.add_foreign(google.calendar, organizer={"email": "a@example.org"})
    assert refusal(google.patch, id, {"summary": "x"})[:2] == (403, "forbiddenForNonOrganizer")
    google.delete(id)


def test_texts_in_any_script_come_back_as_they_were_sent(google):
    text = "Gruppe für Fähigkeiten – 小组 \N{GRINNING FACE} \u2028"
    assert google.insert(single(description=text + "."))["description"] == text + "."
