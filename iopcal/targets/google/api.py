"""What the engine asks of the Google Calendar API, and what it hears: plain values, no client, no socket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from iopcal.named_tuple import NamedTuple

Json = Mapping[str, Any]
NOTHING: Json = MappingProxyType({})

UNKNOWN = 0  # no answer came, or half of one: perhaps done, perhaps not
UNREACHED = -1  # no connection was made: surely not done


class Write(NamedTuple):
    """One write to one event. An insert names the id in its body; patch and delete carry the etag we saw."""

    verb: str  # insert, patch, delete
    id: str
    body: Json = NOTHING
    etag: str = ""


class Answer(NamedTuple):
    """What came of one operation: an HTTP status, UNKNOWN or UNREACHED.

    `reason` is Google's word for an error (`quotaExceeded`, `duplicate` ...), '' when the body was not
    Google's JSON. `body` is the resource of a success. `retry_after` is in seconds.
    """

    status: int
    body: Json = NOTHING
    reason: str = ""
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300


class Denied(Exception):
    """Raised when no access token can be had: nothing may be asked with these credentials any more.

    `reason` is the server's word: invalid_grant, unauthorized_client, scope ...
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Api(Protocol):
    """One account at the Google Calendar API. Each call is one HTTP request and never repeats itself.

    The exception is a 401: the access token is renewed once and the request sent again. Raises Denied when
    Google will not give a token.
    """

    def events(self, calendar: str, *, token: str = "", page: str = "") -> Answer:
        """Lists one page of a calendar, whole or since a sync token, tombstones included (events.list)."""

    def write(self, calendar: str, writes: Sequence[Write]) -> tuple[Answer, ...]:
        """Sends writes, one plainly and more in one batch; returns an answer each, in their order.

        A part that is missing in the answer of a batch has the status 503; where the whole batch failed,
        every part has its status.
        """

    def read(self, calendar: str, ids: Sequence[str]) -> tuple[Answer, ...]:
        """Gets single events, one plainly and more in one batch, as `write` does."""

    def make(self, title: str, zone: str) -> Answer:
        """Makes a calendar (calendars.insert)."""
