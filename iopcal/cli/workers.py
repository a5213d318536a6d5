"""Work on several cores: pieces done by processes that share what was read before, results as they come."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_task: list[Callable[[int], Any]] = []  # of a forked process: the one that it was made for


def spread(work: Callable[[Piece], Result], pieces: Sequence[Piece], jobs: int) -> Iterator[Result]:
    """Yields the results of all pieces, in any order, from `jobs` processes; with one job from this.

    What `work` raises ends everything and is raised here. Where processes cannot be forked there is one job.
    """
    if jobs <= 1 or len(pieces) <= 1:
        yield from map(work, pieces)
        return
    from multiprocessing import get_all_start_methods, get_context

    if "fork" not in get_all_start_methods():
        yield from map(work, pieces)
        return

    def numbered(number: int) -> Result:
        return work(pieces[number])

    # Forked processes get `numbered` as it stands here, with all that was read; nothing of it is copied.
    with get_context("fork").Pool(min(jobs, len(pieces)), _begin, (numbered,)) as pool:
        yield from pool.imap_unordered(_do, range(len(pieces)))


def _begin(task: Callable[[int], Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started them stops them
    _task.append(task)


def _do(number: int) -> Any:
    return _task[-1](number)
