"""Random programs and rosters with a mark in every text: one for each seed, of any words.

A mark is one word that says of what sort the text is, as `qxzphasezxq4`, alone or among other words. Two
readings of one seed differ by their marks and in nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from tests.programs import words

Value = object
ROSTERS = ("roster.yaml", "roster.csv")
# What stands in a calendar of anybody, where a feed that tells nothing shows it.
_PLACES = ("12 Main St", "Haus 3, 2nd floor", "North entrance; by the river")
_LINKS = ("https://meet.example.org/a?b=c&d=1,2", "https://example.org/%D7%A9")
_PHONES = ("+1 312 555 0100", "(02) 5550-1234 x9")
TELEPHONE = "+1 773 555 0199 x7"  # which holds no word, and is looked for by itself
_AMONG = (
    "{}", "{}", "{}", "The {}", "{}; all, of us", "“{}” – über", "{} 回復", 'A "{}" \\ B', "🌱 {}",
    "קבוצה {}", "A line that is so long that it has to be folded before or in the word that follows: {}",
)  # fmt: skip
_SHOWN = ("phone", "location", "link")


class Marks:
    """Makes marks: of every sort the first has the number 1."""

    def __init__(self, begin: str, end: str) -> None:
        self._begin, self._end = begin, end
        self._counts: dict[str, int] = {}
        self.found = re.compile(f"{begin}([a-z]+?){end}")

    def __call__(self, sort: str) -> str:
        """Returns the next mark of a sort."""
        number = self._counts[sort] = self._counts.get(sort, 0) + 1
        return f"{self._begin}{sort}{self._end}{number}"


def marks() -> Marks:
    """Returns the marks that are looked for."""
    return Marks("qxz", "zxq")


def other_marks() -> Marks:
    """Returns other ones, which are longer, and in the same order."""
    return Marks("qyqyqyqyq", "yqyqyqyqyqyq")


class Marked(NamedTuple):
    """A program file, and the name and text of its roster. `shows`: what its lowest feeds show is no mark."""

    seed: int
    text: str
    roster_name: str
    roster: str
    today: date
    shows: tuple[str, ...]


class _Draft:
    """A program in the making. All draws are made whatever the marks are."""

    def __init__(self, seed: int, mark: Marks) -> None:
        self.rng, self.mark = Random(f"marked {seed}"), mark
        self.seed, self.rolling, self.csv = seed, bool(seed % 2), seed % 5 == 4
        self.zone = words.ZONES[seed % len(words.ZONES)]
        monday = date(2027, 1, 4) + timedelta(weeks=self.rng.randrange(60))
        self.starts, self.weeks = monday, self.rng.choice((1, 1, 1, 2))
        self.shows = tuple(each for each in _SHOWN if self.chance(0.4)) if self.chance(0.5) else ()
        self.days = self.rng.choice(("mon, wed", "mon, wed, thu", "mon, wed, tue, fri"))
        self.phases = self.rng.choice((1, 2))
        weeks = self.weeks + 1 if self.rolling else self.weeks * self.phases
        self.left = [monday + timedelta(days=7 * week + day) for week in range(weeks) for day in (0, 2)]
        self.rng.shuffle(self.left)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def name(self, sort: str) -> str:
        """Returns a name that holds a mark."""
        return self.rng.choice(_AMONG).format(self.mark(sort))

    def remark(self, sort: str) -> str:
        return self.name(sort) + self.rng.choice(("", "\nand a second line", ", and more"))

    def shown(self, sort: str) -> str:
        """Returns an address, a link or a number: with a mark where no feed that tells nothing shows it."""
        plain = {"location": _PLACES, "link": _LINKS, "phone": _PHONES}[sort]
        chosen, among = self.rng.choice(plain), self.rng.choice(_AMONG)
        if sort in self.shows:
            return chosen
        if sort == "phone":
            return TELEPHONE
        marked = self.mark(sort)
        return f"https://meet.example.org/{marked}?a=1" if sort == "link" else among.format(marked)

    def perhaps(self, share: float, key: str, make: Callable[[], Value]) -> dict[str, Value]:
        """Returns a key with its value, or nothing; the same marks are used up."""
        value = make()
        return {key: value} if self.chance(share) else {}

    def day(self) -> date | None:
        """Returns another day on which all meet, None when there is none left."""
        return self.left.pop() if self.left else None


def marked(seed: int, mark: Marks) -> Marked:
    """Returns the program and the roster of a seed; some have errors, the same whatever the marks are."""
    draft = _Draft(seed, mark)
    rng = draft.rng
    tracks = [mark("track") for _ in range(rng.choice((1, 1, 2)))]
    cohorts = [mark("cohort") for _ in range(rng.choice((0, 0, 1, 2)))] if not draft.rolling else []
    phases = [(mark("phaseid"), draft.name("phase")) for _ in range(draft.phases)]
    rows = _rows(draft, tracks)
    roster_name = ROSTERS[draft.csv]
    keys: dict[str, Value] = {
        "program": draft.name("program"), "id": mark("programid"), "timezone": draft.zone,
        "starts": str(draft.starts), "day_starts": rng.choice(("9:00", "17:30")),
        "treatment_days": draft.days,
        "roster": roster_name,
        "tracks": {
            each: {
                **draft.perhaps(0.7, "title", lambda: draft.name("tracktitle")),
                **draft.perhaps(0.5, "room", lambda: draft.name("room")),
                **draft.perhaps(0.5, "location", lambda: draft.shown("location")),
                **draft.perhaps(0.3, "link", lambda: draft.shown("link")),
                "day_starts": rng.choice(("9:00", "13:15", "17:30")),
            }
            for each in tracks
        },
        **draft.perhaps(0.7, "location", lambda: draft.shown("location")),
        **draft.perhaps(0.5, "link", lambda: draft.shown("link")),
        **draft.perhaps(0.7, "phone", lambda: draft.shown("phone")),
    }  # fmt: skip
    if draft.rolling:
        keys |= {"admission": "rolling", "until": str(draft.starts + timedelta(weeks=draft.weeks + 1))}
    if cohorts:
        starts = [draft.starts + timedelta(weeks=2 * number) for number in range(len(cohorts))]
        keys["cohorts"] = [
            {"id": each, "starts": str(day)} for each, day in zip(cohorts, starts, strict=True)
        ]
    keys |= {
        "sessions": rows,
        "phases": [_phase(draft, each, rows) for each in phases],
        "closed": _closures(draft, tracks),
        "changes": _changes(draft, rows),
        "feeds": _feeds(draft, bool(cohorts)),
    }
    write = _table if draft.csv else _people
    roster = write(draft, tracks, cohorts, phases, rows)
    return Marked(
        seed, _text(keys), roster_name, roster, draft.starts + timedelta(days=9), tuple(draft.shows)
    )


def _rows(draft: _Draft, tracks: list[str]) -> list[dict[str, Value]]:
    rng, mark, rows = draft.rng, draft.mark, []
    for number in range(rng.choice((2, 2, 3))):
        row: dict[str, Value] = {"name": draft.name("session"), "id": mark("sessionid")}
        row["minutes"] = rng.choice((10, 30, 45, 60))
        row["kind"] = "group" if number == 0 else rng.choice(("group", "skills", "education", "break"))
        row |= draft.perhaps(0.7, "lead", lambda: [draft.name("lead"), mark("lead")])
        row |= draft.perhaps(0.4, "room", lambda: draft.name("room"))
        row |= draft.perhaps(0.4, "location", lambda: draft.shown("location"))
        row |= draft.perhaps(0.3, "link", lambda: draft.shown("link"))
        row |= draft.perhaps(0.5, "notes", lambda: draft.remark("notes"))
        row |= draft.perhaps(0.4, "topics", lambda: [draft.name("topic") for _ in range(3)])
        row |= draft.perhaps(0.1, "publish", lambda: "staff") if number else {}
        row |= draft.perhaps(0.2, "optional", lambda: "yes") if number else {}
        row |= draft.perhaps(0.2, "at", lambda: rng.choice(("7:00", "20:30"))) if number else {}
        rows.append(row)
    if draft.csv:
        return rows
    label = mark("label")
    if draft.chance(0.4):
        rows += [
            {"name": draft.name("session"), "minutes": 40, "one_of": label, "days": day}
            for day in ("mon", "wed")
        ]
    if draft.chance(0.7):
        row = {"name": draft.name("session"), "id": mark("sessionid"), "kind": "individual", "minutes": 50}
        rows.append(row | draft.perhaps(0.6, "lead", lambda: draft.name("lead")))
    return rows


def _phase(draft: _Draft, phase: tuple[str, str], rows: list[dict[str, Value]]) -> Value:
    found: dict[str, Value] = {
        "name": phase[1], "id": phase[0], "weeks": draft.weeks, "days": draft.rng.choice(("mon, wed", 2)),
    }  # fmt: skip
    if draft.chance(0.3):
        found["sessions"] = {rows[1]["id"]: {"days": "wed"}}
    return found


def _closures(draft: _Draft, tracks: list[str]) -> Value:
    whole = {"why": f"{draft.mark('why')}, and so on"}
    part = {"from": "9:00", "why": draft.remark("why").split("\n")[0]}
    of_one = {"why": draft.mark("why"), "tracks": tracks[0], "extend": "yes"}
    found: list[Value] = []
    for keys in (whole, part, of_one):
        day = draft.day() if draft.chance(0.4) else None
        if day is not None:
            found.append(f"{day} {keys['why']}" if keys is whole else {"on": str(day), **keys})
    return found


def _changes(draft: _Draft, rows: list[dict[str, Value]]) -> Value:
    rng, first = draft.rng, rows[0]["id"]
    lines: list[tuple[float, dict[str, Value]]] = [
        (0.5, {"on": 0, "session": first, "cancel": "yes", "why": draft.mark("why")}),
        (0.5, {"on": 0, "session": first, "to": 1, "at": "11:00", "why": draft.mark("why"),
               "location": draft.shown("location")}),
        (0.5, {"on": 0, "session": first, "lead": draft.mark("lead"), "room": draft.name("room"),
               "notes": draft.remark("notes"), "why": draft.mark("why")}),
        # The groups of a rolling program look far ahead for this one.
        (0.05 if draft.rolling else 0.3, {
            "from": 0, "session": first, "lead": draft.name("lead"), "name": draft.name("renamed"),
            "minutes": rng.choice((20, 75))}),
        (0.5, {"on": 4, "add": draft.name("added"), "at": rng.choice(("6:00", "21:00")), "minutes": 45,
               "lead": draft.name("lead"), "why": draft.mark("why"), "notes": draft.remark("notes"),
               "room": draft.name("room"), "location": draft.shown("location")}),
    ]  # fmt: skip
    found = []
    for share, line in lines:
        day = draft.day() if draft.chance(share) else None
        if day is not None:
            later = {
                key: str(day + timedelta(days=days))
                for key, days in line.items()
                if key in ("on", "from", "to") and isinstance(days, int)
            }
            found.append(line | later)
    return found


def _feeds(draft: _Draft, cohorts: bool) -> Value:
    rng, mark = draft.rng, draft.mark
    both = [
        {"name": mark("feed"), "for": "each participant", "privacy": "discreet"},
        {"name": mark("feed"), "for": "each participant", "privacy": "busy"},
    ]
    found: list[dict[str, Value]] = both if draft.chance(0.1) else [both[draft.chance(0.3)]]
    if len(found) == 1 and draft.chance(0.3):
        del found[0]["name"]
    others = ["program", "each track", "each lead", "each room", *(["each cohort"] if cohorts else [])]
    whose = rng.choice(others) if draft.chance(0.3) else rng.choice(("program", *others[4:]))
    lower = {"name": mark("feed"), "for": whose, "privacy": rng.choice(("discreet", "busy"))}
    found += [lower] if draft.chance(0.6) else []
    for row in found:
        if row["privacy"] == "discreet":
            row |= draft.perhaps(0.5, "title", lambda: rng.choice(("Appointment", "Class", "The usual")))
            row |= draft.perhaps(0.3, "remind", lambda: [60])
            row |= {"show": list(draft.shows)} if draft.shows else {}
        row |= draft.perhaps(0.15, "shape", lambda: "flat")
        row |= draft.perhaps(0.1, "as", lambda: "file")
    for privacy in ("full", "titles"):
        row = {"name": mark("feed"), "for": rng.choice(["each participant", *others]), "privacy": privacy}
        found.append(row)
    return found


def _people(
    draft: _Draft,
    tracks: list[str],
    cohorts: list[str],
    phases: list[tuple[str, str]],
    rows: list[dict[str, Value]],
) -> str:
    """Returns a roster in YAML."""
    rng, found = draft.rng, []
    for number in range(rng.choice((1, 1, 1, 2))):
        row: dict[str, Value] = {"id": draft.mark("person"), "track": rng.choice(tracks)}
        if cohorts and draft.chance(0.5):
            row["cohort"] = rng.choice(cohorts)
        else:
            row["starts"] = str(draft.starts + timedelta(days=rng.choice((0, 0, 2, 7)) if number else 0))
        late = 14 * cohorts.index(row["cohort"]) if "cohort" in row else 0
        label = next((row["one_of"] for row in rows if "one_of" in row), None)
        if label is not None:
            row["choose"] = {label: rng.choice([each["name"] for each in rows if "one_of" in each])}
        own = next((each["id"] for each in rows if each.get("kind") == "individual"), "")
        if own:
            at = f"{rng.choice(('thu', 'mon'))} 15:15"
            row["place"] = {own: {"at": at, **draft.perhaps(0.7, "lead", lambda: draft.name("placedlead"))}}
        day = draft.starts + timedelta(days=8 + late)
        facts: list[dict[str, Value]] = [
            {"on": f"{day}..{day + timedelta(days=2)}", rng.choice(("away", "hold")): "yes"},
            {"on": str(day + timedelta(days=4)), "phase": rng.choice(phases)[0]},
            {"on": str(day + timedelta(days=5)), "track": rng.choice(tracks)},
            {"on": str(day + timedelta(days=13)), "discharge": "yes"},
        ]
        row["path"] = [fact for fact in facts if draft.chance(0.3)]
        found.append({key: value for key, value in row.items() if value != []})
        if draft.chance(0.3):
            found.append(found[-1] | {"id": draft.mark("person")})  # who is in all the same group
    return _text({"participants": found})


def _table(
    draft: _Draft,
    tracks: list[str],
    cohorts: list[str],
    phases: list[tuple[str, str]],
    rows: list[dict[str, Value]],
) -> str:
    """Returns a roster in CSV."""
    rng = draft.rng
    lines = [["id", "track", "starts", *(identity for identity, _ in phases), "hold", "away", "discharge"]]
    for _ in range(rng.choice((1, 1, 2))):
        day = draft.starts + timedelta(days=8)
        moves = [str(day) if number and draft.chance(0.4) else "" for number in range(len(phases))]
        moves = [each if each not in moves[:number] else "" for number, each in enumerate(moves)]
        hold = f"{day + timedelta(days=2)}..{day + timedelta(days=4)}" if draft.chance(0.4) else ""
        gone = str(day + timedelta(days=12)) if draft.chance(0.3) else ""
        lines.append([draft.mark("person"), rng.choice(tracks), str(draft.starts), *moves, hold, "", gone])
    return "".join(",".join(line) + "\n" for line in lines)


def _text(keys: dict[str, Value]) -> str:
    """Returns a mapping as YAML, a key a line; what is below stands in JSON, which is YAML."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())
