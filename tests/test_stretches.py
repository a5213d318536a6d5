"""What discreet and busy calendars show: stretches of the day, and nothing of what they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from iopcal.feeds import feeds
from iopcal.fold import fold, unfold
from iopcal.lint import lint
from iopcal.model import FeedRule, Status, Text
from iopcal.publish import Draft, Options, drafts, wanted_files
from iopcal.targets.uid import uid
from tests.drafting import discreet, expanded
from tests.program_text import program_text
from tests.publishing import Count, build_discreet, count, events, moment

NOW = "2027-01-02T12:00Z"
AHEAD = "2027-01-05T12:00Z"
TITLES = "{name: First, minutes: 60}", "{name: Second, minutes: 60}"
MONDAYS = ["{name: Intensive, weeks: 4, days: mon}"]


def text(*rows: str, **keys: Any) -> str:
    """Returns a program of four Mondays from 4 January 2027 on, 17:30."""
    return program_text(**{"sessions": list(rows or TITLES), "phases": MONDAYS, **keys})


def draft(program: str, **rule: Any) -> Draft:
    (found,) = discreet(program, {}, moment(NOW), **rule)
    return found


def told(found: Draft) -> list[str]:
    """Returns the slots of a feed as `number: 11 Jan 17:30+120`, those that are not shown left out."""
    return [
        f"{slot.single[9]}: {slot.real.start:%d %b %H:%M}+{slot.real.minutes}"
        + (f" {slot.status.value}" if slot.status is not Status.CONFIRMED else "")
        for slot in found.publication.slots
        if not slot.hidden
    ]


def of_day(program: str, day: int = 11, **rule: Any) -> list[str]:
    """Returns the slots of one day in January."""
    return [each for each in told(draft(program, **rule)) if f": {day:02} Jan" in each]


@pytest.mark.parametrize(
    ("gap", "stretches"),
    [
        (0, ["1: 11 Jan 17:30+120"]),
        (19, ["1: 11 Jan 17:30+139"]),
        (20, ["1: 11 Jan 17:30+60", "2: 11 Jan 18:50+60"]),
        (45, ["1: 11 Jan 17:30+60", "2: 11 Jan 19:15+60"]),
    ],
)
def test_sessions_less_than_twenty_minutes_apart_are_one_stretch(gap: int, stretches: list[str]) -> None:
    rest = (f"{{name: Break, kind: break, minutes: {gap}}}",) if gap else ()
    assert of_day(text(TITLES[0], *rest, TITLES[1])) == stretches


@pytest.mark.parametrize(
    ("rows", "stretches"),
    [
        # a meal that is shown joins what a break would not
        (["{name: Dinner, kind: meal, minutes: 30}"], ["1: 11 Jan 17:30+150"]),
        (["{name: Dinner, kind: meal, minutes: 30, publish: never}"],
         ["1: 11 Jan 17:30+60", "2: 11 Jan 19:00+60"]),
        (["{name: Dinner, kind: meal, minutes: 30, optional: true}"], ["1: 11 Jan 17:30+150"]),
        # staff are told, participants are not
        (["{name: Handover, kind: staffing, minutes: 30}"], ["1: 11 Jan 17:30+60", "2: 11 Jan 19:00+60"]),
    ],
)  # fmt: skip
def test_what_is_published_joins_and_what_is_not_neither_joins_nor_separates(
    rows: list[str], stretches: list[str]
) -> None:
    assert of_day(text(TITLES[0], *rows, TITLES[1])) == stretches


def test_sessions_side_by_side_are_one_stretch_to_the_end_of_the_longest() -> None:
    rows = ("{name: Long, minutes: 90, one_of: choice}", "{name: Short, minutes: 30, one_of: choice}")
    assert of_day(text(*rows)) == ["1: 11 Jan 17:30+90"]


def test_all_phases_of_a_weekday_are_one_series_and_each_path_has_its_own() -> None:
    phases = ["{name: Intensive, weeks: 2, days: mon}", "{name: Step-down, weeks: 2, days: mon}"]
    cohorts = ["{id: a}", "{id: b, starts: 2027-02-01}"]
    found = draft(text(phases=phases, cohorts=cohorts))
    keys = [event.key for event in found.publication.calendar.events]
    assert keys == [
        ("1", "evening-iop", "track/-", each, "-", "-", "series", "*", "-", "1", "mon", "1")
        for each in ("a", "b")
    ]


@pytest.mark.parametrize(
    ("line", "stretches"),
    [
        # a part of it
        ("{on: 2027-01-11, session: First, cancel: true}", ["+1: 11 Jan 18:30+60"]),
        ("{on: 2027-01-11, session: Second, cancel: true}", ["+1: 11 Jan 17:30+60"]),
        ("{on: 2027-01-11, session: Second, minutes: 90}", ["+1: 11 Jan 17:30+150"]),
        ("{on: 2027-01-11, session: Second, at: '19:00'}",
         ["+1: 11 Jan 17:30+60", "+2: 11 Jan 19:00+60"]),
        ("{on: 2027-01-11, session: Second, to: 2027-01-12}", ["+1: 11 Jan 17:30+60"]),
        ("{on: 2027-01-11, add: Talk, at: '19:40', minutes: 20}", ["+1: 11 Jan 17:30+150"]),
        ("{on: 2027-01-11, add: Talk, at: '19:50', minutes: 20}",
         ["1: 11 Jan 17:30+120", "+1: 11 Jan 19:50+20"]),
        # nothing that shows
        ("{on: 2027-01-11, session: First, lead: J. Lee, room: Annex}", ["1: 11 Jan 17:30+120"]),
    ],
)  # fmt: skip
def test_a_day_that_is_otherwise_has_stretches_that_the_plan_has_not(line: str, stretches: list[str]) -> None:
    assert of_day(text(changes=[line])) == stretches


def test_a_session_that_is_moved_joins_the_stretch_of_the_day_it_enters() -> None:
    move = "{on: 2027-01-11, session: Second, to: 2027-01-18, at: '19:40'}"
    assert of_day(text(changes=[move])) == ["+1: 11 Jan 17:30+60"]
    assert of_day(text(changes=[move]), 18) == ["+1: 18 Jan 17:30+190"]


BOTH = [f"{{on: 2027-01-11, session: {each}, cancel: true}}" for each in ("First", "Second")]


@pytest.mark.parametrize(
    ("privacy", "stretches"), [("discreet", ["1: 11 Jan 17:30+120 cancelled"]), ("busy", [])]
)
def test_a_stretch_is_shown_as_cancelled_only_as_a_whole_and_never_when_busy(
    privacy: str, stretches: list[str]
) -> None:
    assert of_day(text(changes=BOTH), privacy=privacy) == stretches


def test_a_cancelled_stretch_says_so_in_neutral_words_for_thirty_days() -> None:
    files = build_discreet(text(changes=BOTH), {}, NOW)
    (found,) = (each for each in events(files["calendar.ics"]).values() if "STATUS:CANCELLED" in each.lines)
    assert "SUMMARY:CANCELLED: Appointment" in found.lines
    kept = build_discreet(text(changes=BOTH), files, "2027-02-11T05:59Z")
    assert kept == files
    gone = build_discreet(text(changes=BOTH), files, "2027-02-11T06:00Z")
    assert count(files["calendar.ics"], gone["calendar.ics"]) == Count(0, 1, 0)


def test_what_was_moved_and_then_cancelled_is_shown_where_people_saw_it() -> None:
    move = "{on: 2027-01-11, session: Second, to: 2027-01-16, at: '10:00'%s}"
    files = build_discreet(text(changes=[move % ""]), {}, NOW)
    gone = build_discreet(text(changes=[move % ", cancel: true"]), files, AHEAD)
    assert count(files["calendar.ics"], gone["calendar.ics"]) == Count(0, 0, 1)
    assert of_day(text(changes=[move % ", cancel: true"]), 16) == ["+1: 16 Jan 10:00+60 cancelled"]


def test_what_was_moved_beside_others_and_then_cancelled_is_a_part_of_them() -> None:
    move = "{on: 2027-01-11, session: Second, to: 2027-01-18, at: '19:40', cancel: true}"
    assert of_day(text(changes=[move]), 18) == ["1: 18 Jan 17:30+120"]


SPLIT = (TITLES[0], "{name: Break, kind: break, minutes: 30}", TITLES[1])


@pytest.mark.parametrize(
    ("closed", "shown"),
    [
        ("{on: 2027-01-11, why: Snow}", ["20270111T173000", "20270111T190000"]),
        ("{on: 2027-01-11, from: '18:30', why: Snow}", ["20270111T190000"]),
    ],
)
def test_a_closed_stretch_is_shown_as_cancelled_where_that_very_one_was_seen(
    closed: str, shown: list[str]
) -> None:
    def cancelled(files: dict[str, bytes]) -> list[str]:
        found = (each for each in events(files["calendar.ics"]).values() if "STATUS:CANCELLED" in each.lines)
        return sorted(each.lines[0][-15:] for each in found)

    files = build_discreet(text(*SPLIT), {}, NOW)
    assert cancelled(build_discreet(text(*SPLIT, closed=[closed]), files, AHEAD)) == shown
    assert cancelled(build_discreet(text(*SPLIT, closed=[closed]), {}, AHEAD)) == []
    # before, the evening had one stretch, at another time than the second now
    short = build_discreet(text(TITLES[0]), {}, NOW)
    again = build_discreet(text(*SPLIT, closed=[closed]), short, AHEAD)
    assert cancelled(again) == [each for each in shown if each.endswith("T173000")]


def test_in_an_even_program_the_part_is_the_number_of_the_stretch_in_the_day() -> None:
    found = draft(text(*SPLIT)).publication.calendar.events
    assert [(event.key[11], f"{event.start:%H:%M}", len(event.dates)) for event in found] == [
        ("1", "17:30", 4),
        ("2", "19:00", 4),
    ]


EVERYTHING = {
    "location": "14 Main Street",
    "link": "https://meet.example/5",
    "phone": "555-0100",
}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, Text("Appointment")),
        ({"title": "Class"}, Text("Class")),
        ({"show": ("phone",)}, Text("Appointment", "Phone: 555-0100")),
        ({"show": ("location",)}, Text("Appointment", "", "14 Main Street")),
        ({"show": ("link",)},
         Text("Appointment", "https://meet.example/5", "https://meet.example/5", "https://meet.example/5")),
        ({"show": ("phone", "location", "link")},
         Text("Appointment", "https://meet.example/5\nPhone: 555-0100", "14 Main Street",
              "https://meet.example/5")),
        ({"privacy": "busy", "title": "Class"}, Text("Busy")),
    ],
)  # fmt: skip
def test_a_stretch_says_no_more_than_its_feed_allows(rule: dict[str, Any], expected: Text) -> None:
    found = draft(text(**EVERYTHING), **rule)
    assert {slot.real.text for slot in found.publication.slots} == {expected}
    assert found.data is not None
    assert lint(found.data, as_="feed", private=True, ours=True) == ()


def test_a_stretch_in_two_places_tells_both_and_all_links() -> None:
    rows = [
        "{name: First, minutes: 60, location: 14 Main Street, link: 'https://meet.example/5'}",
        "{name: Second, minutes: 60, location: Town hall, link: 'https://meet.example/6'}",
        "{name: Third, minutes: 60, location: 14 Main Street}",
    ]
    found = draft(text(*rows), show=("location", "link"))
    assert {slot.real.text for slot in found.publication.slots} == {
        Text(
            "Appointment",
            "https://meet.example/5\nhttps://meet.example/6",
            "14 Main Street; Town hall",
            "https://meet.example/5",
        )
    }
    assert found.data is not None
    assert lint(found.data, as_="feed", private=True, ours=True) == ()


def test_a_day_by_link_is_another_stretch_only_where_the_link_shows() -> None:
    closed = ["{on: 2027-01-11, why: Snow, instead: telehealth}"]
    assert of_day(text(closed=closed, **EVERYTHING)) == ["1: 11 Jan 17:30+120"]
    assert of_day(text(closed=closed, **EVERYTHING), show=("location",)) == ["+1: 11 Jan 17:30+120"]


def head(found: Draft) -> list[str]:
    assert found.data is not None
    return found.data.decode().split("\r\n")[:9]


@pytest.mark.parametrize(("title", "name"), [("", "Calendar"), ("Class", "Class")])
@pytest.mark.parametrize("privacy", ["discreet", "busy"])
def test_a_calendar_of_stretches_is_neutral(privacy: str, title: str, name: str) -> None:
    lines = head(draft(text(), privacy=privacy, title=title))
    assert lines[2] == "PRODID:-//Calendar//EN"
    assert lines[4:6] == [f"X-WR-CALNAME:{name}", f"NAME:{name}"]


def test_only_the_slot_that_opens_a_stretch_of_the_plain_timetable_reminds() -> None:
    changes = [
        "{on: 2027-01-11, session: First, cancel: true}",
        "{on: 2027-01-18, session: First, to: 2027-01-19}",
        "{on: 2027-01-20, add: Talk, at: '18:00', minutes: 60}",
    ]
    found = draft(text(*SPLIT[:2], TITLES[1], "{name: Third, minutes: 30}", changes=changes), remind=(60, 10))
    alarms = {
        f"{slot.real.start:%d %H:%M}": slot.real.alarms for slot in found.publication.slots if not slot.hidden
    }
    on, off = (60, 10), ()
    assert alarms == {
        "04 17:30": on, "04 19:00": on, "11 17:30": on, "11 19:00": on, "18 19:00": on,
        "19 17:30": on, "20 18:00": off, "25 17:30": on, "25 19:00": on,
    }  # fmt: skip
    titles = draft(text(changes=changes), remind=(60,), privacy="titles")
    alarms = {
        f"{slot.real.start:%d %H:%M}": slot.real.alarms
        for slot in titles.publication.slots
        if not slot.hidden
    }
    on = (60,)
    assert alarms == {
        "04 17:30": on, "04 18:30": off, "11 17:30": on, "11 18:30": off, "18 18:30": off,
        "19 17:30": on, "20 18:00": off, "25 17:30": on, "25 18:30": off,
    }  # fmt: skip
    assert titles.data is not None
    assert titles.data.count(b"BEGIN:VALARM") == 2  # of the series, and of what is moved


def test_what_remains_of_an_evening_without_its_beginning_does_not_remind() -> None:
    changes = ["{on: 2027-01-11, session: First, cancel: true}"]
    found = draft(text(changes=changes), remind=(60,))
    assert [
        slot.real.alarms for slot in found.publication.slots if slot.date.day == 11 and not slot.hidden
    ] == [()]


@pytest.mark.parametrize("flat", [False, True])
def test_unfolding_gives_back_the_stretches(flat: bool) -> None:
    found = draft(text(*SPLIT, changes=BOTH, closed=["2027-01-18 Snow"]))
    shown = [slot for slot in found.publication.slots if not slot.hidden and slot.status is not Status.CLOSED]
    assert sorted(unfold(fold(found.publication.slots, flat))) == sorted(
        (slot.real._replace(alarms=slot.real.alarms), slot.status is Status.CANCELLED) for slot in shown
    )


def test_a_flat_feed_is_singles_numbered_as_in_the_plan_of_the_day() -> None:
    found = draft(text(*SPLIT), flat=True)
    keys = [event.key[6:] for event in found.publication.calendar.events]
    days = ["2027-01-04", "2027-01-11", "2027-01-18", "2027-01-25"]
    assert keys == [("day", "*", day, number) for day in days for number in ("1", "2")]


def published(program: str, rules: Sequence[FeedRule], secret: bytes = b"") -> dict[str, bytes]:
    read, expansion = expanded(program)
    read = read._replace(feeds=tuple(rules))
    names = {feed.key: f"{number}.ics" for number, feed in enumerate(feeds(read))}
    options = Options(moment(NOW))
    return dict(wanted_files(drafts(read, expansion, {}.get, options, names=names, secret=secret)))


def test_a_secret_hides_the_keys_of_stretches_and_of_nothing_else() -> None:
    rules = [FeedRule("program", "titles"), FeedRule("track", "discreet"), FeedRule("cohort", "busy")]
    plain, hidden = published(text(), rules), published(text(), rules, b"secret")
    assert plain["0.ics"] == hidden["0.ics"]
    key = ("1", "evening-iop", "track/-", "-", "-", "-", "series", "*", "-", "1", "mon", "1")
    assert list(events(plain["1.ics"])) == [uid(key)]
    assert list(events(hidden["1.ics"])) == [uid(key, b"secret")]
    for before, after in ((plain[name], hidden[name]) for name in ("1.ics", "2.ics")):
        assert events(before).keys().isdisjoint(events(after))
        assert [each.lines for each in events(before).values()] == [
            each.lines for each in events(after).values()
        ]


def test_a_hidden_key_is_known_again_in_the_next_build_and_in_its_plan() -> None:
    program, expansion = expanded(text())
    closed, after = expanded(text(closed=["2027-01-11 Snow"]))
    rules = (FeedRule("track", "discreet"),)
    names = {"track/-": "a.ics"}
    (first,) = drafts(
        program._replace(feeds=rules), expansion, {}.get, Options(moment(NOW)), names=names, secret=b"s"
    )
    files = wanted_files([first])
    (second,) = drafts(
        closed._replace(feeds=rules), after, files.get, Options(moment(AHEAD)), names=names, secret=b"s"
    )
    assert second.data is not None
    assert count(files["a.ics"], second.data) == Count(1, 0, 1)
    plan = second.plan
    assert [(change.verb.value, change.identity[4:]) for change in plan.changes] == [
        ("cancelled", ("2027-01-11", "1"))
    ]
    assert (plan.kept, plan.ahead, plan.going) == (3, 3, 1)  # of 11, 18 and 25 January


def test_a_plan_tells_each_of_two_stretches_of_a_day() -> None:
    before, after = text(*SPLIT), text(*SPLIT, changes=["{from: 2027-01-18, session: Second, at: '19:30'}"])
    files = build_discreet(before, {}, NOW)
    (found,) = discreet(after, files, moment(AHEAD))
    moved = [(change.verb.value, change.identity[4:], change.after and f"{change.after.start:%H:%M}")
             for change in found.plan.changes]  # fmt: skip
    assert moved == [("moved", ("2027-01-18", "2"), "19:30"), ("moved", ("2027-01-25", "2"), "19:30")]
    assert found.plan.kept == 6
    assert {change.after.cause.line for change in found.plan.changes if change.after} == {13}


def test_the_day_of_a_stretch_is_that_of_its_sessions_also_when_it_is_moved() -> None:
    move = "{on: 2027-01-11, session: Second, to: 2027-01-13}"
    found = draft(text(changes=[move]))
    assert [slot.date for slot in found.publication.slots if slot.single[9] == "+1"] == [
        date(2027, 1, 11),
        date(2027, 1, 13),
    ]
