"""Programs published in a folder of `.ics` files: drafted, judged and written, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iopcal.cli.common import Loaded
from iopcal.named_tuple import NamedTuple
from iopcal.targets.names import index_name
from iopcal.words import count_words

if TYPE_CHECKING:
    from iopcal.cli.people import Outcome as PeopleOutcome
    from iopcal.cli.people import People, Tick
    from iopcal.model import Session
    from iopcal.problems import Problem
    from iopcal.publish import Draft, Leftover, Options
    from iopcal.targets.folder import Folder, Outcome
    from iopcal.targets.trouble import Trouble

Read = Callable[[str], bytes | None]


class Sketch(NamedTuple):
    """One program as it would be published in a folder, and what speaks against it."""

    drafted: tuple[Draft, ...]
    left: tuple[Leftover, ...]
    refused: tuple[Trouble, ...]
    unfit: tuple[Trouble, ...]

    @property
    def changed(self) -> bool:
        """Whether any file would be written or removed."""
        return bool(self.left) or any(draft.changed for draft in self.drafted)


class Filled(NamedTuple):
    """What became of one program in a folder; `outcome` is None where something speaks against it.

    `kept` are damaged files of ours and the names under which they are kept.
    """

    drafted: tuple[Draft, ...]
    objections: tuple[Trouble, ...]
    outcome: Outcome | None = None
    kept: tuple[tuple[str, str], ...] = ()
    warnings: tuple[Problem, ...] = ()
    people: PeopleOutcome | None = None  # what became of personal calendars, if there are any


class Crowd(NamedTuple):
    """How personal calendars are published: as `People` takes it."""

    published: Path | None = None
    wanted: Callable[[str], bool] | None = None
    jobs: int = 1
    strict: bool = False
    progress: Callable[[int], Tick] | None = None  # is told how many there are, and returns what counts them


ALONE = Crowd()


def people_of(each: Loaded, folder: Folder, options: Options, crowd: Crowd) -> People | None:
    """Returns the personal calendars of a program; None where it has none, and had none here."""
    from iopcal.addressed import has_personal, names

    assert each.program is not None
    if not (folder.path / index_name(each.program.id)).exists():
        if not has_personal(each.program):
            return None
        if crowd.wanted is not None and not any(map(crowd.wanted, names(each.program))):
            return None
    from iopcal.cli.people import People

    return People(
        each, folder.path, options, published=crowd.published, wanted=crowd.wanted, jobs=crowd.jobs,
        strict=crowd.strict,
    )  # fmt: skip


def sketch(
    each: Loaded,
    folder: Folder,
    read: Read,
    options: Options,
    keys: Container[str] | None = None,
    sessions: tuple[Session, ...] | None = None,
) -> Sketch:
    """Drafts the feeds of one sound program, or those of `keys`, over what `read` reads. Raises OSError.

    `sessions` are those of its groups or cohorts, and those that participants have placed.
    """
    from iopcal.addressed import named
    from iopcal.publish import drafts, leftovers, refusals, unfit

    assert each.program is not None
    assert each.expansion is not None
    expansion = each.expansion if sessions is None else each.expansion._replace(sessions=sessions)
    mine = frozenset(name for name in named(each.program) if keys is None or name in keys)
    listed = folder.manifest.files
    drafted = drafts(each.program, expansion, read, options, listed, mine)
    left = leftovers(each.program, listed, folder.read, options.now)
    return Sketch(drafted, left, refusals(drafted, left, options), unfit(drafted))


def fill(
    each: Loaded,
    folder: Folder,
    read: Read,
    options: Options,
    keys: Container[str] | None = None,
    *,
    adopt: bool = False,
    crowd: Crowd = ALONE,
) -> Filled:
    """Publishes one sound program in a folder that is locked. Raises OSError, and `locks.Busy`."""
    people = people_of(each, folder, options, crowd)
    if people is None:
        return _fill(each, folder, read, options, keys, None, adopt)
    try:
        people.prepare(writes=True)
        if any(objection.exit for objection in people.objections):
            return Filled((), people.objections, warnings=people.problems)
        filled = _fill(each, folder, read, options, keys, people.sessions, adopt)
        filled = filled._replace(
            objections=(*people.objections, *filled.objections), warnings=people.problems
        )
        if filled.outcome is None or any(fault.exit for fault in filled.outcome.troubles):
            return filled
        tick = crowd.progress(people.size) if crowd.progress else None
        return filled._replace(people=people.write(tick) if tick else people.write())
    finally:
        people.close()


def _fill(
    each: Loaded,
    folder: Folder,
    read: Read,
    options: Options,
    keys: Container[str] | None,
    sessions: tuple[Session, ...] | None,
    adopt: bool,
) -> Filled:
    from iopcal.publish import recognised, wanted_files
    from iopcal.scrutiny import scrutiny

    drafted, left, refused, unfit = sketch(each, folder, read, options, keys, sessions)
    objections = (*refused, *unfit, *scrutiny(drafted))
    if any(objection.exit for objection in objections):
        return Filled(drafted, objections)
    kept = tuple((draft.file, folder.keep_aside(draft.file)) for draft in drafted if draft.damaged)
    gone = [leftover.file for leftover in left]
    outcome = folder.replace(wanted_files(drafted), gone, recognised=recognised, adopt=adopt)
    return Filled(drafted, objections, outcome, kept)


def left_out_words(loaded: Sequence[Loaded]) -> Iterator[str]:
    """Yields a line for each program that is left out for its problems, and one for all."""
    left = [each for each in loaded if not each.sound]
    for each in left:
        count = sum(problem.severity == "error" for problem in each.problems)
        yield f"{each.file}: {count_words(count, 'problem')}; nothing of it was written"
    if left and len(left) < len(loaded):
        yield f"{count_words(len(loaded) - len(left), 'program')} ok, {len(left)} left out"
