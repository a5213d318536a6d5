"""Law 7 by the commands themselves: what they write, and what they say of it, in good days and bad ones."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result

from iopcal.feeds import Feed
from iopcal.plan import shown
from iopcal.targets import addresses
from iopcal.targets.addresses import Table
from iopcal.targets.published import Published as Calendar
from iopcal.targets.published import read
from iopcal.wording import Wording
from tests import oracle
from tests.command import run
from tests.marked import Marked, marked, marks
from tests.rings import further
from tests.unveiled import Published, check_apart, check_low, low_feeds, seek, site_of

SEEDS = range(20)
LONG_SEEDS = range(20, 420)
MARKS = marks()
NEUTRAL = {"programid", "feed", "track", "cohort", "room"}  # of the files that bear the name of what they are
LISTED = NEUTRAL | {"person", "lead", "placedlead"}  # of lists of addresses
Figure = Callable[[object], None]
Stretches = Counter[tuple[datetime, datetime]]


class Folder:
    """A program with marks in a folder, built there."""

    def __init__(self, path: Path, text: Marked) -> None:
        path.mkdir(exist_ok=True)
        self.text, self.program, self.output = text, path / "program.yaml", path / "out"
        self.program.write_text(text.text, encoding="utf-8")
        (path / text.roster_name).write_text(text.roster, encoding="utf-8")

    def run(self, *words: object) -> Result:
        return run(*words, now=f"{self.text.today}T12:00:00Z")

    def build(self, *words: object) -> Result:
        return self.run("build", self.program, "-o", self.output, *words)

    @property
    def table(self) -> Table:
        (path,) = self.program.parent.glob("*.addresses.json")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        found = addresses.load(path, path.name.removesuffix(".addresses.json"))
        assert isinstance(found, Table)
        return found

    def published(self, feed: Feed, table: Table) -> Published | None:
        path = f"feeds/{table.feeds[feed.key].token}/calendar.ics"
        file = self.output / path
        return Published(feed, path, file.read_bytes()) if file.exists() else None


def sorts(text: str) -> set[str]:
    return set(MARKS.found.findall(text.casefold()))


def check_folder(folder: Folder) -> Counter[str]:
    """Builds, and looks at all that is written and said; returns what was looked at."""
    site = site_of(folder.text)
    said = [folder.build("--json"), folder.build("--json")]  # the second has nothing to do
    assert [each.exit_code for each in said] == [0, 0]
    table, found = folder.table, Counter[str]()
    calendars = []
    for feed in low_feeds(site.program):
        one = folder.published(feed, table)
        if one is not None:
            check_low(site, MARKS, one)
            calendars.append(one)
    check_apart(calendars)
    found["calendars"] = len(calendars)
    for path in folder.output.glob("feeds/**/*"):
        seek(MARKS, "a path", str(path.relative_to(folder.output)))
        found["paths"] += 1
    for each in said:
        told = json.loads(each.stdout)
        assert sorts(json.dumps({**told, "problems": []})) <= NEUTRAL
        assert each.stderr == ""
    told = folder.run("feed", "list", folder.program)
    assert sorts(told.output) <= LISTED
    said += [
        told,
        folder.run("feed", "list", folder.program, "--json"),
        folder.build("-n"),
        folder.build("-v"),
    ]
    tokens = [entry.token for entry in table.feeds.values()]
    assert not [token for token in tokens for each in said if token in each.output]
    if calendars:
        key = calendars[0].feed.key
        told = folder.run("feed", "show", folder.program, key)
        assert calendars[0].path in told.output
        assert sorts(told.stdout) == set()
    found["answers"] = len(said) + 1
    return found


@pytest.mark.parametrize(
    "seeds", [SEEDS, *further([LONG_SEEDS[n::8] for n in range(8)], [f"further {n}" for n in range(8)])]
)
def test_what_commands_write_and_say_holds_no_mark(seeds: range, tmp_path: Path, figure: Figure) -> None:
    found = Counter[str]()
    for seed in seeds:
        found += check_folder(Folder(tmp_path / str(seed), marked(seed, marks())))
    assert found["calendars"] > len(seeds)
    counted = ", ".join(f"{number:,} {name}" for name, number in found.items())
    figure(f"law 7 by commands, seeds from {seeds[0]}: {len(seeds)} programs, {counted}, 0 leaks")


def judged(text: Marked, participant: str) -> Stretches:
    """Returns the stretches of what the oracle lets a participant attend: those 20 minutes apart are two."""
    attended = oracle.participants(text.text, text.roster, text.today)[participant]
    found: list[tuple[datetime, datetime]] = []
    for one in sorted(attended, key=lambda each: each.start):
        if one.status == "cancelled" or one.publish != "all":
            continue
        if found and one.start - found[-1][1] < timedelta(minutes=20):
            found[-1] = (found[-1][0], max(found[-1][1], one.end))
        else:
            found.append((one.start, one.end))
    return Counter(found)


def test_stretches_of_participants_are_those_of_the_oracle(tmp_path: Path, figure: Figure) -> None:
    compared = 0
    for seed in (seed for seed in SEEDS if seed % 5 != 4):
        folder = Folder(tmp_path / str(seed), marked(seed, marks()))
        assert folder.build("-q").exit_code == 0
        table = folder.table
        for feed in low_feeds(site_of(folder.text).program):
            if feed.rule.audience != "participant":
                continue
            one = folder.published(feed, table)
            calendar = read(one.data) if one else Calendar((), "", False, {})
            assert isinstance(calendar, Calendar)
            utc = ZoneInfo("UTC")
            live = Counter((each.start.astimezone(utc), each.end.astimezone(utc)) for each in shown(calendar))
            assert live == judged(folder.text, feed.member), f"seed {seed}, {feed.key}"
            compared += live.total()
    assert compared > 50
    figure(f"stretches of participants: {compared} as the oracle has them")


@pytest.mark.parametrize("seed", range(4))
def test_a_title_that_tells_is_refused_and_nothing_is_written(seed: int, tmp_path: Path) -> None:
    text = marked(seed, marks())
    head, _, feeds = text.text.partition("feeds: ")
    rows = json.loads(feeds)
    rows[0] |= {"privacy": "discreet", "title": "For QXZPHASEIDZXQ1"}
    folder = Folder(tmp_path / "a", text._replace(text=f"{head}feeds: {json.dumps(rows)}\n"))
    said = folder.build("--json")
    assert said.exit_code == 1
    assert "IOP612" in {each["code"] for each in json.loads(said.stdout)["problems"]}
    assert not list(folder.output.rglob("*.ics"))


def test_a_bug_of_ours_that_would_tell_writes_no_such_calendar_and_says_no_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Wording.of_stretch
    monkeypatch.setattr(
        Wording, "of_stretch", lambda self, seen: plain(self, seen)._replace(summary=seen[0].name)
    )
    folder = Folder(tmp_path / "a", marked(0, marks()))
    said = folder.build("-q")
    assert isinstance(said.exception, AssertionError)
    assert sorts(f"{said.output} {said.exception!r}") <= {"person", "programid"}
    assert not list(folder.output.glob("feeds/**/*.ics"))
