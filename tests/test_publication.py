"""What subscribers see of sessions that do not take place, and of a calendar in a zone nobody can write."""

from __future__ import annotations

import pytest

from tests.drafting import drafted
from tests.program_text import program_text
from tests.publishing import Files, Told, build, events, moment

FIRST = "2027-01-02T12:00Z"  # Saturday; the programs start on Monday 4 January
AHEAD = "2027-01-05T12:00Z"
SNOW = ["2027-01-11 Snow"]  # a Monday
FILE = "evening-iop.ics"


def mondays(**keys: object) -> str:
    """Returns a program of four Mondays in Chicago, 17:30 to 18:30 (23:30 UTC)."""
    rows = ["{name: Process group, minutes: 60, days: mon}"]
    return program_text(**{"sessions": rows, **keys})


def cancelled(files: Files) -> list[str]:
    """Returns when the cancelled events of the staff calendar are, as `DTSTART SUMMARY`."""
    return sorted(_words(told) for told in events(files[FILE]).values() if "STATUS:CANCELLED" in told.lines)


def _words(told: Told) -> str:
    start = next(line.partition(":")[2] for line in told.lines if line.startswith("DTSTART"))
    summary = next(line.partition(":")[2] for line in told.lines if line.startswith("SUMMARY"))
    return f"{start} {summary}"


CANCELLED = ["20270111T173000 CANCELLED: Process group"]


@pytest.mark.parametrize("flat", [False, True])
def test_a_day_closed_before_anybody_saw_it_leaves_no_trace(flat: bool) -> None:
    assert cancelled(build(mondays(closed=SNOW), {}, FIRST, flat)) == []


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2027-01-11T23:29Z", CANCELLED),  # one minute before it begins
        ("2027-01-11T23:30Z", []),
        ("2027-01-12T12:00Z", []),
    ],
)
def test_a_closed_day_is_shown_as_cancelled_only_if_it_was_seen_and_lies_ahead(
    now: str, shown: list[str], flat: bool
) -> None:
    files = build(mondays(), {}, FIRST, flat)
    assert cancelled(build(mondays(closed=SNOW), files, now, flat)) == shown


@pytest.mark.parametrize("flat", [False, True])
def test_closing_an_evening_that_has_begun_takes_what_has_not(flat: bool) -> None:
    rows = ["{name: Process group, minutes: 60, days: mon}", "{name: Skills group, minutes: 60, days: mon}"]
    files = build(mondays(sessions=rows), {}, FIRST, flat)
    closed = build(mondays(sessions=rows, closed=SNOW), files, "2027-01-12T00:00Z", flat)  # 18:00
    assert cancelled(closed) == ["20270111T183000 CANCELLED: Skills group"]


@pytest.mark.parametrize("line", ["closed", "changes"])
@pytest.mark.parametrize(
    ("keep", "last", "gone"),
    [
        (None, "2027-02-11T05:59Z", "2027-02-11T06:00Z"),  # midnight after the 30th day, 10 February
        (2, "2027-01-14T05:59Z", "2027-01-14T06:00Z"),
        (1, "2027-01-13T05:59Z", "2027-01-13T06:00Z"),
    ],
)
def test_a_cancelled_session_is_kept_for_as_many_days_as_the_program_says(
    line: str, keep: int | None, last: str, gone: str
) -> None:
    lines = {"closed": SNOW, "changes": ["{on: 2027-01-11, session: Process group, cancel: true}"]}
    edited = mondays(**{line: lines[line], "keep_cancelled": keep})
    files = build(edited, build(mondays(), {}, FIRST), AHEAD)
    assert cancelled(files) == CANCELLED
    kept = build(edited, files, last)
    assert kept == files
    assert cancelled(build(edited, kept, gone)) == []
    # who never published in between sees the same
    assert cancelled(build(edited, files, gone)) == []


def test_a_cancelled_session_is_shown_at_once_and_also_when_it_is_over() -> None:
    edited = mondays(changes=["{on: 2027-01-11, session: Process group, cancel: true}"])
    assert cancelled(build(edited, {}, FIRST)) == CANCELLED
    assert cancelled(build(edited, build(mondays(), {}, FIRST), "2027-01-20T12:00Z")) == CANCELLED


def test_the_reason_of_a_cancellation_is_told_to_staff_alone() -> None:
    files = build(mondays(), {}, FIRST)
    edited = build(mondays(closed=["2027-01-11 Burst pipe"]), files, AHEAD)
    assert b"Why: Burst pipe" in edited[FILE]
    assert b"Burst" not in edited["evening-iop.track.ics"]


def test_a_moved_session_that_is_closed_is_shown_as_cancelled_where_people_saw_it() -> None:
    move = ["{on: 2027-01-11, session: Process group, to: 2027-01-13}"]
    files = build(mondays(changes=move), {}, FIRST)
    edited = build(mondays(changes=move, closed=["2027-01-13 Snow"]), files, AHEAD)
    assert cancelled(edited) == ["20270113T173000 CANCELLED: Process group"]
    over = build(mondays(changes=move, closed=["2027-01-13 Snow"]), files, "2027-01-14T12:00Z")
    assert cancelled(over) == []


def test_a_session_that_was_cancelled_and_is_closed_then_stays_cancelled() -> None:
    cancel = mondays(changes=["{on: 2027-01-11, session: Process group, cancel: true}"])
    files = build(cancel, build(mondays(), {}, FIRST), AHEAD)
    assert cancelled(build(mondays(closed=SNOW), files, "2027-01-13T12:00Z")) == CANCELLED


def test_a_session_without_another_date_is_known_from_its_single_event() -> None:
    once = ["{name: Family night, minutes: 60, at: '19:00', monthly: 2nd mon}"]
    files = build(mondays(sessions=once), {}, FIRST)
    edited = build(mondays(sessions=once, closed=SNOW), files, AHEAD)
    assert cancelled(edited) == ["20270111T190000 CANCELLED: Family night"]


@pytest.mark.parametrize(("before", "after"), [(False, True), (True, False)])
def test_a_closed_day_is_known_across_a_change_of_shape(before: bool, after: bool) -> None:
    files = build(mondays(), {}, FIRST, before)
    assert cancelled(build(mondays(closed=SNOW), files, AHEAD, after)) == CANCELLED


def test_what_lies_ahead_is_asked_of_the_published_time_not_of_the_new_one() -> None:
    files = build(mondays(), {}, FIRST)
    under_way = "2027-01-12T00:00Z"  # 18:00: it began at 17:30
    edited = build(mondays(closed=SNOW, day_starts="19:00"), files, under_way)
    assert cancelled(edited) == []
    earlier = build(mondays(closed=SNOW, day_starts="9:00"), files, "2027-01-11T20:00Z")  # 14:00
    assert cancelled(earlier) == ["20270111T090000 CANCELLED: Process group"]


def test_a_day_that_lies_in_no_published_series_was_seen_by_nobody() -> None:
    files = build(mondays(phases=["{name: Intensive, weeks: 1}"]), {}, FIRST)
    longer = mondays(phases=["{name: Intensive, weeks: 4}"], closed=SNOW)
    assert cancelled(build(longer, files, AHEAD)) == []


def test_a_new_series_is_not_in_the_published_file_and_nobody_saw_its_closed_day() -> None:
    more = ["{name: Process group, minutes: 60, days: mon}", "{name: Yoga, minutes: 30, days: mon}"]
    files = build(mondays(), {}, FIRST)
    assert cancelled(build(mondays(sessions=more, closed=SNOW), files, AHEAD)) == CANCELLED


def test_a_zone_whose_law_is_not_settled_is_told_in_utc_and_as_single_events() -> None:
    (staff, _) = drafted(mondays(timezone="Africa/Casablanca"), {}, moment(FIRST))
    assert staff.publication.unsettled is not None
    assert staff.data is not None
    assert b"TZID" not in staff.data
    assert b"RRULE" not in staff.data
    assert len(events(staff.data)) == 4
    assert drafted(mondays(), {}, moment(FIRST))[0].publication.unsettled is None


def test_a_closed_session_of_a_calendar_in_utc_is_shown_as_cancelled_too() -> None:
    casablanca = {"timezone": "Africa/Casablanca"}
    files = build(mondays(**casablanca), {}, FIRST)
    edited = build(mondays(closed=SNOW, **casablanca), files, AHEAD)
    (told,) = cancelled(edited)
    assert told.endswith("Z CANCELLED: Process group")


def test_a_program_without_a_published_session_has_no_events() -> None:
    hidden = mondays(sessions=["{name: Process group, minutes: 60, publish: never}"])
    (staff, _) = drafted(hidden, {}, moment(FIRST))
    assert staff.publication.calendar.events == ()
    assert staff.publication.slots == ()
