"""One call of an API method: where it goes, who calls, what is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.fake_google.messages import ApiError, bad_request, invalid
from tests.fake_google.words import words

ROOT = "/calendar/v3/"
STANDARD = frozenset(("alt", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "userIp"))
READS = {"GET"}


class Call:
    """A request to one method of the API, alone or as a part of a batch."""

    __slots__ = (
        "access",
        "body",
        "calendar",
        "event",
        "headers",
        "inner",
        "method",
        "name",
        "next_page",
        "parsed",
        "path",
        "query",
        "read_fault",
        "user",
    )

    def __init__(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, inner: bool
    ) -> None:
        self.method = method
        self.path = path
        self.query = parameters_of(query)
        self.headers = headers
        self.body = body
        self.inner = inner
        self.name, self.calendar, self.event = route(method, path)
        self.parsed: Any = None
        self.read_fault = ""
        self.next_page = ""  # the token of the page that follows the answer
        self.user = ""
        self.access: Any = None

    def one(self, name: str) -> str | None:
        """Returns the last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else None

    def flag(self, name: str) -> bool | None:
        """Returns a boolean query parameter, None where it is not given."""
        value = self.one(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise invalid(f"Invalid value '{value}'. Value must be one of: [true, false]", name)
        return value.lower() == "true"

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        """Returns a whole number from the query, between two bounds."""
        value = self.one(name)
        if value is None:
            return usual
        if not value.isdecimal() or not least <= int(value) <= most:
            message = f"Invalid value '{value}'. Values must be within the range: [{least}, {most}]"
            raise invalid(message, name)
        return int(value)

    def json(self) -> dict[str, Any]:
        """Returns the body. Raises `ApiError` 400 parseError when it is no JSON object."""
        if self.parsed is None:
            try:
                self.parsed = json.loads(self.body.decode("utf-8"))
            except ValueError:
                raise ApiError(400, "parseError", "Parse Error") from None
            if not isinstance(self.parsed, dict):
                self.parsed = None
                raise ApiError(400, "parseError", "Parse Error")
        return self.parsed

    @property
    def writes_event(self) -> bool:
        """Says whether the call changes an event."""
        return self.method != "GET" and self.name.startswith("events.")


@lru_cache(maxsize=4096)
def parameters_of(query: str) -> dict[str, list[str]]:
    """Returns the values of each parameter of a query, not to be changed."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


_EVENTS = {"GET": "events.list", "POST": "events.insert"}
_EVENT = {"GET": "events.get", "PUT": "events.update", "PATCH": "events.patch", "DELETE": "events.delete"}
_CALENDAR = {
    "GET": "calendars.get",
    "PUT": "calendars.update",
    "PATCH": "calendars.patch",
    "DELETE": "calendars.delete",
}


@lru_cache(maxsize=4096)
def route(method: str, path: str) -> tuple[str, str, str]:
    """Returns the method of the API, the calendar and the event that an address names."""
    if not path.startswith(ROOT):
        return "", "", ""
    match [unquote(part) for part in path[len(ROOT) :].split("/")]:
        case ["calendars", calendar, "events"]:
            return _EVENTS.get(method, ""), calendar, ""
        case ["calendars", calendar, "events", "import"] if method == "POST":
            return "events.import", calendar, ""
        case ["calendars", calendar, "events", event]:
            return _EVENT.get(method, ""), calendar, event
        case ["calendars", calendar, "events", event, "instances"] if method == "GET":
            return "events.instances", calendar, event
        case ["calendars"] if method == "POST":
            return "calendars.insert", "", ""
        case ["calendars", calendar]:
            return _CALENDAR.get(method, ""), calendar, ""
        case ["calendars", calendar, "acl"] if method == "POST":
            return "acl.insert", calendar, ""
        case ["users", "me", "calendarList"] if method == "GET":
            return "calendarList.list", "", ""
        case ["users", "me", "calendarList", calendar] if method == "GET":
            return "calendarList.get", calendar, ""
    return "", "", ""


_SEND = ("sendUpdates", "sendNotifications")
_BODY = ("conferenceDataVersion", "eventLabelVersion", "maxAttendees", "supportsAttachments")
_LIST = words(
    "alwaysIncludeEmail eventTypes iCalUID maxAttendees maxResults orderBy pageToken privateExtendedProperty "
    "q sharedExtendedProperty showDeleted showHiddenInvitations singleEvents syncToken timeMax timeMin "
    "timeZone updatedMin"
)
PARAMETERS = {
    "events.list": _LIST,
    "events.insert": (*_SEND, *_BODY),
    "events.import": ("conferenceDataVersion", "eventLabelVersion", "supportsAttachments"),
    "events.get": ("alwaysIncludeEmail", "maxAttendees", "timeZone"),
    "events.update": (*_SEND, *_BODY, "alwaysIncludeEmail"),
    "events.patch": (*_SEND, *_BODY, "alwaysIncludeEmail"),
    "events.delete": _SEND,
    "events.instances": words(
        "alwaysIncludeEmail maxAttendees maxResults originalStart pageToken showDeleted timeMax timeMin "
        "timeZone"
    ),
    "calendarList.list": words(
        "maxResults minAccessRole pageToken showDeleted showHidden showOwnOrganizationOnly syncToken"
    ),
    "acl.insert": ("sendNotifications",),
}


def check_parameters(call: Call) -> None:
    """Raises `ApiError` 400 for query parameters that the method does not have."""
    allowed = PARAMETERS.get(call.name, ())
    for name in call.query:
        if name not in STANDARD and name not in allowed:
            raise ApiError(400, "invalidParameter", f"Unknown name {name}", location=name)
    updates = call.one("sendUpdates")
    if updates not in (None, "all", "externalOnly", "none"):
        raise bad_request("Invalid value for sendUpdates")
