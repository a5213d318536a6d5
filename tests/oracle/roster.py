"""The text of a roster file becomes people: dated facts laid over a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import yaml

from tests.oracle import words
from tests.oracle.program import UNNAMED, Program, Track

FACTS = ("track", "phase", "hold", "away", "discharge")


class Placing(NamedTuple):
    """When somebody has a session of their own; `weekday` None: a time alone."""

    weekday: int | None
    start: int


class Fact(NamedTuple):
    kind: str  # one of FACTS
    days: tuple[date, ...]
    value: str  # the id of the track or phase


class Person(NamedTuple):
    id: str
    cohort: str  # the one named, or UNNAMED
    cohorts: frozenset[str]  # whose lines hold for this person
    track: Track
    starts: date
    days: tuple[int, ...]  # own days, most important first; empty: none said
    choose: dict[str, str]  # label of a `one_of` -> session id
    place: dict[str, Placing]  # by session id
    facts: tuple[Fact, ...]

    def days_of(self, kind: str) -> frozenset[date]:
        """All days of the facts of one kind."""
        return frozenset(day for fact in self.facts if fact.kind == kind for day in fact.days)

    def fact_on(self, kind: str, day: date) -> Fact | None:
        """Two facts of one kind on one day are an error."""
        return next((fact for fact in self.facts if fact.kind == kind and day in fact.days), None)


def load_roster(program: Program, text: str) -> tuple[Person, ...]:
    """Read a valid roster of a program."""
    raw: dict[str, Any] = yaml.load(
        text.lstrip("\ufeff"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    )
    return tuple(person_of(program, one) for one in words.many(raw["participants"]))


def person_of(program: Program, raw: Mapping[str, Any]) -> Person:
    """One participant, by the keys of their line."""
    # `cohort` gives `starts` and `track`.
    cohort = next((one for one in program.cohorts if one.id == raw.get("cohort")), None)
    starts = words.day(raw["starts"]) if raw.get("starts") else cohort.starts if cohort else program.starts
    tracks = tuple(one for one in program.tracks if cohort is None or one.id in cohort.tracks)
    track = words.find(program.tracks, raw["track"]) if raw.get("track") else tracks[0]
    return Person(
        id=raw["id"],
        cohort=cohort.id if cohort else UNNAMED,
        # Lines limited to a cohort hold for its participants, and without the key for those who begin on
        # its `starts` in its track.
        cohorts=frozenset({cohort.id})
        if cohort
        else frozenset(one.id for one in program.cohorts if one.starts == starts and track.id in one.tracks),
        track=track,
        starts=starts,
        days=words.weekdays(raw["days"]) if raw.get("days") else (),
        choose={
            label: words.find(program.sessions, name).id for label, name in (raw.get("choose") or {}).items()
        },
        place={
            words.find(program.sessions, name).id: _placing(keys)
            for name, keys in (raw.get("place") or {}).items()
        },
        facts=tuple(_fact(program, one) for one in words.many(raw.get("path"))),
    )


def _placing(raw: Any) -> Placing:
    """`{at: thu 16:00}` or, the time alone, `{at: 16:00}`."""
    text = raw["at"].strip()
    if not text[0].isalpha():
        return Placing(None, words.clock(text))
    weekday, clock = text.split(maxsplit=1)
    return Placing(words.weekday(weekday), words.clock(clock))


def _fact(program: Program, raw: dict[str, Any]) -> Fact:
    kind = next(kind for kind in FACTS if kind in raw)
    value = ""
    if kind == "track":
        value = words.find(program.tracks, raw["track"]).id
    elif kind == "phase":
        value = words.find(program.phases, raw["phase"]).id
    return Fact(kind, words.days(raw["on"]), value)
