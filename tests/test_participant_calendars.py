"""Personal calendars as they are built, read by foreign readers and compared with the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from iopcal.targets import addresses
from iopcal.targets.addresses import Table
from tests import oracle
from tests.command import run
from tests.oracle import Occurrence
from tests.programs import random_program
from tests.readers import READERS
from tests.rings import at_length
from tests.rosters import random_rolling_program, random_roster, today_for

SEEDS = range(300, 322)  # a roster has 8 to 20 participants
LONG_CHUNKS = [range(first, first + 60) for first in (400, 460)]
SLOW = {"recurring": 6, "vobject": 5, "ical": 4}  # these read every so many of the calendars by default
LEVELS = ("full", "titles", "discreet", "busy")
TITLE = "Busy hours"
FIRST, LAST = date(2020, 1, 1), date(2035, 1, 1)
Entry = tuple[datetime, datetime, str]


class Personal(NamedTuple):
    """A calendar of one participant as it lies in the folder, and what shall be in it."""

    path: Path
    zone: str
    level: str
    entries: Counter[Entry]


def calendars(seeds: Iterable[int], folder: Path) -> Iterator[Personal]:
    """Yields the calendars of all participants of some rosters, built by the command."""
    for number, seed in enumerate(seeds):
        text = random_rolling_program(seed) if seed % 2 else random_program(seed)
        people, today, level = random_roster(text, seed), today_for(text), LEVELS[number // 2 % len(LEVELS)]
        mine = folder / str(seed)
        mine.mkdir()
        feed = f"{{for: each participant, privacy: {level}, title: {TITLE}}}"
        if level in ("full", "titles"):
            feed = f"{{for: each participant, privacy: {level}}}"
        (mine / "program.yaml").write_text(f"{text}roster: roster.yaml\nfeeds: [{feed}]\n", encoding="utf-8")
        (mine / "roster.yaml").write_text(people, encoding="utf-8")
        done = run("build", mine / "program.yaml", "-q", "-o", mine / "out", now=f"{today}T12:00:00Z")
        assert done.exit_code == 0, f"seed {seed}: {done.output}"
        for key, token in tokens(mine).items():
            path, person = mine / "out" / "feeds" / token / "calendar.ics", key.split("/")[1]
            wanted = entries(text, people, person, today, level)
            assert path.exists() or not wanted, f"seed {seed}: {key}"
            if path.exists():
                yield Personal(path, str(oracle.load(text).zone), level, wanted)


def tokens(folder: Path) -> dict[str, str]:
    """Returns the secret folder of everybody who has a calendar, by its key."""
    (file,) = folder.glob("*.addresses.json")
    table = addresses.load(file, file.name.removesuffix(".addresses.json"))
    assert isinstance(table, Table)
    return {key: entry.token for key, entry in table.feeds.items() if not entry.state}


def entries(text: str, people: str, person: str, today: date, level: str) -> Counter[Entry]:
    """Returns what a calendar shall show at a level: stretches of the day, or sessions with their names."""
    if level in ("discreet", "busy"):
        title = TITLE if level == "discreet" else "Busy"
        return Counter((*times, title) for times in oracle.participant_feed(text, people, person, today))
    attended = oracle.participants(text, people, today)[person]
    return Counter(
        (one.start, one.end, title_of(one, level))
        for one in attended
        if one.publish == "all" and one.status != "cancelled"
    )


def title_of(one: Occurrence, level: str) -> str:
    title = f"{one.name}: {one.topic}" if one.topic and level == "full" else one.name
    return title + " (optional)" * one.optional


def compare(
    seeds: Iterable[int], folder: Path, request: pytest.FixtureRequest, share: Mapping[str, int]
) -> str:
    """Lets every core reader read the calendars of some rosters, or one of as many as its `share` says.

    Returns the numbers in words.
    """
    built = list(calendars(seeds, folder))
    assert len(built) >= 300
    assert all(sum(each.level == level for each in built) >= 40 for level in LEVELS)
    counts = {}
    for reader in READERS:
        if not reader.core:
            continue
        if reader.missing():
            assert not request.config.getoption("--require-readers"), reader.missing()
            continue
        mine = built[:: share.get(reader.name, 1)]
        asked = [each for each in mine if each.zone not in reader.misread]
        found = reader.read([each.path for each in asked], FIRST, LAST)
        for each, seen in zip(asked, found, strict=True):
            live = Counter((one[0], one[1], one[3]) for one in seen if one[2] != "CANCELLED")
            assert live == each.entries, f"{reader.name}: {each.path.parents[2].name}, {each.level}"
        counts[reader.name] = len(asked)
        request.node.user_properties.append(("reader", reader.name))
    assert len(counts) >= 3
    total = sum(each.entries.total() for each in built)
    return f"{len(built)} with {total} entries, read by {counts}, 0 differences"


def test_foreign_readers_see_in_personal_calendars_what_is_attended(
    tmp_path: Path, request: pytest.FixtureRequest, figure: Callable[[object], None]
) -> None:
    figure(f"personal calendars: {compare(SEEDS, tmp_path, request, SLOW)}")


@pytest.mark.long
@pytest.mark.parametrize("seeds", at_length(LONG_CHUNKS))
def test_the_long_ring_of_personal_calendars_agrees_too(
    seeds: Iterable[int], tmp_path: Path, request: pytest.FixtureRequest, figure: Callable[[object], None]
) -> None:
    figure(f"personal calendars, {seeds}: {compare(seeds, tmp_path, request, {})}")
