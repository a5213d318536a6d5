"""The benchmarks: that both sides do the same work, and that the scripts run. Never how long they take."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.command import run as command
from tests.conftest import present
from tests.fake_google import FakeGoogle

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
PROGRAM = BENCHMARKS / "program.yaml"
CALENDARS = ("harbor", "harbor.track-afternoon", "harbor.track-evening", "harbor.track-morning")


def build(command, output):
    """Builds the program of the benchmarks and returns its calendars."""
    call = [sys.executable, *command, str(PROGRAM), "-o", str(output)]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    files = sorted(output.rglob("*.ics"))
    assert tuple(file.stem for file in files) == CALENDARS
    return files


def test_the_script_beside_which_a_build_is_measured_makes_the_same_calendars(request, tmp_path):
    read = present(request, "recurring")
    ours = build(("-m", "iopcal", "build"), tmp_path / "ours")
    theirs = build((str(BENCHMARKS / "peer_build.py"),), tmp_path / "theirs")
    span = date(2026, 1, 1), date(2028, 1, 1)
    sessions = [sorted(found) for found in read(ours, *span)]
    assert [len(found) for found in sessions] == [378, 126, 126, 126]
    assert [sorted(found) for found in read(theirs, *span)] == sessions


def test_all_sides_of_the_expansion_make_the_same_sessions(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import dates

    ours, *theirs = (make(str(PROGRAM))() for make in dates.WAYS.values())
    assert len(ours) == 630  # with the breaks
    assert all(other == ours for other in theirs)


def test_both_sides_of_the_push_make_the_same_events(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import pushes

    stamps = {"created", "updated", "etag", "organizer"}
    made, requests = [], []
    with FakeGoogle(auth="off") as fake:
        for push in pushes.WAYS.values():
            calendar = fake.calendar("Staff")
            requests.append(push(fake.root, calendar, 60)())
            rows = fake.live(calendar).values()
            made.append([{name: row[name] for name in row.keys() - stamps} for row in rows])
        assert fake.violations == []
    ours, theirs = (sorted(rows, key=lambda row: row["id"]) for rows in made)
    assert len(ours) == 60
    assert theirs == ours
    assert requests == [2, 60]


def test_sync_takes_no_more_requests_than_the_benchmark_allows(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(BENCHMARKS)
    monkeypatch.setenv("PYTHONPATH", str(BENCHMARKS.parent))
    import p9_sync_requests

    monkeypatch.setattr(p9_sync_requests, "SIZES", (12,))
    rows = p9_sync_requests.measure((sys.executable, "-m", "iopcal"), tmp_path)
    assert [row.requests for row in rows] == [row.bar for row in rows] == [2, 1, 2]


@pytest.mark.long
@pytest.mark.parametrize("script", sorted(BENCHMARKS.glob("p[0-9]*.py")), ids=lambda script: script.stem)
def test_a_benchmark_runs(script, tmp_path_factory):
    kept = tmp_path_factory.getbasetemp() / "environments"
    subprocess.run([sys.executable, str(script), "--runs", "1", "--keep", str(kept)], check=True)


def test_both_sides_read_the_same_people_from_the_roster(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import rosters

    files = {"r.yaml": rosters.yaml_roster(), "r.csv": rosters.csv_roster()}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(files["r.yaml"].splitlines()) == 20_001
    assert rosters.pyyaml(tmp_path / "r.yaml") == rosters.PEOPLE
    assert [rosters.iopcal(tmp_path / name) for name in files] == [rosters.PEOPLE] * 2


def test_the_loop_of_icalendar_makes_the_same_personal_calendars(request, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    read = present(request, "recurring")
    import crowd
    import peer_feeds

    people = 3
    crowd.enroll(tmp_path, people)
    monkeypatch.setattr(sys, "argv", ["peer_feeds", "icalendar", str(tmp_path), str(people)])
    peer_feeds.main()
    assert command("build", tmp_path / "crowd.yaml", "-q", "-o", tmp_path / "ours").exit_code == 0
    span = date(2026, 1, 1), date(2028, 1, 1)
    files = [sorted((tmp_path / side).rglob("calendar.ics")) for side in ("ours", "theirs")]
    ours, theirs = (sorted(sorted(found) for found in read(each, *span)) for each in files)
    assert len(ours) == people
    assert min(map(len, ours)) > 150
    assert ours == theirs
