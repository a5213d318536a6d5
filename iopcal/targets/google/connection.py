"""One HTTP request, sent once, and whatever comes of it: the one door to httplib2.

httplib2 sends a request again, a POST too, when the other side closes without an answer. Two equal calendars
could come of that, so the connections here turn that case into an honest error.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import client
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Protocol

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google.api import UNKNOWN, UNREACHED, Answer
from iopcal.targets.google.multipart import Reply
from iopcal.targets.google.silence import silenced

if TYPE_CHECKING:
    import socket

CONNECT = 10.0  # seconds, for all addresses of the server together
_SHORTEST = 0.1  # seconds that a try is worth
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

    import httplib2

    never = (NotConnected, ConnectionRefusedError, socket.gaierror, httplib2.ServerNotFoundError)
    try:
        response, content = http.request(address, method=method, body=body or None, headers=headers)
        return Reply(int(response.status), {str(name): str(response[name]) for name in response}, content)
    except never:
        return Answer(UNREACHED)
    except Exception:  # sockets, TLS, http.client, zlib and httplib2 have dozens of classes for this
        return Answer(UNKNOWN)


def is_closed(sock: socket.socket) -> bool:
    """Says whether an idle connection was closed by the other side: it has something to read, its end."""
    from selectors import EVENT_READ, DefaultSelector

    with DefaultSelector() as selector:
        selector.register(sock, EVENT_READ)
        return bool(selector.select(0))


def connected(address: tuple[str, int], *_: object) -> socket.socket:
    """Connects to one of a server's addresses within CONNECT seconds; raises OSError.

    That of the standard library gives each the whole time, and Google has more than a dozen. Here the kinds
    of addresses take turns (RFC 8305 section 4), and each but the last gets half of the time that is left.
    """
    import socket

    deadline = time.monotonic() + CONNECT
    kinds: dict[int, list[Any]] = {}
    for family, _kind, _protocol, _name, place in socket.getaddrinfo(*address, 0, socket.SOCK_STREAM):
        kinds.setdefault(family, []).append(place)
    places = [place for turn in zip_longest(*kinds.values()) for place in turn if place]
    error: OSError = TimeoutError()
    for place in places:
        left = deadline - time.monotonic()
        if left < _SHORTEST:
            break
        try:
            made = socket.create_connection(place[:2], left if place is places[-1] else left / 2)
        except OSError as failed:
            error = failed
        else:
            made.settimeout(CONNECT)
            return made
    raise error


def http(*, proxies: bool = True) -> Http:
    """Returns a client that sends each request once and follows no redirection.

    `proxies` says whether the environment's https_proxy and no_proxy are honoured: to Google they are, as a
    clinic's network may allow no other way; a test server on this computer is spoken to directly.
    """
    import ssl

    with silenced():
        import httplib2

    class Once(client.HTTPConnection):
        """A connection that is made within CONNECT seconds, read within READ, and sends once."""

        _create_connection: Any

        def __init__(self, authority: str, timeout: float | None = None, proxy_info: object = None) -> None:
            super().__init__(authority, timeout=timeout)
            self._create_connection = connected

        def connect(self) -> None:
            try:
                super().connect()  # TLS and a proxy take a further CONNECT at most for each thing they say
                self.sock.settimeout(READ)
            except Exception:  # name look-up, refusal, time-out, proxy, TLS, certificate
                self.close()
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

    class Secure(Once, client.HTTPSConnection):
        """The same by TLS, through a proxy where there is one."""

        def __init__(self, authority: str, timeout: float | None = None, proxy_info: object = None) -> None:
            context = ssl.create_default_context()  # knows what the computer trusts, a clinic's own proxy too
            context.load_verify_locations(httplib2.CA_CERTS)  # a slim container knows nothing
            proxy = _proxy(authority) if proxies else None
            client.HTTPSConnection.__init__(
                self, proxy.address if proxy else authority, timeout=timeout, context=context
            )
            self._create_connection = connected
            if proxy:
                self.set_tunnel(authority, 443, dict(proxy.headers))

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
            kind = Secure if uri.startswith("https:") else Once
            try:
                answer: tuple[Any, bytes] = super().request(uri, method, body, headers, redirections, kind)
            except BaseException:
                self.close()
                raise
            return answer

    made = Client(timeout=CONNECT, proxy_info=None)
    made.follow_redirects = False
    return made


class Proxy(NamedTuple):
    """A proxy that connections are made through (HTTP CONNECT, RFC 9110 section 9.3.6)."""

    address: str  # host:port
    headers: Mapping[str, str]


def _proxy(authority: str) -> Proxy | None:
    """Returns the proxy that the environment names for https; raises NotConnected for one we cannot use.

    httplib2's own proxies need a further package, and without it are passed over in silence.
    """
    from base64 import b64encode
    from urllib.parse import unquote, urlsplit
    from urllib.request import getproxies, proxy_bypass

    address = getproxies().get("https", "")
    if not address or proxy_bypass(authority.partition(":")[0]):
        return None
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port = parts.port or 80
    except ValueError:
        raise NotConnected from None
    if parts.scheme != "http" or not parts.hostname:
        raise NotConnected
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    basic = {"Proxy-Authorization": f"Basic {b64encode(login.encode()).decode()}"} if login else {}
    return Proxy(f"{host}:{port}", basic)
