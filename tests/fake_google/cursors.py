"""The texts of page tokens and sync tokens: whole, checked, and closed to clients."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import NamedTuple

from tests.fake_google.calls import STANDARD, Call
from tests.fake_google.messages import bad_request, invalid


class PageToken(NamedTuple):
    """Where the next page begins: behind the row number `after`, or at `offset` of an ordered list."""

    calendar: int
    parameters: int
    first: int  # number of the last write before the first page
    after: int
    offset: int


class SyncToken(NamedTuple):
    """What a client knows: all writes up to `seq`."""

    calendar: int
    parameters: int
    seq: int
    issued: int  # seconds of the clock


def _pack(kind: str, values: tuple[int, ...]) -> str:
    text = kind + ",".join(map(str, values))
    text += f",{zlib.crc32(text.encode())}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpack(kind: str, token: str) -> list[int] | None:
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
        head, _, check = text.rpartition(",")
        if not head.startswith(kind) or zlib.crc32(head.encode()) != int(check):
            return None
        return [int(value) for value in head[len(kind) :].split(",")]
    except (binascii.Error, ValueError):
        return None


def write_page_token(token: PageToken) -> str:
    return _pack("P", token)


def write_sync_token(token: SyncToken) -> str:
    return _pack("S", token)


def read_page_token(text: str) -> PageToken:
    """Raises `ApiError` 400 for what is no page token of ours."""
    values = _unpack("P", text)
    if values is None:
        raise bad_request("Invalid page token value.")
    return PageToken(*values)


def read_sync_token(text: str) -> SyncToken:
    """Raises `ApiError` 400 for what is no sync token of ours."""
    values = _unpack("S", text)
    if values is None:
        raise invalid("Invalid sync token value.", "syncToken")
    return SyncToken(*values)


def digest(*values: object) -> int:
    """Returns a number for values, to see whether they are the same again."""
    return zlib.crc32(repr(values).encode())


def page_digest(call: Call) -> int:
    """Returns the digest of all parameters that must be the same on the next page."""
    return digest(sorted((name, values) for name, values in call.query.items() if name != "pageToken"))


def sync_digest(call: Call) -> int:
    """Returns the digest of the method's parameters that must be the same in the next read."""
    skipped = ("pageToken", "syncToken", *STANDARD)
    return digest(sorted((name, values) for name, values in call.query.items() if name not in skipped))
