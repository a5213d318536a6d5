"""What a sync file gives to do: feeds with their calendars, folders with their feeds, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from iopcal.addressed import Keys
from iopcal.attendance import Roster
from iopcal.destinations import MAKE, Errand, errands, feed_name, matches
from iopcal.expand import Expansion
from iopcal.feeds import feeds
from iopcal.model import Program
from iopcal.model.sync import Destination, GoogleTarget, IcsTarget, Sync
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Place, Problem, nearest
from iopcal.targets.google.book import Entry
from iopcal.targets.google.health import State
from iopcal.targets.trouble import Trouble

Book = Mapping[str, Entry] | Trouble  # by feed; or why it cannot be used
Books = Mapping[str, Book]  # by file
Programs = Sequence[tuple[Program, Expansion]]


class Job(NamedTuple):
    """One feed and its calendar. `calendar` is '' where iopcal is still to make it, and then so is `salt`."""

    errand: Errand
    calendar: str
    salt: str

    @property
    def feed(self) -> str:
        """The name of the feed."""
        return self.errand.name

    @property
    def made(self) -> bool:
        """Whether iopcal makes the calendar, or has made it."""
        return self.errand.destination.calendar == MAKE


class FolderJob(NamedTuple):
    """A folder of `.ics` files and the keys of the feeds that go there, by the id of their program."""

    target: IcsTarget
    feeds: Mapping[str, frozenset[str]]


class Refusal(NamedTuple):
    """A feed that is named and cannot be served, and why."""

    feed: str
    target: str  # its name
    trouble: Trouble


class Jobs(NamedTuple):
    """All that a sync file gives to do. `problems` are errors and warnings in the file."""

    calendars: tuple[Job, ...]
    folders: tuple[FolderJob, ...]
    refused: tuple[Refusal, ...]
    retired: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a part of the work can be chosen."""
        mine = (*(each.feed for each in self.calendars), *(each.feed for each in self.refused))
        targets = (
            *(each.errand.target.name for each in self.calendars),
            *(each.target for each in self.refused),
        )
        shelved = (
            name
            for each in self.folders
            for name in (
                each.target.name,
                *(f"{program}/{key}" for program, keys in each.feeds.items() for key in keys),
            )
        )
        return tuple(dict.fromkeys((*mine, *self.retired, *targets, *shelved)))

    def only(self, chosen: Sequence[str]) -> Jobs:
        """Returns the part that is chosen by names of feeds or targets; all of it where nothing is."""
        if not chosen:
            return self

        def wanted(feed: str, target: str = "") -> bool:
            return any(matches(name, feed) or name == target for name in chosen)

        folders = []
        for each in self.folders:
            kept = {
                program: frozenset(key for key in keys if wanted(f"{program}/{key}", each.target.name))
                for program, keys in each.feeds.items()
            }
            if any(kept.values()):
                folders.append(each._replace(feeds={name: keys for name, keys in kept.items() if keys}))
        return self._replace(
            calendars=tuple(each for each in self.calendars if wanted(each.feed, each.errand.target.name)),
            folders=tuple(folders),
            refused=tuple(each for each in self.refused if wanted(each.feed, each.target)),
            retired=tuple(each for each in self.retired if wanted(each)),
        )


def jobs(
    sync: Sync,
    programs: Programs,
    books: Books,
    health: Mapping[str, State],
    left_out: frozenset[str] | None = frozenset(),
    rosters: Mapping[str, Roster] | None = None,
) -> Jobs:
    """Returns all that a sync file gives to do.

    `rosters` are those of programs with participants, by the id of the program. No calendar is made for
    somebody who was discharged long ago.
    `left_out` are the ids of programs that have problems; None: of some even the id is not known. What goes
    to their feeds is passed over.
    """
    finder = _Finder(sync, programs, left_out, rosters or {})
    for target in sync.targets:
        if isinstance(target, GoogleTarget):
            finder.google(target, books.get(target.book, {}), health)
        else:
            finder.folder(target)
    return Jobs(
        tuple(finder.calendars),
        tuple(finder.folders),
        tuple(finder.refused),
        tuple(finder.retired),
        tuple(sorted(finder.problems)),
    )


class _Finder:
    """Collects what there is to do, target by target."""

    def __init__(
        self, sync: Sync, programs: Programs, left_out: frozenset[str] | None, rosters: Mapping[str, Roster]
    ) -> None:
        self._sync, self._programs, self._left_out = sync, programs, left_out
        self._rosters = rosters
        self._known = {
            program.id: tuple(feed_name(program, feed) for feed in feeds(program)) for program, _ in programs
        }
        self.calendars: list[Job] = []
        self.folders: list[FolderJob] = []
        self.refused: list[Refusal] = []
        self.retired: list[str] = []
        self.problems: list[Problem] = []

    def google(self, target: GoogleTarget, book: Book, health: Mapping[str, State]) -> None:
        """Collects the feeds of a target of Google calendars."""
        found, missing = errands(target, self._programs, self._rosters)
        for errand in found:
            self._calendar(errand, book, health)
        for destination in missing:
            self._missing(destination.feed, target.name, destination.place)
        served = {errand.name for errand in found}
        for name in () if isinstance(book, Trouble) else _orphans(target, book, served):
            if name.partition("/")[0] in self._known:
                self._refuse_missing(name, target.name, target.place, named=False)

    def folder(self, target: IcsTarget) -> None:
        """Collects the feeds of a folder."""
        chosen: dict[str, set[str]] = {}
        known = [*chain.from_iterable(self._known.values()), *self._people()]
        for pattern in target.feeds:
            mine = [name for name in known if matches(pattern, name)]
            for name in mine:
                program, _, key = name.partition("/")
                chosen.setdefault(program, set()).add(key)
            if not mine:
                self._missing(pattern, target.name, target.place)
        self.folders.append(FolderJob(target, {name: frozenset(keys) for name, keys in chosen.items()}))

    def _people(self) -> Iterator[str]:
        """Yields the names of the feeds of participants."""
        for program, _ in self._programs:
            keys = Keys(program)
            for participant in program.participants:
                yield from (f"{program.id}/{called}" for called in keys.called(participant))

    def _calendar(self, errand: Errand, book: Book, health: Mapping[str, State]) -> None:
        destination, name = errand.destination, errand.name
        if destination.calendar != MAKE:
            calendar = destination.calendar
            self.calendars.append(Job(errand, calendar, destination.salt or calendar))
        elif isinstance(book, Trouble):
            self.refused.append(Refusal(name, errand.target.name, book))
        elif name in book:
            entry = book[name]
            if entry.retired:
                self.retired.append(name)
            else:
                self.calendars.append(Job(errand, entry.calendar, entry.salt))
        elif name in health and health[name].made:
            message = (
                f"{name}: iopcal has made a calendar for it, and the book '{errand.target.book}' lacks it"
            )
            hint = "put the book back from a copy; another calendar is not made in its place"
            problem = Problem(destination.place, "IOP525", message, hint, "refused")
            self._refuse(name, errand.target.name, problem)
        elif not errand.ended:
            self.calendars.append(Job(errand, "", ""))

    def _missing(self, feed: str, target: str, place: Place) -> None:
        """Tells of a name to which there is no feed: it may be that of another program, or of a lost feed."""
        program = feed.partition("/")[0]
        if program not in self._known:
            if self._left_out is None or program in self._left_out:
                return
            near = nearest(program, self._known)
            hint = f"did you mean '{near}'?" if near else f"there is {', '.join(sorted(self._known))}"
            message = f"'{program}' is not the id of any program of this file"
            self.problems.append(Problem(place, "IOP106", message, hint))
        elif feed.endswith("*"):
            message = f"'{feed}' has no effect: it finds no feed"
            self.problems.append(Problem(place, "IOP172", message, self._there_is(program), "warning"))
        else:
            self._refuse_missing(feed, target, place)

    def _refuse_missing(self, feed: str, target: str, place: Place, *, named: bool = True) -> None:
        """Refuses a feed that is not there, `named` in the file or one of those that a pattern stands for."""
        message = f"{feed}: the program has no such feed any more, and missing is not empty"
        program, ends = feed.partition("/")[0], f"iopcal clean {feed}, and take its line out of the file"
        if _group(feed) in self._groups(program):  # nobody is to be taken for somebody else
            hint = f"look at the roster; if they have left: {ends if named else ends.partition(',')[0]}"
        else:
            near = nearest(feed, self._known[program])
            guess = f"did you mean '{near}'? " if near else f"{self._there_is(program)}; "
            hint = f"{guess}if it has ended: {ends}"
        self._refuse(feed, target, Problem(place, "IOP524", message, hint, "refused"))

    def _refuse(self, feed: str, target: str, problem: Problem) -> None:
        self.refused.append(Refusal(feed, target, Trouble(Exit.REFUSED, problem)))

    def _there_is(self, program: str) -> str:
        return f"there is {', '.join((*self._known[program], *self._groups(program)))}"

    def _groups(self, program: str) -> tuple[str, ...]:
        """Returns how the feeds of all participants of a program are named together."""
        found = next((each for each, _ in self._programs if each.id == program), None)
        return tuple(_group(f"{program}/{name}") for name in Keys(found).groups) if found else ()


def _group(feed: str) -> str:
    return f"{feed.rpartition('/')[0]}/*"


def _orphans(target: GoogleTarget, book: Mapping[str, Entry], served: Iterable[str]) -> Iterator[str]:
    """Yields the feeds for which a calendar was made that a pattern still names, and no program has."""
    patterns = [each.feed for each in target.destinations if each.feed.endswith("*")]
    for name, entry in book.items():
        if not entry.retired and name not in served and any(matches(each, name) for each in patterns):
            yield name


def destination_of(sync: Sync, feed: str) -> tuple[GoogleTarget, Destination] | None:
    """Returns the line of a sync file that names a feed, one that names it singly first."""
    found = [
        (target, destination)
        for target in sync.targets
        if isinstance(target, GoogleTarget)
        for destination in target.destinations
        if matches(destination.feed, feed)
    ]
    return min(found, key=lambda each: each[1].feed.endswith("*"), default=None)
