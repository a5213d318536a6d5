"""Sign-in: who a bearer is, the token endpoint, and the page where people allow access."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.fake_google.faults import sign_in_error
from tests.fake_google.keys import signed_by
from tests.fake_google.messages import Request, Response, json_response, unauthorized
from tests.fake_google.scopes import KNOWN, OTHERS, full, short

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

LIFE = 3599
GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True)
class Grant:
    """A refresh token that a person gave to a program."""

    token: str
    user: str
    scopes: tuple[str, ...]
    client_id: str
    client_secret: str
    revoked: bool = False


@dataclass(frozen=True)
class Account:
    """A service account and the people it may act for."""

    email: str
    public_key: bytes
    subjects: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(frozen=True)
class Access:
    """A bearer."""

    token: str
    credential: str  # the refresh token or the service account it came from
    user: str
    scopes: tuple[str, ...]
    expires: float  # seconds of the clock
    service: bool = False
    delegated: bool = False


@dataclass(frozen=True)
class Code:
    """What a login page gave and nobody has exchanged yet."""

    user: str
    scopes: tuple[str, ...]
    client_id: str
    redirect_uri: str
    challenge: str


@dataclass
class Tokens:
    """All credentials the fake knows."""

    grants: dict[str, Grant] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    clients: dict[str, str] = field(default_factory=dict)  # id -> secret

    def copy(self) -> Tokens:
        return Tokens(
            dict(self.grants), dict(self.accounts), dict(self.access), dict(self.codes), dict(self.clients)
        )

    def expire_all(self) -> None:
        """Ends all bearers."""
        self.access = {token: replace(each, expires=0.0) for token, each in self.access.items()}

    def revoke(self, credential: str) -> None:
        """Ends a refresh token or a service account, and the bearers that came from it."""
        if credential in self.grants:
            self.grants[credential] = replace(self.grants[credential], revoked=True)
        if credential in self.accounts:
            self.accounts[credential] = replace(self.accounts[credential], disabled=True)
        self.access = {
            token: replace(each, expires=0.0) if each.credential == credential else each
            for token, each in self.access.items()
        }


def bearer(fake: FakeGoogle, authorization: str | None) -> Access:
    """Returns who calls. Raises `ApiError` 401."""
    if authorization is None and fake.switches.auth == "off":
        return Access("", "", fake.switches.user, ("calendar",), float("inf"))
    kind, _, token = (authorization or "").partition(" ")
    found = fake.tokens.access.get(token)
    if kind.lower() != "bearer" or found is None or found.expires <= fake.seconds():
        raise unauthorized()
    return found


def _error(error: str, description: str, status: int = 400) -> Response:
    return json_response({"error": error, "error_description": description}, status)


def _given(
    fake: FakeGoogle, credential: str, user: str, scopes: tuple[str, ...], fault: str, **more: Any
) -> Response:
    if fault == "scope-partial":
        scopes = scopes[1:] or ("openid",)
    token = f"ya29.{fake.new_id()}"
    service, delegated = more.pop("service", False), more.pop("delegated", False)
    fake.tokens.access[token] = Access(
        token, credential, user, scopes, fake.seconds() + LIFE, service, delegated
    )
    answer = {"access_token": token, "expires_in": LIFE, "scope": full(scopes), "token_type": "Bearer"}
    if fake.switches.login_life is not None and not service:
        answer["refresh_token_expires_in"] = fake.switches.login_life
    return json_response(answer | more)


def token_endpoint(fake: FakeGoogle, request: Request, fault: str) -> Response:
    """Answers POST /token.

    https://developers.google.com/identity/protocols/oauth2/native-app#exchange-authorization-code
    """
    form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    form = _basic(request.headers.get("authorization", "")) | form
    kind = form.get("grant_type")
    if fault == "invalid_grant":
        fake.tokens.revoke(form.get("refresh_token") or _issuer(form.get("assertion", "")))
    failed = sign_in_error(fault)
    if failed is not None:
        answer = failed
    elif kind == "refresh_token":
        answer = _refresh(fake, form, fault)
    elif kind == "authorization_code":
        answer = _exchange(fake, form, fault)
    elif kind == JWT_BEARER:
        answer = _assertion(fake, form.get("assertion", ""), fault)
    else:
        answer = _error("unsupported_grant_type", f"Invalid grant_type: {kind}")
    fake.watch.token_request(form.get("refresh_token") or _issuer(form.get("assertion", "")), answer)
    return answer


def _basic(authorization: str) -> dict[str, str]:
    """Returns client and secret that are sent as HTTP Basic, which RFC 6749 section 2.3.1 allows."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return {}
    client, _, secret = base64.b64decode(value).decode("utf-8", "replace").partition(":")
    return {"client_id": client, "client_secret": secret}


def _refresh(fake: FakeGoogle, form: dict[str, str], fault: str) -> Response:
    grant = fake.tokens.grants.get(form.get("refresh_token", ""))
    if grant is None or grant.revoked:
        return _error("invalid_grant", "Token has been expired or revoked.")
    if (form.get("client_id"), form.get("client_secret")) != (grant.client_id, grant.client_secret):
        return _error("invalid_client", "The provided client secret is invalid.", 401)
    scopes = short(form["scope"]) if form.get("scope") else grant.scopes
    if not set(scopes) <= set(grant.scopes):
        return _error("invalid_scope", "Some requested scopes were invalid.")
    return _given(fake, grant.token, grant.user, scopes, fault)


def _exchange(fake: FakeGoogle, form: dict[str, str], fault: str) -> Response:
    code = fake.tokens.codes.pop(form.get("code", ""), None)
    if code is None:
        return _error("invalid_grant", "Malformed auth code.")
    if form.get("client_id") != code.client_id or fake.tokens.clients.get(code.client_id) != form.get(
        "client_secret"
    ):
        return _error("invalid_client", "The OAuth client was not found.", 401)
    if form.get("redirect_uri") != code.redirect_uri:
        return _error("redirect_uri_mismatch", "Bad Request")
    if code.challenge:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
            return _error("invalid_grant", "Invalid code verifier.")
    scopes = (code.scopes[1:] or ("openid",)) if fault == "scope-partial" else code.scopes
    refresh = f"1//{fake.new_id()}"
    grant = Grant(refresh, code.user, scopes, code.client_id, form.get("client_secret", ""))
    fake.tokens.grants[refresh] = grant
    return _given(fake, refresh, code.user, scopes, "", refresh_token=refresh)


def _decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _issuer(assertion: str) -> str:
    try:
        return str(_decoded(assertion.split(".")[1])["iss"])
    except (IndexError, KeyError, TypeError, ValueError):
        return ""


def _assertion(fake: FakeGoogle, assertion: str, fault: str) -> Response:
    """Checks a JWT.

    https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
    """
    try:
        head, claims, signature = assertion.split(".")
        header, claim = _decoded(head), _decoded(claims)
        signed = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return _error("invalid_grant", "Bad JWT.")
    account = fake.tokens.accounts.get(claim.get("iss", ""))
    if account is None or account.disabled:
        return _error("invalid_grant", "Invalid grant: account not found")
    if header.get("alg") != "RS256" or not signed_by(account.public_key, f"{head}.{claims}".encode(), signed):
        return _error("invalid_grant", "Invalid JWT Signature.")
    if claim.get("aud") not in (GOOGLE_TOKEN, fake.token_uri):
        return _error("invalid_grant", "Invalid JWT: Failed audience check.")
    issued, expires = claim.get("iat"), claim.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int) or not 0 < expires - issued <= 3600:
        return _error("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes).")
    scopes = short(claim.get("scope", ""))
    if not scopes or not set(scopes) <= KNOWN | OTHERS:
        return _error("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    subject = claim.get("sub", account.email)
    if subject != account.email and subject not in account.subjects:
        message = (
            "Client is unauthorized to retrieve access tokens using this method, "
            "or client not authorized for any of the scopes requested."
        )
        return _error("unauthorized_client", message, 401)
    delegated = subject != account.email
    return _given(fake, account.email, subject, scopes, fault, service=True, delegated=delegated)


def consent_page(fake: FakeGoogle, request: Request) -> Response:
    """Answers GET /auth: somebody allows access at once, as `fake.consent` says."""
    asked = dict(parse_qsl(request.query, keep_blank_values=True))
    target = asked.get("redirect_uri", "")
    wrong = [
        asked.get("response_type") != "code",
        asked.get("client_id") not in fake.tokens.clients,
        urlsplit(target).hostname not in ("127.0.0.1", "::1", "localhost"),
        asked.get("code_challenge_method", "S256") != "S256",
    ]
    if any(wrong):
        return _error("invalid_request", "Access blocked: Authorization Error")
    if "code_challenge" not in asked:
        fake.violation("a login without PKCE")
    if not asked.get("state"):
        fake.violation("a login without state")
    back = {"state": asked.get("state", "")}
    if fake.consent == "deny":
        back["error"] = "access_denied"
    else:
        scopes = short(asked.get("scope", ""))
        if fake.consent != "all":
            scopes = tuple(scope for scope in scopes if scope in fake.consent)
        code = f"4/0A{fake.new_id()}"
        fake.tokens.codes[code] = Code(
            fake.switches.user, scopes, asked["client_id"], target, asked.get("code_challenge", "")
        )
        back |= {"code": code, "scope": full(scopes)}
    return Response(302, {"location": f"{target}?{urlencode(back)}", "content-length": "0"}, b"")
