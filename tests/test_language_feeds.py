"""Feeds and rolling admission: what their keys are in the model, and their problems in exact words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from iopcal.language import json_schema, people_tables
from iopcal.language.feeds import FEED_RULE
from iopcal.model import AUDIENCES, DEFAULT_FEEDS, FeedRule, Program
from iopcal.problems import has_errors
from iopcal.source import read
from tests.people_text import CHOSEN, ROLLING, rows
from tests.program_text import plain, program_text, read_text, words_of
from tests.test_language_words import whole

ROSTER = rows(f"id: a, track: evening, starts: 2027-01-11, {CHOSEN}")
COHORTS = ["{id: a}"]
ONE = "{name: Process group, minutes: 60}"


def said(**keys: object) -> list[str]:
    """Returns the problems of a small program in words; it may name the roster r.yaml."""
    return words_of(read_text(program_text(**keys), r_yaml="[]\n")[1])


def small(**keys: object) -> Program:
    """Returns a small program without problems, which fits the schema as well."""
    text = program_text(**keys)
    program, problems = read_text(text, r_yaml="[]\n")
    assert words_of(problems) == []
    assert objections(text) == []
    assert program is not None
    return program


def objections(text: str) -> list[str]:
    """Returns what the schema of the whole language has against a program."""
    node, problems = read(text.encode(), "program.yaml")
    assert node is not None
    assert not has_errors(problems)
    return [error.message for error in Draft202012Validator(json_schema()).iter_errors(plain(node))]


def test_a_program_that_says_nothing_has_the_usual_feeds() -> None:
    """One of the program, one a track, a participant, a lead."""
    assert small().feeds == DEFAULT_FEEDS
    assert [(rule.audience, rule.privacy) for rule in DEFAULT_FEEDS] == [
        ("program", "full"), ("track", "titles"), ("participant", "discreet"), ("lead", "full"),
    ]  # fmt: skip


def test_the_privacy_of_a_feed_follows_from_whom_it_is_for() -> None:
    """Unless it says."""
    audiences = ("program", *(f"each {audience}" for audience in AUDIENCES[1:]))
    found = small(feeds=[f"{{for: {each}}}" for each in audiences], roster="r.yaml", cohorts=COHORTS).feeds
    assert [(rule.audience, rule.privacy) for rule in found] == [
        ("program", "full"), ("track", "titles"), ("cohort", "titles"), ("participant", "discreet"),
        ("lead", "full"), ("room", "full"),
    ]  # fmt: skip
    assert small(feeds=["{for: program, privacy: busy}"]).feeds[0].privacy == "busy"


def test_a_feed_of_every_key_is_read() -> None:
    """With its place."""
    lines = [
        "{name: staff, for: program, privacy: full, remind: 30}",
        "{for: program, privacy: busy, title: My times, remind: [], as: file, shape: flat}",
        "{name: own, for: each participant, title: Visit, remind: [60, 0], show: [phone, link], as: feed, "
        "shape: series}",
        "{for: each participant, show: location}",
    ]
    found = small(feeds=lines, roster="r.yaml", phone="+1 555 0100").feeds
    assert [rule[:-1] for rule in found] == [
        ("program", "full", "staff", "", (30,), (), False, False),
        ("program", "busy", "", "My times", (), (), True, True),
        ("participant", "discreet", "own", "Visit", (60, 0), ("phone", "link"), False, False),
        ("participant", "discreet", "", "", (), ("location",), False, False),
    ]
    assert found[0].place[:3] == ("program.yaml", 11, 5)
    assert [isinstance(rule, FeedRule) and rule.low for rule in found] == [False, True, True, True]


MISTAKES = Path(__file__).with_name("feed_mistakes.txt")


def mistakes() -> list[tuple[str, list[str]]]:
    """Returns the blocks of `feed_mistakes.txt`: keys of a program, and what is said of them."""
    found = []
    for block in MISTAKES.read_text(encoding="utf-8").strip().split("\n\n")[1:]:
        lines = block.splitlines()
        keys = "\n".join(line for line in lines if not line.startswith("=> "))
        found.append((keys, [line[3:] for line in lines if line.startswith("=> ")]))
    return found


@pytest.mark.parametrize(("keys", "words"), mistakes())
def test_a_mistake_in_feeds_or_admission_is_told_in_these_words(keys: str, words: list[str]) -> None:
    """`nothing` is on the good side."""
    _, problems = read_text(whole(keys), r_yaml="[]\n")
    assert words_of(problems) == [each for each in words if each != "nothing"]


def test_a_list_of_feeds_is_not_empty() -> None:
    """A program without calendars would be of no use."""
    assert said(feeds="[]") == ["10:8 IOP104 the list of feeds is empty | fill it, or remove the key"]


def test_a_rolling_program_says_so_and_until_when() -> None:
    """Its last phase may have no end."""
    program = small(
        admission="rolling",
        until="2027-12-31",
        phases=["{name: A, weeks: 2, days: 3}", "{name: B, days: [2]}"],
    )
    assert (program.admission, program.until) == ("rolling", date(2027, 12, 31))
    assert program.phases[1][2:5] == (0, 0, None)
    assert program.phases[1].endless
    assert (small().admission, small(admission="cohort").until) == ("cohort", None)


def test_topics_of_a_rolling_program_and_of_placed_sessions_go_on_whatever_is_closed() -> None:
    """Unless they say otherwise; those of a cohort's group are postponed."""
    talk = "{name: Talk, kind: individual, minutes: 50, topics: [a, b]}"
    group = "{name: Group, minutes: 50, topics: [a, b]}"
    waits = "{name: Waits, minutes: 50, topics: [a, b], on_closure: postpone}"

    def closures(**keys: object) -> list[str | None]:
        activities = small(sessions=[group, talk, waits], **keys).activities
        return [each.topics and each.topics.on_closure for each in activities]

    assert closures() == ["postpone", "skip", "postpone"]
    assert closures(admission="rolling") == ["skip", "skip", "postpone"]


@pytest.mark.parametrize(
    "keys",
    [
        {"feeds": ["{for: everybody}"]},
        {"feeds": ["{for: program, name: track}"]},
        {"feeds": ["{for: program, name: My staff}"]},
        {"feeds": ["{privacy: full}"]},
        {"phases": ["{name: A}"]},
        {"phases": "{name: A}"},
        {"admission": "rolling", "phases": ["{name: A, weeks: 2, until: 2027-12-31}"]},
        {"roster": "[]"},
        {"until": "December"},
    ],
)
def test_an_editor_marks_what_the_reader_refuses(keys: dict[str, object]) -> None:
    """The schema is no looser than it needs to be."""
    assert objections(program_text(**keys)) != []


def test_the_rolling_program_of_the_rosters_fits_the_schema() -> None:
    """Its last phase has no end."""
    program, problems = read_text(ROLLING.replace("ROSTER", "r.yaml"), r_yaml=ROSTER)
    assert problems == ()
    assert program is not None
    assert objections(ROLLING) == []


def test_every_key_of_a_feed_is_in_the_schema_and_in_the_reference() -> None:
    """With the same meaning."""
    schema = str(json_schema())
    for field in FEED_RULE.fields:
        assert repr(field.meaning) in schema
        assert (
            f"| `{field.key}` | {'yes' if field.needed else 'no'} | {field.meaning} |"
            in people_tables()["feeds"]
        )
