"""Every problem in its exact words, and every explanation with its wrong and its right program.

`tests/problems/<code>-<name>.yaml` holds a whole `program` and what `iopcal check --format concise` says of
it, line by line: nothing on the good side of a limit.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.command import ROOT, run, small

PACKAGE = ROOT / "iopcal"
CASES = sorted((ROOT / "tests" / "problems").glob("*.yaml"))
PAGES = sorted((PACKAGE / "explanations").glob("*.md"))
CODES = sorted(
    {
        code
        for path in PACKAGE.rglob("*.py")
        for code in re.findall(r'"(IOP\d{3})"', path.read_text(encoding="utf-8"))
    }
)
WORDS_ELSEWHERE = (
    "mistakes.txt",  # what a value may be
    "golden/traps.txt",  # what a file may look like
    "test_language_words.py",  # keys, limits and files of the language
    "test_source.py",  # limits and marks of the reader
    "test_folder.py",  # the folder of the calendars
    "test_locks.py",
    "test_zone_table.py",
    "test_problems.py",  # below
    "test_google_credentials.py",
    "test_login.py",
    "sync_mistakes.txt",  # the sync file
    "test_language_sync.py",
    "test_syncing.py",
    "feed_mistakes.txt",  # feeds and rolling admission
    "roster_mistakes.txt",
    "roster_csv_mistakes.txt",
    "test_language_roster.py",
    "test_attendance.py",
    "test_rolling.py",
    "test_sync_cli.py",
    "test_doctor.py",
    "test_heartbeat.py",
    "test_sync_made.py",
    "test_sync_faults.py",
    "test_telling.py",
    "test_addresses.py",
    "test_build_people.py",
    "test_participant_views.py",
)
"""Files of tests that hold the exact words of codes without a case of their own."""

NO_PROGRAM = {
    "IOP109": "is about a second file",
    "IOP110": "is about bytes that are no text",
    "IOP111": "is about a file of 256 kB",
    "IOP112": "is about 20,000 values",
    "IOP114": "is about a text of 4,000 characters",
    "IOP155": "is about a long list",
    "IOP314": "is about rolling admission",
    "IOP601": "is about what was published before",
    "IOP602": "is about what was published before",
    "IOP650": "is about addresses",
    "IOP651": "is about addresses",
    "IOP652": "is about addresses",
    "IOP612": "is about a calendar that others may see",
    "IOP540": "is about the wrong file for a command",
    "IOP541": "is about an account without a home folder",
    "IOP611": "is about the computer",
    "IOP641": "is about two files",
    "IOP642": "is about a calendar of 1 MB",
    **dict.fromkeys((code for code in CODES if "IOP401" <= code <= "IOP440"), "is about a roster"),
    **dict.fromkeys((code for code in CODES if "IOP501" <= code <= "IOP509"), "is about signing in"),
    **dict.fromkeys((code for code in CODES if "IOP510" <= code <= "IOP529"), "is about a Google calendar"),
    **dict.fromkeys((code for code in CODES if "IOP550" <= code <= "IOP555"), "is about running sync"),
    **dict.fromkeys((code for code in CODES if "IOP620" <= code <= "IOP633"), "is about a folder"),
}
"""Codes whose mistake is no short program, and why."""


def checked(folder: Path, program: str) -> list[str]:
    """Returns what `check` says of a program, or of a sync file beside `evening.yaml`, a line a problem."""
    file = folder / "program.yaml"
    if program.startswith("iopcal-sync:"):
        small(folder, "evening.yaml", **{"id: small": "id: evening-iop"})
        file = folder / "sync.yaml"
    file.write_text(program, encoding="utf-8")
    result = run("check", "--format", "concise", file)
    assert result.exit_code in {0, 1}, result.output
    return [line.replace(f"{folder}/", "") for line in result.stdout.splitlines()]


def found(lines: list[str]) -> set[tuple[str, str]]:
    """Returns the severity and code of each problem."""
    return {match for line in lines for match in re.findall(r"(error|warning)\[(IOP\d{3})\]", line)}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_problem_is_told_in_these_words(case: Path, tmp_path: Path) -> None:
    expected = yaml.safe_load(case.read_text(encoding="utf-8"))
    assert checked(tmp_path, expected["program"]) == expected["says"]


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_its_words_in_a_test(code: str) -> None:
    if not any(case.stem.startswith(f"{code}-") and f"[{code}]" in case.read_text() for case in CASES):
        texts = (ROOT / "tests" / name for name in WORDS_ELSEWHERE)
        tests = [text.read_text(encoding="utf-8").replace(f'    "{code}": "is about', "") for text in texts]
        assert any(code in text for text in tests)


def test_every_case_is_named_for_a_code() -> None:
    assert {case.stem.partition("-")[0] for case in CASES} <= set(CODES)


def sections(page: Path) -> dict[str, str]:
    """Returns the text under each heading of a page."""
    text = page.read_text(encoding="utf-8")
    return dict(part.split("\n", 1) for part in text.split("\n## ")[1:])


def programs(text: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_says_what_why_wrong_and_right(page: Path) -> None:
    title, meaning, *_ = page.read_text(encoding="utf-8").split("\n\n")
    assert re.fullmatch(rf"# {page.stem}: \S.*[^.]", title)
    assert meaning.endswith((".", ":"))
    assert list(sections(page)) == ["Why it matters", "Wrong", "Right"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_the_wrong_program_of_a_page_has_the_problem_and_the_right_one_none(
    page: Path, tmp_path: Path
) -> None:
    wrong, right = (programs(sections(page).get(heading, "")) for heading in ("Wrong", "Right"))
    assert bool(wrong) is (page.stem not in NO_PROGRAM)
    for program in wrong:
        assert page.stem in {code for _, code in found(checked(tmp_path, program))}
    for program in right:
        assert checked(tmp_path, program) == []


def test_a_build_that_takes_too_much_is_refused_with_the_number_to_give(tmp_path: Path) -> None:
    file = small(tmp_path, **{"weeks: 2": "weeks: 5"})
    out = tmp_path / "out"
    assert run("build", file, "-o", out).exit_code == 0
    small(tmp_path, **{"weeks: 2": "weeks: 3"})
    refused = run("build", file, "-o", out)
    assert refused.exit_code == 4
    hint = "look at `iopcal plan`; if it is meant, build this program with --allow-deletes 6"
    loss = "6 of 15 sessions ahead would go (40 %, limit 30 %)"
    assert (
        refused.stderr
        == "\n".join(
            f"refused[IOP601]: {name}: {loss}\n = help: {hint}\n" for name in ("small.ics", "small.track.ics")
        )
        + "\n"
    )
    other = run("build", file, "-o", out, "--allow-deletes", 5)
    assert f" = help: --allow-deletes named 5, not 6; {hint}\n" in other.stderr
    assert run("build", file, "-o", out, "--allow-deletes", 6).exit_code == 0


def test_two_programs_of_one_id_are_refused_at_the_id_of_the_second(tmp_path: Path) -> None:
    one, two = small(tmp_path), small(tmp_path, "copy.yaml", Small="Copied")
    result = run("build", one, two, "-o", tmp_path / "out")
    assert (
        f"error[IOP641]: the id 'small' is also the id of {one}\n"
        f" --> {two}:2:5\n"
        "  |\n"
        "2 | id: small\n"
        "  |     ^^^^^\n"
        "  = help: give every program an id of its own; all its calendars hang on it\n"
    ) in result.stderr


def test_a_calendar_of_more_than_a_million_bytes_is_not_written(tmp_path: Path) -> None:
    notes = "n" * 3_900
    file = small(
        tmp_path,
        **{"minutes: 60": f"minutes: 60, topics: [One, Two], notes: {notes}", "weeks: 2": "weeks: 100"},
    )
    result = run("build", file, "-o", tmp_path / "out")
    assert result.exit_code == 1
    size = re.search(r"more than (1,\d{3},\d{3}) bytes", result.stderr)
    assert size is not None, result.stderr
    assert result.stderr.startswith(
        f"error[IOP642]: 'small.ics' is too large: it would have more than {size[1]} bytes, and less than "
        "1,000,000 are allowed\n"
        " = help: calendar programs stop reading there; split the program, or shorten notes and names\n"
    )
    assert run("plan", file, "-o", tmp_path / "out").exit_code == 1
    assert list((tmp_path / "out").glob("*.ics")) == []


def test_a_file_that_is_not_there_or_is_a_folder_is_told_without_a_place(tmp_path: Path) -> None:
    gone = run("check", "--format", "concise", tmp_path / "gone.yaml")
    assert gone.stdout == (
        f"error[IOP640]: '{tmp_path}/gone.yaml' cannot be read: no such file or directory (check the name)\n"
    )
    folder = run("check", "--format", "concise", tmp_path)
    assert folder.stdout == (
        f"error[IOP640]: '{tmp_path}' cannot be read: is a directory (name the file in it)\n"
    )


@pytest.mark.parametrize(("letters", "code", "words"), [(2_300, 0, "comes near"), (2_900, 1, "are allowed")])
def test_a_calendar_near_a_million_bytes_is_told(tmp_path: Path, letters: int, code: int, words: str) -> None:
    notes = "n" * letters
    file = small(
        tmp_path,
        **{"minutes: 60": f"minutes: 60, topics: [One, Two], notes: {notes}", "weeks: 2": "weeks: 100"},
    )
    result = run("build", file, "-o", tmp_path / "out")
    assert result.exit_code == code, result.stderr
    assert "[IOP642]: 'small.ics': the file has " in result.stderr
    assert words in result.stderr
