"""Who sees what: the calendars of a program, and what each says of a session."""

from __future__ import annotations

from collections.abc import Iterable

from iopcal.model import WEEKDAYS, Activity, Appearance, Entry, Program, Session, Slot, Status, Text, Track
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
    teller = _Teller(program, feed)
    return tuple(teller.slot(session) for session in sessions if _shows(feed, session))


def _shows(feed: Feed, session: Session) -> bool:
    if feed.track is not None and session.path.track != feed.track:
        return False
    publish = session.activity.publish
    return publish == "all" or (publish == "staff" and feed.full)


class _Teller:
    """What one feed says of sessions; a text that many of them share is made once."""

    def __init__(self, program: Program, feed: Feed) -> None:
        self._program, self._feed = program, feed
        self._phases = {phase.id: phase.name for phase in program.phases}
        self._texts: dict[object, Text] = {}

    def slot(self, session: Session) -> Slot:
        """Returns the planned occurrence that the session is."""
        path, activity = session.path, session.activity
        head = ("1", self._program.id, self._feed.key, path.cohort or "-", path.track or "-", "-")
        weekday = WEEKDAYS[session.date.weekday()]
        item = (*head, "series", activity.id, session.phase or "-", str(session.turn), weekday)
        single = (*head, "day", activity.id, session.date.isoformat(), "1")
        phase = self._phases.get(session.phase, "")
        planned = self._entry(activity, session.planned, phase) if session.planned else None
        if session.real is session.planned and planned and session.status is Status.CONFIRMED:
            real = planned
        else:
            real = self._entry(activity, session.real, phase, "" if session.held else session.why)
        # A topic that is put in or postponed would cut a series anew: a session that has any is singles.
        alone = activity.topics is not None or bool(activity.monthly) or planned is None
        return Slot(item, single, session.date, planned, real, session.status, alone, session.cause)

    def _entry(self, activity: Activity, seen: Appearance, phase: str, why: str = "") -> Entry:
        start, minutes, *words = seen
        key = (activity.kind, activity.optional, phase, why, *words)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = self._text(activity, seen, phase, why)
        return Entry(start, minutes, text)

    def _text(self, activity: Activity, seen: Appearance, phase: str, why: str) -> Text:
        mark = " (optional)" if activity.optional else ""
        if not self._feed.full:
            shown = (seen.link, seen.topic and f"Topic: {seen.topic}")
            return Text(f"{seen.name}{mark}", _joined(shown), seen.location or seen.link, seen.link)
        title = f"{seen.name}: {seen.topic}" if seen.topic else seen.name
        lines = (
            seen.link,
            seen.topic and f"Topic: {seen.topic}",
            phase and f"Phase: {phase}",
            f"With: {list_words(seen.leads)}" if seen.leads else "",
            seen.room and f"Room: {seen.room}",
            self._program.phone and f"Phone: {self._program.phone}",
            seen.notes,
            why and f"Why: {why}",
        )
        categories = tuple(word for word in (activity.kind, phase) if word)
        return Text(f"{title}{mark}", _joined(lines), seen.location or seen.link, seen.link, categories)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)
