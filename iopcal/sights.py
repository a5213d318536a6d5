"""Which sessions a feed shows, and which of them as planned or as they take place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from iopcal.feeds import Feed
from iopcal.model import Appearance, Path, Session
from iopcal.named_tuple import NamedTuple


class Sight(NamedTuple):
    """One session as one feed may see it.

    `planned` is None where the plan has it not in this feed, as with another lead. `real` is None where it
    is not in this feed that day; else when and how it takes place, or would.
    """

    session: Session
    planned: Appearance | None
    real: Appearance | None

    @property
    def held(self) -> bool:
        """Whether it takes place in this feed."""
        return self.real is not None and self.session.held


def sights(feed: Feed, sessions: Iterable[Session]) -> Iterator[Sight]:
    """Yields the sessions that a feed shows, in the order given.

    A feed of staff shows the sessions of participants, too, that are among `sessions`: those they placed.
    """
    shows, names = _PATHS.get(feed.rule.audience), _NAMES.get(feed.rule.audience)
    audiences = ("all", "staff") if _is_for_staff(feed) else ("all",)
    for session in sessions:
        if session.activity.publish not in audiences or (shows and not shows(session.path, feed.member)):
            continue
        if names is None:
            yield Sight(session, session.planned, session.real)
            continue
        planned = session.planned if session.planned and feed.words & names(session.planned) else None
        real = session.real if feed.words & names(session.real) else None
        if planned or real:
            yield Sight(session, planned, real)


def _is_for_staff(feed: Feed) -> bool:
    """Says whether sessions that only staff shall see are shown: never to participants."""
    audience = feed.rule.audience
    return audience in _WHOSE or (feed.full and audience != "participant")


def path_of(feed: Feed, path: Path) -> tuple[str, str, str]:
    """Returns what an identity says of the path: cohort, track and participant, each `-` where not told."""
    audience = feed.rule.audience
    if audience == "participant" or (audience in _WHOSE and feed.low):  # whose day it is, is one path
        return "-", "-", "-"
    return path.cohort or "-", path.track or "-", path.participant or "-"


_PATHS: dict[str, Callable[[Path, str], bool]] = {
    "track": lambda path, member: path.track == member and not path.participant,
    "cohort": lambda path, member: path.cohort == member and not path.participant,
    "participant": lambda path, member: path.participant == member,
}
_WHOSE = ("lead", "room")
_NAMES: dict[str, Callable[[Appearance], frozenset[str]]] = {
    "lead": lambda seen: frozenset(seen.leads),
    "room": lambda seen: frozenset((seen.room,)),
}
