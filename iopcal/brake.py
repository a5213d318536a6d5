"""When so many of the sessions ahead would go that a person must say yes."""

from __future__ import annotations

PERCENT = 30
AT_LEAST = 10  # sessions ahead; of fewer any may go, but never all of them


def frightening(going: int, ahead: int, percent: int = PERCENT, at_least: int = AT_LEAST) -> bool:
    """Says whether `going` of `ahead` sessions are too many to go unasked."""
    if not going:
        return False
    return going >= ahead or (ahead >= at_least and 100 * going > percent * ahead)
