"""Instances of a series: their ids, and the resources that nobody stored."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tests.fake_google.recurrence import occurrences
from tests.fake_google.state import Calendar, Resource, Row
from tests.fake_google.times import instant, length, show, wall, zone_of

MOST = 730
INSTANCE_ID = re.compile(r"(.+)_(\d{8}(?:T\d{6}Z)?)")


def stamp_of(moment: datetime, start: dict[str, str]) -> str:
    """Returns the end of an instance's id: a date, or the original start in UTC."""
    if "date" in start:
        return f"{moment:%Y%m%d}"
    aware = moment.replace(tzinfo=zone_of(start["timeZone"])).astimezone(UTC)
    return f"{aware:%Y%m%dT%H%M%SZ}"


def original_start(moment: datetime, start: dict[str, str], calendar: Calendar) -> dict[str, str]:
    """Returns the `originalStartTime` of an occurrence at a naive wall time."""
    if "date" in start:
        return {"date": f"{moment:%Y-%m-%d}"}
    aware = moment.replace(tzinfo=zone_of(start["timeZone"])).astimezone(UTC)
    return {"dateTime": show(aware, calendar.zone), "timeZone": start["timeZone"]}


def instance_of(master: Resource, moment: datetime, calendar: Calendar) -> Resource:
    """Returns the resource of one occurrence as the series alone gives it."""
    made: dict[str, Any] = {name: value for name, value in master.items() if name != "recurrence"}
    start, end = master["start"], master["end"]
    made["id"] = f"{master['id']}_{stamp_of(moment, start)}"
    made["recurringEventId"] = master["id"]
    made["originalStartTime"] = made["start"] = original_start(moment, start, calendar)
    if "date" in start:
        made["end"] = {"date": f"{moment + (wall(end) - wall(start)):%Y-%m-%d}"}
    else:
        finish = instant(made["start"], "UTC") + length(start, end)
        made["end"] = {"dateTime": show(finish, calendar.zone), "timeZone": end["timeZone"]}
    return made


def instances(row: Row, calendar: Calendar) -> list[Resource]:
    """Returns the occurrences of a series that nobody changed, at most 730."""
    return [
        instance_of(row.resource, moment, calendar)
        for moment in occurrences(row.resource["start"], row.resource["recurrence"], MOST)
    ]


def virtual_instance(calendar: Calendar, id: str) -> tuple[Row, Resource] | None:
    """Finds the series of an instance id and makes the instance; None when it is no occurrence."""
    match = INSTANCE_ID.fullmatch(id)
    if match is None or match[1] not in calendar.rows:
        return None
    master = calendar.rows[match[1]]
    if "recurrence" not in master.resource:
        return None
    for moment in occurrences(master.resource["start"], master.resource["recurrence"], MOST):
        if stamp_of(moment, master.resource["start"]) == match[2]:
            return master, instance_of(master.resource, moment, calendar)
    return None


def exceptions_of(calendar: Calendar, id: str) -> list[Row]:
    """Returns the changed and cancelled instances of a series."""
    return [row for row in calendar.rows.values() if row.resource.get("recurringEventId") == id]


def span(resource: Resource, calendar: Calendar) -> tuple[datetime, datetime] | None:
    """Returns the first start and the last end of an event or series; None where there is none."""
    if "start" not in resource:
        return None
    first, last = instant(resource["start"], calendar.zone), instant(resource["end"], calendar.zone)
    if "recurrence" in resource:
        moments = occurrences(resource["start"], resource["recurrence"], MOST)
        if not moments:
            return None
        ends = [instance_of(resource, moment, calendar) for moment in (moments[0], moments[-1])]
        first = instant(ends[0]["start"], calendar.zone)
        last = instant(ends[1]["end"], calendar.zone)
    return first, last
