"""What goes wrong, when, and how often."""

from __future__ import annotations

import ast
import copy
import re
from typing import Any

from tests.fake_google.messages import Response, html_response, json_response, named_error

STATUS = re.compile(r"([45]\d\d)(?::(\w+))?")
AFTER = re.compile(r"503-after|lost|reset|truncate|slow:\d+(\.\d+)?|kill-after|not-json")
UNSENT = re.compile(r"lost-before|reset-before|kill-before")
INNER = re.compile(r"inner:.*|inner-missing|inner-missing-unapplied|inner-conflict|reorder", re.DOTALL)
READ = re.compile(r"expire-token|acl-change|empty-list|stale-list:\d+|lost-page")
SIGN_IN = re.compile(r"invalid_grant|token-503|scope-partial")
EARLY = re.compile(r"access-expired")
KEYS = frozenset(("method", "path_re", "nth", "inner_index", "times", "request"))


class Fault:
    """One rule: the requests it meets, and how many of them it still hits."""

    def __init__(self, kind: str, match: dict[str, Any], times: float) -> None:
        kinds = (STATUS, AFTER, UNSENT, INNER, READ, SIGN_IN, EARLY, re.compile("502-html"))
        if not any(form.fullmatch(kind) for form in kinds):
            raise ValueError(f"no fault is called {kind!r}")
        in_part = any(form.fullmatch(kind) for form in (STATUS, INNER))
        if "inner_index" in match and not in_part:
            raise ValueError(f"{kind!r} cannot happen to a part of a batch")
        if match.keys() - KEYS:
            raise ValueError(f"a match has no {sorted(match.keys() - KEYS)}")
        self.kind = kind
        self.method = match.get("method")
        self.path = re.compile(match["path_re"]) if "path_re" in match else None
        nth = match.get("nth")
        self.nth = None if nth is None else {nth} if isinstance(nth, int) else set(nth)
        self.inner_index = match.get("inner_index")
        self.request = match.get("request")  # number of the HTTP request, from 1
        self.left = match.get("times", times)
        self.seen = 0

    @property
    def for_parts(self) -> bool:
        """Says whether the fault hits a part of a batch rather than the whole request."""
        return self.inner_index is not None and not INNER.fullmatch(self.kind)

    def meets(self, method: str, path: str, number: int) -> bool:
        """Counts a request that fits; says whether the fault hits it."""
        if self.left <= 0 or (self.method is not None and method != self.method):
            return False
        if self.path is not None and not self.path.search(path):
            return False
        if self.request is not None and number != self.request:
            return False
        self.seen += 1
        if self.nth is not None and self.seen not in self.nth:
            return False
        self.left -= 1
        return True

    def indexes(self, count: int) -> list[int]:
        """Returns the parts of a batch that an inner fault hits."""
        index = self.inner_index
        if index is None:
            index = 0
        if index == "any":
            return list(range(count))
        wanted = [index] if isinstance(index, int) else list(index)
        return [each for each in wanted if each < count]

    def inner_errors(self, count: int) -> dict[int, str]:
        """Returns what an inner fault does to which part."""
        if self.kind.startswith("inner:"):
            named = ast.literal_eval(self.kind.partition(":")[2])
            return {int(index): str(error) for index, error in named.items() if int(index) < count}
        short = {"inner-missing": "missing", "inner-missing-unapplied": "missing-unapplied"}
        if self.kind == "reorder":
            return {}
        return dict.fromkeys(self.indexes(count), short.get(self.kind, "409:conflict"))


class Faults:
    """All faults that are set."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def copy(self) -> Faults:
        twin = Faults()
        twin.rules = [copy.copy(rule) for rule in self.rules]
        return twin

    def add(self, kind: Any, match: dict[str, Any] | None, times: float) -> None:
        """Sets a fault; `kind` may be `{"inner": {index: error}}`."""
        if isinstance(kind, dict):
            kind = f"inner:{kind['inner']!r}"
        self.rules.append(Fault(kind, dict(match or {}), times))

    def take(self, method: str, path: str, number: int) -> Fault | None:
        """Returns the fault that hits a whole request."""
        to_token = path == "/token"
        for rule in self.rules:
            if rule.for_parts or READ.fullmatch(rule.kind):
                continue
            if rule.path is None and to_token != bool(SIGN_IN.fullmatch(rule.kind)):
                continue
            if INNER.fullmatch(rule.kind) and not path.startswith("/batch/"):
                continue
            if rule.meets(method, path, number):
                return rule
        return None

    def take_part(self, index: int, method: str, path: str, number: int) -> str:
        """Returns the kind of the fault that hits a part of a batch."""
        for rule in self.rules:
            if not rule.for_parts or index not in rule.indexes(index + 1):
                continue
            if rule.meets(method, path, number):
                return rule.kind
        return ""

    def take_read(self, method: str, path: str, number: int) -> str:
        """Returns the kind of the fault that hits a read of events."""
        for rule in self.rules:
            if READ.fullmatch(rule.kind) and rule.meets(method, path, number):
                return rule.kind
        return ""


def refusal(kind: str, retry_after: float | None) -> Response | None:
    """Returns the answer of a fault that comes before anything is applied."""
    if kind == "502-html":
        return html_response(502)
    match = STATUS.fullmatch(kind)
    if match is None:
        return None
    error = named_error(int(match[1]), match[2] or "")
    if int(match[1]) in (429, 503) or error.reason in ("rateLimitExceeded", "userRateLimitExceeded"):
        error.retry_after = retry_after
    return error.response()


def spoil(kind: str, answer: Response) -> Response:
    """Returns what arrives of an answer whose request was applied."""
    if kind == "503-after":
        return named_error(503).response()
    if kind == "not-json":
        page = html_response(502)
        return page._replace(status=200)
    if kind == "kill-after":
        return answer._replace(broken="kill")
    return answer._replace(broken=kind)


def sign_in_error(kind: str) -> Response | None:
    """Returns the answer of a token request that fails."""
    if kind == "token-503":
        return json_response({"error": "internal_failure", "error_description": "Backend Error"}, 503)
    if kind == "invalid_grant":
        return json_response(
            {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400
        )
    return None
