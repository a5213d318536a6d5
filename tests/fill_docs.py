"""Fills what the docs take from the language: run `python -m tests.fill_docs` after a change of it."""

import json
import re

from iopcal.language import json_schema, reference_tables
from tests.command import ROOT


def fill() -> None:
    """Writes the reference tables into docs/program.md and the JSON Schema beside the configs."""
    page = ROOT / "docs/program.md"
    text = page.read_text(encoding="utf-8")
    for title, table in reference_tables().items():
        marker = f"<!-- table: {title} -->\n"
        pattern = re.compile(re.escape(marker) + r"(.*?)<!-- end -->", re.S)
        text = pattern.sub(lambda _, start=marker, body=table: f"{start}\n{body}\n<!-- end -->", text)
    page.write_text(text, encoding="utf-8")
    schema = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    (ROOT / "configs/program.schema.json").write_text(schema, encoding="utf-8")


if __name__ == "__main__":
    fill()
