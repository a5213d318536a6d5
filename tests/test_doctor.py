"""`iopcal doctor`: whether this computer, its files and, with the word google, Google are ready."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from iopcal.cli import checkup, findings
from iopcal.cli.findings import Finding, line
from iopcal.targets import locks
from iopcal.targets.google.doubts import DOUBTS
from iopcal.targets.google.health import State
from iopcal.targets.google.pace import Pace
from iopcal.targets.google.tokens import EVENTS, Token
from iopcal.targets.google.trial import Trial, try_out
from tests.command import run
from tests.fake_google import FakeGoogle, Killed
from tests.google_accounts import secret
from tests.google_world import EACH
from tests.keeping import api_of
from tests.syncing_site import FEED, PROGRAM, Site

NOW = datetime(2027, 2, 10, 6, tzinfo=UTC)
RANDOM = bytes(range(17))
OURS = "kind: service-account, file: clinic.json"


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(seed=7, auth="off", wait_scale=0.01) as made:
        yield made
        assert made.violations == []


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> Site:
    (tmp_path / "state").mkdir(mode=0o700)
    return Site(tmp_path, fake)


@pytest.fixture
def cron() -> None:
    """Lets iopcal really be run as cron would: a process of its own, in a bare environment."""


@pytest.fixture(autouse=True)
def as_cron_would(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares those tests that process which look at something else; it takes longer than all the rest."""
    if "cron" not in request.fixturenames:
        monkeypatch.setattr(checkup, "_bare", lambda words, environment: (0, ""))


def look(site: Site, *words: object, **env: str) -> Result:
    """Runs the command on a site; whatever it prints must hold no secret and no id of a calendar."""
    site.fake.new_run()
    root = {"IOPCAL_GOOGLE_API_ROOT": site.fake.root, "IOPCAL_WAIT_SCALE": "0.01"}
    google = words[:1] == ("google",)
    given = (*words[:1], site.file, *words[1:]) if google else (site.file, *words)
    result = run("doctor", *given, now=site.now, env={**root, **env})
    site.fake.check_output(result.output)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def failures(result: Result) -> list[str]:
    """Returns the lines of what has failed."""
    return [each for each in result.stdout.splitlines() if each.startswith(" FAIL ")]


def with_login(site: Site, way: str, **keys: str) -> None:
    """Gives a site another way to sign in."""
    site.sync(f"{{{FEED}: {site.calendar}}}", **keys)
    path = Path(site.file)
    path.write_text(path.read_text(encoding="utf-8").replace("{kind: none}", f"{{{way}}}"), encoding="utf-8")


# Without Google


@pytest.mark.usefixtures("cron")
def test_a_site_where_all_is_well_ends_with_0_and_asks_nobody(site: Site) -> None:
    site.run("sync")
    before = site.fake.requests
    result = look(site)
    assert (result.exit_code, failures(result)) == (0, [])
    assert site.fake.requests == before
    for words in (
        f" ok    {site.file} and 1 program can be used",
        " ok    works without terminal, HOME or LANG, from any folder",
        f" ok    the state folder '{site.folder}/state' can be written",
        " ok    no other run is busy",
        " ok    staff: last ok today ",
    ):
        assert f"\n{words}" in result.stdout
    assert result.stdout.startswith(" ok    iopcal ")
    assert all(re.match(r" (?:ok   |WARN |FAIL ) \S", each) for each in result.stdout.splitlines())


@pytest.mark.usefixtures("cron")
def test_nothing_is_written(site: Site) -> None:
    site.run("sync")

    def there() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in site.folder.rglob("*") if path.is_file()}

    before = there()
    look(site)
    assert there() == before


@pytest.mark.usefixtures("cron")
def test_it_works_without_a_sync_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("doctor")
    assert (result.exit_code, failures(result)) == (0, [])
    assert (
        " WARN  there is no sync file here: name it: iopcal doctor /etc/iopcal/sync.yaml\n" in result.stdout
    )
    assert run("doctor", "google").exit_code == 2


def test_a_sync_file_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    result = run("doctor", tmp_path / "gone.yaml")
    assert result.exit_code == 1
    assert " FAIL  [IOP640] " in result.stdout


def test_every_mistake_in_the_files_is_told_with_its_place(site: Site) -> None:
    site.change("minutes: 60}", "minutes: many}")
    result = look(site)
    assert result.exit_code == 1
    assert failures(result)[0].startswith(f" FAIL  [IOP147] {site.folder}/evening.yaml:7:36 'many' is not a ")


def test_a_feed_that_the_program_has_not_got_is_told(site: Site) -> None:
    site.sync(f"{{riverbend-evening/track/late: {site.calendar}}}")
    result = look(site)
    assert result.exit_code == 1
    assert "[IOP524] riverbend-evening/track/late: the program has no such feed any more" in result.stdout


@pytest.mark.parametrize(
    ("mode", "code", "words"),
    [
        (0o644, 5, "[IOP505] '{file}' has the mode 0644, so others may read it: chmod 600 {file}"),
        (0o660, 5, "[IOP505] '{file}' has the mode 0660, so others may read it: chmod 600 {file}"),
        (0o600, 0, ""),
        (0o400, 0, ""),
    ],
)
def test_a_key_that_others_can_read_is_told_with_the_command_that_mends_it(
    site: Site, mode: int, code: int, words: str
) -> None:
    file = secret(site.folder / "clinic.json", site.fake.service_account(), mode)
    with_login(site, OURS)
    result = look(site)
    assert result.exit_code == code
    assert failures(result) == ([f" FAIL  {words.format(file=file)}"] if words else [])
    assert site.fake.token_requests == 0


def test_missing_keys_and_logins_are_told_with_the_next_command(site: Site) -> None:
    with_login(site, OURS)
    assert "[IOP506] there is no file" in failures(look(site))[0]
    secret(site.folder / "client.json", site.fake.client_file())
    with_login(site, "kind: user, client: client.json, token: token.json")
    result = look(site)
    assert result.exit_code == 5
    assert failures(result) == [
        " FAIL  [IOP508] nobody has signed in as 'test' yet: iopcal login test",
    ]


def test_a_login_that_was_granted_too_little_is_seen_without_asking(site: Site) -> None:
    secret(site.folder / "client.json", site.fake.client_file())
    token = site.fake.user_token(scopes=["calendar.app.created"])
    kept = {"token": "ya29.x", "expiry": "2027-02-10T06:30:00Z"}
    secret(site.folder / "token.json", {**token, **kept})
    with_login(site, "kind: user, client: client.json, token: token.json")
    result = look(site)
    assert result.exit_code == 5
    assert "[IOP503] the login 'test' may not do all that its calendars need" in failures(result)[0]


def test_a_heartbeat_without_an_address_is_told(site: Site) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", top="heartbeat: {url_file: ping-url}\n")
    assert "[IOP550] there is no file" in failures(look(site))[0]
    (site.folder / "ping-url").write_text("https://hc.example/canary", encoding="utf-8")
    (site.folder / "ping-url").chmod(0o644)
    result = look(site)
    assert result.exit_code == 5
    assert "canary" not in result.output


def test_a_state_folder_that_others_can_look_into_is_a_warning(site: Site) -> None:
    (site.folder / "state").chmod(0o755)
    result = look(site)
    assert result.exit_code == 0
    assert (
        f" WARN  '{site.folder}/state' has the mode 0755, and it tells which calendars there are: "
        f"chmod 700 {site.folder}/state\n" in result.stdout
    )


@pytest.mark.parametrize(
    ("there", "code"), [("file", "IOP625"), ("link", "IOP626"), ("nothing around", "IOP624"), ("folder", "")]
)
def test_folders_that_cannot_be_written_are_told(site: Site, there: str, code: str) -> None:
    out = site.folder / ("gone/out" if there == "nothing around" else "out")
    if there == "file":
        out.write_text("x", encoding="utf-8")
    elif there == "link":
        out.symlink_to(site.folder)
    elif there == "folder":
        out.mkdir()
    path = Path(site.file)
    text = path.read_text(encoding="utf-8")
    web = f"  - {{name: web, kind: ics, folder: {out}, feeds: [riverbend-evening/*]}}\n"
    path.write_text(text + web, encoding="utf-8")
    result = look(site)
    assert [each[8:14] for each in failures(result)] == ([code] if code else [])
    assert result.exit_code == (1 if code else 0)


def test_a_state_folder_in_whose_place_is_a_file_is_told(site: Site) -> None:
    (site.folder / "state").rmdir()
    (site.folder / "state").write_text("x", encoding="utf-8")
    result = look(site)
    assert result.exit_code == 1
    assert "[IOP625]" in failures(result)[0]


def test_another_run_is_seen_and_not_disturbed(site: Site) -> None:
    site.run("sync")
    (lock,) = (site.folder / "state").glob("*.lock")
    with locks.hold(lock, Path(FEED), now=NOW):
        result = look(site)
    assert result.exit_code == 0
    assert re.search(r"\n WARN  another run is busy: process \d+ on \S+ since .*: wait until", result.stdout)
    assert locks.holder(lock) is None
    assert locks.holder(lock.with_name("none.lock")) is None


@pytest.mark.usefixtures("cron")
def test_what_hangs_on_a_home_folder_is_told(site: Site) -> None:
    home = site.folder / "home"
    home.mkdir()
    (home / "evening.yaml").write_text(PROGRAM, encoding="utf-8")
    site.sync(f"{{{FEED}: {site.calendar}}}", programs="~/evening.yaml")
    result = look(site, HOME=str(home))
    assert result.exit_code == 1
    assert failures(result) == [
        f" FAIL  [IOP554] without terminal, HOME or LANG iopcal ends with 1: {site.file}:2:12: "
        "error[IOP530]: '~/evening.yaml' finds no program file "
        "(paths are relative to the folder of this file; check the name): "
        "write whole paths in the sync file, without ~"
    ]


@pytest.mark.usefixtures("cron")
def test_quiet_tells_only_what_is_not_well_and_json_all(site: Site) -> None:
    site.run("sync")
    assert not any(each.startswith(" ok") for each in look(site, "--quiet").stdout.splitlines())
    document = json.loads(look(site, "--json").stdout)
    assert (document["schema"], document["exit"]) == ("iopcal-doctor-1", 0)
    assert {each["state"] for each in document["findings"]} <= {"ok", "warn"}
    assert document["findings"][0]["words"].startswith("iopcal ")


@pytest.mark.parametrize("words", [("a.yaml", "b.yaml"), ("google", "a", "b"), ("a.yaml", "--only", "x")])
def test_wrong_usage_is_said(words: tuple[str, ...]) -> None:
    assert run("doctor", *words).exit_code == 2


# Judgements


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ({"click": "8.1", "PyYAML": "6.0.2"}, ["ok", "ok"]),
        ({"click": "8.0.9", "PyYAML": "6.0.10"}, ["ok", "fail"]),
        ({"click": "10", "PyYAML": ""}, ["ok", "fail"]),
        ({}, ["ok", "fail", "fail"]),
    ],
)
def test_packages_are_held_to_what_is_needed(packages: dict[str, str], expected: list[str]) -> None:
    found = findings.of_versions("3.12.1", "1.0", "2026a", packages, ["click>=8.1", "PyYAML>=6.0.2"])
    assert [each.state for each in found] == expected


def test_the_command_that_mends_a_package_is_named() -> None:
    (_, bad) = findings.of_versions("3.12", "1.0", "", {"icalendar": "5.0"}, ["icalendar>=7.3"])
    assert line(bad) == (
        " FAIL  [IOP552] icalendar 5.0 is older than 7.3: pip install 'icalendar>=7.3'"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("computers", "packaged", "state"),
    [("2026a", "2026a", "ok"), ("2025b", "2026a", "warn"), ("", "2026a", "ok"), ("2026a", "", "fail")],
)
def test_zone_data_is_held_to_that_of_the_package(computers: str, packaged: str, state: str) -> None:
    assert [each.state for each in findings.of_zone_data(computers, packaged)] == [state]


def test_a_clock_of_long_ago_is_told_in_plain_words() -> None:
    found = findings.of_clock(datetime(1999, 12, 31, 23, 5, tzinfo=UTC), "2026a", None)
    assert (found.code, found.words) == ("IOP553", "the clock says 1999-12-31 23:05 UTC, which cannot be")


@pytest.mark.parametrize(
    ("now", "last", "state"),
    [
        (NOW, None, "ok"),
        (NOW, NOW - timedelta(days=3), "ok"),
        (NOW, NOW + timedelta(hours=20), "ok"),
        (NOW, NOW + timedelta(days=2), "fail"),
        (datetime(1970, 1, 1, tzinfo=UTC), None, "fail"),
        (datetime(2025, 12, 31, tzinfo=UTC), None, "fail"),
        (datetime(2099, 1, 1, tzinfo=UTC), None, "fail"),
    ],
)
def test_a_clock_that_cannot_be_right_is_seen(now: datetime, last: datetime | None, state: str) -> None:
    assert findings.of_clock(now, "2026a", last).state == state


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, "ok"), (-60, "ok"), (61, "warn"), (-300, "warn"), (301, "fail"), (-4000, "fail")],
)
def test_the_clock_is_held_to_that_of_google(seconds: int, state: str) -> None:
    found = findings.of_server_clock(NOW + timedelta(seconds=seconds), "Wed, 10 Feb 2027 06:00:00 GMT")
    assert found is not None
    assert found.state == state
    assert findings.of_server_clock(NOW, "yesterday") is None


def test_how_long_ago_a_target_was_well_is_told() -> None:
    def of(*states: State) -> tuple[str, str]:
        found = findings.of_age("staff", states, NOW, NOW)
        return found.state, found.words

    well, old = State(well="2027-02-10T05:45:00Z"), State(well="2027-02-08T23:45:00Z")
    assert of() == ("warn", "staff: never synced")
    assert of(well) == ("ok", "staff: last ok today 05:45")
    assert of(well, old) == ("warn", "staff: last ok Mon 23:45")
    ill = well._replace(since="2027-02-10T05:50:00Z", why="Google could not be reached")
    assert of(well, ill) == ("warn", "staff: 1 feed not well: Google could not be reached")
    assert of(State(since="2027-02-10T05:50:00Z", code=4)) == ("warn", "staff: 1 feed not well: exit code 4")


def test_a_login_that_ends_within_days_is_that_of_an_app_in_testing() -> None:
    token = Token("x", NOW, (EVENTS,))
    (well,) = findings.of_login("office", token)
    assert well.words == "office: signed in; scopes granted: calendar.events"
    _, testing = findings.of_login("office", token._replace(login=6.5 * 86_400))
    assert (testing.code, testing.exit) == ("IOP502", 5)
    _, timed = findings.of_login("office", token._replace(login=30 * 86_400.0))
    assert timed.state == "warn"


def test_variables_of_iopcal_are_named_without_their_values() -> None:
    (found,) = findings.of_variables(["IOPCAL_STATE", "PATH", "IOPCAL_NOW"])
    assert "IOPCAL_NOW, IOPCAL_STATE" in found.words
    assert findings.of_variables(["PATH", "TZ"]) == []


@pytest.mark.parametrize(
    ("codes", "code"), [((), 0), ((1,), 1), ((4, 1), 1), ((75, 1), 75), ((75, 5), 5), ((3,), 1)]
)
def test_the_exit_code_is_the_one_that_a_human_has_to_act_on(codes: tuple[int, ...], code: int) -> None:
    assert findings.exit_of(findings.fail("IOP555", "", "", each) for each in codes) == code
    assert findings.exit_of([Finding("warn", ""), Finding("differs", "", exit=5)]) == 0


def test_rosters_that_others_can_read_are_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "roster.yaml"
    file.touch(0o644)
    file.chmod(0o644)
    (found,) = checkup.kept_from_others(file, 0o007, "640", "it names people")
    assert line(found) == f" WARN  '{file}' has the mode 0644, and it names people: chmod 640 {file}"
    file.chmod(0o640)
    assert checkup.kept_from_others(file, 0o007, "640", "it names people") == []


# With Google


def tries(result: Result) -> dict[str, str]:
    """Returns what was seen by doubt: `ok: refused (409 duplicate)`."""
    found = {}
    for each in result.stdout.splitlines():
        for doubt, _ in DOUBTS:
            match = re.fullmatch(rf" (ok|differs:|skipped:) +{re.escape(doubt)}: (.*)", each)
            if match:
                found[doubt] = f"{match[1].rstrip(':')}: {match[2]}"
    return found


def test_every_doubt_is_tried_and_nothing_stays(site: Site) -> None:
    site.run("sync")
    before = site.live()
    result = look(site, "google")
    assert result.exit_code == 0
    assert site.live() == before
    found = tries(result)
    assert list(found) == [doubt for doubt, _ in DOUBTS]
    assert found["the same id twice"] == "ok: refused (409 duplicate)"
    assert found["the id of a deleted event"] == "ok: refused (409 duplicate)"
    assert found["a batch of three"] == "ok: answered 404, 412, 404"
    assert found["the zone Europe/Kyiv"] == "differs: refused (400 invalid)"
    assert found["a calendar that is not shared"] == "ok: refused (404 notFound)"
    assert found["import"].startswith("skipped: ")
    assert {name for name, seen in found.items() if seen.startswith("differs")} == {"the zone Europe/Kyiv"}
    assert " ok    riverbend-evening/program can be written (role: owner)\n" in result.stdout
    assert " ok    the clock agrees with Google's\n" in result.stdout
    assert site.run("sync").exit_code == 0, "a sync afterwards takes nothing for a hand edit"


def test_one_event_is_made_called_test_two_years_ahead_and_free(site: Site) -> None:
    look(site, "google")
    (row,) = (row for row in site.fake.events(site.calendar).values() if row["id"].startswith("evtd"))
    assert re.fullmatch("evtd[0-9a-v]{26}", row["id"])
    assert (row["summary"], row["transparency"]) == ("Test", "transparent")
    assert row["start"]["dateTime"].startswith("2029-02-09T")
    assert row["status"] == "cancelled"


def test_only_names_the_calendar_for_the_tries(site: Site) -> None:
    other = site.fake.calendar("Evening")
    site.sync(f"{{riverbend-evening/track: {other}, {FEED}: {site.calendar}}}")
    result = look(site, "google", "--only", FEED)
    assert f" ok    {FEED} can be written (role: owner)\n" in result.stdout
    assert "riverbend-evening/track can be written" not in result.stdout
    assert site.fake.events(other) == {}
    assert [row["id"][:4] for row in site.fake.events(site.calendar).values()] == ["evtd"]


def test_only_with_a_name_that_is_none_is_wrong_usage(site: Site) -> None:
    wrong = look(site, "google", "--only", "riverbend-evening/programme")
    assert wrong.exit_code == 2
    assert "did you mean 'riverbend-evening/program'?" in wrong.stderr
    assert site.fake.requests == 0


def test_a_calendar_that_may_only_be_read_is_told_and_gets_no_event(site: Site) -> None:
    secret(site.folder / "clinic.json", site.fake.service_account())
    with_login(site, OURS)
    site.fake.share(site.calendar, "iopcal@riverbend.iam.gserviceaccount.com", "reader")
    result = look(site, "google")
    assert result.exit_code == 5
    assert failures(result)[0].startswith(" FAIL  [IOP516] riverbend-evening/program: this account may only")
    assert " skipped: the tries with a scratch event: no calendar can be written\n" in result.stdout
    assert site.fake.events(site.calendar) == {}
    site.fake.share(site.calendar, "iopcal@riverbend.iam.gserviceaccount.com", "none")
    assert "[IOP515]" in failures(look(site, "google"))[0]
    site.fake.share(site.calendar, "iopcal@riverbend.iam.gserviceaccount.com", "writer")
    result = look(site, "google")
    assert " ok    test: signed in; scopes granted: calendar.events\n" in result.stdout
    assert result.exit_code == 0


def test_a_login_that_google_refuses_is_asked_nothing_more(site: Site) -> None:
    secret(site.folder / "client.json", site.fake.client_file())
    token = site.fake.user_token()
    secret(site.folder / "token.json", token)
    with_login(site, "kind: user, client: client.json, token: token.json")
    site.fake.revoke(token)
    result = look(site, "google")
    assert result.exit_code == 5
    assert "[IOP501] Google will not renew the login 'test' (invalid_grant)" in failures(result)[0]
    assert (site.fake.requests, site.fake.token_requests) == (0, 1)


def test_an_app_in_testing_is_recognised(tmp_path: Path) -> None:
    with FakeGoogle(seed=3, login_life=604_799) as fake:
        site = Site(tmp_path, fake)
        secret(tmp_path / "client.json", fake.client_file())
        secret(tmp_path / "token.json", fake.user_token())
        with_login(site, "kind: user, client: client.json, token: token.json")
        result = look(site, "google")
        assert result.exit_code == 5
        assert failures(result)[0].startswith(
            " FAIL  [IOP502] the login 'test' ends in 6 days, as of a Google "
        )
        assert fake.violations == []


def test_without_google_nothing_can_be_asked(site: Site) -> None:
    with FakeGoogle() as gone:
        nowhere = gone.root
    result = look(site, "google", IOPCAL_GOOGLE_API_ROOT=nowhere)
    assert result.exit_code == 75
    assert "[IOP511]" in failures(result)[0]


# The tries, without sockets


def tried(fake: FakeGoogle, calendar: str, seed: bytes = RANDOM) -> Trial:
    fake.new_run()
    pace = Pace(fake.seconds, fake.sleep, random.Random(5))
    return try_out(api_of(fake), calendar, pace, fake.now(), seed)


@pytest.mark.parametrize("switches", EACH)
def test_whatever_google_does_the_event_is_taken_away(switches: dict[str, Any]) -> None:
    fake = FakeGoogle(auth="off", **switches)
    calendar = fake.calendar()
    trial = tried(fake, calendar)
    assert fake.live(calendar) == {}
    assert not trial.left
    assert len(trial.tried) == len(DOUBTS)
    assert fake.violations == []


SEEN = {
    "collision_missed": ("the same id twice", "the id of a deleted event"),
    "noop_moves_etag": ("a PATCH that changes nothing",),
    "bare_tombstones": ("a deleted event",),
}


@pytest.mark.parametrize("switch", SEEN)
def test_what_google_does_otherwise_is_seen(switch: str) -> None:
    fake = FakeGoogle(auth="off", unknown_zones=(), **{switch: True})
    differing = {each.doubt for each in tried(fake, fake.calendar()).tried if each.verdict == "differs"}
    assert differing == set(SEEN[switch])


def test_an_edit_of_reminders_that_moves_no_etag_is_seen() -> None:
    fake = FakeGoogle(auth="off", unknown_zones=(), reminders_move_etag=False)
    differing = {each.doubt for each in tried(fake, fake.calendar()).tried if each.verdict == "differs"}
    assert differing == {"a PATCH of the reminders"}


REQUESTS = 22  # of a run in which nothing goes wrong
OFTEN = ("503", "lost", "503-after", "truncate")
RARELY = ("429", "403:rateLimitExceeded", "500", "502-html", "lost-before", "reset")
KINDS = (*OFTEN, *(pytest.param(kind, marks=pytest.mark.long) for kind in RARELY))


@pytest.mark.parametrize("kind", KINDS)
def test_no_fault_at_any_request_leaves_the_event_behind(kind: str) -> None:
    for number in range(1, REQUESTS + 1):
        fake = FakeGoogle(auth="off")
        calendar = fake.calendar()
        fake.fault(kind, {"request": number})
        trial = tried(fake, calendar)
        assert fake.live(calendar) == {}, number
        assert not trial.left
        assert fake.violations == [], number


def test_after_a_used_up_quota_nothing_is_asked_and_what_stays_is_told() -> None:
    for number in range(1, REQUESTS + 1):
        fake = FakeGoogle(auth="off")
        calendar = fake.calendar()
        fake.fault("403:quotaExceeded", {"request": number})
        trial = tried(fake, calendar)
        assert fake.requests == number
        assert not fake.live(calendar) or trial.left
        assert fake.violations == []


def test_what_a_killed_run_has_left_behind_goes_with_the_next() -> None:
    for number in range(2, REQUESTS):
        fake = FakeGoogle(auth="off")
        calendar = fake.calendar()
        mine = fake.people.add_foreign(calendar)
        fake.fault("kill-after", {"request": number})
        with pytest.raises(Killed):
            tried(fake, calendar)
        trial = tried(fake, calendar, bytes(17))
        assert list(fake.live(calendar)) == [mine], number
        assert not trial.left


def test_requests_are_as_many_as_the_tests_think() -> None:
    fake = FakeGoogle(auth="off")
    tried(fake, fake.calendar())
    assert fake.requests == REQUESTS
