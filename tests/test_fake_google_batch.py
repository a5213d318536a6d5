"""The fake Google Calendar: batches, limits, and what goes wrong, with the unmodified client."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import httplib2
import pytest

from tests.fake_google import FakeGoogle, Killed
from tests.fake_google.clients import Client, connected, refusal, service_at, single

SEND = {"sendUpdates": "none"}


@pytest.fixture
def google() -> Iterator[Client]:
    with FakeGoogle(auth="off") as fake, connected(fake) as client:
        yield client


@pytest.fixture
def inside() -> Client:
    """A client without sockets."""
    fake = FakeGoogle(auth="off")
    return Client(fake, fake.http(), "http://fake.test/")


def inserts(google, numbers, **fields):
    return [
        google.events.insert(calendarId=google.calendar, body=single(number, **fields), **SEND)
        for number in numbers
    ]


def run(google, requests) -> list[Any]:
    """Sends requests as one batch; returns their answers and errors in the order they were added."""
    found: dict[str, Any] = {}

    def keep(id, answer, error):
        found[id] = error.status_code if error else answer

    batch = google.service.new_batch_http_request(callback=keep)
    for number, request in enumerate(requests):
        batch.add(request, request_id=str(number))
    batch.execute()
    return [found[str(number)] for number in range(len(requests))]


def test_parts_of_a_batch_are_answered_each(google):
    (id,) = [made["id"] for made in run(google, inserts(google, [1]))]
    delete = google.events.delete(calendarId=google.calendar, eventId=id, **SEND)
    delete.headers["If-Match"] = "*"
    answers = run(google, [delete, *inserts(google, [2]), *inserts(google, [3], start={})])
    assert answers[0] == ""
    assert answers[1]["id"] == single(2)["id"]
    assert answers[2] == 400
    assert (google.fake.requests, len(google.fake.log), len(google.fake.log[1].parts)) == (2, 2, 3)
    assert [part.status for part in google.fake.log[1].parts] == [204, 200, 400]


def test_parts_run_in_an_order_that_the_seed_decides():
    orders = set()
    for seed in range(5):
        fake = FakeGoogle(seed=seed, auth="off")
        client = Client(fake, fake.http(), "http://fake.test/")
        run(client, inserts(client, range(6)))
        orders.add(tuple(event for _, _, event in fake.writes))
    assert len(orders) == 5


def test_if_match_of_a_part_counts(google):
    run(google, inserts(google, [1]))
    patch = google.events.patch(
        calendarId=google.calendar, eventId=single(1)["id"], body={"summary": "x"}, **SEND
    )
    patch.headers["If-Match"] = '"old"'
    assert run(google, [patch]) == [412]


def test_a_batch_of_another_form_is_refused(inside):
    part = "--b\nContent-Type: application/http\nContent-ID: <a+{0}>\n\nGET {1} HTTP/1.1\n\n\n"
    headers = {"content-type": 'multipart/mixed; boundary="b"'}
    http = inside.fake.http()

    def sent(body, headers=headers):
        return http.request("/batch/calendar/v3", "POST", body, headers)[0].status

    address = f"/calendar/v3/calendars/{inside.calendar}"
    assert sent(part.format(1, address) + "--b--") == 200
    assert sent(part.format(1, address)) == 400
    assert sent(part.format(1, address) + "--b--", {}) == 400
    assert sent(part.format(1, f"http://fake.test{address}") + "--b--") == 400
    assert sent(part.format(1, address) * 2 + "--b--") == 400
    many = "".join(part.format(number, address) for number in range(1001))
    assert sent(many + "--b--") == 400


def test_an_empty_answer_in_a_batch_has_its_empty_line(inside):
    run(inside, inserts(inside, [1]))
    delete = inside.events.delete(calendarId=inside.calendar, eventId=single(1)["id"], **SEND)
    run(inside, [delete])
    body = inside.fake.log[-1].answer
    assert b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n\r\n--batch_" in body


def test_units_are_limited_in_any_sixty_seconds(inside):
    fake = inside.fake
    for _ in range(12):
        run(inside, inserts(inside, range(1, 51)))
    refused = [refusal(inside.list)[:2] for _ in range(2)]
    assert refused == [(403, "rateLimitExceeded"), (429, "rateLimitExceeded")]
    fake.advance(59.9)
    assert refusal(inside.list)[0] == 403
    fake.advance(0.1)
    assert len(inside.list()["items"]) == 50


def test_a_patch_costs_three_units():
    fake = FakeGoogle(auth="off", user_units=5)
    google = Client(fake, fake.http(), "http://fake.test/")
    google.insert(single())
    google.patch(single()["id"], {"summary": "x"})
    assert refusal(google.patch, single()["id"], {"summary": "y"})[0] == 403
    google.list()
    assert fake.quota.peak == 5


def test_writes_to_one_calendar_may_be_limited():
    fake = FakeGoogle(auth="off", per_calendar_writes=(2, 10.0), retry_after=7.0)
    google = Client(fake, fake.http(), "http://fake.test/")
    assert run(google, inserts(google, range(3))).count(403) == 1
    assert b"Retry-After: 7\r\n" in fake.log[0].answer
    fake.advance(10)
    assert 403 not in run(google, inserts(google, range(3, 5)))


def test_quota_exceeded_sticks_for_hours(inside):
    inside.fake.fault("403:quotaExceeded", {"inner_index": 1})
    answers = run(inside, inserts(inside, range(3)))
    assert 403 in answers
    assert refusal(inside.list)[:2] == (403, "quotaExceeded")
    inside.fake.advance(6 * 3600)
    assert inside.list()["kind"] == "calendar#events"


def test_the_limit_of_a_day_says_so(inside):
    inside.fake.fault("403:daily")
    status, reason, message = refusal(inside.list)
    assert (status, reason) == (403, "rateLimitExceeded")
    assert "Queries per day" in message


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("429", (429, "rateLimitExceeded")),
        ("403:userRateLimitExceeded", (403, "userRateLimitExceeded")),
        ("500", (500, "backendError")),
        ("503", (503, "backendError")),
        ("502-html", (502, "")),
        ("404", (404, "notFound")),
        ("410:updatedMinTooLongAgo", (410, "updatedMinTooLongAgo")),
    ],
)
def test_a_fault_before_leaves_the_calendar_alone(google, kind, answer):
    google.fake.fault(kind, {"method": "POST", "path_re": "/events$"})
    assert refusal(google.insert, single())[:2] == answer
    assert google.fake.events(google.calendar) == {}
    assert google.insert(single())["id"] == single()["id"]


def test_a_fault_hits_the_request_it_is_meant_for(inside):
    inside.fake.fault("500", {"nth": 2, "method": "GET"})
    inside.fake.fault("503", {"request": 4})
    found = []
    for _ in range(5):
        try:
            inside.list()
            found.append(200)
        except Exception:
            found.append(inside.fake.log[-1].status)
    assert found == [200, 500, 200, 503, 200]


def test_an_unknown_fault_is_a_mistake():
    with pytest.raises(ValueError, match="no fault is called 'flood'"):
        FakeGoogle().fault("flood")
    with pytest.raises(ValueError, match=r"a match has no \['path'\]"):
        FakeGoogle().fault("500", {"path": "/"})
    with pytest.raises(ValueError, match="'lost' cannot happen to a part of a batch"):
        FakeGoogle().fault("lost", {"inner_index": 0})


def broken_over_a_socket(google, kind):
    google.fake.fault(kind, {"method": "POST"})
    try:
        google.insert(single())
    except Exception as error:
        return error
    return None


def test_answers_that_get_lost_were_applied(google):
    assert broken_over_a_socket(google, "503-after").status_code == 503
    assert isinstance(broken_over_a_socket(google, "reset"), ConnectionResetError)
    assert len(google.fake.writes) == 1
    google.fake.people.delete(google.calendar, single()["id"])


def test_a_truncated_answer_is_incomplete(google):
    assert isinstance(broken_over_a_socket(google, "truncate"), http.client.IncompleteRead)
    assert len(google.fake.writes) == 1


def test_a_silent_close_makes_the_plain_client_send_again(google):
    google.list()  # so that the connection is an old one
    status = broken_over_a_socket(google, "lost").status_code
    assert status == 409
    assert [record.status for record in google.fake.log[1:]] == [200, 409]


def test_a_slow_answer_times_out_after_it_was_applied():
    with FakeGoogle(auth="off") as fake:
        plain = httplib2.Http(timeout=0.05, proxy_info=None)
        client = Client(fake, plain, fake.root)
        error = broken_over_a_socket(client, "slow:5")
        plain.close()
        assert isinstance(error, TimeoutError)
        assert len(fake.writes) == 1


@pytest.mark.parametrize(
    ("kind", "error", "applied"),
    [
        ("lost", ConnectionResetError, 1),
        ("reset", ConnectionResetError, 1),
        ("truncate", http.client.IncompleteRead, 1),
        ("slow:31", TimeoutError, 1),
        ("kill-after", Killed, 1),
        ("lost-before", ConnectionResetError, 0),
        ("reset-before", ConnectionResetError, 0),
        ("kill-before", Killed, 0),
    ],
)
def test_without_sockets_the_same_errors_are_raised(inside, kind, error, applied):
    inside.fake.fault(kind)
    with pytest.raises(error):
        inside.insert(single())
    assert len(inside.fake.writes) == applied
    assert inside.fake.seconds() == (30.0 if kind == "slow:31" else 0.0)


def test_a_slow_answer_within_the_time_arrives(inside):
    inside.fake.fault("slow:7")
    inside.list()
    assert inside.fake.seconds() == 7.0


def test_a_process_is_killed_over_a_socket():
    with FakeGoogle(auth="off") as fake, connected(fake) as google:
        killed = []
        fake.victim = lambda: killed.append(len(fake.writes))
        fake.fault("kill-before", {"method": "POST"})
        google.insert(single())  # the plain client sends again
        assert killed == [0]


def test_errors_can_be_put_into_a_batch(inside):
    inside.fake.fault({"inner": {0: "429", 2: "403:rateLimitExceeded"}})
    assert [a if isinstance(a, int) else 200 for a in run(inside, inserts(inside, range(4)))] == [
        429,
        200,
        403,
        200,
    ]
    inside.fake.fault("inner:{1: '500'}")
    assert run(inside, inserts(inside, range(4, 6)))[1] == 500
    inside.fake.fault("inner-conflict", {"inner_index": [0, 1]})
    assert run(inside, inserts(inside, range(6, 8))) == [409, 409]
    inside.fake.fault("503", {"inner_index": "any", "method": "POST"}, times=2)
    assert run(inside, inserts(inside, range(8, 11))).count(503) == 2


@pytest.mark.parametrize(("kind", "applied"), [("inner-missing", 3), ("inner-missing-unapplied", 2)])
def test_a_part_may_be_missing_from_the_answer(inside, kind, applied):
    inside.fake.fault(kind, {"inner_index": 1})
    with pytest.raises(KeyError):
        run(inside, inserts(inside, range(3)))
    assert len(inside.fake.writes) == applied


def test_parts_may_be_answered_in_another_order(inside):
    run(inside, inserts(inside, range(8)))
    inside.fake.fault("reorder")
    run(inside, inserts(inside, range(10, 18)))
    orders = []
    for record in inside.fake.log:
        ids = [line for line in record.answer.decode().split("\r\n") if line.startswith("Content-ID")]
        orders.append([int(line.rpartition(" ")[2].rstrip(">")) for line in ids])
    assert orders[0] == list(range(8))
    assert orders[1] != orders[0]
    assert sorted(orders[1]) == orders[0]


def test_reads_can_go_wrong_in_their_own_ways(inside):
    fake = inside.fake
    run(inside, inserts(inside, range(3)))
    token = inside.list()["nextSyncToken"]
    fake.fault("empty-list")
    empty = inside.list()
    assert empty["items"] == []
    assert "nextSyncToken" in empty
    fake.fault("stale-list:2")
    stale = inside.list()
    assert len(stale["items"]) == 1
    assert len(inside.ids(syncToken=stale["nextSyncToken"], maxResults=2500)) == 2
    fake.fault("lost-page")
    assert not {"nextPageToken", "nextSyncToken"} & inside.list().keys()
    fake.fault("not-json")
    page = inside.events.list(calendarId=inside.calendar, maxResults=2500).execute()
    assert page.startswith("<!DOCTYPE html>")  # the client hands text on
    for kind in ("expire-token", "acl-change"):
        fake.fault(kind)
        assert refusal(inside.list, syncToken=token)[:2] == (410, "fullSyncRequired")
        assert refusal(inside.list, syncToken=token)[:2] == (410, "fullSyncRequired")
        token = inside.list()["nextSyncToken"]
        assert inside.list(syncToken=token)["items"] == []


def test_a_stale_list_forgets_changes_and_deletes(inside):
    made = inside.insert(single())
    inside.patch(made["id"], {"summary": "x"})
    inside.delete(made["id"])
    inside.fake.fault("stale-list:1")
    assert inside.list(showDeleted=True)["items"][0]["summary"] == "x"
    inside.fake.fault("stale-list:2")
    assert inside.list()["items"][0]["summary"] == "Process group"


def test_the_outer_answer_of_a_batch_can_fail(inside):
    for kind, applied in (("503", 0), ("503-after", 2)):
        inside.fake.fault(kind, {"path_re": "^/batch"})
        with pytest.raises(Exception, match="503"):
            run(inside, inserts(inside, range(2)))
        assert len(inside.fake.writes) == applied


def test_batches_follow_the_root_of_the_document():
    service = service_at("http://127.0.0.1:1/", httplib2.Http())
    assert service.new_batch_http_request()._batch_uri == "http://127.0.0.1:1/batch/calendar/v3"
