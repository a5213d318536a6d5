"""Times, dates and the traps of YAML: what is written is what is read, or it is refused."""

from __future__ import annotations

import pytest

from iopcal.model import Program
from tests.program_text import problems_in, program_text, read_text, small

DAY = range(24 * 60)


def spellings(clock: int) -> tuple[str, ...]:
    """Returns five spellings of a minute of the day."""
    hour, minute = divmod(clock, 60)
    half, on_dial = "pm" if hour >= 12 else "am", hour % 12 or 12
    return (
        f"{hour}:{minute:02d}",
        f"{hour:02d}:{minute:02d}",
        f'"{hour:02d}:{minute:02d}"',
        f"{on_dial}:{minute:02d} {half}",
        f"{on_dial}:{minute:02d}{half.upper()}",
    )


def starts_of(program: Program | None) -> list[int | None]:
    """Returns the start of each session."""
    assert program is not None
    return [activity.placements[0].start for activity in program.activities]


@pytest.mark.parametrize("spelling", range(5))
def test_every_minute_of_the_day_is_read_as_itself_in_five_spellings(spelling: int) -> None:
    """7,200 times in all, 144 to a file; none is changed in silence."""
    seen = 0
    for first in range(0, len(DAY), 144):
        clocks = DAY[first : first + 144]
        rows = [f"{{name: S{clock}, minutes: 1, at: {spellings(clock)[spelling]}}}" for clock in clocks]
        program, _ = read_text(program_text(sessions=rows))
        assert starts_of(program) == list(clocks)
        seen += len(clocks)
    assert seen == 1440


TRAPS = [  # what stands in the file, the right spelling that is offered
    ("24:00", "did you mean '00:00'?"),
    ("12:60", "did you mean '13:00'?"),
    ("9:30:00", "did you mean '09:30'?"),
    ("1:5", "did you mean '01:05'?"),
    ("9.30", "write '09:30' or '21:30'"),
    ("0930", "write '09:30' or '21:30'"),
    ("1730", "did you mean '17:30'?"),
    ("9", "write '09:00' or '21:00'"),
    ("4.30", "write '04:30' or '16:30'"),
    ("1130", "write '11:30' or '23:30'"),
    ("12.30", "did you mean '12:30'?"),
    ("17h30", "did you mean '17:30'?"),
    ("5 pm", "did you mean '5:00 pm'?"),
    ("5:30 p.m.", "did you mean '5:30 pm'?"),
    ("5:30p", "did you mean '5:30 pm'?"),
    ("13:30 pm", "did you mean '13:30'?"),
    ("0:30 am", "did you mean '00:30'?"),
    ("noon", "did you mean '12:00'?"),
    ("midnight", "did you mean '00:00'?"),
    ("25:00", "times are written 17:30 or 5:30 pm"),
    ("12:75", "times are written 17:30 or 5:30 pm"),
    ("half past five", "times are written 17:30 or 5:30 pm"),
    ("١٧:٣٠", "times are written 17:30 or 5:30 pm"),
    ("5:30", None),
    ("12:00 pm", None),
]


@pytest.mark.parametrize(("written", "offer"), TRAPS)
def test_a_trap_is_refused_with_the_nearest_right_spelling(written: str, offer: str | None) -> None:
    """Quotes change nothing: a time is a time by the key that holds it."""
    for text in (written, f'"{written}"'):
        found = problems_in(program_text(day_starts=text))
        assert found == ([] if offer is None else [f"5:13 IOP140 '{written}' is not a time | {offer}"])


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("18:00", 1080), ("9:30", 570), ("09:30", 570), ("5:30 pm", 1050), ("12:00 pm", 720),
        ("12:30 PM", 750), ("05:30 pm", 1050), ("11:59 pm", 1439), ("5:00", 300),
    ],
)  # fmt: skip
def test_a_time_is_minutes_since_midnight(written: str, clock: int) -> None:
    """Of the wall clock, whatever the spelling."""
    assert small(day_starts=written).day_starts == clock


@pytest.mark.parametrize(("written", "clock"), [("0:30", 30), ("12:00 am", 0), ("4:59", 299)])
def test_a_time_before_five_is_read_and_warned_of(written: str, clock: int) -> None:
    """It is more often a forgotten 'pm' than a night."""
    program, problems = read_text(program_text(day_starts=written))
    assert program is not None
    assert program.day_starts == clock
    assert [(each.code, each.severity) for each in problems] == [("IOP164", "warning")]


@pytest.mark.parametrize(
    ("written", "start", "minutes"),
    [
        ("17:30-19:00", 1050, 90),
        ("17:30 - 19:00", 1050, 90),
        ("9:00-10:30", 540, 90),
        ("5:30 pm-7:00 pm", 1050, 90),
        ("11:30 am-12:30 pm", 690, 60),
        ("22:00-00:00", 1320, 120),
        ("10:00 pm-12:00 am", 1320, 120),
    ],
)
def test_a_range_of_times_gives_the_length(written: str, start: int, minutes: int) -> None:
    """An end at midnight is the end of the day."""
    (activity,) = small(sessions=[f"{{name: Group, at: {written}}}"]).activities
    (placement,) = activity.placements
    assert (placement.start, placement.minutes) == (start, minutes)


@pytest.mark.parametrize(
    ("written", "wrong", "offer"),
    [
        ("9-10", "is not a range of times", "09:00-10:00"),
        ("5:30-7:00 pm", "says am or pm at one end only", "5:30 pm-7:00 pm"),
        ("11:00-1:00 pm", "says am or pm at one end only", "11:00 am-1:00 pm"),
        ("17:30-7:00 pm", "says am or pm at one end only", "17:30-19:00"),
        ("17:30–19:00", "is not a range of times", "17:30-19:00"),
        ("17:30 to 19:00", "is not a range of times", "17:30-19:00"),
        ("17:30-24:00", "is not a range of times", "17:30-00:00"),
    ],
)
def test_a_range_with_two_readings_is_refused(written: str, wrong: str, offer: str) -> None:
    """Each end carries its own am or pm, or neither does."""
    found = problems_in(program_text(sessions=[f"{{name: Group, at: {written}}}"]))
    assert found == [f"7:23 IOP141 '{written}' {wrong} | did you mean '{offer}'?"]


DATES = [
    ("2027-1-4", "'2027-1-4' is not a date | did you mean '2027-01-04'?"),
    ("2026-02-30", "'2026-02-30' is not a date: February 2026 has 28 days | its last day is '2026-02-28'"),
    ("2028-02-30", "'2028-02-30' is not a date: February 2028 has 29 days | its last day is '2028-02-29'"),
    ("2026-03-08 09:00", "'2026-03-08 09:00' is not a date | did you mean '2026-03-08'?"),
    ("2026-13-01", "'2026-13-01' is not a date: a year has months 01 to 12 | did you mean '2026-01-13'?"),
    ("2026-00-10", "'2026-00-10' is not a date: a year has months 01 to 12 | dates are written 2027-01-18"),
    ("03/08/2026", "'03/08/2026' is not a date | write '2026-03-08' or '2026-08-03'"),
    ("3/20/2026", "'3/20/2026' is not a date | did you mean '2026-03-20'?"),
    ("20.3.2026", "'20.3.2026' is not a date | did you mean '2026-03-20'?"),
    ("10/26/26", "'10/26/26' is not a date | did you mean '2026-10-26'?"),
    ("26.10.26", "'26.10.26' is not a date | did you mean '2026-10-26'?"),
    ("3/4/27", "'3/4/27' is not a date | write '2027-03-04' or '2027-04-03'"),
    ("2026/03/08", "'2026/03/08' is not a date | did you mean '2026-03-08'?"),
    ("20260308", "'20260308' is not a date | did you mean '2026-03-08'?"),
    ("March 8 2026", "'March 8 2026' is not a date | did you mean '2026-03-08'?"),
    ("Sunday 8 Mar 2026", "'Sunday 8 Mar 2026' is not a date | did you mean '2026-03-08'?"),
    ("soon", "'soon' is not a date | dates are written 2027-01-18"),
]


@pytest.mark.parametrize(("written", "said"), DATES)
def test_a_date_is_written_in_one_way(written: str, said: str) -> None:
    """A date with two readings is offered in both."""
    assert problems_in(program_text(starts=written)) == [f"4:9 IOP142 {said}"]


@pytest.mark.parametrize(
    ("written", "offer"),
    [
        ("010", "did you mean '10'?"),
        ("007", "did you mean '7'?"),
        ("1_000", "did you mean '1000'?"),
        ("12_30", "did you mean '1230'?"),
        ("1.0", "did you mean '1'?"),
        ("two", "did you mean '2'?"),
        ("3 weeks", "did you mean '3'?"),
        ("0x1F", "whole numbers are plain digits, such as 12"),
        (".inf", "whole numbers are plain digits, such as 12"),
        ("1.5", "whole numbers are plain digits, such as 12"),
        ("-3", "whole numbers are plain digits, such as 12"),
        ("٣", "whole numbers are plain digits, such as 12"),
    ],
)
def test_a_whole_number_is_plain_digits(written: str, offer: str) -> None:
    """The same words are good texts."""
    refused = problems_in(program_text(keep_cancelled=written))
    assert refused == [f"10:17 IOP147 '{written}' is not a whole number | {offer}"]
    assert small(location=written).location == written


@pytest.mark.parametrize(
    ("written", "meaning"),
    [("true", True), ("yes", True), ("Yes", True), ("false", False), ("no", False), ("NO", False)],
)
def test_a_yes_or_no_key_takes_four_words(written: str, meaning: bool) -> None:
    """In small letters, capitals, or with a capital."""
    (activity,) = small(sessions=[f"{{name: Group, minutes: 60, optional: {written}}}"]).activities
    assert activity.optional is meaning


@pytest.mark.parametrize(
    ("written", "offer"), [("On", "yes"), ("y", "yes"), ("off", "no"), ("n", "no"), ("1", "yes")]
)
def test_a_yes_or_no_key_refuses_the_other_words_of_yaml(written: str, offer: str) -> None:
    """As a name such a word is a word."""
    found = problems_in(program_text(sessions=[f"{{name: {written}, minutes: 60, optional: {written}}}"]))
    expected = f"IOP149 '{written}' is not yes or no: write true, false, yes or no | did you mean '{offer}'?"
    assert [each.partition(" ")[2] for each in found] == [expected]


@pytest.mark.parametrize("word", ["biweekly", "bi-weekly", "Bi-Weekly", "semi-weekly", "semiweekly"])
@pytest.mark.parametrize("key", ["every", "days", "monthly", "weeks"])
def test_biweekly_is_refused_with_both_readings(word: str, key: str) -> None:
    """Twice a week to one, every two weeks to another."""
    found = problems_in(program_text(sessions=[f"{{name: Group, minutes: 60, {key}: {word}}}"]))
    column = len("  - {name: Group, minutes: 60, : ") + len(key) + 1
    assert found == [
        f"7:{column} IOP146 '{word}' can mean twice a week or every second week | "
        "write 'days: [mon, thu]' for twice a week, or 'every: 2' for every second week"
    ]
