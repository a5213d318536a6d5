"""The planned occurrences that a feed shows, each with what it says: sessions, or stretches of the day."""

from __future__ import annotations

from collections.abc import Iterable

from iopcal.feeds import Feed
from iopcal.model import WEEKDAYS, Appearance, Entry, Program, Session, Slot, Status
from iopcal.sights import Sight, path_of, sights
from iopcal.wording import Wording


def slots(program: Program, feed: Feed, sessions: Iterable[Session]) -> tuple[Slot, ...]:
    """Returns the planned occurrences that the feed shows, each with what it says, in order of start.

    `sessions` come in order of start. Of participants they hold those they placed, for feeds of staff, or
    all of one participant, for their own feed.
    """
    seen = sights(feed, sessions)
    if feed.low:
        from iopcal.stretch_slots import stretch_slots

        return stretch_slots(program, feed, seen)
    return _Sessions(program, feed, tuple(seen)).slots()


class _Sessions:
    """The slots of a feed that tells every session by itself."""

    def __init__(self, program: Program, feed: Feed, seen: tuple[Sight, ...]) -> None:
        self._feed, self._seen = feed, seen
        self._head = ("1", program.id, feed.key)
        self._say = Wording(program, feed).of_session
        self._remind = feed.rule.remind
        if self._remind:
            from iopcal.stretches import name_of, openings

            self._name, self._opening = name_of, openings(feed, seen)

    def slots(self) -> tuple[Slot, ...]:
        return tuple([self._slot(sight) for sight in self._seen])

    def _slot(self, sight: Sight) -> Slot:
        session, planned_look, real_look = sight
        activity, day = session.activity, session.date
        head = (*self._head, *path_of(self._feed, session.path))
        item = (
            *head, "series", activity.id, session.phase or "-", str(session.turn), WEEKDAYS[day.weekday()]
        )  # fmt: skip
        single = (*head, "day", activity.id, day.isoformat(), "1")
        alarms = self._remind if self._remind and self._name(session) in self._opening else ()
        planned = self._entry(session, planned_look, alarms) if planned_look else None
        if planned and (
            real_look is None or (real_look is planned_look and session.status is Status.CONFIRMED)
        ):
            real = planned
        else:
            why = "" if session.held else session.why
            real = self._entry(session, real_look or session.real, alarms, why)
        # A topic that is put in or postponed would cut a series anew: a session that has any is singles.
        alone = activity.topics is not None or bool(activity.monthly) or planned is None
        hidden = real_look is None
        return Slot(item, single, day, planned, real, session.status, alone, session.cause, hidden)

    def _entry(self, session: Session, seen: Appearance, alarms: tuple[int, ...], why: str = "") -> Entry:
        text = self._say(session.activity, seen, session.phase, why)
        return Entry(seen.start, seen.minutes, text, alarms)
