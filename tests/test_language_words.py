"""The exact words of every problem of the language, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

import iopcal
from tests.program_text import problems_in, program_text, read_text

MISTAKES = Path(__file__).with_name("mistakes.txt")
ELSEWHERE = (
    "test_language_times.py",
    "feed_mistakes.txt",
)
"""Further files of tests that hold the exact words of codes."""

LONG = "x" * 1001
WEEKS = "9:22 IOP148 '261' is too large | weeks of a phase can be 1 to 260"
MINUTES = "7:24 IOP148 '1441' is too large | minutes can be 1 to 1,440"
TOO_LONG = "IOP153 the text has 201 characters, more than the 200 allowed here | shorten it"
LONG_LINK = "10:7 IOP153 the text has 1,001 characters, more than the 1,000 allowed here | shorten it"
LONG_ID = "IOP108 the id has 65 characters, more than the 64 allowed | shorten it"
YEARS = "lies outside the years 1970 to 2100 | check the year"


def cases() -> list[tuple[str, list[str]]]:
    """Returns the blocks of `mistakes.txt`: keys of a program, and what is said of them."""
    found = []
    for block in MISTAKES.read_text().split("\n\n")[1:]:
        lines = block.strip().splitlines()
        keys = [line for line in lines if not line.startswith("=> ")]
        found.append(("\n".join(keys), [line[3:] for line in lines if line.startswith("=> ")]))
    return found


def whole(keys: str) -> str:
    """Returns the small program with `keys` in the place of its own."""
    replaced: dict[str, object] = {}
    rows: list[str] = []
    for line in keys.splitlines():
        key, _, value = line.partition(":")
        if line.startswith("  - "):
            rows.append(line[4:])
        elif not value:
            replaced[key] = rows = []
        else:
            replaced[key] = None if value == " -" else value.strip()
    return program_text(**replaced)


@pytest.mark.parametrize(("keys", "said"), cases())
def test_a_mistake_is_said_in_these_words_at_this_place(keys: str, said: list[str]) -> None:
    """Nothing else is said beside it."""
    assert said
    assert problems_in(whole(keys)) == said


LIMITS = [  # a key with its longest value, the same one longer, and what is said of that
    ("id", "x" * 64, "x" * 65, f"2:5 {LONG_ID}"),
    ("program", "x" * 200, "x" * 201, f"1:10 {TOO_LONG}"),
    ("location", "x" * 200, "x" * 201, f"10:11 {TOO_LONG}"),
    ("link", f"https://{LONG[:992]}", f"https://{LONG[:993]}", LONG_LINK),
    ("keep_cancelled", "1830", "1831", "10:17 IOP148 '1831' is too large | days can be 1 to 1,830"),
    ("keep_cancelled", "1", "0", "10:17 IOP148 '0' is too small | days can be 1 to 1,830"),
    ("starts", "1970-01-01", "1969-12-31", f"4:9 IOP144 '1969-12-31' {YEARS}"),
    ("starts", "2100-12-31", "2101-01-01", f"4:9 IOP144 '2101-01-01' {YEARS}"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "good", "bad", "said"), LIMITS)
def test_a_limit_holds_on_both_sides(key: str, good: str, bad: str, said: str) -> None:
    """The longest is good, one more is not."""
    assert problems_in(program_text(**{key: good})) == []
    assert problems_in(program_text(**{key: bad})) == [said]


ROW_LIMITS = [  # keys of a session or phase, in the same way
    ("sessions", "name: A, minutes: ", "1440", "1441", MINUTES),
    ("sessions", "minutes: 5, name: ", LONG[:200], LONG[:201], f"7:24 {TOO_LONG}"),
    ("sessions", "name: A, minutes: 5, id: ", LONG[:64], LONG[:65], f"7:31 {LONG_ID}"),
    ("phases", "name: A, weeks: ", "260", "261", WEEKS),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "keys", "good", "bad", "said"), ROW_LIMITS)
def test_a_limit_of_a_row_holds_on_both_sides(rows: str, keys: str, good: str, bad: str, said: str) -> None:
    """A session of 1,440 minutes begins at midnight; that alone is worth a warning."""
    start = {"day_starts": "00:00"} if good == "1440" else {}
    assert [
        each
        for each in problems_in(program_text(**start, **{rows: [f"{{{keys}{good}}}"]}))
        if "w " not in each
    ] == []
    assert problems_in(program_text(**{rows: [f"{{{keys}{bad}}}"]})) == [said]


def test_so_many_rows_are_read_and_no_more() -> None:
    """200 sessions and 100 phases."""
    sessions = [f"{{name: S{number}, minutes: 1}}" for number in range(201)]
    phases = [f"{{name: P{number}, weeks: 1}}" for number in range(101)]
    assert problems_in(program_text(sessions=sessions[:200], phases=phases[:100])) == []
    found = problems_in(program_text(sessions=sessions))
    assert found == ["207:5 IOP155 201 sessions are more than the 200 allowed"]
    found = problems_in(program_text(phases=phases))
    assert found == ["109:5 IOP155 101 phases are more than the 100 allowed"]


def test_a_number_of_three_thousand_digits_is_too_large_and_shown_short() -> None:
    """Python itself refuses to read it."""
    found = problems_in(program_text(keep_cancelled="9" * 3000))
    assert found == [f"10:17 IOP148 '{'9' * 57}...' is too large | days can be 1 to 1,830"]


def test_all_mistakes_of_a_file_come_out_at_once_in_the_order_of_the_file() -> None:
    """Even those of keys that hang on each other."""
    text = program_text(
        timezone="America/Chigaco", phases=["{name: Intensive, weeks: 4, dayz: 3}"], phone="me"
    )
    assert [line.split()[:2] for line in problems_in(text)] == [
        ["3:11", "IOP101"],
        ["9:33", "IOP102"],
        ["10:8", "IOP152"],
    ]


def test_a_file_full_of_unknown_names_is_told_without_searching_for_hours() -> None:
    """The first few are offered a near name, the rest a list."""
    sessions = [f"{{name: {'group ' * 10}{number}, minutes: 1}}" for number in range(200)]
    lines = [f"{{on: 2027-01-11, session: {'gruop ' * 10}{number}, cancel: yes}}" for number in range(1000)]
    found = problems_in(program_text(sessions=sessions, changes=lines))
    assert len(found) == 1000
    assert "did you mean 'group " in found[0]
    assert "there is 'group " in found[-1]


def test_a_misspelt_name_key_makes_no_further_errors() -> None:
    """The change may well name the session whose name could not be read."""
    text = program_text(
        sessions=["{nmae: Skills, minutes: 60}"], changes=["{on: 2027-01-12, session: Skills, cancel: yes}"]
    )
    assert [line.split()[1] for line in problems_in(text)] == ["IOP102"]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"day_starts": ""}, "5:1"),
        ({"tracks": ""}, "10:1"),
        ({"closed": [""]}, "11:4"),
        ({"sessions": ["{name: , minutes: 60}"]}, "7:6"),
    ],
)
def test_a_value_that_is_missing_is_reported_once_by_the_reader_of_files(
    keys: dict[str, object], place: str
) -> None:
    """It leaves a hole, and no program."""
    program, problems = read_text(program_text(**keys))
    assert [f"{each.place.line}:{each.place.column}" for each in problems] == [place]
    assert program is None


def test_the_file_of_closed_days_has_its_own_places() -> None:
    """Problems in it name it."""
    text = program_text(closed="days.yaml")
    assert problems_in(text, days_yaml="- 2027-01-18 Snow\n- {on: 2027-01-19, whi: Ice}\n") == [
        "days.yaml:2:20 IOP102 'whi' is not a key of a line of 'closed' | did you mean 'why'?"
    ]
    assert problems_in(text) == ["10:9 IOP900 'days.yaml' is not there"]
    assert problems_in(text, days_yaml="closed:\n  - 2027-01-18 Snow\nchanges: []\n") == [
        "days.yaml:3:1 IOP109 'changes' does not belong into the file that 'closed' names | "
        "it holds a list, or 'closed:' with a list under it"
    ]
    assert problems_in(text, days_yaml="closed: more.yaml\n") == [
        "days.yaml:1:9 IOP109 'more.yaml' stands where the list of 'closed' belongs | "
        "write a list: each line begins with '- '"
    ]


def test_every_code_of_the_language_is_told_here_and_has_a_page() -> None:
    """A code without its exact words, or without an explanation, is a gap."""
    package = Path(iopcal.__file__).parent
    source = "".join(file.read_text() for file in (package / "language").glob("*.py"))
    codes = {f"IOP{number}" for number in range(100, 200) if f'"IOP{number}"' in source}
    tests = (MISTAKES, Path(__file__), *map(Path(__file__).with_name, ELSEWHERE))
    cases = Path(__file__).parent.joinpath("problems").glob("*.yaml")
    told = "".join(file.read_text() for file in (*tests, *cases))
    assert {code for code in codes if code not in told} == set()
    assert {code for code in codes if not (package / "explanations" / f"{code}.md").is_file()} == set()
