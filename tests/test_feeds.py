"""Who sees what: the calendars of a program, and what each says of a session."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from iopcal.feeds import feeds
from iopcal.model import Text
from iopcal.publication import publication
from iopcal.targets import ics
from iopcal.targets.published import Published, read
from tests.drafting import drafted, expanded
from tests.program_text import program_text
from tests.publishing import Count, build, count, events, moment

NOW = "2027-01-02T12:00Z"
CONFIGS = Path(__file__).parent.parent / "configs"
ALL_KEYS = (
    "{name: Process group, minutes: 60, days: mon, topics: [Anger, Grief], lead: [A. Smith, J. Lee],"
    " room: Annex, link: 'https://clinic.example/room', notes: Bring a pen, optional: true}"
)


def texts(*rows: str, **keys: object) -> tuple[tuple[Text, ...], ...]:
    """Returns what the calendar for staff and that of the track say on Monday 4 January 2027."""
    text = program_text(sessions=list(rows), **keys)
    return tuple(
        tuple(slot.real.text for slot in draft.publication.slots if slot.date == date(2027, 1, 4))
        for draft in drafted(text, {}, moment(NOW))
    )


def test_the_two_identities_everybody_can_check_come_out_of_a_build() -> None:
    moved = 'changes:\n  - {on: 2027-01-11, session: Process group, to: 2027-01-16, at: "10:00"}\n'
    text = (CONFIGS / "riverbend-evening.yaml").read_text(encoding="utf-8") + moved
    found = events(build(text, {}, NOW)["riverbend-evening.ics"])
    series = found["fd3efab2-b6f1-50d2-9220-3bcba932dc6e"].lines
    assert series[:5] == (
        "DTSTART;TZID=America/Chicago:20270104T173000",
        "DTEND;TZID=America/Chicago:20270104T183000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270125T233000Z;BYDAY=MO",
        "EXDATE;TZID=America/Chicago:20270111T173000",
        "EXDATE;TZID=America/Chicago:20270118T173000",
    )
    assert "SUMMARY:Process group" in series
    single = found["f12701ef-fbd6-5bb6-9add-10a1240b6fa6"].lines
    assert single[0] == "DTSTART;TZID=America/Chicago:20270116T100000"


def test_staff_are_told_everything_and_a_track_titles_link_place_and_topic() -> None:
    staff, track = texts(ALL_KEYS, phone="555-0100", location="14 Main Street")
    assert staff == (
        Text(
            "Process group: Anger (optional)",
            "https://clinic.example/room\nTopic: Anger\nPhase: Intensive\nWith: A. Smith and J. Lee\n"
            "Room: Annex\nPhone: 555-0100\nBring a pen",
            "14 Main Street",
            "https://clinic.example/room",
            ("group", "Intensive"),
        ),
    )
    assert track == (
        Text(
            "Process group (optional)",
            "https://clinic.example/room\nTopic: Anger",
            "14 Main Street",
            "https://clinic.example/room",
        ),
    )


def test_without_an_address_the_link_is_the_place() -> None:
    for (told,) in texts("{name: Process group, minutes: 60, link: 'https://clinic.example/room'}"):
        assert (told.location, told.url) == ("https://clinic.example/room", "https://clinic.example/room")


def test_a_plain_session_says_no_more_than_it_must() -> None:
    staff, track = texts("{name: Process group, minutes: 60}")
    assert staff == (Text("Process group", "Phase: Intensive", "", "", ("group", "Intensive")),)
    assert track == (Text("Process group"),)


@pytest.mark.parametrize(
    ("extra", "staff", "track"),
    [
        ("publish: all", 1, 1),
        ("publish: staff", 1, 0),
        ("publish: never", 0, 0),
        ("kind: staffing", 1, 0),
        ("kind: drug-screen", 1, 0),
        ("kind: break", 0, 0),
        ("kind: break, publish: all", 1, 1),
    ],
)
def test_who_sees_a_session_follows_its_kind_and_what_it_says(extra: str, staff: int, track: int) -> None:
    rows = ("{name: Yoga, minutes: 30, publish: never}", f"{{name: Handover, minutes: 15, {extra}}}")
    assert [len(seen) for seen in texts(*rows)] == [staff, track]


def test_a_track_sees_its_own_sessions_and_staff_see_all() -> None:
    text = program_text(
        tracks="{morning: {day_starts: 9:00}, evening: {title: After work}}",
        sessions=["{name: Process group, minutes: 60}", "{name: Yoga, minutes: 30, tracks: morning}"],
    )
    seen = {
        draft.publication.feed.key: {(slot.item[4], slot.item[7]) for slot in draft.publication.slots}
        for draft in drafted(text, {}, moment(NOW))
    }
    morning = {("morning", "process-group"), ("morning", "yoga")}
    evening = {("evening", "process-group")}
    assert seen == {"program": morning | evening, "track/morning": morning, "track/evening": evening}


def test_the_only_track_of_a_program_without_tracks_has_a_calendar_with_no_name_of_its_own() -> None:
    program, _ = expanded(program_text())
    assert [(feed.key, feed.name, feed.file) for feed in feeds(program)] == [
        ("program", "Evening IOP", "program"),
        ("track/-", "Evening IOP", "track"),
    ]


def test_why_a_session_is_cancelled_is_told_and_why_it_was_moved_is_not() -> None:
    lines = [
        "{on: 2027-01-04, session: Process group, cancel: true, why: Leader ill}",
        "{on: 2027-01-05, session: Process group, at: '18:00', why: Room taken}",
    ]
    (staff, _) = drafted(
        program_text(changes=lines, phases=["{name: Intensive, weeks: 1, days: [mon, tue]}"])
    )
    assert [slot.real.text.description for slot in staff.publication.slots] == [
        "Phase: Intensive\nWhy: Leader ill",
        "Phase: Intensive",
    ]


@pytest.mark.parametrize("flat", [False, True])
def test_another_privacy_changes_what_every_entry_says_and_no_identity(flat: bool) -> None:
    program, expansion = expanded(program_text())
    (feed, _) = feeds(program)
    now = moment(NOW)
    files: list[bytes] = []
    found: Published | None = None
    for privacy in ("full", "titles", "full"):
        other = feed._replace(rule=feed.rule._replace(privacy=privacy))
        shown = publication(program, other, expansion.sessions, found, now, flat)
        files.append(ics.publish(shown.calendar, files[-1] if files else None, now))
        published = read(files[-1])
        assert isinstance(published, Published)
        found = published
    # five treatment days, four weeks
    everything = Count(0, 0, 20 if flat else 5)
    assert [count(files[0], files[1]), count(files[1], files[2])] == [everything, everything]
