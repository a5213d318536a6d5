"""Who sees what: the `feeds` of a program."""

from __future__ import annotations

from iopcal.model.place import NOWHERE, Place
from iopcal.named_tuple import NamedTuple

AUDIENCES = ("program", "track", "cohort", "participant", "lead", "room")
PRIVACIES = ("full", "titles", "discreet", "busy")
LOW = frozenset({"discreet", "busy"})  # nothing in these may tell that it is treatment
SHOWN = ("phone", "location", "link")  # what a discreet feed may carry besides


class FeedRule(NamedTuple):
    """A line of `feeds`: one calendar for each of its audience."""

    audience: str  # one of AUDIENCES
    privacy: str  # one of PRIVACIES
    name: str = ""  # tells two lines of one audience apart; identity
    title: str = ""  # of a discreet or busy calendar and its events; '': the default
    remind: tuple[int, ...] = ()  # minutes before the start
    show: tuple[str, ...] = ()  # of SHOWN
    file: bool = False  # `as: file`: imported once by hand
    flat: bool = False  # `shape: flat`: single events only
    place: Place = NOWHERE

    @property
    def low(self) -> bool:
        """Whether nothing in it may tell that it is treatment."""
        return self.privacy in LOW


# What a program has that says nothing of feeds.
DEFAULT_FEEDS = (
    FeedRule("program", "full"),
    FeedRule("track", "titles"),
    FeedRule("participant", "discreet"),
    FeedRule("lead", "full"),
)
