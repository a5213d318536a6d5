"""How runs end, and what speaks against it whatever they have left behind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from iopcal.problems import Exit
from iopcal.sync import Result
from tests.schedules.expectation import Expectation
from tests.schedules.steps import Fault

FINISHED = (Exit.DONE, Exit.LEFT_ALONE)
KILLED, DENIED = "killed", "denied"
ODD = ("a series without an occurrence", "the start of a series is none of its occurrences")
LOST = ("lost", "reset", "truncate", "not-json", "slow:60")


class Broken(AssertionError):
    """Something is as it must never be."""


class Ended(NamedTuple):
    """How a run ended: an exit code, killed or denied."""

    how: object
    result: Result | None = None

    @property
    def finished(self) -> bool:
        """Says whether the run claims that all is done."""
        return self.how in FINISHED

    @property
    def told(self) -> frozenset[str]:
        """The refs that are reported as left alone."""
        return frozenset(hand.ref for hand in self.result.hands) if self.result else frozenset()

    @property
    def going(self) -> int:
        """How many sessions ahead go, as the plan has it."""
        return self.result.plan.going if self.result and self.result.plan else 0

    @property
    def ahead(self) -> int:
        """Of how many."""
        return self.result.plan.ahead if self.result and self.result.plan else 0

    @property
    def vanished(self) -> bool:
        """Says whether the run was refused since Google has dropped all that it knew, tombstones too."""
        troubles = self.result.troubles if self.result else ()
        return any(trouble.problem.code == "IOP521" for trouble in troubles)


def objections(
    ended: Ended, expected: Expectation, allow: int | None, writes: int, unhindered: bool
) -> list[str]:
    """Returns what is wrong with the end of a run that nobody disturbed.

    `allow` is the number that was given to it, `unhindered`: nothing was to go wrong.
    """
    found = []
    going, of = expected.going, expected.ahead
    if ended.how == Exit.REFUSED and writes:
        found.append("a refused run has written")
    counted = not (ended.vanished or expected.unsure)
    if ended.how == Exit.REFUSED and counted and (ended.going, ended.ahead) != (going, of):
        found.append(f"refused with {ended.going} of {ended.ahead}, not {going} of {of}")
    right = (Exit.REFUSED,) if expected.frightens and allow != going else FINISHED
    if unhindered and counted and ended.how not in right:
        found.append(f"the run ended with {ended.how!r}, {going} of {of} go")
    if ended.finished and bool(ended.told) != (ended.how == Exit.LEFT_ALONE):
        found.append(f"exit {ended.how!r} with {len(ended.told)} items left alone")
    return found


def is_excused(words: str, faults: Iterable[Fault], quiet: bool) -> bool:
    """Says whether the fake is too strict.

    It looks at writes that it then refuses since people were quicker, takes an answer for one that has
    arrived though it was lost, and does not know that 20 s may be a hair less.
    """
    lost = any(fault.kind in LOST or "missing" in str(fault.kind) for fault in faults)
    waited = re.search(r"after (\d+)\.00 s, though Retry-After said (\d+) s", words)
    return (
        (words.endswith(ODD) and not quiet)
        or (lost and words.startswith("a pageToken was dropped"))
        or (lost and words.endswith("after quotaExceeded"))
        or (lost and "though Retry-After said" in words)
        or (waited is not None and waited[1] == waited[2])
    )
