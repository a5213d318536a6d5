"""The slots of a discreet or busy feed: stretches of the day, as planned and as they take place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from iopcal.feeds import Feed
from iopcal.model import NOWHERE, STRETCH, WEEKDAYS, Appearance, Entry, Place, Program, Slot, Status
from iopcal.named_tuple import NamedTuple
from iopcal.sights import Sight, path_of
from iopcal.stretches import Day, Stretch, name_of, openings, stretches
from iopcal.wording import Wording


def stretch_slots(program: Program, feed: Feed, seen: Iterable[Sight]) -> tuple[Slot, ...]:
    """Returns the stretches that the feed shows, by original date, in order of start."""
    return _Stretches(program, feed, tuple(seen)).slots()


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
        self._opening = openings(feed, seen) if feed.rule.remind else frozenset()

    def slots(self) -> tuple[Slot, ...]:
        found = (slot for day, happening in self._days().items() for slot in self._of_day(day, happening))
        return tuple(sorted(found, key=lambda slot: (slot.real.start, slot.single)))

    def _days(self) -> dict[Day, _Happening]:
        days: dict[Day, _Happening] = {}

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

    def _of_day(self, day: Day, happening: _Happening) -> Iterator[Slot]:
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
        opens = any(name_of(sight.session) in self._opening for sight in stretch.opening)
        text = self._wording.of_stretch(stretch.seen)
        return Entry(stretch.seen[0].start, stretch.minutes, text, self._feed.rule.remind if opens else ())


def _stays(sight: Sight) -> bool:
    """Says whether a session is where the plan has it, be it held or not."""
    return sight.planned is not None and sight.real is not None and sight.real.start == sight.planned.start


def _cause(stretch: Stretch) -> Place:
    """Returns the first line that made a session of the stretch other than planned."""
    causes = (sight.session.cause for sight in stretch.sights)
    return next((cause for cause in causes if cause.line), NOWHERE)
