"""The fake Google Calendar: reading events, over real sockets with the unmodified client."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.fake_google import FakeGoogle
from tests.fake_google.clients import Client, connected, refusal, series, single

FULL = {"showDeleted": True, "singleEvents": False}


@pytest.fixture
def google() -> Iterator[Client]:
    with FakeGoogle(auth="off") as fake, connected(fake) as client:
        yield client


def fill(google, count):
    return [google.insert(single(number))["id"] for number in range(count)]


def test_the_list_says_role_zone_and_one_token(google):
    fill(google, 1)
    page = google.list(**FULL)
    assert page["kind"] == "calendar#events"
    assert (page["accessRole"], page["timeZone"]) == ("owner", "America/Chicago")
    assert {"nextPageToken", "nextSyncToken"} & page.keys() == {"nextSyncToken"}
    assert page["items"] == [google.get(page["items"][0]["id"])]


def test_pages_are_cut_before_they_are_filtered(google):
    ids = fill(google, 5)
    for id in ids[:4]:
        google.delete(id)
    first = google.list(maxResults=1)
    assert first["items"][0]["id"] == ids[4]  # it was written first
    second = google.list(maxResults=1, pageToken=first["nextPageToken"])
    assert second["items"] == []
    assert "nextPageToken" in second


def test_all_pages_together_hold_every_row_once(google):
    ids = fill(google, 7)
    found, token = [], None
    while True:
        page = google.list(**FULL, maxResults=2500, **({"pageToken": token} if token else {}))
        found += [item["id"] for item in page["items"]]
        token = page.get("nextPageToken")
        if token is None:
            break
    assert found == ids


def test_pages_may_be_shorter_than_asked_for():
    with FakeGoogle(auth="off", page_cap=2) as fake, connected(fake) as google:
        ids = fill(google, 3)
        page = google.list(**FULL)
        assert [item["id"] for item in page["items"]] == ids[:2]
        rest = google.list(**FULL, maxResults=2500, pageToken=page["nextPageToken"])
        assert [item["id"] for item in rest["items"]] == ids[2:]


def test_a_change_between_two_pages_is_in_the_next_read(google):
    ids = fill(google, 3)
    page = google.list(**FULL, maxResults=2)
    google.fake.people.edit(google.calendar, ids[0], location="x")
    rest = google.list(**FULL, maxResults=2, pageToken=page["nextPageToken"])
    assert [item["id"] for item in rest["items"]] == [ids[2], ids[0]]
    again = google.list(**FULL, maxResults=2, syncToken=rest["nextSyncToken"])
    assert [item["id"] for item in again["items"]] == [ids[0]]


@pytest.mark.parametrize("wrong", ["0", "2501", "x"])
def test_max_results_has_bounds(google, wrong):
    http = google.fake.http()
    answer, _ = http.request(f"/calendar/v3/calendars/{google.calendar}/events?maxResults={wrong}")
    assert answer.status == 400


def test_a_page_token_must_be_ours_and_of_the_same_list(google):
    fill(google, 3)
    page = google.list(maxResults=1)
    token = page["nextPageToken"]
    assert refusal(google.list, maxResults=1, pageToken=token + "x")[:2] == (400, "badRequest")
    assert refusal(google.list, maxResults=2, pageToken=token)[:2] == (400, "badRequest")
    other = google.fake.calendar()
    google.calendar = other
    assert refusal(google.list, maxResults=1, pageToken=token)[:2] == (400, "badRequest")


def test_a_sync_token_gives_what_changed_tombstones_too(google):
    ids = fill(google, 3)
    token = google.list(**FULL)["nextSyncToken"]
    assert google.list(**FULL, maxResults=2500, syncToken=token)["items"] == []
    google.delete(ids[1])
    google.patch(ids[0], {"summary": "x"})
    page = google.list(**FULL, maxResults=2500, syncToken=token)
    assert [(item["id"], item["status"]) for item in page["items"]] == [
        (ids[1], "cancelled"),
        (ids[0], "confirmed"),
    ]
    assert google.list(**FULL, maxResults=2500, syncToken=page["nextSyncToken"])["items"] == []


@pytest.mark.parametrize(
    "forbidden",
    [
        {"iCalUID": "x"},
        {"orderBy": "updated"},
        {"privateExtendedProperty": "a=b"},
        {"q": "x"},
        {"sharedExtendedProperty": "a=b"},
        {"timeMin": "2027-01-01T00:00:00Z"},
        {"timeMax": "2027-01-01T00:00:00Z"},
        {"updatedMin": "2027-02-01T00:00:00Z"},
        {"showDeleted": False},
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_sync_token_stands_alone(google, forbidden):
    token = google.list()["nextSyncToken"]
    assert refusal(google.list, syncToken=token, **forbidden)[:2] == (400, "badRequest")
    if forbidden != {"showDeleted": False}:
        assert "nextSyncToken" not in google.list(**forbidden)


def test_a_token_after_filters_is_a_switch():
    with FakeGoogle(auth="off", token_after_timemin=True) as fake, connected(fake) as google:
        assert "nextSyncToken" in google.list(timeMin="2027-01-01T00:00:00Z")


def test_sharing_ends_sync_tokens(google):
    token = google.list(**FULL)["nextSyncToken"]
    rule = {"role": "reader", "scope": {"type": "user", "value": "a@example.org"}}
    google.service.acl().insert(calendarId=google.calendar, body=rule).execute()
    status, reason, _ = refusal(google.list, **FULL, maxResults=2500, syncToken=token)
    assert (status, reason) == (410, "fullSyncRequired")
    assert google.list(**FULL)["nextSyncToken"]


def test_sync_tokens_may_grow_old():
    with FakeGoogle(auth="off", sync_token_life=3600.0) as fake, connected(fake) as google:
        token = google.list()["nextSyncToken"]
        assert google.list(maxResults=2500, syncToken=token)["items"] == []
        fake.advance(3700)
        assert refusal(google.list, maxResults=2500, syncToken=token)[:2] == (410, "fullSyncRequired")


def test_a_sync_token_must_be_ours(google):
    assert refusal(google.list, syncToken="x")[:2] == (400, "invalid")
    token = google.list()["nextSyncToken"]
    google.calendar = google.fake.calendar()
    assert refusal(google.list, syncToken=token)[:2] == (400, "invalid")


def test_a_token_older_than_purged_tombstones_is_refused(google):
    (id,) = fill(google, 1)
    token = google.list(**FULL)["nextSyncToken"]
    google.delete(id)
    google.fake.purge_tombstones()
    assert refusal(google.list, **FULL, syncToken=token)[:2] == (410, "fullSyncRequired")
    assert google.list(**FULL)["items"] == []


def test_only_tombstones_of_some_age_are_purged(google):
    ids = fill(google, 2)
    google.delete(ids[0])
    google.fake.advance(100)
    google.delete(ids[1])
    google.fake.purge_tombstones(age=50)
    assert list(google.fake.events(google.calendar)) == [ids[1]]


def test_tombstones_come_only_when_asked_for(google):
    ids = fill(google, 2)
    google.delete(ids[0])
    assert google.ids() == [ids[1]]
    assert google.ids(showDeleted=True) == [ids[1], ids[0]]
    assert google.ids(updatedMin="2027-02-01T00:00:00Z") == [ids[1], ids[0]]
    assert refusal(google.list, updatedMin="2026-01-01T00:00:00Z")[:2] == (410, "updatedMinTooLongAgo")


@pytest.mark.parametrize("bare", [True, False])
def test_tombstones_may_be_bare(bare):
    with FakeGoogle(auth="off", bare_tombstones=bare) as fake, connected(fake) as google:
        (id,) = fill(google, 1)
        google.delete(id)
        (item,) = google.list(showDeleted=True)["items"]
        assert (set(item) == {"kind", "etag", "id", "status"}) is bare
        assert ("extendedProperties" in google.get(id)) is not bare


def test_cancelled_instances_of_a_live_series_come_bare_and_always(google):
    id = google.insert(series())["id"]
    gone = google.fake.people.cancel_instance(google.calendar, id, 1)
    item = google.list()["items"][1]
    assert item["id"] == gone == f"{id}_20270111T233000Z"
    assert set(item) == {"kind", "etag", "id", "status", "recurringEventId", "originalStartTime"}
    google.delete(id)
    assert google.ids() == []


def test_single_events_are_instances_without_masters(google):
    id = google.insert(series())["id"]
    google.fake.people.move_instance(google.calendar, id, 1)
    google.fake.people.cancel_instance(google.calendar, id, 2)
    items = google.list(singleEvents=True, orderBy="startTime")["items"]
    assert [item["start"]["dateTime"] for item in items] == [
        "2027-01-04T17:30:00-06:00",
        "2027-01-11T18:00:00-06:00",
    ]
    assert all(item["recurringEventId"] == id and "recurrence" not in item for item in items)
    assert len(google.ids(singleEvents=True, showDeleted=True)) == 3
    assert refusal(google.list, orderBy="startTime")[:2] == (400, "badRequest")


def test_instances_come_in_pages_too(google):
    google.insert(series())
    first = google.list(singleEvents=True, maxResults=2)
    rest = google.list(singleEvents=True, maxResults=2, pageToken=first["nextPageToken"])
    assert (len(first["items"]), len(rest["items"])) == (2, 1)
    assert "nextSyncToken" in rest


def test_the_window_excludes_its_bounds(google):
    (id,) = fill(google, 1)  # 15 Feb 17:30-18:30 in Chicago
    assert google.ids(timeMin="2027-02-15T18:30:00-06:00") == []
    assert google.ids(timeMin="2027-02-15T18:29:59-06:00") == [id]
    assert google.ids(timeMax="2027-02-15T23:30:00Z") == []
    assert google.ids(timeMax="2027-02-15T23:30:01Z") == [id]


def test_a_series_is_in_the_window_when_any_of_it_is(google):
    id = google.insert(series())["id"]
    assert google.ids(timeMin="2027-01-20T00:00:00Z") == [id]
    assert google.ids(timeMin="2027-01-27T00:00:00Z") == []
    assert len(google.ids(timeMin="2027-01-20T00:00:00Z", singleEvents=True)) == 1


def test_bounds_need_an_offset_and_an_order(google):
    assert refusal(google.list, timeMin="2027-01-01T00:00:00")[:2] == (400, "badRequest")
    same = "2027-01-01T00:00:00Z"
    assert refusal(google.list, timeMin=same, timeMax=same)[:2] == (400, "timeRangeEmpty")


@pytest.mark.parametrize(("mode", "found"), [("and", 1), ("or", 2)])
def test_repeated_property_filters_are_and_or_or(mode, found):
    with FakeGoogle(auth="off", ext_mode=mode) as fake, connected(fake) as google:
        ids = fill(google, 2)
        src = "src=7e628a1a3999e61e"
        assert google.ids(privateExtendedProperty=src) == ids
        assert len(google.ids(privateExtendedProperty=[src, f"ref={0:032d}"])) == found


def test_words_and_uids_are_searched(google):
    ids = fill(google, 2)
    google.patch(ids[0], {"description": "Bring snacks"})
    assert google.ids(q="SNACKS process") == [ids[0]]
    assert google.ids(iCalUID=f"{ids[1]}@google.com") == [ids[1]]
    assert google.ids(q="nothing") == []


def test_fields_are_honoured_down_to_the_last_name(google):
    fill(google, 1)
    page = google.list(fields="nextSyncToken,items(id,start/dateTime,extendedProperties/private)")
    assert set(page) == {"nextSyncToken", "items"}
    assert page["items"] == [
        {
            "id": single(0)["id"],
            "extendedProperties": single(0)["extendedProperties"],
            "start": {"dateTime": "2027-02-15T17:30:00-06:00"},
        }
    ]
    assert google.list(fields="items/id")["items"] == [{"id": single(0)["id"]}]
    assert set(google.list(fields="*")) == set(google.list())
    assert google.insert(single(5), fields="id,etag").keys() == {"id", "etag"}


@pytest.mark.parametrize(
    "wrong", ["item", "items(id", "items(ids)", "items/start/zone", "", "a,,b", "items)"]
)
def test_fields_that_are_unknown_or_unreadable_are_refused(google, wrong):
    if wrong == "":
        assert google.list(fields=wrong)["kind"] == "calendar#events"
    else:
        assert refusal(google.list, fields=wrong)[:2] == (400, "invalidParameter")


def test_times_are_shown_in_the_zone_of_the_calendar_or_of_the_request(google):
    zone = "Pacific/Honolulu"
    body = single(
        start={"dateTime": "2027-02-15T17:30:00", "timeZone": zone},
        end={"dateTime": "2027-02-15T18:30:00", "timeZone": zone},
    )
    google.insert(body)
    (item,) = google.list()["items"]
    assert item["start"] == {"dateTime": "2027-02-15T21:30:00-06:00", "timeZone": zone}
    (item,) = google.list(timeZone="UTC")["items"]
    assert item["start"] == {"dateTime": "2027-02-16T03:30:00Z", "timeZone": zone}


def test_reading_on_with_sync_tokens_ends_with_what_a_full_list_says():
    """Whatever people change between two pages, and whatever the size of the pages."""
    fake = FakeGoogle(auth="off", user_units=10**6)
    client = Client(fake, fake.http(), "http://fake.test/")
    chance = random.Random(7)
    known: dict[str, str] = {}
    token = ""

    def somebody_acts():
        live = sorted(fake.live(client.calendar))
        act = chance.choice(("add", "edit", "delete", "nothing"))
        if act == "add" or not live:
            fake.people.add_foreign(client.calendar)
        elif act == "edit":
            fake.people.edit(client.calendar, chance.choice(live), location=str(chance.random()))
        elif act == "delete":
            fake.people.delete(client.calendar, chance.choice(live))

    for _ in range(60):
        asked = FULL | {"maxResults": chance.choice((1, 2, 3, 2500))}
        asked |= {"syncToken": token} if token else {}
        page = client.list(**asked)
        while True:
            known |= {item["id"]: item["etag"] for item in page["items"]}
            somebody_acts()
            if "nextPageToken" not in page:
                break
            page = client.list(**asked, pageToken=page["nextPageToken"])
        token = page["nextSyncToken"]
    known |= {item["id"]: item["etag"] for item in client.list(**FULL, syncToken=token)["items"]}
    assert known == {id: row["etag"] for id, row in fake.events(client.calendar).items()}
    assert len(known) > 20


def test_an_unchanged_list_need_not_be_sent_again(google):
    http = google.fake.http()
    address = f"/calendar/v3/calendars/{google.calendar}/events?maxResults=2500"
    answer, _ = http.request(address)
    again, content = http.request(address, headers={"If-None-Match": answer["etag"]})
    assert (again.status, content) == (304, b"")
    fill(google, 1)
    assert http.request(address, headers={"If-None-Match": answer["etag"]})[0].status == 200


def test_unknown_parameters_are_refused(google):
    http = google.fake.http()
    answer, content = http.request(f"/calendar/v3/calendars/{google.calendar}/events?showdeleted=true")
    assert answer.status == 400
    assert b"invalidParameter" in content


def test_instances_keep_the_wall_time_over_a_clock_change(google):
    lines = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=12;BYDAY=MO"]}
    id = google.insert(series(**lines))["id"]
    page = google.events.instances(calendarId=google.calendar, eventId=id).execute()
    starts = [item["start"]["dateTime"] for item in page["items"]]
    assert (starts[9], starts[10]) == ("2027-03-08T17:30:00-06:00", "2027-03-15T17:30:00-05:00")
    assert page["items"][10]["id"] == f"{id}_20270315T223000Z"
    window = {"timeMin": "2027-03-10T00:00:00Z", "timeMax": "2027-03-20T00:00:00Z"}
    page = google.events.instances(calendarId=google.calendar, eventId=id, **window).execute()
    assert len(page["items"]) == 1
    paged = google.events.instances(calendarId=google.calendar, eventId=id, maxResults=10)
    following = google.events.instances_next(paged, paged.execute()).execute()
    assert [item["start"]["dateTime"] for item in following["items"]] == starts[10:]


def test_an_endless_series_has_730_instances(google):
    id = google.insert(series(recurrence=["RRULE:FREQ=DAILY"]))["id"]
    page = google.events.instances(calendarId=google.calendar, eventId=id, maxResults=2500).execute()
    assert len(page["items"]) == 730


def test_an_instance_that_nobody_stored_can_be_read_changed_and_deleted(google):
    id = google.insert(series())["id"]
    name = f"{id}_20270111T233000Z"
    instance = google.get(name)
    assert instance["originalStartTime"] == instance["start"]
    assert google.patch(name, {"summary": "x"}, instance["etag"])["recurringEventId"] == id
    google.delete(f"{id}_20270125T233000Z")
    assert refusal(google.delete, f"{id}_20270125T233000Z")[0] == 410
    assert refusal(google.get, f"{id}_20270118T233000Z")[0] == 404  # an EXDATE
    assert set(google.fake.events(google.calendar)) == {id, name, f"{id}_20270125T233000Z"}


def test_a_shortened_series_leaves_its_changed_instances(google):
    id = google.insert(series())["id"]
    moved = google.fake.people.move_instance(google.calendar, id, 2)
    google.patch(id, {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20270104T233000Z;BYDAY=MO"]})
    assert google.fake.events(google.calendar)[moved]["status"] == "confirmed"
    assert moved in google.ids(singleEvents=True)


@pytest.mark.parametrize(
    ("role", "visible"), [("freeBusyReader", False), ("reader", False), ("writer", True), ("owner", True)]
)
def test_private_details_are_for_writers(role, visible):
    with FakeGoogle(auth="off") as fake, connected(fake) as google:
        google.calendar = fake.calendar(owner="boss@example.org")
        fake.people.add_foreign(google.calendar, visibility="private")
        assert refusal(google.list)[0] == 404
        fake.share(google.calendar, fake.switches.user, role)
        page = google.list()
        assert page["accessRole"] == role
        assert ("summary" in page["items"][0]) is visible
