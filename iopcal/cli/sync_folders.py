"""The folders of a sync file: filled as `build` fills its own, each under its lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from iopcal.cli.common import Loaded, Voice, worst
from iopcal.cli.folders import Crowd, fill
from iopcal.cli.plan import tell_sketch
from iopcal.cli.session import Choices, Session
from iopcal.jobs import FolderJob
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit
from iopcal.publish import Options
from iopcal.targets.folder import Folder
from iopcal.targets.locks import Busy
from iopcal.targets.trouble import Trouble, trouble


class Shelf(NamedTuple):
    """What became of one folder. `feeds` it has, `written` of them in this run, `removed` files are gone."""

    name: str  # of the target
    exit: int
    written: int
    removed: int
    feeds: int
    troubles: tuple[Trouble, ...]

    @property
    def text(self) -> str:
        """Returns what was done, in a line."""
        done = f"{self.written} written" if self.written else "no changes"
        gone = f", {self.removed} removed" if self.removed else ""
        return f"{self.name}   {done}{gone}, {self.feeds - self.written} as before"


def fill_folders(session: Session, now: datetime, wait: float) -> Iterator[Shelf]:
    """Fills every folder; what goes wrong in one stops no other."""
    for job in session.jobs.folders:
        yield _fill(session, job, _options(session.choices, job, now), wait)


def _options(choices: Choices, job: FolderJob, now: datetime) -> Options:
    again = f"{choices.command('sync')} --only {job.target.name}"
    return Options(now, allow_deletes=choices.allow_deletes, again=again)


def _fill(session: Session, job: FolderJob, options: Options, wait: float) -> Shelf:
    folder = Folder(Path(job.target.folder))
    codes: list[int] = []
    troubles: list[Trouble] = []
    written = removed = feeds = 0
    try:
        with folder.lock(now=options.now, wait=wait):
            for each, keys in _programs(session, job):
                filled = fill(each, folder, folder.read, options, keys, crowd=_crowd(keys))
                troubles += filled.objections
                told = {objection.problem for objection in filled.objections}
                warnings = (problem for problem in filled.warnings if problem not in told)
                troubles += (Trouble(Exit.DONE, problem) for problem in warnings)
                outcome = filled.outcome
                if outcome is None:
                    codes.append(worst(objection.exit for objection in filled.objections))
                    continue
                troubles += outcome.troubles
                codes.append(int(outcome.exit))
                written, removed = written + len(outcome.written), removed + len(outcome.removed)
                feeds += len(outcome.written) + outcome.unchanged
                if (people := filled.people) is not None:
                    troubles += people.troubles
                    codes.append(int(people.exit))
                    written, removed = written + people.written, removed + people.removed
                    feeds += people.written + people.unchanged
    except Busy as busy:
        troubles.append(busy.trouble)
        codes.append(busy.trouble.exit)
    except OSError as error:
        found = trouble(error)
        troubles.append(found)
        codes.append(found.exit)
    if written + removed and {Exit.PROBLEMS, Exit.LATER} & set(codes):
        codes.append(Exit.PARTLY)
    return Shelf(job.target.name, worst(codes), written, removed, feeds, tuple(troubles))


def plan_folders(session: Session, now: datetime, voice: Voice) -> list[int]:
    """Prints what would change in the folders; returns the codes of --check."""
    codes = []
    for job in session.jobs.folders:
        folder, options = Folder(Path(job.target.folder)), _options(session.choices, job, now)
        for each, keys in _programs(session, job):
            where = f"{job.target.name}: "
            codes.append(
                int(tell_sketch(each, folder, folder.read, options, voice, keys, where, _crowd(keys))[0])
            )
    return codes


def _crowd(keys: frozenset[str]) -> Crowd:
    return Crowd(wanted=keys.__contains__)


def _programs(session: Session, job: FolderJob) -> Iterator[tuple[Loaded, frozenset[str]]]:
    for each in session.sound:
        if each.program is not None and each.program.id in job.feeds:
            yield each, job.feeds[each.program.id]
