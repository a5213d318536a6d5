"""POST /batch/calendar/v3: many calls in one request, run in any order.

https://developers.google.com/workspace/calendar/api/guides/batch
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tests.fake_google.messages import Request, Response, bad_request, reason_phrase

MOST = 1000
BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


class Part(NamedTuple):
    """One call inside a batch."""

    content_id: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


def _headers(text: str) -> dict[str, str]:
    found = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def _split(text: str) -> tuple[str, str]:
    head, _, rest = text.partition("\n\n")
    return head, rest


def parts_of(request: Request) -> list[Part]:
    """Reads the parts of a batch. Raises `ApiError` 400 when the form is wrong."""
    kind = request.headers.get("content-type", "")
    found = BOUNDARY.search(kind)
    if not kind.startswith("multipart/mixed") or found is None:
        raise bad_request("Failed to parse batch request, error: no multipart/mixed boundary.")
    text = request.body.decode("utf-8").replace("\r\n", "\n")
    pieces = ("\n" + text).split(f"\n--{found[1]}")
    if len(pieces) < 3 or not pieces[-1].startswith("--"):
        raise bad_request("Failed to parse batch request, error: the last boundary is missing.")
    if len(pieces) - 2 > MOST:
        raise bad_request("The batch request has too many parts.")
    parts = [_part(piece.removeprefix("\n")) for piece in pieces[1:-1]]
    if len({part.content_id for part in parts}) < len(parts):
        raise bad_request("Failed to parse batch request, error: a Content-ID is repeated.")
    return parts


def _part(text: str) -> Part:
    outer, inner = _split(text)
    outside = _headers(outer)
    if not outside.get("content-type", "").startswith("application/http"):
        raise bad_request("Failed to parse batch request, error: a part is not application/http.")
    head, body = _split(inner)
    line, _, rest = head.partition("\n")
    words = line.split(" ")
    if len(words) not in (2, 3):
        raise bad_request("Failed to parse batch request, error: a request line is wrong.")
    if not words[1].startswith("/"):
        raise bad_request("Failed to parse batch request, error: an address is not relative.")
    path, _, query = words[1].partition("?")
    return Part(
        outside.get("content-id", ""), words[0], path, query, _headers(rest), body.rstrip("\n").encode()
    )


def inner_headers(part: Part, outer: Mapping[str, str]) -> dict[str, str]:
    """Returns the headers of a part: the outer ones count where it has none of its own."""
    shared = {name: value for name, value in outer.items() if name in ("authorization", "accept-encoding")}
    return shared | part.headers


def joined(answers: list[tuple[str, Response]], boundary: str) -> Response:
    """Puts answers together; lines end in CRLF, and an empty line stands behind every head."""
    pieces = []
    for content_id, answer in answers:
        shown = f"<response-{content_id[1:-1]}>" if content_id.startswith("<") else f"response-{content_id}"
        head = "".join(f"{name.title()}: {value}\r\n" for name, value in answer.headers.items())
        if answer.body and "content-length" not in answer.headers:
            head += f"Content-Length: {len(answer.body)}\r\n"
        pieces.append(
            f"--{boundary}\r\nContent-Type: application/http\r\nContent-ID: {shown}\r\n\r\n"
            f"HTTP/1.1 {answer.status} {reason_phrase(answer.status)}\r\n{head}\r\n"
            f"{answer.body.decode()}\r\n"
        )
    body = "".join(pieces) + f"--{boundary}--\r\n"
    return Response(200, {"content-type": f"multipart/mixed; boundary={boundary}"}, body.encode())
