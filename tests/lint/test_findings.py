"""What a finding says, where it points, and what a rule says of itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iopcal.lint import RULES, Finding, explain, format_finding, lint
from iopcal.lint.text import telling_word
from tests.lint.changes import HERE, apply, read_change

FEED = (HERE / "good" / "feed.ics").read_bytes()


@pytest.mark.parametrize(
    ("name", "line", "text"),
    [
        ("R7-utc", "EXDATE:20270111T233000Z", "EXDATE '20270111T233000Z' is not in the form of DTSTART"),
        ("R3-wall-clock-with-z", "RRULE:", "UNTIL=20270125T173000Z is before the slot of its day"),
        ("E6-negative", "SEQUENCE:-1", "SEQUENCE '-1' is not in 0..2147483647"),
        ("E7-one-l", "STATUS:CANCELED", "STATUS is 'CANCELED', not CONFIRMED or CANCELLED"),
        ("Z2-misspelt", "TZID:", "TZID 'America/Chigaco' is not the IANA name of a zone"),
        (
            "Z6-wrong-offset",
            "BEGIN:VTIMEZONE",
            "on 2027-01-03 at 17:30 UTC the VTIMEZONE has -07:00, America/Chicago has -06:00",
        ),
        ("B5-vertical-tab", "SUMMARY:Individual\v", "SUMMARY holds U+000B"),
        ("T3-over-a-fold", "LOCATION:Riverbend The", "LOCATION holds the telling word 'Therapy'"),
        ("T1-line-break", "Bring a pen", "a line break is not escaped: the line has no name"),
        ("B2-cut-between-events", "BEGIN:VCALENDAR", "BEGIN:VCALENDAR has no END"),
        ("D6-shorter", "BEGIN:VCALENDAR", "6 of 18 slots ahead are gone (33 %)"),
    ],
)
def test_a_finding_says_what_was_seen_and_where(name, line, text):
    change = read_change(HERE / "bad" / f"{name}.change")
    (finding,) = lint(change.changed, **change.options)
    lines = change.changed.decode().split("\r\n")
    assert finding.text == text
    assert lines[finding.line - 1].startswith(line)


def test_wrong_line_ends_are_one_finding_with_their_number():
    (finding,) = lint(FEED.replace(b"\r\n", b"\n"))
    count = FEED.count(b"\r\n")
    assert finding[:3] == (1, "B3", f"the line ends with a bare LF, and so do {count - 1} more")


def test_a_finding_is_printed_with_its_file_line_code_and_who_breaks():
    assert format_finding("a.ics", Finding(7, "E6", "SEQUENCE '-1' is not in 0..2147483647")) == (
        "a.ics:7: E6 SEQUENCE '-1' is not in 0..2147483647, above, Google's import fails (shelf.nu #2485)"
    )


def test_a_warning_is_marked_as_one():
    line = format_finding("a.ics", Finding(7, "E3", "UID '1' is not a bare lower-case UUID", "warning"))
    assert line.startswith("a.ics:7: E3 warning: UID '1' is")


def test_a_value_is_shown_without_what_a_terminal_would_obey():
    data = FEED.replace(b"STATUS:CANCELLED", b"STATUS:\x1b[31m" + b"x" * 300)
    (text,) = (finding.text for finding in lint(data) if finding.code == "E7")
    assert "'\\x1b[31mxxx" in text
    assert len(text) < 120


@pytest.mark.parametrize("code", RULES)
def test_every_rule_explains_itself(code):
    text = explain(code)
    assert text.startswith(f"{code}: ")
    assert RULES[code].breaks in text


def test_a_code_in_lower_case_is_understood_and_another_is_an_error():
    assert explain("r7") == explain("R7")
    with pytest.raises(KeyError):
        explain("R12")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Appointment", ""),
        ("Evening IOP", "IOP"),
        ("MyIOPCalendar", "IOPCalendar"),
        ("-//iopcal//EN", "iopcal"),
        ("Calliope Street, Ethiopia House", ""),
        ("group-therapy", "group"),
        ("psychotherapist", "psychotherapist"),
        ("https://clinic.example/index.php?x=1", ""),
        ("PHP", "PHP"),
        ("Bioptic lens, Groupe Seb", ""),
        ("Eating  disorder day", "Eating  disorder"),
        ("12-Step", "12-Step"),
        ("Step-down", "Step-down"),
        ("met Ada  okafor.", "ada okafor"),
        ("Ada's office, Okafor House", ""),
        ("STRASSE", "strasse"),
        ("Annex of Annual", ""),
    ],
)
def test_telling_words_are_found_as_words(text, word):
    assert telling_word(text, ["Ada Okafor", "Straße", "Ann", "A"]) == word


def test_a_word_of_the_program_means_nothing_in_values_of_a_fixed_form():
    data = (HERE / "good" / "discreet.ics").read_bytes()
    words = [
        "Chicago",
        "Display",
        "Private",
        "CST",
        "Daylight",
        "Summary",
        "Location",
        "Weekly",
        "Busy",
        "Calendar",
    ]
    assert lint(data, words=words) == ()


def test_a_second_change_of_the_same_kind_is_told_too():
    data = apply(FEED, " UID:f12701ef-fbd6-5bb6-9add-10a1240b6fa6\n-DTSTAMP:20270106T141500Z")
    data = data.replace(b"SEQUENCE:3690135", b"SEQUENCE:x")
    assert [finding.code for finding in lint(data)] == ["E6", "E1", "E6"]


NEW = read_change(HERE / "bad" / "D6-shorter.change")


def test_without_a_file_before_it_no_difference_is_judged():
    assert lint(NEW.changed, now=NEW.options["now"].replace(year=2026)) == ()


def test_without_a_time_every_slot_lies_ahead():
    found = lint(NEW.changed, was=NEW.base)
    assert [finding.text for finding in found] == ["6 of 18 slots ahead are gone (33 %)"]


@pytest.mark.parametrize("start", [";VALUE=DATE:202701{}", ":202701{}T140000Z"])
def test_what_takes_place_later_today_lies_ahead_in_a_foreign_file_too(start):
    """Ten entries a day apart, of which the first four go; fewer than ten would not be judged."""

    def file(days):
        events = "".join(
            f"BEGIN:VEVENT\r\nUID:{day}@other.example\r\nDTSTAMP:20270101T000000Z\r\n"
            f"DTSTART{start.format(day)}\r\nSUMMARY:Open day\r\nEND:VEVENT\r\n"
            for day in days
        )
        head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\nX-WR-CALNAME:Open days\r\n"
        return f"{head}{events}END:VCALENDAR\r\n".encode()

    before, after = file(range(10, 20)), file(range(14, 20))
    noon, tomorrow = (datetime(2027, 1, day, 12, tzinfo=UTC) for day in (10, 11))
    found = [f.text for f in lint(after, was=before, now=noon) if f.code == "D6"]
    assert found == ["4 of 10 slots ahead are gone (40 %)"]
    assert not [f for f in lint(after, was=before, now=tomorrow) if f.code == "D6"]


def test_slots_that_are_over_may_go():
    found = lint(NEW.changed, was=NEW.base, now=NEW.options["now"].replace(month=5))
    assert found == ()


def test_an_event_may_leave_a_file_thirty_days_after_its_last_slot():
    change = read_change(HERE / "bad" / "D5-gone.change")  # its slot is on 7 January
    codes = [
        [
            finding.code
            for finding in lint(change.changed, was=change.base, now=change.options["now"].replace(**day))
        ]
        for day in ({"month": 2, "day": 5}, {"month": 2, "day": 7})
    ]
    assert codes == [["D5"], []]
