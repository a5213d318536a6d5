"""Sessions renamed without keeping their id, found by the identities they would have kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iopcal.fold import parts
from iopcal.language.references import slug
from iopcal.model import Slot
from iopcal.named_tuple import NamedTuple
from iopcal.targets.published import Published, PublishedEvent
from iopcal.targets.uid import uid

_SESSION = 7  # the field of a key that names the session
_OPTIONAL = " (optional)"

Key = tuple[str, ...]


class Rename(NamedTuple):
    """A session of which nothing is published, and the id under which published entries would be its own."""

    id: str
    former: str


def renames(slots: Iterable[Slot], published: Published) -> tuple[Rename, ...]:
    """Returns the sessions that come where others go, each with the id that would keep the entries.

    Only an id that was made from a title can be found: what is published of it is a digest.
    """
    keys = _keys(tuple(slots))
    known = {session: {uid(key) for key in mine} for session, mine in keys.items()}
    lost = {
        name: event
        for name, event in published.events.items()
        if not any(name in mine for mine in known.values())
    }
    if not lost:
        return ()
    formers = {slug(title) for event in lost.values() for title in _titles(event.summary)}
    found = []
    for session, mine in keys.items():
        if session.startswith("add:") or not known[session].isdisjoint(published.events):
            continue
        for former in formers:
            score = sum(_score(lost.get(_uid(key, former)), slot) for key, slot in mine.items())
            if score:
                found.append((-score, session, former))
    return tuple(_pairs(sorted(found)))


def _pairs(found: Iterable[tuple[int, str, str]]) -> Iterator[Rename]:
    """Yields the pairs that fit best, no session and no former id twice."""
    seen: set[str] = set()
    for _, session, former in found:
        if session not in seen and former not in seen:
            seen |= {session, former}
            yield Rename(session, former)


def _keys(slots: tuple[Slot, ...]) -> dict[str, dict[Key, Slot]]:
    """Returns, by session, every key it may have, with its first planned slot."""
    keys: dict[str, dict[Key, Slot]] = {}
    for slot in slots:
        keys.setdefault(slot.single[_SESSION], {})[slot.single] = slot
    for key, part in parts(slots):
        keys[key[_SESSION]][key] = part[0]
    return keys


def _uid(key: Key, session: str) -> str:
    return uid((*key[:_SESSION], session, *key[_SESSION + 1 :]))


def _score(event: PublishedEvent | None, slot: Slot) -> int:
    """Says how well a published entry fits what would keep it: 1, or 2 at the same time of day."""
    if event is None:
        return 0
    return 2 if event.start.time() == slot.real.start.time() else 1


def _titles(summary: str) -> Iterator[str]:
    """Yields what the name in a title may be: the title may end with a topic, a mark or both."""
    while summary:
        yield summary
        yield summary.removesuffix(_OPTIONAL)
        summary = summary.rpartition(": ")[0]
