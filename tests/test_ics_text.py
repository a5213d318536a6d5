"""Any accepted text in any field: nothing injected, nothing altered, no line too long."""

from __future__ import annotations

import random
import re

import icalendar
import pytest

from iopcal.model import Text
from iopcal.targets.ics import publish
from iopcal.targets.published import PublishedEvent
from iopcal.targets.uid import uid
from tests.ics_samples import NOW, calendar, event, event_lines, published

PIECES = (
    *"aZ09 ~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}", "\\n", "\\N", "\\\\", "\\,", "\\;", ",,", ";;", "^n", "^'",
    "::", "é", "ß", "日本", "한", "עב", "ع", "ก", "👨‍👩‍👧", "🏳️‍🌈",
    "\U0001f600", "e\u0301", "\u200d", "\u00a0", "\u2003", "\u00ad",
    "BEGIN:VEVENT", "END:VCALENDAR", "DTSTART:", "word ", "https://a.example/?b=1,2;c",
)  # fmt: skip


def random_text(chance: random.Random, most: int, *, breaks: bool = False) -> str:
    pieces = (*PIECES, "\n", "\n ", "\nDTSTART:20270101") if breaks else PIECES
    text = "".join(chance.choices(pieces, k=chance.randint(1, most)))
    return text.strip() or "x"


def unescaped(text: str) -> list[str]:
    """Reads escaped text character by character; a bare comma begins a new value."""
    values, characters = [""], iter(text)
    for character in characters:
        if character == "\\":
            follower = next(characters)
            assert follower in "\\;,n", f"\\{follower}"
            values[-1] += "\n" if follower == "n" else follower
        elif character == ",":
            values.append("")
        else:
            assert character != ";"
            values[-1] += character
    return values


def texts(chance: random.Random) -> Text:
    return Text(
        random_text(chance, chance.choice((3, 60))),
        random_text(chance, 120, breaks=True),
        random_text(chance, 30),
        f"https://a.example/{chance.randint(1, 10**9)}?{'x' * chance.randint(0, 99)},;",
        tuple(random_text(chance, 9) for _ in range(chance.randint(1, 3))),
    )


@pytest.mark.parametrize(
    "seed", [range(5), pytest.param(range(5, 200), marks=pytest.mark.long)], ids=["5,000", "200,000"]
)
def test_any_accepted_text_comes_back_unchanged_and_injects_nothing(seed: range) -> None:
    """Each round holds 200 events with five texts each."""
    names = [
        "UID",
        "DTSTAMP",
        "LAST-MODIFIED",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
    ]
    names = ["BEGIN", *names, "URL", "CATEGORIES", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "END"]
    for number in seed:
        chance = random.Random(number)
        wanted = {uid(("text", str(n))): texts(chance) for n in range(200)}
        events = [
            event("2027-01-04 17:30", key=("text", str(n)), text=t) for n, t in enumerate(wanted.values())
        ]
        data = publish(calendar(*events, name=random_text(chance, 60)), None, NOW)
        for line in data.split(b"\r\n"):
            assert len(line) <= 75 and b"\r" not in line and b"\n" not in line
            line.decode()  # no character is split
            assert (len(line) - len(line.rstrip(b"\\"))) % 2 == 0, "an escape is split"
        lines = event_lines(data)[:-1]
        assert [re.split("[:;]", line)[0] for line in lines] == names * 200
        for start in range(0, len(lines), len(names)):
            fields = dict(line.split(":", 1) for line in lines[start : start + len(names)])
            text = wanted[fields["UID"]]
            for name, said in (("SUMMARY", text.summary), ("LOCATION", text.location)):
                assert unescaped(fields[name]) == [said]
            assert unescaped(fields["DESCRIPTION"]) == [text.description]
            assert (unescaped(fields["CATEGORIES"]), fields["URL"]) == (list(text.categories), text.url)
        for each in icalendar.Calendar.from_ical(data).events:
            text = wanted[str(each["UID"])]
            read_back = tuple(str(each[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "URL"))
            assert read_back == text[:4]
            assert tuple(map(str, each["CATEGORIES"].cats)) == text.categories
        found = published(data)
        assert all(isinstance(each, PublishedEvent) for each in found.events.values())
        assert publish(calendar(*events, name=found.lines[4][13:]), data, NOW).count(b"SEQUENCE:0\r\n") == 200
