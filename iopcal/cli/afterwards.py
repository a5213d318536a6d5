"""What is told of a run when it ends, however it ends: a heartbeat, and figures for Prometheus."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iopcal.cli.common import Voice, now
from iopcal.problems import Exit

if TYPE_CHECKING:
    from iopcal.cli.sync_folders import Shelf
    from iopcal.cli.syncing import LoadedSync
    from iopcal.model.sync import Sync
    from iopcal.tally import Tally
    from iopcal.targets.google.health import State

_STOPPED = 130


class Afterwards:
    """Wraps one run. `metrics` is the file that a flag names, '' for that of the sync file."""

    def __init__(self, voice: Voice, metrics: str = "") -> None:
        self._voice, self._metrics = voice, metrics
        self._begun = time.monotonic()
        self._loaded: LoadedSync | None = None
        self._feeds: Collection[str] | None = None
        self._changes: Mapping[str, int] = {}
        self._requests = 0

    def __enter__(self) -> Afterwards:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        code = code_of(error)
        self._write_metrics(code)
        self._beat(code)

    def learn(self, loaded: LoadedSync) -> None:
        """Takes note of what the files say, as soon as they were read."""
        self._loaded = loaded

    def count(self, tallies: Iterable[Tally], shelves: Iterable[Shelf], *, whole: bool) -> None:
        """Takes note of what was done; `whole`: to all feeds of the sync file."""
        from iopcal.cli.standings import of_shelf
        from iopcal.views.metrics import changes_of

        filled = [of_shelf(each)._replace(changed=each.written, removed=each.removed) for each in shelves]
        done = [*tallies, *filled]
        self._changes = changes_of(done)
        self._requests = sum(each.requests for each in done)
        self._feeds = {each.feed for each in done} if whole else None

    def _write_metrics(self, code: int) -> None:
        from iopcal.cli.session import tell
        from iopcal.targets import files
        from iopcal.targets.google.state import StateFolder
        from iopcal.targets.trouble import trouble
        from iopcal.views.metrics import Figures, text

        loaded, sync = self._loaded, self._loaded.sync if self._loaded else None
        file = self._metrics or (sync.metrics if sync else "")
        if not file:
            return
        states = StateFolder(Path(sync.state)).health() if sync else {}
        figures = Figures(
            wells(sync, states, self._feeds) if sync else {},
            ahead(loaded, now()) if loaded else 0,
            self._changes,
            self._requests,
            time.monotonic() - self._begun,
            code,
        )
        path = Path(file)
        try:
            files.write(path, text(figures, files.read(path) or b"").encode())
        except OSError as error:
            tell([trouble(error).problem._replace(severity="warning")], self._voice)

    def _beat(self, code: int) -> None:
        sync = self._loaded.sync if self._loaded else None
        if sync is None or sync.heartbeat is None:
            return
        from iopcal.cli.session import tell
        from iopcal.targets.heartbeat import beat

        problem = beat(sync.heartbeat, code, os.environ)
        if problem is not None:
            tell([problem], self._voice)


def code_of(error: BaseException | None) -> int:
    """Returns the exit code of a command that ends with an exception, or without one."""
    if error is None:
        return int(Exit.DONE)
    if isinstance(error, click.exceptions.Exit | click.ClickException):
        return int(error.exit_code)
    stopped = isinstance(error, click.Abort | KeyboardInterrupt)
    return _STOPPED if stopped else int(Exit.BUG)


def wells(sync: Sync, states: Mapping[str, State], feeds: Collection[str] | None) -> dict[str, float]:
    """Returns when all feeds of each target were last right, in seconds since 1970; 0 for never.

    `feeds` are those there are, None where that is not known: then all that were ever kept are taken for it.
    """
    return {
        target: min((_seconds(states[name].well) if name in states else 0.0 for name in names), default=0.0)
        for target, names in feeds_of(sync, states if feeds is None else feeds).items()
    }


def feeds_of(sync: Sync, feeds: Iterable[str]) -> dict[str, set[str]]:
    """Returns by target the names of what health is kept: all that are named singly, and `feeds`."""
    from iopcal.jobs import destination_of
    from iopcal.model.sync import IcsTarget

    names: dict[str, set[str]] = {}
    for target in sync.targets:
        single = (
            {target.name}
            if isinstance(target, IcsTarget)
            else {each.feed for each in target.destinations if not each.feed.endswith("*")}
        )
        names[target.name] = single
    for name in feeds:
        line = destination_of(sync, name)
        if line is not None:
            names[line[0].name].add(name)
    return names


def ahead(loaded: LoadedSync, moment: datetime) -> int:
    """Returns how many sessions that people are told of lie ahead in all programs without errors."""
    return sum(
        session.held and session.activity.publish != "never" and session.real.start > moment
        for each in loaded.programs
        if each.sound and each.expansion is not None
        for session in each.expansion.sessions
    )


def _seconds(moment: str) -> float:
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return 0.0
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
