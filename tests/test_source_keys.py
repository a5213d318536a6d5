"""The keys that the reader of files knows are those of the language."""

from __future__ import annotations

from iopcal.language.changes import ADDED, FROM_CHANGE, ON_CHANGE
from iopcal.language.closures import CLOSURE
from iopcal.language.feeds import FEED_RULE
from iopcal.language.fields import Table
from iopcal.language.holidays import HOLIDAY_RULE
from iopcal.language.levels import HOURS_TABLE
from iopcal.language.phases import OVERRIDE, PHASE
from iopcal.language.program import PROGRAM
from iopcal.language.roster import FACT, PARTICIPANT, PLACING, ROSTER
from iopcal.language.schema import json_schema, roster_schema
from iopcal.language.sessions import SESSION
from iopcal.language.strands import COHORT, TRACK
from iopcal.source.keys import KEYS, LISTS, YES_NO

TABLES: tuple[Table, ...] = (
    ADDED, CLOSURE, COHORT, FACT, FEED_RULE, FROM_CHANGE, HOLIDAY_RULE, HOURS_TABLE, ON_CHANGE, OVERRIDE,
    PARTICIPANT, PHASE, PLACING, ROSTER, SESSION, TRACK, PROGRAM,
)  # fmt: skip


MAPPINGS = {"changes", "feeds", "participants", "path", "place"}  # whose lines are mappings


def keys_that_take(kind: str) -> set[str]:
    """Returns the keys of the language whose schema has somewhere a value of this type."""
    definitions: dict[str, object] = {}
    for schema in (json_schema(), roster_schema()):
        assert isinstance(schema["$defs"], dict)
        definitions |= schema["$defs"]
    found = set()
    for table in TABLES:
        for field in table.fields:
            if f"'type': '{kind}'" in str({**field.value.schema, "x": definitions.get(field.value.name)}):
                found.add(field.key)
    return found


def test_the_reader_of_files_knows_every_key_of_the_language() -> None:
    known = {field.key for table in TABLES for field in table.fields}
    assert known | {"min", "max"} == KEYS


def test_the_reader_of_files_knows_which_keys_take_lists_and_which_yes_or_no() -> None:
    assert keys_that_take("array") == LISTS | MAPPINGS
    assert keys_that_take("boolean") - keys_that_take("string") >= YES_NO
