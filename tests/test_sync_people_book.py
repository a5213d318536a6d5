"""The book of participants' calendars: nobody gets two, or another's, whatever is lost or ends too early."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import ROOT
from tests.fake_google import FakeGoogle
from tests.peopled import PEOPLE
from tests.rings import at_length
from tests.syncing_people import EVERYBODY, MAKING, PeopleSite, of, people_fake

INSERT = {"method": "POST", "path_re": "/calendars$"}
TWO = {name: PEOPLE[name] for name in ("p-014", "p-016")}
REQUESTS = 6  # of a first run for two: each made, read and filled


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with people_fake() as google:
        yield google


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> PeopleSite:
    return PeopleSite(tmp_path, fake, people=TWO)


def killed(site: PeopleSite) -> int:
    """Runs sync in a process of its own, which the fake may kill; returns how that ended."""
    site.fake.new_run()
    process = subprocess.Popen(
        (sys.executable, "-m", "iopcal", "sync", "--quiet", site.file),
        cwd=ROOT,
        env={"IOPCAL_GOOGLE_API_ROOT": site.fake.root, "IOPCAL_WAIT_SCALE": "0.01", "IOPCAL_NOW": site.now},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    site.fake.victim = process.kill
    return process.wait(60)


def right(site: PeopleSite) -> None:
    """Demands that everybody has one calendar of their own with all that it shall say, and no more."""
    starts = {"p-014": "17:30", "p-016": "09:00"}
    for name, start in starts.items():
        rows = site.events_of(name).values()
        assert sorted(row["start"]["dateTime"][:16] for row in rows) == [
            f"2027-01-{day:02}T{start}" for day in (4, 5, 6, 7)
        ]
    known = {entry["calendar"] for entry in site.book.values()}
    assert len(known) == len(starts)
    strays = set(site.fake.store.calendars) - known
    assert all(site.live(calendar) == {} for calendar in strays)
    _, requests, writes = site.ran("sync")
    assert (requests, len(writes)) == (len(starts), 0)


def test_a_run_that_is_killed_at_any_request_is_finished_by_the_next(site: PeopleSite) -> None:
    kill(site, "kill-after", 1)  # the calendar is made, and nobody knows it
    assert site.made == 3


@pytest.mark.long
@pytest.mark.parametrize("kind", ["kill-before", "kill-after"])
@pytest.mark.parametrize("request_number", at_length(range(1, REQUESTS + 1)))
def test_a_run_that_is_killed_at_each_request_is_finished_by_the_next(
    site: PeopleSite, kind: str, request_number: int
) -> None:
    kill(site, kind, request_number)


def kill(site: PeopleSite, kind: str, number: int) -> None:
    """Has the fake kill the first run at one of its requests, then runs again."""
    site.fake.fault(kind, {"request": number})
    assert killed(site) == -9
    site.fake.victim = None
    assert site.ran("sync")[0]
    right(site)


def test_the_death_of_a_run_before_the_book_is_written_leaves_one_empty_calendar(
    site: PeopleSite, fake: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patched:
        patched.setattr("iopcal.cli.calendars.note", die)
        site.ran("sync", code=137)
    assert site.made == 1
    site.ran("sync")
    assert site.made == 3
    right(site)


@pytest.mark.parametrize("kind", ["lost", "503-after"])
def test_who_has_no_calendar_as_the_answer_was_lost_gets_one_in_the_next_run_and_the_others_at_once(
    site: PeopleSite, fake: FakeGoogle, kind: str
) -> None:
    fake.fault(kind, INSERT)
    said, _, _ = site.ran("sync", code=3)
    assert (
        f"error[IOP527]: {of('p-014')}: it is unknown whether Google has made the calendar 'Calendar'" in said
    )
    assert set(site.book) == {of("p-016")}
    assert site.made == 2  # each once
    site.ran("sync")
    right(site)


def test_calendars_that_cannot_be_made_are_asked_for_more_and_more_slowly_and_not_for_ever(
    tmp_path: Path, fake: FakeGoogle
) -> None:
    site = PeopleSite(tmp_path, fake, people={f"p-{number:03}": "track: evening" for number in range(12)})
    fake.fault("503", {**INSERT, "times": 100})
    said, _, _ = site.ran("sync", code=3)
    assert site.made == 7
    assert (said.count("error[IOP527]"), said.count("error[IOP512]")) == (7, 5)


def test_a_lost_book_makes_nobody_a_second_calendar(site: PeopleSite, fake: FakeGoogle) -> None:
    site.ran("sync")
    saved = (site.folder / "secrets/book.yaml").read_bytes()
    (site.folder / "secrets/book.yaml").unlink()
    said, requests, _ = site.ran("sync", code=4)
    assert said.count("refused[IOP525]") == 2
    assert (requests, site.made) == (0, 2)
    (site.folder / "secrets/book.yaml").write_bytes(saved)
    (site.folder / "secrets/book.yaml").chmod(0o600)
    right(site)


def test_what_is_wrong_in_very_many_calendars_is_told_of_the_first(tmp_path: Path, fake: FakeGoogle) -> None:
    people = {f"p-{number:03}": "track: evening" for number in range(20)}
    site = PeopleSite(tmp_path, fake, people=people)
    site.ran("sync")
    site.enroll(p_100="track: evening", p_101="track: evening", p_102="track: evening")
    site.ran("sync")
    site.people = {}
    site.enroll()
    said, requests, _ = site.ran("sync", code=4)
    assert (requests, said.count("refused[IOP524]: riverbend/participant/")) == (0, 20)
    assert "refused[IOP524]: so it is with 3 more calendars\n  look: iopcal status\n" in said
    refused = [each["refused"] for each in site.json("sync")["calendars"]]
    assert len(refused) == 23
    assert all(refused)


def test_a_book_that_lost_one_line_stops_that_one_alone(site: PeopleSite) -> None:
    site.ran("sync")
    path = site.folder / "secrets/book.yaml"
    text = path.read_text().replace(of("p-014"), of("p-099"))
    path.write_text(text)
    said, requests, _ = site.ran("sync", code=4)
    assert (requests, site.made) == (1, 2)
    assert f"refused[IOP525]: {of('p-014')}: iopcal has made a calendar for it" in said
    assert f"refused[IOP524]: {of('p-099')}: the program has no such feed" in said


def test_two_lines_that_changed_places_are_found_out_before_anything_is_written(site: PeopleSite) -> None:
    site.ran("sync")
    path = site.folder / "secrets/book.yaml"
    one, two = of("p-014"), of("p-016")
    path.write_text(path.read_text().replace(one, "*").replace(two, one).replace("*", two))
    said, _, writes = site.ran("sync", code=4)
    assert said.count("refused[IOP520]") == 2
    assert not writes


def test_twenty_calendars_a_run_are_made_and_the_rest_next_time(tmp_path: Path, fake: FakeGoogle) -> None:
    people = {f"p-{number:03}": "track: evening" for number in range(22)}
    site = PeopleSite(tmp_path, fake, people=people)
    said, _, _ = site.ran("sync", code=75)
    assert said.count("error[IOP510]") == 2
    assert (len(site.book), site.made) == (20, 20)
    site.ran("sync")
    assert (len(site.book), site.made) == (22, 22)
    assert [record.path for record in fake.log].count(MAKING) == 22
    assert site.ran("sync", "--only", EVERYBODY)[1] == 22
