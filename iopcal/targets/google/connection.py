"""One HTTP request, sent once, and whatever comes of it: the one door to httplib2.

httplib2 sends a request again, a POST too, when the other side closes without an answer. Two equal calendars
could come of that, so the connections here turn that case into an honest error.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import client
from typing import TYPE_CHECKING, Any, Protocol

from iopcal.targets.google.api import UNKNOWN, UNREACHED, Answer
from iopcal.targets.google.multipart import Reply
from iopcal.targets.google.silence import silenced

if TYPE_CHECKING:
    import socket

CONNECT = 10.0  # seconds; for each address of the server
READ = 30.0  # seconds without a byte


class Http(Protocol):
    """What of httplib2.Http is used. The answer is a mapping of headers with a `status`, and a body."""

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Any, bytes]:
        """Sends one request."""

    def close(self) -> None:
        """Closes the connections that were kept for the next request."""


class NotConnected(Exception):
    """Raised when no connection could be made, so that surely nothing was sent.

    It is no OSError: those httplib2 takes as a reason to try again.
    """


def exchange(
    http: Http, method: str, address: str, headers: Mapping[str, str], body: bytes = b""
) -> Reply | Answer:
    """Sends one request and returns the reply; without one, an Answer of UNREACHED or UNKNOWN.

    No error of the libraries leaves here: their texts hold the address, and with it the calendar's id.
    """
    import socket

    with silenced():
        import httplib2
    never = (NotConnected, ConnectionRefusedError, socket.gaierror, httplib2.ServerNotFoundError)
    try:
        response, content = http.request(address, method=method, body=body or None, headers=headers)
        return Reply(int(response.status), {str(name): str(response[name]) for name in response}, content)
    except never:
        return Answer(UNREACHED)
    except (
        Exception
    ):  # sockets, TLS, http.client, zlib and httplib2 have some forty classes for half an answer
        return Answer(UNKNOWN)


def is_closed(sock: socket.socket) -> bool:
    """Says whether an idle connection was closed by the other side: it has something to read, its end."""
    from selectors import EVENT_READ, DefaultSelector

    with DefaultSelector() as selector:
        selector.register(sock, EVENT_READ)
        return bool(selector.select(0))


def http(*, proxies: bool = True) -> Http:
    """Returns a client that sends each request once and follows no redirection.

    `proxies` says whether the environment's https_proxy and no_proxy are honoured: to Google they are, as a
    clinic's network may allow no other way; a test server on this computer is spoken to directly.
    """
    with silenced():
        import httplib2

    class Once(client.HTTPConnection):
        """What both kinds of connection do: connect within CONNECT, read within READ, and send once."""

        def connect(self) -> None:
            try:
                super().connect()
                self.sock.settimeout(READ)
            except Exception:  # name look-up, refusal, time-out, proxy, TLS, certificate
                raise NotConnected from None

        def request(self, *arguments: Any, **options: Any) -> None:
            if self.sock is not None and is_closed(self.sock):
                self.close()
                self.connect()
            super().request(*arguments, **options)

        def getresponse(self) -> client.HTTPResponse:
            try:
                return super().getresponse()
            except (client.BadStatusLine, client.ResponseNotReady):
                raise ConnectionResetError from None

    class Plain(Once, httplib2.HTTPConnectionWithTimeout):
        """A connection to a test server."""

    class Secure(Once, httplib2.HTTPSConnectionWithTimeout):
        """A connection to Google."""

    class Client(httplib2.Http):
        """Chooses the kind of connection, and drops it when a request failed half-way."""

        def request(
            self,
            uri: str,
            method: str = "GET",
            body: Any = None,
            headers: Any = None,
            redirections: int = 0,
            connection_type: Any = None,
        ) -> tuple[Any, bytes]:
            kind = Secure if uri.startswith("https:") else Plain
            try:
                answer: tuple[Any, bytes] = super().request(uri, method, body, headers, redirections, kind)
            except BaseException:
                self.close()
                raise
            return answer

    made = Client(timeout=CONNECT, proxy_info=httplib2.proxy_info_from_environment if proxies else None)
    made.follow_redirects = False
    return made
