"""The fake Google Calendar notices what a program must not do though the server lets it."""

from __future__ import annotations

import json
import threading
from urllib.parse import quote, urlencode

import pytest

from tests.fake_google import FakeGoogle
from tests.fake_google.clients import Client, connected, refusal, series, single


@pytest.fixture
def fake() -> FakeGoogle:
    return FakeGoogle(auth="off")


@pytest.fixture
def client(fake) -> Client:
    return Client(fake, fake.http(), "http://fake.test/")


def send(fake, calendar, method, path="", body=None, headers=None, **query):
    """Sends a request, a write with sendUpdates=none unless the query says otherwise."""
    if method != "GET":
        query = {"sendUpdates": "none"} | query
    shown = urlencode({name: value for name, value in query.items() if value is not None})
    address = f"/calendar/v3/calendars/{quote(calendar)}/events{path}?{shown}"
    data = None if body is None else json.dumps(body)
    return fake.http().request(address, method, data, headers)[0].status


def marked(fake, calendar, number=1):
    """Inserts an event as it should be done."""
    send(fake, calendar, "POST", body=single(number))
    return single(number)["id"]


def test_a_run_as_it_should_be_has_no_violation(fake, client):
    id = client.insert(series())["id"]
    page = client.list(showDeleted=True, fields="items,nextPageToken,nextSyncToken")
    etag = page["items"][0]["etag"]
    client.patch(id, {"extendedProperties": {"private": {"sum": "gone"}}}, etag)
    changed = client.list(
        showDeleted=True,
        maxResults=2500,
        fields="items,nextPageToken,nextSyncToken",
        syncToken=page["nextSyncToken"],
    )
    client.delete(id, changed["items"][0]["etag"])
    assert fake.violations == []


def test_an_insert_needs_an_id(fake, client):
    body = single()
    del body["id"]
    client.insert(body)
    assert fake.violations == ["insert without an id"]


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_changes_need_if_match(fake, client, method):
    id = marked(fake, client.calendar)
    body = None if method == "DELETE" else single()
    send(fake, client.calendar, method, f"/{id}", body)
    assert fake.violations == [f"{method} {id} without If-Match"]


@pytest.mark.parametrize("value", [None, "all", "externalOnly"])
def test_a_write_sends_no_mail(fake, client, value):
    send(fake, client.calendar, "POST", body=single(), sendUpdates=value)
    assert fake.violations == ["POST insert: sendUpdates is not none"]


def test_an_event_has_no_attendees(fake, client):
    client.insert(single(attendees=[{"email": "a@example.org"}]))
    assert fake.violations == ["POST insert: attendees"]


def test_a_full_list_asks_for_2500(fake, client):
    client.list(maxResults=250)
    assert fake.violations == ["a full list without maxResults=2500"]


def test_a_list_is_read_to_its_end():
    fake = FakeGoogle(auth="off", page_cap=1)
    client = Client(fake, fake.http(), "http://fake.test/")
    for number in range(2):
        client.insert(single(number))
    first = client.list()
    client.list()
    client.insert(single(7))
    assert fake.violations == [
        "a pageToken was dropped: the list was not read to its end",
        "POST insert: a write after a list that was not read to its end",
    ]
    fake.violations.clear()
    fake.new_run()
    first = client.list()
    assert refusal(client.list, maxResults=9, pageToken=first["nextPageToken"])[0] == 400
    assert fake.violations == ["the parameters of a list changed from one page to the next"]


def test_a_list_whose_page_failed_may_be_read_on():
    fake = FakeGoogle(auth="off", page_cap=1)
    client = Client(fake, fake.http(), "http://fake.test/")
    for number in range(2):
        client.insert(single(number))
    first = client.list()
    fake.fault("503")
    read_on = {"maxResults": 2500, "pageToken": first["nextPageToken"]}
    assert refusal(client.list, **read_on)[0] == 503
    fake.advance(1)
    assert len(client.list(**read_on)["items"]) == 1
    assert fake.violations == []


def test_fields_must_leave_the_page_token_in():
    fake = FakeGoogle(auth="off", page_cap=1)
    client = Client(fake, fake.http(), "http://fake.test/")
    for number in range(2):
        client.insert(single(number))
    client.list(fields="items,nextSyncToken")
    assert fake.violations == ["the fields of a list leave nextPageToken out"]


def test_a_sync_token_is_used_with_the_same_parameters(fake, client):
    token = client.list(showDeleted=True)["nextSyncToken"]
    client.list(maxResults=2500, syncToken=token)
    assert len(fake.violations) == 1
    assert fake.violations[0].startswith("a sync token was used with other parameters")


def test_two_writes_to_a_calendar_are_never_in_flight():
    with FakeGoogle(auth="off", latency=0.1) as fake, connected(fake) as one, connected(fake) as two:
        two.calendar = one.calendar
        threads = [
            threading.Thread(target=client.insert, args=(single(number),))
            for number, client in enumerate((one, two))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert fake.violations == ["two writes to a calendar were in flight at once"]


def batch_of(client, requests):
    batch = client.service.new_batch_http_request(callback=lambda *_: None)
    for request in requests:
        batch.add(request)
    batch.execute()


def inserts(client, numbers):
    return [
        client.events.insert(calendarId=client.calendar, body=single(number), sendUpdates="none")
        for number in numbers
    ]


def test_a_batch_has_at_most_fifty_parts(fake, client):
    batch_of(client, inserts(client, range(50)))
    assert fake.violations == []
    batch_of(client, inserts(client, range(50, 101)))
    assert fake.violations == ["a batch has 51 parts, more than 50"]


def test_a_batch_writes_once_to_an_id(fake, client):
    batch_of(client, inserts(client, [1, 1, 2]))
    assert fake.violations == [f"a batch writes twice to {single(1)['id']}"]


def repeated(fake, client, *gaps):
    send(fake, client.calendar, "POST", body=single())
    for gap in gaps:
        fake.advance(gap)
        send(fake, client.calendar, "POST", body=single())


def test_a_repeat_waits_and_waits_longer_each_time(fake, client):
    fake.fault("503", times=5)
    repeated(fake, client, 1.2, 2.5, 4.1, 9.0, 16.0)
    assert fake.violations == []


@pytest.mark.parametrize("kind", ["503", "429", "403:rateLimitExceeded", "502-html", "500"])
def test_a_repeat_that_comes_too_soon_is_seen(fake, client, kind):
    fake.fault(kind)
    repeated(fake, client, 0.4)
    assert len(fake.violations) == 1
    assert "was repeated after 0.40 s, sooner than 0.5 s" in fake.violations[0]


def test_a_repeat_that_does_not_wait_longer_is_seen(fake, client):
    fake.fault("503", times=2)
    repeated(fake, client, 1.1, 1.1)
    assert len(fake.violations) == 1
    assert "not later than the time before" in fake.violations[0]


def test_a_repeat_heeds_retry_after():
    fake = FakeGoogle(auth="off", retry_after=5.0)
    client = Client(fake, fake.http(), "http://fake.test/")
    fake.fault("429", times=3)
    repeated(fake, client, 5.0, 5.0, 2.0)
    assert len(fake.violations) == 1
    assert "Retry-After said 5 s" in fake.violations[0]


def test_a_part_of_a_batch_is_repeated_late_too(fake, client):
    fake.fault("inner-missing-unapplied", {"inner_index": 0})
    fake.fault("429", {"inner_index": 1})
    with pytest.raises(KeyError):
        batch_of(client, inserts(client, range(3)))
    batch_of(client, inserts(client, range(2)))
    assert len(fake.violations) == 2
    fake.new_run()
    fake.fault("503", {"path_re": "^/batch"})
    with pytest.raises(Exception, match="503"):
        batch_of(client, inserts(client, range(7, 9)))
    fake.advance(1)
    batch_of(client, inserts(client, range(7, 9)))
    assert len(fake.violations) == 2


def test_nothing_follows_when_the_quota_is_exceeded(fake, client):
    fake.fault("403:quotaExceeded")
    send(fake, client.calendar, "POST", body=single())
    assert fake.violations == []
    send(fake, client.calendar, "POST", body=single())
    assert len(fake.violations) == 1
    assert fake.violations[0].endswith("after quotaExceeded")
    fake.new_run()
    send(fake, client.calendar, "GET", maxResults=2500)
    assert len(fake.violations) == 1


def test_only_rows_of_ours_are_written(fake, client):
    calendar, people = client.calendar, fake.people
    ours = client.insert(series())["id"]
    instance = people.move_instance(calendar, ours, 1)
    scratch = client.insert(single(id="evtd0123456789", extendedProperties={"private": {}}))["id"]
    for id in (ours, instance, f"{ours}_20270125T233000Z", scratch):
        client.patch(id, {"location": "x"})
    assert fake.violations == []
    foreign = people.add_foreign(calendar)
    unmarked = client.insert(single(5, extendedProperties={"private": {}}))["id"]
    for id in (foreign, people.copy_event(calendar, ours), unmarked):
        client.patch(id, {"location": "x"})
        assert fake.violations == [f"PATCH {id}: a write to a row that is not ours"]
        fake.violations.clear()


def test_a_calendar_is_made_once(fake, client):
    calendars = client.service.calendars()
    calendars.insert(body={"summary": "Calendar"}).execute()
    calendars.insert(body={"summary": "Other"}).execute()
    assert fake.violations == []
    calendars.insert(body={"summary": "Calendar"}).execute()
    assert fake.violations == ["calendars.insert was sent twice for 'Calendar'"]
    fake.new_run()
    calendars.insert(body={"summary": "Calendar"}).execute()
    assert len(fake.violations) == 1


def test_a_calendar_that_was_plainly_refused_may_be_asked_for_again(fake, client):
    fake.fault("429")
    for _ in range(2):
        fake.http().request("/calendar/v3/calendars", "POST", '{"summary": "Calendar"}')
        fake.advance(1)
    assert fake.violations == []


def test_unknown_fields_in_a_body_are_seen(fake, client):
    body = single(sumary="x", start=single()["start"] | {"zone": "UTC"})
    send(fake, client.calendar, "POST", body=body)
    assert sorted(violation.partition(": ")[2] for violation in fake.violations) == [
        "unknown field start.zone",
        "unknown field sumary",
    ]


def test_gzip_is_accepted(fake, client):
    send(fake, client.calendar, "GET", maxResults=2500, headers={"accept-encoding": "identity"})
    assert len(fake.violations) == 1
    assert fake.violations[0].endswith("gzip is not accepted")


def test_events_are_not_read_one_by_one(fake, client):
    id = marked(fake, client.calendar)
    for _ in range(5):
        client.get(id)
    batch_of(client, [client.events.get(calendarId=client.calendar, eventId=id)] * 3)
    assert fake.violations == []
    client.get(id)
    client.get(id)
    assert fake.violations == ["more than 5 plain GETs of events in a run"]


def test_import_is_not_used(fake, client):
    body = single(iCalUID="a@example.org")
    del body["id"]
    send(fake, client.calendar, "POST", "/import", body, sendUpdates=None)
    assert fake.violations == ["events.import was used: it has no id of ours"]


def test_the_output_holds_nothing_secret(fake, client):
    fake.check_output("all is well with riverbend-evening/staff")
    assert fake.violations == []
    title = "Dentist of somebody"
    fake.people.add_foreign(client.calendar, title)
    token = fake.bearer()
    fake.canaries |= {"canary"}
    for text in (client.calendar, title, token, "a canary sings"):
        fake.check_output(f"error: {text}!")
    assert len(fake.violations) == 4


def test_answers_over_sockets_are_zipped(client):
    with FakeGoogle(auth="off") as fake, connected(fake) as google:
        for number in range(5):
            google.insert(single(number))
        assert len(google.list()["items"]) == 5
        assert fake.violations == []
