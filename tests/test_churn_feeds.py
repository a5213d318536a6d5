"""What edits of feeds add, remove and change, and those that only stretches of the day feel; and undoing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.drafting import discreet
from tests.program_text import program_text
from tests.publishing import Count, Files, count, events, moment

PUBLISHED, EDITED, UNDONE = (f"2027-01-0{day}T12:00Z" for day in (2, 5, 6))
PHASES = [
    "{name: Intensive, weeks: 4, days: [mon, wed]}",
    "{name: Step-down, weeks: 4, days: mon}",
]
ROWS = [
    "{name: First, minutes: 60, link: 'https://meet.example/1'}",
    "{name: Second, minutes: 60, link: 'https://meet.example/1'}",
]
MORE = {"location": "14 Main Street"}
Feed = dict[str, Any]


def text(*rows: str, **keys: Any) -> str:
    """Returns a program that meets on four Wednesdays and eight Mondays from 4 January 2027 on, 17:30."""
    return program_text(**{"sessions": list(rows or ROWS), "phases": PHASES, **MORE, **keys})


def build(program: str, files: Files, now: str, feed: Feed) -> dict[str, bytes]:
    drafted = discreet(program, files, moment(now), **feed)
    return {**files, **{draft.file: draft.data for draft in drafted if draft.data is not None}}


def edited(
    before: str, after: str, feed: Feed | None = None, later: Feed | None = None
) -> tuple[bytes, bytes, Count | str]:
    """Publishes, edits and undoes; returns both files, and how many UIDs the edit touches."""
    feed = feed or {}
    later = feed if later is None else later
    first = build(before, {}, PUBLISHED, feed)
    second = build(after, first, EDITED, later)
    assert build(after, second, UNDONE, later) == second
    third = build(before, second, UNDONE, feed)
    (was,), (between,), (back,) = first.values(), second.values(), third.values()
    assert {uid: each.lines for uid, each in events(was).items()} == {
        uid: each.lines for uid, each in events(back).items()
    }
    return was, between, "0 bytes" if was == between else count(was, between)


def touched(before: str, after: str, feed: Feed | None = None, later: Feed | None = None) -> str:
    return str(edited(before, after, feed, later)[2])


def insert(row: str) -> str:
    return text(ROWS[0], row, ROWS[1])


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # the gap stays under 20 minutes: Mondays and Wednesdays end later
        (insert("{name: Break, kind: break, minutes: 19}"), "0/0/2"),
        # a gap of 20: the first half is what is left of part 1, the second a part 2
        (insert("{name: Break, kind: break, minutes: 20}"), "2/0/2"),
        # it meets on Mondays alone
        (insert("{name: Break, kind: break, minutes: 20, days: mon}"), "1/0/1"),
        # it is the same for both phases
        (text(phases=["{name: Intensive, weeks: 5, days: [mon, wed]}", PHASES[1]]), "0/0/2"),
        # a weekday at the time another phase has it: the very series; and one that is nobody's
        (text(phases=[PHASES[0], "{name: Step-down, weeks: 4, days: [mon, wed]}"]), "0/0/1"),
        (text(phases=[PHASES[0], "{name: Step-down, weeks: 4, days: [mon, fri]}"]), "1/0/0"),
        # another weekday instead
        (text(phases=["{name: Intensive, weeks: 4, days: [mon, thu]}", PHASES[1]]), "1/1/0"),
        # from 18 January on half an hour earlier, in both phases
        (text(changes=["{from: 2027-01-18, session: First, at: '17:00'}"]), "2/0/2"),
        # the same with the second alone, later: two stretches, and part 1 ends
        (text(changes=["{from: 2027-01-18, session: Second, at: '19:00'}"]), "4/0/2"),
        # a rename, another leader, a topic, another room for a day, notes
        (text("{name: Anew, id: first, minutes: 60, link: 'https://meet.example/1'}", ROWS[1]), "0 bytes"),
        (text(ROWS[0], ROWS[1].replace("}", ", lead: A. Smith, topics: [One, Two], notes: Pen}")), "0 bytes"),
        (text(changes=["{on: 2027-01-11, session: First, lead: J. Lee, room: Annex}"]), "0 bytes"),
        # the title of the program, and where it meets
        (text(program="Another IOP"), "0 bytes"),
        (text(location="Town hall"), "0 bytes"),
        # a whole evening, shown as cancelled; a part of one
        (text(changes=["{on: 2027-01-11, session: First, cancel: true}",
                       "{on: 2027-01-11, session: Second, cancel: true}"]), "1/0/1"),
        (text(changes=["{on: 2027-01-11, session: Second, cancel: true}"]), "1/0/1"),
        # another session in between: the evenings end later
        (insert("{name: Third, minutes: 30}"), "0/0/2"),
        # from Monday 11 to Wednesday 13 January, beside what is there: both days are otherwise
        (text(changes=["{on: 2027-01-11, session: Second, to: 2027-01-13, at: '19:40'}"]), "2/0/2"),
        # the whole evening, to a day that has none
        (text(closed=["{on: 2027-01-11, why: Snow, make_up: 2027-01-15}"]), "1/0/1"),
    ],
)  # fmt: skip
def test_an_edit_of_a_program_touches_no_more_of_a_discreet_calendar_than_it_must(
    after: str, expected: str
) -> None:
    assert touched(text(), after) == expected


def test_the_middle_of_an_evening_leaves_two_stretches() -> None:
    three = text(ROWS[0], "{name: Middle, minutes: 30}", ROWS[1])
    cancel = ["{on: 2027-01-11, session: Middle, cancel: true}"]
    gone = text(ROWS[0], "{name: Middle, minutes: 30}", ROWS[1], changes=cancel)
    assert touched(three, gone) == "2/0/1"


def test_a_lengthened_break_that_joins_again_gives_back_the_very_series() -> None:
    short, long = (insert(f"{{name: Break, kind: break, minutes: {minutes}}}") for minutes in (19, 20))
    assert touched(long, short) == "0/2/2"


SNOW = text(closed=["{on: 2027-01-11, why: Snow, instead: telehealth}"])


@pytest.mark.parametrize(
    ("show", "expected"),
    # by link there is no address
    [((), "0 bytes"), (("link",), "0 bytes"), (("location",), "1/0/1"), (("phone",), "0 bytes")],
)
def test_a_day_by_link_is_another_one_where_that_shows(show: tuple[str, ...], expected: str) -> None:
    assert touched(text(), SNOW, {"show": show}) == expected


def test_another_link_for_a_day_shows_where_links_do() -> None:
    after = text(changes=["{on: 2027-01-11, session: First, link: 'https://meet.example/2'}"])
    assert touched(text(), after, {"show": ("link",)}) == "1/0/1"
    assert touched(text(), after) == "0 bytes"


WHOLE = text(changes=[f"{{on: 2027-01-11, session: {each}, cancel: true}}" for each in ("First", "Second")])
BUSY = {"privacy": "busy"}


def test_a_cancelled_stretch_of_a_busy_calendar_is_left_out() -> None:
    assert touched(text(), WHOLE, BUSY) == "0/0/1"
    assert touched(text(), text(closed=["2027-01-11 Snow"]), BUSY) == "0/0/1"
    assert b"CANCELLED" not in edited(text(), WHOLE, BUSY)[1]


@pytest.mark.parametrize(
    ("before", "after", "expected", "named"),
    [
        # all, and the name of the calendar
        ({}, {"title": "Class"}, "0/0/2", True),
        ({"title": "Class"}, {"title": "Course"}, "0/0/2", True),
        (BUSY, {**BUSY, "title": "Class"}, "0/0/0", True),
        # a level of stretches to the other
        ({}, BUSY, "0/0/2", False),
        # sessions become stretches: there were two on each of three weekdays of a phase
        ({"privacy": "titles"}, {}, "2/6/0", True),
        ({"privacy": "full"}, BUSY, "2/6/0", True),
        ({"privacy": "full"}, {"privacy": "titles"}, "0/0/6", False),
        # a reminder before each series
        ({}, {"remind": (60,)}, "0/0/2", False),
        ({"remind": (60,)}, {"remind": (60, 10)}, "0/0/2", False),
        # 12 evenings of two sessions
        ({}, {"flat": True}, "12/2/0", False),
        # another identity altogether
        ({}, {"name": "other"}, "2/2/0", False),
        # a file to import has no name; what was subscribed to leaves nothing in it
        ({}, {"file": True}, "2/2/0", True),
    ],
)  # fmt: skip
def test_an_edit_of_a_feed_touches_what_it_says(
    before: Feed, after: Feed, expected: str, named: bool
) -> None:
    was, between, found = edited(text(), text(), before, after)
    assert str(found) == expected
    names = [[line for line in each.split(b"\r\n") if b"NAME:" in line] for each in (was, between)]
    assert (names[0] != names[1]) is named
