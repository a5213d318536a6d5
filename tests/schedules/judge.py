"""The judge of one item: what a run must make of it; it shares no code with the engine.

It knows who wrote which row, since it looks at every write: see `book`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.fake_google.state import Row
from tests.schedules.sight import (
    Change,
    Rows,
    Shown,
    changes,
    face,
    is_going,
    is_ours,
    number_of,
    ref_of,
    sessions,
    slots,
)
from tests.schedules.wants import Wanted

Faces = Mapping[str, object]  # what each row showed when the engine last wrote it


class Terms(NamedTuple):
    """The terms of one run.

    `takes_back`: what people did is undone; `forgetful`: tombstones come bare, so that the engine may not
    know which it made itself; `misled`: a list that Google gives may leave out what is there.
    """

    wanted: Wanted
    now: datetime
    zone: ZoneInfo
    takes_back: bool = False
    forgetful: bool = False
    misled: bool = False


class Event(NamedTuple):
    """One row of ours with its exceptions."""

    row: Row
    exceptions: tuple[Row, ...]


class Verdict(NamedTuple):
    """What becomes of one item. `shown` are its sessions ahead, None where `left` rows stay as they are.

    `told`: whether it is reported as left alone, None where either is right. `was` and `shall` are the starts
    ahead before and after, for the brake; both are empty for what is left alone.
    """

    shown: tuple[Shown, ...] | None
    told: bool | None
    left: tuple[str, ...] = ()
    was: tuple[datetime, ...] = ()
    shall: tuple[datetime, ...] = ()
    either: bool = False  # all of `shown`, or nothing and told


def events_of(rows: Rows) -> dict[str, list[Event]]:
    """Returns our rows by ref, those with the highest number last."""
    exceptions: dict[str, list[Row]] = {}
    for row in rows.values():
        if row.master:
            exceptions.setdefault(row.master, []).append(row)
    found: dict[str, list[Event]] = {}
    for id, row in rows.items():
        if is_ours(id) and row.author != "person":
            found.setdefault(ref_of(id), []).append(Event(row, tuple(exceptions.get(id, ()))))
    for events in found.values():
        events.sort(key=lambda event: number_of(event.row.id))
    return found


def is_by_hand(row: Row, faces: Faces) -> bool:
    """Says whether a live row shows something else than the engine wrote."""
    return not row.cancelled and not is_going(row) and face(row) != faces[row.id]


def touched(event: Event, now: datetime) -> list[Change]:
    """Returns the sessions ahead of a live series that people changed, moved or cancelled."""
    if event.row.cancelled:
        return []
    return [
        change
        for change in changes(event.row, event.exceptions)
        if change.differs
        and max(change.original, change.shown.start if change.shown else change.original) > now
        and not (change.shown is None and change.strays)
    ]


def verdict(events: Sequence[Event], want: tuple[Shown, ...], faces: Faces, terms: Terms) -> Verdict:
    """Returns what becomes of an item whose sessions ahead are `want`."""
    *lower, newest = events
    result = _newest(newest, want, faces, terms)
    doubled = bool(_originals(newest.row, terms.now))
    for event in lower:
        result = _with_lower(result, event, doubled, faces, terms)
    return result


def is_doubled(name: str, rows: Rows, now: datetime) -> bool:
    """Says whether a later number of the same item shows sessions ahead, too."""
    return any(
        is_ours(id) and ref_of(id) == ref_of(name) and id > name and _originals(other, now)
        for id, other in rows.items()
    )


def _originals(row: Row, now: datetime) -> tuple[datetime, ...]:
    return tuple(slot.original for slot in slots(row) if slot.original > now)


def shown_ahead(event: Event, now: datetime) -> tuple[Shown, ...]:
    """Returns the sessions that a live event shows later than now."""
    return tuple(each for each in sessions(*event) if each.start > now)


def _left_alone(event: Event) -> Verdict:
    return Verdict(None, True, (event.row.id, *(row.id for row in event.exceptions)))


def _with_lower(result: Verdict, event: Event, doubled: bool, faces: Faces, terms: Terms) -> Verdict:
    """Adds an event with a lower number: it is closed, unless people changed it.

    Where they changed single sessions only, it is closed all the same if the later number shows them, too.
    """
    if event.row.cancelled:
        return result
    was = _originals(event.row, terms.now)
    hand = (was and is_by_hand(event.row, faces)) or (not doubled and touched(event, terms.now))
    if not hand or is_going(event.row) or terms.takes_back:
        return result._replace(was=(*result.was, *was))
    left = (*result.left, *_left_alone(event).left)
    shown = None if result.shown is None else tuple(sorted((*result.shown, *shown_ahead(event, terms.now))))
    return result._replace(shown=shown, told=True, left=left)


def _newest(event: Event, want: tuple[Shown, ...], faces: Faces, terms: Terms) -> Verdict:
    row, now = event.row, terms.now
    shall = tuple(each.start for each in want)
    fresh = Verdict(want, False, (), (), shall)
    if row.cancelled:
        if not want:
            return fresh
        if is_going(row) or terms.takes_back:
            return fresh._replace(either=terms.forgetful and not terms.takes_back)
        return Verdict((), True)
    was, hands = _originals(row, now), touched(event, now)
    if not (want or was or hands):
        return Verdict((), False, (row.id,))
    fresh = fresh._replace(was=was)
    if is_by_hand(row, faces):
        series = tuple(slot.shown for slot in slots(row) if slot.original > now)
        if series == want and _words(row) == _words_of(faces[row.id]) and not (hands and terms.takes_back):
            left = tuple(each.id for each in event.exceptions)
            return Verdict(shown_ahead(event, now), True if hands else None, left, was, was)
        return fresh if terms.takes_back else _left_alone(event)
    if hands and not terms.takes_back:
        return _with_hands(event, want, hands, was, terms)
    if hands or not want or not event.exceptions or not _stays_one_series(row, want, terms):
        return fresh
    return _with_old_hands(event, fresh, want)


def _stays_one_series(row: Row, want: tuple[Shown, ...], terms: Terms) -> bool:
    """Says whether a series goes on under its number: no session was held, or only dates differ."""
    series = slots(row)
    alike = _looks(terms, (slot.shown for slot in series)) == _looks(terms, want)
    return alike or not any(slot.original <= terms.now for slot in series)


def _with_old_hands(event: Event, fresh: Verdict, want: tuple[Shown, ...]) -> Verdict:
    """Judges a series with sessions that people changed and changed back: Google keeps them apart for good.

    They do not change with their series, and those that people cancelled where it had ended stay away. Those
    that it no longer has are removed.
    """
    kept = {change.original: change.shown for change in changes(event.row, event.exceptions)}
    found = [kept.get(each.start, each) for each in want]
    return fresh._replace(shown=tuple(sorted(each for each in found if each)), told=found != list(want))


def _words(row: Row) -> object:
    return _words_of(face(row))


def _words_of(shown: object) -> object:
    """Returns description, visibility, transparency and status of a face."""
    assert isinstance(shown, tuple)
    return (shown[1], *shown[6:])


def _with_hands(
    event: Event, want: tuple[Shown, ...], hands: Sequence[Change], was: tuple[datetime, ...], terms: Terms
) -> Verdict:
    """Judges a series some of whose sessions people changed: a change is made if it leaves those in place."""
    series = slots(event.row)
    if not want:
        return _left_alone(event)
    starts = {each.start for each in want}
    alike = _looks(terms, (slot.shown for slot in series)) == _looks(terms, want)
    held = {slot.original for slot in series if slot.original <= terms.now}
    if not _stays_one_series(event.row, want, terms):
        return _left_alone(event)
    for change in hands:
        gone = change.original not in starts | held
        if gone and not (alike and change.shown is None):
            return _left_alone(event)
    known = changes(event.row, event.exceptions)
    replaced = {change.original for change in known}
    kept = [each for each in known if each in hands or each.original in starts]
    shown = [each.shown for each in kept if each.shown and each.shown.start > terms.now]
    shown = sorted([each for each in want if each.start not in replaced] + shown)
    left = tuple(each.id for each in kept)
    # Where the program cancels what people cancelled, there is nothing left to tell.
    told = any(each.shown or each.original in starts for each in hands)
    return Verdict(tuple(shown), told, left, was, tuple(starts))


def _looks(terms: Terms, shown: Iterable[Shown]) -> set[object]:
    """Returns what sessions have in common but for their dates."""
    found = set()
    for each in shown:
        local = each.start.astimezone(terms.zone)
        found.add((local.time(), local.weekday(), each[1:]))
    return found
