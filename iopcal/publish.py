"""The calendars of programs, drafted over what a folder holds, braked, and put there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from iopcal.expand import Expansion
from iopcal.feeds import Feed, feeds
from iopcal.model import Program
from iopcal.plan import Plan, plan
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.publication import Publication, publication
from iopcal.targets import ics
from iopcal.targets.published import Published, Unreadable, read
from iopcal.targets.trouble import Trouble

Reader = Callable[[str], bytes | None]


class Draft(NamedTuple):
    """One feed as it would be published. `data` is the file; None: it has no sessions and there is no file.

    `damaged`: what stands in its place is ours but cannot be read, and is to be kept aside.
    """

    file: str  # name in the output folder
    publication: Publication
    plan: Plan
    data: bytes | None
    damaged: bool


class Options(NamedTuple):
    """How to publish. `allow_deletes` is the number of sessions that may go, as a refusal named it."""

    now: datetime
    flat: bool = False
    restamp: bool = False
    allow_deletes: int | None = None


def file_name(program: Program, feed: Feed) -> str:
    """Returns the name of a feed's file in the output folder."""
    return f"{program.id}/{feed.file}.ics"


def drafts(program: Program, expansion: Expansion, current: Reader, options: Options) -> tuple[Draft, ...]:
    """Returns every feed of a program as it would be published over what `current` reads."""
    return tuple(_draft(program, feed, expansion, current, options) for feed in feeds(program))


def _draft(program: Program, feed: Feed, expansion: Expansion, current: Reader, options: Options) -> Draft:
    file = file_name(program, feed)
    previous = current(file)
    found = None if previous is None else read(previous)
    published = found if isinstance(found, Published) else None
    shall = publication(program, feed, expansion.sessions, published, options.now, options.flat)
    data: bytes | None = None
    if shall.calendar.events or published:
        data = ics.publish(shall.calendar, previous, options.now, options.restamp)
    wanted = read(data) if data is not None and data != previous else published
    if isinstance(wanted, Unreadable):
        raise AssertionError(f"what was just written cannot be read: {wanted.reason}")
    planned = plan(shall, published, wanted or _NOTHING, options.now)
    return Draft(file, shall, planned, data, isinstance(found, Unreadable) and found.ours)


_NOTHING = Published((), "", False, {})


def refusals(drafted: Iterable[Draft], options: Options) -> tuple[Trouble, ...]:
    """Returns why nothing of one program may be written: too many sessions ahead would go."""
    braked = [draft for draft in drafted if draft.plan.frightening]
    going = max((draft.plan.going for draft in braked), default=0)
    if not braked or options.allow_deletes == going:
        return ()
    return tuple(_refusal(draft, going, options.allow_deletes) for draft in braked)


def _refusal(draft: Draft, number: int, named: int | None) -> Trouble:
    planned = draft.plan
    percent = 100 * planned.going // planned.ahead
    message = (
        f"{draft.file}: {planned.going} of {planned.ahead} sessions ahead would go ({percent} %, limit 30 %)"
    )
    hint = f"look at `iopcal plan`; if it is meant, build with --allow-deletes {number}"
    if named is not None:
        hint = f"--allow-deletes named {named}, not {number}; {hint}"
    return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP601", message, hint))


def recognised(name: str, data: bytes) -> bool:
    """Says whether a file in the output folder is one that we wrote, however damaged."""
    found = read(data)
    return isinstance(found, Published) or found.ours


def wanted_files(drafted: Iterable[Draft]) -> Mapping[str, bytes]:
    """Returns the files of the drafts by name, without feeds that have nothing to show and no file."""
    return {draft.file: draft.data for draft in drafted if draft.data is not None}
