"""The languages of program files and of sync files, declared once as tables of fields.

From the tables come the readers (`read_program`, and `read_sync` in `sync`), the JSON Schemas (`json_schema`,
`sync_schema`) and the tables of the reference pages (`reference_tables`, `sync_tables`).
"""

from __future__ import annotations

from iopcal.language.included import read_list
from iopcal.language.program import read_program
from iopcal.language.reference import reference_tables, sync_tables
from iopcal.language.schema import json_schema, sync_schema

__all__ = ["json_schema", "read_list", "read_program", "reference_tables", "sync_schema", "sync_tables"]
