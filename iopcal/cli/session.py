"""What the commands on a whole sync file share: reading everything, choosing feeds, and what went wrong."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from iopcal.cli.accounts import Means, Watch
from iopcal.cli.books import books_of
from iopcal.cli.common import Loaded, Voice, now, say
from iopcal.cli.login import google_root
from iopcal.cli.syncing import LoadedSync, load_sync, sync_file
from iopcal.jobs import Jobs, jobs
from iopcal.model.sync import Sync
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Problem, has_errors, nearest
from iopcal.sync import Options
from iopcal.targets.google.health import State
from iopcal.targets.google.root import Root
from iopcal.targets.google.state import StateFolder
from iopcal.words import count_words

Fail = Callable[[int], NoReturn]


class Choices(NamedTuple):
    """What a person chose: the sync file (None: the usual one), feeds, and what the run may do."""

    file: str | None = None
    only: tuple[str, ...] = ()
    take_back: frozenset[str] | None = frozenset()
    allow_deletes: int | None = None
    rewrite_past: bool = False
    rebuild: bool = False
    allow_primary: bool = False
    keep_going: bool = False

    def options(self, sync: Sync, moment: datetime, *, whole: bool = False) -> Options:
        """Returns what the run may do in a calendar."""
        return Options(
            moment, sync.guard, self.take_back, self.allow_deletes, self.rewrite_past, self.rebuild,
            self.allow_primary, whole,
        )  # fmt: skip

    def command(self, verb: str) -> str:
        """Returns a command on the same sync file, as a person types it."""
        return shlex.join(["iopcal", verb, *([self.file] if self.file else [])])


class Session(NamedTuple):
    """A sync file that was read with all its programs, and what of it there is to do."""

    choices: Choices
    loaded: LoadedSync
    sync: Sync
    root: Root
    jobs: Jobs
    health: dict[str, State]

    @property
    def sound(self) -> tuple[Loaded, ...]:
        """The programs that calendars may be made of."""
        return tuple(each for each in self.loaded.programs if each.sound)

    @property
    def left_out(self) -> bool:
        """Whether a program is left out for its problems."""
        return len(self.sound) < len(self.loaded.programs)

    def means(self, watch: Watch) -> Means:
        """Returns what a run needs of the world."""
        return means_of(self.root, watch)


def means_of(root: Root, watch: Watch) -> Means:
    """Returns what a run needs of the world."""
    import time
    from random import Random

    return Means(root, os.environ, now, time.monotonic, time.sleep, Random(), watch)


def begin(
    choices: Choices,
    voice: Voice,
    fail: Fail,
    *,
    typed: bool,
    today: date | None = None,
    learn: Callable[[LoadedSync], object] = lambda loaded: None,
) -> Session:
    """Reads a sync file and all its programs; without `keep_going`, any error in them ends the command.

    What is wrong in files is told with its lines to whoever `typed` the command, else by code and place.
    `learn` is told of the files as soon as they were read.
    """
    root = google_root(os.environ)
    loaded = load_sync(sync_file(choices.file), today)
    learn(loaded)
    sync = loaded.sync
    _tell_problems(loaded, choices, voice, typed)
    sound = [each for each in loaded.programs if each.sound]
    if sync is None or not (loaded.sound or (choices.keep_going and sound)):
        fail(Exit.PROBLEMS)
    unread = any(each.program is None for each in loaded.programs)
    lost = frozenset(each.program.id for each in loaded.programs if each.program and not each.sound)
    programs = [(each.program, each.expansion) for each in sound if each.program and each.expansion]
    health = StateFolder(Path(sync.state)).health()
    found = jobs(sync, programs, books_of(sync), health, None if unread else lost, loaded.rosters)
    tell(found.problems, voice)
    if has_errors(found.problems):
        fail(Exit.PROBLEMS)
    _know_all(choices.only, found.names)
    return Session(choices, loaded, sync, root, found.only(choices.only), health)


def tell(problems: Iterable[Problem], voice: Voice) -> None:
    """Prints problems in a line each on standard error, no excerpt; warnings only where it is not quiet."""
    from iopcal.views.problems import concise

    for problem in problems:
        if problem.severity != "warning" or not (voice.quiet or voice.json):
            voice.paint(concise(problem), problem.severity, err=True)


def tell_whereabouts(problems: Iterable[Problem], voice: Voice) -> None:
    """Prints the same, but of what stands in a file its code and place alone: a mail is no place for more."""
    problems = tuple(problems)
    tell((problem for problem in problems if not problem.place.line), voice)
    for problem in problems:
        if problem.place.line and (problem.severity != "warning" or not (voice.quiet or voice.json)):
            voice.paint(_whereabouts(problem), problem.severity, err=True)


def _whereabouts(problem: Problem) -> str:
    place = problem.place
    where = f"{place.file}:{place.line}:{place.column}: " if place.line else ""
    return f"{where}{problem.severity}[{problem.code}]"


def complain(words: Sequence[tuple[Problem, str]], choices: Choices, voice: Voice) -> None:
    """Prints what went wrong on standard error; commands in it name the sync file that is used."""
    for problem, text in words:
        if choices.file:
            file = shlex.quote(choices.file)
            text = re.sub(r"\biopcal (plan|sync)\b", rf"iopcal \1 {file}", text)
        voice.paint(text, problem.severity, err=True)


def complain_of(problem: Problem, voice: Voice) -> None:
    """Prints one thing that went wrong on standard error."""
    from iopcal.views.outcome import complaint

    voice.paint(complaint(problem), problem.severity, err=True)


def _tell_problems(loaded: LoadedSync, choices: Choices, voice: Voice, typed: bool) -> None:
    from iopcal.views.problems import full, tally

    errors = [each for each in loaded.all_problems() if each.severity == "error"]
    shown = loaded.all_problems() if voice.verbose and not voice.quiet else errors
    for problem in shown:
        if typed:
            voice.paint(full(problem, loaded.texts), problem.severity, err=True)
        else:
            voice.paint(_whereabouts(problem), problem.severity, err=True)
    tell((each for each in loaded.problems if each.severity != "error" and each not in shown), voice)
    if errors:
        kept = choices.keep_going and loaded.sync is not None
        ends = "" if kept else "; nothing was written"
        say(f"{tally(errors)}{ends}.      What they are:  iopcal check {loaded.file}", err=True)


def _know_all(only: Sequence[str], names: Sequence[str]) -> None:
    """Raises UsageError for a name that is that of no feed and no target."""
    from iopcal.destinations import matches

    for name in only:
        if not any(matches(name, known) for known in names):
            near = nearest(name, names)
            guess = f"did you mean '{near}'?" if near else f"it has: {', '.join(names)}"
            raise click.UsageError(f"the sync file has no feed '{name}'; {guess}")


def is_patient(voice: Voice) -> bool:
    """Says whether a person watches who may be shown how far the work is."""
    shows = not (voice.json or voice.quiet or voice.plain or voice.verbose)
    return shows and os.environ.get("TERM") != "dumb" and sys.stderr is not None and sys.stderr.isatty()


def stopped_words(done: int, total: int) -> str:
    """Says what is done when a person has stopped a run."""
    return f"stopped: {done} of {count_words(total, 'calendar')} done; run again, and the rest is done, too"
