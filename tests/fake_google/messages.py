"""What goes in and out: requests, responses and the errors of the Calendar API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

JSON_TYPE = "application/json; charset=UTF-8"
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Request(NamedTuple):
    """One HTTP request; header names are in lower case, `path` is still percent-encoded."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Response(NamedTuple):
    """One HTTP answer; `broken` says how it fails to arrive (lost, reset, truncate, slow:N, kill)."""

    status: int
    headers: dict[str, str]
    body: bytes
    broken: str = ""


def request_of(
    uri: str, method: str = "GET", body: bytes | str | None = None, headers: Mapping[str, Any] | None = None
) -> Request:
    """Makes a request of an address."""
    parts = urlsplit(uri)
    named = {}
    for name, value in (headers or {}).items():
        name = name.decode("ascii") if isinstance(name, bytes) else name
        named[name.lower()] = value.decode("ascii") if isinstance(value, bytes) else str(value)
    data = b"" if body is None else body.encode() if isinstance(body, str) else bytes(body)
    return Request(method, parts.path or "/", parts.query, named, data)


def reason_phrase(status: int) -> str:
    """Returns the phrase that stands behind a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def to_json(value: Any) -> str:
    """Returns compact JSON text; other scripts stay as they are."""
    return ENCODER.encode(value)


def json_response(value: Any, status: int = 200, etag: str = "") -> Response:
    """Answers with a JSON body."""
    headers = {"content-type": JSON_TYPE}
    if etag:
        headers["etag"] = etag
    return Response(status, headers, to_json(value).encode())


def empty_response(status: int = 204) -> Response:
    """Answers without a body."""
    return Response(status, {"content-length": "0"}, b"")


def html_response(status: int) -> Response:
    """Answers with a page for people, as Google's front servers do."""
    phrase = reason_phrase(status)
    page = (
        f"<!DOCTYPE html>\n<html lang=en><title>Error {status} ({phrase})!!1</title>"
        f"<p><b>{status}.</b> <ins>That\N{RIGHT SINGLE QUOTATION MARK}s an error.</ins></html>\n"
    )
    return Response(status, {"content-type": "text/html; charset=UTF-8"}, page.encode())


class ApiError(Exception):
    """An error of the Calendar API, in the form of its JSON errors."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        domain: str = "global",
        location: str = "",
        location_type: str = "parameter",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, reason, message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location
        self.location_type = location_type
        self.retry_after = retry_after

    def response(self) -> Response:
        """Returns the answer that carries this error."""
        detail = {"domain": self.domain, "reason": self.reason, "message": self.message}
        if self.location:
            detail |= {"locationType": self.location_type, "location": self.location}
        body = {"error": {"errors": [detail], "code": self.status, "message": self.message}}
        answer = json_response(body, self.status)
        if self.status == 401:
            answer.headers["www-authenticate"] = 'Bearer realm="https://accounts.google.com/"'
        if self.retry_after is not None:
            answer.headers["retry-after"] = str(int(self.retry_after))
        return answer


def invalid(message: str, location: str = "") -> ApiError:
    return ApiError(400, "invalid", message, location=location)


def required(message: str) -> ApiError:
    return ApiError(400, "required", message)


def bad_request(message: str = "Bad Request") -> ApiError:
    return ApiError(400, "badRequest", message)


def not_found() -> ApiError:
    return ApiError(404, "notFound", "Not Found")


def duplicate() -> ApiError:
    return ApiError(409, "duplicate", "The requested identifier already exists.")


def gone() -> ApiError:
    return ApiError(410, "deleted", "Resource has been deleted")


def full_sync_required() -> ApiError:
    message = "Sync token is no longer valid, a full sync is required."
    return ApiError(410, "fullSyncRequired", message, "calendar", "syncToken")


def condition_not_met() -> ApiError:
    return ApiError(412, "conditionNotMet", "Precondition Failed", "global", "If-Match", "header")


def forbidden(message: str = "Forbidden") -> ApiError:
    return ApiError(403, "forbidden", message)


def unauthorized() -> ApiError:
    return ApiError(401, "authError", "Invalid Credentials", "global", "Authorization", "header")


DAILY_MESSAGE = (
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service "
    "'calendar-json.googleapis.com' for consumer 'project_number:1'."
)
NAMED = {
    "rateLimitExceeded": ("usageLimits", "Rate Limit Exceeded"),
    "userRateLimitExceeded": ("usageLimits", "User Rate Limit Exceeded"),
    "quotaExceeded": ("usageLimits", "Calendar usage limits exceeded."),
    "requiredAccessLevel": ("calendar", "You need to have writer access to this calendar."),
    "forbiddenForServiceAccounts": (
        "calendar",
        "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.",
    ),
    "forbiddenForNonOrganizer": ("calendar", "Shared properties can only be changed by the organizer."),
    "insufficientPermissions": ("global", "Insufficient Permission"),
    "updatedMinTooLongAgo": ("calendar", "The requested minimum modification time lies too far in the past."),
    "timeRangeEmpty": ("calendar", "The specified time range is empty."),
}
USUAL = {
    400: ("badRequest", "Bad Request"),
    403: ("forbidden", "Forbidden"),
    409: ("conflict", "Conflict"),
    429: ("rateLimitExceeded", "Rate Limit Exceeded"),
    500: ("backendError", "Backend Error"),
    502: ("backendError", "Bad Gateway"),
    503: ("backendError", "Service unavailable. Please try again later."),
    504: ("backendError", "Gateway Timeout"),
}
WHOLE = {
    401: unauthorized,
    404: not_found,
    410: full_sync_required,
    412: condition_not_met,
}


def named_error(status: int, reason: str = "") -> ApiError:
    """Makes the error of a status and a reason; `daily` is the limit of a whole day."""
    if reason == "daily":
        return ApiError(status, "rateLimitExceeded", DAILY_MESSAGE, "usageLimits")
    if reason in ("deleted", "duplicate"):
        return gone() if reason == "deleted" else duplicate()
    if reason in NAMED:
        domain, message = NAMED[reason]
        return ApiError(status, reason, message, domain)
    if status in WHOLE and not reason:
        return WHOLE[status]()
    usual, message = USUAL.get(status, ("backendError", reason_phrase(status)))
    domain = "usageLimits" if status == 429 else "global"
    return ApiError(status, reason or usual, message, domain)
