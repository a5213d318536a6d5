"""Limits: units in any 60 seconds, writes to one calendar, and limits that stick for hours."""

from __future__ import annotations

from collections import deque

from tests.fake_google.messages import ApiError, named_error
from tests.fake_google.switches import Switches

WINDOW = 60.0


class Window:
    """Units spent in a sliding time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.spent: deque[tuple[float, int]] = deque()
        self.sum = 0

    def copy(self) -> Window:
        twin = Window(self.seconds)
        twin.spent, twin.sum = self.spent.copy(), self.sum
        return twin

    def room(self, now: float, units: int, most: int) -> bool:
        """Says whether so many units still fit in."""
        while self.spent and self.spent[0][0] <= now - self.seconds:
            self.sum -= self.spent.popleft()[1]
        return self.sum + units <= most

    def spend(self, now: float, units: int) -> None:
        """Counts units."""
        self.spent.append((now, units))
        self.sum += units


class Quota:
    """What each user, calendar and the project has spent; times are seconds of the clock."""

    def __init__(self) -> None:
        self.users: dict[str, Window] = {}
        self.project = Window(WINDOW)
        self.calendars: dict[str, Window] = {}
        self.refusals = 0
        self.stuck: dict[str, tuple[float, str]] = {}  # user -> until when, which reason
        self.peak = 0  # most units of one user in any 60 seconds

    def copy(self) -> Quota:
        twin = Quota()
        twin.users = {user: window.copy() for user, window in self.users.items()}
        twin.project = self.project.copy()
        twin.calendars = {id: window.copy() for id, window in self.calendars.items()}
        twin.refusals, twin.stuck, twin.peak = self.refusals, dict(self.stuck), self.peak
        return twin

    def stick(self, user: str, until: float, reason: str) -> None:
        """Refuses a user until a time."""
        self.stuck[user] = (until, reason)

    def spend(self, user: str, units: int, now: float, switches: Switches) -> None:
        """Counts a call. Raises `ApiError` 403, and 429 in turn, when a limit is reached."""
        until, reason = self.stuck.get(user, (0.0, ""))
        if now < until:
            raise named_error(403, reason)
        window = self.users.setdefault(user, Window(WINDOW))
        if not window.room(now, units, switches.user_units) or not self.project.room(
            now, units, switches.project_units
        ):
            raise self._refusal(switches)
        window.spend(now, units)
        self.project.spend(now, units)
        self.peak = max(self.peak, window.sum)

    def write(self, calendar: str, now: float, switches: Switches) -> None:
        """Counts a write to a calendar. Raises `ApiError` where they come too fast."""
        if switches.per_calendar_writes is None:
            return
        most, seconds = switches.per_calendar_writes
        window = self.calendars.setdefault(calendar, Window(seconds))
        if not window.room(now, 1, most):
            raise self._refusal(switches)
        window.spend(now, 1)

    def _refusal(self, switches: Switches) -> ApiError:
        self.refusals += 1
        error = named_error(403 if self.refusals % 2 else 429, "rateLimitExceeded")
        error.retry_after = switches.retry_after
        return error
