"""Keeps a calendar of the fake Google right, as `iopcal sync` does: no sockets, files or processes."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from iopcal.destinations import Errand, errands
from iopcal.model.sync import Destination, GoogleTarget, Guard
from iopcal.sync import Account, Options, Prepared, Result, carry_out, prepare
from iopcal.targets.google import cache as cache_file
from iopcal.targets.google.cache import Known
from iopcal.targets.google.credentials import Anybody
from iopcal.targets.google.pace import Pace
from iopcal.targets.google.root import Root
from iopcal.targets.google.wire import Wire
from tests.drafting import expanded
from tests.fake_google import FakeGoogle

LOCAL = Root("http://127.0.0.1:1/", "http://127.0.0.1:1/token", "http://127.0.0.1:1/auth", test=True)


class Memory:
    """A state folder without a disk. Nothing that is not bytes survives a run.

    What is kept becomes bytes when somebody asks for them: a run keeps it after each step.
    """

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._kept: dict[tuple[str, Any], Known] = {}

    @property
    def files(self) -> dict[str, bytes]:
        """The cache files by name."""
        for (calendar, owner), known in self._kept.items():
            self._files[cache_file.name(calendar, owner)] = cache_file.dump(known, calendar, owner)
        self._kept.clear()
        return self._files

    @files.setter
    def files(self, files: dict[str, bytes]) -> None:
        self._kept.clear()
        self._files = files

    def known(self, calendar: str, owner: Any) -> Known:
        """Returns what was last read of a calendar."""
        name = cache_file.name(calendar, owner)
        return cache_file.load(self.files.get(name), calendar, owner) or Known()

    def keep(self, known: Known, calendar: str, owner: Any) -> None:
        """Keeps what is known of a calendar."""
        self._kept[calendar, owner] = known


class Keeping:
    """One program's feed and its calendar in a fake, kept right run after run; `text` may change between."""

    def __init__(self, fake: FakeGoogle, text: str, feed: str = "program", **destination: Any) -> None:
        self.fake, self.text, self.feed = fake, text, feed
        self.calendar = fake.calendar("Staff")
        self.state = Memory()
        self.destination = destination
        self.guard = Guard()

    def errand(self) -> Errand:
        """Returns the errand of the program as it stands."""
        program, expansion = expanded_once(self.text)
        destination = Destination(f"{program.id}/{self.feed}", self.calendar, **self.destination)
        target = GoogleTarget("staff", "test", (destination,))
        found, missing = errands(target, [(program, expansion)])
        assert not missing
        return found[0]

    def prepared(self, **options: Any) -> Prepared:
        """Reads and plans, as at the beginning of a run."""
        self.fake.new_run()
        errand = self.errand()
        chance = random.Random(self.fake.seed)
        pace = Pace(self.fake.seconds, self.fake.sleep, chance)
        account = Account("test", api_of(self.fake), pace)
        given = Options(self.fake.now(), self.guard, **options)
        return prepare(errand, self.calendar, errand.owner(self.calendar), account, self.state, given)

    def run(self, **options: Any) -> Result:
        """Does one whole run; raises Denied."""
        return carry_out(self.prepared(**options))

    def requests_of(self, **options: Any) -> tuple[int, Result]:
        """Does one run; returns how many requests it took, too."""
        before = self.fake.requests
        result = self.run(**options)
        return self.fake.requests - before, result

    def rows(self) -> dict[str, dict[str, Any]]:
        """Returns all live events of the calendar by id, exceptions of series included."""
        return {
            name: event
            for name, event in self.fake.events(self.calendar).items()
            if event["status"] != "cancelled"
        }


class Door:
    """An `httplib2.Http` that leads to one fake after the other: a client takes long to build."""

    def __init__(self) -> None:
        self.fake: FakeGoogle | None = None

    def request(self, *arguments: Any, **options: Any) -> Any:
        """Sends a request to the fake of the day."""
        assert self.fake is not None
        return self.fake.http().request(*arguments, **options)


DOOR = Door()


@cache
def _wire() -> Wire:
    return Wire(Anybody(), LOCAL, DOOR)


def api_of(fake: FakeGoogle) -> Wire:
    """Returns a client of a fake, which until the next call leads there."""
    DOOR.fake = fake
    return _wire()


@cache
def expanded_once(text: str) -> Any:
    """Returns a program and its sessions; many runs ask for the same."""
    return expanded(text)
