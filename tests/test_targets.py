"""What every target keeps: the contract of a folder of .ics files, of Google Calendar and of a plain list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import pytest

from iopcal.brake import frightening
from iopcal.problems import Exit
from iopcal.publish import Options, drafts, recognised, refusals, wanted_files
from iopcal.targets.folder import Folder
from tests import oracle
from tests.drafting import expanded
from tests.fake_google import START, FakeGoogle
from tests.keeping import Keeping
from tests.readers import READERS

Shown = Counter[tuple[datetime, datetime, str]]  # start and end in UTC, title

PROGRAM = """\
program: Small IOP
id: small
timezone: America/Chicago
starts: 2027-02-15
day_starts: 17:30
sessions:
  - {name: Process group, minutes: 60}
  - {name: Skills group, minutes: 60, topics: [Values, Sleep]}
phases:
  - {name: Intensive, weeks: 4, days: [mon, wed, fri]}
  - {name: Step-down, weeks: 4, days: 2 -> 1}
"""
EDITS = {
    "another time": ("day_starts: 17:30", "day_starts: 18:00"),
    "another title": ("name: Process group, ", "name: Evening group, id: process-group, "),
    "another length": ("Process group, minutes: 60", "Process group, minutes: 90"),
    "a session more": ("phases:", "  - {name: Dinner, minutes: 30, kind: meal, days: wed}\nphases:"),
    "a session less": ("  - {name: Skills group, minutes: 60, topics: [Values, Sleep]}\n", ""),
    "a longer phase": ("weeks: 4, days: [", "weeks: 5, days: ["),
    "another taper": ("days: 2 -> 1", "days: 3 -> 1"),
    "a day closed": ("phases:", "closed: [2027-03-03 Snow]\nphases:"),
    "a session moved": (
        "phases:",
        "changes:\n  - {on: 2027-03-03, session: Process group, to: 2027-03-04}\nphases:",
    ),
}


class Said(NamedTuple):
    """How a run ended, and whether it changed anything."""

    exit: int
    changed: bool


class Target(Protocol):
    """A place where sessions are shown; a new one is a fixture of some twenty lines."""

    def write(self, text: str, allow_deletes: int | None = None) -> Said:
        """Makes the target show a program."""

    def read(self) -> Shown:
        """Returns what a stranger sees there as taking place."""

    def add_foreign(self) -> None:
        """Puts something of other people there."""

    def foreign(self) -> Any:
        """Returns what is there of other people, as it is."""

    def fail_once(self) -> None:
        """Lets the next run break off half-way."""


class IcsFolder:
    """The staff calendar in a folder, read by a foreign reader."""

    def __init__(self, path: Path) -> None:
        self.path, self.folder = path, Folder(path / "calendars")
        self.breaks = False

    def write(self, text: str, allow_deletes: int | None = None) -> Said:
        program, expansion = expanded(text)
        options = Options(START, allow_deletes=allow_deletes)
        with self.folder.lock(now=START):
            drafted = drafts(program, expansion, self.folder.read, options, self.folder.manifest.files)
            if refused := refusals(drafted, (), options):
                return Said(refused[0].exit, False)
            if self.breaks:
                self.breaks = False
                (self.folder.path / "small.ics").unlink(missing_ok=True)
                (self.folder.path / "small.ics").mkdir()
            outcome = self.folder.replace(wanted_files(drafted), recognised=recognised)
        if (self.folder.path / "small.ics").is_dir():
            (self.folder.path / "small.ics").rmdir()
        return Said(outcome.exit, bool(outcome.written))

    def read(self) -> Shown:
        reader = next(each for each in READERS if each.name == "vobject")
        [seen] = reader.read([self.folder.path / "small.ics"], date(2026, 1, 1), date(2029, 1, 1))
        return Counter((each[0], each[1], each[3]) for each in seen if each[2] != "CANCELLED")

    def add_foreign(self) -> None:
        self.folder.path.mkdir(exist_ok=True)
        (self.folder.path / "dentist.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")

    def foreign(self) -> Any:
        path = self.folder.path / "dentist.ics"
        return path.read_bytes(), path.stat().st_mtime_ns

    def fail_once(self) -> None:
        self.breaks = True


class GoogleCalendar:
    """The staff calendar in the fake Google, read by its own list of single events."""

    def __init__(self, fake: FakeGoogle) -> None:
        self.fake = fake
        self.keeping = Keeping(fake, PROGRAM)

    def write(self, text: str, allow_deletes: int | None = None) -> Said:
        self.keeping.text = text
        before = len(self.fake.writes)
        result = self.keeping.run(allow_deletes=allow_deletes)
        return Said(result.exit, len(self.fake.writes) > before)

    def read(self) -> Shown:
        path = f"/calendar/v3/calendars/{self.keeping.calendar}/events?singleEvents=true&maxResults=2500"
        return Counter(
            (
                datetime.fromisoformat(each["start"]["dateTime"]).astimezone(UTC),
                datetime.fromisoformat(each["end"]["dateTime"]).astimezone(UTC),
                each["summary"],
            )
            for each in self._json(path)["items"]
            if "extendedProperties" in each
        )

    def _json(self, path: str) -> Any:
        return json.loads(self.fake.http().request(f"http://127.0.0.1:1{path}")[1])

    def add_foreign(self) -> None:
        self.fake.people.add_foreign(self.keeping.calendar)

    def foreign(self) -> Any:
        events = self.fake.events(self.keeping.calendar)
        return {name: event for name, event in events.items() if not name.startswith("evts")}

    def fail_once(self) -> None:
        self.fake.fault("lost", {"method": "POST"}, times=1)  # written, and nobody is told
        self.fake.fault("502-html", {"method": "GET"}, times=7)


class PlainList:
    """The smallest target there can be: a list of sessions in memory."""

    def __init__(self) -> None:
        self.shown: Shown = Counter()
        self.others: list[str] = []
        self.breaks = False

    def write(self, text: str, allow_deletes: int | None = None) -> Said:
        wanted = wanted_of(text)
        going = going_from(self.shown, wanted)
        if frightening(going, self.shown.total()) and allow_deletes != going:
            return Said(Exit.REFUSED, False)
        if self.breaks:
            self.breaks = False
            self.shown = Counter(dict(list(wanted.items())[:3]))
            return Said(Exit.PARTLY, True)
        changed = self.shown != wanted
        self.shown = wanted
        return Said(Exit.DONE, changed)

    def read(self) -> Shown:
        return self.shown

    def add_foreign(self) -> None:
        self.others.append("Dentist")

    def foreign(self) -> Any:
        return list(self.others)

    def fail_once(self) -> None:
        self.breaks = True


@pytest.fixture(params=["ics", "google", "list"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    if request.param == "ics":
        yield IcsFolder(tmp_path)
    elif request.param == "list":
        yield PlainList()
    else:
        with FakeGoogle(auth="off") as fake:
            yield GoogleCalendar(fake)
            assert fake.violations == []


def wanted_of(text: str) -> Shown:
    """Returns what the program says, by the oracle, which knows nothing of any target."""
    today = START.astimezone(ZoneInfo("America/Chicago")).date()
    return Counter(oracle.feed(text, "program", today))


def edited(edit: str) -> str:
    old, new = EDITS[edit]
    assert old in PROGRAM
    return PROGRAM.replace(old, new, 1)


def test_a_first_run_shows_what_the_program_says(target):
    assert target.write(PROGRAM) == Said(Exit.DONE, True)
    assert target.read() == wanted_of(PROGRAM)
    assert target.read().total() == 36


def test_a_second_run_changes_nothing(target):
    target.write(PROGRAM)
    assert target.write(PROGRAM) == Said(Exit.DONE, False)


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_it_shows_the_new_program_and_after_its_undo_the_old_one(target, edit):
    target.write(PROGRAM)
    text = edited(edit)
    for wanted in (text, PROGRAM):
        said = target.write(wanted)
        if said.exit == Exit.REFUSED:
            going = going_from(target.read(), wanted_of(wanted))
            said = target.write(wanted, allow_deletes=going)
        assert said == Said(Exit.DONE, True)
        assert target.read() == wanted_of(wanted)
        assert target.write(wanted) == Said(Exit.DONE, False)


def going_from(shown: Shown, wanted: Shown) -> int:
    """Returns how many sessions go, a date at a time."""
    zone = ZoneInfo("America/Chicago")
    days = [Counter(each[0].astimezone(zone).date() for each in all_.elements()) for all_ in (shown, wanted)]
    return (days[0] - days[1]).total()


def test_what_other_people_put_there_stays_as_it_is(target):
    target.write(PROGRAM)
    target.add_foreign()
    before = target.foreign()
    for text in (PROGRAM, edited("another time"), PROGRAM):
        target.write(text)
        assert target.foreign() == before


def test_a_run_that_takes_most_sessions_is_refused_and_changes_nothing(target):
    target.write(PROGRAM)
    shown = target.read()
    short = PROGRAM.replace("weeks: 4, days: [mon, wed, fri]", "weeks: 1, days: [mon]")
    assert target.write(short) == Said(Exit.REFUSED, False)
    assert target.read() == shown
    wrong = going_from(shown, wanted_of(short)) + 1
    assert target.write(short, allow_deletes=wrong) == Said(Exit.REFUSED, False)
    assert target.write(short, allow_deletes=wrong - 1) == Said(Exit.DONE, True)
    assert target.read() == wanted_of(short)


def test_a_run_that_broke_off_is_told_and_the_next_one_finishes(target):
    target.fail_once()
    assert target.write(PROGRAM).exit in (Exit.PARTLY, Exit.LATER, Exit.PROBLEMS)
    assert target.write(PROGRAM).exit == Exit.DONE
    assert target.read() == wanted_of(PROGRAM)
    assert target.write(PROGRAM) == Said(Exit.DONE, False)


def test_a_day_has_passed_and_nothing_changes(target):
    target.write(PROGRAM)
    if isinstance(target, GoogleCalendar):
        target.fake.advance(timedelta(days=20).total_seconds())
    assert target.write(PROGRAM) == Said(Exit.DONE, False)
