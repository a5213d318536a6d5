"""Who sees what: the calendars of a program, and what each says of a session."""

from __future__ import annotations

from collections.abc import Iterable

from iopcal.model import WEEKDAYS, Appearance, Entry, Program, Session, Slot, Status, Text, Track
from iopcal.named_tuple import NamedTuple
from iopcal.words import list_words


class Feed(NamedTuple):
    """One calendar of a program. `track` is None for the whole program."""

    key: str  # as identities name it: program, track/<id>
    name: str  # as subscribers see it
    file: str  # its file name, without the suffix
    track: str | None
    full: bool  # everything staff may know, or session names and topics only


def feeds(program: Program) -> tuple[Feed, ...]:
    """Returns the calendars of a program: one of everything for staff, one a track with titles."""
    tracks = (_track_feed(program, track) for track in program.tracks)
    return (Feed("program", program.title, "program", None, True), *tracks)


def _track_feed(program: Program, track: Track) -> Feed:
    if not track.id:
        return Feed("track/-", program.title, "track", "", False)
    name = f"{program.title}: {track.title or track.id}"
    return Feed(f"track/{track.id}", name, f"track-{track.id}", track.id, False)


def slots(program: Program, feed: Feed, sessions: Iterable[Session]) -> tuple[Slot, ...]:
    """Returns the planned occurrences that the feed shows, each with what it says, in order of start."""
    phases = {phase.id: phase.name for phase in program.phases}
    return tuple(_slot(program, feed, session, phases) for session in sessions if _shows(feed, session))


def _shows(feed: Feed, session: Session) -> bool:
    if feed.track is not None and session.path.track != feed.track:
        return False
    publish = session.activity.publish
    return publish == "all" or (publish == "staff" and feed.full)


def _slot(program: Program, feed: Feed, session: Session, phases: dict[str, str]) -> Slot:
    path, activity = session.path, session.activity
    head = ("1", program.id, feed.key, path.cohort or "-", path.track or "-", "-")
    weekday = WEEKDAYS[session.date.weekday()]
    item = (*head, "series", activity.id, session.phase or "-", str(session.turn), weekday)
    single = (*head, "day", activity.id, session.date.isoformat(), "1")
    phase = phases.get(session.phase, "")
    planned = _entry(program, feed, session, session.planned, phase) if session.planned else None
    if session.real is session.planned and planned and session.status is Status.CONFIRMED:
        real = planned
    else:
        real = _entry(program, feed, session, session.real, phase, shows_why=not session.held)
    # A topic that is put in or postponed would cut a series anew: a session that has any is singles.
    alone = activity.topics is not None or bool(activity.monthly) or planned is None
    return Slot(item, single, session.date, planned, real, session.status, alone, session.cause)


def _entry(
    program: Program,
    feed: Feed,
    session: Session,
    seen: Appearance,
    phase: str,
    shows_why: bool = False,
) -> Entry:
    activity = session.activity
    mark = " (optional)" if activity.optional else ""
    if not feed.full:
        shown = (seen.link, seen.topic and f"Topic: {seen.topic}")
        text = Text(f"{seen.name}{mark}", _joined(shown), seen.location or seen.link, seen.link)
        return Entry(seen.start, seen.minutes, text)
    title = f"{seen.name}: {seen.topic}" if seen.topic else seen.name
    lines = (
        seen.link,
        seen.topic and f"Topic: {seen.topic}",
        phase and f"Phase: {phase}",
        f"With: {list_words(seen.leads)}" if seen.leads else "",
        seen.room and f"Room: {seen.room}",
        program.phone and f"Phone: {program.phone}",
        seen.notes,
        session.why and f"Why: {session.why}" if shows_why else "",
    )
    categories = tuple(word for word in (activity.kind, phase) if word)
    text = Text(f"{title}{mark}", _joined(lines), seen.location or seen.link, seen.link, categories)
    return Entry(seen.start, seen.minutes, text)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)
