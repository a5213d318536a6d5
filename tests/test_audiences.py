"""Whom calendars are for: tracks, cohorts, participants, leads and rooms; their keys, names and contents."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from iopcal.attendance import Roster
from iopcal.destinations import feed_name
from iopcal.feeds import Feed, feeds, participant_feeds
from iopcal.lint import lint
from iopcal.model import DEFAULT_FEEDS, FeedRule, Program, Session, Slot
from iopcal.publish import Draft, Options, draft, drafts, file_name
from iopcal.slots import slots
from tests.drafting import NOW, expanded
from tests.program_text import program_text, small
from tests.publishing import Count, count, events, moment
from tests.rostered import HEAD, OPEN, laid_out, someone

TEAM = program_text(
    sessions=[
        "{name: Process group, minutes: 60, lead: A. Smith, room: Annex, days: mon}",
        "{name: Skills group, minutes: 60, lead: [J. Lee, A. Smith], room: Blue room, days: mon}",
        "{name: Handover, minutes: 30, lead: J. Lee, kind: staffing, days: mon}",
    ],
    phases=["{name: Intensive, weeks: 4, days: mon}"],
)


def rules(*given: dict[str, Any]) -> tuple[FeedRule, ...]:
    return tuple(FeedRule(**({"privacy": "full"} | each)) for each in given)


def asked(program: Program, *given: dict[str, Any]) -> tuple[Feed, ...]:
    return feeds(program._replace(feeds=rules(*given)))


EVERYBODY = {
    "tracks": "{morning: {title: Early}, evening: {}}",
    "cohorts": "[{id: winter}, {id: spring, starts: 2027-04-05}]",
    "sessions": ["{name: Process group, minutes: 60, lead: [A. Smith, J. Lee], room: Annex}"],
}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"audience": "program"}, ["program | Evening IOP | program | evening-iop.ics"]),
        (
            {"audience": "program", "name": "staff"},
            ["program/staff | Evening IOP | staff | evening-iop.program.staff.ics"],
        ),
        (
            {"audience": "program", "file": True},
            ["program!file | Evening IOP | program | evening-iop.file.program.ics"],
        ),
        (
            {"audience": "track"},
            [
                "track/morning | Evening IOP: Early | track/morning | evening-iop.track-morning.ics",
                "track/evening | Evening IOP: evening | track/evening | evening-iop.track-evening.ics",
            ],
        ),
        (
            {"audience": "track", "name": "all", "file": True},
            [
                "track/morning/all!file | Evening IOP: Early | all/morning | "
                "evening-iop.file.track-morning.all.ics",
                "track/evening/all!file | Evening IOP: evening | all/evening | "
                "evening-iop.file.track-evening.all.ics",
            ],
        ),
        (
            {"audience": "cohort"},
            [
                "cohort/winter | Evening IOP: winter | cohort/winter | evening-iop.cohort-winter.ics",
                "cohort/spring | Evening IOP: spring | cohort/spring | evening-iop.cohort-spring.ics",
            ],
        ),
        (
            {"audience": "lead"},
            [
                "lead/a-smith | Evening IOP: A. Smith | lead/a-smith | evening-iop.lead-a-smith.ics",
                "lead/j-lee | Evening IOP: J. Lee | lead/j-lee | evening-iop.lead-j-lee.ics",
            ],
        ),
        ({"audience": "room"}, ["room/annex | Evening IOP: Annex | room/annex | evening-iop.room-annex.ics"]),
        (
            {"audience": "lead", "privacy": "busy", "name": "home"},
            ["lead/a-smith/home | Calendar | home/a-smith | ", "lead/j-lee/home | Calendar | home/j-lee | "],
        ),
        ({"audience": "participant"}, []),
    ],
)  # fmt: skip
def test_each_audience_has_its_calendars(rule: dict[str, Any], expected: list[str]) -> None:
    program = small(**EVERYBODY)
    found = [
        f"{feed.key} | {feed.name} | {feed.called} | {file_name(program, feed)}"
        for feed in asked(program, rule)
    ]
    assert found == expected
    assert [feed_name(program, feed) for feed in asked(program, rule)] == [
        f"evening-iop/{line.split(' | ')[2]}" for line in expected
    ]


def test_without_feeds_there_is_one_for_staff_one_a_track_and_one_a_participant() -> None:
    program = small(**EVERYBODY)
    assert program.feeds == DEFAULT_FEEDS
    assert [feed.key for feed in feeds(program)] == ["program", "track/morning", "track/evening"]
    (own,) = participant_feeds(program, someone())
    assert (own.key, own.name, own.called, own.low) == (
        "participant/p-014", "Calendar", "participant/p-014", True
    )  # fmt: skip


def test_leads_and_rooms_are_found_wherever_they_are_named_and_one_id_is_one_calendar() -> None:
    program = small(
        tracks="{evening: {room: Hall}}",
        sessions=[
            "{name: Process group, minutes: 60, lead: [J. Lee, j lee], room: Annex}",
            "{name: Skills group, minutes: 60, lead: Zoë}",
        ],
        phases=["{name: Intensive, weeks: 4, days: mon}"],
        changes=[
            "{on: 2027-01-11, session: Process group, lead: B. Stand-in, room: Attic}",
            "{from: 2027-01-18, session: Process group, lead: C. New, room: Garden}",
            "{on: 2027-01-11, add: Talk, at: '20:00', minutes: 60, lead: D. Guest, room: Stage}",
        ],
    )
    leads = asked(program, {"audience": "lead"})
    assert [feed.member for feed in leads] == ["b-stand-in", "c-new", "d-guest", "j-lee", "zoe"]
    assert [feed.words for feed in leads if feed.member == "j-lee"] == [frozenset({"J. Lee", "j lee"})]
    rooms = asked(program, {"audience": "room"})
    assert [feed.member for feed in rooms] == ["annex", "attic", "garden", "hall", "stage"]


def seen(text: str, rule: dict[str, Any], member: str = "") -> list[str]:
    """Returns what one calendar shows, as `11 Jan 17:30 Process group`."""
    program, expansion = expanded(text)
    feed = next(each for each in asked(program, rule) if each.member == member)
    return shown(slots(program, feed, expansion.sessions))


def shown(found: tuple[Slot, ...]) -> list[str]:
    return [
        f"{slot.real.start:%d %b %H:%M} {slot.real.text.summary}"
        for slot in found
        if not slot.hidden and slot.status.value != "closed"
    ]


def day(lines: list[str], number: int = 11) -> list[str]:
    return [line[7:] for line in lines if line.startswith(f"{number:02} Jan")]


@pytest.mark.parametrize("privacy", ["full", "titles"])
def test_leads_see_what_they_lead_staffing_too(privacy: str) -> None:
    rule = {"audience": "lead", "privacy": privacy}
    assert day(seen(TEAM, rule, "a-smith")) == ["17:30 Process group", "18:30 Skills group"]
    assert day(seen(TEAM, rule, "j-lee")) == ["18:30 Skills group", "19:30 Handover"]


def test_a_room_is_taken_by_what_is_held_in_it() -> None:
    assert day(seen(TEAM, {"audience": "room"}, "annex")) == ["17:30 Process group"]
    moved = TEAM + "changes:\n  - {on: 2027-01-11, session: Skills group, room: Annex}\n"
    assert day(seen(moved, {"audience": "room"}, "annex")) == ["17:30 Process group", "18:30 Skills group"]
    assert day(seen(moved, {"audience": "room"}, "blue-room")) == []


def test_a_lead_is_busy_from_the_first_to_the_last_of_a_stretch_across_all_paths() -> None:
    text = program_text(
        tracks="{one: {day_starts: '9:00'}, two: {day_starts: '10:10'}, three: {day_starts: '14:00'}}",
        sessions=["{name: Process group, minutes: 60, lead: A. Smith}"],
        phases=["{name: Intensive, weeks: 1, days: mon}"],
    )
    program, expansion = expanded(text)
    (feed,) = asked(program, {"audience": "lead", "privacy": "busy"})
    found = slots(program, feed, expansion.sessions)
    assert [(slot.single[3:], slot.real.minutes) for slot in found] == [
        (("-", "-", "-", "day", "*", "2027-01-04", "1"), 130),
        (("-", "-", "-", "day", "*", "2027-01-04", "2"), 60),
    ]


STAND_IN = "changes:\n  - {on: 2027-01-11, session: Process group, lead: J. Lee}\n"


def test_a_stand_in_has_the_session_for_a_day_and_the_lead_has_not() -> None:
    lead = {"audience": "lead"}
    assert day(seen(TEAM + STAND_IN, lead, "a-smith")) == ["18:30 Skills group"]
    assert day(seen(TEAM + STAND_IN, lead, "j-lee")) == [
        "17:30 Process group", "18:30 Skills group", "19:30 Handover",
    ]  # fmt: skip
    busy = lead | {"privacy": "busy"}
    assert day(seen(TEAM + STAND_IN, busy, "a-smith")) == ["18:30 Busy"]
    assert day(seen(TEAM + STAND_IN, busy, "j-lee")) == ["17:30 Busy"]


def drafted(text: str, files: dict[str, bytes], now: str, *given: dict[str, Any]) -> tuple[Draft, ...]:
    program, expansion = expanded(text)
    program = program._replace(feeds=rules(*given))
    names = {feed.key: f"{number}.ics" for number, feed in enumerate(feeds(program))}
    return drafts(program, expansion, files.get, Options(moment(now)), names=names)


def files_of(found: tuple[Draft, ...]) -> dict[str, bytes]:
    return {each.file: each.data for each in found if each.data is not None}


ONE = "0.ics"


@pytest.mark.parametrize(
    ("privacy", "counts"),
    [
        # the lead's series loses a date, the stand-in gains a single
        ("full", [Count(0, 0, 1), Count(1, 0, 0)]),
        # one stretch is shorter, the other longer
        ("busy", [Count(1, 0, 1), Count(1, 0, 1)]),
    ],
)
def test_a_stand_in_for_a_day_leaves_no_trace_of_a_cancellation(privacy: str, counts: list[Count]) -> None:
    rule = {"audience": "lead", "privacy": privacy}
    files = files_of(drafted(TEAM, {}, "2027-01-02T12:00Z", rule))
    edited = files_of(drafted(TEAM + STAND_IN, files, "2027-01-05T12:00Z", rule))
    assert [count(files[name], data) for name, data in edited.items()] == counts
    assert all(b"CANCELLED" not in data for data in edited.values())
    undone = files_of(drafted(TEAM, edited, "2027-01-06T12:00Z", rule))
    for name, data in undone.items():
        assert {uid: each.lines for uid, each in events(data).items()} == {
            uid: each.lines for uid, each in events(files[name]).items()
        }


def test_a_cohort_sees_its_own_paths() -> None:
    text = program_text(
        cohorts="[{id: winter}, {id: spring, starts: 2027-02-01}]",
        phases=["{name: Intensive, weeks: 1, days: mon}"],
    )
    assert seen(text, {"audience": "cohort"}, "winter") == ["04 Jan 17:30 Process group"]
    assert seen(text, {"audience": "cohort"}, "spring") == ["01 Feb 17:30 Process group"]


PERSONAL = (
    HEAD + "sessions:\n"
    "  - {name: Process group, minutes: 60, lead: A. Smith}\n"
    "  - {name: Drug screen, kind: drug-screen, minutes: 10}\n"
    "  - {name: Individual, kind: individual, minutes: 50}\n"
    "phases:\n"
    "  - {name: Intensive, weeks: 4, days: [mon, wed]}\n"
    "  - {name: Step-down, weeks: 4, days: mon}\n"
)


def attended(text: str, *path: str, **keys: Any) -> tuple[Program, tuple[Session, ...]]:
    program, expansion = laid_out(text)
    person = someone(path=path, place=["individual thu 16:00 jlee"], **keys)
    return program, Roster(program, expansion, date(2026, 6, 1)).attend(person).sessions


def own(program: Program, **rule: Any) -> Feed:
    asked_for = {"audience": "participant", "privacy": "discreet"} | rule
    (feed,) = participant_feeds(program._replace(feeds=rules(asked_for)), someone())
    return feed


@pytest.mark.parametrize("privacy", ["full", "titles", "discreet", "busy"])
def test_a_participant_is_one_path_and_never_sees_what_is_for_staff(privacy: str) -> None:
    program, sessions = attended(PERSONAL)
    found = slots(program, own(program, privacy=privacy), sessions)
    assert {slot.item[2:6] for slot in found} == {("participant/p-014", "-", "-", "-")}
    lines = shown(found)
    low = {"discreet": "Appointment", "busy": "Busy"}.get(privacy)
    assert lines[:3] == [
        f"04 Jan 17:30 {low or 'Process group'}",
        f"06 Jan 17:30 {low or 'Process group'}",
        f"07 Jan 16:00 {low or 'Individual'}",
    ]
    assert not any("Drug" in line for line in lines)


def test_what_a_participant_placed_is_in_the_feeds_of_staff_under_their_id_and_in_no_group_feed() -> None:
    program, sessions = attended(PERSONAL)
    program = program._replace(participants=(someone(place=["individual thu 16:00 jlee"]),))
    placed = tuple(each for each in sessions if each.activity.id == "individual")
    asked_for = asked(
        program, {"audience": "program"}, {"audience": "track"}, {"audience": "cohort"}, {"audience": "lead"}
    )
    found = {feed.key: slots(program, feed, placed) for feed in asked_for}
    heads = {key: {slot.single[3:8] for slot in shown_} for key, shown_ in found.items() if shown_}
    single = {("-", "-", "p-014", "day", "individual")}
    assert heads == {"program": single, "lead/jlee": single}
    assert all("p-014" not in " ".join(map(str, slot.real.text)) for slot in found["program"])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # from 18 January on Wednesdays are gone, and Mondays go on; the end comes two weeks earlier
        (["2027-01-18 phase step-down"], Count(0, 0, 3)),
        # four weeks more of Mondays, Wednesdays and Thursdays
        (["2027-02-01 phase intensive"], Count(0, 0, 3)),
        (["2027-01-18..2027-01-24 hold"], Count(0, 0, 3)),
        (["2027-01-13 away"], Count(0, 0, 1)),
        (["2027-01-13 discharge"], Count(0, 0, 3)),
    ],
)
def test_a_step_of_a_participant_adds_and_removes_no_entry_of_their_discreet_calendar(
    path: list[str], expected: Count
) -> None:
    before, after = (attended(PERSONAL, *each) for each in ((), path))
    first = draft(before[0], own(before[0]), before[1], "a.ics", None, Options(moment("2027-01-02T12:00Z")))
    second = draft(
        after[0], own(after[0]), after[1], "a.ics", first.data, Options(moment("2027-01-05T12:00Z"))
    )
    assert first.data is not None
    assert second.data is not None
    assert len(events(first.data)) == 3
    assert count(first.data, second.data) == expected
    undone = draft(
        before[0], own(before[0]), before[1], "a.ics", second.data, Options(moment("2027-01-06T12:00Z"))
    )
    assert undone.data is not None
    assert {uid: each.lines for uid, each in events(undone.data).items()} == {
        uid: each.lines for uid, each in events(first.data).items()
    }
    assert lint(second.data, as_="feed", now=moment("2027-01-05T12:00Z")) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # Mondays and Wednesdays of Intensive end sooner, and so do Thursdays; Mondays and Thursdays of
        # Step-down begin sooner
        (["2027-01-18 phase step-down"], Count(0, 0, 5)),
        # a phase no longer reached: its Mondays and Thursdays go
        (["2027-01-18 discharge"], Count(0, 2, 3)),
        # a second time in Intensive: Mondays, Wednesdays, Thursdays; those of the first time are cut, the two
        # of Step-down come a week later
        (["2027-01-25 phase intensive"], Count(3, 0, 5)),
    ],
)
def test_a_step_of_a_participant_changes_the_series_from_that_date_on(
    path: list[str], expected: Count
) -> None:
    program, sessions = attended(PERSONAL)
    feed = own(program, privacy="titles")
    first = draft(program, feed, sessions, "a.ics", None, Options(moment("2027-01-02T12:00Z")))
    stepped = attended(PERSONAL, *path)[1]
    second = draft(program, feed, stepped, "a.ics", first.data, Options(moment("2027-01-05T12:00Z")))
    assert first.data is not None
    assert second.data is not None
    assert len(events(first.data)) == 5
    assert count(first.data, second.data) == expected


def test_everybody_on_one_path_has_the_same_lines_under_other_uids() -> None:
    program, sessions = attended(PERSONAL)
    first, second = (
        draft(
            program,
            participant_feeds(program, someone(name=name))[0],
            [each._replace(path=each.path._replace(participant=name)) for each in sessions],
            "a.ics",
            None,
            Options(NOW),
        ).data
        for name in ("p-014", "p-015")
    )
    assert first is not None
    assert second is not None
    assert events(first).keys().isdisjoint(events(second))
    assert [each.lines for each in events(first).values()] == [each.lines for each in events(second).values()]
    assert b"p-01" not in first


def test_the_group_of_a_rolling_program_has_no_phase_and_its_participants_have() -> None:
    text = OPEN + (
        "sessions: [{name: Process group, minutes: 60}]\n"
        "phases: [{name: Intensive, weeks: 2, days: [mon, wed]}, {name: Step-down, days: mon}]\n"
        "until: 2027-03-31\n"
    )
    program, expansion = laid_out(text)
    (track,) = asked(program, {"audience": "track", "privacy": "titles"})
    assert {slot.item[8] for slot in slots(program, track, expansion.sessions)} == {"-"}
    sessions = Roster(program, expansion, date(2026, 6, 1)).attend(someone()).sessions
    found = slots(program, own(program, privacy="titles"), sessions)
    assert {slot.item[8] for slot in found} == {"intensive", "step-down"}


FILE = "2027-01-02T12:00Z", "2027-01-05T12:00Z", "2027-03-01T12:00Z"


def test_a_file_to_import_carries_no_name_and_keeps_what_is_gone_as_cancelled() -> None:
    rule = {"audience": "program", "file": True}
    first = drafted(TEAM, {}, FILE[0], rule)
    files = files_of(first)
    assert lint(files[ONE], as_="file") == ()
    assert b"X-WR-CALNAME" not in files[ONE]
    assert files[ONE].count(b"CLASS:PRIVATE") == 3
    shorter = TEAM.replace("  - {name: Handover, minutes: 30, lead: J. Lee, kind: staffing, days: mon}\n", "")
    edited = files_of(drafted(shorter, files, FILE[1], rule))
    assert count(files[ONE], edited[ONE]) == Count(0, 0, 1)
    assert edited[ONE].count(b"STATUS:CANCELLED") == 1
    later = files_of(drafted(shorter, edited, FILE[2], rule))  # 35 days after the last, on 25 January
    assert count(edited[ONE], later[ONE]) == Count(0, 1, 0)


def test_feed_and_file_have_no_identity_in_common() -> None:
    both = files_of(
        drafted(TEAM, {}, FILE[0], {"audience": "program"}, {"audience": "program", "file": True})
    )
    one, other = both.values()
    assert events(one).keys().isdisjoint(events(other))


def test_a_flat_feed_is_single_events() -> None:
    flat, series = files_of(
        drafted(
            TEAM, {}, FILE[0], {"audience": "program", "flat": True}, {"audience": "program", "name": "s"}
        )
    ).values()
    assert (flat.count(b"FREQ=WEEKLY"), series.count(b"FREQ=WEEKLY")) == (0, 3)
    assert len(events(flat)) == 12
