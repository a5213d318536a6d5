"""The calendars of programs, drafted over what a folder holds, braked, and put there."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from iopcal.expand import Expansion
from iopcal.feeds import Feed, feeds
from iopcal.model import Calendar, Program, Session
from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.publication import Publication, publication
from iopcal.targets import ics
from iopcal.targets.published import Published, Unreadable, read
from iopcal.targets.trouble import Trouble
from iopcal.words import count_words

if TYPE_CHECKING:
    from iopcal.plan import Plan
    from iopcal.telling import Telling

MOST_BYTES, MOST_EVENTS = 1_000_000, 10_000
SMALLER = "calendar programs stop reading there; split the program, or shorten notes and names"
_LEAST = 200  # bytes of an event without any text
Reader = Callable[[str], bytes | None]


class Draft(NamedTuple):
    """One feed as it would be published. `data` is the file; None: it has no sessions and there is no file.

    `changed`: what is published has other bytes, or is not there. `damaged`: it is ours but cannot be read,
    and is to be kept aside. `size`: says how it is too large to be read by calendar programs, else ''.
    `tells`: telling words in a discreet or busy calendar.
    """

    file: str  # name in the output folder
    publication: Publication
    published: Published | None  # what can be read in its place
    wanted: Published  # `data`, read again
    data: bytes | None
    changed: bool
    damaged: bool
    now: datetime
    size: str = ""
    tells: tuple[Problem, ...] = ()

    @property
    def new(self) -> bool:
        """Whether nothing that can be read is published."""
        return self.published is None

    @property
    def plan(self) -> Plan:
        """What publishing it would change; worked out when asked, as few builds have to know."""
        from iopcal.plan import plan

        return plan(self.publication, self.published, self.wanted, self.now)


class Options(NamedTuple):
    """How to publish. `allow_deletes` is the number of sessions that may go, as a refusal named it.

    `again` are the words for doing so with that number.
    """

    now: datetime
    flat: bool = False
    restamp: bool = False
    allow_deletes: int | None = None
    again: str = "build this program"


def file_name(program: Program, feed: Feed) -> str:
    """Returns the name of a feed's file in the output folder; an id holds no dot, so no two are alike.

    A discreet or busy feed has none that can be made of what it is: ''.
    """
    if feed.low:
        return ""
    return f"{program.id}.ics" if feed.file == "program" else f"{program.id}.{feed.file}.ics"


def drafts(
    program: Program,
    expansion: Expansion,
    current: Reader,
    options: Options,
    listed: Container[str] = (),
    keys: Container[str] | None = None,
    names: Mapping[str, str] | None = None,
    secret: bytes = b"",
) -> tuple[Draft, ...]:
    """Returns the feeds of a program, or those of `keys`, as they would be published over `current`.

    A file that is gone though it is `listed` as published gets fresh stamps, as a damaged one does. `names`
    are those of the files of discreet and busy feeds, by key; without one such a feed is left out. `secret`
    hides the keys of their UIDs.
    """
    wanted = [feed for feed in feeds(program) if keys is None or feed.called in keys]
    telling = telling_words(program) if any(feed.low for feed in wanted) else None
    files = ((feed, (names or {}).get(feed.key) or file_name(program, feed)) for feed in wanted)
    return tuple(
        draft(program, feed, expansion.sessions, file, current(file), options,
              lost=file in listed, secret=secret, telling=telling)
        for feed, file in files
        if file
    )  # fmt: skip


def draft(
    program: Program,
    feed: Feed,
    sessions: Iterable[Session],
    file: str,
    previous: bytes | None,
    options: Options,
    *,
    lost: bool = False,
    secret: bytes = b"",
    telling: Telling | None = None,
) -> Draft:
    """Returns one feed as it would be published in place of `previous`, in the file of this name.

    `sessions` are those of the program, or for the feed of a participant all that they attend. `lost`: there
    was a file, and it is gone. Who drafts many feeds gives the `telling` words of the program to each.
    """
    sessions = tuple(sessions)
    found = None if previous is None else read(previous)
    published = found if isinstance(found, Published) else None
    shall = publication(program, feed, sessions, published, options.now, options.flat, secret)
    size = _too_large(shall.calendar)
    if size:  # before anything of it is rendered
        return Draft(file, shall, None, _NOTHING, None, False, False, options.now, size)
    data: bytes | None = None
    if shall.calendar.events or published:
        restamp = options.restamp or (lost and previous is None)
        data = ics.publish(shall.calendar, previous, options.now, restamp, secret)
    changed = data is not None and data != previous
    wanted = read(data) if data is not None and changed else published
    if isinstance(wanted, Unreadable):
        raise AssertionError(f"what is to be written cannot be read: {wanted.reason}")
    damaged = isinstance(found, Unreadable) and found.ours
    tells: tuple[Problem, ...] = ()
    if feed.low and data is not None:
        from iopcal.tales import objections

        telling = telling or telling_words(program)
        tells = objections(program, feed.rule, sessions, telling.told(data))
        if telling.word(file.rpartition("/")[2]):
            raise AssertionError("the name of a file holds a telling word")
    return Draft(file, shall, published, wanted or _NOTHING, data, changed, damaged, options.now, "", tells)


_NOTHING = Published((), "", False, {})


def telling_words(program: Program) -> Telling:
    """Returns the words that no discreet or busy calendar of a program may hold."""
    from iopcal.telling import Telling

    return Telling(program)


def _too_large(calendar: Calendar) -> str:
    """Says how a calendar is sure to be too large, without rendering it; '' if it is not."""
    events = len(calendar.events)
    if events >= MOST_EVENTS:
        return f"it would have {events:,} events, and less than {MOST_EVENTS:,} are allowed"
    texts = (event.text for event in calendar.events)
    size = events * _LEAST + sum(len(text.summary) + len(text.description) for text in texts)
    if size >= MOST_BYTES:
        return f"it would have more than {size:,} bytes, and less than {MOST_BYTES:,} are allowed"
    return ""


def unfit(drafted: Iterable[Draft]) -> tuple[Trouble, ...]:
    """Returns why nothing of one program may be written.

    It is a calendar that nobody could read, or one that tells what nobody may know.
    """
    large = (
        Problem(NOWHERE, "IOP642", f"'{draft.file}' is too large: {draft.size}", SMALLER)
        for draft in drafted
        if draft.size
    )
    tells = (problem for draft in drafted for problem in draft.tells)
    return tuple(Trouble(Exit.PROBLEMS, problem) for problem in dict.fromkeys((*large, *tells)))


class Leftover(NamedTuple):
    """A published calendar of a track the program no longer has; `ahead` sessions lie ahead in it."""

    file: str
    ahead: int


def leftovers(
    program: Program, listed: Iterable[str], current: Reader, now: datetime
) -> tuple[Leftover, ...]:
    """Returns the calendars of this program among the files `listed` as ours that still show sessions ahead.

    One with nothing ahead stays: it is what people remember of the track.
    """
    wanted = {file_name(program, feed) for feed in feeds(program)}
    found = []
    for name in sorted(listed):
        if name in wanted or name.partition(".")[0] != program.id:
            continue
        published = read(current(name) or b"")
        if isinstance(published, Published):
            from iopcal.plan import shown

            ahead = sum(each.start > now for each in shown(published))
            found += [Leftover(name, ahead)] if ahead else []
    return tuple(found)


def refusals(drafted: Iterable[Draft], left: Iterable[Leftover], options: Options) -> tuple[Trouble, ...]:
    """Returns why nothing of one program may be written: too many sessions ahead would go."""
    plans = [(draft.file, draft.plan) for draft in drafted if draft.changed and not draft.new]
    braked = [
        (file, planned.going or planned.emptied, planned.ahead)
        for file, planned in plans
        if planned.frightening
    ]
    braked += [(each.file, each.ahead, each.ahead) for each in left]
    number = max((going for _, going, _ in braked), default=0)
    if options.allow_deletes == number:
        return ()
    return tuple(_refusal(*each, number, options) for each in braked)


def _refusal(file: str, going: int, ahead: int, number: int, options: Options) -> Trouble:
    message = f"{file}: all {count_words(going, 'session')} would go, and the calendar would be empty"
    if ahead:
        percent = 100 * going // ahead
        message = f"{file}: {going} of {ahead} sessions ahead would go ({percent} %, limit 30 %)"
    hint = f"look at `iopcal plan`; if it is meant, {options.again} with --allow-deletes {number}"
    if options.allow_deletes is not None:
        hint = f"--allow-deletes named {options.allow_deletes}, not {number}; {hint}"
    return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP601", message, hint, "refused"))


def recognised(name: str, data: bytes) -> bool:
    """Says whether a file in the output folder is one that we wrote, however damaged."""
    found = read(data)
    return isinstance(found, Published) or found.ours


def wanted_files(drafted: Iterable[Draft]) -> Mapping[str, bytes]:
    """Returns the files of the drafts by name, without feeds that have nothing to show and no file."""
    return {draft.file: draft.data for draft in drafted if draft.data is not None}
