"""The search for marks finds what it is there for: each of these mistakes, were it made, is seen.

The looks that iopcal itself takes before it writes are shut, so that the test stands alone.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import count
from typing import Any

import pytest

from iopcal import alike, publication
from iopcal.feeds import Feed
from iopcal.model import Calendar, Text
from iopcal.targets import addresses, ics, mould
from iopcal.targets.addresses import Address
from iopcal.targets.uid import uid
from iopcal.wording import Wording
from tests import unveiled
from tests.test_canaries import PART, checked
from tests.unveiled import Leak

# Of these, some have all their calendars, some are held against others, in all forms of rosters and programs.
SEEDS = (*range(10, 20), *range(10), *range(10 * PART, 10 * PART + 20))
Patch = pytest.MonkeyPatch


def says(change: Callable[[Wording, Any, Text], Text]) -> Callable[[Patch], None]:
    """Returns what lets every stretch say something else."""

    def mutate(patch: Patch) -> None:
        plain = Wording.of_stretch

        def told(self: Wording, seen: Any) -> Text:
            return change(self, seen[0], plain(self, seen))

        patch.setattr(Wording, "of_stretch", told)

    return mutate


def phase(words: Wording) -> str:
    return next(iter(words._phases.values()))


def calendar_is(**fields: Any) -> Callable[[Patch], None]:
    """Returns what makes every calendar other than it is."""

    def mutate(patch: Patch) -> None:
        def other(name: str, *rest: Any, **more: Any) -> Calendar:
            made = Calendar(name, *rest, **more)
            return made._replace(**fields) if made.neutral else made

        patch.setattr(publication, "Calendar", other)

    return mutate


def feed_is_called(name: Callable[[Feed], str]) -> Callable[[Patch], None]:
    """Returns what gives every calendar another name."""

    def mutate(patch: Patch) -> None:
        for module in (alike, unveiled):
            plain = module.participant_feeds

            def named(*given: Any, plain: Any = plain) -> tuple[Feed, ...]:
                return tuple(feed._replace(name=name(feed)) for feed in plain(*given))

            patch.setattr(module, "participant_feeds", named)

    return mutate


def addressed(token: Callable[[str], str]) -> Callable[[Patch], None]:
    """Returns what makes addresses of names instead of drawing them."""

    def mutate(patch: Patch) -> None:
        def with_new(table: Any, keys: Any, today: str, fit: Any = bool) -> Any:
            return table._replace(feeds={key: Address(token(key), today) for key in keys})

        patch.setattr(addresses, "with_new", with_new)

    return mutate


def in_path(patch: Patch) -> None:
    """Lets the path of a calendar say whose it is."""
    plain = unveiled.path_of
    number = count()
    patch.setattr(
        unveiled, "path_of", lambda token: plain(token).replace("calendar", f"qxzpersonzxq{next(number)}")
    )


def uids_are(secret: bytes | None, of_all: bool = False) -> Callable[[Patch], None]:
    """Returns what makes UIDs with this key (None: the right one), and alike for everybody if `of_all`."""

    def mutate(patch: Patch) -> None:
        def one(key: tuple[str, ...], given: bytes = b"", *, secret: bytes | None = secret) -> str:
            key = (*key[:2], "feed", *key[3:]) if of_all else key
            return uid(key, given if secret is None or not given else secret)

        def many(before: bytes, keys: Iterable[bytes], given: bytes = b"") -> list[str]:
            return [one(tuple((before + key).decode().split("\n")), given) for key in keys]

        patch.setattr(ics, "uid", one)
        patch.setattr(mould, "uid", one)
        patch.setattr(mould, "uids", many)
        patch.setattr(publication, "uid", lambda key, secret=b"": one(key, secret))

    return mutate


def with_line(line: str) -> Callable[[Patch], None]:
    """Returns what adds a line to every finished calendar."""

    def mutate(patch: Patch) -> None:
        plain = ics._file

        def file(*given: Any) -> bytes:
            return plain(*given).replace(b"\r\nSUMMARY", f"\r\n{line}\r\nSUMMARY".encode(), 1)

        patch.setattr(ics, "_file", file)

    return mutate


def percents(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


MUTANTS: dict[str, Callable[[Patch], None]] = {
    "a phase in the title": says(lambda words, seen, text: text._replace(summary=phase(words))),
    "a session beside the title": says(
        lambda words, seen, text: text._replace(summary=f"{text.summary}: {seen.name}")
    ),
    "leads in the description": says(
        lambda words, seen, text: text._replace(description="; ".join(seen.leads))
    ),
    "a topic in capitals": says(lambda words, seen, text: text._replace(description=seen.topic.upper())),
    "a note": says(lambda words, seen, text: text._replace(description=seen.notes)),
    "a room as the place": says(lambda words, seen, text: text._replace(location=seen.room)),
    "a place that is not to be shown": says(
        lambda words, seen, text: text._replace(location=text.location or seen.location)
    ),
    "the telephone that is not to be shown": says(
        lambda words, seen, text: text._replace(description=words._phone)
    ),
    "categories": says(lambda words, seen, text: text._replace(categories=("Appointment",))),
    "a name in percents": says(
        lambda words, seen, text: text._replace(url="https://example.org/" + percents(seen.name))
    ),
    "a name in base64": says(
        lambda words, seen, text: text._replace(
            description=base64.b64encode(seen.name.encode()).decode()
        )
    ),
    "a hash of a name as the title": says(
        lambda words, seen, text: text._replace(summary=digest(seen.name)[:8])
    ),
    "a blank for each letter of a name": says(
        lambda words, seen, text: text._replace(summary=text.summary + " " * len(seen.name))
    ),
    "whose it is in the calendar's name": feed_is_called(lambda feed: feed.member),
    "the feed's own name": feed_is_called(lambda feed: feed.rule.name or "Calendar"),
    "the maker's name": calendar_is(neutral=False),
    "an id in the path": in_path,
    "an address that is the key": addressed(lambda key: key),
    "an address that is a hash of the key": addressed(
        lambda key: "a" + base64.urlsafe_b64encode(sha256(key.encode()).digest()).decode()[:42]
    ),
    "one address for all": addressed(lambda key: "a" * 43),
    "UIDs of names alone": uids_are(b""),
    "UIDs with a key known to all": uids_are(b"iopcal"),
    "UIDs that two people share": uids_are(None, of_all=True),
    "a property of ours": with_line("X-IOPCAL-PHASE:1"),
    "a name in a comment": with_line("COMMENT:qxzsessionzxq1"),
    "a name that is folded": with_line("SUMMARY:Appointment qxzse\r\n ssionzxq1"),
    "an organizer": with_line("ORGANIZER:mailto:a@example.org"),
    "an alarm that says what": with_line("DESCRIPTION:Remember the qxzsessionzxq1"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def shut(monkeypatch: Patch) -> None:
    """Shuts the looks that iopcal takes before it writes."""
    from iopcal import scrutiny
    from iopcal.telling import Telling

    monkeypatch.setattr(Telling, "told", lambda self, data: ())
    monkeypatch.setattr(scrutiny, "_findings", lambda draft, data: ())


@pytest.mark.parametrize("mutate", MUTANTS.values(), ids=MUTANTS)
def test_a_leak_is_found(mutate: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutate(monkeypatch)
    with pytest.raises(Leak):
        checked(SEEDS)


def test_without_a_leak_none_is_found(figure: Callable[[object], None]) -> None:
    assert checked(SEEDS)["programs"] == len(SEEDS)
    figure(f"{len(MUTANTS)} kinds of leaks, each found by the search for marks")
