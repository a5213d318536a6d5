"""One event to try things with, which is taken away again: what is written, and what stands in the calendar.

It lies two years ahead and blocks no time. Its id has a form that no run of `iopcal sync` takes for its own.
"""

from __future__ import annotations

import re
from base64 import b32hexencode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from iopcal.targets.google.api import UNKNOWN, Answer, Api, Denied, Json, Write
from iopcal.targets.google.keeper import SPENT, is_passing
from iopcal.targets.google.pace import Pace

TITLE = "Test"
AHEAD = timedelta(days=730)
_ID = re.compile("evtd[0-9a-v]{26}")
_MARK = {"scratch": "1"}
_REPEATS = 2
_MOST_PAGES = 1000


class Unclear(Exception):
    """Raised when a try cannot be judged; its text says why."""


class Over(Exception):
    """Raised when nothing more may be asked in this run; its text says why."""


def scratch_id(random: bytes) -> str:
    """Returns an id of a scratch event: 26 digits of base32hex (RFC 4648 section 7) of 17 random bytes."""
    return f"evtd{b32hexencode(random).decode().lower()[:26]}"


class Scratch:
    """The scratch event and its calendar. `live` are the etags of what is there by id, '' where unknown."""

    def __init__(self, api: Api, calendar: str, pace: Pace, now: datetime, id: str) -> None:
        self._api, self.calendar, self._pace, self.id = api, calendar, pace, id
        self.day = (now + AHEAD).date()
        self.live: dict[str, str] = {}
        self._deleted: set[str] = set()
        self.token = ""  # of the last list
        self.row: Json = {}  # as Google answered last

    def body(self, zone: str = "America/New_York") -> dict[str, Any]:
        """Returns all of the scratch event but its id: an hour, in a zone."""
        return {
            "summary": TITLE,
            "start": {"dateTime": f"{self.day}T12:00:00", "timeZone": zone},
            "end": {"dateTime": f"{self.day}T13:00:00", "timeZone": zone},
            "transparency": "transparent",
            "visibility": "default",
            "reminders": {"useDefault": False, "overrides": []},
            "extendedProperties": {"private": _MARK},
        }

    def insert(self, id: str = "", **changes: Any) -> Answer:
        """Inserts an event; raises Unclear, Over, Denied."""
        id = id or self.id
        return self.write(Write("insert", id, {"id": id, **self.body(), **changes}))

    def patch(self, **changes: Any) -> Answer:
        """Changes the scratch event; raises Unclear, Over, Denied."""
        return self.write(Write("patch", self.id, changes, self.etag))

    def delete(self) -> Answer:
        """Deletes the scratch event; raises Unclear, Over, Denied."""
        return self.write(Write("delete", self.id, etag=self.etag))

    @property
    def etag(self) -> str:
        """The etag of the scratch event, asked for where it is unknown; raises Unclear, Over, Denied."""
        if self.live.get(self.id) == "":
            (found,) = self._ask(lambda: self._api.read(self.calendar, [self.id]))[0]
            self._see(self.id, found)
        if not self.live.get(self.id):
            raise Unclear("the scratch event is not there")
        return self.live[self.id]

    def _see(self, id: str, found: Answer) -> None:
        """Takes note of an event that was asked for singly."""
        if found.status == 404 or found.body.get("status") == "cancelled":
            self.live.pop(id, None)
        else:
            self.live[id] = str(found.body.get("etag", "")) if found.ok else ""

    def write(self, write: Write) -> Answer:
        """Sends one write and keeps what stands in the calendar then."""
        return self.writes([write])[0]

    def writes(self, writes: Sequence[Write]) -> tuple[Answer, ...]:
        """Sends writes together and keeps what stands in the calendar then; raises Unclear, Over, Denied."""
        for write in writes:
            if write.verb != "delete":
                self.live.setdefault(write.id, "")  # from now on it may be there
        answers, again = self._ask(lambda: self._api.write(self.calendar, writes), writes)
        for write, answer in zip(writes, answers, strict=True):
            self._note(write, answer, again)
        if again and any(answer.status in (404, 409, 410, 412) for answer in answers):
            raise Unclear("Google was busy, and perhaps did it at once")
        return answers

    def _note(self, write: Write, answer: Answer, again: bool = False) -> None:
        """Keeps what an answer says; a refusal of a write that was sent before says nothing."""
        if answer.status == 412 and write.etag == self.live.get(write.id):
            self.live[write.id] = ""
        elif write.verb == "delete":
            if answer.ok or answer.status in (404, 410):
                self.live.pop(write.id, None)
                self._deleted.add(write.id)
        elif answer.ok:
            self.live[write.id] = str(answer.body.get("etag", ""))
            self.row = answer.body
        elif not self.live.get(write.id) and not again:
            stays_deleted = write.id in self._deleted and 400 <= answer.status < 500
            if stays_deleted or answer.status in (400, 403, 404):
                self.live.pop(write.id, None)

    def rows(self, token: str = "") -> list[Json]:
        """Lists the calendar to its end, with a token what changed since; raises Unclear, Over, Denied."""
        found: list[Json] = []
        page = ""
        for _ in range(_MOST_PAGES):
            answer = self.page(self.calendar, token, page)
            if not answer.ok:
                raise Unclear(f"the list was refused ({told(answer)})")
            found += answer.body["items"]
            page = str(answer.body.get("nextPageToken") or "")
            if not page:
                self.token = str(answer.body.get("nextSyncToken") or "")
                self._find(found)
                return found
        raise Unclear("the list has no end")

    def page(self, calendar: str, token: str = "", page: str = "") -> Answer:
        """Asks for one page of a calendar; raises Unclear, Over, Denied."""
        answers, _ = self._ask(lambda: (self._api.events(calendar, token=token, page=page),))
        return answers[0]

    def _find(self, rows: Iterable[Json]) -> None:
        """Takes note of scratch events that are there, those of earlier tries too."""
        for row in rows:
            private = (row.get("extendedProperties") or {}).get("private")
            if row.get("status") == "cancelled" or not _ID.fullmatch(row["id"]) or private != _MARK:
                continue
            self.live[row["id"]] = str(row.get("etag", ""))

    def _ask(
        self, request: Callable[[], tuple[Answer, ...]], writes: Sequence[Write] = ()
    ) -> tuple[tuple[Answer, ...], bool]:
        """Asks, and again where nothing was done; returns the answers, and whether it was asked again.

        A write that was perhaps done is not sent again.
        """
        for repeat in range(_REPEATS + 1):
            answers = request()
            for answer in answers:
                if answer.reason in SPENT:
                    raise Over(f"Google's quota is used up ({told(answer)})")
            passing = [answer for answer in answers if is_passing(answer)]
            if not passing:
                return answers, repeat > 0
            waited = self._pace.wait(repeat, passing[0].retry_after)
            if writes and any(answer.status == UNKNOWN for answer in passing):
                for write in writes:
                    if write.id in self.live:
                        self.live[write.id] = ""
                raise Unclear("no answer came")
            if not waited:
                break
        raise Unclear(f"Google was busy ({told(passing[0])})")

    def take_away(self) -> bool:
        """Deletes every scratch event that may be there; says whether surely none is left."""
        for id in list(self.live):
            for repeat in range(_REPEATS + 2):
                if id not in self.live or not self._took_away(id, repeat):
                    break
        return not self.live

    def _took_away(self, id: str, repeat: int) -> bool:
        """Tries once to delete an event; says whether to try again."""
        try:
            if not self.live[id]:
                (answer,) = self._api.read(self.calendar, [id])
                self._see(id, answer)
            if self.live.get(id):
                (answer,) = self._api.write(self.calendar, [Write("delete", id, etag=self.live[id])])
                self._note(Write("delete", id), answer)
        except Denied:
            return False
        if answer.reason in SPENT:
            return False
        if id in self.live:
            self.live[id] = ""  # read anew what it is now
        return self._pace.wait(repeat, answer.retry_after) if is_passing(answer) else True


def told(answer: Answer) -> str:
    """Returns the status and reason of an answer: `409 duplicate`."""
    return f"{answer.status} {answer.reason}".strip() if answer.status > 0 else "no connection"


def of_id(rows: Iterable[Json], id: str) -> Iterator[Json]:
    """Yields the rows of an event."""
    return (row for row in rows if row.get("id") == id)
