"""The shape of the package: directions of imports, doors to other packages, size, escapes."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "iopcal"

# An import only points to a smaller number, or stays in its own folder.
LAYERS = {
    "named_tuple": -1,
    "model": 0,
    "problems": 1,
    "words": 1,
    "brake": 1,
    "text": 2,
    "source": 3,
    "clock_changes": 2,
    "curriculum": 2,
    "tapers": 2,
    "calendar_days": 3,
    "paths": 3,
    "timetable": 3,
    "course": 4,
    "plain_day": 4,
    "outcome": 4,
    "complaints": 5,
    "visits": 5,
    "walk": 6,
    "placed": 4,
    "group": 7,
    "attendee": 7,
    "expand": 8,
    "joiner": 8,
    "doubts": 8,
    "attendance": 9,
    "language": 4,
    "lint": 1,
    "targets": 3,
    "hours": 8,
    "feeds": 5,
    "addressed": 6,
    "sights": 6,
    "wording": 6,
    "telling": 6,
    "tales": 7,
    "stretches": 7,
    "stretch_slots": 8,
    "slots": 9,
    "fold": 8,
    "checks": 9,
    "publication": 10,
    "renames": 9,
    "plan": 11,
    "publish": 12,
    "scrutiny": 13,
    "personal": 14,
    "alike": 14,
    "destinations": 10,
    "jobs": 11,
    "sync": 11,
    "tally": 12,
    "cases": 13,
    "views": 14,
    "cli": 15,
}
DOORS = {
    "yaml": {"source"},
    "icalendar": {"targets"},
    "holidays": {"calendar_days"},
    "filelock": {"targets"},
    "rich": {"views"},
    "click": {"cli"},
    "tzdata": {"targets"},
    "googleapiclient": {"targets"},
    "google": {"targets"},
    "httplib2": {"targets"},
    "dateutil": {"targets"},
}
HEAVY = ("icalendar", "rich", "holidays", "jinja2", "googleapiclient", "google.auth", "httplib2", "yaml")
ONE_MODULE = ("icalendar", "yaml", "holidays", "googleapiclient", "google", "httplib2")
PURE = ("open(", "print(", "os.environ", "datetime.now(", "date.today(", "sys.argv", "sys.stdout")
IMPURE_ROOMS = {"targets", "cli"}
LONGEST = 310


@cache
def modules():
    return sorted(PACKAGE.rglob("*.py"))


EACH = pytest.mark.parametrize("name", sorted(LAYERS))  # a room: a module or a folder of them


def modules_of(name):
    return [path for path in modules() if room(path) == name and path.name != "__main__.py"]


def room(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def imports(path):
    """Returns the dotted names a module imports, wherever in it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.append(node.module)
            if node.module == "iopcal":
                found += (f"iopcal.{alias.name}" for alias in node.names)
    return tuple(found)


def test_every_module_has_a_layer():
    rooms = {room(path) for path in modules()} - {"__init__", "__main__", "explanations"}
    assert rooms == set(LAYERS)


def test_the_design_page_names_every_room():
    page = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    table = page[page.index("| module | what it does |") : page.index("- The core is pure.")]
    assert set(
        re.findall(r"`([a-z_]+)/?`", table.replace("`holidays`", "").replace("`icalendar`", ""))
    ) == set(LAYERS)


@EACH
def test_imports_only_point_down(name):
    for path in modules_of(name):
        for imported in imports(path):
            if not imported.startswith("iopcal."):
                continue
            other = imported.split(".")[1]
            if other not in LAYERS or other == name:
                continue
            assert LAYERS[other] < LAYERS[name], f"{path} must not import {other}"


def test_each_third_party_package_has_one_door():
    standard = sys.stdlib_module_names
    for path in modules():
        for name in imports(path):
            top = name.split(".")[0]
            if top in standard or top == "iopcal":
                continue
            assert top in DOORS, f"{path} imports {top}, which has no door"
            assert room(path) in DOORS[top], f"{path} imports {top}; its door is {DOORS[top]}"


def test_heavy_packages_are_imported_by_one_module_each():
    for package in ONE_MODULE:
        doors = {
            path.name for path in modules() if any(name.split(".")[0] == package for name in imports(path))
        }
        assert len(doors) == 1, f"{package} is imported by {doors}"


@pytest.mark.parametrize("name", sorted({room(path) for path in modules()} - IMPURE_ROOMS))
def test_the_core_knows_no_clock_disk_or_terminal(name):
    for path in modules_of(name):
        text = path.read_text(encoding="utf-8")
        for word in PURE:
            assert word not in text, f"{path} uses {word}"


def test_no_module_is_long():
    for path in modules():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST, path


def test_escapes_may_only_fall():
    escapes = [
        (path.name, line)
        for path in modules()
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"type: ignore|pragma: no cover|# noqa", line)
    ]
    assert len(escapes) <= 0, escapes


def test_heavy_packages_stay_out_of_the_command_line_until_used():
    import subprocess

    code = "import sys, iopcal.cli; print([n for n in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in HEAVY:
        assert f"'{heavy}'" not in loaded


def test_every_code_has_a_page_and_every_page_a_code():
    pages = {path.stem for path in (PACKAGE / "explanations").glob("*.md")}
    codes = {
        code for path in modules() for code in re.findall(r'"(IOP\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert codes == pages
