"""The JSON Schema and the reference tables say what the reader does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from iopcal.hours import LEVELS as COUNTED_LEVELS
from iopcal.language import json_schema, reference_tables
from iopcal.language.fields import Table
from iopcal.language.levels import LEVELS
from iopcal.language.reference import TABLES
from iopcal.language.references import slug
from iopcal.language.zone_names import ABBREVIATIONS, WINDOWS
from iopcal.language.zones import ZONE
from iopcal.source import Scalar
from tests.program_text import objections, program_text, read_text

CONFIGS = sorted(
    path for path in (Path(__file__).parent.parent / "configs").glob("*.yaml") if path.stem != "sync"
)
RICH = """
iopcal: 1
program: 12
id: 7-eleven
timezone: America/Chicago
starts: 2027-01-04
admission: cohort
level: iop
day_starts: 17:30
holidays: [US, {use: CA, only: [Canada Day]}]
keep_cancelled: 10
phone: +1 555 0100
hours: {count: span, breaks: yes}
location: 12 Maple Street
link: https://x.example/a?b=c
tracks: {am: {title: Morning, day_starts: 9:30, capacity: 9}, pm: {treatment_days: fri-mon}}
cohorts:
  - {id: a, starts: 2027-02-01, track: [am, pm]}
sessions:
  - {name: 12, minutes: '60', days: [any, sat], weeks: [1-4, 8], visits: 3-, capacity: {min: 2}, lead: [A, B]}
  - {name: Talk, kind: family, minutes: 50, monthly: '1st,3rd thu', at: {am: 9:00 am, pm: 5:30 pm-6:20 pm}}
  - {name: Skills, minutes: 60, every: {A: 2}, topics: {mon: x, tue: [y, z]}, one_of: b, optional: No}
phases:
  - {name: A, weeks: 4, days: 3 -> 1, taper: late, sessions: {Skills: {at: '18:00', days: mon wed}}}
  - {name: B, visits: 4, days: '2', every: 2, sessions: [Skills, Talk]}
  - {name: C, until: 2027-12-31, days: [2, 0]}
closed:
  - 2027-01-18 King
  - {on: 2027-02-01..2027-02-02, make_up: 2027-02-06 .. 2027-02-07, tracks: am}
changes:
  - {on: 2027-02-10, session: Skills, to: 2027-02-11, at: 18:30, cohorts: a}
  - {from: 2027-03-01, session: Skills, days: any, every: 2}
  - {on: 2027-03-01, add: Dinner, at: 18:00-19:00, notes: See you}
"""


def test_the_schema_is_a_schema() -> None:
    """Of draft 2020-12, with a description at every key."""
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.stem)
def test_every_example_fits_the_schema(file: Path) -> None:
    """An editor shows no red in them."""
    assert objections(file.read_text()) == []


def test_a_program_of_every_form_is_read_and_fits_the_schema() -> None:
    """Short forms too."""
    _, problems = read_text(RICH)
    assert problems == ()
    assert objections(RICH) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"timezonee": "UTC"},
        {"day_starts": "9.30"},
        {"day_starts": "24:00"},
        {"day_starts": "13:00 pm"},
        {"starts": "2027-1-4"},
        {"id": "Evening IOP"},
        {"timezone": "EST"},
        {"level": "ipo"},
        {"phases": ["{name: A}"]},
        {"phases": ["{name: A, weeks: 4, visits: 3}"]},
        {"phases": ["{name: A, weeks: 261}"]},
        {"phases": ["{name: A, weeks: 4, days: 5 - 2}"]},
        {"phases": ["{name: A, weeks: 4, dayz: 3}"]},
        {"sessions": ["{name: A, minutes: 60, days: thurs}"]},
        {"sessions": ["{name: A, minutes: 60, monthly: third thu}"]},
        {"sessions": ["{name: A, minutes: 60, monthly: 1st thu, days: mon}"]},
        {"sessions": ["{name: A, minutes: 0}"]},
        {"changes": ["{on: 2027-01-11, from: 2027-01-11, session: A, cancel: true}"]},
        {"closed": ["Snow"]},
    ],
)
def test_an_editor_marks_what_the_reader_refuses(keys: dict[str, object]) -> None:
    """The schema is no looser than it needs to be."""
    assert objections(program_text(**keys)) != []


def properties(value: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Yields every key with its schema, at any depth."""
    if isinstance(value, dict):
        found = value.get("properties")
        if isinstance(found, dict):
            yield from found.items()
        for each in value.values():
            yield from properties(each)
    elif isinstance(value, list):
        for each in value:
            yield from properties(each)


@pytest.mark.parametrize("title", TABLES)
def test_every_key_of_the_tables_is_in_the_schema_and_in_the_reference(title: str) -> None:
    """With the same meaning."""
    table: Table = TABLES[title]
    said = {(key, str(schema.get("description"))) for key, schema in properties(json_schema())}
    page = reference_tables()[title]
    for field in table.fields:
        assert (field.key, field.meaning) in said
        assert f"| `{field.key}` | {'yes' if field.needed else 'no'} | {field.meaning} |" in page


def test_no_table_has_a_key_twice() -> None:
    """And its synonyms are no keys, and lead to keys."""
    for table in TABLES.values():
        keys = [field.key for field in table.fields]
        assert len(keys) == len(set(keys))
        assert not set(table.synonyms) & set(keys)
        assert set(table.later).isdisjoint(keys)


def test_the_levels_of_the_language_are_those_that_hours_are_held_against() -> None:
    """A level without hours would be passed over in silence."""
    assert set(LEVELS) == set(COUNTED_LEVELS)


@pytest.mark.parametrize("offered", sorted({*WINDOWS.values(), *ABBREVIATIONS.values()}))
def test_every_zone_that_is_offered_is_one(offered: str) -> None:
    """By the reader's own rule."""
    from iopcal.language.report import Report
    from iopcal.model import NOWHERE

    report = Report()
    assert ZONE.read(Scalar(offered, NOWHERE), report) == offered
    assert report.problems == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Skills group", "skills-group"),
        ("  Art & Music!! ", "art-music"),
        ("Éducation thérapeutique", "education-therapeutique"),
        ("snake_case name", "snake-case-name"),
        ("Straße 7", "straße-7"),
        ("Ⅳ ﬁrst ²", "iv-first-2"),
        ("ГРУППА навыков", "группа-навыков"),
        ("グループ", "クルーフ"),
        ("İstanbul", "istanbul"),
        ("***", ""),
    ],
)
def test_a_slug_keeps_letters_and_digits_of_every_script(name: str, expected: str) -> None:
    """NFKD without marks, lower case, every run of other characters one '-'."""
    assert slug(name) == expected
