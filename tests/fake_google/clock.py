"""The time of the fake: virtual, or wall time once real processes talk to it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Counts the seconds that tests let pass, and wall time from `run()` on."""

    def __init__(self, start: datetime, wait_scale: float) -> None:
        self.start = start.astimezone(UTC)
        self.wait_scale = wait_scale
        self.advanced = 0.0
        self.wall_start: float | None = None

    def copy(self) -> Clock:
        twin = Clock(self.start, self.wait_scale)
        twin.advanced = self.advanced
        twin.wall_start = self.wall_start
        return twin

    def run(self) -> None:
        """Lets wall time count from now on."""
        if self.wall_start is None:
            self.wall_start = time.monotonic()

    def elapsed(self) -> float:
        """Returns the wall seconds since `run()`."""
        return 0.0 if self.wall_start is None else time.monotonic() - self.wall_start

    def now(self) -> datetime:
        """Returns the time in UTC."""
        return self.start + timedelta(seconds=self.advanced + self.elapsed())

    def ticks(self) -> float:
        """Returns seconds for limits and waits: those of a program that shortens its waits are long."""
        return self.advanced + self.elapsed() / self.wait_scale


def stamp(moment: datetime) -> str:
    """Returns a time as Google writes `created` and `updated`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
