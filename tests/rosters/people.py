"""Random participants of a program, each on a path of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from tests.oracle.roster import person_of
from tests.oracle.timetable import allowed
from tests.programs import words
from tests.programs.draft import chance
from tests.programs.spelling import FULL, WEEKDAYS, Value, clock, weekdays
from tests.rosters.events import Event, events, sound_path, written
from tests.rosters.site import Site

IDS = ("p-{:03}", "{:04}", "q{:02}x", "anna-{}", "id-{}")


class Beginning(NamedTuple):
    """Where and when somebody begins; `keys` as written."""

    keys: dict[str, Value]
    track: str
    starts: date


def participants(rng: Random, site: Site, number: int) -> list[Value]:
    """Returns so many participants, as written."""
    form = rng.choice(IDS)
    found: list[Value] = []
    while len(found) < number:
        person = participant(rng, site, form.format(len(found) + 1))
        if person:
            found.append(person)
    return found


def participant(rng: Random, site: Site, id_: str) -> Mapping[str, Value]:
    """Returns one participant, or none where their path came out unsound."""
    begins = beginning(rng, site)
    keys: dict[str, Value] = {"id": id_} | begins.keys
    if chance(rng, 0.35):
        keys["days"] = own_days(rng, site, begins.track)
    if chosen := choices(rng, site):
        keys["choose"] = chosen
    if placed := placings(rng, site, begins.track):
        keys["place"] = placed
    course = site.course(keys)
    if not sound_path(site, course):
        return {}
    happened, course = events(rng, site, keys, course) if chance(rng, 0.85) else ([], course)
    if happened:
        keys["path"] = written(rng, site, happened)
    is_right = reaches(site, keys, begins, happened) and (not happened or sound_path(site, course))
    return keys if is_right else {}


def reaches(site: Site, keys: Mapping[str, Value], begins: Beginning, happened: Sequence[Event]) -> bool:
    """Says whether all that somebody chooses and places is in some track and phase that they may come to."""
    program = site.program
    tracks = {begins.track} | {event.value for event in happened if event.kind == "track"}
    moves = sorted((event for event in happened if event.kind == "phase"), key=lambda event: event.first)
    phases = [phase.id for phase in program.phases]
    at_once = bool(moves) and moves[0].first == begins.starts
    first = min(phases.index(event.value) for event in moves) if at_once else 0
    person = person_of(program, keys)
    named = {*person.choose.values(), *person.place}
    return all(
        any(allowed(one, phase, track) for phase in program.phases[first:] for track in tracks)
        for one in program.sessions
        if one.id in named
    )


def beginning(rng: Random, site: Site) -> Beginning:
    """Returns `cohort`, `track` and `starts` in one of their forms."""
    program = site.program
    keys: dict[str, Value] = {}
    tracks = [track.id for track in program.tracks]
    starts = program.starts
    if site.last is not None:
        span = (site.last - program.starts).days
        starts += timedelta(days=rng.choice([rng.randint(-45, -1), 0, rng.randint(1, 3 * span // 4)]))
        keys["starts"] = str(starts)
    elif site.has_cohorts and chance(rng, 0.6):
        # Those that run in several tracks are few.
        wide = [cohort for cohort in program.cohorts if len(cohort.tracks) > 1]
        cohort = rng.choice(wide if wide and chance(rng, 0.5) else program.cohorts)
        keys["cohort"] = cohort.id
        tracks, starts = list(cohort.tracks), cohort.starts
    elif site.has_cohorts and chance(rng, 0.5):
        # Begins with a cohort without naming it.
        cohort = rng.choice(program.cohorts)
        tracks, starts = list(cohort.tracks), cohort.starts
        keys["starts"] = str(starts)
    elif chance(rng, 0.7):
        starts += timedelta(days=rng.choice([0, rng.randint(1, 13), rng.randint(1, 45)]))
        keys["starts"] = str(starts)
    track = rng.choice(tracks)
    if len(program.tracks) > 1 and ("cohort" not in keys or len(tracks) > 1):
        keys["track"] = site.track_name(rng, track)
    return Beginning(keys, track, starts)


def own_days(rng: Random, site: Site, track: str) -> Value:
    """Returns somebody's own days, most important first."""
    treatment = next(one.treatment_days for one in site.program.tracks if one.id == track)
    days = list(treatment)
    if chance(rng, 0.35):
        days = [day for day in range(7) if chance(rng, 0.5)] or days
    rng.shuffle(days)
    if len(days) > 2 and chance(rng, 0.3):
        days.sort()
    return weekdays(rng, days[: rng.randint(min(2, len(days)), len(days))])


def choices(rng: Random, site: Site) -> dict[str, Value]:
    """Returns which sessions of each `one_of` somebody attends; at times none."""
    labels: dict[str, list[str]] = {}
    for session in site.program.sessions:
        if session.one_of is not None:
            labels.setdefault(session.one_of, []).append(site.session_name(rng, session.id))
    return {label: rng.choice(names) for label, names in labels.items() if chance(rng, 0.8)}


def placings(rng: Random, site: Site, track: str) -> dict[str, Value]:
    """Returns the sessions somebody places, by weekday and time or by a time alone."""
    found: dict[str, Value] = {}
    for session in site.program.sessions:
        held_by_all = session.kind not in ("individual", "family") or (
            session.own.days is not None or session.own.at is not None or session.monthly is not None
        )
        likely = 0.05 if session.kind not in ("individual", "family") else 0.45 if held_by_all else 0.8
        if not any(allowed(session, phase, track) for phase in site.program.phases):
            continue
        if not chance(rng, likely):
            continue
        time = clock(rng, rng.randrange(7 * 60, 20 * 60, 5))
        alone = held_by_all and (session.monthly is not None or chance(rng, 0.4))
        row: dict[str, Value] = {"at": time if alone else f"{weekday(rng, site, session.id)} {time}"}
        if chance(rng, 0.4):
            row["lead"] = rng.choice(words.PEOPLE)
        found[site.session_name(rng, session.id)] = row
    return found


def weekday(rng: Random, site: Site, session: str) -> str:
    """Returns a weekday, often one on which a change of the session falls."""
    changed: Sequence[int] = [
        day.weekday()
        for change in site.program.changes
        if change.session == session and change.since is None
        for day in change.line.days
    ]
    day = rng.choice(changed) if changed and chance(rng, 0.6) else rng.randrange(7)
    return rng.choice([WEEKDAYS[day]] * 3 + [FULL[day]])
