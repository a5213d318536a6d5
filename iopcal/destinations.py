"""Which feed of which program goes to which Google calendar, and what its events shall say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from iopcal.addressed import PAST_KEPT
from iopcal.attendance import Roster
from iopcal.expand import Expansion
from iopcal.feeds import NEUTRAL_NAME, Feed, feeds, participant_feeds
from iopcal.fold import fold
from iopcal.model import Participant, Program, Session, Status
from iopcal.model.sync import Destination, GoogleTarget
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Problem
from iopcal.slots import slots
from iopcal.targets.google.body import Item, item
from iopcal.targets.google.identity import Owner

if TYPE_CHECKING:
    from iopcal.telling import Telling

_LINK = re.compile(r"https?://\S+", re.I)
MAKE = "make"  # in the place of the id of a calendar


class Common:
    """What all feeds of one program have in common, found out once. Without a roster it has no people."""

    def __init__(self, program: Program, expansion: Expansion, roster: Roster | None = None) -> None:
        self.program, self.expansion, self.roster = program, expansion, roster

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions that others than participants may be shown."""
        return self.roster.sessions_for_staff() if self.roster else self.expansion.sessions

    @cached_property
    def telling(self) -> Telling:
        """The words that no discreet or busy calendar may hold."""
        from iopcal.telling import Telling

        return Telling(self.program)


class Errand(NamedTuple):
    """One feed that goes to one Google calendar. `title` is that of the calendar where iopcal makes it."""

    name: str  # as people name the feed: riverbend-evening/track/evening
    target: GoogleTarget
    destination: Destination
    common: Common  # shared with the other feeds of the program
    feed: Feed
    participant: Participant | None = None  # whose feed it is

    @property
    def program(self) -> Program:
        """The program whose feed it is."""
        return self.common.program

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions that the feed may show: of a participant all that they attend."""
        if self.participant is None or self.common.roster is None:
            return self.common.sessions
        return self.common.roster.attend(self.participant).sessions

    @property
    def ended(self) -> bool:
        """Whether it is the feed of somebody who was discharged so long ago that nothing of it is shown."""
        if self.participant is None or self.common.roster is None:
            return False
        last = self.participant.discharged
        return last is not None and self.common.roster.today > last + PAST_KEPT

    @property
    def title(self) -> str:
        """What the calendar is called where iopcal makes it."""
        return self.target.title if self.feed.low else self.feed.name

    def owner(self, salt: str) -> Owner:
        """Returns whose mark the events carry, and the salt of all digests."""
        return Owner(salt, self.program.id, self.feed.key)

    def items(self, owner: Owner) -> tuple[Item, ...]:
        """Returns what the events of the calendar shall say, in order of their first start."""
        shown = (
            Status.CONFIRMED,
            Status.MOVED,
            *((Status.CANCELLED,) if self.destination.show_cancelled else ()),
        )
        planned = (
            slot if slot.status in shown else slot._replace(status=Status.CLOSED)
            for slot in slots(self.program, self.feed, self.sessions)
        )
        reminders, private = self.destination.remind, self.feed.rule.privacy == "busy"
        return tuple(item(event, owner, private=private, reminders=reminders) for event in fold(planned))

    def objections(self, items: Iterable[Item]) -> tuple[Problem, ...]:
        """Returns why the calendar of a discreet or busy feed may not say what the items say (IOP612).

        The title of calendars that iopcal makes counts, too. Raises AssertionError for a word that nobody
        wrote.
        """
        if not self.feed.low:
            return ()
        from iopcal.tales import objections

        texts = {
            text: None
            for each in items
            for text in (
                ("SUMMARY", each.summary), ("DESCRIPTION", each.description), ("LOCATION", each.location),
                *(("URL", link) for link in _LINK.findall(f"{each.description}\n{each.location}")),
            )
        }  # fmt: skip
        found = self.common.telling.told_by(texts)
        told = objections(self.program, self.feed.rule, self.sessions, found) if found else ()
        if self.destination.calendar == MAKE and (word := self.common.telling.word(self.title)):
            message = f"the title '{self.title}' of made calendars holds the telling word '{word}'"
            hint = f"write one that tells nobody what it is about, such as '{NEUTRAL_NAME}'"
            told = (*told, Problem(self.target.place, "IOP612", message, hint))
        return tuple(problem._replace(severity="refused") for problem in told)

    def doubts(self, title: str) -> tuple[Problem, ...]:
        """Returns a warning where the calendar has a `title` at Google that tells what it is about."""
        if not self.feed.low or not self.common.telling.word(title):
            return ()
        message = f"{self.name}: the title that its calendar has in Google holds a telling word"
        hint = f"rename it there, for instance to '{NEUTRAL_NAME}'"
        return (Problem(self.destination.place, "IOP612", message, hint, "warning"),)


def feed_name(program: Program, feed: Feed) -> str:
    """Returns the name by which a sync file knows a feed."""
    return f"{program.id}/{feed.called}"


def matches(pattern: str, name: str) -> bool:
    """Says whether a feed is meant by a name in a sync file, which may end in `*`."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def errands(
    target: GoogleTarget,
    programs: Sequence[tuple[Program, Expansion]],
    rosters: Mapping[str, Roster] | None = None,
) -> tuple[tuple[Errand, ...], tuple[Destination, ...]]:
    """Returns the errands of a target in order of its destinations, and the destinations without a feed.

    A feed that is named singly is not taken by a pattern, too. `rosters`, by the id of their program, bring
    the feeds of participants.
    """
    found: list[Errand] = []
    missing: list[Destination] = []
    single = {each.feed for each in target.destinations if not each.feed.endswith("*")}
    known: dict[str, list[tuple[Common, Feed, Participant | None]]] = {}
    for program, expansion in programs:
        common = Common(program, expansion, (rosters or {}).get(program.id))
        for feed, participant in _feeds(common):
            known.setdefault(feed_name(program, feed), []).append((common, feed, participant))
    for destination in target.destinations:
        pattern = destination.feed
        if pattern in single:
            names = [pattern] if pattern in known else []
        else:
            names = [name for name in known if matches(pattern, name) and name not in single]
        for name in names:
            for common, feed, participant in known[name]:
                found.append(Errand(name, target, destination, common, feed, participant))
        if not names:
            missing.append(destination)
    return tuple(found), tuple(missing)


def _feeds(common: Common) -> Iterator[tuple[Feed, Participant | None]]:
    """Yields the feeds of a program, those of participants last, in the order of the roster."""
    for feed in feeds(common.program):
        yield feed, None
    for participant in common.program.participants if common.roster else ():
        for feed in participant_feeds(common.program, participant):
            yield feed, participant
