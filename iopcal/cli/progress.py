"""How far a long run is, on a terminal that somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable

from iopcal.views.outcome import bar

AFTER = 2.0  # seconds: what is quicker needs no bar


class Progress:
    """One line on standard error that is written over and over; `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float], total: int, *, shown: bool) -> None:
        self._clock, self._total, self._shown = clock, total, shown
        self._begun, self._done, self._width = clock(), 0, 0

    @property
    def done(self) -> bool:
        """Whether all of it is done."""
        return self._done >= self._total

    def step(self) -> None:
        """Notes that one more is done."""
        self.advance(1)

    def advance(self, count: int) -> None:
        """Notes that so many more are done."""
        self._done += count
        self.show()

    def show(self) -> None:
        """Shows how far the work is, once it takes long."""
        passed = self._clock() - self._begun
        if not self._shown or passed < AFTER:
            return
        words = bar(self._done, self._total, passed)
        sys.stderr.write("\r" + words.ljust(self._width))
        sys.stderr.flush()
        self._width = len(words)

    def clear(self) -> None:
        """Takes the line away."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0
