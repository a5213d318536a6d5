"""Rosters in YAML: what they say of participants, and every problem in its exact words."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from iopcal.language import people_tables, roster_schema
from iopcal.language.roster import TABLES
from iopcal.model import Fact, Placing, Span
from iopcal.source import ROSTER, read
from tests.people_text import CHOSEN, COHORTS, PLAIN, ROLLING, path, people, read_people, rows, told
from tests.program_text import plain

PACKAGE = Path(__file__).parent.parent / "iopcal"
CODES = {
    code
    for folder in ("language", "source")
    for file in (PACKAGE / folder).glob("*.py")
    for code in re.findall(r'"(IOP4\d\d)"', file.read_text(encoding="utf-8"))
}
PAGES = sorted(PACKAGE / "explanations" / f"{code}.md" for code in CODES)
WHOLE = f"""participants:
  - id: p-014
    track: evening
    starts: 2027-01-11
    days: [mon, wed, thu]
    choose: {{aftercare: Thursday group}}
    place:
      individual-therapy: {{at: Thu 4:00 pm, lead: jlee}}
      Family evening: {{at: '18:00', lead: [a, b]}}
    path:
      - {{on: 2027-02-15, phase: Step-down}}
      - {{on: 2027-02-22..2027-03-07, hold: true}}
      - {{on: 2027-03-15, phase: intensive}}
      - {{on: 2027-03-22, track: Early birds}}
      - {{on: 2027-03-24, away: yes}}
      - {{on: 2027-06-01, discharge: true}}
  - {{id: p-015, track: morning, starts: 2026-12-01, {CHOSEN}}}
"""


def day(text: str) -> Span:
    """Returns a day or range as a span."""
    first, _, last = text.partition("..")
    return Span(date.fromisoformat(first), date.fromisoformat(last or first))


def objections(roster: str) -> list[str]:
    """Returns what the schema has against a roster."""
    node, problems = read(roster.encode(), "r.yaml", ROSTER)
    assert node is not None
    assert problems == ()
    return [error.message for error in Draft202012Validator(roster_schema()).iter_errors(plain(node))]


def test_a_roster_of_every_key_is_read() -> None:
    """Names and ids, in any case."""
    one, other = people(WHOLE)
    assert one[:5] == ("p-014", "evening", "", date(2027, 1, 11), (0, 2, 3))
    assert one.chosen == (("Aftercare", "thursday-group"),)
    assert [each[:4] for each in one.placed] == [
        ("individual-therapy", 3, 960, ("jlee",)),
        ("family-evening", None, 1080, ("a", "b")),
    ]
    assert [each[:3] for each in one.facts] == [
        ("phase", day("2027-02-15"), "step-down"),
        ("hold", day("2027-02-22..2027-03-07"), ""),
        ("phase", day("2027-03-15"), "intensive"),
        ("track", day("2027-03-22"), "morning"),
        ("away", day("2027-03-24"), ""),
        ("discharge", day("2027-06-01"), ""),
    ]
    assert one.place[:3] == ("r.yaml", 2, 9)
    assert one.facts[1].place == ("r.yaml", 12, 14, 22)
    assert other[:6] == ("p-015", "morning", "", date(2026, 12, 1), (), (("Aftercare", "friday-group"),))
    assert [type(each) for each in (*one.facts[:1], *other.placed)] == [Fact, Placing]
    assert objections(WHOLE) == []


def test_a_file_may_hold_the_bare_list_or_nobody() -> None:
    """As for closed days."""
    assert [each.id for each in people(f"- {{id: p-1, track: morning, starts: 2027-02-01, {CHOSEN}}}\n")] == [
        "p-1"
    ]
    assert people("participants: []\n") == ()


def test_several_rosters_are_one() -> None:
    """In the order of the files."""
    program = ROLLING.replace("ROSTER", "[b.yaml, r.yaml]")
    one, two = rows(f"id: z, track: morning, starts: 2027-02-01, {CHOSEN}"), WHOLE
    found, problems = read_people(two, program, b_yaml=one)
    assert problems == []
    assert found is not None
    assert [each.id for each in found.participants] == ["z", "p-014", "p-015"]


def test_the_facts_of_one_day_come_to_pass_in_a_fixed_order() -> None:
    """Track, phase, hold or away, discharge, however they are written."""
    lines = ("discharge: true", "away: true", "phase: Step-down", "track: morning")
    (one,) = people(path(*(f"on: 2027-02-15, {line}" for line in lines)))
    assert [fact.kind for fact in one.facts] == ["track", "phase", "away", "discharge"]


def test_a_return_follows_a_discharge() -> None:
    """With a change of track on the same day, and a second discharge."""
    (one,) = people(
        path(
            "on: 2027-02-15, discharge: true",
            "on: 2027-04-01, track: morning",
            "on: 2027-04-01, phase: Intensive",
            "on: 2027-04-10, hold: true",
            "on: 2027-05-01, discharge: true",
        )
    )
    assert [fact.kind for fact in one.facts] == ["discharge", "track", "phase", "hold", "discharge"]


def test_a_cohort_gives_the_first_day_and_the_track() -> None:
    """One who names none is of the cohort that begins on the same day in the same track."""
    roster = rows(
        "id: a, cohort: spring", "id: b, cohort: summer, track: morning", "id: c, track: evening",
        "id: d, track: evening, starts: 2027-03-01", "id: e, track: morning, starts: 2027-03-01",
        "id: f, cohort: spring, starts: 2027-03-01",
    )  # fmt: skip
    assert [
        (each.id, each.cohort, each.track, each.starts.isoformat()) for each in people(roster, COHORTS)
    ] == [
        ("a", "spring", "evening", "2027-03-01"),
        ("b", "summer", "morning", "2027-06-01"),
        ("c", "winter", "evening", "2027-01-04"),
        ("d", "spring", "evening", "2027-03-01"),
        ("e", "", "morning", "2027-03-01"),
        ("f", "spring", "evening", "2027-03-01"),
    ]


def test_a_program_of_one_track_and_run_needs_neither() -> None:
    """Whoever says nothing begins with the program."""
    assert [each[1:4] for each in people(rows("id: a"), PLAIN)] == [("", "", date(2027, 1, 4))]


def test_one_who_begins_in_a_later_phase_needs_nothing_for_those_before() -> None:
    """Here a choice that is for the first phase."""
    program = PLAIN.replace(
        "{name: Process group, minutes: 60}", "{name: Art, minutes: 60, one_of: Extra, phases: A}"
    ).replace("\nphases:", "\nphases:\n  - {name: A, weeks: 1, days: 3}")
    start = "id: a, path: [{on: 2027-01-04, phase: Intensive}]"
    assert [each.chosen for each in people(rows(start), program)] == [()]
    back = "id: a, path: [{on: 2027-01-04, phase: Intensive}, {on: 2027-02-01, phase: A}]"
    for line in ("id: a, path: [{on: 2027-02-01, phase: Intensive}]", back):
        assert told(rows(line), program) == [
            "2:10 IOP421w 'a' chooses none of 'Art', and attends none | write 'choose: {Extra: Art}'"
        ]


GOOD = f"track: evening, starts: 2027-01-11, {CHOSEN}"
MISTAKES = Path(__file__).with_name("roster_mistakes.txt")


def told_under(heading: str, lines: list[str]) -> list[str]:
    """Returns what is said of the roster that lines under a heading of `roster_mistakes.txt` stand for."""
    lines = [line.replace("CHOSEN", CHOSEN) for line in lines]
    start = "id: a, track: evening, starts: 2027-01-11"
    if heading == "path":
        return told(path(*lines))
    if heading == "place":
        lines = [f"{start}, choose: {{aftercare: Friday group}}, place: {{{lines[0]}}}"]
    elif heading == "choose":
        lines = [f"{start}, choose: {lines[0]}, place: {{Individual therapy: {{at: thu 16:00}}}}"]
    return told(rows(*lines), COHORTS if heading == "participants of a cohort" else ROLLING)


def mistakes() -> Iterator[tuple[str, list[str], list[str]]]:
    """Yields heading, lines and words of every block of `roster_mistakes.txt`."""
    for section in MISTAKES.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, *found = section.strip().split("\n\n")
        for block in found:
            lines = block.splitlines()
            words = [line[3:] for line in lines if line.startswith("=> ")]
            yield heading, [line for line in lines if not line.startswith("=> ")], words


@pytest.mark.parametrize(("heading", "lines", "words"), tuple(mistakes()))
def test_a_mistake_is_told_in_these_words_at_this_place(
    heading: str, lines: list[str], words: list[str]
) -> None:
    """`nothing` is on the good side."""
    assert told_under(heading, lines) == [each for each in words if each != "nothing"]


def test_a_choice_that_the_track_does_not_have_is_an_error() -> None:
    """It would be attended by nobody."""
    program = ROLLING.replace("days: fri, one_of", "days: fri, tracks: morning, one_of")
    assert told(rows(f"id: a, {GOOD}"), program) == [
        "2:69 IOP420 'Friday group' is never on this participant's tracks and in their phases | choose "
        "another one, or check the track"
    ]


def test_a_missing_choice_is_a_warning() -> None:
    """Whoever chooses none attends none."""
    assert told(rows("id: a, track: evening, starts: 2027-01-11")) == [
        "2:10 IOP421w 'a' chooses none of 'Thursday group', 'Friday group', and attends none | write "
        "'choose: {Aftercare: Thursday group}'"
    ]


def test_the_same_warning_for_very_many_is_told_twenty_times() -> None:
    """With their number in the last."""
    lines = [f"id: a{number}, track: evening, starts: 2027-01-11" for number in range(25)]
    words = told(rows(*lines))
    assert len(words) == 20
    assert words[19].endswith("Thursday group}'; so it is with 5 more of this file")
    assert len(told(rows(*lines[:20]))) == 20
    assert "more of this file" not in told(rows(*lines[:20]))[19]


def test_of_very_many_problems_of_one_file_a_thousand_are_shown() -> None:
    """Errors before warnings."""
    lines = [f"id: a{number}, track: evening, starts: 2027" for number in range(1_100)]
    words = told(rows(*lines))
    assert len(words) == 1_000
    assert words[-1].startswith("1001:40 IOP142 '2027' is not a date")
    assert "; 120 more problems of the file are not shown" in words[-1]


def test_two_rosters_share_no_id_and_neither_is_named_twice() -> None:
    """The place is that of the second."""
    program = ROLLING.replace("ROSTER", "[b.yaml, r.yaml, b.yaml]")
    one = rows(f"id: a, {GOOD}")
    assert told(one, program, b_yaml=one) == [
        "6:26 IOP105 'b.yaml' is named twice | name it once",
        "2:10 IOP431 the id 'a' is already that of another participant | give every participant an id of "
        "their own",
    ]


@pytest.mark.parametrize("name", ["people.xlsx", "people", "csv"])
def test_a_roster_is_yaml_or_csv(name: str) -> None:
    """By its name."""
    program = ROLLING.replace("ROSTER", name)
    assert told("", program) == [
        f"6:9 IOP401 '{name}' is neither a YAML nor a CSV file | a roster ends in .yaml, .yml or .csv; a "
        "spreadsheet is saved as 'CSV UTF-8'"
    ]


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        (
            "",
            "1:1 IOP120 the file is empty | a file holds keys with their values, one on a line: 'key: "
            "value', with a space after the colon",
        ),
        (
            "people: []\n",
            "1:1 IOP109 'people' does not belong into the file that 'roster' names | it holds a list, or "
            "'participants:' with a list under it",
        ),
        (
            "participants: none\n",
            "1:15 IOP109 'none' stands where the list of 'participants' belongs | write a list: each "
            "line begins with '- '",
        ),
        (
            "participants:\n",
            "1:1 IOP126 'participants' has no value | write a value after 'participants:', or remove the key",
        ),
    ],
)
def test_a_file_that_is_no_roster_is_told(roster: str, words: str) -> None:
    """And nothing comes of the program."""
    found, problems = read_people(roster)
    assert problems == [f"r.yaml:{words}"]
    assert found is None


def test_a_roster_that_is_not_there_is_told_at_its_name() -> None:
    """By the one that looks for it."""
    assert told("", ROLLING.replace("ROSTER", "gone.yaml")) == ["6:9 IOP900 'gone.yaml' is not there"]


def test_so_many_participants_are_read_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand in all; here three."""
    monkeypatch.setattr("iopcal.language.participants.MOST_PARTICIPANTS", 3)
    lines = [f"id: a{number}, {GOOD}" for number in range(4)]
    assert told(rows(*lines[:3])) == []
    assert told(rows(*lines)) == [
        "5:10 IOP155 there are more than the 3 participants allowed | split the program"
    ]


@pytest.mark.parametrize("collecting", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(collecting: bool) -> None:
    """It is only paused."""
    (gc.enable if collecting else gc.disable)()
    try:
        people(WHOLE)
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "roster",
    [
        rows("id: Anna Smith"),
        rows("track: evening"),
        rows("id: a, starts: 2027-1-4"),
        rows("id: a, days: thurs"),
        rows("id: a, path: [{on: 2027-02-15}]"),
        rows("id: a, path: [{on: 2027-02-15, hold: true, away: true}]"),
        rows("id: a, place: {Individual therapy: {at: noon}}"),
        "people: []\n",
    ],
)
def test_an_editor_marks_what_the_reader_refuses(roster: str) -> None:
    """The schema is no looser than it needs to be."""
    assert objections(roster) != []


@pytest.mark.parametrize("title", TABLES)
def test_every_key_is_in_the_schema_and_in_the_reference(title: str) -> None:
    """With the same meaning."""
    schema = str(roster_schema())
    for field in TABLES[title].fields:
        assert repr(field.meaning) in schema
        assert (
            f"| `{field.key}` | {'yes' if field.needed else 'no'} | {field.meaning} |"
            in people_tables()[title]
        )


def blocks(page: Path, heading: str) -> list[tuple[str, str]]:
    """Returns the rosters under a heading of a page: their kind and text."""
    section = page.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^```(yaml roster|csv)\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_wrong_roster_of_a_page_has_the_problem_and_the_right_one_no_error(page: Path) -> None:
    """As `iopcal explain` shows them."""
    wrong, right = blocks(page, "Wrong"), blocks(page, "Right")
    assert bool(wrong) is (page.stem != "IOP401")
    assert len(wrong) == len(right)
    for kind, text in wrong:
        words = told(text, file="r.csv" if kind == "csv" else "r.yaml")
        assert [each for each in words if f" {page.stem}" in each] != []
    for kind, text in right:
        found, problems = read_people(text, file="r.csv" if kind == "csv" else "r.yaml")
        assert found is not None, problems
        assert [each for each in problems if page.stem in each] == []
