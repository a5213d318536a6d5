"""One session as a foreign reader sees it, and the plain forms in which readers hand it over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

STAMP = "%Y%m%dT%H%M%SZ"


class Occurrence(NamedTuple):
    """Start and end in UTC, the STATUS as written ('' when the event has none) and the SUMMARY unescaped."""

    start: datetime
    end: datetime
    status: str
    summary: str

    def line(self) -> str:
        """Returns `START END STATUS SUMMARY`, the times as in `20270104T233000Z`."""
        return f"{self.start:{STAMP}} {self.end:{STAMP}} {self.status or '-'} {self.summary}"

    def fields(self) -> list[str]:
        """Returns the four fields as text, for a line of JSON."""
        return [f"{self.start:{STAMP}}", f"{self.end:{STAMP}}", self.status, self.summary]


def occurrence(fields: list[str]) -> Occurrence:
    """Returns what `Occurrence.fields` wrote."""
    start, end, status, summary = fields
    return Occurrence(datetime.fromisoformat(start), datetime.fromisoformat(end), status, summary)


def in_utc(when: datetime) -> datetime:
    """Returns an aware time in UTC; a floating one is an error, since nobody can tell when it is."""
    if when.tzinfo is None or when.utcoffset() is None:
        raise ValueError(f"floating time {when.isoformat()}")
    return when.astimezone(UTC)
