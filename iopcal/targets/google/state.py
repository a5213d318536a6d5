"""The state folder: what was last read of each calendar, how each stands, and one lock a calendar.

It may be lost at any time. It is 0700 and holds no title, no text and, in its names, no calendar id.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from iopcal.targets import files, locks
from iopcal.targets.google import cache, health
from iopcal.targets.google.cache import Known
from iopcal.targets.google.health import State
from iopcal.targets.google.identity import Owner
from iopcal.targets.google.secrets import private_folder
from iopcal.targets.trouble import Trouble, trouble

_HEALTH = "health.json"


class StateFolder:
    """Reads and writes a state folder; what cannot be written is told once, in `unsaved`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unsaved: Trouble | None = None

    def lock(
        self, feed: str, calendar: str, owner: Owner, *, now: datetime, wait: float
    ) -> AbstractContextManager[None]:
        """Holds one calendar for this run alone; raises `locks.Busy`, or OSError."""
        private_folder(self.path)
        name = cache.name(calendar, owner)
        return locks.hold(self.path / f"{name}.lock", Path(feed), now=now, wait=wait)

    def known(self, calendar: str, owner: Owner) -> Known:
        """Returns what was last read of a calendar; nothing where the file cannot be used."""
        try:
            data = files.read(self._cache(calendar, owner))
        except OSError:
            return Known()
        return cache.load(data, calendar, owner) or Known()

    def keep(self, known: Known, calendar: str, owner: Owner) -> None:
        """Keeps what is known of a calendar."""
        self._write(self._cache(calendar, owner), cache.dump(known, calendar, owner))

    def health(self) -> dict[str, State]:
        """Returns how the feeds stand, by name."""
        try:
            return health.parse(files.read(self.path / _HEALTH))
        except OSError:
            return {}

    def keep_health(self, states: Mapping[str, State]) -> None:
        """Keeps how the feeds stand."""
        self._write(self.path / _HEALTH, health.render(states))

    def _cache(self, calendar: str, owner: Owner) -> Path:
        return self.path / f"{cache.name(calendar, owner)}.json"

    def _write(self, path: Path, data: bytes) -> None:
        try:
            private_folder(self.path)
            files.write(path, data, secret=True)
        except OSError as error:
            self.unsaved = self.unsaved or trouble(error)
