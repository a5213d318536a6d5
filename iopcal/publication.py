"""What one feed shall show now: the program's sessions, and what subscribers have already seen of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from iopcal.feeds import Feed
from iopcal.fold import fold, parts
from iopcal.model import SESSION, STRETCH, Calendar, Program, Session, Slot, Status
from iopcal.named_tuple import NamedTuple
from iopcal.slots import slots
from iopcal.targets.published import Published, PublishedEvent
from iopcal.targets.uid import uid
from iopcal.targets.vtimezone import Objection, objection

Uids = Callable[[tuple[str, ...]], str]


class Publication(NamedTuple):
    """One feed as it shall be published: its calendar and the slots behind it.

    `unsettled` says why the feed is told in UTC, if it is. `uids` gives every key of it its UID.
    """

    feed: Feed
    calendar: Calendar
    slots: tuple[Slot, ...]
    unsettled: Objection | None
    uids: Uids = uid


def publication(
    program: Program,
    feed: Feed,
    sessions: Iterable[Session],
    published: Published | None,
    now: datetime,
    flat: bool = False,
    secret: bytes = b"",
) -> Publication:
    """Returns the feed as it shall be published over `published` at `now` (an aware time).

    `secret` hides the keys of the UIDs of a discreet or busy feed.
    """
    zone = ZoneInfo(program.zone)
    planned = slots(program, feed, sessions)
    uids = partial(uid, secret=secret) if secret and feed.low else uid
    shown = tuple(_shown(planned, published, now.astimezone(zone), program.keep_cancelled, uids))
    unsettled = None
    if shown:
        first = min(slot.real.start for slot in shown).date()
        last = max(slot.real.end for slot in shown).date()
        unsettled = objection(program.zone, first, last)
    events = fold(shown, flat=flat or feed.rule.flat or unsettled is not None)
    utc = unsettled is not None
    calendar = Calendar(feed.name, program.zone, events, utc, neutral=feed.low, file=feed.rule.file)
    return Publication(feed, calendar, shown, unsettled, uids)


def _shown(
    planned: Iterable[Slot], published: Published | None, now: datetime, keep: int, uids: Uids
) -> Iterable[Slot]:
    """Yields the slots with what subscribers shall see of those that do not take place.

    `cancel: true` shows until `keep` days after its date. A closed one shows as long, as cancelled, where
    the published file has it live and ahead of now, or cancelled already.
    """
    planned = tuple(planned)
    closed = {slot.item for slot in planned if slot.status is Status.CLOSED}
    series = _series_of((slot for slot in planned if published and slot.item in closed), uids)
    for slot in planned:
        if slot.hidden or slot.status not in (Status.CANCELLED, Status.CLOSED):
            yield slot
        elif now.date() > slot.real.start.date() + timedelta(days=keep):
            yield slot._replace(status=Status.CLOSED)
        elif slot.status is Status.CLOSED and published and _seen(slot, published, series, now, uids):
            yield slot._replace(status=Status.CANCELLED)
        else:
            yield slot


def _series_of(planned: Iterable[Slot], uids: Uids) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Returns the UIDs of all series of an item, by item."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for key, _ in parts(planned):
        found[key[:-1]] = (*found.get(key[:-1], ()), uids(key))
    return found


def _seen(
    slot: Slot,
    published: Published,
    series: Mapping[tuple[str, ...], tuple[str, ...]],
    now: datetime,
    uids: Uids,
) -> bool:
    """Says whether subscribers see this closed slot: live and ahead of now, or cancelled.

    A day may have two stretches: that which was published at the same time of day is meant.
    """
    single = published.events.get(uids(slot.single))
    if single is not None:
        return single.cancelled or single.start > now
    members = (published.events.get(name) for name in series.get(slot.item, ()))
    clock = slot.real.start.time() if slot.item[SESSION] == STRETCH else None
    return any(
        _is_ahead(event, slot.date, now)
        for event in members
        if event is not None and clock in (None, event.start.time())
    )


def _is_ahead(event: PublishedEvent, day: date, now: datetime) -> bool:
    """Says whether a published series takes place on `day`, and then only after `now`."""
    start = event.start.replace(year=day.year, month=day.month, day=day.day)
    return start > now and day in event.live_dates()
