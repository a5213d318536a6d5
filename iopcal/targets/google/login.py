"""Signing a person in: a page of Google's, and a small server on this computer that hears how it went.

It is the flow for desktop apps, https://developers.google.com/identity/protocols/oauth2/native-app : a
loopback redirection (RFC 8252 section 7.3), a state that only this run knows, and PKCE (RFC 7636, S256).
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hmac import compare_digest
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from iopcal.model.sync import Credentials
from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.targets.google.answers import word
from iopcal.targets.google.api import Answer, Denied
from iopcal.targets.google.key_files import Client, key_in
from iopcal.targets.google.root import Root
from iopcal.targets.google.service_account import ServiceAccount
from iopcal.targets.google.tokens import Token, World, ask, missing
from iopcal.targets.trouble import Trouble

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer
    from queue import SimpleQueue

PATIENCE = 300.0  # seconds for a person to sign in
_BROWSER_PATIENCE = 10.0  # seconds for a browser to send its request
_DONE = "Signed in. You can close this window."
_NOT_DONE = "Not signed in. You can close this window."


class Outcome(NamedTuple):
    """How the person left Google's page: with a code, or with Google's word for an error."""

    code: str = ""
    error: str = ""


class Visit:
    """One sign-in under way. `page` is the address to open, `port` where this computer listens.

    Only a browser that comes back with the state of this very visit is heard.
    """

    def __init__(self, client: Client, scopes: tuple[str, ...], root: Root) -> None:
        from queue import SimpleQueue

        self.verifier, self._state = os.urandom(32).hex(), os.urandom(32).hex()
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        self._server = _server(self._state, self._outcomes)
        self.port: int = self._server.server_address[1]
        self.home = f"http://127.0.0.1:{self.port}/"
        challenge = urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "client_id": client.id,
            "redirect_uri": self.home,
            "response_type": "code",
            "scope": " ".join(scopes),
            "state": self._state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",  # without it Google gives a refresh token only the first time
        }
        self.page = f"{root.page}?{urlencode(query)}"

    def __enter__(self) -> Visit:
        from threading import Thread

        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def outcome(self, seconds: float) -> Outcome | None:
        """Waits for the person; None when the time is over."""
        from queue import Empty

        try:
            return self._outcomes.get(timeout=seconds)
        except Empty:
            return None


def sign_in(
    client: Client,
    scopes: tuple[str, ...],
    world: World,
    show: Callable[[Visit], object],
    patience: float = PATIENCE,
) -> Token | Trouble:
    """Lets a person sign in and returns the token, with which comes the consent to ask for others.

    `show` tells the person what to open; it is called once the server listens.
    """
    try:
        visit = Visit(client, scopes, world.root)
    except OSError:
        return _failed("this computer lets no program listen on 127.0.0.1, so a sign-in cannot come back")
    with visit:
        show(visit)
        outcome = visit.outcome(patience)
    if outcome is None:
        return _failed(f"nobody signed in within {patience / 60:.0f} minutes")
    if outcome.error:
        denied = outcome.error == "access_denied"
        return _failed("access was not allowed" if denied else f"Google ended the sign-in ({outcome.error})")
    return _token(client, scopes, world, visit, outcome.code)


def try_key(credentials: Credentials, scopes: tuple[str, ...], state: Path, world: World) -> str | Trouble:
    """Asks for one token with the key of a service account, keeps it, and returns the account's address.

    Raises Denied when Google does not take the key.
    """
    key = key_in(credentials.file, world.root, world.environment)
    if isinstance(key, Trouble):
        return key
    service = ServiceAccount(key, credentials.subject, scopes, state, world)
    token = service.ask()
    if isinstance(token, Answer):
        return unreached()
    if missing(scopes, token.scopes):
        raise Denied("scope")
    service.keep(token)
    return key.address


def unreached() -> Trouble:
    """What is said when Google's token server gives no answer."""
    hint = "look at the network of this computer, and run the same command again"
    return Trouble(Exit.LATER, Problem(NOWHERE, "IOP509", "Google's sign-in server could not be asked", hint))


def _token(client: Client, scopes: tuple[str, ...], world: World, visit: Visit, code: str) -> Token | Trouble:
    """Exchanges the code for a token (RFC 6749 section 4.1.3)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": client.id,
        "client_secret": client.secret,
        "redirect_uri": visit.home,
        "code_verifier": visit.verifier,
    }
    try:
        token = ask(world, form)
    except Denied as denied:
        return _failed(f"Google did not accept the sign-in ({denied.reason})")
    if isinstance(token, Answer):
        return unreached()
    if missing(scopes, token.scopes):
        message = "only a part of the access was allowed, so nothing was written"
        hint = "run the same command again and leave every box ticked"
        return Trouble(Exit.CREDENTIALS, Problem(NOWHERE, "IOP503", message, hint))
    if not token.refresh:
        return _failed("Google gave a login for an hour only, so nothing was written")
    return token._replace(scopes=token.scopes or scopes)


def _failed(message: str) -> Trouble:
    hint = "run the same command again; nothing has changed"
    return Trouble(Exit.CREDENTIALS, Problem(NOWHERE, "IOP507", message, hint))


def _server(state: str, outcomes: SimpleQueue[Outcome]) -> ThreadingHTTPServer:
    """Returns a server on a free port; raises OSError."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Landing(BaseHTTPRequestHandler):
        """Where the browser comes back to."""

        timeout = _BROWSER_PATIENCE
        server_version, sys_version = "Server", ""

        def do_GET(self) -> None:
            found = landed(self.path, state)
            if found is None:
                self._page(404, "Not found.")
            else:
                self._page(200, _DONE if found.code else _NOT_DONE)
                outcomes.put(found)

        def _page(self, status: int, words: str) -> None:
            body = f'<!doctype html><html lang="en"><title>{words}</title><p>{words}</p></html>\n'.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Logs nothing: the addresses asked for hold the code."""

    class Server(ThreadingHTTPServer):
        """Threads, as browsers open connections in advance and leave them idle."""

        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Says nothing of a browser that went away."""

    return Server(("127.0.0.1", 0), Landing)


def landed(path: str, state: str) -> Outcome | None:
    """Returns how a browser has come back; None for any other request, or one with another state."""
    parts = urlsplit(path)
    try:
        query = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return None
    states, codes, errors = (query.get(name, []) for name in ("state", "code", "error"))
    if parts.path != "/" or len(states) != 1 or not compare_digest(states[0].encode(), state.encode()):
        return None
    if errors:
        return Outcome(error=word(errors[0]) or "unknown_error")
    return Outcome(code=codes[0]) if len(codes) == 1 and codes[0] else None
