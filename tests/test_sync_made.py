"""Calendars that iopcal makes: the book that knows them, and what happens when either is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_google import FakeGoogle
from tests.syncing_site import FEED, PROGRAM, Site

TRACKS = "riverbend-evening/track/*"


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(auth="off", wait_scale=0.01) as google:
        yield google
        assert google.violations == []


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> Site:
    found = Site(tmp_path, fake)
    made(found)
    return found


def made(site: Site, feeds: str = FEED) -> None:
    """Has iopcal make the calendars of feeds."""
    site.sync(f"{{{feeds}: make}}", more=", book: secrets/book.yaml")


def book(site: Site) -> dict[str, Any]:
    content = json.loads((site.folder / "secrets/book.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = content["calendars"]
    return found


def tracks(number: int) -> str:
    """Returns the program with so many tracks."""
    names = ", ".join(f"t{place}: {{title: Group {place}}}" for place in range(number))
    return PROGRAM.replace("sessions:", f"tracks: {{{names}}}\nsessions:")


def test_a_calendar_is_made_noted_and_filled(site: Site, fake: FakeGoogle) -> None:
    plan = site.run("plan")
    assert "a calendar is to be made: 'Riverbend Evening'\n  +   Process group" in plan.stdout
    assert "4 to add; 4 writes in 3 requests" in plan.stdout
    assert fake.requests == 0
    total = re.findall(r"plan ([0-9a-f]{6}):", plan.stdout)[0]
    first = site.run("sync", "--expect", total)
    assert first.exit_code == 0, first.output
    assert fake.requests == 3
    assert first.stdout.startswith("riverbend-evening/program   4 added, 0 kept   3 requests, ")
    (entry,) = book(site).values()
    assert re.fullmatch("[0-9a-f]{32}", entry["salt"])
    assert len(site.live(entry["calendar"])) == 4
    assert fake.store.calendars[entry["calendar"]].zone == "America/Chicago"
    path = site.folder / "secrets/book.yaml"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    again = site.run("sync")
    assert "no changes, 4 kept   1 request" in again.stdout
    assert [record.path for record in fake.log].count("/calendar/v3/calendars") == 1


def test_the_book_is_there_before_the_first_event(site: Site, fake: FakeGoogle) -> None:
    seen: list[bool] = []
    fake.before(2, lambda: seen.append(FEED in book(site)))
    site.run("sync")
    assert seen == [True]


def test_a_lost_book_makes_no_second_calendar(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    (site.folder / "secrets/book.yaml").unlink()
    for command in ("sync", "plan"):
        result = site.run(command, *(["--check"] if command == "plan" else []))
        assert result.exit_code == 4
        assert f"refused[IOP525]: {FEED}: iopcal has made a calendar for it, and the book" in result.stderr
    assert [record.path for record in fake.log].count("/calendar/v3/calendars") == 1


def test_a_damaged_book_is_refused(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    path = site.folder / "secrets/book.yaml"
    path.write_text('{"iopcal-calendars": 1, "calendars": {"a', encoding="utf-8")
    before = fake.requests
    result = site.run("sync")
    assert result.exit_code == 4
    assert "refused[IOP529]: the book of made calendars" in result.stderr
    assert fake.requests == before
    assert site.run("clean", FEED).exit_code == 4


def test_a_book_that_others_can_read_is_not_used(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    path = site.folder / "secrets/book.yaml"
    path.chmod(0o644)
    before = fake.requests
    result = site.run("sync")
    assert result.exit_code == 5
    assert f"do: chmod 600 {path}" in result.stderr
    assert fake.requests == before


def test_a_book_that_cannot_be_written_makes_no_calendar(site: Site, fake: FakeGoogle) -> None:
    (site.folder / "secrets").write_text("in the way", encoding="utf-8")
    result = site.run("sync")
    assert result.exit_code in (1, 5)
    assert fake.requests == 0


@pytest.mark.parametrize("kind", ["lost", "503-after", "reset", "truncate", "503"])
def test_an_unknown_outcome_is_told_and_not_repeated(site: Site, fake: FakeGoogle, kind: str) -> None:
    fake.fault(kind, {"method": "POST", "path_re": "/calendars$"})
    result = site.run("sync")
    assert result.exit_code == 3
    assert (
        f"error[IOP527]: {FEED}: it is unknown whether Google has made the calendar 'Riverbend Evening'\n"
        "  do: look in Google for an empty calendar of that title and delete it; the next run makes another\n"
    ) in result.stderr
    assert fake.requests == 1
    assert not fake.writes or fake.writes[0][0] != "insert"


@pytest.mark.parametrize(
    ("kind", "exit", "code"),
    [
        ("403:quotaExceeded", 75, "IOP514"),
        ("403:rateLimitExceeded", 75, "IOP512"),
        ("403:insufficientPermissions", 5, "IOP517"),
        ("400:invalid", 3, "IOP518"),
    ],
)
def test_a_refusal_to_make_one_is_told_with_its_code(
    site: Site, fake: FakeGoogle, kind: str, exit: int, code: str
) -> None:
    fake.fault(kind, {"method": "POST", "path_re": "/calendars$"})
    result = site.run("sync")
    assert (result.exit_code, fake.requests) == (exit, 1)
    assert f"error[{code}]: {FEED}: " in result.stderr
    assert site.run("sync").exit_code in (0, 75)


def test_twenty_calendars_are_made_in_a_run_and_the_rest_in_the_next(site: Site, fake: FakeGoogle) -> None:
    site.program(tracks(23))
    made(site, TRACKS)
    first = site.run("sync")
    assert first.exit_code == 75
    assert first.stderr.count("error[IOP510]") == 3
    assert len(book(site)) == 20
    second = site.run("sync")
    assert (second.exit_code, len(book(site))) == (0, 23)


def test_no_quota_for_calendars_stops_the_account_and_the_next_run_finishes(
    tmp_path: Path, fake: FakeGoogle
) -> None:
    site = Site(tmp_path, fake)
    site.program(tracks(5))
    made(site, TRACKS)
    fake.fault("403:quotaExceeded", {"method": "POST", "path_re": "/calendars$", "nth": 3})
    first = site.run("sync")
    assert (first.exit_code, len(book(site))) == (75, 2)
    posts = [record for record in fake.log if record.path == "/calendar/v3/calendars"]
    assert len(posts) == 3
    document = site.json("plan")
    assert len(document["calendars"]) == 5


def test_a_track_that_ended_keeps_its_calendar_until_it_is_cleaned(site: Site, fake: FakeGoogle) -> None:
    site.program(tracks(2))
    made(site, TRACKS)
    site.run("sync")
    site.program(tracks(1))
    refused = site.run("sync")
    assert refused.exit_code == 4
    assert "refused[IOP524]: riverbend-evening/track/t1: the program has no such feed" in refused.stderr
    ended = "riverbend-evening/track/t1"
    number = re.findall(r"--allow-deletes (\d+)", site.run("clean", ended).stderr)[0]
    assert site.run("clean", ended, "--allow-deletes", number).exit_code == 0
    assert book(site)[ended]["retired"] is True
    assert site.run("sync").exit_code == 0


def test_the_calendars_of_a_program_that_is_gone_are_told_once(site: Site) -> None:
    site.program(tracks(2))
    made(site, TRACKS)
    site.run("sync")
    site.program(tracks(2).replace("id: riverbend-evening", "id: riverbend-day"))
    result = site.run("sync")
    assert result.exit_code == 1
    assert result.stderr.count("error[") == 1
    assert "error[IOP106]: 'riverbend-evening' is not the id of any program of this file" in result.stderr


def test_a_retired_feed_is_left_out(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    number = re.findall(r"--allow-deletes (\d+)", site.run("clean", FEED).stderr)[0]
    assert site.run("clean", FEED, "--allow-deletes", number).exit_code == 0
    before = fake.requests
    result = site.run("sync")
    assert (result.exit_code, fake.requests - before) == (0, 0)
    assert f"{FEED}: retired by iopcal clean" in result.stderr
    assert "retired by iopcal clean" in site.run("plan").stderr


def test_clean_wants_a_feed_with_a_calendar(site: Site) -> None:
    assert site.run("clean", FEED).exit_code == 2
    assert site.run("clean", "other/program").exit_code == 2
