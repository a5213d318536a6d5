"""What may happen to a program, its calendar and the runs between them; a seed names one such story."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from tests.schedules.programs import EDITS

PER_FAMILY = 500  # schedules that share a program: it is expanded once


class Edit(NamedTuple):
    """Somebody edits the program file; `undo` takes the last edit back."""

    number: int
    undo: bool = False


class Hand(NamedTuple):
    """Somebody does something in the calendar; `pick` chooses what it is done to, among all there are."""

    act: str
    pick: int
    second: int = 0


class Wait(NamedTuple):
    """Time passes, in hours."""

    hours: float


class Fault(NamedTuple):
    """Something goes wrong at a request of the run, from 1."""

    kind: Any
    request: int
    inner_index: int | None = None


class Memory(NamedTuple):
    """Something becomes of what a machine remembers: lose, cut, stale."""

    machine: int
    what: str
    pick: int = 0


class Google(NamedTuple):
    """Something becomes of the calendar as a whole: acl, purge, expire."""

    what: str


class Run(NamedTuple):
    """A run of one machine; `meanwhile` happens just before a request of it, counted from 1."""

    machine: int = 0
    faults: tuple[Fault, ...] = ()
    meanwhile: tuple[tuple[int, Any], ...] = ()
    take_back: bool = False
    allow: bool = False  # a refusal is answered with the number it names
    role: str = "writer"
    revoked: bool = False


Step = Edit | Hand | Wait | Memory | Google | Run


class Schedule(NamedTuple):
    """A whole story; `switches` are those of the fake."""

    seed: int
    family: int
    switches: Mapping[str, Any]
    shows_cancelled: bool
    steps: tuple[Step, ...]


ACTS = (
    "title", "title", "time", "time", "place", "text", "cut", "status", "revert", "delete", "delete",
    "undelete", "move_instance", "move_instance", "cancel_instance", "cancel_instance", "title_instance",
    "restore_instance", "foreign", "copy", "foresee",
)  # fmt: skip
WHOLE = (
    "429", "403:rateLimitExceeded", "403:userRateLimitExceeded", "403:quotaExceeded", "500", "502-html",
    "503", "503-after", "503-after", "lost", "lost", "reset", "truncate", "slow:60", "not-json",
    "lost-before", "reset-before", "kill-before", "kill-before", "kill-after", "kill-after", "kill-after",
    "access-expired", "reorder",
)  # fmt: skip
INNER = (
    "429", "403:rateLimitExceeded", "500", "503", "400:invalid", "404:notFound", "412:conditionNotMet",
    "409:conflict", "missing", "missing-unapplied", "403:forbidden",
)  # fmt: skip
READS = ("expire-token", "acl-change", "empty-list", "stale-list:1", "stale-list:3", "lost-page")


def is_lie(fault: Fault) -> bool:
    """Says whether a run may believe what is not so."""
    return is_poison(fault) or str(fault.kind).startswith("stale-list")


def is_poison(fault: Fault) -> bool:
    """Says whether it may believe it for good: an empty list of what is new, an event that is not found."""
    return fault.kind == "empty-list" or "404" in str(fault.kind)


def schedule(seed: int) -> Schedule:
    """Returns the story of a seed, the same everywhere."""
    rng = Random(f"schedule {seed}")
    switches = _switches(rng)
    calm = bool(switches.get("normalise_extra"))  # what nobody predicted is told apart only by whole runs
    steps: list[Step] = [_run(rng, calm)] if rng.random() < 0.9 else []
    for _ in range(rng.choice((1, 1, 1, 1, 1, 2, 2, 3))):
        steps += _chapter(rng, calm)
    return Schedule(seed, seed // PER_FAMILY, switches, rng.random() < 0.2, tuple(steps))


def _switches(rng: Random) -> dict[str, Any]:
    choices: dict[str, tuple[Any, ...]] = {
        "page_cap": (3, 7),
        "bare_tombstones": (True,),
        "noop_moves_etag": (True,),
        "reminders_move_etag": (False,),
        "undelete": ("forbidden", "ok"),
        "rrule_order": ("reversed", "as-sent"),
        "split_exdates": (False,),
        "exdates_in_utc": (True,),
        "drop_defaults": (False,),
        "normalise_text": (False,),
        "normalise_extra": (True,),
        "normalise_zone": (True,),
        "retry_after": (1.0, 20.0),
        "sync_token_life": (86400.0,),
        "per_calendar_writes": ((5, 5.0),),
    }
    names = rng.sample(sorted(choices), rng.choice((0, 0, 1, 2)))
    return {name: rng.choice(choices[name]) for name in names}


def _chapter(rng: Random, calm: bool) -> list[Step]:
    """Returns a few things that happen, mostly with a run behind them."""
    steps: list[Step] = []
    for _ in range(rng.choice((1, 1, 2))):
        what = rng.random()
        if what < 0.35:
            steps.append(Edit(rng.randrange(EDITS), rng.random() < 0.15))
        elif what < 0.7:
            steps.append(_hand(rng))
        elif what < 0.85:
            steps.append(Wait(rng.choice((1, 5, 26, 72, 100, 170, 340))))
        elif what < 0.95:
            steps.append(
                Memory(
                    rng.choice((0, 0, 1)), rng.choice(("lose", "lose", "stale", "cut")), rng.randrange(10_000)
                )
            )
        else:
            steps.append(Google(rng.choice(("acl", "purge", "expire"))))
    if rng.random() < 0.5:
        steps.append(_run(rng, calm))
    return steps


def _hand(rng: Random) -> Hand:
    return Hand(rng.choice(ACTS), rng.randrange(10_000), rng.randrange(10_000))


def _run(rng: Random, calm: bool) -> Run:
    machine, take_back, allow = rng.choice((0, 0, 0, 1)), rng.random() < 0.15, rng.random() < 0.5
    if calm or rng.random() < 0.35:
        return Run(machine, take_back=take_back, allow=allow)
    faults, meanwhile = [], []
    if rng.random() < 0.7:
        faults = [_fault(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        lies = [fault for fault in faults if is_lie(fault)]
        faults = lies[:1] or faults  # who is told lies and misses answers can know nothing
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
        then: Step = _hand(rng)
        if rng.random() < 0.4:
            broken = (_fault(rng),) if rng.random() < 0.5 else ()
            then = Run(1 - machine, broken, take_back=take_back and rng.random() < 0.5)
        meanwhile.append((rng.choice((1, 2, 2, 3, 4)), then))
    role, revoked = "writer", False
    if rng.random() < 0.04:
        role, revoked = rng.choice((("reader", False), ("none", False), ("writer", True)))
    return Run(machine, tuple(faults), tuple(meanwhile), take_back, allow, role, revoked)


def _fault(rng: Random) -> Fault:
    request = rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5))
    form = rng.random()
    if form < 0.6:
        return Fault(rng.choice(WHOLE), request)
    if form < 0.85:
        parts = rng.sample(range(6), rng.choice((1, 1, 2, 6)))
        kind = rng.choice(INNER)
        return Fault({"inner": dict.fromkeys(parts, kind)}, request)
    return Fault(rng.choice(READS), rng.choice((1, 1, 2, 3)))
