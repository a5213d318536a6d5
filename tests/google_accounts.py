"""Ways to reach the fake Google from tests: credentials, a bearer without sign-in, the wire itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iopcal.targets.google.api import Answer, Denied
from iopcal.targets.google.connection import Http
from iopcal.targets.google.root import Root
from iopcal.targets.google.tokens import World
from iopcal.targets.google.wire import Wire
from tests.fake_google import FakeGoogle

GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"
ROOT = Root("http://127.0.0.1:1/", "http://127.0.0.1:1/token", "http://127.0.0.1:1/auth", True)
"""Where a fake without sockets is; nothing listens there."""


class Holder:
    """Holds one token and at most one more, and counts how often it was asked to renew."""

    def __init__(self, token: str = "", second: str | Answer = "", user: str = "") -> None:
        self.user = user
        self.renewals = 0
        self._token, self._second = token, second

    def token(self) -> str | Answer:
        return self._token

    def renew(self) -> str | Answer:
        self.renewals += 1
        if not self._second:
            raise Denied("invalid_grant")
        if isinstance(self._second, str):
            self._token = self._second
        return self._second


def wire_to(fake: FakeGoogle, holder: Holder | None = None, http: Http | None = None) -> Wire:
    """Returns a wire to a fake, without sockets unless `http` has some."""
    return Wire(holder or Holder(fake.bearer()), ROOT, http or fake.http())


def event(number: int, **fields: Any) -> dict[str, Any]:
    """Returns the body of a small event; its id is made of the number."""
    day = f"2027-03-{number % 28 + 1:02}"
    zone = {"timeZone": "America/Chicago"}
    return {
        "id": f"evts00{number:032}",
        "summary": f"Group {number}",
        "start": {"dateTime": f"{day}T17:30:00", **zone},
        "end": {"dateTime": f"{day}T18:30:00", **zone},
        "extendedProperties": {"private": {"src": "7e628a1a3999e61e", "ref": f"{number:032}"}},
        **fields,
    }


def secret(path: Path, content: Mapping[str, Any], mode: int = 0o600) -> Path:
    """Writes a JSON file as a person keeps it who has read the instructions."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(mode)
    return path


def world(fake: FakeGoogle, root: Root = ROOT, environment: Mapping[str, str] | None = None) -> World:
    """Returns the surroundings of a sign-in at a fake without sockets, with its clock."""
    return World(root, fake.http(), fake.now, environment or {})
