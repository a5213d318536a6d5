"""`iopcal clean`: takes what iopcal made out of one Google calendar, from now on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, now, print_json, voiced
from iopcal.problems import Exit, nearest

if TYPE_CHECKING:
    from iopcal.cases import Case
    from iopcal.cli.session import Choices
    from iopcal.cli.syncing import LoadedSync
    from iopcal.jobs import Job
    from iopcal.model.sync import Sync
    from iopcal.targets.trouble import Trouble


@click.command(epilog=EXIT_CODES)
@click.argument("feed")
@click.argument("file", required=False)
@click.option(
    "--allow-deletes",
    type=click.IntRange(0),
    metavar="N",
    help="Let N sessions go, as the refusal named them.",
)
@click.option("--rewrite-past", is_flag=True, help="Take away sessions that were held, too.")
@click.option(
    "--wait", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="Wait for another run."
)
@voiced
def clean(
    feed: str, file: str | None, allow_deletes: int | None, rewrite_past: bool, wait: float, voice: Voice
) -> None:
    """Take all that iopcal made for FEED out of its Google calendar, from now on.

    Without --allow-deletes it says how many sessions would go. What people changed by hand stays, and so do
    events of other people. A calendar that iopcal made is no longer kept after that; it is not deleted.
    """
    from iopcal.cli.session import Choices

    choices = Choices(file, (feed,), allow_deletes=allow_deletes, rewrite_past=rewrite_past)
    _clean(feed, choices, wait, voice)


def _clean(feed: str, choices: Choices, wait: float, voice: Voice) -> NoReturn:
    import os

    from iopcal.cases import cleaning
    from iopcal.cli.accounts import Accounts
    from iopcal.cli.calendars import Calendars
    from iopcal.cli.login import google_root
    from iopcal.cli.session import complain, means_of, tell
    from iopcal.cli.standings import keep_standings
    from iopcal.cli.syncing import load_sync, sync_file
    from iopcal.targets.google.state import StateFolder
    from iopcal.views.outcome import as_json, complaints, done_text

    root = google_root(os.environ)
    loaded = load_sync(sync_file(choices.file))
    tell(loaded.problems, voice)
    if loaded.sync is None:
        end(Exit.PROBLEMS)
    state = StateFolder(Path(loaded.sync.state))
    health = state.health()
    known = health[feed].key if feed in health else ""
    job = _job(loaded.sync, feed, _key(loaded, feed) or known or feed.partition("/")[2], voice)
    options = choices.options(loaded.sync, now(), whole=True)
    means = means_of(root, lambda writes, answers: None)
    command = choices.command("clean").replace("clean", f"clean {feed}", 1)

    def judge(cases: list[Case]) -> list[Case]:
        allowed, past = choices.allow_deletes, choices.rewrite_past
        return [cleaning(case, allowed, command, past=past) for case in cases]

    with Accounts(loaded.sync, means, choices.file or "") as accounts:
        calendars = Calendars(options, means, state, accounts)
        tallies = calendars.run((job,), wait, judge)
    if not tallies:
        end(130)
    tally = tallies[0]
    keep_standings(state, tallies, options.now, told=True, known=health)
    if tally.exit in (Exit.DONE, Exit.LEFT_ALONE):
        unsaved = _retire(job)
        tell(() if unsaved is None else (unsaved.problem,), voice)
        voice.result(done_text(tallies, choices.command("sync")))
        if not job.made:
            voice.note(
                f"take the line of {feed} out of the sync file, or the next sync fills the calendar again"
            )
    complain(complaints(tallies, ()), choices, voice)
    if voice.json:
        print_json("clean", {"exit": tally.exit, "plan": "", "calendars": [as_json(tally)]})
    end(130 if calendars.stopped else tally.exit)


def _key(loaded: LoadedSync, name: str) -> str:
    """Returns the key of a feed as identities name it, '' where no program has the feed."""
    from iopcal.destinations import feed_name
    from iopcal.feeds import feeds, participant_feeds
    from iopcal.model import Participant

    gone = Participant(name.rpartition("/")[2], "", "", date.min)  # who may be in no roster any more
    programs = (each.program for each in loaded.programs if each.program)
    known = ((program, (*feeds(program), *participant_feeds(program, gone))) for program in programs)
    return next(
        (feed.key for program, mine in known for feed in mine if feed_name(program, feed) == name), ""
    )


def _job(sync: Sync, feed: str, key: str, voice: Voice) -> Job:
    """Returns the feed with its calendar and no item; ends the command where it has none."""
    from iopcal.cases import emptied
    from iopcal.cli.books import read_book
    from iopcal.cli.session import complain_of
    from iopcal.destinations import MAKE
    from iopcal.jobs import Job, destination_of
    from iopcal.model.sync import GoogleTarget

    found = destination_of(sync, feed)
    names = [
        each.feed
        for target in sync.targets
        if isinstance(target, GoogleTarget)
        for each in target.destinations
    ]
    if found is None or feed.endswith("*"):
        near = nearest(feed, names)
        guess = f"did you mean '{near}'?" if near else f"it has: {', '.join(names)}"
        raise click.UsageError(f"the sync file has no Google calendar of a feed '{feed}'; {guess}")
    target, destination = found
    errand = emptied(feed, target, destination, key)
    if destination.calendar != MAKE:
        return Job(errand, destination.calendar, destination.salt or destination.calendar)
    book = read_book(target.book, target.place)
    if not isinstance(book, Mapping):
        complain_of(book.problem, voice)
        end(book.exit)
    if feed not in book:
        raise click.UsageError(f"iopcal has made no calendar for '{feed}': the book has none")
    return Job(errand, book[feed].calendar, book[feed].salt)


def _retire(job: Job) -> Trouble | None:
    from iopcal.cli.books import note
    from iopcal.targets.google.book import Entry

    if not job.made:
        return None
    return note(job.errand.target.book, job.feed, Entry(job.calendar, job.salt, retired=True))
