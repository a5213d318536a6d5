"""`iopcal login`: a person at a page of Google's, a service account with its key, and what can go wrong."""

from __future__ import annotations

import json
import re
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from iopcal.cli import login as command
from iopcal.targets.google.key_files import Client
from iopcal.targets.google.login import Outcome, Visit, landed, sign_in
from iopcal.targets.google.multipart import Reply
from iopcal.targets.google.tokens import APP_CREATED, EVENTS, Token
from iopcal.targets.trouble import Trouble
from tests.command import ROOT as PROJECT
from tests.command import run, small
from tests.fake_google import FakeGoogle
from tests.google_accounts import GOOGLE_TOKEN, ROOT, secret, world
from tests.test_google_wire import Scripted

CLIENT = Client("123-iopcal.apps.googleusercontent.com", "GOCSPX-not-a-secret")
PAGES = "https://accounts.google.com/o/oauth2/auth"


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(seed=5) as made:
        made.client_file(GOOGLE_TOKEN, PAGES)
        yield made
        assert made.violations == []


@pytest.fixture
def site(fake: FakeGoogle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a sync file, two kinds of credentials and a program."""
    monkeypatch.chdir(tmp_path)
    small(tmp_path)
    secret(tmp_path / "secrets" / "client.json", fake.client_file(GOOGLE_TOKEN, PAGES))
    secret(tmp_path / "secrets" / "clinic.json", fake.service_account(token_uri=GOOGLE_TOKEN))
    (tmp_path / "sync.yaml").write_text(
        """\
iopcal-sync: 1
programs: [small.yaml]
state: state
credentials:
  office: {kind: user, client: secrets/client.json, token: logins/office.token.json}
  clinic: {kind: service-account, file: secrets/clinic.json}
targets:
  - {name: all, kind: google, credentials: office, calendars: {small/program: make}, book: secrets/book.yaml}
  - {name: staff, kind: google, credentials: clinic, calendars: {small/track: c_1@group.calendar.google.com}}
""",
        encoding="utf-8",
    )
    return tmp_path


def opened(address: str) -> tuple[int, str, dict[str, str]]:
    """Opens an address as a browser does, without proxies or redirections."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


class Person:
    """Opens the page that is shown, does what the fake's `consent` says, and comes back to this computer."""

    def __init__(self, fake: FakeGoogle, **changes: str) -> None:
        self.fake = fake
        self.changes = changes  # to the query with which the browser comes back
        self.came_back: tuple[int, str, dict[str, str]] = (0, "", {})

    def __call__(self, visit: Visit) -> None:
        response, _ = self.fake.http().request(visit.page)
        home, _, query = str(response["location"]).partition("?")
        assert home == visit.home
        self.came_back = opened(f"{home}?{urlencode(dict(parse_qsl(query)) | self.changes)}")


def signed(fake: FakeGoogle, person: Any, *scopes: str, patience: float = 5.0) -> Token | Trouble:
    return sign_in(CLIENT, scopes or (APP_CREATED,), world(fake), person, patience)


def told(found: Token | Trouble) -> str:
    assert isinstance(found, Trouble), found
    return f"{found.problem.code} {found.exit.value}: {found.problem.message}"


# The sign-in itself


def test_a_person_signs_in_and_is_told_so(fake: FakeGoogle) -> None:
    person = Person(fake)
    token = signed(fake, person)
    assert isinstance(token, Token)
    assert token.value in fake.tokens.access
    assert fake.tokens.grants[token.refresh].scopes == ("calendar.app.created",)
    assert token.scopes == (APP_CREATED,)
    status, page, headers = person.came_back
    assert status == 200
    assert "Signed in. You can close this window." in page
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Python" not in headers["Server"]


def test_the_page_asks_for_what_is_needed_and_binds_the_answer_to_this_run(fake: FakeGoogle) -> None:
    queries = []
    for _ in range(2):
        with Visit(CLIENT, (APP_CREATED, EVENTS), ROOT) as visit:
            queries.append({name: value for name, (value,) in parse_qs(urlsplit(visit.page).query).items()})
            assert visit.verifier not in visit.page
            assert visit.home == f"http://127.0.0.1:{visit.port}/"
    first, second = queries
    assert first["scope"] == f"{APP_CREATED} {EVENTS}"
    assert first["access_type"] == "offline"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name]) >= 43


def test_the_code_is_exchanged_once_with_its_verifier(fake: FakeGoogle) -> None:
    signed(fake, Person(fake))
    (form,) = [parse_qs(record.body.decode()) for record in fake.log if record.path == "/token"]
    assert form["grant_type"] == ["authorization_code"]
    assert len(form["code_verifier"][0]) == 64


def test_another_state_is_not_heard_and_the_right_one_still_is(fake: FakeGoogle) -> None:
    strangers: list[tuple[int, str, dict[str, str]]] = []

    def person(visit: Visit) -> None:
        state = parse_qs(urlsplit(visit.page).query)["state"][0]
        for query in ("code=x", "code=x&state=", "code=x&state=wrong", f"code=x&state={state}&state={state}",
                      f"state={state}", f"error=access_denied&state={state}x"):  # fmt: skip
            strangers.append(opened(f"{visit.home}?{query}"))
        strangers.append(opened(f"{visit.home}favicon.ico?code=x&state={state}"))
        Person(fake)(visit)

    assert isinstance(signed(fake, person), Token)
    assert [(status, page.count("Not found.")) for status, page, _ in strangers] == [(404, 2)] * 7


def test_only_the_wrong_state_is_as_if_nobody_came(fake: FakeGoogle) -> None:
    found = signed(fake, Person(fake, state="wrong"), patience=0.05)
    assert told(found) == "IOP507 5: nobody signed in within 0 minutes"
    assert fake.token_requests == 0


def test_an_idle_connection_of_a_browser_does_not_stop_it(fake: FakeGoogle) -> None:
    kept = []

    def person(visit: Visit) -> None:
        kept.append(socket.create_connection(("127.0.0.1", visit.port)))
        Person(fake)(visit)

    try:
        assert isinstance(signed(fake, person), Token)
    finally:
        kept[0].close()


def test_afterwards_nobody_listens_any_more(fake: FakeGoogle) -> None:
    ports = []

    def person(visit: Visit) -> None:
        ports.append(visit.port)
        Person(fake)(visit)

    signed(fake, person)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]))


def test_only_gets_are_answered(fake: FakeGoogle) -> None:
    with Visit(CLIENT, (EVENTS,), ROOT) as visit, pytest.raises(urllib.error.HTTPError, match="501"):
        urllib.request.urlopen(visit.home, data=b"x", timeout=5)


def test_a_query_of_a_thousand_fields_is_not_heard() -> None:
    assert landed("/?" + "a=1&" * 1000 + "state=s&code=c", "s") is None
    assert landed("/?state=s&code=c", "s") == Outcome(code="c")
    assert landed("/?state=s&error=%3Cscript%3E", "s") == Outcome(error="unknown_error")


# What can go wrong


def test_access_that_is_not_allowed_is_said_in_plain_words(fake: FakeGoogle) -> None:
    fake.consent = "deny"
    person = Person(fake)
    assert told(signed(fake, person)) == "IOP507 5: access was not allowed"
    assert "Not signed in. You can close this window." in person.came_back[1]
    assert fake.token_requests == 0


def test_an_error_of_googles_page_is_repeated_as_its_word(fake: FakeGoogle) -> None:
    found = signed(fake, Person(fake, error="admin_policy_enforced"))
    assert told(found) == "IOP507 5: Google ended the sign-in (admin_policy_enforced)"


def test_a_part_of_the_rights_is_not_enough(fake: FakeGoogle) -> None:
    fake.consent = ("calendar.events",)
    found = signed(fake, Person(fake), APP_CREATED, EVENTS)
    assert told(found) == "IOP503 5: only a part of the access was allowed, so nothing was written"


def test_a_wrong_verifier_is_refused_by_google(fake: FakeGoogle) -> None:
    def person(visit: Visit) -> None:
        visit.verifier = "0" * 64
        Person(fake)(visit)

    assert told(signed(fake, person)) == "IOP507 5: Google did not accept the sign-in (invalid_grant)"


def test_somebody_elses_code_is_refused_by_google(fake: FakeGoogle) -> None:
    found = signed(fake, Person(fake, code="4/0Astolen"))
    assert told(found) == "IOP507 5: Google did not accept the sign-in (invalid_grant)"


@pytest.mark.parametrize("reply", [Reply(503), ConnectionRefusedError(), ConnectionResetError()], ids=str)
def test_a_token_server_that_is_ill_is_for_later(fake: FakeGoogle, reply: Reply | Exception) -> None:
    where = world(fake)._replace(http=Scripted(reply))
    found = sign_in(CLIENT, (EVENTS,), where, Person(fake), 5)
    assert told(found) == "IOP509 75: Google's sign-in server could not be asked"


def test_a_login_that_would_end_in_an_hour_is_not_kept(fake: FakeGoogle) -> None:
    http = Scripted(Reply(200, {}, b'{"access_token": "ya29.x"}'))
    found = sign_in(CLIENT, (EVENTS,), world(fake)._replace(http=http), Person(fake), 5)
    assert told(found) == "IOP507 5: Google gave a login for an hour only, so nothing was written"


def test_a_computer_that_lets_nobody_listen_says_so(
    fake: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert told(signed(fake, Person(fake))).startswith("IOP507 5: this computer lets no program listen")


# The command


def process(site: Path, fake: FakeGoogle, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Starts a command that has no terminal."""
    return subprocess.Popen(
        [sys.executable, "-m", "iopcal", *words],
        cwd=site,
        env={
            "PATH": "/usr/bin:/bin", "PYTHONPATH": str(PROJECT), "IOPCAL_NOW": "2027-02-10T06:00:00Z",
            "IOPCAL_GOOGLE_API_ROOT": fake.root, "DISPLAY": ":0", **environment,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def test_the_whole_command_without_a_terminal(site: Path, fake: FakeGoogle) -> None:
    with process(site, fake, "login", "office") as started:
        assert started.stdout is not None
        assert started.stderr is not None
        first = started.stdout.readline()
        words = "Open this page and allow access to calendars that iopcal makes:  "
        assert first.startswith(words + fake.root)
        way = started.stdout.readline()
        assert re.search(r"ssh -N -L (\d+):127\.0\.0\.1:\1 \S+$", way)
        status, page, _ = opened(first.removeprefix(words).strip())
        assert (status, "Signed in." in page) == (200, True)
        rest, errors = started.stdout.read(), started.stderr.read()
    assert started.returncode == 0, errors
    assert rest == (
        'ok: signed in; logins/office.token.json written (0600). A Google app in "Testing" loses this login '
        "after 7 days: publish it, or use a service account.\n"
    )
    assert errors == ""
    written = site / "logins" / "office.token.json"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert stat.S_IMODE(written.parent.stat().st_mode) == 0o700
    content = json.loads(written.read_text(encoding="utf-8"))
    assert content["refresh_token"] in fake.tokens.grants
    assert content["scopes"] == [APP_CREATED]
    fake.check_output(rest + errors)


@pytest.fixture
def here(site: Path, fake: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same folder for commands in this process; a person signs in at once."""

    def quick(*arguments: Any, **options: Any) -> Token | Trouble:
        client, scopes, where, show = arguments
        return sign_in(client, scopes, where._replace(http=fake.http()), shown_to(show), 5)

    def shown_to(show: Any) -> Any:
        person = Person(fake)
        return lambda visit: (show(visit), person(visit))

    made: list[Any] = []

    def world_of(root: Any) -> Any:
        made.append(world(fake, root))
        return made[-1]

    monkeypatch.setenv("IOPCAL_GOOGLE_API_ROOT", "http://127.0.0.1:1/")
    monkeypatch.setattr("iopcal.targets.google.login.sign_in", quick)
    monkeypatch.setattr(command, "_world", world_of)
    yield site


def test_a_service_account_is_tried_and_its_address_shown(here: Path, fake: FakeGoogle) -> None:
    result = run("login", "clinic")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "ok: clinic works. Share each calendar with  iopcal@riverbend.iam.gserviceaccount.com  "
        '("Make changes to events").\n'
    )
    assert fake.token_requests == 1
    assert fake.requests == 0
    (kept,) = (here / "state").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_json_is_one_document_and_the_page_is_shown_beside_it(here: Path) -> None:
    result = run("login", "office", "--json")
    assert result.exit_code == 0, result.output
    assert {**json.loads(result.stdout), "iopcal": ""} == {
        "schema": "iopcal-login-1", "iopcal": "", "exit": 0, "name": "office", "kind": "user",
        "token": "logins/office.token.json", "problems": [],
    }  # fmt: skip
    assert "Open this page" in result.stderr


def test_quiet_shows_the_page_and_nothing_more(here: Path) -> None:
    result = run("login", "office", "--quiet")
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "Open this page and allow access to calendars that iopcal makes",
        "If the browser is on another computer, first run there, and leave it running",
    ]


def test_a_service_account_that_is_refused_names_what_to_do(here: Path, fake: FakeGoogle) -> None:
    fake.revoke(json.loads((here / "secrets/clinic.json").read_text(encoding="utf-8")))
    result = run("login", "clinic")
    assert result.exit_code == 5
    assert result.stderr.startswith(
        "error[IOP504]: Google does not accept the service account 'clinic' (invalid_grant)\n"
    )


def test_a_service_account_and_a_token_server_that_is_ill(here: Path, fake: FakeGoogle) -> None:
    fake.fault("token-503")
    result = run("login", "clinic", "--json")
    assert result.exit_code == 75
    document = json.loads(result.stdout)
    assert document["exit"] == 75
    assert [problem["code"] for problem in document["problems"]] == ["IOP509"]


def test_a_service_account_with_a_part_of_the_rights(here: Path, fake: FakeGoogle) -> None:
    fake.fault("scope-partial")
    result = run("login", "clinic")
    assert result.exit_code == 5
    assert "error[IOP503]: the login 'clinic' may not do all that its calendars need" in result.stderr


def test_a_service_account_that_acts_for_a_person(here: Path, fake: FakeGoogle) -> None:
    person = "lead@example.org"
    secret(here / "secrets/clinic.json", fake.service_account(subjects=[person], token_uri=GOOGLE_TOKEN))
    text = (here / "sync.yaml").read_text(encoding="utf-8")
    text = text.replace("secrets/clinic.json}", f"secrets/clinic.json, subject: {person}}}")
    (here / "sync.yaml").write_text(text, encoding="utf-8")
    result = run("login", "clinic")
    assert result.stdout == "ok: clinic works, in the name of lead@example.org.\n", result.output


def test_a_person_for_named_calendars_is_asked_for_the_other_right(here: Path, fake: FakeGoogle) -> None:
    text = (
        (here / "sync.yaml").read_text(encoding="utf-8").replace("credentials: clinic", "credentials: office")
    )
    (here / "sync.yaml").write_text(text, encoding="utf-8")
    result = run("login", "office")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Open this page and allow access to the events of your calendars:  ")
    (grant,) = fake.tokens.grants.values()
    assert grant.scopes == ("calendar.app.created", "calendar.events")


def test_access_not_allowed_leaves_an_earlier_login_alone(here: Path, fake: FakeGoogle) -> None:
    earlier = secret(here / "logins" / "office.token.json", {"refresh_token": "1//earlier"})
    fake.consent = "deny"
    result = run("login", "office")
    assert result.exit_code == 5
    assert result.stderr == (
        "error[IOP507]: access was not allowed\n = help: run the same command again; nothing has changed\n\n"
    )
    assert "1//earlier" in earlier.read_text(encoding="utf-8")


def test_a_client_that_cannot_be_used_is_told_before_anybody_signs_in(here: Path, fake: FakeGoogle) -> None:
    file = here / "secrets/client.json"
    content = fake.client_file(GOOGLE_TOKEN, PAGES)["installed"]
    secret(file, {"web": content})
    assert (
        "error[IOP506]: 'secrets/client.json' is an OAuth client of the type Web application"
        in run("login", "office").stderr
    )
    for other in ({}, {"installed": 5}, {"installed": {"client_id": 5}}):
        secret(file, other)
        assert "is not an OAuth client" in run("login", "office").stderr
    secret(file, {"installed": content}, 0o644)
    result = run("login", "office")
    assert "error[IOP505]: 'secrets/client.json' has the mode 0644" in result.stderr
    assert "chmod 600 secrets/client.json" in result.stderr
    file.unlink()
    result = run("login", "office")
    assert "error[IOP506]: there is no file 'secrets/client.json'" in result.stderr
    assert (result.exit_code, fake.log) == (5, [])


def test_a_folder_that_cannot_be_made_is_told_before_anybody_signs_in(here: Path, fake: FakeGoogle) -> None:
    (here / "logins").write_text("a file", encoding="utf-8")
    result = run("login", "office")
    assert result.exit_code == 1
    assert "IOP62" in result.stderr
    assert fake.log == []


def test_a_login_that_cannot_be_written_is_told(here: Path) -> None:
    (here / "logins").mkdir()
    (here / "logins" / "office.token.json").symlink_to(here / "elsewhere.json")
    result = run("login", "office")
    assert "error[IOP626]: 'logins/office.token.json' could not be written" in result.stderr
    assert not (here / "elsewhere.json").exists()


def test_a_name_that_is_not_there_is_wrong_usage(here: Path) -> None:
    result = run("login", "ofice")
    assert result.exit_code == 2
    assert "the sync file has no credentials 'ofice'; did you mean 'office'?" in result.stderr
    assert "it has: office, clinic" in run("login", "xyz").stderr


def test_another_root_than_this_computer_is_wrong_usage(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOPCAL_GOOGLE_API_ROOT", "http://example.org/")
    result = run("login", "office")
    assert result.exit_code == 2
    assert "it may only be a test server on this computer" in result.stderr


def test_a_sync_file_with_problems_is_not_used(here: Path) -> None:
    (here / "sync.yaml").write_text("iopcal-sync: 1\n", encoding="utf-8")
    result = run("login", "office")
    assert result.exit_code == 1
    assert "error[" in result.stderr


def test_credentials_of_a_test_server_need_no_sign_in(here: Path) -> None:
    text = (here / "sync.yaml").read_text(encoding="utf-8")
    text = text.replace("{kind: service-account, file: secrets/clinic.json}", "{kind: none}")
    (here / "sync.yaml").write_text(text, encoding="utf-8")
    result = run("login", "clinic")
    assert (result.exit_code, result.stdout) == (
        0,
        "ok: clinic is for a test server, which asks for no sign-in.\n",
    )


# The browser


@pytest.mark.parametrize(
    ("terminal", "screen", "flag", "opens"),
    [
        (True, True, False, True), (True, True, True, False), (False, True, False, False),
        (True, False, False, False),
    ],
)  # fmt: skip
def test_a_browser_opens_only_where_a_person_sits_and_unless_told_not_to(
    terminal: bool, screen: bool, flag: bool, opens: bool, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    pages: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda page: bool(pages.append(page)) or True)
    monkeypatch.setattr(command.sys, "platform", "linux")
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0" if screen else "")
    voice = command.Voice(json=False, quiet=False, verbose=False, plain=False, color="never")
    with Visit(CLIENT, (EVENTS,), ROOT) as visit:
        command._show(visit, "calendars", voice, flag)
        shown = capsys.readouterr().out
        assert pages == ([visit.page] if opens else [])
        assert visit.page in shown
        assert ("ssh -N -L" in shown) is not opens


def test_a_browser_that_cannot_be_opened_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: str) -> bool:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "open", fails)
    assert command._opened("http://127.0.0.1:1/") is False
