"""`iopcal status`: how every calendar and folder of a sync file stands, from what the last runs have left."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, now, print_json, voiced
from iopcal.cli.syncing import load_sync, sync_file
from iopcal.problems import Exit


@click.command(epilog=EXIT_CODES)
@click.argument("file", required=False)
@voiced
def status(file: str | None, voice: Voice) -> None:
    """Say how every calendar and folder of the sync file FILE (sync.yaml) stands; ask Google nothing."""
    from iopcal.cli.session import tell
    from iopcal.destinations import matches
    from iopcal.model.sync import IcsTarget
    from iopcal.targets.google.health import State
    from iopcal.targets.google.state import StateFolder
    from iopcal.views.outcome import status_text

    loaded = load_sync(sync_file(file))
    tell(loaded.problems, voice)
    if loaded.sync is None:
        end(Exit.PROBLEMS)
    health = StateFolder(Path(loaded.sync.state)).health()
    feeds: dict[str, tuple[State | None, str]] = {}
    for target in loaded.sync.targets:
        if isinstance(target, IcsTarget):
            feeds[target.name] = health.get(target.name), "feed"
            continue
        for destination in target.destinations:
            many = destination.feed.endswith("*")
            names = [name for name in health if matches(destination.feed, name)] if many else []
            for name in names or [destination.feed]:
                feeds.setdefault(name, (health.get(name), "event"))
    if voice.json:
        shown = [
            {"feed": name, **({} if state is None else _values(state))} for name, (state, _) in feeds.items()
        ]
        print_json("status", {"feeds": shown})
    else:
        rows = [(name, state, noun) for name, (state, noun) in feeds.items()]
        voice.result(status_text(rows, now(), _local))
    end(Exit.DONE)


def _values(state: object) -> dict[str, object]:
    from iopcal.targets.google.health import State

    assert isinstance(state, State)
    return {name: value for name, value in state._asdict().items() if name not in ("hands", "told")}


def _local(moment: datetime) -> datetime:
    """Returns a moment by the clock of this computer."""
    return moment.astimezone()
