"""Which keys and forms of the language a program file uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

FORMS = frozenset(
    name.strip()
    for name in """
    clock 24 h; clock without a zero; clock am/pm; clock range; clock range am/pm; midnight
    at by track; at range by track; at for some tracks
    weekdays list; weekdays words; weekdays range; weekdays range over the weekend
    weekday in full; weekday alone
    days any; days any on weekdays; days any as a list; phase days any in an override
    phase days left out; phase days number; phase days weekdays; phase days taper; phase days rising;
    phase days numbers; phase days week off; phase days until; phase days of visits
    linear; early; late; steps
    every number; every by phase; every of a phase
    weeks one; weeks range; weeks open; weeks list; visits one; visits range; visits open; visits list
    monthly one; monthly two; monthly last; monthly list
    topics list; topics by weekday; advance week; on_closure skip
    phase only sessions; phase overrides; session by id; session in other letters
    holidays code; holidays subdivision; holidays list; holidays only; holidays except; holidays all of one
    closed text; closed range text; closed date alone; closed from; closed until; closed between
    closed range; make_up day; make_up range; closed for a track; closed for a cohort
    on a day; on a range; moved to a day and time; added on a range; added as a range of time
    capacity number; capacity min; capacity max; capacity both
    one track; several tracks; one cohort; several cohorts; cohort in a track
    notes of several lines; a list of leads; publish all; publish staff; publish never
    block style; comment
    """.replace("\n", ";").split(";")
    if name.strip()
)
CLOCK = re.compile(r"\d{1,2}:\d\d( [ap]m)?", re.IGNORECASE)
LENGTHS = ("weeks", "visits", "until")


def features(text: str) -> set[str]:
    """Returns the names of what the file uses: `session: topics` for a key, one of `FORMS` for a form."""
    raw = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return {name for name in all_features(raw, text) if name}


def all_features(raw: dict[str, Any], text: str) -> Iterator[str]:
    """Yields the features of a whole program, many of them more than once."""
    yield from (f"program: {key}" for key in raw)
    yield f"zone: {raw['timezone']}"
    yield "comment" if text.startswith("#") else ""
    yield "block style" if re.search(r"^  - \w+:", text, re.MULTILINE) else ""
    yield from (f"hours: {key}" for key in raw.get("hours", ()))
    yield from (f"hours count: {raw['hours']['count']}" for _ in [0] if "hours" in raw)
    yield from times(raw)
    yield from weekday_forms(raw.get("treatment_days"))
    yield from of_holidays(raw.get("holidays"))
    tracks, cohorts = raw.get("tracks", {}), raw.get("cohorts", [])
    yield "several tracks" if len(tracks) > 1 else "one track" if tracks else ""
    yield "several cohorts" if len(cohorts) > 1 else "one cohort" if cohorts else ""
    yield from (f"tracks: {key}" for track in tracks.values() for key in track)
    yield from (f"cohorts: {key}" for cohort in cohorts for key in cohort)
    yield "cohort in a track" if any("track" in cohort for cohort in cohorts) else ""
    for row in raw["sessions"]:
        yield from of_session(row, "sessions", tracks)
    for phase in raw["phases"]:
        yield from of_phase(phase, {row["name"] for row in raw["sessions"]})
    for line in raw.get("closed", ()):
        yield from of_closure(line)
    for line in raw.get("changes", ()):
        yield from of_change(line, tracks)


def times(value: Any) -> Iterator[str]:
    """Yields how clocks are written, wherever they stand."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from times(item)
        return
    ends = value.split("-")
    if not all(CLOCK.fullmatch(end) for end in ends):
        return
    half = value[-1] in "mM"
    yield "clock range am/pm" if len(ends) == 2 and half else "clock range" if len(ends) == 2 else ""
    yield "clock am/pm" if half else "clock without a zero" if value[1] == ":" else "clock 24 h"
    yield "midnight" if len(ends) == 2 and ends[1].lower() in ("0:00", "00:00", "12:00 am") else ""


def weekday_forms(value: Any) -> Iterator[str]:
    """Yields how weekdays are written."""
    parts = value if isinstance(value, list) else (value or "").replace(",", " ").split()
    if "any" in parts:
        yield "days any" if len(parts) == 1 else ""
        yield "days any as a list" if isinstance(value, list) else ""
        yield "days any on weekdays" if len(parts) > 1 else ""
    elif isinstance(value, list):
        yield "weekdays list"
    elif match := re.fullmatch(r"(\w{3})-(\w{3})", value or ""):
        over = "mon tue wed thu fri sat sun".find(match[1]) > "mon tue wed thu fri sat sun".find(match[2])
        yield "weekdays range over the weekend" if over else "weekdays range"
    else:
        yield "weekdays words" if len(parts) > 1 else "weekday alone" if parts else ""
    yield "weekday in full" if any(part.lower().endswith("day") for part in parts) else ""


def numbers(key: str, value: Any) -> str:
    """Names the form of `weeks` or `visits` of a session."""
    if isinstance(value, list):
        return f"{key} list"
    return f"{key} open" if value.endswith("-") else f"{key} range" if "-" in value else f"{key} one"


def of_holidays(value: Any) -> Iterator[str]:
    """Yields the forms of `holidays`."""
    yield "holidays list" if isinstance(value, list) else ""
    for rule in value if isinstance(value, list) else [value] if value else []:
        code = rule if isinstance(rule, str) else rule["use"]
        yield "holidays subdivision" if "-" in code else "holidays code"
        yield from (f"holidays: {key}" for key in rule if not isinstance(rule, str))
        yield from (f"holidays {key}" for key in rule if key in ("only", "except"))
        yield "holidays all of one" if set(rule) == {"use"} else ""


def of_session(row: dict[str, Any], table: str, tracks: dict[str, Any]) -> Iterator[str]:
    """Yields the keys and forms of a session, an override or a change."""
    yield from (f"{table}: {key}" for key in row)
    if "at" in row and isinstance(row["at"], dict):
        yield "at range by track" if any("-" in time for time in row["at"].values()) else "at by track"
        yield "at for some tracks" if len(row["at"]) < len(tracks) else ""
    yield from weekday_forms(row.get("days"))
    for key in ("weeks", "visits"):
        yield numbers(key, row[key]) if key in row else ""
    yield "" if "every" not in row else "every by phase" if isinstance(row["every"], dict) else "every number"
    if "monthly" in row:
        yield "monthly list" if isinstance(row["monthly"], list) else ""
        yield (
            "monthly last"
            if "last" in row["monthly"]
            else "monthly two"
            if "," in row["monthly"]
            else "monthly one"
        )
    if "topics" in row:
        yield "topics by weekday" if isinstance(row["topics"], dict) else "topics list"
        yield "advance week" if row.get("advance") == "week" else ""
        yield "on_closure skip" if row.get("on_closure") == "skip" else ""
    if "capacity" in row:
        yield "capacity number" if isinstance(row["capacity"], str) else ""
        yield f"capacity {'both' if len(row['capacity']) == 2 else ''.join(row['capacity'])}"
    if table == "sessions":
        yield f"kind: {row.get('kind', 'group')}"
    yield "notes of several lines" if "\n" in row.get("notes", "") else ""
    yield "a list of leads" if isinstance(row.get("lead"), list) else ""
    yield f"publish {row['publish']}" if "publish" in row else ""


def of_phase(phase: dict[str, Any], names: set[str]) -> Iterator[str]:
    """Yields the keys and forms of a phase."""
    yield from (f"phases: {key}" for key in phase)
    days = phase.get("days", "")
    yield from weekday_forms(days) if re.search("[a-z]", str(days)) else ()
    yield phase_days(days)
    if "->" in days:
        first, last = str(days).split("->")
        yield "phase days rising" if int(first) < int(last) else ""
        yield "phase days until" if "until" in phase else ""
        yield phase.get("taper", "linear")
    yield "phase days week off" if isinstance(days, list) and "0" in days else ""
    yield "phase days of visits" if "visits" in phase and days else ""
    yield "every of a phase" if "every" in phase else ""
    sessions = phase.get("sessions", [])
    named = [sessions] if isinstance(sessions, str) else list(sessions)
    yield "session by id" if any(re.fullmatch(r"s\d+", name) for name in named) else ""
    yield (
        "session in other letters"
        if any(name not in names and not name[-1].isdigit() for name in named)
        else ""
    )
    yield "" if not named else "phase overrides" if isinstance(sessions, dict) else "phase only sessions"
    for row in sessions.values() if isinstance(sessions, dict) else ():
        yield from of_session(row, "sessions of a phase", {})
        yield "phase days any in an override" if "any" in row.get("days", "") else ""


def phase_days(days: Any) -> str:
    """Names the form of a phase's `days`."""
    if not days:
        return "phase days left out"
    if "->" in days:
        return "phase days taper"
    if isinstance(days, list):
        return "phase days numbers" if days[0].isdigit() else "phase days weekdays"
    return "phase days number" if days.isdigit() else "phase days weekdays"


def of_closure(line: Any) -> Iterator[str]:
    """Yields the keys and forms of a `closed` line."""
    if isinstance(line, str):
        words = line.split(" ", 1)
        yield "closed date alone" if len(words) == 1 else "closed text"
        yield "closed range text" if ".." in words[0] else ""
        return
    yield from (f"closed: {key}" for key in line)
    yield "closed range" if ".." in line["on"] else ""
    yield "closed between" if {"from", "until"} <= line.keys() else ""
    yield from (f"closed {key}" for key in ("from", "until") if key in line)
    if "make_up" in line:
        yield "make_up range" if ".." in line["make_up"] else "make_up day"
    yield "closed for a track" if "tracks" in line else ""
    yield "closed for a cohort" if "cohorts" in line else ""


def of_change(line: dict[str, Any], tracks: dict[str, Any]) -> Iterator[str]:
    """Yields the keys and forms of a `changes` line."""
    if "from" in line:
        yield from of_session(line, "changes from a day on", tracks)
    elif "add" in line:
        yield from of_session(line, "added sessions", tracks)
        yield "added on a range" if ".." in line["on"] else ""
        yield "added as a range of time" if "-" in line["at"] else ""
    else:
        yield from of_session(line, "changes on single days", tracks)
        yield "on a range" if ".." in line["on"] else "on a day"
        yield "moved to a day and time" if {"to", "at"} <= line.keys() else ""
