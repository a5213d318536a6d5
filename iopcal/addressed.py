"""Which calendars have an address that nobody can guess: those of a person, and those that tell nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from iopcal.feeds import Feed, feeds, participant_feeds
from iopcal.model import Participant, Program

PAST_KEPT = timedelta(days=30)  # that the past of somebody discharged stays to be seen
_PARTICIPANT = "participant/"
_ANYBODY = "\0"  # stands for an id


def is_personal(feed: Feed) -> bool:
    """Says whether a calendar is published under an address instead of a name."""
    return feed.low or feed.rule.audience in {"lead", "participant"}


def shared(program: Program) -> tuple[Feed, ...]:
    """Returns the personal calendars that are not a participant's: of leads, and discreet ones of all."""
    return tuple(feed for feed in feeds(program) if is_personal(feed))


def named(program: Program) -> frozenset[str]:
    """Returns what sync files call the calendars that are published under a name."""
    return frozenset(feed.called for feed in feeds(program) if not is_personal(feed))


def has_personal(program: Program) -> bool:
    """Says whether a program has any personal calendar."""
    if program.participants and any(rule.audience == "participant" for rule in program.feeds):
        return True
    return any(rule.low or rule.audience == "lead" for rule in program.feeds) and bool(shared(program))


def names(program: Program) -> Iterator[str]:
    """Yields what sync files call the personal calendars."""
    yield from (feed.called for feed in shared(program))
    keys = Keys(program)
    for participant in program.participants:
        yield from keys.called(participant)


def is_of_participant(key: str) -> bool:
    """Says whether a key is that of a participant's calendar."""
    return key.startswith(_PARTICIPANT)


def participant_of(key: str) -> str:
    """Returns the id of the participant in the key of their calendar."""
    return key.split("/")[1].removesuffix("!file")


class Keys:
    """The keys and names of the calendars of participants, made quickly, as there may be very many."""

    def __init__(self, program: Program) -> None:
        found = participant_feeds(program, Participant(_ANYBODY, "", "", date.min))
        self._keys = tuple(feed.key.split(_ANYBODY) for feed in found)
        self._called = tuple(feed.called.split(_ANYBODY) for feed in found)

    def of(self, participant: Participant) -> tuple[str, ...]:
        """Returns the keys of one participant, in the order of the feeds."""
        return tuple([f"{before}{participant.id}{behind}" for before, behind in self._keys])

    @property
    def groups(self) -> tuple[str, ...]:
        """What sync files call these calendars without ids: a name for those of all participants."""
        return tuple("".join(each) for each in self._called)

    def called(self, participant: Participant) -> tuple[str, ...]:
        """Returns what sync files call these calendars."""
        return tuple([f"{before}{participant.id}{behind}" for before, behind in self._called])
