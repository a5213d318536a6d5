"""Law 7: a calendar of lower privacy carries no word that only a higher one may.

Marks are planted in every text of random programs and rosters, each with what sort of text it is, and looked
for in the paths and bytes of what is published: in the file as it is and unfolded, and in all that would be
sent to Google. What a calendar that tells nothing may hold is listed, and another program with other marks
has the very same calendars but for their UIDs.
"""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest

from iopcal.publish import telling_words
from tests.drafting import Refused
from tests.marked import Marked, marked, marks, other_marks
from tests.rings import at_length
from tests.unveiled import (
    Leak,
    Published,
    Site,
    check_apart,
    check_high,
    check_low,
    check_sent,
    low_feeds,
    named,
    personal,
    quickly,
    site_of,
    table_of,
)

CHUNK = 500
CHUNKS = range(4)
LONG_CHUNKS = [range(first, first + 4) for first in range(4, 44, 4)]  # 20,000 programs
PART = 20  # of so many programs, one with all its calendars, and one with other marks
MARKS = marks()
WORD = re.compile(MARKS.found.pattern + "[0-9]+")
FIGURES = (
    "calendars",
    "calendars for Google",
    "lines",
    "participants",
    "programs",
    "rosters in CSV",
    "with other marks",
    "words that no title may hold",
)
PLANTED = {
    "program", "programid", "track", "tracktitle", "cohort", "session", "sessionid", "label", "renamed",
    "added", "phase", "phaseid", "lead", "placedlead", "room", "location", "link", "notes", "topic", "why",
    "feed", "person",
}  # fmt: skip
Figure = Callable[[object], None]


@pytest.fixture(autouse=True)
def uncollected() -> Iterator[None]:
    """Lets no garbage be looked for while millions of small values are made."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def check(text: Marked) -> Counter[str]:
    """Looks at the calendars of one program; returns what was looked at. Raises Leak, and Refused."""
    found = Counter[str]()
    site = site_of(text)
    table = table_of(site)
    turn = text.seed // 10 % PART  # so that all forms have their turn
    calendars = list(personal(site, table) if turn == 0 else quickly(site, table))
    for one in calendars:
        if one.feed.low:
            found["calendars"] += 1
            found["lines"] += check_low(site, MARKS, one)
    check_apart(calendars)
    if turn == 0:
        high = [one for one in (*calendars, *named(site)) if not one.feed.low]
        for one in high:
            found.update(f"{one.feed.rule.privacy} {sort}" for sort in check_high(site, MARKS, one))
        for feed in low_feeds(site.program):
            if feed.rule.audience != "participant":
                found["calendars for Google"] += 1
                check_sent(site, MARKS, feed)
    if turn == 2:
        found["words that no title may hold"] += check_titles(site)
    if turn == 1:
        found["with other marks"] += check_other(site, calendars, table.secret)
    found["programs"] += 1
    found["participants"] += len(site.program.participants)
    found["rosters in CSV"] += text.roster_name.endswith("csv")
    found.update(f"planted {sort}" for sort in MARKS.found.findall(text.text + text.roster))
    return found


def check_titles(site: Site) -> int:
    """Raises Leak for a word that a title could tell; returns how many there are."""
    telling = telling_words(site.program)
    planted = {found[0]: found[1] for found in WORD.finditer(site.source.text + site.source.roster)}
    words = [word for word, sort in planted.items() if sort not in ("feed", "location", "link")]
    for word in words:
        if telling.word(f"See {word.upper()}, please") != word:
            raise Leak(f"seed {site.source.seed}: a title may hold {word}")
    return len(words)


def check_other(site: Site, calendars: list[Published], secret: bytes) -> int:
    """Raises Leak where other marks, longer ones, make another calendar; returns how many were compared."""
    other = site_of(marked(site.source.seed, other_marks()))
    others = list(quickly(other, table_of(other)._replace(secret=secret)))
    if [one.masked for one in calendars] != [one.masked for one in others]:
        raise Leak(f"seed {site.source.seed}: other words make another calendar")
    check_apart([*calendars, *others])  # other names make other UIDs, whose key is the same
    again = list(quickly(site, table_of(site)))
    check_apart([*calendars, *again])  # and another key makes other UIDs of the same names
    return len(calendars)


def checked(seeds: Iterable[int]) -> Counter[str]:
    """Looks at the calendars of all these programs."""
    found = Counter[str]()
    for seed in seeds:
        try:
            found += check(marked(seed, marks()))
        except Refused:
            found["refused"] += 1
    return found


def words(found: Counter[str]) -> str:
    """Returns the numbers in words."""
    return ", ".join(f"{found[name]:,} {name}" for name in sorted(found) if name in FIGURES)


def held(chunk: int) -> Counter[str]:
    found = checked(range(chunk * CHUNK, (chunk + 1) * CHUNK))
    assert found["programs"] == CHUNK
    assert found["calendars"] > 2 * CHUNK
    assert {f"planted {sort}" for sort in PLANTED} <= found.keys()
    assert {"full session", "full phase", "full lead", "full topic", "titles session"} <= found.keys()
    assert found["with other marks"] > CHUNK // PART
    return found


@pytest.mark.parametrize("chunk", CHUNKS)
def test_no_mark_is_found_where_it_must_not_be(chunk: int, figure: Figure) -> None:
    figure(f"law 7, chunk {chunk}: {words(held(chunk))}, 0 leaks")


@pytest.mark.long
@pytest.mark.parametrize("chunks", at_length(LONG_CHUNKS), ids=lambda chunks: f"from {chunks[0]}")
def test_no_mark_is_found_in_many_programs(chunks: range, figure: Figure) -> None:
    found: Counter[str] = sum(map(held, chunks), Counter())
    figure(f"law 7, chunks {chunks[0]} to {chunks[-1]}: {words(found)}, 0 leaks")
