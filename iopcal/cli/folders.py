"""Programs published in a folder of `.ics` files: drafted, judged and written, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import TYPE_CHECKING

from iopcal.cli.common import Loaded
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Problem
from iopcal.words import count_words

if TYPE_CHECKING:
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


def sketch(
    each: Loaded, folder: Folder, read: Read, options: Options, keys: Container[str] | None = None
) -> Sketch:
    """Drafts the feeds of one sound program, or those of `keys`, over what `read` reads. Raises OSError."""
    from iopcal.publish import drafts, leftovers, refusals, unfit

    assert each.program is not None
    assert each.expansion is not None
    listed = folder.manifest.files
    drafted = drafts(each.program, each.expansion, read, options, listed, keys)
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
) -> Filled:
    """Publishes one sound program in a folder that is locked. Raises OSError."""
    from iopcal.publish import recognised, wanted_files

    drafted, left, refused, unfit = sketch(each, folder, read, options, keys)
    objections = (*refused, *unfit, *_lint(drafted))
    if any(objection.exit for objection in objections):
        return Filled(drafted, objections)
    kept = tuple((draft.file, folder.keep_aside(draft.file)) for draft in drafted if draft.damaged)
    gone = [leftover.file for leftover in left]
    outcome = folder.replace(wanted_files(drafted), gone, recognised=recognised, adopt=adopt)
    return Filled(drafted, objections, outcome, kept)


def _lint(drafted: Sequence[Draft]) -> tuple[Trouble, ...]:
    """Reads what is to be written as a stranger would; a finding is never written."""
    changed = [draft for draft in drafted if draft.changed and not draft.tells]
    if not changed:
        return ()
    from iopcal.lint import lint
    from iopcal.problems import NOWHERE
    from iopcal.publish import SMALLER
    from iopcal.targets.trouble import Trouble

    troubles = []
    for draft in changed:
        kind = "file" if draft.publication.calendar.file else "feed"
        for finding in lint(draft.data or b"", as_=kind):
            if finding.code != "B6":
                raise AssertionError(f"{draft.file}: {finding.code} in what was to be written")
            words = f"'{draft.file}': {finding.text}"
            problem = Problem(NOWHERE, "IOP642", words, SMALLER, finding.severity)
            troubles.append(Trouble(Exit.PROBLEMS if finding.severity == "error" else Exit.DONE, problem))
    return tuple(troubles)


def left_out_words(loaded: Sequence[Loaded]) -> Iterator[str]:
    """Yields a line for each program that is left out for its problems, and one for all."""
    left = [each for each in loaded if not each.sound]
    for each in left:
        count = sum(problem.severity == "error" for problem in each.problems)
        yield f"{each.file}: {count_words(count, 'problem')}; nothing of it was written"
    if left and len(left) < len(loaded):
        yield f"{count_words(len(loaded) - len(left), 'program')} ok, {len(left)} left out"
