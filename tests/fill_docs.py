"""Fills what the docs take from the language: run `python -m tests.fill_docs` after a change of it."""

import json
import re

from iopcal.language import (
    json_schema,
    people_tables,
    reference_tables,
    roster_schema,
    sync_schema,
    sync_tables,
)
from tests import sync_people_story, sync_story
from tests.command import ROOT


def fill() -> None:
    """Writes the reference tables into the pages and the JSON Schemas beside the configs."""
    _fill_page("docs/program.md", reference_tables() | people_tables())
    stories = {"transcript": sync_story, "people transcript": sync_people_story}
    told = {title: f"```text\n{story.transcript()}```" for title, story in stories.items()}
    _fill_page("docs/sync.md", {**sync_tables(), **told})
    _write_schema("configs/program.schema.json", json_schema())
    _write_schema("configs/roster.schema.json", roster_schema())
    _write_schema("configs/sync.schema.json", sync_schema())


def _fill_page(name: str, tables: dict[str, str]) -> None:
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    for title, table in tables.items():
        marker = f"<!-- table: {title} -->\n"
        pattern = re.compile(re.escape(marker) + r"(.*?)<!-- end -->", re.S)
        text = pattern.sub(lambda _, start=marker, body=table: f"{start}\n{body}\n<!-- end -->", text)
    page.write_text(text, encoding="utf-8")


def _write_schema(name: str, schema: dict[str, object]) -> None:
    text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    fill()
