"""Going back to what the fake knew before; cheap, since rows are never changed."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from tests.fake_google.clock import Clock
from tests.fake_google.faults import Faults
from tests.fake_google.handling import Record
from tests.fake_google.quota import Quota
from tests.fake_google.state import Store
from tests.fake_google.tokens import Tokens
from tests.fake_google.violations import Watch


class Snapshot(NamedTuple):
    """All that a fake knows at one moment."""

    store: Store
    tokens: Tokens
    quota: Quota
    faults: Faults
    watch: Watch
    clock: Clock
    random: Any
    log: list[Record]
    writes: list[tuple[str, str, str]]
    canaries: frozenset[str]
    requests: int
    token_requests: int


class Snapshots:
    """The part of the fake that can go back."""

    store: Store
    tokens: Tokens
    quota: Quota
    faults: Faults
    watch: Watch
    clock: Clock
    random: random.Random
    log: list[Record]
    writes: list[tuple[str, str, str]]
    canaries: frozenset[str]
    requests: int
    token_requests: int
    actions: dict[tuple[str, int], list[Any]]

    def snapshot(self) -> Snapshot:
        """Returns all that the fake knows; cheap, since rows are never changed."""
        return Snapshot(
            self.store.copy(),
            self.tokens.copy(),
            self.quota.copy(),
            self.faults.copy(),
            self.watch.copy(),
            self.clock.copy(),
            self.random.getstate(),
            list(self.log),
            list(self.writes),
            self.canaries,
            self.requests,
            self.token_requests,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Goes back to a snapshot, which stays usable."""
        self.store = snapshot.store.copy()
        self.tokens = snapshot.tokens.copy()
        self.quota = snapshot.quota.copy()
        self.faults = snapshot.faults.copy()
        self.watch = snapshot.watch.copy()
        self.clock = snapshot.clock.copy()
        self.random.setstate(snapshot.random)
        self.log, self.writes = list(snapshot.log), list(snapshot.writes)
        self.canaries = snapshot.canaries
        self.requests, self.token_requests = snapshot.requests, snapshot.token_requests
        self.actions = {}
