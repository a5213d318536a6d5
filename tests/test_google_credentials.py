"""Access tokens: where they come from, where they are kept, who may read them, and who says no."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from iopcal.model.sync import Credentials, Destination, GoogleTarget, IcsTarget, Sync
from iopcal.problems import Exit
from iopcal.targets.google.api import UNREACHED, Answer, Denied
from iopcal.targets.google.credentials import Account, account, denied, scopes_of
from iopcal.targets.google.multipart import Reply
from iopcal.targets.google.root import GOOGLE
from iopcal.targets.google.secrets import Secret, read_secret, write_secret
from iopcal.targets.google.tokens import APP_CREATED, EVENTS, World
from iopcal.targets.google.wire import Wire
from iopcal.targets.trouble import Trouble
from tests.fake_google import FakeGoogle
from tests.google_accounts import GOOGLE_TOKEN, ROOT, secret, world
from tests.test_google_wire import Scripted

BOTH = (APP_CREATED, EVENTS)


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(seed=5) as made:
        yield made
        assert made.violations == []


@pytest.fixture
def office(fake: FakeGoogle, tmp_path: Path) -> Credentials:
    """A person who has signed in."""
    client = secret(tmp_path / "client.json", fake.client_file(GOOGLE_TOKEN, "https://accounts.google.com/"))
    token = secret(tmp_path / "office.token.json", fake.user_token(token_uri=GOOGLE_TOKEN))
    return Credentials("office", "user", client=str(client), token=str(token))


@pytest.fixture
def clinic(fake: FakeGoogle, tmp_path: Path) -> Credentials:
    """A service account."""
    key = secret(tmp_path / "clinic.json", fake.service_account(token_uri=GOOGLE_TOKEN))
    return Credentials("clinic", "service-account", file=str(key))


def opened(credentials: Credentials, folder: Path, where: World, *scopes: str) -> Account:
    found = account(credentials, scopes or (EVENTS,), folder / "state", where)
    assert isinstance(found, Account), found
    return found


def refused(credentials: Credentials, folder: Path, where: World) -> Trouble:
    found = account(credentials, (EVENTS,), folder / "state", where)
    assert isinstance(found, Trouble)
    assert found.exit == Exit.CREDENTIALS
    return found


def told(trouble: Trouble) -> str:
    return f"{trouble.problem.code}: {trouble.problem.message} | {trouble.problem.hint}"


def fields(path: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def forms(fake: FakeGoogle) -> list[dict[str, list[str]]]:
    return [parse_qs(record.body.decode()) for record in fake.log if record.path == "/token"]


# A token is asked for, kept, and used until a minute before its end


def test_a_person_who_has_signed_in_gets_a_token_which_their_file_keeps(
    fake: FakeGoogle, office: Credentials, tmp_path: Path
) -> None:
    before = fields(office.token)
    token = opened(office, tmp_path, world(fake)).token()
    assert token in fake.tokens.access
    after = fields(office.token)
    assert after == {**before, "token": token, "expiry": "2027-02-10T06:59:59Z", "scopes": [EVENTS]}
    assert stat.S_IMODE(Path(office.token).stat().st_mode) == 0o600
    assert opened(office, tmp_path, world(fake)).token() == token
    assert fake.token_requests == 1


def test_a_service_account_gets_a_token_which_the_state_folder_keeps(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    token = opened(clinic, tmp_path, world(fake)).token()
    (kept,) = (tmp_path / "state").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert "iopcal" not in kept.name + kept.read_text(encoding="utf-8").replace(str(token), "")
    assert opened(clinic, tmp_path, world(fake)).token() == token
    assert fake.token_requests == 1


@pytest.mark.parametrize(("seconds", "requests"), [(3538, 1), (3540, 2)])
def test_a_token_is_used_until_a_minute_before_its_end(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path, seconds: int, requests: int
) -> None:
    calendar = fake.calendar(owner="iopcal@riverbend.iam.gserviceaccount.com")
    for _ in range(2):
        wire = Wire(opened(clinic, tmp_path, world(fake)), ROOT, fake.http())
        assert wire.events(calendar).status == 200
        fake.advance(seconds)
    assert fake.token_requests == requests


def test_a_token_that_google_has_ended_is_renewed_once(
    fake: FakeGoogle, office: Credentials, tmp_path: Path
) -> None:
    calendar = fake.calendar()
    wire = Wire(opened(office, tmp_path, world(fake)), ROOT, fake.http())
    wire.events(calendar)
    fake.tokens.expire_all()
    assert wire.events(calendar).status == 200
    assert fake.token_requests == 2


def test_another_key_subject_or_scope_keeps_another_token(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    person = "lead@example.org"
    secret(Path(clinic.file), fake.service_account(subjects=[person], token_uri=GOOGLE_TOKEN))
    found = {
        opened(clinic, tmp_path, world(fake)).token(),
        opened(clinic, tmp_path, world(fake), *BOTH).token(),
        opened(clinic._replace(subject=person), tmp_path, world(fake)).token(),
    }
    assert len(found) == 3 == fake.token_requests
    assert len({opened(clinic, tmp_path, world(fake)).token()} | found) == 3


def test_a_service_account_may_act_for_a_person_who_is_not_named_to_the_api(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    person = "lead@example.org"
    secret(Path(clinic.file), fake.service_account(subjects=[person], token_uri=GOOGLE_TOKEN))
    calendar = fake.calendar(owner=person)
    acting = opened(clinic._replace(subject=person), tmp_path, world(fake))
    assert Wire(acting, ROOT, fake.http()).events(calendar).status == 200
    (user,) = fake.log[-1].query["quotaUser"]
    assert len(user) == 32
    assert "lead" not in user
    assert opened(clinic, tmp_path, world(fake)).user == ""


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"token": 5}', '{"token": "x", "expiry": "soon"}', '{"token": "x"}']
)
def test_a_kept_token_that_is_damaged_is_no_token(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path, content: str
) -> None:
    opened(clinic, tmp_path, world(fake)).token()
    (kept,) = (tmp_path / "state").iterdir()
    kept.write_text(content, encoding="utf-8")
    assert opened(clinic, tmp_path, world(fake)).token() in fake.tokens.access
    assert fake.token_requests == 2


def test_a_kept_token_that_others_could_have_put_there_is_no_token(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    opened(clinic, tmp_path, world(fake)).token()
    (kept,) = (tmp_path / "state").iterdir()
    kept.chmod(0o666)
    opened(clinic, tmp_path, world(fake)).token()
    assert fake.token_requests == 2
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_not_being_able_to_keep_a_token_is_told_and_does_not_matter(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    found = opened(clinic, tmp_path, world(fake))
    assert found.token() in fake.tokens.access
    assert found.unsaved is not None
    assert found.unsaved.problem.code.startswith("IOP62")


def test_a_login_made_meanwhile_is_not_overwritten(
    fake: FakeGoogle, office: Credentials, tmp_path: Path
) -> None:
    found = opened(office, tmp_path, world(fake))
    anew = fake.user_token(token_uri=GOOGLE_TOKEN)
    secret(Path(office.token), anew)
    assert found.token() in fake.tokens.access
    assert fields(office.token) == anew


def test_a_refresh_token_that_google_replaces_is_kept(tmp_path: Path) -> None:
    path = secret(tmp_path / "t.json", {"client_id": "c", "client_secret": "s", "refresh_token": "1//old"})
    answer = {"access_token": "ya29.x", "refresh_token": "1//new", "scope": EVENTS}
    with FakeGoogle() as fake:
        where = world(fake)._replace(http=Scripted(Reply(200, {}, json.dumps(answer).encode())))
        assert (
            opened(
                Credentials("o", "user", client=str(tmp_path / "none.json"), token=str(path)), tmp_path, where
            ).token()
            == "ya29.x"
        )
    assert fields(path)["refresh_token"] == "1//new"


def test_the_client_is_taken_from_its_own_file_where_the_token_file_has_none(
    fake: FakeGoogle, office: Credentials, tmp_path: Path
) -> None:
    content = fake.user_token(token_uri=GOOGLE_TOKEN)
    del content["client_id"], content["client_secret"]
    secret(Path(office.token), content)
    assert opened(office, tmp_path, world(fake)).token() in fake.tokens.access


# Where the requests go


def test_with_a_test_server_everything_goes_there_whatever_the_files_say(
    office: Credentials, clinic: Credentials, fake: FakeGoogle, tmp_path: Path
) -> None:
    for credentials in (office, clinic):
        http = Scripted(Reply(503))
        where = world(fake)._replace(http=http)
        assert opened(credentials, tmp_path, where).token() == Answer(503)
        assert [(method, uri) for method, uri, _, _ in http.sent] == [("POST", ROOT.token)]


def test_without_one_they_go_to_google(
    office: Credentials, clinic: Credentials, fake: FakeGoogle, tmp_path: Path
) -> None:
    for credentials in (office, clinic):
        http = Scripted(Reply(503))
        opened(credentials, tmp_path, world(fake, GOOGLE)._replace(http=http)).token()
        assert [uri for _, uri, _, _ in http.sent] == ["https://oauth2.googleapis.com/token"]


@pytest.mark.parametrize(
    "address",
    [
        "http://oauth2.googleapis.com/token", "https://oauth2.googleapis.com.example.org/token",
        "https://oauth2.googleapis.com@example.org/", "https://127.0.0.1/token", "https://[::1", "x", 5,
    ],
)  # fmt: skip
def test_a_file_that_would_send_the_secret_elsewhere_is_refused(
    fake: FakeGoogle, tmp_path: Path, address: str
) -> None:
    content = {**fake.service_account(token_uri=GOOGLE_TOKEN), "token_uri": address}
    key = secret(tmp_path / "k.json", content)
    found = refused(Credentials("clinic", "service-account", file=str(key)), tmp_path, world(fake, GOOGLE))
    assert f"IOP506: '{key}' names a token server that is not Google's (token_uri)" in told(found)


@pytest.mark.parametrize("address", [GOOGLE_TOKEN, "https://accounts.google.com/o/oauth2/token", ""])
def test_googles_own_addresses_old_and_new_are_taken(fake: FakeGoogle, tmp_path: Path, address: str) -> None:
    content = {**fake.service_account(token_uri=GOOGLE_TOKEN), "token_uri": address}
    key = secret(tmp_path / "k.json", content)
    opened(Credentials("clinic", "service-account", file=str(key)), tmp_path, world(fake, GOOGLE))


# Google says no, or nothing


def test_a_login_that_google_ended_is_asked_for_once_and_the_next_command_is_named(
    fake: FakeGoogle, office: Credentials, tmp_path: Path
) -> None:
    fake.revoke(fields(office.token))
    found = opened(office, tmp_path, world(fake))
    with pytest.raises(Denied) as error:
        Wire(found, ROOT, fake.http()).events(fake.calendar())
    assert error.value.reason == "invalid_grant"
    assert fake.requests == 0
    words = told(denied(office, error.value.reason))
    assert words.startswith(
        "IOP501: Google will not renew the login 'office' (invalid_grant) | iopcal login office    why: "
    )
    assert "iopcal login office 'my sync.yaml' " in told(denied(office, "invalid_grant", "my sync.yaml"))


def test_a_service_account_that_may_not_act_for_somebody_says_so(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    acting = clinic._replace(subject="else@example.org")
    with pytest.raises(Denied) as error:
        opened(acting, tmp_path, world(fake)).token()
    assert told(denied(acting, error.value.reason)) == (
        "IOP504: Google does not accept the service account 'clinic' (unauthorized_client) | "
        "let an admin of the domain allow the account to act for others, with the scopes of iopcal"
    )


def test_a_key_that_was_deleted_or_is_damaged_says_so(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    content = fields(clinic.file)
    secret(Path(clinic.file), {**content, "private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n"})
    with pytest.raises(Denied, match="bad_key"):
        opened(clinic, tmp_path, world(fake)).token()
    secret(Path(clinic.file), content)
    fake.revoke(content)
    with pytest.raises(Denied, match="invalid_grant"):
        opened(clinic, tmp_path, world(fake)).token()
    assert "look in the Google Cloud console" in told(denied(clinic, "invalid_grant"))


@pytest.mark.parametrize("kind", ["office", "clinic"])
def test_a_part_of_the_rights_is_not_enough(
    fake: FakeGoogle, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    credentials: Credentials = request.getfixturevalue(kind)
    fake.fault("scope-partial")
    with pytest.raises(Denied) as error:
        opened(credentials, tmp_path, world(fake)).token()
    assert error.value.reason == "scope"
    assert "IOP503: the login" in told(denied(credentials, "scope"))


def test_a_kept_token_of_too_few_rights_is_not_used(
    fake: FakeGoogle, office: Credentials, tmp_path: Path
) -> None:
    opened(office, tmp_path, world(fake)).token()
    with pytest.raises(Denied, match="scope"):
        opened(office, tmp_path, world(fake), *BOTH).token()


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(503, {"retry-after": "5"}, b'{"error": "internal_failure"}'), Answer(503, retry_after=5.0)),
        (Reply(500), Answer(503)),
        (Reply(429), Answer(503)),
        (Reply(408), Answer(503)),
        (Reply(302), Answer(503)),
        (Reply(400, {}, b'{"error": "temporarily_unavailable"}'), Answer(503)),
        (Reply(403, {}, b"<html>the proxy wants a login</html>"), Answer(502)),
        (Reply(200, {}, b"<html>guest network</html>"), Answer(502)),
        (Reply(200, {}, b"{}"), Answer(502)),
        (Reply(200, {}, b'{"access_token": "two\\r\\nlines"}'), Answer(502)),
        (ConnectionRefusedError(), Answer(UNREACHED)),
        (ConnectionResetError(), Answer(503)),
        (TimeoutError(), Answer(503)),
    ],
    ids=str,
)
def test_a_token_server_that_is_ill_may_be_asked_again(
    office: Credentials, fake: FakeGoogle, tmp_path: Path, reply: Reply | Exception, answer: Answer
) -> None:
    http = Scripted(reply)
    found = opened(office, tmp_path, world(fake)._replace(http=http))
    assert found.token() == answer
    assert len(http.sent) == 1
    found = opened(office, tmp_path, world(fake)._replace(http=Scripted(reply)))
    assert Wire(found, ROOT, Scripted()).events("c") == answer


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": "invalid_grant", "error_description": "ann@example.org"}', "invalid_grant"),
        (b'{"error": "deleted_client"}', "deleted_client"),
        (b'{"error": "ann@example.org has no account"}', "http_400"),
        (b'{"error": {"code": 400}}', "http_400"),
        (b"{}", "http_400"),
    ],
)
def test_only_a_word_of_the_server_is_repeated(
    office: Credentials, fake: FakeGoogle, tmp_path: Path, body: bytes, reason: str
) -> None:
    found = opened(office, tmp_path, world(fake)._replace(http=Scripted(Reply(400, {}, body))))
    with pytest.raises(Denied) as error:
        found.token()
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("life", "seconds"), [(3599, 3599), (-5, 0), ("an hour", 3600), (None, 3600), (10**9, 86400)]
)
def test_the_life_of_a_token_is_read_with_care(
    office: Credentials, fake: FakeGoogle, tmp_path: Path, life: object, seconds: int
) -> None:
    body = json.dumps({"access_token": "ya29.x", "scope": EVENTS, "expires_in": life}).encode()
    opened(office, tmp_path, world(fake)._replace(http=Scripted(Reply(200, {}, body)))).token()
    ends = (fake.now() + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()
    assert fields(office.token)["expiry"] == f"{ends}Z"


# Secret files


def test_a_file_that_others_can_read_is_refused_with_the_line_to_type(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    for mode in (0o644, 0o640, 0o604, 0o620, 0o610, 0o700, 0o4600):
        path = Path(clinic.file)
        path.chmod(mode)
        found = told(refused(clinic, tmp_path, world(fake)))
        assert found == f"IOP505: '{path}' has the mode {mode:04o}, so others may read it | chmod 600 {path}"
    assert fake.token_requests == 0
    for mode in (0o600, 0o400):
        Path(clinic.file).chmod(mode)
        opened(clinic, tmp_path, world(fake))


def test_the_line_to_type_can_be_typed_whatever_the_name(tmp_path: Path) -> None:
    path = secret(tmp_path / "my key; rm.json", {}, 0o644)
    found = read_secret(str(path), {})
    assert isinstance(found, Trouble)
    assert found.problem.hint == f"chmod 600 '{path}'"


@pytest.mark.parametrize("which", ["token", "client"])
def test_each_file_of_a_person_is_looked_at(
    fake: FakeGoogle, office: Credentials, tmp_path: Path, which: str
) -> None:
    Path(getattr(office, which)).chmod(0o644)
    assert told(refused(office, tmp_path, world(fake))).startswith("IOP505")


def test_a_secret_is_an_ordinary_file_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = secret(tmp_path / "real.json", {})
    (tmp_path / "link.json").symlink_to(real)
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json", 0o600)
    for name, words in (
        ("link", "IOP626: '{}' could not be read: it is a link to another place"),
        ("folder", "IOP505: '{}' is no ordinary file, so it is not used as a secret"),
        ("pipe", "IOP505: '{}' is no ordinary file, so it is not used as a secret"),
    ):
        path = tmp_path / f"{name}.json"
        found = read_secret(str(path), {})
        assert isinstance(found, Trouble)
        assert told(found).startswith(words.format(path))
        assert found.exit == Exit.CREDENTIALS
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    found = read_secret(str(real), {})
    assert isinstance(found, Trouble)
    assert told(found).startswith(f"IOP505: '{real}' belongs to another account")


def test_what_systemd_hands_over_comes_first(
    fake: FakeGoogle, clinic: Credentials, office: Credentials, tmp_path: Path
) -> None:
    """systemd keeps its files as root's, and lets the service in by an access list: mode 0440."""
    folder = tmp_path / "credentials"
    for file in (clinic.file, office.token):
        secret(folder / Path(file).name, fields(file), 0o440)
        Path(file).unlink()
    where = world(fake, environment={"CREDENTIALS_DIRECTORY": str(folder)})
    assert opened(clinic, tmp_path, where).token() in fake.tokens.access
    token = opened(office, tmp_path, where).token()
    assert token in fake.tokens.access
    assert not Path(office.token).exists()
    assert opened(office, tmp_path, where).token() == token
    (folder / "clinic.json").chmod(0o444)
    assert told(refused(clinic, tmp_path, where)).startswith("IOP505")


@pytest.mark.parametrize("umask", range(0, 0o777 + 1, 8), ids=oct)
def test_no_secret_is_ever_readable_by_others_under_any_umask(
    tmp_path: Path, umask: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    really = os.open

    def watched(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        descriptor = really(path, flags, mode, dir_fd=dir_fd)
        if flags & os.O_CREAT:
            modes.append(os.fstat(descriptor).st_mode)
        return descriptor

    monkeypatch.setattr(os, "open", watched)
    before = os.umask(umask)
    try:
        assert write_secret(tmp_path / "new" / "token.json", b"1") is None
        assert write_secret(tmp_path / "new" / "token.json", b"2") is None
        found = read_secret(str(tmp_path / "new" / "token.json"), {})
    finally:
        os.umask(before)
    assert len(modes) == 2
    assert all(stat.S_IMODE(mode) & 0o177 == 0 for mode in modes)
    assert isinstance(found, Secret)
    assert found.data == b"2"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


# Files that are not what they should be


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is not a JSON file"),
        ("[]", "is not a JSON file"),
        ("{}", "is not the key of a service account"),
        (
            '{"type": "authorized_user", "client_email": "a", "private_key": "b"}',
            "is not the key of a service",
        ),
        ('{"type": "service_account", "client_email": "a"}', "is not the key of a service account"),
        ('{"type": "service_account", "client_email": "a", "private_key": 5}', "is not the key of a service"),
    ],
)
def test_what_is_no_key_is_refused(
    fake: FakeGoogle, clinic: Credentials, tmp_path: Path, content: str, words: str
) -> None:
    Path(clinic.file).write_text(content, encoding="utf-8")
    assert told(refused(clinic, tmp_path, world(fake))).startswith(f"IOP506: '{clinic.file}' {words}")


def test_files_that_are_not_there_are_named(
    fake: FakeGoogle, clinic: Credentials, office: Credentials, tmp_path: Path
) -> None:
    Path(clinic.file).unlink()
    Path(office.token).unlink()
    assert told(refused(clinic, tmp_path, world(fake))) == (
        f"IOP506: there is no file '{clinic.file}' | put the key of the service account there"
    )
    assert told(refused(office, tmp_path, world(fake))) == (
        "IOP508: nobody has signed in as 'office' yet | iopcal login office"
    )


def test_a_token_file_that_holds_no_consent_is_refused(
    fake: FakeGoogle, office: Credentials, tmp_path: Path
) -> None:
    for change in ({"refresh_token": ""}, {"refresh_token": 5}, {"client_secret": None}):
        secret(Path(office.token), {**fake.user_token(token_uri=GOOGLE_TOKEN), **change})
        found = told(refused(office, tmp_path, world(fake)))
        assert (
            found == f"IOP506: '{office.token}' is not a login that iopcal has written | iopcal login office"
        )


def test_no_credentials_at_all_are_for_test_servers(fake: FakeGoogle, tmp_path: Path) -> None:
    nobody = Credentials("anybody", "none")
    assert told(refused(nobody, tmp_path, world(fake, GOOGLE))).startswith(
        "IOP506: 'anybody' is of the kind none"
    )
    with FakeGoogle(auth="off") as open_fake:
        found = account(nobody, (EVENTS,), tmp_path, world(open_fake))
        assert not isinstance(found, Trouble)
        assert Wire(found, ROOT, open_fake.http()).events(open_fake.calendar()).status == 200
        with pytest.raises(Denied, match="authError"):
            Wire(found, ROOT, Scripted(Reply(401))).events("c")


# The rights asked for


@pytest.mark.parametrize(
    ("calendars", "scopes"),
    [
        (["make", "make"], (APP_CREATED,)),
        (["c_1", "primary"], (EVENTS,)),
        (["make", "c_1"], BOTH),
        ([], (APP_CREATED,)),
    ],
)
def test_no_more_rights_are_asked_for_than_the_calendars_need(
    calendars: list[str], scopes: tuple[str, ...], fake: FakeGoogle, clinic: Credentials, tmp_path: Path
) -> None:
    mine = [GoogleTarget(f"t{n}", "clinic", (Destination("a/b", id),)) for n, id in enumerate(calendars)]
    others = [GoogleTarget("o", "office", (Destination("a/c", "c_2"),)), IcsTarget("i", "out", ())]
    sync = Sync((), "", (clinic,), (*mine, *others))
    assert scopes_of(sync, "clinic") == scopes
    opened(clinic, tmp_path, world(fake), *scopes).token()
    (access,) = fake.tokens.access.values()
    assert [f"https://www.googleapis.com/auth/{scope}" for scope in access.scopes] == list(scopes)
