"""What happens to one HTTP request: faults, the calls in it, and the note in the log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, unquote

from tests.fake_google.api import answer_call
from tests.fake_google.batch import Part, inner_headers, joined, parts_of
from tests.fake_google.calls import ROOT, Call
from tests.fake_google.faults import UNSENT, Fault, refusal, spoil
from tests.fake_google.messages import ApiError, Request, Response, html_response
from tests.fake_google.repeats import is_daily
from tests.fake_google.tokens import bearer, consent_page, token_endpoint

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

BATCH = "/batch/calendar/v3"
WRITE = re.compile(r"(?:POST|PUT|PATCH|DELETE) /calendar/v3/calendars/([^/?\s]+)/events")


class PartRecord(NamedTuple):
    """One part of a batch as it was sent and answered."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    status: int
    answer: bytes


class Record(NamedTuple):
    """One request as it was sent and answered."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    status: int
    parts: list[PartRecord]
    time: float  # seconds for limits and waits, long where waits are shortened
    virtual_time: Any  # the clock, in UTC
    answer: bytes
    fault: str


def written_calendars(request: Request) -> set[str]:
    """Returns the calendars whose events a request writes."""
    text = f"{request.method} {request.path}\n"
    if request.path == BATCH:
        text += request.body.decode("utf-8", "replace")
    return {unquote(id) for id in WRITE.findall(text)}


def handle(fake: FakeGoogle, request: Request) -> Response:
    """Answers a request and notes it."""
    if request.path in ("/token", "/auth"):
        return _sign_in(fake, request)
    fake.requests += 1
    number = fake.requests
    for action in fake.actions.pop(("before", number), ()):
        action()
    fake.watch.http(request)
    fault = fake.faults.take(request.method, request.path, number)
    if fault is not None and fault.kind == "access-expired":
        fake.tokens.expire_all()
        fault = None
    kind = fault.kind if fault else ""
    parts: list[PartRecord] = []
    query: dict[str, list[str]] = {}
    if request.path == BATCH:
        answer = _batch(fake, request, fault, parts)
    elif request.path.startswith(ROOT):
        call = Call(request.method, request.path, request.query, request.headers, request.body, False)
        query = call.query
        answer = _single(fake, call, kind)
    else:
        answer = html_response(404)
    _note(fake, request, query, answer, parts, kind)
    for action in fake.actions.pop(("after", number), ()):
        action()
    return answer


def _note(
    fake: FakeGoogle,
    request: Request,
    query: dict[str, list[str]],
    answer: Response,
    parts: list[PartRecord],
    kind: str,
) -> None:
    record = Record(
        request.method,
        request.path,
        query,
        dict(request.headers),
        request.body,
        answer.status,
        parts,
        fake.ticks(),
        fake.now(),
        answer.body,
        kind,
    )
    fake.log.append(record)


def _sign_in(fake: FakeGoogle, request: Request) -> Response:
    if request.path == "/auth":
        answer = consent_page(fake, request) if request.method == "GET" else html_response(405)
        _note(fake, request, parse_qs(request.query), answer, [], "")
        return answer
    fake.token_requests += 1
    fault = fake.faults.take(request.method, request.path, fake.token_requests)
    kind = fault.kind if fault else ""
    if request.method != "POST":
        answer = html_response(405)
    elif UNSENT.fullmatch(kind):
        answer = unsent(kind)
    else:
        answer = refusal(kind, None) or token_endpoint(fake, request, kind)
        if kind and kind not in ("invalid_grant", "token-503", "scope-partial") and answer.status < 400:
            answer = spoil(kind, answer)
    _note(fake, request, parse_qs(request.query), answer, [], kind)
    return answer


def unsent(kind: str) -> Response:
    """Returns what arrives of a request that the server never saw."""
    return Response(0, {}, b"", kind.removesuffix("-before"))


def _refused(fake: FakeGoogle, call: Call, kind: str) -> Response | None:
    """Returns the answer of a fault that comes before anything is done; None: it does not."""
    answer = unsent(kind) if UNSENT.fullmatch(kind) else refusal(kind, fake.switches.retry_after)
    if answer is None:
        return None
    try:
        call.access = bearer(fake, call.headers.get("authorization"))
        call.user = call.access.user
        fake.watch.call(fake, call)
    except ApiError as error:
        if not UNSENT.fullmatch(kind):
            return error.response()
    if is_daily(answer):
        reason = kind.partition(":")[2]
        until = fake.ticks() + fake.switches.quota_hours * 3600
        fake.quota.stick(call.one("quotaUser") or call.user, until, reason)
    return answer


def _single(fake: FakeGoogle, call: Call, kind: str) -> Response:
    answer = _refused(fake, call, kind)
    if answer is None:
        answer = answer_call(fake, call)
        if kind:
            answer = spoil(kind, answer)
    fake.watch.answered(call, answer, fake.ticks(), fake.clock.wall_start is None)
    return answer


def _outer_error(fake: FakeGoogle, request: Request) -> Response | None:
    """Refuses a batch whose own bearer is not good."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        try:
            bearer(fake, authorization)
        except ApiError as error:
            return error.response()
    return None


def _batch(fake: FakeGoogle, request: Request, fault: Fault | None, records: list[PartRecord]) -> Response:
    """Runs the parts in any order; the outer answer is 200 whatever they are."""
    if request.method != "POST":
        return html_response(405)
    try:
        parts = parts_of(request)
    except ApiError as error:
        return error.response()
    refused = _outer_error(fake, request)
    if refused is not None:
        return refused
    calls = [
        Call(part.method, part.path, part.query, inner_headers(part, request.headers), part.body, True)
        for part in parts
    ]
    fake.watch.batch(calls)
    kind = fault.kind if fault else ""
    inner = fault.inner_errors(len(calls)) if fault and kind.startswith("inner") else {}
    outer = None
    answers: dict[int, Response] = {}
    for index in fake.random.sample(range(len(calls)), len(calls)):
        call = calls[index]
        outer = _refused(fake, call, kind) or outer
        if outer is None:
            part_kind = inner.get(index) or fake.faults.take_part(
                index, call.method, call.path, fake.requests
            )
            answers[index] = _part(fake, call, part_kind)
    answer = outer or _joined(fake, parts, answers, kind)
    if outer is None and kind and not kind.startswith("inner") and kind != "reorder":
        answer = spoil(kind, answer)
    failed = outer is not None or answer.status != 200 or bool(answer.broken) or kind == "not-json"
    for index, call in enumerate(calls):
        result = answer if failed else answers[index]
        fake.watch.answered(call, result, fake.ticks(), fake.clock.wall_start is None)
        shown = answers.get(index, answer)
        records.append(
            PartRecord(
                call.method, call.path, call.query, dict(call.headers), call.body, shown.status, shown.body
            )
        )
    return answer


def _part(fake: FakeGoogle, call: Call, kind: str) -> Response:
    if kind == "missing":
        return answer_call(fake, call)._replace(broken="missing")
    if kind == "missing-unapplied":
        return unsent(kind)._replace(broken="missing")
    answer = _refused(fake, call, kind)
    return answer_call(fake, call) if answer is None else answer


def _joined(fake: FakeGoogle, parts: list[Part], answers: dict[int, Response], kind: str) -> Response:
    order = list(range(len(parts)))
    if kind == "reorder":
        fake.random.shuffle(order)
    named = [
        (parts[index].content_id, answers[index]) for index in order if answers[index].broken != "missing"
    ]
    return joined(named, f"batch_{fake.new_id()}")
