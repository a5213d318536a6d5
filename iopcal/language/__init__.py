"""The program language, declared once as tables of fields.

From the tables come the reader (`read_program`), the JSON Schema (`json_schema`) and the tables of the
reference page (`reference_tables`).
"""

from __future__ import annotations

from iopcal.language.program import read_program
from iopcal.language.reference import reference_tables
from iopcal.language.schema import json_schema

__all__ = ["json_schema", "read_program", "reference_tables"]
