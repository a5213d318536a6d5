"""Which rows of a page events.list lets through."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tests.fake_google.calls import Call
from tests.fake_google.expansion import span
from tests.fake_google.messages import bad_request, named_error
from tests.fake_google.state import Calendar, Row
from tests.fake_google.switches import Switches
from tests.fake_google.times import bound, parse_date_time

SEARCHED = ("summary", "description", "location")


class Filter(NamedTuple):
    """The filters of one request; empty ones let everything through."""

    calendar: Calendar
    deleted: bool  # tombstones too
    single: bool
    updated_min: datetime | None
    time_min: datetime | None
    time_max: datetime | None
    uid: str | None
    words: str | None
    private: tuple[tuple[str, str], ...]
    shared: tuple[tuple[str, str], ...]
    types: tuple[str, ...]
    every: bool  # repeated properties: all of them, or any

    @property
    def shows_all(self) -> bool:
        """Says whether every row is in the answer."""
        return self.deleted and not any(self[3:11])

    def shows(self, row: Row) -> bool:
        """Says whether a row is in the answer."""
        resource = row.resource
        if row.cancelled and not self.deleted:
            live = row.master is not None and row.master in self.calendar.rows
            if self.single or not live or self.calendar.rows[row.master or ""].cancelled:
                return False
        if self.uid is not None and resource.get("iCalUID") != self.uid:
            return False
        if self.types and resource.get("eventType", "default") not in self.types:
            return False
        if self.updated_min is not None:
            updated = parse_date_time(resource["updated"])
            if updated is not None and updated < self.updated_min:
                return False
        if self.words is not None:
            text = " ".join(str(resource.get(name, "")) for name in SEARCHED).lower()
            if not all(word in text for word in self.words.lower().split()):
                return False
        properties = resource.get("extendedProperties", {})
        for wanted, pairs in (
            (self.private, properties.get("private", {})),
            (self.shared, properties.get("shared", {})),
        ):
            if wanted:
                hits = [pairs.get(key) == value for key, value in wanted]
                if not (all(hits) if self.every else any(hits)):
                    return False
        return self._in_window(row)

    def _in_window(self, row: Row) -> bool:
        if self.time_min is None and self.time_max is None:
            return True
        reach = span(row.resource, self.calendar)
        if reach is None:
            return False
        if self.time_min is not None and reach[1] <= self.time_min:
            return False
        return self.time_max is None or reach[0] < self.time_max


def _pairs(call: Call, name: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in call.query.get(name, ()):
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise bad_request("Invalid extended property constraint.")
        pairs.append((key, value))
    return tuple(pairs)


def filter_of(call: Call, calendar: Calendar, incremental: bool, switches: Switches) -> Filter:
    """Reads the filters of a request. Raises `ApiError` 400 for what cannot be read."""
    bounds = {}
    for name in ("updatedMin", "timeMin", "timeMax"):
        text = call.one(name)
        bounds[name] = None if text is None else bound(text, name)
    least, most = bounds["timeMin"], bounds["timeMax"]
    if least is not None and most is not None and least >= most:
        raise named_error(400, "timeRangeEmpty")
    return Filter(
        calendar,
        incremental or bool(call.flag("showDeleted")) or bounds["updatedMin"] is not None,
        bool(call.flag("singleEvents")),
        bounds["updatedMin"],
        least,
        most,
        call.one("iCalUID"),
        call.one("q"),
        _pairs(call, "privateExtendedProperty"),
        _pairs(call, "sharedExtendedProperty"),
        tuple(call.query.get("eventTypes", ())),
        switches.ext_mode == "and",
    )
