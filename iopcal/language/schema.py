"""The JSON Schemas (draft 2020-12) of all files, for editors; the readers are stricter."""

from __future__ import annotations

from collections.abc import Mapping

from iopcal.language.fields import NAMED, Table, object_schema
from iopcal.language.program import PROGRAM

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(table: Table = PROGRAM) -> dict[str, object]:
    """Returns the schema that every program file fits which `read_program` accepts with that table.

    Times, dates and weekdays are patterns of text: the format `time` would refuse 9:30.
    """
    return _document("Program of iopcal", "One treatment program at one site", table)


def roster_schema() -> dict[str, object]:
    """Returns the schema that every roster in YAML fits which `read_program` accepts."""
    from iopcal.language.roster import ROSTER  # few programs need it

    return _document("Roster of iopcal", "The participants of one program", ROSTER)


def sync_schema() -> dict[str, object]:
    """Returns the schema that every sync file fits which `read_sync` accepts."""
    from iopcal.language.sync import SYNC  # no program needs it

    return _document("Sync file of iopcal", "Which feeds go to which calendars and folders", SYNC)


def _document(title: str, description: str, table: Table) -> dict[str, object]:
    definitions: dict[str, object] = {}
    whole = _moved(object_schema(table), definitions)
    head = {"$schema": DIALECT, "title": title, "description": description}
    return {**head, **whole, "$defs": dict(sorted(definitions.items()))}


def _moved(schema: Mapping[str, object], definitions: dict[str, object]) -> dict[str, object]:
    """Returns a copy in which named schemas have moved to `definitions` and a reference stands for each."""
    copy = {key: _copied(value, definitions) for key, value in schema.items()}
    name = copy.pop(NAMED, None)
    if not isinstance(name, str):
        return copy
    description = copy.pop("description", None)
    definitions[name] = copy
    reference: dict[str, object] = {"$ref": f"#/$defs/{name}"}
    return {**reference, "description": description} if description else reference


def _copied(value: object, definitions: dict[str, object]) -> object:
    if isinstance(value, Mapping):
        return _moved(value, definitions)
    if isinstance(value, list | tuple):
        return [_copied(each, definitions) for each in value]
    return value
