"""The script that somebody would write instead: click, PyYAML and icalendar, the same calendars, no checks.

It knows just what `program.yaml` uses. `tests/test_benchmarks.py` holds that its calendars show the same
sessions in the same words as those of iopcal.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import click
import yaml
from icalendar import Calendar, Event, Timezone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOT_SHOWN = {"break"}

Row = dict[str, Any]


@click.command()
@click.argument("program", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), default="calendars")
def main(program: Path, output: Path) -> None:
    """Writes a calendar of the whole program and one a track into OUTPUT."""
    with program.open(encoding="utf-8") as file:
        plan = yaml.load(file, Loader=yaml.CSafeLoader)
    output.mkdir(parents=True, exist_ok=True)
    zone = Timezone.from_tzid(plan["timezone"], first_date=plan["starts"], last_date=last_day(plan))
    calendars = {plan["id"]: (plan["program"], plan["tracks"])}
    for name, track in plan["tracks"].items():
        calendars[f"{plan['id']}.track-{name}"] = (f"{plan['program']}: {track['title']}", {name: track})
    for name, (title, tracks) in calendars.items():
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//peer//peer//EN")
        calendar.add("x-wr-calname", title)
        calendar.add("x-wr-timezone", plan["timezone"])
        calendar.add_component(zone)
        for event in events(plan, tracks, staff=name == plan["id"]):
            calendar.add_component(event)
        (output / f"{name}.ics").write_bytes(calendar.to_ical())
    click.echo(f"Wrote {len(calendars)} calendars in {output}/.")


def last_day(plan: Row) -> date:
    """Returns the day after the last week."""
    return plan["starts"] + timedelta(weeks=sum(phase["weeks"] for phase in plan["phases"]))


def events(plan: Row, tracks: Row, staff: bool) -> Iterator[Event]:
    """Yields a weekly series for every track, phase, weekday and session."""
    zone = ZoneInfo(plan["timezone"])
    closed = {line.split(" ")[0] for line in plan["closed"]}
    for name, track in tracks.items():
        starts = plan["starts"]
        for phase in plan["phases"]:
            days = plan["treatment_days"][: phase.get("days")]
            for day in days:
                first = starts + timedelta(days=(DAYS.index(day) - starts.weekday()) % 7)
                hours, minutes = divmod(clock(track["day_starts"]), 60)
                time = datetime(first.year, first.month, first.day, hours, minutes, tzinfo=zone)
                for session in plan["sessions"]:
                    if session["kind"] not in NOT_SHOWN:
                        identity = f"{plan['id']} {staff} {name} {phase['name']} {day} {session['name']}"
                        yield series(plan, phase, session, time, closed, identity, staff)
                    time += timedelta(minutes=session["minutes"])
            starts += timedelta(weeks=phase["weeks"])


def series(
    plan: Row, phase: Row, session: Row, time: datetime, closed: set[str], identity: str, staff: bool
) -> Event:
    """Returns the weekly series of one session that first begins at `time`."""
    times = [time + timedelta(weeks=week) for week in range(phase["weeks"])]
    held = [each for each in times if each.date().isoformat() not in closed]
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, identity)))
    event.add("dtstamp", datetime(2020, 1, 1, tzinfo=UTC))
    event.add("dtstart", held[0])
    event.add("dtend", held[0] + timedelta(minutes=session["minutes"]))
    event.add("rrule", {"freq": "weekly", "until": held[-1].astimezone(UTC)})
    for each in times:
        if held[0] < each < held[-1] and each not in held:
            event.add("exdate", each)
    event.add("summary", session["name"])
    if staff:
        event.add("description", description(plan, phase, session))
        event.add("categories", [session["kind"], phase["name"]])
    event.add("location", plan["location"])
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def description(plan: Row, phase: Row, session: Row) -> str:
    """Returns what staff read about a session."""
    lead = session.get("lead")
    lines = [
        f"Phase: {phase['name']}",
        lead and f"With: {' and '.join(lead) if isinstance(lead, list) else lead}",
        session.get("room") and f"Room: {session['room']}",
        f"Phone: {plan['phone']}",
        session.get("notes"),
    ]
    return "\n".join(line for line in lines if line)


def clock(value: int | str) -> int:
    """Returns minutes since midnight; YAML 1.1 reads 13:00 as 780, and 09:00 as text."""
    if isinstance(value, int):
        return value
    hours, minutes = value.split(":")
    return int(hours) * 60 + int(minutes)


if __name__ == "__main__":
    main()
