"""The text of a program file becomes a `Program`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import yaml

from tests.oracle import words
from tests.oracle.program import (
    UNNAMED,
    Addition,
    Change,
    Clock,
    Closure,
    Cohort,
    Edit,
    Hours,
    Line,
    Phase,
    Program,
    Session,
    Track,
)

DEFAULT_TREATMENT_DAYS = "mon wed fri tue thu"
UNCOUNTED = {"break", "meal", "staffing", "drug-screen", "case-management", "peer-support"}
STAFF_ONLY = {"staffing", "drug-screen"}


class _Names(NamedTuple):
    """What a line may name: the tracks and phases, and the sessions once they are known."""

    tracks: tuple[Track, ...]
    phases: tuple[Phase, ...]
    sessions: tuple[Session, ...] = ()


@lru_cache(maxsize=16)
def load(text: str) -> Program:
    """Read a valid program file."""
    raw: dict[str, Any] = yaml.load(
        text.lstrip("\ufeff"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    )
    tracks = _tracks(raw)
    names = _Names(tracks, tuple(_phase(one) for one in words.many(raw["phases"])))
    sessions = tuple(_session(one, one["name"], names) for one in words.many(raw["sessions"]))
    names = names._replace(sessions=sessions)
    phases = tuple(
        _with_sessions(phase, one, names)
        for phase, one in zip(names.phases, words.many(raw["phases"]), strict=True)
    )
    changes = words.many(raw.get("changes"))
    hours = raw.get("hours") or {}
    return Program(
        zone=ZoneInfo(raw["timezone"]),
        starts=words.day(raw["starts"]),
        rolling=raw.get("admission") == "rolling",
        until=words.day(raw["until"]) if raw.get("until") else None,
        tracks=tracks,
        cohorts=_cohorts(raw, tracks),
        sessions=sessions,
        phases=phases,
        holidays=tuple(one for value in words.many(raw.get("holidays")) for one in _holidays(value)),
        closures=tuple(_closure(one, names) for one in words.many(raw.get("closed"))),
        changes=tuple(_change(one, names) for one in changes if "add" not in one),
        additions=tuple(_addition(one, names) for one in changes if "add" in one),
        hours=Hours(
            hours.get("count", "clock"),
            words.truth(hours.get("breaks")),
            words.truth(hours.get("meals")),
            hours.get("week", "mon-sun"),
        ),
    )


def _tracks(raw: dict[str, Any]) -> tuple[Track, ...]:
    """No tracks is one unnamed track. Each has its own or else the program's days and start."""
    found = []
    for name, value in (raw.get("tracks") or {UNNAMED: {}}).items():
        keys = {**raw, **(value or {})}
        starts = keys.get("day_starts")
        found.append(
            Track(
                id=name,
                name=(value or {}).get("title", name),
                day_starts=words.clock(starts) if starts else None,
                treatment_days=words.weekdays(keys.get("treatment_days") or DEFAULT_TREATMENT_DAYS),
            )
        )
    return tuple(found)


def _cohorts(raw: dict[str, Any], tracks: tuple[Track, ...]) -> tuple[Cohort, ...]:
    """With `cohorts` the program's own start is no run. A cohort without `track` runs in all."""
    every_track = tuple(track.id for track in tracks)
    if not raw.get("cohorts"):
        return (Cohort(UNNAMED, words.day(raw["starts"]), every_track),)
    return tuple(
        Cohort(
            one["id"],
            words.day(one.get("starts") or raw["starts"]),
            tuple(words.find(tracks, name).id for name in words.many(one.get("track"))) or every_track,
        )
        for one in words.many(raw["cohorts"])
    )


def _phase(raw: dict[str, Any]) -> Phase:
    weekdays, numbers, taper = None, None, None
    text = " ".join(words.parts(raw.get("days")))
    if "->" in text:
        first, last = text.split("->")
        taper = (int(first), int(last), str(raw.get("taper", "linear")))
    elif re.fullmatch(r"[\d ]+", text):
        numbers = tuple(int(number) for number in text.split())
    elif text:
        weekdays = words.weekdays(text)
    return Phase(
        id=raw.get("id") or words.slug(raw["name"]),
        name=raw["name"],
        weeks=int(raw["weeks"]) if raw.get("weeks") else None,
        visits=int(raw["visits"]) if raw.get("visits") else None,
        until=words.day(raw["until"]) if raw.get("until") else None,
        weekdays=weekdays,
        numbers=numbers,
        taper=taper,
        every=int(raw.get("every") or 1),
        only=None,
        overrides={},
    )


def _with_sessions(phase: Phase, raw: dict[str, Any], names: _Names) -> Phase:
    """A list names the only sessions of the phase; a mapping changes those it names, leaves the others."""
    value = raw.get("sessions")
    if isinstance(value, dict):
        return phase._replace(
            overrides={
                words.find(names.sessions, name).id: _edit(keys or {}, names) for name, keys in value.items()
            }
        )
    if value is None or value == "":
        return phase
    return phase._replace(only=frozenset(words.find(names.sessions, name).id for name in words.many(value)))


def _edit(raw: dict[str, Any], names: _Names) -> Edit:
    """The keys of a session that may be set anew."""
    return Edit(
        at=_at(raw["at"], names.tracks) if raw.get("at") else None,
        minutes=int(raw["minutes"]) if raw.get("minutes") else None,
        days=words.session_days(raw["days"]) if raw.get("days") else None,
        every=_every(raw["every"], names.phases) if raw.get("every") else None,
        name=raw.get("name"),
        cancel=words.truth(raw["cancel"]) if "cancel" in raw else None,
        to=words.day(raw["to"]) if raw.get("to") else None,
    )


def _at(value: Any, tracks: tuple[Track, ...]) -> dict[str, Clock]:
    """One wall time for all tracks, or a mapping track -> time."""
    if isinstance(value, dict):
        return {words.find(tracks, name).id: words.clock_and_length(text) for name, text in value.items()}
    return {track.id: words.clock_and_length(value) for track in tracks}


def _every(value: Any, phases: tuple[Phase, ...]) -> dict[str, int]:
    """A number for every phase, or a mapping phase -> number."""
    if isinstance(value, dict):
        return {words.find(phases, name).id: int(number) for name, number in value.items()}
    return {phase.id: int(value) for phase in phases}


def _session(raw: dict[str, Any], name: str, names: _Names) -> Session:
    kind = raw.get("kind") or "group"
    topics: dict[int, list[str]] | list[str] | None = None
    if isinstance(raw.get("topics"), dict):
        topics = {
            one: words.many(value) for key, value in raw["topics"].items() for one in words.weekdays(key)
        }
    elif raw.get("topics"):
        topics = words.many(raw["topics"])
    return Session(
        id=raw.get("id") or words.slug(name),
        name=name,
        kind=kind,
        own=_edit({**raw, "name": name}, names),
        weeks=words.counts(raw["weeks"]) if raw.get("weeks") else None,
        visits=words.counts(raw["visits"]) if raw.get("visits") else None,
        phases=_ids(names.phases, raw.get("phases")),
        tracks=_ids(names.tracks, raw.get("tracks")),
        monthly=words.monthly(raw["monthly"]) if raw.get("monthly") else None,
        times=int(raw["times"]) if raw.get("times") else None,
        topics=topics,
        advance=raw.get("advance") or "session",
        on_closure=raw.get("on_closure") or None,
        optional=words.truth(raw.get("optional")),
        one_of=raw.get("one_of") or None,
        counts=words.truth(raw["counts"]) if raw.get("counts") else kind not in UNCOUNTED,
        says_counts=bool(raw.get("counts")),
        publish=raw.get("publish")
        or ("never" if kind == "break" else "staff" if kind in STAFF_ONLY else "all"),
    )


def _ids(things: tuple[Any, ...], value: Any) -> frozenset[str] | None:
    """The ids of the things a list names; None where it names none, which is all of them."""
    return frozenset(words.find(things, name).id for name in words.many(value)) or None


def _line(raw: dict[str, Any], names: _Names) -> Line:
    return Line(
        days=words.days(raw.get("on")),
        tracks=_ids(names.tracks, raw.get("tracks")),
        cohorts=frozenset(words.many(raw.get("cohorts"))) or None,
    )


def _closure(raw: Any, names: _Names) -> Closure:
    if isinstance(raw, str):  # `2027-01-18 Martin Luther King Day`
        found = re.match(r"[\d-]+(\s*\.\.\s*[\d-]+)?", raw.strip())
        assert found, raw
        raw = {"on": found[0]}
    line = _line(raw, names)
    make_up = words.days(raw.get("make_up"))
    return Closure(
        line=line,
        since=words.clock(raw["from"]) if raw.get("from") else None,
        until=words.clock(raw["until"]) if raw.get("until") else None,
        telehealth=raw.get("instead") == "telehealth",
        extend=words.truth(raw.get("extend")),
        # With `make_up` a range needs a range of as many days, paired in order.
        make_up=dict(zip(line.days, make_up, strict=True)) if make_up else {},
    )


def _change(raw: dict[str, Any], names: _Names) -> Change:
    return Change(
        line=_line(raw, names),
        since=words.day(raw["from"]) if raw.get("from") else None,
        session=words.find(names.sessions, raw["session"]).id,
        edit=_edit(raw, names),
    )


def _addition(raw: dict[str, Any], names: _Names) -> Addition:
    """`add` holds the name, and the line the keys of a session; its id is `add:` and the slug."""
    session = _session(raw, raw["add"], names)
    return Addition(_line(raw, names), session._replace(id="add:" + session.id))


def _holidays(value: Any) -> list[tuple[str, frozenset[str] | None, frozenset[str]]]:
    """`US`, `US-IL`, or `{use, only, except}`, with the names as they are compared."""
    if not isinstance(value, dict):
        return [(value, None, frozenset())]
    only = frozenset(words.bare(name) for name in words.many(value.get("only"))) or None
    without = frozenset(words.bare(name) for name in words.many(value.get("except")))
    return [(code, only, without) for code in words.many(value["use"])]
