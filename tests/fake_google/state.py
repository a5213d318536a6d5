"""What the fake keeps: calendars and their rows, each write counted by one number."""

from __future__ import annotations

import copy
from typing import Any

from tests.fake_google.messages import not_found

Resource = dict[str, Any]
LEVELS = ("freeBusyReader", "reader", "writer", "owner")
FIRST_ETAG = 3_600_000_000_000_000


class Row:
    """One event, series, changed instance or tombstone; never changed, only replaced."""

    __slots__ = ("author", "resource", "seq", "texts", "written")

    def __init__(self, resource: Resource, seq: int, author: str, written: float) -> None:
        self.resource = resource
        self.seq = seq
        self.author = author  # "client" or "person": who made it first
        self.written = written  # seconds of the clock, for the age of tombstones
        self.texts: dict[Any, str] = {}  # JSON by mask and zone, made when first asked for

    @property
    def id(self) -> str:
        return str(self.resource["id"])

    @property
    def cancelled(self) -> bool:
        return bool(self.resource["status"] == "cancelled")

    @property
    def master(self) -> str | None:
        return self.resource.get("recurringEventId")


class Calendar:
    """One calendar; `rows` are in the order of their last write."""

    def __init__(self, id: str, summary: str, zone: str, owner: str, made_by_client: bool, seq: int) -> None:
        self.id = id
        self.summary = summary
        self.zone = zone
        self.owner = owner
        self.made_by_client = made_by_client
        self.description = ""
        self.acl: dict[str, str] = {}  # user, or "default" -> role
        self.rows: dict[str, Row] = {}
        self.buried: frozenset[str] = frozenset()  # ids of tombstones that went; never to be used again
        self.min_seq = 0  # sync tokens below it are refused
        self.seq = seq  # of its last change
        self.updated = ""

    def copy(self) -> Calendar:
        twin = copy.copy(self)
        twin.acl = dict(self.acl)
        twin.rows = dict(self.rows)
        return twin

    def newer(self, seq: int) -> list[Row]:
        """Returns the rows that were written after a number, in that order."""
        found = []
        for row in reversed(self.rows.values()):
            if row.seq <= seq:
                break
            found.append(row)
        found.reverse()
        return found

    def role(self, user: str) -> str | None:
        """Returns the highest role of a user, None where the calendar is not visible."""
        if user == self.owner:
            return "owner"
        roles = [role for role in (self.acl.get(user), self.acl.get("default")) if role in LEVELS]
        return max(roles, key=LEVELS.index) if roles else None


class Store:
    """All calendars, and `seq`, which counts writes."""

    def __init__(self) -> None:
        self.calendars: dict[str, Calendar] = {}
        self.seq = 0
        self.made = 0  # by calendars.insert; deleting gives nothing back
        # A list that shares its tail with older ones: (calendar, event, row before, the rest).
        self.history: tuple[Any, ...] | None = None

    def copy(self) -> Store:
        twin = copy.copy(self)
        twin.calendars = {id: calendar.copy() for id, calendar in self.calendars.items()}
        return twin

    def calendar(self, id: str, user: str, zone: str = "UTC") -> Calendar:
        """Returns a calendar; `primary` is the user's own. Raises `ApiError` 404."""
        if id == "primary":
            id = user
        if id == user and id not in self.calendars:
            self.seq += 1
            self.calendars[id] = Calendar(id, id, zone, user, False, self.seq)
        if id not in self.calendars:
            raise not_found()
        return self.calendars[id]

    def touch(self, calendar: Calendar) -> int:
        """Counts a write to a calendar."""
        self.seq += 1
        calendar.seq = self.seq
        return self.seq

    def put(self, calendar: Calendar, resource: Resource, now: str, seconds: float, author: str = "") -> Row:
        """Stores a row; its etag and place move. `author` is kept where the row is known."""
        id = resource["id"]
        before = calendar.rows.pop(id, None)
        seq = self.touch(calendar)
        self.history = (calendar.id, id, before, self.history)
        if "updated" not in resource:
            resource["updated"] = now
        calendar.updated = now
        resource["etag"] = etag_of(seq)
        row = Row(resource, seq, before.author if before else author, seconds)
        calendar.rows[id] = row
        return row

    def rows_before(self, calendar: Calendar, writes: int) -> tuple[list[Row], int]:
        """Returns the rows of a calendar as they were some writes to it ago, and the number then."""
        rows, seq, history = dict(calendar.rows), self.seq, self.history
        while writes and history is not None:
            where, id, row, history = history
            if where != calendar.id:
                continue
            seq = min(seq, rows[id].seq - 1) if id in rows else seq
            if row is None:
                rows.pop(id, None)
            else:
                rows[id] = row
            writes -= 1
        return sorted(rows.values(), key=lambda row: row.seq), seq


def etag_of(seq: int) -> str:
    """Returns the etag of the write with a number."""
    return f'"{FIRST_ETAG + 2000 * seq}"'


def used(calendar: Calendar, id: str) -> bool:
    """Says whether an id is, or ever was, an event's."""
    return id in calendar.rows or id in calendar.buried
