"""What an HTTP answer means to the engine, told apart defensively: anything may answer in Google's place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from iopcal.targets.google.api import Answer, Json
from iopcal.targets.google.multipart import Reply

Shape = Callable[[Json], bool]

_PER_DAY = re.compile(r"per\s+day|daily", re.I)
_RATES = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"})
_NOT_GOOGLE = 502  # whatever answered, it was not the API; the same may be tried again
_KEPT_WITHOUT_REASON = frozenset({401, 429})


def event(id: str) -> Shape:
    """The shape of one event."""
    return lambda body: body.get("id") == id


def calendar(body: Json) -> bool:
    """The shape of a calendar: it has an id."""
    return isinstance(body.get("id"), str) and body["id"] != ""


def listing(body: Json) -> bool:
    """The shape of a page of events: rows with ids, and a token, for the next page or for the next time."""
    items = body.get("items", [])
    tokens = [body.get(key, "") for key in ("nextPageToken", "nextSyncToken")]
    return (
        isinstance(items, list)
        and all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in items)
        and all(isinstance(token, str) for token in tokens)
        and any(tokens)
    )


def nothing(_: Json) -> bool:
    """The shape that no answer has."""
    return False


def judge(reply: Reply, shape: Shape | None) -> Answer:
    """Translates an answer; `shape` says what a success must look like, None that nothing need come back.

    A success of another shape, a redirection and an error that is not Google's JSON count as 502: a proxy or
    a page of its own stands between us and Google.
    """
    status, body = reply.status, parsed(reply.body)
    if 200 <= status < 300:
        if shape is None:
            return Answer(status)
        return Answer(status, body) if body is not None and shape(body) else Answer(_NOT_GOOGLE)
    if not 400 <= status < 600:
        return Answer(_NOT_GOOGLE)
    if body is None and reply.body.strip() and status < 500 and status not in _KEPT_WITHOUT_REASON:
        status = _NOT_GOOGLE
    return Answer(status, {}, _reason(body or {}), retry_after(reply.headers))


def parsed(body: bytes) -> dict[str, Any] | None:
    """Returns the JSON object, or None when it is none. No text in it holds half a character."""
    try:
        value = json.loads(body)
        if b"\\u" in body:  # JSON can name one half of a surrogate pair; UTF-8 cannot hold it
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def word(value: object) -> str:
    """Returns a server's word for an error if it is one, '' if it is a text that could tell anything."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{1,64}", value) else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Returns the seconds of a Retry-After, a number or a date (RFC 9110 section 10.2.3), or None."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return float(text)
    from email.utils import parsedate_to_datetime

    try:  # the server's own clock, so that ours does not matter
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())


def _reason(body: Json) -> str:
    """Returns the first reason of `{"error": {"errors": [{"reason": ...}]}}`, '' where there is none.

    A daily limit is told as a rate limit with "Queries per day" in its message. It lasts as long as
    quotaExceeded, so it is called that.
    """
    error = body.get("error")
    if not isinstance(error, dict):
        return word(error)
    errors = error.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    reason = word(first.get("reason"))
    messages = f"{first.get('message')} {error.get('message')}"
    return "quotaExceeded" if reason in _RATES and _PER_DAY.search(messages) else reason
