"""The fake Google Calendar: who may do what, and how they sign in, with Google's own libraries."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import google.auth.exceptions
import google.oauth2.credentials
import google.oauth2.service_account
import google_auth_httplib2
import httplib2
import pytest

from tests.fake_google import FakeGoogle
from tests.fake_google.clients import Client, refusal, single
from tests.fake_google.scopes import full

EVENTS = full(("calendar.events",))
ROOT = "http://fake.test/"
TOKEN = f"{ROOT}token"


@pytest.fixture
def fake() -> FakeGoogle:
    return FakeGoogle()


def authorized(fake, credentials) -> Client:
    return Client(fake, google_auth_httplib2.AuthorizedHttp(credentials, http=fake.http()), ROOT)


def user(fake, scopes=("calendar.events",)):
    file = fake.user_token(scopes=scopes, token_uri=TOKEN)
    made = google.oauth2.credentials.Credentials(
        None,
        refresh_token=file["refresh_token"],
        token_uri=file["token_uri"],
        client_id=file["client_id"],
        client_secret=file["client_secret"],
    )
    return made, file


def service_account(fake, subject=None, **options):
    file = fake.service_account(token_uri=TOKEN, **options)
    made = google.oauth2.service_account.Credentials.from_service_account_info(file, scopes=[EVENTS])
    return made.with_subject(subject) if subject else made


def test_without_a_bearer_nothing_is_allowed(fake):
    client = Client(fake, fake.http(), ROOT)
    assert refusal(client.list) == (401, "authError", "Invalid Credentials")


def test_a_bearer_lives_an_hour(fake):
    headers = {"authorization": f"Bearer {fake.bearer()}"}
    address = f"/calendar/v3/calendars/{fake.calendar()}"
    assert fake.http().request(address, headers=headers)[0].status == 200
    fake.advance(3599)
    assert fake.http().request(address, headers=headers)[0].status == 401


def test_a_refresh_token_gives_a_bearer(fake):
    credentials, _ = user(fake)
    client = authorized(fake, credentials)
    assert client.insert(single())["creator"] == {"email": "coordinator@example.org"}
    assert (fake.requests, fake.token_requests) == (1, 1)
    assert credentials.token in fake.secrets()


def test_an_expired_bearer_is_renewed_once(fake):
    client = authorized(fake, user(fake)[0])
    client.list()
    fake.fault("access-expired")
    client.list()
    assert [record.status for record in fake.log] == [200, 200, 401, 200, 200]
    assert fake.token_requests == 2


def test_a_revoked_login_gives_invalid_grant_and_nothing_may_follow(fake):
    credentials, file = user(fake)
    client = authorized(fake, credentials)
    client.list()
    fake.revoke(file)
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant") as caught:
        client.list()
    assert not caught.value.retryable
    assert fake.violations == []
    with pytest.raises(google.auth.exceptions.RefreshError):
        client.list()
    assert fake.violations == ["a token request after invalid_grant"]


def test_the_token_endpoint_can_fail_for_a_while(fake, monkeypatch):
    monkeypatch.setattr("time.sleep", fake.sleep)
    fake.fault("token-503", times=2)
    authorized(fake, user(fake)[0]).list()
    assert [record.status for record in fake.log] == [503, 503, 200, 200]


def test_invalid_grant_can_come_without_warning(fake):
    fake.fault("invalid_grant")
    client = authorized(fake, user(fake)[0])
    for _ in range(2):
        with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant"):
            client.list()


def test_a_wrong_client_secret_is_refused(fake):
    _, file = user(fake)
    file["client_secret"] = "x"
    form = {"grant_type": "refresh_token"} | {k: v for k, v in file.items() if isinstance(v, str)}
    answer, content = fake.http().request(TOKEN, "POST", urlencode(form))
    assert (answer.status, json.loads(content)["error"]) == (401, "invalid_client")
    assert fake.http().request(TOKEN, "POST", "grant_type=x")[0].status == 400


def test_a_service_account_signs_in_as_itself(fake):
    client = authorized(fake, service_account(fake))
    assert refusal(client.list)[0] == 404
    fake.share(client.calendar, "iopcal@riverbend.iam.gserviceaccount.com", "writer")
    assert client.list()["accessRole"] == "writer"
    guests = single(attendees=[{"email": "a@example.org"}])
    assert refusal(client.insert, guests)[:2] == (403, "forbiddenForServiceAccounts")


def test_a_service_account_acts_for_people_who_delegated(fake):
    someone = "coordinator@example.org"
    client = authorized(fake, service_account(fake, someone, subjects=[someone]))
    assert client.list()["accessRole"] == "owner"
    client.insert(single(attendees=[{"email": "a@example.org"}]))


def test_without_delegation_a_subject_is_refused(fake):
    client = authorized(fake, service_account(fake, "boss@example.org"))
    with pytest.raises(google.auth.exceptions.RefreshError, match="unauthorized_client"):
        client.list()
    assert fake.log[-1].status == 401


def test_the_signature_of_a_jwt_is_checked(fake):
    credentials = service_account(fake)
    fake.service_account("other@riverbend.iam.gserviceaccount.com", token_uri=TOKEN)
    head, claims, signature = credentials._make_authorization_grant_assertion().decode().split(".")

    def sent(claims, signature=signature):
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}
        form["assertion"] = f"{head}.{claims}.{signature}"
        return json.loads(fake.http().request(TOKEN, "POST", urlencode(form))[1])

    def changed(**fields):
        claim = json.loads(base64.urlsafe_b64decode(claims + "=="))
        return base64.urlsafe_b64encode(json.dumps(claim | fields).encode()).decode().rstrip("=")

    assert sent(claims)["token_type"] == "Bearer"
    assert sent(changed(iss="other@riverbend.iam.gserviceaccount.com"))["error"] == "invalid_grant"
    assert sent(changed(iss="nobody@example.org"))["error"] == "invalid_grant"
    assert sent("x")["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"aud": "https://example.org/"}, "invalid_grant"),
        ({"exp": 4601, "iat": 1000}, "invalid_grant"),
        ({"exp": 1000, "iat": 1000}, "invalid_grant"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": full(("calendar.everything",))}, "invalid_scope"),
        ({"exp": 4600, "iat": 1000}, None),
    ],
)
def test_the_claims_of_a_jwt_are_checked(fake, fields, error):
    import google.auth.crypt
    import google.auth.jwt

    file = fake.service_account(token_uri=TOKEN)
    claim = {
        "iss": file["client_email"],
        "scope": EVENTS,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": 1000,
        "exp": 2000,
    }
    signer = google.auth.crypt.RSASigner.from_service_account_info(file)
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": google.auth.jwt.encode(signer, claim | fields).decode(),
    }
    content = fake.http().request(TOKEN, "POST", urlencode(form))[1]
    assert json.loads(content).get("error") == error


def test_scopes_allow_what_the_discovery_document_says(fake):
    def client(*scopes):
        return authorized(fake, user(fake, scopes)[0])

    events = client("calendar.events")
    events.insert(single())
    refused = refusal(events.service.calendars().insert(body={"summary": "x"}).execute)
    assert refused[:2] == (403, "insufficientPermissions")
    readonly = client("calendar.events.readonly")
    readonly.list()
    assert refusal(readonly.insert, single())[:2] == (403, "insufficientPermissions")


def test_app_created_reaches_only_calendars_the_app_made(fake):
    client = authorized(fake, user(fake, ("calendar.app.created",))[0])
    assert refusal(client.list)[0] == 404
    client.calendar = client.service.calendars().insert(body={"summary": "Calendar"}).execute()["id"]
    assert client.insert(single())["status"] == "confirmed"
    assert refusal(client.service.calendarList().list().execute)[0] == 403
    rule = {"role": "reader", "scope": {"type": "default"}}
    assert refusal(client.service.acl().insert(calendarId=client.calendar, body=rule).execute)[0] == 403


def login(fake, verifier="v" * 43, sent_verifier=None, **options):
    """Goes through the login page; returns the answer of the page and of the token endpoint."""
    client = fake.client_file(token_uri=TOKEN, auth_uri=f"{ROOT}auth")["installed"]
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": client["client_id"],
        "redirect_uri": "http://127.0.0.1:8080/",
        "response_type": "code",
        "scope": f"{full(('calendar.app.created',))} {EVENTS}",
        "state": "s",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    answer, _ = fake.http().request(f"{ROOT}auth?{urlencode(asked | options)}")
    if answer.status != 302:
        return answer.status, {}
    back = parse_qs(urlsplit(answer["location"]).query)
    assert back["state"] == ["s"]
    if "error" in back:
        return back["error"][0], {}
    form = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "code_verifier": sent_verifier or verifier,
        "redirect_uri": "http://127.0.0.1:8080/",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
    }
    answer, content = fake.http().request(TOKEN, "POST", urlencode(form))
    return answer.status, json.loads(content)


def test_a_login_gives_a_refresh_token(fake):
    status, token = login(fake)
    assert status == 200
    assert token["scope"].split() == [full(("calendar.app.created",)), EVENTS]
    assert token["refresh_token"] in fake.tokens.grants
    assert fake.violations == []


def test_a_login_with_a_wrong_verifier_is_refused(fake):
    status, answer = login(fake, sent_verifier="w" * 43)
    assert (status, answer["error"]) == (400, "invalid_grant")


def test_people_may_allow_a_part_or_nothing(fake):
    fake.consent = ("calendar.events",)
    assert login(fake)[1]["scope"] == EVENTS
    fake.consent = "all"
    fake.fault("scope-partial")
    assert login(fake)[1]["scope"] == EVENTS
    fake.consent = "deny"
    assert login(fake)[0] == "access_denied"


@pytest.mark.parametrize(
    "options",
    [{"redirect_uri": "http://example.org/"}, {"response_type": "token"}, {"client_id": "x"}],
    ids=lambda options: next(iter(options)),
)
def test_a_login_page_that_is_asked_wrongly_says_no(fake, options):
    assert login(fake, **options) == (400, {})


def test_a_login_over_sockets_works_with_googles_own_flow(monkeypatch):
    import google_auth_oauthlib.flow

    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with FakeGoogle() as fake:
        flow = google_auth_oauthlib.flow.Flow.from_client_config(
            fake.client_file(), scopes=[EVENTS], redirect_uri="http://127.0.0.1:8080/"
        )
        address, _ = flow.authorization_url()
        http = httplib2.Http(proxy_info=None)
        http.follow_redirects = False
        answer, _ = http.request(address)
        flow.fetch_token(authorization_response=answer["location"])
        flow.oauth2session.close()
        http.close()
        assert flow.credentials.refresh_token in fake.tokens.grants
        assert fake.violations == []


def test_a_batch_takes_the_outer_bearer_unless_a_part_has_its_own(fake):
    other = fake.bearer("other@example.org")
    outer = fake.bearer()
    address = f"/calendar/v3/calendars/{fake.calendar()}"
    part = "--b\nContent-Type: application/http\nContent-ID: <a+{0}>\n\nGET {1} HTTP/1.1\n{2}\n\n"
    body = part.format(1, address, "") + part.format(2, address, f"Authorization: Bearer {other}\n") + "--b--"
    headers = {"content-type": 'multipart/mixed; boundary="b"', "authorization": f"Bearer {outer}"}
    fake.http().request("/batch/calendar/v3", "POST", body, headers)
    assert [part.status for part in fake.log[-1].parts] == [200, 404]
    headers["authorization"] = "Bearer old"
    assert fake.http().request("/batch/calendar/v3", "POST", body, headers)[0].status == 401
