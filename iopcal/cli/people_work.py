"""The calendars of some participants, one after the other, compared with what is published or written."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from iopcal.addressed import Keys
from iopcal.alike import Made, Maker
from iopcal.brake import frightening
from iopcal.feeds import Feed
from iopcal.model import Participant
from iopcal.named_tuple import NamedTuple
from iopcal.personal import same_facts, unexplained
from iopcal.plan import Plan
from iopcal.publish import Draft, Options
from iopcal.targets.addresses import Address
from iopcal.targets.feed_files import FILE, FeedFiles, Origin, Writer
from iopcal.targets.trouble import Trouble, trouble

KEPT = ".iopcal-kept-"  # before the name of a damaged calendar that was put aside

Person = tuple[str, Participant]  # with the digest of what their calendars are made from


class Braked(NamedTuple):
    """A calendar that is not written, as too many sessions ahead would go."""

    name: str
    going: int
    ahead: int


class Tally:
    """What became of some calendars: numbers, and what the index is to remember of them."""

    def __init__(self) -> None:
        self.written = self.new = self.unchanged = 0
        self.records: dict[str, str] = {}
        self.plans: list[Plan] = []
        self.braked: list[Braked] = []
        self.troubles: list[Trouble] = []
        self.kept: list[tuple[str, str]] = []  # calendars that were damaged, and names under which they are

    def add(self, other: Tally) -> None:
        """Adds what became of others."""
        self.written += other.written
        self.new += other.new
        self.unchanged += other.unchanged
        self.records |= other.records
        self.plans += other.plans
        self.braked += other.braked
        self.troubles += other.troubles
        self.kept += other.kept


class Work(NamedTuple):
    """What is the same for all calendars of a run. `writer` makes what writes them; None: nothing is written.

    `loud` are the sources of people about whom there are warnings, which are told in the next run, too.
    `files` is None where there is no folder yet, `read` finds what is published under a token.
    """

    maker: Maker
    keys: Keys
    table: Mapping[str, Address]
    files: FeedFiles | None
    read: Callable[[str], bytes | None]
    options: Options
    day: str
    wanted: Callable[[str], bool] | None
    writes: bool
    loud: Container[str] = ()

    def current(self, person: Person) -> int:
        """Returns how many calendars a person has if all are known to be as they shall be, else 0."""
        source, participant = person
        keys = self.keys_of(participant)
        return len(keys) if all(self.is_current(key, source) for key in keys) else 0

    def keys_of(self, participant: Participant) -> tuple[str, ...]:
        """Returns the keys of the calendars that a participant shall have."""
        keys = self.keys.of(participant)
        if self.wanted is not None:
            names = self.keys.called(participant)
            keys = tuple(key for key, name in zip(keys, names, strict=True) if self.wanted(name))
        return tuple([key for key in keys if key in self.table and not self.table[key].state])

    def is_current(self, key: str, source: str) -> bool:
        """Says whether a calendar is known to be as it shall be."""
        if self.files is None or self.options.restamp:
            return False
        return self.files.is_current(self.table[key].token, source, self.day)

    def publish(self, people: Iterable[Person]) -> Tally:
        """Compares or writes the calendars of these people; an error of the disk ends it and is told."""
        tally = Tally()
        writer = self.files.writer() if self.files is not None and self.writes else None
        try:
            for source, participant in people:
                self.maker.turn_to(source)
                mine = self.keys_of(participant)
                for feed in self.maker.feeds(participant):
                    if feed.key not in mine:
                        continue
                    if self.is_current(feed.key, source):
                        tally.unchanged += 1
                    else:
                        self._one(participant, feed, source, writer, tally)
            if writer is not None:
                writer.flush()
        except OSError as error:
            tally.troubles.append(trouble(error))
        if writer is not None:
            tally.records |= writer.records
        return tally

    def _one(
        self, participant: Participant, feed: Feed, source: str, writer: Writer | None, tally: Tally
    ) -> None:
        token = self.table[feed.key].token
        previous = self.read(token)
        drafted: Draft | None = None
        if previous is None:
            lost = self.files is not None and self.files.knows(token)
            made = self.maker.new(participant, feed, lost)
        else:
            drafted, made = self.maker.over(participant, feed, previous)
        tally.troubles += made.faults
        if any(fault.exit for fault in made.faults) or made.data is None:
            return
        self.put(feed, source, token, made, drafted, participant, writer, tally)

    def put(
        self,
        feed: Feed,
        source: str,
        token: str,
        made: Made,
        drafted: Draft | None,
        participant: Participant | None,
        writer: Writer | None,
        tally: Tally,
    ) -> None:
        """Writes one calendar that was made, unless it is the same, or too much would go."""
        assert made.data is not None
        origin = Origin(
            "" if source in self.loud or made.faults else source, self.day if made.cancelled else ""
        )
        if drafted is not None and not drafted.changed:
            tally.unchanged += 1
            if writer is not None:
                writer.keep(token, origin)
            return
        if (
            drafted is not None
            and not drafted.new
            and self._brakes(feed, drafted, participant, source, tally)
        ):
            return
        tally.written += 1
        tally.new += drafted is None
        if writer is None:
            return
        assert self.files is not None
        if drafted is not None and drafted.new:
            kept = f"{KEPT}{self.table[feed.key].mark}-{FILE}"
            self.files.keep_aside(token, kept)
            tally.kept.append((feed.called, kept))
        writer.put(token, made.data, origin, drafted is None)

    def _brakes(
        self, feed: Feed, drafted: Draft, participant: Participant | None, source: str, tally: Tally
    ) -> bool:
        """Says whether so much would go of a calendar that it is not written; notes its plan."""
        planned = self.maker.plan(drafted)
        if not self.writes:
            tally.plans.append(planned._replace(feed=feed.key))
        going = planned.going or planned.emptied
        if going and participant is not None and self.files is not None:
            before = self.files.source_of(self.table[feed.key].token)
            if not before or not same_facts(before, source):
                going = unexplained(participant, planned, self.options.now.date())
        if not frightening(going, planned.ahead) or (self.options.allow_deletes or -1) >= going:
            return False
        tally.braked.append(Braked(feed.called, going, planned.ahead))
        return True
