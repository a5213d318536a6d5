"""Real processes that push 500 events are killed at any moment, or run two at a time."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import oracle
from tests.command import ROOT
from tests.fake_google import FakeGoogle
from tests.syncing_site import FEED, NOW, Site

SEED = 20261125
# Sessions with topics are single events: 4 sessions on 5 days of 25 weeks.
BIG = """\
program: Big IOP
id: riverbend-evening
timezone: America/Chicago
starts: 2027-02-15
day_starts: 17:00
sessions:
  - {name: Process group, minutes: 45, topics: [Values, Sleep, Stress]}
  - {name: Skills group, minutes: 45, topics: [Mindfulness, Distress, Emotions]}
  - {name: Education, minutes: 45, topics: [Nutrition, Medication]}
  - {name: Dinner group, kind: group, minutes: 45, topics: [Cooking, Shopping]}
phases:
  - {name: Intensive, weeks: 25, days: [mon, tue, wed, thu, fri]}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with FakeGoogle(auth="off", wait_scale=0.01, machines=2) as fake:
        made = Site(tmp_path, fake)
        made.program(BIG)
        yield made
        assert fake.violations == []


def start(site: Site, **env: str) -> subprocess.Popen[bytes]:
    """Starts one run as cron would."""
    site.fake.new_run()
    return subprocess.Popen(
        (sys.executable, "-m", "iopcal", "sync", "--quiet", site.file),
        cwd=ROOT,
        env={"IOPCAL_GOOGLE_API_ROOT": site.fake.root, "IOPCAL_WAIT_SCALE": "0.01", "IOPCAL_NOW": NOW, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def shown(events: Mapping[str, dict[str, object]]) -> Counter[tuple[object, object]]:
    """Returns title and start of single events."""
    return Counter((each["summary"], each["start"]["dateTime"][:19]) for each in events.values())


def standing(site: Site) -> int:
    """Returns how many events stand while a process writes."""
    with site.fake.lock:
        return len(site.live())


def demand_converged(site: Site) -> None:
    """Holds the calendar against the oracle, and the next run against one request."""
    wanted = oracle.feed(BIG, "program", None)
    assert len(wanted) == 500
    assert shown(site.live()).total() == 500
    assert max(shown(site.live()).values()) == 1
    assert Counter(title for _, _, title in wanted) == Counter(
        each["summary"] for each in site.live().values()
    )
    before, writes = site.fake.requests, len(site.fake.writes)
    assert start(site).wait(60) == 0
    assert (site.fake.requests - before, len(site.fake.writes) - writes) == (1, 0)


def kill_and_finish(site: Site, times: int, figure) -> None:
    chance = random.Random(SEED)
    moments = []
    for _ in range(times):
        site.calendar = site.fake.calendar("Staff")
        site.sync(f"{{{FEED}: {site.calendar}}}")
        process = start(site)
        enough = chance.randrange(500)  # events that stand when it is killed, or some more
        while standing(site) < enough and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        process.wait()
        moments.append(standing(site))
        assert start(site).wait(60) == 0
        demand_converged(site)
    begun = sum(0 < number < 500 for number in moments)
    figure(f"sync of 500 events killed {times} times ({begun} half-way), seed {SEED}: 0 missing, 0 double")


def test_a_push_of_500_events_that_is_killed_is_finished_by_the_next_run(site, figure):
    kill_and_finish(site, 3, figure)


@pytest.mark.long
def test_a_push_of_500_events_is_killed_50_times(site, figure):
    kill_and_finish(site, 50, figure)


@pytest.mark.parametrize("common", [True, False], ids=["one lock", "two machines"])
def test_two_processes_at_once_make_nothing_double(site, common, tmp_path, figure):
    first = start(site)
    second = start(site) if common else start(site, IOPCAL_STATE=str(tmp_path / "other"))
    codes = sorted((first.wait(60), second.wait(60)))
    figure(f"two syncs at once ({'one lock' if common else 'two machines'}): exit {codes[0]} and {codes[1]}")
    assert codes[0] == 0
    assert codes[1] in ({0, 75} if common else {0, 3, 75})
    assert start(site).wait(60) == 0
    demand_converged(site)


def test_the_state_folder_is_nobody_elses(site):
    assert start(site).wait(60) == 0
    state = Path(site.folder) / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in state.iterdir() if path.suffix == ".json")
    assert any(state.iterdir())
