"""What really happens on a participant's path: moves, holds, absences, other tracks, ends and returns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import NamedTuple

from tests.oracle.attend import Attended
from tests.programs.draft import chance
from tests.programs.spelling import Value, dates, yes
from tests.rosters.site import Site
from tests.rosters.sound import is_sound

KINDS = ("phase", "phase", "restart", "hold", "hold", "away", "away", "track", "discharge")
LONGEST = 900  # days of a path
MOST = 500  # sessions that one person attends
NEAR_END = 5  # days


class Event(NamedTuple):
    """A dated fact; `value` is the id of a track or phase."""

    kind: str
    first: date
    last: date
    value: str = ""


def sound_path(site: Site, course: Sequence[Attended]) -> bool:
    """Says whether a path ends in good time, is not empty, and every clock on it is told without doubt."""
    entries = [entry for day in course for entry in day.entries]
    return (
        0 < len(entries) <= MOST
        and len(course) <= LONGEST
        and all(is_sound(start, minutes, site.program.zone) for start, minutes in map(site.times, entries))
    )


def events(
    rng: Random, site: Site, keys: dict[str, Value], course: list[Attended]
) -> tuple[list[Event], list[Attended]]:
    """Returns facts in order of date, each on a day on which the path is under way, or a return to it.

    With them the course of the path as it then is.
    """
    found: list[Event] = []
    cursor = course[0].day - timedelta(days=1)
    known = 0  # facts that the course knows of
    for _ in range(rng.choice([1, 1, 2, 2, 3, 4])):
        days = [one for one in course if one.state == "under way" and one.day > cursor]
        goes_on = days and not chance(rng, 0.08)
        more = next_events(rng, site, days) if goes_on else coming_back(rng, site, course, cursor)
        if not more:
            break
        found += more
        cursor = max(one.last for one in found)
        if any(one.kind != "away" for one in more) or site.waits:
            known, course = len(found), site.course(keys | {"path": written(rng, site, found)})
            if len(course) > LONGEST:
                break
    if known < len(found):
        course = site.course(keys | {"path": written(rng, site, found)})
    return found, course


def next_events(rng: Random, site: Site, days: Sequence[Attended]) -> list[Event]:
    """Returns what happens next: one fact, or a few of the same days."""
    chosen = days[rng.randrange(min(len(days), rng.choice([1, 25, 50])))]
    if chance(rng, 0.3):
        # Holds across the end of a phase are the ones that err.
        last_days = [
            one for one, after in pairwise(days)
            if one.phase is not None and after.phase is not None and one.phase.id != after.phase.id
        ]  # fmt: skip
        if last_days:
            near = rng.choice(last_days).day - timedelta(days=rng.randint(0, NEAR_END))
            chosen = next((one for one in days if one.day >= near), chosen)
    day, kind = chosen.day, rng.choice(KINDS)
    tracks = [track.id for track in site.program.tracks if track.id != chosen.track]
    if kind == "track" and tracks:
        move = [Event("track", day, day, rng.choice(tracks))]
        return move + (phase_event(rng, site, day) if chance(rng, 0.3) else [])
    if kind == "discharge":
        found = [Event("away", day, day)] if chance(rng, 0.1) else []
        found.append(Event("discharge", day, day))
        return found
    if kind == "hold":
        last = day + timedelta(days=rng.choice([0, 1, 2, 4, 6, 9, 13, 20]))
        found = phase_event(rng, site, day) if chance(rng, 0.12) else []
        found.append(Event("hold", day, last))
        if day < last:
            found += decisions(rng, site, day + timedelta(days=rng.randint(1, (last - day).days)), tracks)
        return found
    if kind == "away":
        return [Event("away", day, day + timedelta(days=rng.choice([0, 0, 0, 1, 4, 8])))]
    return phase_event(rng, site, day, first=kind == "restart")


def decisions(rng: Random, site: Site, day: date, tracks: Sequence[str]) -> list[Event]:
    """Returns what is decided on a day on which somebody is not here; mostly nothing."""
    found: list[Event] = []
    if site.last is not None and day > site.last:
        return found
    if chance(rng, 0.12):
        found += phase_event(rng, site, day, first=chance(rng, 0.3))
    if tracks and chance(rng, 0.15):
        found.append(Event("track", day, day, rng.choice(tracks)))
    if chance(rng, 0.06):
        found.append(Event("discharge", day, day))
    return found


def phase_event(rng: Random, site: Site, day: date, first: bool = False) -> list[Event]:
    """Returns a move into the first or any phase that is not over by itself; none where there is none."""
    open_ = [one.id for one in site.program.phases if one.until is None or one.until >= day]
    if first:
        open_ = [one for one in open_ if one == site.program.phases[0].id]
    return [Event("phase", day, day, rng.choice(open_))] if open_ else []


def coming_back(rng: Random, site: Site, course: Sequence[Attended], cursor: date) -> list[Event]:
    """Returns a return after the end or a discharge, some days later; at times none."""
    ended = max((one.day for one in course if one.phase is not None), default=cursor)
    day = max(ended, cursor) + timedelta(days=rng.choice([1, 2, 5, 12, 30]))
    if chance(rng, 0.4) or (site.last is not None and day > site.last):
        return []
    return phase_event(rng, site, day)


def written(rng: Random, site: Site, happened: Sequence[Event]) -> Value:
    """Returns facts as written, in order of date; a single one may stand without a list."""
    rows: list[Value] = []
    shuffled = rng.sample(happened, len(happened))  # on one day the order of the lines says nothing
    for one in sorted(shuffled, key=lambda each: each.first):
        row: dict[str, Value] = {"on": dates(one.first, one.last)}
        if one.kind == "phase":
            row["phase"] = site.phase_name(rng, one.value)
        elif one.kind == "track":
            row["track"] = site.track_name(rng, one.value)
        else:
            row[one.kind] = yes(rng)
        rows.append(row)
    return rows[0] if len(rows) == 1 and chance(rng, 0.5) else rows
