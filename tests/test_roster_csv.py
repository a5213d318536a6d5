"""Rosters in CSV: what cells say, and every slip of a spreadsheet in its exact words at its cell."""

from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path

import pytest

from iopcal.language.roster_table import COLUMNS
from iopcal.model import Span
from iopcal.source import Limits, Scalar, Sequence, read_table
from tests.people_text import COHORTS, PLAIN, ROLLING, people, read_people, told

TIMED = "".join(
    line for line in ROLLING.splitlines(keepends=True) if "one_of" not in line and "individual" not in line
)
"""The rolling program without what only a roster in YAML can say."""

HEADER = "id,track,starts,Intensive,step-down,hold,away,days,discharge\n"
ROW = "p-1,evening,2027-01-11,2027-03-15 2027-05-01,2027-02-15,2027-02-22..2027-03-07 2027-04-01,2027-03-24,"
GOOD = HEADER + ROW + "mon thu,2027-06-01\n"


def csv(text: str | bytes, program: str = TIMED) -> list[str]:
    """Returns the problems of a roster in words, without its name."""
    return told(text, program, "r.csv")


def test_a_row_says_what_a_participant_in_yaml_says() -> None:
    """A phase has a column by its name or id; dates in a cell are separated by spaces."""
    (one,) = people(GOOD, TIMED, "r.csv")
    assert one[:7] == ("p-1", "evening", "", date(2027, 1, 11), (0, 3), (), ())
    assert [(fact.kind, fact.span.first.isoformat(), fact.value) for fact in one.facts] == [
        ("phase", "2027-02-15", "step-down"),
        ("hold", "2027-02-22", ""),
        ("phase", "2027-03-15", "intensive"),
        ("away", "2027-03-24", ""),
        ("hold", "2027-04-01", ""),
        ("phase", "2027-05-01", "intensive"),
        ("discharge", "2027-06-01", ""),
    ]
    assert one.facts[1].span == Span(date(2027, 2, 22), date(2027, 3, 7))
    assert one.place == ("r.csv", 2, 1, 3)
    assert [(fact.place.column, fact.place.length) for fact in one.facts] == [
        (46, 10), (57, 22), (24, 10), (91, 10), (80, 10), (35, 10), (110, 10),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.rstrip("\n"),
        "\n \n" + GOOD + "\n,,,,,,,,\n\n",
        "".join(f'"{line}"\n'.replace(",", '","') for line in GOOD.splitlines()),
        GOOD.replace(",", " , "),
        GOOD.replace("mon thu", '"mon, thu"'),
        GOOD.replace("2027-02-22..2027-03-07", "2027-02-22 .. 2027-03-07"),
    ],
    ids=[
        "bom",
        "windows",
        "old mac",
        "no end",
        "empty lines",
        "quotes",
        "spaces",
        "comma in quotes",
        "wide range",
    ],
)
def test_what_spreadsheets_write_otherwise_is_read_alike(text: str | bytes) -> None:
    """Places aside."""
    (wanted,), (found,) = people(GOOD, TIMED, "r.csv"), people(text, TIMED, "r.csv")
    assert found[:7] == wanted[:7]
    assert [fact[:3] for fact in found.facts] == [fact[:3] for fact in wanted.facts]


def test_a_column_of_cohorts_takes_the_place_of_tracks_and_starts() -> None:
    """And columns may come in any order."""
    found = people("cohort,id\nspring,a\nwinter,b\n", COHORTS, "r.csv")
    assert [each[:4] for each in found] == [
        ("a", "evening", "spring", date(2027, 3, 1)),
        ("b", "evening", "winter", date(2027, 1, 4)),
    ]


def test_an_empty_cell_says_nothing() -> None:
    """As a key that is left out."""
    assert people("id,starts\na,\n", PLAIN, "r.csv")[0].starts == date(2027, 1, 4)
    assert csv("id,track,starts\n,evening,2027-01-11\na,evening,\nb,,2027-01-11\n") == [
        "2:1 IOP430 a participant needs an id | write it in the column 'id', such as 'p-014'",
        "3:1 IOP414 nothing says when 'a' starts | give 'starts': where admission is rolling, everybody "
        "has a first day of their own",
        "4:1 IOP433 nothing says in which track 'b' is | give 'track': there is 'morning', 'evening'",
    ]


SHORT = "id,track,starts,hold\n"
EVENING = "a,evening,2027-01-11"
SAVE = "in the spreadsheet choose 'Save as' and the kind 'CSV UTF-8'"
MISTAKES = Path(__file__).with_name("roster_csv_mistakes.txt")


def mistakes() -> list[tuple[str, list[str]]]:
    """Returns the blocks of `roster_csv_mistakes.txt`: a roster, and what is said of it."""
    found = []
    for block in MISTAKES.read_text(encoding="utf-8").strip().split("\n\n")[1:]:
        lines = block.splitlines()
        text = "".join(f"{line}\n" for line in lines if not line.startswith("=> "))
        found.append((text, [line[3:] for line in lines if line.startswith("=> ")]))
    return found


@pytest.mark.parametrize(("text", "words"), mistakes())
def test_a_slip_is_told_in_these_words_at_its_cell(text: str, words: list[str]) -> None:
    """And nothing else is said."""
    assert csv(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1:1 IOP120 the file is empty | its first line names the columns: id,track,starts"),
        (
            GOOD.replace(",", "\t"),
            "1:3 IOP402 the cells are separated by tabs, where commas belong | save it as 'CSV UTF-8 (comma "
            "delimited)', or put commas in their place",
        ),
        (
            f"{SHORT}{EVENING},2027-02-01\x00\n",
            "2:32 IOP116 '...1,2027-02-01<U+0000>' holds a control character (U+0000) at position 32 | "
            "delete it and type the words again",
        ),
        (
            f"{SHORT}{EVENING},2027-02-01\t\n",
            "2:32 IOP116 '2027-02-01<U+0009>' holds a tab (U+0009) at position 11 | use spaces",
        ),
    ],
    ids=["empty", "tabs", "NUL", "a tab"],
)
def test_what_nobody_sees_is_told_at_its_place(text: str, words: str) -> None:
    """Once."""
    assert csv(text) == [words]


def test_all_rows_are_checked_and_nothing_comes_of_the_program() -> None:
    """One mistake does not hide the next."""
    text = f"{SHORT}{EVENING},2027\nb,noon,2027-01-11,\nc,evening,2027-01-11\n"
    found, problems = read_people(text, TIMED, "r.csv")
    assert found is None
    assert [words.split(" ")[:2] for words in problems] == [
        ["r.csv:2:22", "IOP142"], ["r.csv:3:3", "IOP432"], ["r.csv:4:11", "IOP404"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            "id,track,starts\na,\u00e9vening,2027-01-11\n".encode("cp1252"),
            "2:3 IOP110 not UTF-8 at line 2: save as UTF-8",
        ),
        (codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le"), "1:1 IOP110 not UTF-8 at line 1: save as UTF-8"),
        (
            b"PK\x03\x04" + bytes(60),
            "1:1 IOP121 this is no CSV file, but a document such as .docx or .xlsx, or a .zip",
        ),
    ],
)
def test_other_bytes_are_told_as_what_they_are(data: bytes, words: str) -> None:
    """With what to do in the spreadsheet."""
    assert csv(data) == [f"{words} | {SAVE}"]


def test_a_letter_with_an_accent_is_composed_like_any_text() -> None:
    """So it is found, however it was typed."""
    program = TIMED.replace("Step-down", "Étape")
    one, other = (
        csv(f"id,track,starts,{name}\n{EVENING},\n", program) for name in ("\u00c9tape", "E\u0301tape")
    )
    assert one == other == []


def test_what_a_table_cannot_say_is_told_with_the_way_out() -> None:
    """A choice has no column."""
    assert told(f"{SHORT}{EVENING},\n", ROLLING, "r.csv") == [
        "2:1 IOP421w 'a' chooses none of 'Thursday group', 'Friday group', and attends none | a roster in "
        "CSV has no choices: write it in YAML"
    ]


def test_a_column_is_no_mistake_where_a_phase_has_no_readable_name() -> None:
    """It may be the one."""
    program = TIMED.replace("name: Step-down", "name: ['Step-down']")
    assert [
        words[:20] for words in told(f"id,track,starts,Step-down\n{EVENING},2027-02-01\n", program, "r.csv")
    ] == ["14:12 IOP104 a list "]


def test_the_columns_are_keys_of_a_participant_and_what_happens_to_them() -> None:
    """None that YAML does not have."""
    from iopcal.language.roster import FACT, PARTICIPANT

    assert set(COLUMNS) < {field.key for table in (PARTICIPANT, FACT) for field in table.fields}


def texts(data: str, limits: Limits | None = None) -> list[list[str]]:
    """Returns the cells of a table without problems."""
    table, problems = read_table(data.encode(), "t.csv", *([limits] if limits else []))
    assert problems == ()
    assert isinstance(table, Sequence)
    rows = [row for row in table.items if isinstance(row, Sequence)]
    return [[cell.text for cell in row.items if isinstance(cell, Scalar)] for row in rows]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a,b,c", ["a", "b", "c"]),
        ("a,,", ["a", "", ""]),
        ('"a",b,"c, d"', ["a", "b", "c, d"]),
        ('"a ""b""", c ,""', ['a "b"', "c", ""]),
        (' "a" , "b",', ["a", "b", ""]),
        ('a,"",', ["a", "", ""]),
    ],
)
def test_a_line_is_taken_apart_as_every_spreadsheet_writes_it(line: str, cells: list[str]) -> None:
    """RFC 4180, with spaces around."""
    assert texts(f"x,y,z\n{line}\n") == [["x", "y", "z"], cells]


@pytest.mark.parametrize(
    ("limits", "good", "bad", "words"),
    [
        (
            Limits(bytes=8),
            "a,b\nc,d\n",
            "a,b\nc,d\n\n",
            "IOP111 the file is too large: 9 bytes, and at most 8 are read",
        ),
        (
            Limits(nodes=4),
            "a,b\nc,d\n",
            "a,b\nc,d\ne,f\n",
            "IOP112 the file holds too much: 6 cells, and at most 4 are read",
        ),
        (
            Limits(scalar=5),
            "a\nabcde\n",
            "a\nabcdef\n",
            "IOP114 the text is too large: 6 characters, and at most 5 are read",
        ),
    ],
)
def test_a_limit_holds_on_both_sides(limits: Limits, good: str, bad: str, words: str) -> None:
    """The table limits are those of a roster in YAML."""
    assert texts(good, limits)
    _, (problem,) = read_table(bad.encode(), "t.csv", limits)
    assert f"{problem.code} {problem.message}" == words


def test_after_a_thousand_problems_reading_stops() -> None:
    """A file that is something else altogether is not told line by line."""
    table, problems = read_table(b"a,b\n" + b"c\n" * 1_500, "t.csv")
    assert table is not None
    assert len(problems) == 1_000
