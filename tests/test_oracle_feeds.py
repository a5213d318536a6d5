"""The judge judged: feeds, hours and the forms of words; every value is worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.oracle import feed, hours, words
from tests.oracle.told import GROUP, ONE_PATH, WEEKDAYS, file


def test_feeds_show_what_is_published_and_not_cancelled() -> None:
    text = file(
        """
tracks: {a: , b: }
sessions:
  - {name: Group, minutes: 60, topics: Values}
  - {name: Break, kind: break, minutes: 10}
  - {name: Staff, kind: staffing, minutes: 10}
  - {name: Yoga, minutes: 20, optional: true, topics: [Breath]}
  - {name: Gone, minutes: 30}
phases: [{name: A, weeks: 1, days: mon}]
changes:
  - {on: 2027-01-04, session: Gone, cancel: true}
  - {on: 2027-01-04, session: Group, to: 2027-01-05, tracks: b}
"""
    )
    today = date(2027, 1, 1)
    times = [
        (f"{start:%d %H:%M}", f"{end:%H:%M}", title) for start, end, title in feed(text, "program", today)
    ]
    assert times == [
        ("04 23:30", "00:30", "Group: Values"),
        ("05 00:40", "00:50", "Staff"),
        ("05 00:40", "00:50", "Staff"),
        ("05 00:50", "01:10", "Yoga: Breath (optional)"),
        ("05 00:50", "01:10", "Yoga: Breath (optional)"),
        ("05 23:30", "00:30", "Group: Values"),
    ]
    assert [title for _, _, title in feed(text, "track/a", today)] == ["Group", "Yoga (optional)"]
    assert [title for _, _, title in feed(text, "track/b", today)] == ["Yoga (optional)", "Group"]
    assert len(feed(file(GROUP + WEEKDAYS), "track/-", today)) == 5


HOURS = """
sessions:
  - {name: Fifty, minutes: 50}
  - {name: Pause, kind: break, minutes: 10}
  - {name: Sixty, minutes: 60}
  - {name: Ninety, minutes: 90}
  - {name: Hundred, minutes: 100}
  - {name: Dinner, kind: meal, minutes: 30, optional: true}
  - {name: Lunch, kind: meal, minutes: 40}
  - {name: Long break, kind: break, minutes: 5, counts: false}
phases: [{name: A, weeks: 1, days: wed mon}]
closed: [{on: 2027-01-11, make_up: 2027-01-17}]
"""


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("{}", {"01-04": 300, "01-11": 300}),
        ("{breaks: true}", {"01-04": 310, "01-11": 310}),
        ("{meals: true}", {"01-04": 340, "01-11": 340}),
        ("{count: fifty-minute-hour}", {"01-04": 330, "01-11": 330}),
        ("{count: span}", {"01-04": 310, "01-11": 310}),
        ("{week: sun-sat}", {"01-03": 300, "01-10": 0, "01-17": 300}),
        ("{week: own}", {"01-06": 600}),
    ],
)
def test_hours_are_counted_as_the_file_says(how: str, expected: dict[str, int]) -> None:
    # Wed 6 January, and Mon 11 made up on Sun 17.
    weekly = hours(file(HOURS + f"hours: {how}\n", "2027-01-06", "09:00"))[ONE_PATH]
    assert {f"{day:%m-%d}": minutes for day, minutes in weekly.items()} == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Skills_Group & Café 2!", "skills-group-cafe-2"),
        ("  Über-Gruppe", "uber-gruppe"),
        ("Группа 1", "группа-1"),
        ("ﬁrst²", "first2"),
    ],
)
def test_a_default_id_is_the_name_as_a_slug(name: str, expected: str) -> None:
    assert words.slug(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17:30", (1050, None)),
        ("5:30 pm", (1050, None)),
        ("12:15 am", (15, None)),
        ("12:00 pm", (720, None)),
        ("9:30-10:15", (570, 45)),
        ("11:30 am - 1:00 pm", (690, 90)),
        ("22:00-00:00", (1320, 120)),
    ],
)
def test_times_are_read_in_all_their_forms(text: str, expected: tuple[int, int | None]) -> None:
    assert words.clock_and_length(text) == expected
