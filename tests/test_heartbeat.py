"""What is told of a run when it has ended: the heartbeat's address is asked, and figures are written."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
import pytest

from iopcal.cli import afterwards
from iopcal.model.sync import Heartbeat
from iopcal.tally import Tally
from iopcal.targets import heartbeat
from iopcal.views.metrics import Figures, changes_of, text
from tests.command import run
from tests.fake_google import FakeGoogle
from tests.syncing_site import FEED, Site

SECRET = "9c1d-canary-of-the-heartbeat"


class Watcher(ThreadingHTTPServer):
    """Whoever waits for heartbeats; `asked` are the requests, `status` is the answer, None: none ever."""

    daemon_threads = True
    status: int | None = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str, bytes]] = []
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{SECRET}"


class _Handler(BaseHTTPRequestHandler):
    server: Watcher

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.asked.append((self.command, self.path, body))
        if self.server.status is None:
            self.server.closing.wait(5)
            return
        self.send_response(self.server.status)
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_POST = do_HEAD = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Prints nothing."""


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    server = Watcher()
    serving = threading.Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        serving.join()


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(seed=11, auth="off", wait_scale=0.01) as made:
        made.canaries = frozenset({SECRET})
        yield made
        assert made.violations == []


def secret(path: Path, words: str, mode: int = 0o600) -> Path:
    path.write_text(words, encoding="utf-8")
    path.chmod(mode)
    return path


def site(folder: Path, fake: FakeGoogle, words: str, *, mode: int = 0o600, well: str = "") -> Site:
    """Returns a site whose heartbeat's file holds the words."""
    secret(folder / "ping-url", words, mode)
    made = Site(folder, fake)
    made.sync(f"{{{FEED}: {made.calendar}}}", top=f"heartbeat: {{url_file: ping-url{well}}}\n")
    return made


# The heartbeat


def test_a_run_that_is_well_asks_the_address_itself(
    tmp_path: Path, fake: FakeGoogle, watcher: Watcher
) -> None:
    where = site(tmp_path, fake, f"{watcher.address}\n")
    result = where.run("sync")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert watcher.asked == [("GET", f"/{SECRET}", b"")]


def test_edits_by_hand_are_well_too_and_other_codes_stand_behind_the_address(
    tmp_path: Path, fake: FakeGoogle, watcher: Watcher
) -> None:
    where = site(tmp_path, fake, watcher.address)
    where.run("sync")
    fake.people.edit(where.calendar, where.named("Education"), location="Annex")
    assert where.run("sync").exit_code == 6
    where.change("days: [mon, tue, wed]}", "days: [mon]}")
    assert where.run("sync").exit_code == 4
    assert [path for _, path, _ in watcher.asked] == [f"/{SECRET}", f"/{SECRET}", f"/{SECRET}/4"]


def test_which_codes_are_well_can_be_said(tmp_path: Path, fake: FakeGoogle, watcher: Watcher) -> None:
    where = site(tmp_path, fake, watcher.address, well=", well: [6]")
    where.run("sync")
    assert [path for _, path, _ in watcher.asked] == [f"/{SECRET}/0"]


def test_a_run_that_never_began_is_told_as_well(tmp_path: Path, fake: FakeGoogle, watcher: Watcher) -> None:
    where = site(tmp_path, fake, watcher.address)
    where.change("minutes: 60}", "minutes: many}")
    assert where.run("sync", "--quiet").exit_code == 1
    assert [path for _, path, _ in watcher.asked] == [f"/{SECRET}/1"]
    where.change("minutes: many}", "minutes: 60}")
    assert where.run("sync", "--only", "nowhere/program").exit_code == 2
    assert watcher.asked[-1][1] == f"/{SECRET}/2"


def test_looking_is_no_run(tmp_path: Path, fake: FakeGoogle, watcher: Watcher) -> None:
    where = site(tmp_path, fake, watcher.address)
    where.run("sync", "--dry-run")
    where.run("plan")
    where.run("status")
    assert watcher.asked == []


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_answer_that_says_no_is_a_warning_and_changes_no_exit_code(
    tmp_path: Path, fake: FakeGoogle, watcher: Watcher, status: int
) -> None:
    watcher.status = status
    result = site(tmp_path, fake, watcher.address).run("sync")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"warning[IOP551]: the heartbeat's address answered {status};")
    assert len(watcher.asked) == 1, "it is asked once, and no redirection is followed"


def test_nobody_waits_for_long(
    tmp_path: Path, fake: FakeGoogle, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "LIMIT", 0.1)
    watcher.status = None
    result = site(tmp_path, fake, watcher.address).run("sync")
    assert result.exit_code == 0
    assert "did not answer within 0.1 seconds" in result.stderr


def test_a_watcher_that_is_not_there_is_a_warning(tmp_path: Path, fake: FakeGoogle) -> None:
    with Watcher() as gone:
        address = gone.address
    result = site(tmp_path, fake, address).run("sync")
    assert (result.exit_code, "IOP551" in result.stderr) == (0, True)
    assert site(tmp_path, fake, address).run("sync", "--quiet").output == ""


def test_a_file_that_others_can_read_is_not_used(tmp_path: Path, fake: FakeGoogle, watcher: Watcher) -> None:
    result = site(tmp_path, fake, watcher.address, mode=0o644).run("sync")
    assert result.exit_code == 0
    assert "warning[IOP505]" in result.stderr
    assert f"chmod 600 {tmp_path}/ping-url" in result.stderr
    assert watcher.asked == []


@pytest.mark.parametrize(
    "words",
    [
        "",
        "http://example.org/x",
        "ftp://127.0.0.1/x",
        "https://",
        f"ftp://127.0.0.1/{SECRET}",
        "https:///x",
        "https://user:word@example.org/x",
        "https://example.org/x\nhttps://example.org/y",
        "https://example.org/a b",
        "https://exämple.org/",
        "https://example.org:99999/",
        "https://example.org/#part",
        f"https://example.org/{'x' * 2000}",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_good_address_is_asked_nowhere(tmp_path: Path, words: str) -> None:
    file = secret(tmp_path / "ping-url", words)
    found = heartbeat.address_of(Heartbeat(str(file)), {})
    assert not isinstance(found, str)
    assert (found.code, found.severity) == ("IOP550", "warning")
    assert SECRET not in found.message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    found = heartbeat.beat(Heartbeat(str(tmp_path / "ping-url")), 0, {})
    assert found is not None
    assert found.message == f"there is no file '{tmp_path}/ping-url' with the heartbeat's address"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://hc.example/abc", "https://hc.example/abc/75"),
        ("https://hc.example/abc/", "https://hc.example/abc/75"),
        ("https://hc.example", "https://hc.example/75"),
        ("https://hc.example/abc?create=1", "https://hc.example/abc/75?create=1"),
    ],
)
def test_the_code_stands_behind_the_path(address: str, expected: str) -> None:
    assert heartbeat.with_code(address, 75) == expected


# The figures

SHOWN = """\
# HELP iopcal_last_success_timestamp_seconds When all feeds of a target were last right.
# TYPE iopcal_last_success_timestamp_seconds gauge
iopcal_last_success_timestamp_seconds{target="staff"} 1802239200
iopcal_last_success_timestamp_seconds{target="a \\"b\\" \\\\c"} 0
# HELP iopcal_sessions Sessions of the programs that lie ahead.
# TYPE iopcal_sessions gauge
iopcal_sessions 212
# HELP iopcal_changes_total Items of calendars, and feeds of folders, that changed.
# TYPE iopcal_changes_total counter
iopcal_changes_total{verb="added"} 1
iopcal_changes_total{verb="changed"} 2
iopcal_changes_total{verb="removed"} 0
# HELP iopcal_requests_total HTTP requests to the Google Calendar API.
# TYPE iopcal_requests_total counter
iopcal_requests_total 3
# HELP iopcal_run_seconds How long the last run took.
# TYPE iopcal_run_seconds gauge
iopcal_run_seconds 0.900
# HELP iopcal_exit_code Exit code of the last run; 0 is well, 6 leaves edits by hand alone.
# TYPE iopcal_exit_code gauge
iopcal_exit_code 6
"""
FIGURES = Figures(
    {"staff": 1802239200.0, 'a "b" \\c': 0.0}, 212, {"added": 1, "changed": 2}, 3, 0.9, 6
)  # fmt: skip


def test_the_figures_have_the_form_that_prometheus_reads() -> None:
    assert text(FIGURES) == SHOWN


def test_counters_go_on_from_the_run_before_and_all_else_is_new() -> None:
    again = text(FIGURES._replace(sessions=7), SHOWN.encode())
    for line in ('changes_total{verb="changed"} 4', 'changes_total{verb="removed"} 0', "requests_total 6"):
        assert f"\niopcal_{line}\n" in again
    assert "\niopcal_sessions 7\n" in again
    assert "\niopcal_exit_code 6\n" in again


@pytest.mark.parametrize("before", [b"", b"\xff\x00", b"iopcal_requests_total -3\n", SHOWN[:40].encode()])
def test_counters_begin_anew_where_the_file_is_lost(before: bytes) -> None:
    assert text(FIGURES, before) == SHOWN


def test_the_changes_of_all_calendars_are_summed_up() -> None:
    tallies = (Tally("a", added=1, changed=2), Tally("b", added=3, removed=1))
    assert changes_of(tallies) == {"added": 4, "changed": 2, "removed": 1}


def figures(file: Path) -> dict[str, float]:
    """Returns the figures of a file by name and labels; every line must be one or a comment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [
        re.fullmatch(r'([a-z_]+(?:\{[a-z]+="[^"]*"\})?) ([0-9.]+)', line) for line in lines if line[0] != "#"
    ]
    return {match[1]: float(match[2]) for match in found if match}


def test_the_figures_of_a_run_are_those_that_it_prints(tmp_path: Path, fake: FakeGoogle) -> None:
    where = Site(tmp_path, fake)
    (tmp_path / "metrics").mkdir()
    where.sync(f"{{{FEED}: {where.calendar}}}", top="metrics: metrics/iopcal.prom\n")
    planned = where.run("plan").stdout
    ahead = re.search(r"([0-9]+) sessions ahead", where.run("sync").stdout + where.run("plan").stdout)
    file = tmp_path / "metrics/iopcal.prom"
    found = figures(file)
    assert ahead is not None, planned
    assert found["iopcal_sessions"] == float(ahead[1])
    assert found['iopcal_last_success_timestamp_seconds{target="staff"}'] == 1802239200
    assert found['iopcal_changes_total{verb="added"}'] == len(where.live())
    assert found["iopcal_requests_total"] == 2
    assert found["iopcal_exit_code"] == 0
    assert found["iopcal_run_seconds"] > 0
    where.run("sync")
    assert figures(file)["iopcal_requests_total"] == 3
    assert list((tmp_path / "metrics").iterdir()) == [file]
    told = file.read_text(encoding="utf-8")
    assert "evening" not in told
    assert where.calendar not in told


def test_a_flag_names_another_file_and_a_failed_run_is_counted(tmp_path: Path, fake: FakeGoogle) -> None:
    where = Site(tmp_path, fake)
    where.run("sync")
    file = tmp_path / "other.prom"
    where.now = "2027-02-11T06:00:00Z"
    fake.advance(86_400)
    fake.fault("503", times=99)
    result = where.run("sync", "--metrics", file)
    found = figures(file)
    assert found["iopcal_exit_code"] == result.exit_code == 75
    assert found['iopcal_last_success_timestamp_seconds{target="staff"}'] == 1802239200
    where.change("minutes: 60}", "minutes: many}")
    assert where.run("sync", "--metrics", file).exit_code == 1
    assert figures(file)["iopcal_exit_code"] == 1


def test_figures_that_cannot_be_written_are_a_warning(tmp_path: Path, fake: FakeGoogle) -> None:
    where = Site(tmp_path, fake)
    result = where.run("sync", "--metrics", tmp_path / "gone/iopcal.prom")
    assert result.exit_code == 0
    assert "warning[IOP624]" in result.stderr


def test_folders_of_files_have_figures_too(tmp_path: Path) -> None:
    (tmp_path / "evening.yaml").write_text(
        "program: E\nid: e\ntimezone: UTC\nstarts: 2027-01-04\nday_starts: 17:30\n"
        "sessions:\n  - {name: Process group, minutes: 60}\n"
        "phases:\n  - {name: All, weeks: 2, days: [mon]}\n",
        encoding="utf-8",
    )
    (tmp_path / "sync.yaml").write_text(
        "iopcal-sync: 1\nprograms: [evening.yaml]\nstate: state\nmetrics: iopcal.prom\n"
        "targets:\n  - {name: web, kind: ics, folder: out, feeds: [e/*]}\n",
        encoding="utf-8",
    )
    assert run("sync", tmp_path / "sync.yaml", now="2027-01-05T12:00:00Z").exit_code == 0
    found = figures(tmp_path / "iopcal.prom")
    assert found["iopcal_sessions"] == 1
    assert found['iopcal_changes_total{verb="changed"}'] == 2
    assert found['iopcal_last_success_timestamp_seconds{target="web"}'] == 1799150400


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, 0),
        (click.exceptions.Exit(4), 4),
        (click.UsageError("x"), 2),
        (KeyboardInterrupt(), 130),
        (ValueError("a bug"), 70),
    ],
    ids=repr,
)
def test_every_end_of_a_run_has_a_code(error: BaseException | None, code: int) -> None:
    assert afterwards.code_of(error) == code
