"""The calendars of people as somebody would write them: a loop of icalendar; and what writing alone costs.

`icalendar FOLDER COUNT` makes the calendars of the first so many people of `crowd.yaml`; `write FOLDER COUNT`
writes as many files of the size of ours, whole or not at all, flushed by the thousand. It knows just what
`crowd.yaml` uses. `tests/test_benchmarks.py` holds that its calendars show the same sessions as ours.
"""

import csv
import os
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import yaml
from icalendar import Calendar, Event, Timezone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOT_SHOWN = {"break"}
TOGETHER = 1000

Row = dict[str, Any]


def main() -> None:
    """Does what the command line says."""
    way, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if way == "write":
        sample = next((folder / "ours" / "feeds").iterdir()) / "calendar.ics"
        store(folder / "theirs", iter([sample.read_bytes()] * count))
        return
    with (folder / "crowd.yaml").open(encoding="utf-8") as file:
        plan = yaml.load(file, Loader=yaml.CSafeLoader)
    with (folder / "roster.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))[:count]
    store(folder / "theirs", (calendar(plan, person).to_ical() for person in people))


def store(folder: Path, contents: Iterator[bytes]) -> None:
    """Writes every content into a file of its own, in a folder with a random name."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting: list[tuple[Path, Path]] = []
    for content in contents:
        place = folder / secrets.token_urlsafe(32)
        place.mkdir()
        temporary = place / f".{secrets.token_hex(8)}.tmp"
        temporary.write_bytes(content)
        waiting.append((temporary, place / "calendar.ics"))
        if len(waiting) == TOGETHER:
            settle(waiting)
    settle(waiting)


def settle(waiting: list[tuple[Path, Path]]) -> None:
    """Gives all files their names, after they have reached the disk."""
    os.sync()
    for temporary, file in waiting:
        temporary.replace(file)
    os.sync()
    waiting.clear()


def calendar(plan: Row, person: Row) -> Calendar:
    """Returns the calendar of one person."""
    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", "-//peer//peer//EN")
    found.add("x-wr-calname", plan["program"])
    found.add("x-wr-timezone", plan["timezone"])
    starts, last = date.fromisoformat(person["starts"]), date(2027, 12, 31)
    found.add_component(zone(plan["timezone"], starts, last))
    for event in events(plan, person["id"], starts, date.fromisoformat(person["Step-down"])):
        found.add_component(event)
    return found


_zones: dict[tuple[str, date], Timezone] = {}


def zone(name: str, first: date, last: date) -> Timezone:
    """Returns a zone, which is made once: even this loop would not make it for everybody."""
    if (name, first) not in _zones:
        _zones[name, first] = Timezone.from_tzid(name, first_date=first, last_date=last)
    return _zones[name, first]


def events(plan: Row, identity: str, starts: date, down: date) -> Iterator[Event]:
    """Yields a weekly series for every phase, weekday and session."""
    place = ZoneInfo(plan["timezone"])
    closed = {line.split(" ")[0] for line in plan["closed"]}
    for phase in plan["phases"]:
        ends = starts + timedelta(weeks=phase["weeks"])
        if phase["name"] == "Intensive":
            ends = down
        for day in phase["days"]:
            first = starts + timedelta(days=(DAYS.index(day) - starts.weekday()) % 7)
            time = datetime(first.year, first.month, first.day, 17, 30, tzinfo=place)
            weeks = (ends - first).days // 7 + bool((ends - first).days % 7)
            for session in plan["sessions"]:
                times = [time + timedelta(weeks=week) for week in range(weeks)]
                held = [each for each in times if each.date().isoformat() not in closed]
                if held and session["kind"] not in NOT_SHOWN:
                    yield series(
                        plan, session, times, held, f"{identity} {phase['name']} {day} {session['name']}"
                    )
                time += timedelta(minutes=session["minutes"])
        starts = ends


def series(plan: Row, session: Row, times: list[datetime], held: list[datetime], identity: str) -> Event:
    """Returns the weekly series of one session."""
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, identity)))
    event.add("dtstamp", datetime(2020, 1, 1, tzinfo=UTC))
    event.add("last-modified", datetime(2020, 1, 1, tzinfo=UTC))
    event.add("sequence", 0)
    event.add("dtstart", held[0])
    event.add("dtend", held[0] + timedelta(minutes=session["minutes"]))
    if len(held) > 1:
        event.add("rrule", {"freq": "weekly", "until": held[-1].astimezone(UTC)})
    for each in times:
        if held[0] < each < held[-1] and each not in held:
            event.add("exdate", each)
    event.add("summary", session["name"])
    event.add("description", plan["link"])
    event.add("location", plan["location"])
    event.add("url", plan["link"])
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("x-microsoft-cdo-busystatus", "BUSY")
    return event


if __name__ == "__main__":
    main()
