"""The Google Calendar API over HTTP: the one door to googleapiclient.

Google's own description of the API, which the client library brings along, says where each request goes. The
addresses are made by the library and checked against it once for each kind of request; sending, batching and
reading the answers is done here, so that nothing is ever sent twice unasked.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urljoin

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google import answers
from iopcal.targets.google.api import Answer, Denied, Write
from iopcal.targets.google.connection import Http, exchange
from iopcal.targets.google.multipart import Reply, Request, build, parse
from iopcal.targets.google.root import Root
from iopcal.targets.google.silence import silenced

EVENT = (
    "id,etag,status,summary,description,location,start,end,recurrence,recurringEventId,originalStartTime,"
    "visibility,transparency,created,updated,extendedProperties/private"
)
LIST = f"nextPageToken,nextSyncToken,accessRole,timeZone,summary,items({EVENT})"
_HEADERS = {"accept-encoding": "gzip, deflate", "user-agent": "(gzip)"}  # Google compresses only for both
_ENCODER = json.JSONEncoder(separators=(",", ":"))
_ANY = "EVENTID"  # stands for the id of an event in an address made once for many


class Bearer(Protocol):
    """Whoever has access tokens (RFC 6750)."""

    @property
    def user(self) -> str:
        """A name for the limits of the person a service account acts for, '' when it acts for itself."""

    def token(self) -> str | Answer:
        """Returns a token that is good now, '' for none, or why there is none for the moment.

        Raises Denied.
        """

    def renew(self) -> str | Answer:
        """Gets a new token because Google has refused the last one; otherwise as `token`."""


class Address(NamedTuple):
    """Where one kind of request goes; the id of the event, if any, stands between the two halves."""

    method: str
    before: str
    after: str


class Operation(NamedTuple):
    """A request and what its success must look like."""

    request: Request
    shape: answers.Shape | None


class Wire:
    """One account at the Google Calendar API (see `api.Api`). `requests` counts all that were sent to it."""

    def __init__(self, bearer: Bearer, root: Root, http: Http) -> None:
        document = description(root)
        self._service = service(document)
        self._events = self._service.events()
        self._batch = urljoin("/", document["batchPath"])
        self._root, self._bearer, self._http = root.api.rstrip("/"), bearer, http
        self._addresses: dict[tuple[str, str], Address] = {}
        self.requests = 0
        self.date = ""  # of the last answer: the server's clock

    def events(self, calendar: str, *, token: str = "", page: str = "") -> Answer:
        """Lists one page of a calendar, whole or since a sync token, tombstones included."""
        wanted = {"syncToken": token, "pageToken": page}
        address = self._one_for_all(
            "list",
            calendar,
            maxResults=2500,
            singleEvents=False,
            showDeleted=True,
            fields=LIST,
            **dict.fromkeys(wanted),
        )
        if given := urlencode({name: value for name, value in wanted.items() if value}):
            address = address._replace(before=f"{address.before}&{given}")
        answer = self._plain(self._operation(address, answers.listing))
        return answer._replace(body={"items": [], **answer.body}) if answer.ok else answer

    def write(self, calendar: str, writes: Sequence[Write]) -> tuple[Answer, ...]:
        """Sends writes, one plainly and more in one batch; returns an answer each, in their order."""
        return self._each([self._writing(calendar, write) for write in writes])

    def read(self, calendar: str, ids: Sequence[str]) -> tuple[Answer, ...]:
        """Gets single events, one plainly and more in one batch."""
        address = self._one_for_all("get", calendar, fields=EVENT)
        return self._each([self._operation(address, answers.event(id), id) for id in ids])

    def make(self, title: str, zone: str) -> Answer:
        """Makes a calendar."""
        address = self._address(self._service.calendars().insert, body={}, fields="id,summary,timeZone")
        body = {"summary": title, "timeZone": zone}
        return self._plain(self._operation(address, answers.calendar, body=body))

    def _writing(self, calendar: str, write: Write) -> Operation:
        options: dict[str, Any] = {"sendUpdates": "none"}
        if write.verb != "delete":
            options |= {"body": {}, "fields": EVENT}
        address = self._one_for_all(write.verb, calendar, **options)
        id = "" if write.verb == "insert" else write.id
        shape = None if write.verb == "delete" else answers.event(write.id)
        return self._operation(address, shape, id, write.body, write.etag)

    def _operation(
        self, address: Address, shape: answers.Shape | None, id: str = "", body: Any = None, etag: str = ""
    ) -> Operation:
        headers, data = {}, b""
        if body:
            headers["content-type"] = "application/json"
            data = _ENCODER.encode(body).encode()
        if etag:
            headers["if-match"] = etag
        target = f"{address.before}{quote(id, safe='')}{address.after}"
        return Operation(Request(address.method, target, headers, data), shape)

    def _one_for_all(self, verb: str, calendar: str, **options: Any) -> Address:
        """Returns the address of one kind of request to the events of a calendar, made but once."""
        known = self._addresses.get((verb, calendar))
        if known is None:
            if verb not in ("insert", "list"):
                options["eventId"] = _ANY
            known = self._address(getattr(self._events, verb), calendarId=calendar, **options)
            self._addresses[verb, calendar] = known
        return known

    def _address(self, method: Callable[..., Any], **options: Any) -> Address:
        """Has the library make an address; it raises TypeError for a parameter the API does not have."""
        if self._bearer.user:
            options["quotaUser"] = self._bearer.user
        made = method(**options)
        before, _, after = made.uri.removeprefix(self._root).partition(f"/events/{_ANY}")
        return Address(made.method, f"{before}/events/" if after else before, after)

    def _each(self, operations: Sequence[Operation]) -> tuple[Answer, ...]:
        """Sends operations together; those that alone are refused for their token once more."""
        got = self._together(operations)
        refused = [place for place, answer in enumerate(got) if answer.status == 401]
        if refused:
            renewed = self._bearer.renew()
            if isinstance(renewed, Answer):
                again = [renewed] * len(refused)
            else:
                again = self._together([operations[place] for place in refused], renewed)
            for place, answer in zip(refused, again, strict=True):
                if answer.status == 401:
                    raise Denied(answer.reason or "authError")
                got[place] = answer
        return tuple(got)

    def _together(self, operations: Sequence[Operation], token: str = "") -> list[Answer]:
        """Sends one operation plainly, more in one batch; `token` is one just renewed."""
        if len(operations) < 2:
            return [self._plain(operation, token) for operation in operations]
        nonce = uuid.uuid4().hex
        whole = build([operation.request for operation in operations], nonce)
        reply = self._send(whole._replace(target=self._batch), token)
        if isinstance(reply, Answer):
            return [reply] * len(operations)
        replies = parse(reply, nonce, len(operations)) if reply.status == 200 else None
        if replies is None:
            return [answers.judge(reply, answers.nothing)] * len(operations)
        missing = Answer(503)
        return [
            answers.judge(replies[place], operation.shape) if place in replies else missing
            for place, operation in enumerate(operations)
        ]

    def _plain(self, operation: Operation, token: str = "") -> Answer:
        reply = self._send(operation.request, token)
        return reply if isinstance(reply, Answer) else answers.judge(reply, operation.shape)

    def _send(self, request: Request, token: str = "") -> Reply | Answer:
        """Sends one request; a 401 renews the token, unless it just was, and sends it once more."""
        reply = self._try(request, token or self._bearer.token())
        if isinstance(reply, Reply) and reply.status == 401:
            if not token:
                reply = self._try(request, self._bearer.renew())
            if isinstance(reply, Reply) and reply.status == 401:
                raise Denied(answers.judge(reply, None).reason or "authError")
        return reply

    def _try(self, request: Request, token: str | Answer) -> Reply | Answer:
        if isinstance(token, Answer):
            return token
        headers = {**_HEADERS, **request.headers}
        if token:
            headers["authorization"] = f"Bearer {token}"
        self.requests += 1
        reply = exchange(self._http, request.method, self._root + request.target, headers, request.body)
        if isinstance(reply, Reply):
            self.date = reply.headers.get("date", self.date)
        return reply


def description(root: Root) -> dict[str, Any]:
    """Returns Google's description of the API as the library brings it, its addresses moved to `root`."""
    with silenced():
        from googleapiclient.discovery_cache import get_static_doc
    document: dict[str, Any] = json.loads(get_static_doc("calendar", "v3"))
    document["rootUrl"] = root.api
    document.pop("mtlsRootUrl", None)
    return document


def service(document: dict[str, Any]) -> Any:
    """Returns the library's builder of requests; it has nothing to send them with."""
    with silenced():
        from googleapiclient.discovery import build_from_document
    return build_from_document(document, http=object())
