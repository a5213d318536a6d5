"""Whatever README and docs claim is run here."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from iopcal.cli.commands import COMMANDS
from iopcal.language import (
    json_schema,
    people_tables,
    reference_tables,
    roster_schema,
    sync_schema,
    sync_tables,
)
from iopcal.problems import Exit
from tests.command import ROOT, run
from tests.drafting import Refused, expanded
from tests.people_text import read_people
from tests.sync_text import problems_in

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BASE = """\
program: Base
id: base
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
"""
BASE_SESSIONS = """\
sessions:
  - {name: Process group, minutes: 60}
  - {name: Skills group, minutes: 60}
"""
BASE_PHASES = """\
phases:
  - {name: Intensive, weeks: 4, days: [mon, tue, wed, thu, fri]}
  - {name: Step-down, weeks: 8, days: [mon, wed, fri]}
"""


def blocks(kind):
    """Returns (page:line, text) of every fenced block of a kind in README and docs."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S):
            line = text.count("\n", 0, match.start()) + 1
            found.append(pytest.param(match[1], id=f"{page.name}:{line}"))
    return found


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_whole_program_or_sync_file_in_the_docs_is_sound(text):
    if text.startswith("iopcal-sync:"):
        assert problems_in(text) == []
        return
    _, expansion = expanded(text)
    assert expansion.sessions


@pytest.mark.parametrize("text", blocks("yaml fragment"))
def test_every_fragment_in_the_docs_is_sound_in_a_program(text):
    given = set(re.findall(r"^([a-z_]+):", text, re.M))
    base = "".join(line for line in BASE.splitlines(keepends=True) if line.split(":")[0] not in given)
    parts = [base, text]
    parts += [BASE_SESSIONS] if "sessions" not in given else []
    parts += [BASE_PHASES] if "phases" not in given else []
    try:
        _, expansion = expanded("\n".join(parts))
    except Refused as refused:
        pytest.fail("\n".join(map(str, refused.args)))
    assert expansion.sessions


@pytest.mark.parametrize(
    ("text", "file"),
    [
        *(pytest.param(*each.values, "r.yaml", id=each.id) for each in blocks("yaml roster")),
        *(pytest.param(*each.values, "r.csv", id=each.id) for each in blocks("csv")),
    ],
)
def test_every_roster_in_the_docs_is_sound_beside_an_open_group(text, file):
    found, problems = read_people(text, file=file)
    assert found is not None, problems
    assert found.participants


def test_the_readme_shows_the_shipped_program():
    shown = re.search(r"^```yaml\n(.*?)^```$", README, re.M | re.S)[1]
    shipped = (ROOT / "configs/riverbend-evening.yaml").read_text(encoding="utf-8")
    assert expanded(shown)[1].sessions[0].real == expanded(shipped)[1].sessions[0].real
    assert [session.real for session in expanded(shown)[1].sessions] == [
        session.real for session in expanded(shipped)[1].sessions
    ]


def transcripts():
    """Returns (command, output) of every console block that shows an output."""
    found = []
    for block in blocks("console"):
        (text,) = block.values
        for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            if output:
                found.append(pytest.param(command, output, id=f"{block.id} {command[:40]}"))
    return found


@pytest.mark.parametrize(("command", "output"), transcripts())
def test_every_transcript_is_what_the_command_prints(command, output, tmp_path):
    words = shlex.split(command)
    assert words[0] == "iopcal"
    result = subprocess.run(
        [sys.executable, "-m", "iopcal", *words[1:]],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "120", "IOPCAL_OUTPUT": str(tmp_path / "calendars")},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert result.stdout.replace(f"{tmp_path}/", "") == output


def test_the_readme_builds_a_shipped_program_in_one_command(tmp_path):
    (line,) = (
        line for line in README.splitlines() if line.startswith("$ python3") and "iopcal build" in line
    )
    words = shlex.split(line.rpartition("iopcal ")[2])
    assert words[0] == "build"
    result = run("build", *(ROOT / word for word in words[1:]), "-o", tmp_path)
    assert result.exit_code == 0
    assert sorted(path.name for path in tmp_path.rglob("*.ics")) == [
        "riverbend-evening.ics",
        "riverbend-evening.track.ics",
    ]


def test_the_readme_names_every_command_and_no_other():
    named = re.findall(r"^\| `iopcal ([a-z]+)", README, re.M)
    assert sorted(named) == sorted(COMMANDS)


def test_the_readme_explains_every_exit_code_that_the_commands_give():
    named = {int(code) for code in re.findall(r"\| (\d+) \|", README)}
    assert named == {int(code) for code in Exit}


TABLES = {
    **{("program.md", title): table for title, table in reference_tables().items()},
    **{("program.md", title): table for title, table in people_tables().items()},
    **{("sync.md", title): table for title, table in sync_tables().items()},
}


@pytest.mark.parametrize(("page", "title"), TABLES)
def test_the_reference_tables_are_those_of_the_declarations(page, title):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    match = re.search(rf"<!-- table: {re.escape(title)} -->\n(.*?)<!-- end -->", text, re.S)
    assert match, f"docs/{page} has no table of {title}"
    assert match[1].strip() == TABLES[page, title].strip()


def test_the_shipped_schemas_are_those_of_the_declarations():
    for kind, schema in (("program", json_schema()), ("roster", roster_schema()), ("sync", sync_schema())):
        shipped = (ROOT / f"configs/{kind}.schema.json").read_text(encoding="utf-8")
        assert json.loads(shipped) == schema


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_the_pages_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.M)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        if file.startswith("http"):
            continue
        if file:
            assert (page.parent / file).exists(), target
        elif anchor:
            assert anchor in headings, target


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_every_code_in_the_docs_has_a_page(page):
    known = {path.stem for path in Path(ROOT / "iopcal/explanations").glob("*.md")}
    assert set(re.findall(r"IOP\d{3}", page.read_text(encoding="utf-8"))) <= known
