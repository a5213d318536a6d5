"""Calendars cast for people who are alike, where the events of one of them do not fit."""

from __future__ import annotations

import pytest

from iopcal.targets.mould import Cut, Mould, Sequel, cast, cut, follow
from iopcal.targets.uid import uids

HEAD, TAIL = b"BEGIN:VCALENDAR\r\n", b"\r\nEND:VEVENT\r\n"
ONE, OTHER = ("1", "riverbend", "participant/p-014"), ("1", "riverbend", "participant/p-015")


def form(*keys: bytes, ties: tuple[tuple[int, int], ...] = ()) -> Mould:
    """Returns a mould of events that tell their key."""
    return Mould(HEAD, keys, tuple(b"\r\nSUMMARY:" + key + TAIL for key in keys), ties, b"secret")


def names(own: tuple[str, ...], *keys: bytes) -> tuple[bytes, ...]:
    """Returns the UIDs of somebody's events."""
    begin = "\n".join(own).encode() + b"\n"
    return tuple(name.encode() for name in uids(begin, keys, b"secret"))


def test_events_that_begin_together_come_in_the_order_of_each_persons_uids() -> None:
    keys = tuple(b"%d" % number for number in range(12))
    for own in (ONE, OTHER):
        found = cut(cast(form(*keys, ties=((2, 10),)), own))
        mine = names(own, *keys)
        assert found.uids == (*mine[:2], *sorted(mine[2:10]), *mine[10:])
        shown = dict(zip(mine, keys, strict=True))
        assert all(
            b"SUMMARY:" + shown[name] + b"\r\n" in rest
            for name, rest in zip(found.uids, found.rest[1:], strict=True)
        )


def test_two_events_with_one_uid_are_never_cast() -> None:
    with pytest.raises(ValueError, match="one UID"):
        cast(form(b"a", b"a"), ONE)


def test_what_follows_a_calendar_fits_only_those_with_the_same_events() -> None:
    after = Sequel((b"a", None), form(b"a", b"b"))
    rest = (HEAD, TAIL, TAIL)
    unknown = b"00000000-0000-0000-0000-000000000000"
    fits = follow(after, Cut((*names(OTHER, b"a"), unknown), rest), OTHER)
    assert fits == cast(after.form, OTHER)
    assert follow(after, Cut((*names(ONE, b"a"), unknown), rest), OTHER) is None
    # What was unknown of the one is for the other an event that goes on.
    assert follow(after, Cut(names(OTHER, b"a", b"b"), rest), OTHER) is None
