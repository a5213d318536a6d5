"""The Google Calendar API over HTTP: what is sent, once, and what each answer is taken for."""

from __future__ import annotations

import ipaddress
import json
import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import IncompleteRead
from pathlib import Path
from typing import Any

import httplib2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from iopcal.targets.google import connection
from iopcal.targets.google.answers import judge, listing, retry_after
from iopcal.targets.google.api import UNKNOWN, UNREACHED, Answer, Api, Denied, Write
from iopcal.targets.google.connection import exchange
from iopcal.targets.google.multipart import Reply, Request, build, parse
from iopcal.targets.google.root import GOOGLE, Root, root_of
from iopcal.targets.google.silence import LOUD, silence
from iopcal.targets.google.wire import Wire
from tests.fake_google import FakeGoogle
from tests.google_accounts import Holder, event, wire_to

MARK = "c_4f1dca9a4y@group.calendar.google.com"


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(seed=5) as made:
        yield made
        assert made.violations == []


def inserts(*numbers: int) -> list[Write]:
    return [Write("insert", event(number)["id"], event(number)) for number in numbers]


class Scripted:
    """In the place of httplib2: gives one reply after the other, or raises it, and keeps the requests."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies = list(replies)
        self.sent: list[tuple[str, str, dict[str, str], bytes]] = []

    def request(
        self, uri: str, method: str = "GET", body: bytes | None = None, headers: Any = None
    ) -> tuple[Any, bytes]:
        self.sent.append((method, uri, dict(headers), body or b""))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return httplib2.Response({**reply.headers, "status": str(reply.status)}), reply.body

    def close(self) -> None:
        pass


def scripted(
    *replies: Reply | Exception, holder: Holder | None = None, root: Root = GOOGLE
) -> tuple[Wire, Scripted]:
    http = Scripted(*replies)
    return Wire(holder or Holder("T"), root, http), http


def answer_in_parts(request: bytes, answers: dict[int, bytes]) -> Reply:
    """Returns a batch's reply with whole HTTP answers by the number of their part, in a mixed order."""
    nonce = request.split(b"Content-ID: <", 1)[1].split(b" ", 1)[0].decode()
    numbers = sorted(answers)
    random.Random(3).shuffle(numbers)
    body = b""
    for number in numbers:
        heads = f"Content-Type: application/http\r\nContent-ID: <response-{nonce} + {number}>\r\n\r\n"
        body += b"--b_x\r\n" + heads.encode() + answers[number] + b"\r\n"
    return Reply(200, {"content-type": 'multipart/mixed; boundary="b_x"'}, body + b"--b_x--\r\n")


class Batched(Scripted):
    """Answers each batch with the same parts."""

    def __init__(self, answers: dict[int, bytes]) -> None:
        super().__init__()
        self.answers = answers

    def request(
        self, uri: str, method: str = "GET", body: bytes | None = None, headers: Any = None
    ) -> tuple[Any, bytes]:
        self.replies = [answer_in_parts(body or b"", self.answers)]
        return super().request(uri, method, body, headers)


# What is sent


def test_a_calendar_is_read_whole_with_tombstones_and_only_the_fields_that_count(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    wire: Api = wire_to(fake)
    wire.write(calendar, inserts(1))
    answer = wire.events(calendar)
    assert answer.status == 200
    assert [row["id"] for row in answer.body["items"]] == [event(1)["id"]]
    query = fake.log[-1].query
    assert (query["maxResults"], query["singleEvents"], query["showDeleted"]) == (
        ["2500"],
        ["false"],
        ["true"],
    )
    assert set(answer.body) == {"accessRole", "timeZone", "summary", "items", "nextSyncToken"}
    assert "gzip" in fake.log[-1].headers["accept-encoding"]
    assert "gzip" in fake.log[-1].headers["user-agent"]


def test_a_sync_token_brings_what_changed_since_with_the_same_parameters(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    wire = wire_to(fake)
    token = wire.events(calendar).body["nextSyncToken"]
    wire.write(calendar, inserts(1))
    answer = wire.events(calendar, token=token)
    assert len(answer.body["items"]) == 1
    first, last = fake.log[0].query, fake.log[-1].query
    assert {name: value for name, value in last.items() if name != "syncToken"} == first


def test_pages_are_asked_for_with_the_token_they_came_with() -> None:
    with FakeGoogle(page_cap=2) as fake:
        calendar = fake.calendar()
        wire = wire_to(fake)
        wire.write(calendar, inserts(1, 2, 3))
        first = wire.events(calendar)
        second = wire.events(calendar, page=first.body["nextPageToken"])
        assert len(first.body["items"]) + len(second.body["items"]) == 3
        assert "nextSyncToken" in second.body
        assert fake.violations == []


def test_one_write_alone_is_a_plain_call_and_more_are_one_batch(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    wire = wire_to(fake)
    (made,) = wire.write(calendar, inserts(1))
    etag = made.body["etag"]
    patch = Write("patch", event(1)["id"], {"summary": "Other"}, etag)
    answers = wire.write(calendar, [*inserts(2, 3), patch])
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert [answer.body["summary"] for answer in answers] == ["Group 2", "Group 3", "Other"]
    (gone,) = wire.write(calendar, [Write("delete", event(1)["id"], etag=answers[2].body["etag"])])
    assert gone == Answer(204)
    assert [(record.method, record.path.split("/")[1], len(record.parts)) for record in fake.log] == [
        ("POST", "calendar", 0),
        ("POST", "batch", 3),
        ("DELETE", "calendar", 0),
    ]
    assert wire.requests == 3


def test_every_write_tells_nobody_and_names_the_version_it_saw(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    wire = wire_to(fake)
    made = wire.write(calendar, inserts(1, 2))
    etags = [answer.body["etag"] for answer in made]
    wire.write(calendar, [Write("delete", event(n)["id"], etag=etags[n - 1]) for n in (1, 2)])
    parts = [part for record in fake.log for part in record.parts]
    assert [part.query["sendUpdates"] for part in parts] == [["none"]] * 4
    assert [part.headers.get("if-match") for part in parts] == [None, None, *etags]
    assert [part.status for part in parts] == [200, 200, 204, 204]


def test_a_stale_version_is_refused_for_its_part_alone(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    wire = wire_to(fake)
    etag = wire.write(calendar, inserts(1, 2))[1].body["etag"]
    answers = wire.write(
        calendar,
        [
            Write("patch", event(1)["id"], {"summary": "New"}, '"1"'),
            Write("patch", event(2)["id"], {"summary": "New"}, etag),
        ],
    )
    assert [(answer.status, answer.reason) for answer in answers] == [(412, "conditionNotMet"), (200, "")]


def test_single_events_are_read_alone_or_together_tombstones_too(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    wire = wire_to(fake)
    etag = wire.write(calendar, inserts(1, 2))[0].body["etag"]
    wire.write(calendar, [Write("delete", event(1)["id"], etag=etag)])
    answers = wire.read(calendar, [event(n)["id"] for n in (1, 2, 3)])
    assert [answer.status for answer in answers] == [200, 200, 404]
    assert [answer.body["status"] for answer in answers[:2]] == ["cancelled", "confirmed"]
    assert wire.read(calendar, [event(2)["id"]])[0].body["summary"] == "Group 2"
    assert wire.read(calendar, []) == () == wire.write(calendar, [])


def test_a_calendar_is_made(fake: FakeGoogle) -> None:
    answer = wire_to(fake).make("Calendar", "America/Chicago")
    assert answer.status == 200
    assert answer.body["id"] in fake.store.calendars
    assert answer.body["timeZone"] == "America/Chicago"


def test_a_batch_goes_to_the_same_root_as_everything_else() -> None:
    """The client's `api_endpoint` does not move batches: they would go to the internet."""
    root = root_of({"IOPCAL_GOOGLE_API_ROOT": "http://127.0.0.1:4711"})
    wire, http = scripted(*[Reply(503)] * 6, root=root)
    wire.events(MARK)
    wire.write(MARK, inserts(1))
    wire.write(MARK, inserts(1, 2))
    wire.read(MARK, ["a", "b"])
    wire.make("Calendar", "UTC")
    assert all(uri.startswith("http://127.0.0.1:4711/") for _, uri, _, _ in http.sent)
    assert [uri for _, uri, _, _ in http.sent][2] == "http://127.0.0.1:4711/batch/calendar/v3"
    assert all(
        b"http" not in body.replace(b"application/http", b"").replace(b"HTTP/1.1", b"")
        for *_, body in http.sent
    )


def test_without_a_root_it_is_google_by_https() -> None:
    wire, http = scripted(Reply(503), Reply(503))
    wire.events(MARK)
    wire.write(MARK, inserts(1, 2))
    assert [uri.split("?")[0] for _, uri, _, _ in http.sent] == [
        "https://www.googleapis.com/calendar/v3/calendars/c_4f1dca9a4y%40group.calendar.google.com/events",
        "https://www.googleapis.com/batch/calendar/v3",
    ]


def test_delegation_is_counted_by_person_without_telling_whom() -> None:
    wire, http = scripted(Reply(503), Reply(503), holder=Holder("T", user="0f" * 16))
    wire.events(MARK)
    wire.write(MARK, inserts(1, 2))
    assert f"quotaUser={'0f' * 16}" in http.sent[0][1]
    assert http.sent[1][3].count(f"quotaUser={'0f' * 16}".encode()) == 2


def test_no_byte_sent_tells_who_sends_it(fake: FakeGoogle) -> None:
    calendar = fake.calendar(id=MARK)
    wire = wire_to(fake)
    wire.events(calendar)
    wire.write(calendar, inserts(1, 2))
    for record in fake.log:
        sent = f"{record.path}{record.query}{record.headers}".lower().encode() + record.body.lower()
        assert b"iop" not in sent


# Sent once


@contextmanager
def listening(serve: Callable[[socket.socket], object]) -> Iterator[str]:
    """Runs a server that handles each connection with `serve`; yields its root."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def accept() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=serve_and_close, args=(peer,), daemon=True).start()

        def serve_and_close(peer: socket.socket) -> None:
            with peer:
                try:
                    serve(peer)
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def received(peer: socket.socket) -> bytes:
    """Reads one request."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().splitlines() if b"content-length" in line), 0
    )
    while len(body) < length:
        body += peer.recv(65536)
    return head


@contextmanager
def sockets(root: str, token: str = "") -> Iterator[Wire]:
    with closing(connection.http(proxies=False)) as http:
        yield Wire(Holder(token), root_of({"IOPCAL_GOOGLE_API_ROOT": root}), http)


def asked(address: str, *, proxies: bool = False) -> Reply | Answer:
    with closing(connection.http(proxies=proxies)) as http:
        return exchange(http, "GET", address, {})


@pytest.mark.parametrize("answered", [0, 1], ids=["on a new connection", "on one that was kept"])
def test_a_request_that_the_server_closes_on_is_sent_once(answered: int) -> None:
    """httplib2 of itself sends it again: two POSTs and one answer."""
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        for number in range(answered + 1):
            heads.append(received(peer))
            if number < answered:
                peer.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")

    with listening(serve) as root, sockets(root) as wire:
        for _ in range(answered):
            assert wire.make("Calendar", "UTC") == Answer(503)
        assert wire.make("Calendar", "UTC") == Answer(UNKNOWN)
        time.sleep(0.05)
    assert len([head for head in heads if head]) == answered + 1


def test_a_connection_closed_while_idle_is_made_anew_before_anything_is_sent() -> None:
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        heads.append(received(peer))
        peer.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")

    with listening(serve) as root, sockets(root) as wire:
        assert wire.make("Calendar", "UTC") == Answer(503)
        time.sleep(0.05)
        assert wire.make("Calendar", "UTC") == Answer(503)
    assert len(heads) == 2


def test_after_a_broken_answer_the_next_request_has_a_connection_of_its_own() -> None:
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        heads.append(received(peer))
        body = b"Transfer-Encoding: chunked\r\n\r\nno number\r\n" if len(heads) == 1 else b"\r\n"
        peer.sendall(b"HTTP/1.1 503 Busy\r\n" + body)
        if len(heads) == 1:
            peer.recv(1)

    with listening(serve) as root, sockets(root) as wire:
        assert wire.make("Calendar", "UTC") == Answer(UNKNOWN)
        assert wire.make("Calendar", "UTC") == Answer(503)
    assert len(heads) == 2


def test_a_server_that_says_nothing_is_left_after_the_time_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "READ", 0.05)
    with listening(lambda peer: (received(peer), time.sleep(1))) as root, sockets(root) as wire:
        begin = time.monotonic()
        assert wire.make("Calendar", "UTC") == Answer(UNKNOWN)
        assert time.monotonic() - begin < 0.8


def test_a_port_where_nobody_listens_is_never_reached() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        root = f"http://127.0.0.1:{server.getsockname()[1]}/"
    with sockets(root) as wire:
        assert wire.make("Calendar", "UTC") == Answer(UNREACHED)


def test_all_addresses_of_a_server_share_the_time_and_their_kinds_take_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A firewall that swallows everything must not cost the whole time for each of Google's addresses."""
    found = [(socket.AF_INET6, 0, 0, "", (f"::{n}", 443, 0, 0)) for n in range(1, 9)]
    found += [(socket.AF_INET, 0, 0, "", (f"10.0.0.{n}", 443)) for n in range(1, 9)]
    clock, tries = [0.0], []

    def swallow(place: tuple[str, int], seconds: float) -> None:
        tries.append((place[0], seconds))
        clock[0] += seconds
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    monkeypatch.setattr(socket, "create_connection", swallow)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with pytest.raises(TimeoutError):
        connection.connected(("www.googleapis.com", 443))
    assert tries[:3] == [("::1", 5.0), ("10.0.0.1", 2.5), ("::2", 1.25)]
    assert clock[0] <= 10
    clock[0], tries[:], found[:] = 0.0, [], found[:1]
    with pytest.raises(TimeoutError):
        connection.connected(("www.googleapis.com", 443))
    assert tries == [("::1", 10.0)]


def test_a_server_without_tls_is_never_reached_by_https() -> None:
    with listening(lambda peer: (peer.recv(100), peer.sendall(b"HTTP/1.0 200 OK\r\n\r\n"))) as root:
        port = int(root.split(":")[2].rstrip("/"))
        assert asked(f"https://127.0.0.1:{port}/") == Answer(UNREACHED)


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_must_come_from_somebody_this_computer_trusts(
    trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(certificate_and_key())
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as safe:
            safe.recv(65536)
            safe.sendall(b"HTTP/1.1 204 Done\r\n\r\n")

    with listening(serve) as root:
        found = asked(root.replace("http:", "https:"))
    assert found == (Reply(204, {"status": "204"}) if trusted else Answer(UNREACHED))


def certificate_and_key() -> bytes:
    """Makes a certificate for 127.0.0.1 that signs itself, and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    return made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)


def test_no_redirection_is_followed_with_a_token_in_hand() -> None:
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        while head := received(peer):
            heads.append(head)
            peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    with listening(serve) as root, sockets(root) as wire:
        assert wire.events(MARK) == Answer(502)
    assert len(heads) == 1


def test_a_proxy_of_the_environment_is_used_for_google_but_not_for_a_test_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        heads.append(received(peer))
        peer.sendall(b"HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n")

    monkeypatch.delenv("no_proxy", raising=False)
    with listening(serve) as root:
        monkeypatch.setenv("http_proxy", root)
        monkeypatch.setenv("https_proxy", root.replace("//", "//ann:p%40ss@"))
        assert asked("https://www.googleapis.com/", proxies=True) == Answer(UNREACHED)
        assert heads[0].startswith(b"CONNECT www.googleapis.com:443 HTTP/1.")
        assert b"Proxy-Authorization: Basic YW5uOnBAc3M=" in heads[0]
        assert asked(root) == Reply(407, {"content-length": "0", "status": "407"})
        assert heads[1].startswith(b"GET / ")


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1080", "http://[::1", "http://", "https://127.0.0.1:1/"]
)
def test_a_proxy_of_another_kind_is_not_passed_over(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("https_proxy", proxy)
    assert asked("https://www.googleapis.com/", proxies=True) == Answer(UNREACHED)


def test_a_host_that_needs_no_proxy_is_spoken_to_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []
    with listening(lambda peer: heads.append(peer.recv(3))) as root:
        monkeypatch.setenv("https_proxy", "127.0.0.1:1")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert asked(root.replace("http:", "https:"), proxies=True) == Answer(UNREACHED)
    assert heads == [b"\x16\x03\x01"]  # a TLS handshake


def test_the_fake_over_real_sockets_compressed_and_in_batches(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    with sockets(fake.root, fake.bearer()) as wire:
        assert [answer.status for answer in wire.write(calendar, inserts(1, 2, 3))] == [200] * 3
        assert len(wire.events(calendar).body["items"]) == 3
        assert wire.date.endswith(" GMT")


# What each answer is taken for


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ConnectionRefusedError(), UNREACHED),
        (socket.gaierror(), UNREACHED),
        (httplib2.ServerNotFoundError(), UNREACHED),
        (connection.NotConnected(), UNREACHED),
        (ConnectionResetError(), UNKNOWN),
        (BrokenPipeError(), UNKNOWN),
        (TimeoutError(), UNKNOWN),
        (ssl.SSLError(), UNKNOWN),
        (IncompleteRead(b""), UNKNOWN),
        (httplib2.error.FailedToDecompressContent("", None, b""), UNKNOWN),
        (httplib2.MalformedHeader(), UNKNOWN),
        (httplib2.decode.DecodeRatioError(), UNKNOWN),
        (UnicodeError(), UNKNOWN),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_every_error_of_the_libraries_is_an_answer(error: Exception, status: int) -> None:
    wire, _ = scripted(error, error)
    assert wire.make("Calendar", "UTC") == Answer(status)
    assert wire.write(MARK, inserts(1, 2)) == (Answer(status),) * 2


ERROR = (
    b'{"error": {"errors": [{"domain": "d", "reason": "%s", "message": "%s"}], "code": 403, "message": "%s"}}'
)


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(403, {}, ERROR % (b"quotaExceeded", b"m", b"m")), Answer(403, {}, "quotaExceeded")),
        (Reply(403, {}, ERROR % (b"rateLimitExceeded", b"Queries per day", b"")),
         Answer(403, {}, "quotaExceeded")),
        (Reply(403, {}, ERROR % (b"rateLimitExceeded", b"", b"Quota of 'Queries per day'")),
         Answer(403, {}, "quotaExceeded")),
        (Reply(429, {"retry-after": "7"}, ERROR % (b"rateLimitExceeded", b"Queries per minute", b"")),
         Answer(429, {}, "rateLimitExceeded", 7.0)),
        (Reply(502, {}, b"<html>Bad gateway</html>"), Answer(502)),
        (Reply(403, {}, b"<html>proxy</html>"), Answer(502)),
        (Reply(404, {}, b"<html>404. That is an error.</html>"), Answer(502)),
        (Reply(404), Answer(404)),
        (Reply(412, {}, b" \n"), Answer(412)),
        (Reply(429, {}, b"slow down"), Answer(429)),
        (Reply(200, {}, b"<html>Sign in to the guest network</html>"), Answer(502)),
        (Reply(200, {}, b"[]"), Answer(502)),
        (Reply(200, {}, b"{}"), Answer(502)),
        (Reply(200, {}, b'{"items": [], "nextSyncToken": 5}'), Answer(502)),
        (Reply(200, {}, b'{"items": {}, "nextSyncToken": "s"}'), Answer(502)),
        (Reply(200, {}, b'{"items": [{"id": 5}], "nextSyncToken": "s"}'), Answer(502)),
        (Reply(200, {}, b'{"items": [], "nextSyncToken": ""}'), Answer(502)),
        (Reply(200, {}, b"["  * 100_000), Answer(502)),
        (Reply(200, {}, b"\xff\xfe"), Answer(502)),
        (Reply(200, {}, b'{"nextSyncToken": "s"}'), Answer(200, {"nextSyncToken": "s", "items": []})),
        (Reply(302, {"location": "http://x/"}), Answer(502)),
        (Reply(103), Answer(502)),
        (Reply(400, {}, b'{"error": "invalid_request"}'), Answer(400, {}, "invalid_request")),
        (Reply(400, {}, b'{"error": {"errors": "no list"}}'), Answer(400)),
        (Reply(400, {}, b'{"error": {"errors": [7]}}'), Answer(400)),
        (Reply(400, {}, b'{"error": {"errors": [{"reason": "c_4f1d@group is secret"}]}}'), Answer(400)),
        (Reply(400, {}, b'{"error": {"errors": [{"reason": null}]}}'), Answer(400)),
    ],
)  # fmt: skip
def test_any_answer_to_a_list_is_taken_apart_with_care(reply: Reply, answer: Answer) -> None:
    wire, _ = scripted(reply)
    assert wire.events(MARK) == answer


def test_half_a_character_in_an_answer_is_replaced() -> None:
    body = json.dumps(
        {"items": [{"id": "a", "summary": "x\ud800y \U0001f600"}], "nextSyncToken": "s"}
    ).encode()
    (row,) = scripted(Reply(200, {}, body))[0].events(MARK).body["items"]
    assert row["summary"] == "x?y \U0001f600"


def test_an_event_that_is_not_the_one_asked_for_is_no_success() -> None:
    wire, _ = scripted(
        Reply(200, {}, b'{"id": "other"}'), Reply(200, {}, b'{"id": "other"}'), Reply(200, {}, b"{}")
    )
    assert wire.read(MARK, ["one"]) == (Answer(502),)
    assert wire.write(MARK, inserts(1)) == (Answer(502),)
    assert wire.make("Calendar", "UTC") == Answer(502)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "Wed, 10 Feb 2027 06:01:00 GMT", "date": "Wed, 10 Feb 2027 06:00:00 GMT"}, 60.0),
        ({"retry-after": "Wed, 10 Feb 2027 05:01:00 GMT", "date": "Wed, 10 Feb 2027 06:00:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 10 Feb 2027 06:01:00 GMT"}, None),
        ({"retry-after": "Wed, 10 Feb 2027 06:01:00 GMT", "date": "Wed, 10 Feb 2027 06:00:00 -0000"}, None),
        ({"retry-after": "soon", "date": "now"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_told_in_seconds_or_by_the_servers_own_clock(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("seed", range(40))
def test_no_answer_at_all_makes_it_fail(seed: int) -> None:
    """Answers are whole ones with bytes changed, cut or doubled."""
    chance = random.Random(seed)
    good = answer_in_parts(
        build([Request("GET", "/a"), Request("GET", "/b")], "n").body,
        {
            0: b'HTTP/1.1 200 OK\r\nA: b\r\n\r\n{"id": "a"}',
            1: b'HTTP/1.1 404 No\r\n\r\n{"error": {"errors": []}}',
        },
    )
    for _ in range(50):
        body = bytearray(good.body)
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(body))
            match chance.randrange(3):
                case 0:
                    body[at] = chance.randrange(256)
                case 1:
                    del body[at : at + chance.randrange(30)]
                case _:
                    body[at:at] = body[at : at + chance.randrange(30)]
        replies = parse(good._replace(body=bytes(body)), "n", 2)
        assert replies is not None
        for reply in replies.values():
            assert judge(reply, listing).status in range(400, 600)


# Batches


def test_parts_are_matched_by_their_name_in_any_order_and_missing_ones_may_be_tried_again() -> None:
    ok = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"id": "%s"}'
    answers = {
        0: ok % event(0)["id"].encode(),
        2: ok % event(2)["id"].encode(),
        3: b"HTTP/1.1 204 No Content\r\n\r\n",
    }
    wire = Wire(Holder("T"), GOOGLE, Batched(answers))
    found = wire.write(MARK, [*inserts(0, 1, 2), Write("delete", "x", etag='"1"')])
    assert [answer.status for answer in found] == [200, 503, 200, 204]
    assert found[2].body["id"] == event(2)["id"]


def test_the_fake_leaves_parts_out_and_shuffles_them(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    fake.fault("inner-missing", {"inner_index": 1})
    answers = wire_to(fake).write(calendar, inserts(*range(6)))
    assert [answer.status for answer in answers] == [200, 503, 200, 200, 200, 200]
    assert [answer.body.get("id") for answer in answers if answer.ok] == [
        event(n)["id"] for n in (0, 2, 3, 4, 5)
    ]


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(503, {"retry-after": "4"}, b""), 503),
        (Reply(502, {}, b"<html>"), 502),
        (Reply(200, {"content-type": "text/html"}, b"<html>"), 502),
        (Reply(200, {}, b""), 502),
        (Reply(200, {"content-type": "multipart/mixed; boundary=x"}, b""), 503),
        (
            Reply(
                200, {"content-type": "multipart/mixed; boundary=x"}, b"--x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}"
            ),
            503,
        ),
        (Reply(404, {}, ERROR % (b"notFound", b"", b"")), 404),
    ],
)
def test_where_a_whole_batch_fails_each_part_does(reply: Reply, status: int) -> None:
    wire, _ = scripted(reply)
    answers = wire.write(MARK, inserts(1, 2, 3))
    assert [answer.status for answer in answers] == [status] * 3
    assert answers[0].retry_after == (4.0 if "retry-after" in reply.headers else None)


def test_a_part_may_carry_when_to_come_again() -> None:
    limited = b"HTTP/1.1 403 Forbidden\r\nRetry-After: 9\r\n\r\n" + ERROR % (
        b"userRateLimitExceeded",
        b"",
        b"",
    )
    wire = Wire(Holder("T"), GOOGLE, Batched({0: limited, 1: limited.replace(b"\r\n", b"\n")}))
    assert wire.read(MARK, ["a", "b"]) == (Answer(403, {}, "userRateLimitExceeded", 9.0),) * 2


# The access token


def test_a_token_refused_is_renewed_once_and_the_request_sent_again(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    holder = Holder("ya29.old", fake.bearer())
    wire = wire_to(fake, holder)
    assert wire.events(calendar).status == 200
    assert wire.events(calendar).status == 200
    assert (holder.renewals, wire.requests) == (1, 3)


def test_a_batch_whose_token_is_refused_is_sent_again_whole(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    holder = Holder("ya29.old", fake.bearer())
    assert [answer.status for answer in wire_to(fake, holder).write(calendar, inserts(1, 2))] == [200, 200]
    assert holder.renewals == 1


@pytest.mark.parametrize("refused", [(1,), (0, 2, 3)])
def test_parts_whose_token_is_refused_are_sent_again_alone(
    fake: FakeGoogle, refused: tuple[int, ...]
) -> None:
    calendar = fake.calendar()
    holder = Holder(fake.bearer(), fake.bearer())
    fake.fault({"inner": dict.fromkeys(refused, "401:authError")})
    answers = wire_to(fake, holder).write(calendar, inserts(0, 1, 2, 3))
    assert [answer.body["id"] for answer in answers] == [event(n)["id"] for n in range(4)]
    assert holder.renewals == 1
    assert len(fake.log) == 2


@pytest.mark.parametrize("numbers", [(1,), (1, 2)], ids=["plain", "batch"])
def test_a_second_refusal_ends_it(numbers: tuple[int, ...]) -> None:
    body = ERROR % (b"authError", b"", b"")
    wire, http = scripted(Reply(401, {}, body), Reply(401, {}, body), holder=Holder("a", "b"))
    with pytest.raises(Denied) as denied:
        wire.write(MARK, inserts(*numbers))
    assert denied.value.reason == "authError"
    assert [headers["authorization"] for _, _, headers, _ in http.sent] == ["Bearer a", "Bearer b"]


def test_a_second_refusal_of_parts_ends_it(fake: FakeGoogle) -> None:
    calendar = fake.calendar()
    fake.fault({"inner": {0: "401:authError", 1: "401:authError"}}, times=2)
    with pytest.raises(Denied):
        wire_to(fake, Holder(fake.bearer(), fake.bearer())).write(calendar, inserts(1, 2, 3))


def test_a_token_that_cannot_be_renewed_now_leaves_the_request_to_be_tried_again() -> None:
    wire, http = scripted(Reply(401), holder=Holder("a", Answer(503, retry_after=3.0)))
    assert wire.events(MARK) == Answer(503, retry_after=3.0)
    assert len(http.sent) == 1
    part = b"HTTP/1.1 401 Unauthorized\r\n\r\n"
    batched = Wire(
        Holder("a", Answer(UNREACHED)), GOOGLE, Batched({0: part, 1: b'HTTP/1.1 200 OK\r\n\r\n{"id": "b"}'})
    )
    assert [answer.status for answer in batched.read(MARK, ["a", "b"])] == [UNREACHED, 200]


def test_with_a_server_that_asks_for_no_token_none_is_sent() -> None:
    with FakeGoogle(auth="off") as fake:
        calendar = fake.calendar()
        assert wire_to(fake, Holder()).events(calendar).status == 200
        assert "authorization" not in fake.log[-1].headers


# What is never told


def test_no_library_logs_an_address_at_any_level(fake: FakeGoogle, caplog: pytest.LogCaptureFixture) -> None:
    for name in (*LOUD, "googleapiclient.discovery", "google.auth.transport"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        calendar = fake.calendar(id=MARK)
        wire = wire_to(fake)
        fake.fault("403:rateLimitExceeded", {"nth": 2})
        wire.events(calendar)
        wire.events(calendar)
        wire.events("nobody@example.org")
        wire.write(calendar, inserts(1, 2))
    assert caplog.records == []
    silence()
    assert {logging.getLogger(name).level for name in LOUD} == {logging.CRITICAL}


def test_an_error_of_ours_holds_no_text_of_a_library() -> None:
    wire, _ = scripted(Reply(401), Reply(401), holder=Holder("ya29.a", "ya29.b"))
    with pytest.raises(Denied) as denied:
        wire.events(MARK)
    assert str(denied.value) == "authError"
    assert denied.value.__cause__ is None


# Where requests go


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/", "http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:99/",
        "http://127.0.0.1/", "HTTP://LOCALHOST:80",
    ],
)  # fmt: skip
def test_a_test_server_may_be_on_this_computer(address: str) -> None:
    root = root_of({"IOPCAL_GOOGLE_API_ROOT": address})
    assert root.test
    assert root.token == f"{address.rstrip('/')}/token"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.googleapis.com/", "https://127.0.0.1:1/", "http://127.0.0.2:1/", "http://0.0.0.0:1/",
        "http://example.org/", "http://127.0.0.1:1@example.org/", "http://localhost.example.org/",
        "http://127.0.0.1:1/path/", "http://127.0.0.1:1/?x", "http://127.0.0.1:1/#x", "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/", "http://[::1", "127.0.0.1:80", "//127.0.0.1/", "ftp://127.0.0.1/", " http://127.0.0.1/",
        "http://127.0.0.1\\@example.org/", "http://192.168.1.1/", "http://2130706433/", "x",
    ],
)  # fmt: skip
def test_a_test_server_may_be_nowhere_else(address: str) -> None:
    with pytest.raises(ValueError, match="may only be a test server on this computer"):
        root_of({"IOPCAL_GOOGLE_API_ROOT": address})


def test_waits_are_shortened_for_tests_only() -> None:
    root = {"IOPCAL_GOOGLE_API_ROOT": "http://127.0.0.1:1/"}
    assert root_of({}) == root_of({"IOPCAL_GOOGLE_API_ROOT": ""}) == GOOGLE
    assert root_of(root).wait_scale == 1.0
    assert root_of({**root, "IOPCAL_WAIT_SCALE": "0.01"}).wait_scale == 0.01
    for wrong in ("2", "-1", "nan", "inf", "fast"):
        with pytest.raises(ValueError, match=f"is '{wrong}'"):
            root_of({**root, "IOPCAL_WAIT_SCALE": wrong})
    with pytest.raises(ValueError, match="only with IOPCAL_GOOGLE_API_ROOT"):
        root_of({"IOPCAL_WAIT_SCALE": "0.01"})
