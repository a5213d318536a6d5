"""From a program's text to its feeds, as the commands do it but without a disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from iopcal import source
from iopcal.expand import Expansion, expand
from iopcal.feeds import feeds
from iopcal.language import read_program
from iopcal.model import FeedRule, Program
from iopcal.problems import Problem
from iopcal.publish import Draft, Options, drafts

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()


class Refused(Exception):
    """The program has errors; they are its argument."""


def read(text: str) -> tuple[Program | None, tuple[Problem, ...]]:
    """Returns a program and what was found wrong while reading it."""
    node, problems = source.read(text.encode(), "program.yaml")
    if node is None:
        return None, problems
    nobody = b"participants: []"  # stands for any roster
    program, found = read_program(node, "program.yaml", lambda name, place, parse: parse(nobody, name))
    return program, (*problems, *found)


def expanded(text: str, today: date = TODAY) -> tuple[Program, Expansion]:
    """Returns a sound program with its sessions; raises Refused with its errors."""
    return _expanded(text, today)


@lru_cache(maxsize=64)
def _expanded(text: str, today: date) -> tuple[Program, Expansion]:
    program, problems = read(text)
    errors = [problem for problem in problems if problem.severity == "error"]
    if program is None or errors:
        raise Refused(*errors)
    expansion = expand(program, today)
    errors = [problem for problem in expansion.problems if problem.severity == "error"]
    if errors:
        raise Refused(*errors)
    return program, expansion


def drafted(
    text: str, published: Mapping[str, bytes] | None = None, now: datetime = NOW, flat: bool = False
) -> tuple[Draft, ...]:
    """Returns a program's feeds as they would be published over `published` (by file name) at `now`."""
    program, expansion = expanded(text, now.date())
    return drafts(program, expansion, (published or {}).get, Options(now, flat))


def discreet(
    text: str, published: Mapping[str, bytes] | None = None, now: datetime = NOW, **rule: Any
) -> tuple[Draft, ...]:
    """Returns the discreet feed of each track (`rule`: as it is otherwise), in a file of the track's id."""
    program, expansion = expanded(text)
    asked = FeedRule(**{"audience": "track", "privacy": "discreet"} | rule)
    program = program._replace(feeds=(asked,))
    names = {feed.key: f"{feed.member or 'calendar'}.ics" for feed in feeds(program)}
    return drafts(program, expansion, (published or {}).get, Options(now), names=names)


def files(text: str, published: Mapping[str, bytes] | None = None, now: datetime = NOW) -> dict[str, bytes]:
    """Returns a program's .ics files by name."""
    return {draft.file: draft.data for draft in drafted(text, published, now) if draft.data is not None}
