"""The unmodified google-api-python-client, turned to the fake, and events to send."""

from __future__ import annotations

import contextlib
import importlib
import importlib.resources
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from tests.fake_google.fake import FakeGoogle

SRC = "7e628a1a3999e61e"


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Returns the discovery document that comes with the client."""
    documents = importlib.resources.files("googleapiclient.discovery_cache") / "documents"
    made: dict[str, Any] = json.loads((documents / "calendar.v3.json").read_text(encoding="utf-8"))
    return made


def service_at(root: str, http: Any) -> Any:
    """Returns the client; batches go to `root` too, since they follow the document's rootUrl."""
    discovery: Any = importlib.import_module("googleapiclient.discovery")
    return discovery.build_from_document({**document(), "rootUrl": root}, http=http)


class Client:
    """A client of one fake, with one calendar."""

    def __init__(self, fake: FakeGoogle, http: Any, root: str) -> None:
        self.fake = fake
        self.service = service_at(root, http)
        self.events = self.service.events()
        self.calendar = fake.calendar()

    def insert(self, body: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Inserts an event."""
        options = {"calendarId": self.calendar, "sendUpdates": "none"} | options
        return dict(self.events.insert(body=body, **options).execute())

    def patch(self, id: str, body: dict[str, Any], etag: str = "*", **options: Any) -> dict[str, Any]:
        """Patches an event with If-Match."""
        request = self.events.patch(
            calendarId=self.calendar, eventId=id, body=body, sendUpdates="none", **options
        )
        request.headers["If-Match"] = etag
        return dict(request.execute())

    def update(self, id: str, body: dict[str, Any], etag: str = "*") -> dict[str, Any]:
        """Replaces an event with If-Match."""
        request = self.events.update(calendarId=self.calendar, eventId=id, body=body, sendUpdates="none")
        request.headers["If-Match"] = etag
        return dict(request.execute())

    def delete(self, id: str, etag: str = "*") -> None:
        """Deletes an event with If-Match."""
        request = self.events.delete(calendarId=self.calendar, eventId=id, sendUpdates="none")
        request.headers["If-Match"] = etag
        request.execute()

    def get(self, id: str, **options: Any) -> dict[str, Any]:
        """Returns an event."""
        return dict(self.events.get(calendarId=self.calendar, eventId=id, **options).execute())

    def list(self, **options: Any) -> dict[str, Any]:
        """Returns one page of events."""
        if "syncToken" not in options and "pageToken" not in options:
            options = {"maxResults": 2500} | options
        return dict(self.events.list(calendarId=self.calendar, **options).execute())

    def ids(self, **options: Any) -> Sequence[str]:
        """Returns the ids on one page."""
        return [item["id"] for item in self.list(**options)["items"]]


@contextlib.contextmanager
def connected(fake: FakeGoogle) -> Iterator[Client]:
    """Gives a client that talks to the fake over a socket."""
    import httplib2

    http = httplib2.Http(timeout=10, proxy_info=None)
    try:
        yield Client(fake, http, fake.root)
    finally:
        http.close()


def refusal(call: Any, *arguments: Any, **options: Any) -> tuple[int, str, str]:
    """Returns status, reason and message of the error that a call ends with."""
    errors: Any = importlib.import_module("googleapiclient.errors")
    try:
        call(*arguments, **options)
    except errors.HttpError as error:
        details = error.error_details
        first = details[0] if isinstance(details, list) and details else {}
        return error.status_code, first.get("reason", ""), first.get("message", "")
    raise AssertionError("the call was not refused")


def marks(number: int) -> dict[str, Any]:
    """Returns id and private properties of an event of ours."""
    ref = f"{number:032d}"
    return {"id": f"evts00{ref}", "extendedProperties": {"private": {"src": SRC, "ref": ref, "sum": "1:a:b"}}}


def single(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Returns the body of one session."""
    zone = "America/Chicago"
    return {
        **marks(number),
        "summary": "Process group",
        "start": {"dateTime": "2027-02-15T17:30:00", "timeZone": zone},
        "end": {"dateTime": "2027-02-15T18:30:00", "timeZone": zone},
        **fields,
    }


def series(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Returns the body of a weekly series of four Mondays without the third."""
    zone = "America/Chicago"
    return {
        **marks(number),
        "summary": "Process group",
        "start": {"dateTime": "2027-01-04T17:30:00", "timeZone": zone},
        "end": {"dateTime": "2027-01-04T18:30:00", "timeZone": zone},
        "recurrence": [
            "RRULE:FREQ=WEEKLY;UNTIL=20270125T233000Z;BYDAY=MO",
            "EXDATE;TZID=America/Chicago:20270118T173000",
        ],
        **fields,
    }
