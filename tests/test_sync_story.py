"""The stories that docs/sync.md tells are what the commands print."""

import pytest

from tests import sync_people_story, sync_story
from tests.command import ROOT

STORIES = {"transcript": sync_story, "people transcript": sync_people_story}


@pytest.mark.parametrize("title", STORIES)
def test_a_transcript_in_the_docs_is_what_the_commands_print(title):
    page = (ROOT / "docs/sync.md").read_text(encoding="utf-8")
    shown = page.split(f"<!-- table: {title} -->")[1].split("<!-- end -->")[0]
    assert shown.strip() == f"```text\n{STORIES[title].transcript()}```"
