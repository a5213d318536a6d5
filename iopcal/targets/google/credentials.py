"""From a way to sign in, as `sync.yaml` names it, to access tokens, and what is said when there are none."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from iopcal.model.sync import Credentials, GoogleTarget, Sync
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.targets.google.api import Answer, Denied
from iopcal.targets.google.key_files import client_in, fields_in, key_in, unusable
from iopcal.targets.google.secrets import read_secret
from iopcal.targets.google.service_account import ServiceAccount
from iopcal.targets.google.signed_in import SignedIn, is_consent
from iopcal.targets.google.tokens import APP_CREATED, EVENTS, Token, World, missing
from iopcal.targets.trouble import Trouble

_TESTING = (
    "the password was changed, the access removed, or the Google app is in Testing: 7 days, then it ends"
)
_KEY = "look in the Google Cloud console whether the account and its key are still there, and at this clock"
_DELEGATION = "let an admin of the domain allow the account to act for others, with the scopes of iopcal"


class Store(Protocol):
    """Where one access token is kept from run to run, and how to get another."""

    def kept(self) -> Token | None:
        """Returns the token kept, if there is one."""

    def ask(self) -> Token | Answer:
        """Asks Google for a token; raises Denied."""

    def keep(self, token: Token) -> Trouble | None:
        """Keeps a token; returns why it could not."""


class Account:
    """The access tokens of one account (see `wire.Bearer`).

    `unsaved` says why the last one could not be kept; the next run then asks once more. `user` is a digest:
    Google counts by person, and need not be told whom.
    """

    def __init__(self, store: Store, scopes: tuple[str, ...], now: Callable[[], datetime], user: str) -> None:
        self._store, self._scopes, self._now = store, scopes, now
        self._token = store.kept()
        self.user = user
        self.unsaved: Trouble | None = None

    def token(self) -> str | Answer:
        """Returns a token good for a minute or more, asking for one where none is kept; raises Denied."""
        token = self._token
        if token is not None and token.is_good(self._now()) and not missing(self._scopes, token.scopes):
            return token.value
        return self.renew()

    @property
    def held(self) -> Token | None:
        """The token that was used last, with what was told of it."""
        return self._token

    def renew(self) -> str | Answer:
        """Asks for a new token, whatever is kept; raises Denied."""
        self._token = None
        token = self._store.ask()
        if isinstance(token, Answer):
            return token
        if missing(self._scopes, token.scopes):
            raise Denied("scope")
        self._token = token
        self.unsaved = self._store.keep(token)
        return token.value


class Anybody:
    """The account at a test server that asks nobody for a token."""

    user = ""
    unsaved: Trouble | None = None

    def token(self) -> str | Answer:
        """Returns no token."""
        return ""

    def renew(self) -> str | Answer:
        """Raises Denied: there is none to be had."""
        raise Denied("authError")


def scopes_of(sync: Sync, name: str) -> tuple[str, ...]:
    """Returns the least rights that the calendars of some credentials need.

    Calendars that iopcal makes need no right over any other.
    """
    calendars = {
        destination.calendar
        for target in sync.targets
        if isinstance(target, GoogleTarget) and target.credentials == name
        for destination in target.destinations
    }
    rights = ((APP_CREATED, not calendars or "make" in calendars), (EVENTS, bool(calendars - {"make"})))
    return tuple(scope for scope, needed in rights if needed)


def account(
    credentials: Credentials, scopes: tuple[str, ...], state: Path, world: World
) -> Account | Anybody | Trouble:
    """Returns the account of some credentials, or why there is none; asks nothing of Google yet.

    `state` is the folder where access tokens are kept that no file of the credentials can hold.
    """
    if credentials.kind == "none":
        if world.root.test:
            return Anybody()
        message = f"'{credentials.name}' is of the kind none, which only a test server takes"
        return unusable(message, "make it a service-account or a user")
    service = credentials.kind == "service-account"
    store = (_service_account if service else _signed_in)(credentials, scopes, state, world)
    if isinstance(store, Trouble):
        return store
    user = hashlib.sha256(credentials.subject.encode()).hexdigest()[:32] if credentials.subject else ""
    return Account(store, scopes, world.now, user)


def denied(credentials: Credentials, reason: str, file: str = "") -> Trouble:
    """Says why Google gives no access token (`Denied.reason`), and the next command.

    `file` is the `sync.yaml` to name in that command, '' for the usual one.
    """
    login, name = login_command(credentials.name, file), credentials.name
    if reason == "scope":
        code, hint = "IOP503", f"{login}    and leave every box ticked"
        message = f"the login '{name}' may not do all that its calendars need"
    elif credentials.kind == "user":
        code, hint = "IOP501", f"{login}    why: {_TESTING}"
        message = f"Google will not renew the login '{name}' ({reason})"
    else:
        code, hint = "IOP504", _DELEGATION if credentials.subject else _KEY
        message = f"Google does not accept the service account '{name}' ({reason})"
    return Trouble(Exit.CREDENTIALS, Problem(NOWHERE, code, message, hint))


def login_command(name: str, file: str = "") -> str:
    """Returns the command that signs in."""
    return shlex.join(["iopcal", "login", name, *([file] if file else [])])


def _service_account(
    credentials: Credentials, scopes: tuple[str, ...], state: Path, world: World
) -> Store | Trouble:
    key = key_in(credentials.file, world.root, world.environment)
    if isinstance(key, Trouble):
        return key
    return ServiceAccount(key, credentials.subject, scopes, state, world)


def _signed_in(
    credentials: Credentials, scopes: tuple[str, ...], state: Path, world: World
) -> Store | Trouble:
    read = fields_in(credentials.token, world.environment)
    if isinstance(read, Trouble):
        return read
    open_to_others = read_secret(credentials.client, world.environment)
    if isinstance(open_to_others, Trouble):
        return open_to_others
    login = login_command(credentials.name)
    if read is None:
        message = f"nobody has signed in as '{credentials.name}' yet"
        return Trouble(Exit.CREDENTIALS, Problem(NOWHERE, "IOP508", message, login))
    fields = read.fields
    if "client_id" not in fields:
        client = client_in(credentials.client, world.root, world.environment)
        if isinstance(client, Trouble):
            return client
        fields = {"client_id": client.id, "client_secret": client.secret, **fields}
    if not is_consent(fields):
        return unusable(f"'{credentials.token}' is not a login that iopcal has written", login)
    return SignedIn(credentials.token, read._replace(fields=fields), state, world)
