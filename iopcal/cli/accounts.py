"""The accounts at Google in one run: each signed in when first needed, and left alone once it was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from iopcal.destinations import Errand
from iopcal.model.sync import Credentials, Sync
from iopcal.named_tuple import NamedTuple
from iopcal.sync import Account, denied_too, halted
from iopcal.targets.google.api import Answer, Api, Write
from iopcal.targets.google.connection import Http
from iopcal.targets.google.root import Root
from iopcal.targets.google.tokens import World
from iopcal.targets.trouble import Trouble

Watch = Callable[[Sequence[Write], Sequence[Answer]], object]
"""Is told of each request: its writes and their answers; none where it only read."""


class Means(NamedTuple):
    """What a run needs of the world; `clock` and `sleep` are in seconds."""

    root: Root
    environment: Mapping[str, str]
    now: Callable[[], datetime]
    clock: Callable[[], float]
    sleep: Callable[[float], object]
    chance: Random
    watch: Watch = lambda writes, answers: None


class Accounts:
    """The accounts of a sync file, by the names of their credentials. `file` is it, if not the usual one."""

    def __init__(self, sync: Sync, means: Means, file: str = "") -> None:
        self._sync, self._means, self._file = sync, means, file
        self._credentials = {each.name: each for each in sync.credentials}
        self._accounts: dict[str, Account | Trouble] = {}
        self._halts: dict[str, str] = {}
        self._unsaved: list[Callable[[], Trouble | None]] = []
        self._connections: list[Http] = []

    def __enter__(self) -> Accounts:
        return self

    def __exit__(self, *error: object) -> None:
        for connection in self._connections:
            close: Callable[[], object] | None = getattr(connection, "close", None)
            if close is not None:
                close()

    def of(self, errand: Errand) -> Account | Trouble:
        """Returns the account a calendar is kept with, or why it cannot be used, or not any more."""
        name = errand.target.credentials
        if name in self._halts:
            return halted(errand, self._halts[name])
        if name not in self._accounts:
            self._accounts[name] = self._sign_in(self._credentials[name])
        found = self._accounts[name]
        return denied_too(errand, found) if isinstance(found, Trouble) else found

    def denied(self, errand: Errand, reason: str) -> Trouble:
        """Notes that Google refused an account: nothing is asked with it any more. Returns why."""
        from iopcal.targets.google.credentials import denied

        name = errand.target.credentials
        why = denied(self._credentials[name], reason, self._file)
        self._accounts[name] = why
        return denied_too(errand, why)

    def halt(self, errand: Errand, why: str) -> None:
        """Notes that there is no way to Google, or no quota left: the account rests until the next run."""
        if why in ("network", "quota"):
            self._halts[errand.target.credentials] = why

    def troubles(self) -> tuple[Trouble, ...]:
        """Returns what could not be kept of access tokens."""
        found = (why() for why in self._unsaved)
        return tuple(each for each in found if each is not None)

    def _sign_in(self, credentials: Credentials) -> Account | Trouble:
        from iopcal.targets.google.connection import http
        from iopcal.targets.google.credentials import account, scopes_of
        from iopcal.targets.google.pace import Pace
        from iopcal.targets.google.wire import Wire

        means, sync = self._means, self._sync
        world = World(means.root, http(proxies=not means.root.test), means.now, means.environment)
        bearer = account(credentials, scopes_of(sync, credentials.name), Path(sync.state), world)
        if isinstance(bearer, Trouble):
            return bearer
        self._connections.append(world.http)
        self._unsaved.append(lambda: bearer.unsaved)
        pace = Pace(means.clock, means.sleep, means.chance, sync.longest, means.root.wait_scale)
        api = Watched(Wire(bearer, means.root, world.http), means.watch)
        return Account(credentials.name, api, pace, frozenset(_addresses(credentials, world)))


def _addresses(credentials: Credentials, world: World) -> list[str]:
    """Returns the addresses an account is known by; calendars of such names are people's main ones."""
    from iopcal.targets.google.key_files import Key, key_in

    found = [credentials.subject] if credentials.subject else []
    if credentials.kind == "service-account":
        key = key_in(credentials.file, world.root, world.environment)
        found += [key.address] if isinstance(key, Key) else []
    return found


class Watched:
    """One account whose requests are told (see `api.Api`)."""

    def __init__(self, api: Api, watch: Watch) -> None:
        self._api, self._watch = api, watch

    def events(self, calendar: str, *, token: str = "", page: str = "") -> Answer:
        """Lists one page of a calendar."""
        answer = self._api.events(calendar, token=token, page=page)
        self._watch((), (answer,))
        return answer

    def write(self, calendar: str, writes: Sequence[Write]) -> tuple[Answer, ...]:
        """Sends writes."""
        answers = self._api.write(calendar, writes)
        self._watch(writes, answers)
        return answers

    def read(self, calendar: str, ids: Sequence[str]) -> tuple[Answer, ...]:
        """Gets single events."""
        answers = self._api.read(calendar, ids)
        self._watch((), answers)
        return answers

    def make(self, title: str, zone: str) -> Answer:
        """Makes a calendar."""
        answer = self._api.make(title, zone)
        self._watch((), (answer,))
        return answer
