"""Which feed of which program goes to which Google calendar, and what its events shall say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iopcal.expand import Expansion
from iopcal.feeds import NEUTRAL_NAME, Feed, feeds
from iopcal.fold import fold
from iopcal.model import Program, Status
from iopcal.model.sync import Destination, GoogleTarget
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Problem
from iopcal.slots import slots
from iopcal.targets.google.body import Item, item
from iopcal.targets.google.identity import Owner


class Errand(NamedTuple):
    """One feed that goes to one Google calendar. `title` is that of the calendar where iopcal makes it."""

    name: str  # as people name the feed: riverbend-evening/track/evening
    target: GoogleTarget
    destination: Destination
    program: Program
    expansion: Expansion
    feed: Feed

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
            for slot in slots(self.program, self.feed, self.expansion.sessions)
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
        from iopcal.telling import Telling

        texts = {
            text: None
            for each in items
            for text in (
                ("SUMMARY", each.summary), ("DESCRIPTION", each.description), ("LOCATION", each.location),
            )
        }  # fmt: skip
        telling = Telling(self.program)
        told = objections(self.program, self.feed.rule, self.expansion.sessions, telling.told_by(texts))
        if word := telling.word(self.title):
            message = f"the title '{self.title}' of made calendars holds the telling word '{word}'"
            hint = f"write one that tells nobody what it is about, such as '{NEUTRAL_NAME}'"
            told = (*told, Problem(self.target.place, "IOP612", message, hint))
        return tuple(problem._replace(severity="refused") for problem in told)


def feed_name(program: Program, feed: Feed) -> str:
    """Returns the name by which a sync file knows a feed."""
    return f"{program.id}/{feed.called}"


def matches(pattern: str, name: str) -> bool:
    """Says whether a feed is meant by a name in a sync file, which may end in `*`."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def errands(
    target: GoogleTarget, programs: Sequence[tuple[Program, Expansion]]
) -> tuple[tuple[Errand, ...], tuple[Destination, ...]]:
    """Returns the errands of a target in order of its destinations, and the destinations without a feed.

    A feed that is named singly is not taken by a pattern, too.
    """
    found: list[Errand] = []
    missing: list[Destination] = []
    single = {each.feed for each in target.destinations if not each.feed.endswith("*")}
    for destination in target.destinations:
        mine = [
            Errand(name, target, destination, program, expansion, feed)
            for name, program, expansion, feed in _all(programs)
            if matches(destination.feed, name) and (name == destination.feed or name not in single)
        ]
        found += mine
        if not mine:
            missing.append(destination)
    return tuple(found), tuple(missing)


def _all(
    programs: Iterable[tuple[Program, Expansion]],
) -> Iterable[tuple[str, Program, Expansion, Feed]]:
    for program, expansion in programs:
        for feed in feeds(program):
            yield feed_name(program, feed), program, expansion, feed
