"""The story that docs/sync.md tells is what the commands print."""

from tests.command import ROOT
from tests.sync_story import transcript


def test_the_transcript_in_the_docs_is_what_the_commands_print():
    page = (ROOT / "docs/sync.md").read_text(encoding="utf-8")
    shown = page.split("<!-- table: transcript -->")[1].split("<!-- end -->")[0]
    assert shown.strip() == f"```text\n{transcript()}```"
