"""The languages of program files, rosters and sync files, declared once as tables of fields.

From the tables come the readers (`read_program`, and `read_sync` in `sync`), the JSON Schemas (`json_schema`,
`roster_schema`, `sync_schema`) and the tables of the reference pages (`reference_tables`, `people_tables`,
`sync_tables`).
"""

from __future__ import annotations

from iopcal.language.included import read_list
from iopcal.language.program import read_program
from iopcal.language.reference import people_tables, reference_tables, sync_tables
from iopcal.language.schema import json_schema, roster_schema, sync_schema

__all__ = [
    "json_schema",
    "people_tables",
    "read_list",
    "read_program",
    "reference_tables",
    "roster_schema",
    "sync_schema",
    "sync_tables",
]
