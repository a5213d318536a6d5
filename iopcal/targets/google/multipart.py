"""Many requests in one: the body of a batch, and what comes back (multipart/mixed, RFC 2046 section 5.1).

The form is that of https://developers.google.com/workspace/calendar/api/guides/batch: each part is a whole
HTTP request or answer, named by its Content-ID, and answers come in any order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from iopcal.named_tuple import NamedTuple

_NAME = re.compile(r"<?response-(\w+)\s*\+\s*([0-9]{1,4})>?")


class Request(NamedTuple):
    """One HTTP request. `target` is path and query, as /calendar/v3/calendars/..."""

    method: str
    target: str
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Reply(NamedTuple):
    """One HTTP answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


def build(requests: Sequence[Request], nonce: str) -> Request:
    """Puts requests into one body; `nonce` is a text of letters and digits that occurs in none of them."""
    boundary = f"batch_{nonce}"
    lines: list[bytes] = []
    for number, request in enumerate(requests):
        heads = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        length = f"Content-Length: {len(request.body)}\r\n" if request.body else ""
        lines += (
            f"--{boundary}\r\n"
            "Content-Type: application/http\r\n"
            "Content-Transfer-Encoding: binary\r\n"
            f"Content-ID: <{nonce} + {number}>\r\n"
            "\r\n"
            f"{request.method} {request.target} HTTP/1.1\r\n"
            f"{heads}{length}\r\n".encode(),
            request.body,
            b"\r\n",
        )
    lines.append(f"--{boundary}--\r\n".encode())
    return Request("POST", "", {"content-type": f"multipart/mixed; boundary={boundary}"}, b"".join(lines))


def parse(reply: Reply, nonce: str, count: int) -> dict[int, Reply] | None:
    """Returns the answers by the number of their request; those that cannot be read are missing.

    None when the whole is no such body. Lines may end in CRLF or LF; a part may lack its last empty line.
    """
    found = re.search(r"""multipart/mixed\s*;.*\bboundary=(?:"([^"]+)"|([^\s;"]+))""", _type(reply), re.I)
    if not found:
        return None
    delimiter = b"\n--" + (found[1] or found[2]).encode()
    replies: dict[int, Reply] = {}
    for piece in (b"\n" + reply.body).split(delimiter)[1:]:
        if piece.startswith(b"--"):
            break
        heads, inner = _split(piece.removesuffix(b"\r").partition(b"\n")[2])
        number = _number(_headers(heads).get("content-id", ""), nonce)
        answer = _answer(inner)
        if answer is not None and 0 <= number < count:
            replies.setdefault(number, answer)
    return replies


def _type(reply: Reply) -> str:
    return reply.headers.get("content-type", "")


def _split(text: bytes) -> tuple[bytes, bytes]:
    """Divides at the first empty line."""
    if text.startswith((b"\r\n", b"\n")):
        return b"", text.partition(b"\n")[2]
    ends = [(at, end) for end in (b"\r\n\r\n", b"\n\n") if (at := text.find(end)) >= 0]
    if not ends:
        return text, b""
    at, end = min(ends)
    return text[:at], text[at + len(end) :]


def _headers(text: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.decode("latin-1").splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _number(content_id: str, nonce: str) -> int:
    """Returns the number in `<response-NONCE + 3>`, -1 when it is no such name."""
    found = _NAME.fullmatch(content_id)
    return int(found[2]) if found and found[1] == nonce else -1


def _answer(text: bytes) -> Reply | None:
    line, _, rest = text.partition(b"\n")
    found = re.match(rb"HTTP/[0-9.]+ ([1-5][0-9][0-9])\b", line)
    if not found:
        return None
    heads, body = _split(rest)
    return Reply(int(found[1]), _headers(heads), body)
