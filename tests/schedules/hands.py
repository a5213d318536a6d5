"""People at work in the calendar: each act does something that their program lets them do."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from tests.fake_google import FakeGoogle
from tests.fake_google.messages import ApiError
from tests.fake_google.state import Row
from tests.schedules.book import Book
from tests.schedules.sight import VISIBLE, is_ours, slots
from tests.schedules.steps import Hand


def _suits(act: str, row: Row) -> bool:
    """Says whether something can be done to a row."""
    if act == "restore_instance":
        return row.master is not None and not row.cancelled
    if not is_ours(row.id) or row.cancelled != (act == "undelete"):
        return False
    return "recurrence" in row.resource or not act.endswith("instance")


class People:
    """Does what steps say in one calendar; every text they write is new."""

    def __init__(self, fake: FakeGoogle, calendar: str, book: Book) -> None:
        self._fake, self._calendar, self._book = fake, calendar, book
        self._count = 0

    def act(self, step: Hand, but: frozenset[str] = frozenset()) -> str:
        """Does it, and says to which event; '' when there is none to do it to, `but` those apart."""
        self._count += 1
        found = sorted(
            row.id
            for row in self._book.rows.values()
            if _suits(step.act, row) and row.id.partition("_")[0] not in but
        )
        if step.act == "foreign":
            return self._fake.people.add_foreign(self._calendar, f"Private {self._count}")
        if not found:
            return ""
        id = found[step.pick % len(found)]
        try:
            return str(getattr(self, f"_{step.act}")(id, step.second) or "")
        except ApiError:
            return ""

    def _edit(self, id: str, **fields: Any) -> str:
        self._fake.people.edit(self._calendar, id, **fields)
        return id

    def _resource(self, id: str) -> dict[str, Any]:
        return self._book.rows[id].resource

    def _title(self, id: str, _: int) -> str:
        return self._edit(id, summary=f"By hand {self._count}")

    def _place(self, id: str, _: int) -> str:
        return self._edit(id, location=f"Room {self._count}")

    def _text(self, id: str, _: int) -> str:
        return self._edit(id, description=f"Bring a pen {self._count}")

    def _status(self, id: str, second: int) -> str:
        return self._edit(id, **({"status": "tentative"} if second % 2 else {"transparency": "transparent"}))

    def _time(self, id: str, second: int) -> str:
        by = timedelta(minutes=(second % 8 - 4) * 15 + 5)
        return self._edit(id, start=self._later(id, "start", by), end=self._later(id, "end", by))

    def _later(self, id: str, name: str, by: timedelta) -> dict[str, str]:
        value = self._resource(id)[name]
        moment = datetime.fromisoformat(value["dateTime"]) + by
        return value | {"dateTime": moment.isoformat()}

    def _cut(self, id: str, second: int) -> str:
        lines = self._resource(id).get("recurrence")
        found = slots(self._book.rows[id])
        if not lines or len(found) < 2:
            return ""
        last = found[second % (len(found) - 1)].original
        until = f"UNTIL={last:%Y%m%dT%H%M%SZ}"
        return self._edit(id, recurrence=[re.sub(r"UNTIL=\w+", until, line) for line in lines])

    def _revert(self, id: str, _: int) -> str:
        was = self._book.faces.get(id)
        if not isinstance(was, tuple):
            return ""
        return self._edit(id, **dict(zip(VISIBLE, was, strict=True)))

    def _foresee(self, id: str, _: int) -> str:
        """Gives the title that an edit of the program gives, too."""
        title = self._resource(id).get("summary", "")
        return self._edit(
            id, summary=title.removesuffix(" anew") if title.endswith(" anew") else f"{title} anew"
        )

    def _delete(self, id: str, _: int) -> str:
        self._fake.people.delete(self._calendar, id)
        return id

    def _undelete(self, id: str, _: int) -> str:
        self._fake.people.undelete(self._calendar, id)
        return id

    def _instance(self, id: str, second: int) -> str:
        """Returns the id of an instance ahead that is not cancelled; '' when there is none."""
        ahead = [slot.original for slot in slots(self._book.rows[id]) if slot.original > self._fake.now()]
        if not ahead:
            return ""
        name = self._fake.people.instance(self._calendar, id, ahead[second % len(ahead)])
        row = self._book.rows.get(name)
        return "" if row is not None and row.cancelled else name

    def _move_instance(self, id: str, second: int) -> str:
        name = self._instance(id, second)
        if not name:
            return ""
        by = timedelta(minutes=(-30, 30, 24 * 60, 3 * 24 * 60, -24 * 60)[second % 5])
        return self._fake.people.move_instance(self._calendar, id, name, by)

    def _cancel_instance(self, id: str, second: int) -> str:
        name = self._instance(id, second)
        return name and self._fake.people.cancel_instance(self._calendar, id, name)

    def _title_instance(self, id: str, second: int) -> str:
        name = self._instance(id, second)
        return name and self._edit(name, summary=f"Special {self._count}")

    def _restore_instance(self, id: str, _: int) -> str:
        """Makes a changed instance again what its series says."""
        row = self._book.rows[id]
        master = self._book.rows[row.master or ""].resource
        original = row.resource["originalStartTime"]
        start, end = (datetime.fromisoformat(master[name]["dateTime"]) for name in ("start", "end"))
        finish = datetime.fromisoformat(original["dateTime"]) + (end - start)
        return self._edit(
            id,
            summary=master.get("summary"),
            start=original,
            end=original | {"dateTime": finish.isoformat()},
        )

    def _copy(self, id: str, _: int) -> str:
        return self._fake.people.copy_event(self._calendar, id)
