"""Telling words: which they are, where they are found, and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from iopcal.checks import check
from iopcal.destinations import Common, Errand
from iopcal.expand import Expansion
from iopcal.feeds import feeds
from iopcal.model import FeedRule, Participant, Place, Placing, Program
from iopcal.model.sync import Destination, GoogleTarget
from iopcal.problems import Problem
from iopcal.publish import Options, drafts, unfit
from iopcal.tales import foreseen
from iopcal.telling import Telling
from tests.drafting import NOW, expanded
from tests.program_text import program_text

TEXT = program_text(
    program="Riverbend Evening IOP",
    id="riverbend-evening",
    tracks="{evening: {title: Maple strand, room: Suite 200}}",
    cohorts="[{id: aspen-2027}]",
    sessions=[
        "{name: Process hour, id: proc-1, minutes: 60, lead: [A. Okafor, J. Lee], room: Suite 5,"
        ' topics: [Coping skills, Grief], notes: "Bring a pen to the desk\\nAsk for Quincy", one_of: yarrow}',
        "{name: 团体治疗, id: tuanti, minutes: 30}",
        "{name: AA, minutes: 30}",
    ],
    phases=["{name: Step-down, weeks: 4, days: mon}"],
    closed=["2027-01-18 Burst pipe"],
    changes=[
        "{on: 2027-01-11, session: Process hour, cancel: true, why: Leader ill}",
        "{on: 2027-01-25, session: Process hour, name: Zinnia, room: Annex, lead: B. Gómez}",
        "{on: 2027-01-11, add: Alumni dinner, at: '20:00', minutes: 60}",
    ],
)


def program(**keys: object) -> tuple[Program, Expansion]:
    found, expansion = expanded(TEXT)
    placing = Placing("proc-1", 3, 960, ("K. Umber",), Place("roster.yaml", 5, 7))
    person = Participant(
        "p-014", "evening", "", found.starts, placed=(placing,), place=Place("roster.yaml", 3, 3)
    )
    return found._replace(participants=(person,), **keys), expansion


TELLING = Telling(program()[0])


@pytest.mark.parametrize(
    ("title", "word"),
    [
        # the list that everybody knows
        ("Evening IOP", "IOP"),
        ("Rehabilitation", "Rehabilitation"),
        ("Group", "Group"),
        ("DBT", "DBT"),
        ("My recovery", "recovery"),
        ("Relapse class", "Relapse"),
        # words of this program: its name and id, and of all that it names
        ("Riverbend", "riverbend"),
        ("RIVERBEND class", "riverbend"),
        ("Process", "process"),
        ("proc-1", "proc 1"),
        ("Okafor", "okafor"),
        ("Umber", "umber"),
        ("With Lee", "lee"),
        ("Gómez", "gómez"),
        ("Go\u0301mez", "gómez"),
        ("Maple", "maple"),
        ("Aspen", "aspen"),
        ("Suite 200", ""),
        ("Annex", "annex"),
        ("Coping", "coping"),
        ("grief", "grief"),
        ("Pen", "pen"),
        ("Quincy", "quincy"),
        ("Pipe", "pipe"),
        ("ill", "ill"),
        ("Zinnia", "zinnia"),
        ("Alumni", "alumni"),
        ("Dinner", "dinner"),
        ("Yarrow", "yarrow"),
        ("Step down", "Step down"),
        ("P-014", "p 014"),
        ("AA", "aa"),
        ("预约团体治疗", "团体治疗"),
        # what any calendar may hold
        ("Appointment", ""),
        ("Calendar", ""),
        ("Busy", ""),
        ("CANCELLED: Appointment", ""),
        ("Evening class", ""),
        ("Monday 17:30", ""),
        ("Hour 2027", ""),
        ("Course 014", ""),
        ("A J 200 5", ""),
        ("down", ""),
        # a part of a word is none
        ("Penguins", ""),
        ("Maples", ""),
        ("Biopsy", ""),
    ],
)
def test_a_title_holds_a_telling_word(title: str, word: str) -> None:
    assert TELLING.word(title) == word


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        # an address or link may hold what notes and reasons say, and rooms
        ("LOCATION", "14 Main Street, Suite 5", ""),
        ("LOCATION", "Pen factory, Annex", ""),
        ("LOCATION", "Riverbend house", "riverbend"),
        ("LOCATION", "Leader ill", "leader ill"),
        ("DESCRIPTION", "Phone: 555-0100", ""),
        ("DESCRIPTION", "Bring a pen to the desk", "bring a pen to the desk"),
        ("DESCRIPTION", "Ask for Quincy", "ask for quincy"),
        ("URL", "https://meet.example/5", ""),
        ("URL", "https://riverbend.example/5", "riverbend"),
        ("URL", "https://myriverbendhouse.example/5", "riverbend"),
        ("URL", "https://seasiderehab.example/5", "rehab"),
        ("URL", "https://jlee.example/", ""),
    ],
)
def test_what_a_calendar_shows_besides_holds_a_telling_word(name: str, text: str, word: str) -> None:
    assert TELLING.word(text, name) == word


def test_every_word_has_the_place_where_the_program_has_it() -> None:
    found = TELLING.told_by([("SUMMARY", title) for title in ("Okafor", "Burst", "Step", "P-014", "Rehab")])
    assert [(each.word, each.place.line) for each in found] == [
        ("okafor", 7),
        ("burst", 15),
        ("step", 11),
        ("p 014", 3),
        ("Rehab", 0),
    ]


def file(*lines: str) -> bytes:
    """Returns a file as we write it, with these lines in its only event."""
    stamps = (
        "BEGIN:VEVENT", "UID:fd3efab2-b6f1-50d2-9220-3bcba932dc6e", "DTSTAMP:20270106T141500Z",
        "LAST-MODIFIED:20270106T141500Z", "SEQUENCE:1", "DTSTART;TZID=America/Chicago:20270104T173000",
    )  # fmt: skip
    text = ("BEGIN:VCALENDAR", "PRODID:-//Calendar//EN", *stamps, *lines, "END:VEVENT", "END:VCALENDAR", "")
    return "\r\n".join(text).encode()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("SUMMARY:Appointment", []),
        ("SUMMARY:River\r\n bend", [("SUMMARY", "riverbend")]),
        ("LOCATION:14 Main\\, Okafor\\nhouse", [("LOCATION", "okafor")]),
        ("DESCRIPTION:A\\nGrief", [("DESCRIPTION", "grief")]),
        ("X-FEED:maple", [("X-FEED", "maple")]),
        ("CATEGORIES:grief", [("CATEGORIES", "grief")]),
        ("UID:riverbend", [("UID", "riverbend")]),
        ("TRIGGER:-PT60M", []),
        ("RRULE:FREQ=WEEKLY;UNTIL=20270222T233000Z;BYDAY=MO", []),
    ],
)
def test_a_finished_file_is_searched_unfolded_and_unescaped(line: str, told: list[tuple[str, str]]) -> None:
    telling = Telling(program()[0])
    for _ in range(2):  # what was found clear is not searched again
        assert [(each.name, each.word) for each in telling.told(file(line))] == told


def test_a_uid_that_is_none_of_ours_is_searched() -> None:
    data = file().replace(b"fd3efab2-b6f1-50d2-9220-3bcba932dc6e", b"riverbend-evening-1")
    assert [each.word for each in TELLING.told(data)] == ["riverbend evening"]


def low(**rule: Any) -> FeedRule:
    return FeedRule(
        **{"audience": "track", "privacy": "discreet", "place": Place("program.yaml", 30, 5)} | rule
    )


def words_of(problem: Problem) -> str:
    return f"{problem.place.line} {problem.code} {problem.message} | {problem.hint}"


TITLE = "write one that tells nobody what it is about, such as 'Appointment'"


@pytest.mark.parametrize(
    ("rule", "keys", "said"),
    [
        ({"title": "Evening class"}, {}, []),
        ({"show": ("location", "phone", "link")}, {"location": "14 Main Street", "phone": "555-0100"}, []),
        (
            {"title": "Rehab class"},
            {},
            [
                "30 IOP612 the title 'Rehab class' of a discreet calendar holds the telling word 'Rehab' | "
                f"{TITLE}"
            ],
        ),
        (
            {"title": "Coping", "privacy": "busy"},
            {},
            [
                "30 IOP612 the title 'Coping' of a busy calendar holds the telling word 'coping' | "
                f"{TITLE}; it is a word of the program"
            ],
        ),
        (
            {"show": ("location",)},
            {"location": "Riverbend house"},
            [
                "1 IOP612 the location 'Riverbend house', shown in a discreet calendar, holds the telling "
                "word 'riverbend' | take 'location' out of 'show' of this feed, or write one that tells "
                "nobody what it is about; it is a word of the program"
            ],
        ),
        ({"show": ("phone",)}, {"location": "Riverbend house"}, []),
    ],
)
def test_a_telling_word_is_told_at_its_place_before_and_after_the_calendar_is_made(
    rule: dict[str, Any], keys: dict[str, str], said: list[str]
) -> None:
    text = TEXT + "".join(f"{key}: {value}\n" for key, value in keys.items())
    found, expansion = expanded(text)
    found = found._replace(feeds=(low(**rule),))
    assert [words_of(each) for each in foreseen(found, expansion.sessions)] == said
    (draft,) = drafts(found, expansion, {}.get, Options(NOW), names={feeds(found)[0].key: "a.ics"})
    assert [words_of(each) for each in draft.tells] == said
    assert [trouble.problem for trouble in unfit([draft])] == list(draft.tells)
    assert all(trouble.exit == 1 for trouble in unfit([draft]))


def test_places_of_what_is_shown_are_those_of_the_row_the_change_and_the_track() -> None:
    text = program_text(
        tracks="{evening: {location: Rehab 1}, morning: {}}",
        sessions=[
            "{name: First, minutes: 60}",
            "{name: Second, minutes: 60, location: Rehab 2}",
        ],
        location="Rehab 3",
        changes=["{on: 2027-01-06, session: First, location: Rehab 4}"],
        phases=["{name: Intensive, weeks: 1}"],
    )
    found, expansion = expanded(text)
    rule = low(show=("location",))
    problems = foreseen(found._replace(feeds=(rule,)), expansion.sessions)
    assert {each.message[14:21]: each.place.line for each in problems} == {
        "Rehab 1": 11, "Rehab 2": 8, "Rehab 3": 1, "Rehab 4": 14,
    }  # fmt: skip


def test_a_word_that_nobody_wrote_is_a_bug_of_ours() -> None:
    from iopcal.tales import objections

    found, expansion = program(feeds=(low(),))
    told = TELLING.told(file("DESCRIPTION:With Okafor"))
    with pytest.raises(AssertionError, match="DESCRIPTION would hold a telling word"):
        objections(found, low(), expansion.sessions, told)


def test_the_name_of_a_file_tells_nothing() -> None:
    found, expansion = program(feeds=(low(),))
    with pytest.raises(AssertionError, match="name of a file"):
        drafts(found, expansion, {}.get, Options(NOW), names={"track/evening": "maple.ics"})


def test_a_program_is_checked_for_telling_words_before_anything_is_made() -> None:
    found, expansion = program(feeds=(low(title="Zinnia"), low(name="b"), FeedRule("program", "full")))
    assert [each.code for each in check(found, expansion) if each.severity == "error"] == ["IOP612"]
    assert check(*program(feeds=(low(),))) == check(*program())


def errand(rule: FeedRule, title: str = "Calendar") -> Errand:
    """Returns the errand of the track's calendar, which iopcal makes."""
    found, expansion = program(feeds=(rule,), location="Riverbend house")
    (feed,) = feeds(found)
    target = GoogleTarget("google", "office", (), title=title, place=Place("sync.yaml", 4, 5))
    common = Common(found, expansion)
    return Errand("a/track/evening", target, Destination("a/track/evening", "make"), common, feed)


@pytest.mark.parametrize(
    ("rule", "title", "said"),
    [
        (low(), "Calendar", []),
        (low(privacy="titles"), "Riverbend", []),
        (
            low(),
            "Riverbend",
            [
                "4 IOP612 the title 'Riverbend' of made calendars holds the telling word 'riverbend' | "
                "write one that tells nobody what it is about, such as 'Calendar'"
            ],
        ),
        (
            low(title="Grief class"),
            "Calendar",
            [
                "30 IOP612 the title 'Grief class' of a discreet calendar holds the telling word 'grief' | "
                f"{TITLE}; it is a word of the program"
            ],
        ),
    ],
)
def test_nothing_telling_is_sent_to_google(rule: FeedRule, title: str, said: list[str]) -> None:
    asked = errand(rule, title)
    problems = asked.objections(asked.items(asked.owner("salt")))
    assert [words_of(each) for each in problems] == said
    assert all(each.severity == "refused" for each in problems)


def test_calendars_of_stretches_have_neutral_titles_and_busy_ones_hide_their_details() -> None:
    for rule, title in (
        (low(title="Class"), "Calendar"),
        (low(privacy="titles"), "Riverbend Evening IOP: Maple strand"),
    ):
        assert errand(rule).title == title
    for privacy, private in (("busy", True), ("discreet", False), ("titles", False)):
        asked = errand(low(privacy=privacy))
        assert {each.private for each in asked.items(asked.owner("salt"))} == {private}


def test_the_key_of_a_stretch_in_google_is_its_path_weekday_and_part() -> None:
    asked = errand(low())
    owner = asked.owner("salt")
    refs = [each.ref for each in asked.items(owner)]
    path = ("aspen-2027", "evening", "-")
    assert owner.ref((*path, "series", "*", "-", "1", "mon", "1")) in refs
    assert owner.ref((*path, "day", "*", "2027-01-11", "+1")) in refs
    assert owner.feed == "track/evening"
