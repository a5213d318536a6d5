"""`iopcal cron`: what makes a computer run `iopcal sync` by itself."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path

import pytest

from iopcal.cli import cron as command
from iopcal.views.schedule import Job, Place, cron_line, minute_of, service, timer
from tests.command import run, small
from tests.google_accounts import secret

JOB = Job(("/usr/bin/iopcal",), "/etc/iopcal/sync.yaml", "iopcal", "clinic-7")
PLACE = Place(
    ("/etc/iopcal/secrets/clinic.json", "/etc/iopcal/secrets/ping-url"),
    ("/srv/feeds",),
    ("/etc/iopcal/programs/evening.yaml",),
)


def keys(unit: str, section: str) -> list[tuple[str, str]]:
    """Returns the keys of a section of a unit in order; one may stand there more than once."""
    body = unit.partition(f"[{section}]\n")[2].partition("\n[")[0]
    return [(key, value) for key, _, value in (line.partition("=") for line in body.splitlines() if line)]


def values(unit: str, section: str, key: str) -> list[str]:
    return [value for name, value in keys(unit, section) if name == key]


def test_the_line_for_cron_is_one_line_with_whole_paths() -> None:
    minute = minute_of("clinic-7")
    assert cron_line(JOB) == (
        f"{minute}-59/15 * * * *  iopcal  /usr/bin/iopcal sync /etc/iopcal/sync.yaml --quiet --keep-going\n"
    )


def test_the_minutes_hang_on_the_name_of_the_computer_and_are_never_a_full_quarter() -> None:
    minutes = [minute_of(f"host-{number}") for number in range(600)]
    assert set(minutes) == set(range(1, 13))
    assert minutes == [minute_of(f"host-{number}") for number in range(600)]
    assert max(minutes.count(minute) for minute in set(minutes)) < 100


def test_what_cron_and_a_shell_would_take_for_signs_is_written_so_that_they_do_not() -> None:
    line = cron_line(JOB._replace(file="/etc/100% ours/sync $1.yaml"))
    assert r"'/etc/100\% ours/sync $1.yaml'" in line
    assert "/etc/100% ours/sync $1.yaml" in shlex.split(line.replace(r"\%", "%"))


def test_the_timer_runs_every_quarter_of_an_hour_and_makes_up_for_what_was_missed() -> None:
    assert keys(timer(JOB), "Timer") == [
        ("OnCalendar", f"*:{minute_of('clinic-7')}/15"),
        ("RandomizedDelaySec", "2m"),
        ("Persistent", "true"),
    ]
    assert keys(timer(JOB), "Install") == [("WantedBy", "timers.target")]


def test_the_service_is_closed_in_and_lent_its_secrets() -> None:
    assert keys(service(JOB, PLACE), "Service") == [
        ("Type", "oneshot"),
        ("User", "iopcal"),
        ("ExecStart", "/usr/bin/iopcal sync /etc/iopcal/sync.yaml --quiet --keep-going"),
        ("SuccessExitStatus", "6 75"),
        ("TimeoutStartSec", "15min"),
        ("LoadCredential", "clinic.json:/etc/iopcal/secrets/clinic.json"),
        ("LoadCredential", "ping-url:/etc/iopcal/secrets/ping-url"),
        ("StateDirectory", "iopcal"),
        ("StateDirectoryMode", "0700"),
        ("Environment", "IOPCAL_STATE=%S/iopcal"),
        ("ReadWritePaths", "/srv/feeds"),
        ("UMask", "0077"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
    ]


def test_units_are_files_that_others_can_read() -> None:
    for unit in (timer(JOB), service(JOB, PLACE._replace(secrets=()))):
        parser = configparser.ConfigParser(interpolation=None, strict=True)
        parser.read_string(unit)
        assert parser.sections()


@pytest.mark.parametrize("file", ["/home/ann/sync.yaml", "/root/sync.yaml"])
def test_homes_are_closed_only_where_nothing_stands_in_them(file: str) -> None:
    assert values(service(JOB._replace(file=file), PLACE), "Service", "ProtectHome") == ["read-only"]
    inside = service(JOB, PLACE._replace(others=("/tmp/evening.yaml",)))
    assert values(inside, "Service", "PrivateTmp") == ["no"]
    assert values(service(JOB._replace(file="/homes/x.yaml"), PLACE), "Service", "ProtectHome") == ["yes"]


def test_secrets_of_one_name_are_not_lent_as_one_would_be_taken_for_the_other() -> None:
    secrets = ("/a/token.json", "/b/token.json", "/b/other.json", "/b/with space.json", "/b/co:lon.json")
    unit = service(JOB, PLACE._replace(secrets=secrets))
    assert values(unit, "Service", "LoadCredential") == ["other.json:/b/other.json"]


def test_signs_that_systemd_would_read_are_doubled_or_quoted() -> None:
    unit = service(
        JOB._replace(file='/etc/100% "ours"/$x;.yaml'), PLACE._replace(folders=("/srv/my feeds", "/srv/50%"))
    )
    assert values(unit, "Service", "ExecStart") == [
        r'/usr/bin/iopcal sync "/etc/100%% \"ours\"/$$x;.yaml" --quiet --keep-going'
    ]
    assert values(unit, "Service", "ReadWritePaths") == ['"/srv/my feeds"', "/srv/50%%"]


# The command


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a sync file that names secrets, a folder, a book and metrics."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IOPCAL_GOOGLE_API_ROOT", raising=False)
    small(tmp_path)
    for name in ("client.json", "office.token.json", "clinic.json"):
        secret(tmp_path / "secrets" / name, {"private_key": "canary-of-a-key"})
    secret(tmp_path / "secrets" / "ping-url", {"url": "canary-of-a-key"})
    (tmp_path / "feeds").mkdir()
    (tmp_path / "sync.yaml").write_text(
        """\
iopcal-sync: 1
programs: [small.yaml]
state: state
credentials:
  office: {kind: user, client: secrets/client.json, token: secrets/office.token.json}
  clinic: {kind: service-account, file: secrets/clinic.json}
targets:
  - {name: all, kind: google, credentials: office, calendars: {small/program: make}, book: books/made.yaml}
  - {name: staff, kind: google, credentials: clinic, calendars: {small/track: c_1@group.calendar.google.com}}
  - {name: web, kind: ics, folder: ../feeds, feeds: [small/*]}
heartbeat: {url_file: secrets/ping-url}
metrics: figures/iopcal.prom
""".replace("../feeds", f"../{tmp_path.name}/feeds"),
        encoding="utf-8",
    )
    return tmp_path


def test_the_line_alone_stands_on_standard_output(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "command", lambda: ("/usr/bin/iopcal",))
    monkeypatch.setattr(command, "account", lambda: "ann")
    result = run("cron", "--print", "cron")
    assert result.exit_code == 0
    assert re.fullmatch(
        rf"(?:[1-9]|1[0-2])-59/15 \* \* \* \*  ann  /usr/bin/iopcal sync {site}/sync.yaml "
        r"--quiet --keep-going\n",
        result.stdout,
    )
    assert result.stdout == run("cron").stdout == run("cron", site / "sync.yaml", "--quiet").stdout
    assert "/etc/cron.d/iopcal" in result.stderr
    assert run("cron", "--quiet").stderr == ""


def test_units_name_every_file_and_hold_no_secret(site: Path) -> None:
    result = run("cron", "--print", "systemd", "--user", "iopcal")
    assert result.exit_code == 0
    timer_text, _, service_text = result.stdout.partition("# /etc/systemd/system/iopcal.service\n")
    assert timer_text.startswith("# /etc/systemd/system/iopcal.timer\n[Unit]\n")
    assert values(service_text, "Service", "LoadCredential") == [
        f"{name}:{site}/secrets/{name}"
        for name in ("client.json", "office.token.json", "clinic.json", "ping-url")
    ]
    assert values(service_text, "Service", "ReadWritePaths") == [
        f"{site}/books", f"{site}/feeds", f"{site}/figures",
    ]  # fmt: skip
    (begun,) = values(service_text, "Service", "ExecStart")
    assert begun.startswith("/")
    assert begun.endswith(f" sync {site}/sync.yaml --quiet --keep-going")
    assert "canary" not in result.output
    assert f"'{site}/books' is not there yet" in result.stderr
    assert f"'{site}/figures' is not there yet" in result.stderr
    assert result.stderr.count("not there yet") == 2


def test_units_let_nothing_be_written_that_the_file_does_not_name(site: Path) -> None:
    file = site / "sync.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("metrics: figures/iopcal.prom\n", ""), encoding="utf-8")
    service_text = run("cron", "--print", "systemd").stdout.partition("iopcal.service\n")[2]
    assert values(service_text, "Service", "ReadWritePaths") == [f"{site}/books", f"{site}/feeds"]


def test_nothing_is_written(site: Path) -> None:
    before = sorted(site.rglob("*"))
    for form in ("cron", "systemd"):
        run("cron", "--print", form)
    assert sorted(site.rglob("*")) == before


def test_json_is_one_document_of_files(site: Path) -> None:
    document = json.loads(run("cron", "--print", "systemd", "--json").stdout)
    assert document["schema"] == "iopcal-cron-1"
    assert [file["path"].rpartition("/")[2] for file in document["files"]] == [
        "iopcal.timer", "iopcal.service",
    ]  # fmt: skip
    assert document["files"][1]["text"].startswith("[Unit]\n")


def test_a_file_with_problems_is_not_run_by_itself(site: Path) -> None:
    (site / "sync.yaml").write_text("iopcal-sync: 1\n", encoding="utf-8")
    result = run("cron")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[IOP103]" in result.stderr


def test_without_a_sync_file_it_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("cron").exit_code == 2
