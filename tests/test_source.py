"""Reading a file: nodes with their places, limits, and every trap in its exact words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from iopcal.model import Place
from iopcal.problems import Problem
from iopcal.source import ROSTER, Limits, Mapping, Node, Scalar, Sequence, read
from iopcal.source.page import Page
from iopcal.source.syntax import Fault, explain

CONFIGS = sorted(Path(__file__).parent.parent.glob("configs/**/*.yaml"))
TRAPS = Path(__file__).parent / "golden" / "traps.txt"


@pytest.fixture(params=["c", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test with both parsers of PyYAML: not every machine has the C parser."""
    if request.param == "pure":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    return str(request.param)


def problems_of(text: str) -> tuple[Problem, ...]:
    """Returns the problems of a file."""
    return read(text.encode(), "f.yaml")[1]


def told(text: str) -> list[tuple[str, str, str, str]]:
    """Returns the problems of a file as (line:column+length, code, message, hint)."""
    return [
        (f"{problem.place.line}:{problem.place.column}+{problem.place.length}", *problem[1:4])
        for problem in problems_of(text)
    ]


def plain(node: Node | None) -> object:
    """Returns a node as strings, lists and dictionaries."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text if node is not None else None


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yields the keys and texts of a node, in the order of the file."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield key
            yield from scalars(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    elif node is not None:
        yield node


# Nodes and their places


def test_every_text_stays_text_and_knows_its_place(parser: str) -> None:
    node, problems = read(b"on: 9:30\nlist: [no, '010', \"0x1F\"]\n", "f.yaml")
    assert problems == ()
    assert node == Mapping(
        (
            (Scalar("on", Place("f.yaml", 1, 1, 2)), Scalar("9:30", Place("f.yaml", 1, 5, 4))),
            (
                Scalar("list", Place("f.yaml", 2, 1, 4)),
                Sequence(
                    (
                        Scalar("no", Place("f.yaml", 2, 8, 2)),
                        Scalar("010", Place("f.yaml", 2, 12, 5), quoted=True),
                        Scalar("0x1F", Place("f.yaml", 2, 19, 6), quoted=True),
                    ),
                    Place("f.yaml", 2, 7, 1),
                ),
            ),
        ),
        Place("f.yaml", 1, 1, 1),
    )


def test_columns_count_characters_and_not_bytes(parser: str) -> None:
    node, _ = read("é: {👩: 'ü'}\n".encode(), "f.yaml")
    assert [scalar.place[1:] for scalar in scalars(node)] == [(1, 1, 1), (1, 5, 1), (1, 8, 3)]


def test_the_length_of_a_text_of_several_lines_is_that_of_its_first_line(parser: str) -> None:
    node, _ = read(b"a: one\n  two\nb: 'three  \n  four'\nc: |\n  five\n  six\n", "f.yaml")
    assert plain(node) == {"a": "one two", "b": "three four", "c": "five\nsix"}
    assert [scalar.place[1:] for scalar in scalars(node)][1::2] == [(1, 4, 3), (3, 4, 6), (5, 4, 1)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_of_every_system_and_a_byte_order_mark_change_nothing(
    ends: str, mark: str, parser: str
) -> None:
    text = "# comment\na: b\nc:\n  - d: '@'\n    e: |\n      f\n      g\n"
    node, problems = read((mark + text.replace("\n", ends)).encode(), "f.yaml")
    assert problems == ()
    assert node == read(text.encode(), "f.yaml")[0]
    assert plain(node) == {"a": "b", "c": [{"d": "@", "e": "f\ng"}]}


def test_the_marks_of_one_document_are_allowed(parser: str) -> None:
    assert plain(read(b"---\na: b\n...\n", "f.yaml")[0]) == {"a": "b"}
    assert problems_of("---\na: b\n...\n") == ()


def test_a_list_at_the_top_is_read_where_lists_are_asked_for(parser: str) -> None:
    node, problems = read(b"- 2027-01-18 Holiday\n", "closed.yaml", lists=True)
    assert (plain(node), problems) == (["2027-01-18 Holiday"], ())
    node, problems = read(b"closed: [a]\n", "closed.yaml", lists=True)
    assert (plain(node), problems) == ({"closed": ["a"]}, ())


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_the_example_programs_are_read_without_a_problem_and_as_pyyaml_reads_them(path: Path) -> None:
    data = path.read_bytes()
    node, problems = read(data, path.name, ROSTER, lists=True)
    assert problems == ()
    assert plain(node) == yaml.load(data, Loader=yaml.BaseLoader)


# Random files against PyYAML's own loader of strings

WORDS = (
    "Process group", "no", "on", "9:30", "17:30", "010", "1_000", "Women's group", "a#b", "Suite #200", "{x}",
    "- dash", "x: y", "x:y", "@home", "`tick`", "%s", "! bang", "* star", "& and", "#tag", "né", "团体", "👩",
    "5 -> 2", "mon-fri", "2027-01-04", ".5", "~a", "| pipe", "> more", "'single'", '"double"', "back\\slash",
    "[x", "y]", "null and void", "--- no", "tail:", "comma, space", "1.0", "yes", "None", "=", "a,b",
    "very long " * 30 + "text",
)  # fmt: skip


def random_value(source: random.Random, depth: int) -> object:
    """Returns a random tree of strings."""
    kind = source.random() if depth < 6 else 0
    if kind < 0.5:
        return " ".join(source.choices(WORDS, k=source.choice((1, 1, 1, 2))))
    if kind < 0.7:
        return [random_value(source, depth + 1) for _ in range(source.randrange(5))]
    return {
        word[:60].strip(): random_value(source, depth + 1)
        for word in source.sample(WORDS, source.randrange(5))
    }


def test_random_files_are_read_as_pyyaml_reads_them_or_their_problem_is_told(parser: str) -> None:
    source = random.Random(11)
    same = 0
    for _ in range(300):
        value = {"key": random_value(source, 0), "last": "end"}
        text = yaml.dump(
            value,
            default_flow_style=source.choice((True, False, None)),
            default_style=source.choice((None, None, None, "'", '"')),
            allow_unicode=True,
            width=source.choice((40, 80, 1_000)),
            explicit_start=source.random() < 0.2,
            sort_keys=False,
        )
        node, problems = read(text.encode(), "f.yaml")
        if not problems:
            same += 1
            assert plain(node) == yaml.load(text, Loader=yaml.BaseLoader) == value
        else:  # a long key behind '? ', a line that begins like a key
            assert {problem.code for problem in problems} <= {"IOP134", "IOP137"}
    assert same > 250


# Limits, on both sides


@pytest.mark.parametrize(
    "limits", [Limits(), pytest.param(ROSTER, marks=pytest.mark.long)], ids=["program", "roster"]
)
def test_a_file_of_exactly_the_limit_is_read_and_one_byte_more_is_not(limits: Limits) -> None:
    data = b"a: b\n"
    data += b"#\n" * ((limits.bytes - len(data)) // 2)
    data += b"#" * (limits.bytes - len(data))
    assert read(data, "f.yaml", limits)[1] == ()
    node, (problem,) = read(data + b"#", "f.yaml", limits)
    assert node is None
    assert problem.place == Place("f.yaml", data.count(b"\n") + 1, 1)
    assert problem[1:4] == (
        "IOP111",
        f"the file is too large: {limits.bytes + 1:,} bytes, and at most {limits.bytes:,} are read",
        "split it, or remove what is not needed",
    )


def test_the_limits_are_those_that_are_promised() -> None:
    assert Limits() == (262_144, 20_000, 20, 4_000, 64)
    assert ROSTER == (33_554_432, 2_000_000, 20, 4_000, 64)


def test_20000_nodes_are_read_and_one_more_is_not() -> None:
    full = "a:\n" + "- b\n" * 19_997  # with the key, the list and the mapping
    assert problems_of(full) == ()
    assert told(full + "- b\n") == [
        (
            "19999:3+1",
            "IOP112",
            "the file holds too much: 20,001 keys and values, and at most 20,000 are read",
            "split it, or remove what is not needed",
        )
    ]


def test_20_levels_are_read_and_21_are_not(parser: str) -> None:
    assert problems_of("a: " + "[" * 19 + "b" + "]" * 19) == ()
    assert told("a: " + "[" * 20 + "b" + "]" * 20) == [
        (
            "1:23+1",
            "IOP113",
            "too deep: 21 levels inside each other, and at most 20 are read",
            "write it flatter",
        )
    ]


def test_depths_that_the_parser_itself_refuses_are_told_like_ours() -> None:
    ((_, code, message, _),) = told("[" * 5_000)
    assert code == "IOP113"
    assert message == "too deep: more than 1,000 levels inside each other, and at most 20 are read"


def test_a_text_of_4000_characters_is_read_and_one_of_4001_is_not(parser: str) -> None:
    assert problems_of("a: " + "9" * 4_000) == ()
    assert told("a: b\nc: " + "9" * 4_001) == [
        (
            "2:4+4001",
            "IOP114",
            "the text is too large: 4,001 characters, and at most 4,000 are read",
            "shorten it",
        )
    ]


def test_a_key_of_64_characters_is_read_and_one_of_65_is_not(parser: str) -> None:
    assert problems_of("k" * 64 + ": b") == ()
    assert told("k" * 65 + ": b") == [
        (
            "1:1+65",
            "IOP115",
            f"the key '{'k' * 27}...' is too long: 65 characters, and at most 64 are read",
            "put a text with a colon in quotes",
        )
    ]


def test_reading_stops_at_the_first_limit_and_tells_what_was_found_before() -> None:
    node, problems = read(b"a: 1\na: 2\nb: " + b"9" * 4_001 + b"\nc:\nc:\n", "f.yaml")
    assert node is None
    assert [problem.code for problem in problems] == ["IOP125", "IOP114"]


# Encodings


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_utf_16_and_utf_32_are_refused_in_one_sentence(encoding: str) -> None:
    node, problems = read("program: Evening IOP\n".encode(encoding), "f.yaml")
    assert node is None
    assert problems == (
        Problem(
            Place("f.yaml", 1, 1),
            "IOP110",
            "not UTF-8 at line 1: save as UTF-8",
            "in the editor choose 'Save as' and the encoding UTF-8",
        ),
    )


def test_latin_1_is_refused_at_its_first_foreign_letter() -> None:
    _, (problem,) = read("a: b\r\nc: é, d\nname: Soirée\n".encode("cp1252"), "f.yaml")
    assert problem.place == Place("f.yaml", 2, 4)
    assert problem.message == "not UTF-8 at line 2: save as UTF-8"


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "a document such as .docx or .xlsx, or a .zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document such as .doc or .xls"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"{\\rtf1\\ansi", "a document in RTF"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "a calendar (.ics)"),
        (b"\xef\xbb\xbf<!DOCTYPE html>\n<html>", "a web page"),
    ],
)
def test_a_file_of_another_kind_is_named_in_one_sentence(begin: bytes, what: str) -> None:
    node, problems = read(begin, "f.yaml")
    assert node is None
    message = f"this is no program file, but {what}"
    hint = "write the program as plain text, in a file of its own that ends in .yaml"
    assert problems == (Problem(Place("f.yaml", 1, 1), "IOP121", message, hint),)


# Traps


def _traps() -> Iterator[tuple[str, str]]:
    """Yields the cases of the golden file: a file, and what is told about it."""
    case: list[str] = []
    for line in TRAPS.read_text(encoding="utf-8").splitlines()[3:]:
        if line.startswith("==== "):
            continue
        if line.startswith("  = "):
            at = next(number for number, each in enumerate(case) if each.startswith(">>> "))
            yield "".join(f"{each}\n" for each in case[:at]), f"{case[at]}\n{line}"
            case = []
        elif line or case:
            case.append(line)


@pytest.mark.parametrize(("text", "words"), [pytest.param(*case, id=repr(case[0])) for case in _traps()])
def test_a_trap_is_told_in_exactly_these_words(text: str, words: str, parser: str) -> None:
    assert [f">>> {place} {code} {message}\n  = {hint}" for place, code, message, hint in told(text)] == [
        words
    ]


def test_every_trap_of_the_golden_file_is_read() -> None:
    assert len(tuple(_traps())) == TRAPS.read_text(encoding="utf-8").count("\n>>> ") >= 80


@pytest.mark.parametrize(
    "text",
    [
        "a: b # comment\n",
        "a: b  ## comment\n",
        "a: b #\n",
        "a: 'b' #comment\n",
        "a: [b] #comment\n",
        "a:  #comment\n  b: c\n",
        "#comment\na: b#c\n",
        "#### heading ####\na: b\n",
        "a: {b: 'Snow, ice', c: [d, e]}\n",
        "a: {'b':c, \"d\":e}\n",
        "a: Women’s group\n",
        "a: https://a.example/?b=c\n",
        "a: {b: 'https://a.example/?b=c'}\n",
        "a: {b: 17:30-19:00, c: 5 -> 2}\n",
        "a: 'null'\n",
        "a: \"~\"\n",
        "a: ''\n",
        "a: []\nb: {}\n",
        "a: nothing\n  in two lines\n",
        "a:\n  -soon\n",
        "a: \"b\\u00e9\\n\"\n",
        "a: Come at\n  17:30 sharp, or see\n  https://a.example/\n",
        "'<<': b\n",
        "a: '*b'\nc: <<\n",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_trap_is_read(text: str, parser: str) -> None:
    node, problems = read(text.encode(), "f.yaml")
    assert problems == ()
    assert plain(node) == yaml.load(text.replace("\\n", ""), Loader=yaml.BaseLoader)


def test_a_key_given_twice_is_an_error_with_both_places_and_the_first_is_kept(parser: str) -> None:
    node, problems = read(b"a: 1\nb: 2\na: 3\n'a': 4\n", "f.yaml")
    assert plain(node) == {"a": "1", "b": "2"}
    first = (Place("f.yaml", 1, 1, 1),)
    message = "the key 'a' is given twice, first on line 1"
    assert problems == (
        Problem(Place("f.yaml", 3, 1, 1), "IOP125", message, "keep one of them", others=first),
        Problem(Place("f.yaml", 4, 1, 3), "IOP125", message, "keep one of them", others=first),
    )


def test_equal_keys_are_those_that_look_equal() -> None:
    assert [problem.code for problem in problems_of("Cafe\u0301: 1\nCaf\u00e9: 2\n")] == ["IOP125"]


def test_the_other_place_of_an_open_bracket_and_of_more_tabs_is_given() -> None:
    (bracket,) = problems_of("a: [b, c\nd: e\n")
    assert bracket.others == (Place("f.yaml", 2, 2),)
    (tabs,) = problems_of("a:\n\tb: c\n\td: e\n")
    assert tabs.others == (Place("f.yaml", 3, 1),)


@pytest.mark.parametrize("value", ["", "~", "null", "&x", "*x", "Suite #2", "“b”", '"\\0"'])
def test_a_value_that_is_missing_or_refused_leaves_a_hole(value: str) -> None:
    node, problems = read(f"a: {value}\nb: c\n".encode(), "f.yaml")
    assert len(problems) == 1
    assert isinstance(node, Mapping)
    (_, hole), (_, other) = node.entries
    assert isinstance(hole, Scalar)
    assert hole.hole
    assert other == Scalar("c", Place("f.yaml", 2, 4, 1))


def test_an_empty_text_in_quotes_is_a_text_and_no_hole() -> None:
    node, _ = read(b"a: ''\n", "f.yaml")
    assert isinstance(node, Mapping)
    assert node.entries[0][1] == Scalar("", Place("f.yaml", 1, 4, 2), quoted=True)
    assert not Scalar("", Place("f.yaml", 1, 4, 2), quoted=True).hole


def test_all_problems_before_an_unreadable_line_are_told_with_it(parser: str) -> None:
    text = "a: 1\na: 2\nb: Suite #2\nc: *x\nd:\ne: {f: g, h}\ni: @j\nk: &l m\n"
    assert [(problem.place.line, problem.code) for problem in problems_of(text)] == [
        (2, "IOP125"),
        (3, "IOP131"),
        (4, "IOP124"),
        (5, "IOP126"),
        (6, "IOP132"),
        (7, "IOP134"),
    ]
    assert read(text.encode(), "f.yaml")[0] is None


def test_what_only_follows_from_a_problem_on_the_same_line_is_not_told(parser: str) -> None:
    assert [problem.code for problem in problems_of("a:\n\tb: c\n")] == ["IOP130"]
    assert [problem.code for problem in problems_of("a: {b: c #d}\ne: f\n")] == ["IOP131"]
    assert [problem.code for problem in problems_of("a: b\n\x00c\n")] == ["IOP116"]


def test_a_forbidden_character_is_found_behind_a_tab_an_escape_or_an_anchor(parser: str) -> None:
    assert [row[:2] for row in told('a: "b\tc\\0"\n')] == [("1:6+1", "IOP116")]
    assert [row[:2] for row in told('a: "\\e\t"\n')] == [("1:5+2", "IOP116")]
    assert [row[:2] for row in told('a: "\\x41\\n\\x00"\n')] == [("1:11+4", "IOP116")]
    assert [row[:2] for row in told('a: &x "\\0"\n')] == [("1:4+2", "IOP124"), ("1:4+7", "IOP116")]


def test_a_key_of_an_anchor_alone_is_no_key(parser: str) -> None:
    assert [row[:2] for row in told("&x : b\n")] == [("1:1+2", "IOP124"), ("1:1+2", "IOP127")]


def test_a_fault_that_no_parser_has_yet_is_told_with_its_line() -> None:
    page = Page("f.yaml", "a: b\nc: d", ("a: b", "c: d"))
    assert explain(page, Fault("new", (0, 0), "new", (1, 3)))[:3] == (
        Place("f.yaml", 2, 4, 1),
        "IOP139",
        "line 2 cannot be understood from 'd' on",
    )
    assert explain(page, Fault("new", (0, 0), "new", (2, 0)))[:3] == (
        Place("f.yaml", 2, 5, 1),
        "IOP139",
        "line 2 is not complete",
    )


def test_a_long_text_is_shown_by_its_beginning() -> None:
    ((place, _, message, hint),) = told("why: " + "Snow and ice " * 20 + ": closed\n")
    assert place == "1:6+268"
    shown = "Snow and ice Snow and ice Snow and ice Snow and ice Snow..."
    assert message == f"'{shown}' holds a colon; put the text in quotes"
    assert hint == f'put the text in quotes: "{shown}"'


def test_many_forbidden_characters_are_told_one_by_one_up_to_twenty() -> None:
    problems = problems_of("a: " + "\u200b" * 25 + "\n")
    assert [problem.place.column for problem in problems] == list(range(4, 24))
    assert problems[-1].hint == "delete it and type the words again; there are 5 more such characters"


def test_reading_stops_after_a_thousand_problems() -> None:
    node, problems = read(b"a:\n" + b"- *b\n" * 5_000, "f.yaml")
    assert node is None
    assert len(problems) == 1_000


# The pages that explain the codes

PAGES = sorted((Path(__file__).parent.parent / "iopcal" / "explanations").glob("IOP1[123]?.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_wrong_file_of_a_page_has_its_problem_and_the_right_one_none(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wrong, right = text.split("## Wrong\n")[1].split("## Right\n")
    assert problems_of(right.split("```yaml\n")[1].split("```")[0]) == ()
    if "```yaml" not in wrong:  # too large to be shown, or no text
        assert path.stem in {"IOP110", "IOP111", "IOP112", "IOP114"}
    else:
        assert [problem.code for problem in problems_of(wrong.split("```yaml\n")[1].split("```")[0])] == [
            path.stem
        ]
