"""The book of all writes: what each row showed when the engine last wrote it, and which item each ref is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tests.fake_google import FakeGoogle
from tests.fake_google.state import Row
from tests.schedules.judge import Event, Terms, is_by_hand, is_doubled, touched
from tests.schedules.sight import Shown, changes, face, is_going, is_ours, ref_of, sessions, slots
from tests.schedules.wants import Key, ahead

DAY = timedelta(hours=24)


class Entry(NamedTuple):
    """One write: the row before and after, each None where there was or is none."""

    id: str
    before: Row | None
    after: Row | None


class Book:
    """Reads the history of the fake's calendar and objects to writes that must never be made."""

    def __init__(self, fake: FakeGoogle, calendar: str) -> None:
        self._fake, self._calendar = fake, calendar
        self._head: Any = fake.store.history
        self.faces: dict[str, object] = {}
        self.keys: dict[str, Key] = {}  # by ref
        self.complaints: list[str] = []

    @property
    def rows(self) -> dict[str, Row]:
        """All rows of the calendar."""
        return self._fake.store.calendars[self._calendar].rows

    def _news(self) -> list[Entry]:
        """Returns all writes since the last call, in their order."""
        found: list[Entry] = []
        later: dict[str, Row | None] = {}
        entry = self._fake.store.history
        while entry is not self._head and entry is not None:
            calendar, id, before, rest = entry
            if calendar == self._calendar:
                after = later[id] if id in later else self.rows.get(id)
                found.append(Entry(id, before, after))
                later[id] = before
            entry = rest
        self._head = self._fake.store.history
        return found[::-1]

    def person(self) -> None:
        """Takes note that all news are people's."""
        self._news()

    def engine(self, terms: Terms, at_start: Mapping[str, Row]) -> int:
        """Takes note that all news are the engine's; returns how many."""
        news = self._news()
        for entry in news:
            self._judge(entry, terms, at_start)
            if entry.after is not None and is_ours(entry.id):
                self.faces[entry.id] = face(entry.after)
        return len(news)

    def _object(self, entry: Entry, words: str) -> None:
        self.complaints.append(f"{entry.id}: {words}")

    def _judge(self, entry: Entry, terms: Terms, at_start: Mapping[str, Row]) -> None:
        id, before, after = entry
        if "_" in id:
            self._judge_instance(entry, terms, at_start)
            return
        if not is_ours(id) or (before and before.author == "person"):
            self._object(entry, "a write to an event of other people")
        elif after is None:
            self._object(entry, "a row was purged by the engine")
        elif before is None or before.cancelled:
            self._judge_insert(after, terms, at_start)
        else:
            self._judge_change(before, after, terms, at_start)

    def _judge_instance(self, entry: Entry, terms: Terms, at_start: Mapping[str, Row]) -> None:
        """Instances are only ever deleted: with their series, taken back, or where it no longer has them."""
        name = entry.id.partition("_")[0]
        master = self.rows.get(name)
        if entry.before is None or entry.after is None or not entry.after.cancelled:
            self._object(entry, "an instance was changed")
            return
        if terms.takes_back or master is None or master.cancelled or is_doubled(name, at_start, terms.now):
            return
        (was,) = changes(at_start.get(name, master), [entry.before])
        (now,) = changes(master, [entry.before])
        if was.differs or not now.strays:
            self._object(entry, "an instance was deleted, though nothing was to be taken back")

    def _judge_insert(self, row: Row, terms: Terms, at_start: Mapping[str, Row]) -> None:
        entry = Entry(row.id, None, row)
        shown = [slot.shown for slot in slots(row)]
        ref = ref_of(row.id)
        others = {key for known, key in self.keys.items() if known != ref}
        keys = [key for key in terms.wanted.whose(shown, "recurrence" in row.resource) if key not in others]
        if not keys:
            self._object(entry, f"it is no item of the program, or another's: {', '.join(map(str, shown))}")
            return
        key = self.keys.setdefault(ref, keys[0])
        if key not in keys:
            self._object(entry, f"its ref stood for {key}, now for {keys[0]}")
            return
        want = terms.wanted.items[key]
        if ahead(tuple(shown), terms.now) != ahead(want, terms.now):
            self._object(entry, "it does not show all sessions ahead, or others")
        held = [each for each in shown if each.start <= terms.now]
        if held and not terms.misled and not _is_filling(at_start, terms.now):
            self._object(entry, f"it shows sessions of the past: {held[0]}")
        if held and row.id[4:6] != "00":
            self._object(entry, f"begun anew, it shows sessions of the past: {held[0]}")

    def _judge_change(self, before: Row, after: Row, terms: Terms, at_start: Mapping[str, Row]) -> None:
        entry = Entry(after.id, before, after)
        # A session that people change meanwhile moves no etag of its series: nobody can notice.
        exceptions = tuple(row for row in at_start.values() if row.master == after.id)
        going = after.id in at_start and is_going(at_start[after.id])
        going = going or is_doubled(after.id, at_start, terms.now)
        if not terms.takes_back and is_by_hand(before, self.faces) and face(before) != face(after):
            self._object(entry, "people had changed it, and it was written")
        if after.cancelled:
            if not is_going(before):
                self._object(entry, "it was deleted without a mark")
            if not (terms.takes_back or going or terms.misled) and touched(
                Event(before, exceptions), terms.now
            ):
                self._object(entry, "people had changed one of its sessions, and it was deleted")
        held = _held(before, terms.now)
        lost = [] if after.cancelled and is_going(before) and not held else held - _held(after, terms.now)
        if lost:
            self._object(entry, f"a session that was held is no longer shown: {min(lost)}")
        if not after.cancelled and (new := _held(after, terms.now) - held):
            self._object(entry, f"a session of the past came: {min(new)}")


def _held(row: Row, now: datetime) -> set[Shown]:
    return {shown for shown in sessions(row, ()) if shown.start <= now}


def _is_filling(rows: Mapping[str, Row], now: datetime) -> bool:
    created = (row.resource["created"] for id, row in rows.items() if is_ours(id))
    return all(datetime.fromisoformat(text) > now - DAY for text in created)
