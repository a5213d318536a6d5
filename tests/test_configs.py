"""Every example program comes to the totals of the published schedule it encodes.

`tests/totals/<name>.yaml` belongs to `configs/<name>.yaml` and was reckoned by hand. Each entry of `totals`
picks sessions and says what they come to:

    of                          what is picked, in words
    track, phase                only of this track or phase
    session, not_session        only these sessions, or all but these
    from, to                    only sessions on these local days, both included
    events, minutes, days       how many sessions, their minutes together, on how many days
    counted                     minutes that count as treatment (a number)
    first, last                 the first and the last day
    weeks                       minutes a week: 7-day spans from `from`, else from the file's `starts`
    sessions, phases            sessions of each name, or in each phase
    topics                      how many different topics a session shows

`without` holds the totals after a top-level key of the program is taken out. Cancelled and closed
sessions and breaks are never picked.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parent.parent
CONFIGS = sorted(path for path in (ROOT / "configs").glob("*.yaml") if path.stem != "sync")
TOTALS = ROOT / "tests" / "totals"


class Row(NamedTuple):
    """One line of `iopcal show sessions --tsv`, its times in the program's zone."""

    day: date
    minutes: int
    track: str
    phase: str
    session: str
    topic: str
    counted: bool


class EditorLoader(yaml.SafeLoader):
    """Reads plain values as editors do, by YAML 1.2: whole numbers and true or false; all else is text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


EditorLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), list("tf"))


def slug(text: str) -> str:
    """Makes a name and the id that comes from it the same."""
    return "-".join(text.casefold().split())


def sessions(program: Path, zone: ZoneInfo) -> list[Row]:
    """Returns the sessions of a program that take place, without the breaks between them."""
    from iopcal.cli.commands import iopcal

    result = CliRunner().invoke(iopcal, ["show", "sessions", str(program), "--tsv"])
    assert result.exit_code == 0, result.output
    listed = yaml.safe_load(program.read_text(encoding="utf-8"))["sessions"]
    breaks = {row["name"] for row in listed if row.get("kind") == "break"}
    rows = []
    for line in result.stdout.splitlines():
        start, _, minutes, track, phase, session, topic, status, counted, _ = line.split("\t")
        begins = datetime.strptime(start, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone)
        if status in {"confirmed", "moved"} and session not in breaks:
            assert counted in {"yes", "no"}
            rows.append(
                Row(
                    begins.date(),
                    int(minutes),
                    slug(track),
                    slug(phase),
                    slug(session),
                    topic,
                    counted == "yes",
                )
            )
    return rows


def picked(rows: list[Row], total: dict[str, Any]) -> list[Row]:
    """Returns the rows that one entry of the totals speaks of."""
    names = {slug(name) for name in total.get("session", ())}
    but = {slug(name) for name in total.get("not_session", ())}
    return [
        row
        for row in rows
        if ("track" not in total or row.track == slug(total["track"]))
        and ("phase" not in total or row.phase == slug(total["phase"]))
        and (not names or row.session in names)
        and row.session not in but
        and total.get("from", date.min) <= row.day <= total.get("to", date.max)
    ]


def each_week(spans: dict[int | str, int]) -> list[int]:
    """Spells out `{1-4: 370, 5: 90}` as one number a week."""
    weeks: list[int] = []
    for span, minutes in spans.items():
        first, _, last = str(span).partition("-")
        assert int(first) == len(weeks) + 1, "the weeks must follow each other"
        weeks += [minutes] * (int(last or first) - len(weeks))
    return weeks


def compare(rows: list[Row], total: dict[str, Any], starts: date) -> None:
    """Holds the picked sessions against one entry of the totals."""
    rows = picked(rows, total)
    by_week = Counter[int]()
    for row in rows:
        by_week[(row.day - total.get("from", starts)).days // 7] += row.minutes
    found = {
        "events": len(rows),
        "minutes": sum(row.minutes for row in rows),
        "days": len({row.day for row in rows}),
        "counted": sum(row.minutes for row in rows if row.counted),
        "first": min(row.day for row in rows),
        "last": max(row.day for row in rows),
        "weeks": [by_week[week] for week in range(max(by_week) + 1)],
        "sessions": Counter(row.session for row in rows),
        "phases": Counter(row.phase for row in rows),
        "topics": {
            slug(name): len({row.topic for row in rows if row.session == slug(name)})
            for name in total.get("topics", ())
        },
    }
    expected = {key: value for key, value in total.items() if key in found}
    for key in ("sessions", "phases", "topics"):
        if key in expected:
            expected[key] = {slug(name): number for name, number in expected[key].items()}
    if "weeks" in expected:
        expected["weeks"] = each_week(expected["weeks"])
    assert {key: found[key] for key in expected} == expected, total["of"]


def without(text: str, key: str) -> str:
    """Takes a top-level key and its indented lines out of a program."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        inside = line.startswith(f"{key}:") or (inside and line.startswith((" ", "\n")))
        if not inside:
            kept.append(line)
    return "".join(kept)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_an_example_comes_to_the_totals_of_its_published_schedule(config: Path, tmp_path: Path) -> None:
    expected = yaml.safe_load((TOTALS / config.name).read_text(encoding="utf-8"))
    zone = ZoneInfo(expected["timezone"])
    rows = sessions(config, zone)
    for total in expected["totals"]:
        compare(rows, total, expected["starts"])
    for change in expected.get("without", ()):
        program = tmp_path / config.name
        text = config.read_text(encoding="utf-8")
        assert f"\n{change['key']}:" in text
        program.write_text(without(text, change["key"]), encoding="utf-8")
        rows = sessions(program, zone)
        for total in change["totals"]:
            compare(rows, total, expected["starts"])


def test_every_example_has_hand_written_totals() -> None:
    assert {path.name for path in TOTALS.glob("*.yaml")} == {path.name for path in CONFIGS}


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_the_id_of_an_example_is_its_file_name(config: Path) -> None:
    assert yaml.safe_load(config.read_text(encoding="utf-8"))["id"] == config.stem


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_an_example_names_its_schema_on_the_first_line(config: Path) -> None:
    first = config.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=program.schema.json"


def test_the_schema_beside_the_examples_is_that_of_this_version() -> None:
    from iopcal.cli.commands import iopcal

    for kind in ("program", "roster", "sync"):
        written = (ROOT / "configs" / f"{kind}.schema.json").read_text(encoding="utf-8")
        assert written == CliRunner().invoke(iopcal, ["schema", kind]).stdout, (
            f"iopcal schema {kind} > configs/{kind}.schema.json"
        )


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_an_example_is_right_by_the_schema_that_editors_use(config: Path) -> None:
    schema = json.loads((ROOT / "configs" / "program.schema.json").read_text(encoding="utf-8"))
    program = yaml.load(config.read_text(encoding="utf-8"), EditorLoader)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(program)] == []
