"""What `sync` says and how it ends when Google, the login, the network or a person is in the way."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iopcal.targets import locks
from iopcal.targets.google.cache import name as cache_name
from iopcal.targets.google.identity import Owner
from tests.command import ROOT
from tests.fake_google import FakeGoogle
from tests.syncing_site import FEED, Site

OTHER = "riverbend-evening/track/-"
LOST = {"method": "GET", "path_re": "events"}


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(auth="off", wait_scale=0.01) as google:
        yield google
        assert google.violations == []


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> Site:
    return Site(tmp_path, fake)


def two(site: Site) -> str:
    """Gives both feeds of the program a calendar; returns the second."""
    second = site.fake.calendar("Second")
    site.sync(f"{{{FEED}: {site.calendar}, {OTHER}: {second}}}")
    return second


def signed_in(site: Site) -> Path:
    """Makes a person's login the way to Google; returns its token file."""
    fake = site.fake
    fake.switches = type(fake.switches)(auth="on")
    secrets = site.folder / "secrets"
    secrets.mkdir(mode=0o700)
    for name, content in (("client.json", fake.client_file()), ("token.json", fake.user_token())):
        (secrets / name).touch(mode=0o600)
        (secrets / name).write_text(json.dumps(content), encoding="utf-8")
    text = (site.folder / "sync.yaml").read_text(encoding="utf-8")
    office = "{kind: user, client: secrets/client.json, token: secrets/token.json}"
    (site.folder / "sync.yaml").write_text(text.replace("{kind: none}", office), encoding="utf-8")
    return secrets / "token.json"


def test_a_login_that_ended_is_told_once_with_what_is_still_fine(site: Site, fake: FakeGoogle) -> None:
    two(site)
    token = signed_in(site)
    more = "  - {name: web, kind: ics, folder: web, feeds: [riverbend-evening/*]}\n"
    with (site.folder / "sync.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    assert site.run("sync").exit_code == 0
    fields = json.loads(token.read_text(encoding="utf-8"))
    token.write_text(json.dumps({k: v for k, v in fields.items() if k not in ("token", "expiry")}))
    fake.fault("invalid_grant", times=float("inf"))
    before = fake.requests
    result = site.run("sync")
    assert result.exit_code == 5
    assert result.stderr.count("[IOP501]") == 1
    assert result.stderr.startswith("error[IOP501]: Google will not renew the login 'test' (invalid_grant)\n")
    assert "  do: iopcal login test" in result.stderr
    assert "  still fine: web\n" in result.stderr
    assert fake.requests == before
    document = site.json("sync")
    assert [each["failed"][0]["ref"] for each in document["calendars"]] == ["", ""]
    status = site.run("status", env={"TZ": "UTC"}).stdout
    assert status.count("login needed since today 06:00:  iopcal login test") == 2


def test_a_quiet_run_reminds_of_a_login_once_a_day(site: Site, fake: FakeGoogle) -> None:
    token = signed_in(site)
    token.unlink()
    first = site.run("sync", "--quiet")
    assert (first.exit_code, "[IOP508]" in first.stderr) == (5, True)
    site.now = "2027-02-11T05:59:00Z"
    second = site.run("sync", "--quiet")
    assert (second.exit_code, second.output) == (5, "")
    site.now = "2027-02-11T06:00:01Z"
    third = site.run("sync", "--quiet")
    assert (third.exit_code, "[IOP508]" in third.stderr) == (5, True)


@pytest.mark.parametrize(
    ("role", "code"), [("reader", "IOP516"), ("none", "IOP515"), ("freeBusyReader", "IOP515")]
)
def test_a_calendar_without_the_right_to_write_asks_for_it(
    site: Site, fake: FakeGoogle, role: str, code: str
) -> None:
    second = fake.calendar("Second", owner="somebody@example.org")
    fake.share(second, "coordinator@example.org", role)
    site.sync(f"{{{FEED}: {site.calendar}, {OTHER}: {second}}}")
    result = site.run("sync")
    assert result.exit_code == 5
    assert f"[{code}]: {OTHER}: " in result.stderr or "[IOP516]" in result.stderr
    assert f"  still fine: {FEED}\n" in result.stderr
    assert (len(site.live()), len(site.live(second))) == (4, 0)


def test_a_calendar_that_is_gone_is_not_made_anew(site: Site, fake: FakeGoogle) -> None:
    site.sync(f"{{{FEED}: c_gone@group.calendar.google.com}}")
    result = site.run("sync")
    assert result.exit_code == 5
    assert f"error[IOP515]: {FEED}: the calendar is not there, or not shared" in result.stderr
    assert "c_gone" not in result.output


def test_without_a_network_it_is_tried_three_times_and_not_for_each_calendar(
    site: Site, fake: FakeGoogle
) -> None:
    two(site)
    dead = {"IOPCAL_GOOGLE_API_ROOT": "http://127.0.0.1:9/"}
    result = site.run("sync", env=dead)
    assert result.exit_code == 75
    assert result.stderr.count("error[IOP511]") == 2
    assert site.run("plan", "--check", env=dead).exit_code == 75
    assert site.run("plan", env=dead).exit_code == 75
    assert site.run("status").stdout.count("Google could not be reached since") == 2


def test_quota_stops_the_account_and_keeps_what_is_done(site: Site, fake: FakeGoogle) -> None:
    second = two(site)
    fake.fault("403:quotaExceeded", {"method": "POST", "path_re": "batch", "nth": 2})
    result = site.run("sync")
    assert result.exit_code == 75
    assert (len(site.live()), len(site.live(second))) == (4, 0)
    assert f"error[IOP514]: {OTHER}: Google's quota is used up; 4 items left to do\n" in result.stderr
    assert f"{FEED}   4 added" in result.stdout
    fake.advance(7 * 3600)
    assert site.run("sync").exit_code == 0


def test_no_quota_for_reading_leaves_the_other_calendars_unasked(site: Site, fake: FakeGoogle) -> None:
    two(site)
    fake.fault("403:quotaExceeded", LOST)
    result = site.run("sync")
    assert (result.exit_code, fake.requests) == (75, 1)
    assert result.stderr.count("error[IOP514]") == 2


def test_an_event_that_google_refuses_fails_alone(site: Site, fake: FakeGoogle) -> None:
    fake.fault("400:invalid", {"inner_index": 1})
    result = site.run("sync")
    assert result.exit_code == 3
    assert len(site.live()) == 3
    assert re.search(
        rf"error\[IOP518\]: {FEED}: Google does not take the event [0-9a-v]{{6}} \(400 invalid\)",
        result.stderr,
    )
    assert "3 added, 0 kept, 1 failed" in result.stdout
    fake.faults.rules.clear()
    document = site.json("sync")
    assert (document["exit"], document["calendars"][0]["added"]) == (0, 1)


def test_errors_that_do_not_end_are_left_for_later(site: Site, fake: FakeGoogle) -> None:
    fake.fault("503", LOST, times=float("inf"))
    result = site.run("sync")
    assert (result.exit_code, fake.requests) == (75, 7)
    assert f"error[IOP512]: {FEED}: " in result.stderr
    fake.faults.rules.clear()
    site.sync(f"{{{FEED}: {site.calendar}}}", top="retry: {longest: 3}\n")
    fake.fault("503", LOST, times=float("inf"))
    short = site.run("sync", "--quiet")
    assert short.exit_code == 75
    assert f"error[IOP513]: {FEED}: the time for waiting is used up" in short.stderr


def test_items_that_change_under_the_writing_are_left_to_the_next_run(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    site.change("day_starts: 17:30", "day_starts: 18:00")
    fake.fault("412:conditionNotMet", {"method": "PATCH", "inner_index": "any"}, times=float("inf"))
    result = site.run("sync")
    assert result.exit_code == 3
    assert "[IOP518]" in result.stderr or "[IOP519]" in result.stderr


def test_the_same_hand_is_not_taken_back_twice(site: Site, fake: FakeGoogle) -> None:
    site.now = "2026-12-01T06:00:00Z"
    site.run("sync")
    event = site.named("Education")
    fake.people.edit(site.calendar, event, location="Elsewhere")
    assert site.run("sync", "--take-back").exit_code == 0
    fake.people.edit(site.calendar, event, location="Elsewhere")
    result = site.run("sync", "--take-back")
    assert result.exit_code == 6
    words = f"warning[IOP528]: {FEED}: what was taken back is there again: {event[6:12]}"
    assert words in result.stderr
    assert site.run("sync", "--take-back").exit_code == 0


def test_a_calendar_in_use_is_tried_later_and_stops_no_other(site: Site, fake: FakeGoogle) -> None:
    second = two(site)
    owner = Owner(site.calendar, "riverbend-evening", "program")
    lock = site.folder / "state" / f"{cache_name(site.calendar, owner)}.lock"
    lock.parent.mkdir(mode=0o700)
    with locks.hold(lock, Path("x"), now=datetime(2027, 2, 10, tzinfo=UTC)):
        result = site.run("sync")
        assert result.exit_code == 75
        assert f"'{FEED}' is in use by another run of iopcal" in result.stderr
        assert (len(site.live()), len(site.live(second))) == (0, 4)
        assert site.run("plan").exit_code == 0
    assert site.run("sync", "--wait", "1").exit_code == 0


def test_ctrl_c_stops_cleanly_and_says_what_is_done(site: Site, fake: FakeGoogle) -> None:
    second = two(site)
    # Tests that run in the background are started with the signal ignored.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from iopcal.cli import main; sys.argv = ['iopcal', *sys.argv[1:]]; main()"
    )
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "IOPCAL_NOW": site.now}
    env["IOPCAL_GOOGLE_API_ROOT"] = fake.root
    fake.fault("slow:3", {"request": 4})
    run = subprocess.Popen(
        [sys.executable, "-c", code, "sync", site.file], env=env,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 20
    while fake.requests < 4 and time.monotonic() < until:
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=20)
    assert run.returncode == 130, err
    assert "Traceback" not in err
    assert "of 2 calendars done; run again" in err
    assert f"{FEED}   4 added" in out
    fake.new_run()
    assert site.run("sync").exit_code == 0
    assert (len(site.live()), len(site.live(second))) == (4, 4)


def test_access_tokens_and_canaries_stay_out_of_sight(site: Site, fake: FakeGoogle) -> None:
    signed_in(site)
    fake.people.add_foreign(site.calendar, "Somebody's secret appointment")
    for words in (("sync", "-v"), ("sync", "--json"), ("plan", "-v"), ("status",)):
        assert site.run(*words).exit_code == 0
