"""An object like `httplib2.Http` that calls the fake without sockets."""

from __future__ import annotations

from http.client import IncompleteRead
from typing import TYPE_CHECKING, Any

from tests.fake_google.messages import Response, reason_phrase, request_of

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle


class Killed(BaseException):
    """The program is killed here: nothing that it does afterwards counts."""


class Http:
    """Takes the place of `httplib2.Http`, whose connection class raises on a silent close."""

    def __init__(self, fake: FakeGoogle, timeout: float) -> None:
        self.fake = fake
        self.timeout: float | None = timeout
        self.connections: dict[str, Any] = {}
        self.follow_redirects = True
        self.redirect_codes = frozenset((300, 301, 302, 303, 307, 308))

    def close(self) -> None:
        """Has nothing to close."""

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: dict[str, Any] | None = None,
        redirections: int = 5,
        connection_type: Any = None,
    ) -> tuple[Any, bytes]:
        """Sends a request; raises what httplib2 raises when the answer does not arrive."""
        import httplib2

        request = request_of(uri, method, body, headers)
        assert isinstance(request.headers, dict)
        request.headers.setdefault("accept-encoding", "gzip, deflate")
        answer = self.fake.handle(request)
        self._arrive(answer)
        shown = httplib2.Response({**answer.headers, "status": str(answer.status)})
        shown.reason = reason_phrase(answer.status)
        shown["date"] = f"{self.fake.now():%a, %d %b %Y %H:%M:%S} GMT"
        shown.setdefault("content-length", str(len(answer.body)))
        return shown, answer.body

    def _arrive(self, answer: Response) -> None:
        """Raises where the answer is broken."""
        kind, _, seconds = answer.broken.partition(":")
        if kind == "kill":
            raise Killed
        if kind == "lost":
            raise ConnectionResetError("closed without an answer")
        if kind == "reset":
            raise ConnectionResetError(104, "Connection reset by peer")
        if kind == "truncate":
            half = len(answer.body) // 2
            raise IncompleteRead(answer.body[:half], len(answer.body) - half)
        if kind == "slow":
            wait = float(seconds)
            limit = wait if self.timeout is None else self.timeout
            self.fake.advance(min(wait, limit))
            if wait > limit:
                raise TimeoutError("timed out")
