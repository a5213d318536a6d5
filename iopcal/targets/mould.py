"""A calendar that many people have, each with UIDs of their own: rendered once, and cast for every person.

Of two people on one path all bytes are the same but the UIDs, which stand in the same places; so all else is
rendered and judged once.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """Returns what a calendar, published for the first time as `data`, shares with those of all like them.

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
    names = uids(("\n".join(own) + "\n").encode(), form.keys, form.secret)
    if len(set(names)) < len(names):
        raise ValueError("two events have one UID")
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
