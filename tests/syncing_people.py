"""A sync file whose program has people: their calendars in a fake Google, made by iopcal or by others."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fake_google import FakeGoogle
from tests.peopled import PEOPLE, PROGRAM, enrolled
from tests.syncing_site import Site

ID = "riverbend"
EVERYBODY = f"{ID}/participant/*"
MAKING = "/calendar/v3/calendars"


@contextmanager
def people_fake(**switches: Any) -> Iterator[FakeGoogle]:
    """Runs a fake in which many calendars may have one title, as those of participants do.

    Nothing that it holds against a program may have happened in the end.
    """
    with FakeGoogle(auth="off", wait_scale=0.01, one_calendar_per_title=False, **switches) as google:
        yield google
        assert google.violations == []


def of(participant: str, name: str = "participant") -> str:
    """Returns the name of a participant's feed."""
    return f"{ID}/{name}/{participant}"


class PeopleSite(Site):
    """One program with a roster, and calendars that iopcal makes for everybody in it."""

    def __init__(
        self, folder: Path, fake: FakeGoogle, program: str = PROGRAM, people: Mapping[str, str] = PEOPLE
    ) -> None:
        self.people = dict(people)
        super().__init__(folder, fake)
        self.program(program)
        self.enroll()
        self.make()

    def make(self, feeds: str = EVERYBODY, more: str = "", top: str = "") -> None:
        """Has iopcal make the calendars of feeds."""
        self.sync(f"{{{feeds}: make}}", f", book: secrets/book.yaml{more}", top)

    def enroll(self, **changed: str | None) -> None:
        """Writes the roster; `p_014=None` takes somebody out of it."""
        (self.folder / "roster.yaml").write_text(enrolled(self.people, changed), encoding="utf-8")

    @property
    def book(self) -> dict[str, dict[str, Any]]:
        """The entries of the book, by feed."""
        content = json.loads((self.folder / "secrets/book.yaml").read_text(encoding="utf-8"))
        found: dict[str, dict[str, Any]] = content["calendars"]
        return found

    def calendar_of(self, participant: str) -> str:
        """Returns the id of the calendar that iopcal has made for somebody."""
        id: str = self.book[of(participant)]["calendar"]
        return id

    def events_of(self, participant: str) -> dict[str, Any]:
        """Returns the live events in somebody's calendar, by id."""
        return self.live(self.calendar_of(participant))

    def starts_of(self, participant: str) -> list[str]:
        """Returns when the series of somebody begin, by the wall clock, and the day of their last session."""
        rows = self.events_of(participant).values()
        ends = [re.findall(r"UNTIL=(\d+)", " ".join(row["recurrence"]))[0] for row in rows]
        starts = [row["start"]["dateTime"][:16] for row in rows]
        return sorted(f"{start} {end}" for start, end in zip(starts, ends, strict=True))

    def ran(self, command: str, *words: object, code: int = 0) -> tuple[str, int, Counter[str]]:
        """Runs a command; returns what it said, how many requests it took, and its writes by calendar."""
        before, written = self.fake.requests, len(self.fake.writes)
        result = self.run(command, *words)
        assert result.exit_code == code, result.output
        writes = Counter(calendar for _, calendar, _ in self.fake.writes[written:])
        return result.output, self.fake.requests - before, writes

    @property
    def made(self) -> int:
        """How often a calendar was asked for."""
        return sum(record.method == "POST" and record.path == MAKING for record in self.fake.log)
