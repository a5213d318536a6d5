"""`iopcal doctor`: looks whether this computer, its files and, with the word google, Google are ready."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, now, print_json, say, voiced
from iopcal.cli.syncing import DEFAULT_FILES, LoadedSync, load_sync, sync_file
from iopcal.problems import nearest

if TYPE_CHECKING:
    from iopcal.cli.checkup import Site
    from iopcal.cli.findings import Finding
    from iopcal.jobs import Job
    from iopcal.targets.google.tokens import World

GOOGLE = "google"


@click.command(epilog=EXIT_CODES)
@click.argument("words", nargs=-1, metavar="[google] [FILE]")
@click.option("--only", multiple=True, metavar="FEED", help="With google: this feed alone; may repeat.")
@voiced
def doctor(words: tuple[str, ...], only: tuple[str, ...], voice: Voice) -> None:
    """Look whether all is ready for `iopcal sync` with the sync file FILE (sync.yaml); change nothing.

    With the word google before the file it asks Google, too: whether logins work and calendars can be
    written. In one calendar it makes an event 'Test' two years ahead, tries out what Google leaves in doubt,
    and deletes it. Without that word no network is used.
    """
    asks = words[:1] == (GOOGLE,)
    files = words[1:] if asks else words
    if len(files) > 1:
        raise click.UsageError("name one sync file")
    if only and not asks:
        raise click.UsageError("--only goes with: iopcal doctor google")
    file = _file(files, needed=asks)
    found: list[Finding] = []
    for finding in _look(file, only, asks=asks):
        found.append(finding)
        _tell(finding, voice)
    from iopcal.cli.findings import as_json, exit_of

    code = exit_of(found)
    if voice.json:
        print_json("doctor", {"exit": code, "findings": [as_json(each) for each in found]})
    end(code)


def _file(files: tuple[str, ...], *, needed: bool) -> str | None:
    if files:
        return files[0]
    if needed or any(Path(name).is_file() for name in DEFAULT_FILES):
        return sync_file()
    return None


def _look(file: str | None, only: tuple[str, ...], *, asks: bool) -> Iterator[Finding]:
    from iopcal.cli import checkup
    from iopcal.cli.findings import WARN, Finding

    loaded = load_sync(file) if file else None
    site = _site(file, loaded) if file and loaded else None
    chosen = _chosen(site, only) if asks and site else ()
    moment = now()
    yield from checkup.of_computer(moment, site.health if site else {})
    yield from checkup.of_surroundings(file if site else None, os.environ)
    if loaded is None:
        yield Finding(WARN, "there is no sync file here", "name it: iopcal doctor /etc/iopcal/sync.yaml")
        return
    yield from checkup.of_files(loaded)
    if site is None:
        return
    yield from checkup.of_jobs(site.jobs)
    yield from checkup.of_secrets(site, _world())
    yield from checkup.of_folders(site.sync)
    yield from checkup.of_runs(site, moment)
    if asks:
        from iopcal.cli.checkup_google import questions

        yield from questions(site).ask(chosen)


def _site(file: str, loaded: LoadedSync) -> Site | None:
    """Returns the sync file with all there is to do, None where it cannot be understood."""
    from iopcal.cli.books import books_of
    from iopcal.cli.checkup import Site
    from iopcal.jobs import jobs
    from iopcal.targets.google.state import StateFolder

    sync = loaded.sync
    if sync is None:
        return None
    sound = [each for each in loaded.programs if each.sound]
    unread = any(each.program is None for each in loaded.programs)
    lost = frozenset(each.program.id for each in loaded.programs if each.program and not each.sound)
    programs = [(each.program, each.expansion) for each in sound if each.program and each.expansion]
    health = StateFolder(Path(sync.state)).health()
    found = jobs(sync, programs, books_of(sync), health, None if unread else lost, loaded.rosters)
    return Site(file, loaded, sync, found, health)


def _chosen(site: Site, only: Iterable[str]) -> tuple[Job, ...]:
    """Returns the calendars to ask for; raises UsageError for a name that is that of none."""
    from iopcal.destinations import matches

    names = {name: None for job in site.jobs.calendars for name in (job.feed, job.errand.target.name)}
    for name in only:
        if not any(matches(name, known) for known in names):
            near = nearest(name, names)
            guess = f"did you mean '{near}'?" if near else f"it has: {', '.join(names) or 'none'}"
            raise click.UsageError(f"the sync file has no Google calendar for '{name}'; {guess}")
    return site.jobs.only(tuple(only)).calendars


def _world() -> World:
    """Returns the surroundings of the logins; nothing is sent as long as none asks for a token."""
    from iopcal.cli.login import google_root
    from iopcal.targets.google.connection import http
    from iopcal.targets.google.tokens import World

    return World(google_root(os.environ), http(proxies=False), now, os.environ)


def _tell(finding: Finding, voice: Voice) -> None:
    from iopcal.cli.findings import FAIL, WARN, line

    if not voice.json and (not voice.quiet or finding.state in (WARN, FAIL)):
        say(line(finding))
