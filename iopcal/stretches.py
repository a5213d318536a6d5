"""The stretches of a day: sessions less than 20 minutes apart, told as one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from iopcal.feeds import Feed
from iopcal.model import Appearance, Session
from iopcal.named_tuple import NamedTuple
from iopcal.sights import Sight, path_of

Day = tuple[tuple[str, str, str], date]  # of one path
APART = 20 * 60  # seconds between two sessions that are of two stretches


class Stretch(NamedTuple):
    """Sessions of one day and path, one after the other; `seen` are their appearances, in the same order."""

    sights: tuple[Sight, ...]
    seen: tuple[Appearance, ...]
    begins: float  # seconds of UTC
    ends: float

    @property
    def minutes(self) -> int:
        """How long it lasts, on a stop-watch."""
        return round(self.ends - self.begins) // 60

    @property
    def opening(self) -> tuple[Sight, ...]:
        """The sessions that begin it."""
        start = self.seen[0].start
        both = zip(self.sights, self.seen, strict=True)
        return tuple(sight for sight, seen in both if seen.start == start)

    def meets(self, other: Stretch) -> bool:
        """Says whether the two would be one stretch."""
        return self.begins - other.ends < APART and other.begins - self.ends < APART


def stretches(members: Iterable[tuple[Sight, Appearance]]) -> tuple[Stretch, ...]:
    """Returns the stretches of the sessions of one day and path, in order of start.

    The order of the sessions in the program makes no difference.
    """
    found: list[Stretch] = []
    for sight, seen in sorted(members, key=_order):
        begins, ends = seen.start.timestamp(), seen.end.timestamp()
        if found and begins - found[-1].ends < APART:
            last = found[-1]
            found[-1] = Stretch((*last.sights, sight), (*last.seen, seen), last.begins, max(last.ends, ends))
        else:
            found.append(Stretch((sight,), (seen,), begins, ends))
    return tuple(found)


def _order(member: tuple[Sight, Appearance]) -> tuple[object, ...]:
    sight, seen = member
    return seen.start, seen.minutes, sight.session.activity.id


def openings(feed: Feed, seen: Iterable[Sight]) -> frozenset[tuple[object, ...]]:
    """Returns the names of the sessions that open a stretch of the plain timetable."""
    days: dict[Day, list[tuple[Sight, Appearance]]] = {}
    for sight in seen:
        if sight.planned:
            day = (path_of(feed, sight.session.path), sight.planned.start.date())
            days.setdefault(day, []).append((sight, sight.planned))
    found = (stretch for members in days.values() for stretch in stretches(members))
    return frozenset(name_of(sight.session) for stretch in found for sight in stretch.opening)


def name_of(session: Session) -> tuple[object, ...]:
    """Returns what tells a session from all others of a program."""
    return session.path, session.activity.id, session.date
