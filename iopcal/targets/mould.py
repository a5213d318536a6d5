"""A calendar that many people have, each with UIDs of their own: rendered once, and cast for every person.

Of two people on one path all bytes are the same but the UIDs, which stand in the same places; so all else is
rendered and judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby

from iopcal.model import Calendar
from iopcal.named_tuple import NamedTuple
from iopcal.targets.uid import uid, uids

OWN = 3  # fields of a key that people do not share: version, program, feed
_MARK = b"BEGIN:VEVENT\r\nUID:"
_UID = 36  # characters
_END = b"END:VCALENDAR\r\n"


class Mould(NamedTuple):
    """What stands before the events; of each event the rest of its key and what follows its UID.

    Events that begin together come in the order of their UIDs: `ties` are places of such, first and behind
    the last.
    """

    head: bytes
    keys: tuple[bytes, ...]
    tails: tuple[bytes, ...]
    ties: tuple[tuple[int, int], ...]
    secret: bytes


def mould(calendar: Calendar, data: bytes, secret: bytes = b"") -> Mould:
    """Returns what a calendar, published as `data`, shares with those of all people who are alike.

    `secret` hides the keys of a neutral calendar's UIDs.
    """
    secret = secret if calendar.neutral else b""
    head, *events = data.removesuffix(_END).split(_MARK)
    known = {uid(event.key, secret).encode(): event for event in calendar.events}
    sources = [known[event[:_UID]] for event in events]
    starts = [source.start.astimezone(UTC) for source in sources]
    return Mould(
        head,
        tuple("\n".join(source.key[OWN:]).encode() for source in sources),
        tuple(event[_UID:] for event in events),
        tuple(_ties(starts)),
        secret,
    )


def cast(form: Mould, own: tuple[str, ...]) -> bytes:
    """Returns the calendar of the person whose keys begin with these fields.

    Raises ValueError where two of its events have one UID.
    """
    return _joined(form, _names(form, own))


class Cut(NamedTuple):
    """A published calendar in pieces: the UIDs, and all between them, which people alike share."""

    uids: tuple[bytes, ...]
    rest: tuple[bytes, ...]


def cut(data: bytes) -> Cut:
    """Cuts the UIDs out of a calendar."""
    head, *events = data.split(_MARK)
    return Cut(tuple([event[:_UID] for event in events]), (head, *[event[_UID:] for event in events]))


class Sequel(NamedTuple):
    """What follows a published calendar for all from whom it differed by UIDs alone.

    `keys` are the rest of the keys of its events, in their order; None: of one that is no longer known.
    """

    keys: tuple[bytes | None, ...]
    form: Mould


def sequel(form: Mould, published: Cut, known: Mapping[bytes, tuple[str, ...]]) -> Sequel:
    """Returns what follows `published`, of whose UIDs some are `known` with their keys."""
    keys = (known.get(name) for name in published.uids)
    return Sequel(tuple("\n".join(key[OWN:]).encode() if key else None for key in keys), form)


def follow(what: Sequel, published: Cut, own: tuple[str, ...]) -> bytes | None:
    """Returns what follows the calendar of the person whose keys begin with these fields.

    None where its UIDs are not those of the same events, so that it has to be worked out by itself.
    """
    expected = iter(uids(_before(own), (key for key in what.keys if key is not None), what.form.secret))
    names = _names(what.form, own)
    later = set(names)
    for key, name in zip(what.keys, published.uids, strict=True):
        if key is None and name.decode() in later:
            return None
        if key is not None and name.decode() != next(expected):
            return None
    return _joined(what.form, names)


def _before(own: tuple[str, ...]) -> bytes:
    return ("\n".join(own) + "\n").encode()


def _names(form: Mould, own: tuple[str, ...]) -> list[str]:
    names = uids(_before(own), form.keys, form.secret)
    if len(set(names)) < len(names):
        raise ValueError("two events have one UID")
    return names


def _joined(form: Mould, names: list[str]) -> bytes:
    pieces = [form.head]
    for name, tail in zip(names, form.tails, strict=True) if not form.ties else _sorted(form, names):
        pieces += (_MARK, name.encode(), tail)
    pieces.append(_END)
    return b"".join(pieces)


def _sorted(form: Mould, names: list[str]) -> list[tuple[str, bytes]]:
    pairs = list(zip(names, form.tails, strict=True))
    for first, behind in form.ties:
        pairs[first:behind] = sorted(pairs[first:behind])
    return pairs


def _ties(starts: list[datetime]) -> Iterator[tuple[int, int]]:
    first = 0
    for _, group in groupby(starts):
        behind = first + len(tuple(group))
        if behind - first > 1:
            yield first, behind
        first = behind
