"""Why a day is as it is: for each session the lines that put it there, moved it or took it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from iopcal.model import Appearance, Path, Program, Session, Status
from iopcal.named_tuple import NamedTuple
from iopcal.paths import PathDay
from iopcal.views import why_day, why_session
from iopcal.views.why_session import Reason, Seen
from iopcal.words import day_words, time_words


class Story(NamedTuple):
    """One session, what became of it, and why."""

    session: Session
    words: str
    reasons: tuple[Reason, ...]


class Day(NamedTuple):
    """One day of one path: what the day is, and its sessions."""

    path: Path
    reasons: tuple[Reason, ...]
    stories: tuple[Story, ...]


def explain(
    seen_in: Callable[[str], Seen],
    path: Path,
    sessions: Sequence[Session],
    days: Sequence[PathDay],
    day: date,
) -> Day:
    """Returns why `day` is as it is on a path with these sessions and days; `seen_in` takes a track's id.

    It has the sessions that are planned for it, and those that take place on it.
    """
    seen = seen_in(path.track)
    mine = [each for each in sessions if each.date == day or each.real.start.date() == day]
    mine.sort(key=lambda session: _there(session, day).start)
    reasons = why_day.reasons(seen, path, day, days)
    clock = next((each for each in days if each.day == day), None)
    if clock is not None and not _is_away(seen, day):
        reasons += tuple(dict.fromkeys(why_day.ended(seen, clock)))
        found = None if mine else why_day.nothing(seen, clock)
        reasons += (found,) if found is not None else ()
    stories = tuple(
        Story(
            session,
            _words(session, day),
            why_session.reasons(
                seen_in(session.path.track), session, [each for each in sessions if each.date == session.date]
            ),
        )
        for session in mine
    )
    return Day(path, reasons, stories)


def _is_away(seen: Seen, day: date) -> bool:
    facts = seen.participant.facts if seen.participant is not None else ()
    return any(fact.kind == "away" and day in fact.span for fact in facts)


def _words(session: Session, day: date) -> str:
    """Returns when the session is, its name, and what became of it."""
    real, planned = session.real, session.planned
    if session.status is Status.MOVED and planned is not None:
        if session.date == day and real.start.date() != day:
            when = f"{day_words(real.start.date())} {time_words(real.start)}"
            return f"{_span(planned)}  {planned.name}, moved to {when}"
        there = f"{day_words(session.date)} " if session.date != real.start.date() else ""
        return f"{_span(real)}  {real.name}, moved from {there}{time_words(planned.start)}"
    ends = {Status.CANCELLED: ", cancelled", Status.CLOSED: ", does not take place"}
    seen = _there(session, day)
    return f"{_span(seen)}  {seen.name}{ends.get(session.status, '')}"


def _there(session: Session, day: date) -> Appearance:
    """Returns the session as it is on `day`, or was planned to be."""
    here = session.real.start.date() == day
    return session.real if here or session.planned is None else session.planned


def _span(seen: Appearance) -> str:
    return f"{time_words(seen.start)}-{time_words(seen.end)}"


def text(program: Program, day: date, found: Sequence[Day]) -> str:
    """Returns the day of each path: a line for each reason, with the line of the file that says it."""
    parts = []
    for each in found:
        who = " / ".join(word for word in _who(each.path) if word)
        lines = [f"{program.title}{f' / {who}' if who else ''}: {day_words(day)}"]
        lines += (f"  {_told(reason)}" for reason in each.reasons)
        if not each.stories:
            lines.append("  no sessions")
        for story in each.stories:
            lines.append(f"  {story.words}")
            lines += (f"    {_told(reason)}" for reason in story.reasons)
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _who(path: Path) -> tuple[str, ...]:
    return (path.participant,) if path.participant else (path.cohort, path.track)


def _told(reason: Reason) -> str:
    place = reason.place
    return f"{reason.words}: {place.file}:{place.line}" if place.line else reason.words


def as_json(found: Sequence[Day]) -> list[dict[str, object]]:
    """Returns the same as plain values."""
    return [
        {
            "cohort": each.path.cohort or "-",
            "track": each.path.track or "-",
            "participant": each.path.participant or "-",
            "reasons": list(_reasons_json(each.reasons)),
            "sessions": [
                {
                    "session": story.session.activity.id,
                    "name": story.session.real.name,
                    "status": story.session.status.value,
                    "planned_for": story.session.date.isoformat(),
                    "start": story.session.real.start.isoformat(),
                    "end": story.session.real.end.isoformat(),
                    "words": story.words,
                    "reasons": list(_reasons_json(story.reasons)),
                }
                for story in each.stories
            ],
        }
        for each in found
    ]


def _reasons_json(reasons: Sequence[Reason]) -> Iterator[dict[str, object]]:
    for reason in reasons:
        place = reason.place
        yield {"words": reason.words, "file": place.file or None, "line": place.line or None}
