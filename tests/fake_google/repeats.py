"""How long a program waits before it repeats what failed."""

from __future__ import annotations

import json
from typing import NamedTuple

from tests.fake_google.messages import Response

SOONEST = 0.5
LONGEST = 64.0
PASSING = ("rateLimitExceeded", "userRateLimitExceeded")

Key = tuple[str, str, bytes]  # method, path with query, body


class Failure(NamedTuple):
    """The last failure of an operation."""

    at: float
    repeats: int  # made before it
    gap: float  # waited before it
    retry_after: float  # what the answer asked for, 0 where it did not


class Repeats:
    """The operations that failed and have not worked since."""

    def __init__(self) -> None:
        self.failures: dict[Key, Failure] = {}

    def copy(self) -> Repeats:
        twin = Repeats()
        twin.failures = dict(self.failures)
        return twin

    def flaw(self, key: Key, now: float, exact: bool) -> str:
        """Says what is wrong with a repeat; empty when nothing is or when it is none.

        exact: the clock is the virtual one, so that waits can be compared.
        """
        last = self.failures.get(key)
        if last is None:
            return ""
        gap = now - last.at
        what = f"{key[0]} {key[1].partition('?')[0]}"
        if gap < SOONEST:
            return f"{what} was repeated after {gap:.2f} s, sooner than {SOONEST} s"
        if gap < last.retry_after:
            return f"{what} was repeated after {gap:.2f} s, though Retry-After said {last.retry_after:g} s"
        # Operations that share a batch share its wait, so a shorter wait may still be long enough.
        enough = last.retry_after or min(LONGEST, 2.0**last.repeats)
        if exact and last.repeats and gap <= last.gap and gap < enough:
            return f"{what} was repeated after {gap:.2f} s, not later than the time before ({last.gap:.2f} s)"
        return ""

    def note(self, key: Key, now: float, failed: bool, retry_after: float = 0.0) -> None:
        """Keeps how an operation ended."""
        last = self.failures.get(key)
        if not failed:
            self.failures.pop(key, None)
        elif last is None:
            self.failures[key] = Failure(now, 0, 0.0, retry_after)
        else:
            self.failures[key] = Failure(now, last.repeats + 1, now - last.at, retry_after)


def is_passing(answer: Response) -> bool:
    """Says whether an answer is a failure that passes, so that a program may repeat."""
    if answer.broken and not answer.broken.startswith("slow"):
        return True
    if answer.status in (429, 500, 502, 503, 504):
        return True
    return answer.status == 403 and reason_of(answer) in PASSING


def reason_of(answer: Response) -> str:
    """Returns the reason of an error, empty where there is none."""
    if answer.status < 400 or not answer.headers.get("content-type", "").startswith("application/json"):
        return ""
    value = json.loads(answer.body)
    error = value.get("error")
    return error["errors"][0]["reason"] if isinstance(error, dict) else str(error)


def is_daily(answer: Response) -> bool:
    """Says whether an answer means: not again in this run."""
    if answer.status not in (403, 429):
        return False
    return reason_of(answer) == "quotaExceeded" or b"Queries per day" in answer.body
