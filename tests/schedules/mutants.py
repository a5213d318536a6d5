"""Engines with a mistake built in, each of which the schedules must find."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from typing import Any
from unittest.mock import patch

from iopcal.targets.google import apply, decision, keeper, planned, planning
from iopcal.targets.google.api import UNKNOWN, Answer
from iopcal.targets.google.decision import NOTHING, Decision

Mutant = Callable[[], AbstractContextManager[Any]]


def _without_etags() -> AbstractContextManager[Any]:
    honest = apply._Work._fresh
    return patch.object(apply._Work, "_fresh", lambda work, write: honest(work, write)._replace(etag="*"))


def _with_new_ids() -> AbstractContextManager[Any]:
    numbers = count(1)
    honest = decision.event_id
    return patch.object(decision, "event_id", lambda ref, _: honest(ref, next(numbers) % 1000))


def _without_tombstones() -> AbstractContextManager[Any]:
    def insert(ref: str, wanted: Any, row: Any, rule: Any) -> Decision:
        ahead = decision.ahead_of(wanted.starts, rule) if wanted else ()
        if not wanted or not ahead:
            return Decision(ref, NOTHING, item=wanted, row=row)
        return decision.insert(wanted, ahead, row.number + 1, rule)

    return patch.object(planning, "_tombstone", insert)


def _believing() -> AbstractContextManager[Any]:
    honest = keeper.Keeper.send

    def send(reader: Any, writes: Any) -> Any:
        answers = zip(writes, honest(reader, writes), strict=True)
        return tuple(
            Answer(200, {"status": "confirmed", "etag": "?", **write.body, "id": write.id})
            if answer.status == UNKNOWN
            else answer
            for write, answer in answers
        )

    return patch.object(keeper.Keeper, "send", send)


def _without_mark() -> AbstractContextManager[Any]:
    def close(row: Any, rule: Any, instances: Any) -> Decision:
        decided = honest(row, rule, instances)
        return decided._replace(writes=()) if decided.deletes else decided

    honest = decision.close
    return patch.object(planning, "close", close)


def _trusting_hands() -> AbstractContextManager[Any]:
    return patch.object(planning, "by_hand", lambda row, owner: False)


def _without_instances() -> AbstractContextManager[Any]:
    return patch.object(planning, "touched", lambda instance, row, since: False)


def _rewriting_the_past() -> AbstractContextManager[Any]:
    return patch.object(planning, "held_of", lambda row, rule: ())


def _always_whole() -> AbstractContextManager[Any]:
    return patch.object(planned, "_is_filling", lambda found, now: True)


def _keeping_a_token_of_half_a_list() -> AbstractContextManager[Any]:
    honest = keeper.Keeper._pages

    def pages(reader: Any, token: str) -> Any:
        found = honest(reader, token)
        return found and (found[0][:-1], found[1])

    return patch.object(keeper.Keeper, "_pages", pages)


MUTANTS: dict[str, Mutant] = {
    "no If-Match": _without_etags,
    "new ids each time": _with_new_ids,
    "tombstones ignored": _without_tombstones,
    "a lost answer taken for a good one": _believing,
    "deletes without a mark": _without_mark,
    "hands' edits overwritten": _trusting_hands,
    "changed sessions ignored": _without_instances,
    "the past rewritten": _rewriting_the_past,
    "new items with their past": _always_whole,
    "a row of each list lost": _keeping_a_token_of_half_a_list,
}
