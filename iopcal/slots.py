"""The planned occurrences that a feed shows, each with what it says: sessions, or stretches of the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from iopcal.feeds import Feed
from iopcal.model import NOWHERE, WEEKDAYS, Appearance, Entry, Place, Program, Session, Slot, Status
from iopcal.named_tuple import NamedTuple
from iopcal.sights import Sight, path_of, sights
from iopcal.stretches import Stretch, stretches
from iopcal.wording import Wording

SESSION = 7  # the field of an identity that names the session
STRETCH = "*"  # stands there for a stretch of the day

_Day = tuple[tuple[str, str, str], date]  # of one path


def slots(program: Program, feed: Feed, sessions: Iterable[Session]) -> tuple[Slot, ...]:
    """Returns the planned occurrences that the feed shows, each with what it says, in order of start.

    `sessions` come in order of start. Of participants they hold those they placed, for feeds of staff, or
    all of one participant, for their own feed.
    """
    seen = tuple(sights(feed, sessions))
    if feed.low:
        return _Stretches(program, feed, seen).slots()
    return _Sessions(program, feed, seen).slots()


class _Sessions:
    """The slots of a feed that tells every session by itself."""

    def __init__(self, program: Program, feed: Feed, seen: tuple[Sight, ...]) -> None:
        self._feed, self._seen = feed, seen
        self._head = ("1", program.id, feed.key)
        self._wording = Wording(program, feed)
        self._opening = _openings(feed, seen) if feed.rule.remind else frozenset()

    def slots(self) -> tuple[Slot, ...]:
        return tuple(self._slot(sight) for sight in self._seen)

    def _slot(self, sight: Sight) -> Slot:
        session, planned_look, real_look = sight
        activity = session.activity
        head = (*self._head, *path_of(self._feed, session.path))
        weekday = WEEKDAYS[session.date.weekday()]
        item = (*head, "series", activity.id, session.phase or "-", str(session.turn), weekday)
        single = (*head, "day", activity.id, session.date.isoformat(), "1")
        alarms = self._feed.rule.remind if _name(session) in self._opening else ()
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
        return Slot(
            item, single, session.date, planned, real, session.status, alone, session.cause,
            hidden=real_look is None,
        )  # fmt: skip

    def _entry(self, session: Session, seen: Appearance, alarms: tuple[int, ...], why: str = "") -> Entry:
        text = self._wording.of_session(session.activity, seen, session.phase, why)
        return Entry(seen.start, seen.minutes, text, alarms)


class _Happening(NamedTuple):
    """What takes place on one day of one path, or would."""

    planned: list[tuple[Sight, Appearance]]
    held: list[tuple[Sight, Appearance]]
    lost: list[tuple[Sight, Appearance]]  # moved here, or added, and then cancelled or closed


class _Stretches:
    """The slots of a feed that tells stretches of the day."""

    def __init__(self, program: Program, feed: Feed, seen: tuple[Sight, ...]) -> None:
        self._feed, self._seen = feed, seen
        self._head = ("1", program.id, feed.key)
        self._wording = Wording(program, feed)
        self._opening = _openings(feed, seen) if feed.rule.remind else frozenset()

    def slots(self) -> tuple[Slot, ...]:
        found = (slot for day, happening in self._days().items() for slot in self._of_day(day, happening))
        return tuple(sorted(found, key=lambda slot: (slot.real.start, slot.single)))

    def _days(self) -> dict[_Day, _Happening]:
        days: dict[_Day, _Happening] = {}

        def on(sight: Sight, day: date) -> _Happening:
            key = (path_of(self._feed, sight.session.path), day)
            return days.setdefault(key, _Happening([], [], []))

        for sight in self._seen:
            planned, real = sight.planned, sight.real
            if planned:
                on(sight, planned.start.date()).planned.append((sight, planned))
            if real and sight.session.held:
                on(sight, real.start.date()).held.append((sight, real))
            elif real and not _stays(sight):
                on(sight, real.start.date()).lost.append((sight, real))
        return days

    def _of_day(self, day: _Day, happening: _Happening) -> Iterator[Slot]:
        """Yields the slots of a day: its stretches as planned, numbered, then those that the plan has not."""
        path, when = day
        head = (*self._head, *path)
        item = (*head, "series", STRETCH, "-", "1", WEEKDAYS[when.weekday()])
        single = (*head, "day", STRETCH, when.isoformat())
        held = stretches(happening.held)
        further = {self._entry(stretch)[:3]: stretch for stretch in held}
        for number, stretch in enumerate(stretches(happening.planned), 1):
            entry, cause = self._entry(stretch), _cause(stretch)
            live = further.pop(entry[:3], None) is not None
            status = Status.CONFIRMED if live else self._fate(stretch)
            yield Slot(
                item, (*single, str(number)), when, entry, entry, status or Status.CLOSED, False, cause,
                hidden=status is None,
            )  # fmt: skip
        lost = [each for each in stretches(happening.lost) if not any(map(each.meets, held))]
        others = sorted((*further.values(), *lost), key=lambda each: (each.begins, each.ends))
        for number, stretch in enumerate(others, 1):
            entry = self._entry(stretch)
            status = Status.CONFIRMED if stretch.sights[0].held else self._fate(stretch, moved=True)
            yield Slot(
                item, (*single, f"+{number}"), when, None, entry, status or Status.CLOSED, True,
                _cause(stretch), hidden=status is None,
            )  # fmt: skip

    def _fate(self, stretch: Stretch, moved: bool = False) -> Status | None:
        """Says whether all of a stretch is cancelled, or closed; None where no more can be told than its end.

        A part of it takes place, or is moved: that is a stretch of its own.
        """
        if self._feed.rule.privacy == "busy":
            return None
        sights = stretch.sights
        if any(sight.real is None or sight.session.held or not (moved or _stays(sight)) for sight in sights):
            return None
        cancelled = all(sight.session.status is Status.CANCELLED for sight in sights)
        return Status.CANCELLED if cancelled else Status.CLOSED

    def _entry(self, stretch: Stretch) -> Entry:
        """Returns what the feed says; it reminds where the stretch begins as one of the plan does."""
        opens = any(_name(sight.session) in self._opening for sight in stretch.opening)
        text = self._wording.of_stretch(stretch.seen)
        return Entry(stretch.seen[0].start, stretch.minutes, text, self._feed.rule.remind if opens else ())


def _openings(feed: Feed, seen: Iterable[Sight]) -> frozenset[tuple[object, ...]]:
    """Returns the names of the sessions that open a stretch of the plain timetable."""
    days: dict[_Day, list[tuple[Sight, Appearance]]] = {}
    for sight in seen:
        if sight.planned:
            day = (path_of(feed, sight.session.path), sight.planned.start.date())
            days.setdefault(day, []).append((sight, sight.planned))
    found = (stretch for members in days.values() for stretch in stretches(members))
    return frozenset(_name(sight.session) for stretch in found for sight in stretch.opening)


def _name(session: Session) -> tuple[object, ...]:
    return session.path, session.activity.id, session.date


def _stays(sight: Sight) -> bool:
    """Says whether a session is where the plan has it, be it held or not."""
    return sight.planned is not None and sight.real is not None and sight.real.start == sight.planned.start


def _cause(stretch: Stretch) -> Place:
    """Returns the first line that made a session of the stretch other than planned."""
    causes = (sight.session.cause for sight in stretch.sights)
    return next((cause for cause in causes if cause.line), NOWHERE)
