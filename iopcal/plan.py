"""What a run would change, in sessions; and the brake that refuses a frightening one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum

from iopcal.brake import frightening
from iopcal.fold import parts
from iopcal.model import NOWHERE, SESSION, STRETCH, Place
from iopcal.named_tuple import NamedTuple
from iopcal.publication import Publication
from iopcal.renames import Rename, renames
from iopcal.targets.published import Published

# One session, whatever calendar shows it: the fields of its identity from the path on, and its date; of a
# stretch of the day its number among those of the day as well; of one that the program no longer has, its
# times, and a number among those that share them.
Identity = tuple[str, ...]


class Verb(Enum):
    """What happens to one session in what subscribers see."""

    ADDED = "added"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    REMOVED = "removed"


class Shown(NamedTuple):
    """One session as a calendar shows it; `texts` are the content lines of all else that it says."""

    start: datetime
    end: datetime
    title: str
    cancelled: bool
    texts: tuple[str, ...]
    cause: Place  # the line that made it other than planned


class Change(NamedTuple):
    """One session before and after; None where it is not shown."""

    verb: Verb
    identity: Identity
    before: Shown | None
    after: Shown | None


class Plan(NamedTuple):
    """What publishing one feed would change. `ahead` sessions of the published file lie ahead of now.

    `going` of them go: their date loses them. `emptied` counts the sessions of a file that would show none
    any more, else 0. `new`: there is no published file. `reshaped`: every entry gets another identity, as
    weekly series become single events or the other way round.
    """

    feed: str
    changes: tuple[Change, ...]
    kept: int
    held: int
    ahead: int
    going: int
    emptied: int
    new: bool
    reshaped: bool
    renames: tuple[Rename, ...]

    @property
    def frightening(self) -> bool:
        """Whether so many of the sessions ahead go that a person must say yes."""
        return self.emptied > 0 or frightening(self.going, self.ahead)


def plan(publication: Publication, published: Published | None, wanted: Published, now: datetime) -> Plan:
    """Returns what publishing `wanted` at `now` (aware) would change against `published` (None: no file)."""
    uids = publication.uids
    known = {uids(slot.single): slot.single for slot in publication.slots}
    known |= {uids(key): key for key, _ in parts(publication.slots)}
    causes: dict[Identity, Place] = {}
    for slot in publication.slots:
        identity = _identity(slot.single, slot.date)
        if not causes.get(identity, NOWHERE).line:
            causes[identity] = slot.cause
    after_all = dict(_sessions(wanted, known, causes))
    before_all = dict(_sessions(published, known, causes)) if published else {}
    changes = []
    kept = held = 0
    everything = before_all | after_all
    for identity in sorted(everything, key=lambda each: (everything[each].start, each)):
        before, after = before_all.get(identity), after_all.get(identity)
        verb = _verb(before, after)
        if verb is not None:
            changes.append(Change(verb, identity, before, after))
        elif after is not None and not after.cancelled:
            kept += 1
            held += after.start <= now
    was, shall = _ahead(before_all.values(), now), _ahead(after_all.values(), now)
    return Plan(
        publication.feed.key,
        tuple(changes),
        kept,
        held,
        ahead=was.total(),
        going=(was - shall).total(),
        emptied=0 if after_all else sum(not each.cancelled for each in before_all.values()),
        new=published is None,
        reshaped=_is_reshaped(published, wanted),
        renames=renames(publication.slots, published) if published and not publication.feed.low else (),
    )


def _is_reshaped(published: Published | None, wanted: Published) -> bool:
    """Says whether weekly series were published and single events shall be, or the other way round."""
    if published is None or not published.events or not wanted.events:
        return False
    was, shall = (any(event.every for event in each.events.values()) for each in (published, wanted))
    return was != shall and published.events.keys().isdisjoint(wanted.events)


def _verb(before: Shown | None, after: Shown | None) -> Verb | None:
    if before is None or after is None:
        if before is None and after is not None:
            return Verb.CANCELLED if after.cancelled else Verb.ADDED
        return None if before is None or before.cancelled else Verb.REMOVED
    if before.cancelled != after.cancelled:
        return Verb.CANCELLED if after.cancelled else Verb.ADDED
    if before.start != after.start:
        return Verb.MOVED
    same = before.end == after.end and before.title == after.title and before.texts == after.texts
    return None if same else Verb.CHANGED


def _ahead(shown: Iterable[Shown], now: datetime) -> Counter[date]:
    return Counter(each.start.date() for each in shown if not each.cancelled and each.start > now)


def _identity(key: tuple[str, ...], day: date) -> Identity:
    """Returns who a session of this series or single is: path, session and original date."""
    original = key[8] if key[6] == "day" else day.isoformat()
    return (*key[3:6], key[SESSION], original)


def shown(published: Published) -> tuple[Shown, ...]:
    """Returns every session that a file shows as taking place."""
    return tuple(each for _, each in _sessions(published, {}, {}) if not each.cancelled)


def _sessions(
    published: Published, known: Mapping[str, tuple[str, ...]], causes: Mapping[Identity, Place]
) -> Iterator[tuple[Identity, Shown]]:
    """Yields what a file shows, named by what we know of its UIDs, else by its times, as in other files."""
    alike: Counter[Identity] = Counter()
    for start, day, name in sorted(_dated(published)):
        event, key = published.events[name], known.get(name)
        end = start + (event.end - event.start)
        identity = _identity(key, day) if key else (start.isoformat(), end.isoformat())
        cause = causes.get(identity, NOWHERE)
        if not key or key[SESSION] == STRETCH:
            alike[identity] += 1
            identity = (*identity, str(alike[identity]))
        yield identity, Shown(start, end, event.summary, event.cancelled, event.texts, cause)


def _dated(published: Published) -> Iterator[tuple[datetime, date, str]]:
    """Yields every session that a file shows: its start, its date and the name of its event."""
    for name, event in published.events.items():
        for day in event.live_dates() or (event.start.date(),):
            yield event.start.replace(year=day.year, month=day.month, day=day.day), day, name
