"""One machine that keeps the calendar right: what a run of `iopcal sync` does, in process and quick.

The builder of requests, the texts of programs and their items are made once and shared by all schedules.
"""

from __future__ import annotations

import random
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from iopcal.destinations import Errand, errands
from iopcal.model.sync import Destination, GoogleTarget
from iopcal.sync import Account, Options, Prepared, prepare
from iopcal.targets.google.api import Answer, Denied
from iopcal.targets.google.body import Item
from iopcal.targets.google.identity import Owner
from iopcal.targets.google.pace import Pace
from iopcal.targets.google.wire import Wire
from tests.drafting import Refused, expanded
from tests.fake_google import FakeGoogle
from tests.fake_google.in_process import Http
from tests.keeping import LOCAL, Memory
from tests.schedules.programs import Draft

if TYPE_CHECKING:
    from tests.schedules.world import World

CALENDAR = "c_staff@group.calendar.google.com"


class _Line:
    """Leads to the world that is playing: signs in there, and sends requests there."""

    user = ""

    def __init__(self) -> None:
        self.world: World | None = None
        self.bearer = ""

    def token(self) -> str | Answer:
        """Returns the access token that was good last."""
        return self.bearer or self.renew()

    def renew(self) -> str | Answer:
        """Returns a new access token. Raises Denied where nobody may sign in."""
        assert self.world is not None
        if self.world.revoked:
            raise Denied("invalid_grant")
        self.bearer = self.world.fake.bearer(scopes=("calendar.events",))
        return self.bearer


@cache
def _line() -> tuple[_Line, Http, Wire]:
    line, http = _Line(), Http(FakeGoogle(), 30.0)
    return line, http, Wire(line, LOCAL, http)


def connect(world: World) -> None:
    """Lets all machines talk to this world from now on."""
    line, http, _ = _line()
    line.world, line.bearer, http.fake = world, "", world.fake


class _Quick(NamedTuple):
    """An errand whose items are made once a program."""

    errand: Errand
    draft: Draft

    def items(self, owner: Owner) -> tuple[Item, ...]:
        return _items(self.draft, self.errand.destination.show_cancelled, owner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.errand, name)


@lru_cache(maxsize=2048)
def _errand(draft: Draft, shows_cancelled: bool) -> Errand:
    program, expansion = expanded(draft.text())
    destination = Destination("evening/program", CALENDAR, show_cancelled=shows_cancelled)
    return errands(GoogleTarget("staff", "test", (destination,)), [(program, expansion)])[0][0]


@lru_cache(maxsize=2048)
def _items(draft: Draft, shows_cancelled: bool, owner: Owner) -> tuple[Item, ...]:
    return _errand(draft, shows_cancelled).items(owner)


@lru_cache(maxsize=2048)
def is_sound(draft: Draft) -> bool:
    """Says whether a program has no errors, so that a run begins at all."""
    try:
        _errand(draft, False)
    except Refused:
        return False
    return True


class Machine:
    """A computer with a memory of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.memory = Memory()
        self.older: list[dict[str, bytes]] = []

    def prepared(self, **options: Any) -> Prepared:
        """Reads and plans, as at the beginning of a run. Raises Denied."""
        world, fake = self.world, self.world.fake
        errand = _errand(world.draft, world.shows_cancelled)
        pace = Pace(fake.seconds, fake.sleep, random.Random(world.seed))
        account = Account("test", _line()[2], pace)
        quick: Any = _Quick(errand, world.draft)
        given = Options(fake.now(), **options)
        return prepare(quick, CALENDAR, errand.owner(CALENDAR), account, self.memory, given)

    def keep_copy(self) -> None:
        """Puts away what it remembers now, to be found again when a backup is played back."""
        if self.memory.files:
            self.older.append(dict(self.memory.files))

    def spoil(self, what: str, pick: int) -> None:
        """Loses what it remembers, cuts it short or plays an older copy back."""
        if what == "lose":
            self.memory.files.clear()
        elif what == "stale" and self.older:
            self.memory.files = dict(self.older[pick % len(self.older)])
        elif what == "cut":
            for name, data in self.memory.files.items():
                self.memory.files[name] = data[: pick % (len(data) + 1)]
