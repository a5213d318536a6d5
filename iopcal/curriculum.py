"""Where the topics of one session stand on one path."""

from __future__ import annotations

from iopcal.model import Topics


class Curriculum:
    """Counts the occurrences of a session, for each weekday that has topics of its own."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._lists = dict(topics.lists)
        self._counts: dict[int | None, int] = {}
        self._weeks: dict[int | None, int] = {}  # the last path week counted

    def topic(self, weekday: int, week: int) -> str:
        """Returns the topic of the next occurrence, in `week` of the path; '' on a weekday without topics."""
        key = self._key(weekday)
        topics = self._lists.get(key, ())
        if not topics:
            return ""
        count = self._counts.get(key, 0)
        if self._topics.advance == "week" and self._weeks.get(key) == week:
            count -= 1
        return topics[count % len(topics)]

    def count(self, weekday: int, week: int, held: bool) -> None:
        """Moves on after an occurrence: after a held one (`postpone`) or after every planned one (`skip`)."""
        if self._topics.on_closure == "postpone" and not held:
            return
        key = self._key(weekday)
        if self._topics.advance == "week" and self._weeks.get(key) == week:
            return
        self._weeks[key] = week
        self._counts[key] = self._counts.get(key, 0) + 1

    def restart(self) -> None:
        """Goes on where it stands while the weeks of the path begin at one again."""
        self._weeks.clear()

    def _key(self, weekday: int) -> int | None:
        return None if None in self._lists else weekday
