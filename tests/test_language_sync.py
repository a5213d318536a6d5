"""The keys of `sync.yaml`: what each means, what is said of a mistake, what an editor sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from iopcal.language import sync_schema, sync_tables
from iopcal.language.fields import Table
from iopcal.language.sync import TABLES, read_sync
from iopcal.model.sync import Credentials, Destination, GoogleTarget, Guard, Heartbeat, IcsTarget, Sync
from iopcal.problems import has_errors
from iopcal.source import SYNC, read
from tests.command import ROOT
from tests.sync_text import objections, problems_in, read_text, sync_of, sync_text
from tests.test_configs import EditorLoader
from tests.test_language_schema import properties

MISTAKES = Path(__file__).with_name("sync_mistakes.txt").read_text(encoding="utf-8")
WHOLE = """\
iopcal-sync: 1
programs: [programs/*.yaml]
state: ~/.local/state/iopcal
credentials:
  clinic: {kind: service-account, file: secrets/clinic.json}
  office: {kind: user, client: secrets/client.json, token: secrets/office.token.json}
targets:
  - name: staff
    kind: google
    credentials: clinic
    calendars:
      riverbend-evening/staff: c_2f0a91@group.calendar.google.com
      riverbend-evening/track/evening: {calendar: c_91bd07@group.calendar.google.com, cancelled: show}
  - name: participants
    kind: google
    credentials: office
    calendars: {riverbend-evening/participant/*: make}
    title: Appointments
    book: secrets/participants.calendars.yaml
  - {name: web, kind: ics, folder: /srv/feeds, feeds: [riverbend-evening/*]}
guard: {removed: 25%, at_least: 8, changed: refuse, discharged: allow}
retry: {longest: 90}
heartbeat: {url_file: secrets/ping-url, well: [0, 6, 75]}
metrics: /var/lib/metrics/iopcal.prom
"""


def google(calendars: str, rest: str = "", account: str = "clinic") -> list[str]:
    """Returns the one target of a file, for Google."""
    return [f"{{name: staff, kind: google, credentials: {account}, calendars: {calendars}{rest}}}"]


def ics(name: str, folder: str, feeds: str) -> str:
    """Returns a target of files."""
    return f"{{name: {name}, kind: ics, folder: {folder}, feeds: {feeds}}}"


def without_places(value: object) -> object:
    """Returns a value of the model as plain tuples without its places."""
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        kept = [
            each for name, each in zip(fields or value, value, strict=True) if not fields or name != "place"
        ]
        return tuple(without_places(each) for each in kept)
    return value


def test_a_whole_file_means_this() -> None:
    expected = Sync(
        programs=("site/programs/one.yaml", "site/programs/two.yaml"),
        state="/home/ann/.local/state/iopcal",
        credentials=(
            Credentials("clinic", "service-account", file="site/secrets/clinic.json"),
            Credentials(
                "office", "user", client="site/secrets/client.json", token="site/secrets/office.token.json"
            ),
        ),
        targets=(
            GoogleTarget(
                "staff",
                "clinic",
                (
                    Destination("riverbend-evening/staff", "c_2f0a91@group.calendar.google.com"),
                    Destination(
                        "riverbend-evening/track/evening",
                        "c_91bd07@group.calendar.google.com",
                        show_cancelled=True,
                    ),
                ),
            ),
            GoogleTarget(
                "participants",
                "office",
                (Destination("riverbend-evening/participant/*", "make"),),
                title="Appointments",
                book="site/secrets/participants.calendars.yaml",
            ),
            IcsTarget("web", "/srv/feeds", ("riverbend-evening/*",)),
        ),
        guard=Guard(25, 8, refuse_changed=True, allow_discharged=True),
        longest=90.0,
        heartbeat=Heartbeat("site/secrets/ping-url", (0, 6, 75)),
        metrics="/var/lib/metrics/iopcal.prom",
    )
    assert without_places(sync_of(WHOLE)) == without_places(expected)


def test_what_is_not_said_has_these_values() -> None:
    sync = sync_of(sync_text(credentials="{clinic: {kind: none}}"))
    assert sync.state == "/home/ann/.local/state/iopcal"
    assert sync.guard == Guard(removed=30, at_least=10, refuse_changed=False, allow_discharged=False)
    assert (sync.longest, sync.heartbeat, sync.metrics) == (600.0, None, "")
    (target,) = sync.targets
    assert isinstance(target, GoogleTarget)
    assert (target.title, target.book) == ("Calendar", "")
    assert without_places(target.destinations) == (("a/program", "c_1", "", (), False),)


def test_things_stand_where_the_file_has_them() -> None:
    sync = sync_of(sync_text())
    assert (sync.credentials[0].place.line, sync.credentials[0].place.column) == (3, 15)
    (target,) = sync.targets
    assert isinstance(target, GoogleTarget)
    assert (target.place.line, target.place.column) == (5, 5)
    assert (target.destinations[0].place.line, target.destinations[0].place.column) == (5, 66)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("[60]", (60,)),
        ("[1440, 15, 0]", (1440, 15, 0)),
        ("40320", (40320,)),
        ("'60'", (60,)),
        ("[]", ()),
        ("[1, 2, 3, 4, 5]", (1, 2, 3, 4, 5)),
    ],
)
def test_reminders_are_minutes_one_or_a_list(written: str, read_as: tuple[int, ...]) -> None:
    sync = sync_of(sync_text(targets=google(f"{{a/program: {{calendar: c, remind: {written}}}}}")))
    (target,) = sync.targets
    assert isinstance(target, GoogleTarget)
    assert target.destinations[0].remind == read_as


@pytest.mark.parametrize(("written", "share"), [("0%", 0), ("5%", 5), ("30 %", 30), ("'100%'", 100)])
def test_a_share_is_written_with_a_percent_sign(written: str, share: int) -> None:
    assert sync_of(sync_text(guard=f"{{removed: {written}}}")).guard.removed == share


@pytest.mark.parametrize("well", [(0,), (0, 255), (6,)])
def test_good_news_are_exit_codes(well: tuple[int, ...]) -> None:
    heartbeat = sync_of(sync_text(heartbeat=f"{{url_file: x, well: {list(well)}}}")).heartbeat
    assert heartbeat == Heartbeat("site/x", well)


def test_a_single_value_stands_for_a_list_of_one() -> None:
    sync = sync_of(sync_text(programs="evening.yaml", targets=[ics("web", "out", "a/program")]))
    assert sync.programs == ("site/evening.yaml",)
    assert isinstance(sync.targets[0], IcsTarget)
    assert sync.targets[0].feeds == ("a/program",)


def test_a_program_that_two_patterns_find_is_named_once() -> None:
    sync = sync_of(sync_text(programs="[p/two.yaml, p/*.yaml]"))
    assert sync.programs == ("site/p/two.yaml", "site/p/one.yaml")


@pytest.mark.parametrize(
    "feed",
    [
        "a/program", "a/staff", "a/track/evening", "a/track/-", "a/participant/p-014", "a/lead/ärztin_2.b",
        "7-eleven/7", "a/*", "a/participant/*", f"{'x' * 64}/{'y' * 64}/{'z' * 64}",
    ],
)  # fmt: skip
def test_a_feed_may_be_named_so(feed: str) -> None:
    (target,) = sync_of(sync_text(targets=[ics("web", "out", f"['{feed}']")])).targets
    assert isinstance(target, IcsTarget)
    assert target.feeds == (feed,)


@pytest.mark.parametrize("calendar", ["primary", "make", "ann@clinic.example", "en.usa#x@g.com", "12"])
def test_a_calendar_may_be_named_so(calendar: str) -> None:
    account = "{clinic: {kind: none}}"
    text = sync_text(credentials=account, targets=google(f"{{a/program: '{calendar}'}}", ", book: b"))
    sync, _ = read_text(text)
    assert sync is not None
    (target,) = sync.targets
    assert isinstance(target, GoogleTarget)
    assert target.destinations[0].calendar == calendar


def test_a_feed_may_go_to_a_calendar_and_to_any_number_of_folders() -> None:
    folders = [ics("web", "one", "[a/*]"), ics("copy", "two", "[a/program, a/*]")]
    assert problems_in(sync_text(targets=google("{a/program: c_1}") + folders)) == []


def test_two_accounts_have_each_a_primary_calendar() -> None:
    ways = "{clinic: {kind: none}, office: {kind: none}}"
    other = "{name: b, kind: google, credentials: office, calendars: {a/staff: primary}}"
    text = sync_text(credentials=ways, targets=[*google("{a/program: primary}"), other])
    assert problems_in(text) == []


def mistakes(section: str) -> list[object]:
    """Returns the cases of a section of `sync_mistakes.txt`: a sync file, and what is said of it."""
    _, _, rest = MISTAKES.partition(f"## {section}\n\n")
    cases: list[object] = []
    for block in rest.partition("\n## ")[0].strip().split("\n\n"):
        keys: dict[str, object] = {}
        rows: list[str] = []
        said = []
        for line in block.splitlines():
            key, _, value = line.partition(":")
            if line.startswith("=> "):
                said.append(line[3:])
            elif line.startswith("  - "):
                rows.append(line[4:])
            else:
                rows = []
                keys[key] = rows if not value else None if value == " -" else value.strip()
        cases.append(pytest.param(sync_text(**keys), said, id=block.partition("=>")[0].strip()[:60]))
    return cases


SEEN, UNSEEN = mistakes("What an editor marks, too"), mistakes("What no schema can say")


@pytest.mark.parametrize(("text", "said"), SEEN + UNSEEN)
def test_a_mistake_is_said_in_these_words_at_this_place(text: str, said: list[str]) -> None:
    """Nothing else is said beside it, and no id of a calendar or secret address is in it."""
    assert problems_in(text) == said
    assert not any(secret in line for line in said for secret in ("c_1", "c_secret", "example/secret"))


@pytest.mark.parametrize(("text", "said"), SEEN)
def test_an_editor_marks_it(text: str, said: list[str]) -> None:
    assert objections(text) != []


@pytest.mark.parametrize(("text", "said"), UNSEEN)
def test_an_editor_marks_nothing_that_is_good_by_itself(text: str, said: list[str]) -> None:
    assert objections(text) == []


def test_a_pattern_without_a_file_is_told_beside_the_others() -> None:
    text = sync_text(programs="[a.yaml, programs/*.yaml, b.yaml]")
    hint = "paths are relative to the folder of this file; check the name"
    assert problems_in(text, missing=["programs/*.yaml", "b.yaml"]) == [
        f"2:20 IOP530 'programs/*.yaml' finds no program file | {hint}",
        f"2:37 IOP530 'b.yaml' finds no program file | {hint}",
    ]


def test_a_home_folder_that_is_not_there_is_told() -> None:
    said = "IOP541 '~/x' begins in the home folder, and this account has none | write the whole path"
    assert problems_in(sync_text(state="/var/x", metrics="~/x"), home="") == [f"7:10 {said}"]
    assert problems_in(sync_text(state="~/x"), home="") == [f"6:8 {said}"]
    assert problems_in(sync_text(), home="") == [f"1:1 {said.replace('~/x', '~/.local/state/iopcal')}"]


def test_another_state_folder_goes_before_the_one_of_the_file() -> None:
    node, _ = read(sync_text(state="~/x").encode(), "sync.yaml", SYNC)
    assert node is not None
    sync, problems = read_sync(node, lambda pattern: (pattern,), lambda path: "", state="/var/state")
    assert sync is None  # the key of the service account leads nowhere
    assert [each.place.line for each in problems] == [3]


def test_a_program_in_its_place_is_one_problem() -> None:
    text = (ROOT / "configs/lakeside-evening.yaml").read_text(encoding="utf-8")
    assert [line.partition(" ")[2] for line in problems_in(text)] == [
        "IOP540 this is a program, where a sync file belongs | a sync file begins with 'iopcal-sync: 1' and "
        "names its programs under 'programs'"
    ]


def test_the_shipped_example_is_right_by_the_schema_that_editors_use() -> None:
    text = (ROOT / "configs/sync.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=sync.schema.json\n")
    assert problems_in(text) == []
    assert list(Draft202012Validator(sync_schema()).iter_errors(yaml.load(text, EditorLoader))) == []


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(sync_schema())
    assert objections(WHOLE) == []


@pytest.mark.parametrize("title", TABLES)
def test_every_key_is_in_the_schema_and_in_the_reference(title: str) -> None:
    """With the same meaning; synonyms are no keys of the table, and lead to keys."""
    table: Table = TABLES[title]
    said = {(key, str(schema.get("description"))) for key, schema in properties(sync_schema())}
    keys = {field.key for field in table.fields}
    for field in table.fields:
        assert (field.key, field.meaning) in said
        needed = "yes" if field.needed else "no"
        assert f"| `{field.key}` | {needed} | {field.meaning} |" in sync_tables()[title]
    assert not set(table.synonyms) & keys
    assert set(table.synonyms.values()) <= keys
    assert set(table.later).isdisjoint(keys)


ODD = (
    "[]",
    "{}",
    "[[[x]]]",
    "{x: {y: z}}",
    "''",
    "-1",
    "x/*",
    "make",
    "'*'",
    "~",
    "!!int 3",
    "&a b",
    "9" * 300,
)


def spoilt() -> Iterator[str]:
    """Yields the whole file cut after each line, and with each value replaced by each odd one."""
    lines = WHOLE.splitlines(keepends=True)
    for number, line in enumerate(lines):
        yield "".join(lines[:number])
        key, colon, _ = line.partition(": ")
        for odd in ODD if colon else ():
            yield "".join((*lines[:number], f"{key}: {odd}\n", *lines[number + 1 :]))
    for inside in ("kind", "file", "calendar", "remind", "cancelled", "removed", "well", "url_file", "feeds"):
        for odd in ODD:
            yield WHOLE.replace(f"{inside}: ", f"{inside}: {odd}, {inside}x: ", 1)


def test_whatever_stands_in_the_file_it_is_read_or_refused() -> None:
    """An exception would be a bug; no result comes with an error."""
    count = 0
    for text in spoilt():
        sync, problems = read_text(text)
        assert (sync is None) == has_errors(problems), text
        assert all(each.place.line for each in problems)
        count += 1
    assert count > 300


def test_nine_thousand_feeds_are_held_against_each_other_at_once() -> None:
    """It takes well under a second; in the square of their number it would take minutes."""
    lines = "".join(f"      a/p/{number}: c_{number}\n" for number in range(9000))
    text = sync_text(targets=None) + (
        f"targets:\n  - name: all\n    kind: google\n    credentials: clinic\n    calendars:\n{lines}"
    )
    assert problems_in(text) == []
    assert len(problems_in(text.replace("c_8999", "c_1"))) == 1


def test_a_made_calendar_of_a_service_account_has_a_subject() -> None:
    way = "{clinic: {kind: service-account, file: a, subject: office@clinic.example}}"
    sync = sync_of(sync_text(credentials=way, targets=google("{a/*: make}", ", book: b")))
    assert sync.credentials[0].subject == "office@clinic.example"


def test_a_salt_is_kept_as_it_is_written() -> None:
    sync = sync_of(sync_text(targets=google("{a/program: {calendar: c, salt: ' Salt 1 '}}")))
    assert isinstance(sync.targets[0], GoogleTarget)
    assert sync.targets[0].destinations[0].salt == "Salt 1"
