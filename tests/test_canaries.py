"""Law 7: a calendar of lower privacy carries no word that only a higher one may.

Marks are planted in every text of random programs, each with what sort of text it is, and looked for in what
is written: in the file as it is and unfolded, and in all that would be sent to Google.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from iopcal.destinations import Errand
from iopcal.expand import Expansion, expand
from iopcal.feeds import feeds
from iopcal.model import AUDIENCES, PRIVACIES, FeedRule, Program, Topics
from iopcal.model.sync import Destination, GoogleTarget
from iopcal.problems import has_errors
from iopcal.publish import Options, drafts
from iopcal.targets.google.body import body, marked
from tests.drafting import Refused, expanded
from tests.programs import random_program

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MARK = re.compile("qxz([a-z]+?)zxq")
SORTS = {
    "title": "title", "name": "name", "notes": "notes", "why": "why", "room": "room", "leads": "lead",
    "location": "location", "link": "link", "phone": "phone", "topics": "topic",
}  # fmt: skip
PHASE = "phase"
ALLOWED = {
    "full": {*SORTS.values(), PHASE},
    "titles": {"title", "name", "location", "link", "topic"},
    "discreet": set[str](),
    "busy": set[str](),
}
WHOSE = {"lead": {"lead"}, "room": {"room"}}  # what the name of such a calendar may hold besides
SEEDS = range(100)
LONG_SEEDS = range(100, 2_000)


def planted(value: Any, name: str = "") -> Any:
    """Returns a part of a program with a mark in every text that anybody may read."""
    if isinstance(value, str):
        sort = SORTS.get(name)
        return f"{value} qxz{sort}zxq".strip().replace(" ", "/" if sort == "link" else " ") if sort else value
    if isinstance(value, Topics):
        return value._replace(
            lists=tuple((day, tuple(f"{each} qxztopiczxq" for each in names)) for day, names in value.lists)
        )
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = zip(value._fields, value, strict=True)
        found = value._replace(**{field: planted(each, field) for field, each in fields})
        if "phase_days" in value._fields or ("visits" in value._fields and "overrides" in value._fields):
            found = found._replace(name=f"{value.name} qxz{PHASE}zxq")
        return found
    if isinstance(value, tuple):
        return tuple(planted(each, name) for each in value)
    return value


def program_of(seed: int) -> tuple[Program, Expansion] | None:
    """Returns the random program of a seed with marks and all kinds of calendars, if it is sound."""
    try:
        program, _ = expanded(random_program(seed))
    except Refused:
        return None
    turn = AUDIENCES[seed % len(AUDIENCES)]
    rules = tuple(
        FeedRule(audience, privacy, name=privacy, remind=(60,))
        for audience in AUDIENCES
        for privacy in PRIVACIES
        if audience in ("track", turn)
    )
    program = planted(program)._replace(feeds=rules)
    expansion = expand(program, NOW.date())
    return None if has_errors(expansion.problems) else (program, expansion)


def check(seed: int) -> Counter[str]:
    """Looks at all calendars of one program; returns how many marks were found, by privacy."""
    found: Counter[str] = Counter()
    read = program_of(seed)
    if read is None:
        return found
    program, expansion = read
    names = {feed.key: f"{number}.ics" for number, feed in enumerate(feeds(program))}
    drafted = drafts(program, expansion, {}.get, Options(NOW), names=names, secret=b"secret")
    assert len(drafted) == len(names)
    for draft in drafted:
        assert draft.tells == ()
        feed, rule = draft.publication.feed, draft.publication.feed.rule
        data = draft.data or b""
        texts = [data.decode(), data.decode().replace("\r\n ", "")]
        if rule.low and seed % 5 == 0:
            texts.append(sent(program, expansion, feed))
        marks = {mark for text in texts for mark in MARK.findall(text.casefold())}
        extra = WHOSE.get(rule.audience, set()) if rule.privacy == "titles" else set()
        assert marks <= ALLOWED[rule.privacy] | extra, f"seed {seed}, {feed.key}: {marks}"
        if data:
            found[rule.privacy] += len(marks) + 1
        if rule.low:
            assert all("qxz" not in text.casefold() and program.id not in text for text in texts)
    return found


def sent(program: Program, expansion: Expansion, feed: Any) -> str:
    """Returns all that would be sent to a Google calendar."""
    target = GoogleTarget("google", "office", ())
    errand = Errand("x", target, Destination("x", "make", show_cancelled=True), program, expansion, feed)
    owner = errand.owner("salt")
    items = errand.items(owner)
    assert errand.objections(items) == ()
    bodies = [marked(body(each), owner, each.ref) for each in items]
    if feed.rule.privacy == "busy":
        assert all(each["visibility"] == "private" for each in bodies)
    return json.dumps([errand.title, *bodies], ensure_ascii=False)


def run(seeds: range) -> Counter[str]:
    return sum((check(seed) for seed in seeds), Counter())


@pytest.mark.parametrize("chunk", range(2))
def test_no_mark_is_found_where_it_must_not_be(chunk: int) -> None:
    found = run(SEEDS[chunk::2])
    assert found["full"] > found["titles"] > found["discreet"] > 40
    assert found["busy"] == found["discreet"]


@pytest.mark.long
@pytest.mark.parametrize("chunk", range(12))
def test_no_mark_is_found_in_many_programs(chunk: int) -> None:
    assert run(LONG_SEEDS[chunk::12])["discreet"] > 100


def test_the_marks_are_in_what_may_hold_them() -> None:
    read = program_of(next(seed for seed in SEEDS if program_of(seed)))
    assert read is not None
    program, expansion = read
    draft = drafts(program, expansion, {}.get, Options(NOW))[0]
    text = (draft.data or b"").decode().replace("\r\n ", "")
    assert {"title", "name", PHASE} <= set(MARK.findall(text))
