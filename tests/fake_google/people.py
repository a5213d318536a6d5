"""People who use the calendar by hand: they need no bearer and heed none of our rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.fake_google.bodies import merge, settle
from tests.fake_google.expansion import stamp_of
from tests.fake_google.recurrence import occurrences
from tests.fake_google.state import Calendar, Row
from tests.fake_google.times import parse_date_time, wall, zone_of
from tests.fake_google.writes import TIMES, remove, target

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

When = int | str | datetime


class People:
    """What people do; every act may stand in `fake.before(number, act)`."""

    def __init__(self, fake: FakeGoogle) -> None:
        self.fake = fake

    def _calendar(self, id: str) -> Calendar:
        return self.fake.store.calendars[id]

    def edit(self, calendar: str, id: str, **fields: Any) -> None:
        """Changes fields of an event or of an instance; None empties a field."""
        where = self._calendar(calendar)
        old, row, master = target(where, id)
        merged = merge(old, fields)
        if master is not None:
            merged.pop("recurrence", None)
        new = settle(merged, where, self.fake.switches)
        if any(old.get(name) != new.get(name) for name in TIMES):
            new["sequence"] = old.get("sequence", 0) + 1
        new.pop("updated", None)
        self.fake.put(where, new, master.author if master and row is None else "person")

    def delete(self, calendar: str, id: str) -> None:
        """Deletes an event, a series or an instance."""
        remove(self.fake, self._calendar(calendar), id)

    def undelete(self, calendar: str, id: str) -> None:
        """Takes an event back from the bin."""
        self.edit(calendar, id, status="confirmed")

    def instance(self, calendar: str, id: str, when: When) -> str:
        """Returns the id of an instance: `when` is its number, its wall time or its id."""
        row: Row = self._calendar(calendar).rows[id]
        start = row.resource["start"]
        if isinstance(when, str) and when.startswith(id):
            return when
        if isinstance(when, int):
            moment = occurrences(start, row.resource["recurrence"])[when]
        else:
            found = parse_date_time(when) if isinstance(when, str) else when
            if found is None:
                raise ValueError(f"{when!r} is no time")
            if found.tzinfo is not None:
                found = found.astimezone(zone_of(start.get("timeZone", "UTC"))).replace(tzinfo=None)
            moment = found
        return f"{id}_{stamp_of(moment, start)}"

    def move_instance(self, calendar: str, id: str, when: When, by: timedelta = timedelta(minutes=30)) -> str:
        """Moves one session of a series and returns its id."""
        name = self.instance(calendar, id, when)
        where = self._calendar(calendar)
        old = target(where, name)[0]
        moved: dict[str, Any] = {}
        for which in ("start", "end"):
            value = old[which]
            if "date" in value:
                moved[which] = {"date": f"{wall(value) + by:%Y-%m-%d}"}
            else:
                aware = datetime.fromisoformat(value["dateTime"]).astimezone(UTC) + by
                moved[which] = value | {"dateTime": aware.isoformat()}
        self.edit(calendar, name, **moved)
        return name

    def cancel_instance(self, calendar: str, id: str, when: When) -> str:
        """Deletes one session of a series and returns its id."""
        name = self.instance(calendar, id, when)
        self.delete(calendar, name)
        return name

    def add_foreign(self, calendar: str, summary: str = "Dentist of somebody", **fields: Any) -> str:
        """Adds an event that is no program's and returns its id; its texts must never be printed."""
        where = self._calendar(calendar)
        day = f"{self.fake.now() + timedelta(days=7):%Y-%m-%d}"
        body: dict[str, Any] = {
            "summary": summary,
            "start": {"dateTime": f"{day}T09:00:00", "timeZone": where.zone},
            "end": {"dateTime": f"{day}T10:00:00", "timeZone": where.zone},
        }
        organizer = fields.pop("organizer", None)
        id = fields.pop("id", None) or self.fake.new_id()
        settled = settle(body | fields, where, self.fake.switches)
        self.fake.store_new(where, id, settled, where.owner, "person", organizer)
        self.fake.canaries |= {str(settled[name]) for name in ("summary", "description") if name in settled}
        return id

    def copy_event(self, calendar: str, id: str, into: str | None = None) -> str:
        """Duplicates an event, its private properties too, and returns the new id."""
        where = self._calendar(into or calendar)
        old = target(self._calendar(calendar), id)[0]
        kept = ("summary", "description", "location", *TIMES, "visibility", "transparency", "colorId")
        body = {name: old[name] for name in (*kept, "extendedProperties", "reminders") if name in old}
        new = self.fake.new_id()
        settled = settle(body, where, self.fake.switches)
        self.fake.store_new(where, new, settled, where.owner, "person")
        return new
