"""What a feed says of a session or of a stretch of the day: as much as its privacy allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iopcal.feeds import Feed
from iopcal.model import Activity, Appearance, Program, Text
from iopcal.words import list_words

APPOINTMENT = "Appointment"  # the title of a stretch in a discreet feed that has none
BUSY = "Busy"


class Wording:
    """What one feed says; a text that many sessions share is made once."""

    def __init__(self, program: Program, feed: Feed) -> None:
        self._feed, self._phone = feed, program.phone
        self._phases = {phase.id: phase.name for phase in program.phases}
        self._texts: dict[object, Text] = {}

    def of_session(self, activity: Activity, seen: Appearance, phase: str, why: str = "") -> Text:
        """Returns what the feed says of one session; `phase` is the id, `why` for one that is cancelled."""
        _, _, *words = seen
        key = (activity.kind, activity.optional, phase, why, *words)
        text = self._texts.get(key)
        if text is None:
            tell = self._in_full if self._feed.full else _titles
            text = self._texts[key] = tell(activity, seen, self._phases.get(phase, ""), why)
        return text

    def of_stretch(self, seen: Sequence[Appearance]) -> Text:
        """Returns what the feed says of a stretch of sessions."""
        if self._feed.rule.privacy == "busy":
            return Text(BUSY)
        show = self._feed.rule.show
        # What only some of its sessions have is told with it: it is needed on that day.
        locations = _once(each.location for each in seen) if "location" in show else ()
        links = _once(each.link for each in seen) if "link" in show else ()
        key = (locations, links)
        text = self._texts.get(key)
        if text is None:
            phone = f"Phone: {self._phone}" if "phone" in show and self._phone else ""
            link = links[0] if links else ""
            text = self._texts[key] = Text(
                self._feed.rule.title or APPOINTMENT,
                _joined((*links, phone)),
                "; ".join(locations) or link,
                link,
            )
        return text

    def _in_full(self, activity: Activity, seen: Appearance, phase: str, why: str) -> Text:
        title = f"{seen.name}: {seen.topic}" if seen.topic else seen.name
        lines = (
            seen.link,
            seen.topic and f"Topic: {seen.topic}",
            phase and f"Phase: {phase}",
            f"With: {list_words(seen.leads)}" if seen.leads else "",
            seen.room and f"Room: {seen.room}",
            self._phone and f"Phone: {self._phone}",
            seen.notes,
            why and f"Why: {why}",
        )
        categories = tuple(word for word in (activity.kind, phase) if word)
        return Text(
            f"{title}{_mark(activity)}", _joined(lines), seen.location or seen.link, seen.link, categories
        )


def _titles(activity: Activity, seen: Appearance, phase: str, why: str) -> Text:
    """Returns what is said of a session where its phase, leads and reasons are not told."""
    shown = (seen.link, seen.topic and f"Topic: {seen.topic}")
    return Text(f"{seen.name}{_mark(activity)}", _joined(shown), seen.location or seen.link, seen.link)


def _mark(activity: Activity) -> str:
    return " (optional)" if activity.optional else ""


def _once(words: Iterable[str]) -> tuple[str, ...]:
    """Returns the words that are not empty, each once, in order."""
    return tuple(dict.fromkeys(word for word in words if word))


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)
