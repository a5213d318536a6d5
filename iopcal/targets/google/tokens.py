"""Access tokens, as Google's token server gives them: one POST for each, none repeated in secret.

The forms are those of RFC 6749 (authorization code and refresh) and RFC 7523 (the key of a service account).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google.answers import parsed, retry_after, word
from iopcal.targets.google.api import UNKNOWN, Answer, Denied
from iopcal.targets.google.connection import Http, exchange
from iopcal.targets.google.root import Root

APP_CREATED = "https://www.googleapis.com/auth/calendar.app.created"
EVENTS = "https://www.googleapis.com/auth/calendar.events"
_WHOLE = "https://www.googleapis.com/auth/calendar"  # never asked for; it holds both
EARLY = timedelta(seconds=60)  # a token is not used in the last minute of its life
_HOUR = 3600.0  # the life of a token whose life is not told (RFC 6749 section 5.1 only recommends to)
_HEADERS = {"content-type": "application/x-www-form-urlencoded", "accept-encoding": "gzip, deflate"}
# A server that will have recovered in a while says so with these (RFC 6749 section 4.1.2.1; Google's own).
_PASSING = frozenset({"server_error", "temporarily_unavailable", "internal_failure", "internal_error"})


class World(NamedTuple):
    """What a sign-in needs of the world: where Google is, how to reach it, the clock, and the variables."""

    root: Root
    http: Http
    now: Callable[[], datetime]
    environment: Mapping[str, str]


class Token(NamedTuple):
    """An access token. `scopes` is None where the server did not say what was granted.

    `login` is for how many seconds more the consent of a person holds, None where no end of it is told.
    """

    value: str
    ends: datetime
    scopes: tuple[str, ...] | None = None
    refresh: str = ""
    login: float | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return self.value != "" and now < self.ends - EARLY


def ask(world: World, form: Mapping[str, str]) -> Token | Answer:
    """Asks the token server once.

    Returns an Answer, UNREACHED or an HTTP status of 500 and more, when it can be tried again. Raises Denied
    with the server's word when it says no.
    """
    reply = exchange(world.http, "POST", world.root.token, _HEADERS, urlencode(form).encode())
    if isinstance(reply, Answer):
        # Nothing was done to a calendar: an unknown outcome here is no unknown outcome there.
        return Answer(503) if reply.status == UNKNOWN else reply
    body = parsed(reply.body)
    if reply.status == 200:
        return _token(body or {}, world.now()) or Answer(502)
    error = word((body or {}).get("error"))
    if reply.status in {408, 429} or not 400 <= reply.status < 500 or error in _PASSING:
        return Answer(503, {}, "", retry_after(reply.headers))
    if body is None:
        return Answer(502)  # a page of something in between
    raise Denied(error or f"http_{reply.status}")


def missing(wanted: tuple[str, ...], granted: tuple[str, ...] | None) -> tuple[str, ...]:
    """Returns the scopes that are wanted but not granted; not told is as asked (RFC 6749 section 5.1)."""
    if granted is None or _WHOLE in granted:
        return ()
    return tuple(scope for scope in wanted if scope not in granted)


def _token(body: Mapping[str, object], now: datetime) -> Token | None:
    value, life, refresh = body.get("access_token"), body.get("expires_in", _HOUR), body.get("refresh_token")
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return None
    seconds = min(max(0.0, float(life)), 24 * _HOUR) if isinstance(life, int | float) else _HOUR
    scope, login = body.get("scope"), body.get("refresh_token_expires_in")
    return Token(
        value,
        now.astimezone(UTC) + timedelta(seconds=seconds),
        tuple(scope.split()) if isinstance(scope, str) and scope.split() else None,
        refresh if isinstance(refresh, str) else "",
        # Google's own; told where a person allowed access for a time, and of apps in Testing.
        float(login) if isinstance(login, int | float) and login > 0 else None,
    )
