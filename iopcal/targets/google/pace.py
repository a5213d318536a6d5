"""How fast to ask Google, and how long to wait before asking again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random

UNITS = 550  # in any minute; Google counts 600 a user
WINDOW = 60.0  # seconds
MOST_REPEATS = 6
_LONGEST = 64.0  # seconds between two tries


class Pace:
    """The waiting of one account in one run: `clock` and `sleep` are in seconds, `scale` shortens all waits.

    `longest` bounds what is waited before repeats; keeping below Google's quota does not count.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
        chance: Random,
        longest: float = 600.0,
        scale: float = 1.0,
    ) -> None:
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._left, self._scale = longest, scale
        self._window = WINDOW * scale
        self._spent: deque[tuple[float, int]] = deque()

    def spend(self, units: int) -> None:
        """Waits until so many units may be used, and uses them: one a call, three a PATCH."""
        while self._used() + units > UNITS and self._spent:
            self._sleep(self._spent[0][0] + self._window - self._clock())
        self._spent.append((self._clock(), units))

    def _used(self) -> int:
        """Returns what was used in the last minute, and forgets all that is older."""
        while self._spent and self._spent[0][0] + self._window <= self._clock():
            self._spent.popleft()
        return sum(units for _, units in self._spent)

    def wait(self, repeat: int, retry_after: float | None = None) -> bool:
        """Waits before repeat number `repeat` (from 0); says False, without waiting, when time is up."""
        seconds = min(_LONGEST, 2.0**repeat) * self._chance.uniform(1.0, 1.5)
        if retry_after is not None:
            seconds = max(seconds, retry_after)
        if seconds > self._left:
            return False
        self._left -= seconds
        self._sleep(seconds * self._scale)
        return True
