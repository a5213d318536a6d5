"""Whatever happens to one participant touches their calendar alone: random edits through the command.

Each build takes back the edit before it and makes another one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from iopcal.targets import addresses
from iopcal.targets.addresses import Table
from tests import oracle
from tests.command import run
from tests.oracle.attend import Attended
from tests.peopled import State, differences
from tests.programs import random_program
from tests.programs.spelling import Value
from tests.rings import at_length
from tests.rosters import random_rolling_program
from tests.rosters.enrolled import enroll
from tests.rosters.events import Event, sound_path, written
from tests.rosters.people import participant
from tests.rosters.site import Site

SEEDS = (4, 8, 15, 17, 37, 65, 66, 72, 78, 79)  # small programs, four of them with several tracks
LONG_SEEDS = range(100, 160)
PEOPLE, EDITS = 6, 21  # of one roster
LEVELS = ("discreet", "titles", "busy", "full")
STAMPS = (b"DTSTAMP", b"LAST-MODIFIED", b"SEQUENCE")
KINDS = ("added", "stepped down", "on hold", "transferred", "discharged", "away", "restarted")
Keys = dict[str, Value]


def program(seed: int) -> str:
    """Returns the text of a random program, of an odd seed with rolling admission."""
    return random_rolling_program(seed) if seed % 2 else random_program(seed)


class Clinic:
    """A random program with a roster, its folder, and what the first build made of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = Random(f"edits {seed}")
        self.text = program(seed)
        self.today = oracle.load(self.text).starts
        self.site = Site(self.text, self.today)
        self.folder, self.level = folder, LEVELS[seed % len(LEVELS)]
        self.program, self.output = folder / "program.yaml", folder / "out"
        feeds = f"{{for: program}}, {{for: each track}}, {{for: each participant, privacy: {self.level}}}"
        text = f"{self.text}roster: roster.yaml\nfeeds: [{feeds}]\n"
        self.program.write_text(text, encoding="utf-8")
        self.people = {f"p-{number}": self.newcomer(f"p-{number}") for number in range(1, PEOPLE + 1)}
        self.builds = 0
        self.build(self.people)
        self.first = self.calendars()

    def newcomer(self, id_: str) -> Keys:
        """Returns the keys of somebody to whom nothing has happened yet."""
        keys: Keys = {}
        while not keys:
            keys = dict(participant(self.rng, self.site, id_))
        keys.pop("path", None)
        return keys

    def build(self, people: Mapping[str, Keys]) -> None:
        """Builds with such a roster, a minute after the build before.

        To take an edit back may let sessions go for which no line is the reason: then it is said to be meant.
        """
        roster = json.dumps({"participants": list(people.values())}, ensure_ascii=False)
        (self.folder / "roster.yaml").write_text(roster, encoding="utf-8")
        words = ("build", self.program, "-q", "-o", self.output)
        now = f"{self.today}T12:{self.builds:02}:00Z"
        done = run(*words, now=now)
        if named := re.findall(r"with --allow-deletes (\d+)", done.output):
            done = run(*words, "--allow-deletes", max(map(int, named)), now=now)
        assert done.exit_code == 0, done.output
        self.builds += 1

    def calendars(self) -> State:
        """Returns time of modification and bytes of every calendar, by its key or its name."""
        (file,) = self.folder.glob("*.addresses.json")
        table = addresses.load(file, file.name.removesuffix(".addresses.json"))
        assert isinstance(table, Table)
        paths = {key: self.output / "feeds" / one.token / "calendar.ics" for key, one in table.feeds.items()}
        paths |= {path.name: path for path in self.output.glob("*.ics")}
        return {
            key: (path.stat().st_mtime_ns, path.read_bytes()) for key, path in paths.items() if path.exists()
        }

    def edit(self, kind: str) -> tuple[str, str, Keys]:
        """Returns what has happened, of this kind where it can be, to whom, and their keys after it."""
        if kind == "added":
            return kind, "p-new", self.newcomer("p-new")
        while True:
            who = self.rng.choice(list(self.people))
            keys = self.people[who]
            # Whoever steps down on their first day never comes to what they may have placed.
            days = [day for day in self.site.course(keys) if day.state == "under way"][1:]
            if not days:
                continue
            tried = (self.event(kind, day) for day in self.rng.choices(days, k=12))
            happened = next(filter(None, tried), None)
            if happened is None:  # there is no other track, or no later phase
                kind = "discharged"
                continue
            changed = keys | {"path": written(self.rng, self.site, [happened])}
            if sound_path(self.site, self.site.course(changed)):
                return kind, who, changed

    def event(self, kind: str, on: Attended) -> Event | None:
        """Returns what happens on a day; None where it cannot."""
        day, rng, phases = on.day, self.rng, self.site.program.phases
        if kind in ("on hold", "away"):
            last = day + timedelta(days=rng.choice([0, 2, 6, 13]))
            return Event("hold" if kind == "on hold" else "away", day, last)
        if kind == "discharged":
            return Event("discharge", day, day)
        if kind == "transferred":
            others = [track.id for track in self.site.program.tracks if track.id != on.track]
            return Event("track", day, day, rng.choice(others)) if others else None
        at = [phase.id for phase in phases].index(on.phase.id if on.phase else "")
        chosen = phases[:1] if kind == "restarted" else phases[at + 1 :]
        possible = [one.id for one in chosen if one.until is None or one.until >= day]
        return Event("phase", day, day, rng.choice(possible)) if possible else None

    def shown(self, keys: Keys) -> object:
        """Returns times, and names where the level tells them, of all that a participant's calendar shows."""
        roster, today = json.dumps({"participants": [keys]}, ensure_ascii=False), self.today
        who = str(keys["id"])
        if self.level in ("discreet", "busy"):
            return oracle.participant_feed(self.text, roster, who, today)
        attended = oracle.participants(self.text, roster, today)[who]
        return [(*one[:2], one.name, one.topic) for one in attended if one.publish == "all"]


def content(data: bytes) -> Counter[bytes]:
    """Returns the head of a calendar and its events, without the lines that say when they were changed."""
    lines = [line for line in data.split(b"\r\n") if not line.startswith(STAMPS)]
    return Counter(b"\n".join(lines).removesuffix(b"END:VCALENDAR\n").split(b"BEGIN:VEVENT"))


def check_taken_back(was: bytes, now: bytes, who: str) -> None:
    """Compares a calendar with that before the edit that was taken back.

    What is closed, and by the edit was shown as taking place, stays for a while as cancelled.
    """
    assert not content(was) - content(now), who
    assert all(b"STATUS:CANCELLED" in event for event in content(now) - content(was)), who


def check(clinic: Clinic) -> dict[str, int]:
    """Makes edits, each of which takes back the one before; returns how many of each kind changed a file."""
    counts = dict.fromkeys(KINDS, 0)
    before, edited, last = clinic.first, "", Keys()
    for number in range(EDITS):
        kind, who, keys = clinic.edit(KINDS[number % len(KINDS)])
        clinic.build(clinic.people | {who: keys})
        after, mine = clinic.calendars(), f"participant/{who}"
        touched = differences(before, after)
        allowed = {f"participant/{each}" for each in (edited, who)}
        placed = "place" in keys or "place" in last
        for name in touched - allowed:
            # Who leads what somebody has placed sees when that is: the calendar of the program is staff's.
            assert placed and name.count(".") == 1, f"{name} at {number}: {who} {kind}"
        if edited != who:
            was, now = clinic.first.get(f"participant/{edited}"), after.get(f"participant/{edited}")
            assert (was is None) == (now is None)
            if was is not None and now is not None:
                check_taken_back(was[1], now[1], f"{edited} at {number}")
        base = clinic.people.get(who)
        if base is None:
            assert mine in touched
        elif clinic.shown(keys) != clinic.shown(base):
            assert content(after[mine][1]) != content(clinic.first[mine][1]), f"{mine} at {number}: {kind}"
        counts[kind] += mine in touched
        before, edited, last = after, who, keys
    return counts


def totals(seeds: Iterable[int], folder: Path) -> dict[str, int]:
    """Returns how many edits of each kind changed a calendar; programs that are refused are left out."""
    found = dict.fromkeys(KINDS, 0)
    for seed in seeds:
        text = program(seed)
        if enroll(text, "participants: []\n", oracle.load(text).starts) is not None:
            mine = folder / str(seed)
            mine.mkdir()
            for kind, number in check(Clinic(mine, seed)).items():
                found[kind] += number
    return found


def test_what_happens_to_one_participant_changes_no_other_calendar(
    tmp_path: Path, figure: Callable[[object], None]
) -> None:
    found = totals(SEEDS, tmp_path)
    figure(f"edits of participants: {len(SEEDS) * EDITS} builds, calendars changed: {found}")
    assert all(found[kind] >= 8 for kind in KINDS)


@pytest.mark.long
@pytest.mark.parametrize("chunk", at_length(range(4)))
def test_the_long_ring_of_edits_agrees_too(
    chunk: int, tmp_path: Path, figure: Callable[[object], None]
) -> None:
    figure(
        f"edits of participants, part {chunk}: calendars changed: {totals(LONG_SEEDS[chunk::4], tmp_path)}"
    )
