"""Finished calendars read as a stranger would, before they are published."""

from __future__ import annotations

from collections.abc import Iterable

from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.publish import SMALLER, Draft
from iopcal.targets.trouble import Trouble

_MARK, _UID, _END = b"BEGIN:VEVENT\r\nUID:", 36, b"END:VCALENDAR\r\n"
_SMALL = 500_000  # bytes of a calendar that is far from being too large


def scrutiny(drafted: Iterable[Draft]) -> tuple[Trouble, ...]:
    """Returns what the lint finds in drafts that would be written; with an error nothing is written.

    Raises AssertionError for a finding that is a mistake of ours.
    """
    troubles: list[Trouble] = []
    for draft in drafted:
        if draft.changed and not draft.tells:
            troubles += _findings(draft, draft.data or b"")
    return tuple(troubles)


class Scrutiny:
    """The same for calendars that have many events in common: no event is read twice but for its UID.

    Of each calendar the lint gets all that is outside of events, its first and its last event, between which
    the rules of its time zone must hold, and all events that were in none of the same kind before.
    """

    def __init__(self) -> None:
        self._seen: dict[object, set[bytes]] = {}

    def of(self, draft: Draft) -> tuple[Trouble, ...]:
        """Returns what the lint finds in a draft; raises AssertionError as `scrutiny` does."""
        data, calendar = draft.data, draft.publication.calendar
        if draft.tells or not draft.changed:
            return ()
        if data is None or len(data) > _SMALL or not calendar.events:
            return scrutiny((draft,))
        head, *events = data.removesuffix(_END).split(_MARK)
        seen = self._seen.setdefault((calendar.neutral, calendar.file, calendar.utc, calendar.name), set())
        uids = draft.publication.uids
        last = uids(max(calendar.events, key=lambda event: event.until).key).encode()
        chosen = [
            event
            for number, event in enumerate(events)
            if not number or event.startswith(last) or event[_UID:] not in seen
        ]
        found = tuple(_findings(draft, _MARK.join((head, *chosen)) + _END))
        seen.update(event[_UID:] for event in chosen)
        return found


def _findings(draft: Draft, data: bytes) -> Iterable[Trouble]:
    from iopcal.lint import lint

    kind = "file" if draft.publication.calendar.file else "feed"
    for finding in lint(data, as_=kind):
        if finding.code != "B6":
            raise AssertionError(f"{draft.file}: {finding.code} in what was to be written")
        words = f"'{draft.file}': {finding.text}"
        problem = Problem(NOWHERE, "IOP642", words, SMALLER, finding.severity)
        yield Trouble(Exit.PROBLEMS if finding.severity == "error" else Exit.DONE, problem)
