"""Participants: dated facts laid over a program. The group is the durable thing."""

from __future__ import annotations

from datetime import date

from iopcal.model.place import NOWHERE, Place, Span
from iopcal.named_tuple import NamedTuple

# On one day they come to pass in this order.
FACTS = ("track", "phase", "hold", "away", "discharge")


class Fact(NamedTuple):
    """Something that really happened on a participant's path.

    `kind` is one of FACTS; `value` is the id of the track or phase. `track`, `phase` and `discharge` have a
    span of one day: the first of the new, and the last of all.
    """

    kind: str
    span: Span
    value: str = ""
    place: Place = NOWHERE


class Placing(NamedTuple):
    """When a participant has a session of their own; `weekday` None: on the session's own days."""

    activity: str  # id
    weekday: int | None
    start: int  # clock
    leads: tuple[str, ...] | None = None  # None: the session's
    place: Place = NOWHERE


class Participant(NamedTuple):
    """One person on a path of their own, known by an opaque id."""

    id: str
    track: str  # id
    cohort: str  # id; '' when of none
    starts: date
    days: tuple[int, ...] = ()  # own weekdays, most important first; empty: as the track
    chosen: tuple[tuple[str, str], ...] = ()  # label of `one_of` and the session they attend
    placed: tuple[Placing, ...] = ()
    facts: tuple[Fact, ...] = ()  # in order of their first day, then as in FACTS
    place: Place = NOWHERE

    @property
    def discharged(self) -> date | None:
        """The last day of somebody who was discharged and has not come back."""
        last = None
        for fact in self.facts:
            if fact.kind == "discharge":
                last = fact.span.first
            elif fact.kind == "phase":
                last = None
        return last
