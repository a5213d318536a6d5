"""How many HTTP requests a run takes; the numbers are a promise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from iopcal.problems import Exit
from tests.fake_google import FakeGoogle
from tests.google_world import BEFORE, MIDST, evening, event, go_to, hands, kept, many, meant, ref, shown
from tests.keeping import Keeping

WEEKDAYS = "mon, tue, wed, thu, fri"


def requests_of(keeping: Keeping, exit: Exit = Exit.DONE, **options: object) -> int:
    """Returns how many requests a run takes that ends as said, without a violation."""
    count, result = keeping.requests_of(**options)
    assert result.exit is exit, result.troubles
    assert result.requests == count
    assert keeping.fake.violations == []
    return count


def writes_of(keeping: Keeping) -> int:
    """Returns how many writes were made until now."""
    return len(keeping.fake.writes)


@pytest.mark.parametrize(
    ("text", "items", "requests"),
    [
        (many(1), 1, 2),
        (many(12), 12, 2),
        (many(50), 50, 2),
        (many(51), 51, 3),
        (many(24, WEEKDAYS), 120, 4),
        (many(100, WEEKDAYS), 500, 11),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_a_first_push_takes_one_request_and_one_for_each_fifty_events(
    text: str, items: int, requests: int
) -> None:
    keeping = Keeping(FakeGoogle(auth="off"), text)
    before = keeping.fake.seconds()
    assert requests_of(keeping) == requests
    assert len(keeping.rows()) == items
    assert keeping.fake.seconds() == before, "no wait is needed up to 550 units a minute"
    assert shown(keeping.fake, keeping.calendar) == meant(text)
    assert requests_of(keeping) == 1
    assert writes_of(keeping) == items


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
@pytest.mark.parametrize("when", [timedelta(0), timedelta(days=11), timedelta(days=200)], ids=str)
def test_a_run_that_finds_nothing_changed_takes_one_request(cached: bool, when: timedelta) -> None:
    keeping = kept(many(24, WEEKDAYS))
    keeping.fake.advance(when.total_seconds())
    writes = writes_of(keeping)
    for _ in range(2):
        if not cached:
            keeping.state.files.clear()
        assert requests_of(keeping) == 1
    assert writes_of(keeping) == writes


def test_a_whole_reading_takes_a_request_for_each_2500_rows() -> None:
    keeping = kept(many(1))
    fake, where = keeping.fake, keeping.calendar
    for _ in range(2499):
        fake.people.add_foreign(where)
    keeping.state.files.clear()
    assert requests_of(keeping) == 1, "2500 rows"
    fake.people.delete(where, fake.people.add_foreign(where))
    keeping.state.files.clear()
    assert requests_of(keeping) == 2, "2501 rows, one of them a tombstone"


CANCELLED = "{session: Process group, on: 2027-02-15, cancel: true}"
MOVED = '{session: Process group, on: 2027-02-15, at: "19:30"}'
ADDED = '{add: Alumni dinner, on: 2027-02-16, at: "18:00", minutes: 60}'
ADDED_LATE = '{add: Alumni dinner, on: 2027-02-09, at: "18:00", minutes: 60}'


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
@pytest.mark.parametrize(
    ("now", "change", "requests", "writes"),
    [
        (BEFORE, CANCELLED, 2, 1),
        (BEFORE, MOVED, 2, 2),
        (BEFORE, ADDED, 2, 1),
        (MIDST, CANCELLED, 2, 1),
        (MIDST, MOVED, 2, 2),
        (MIDST, ADDED, 2, 1),
        (MIDST, ADDED_LATE, 1, 0),
    ],
    ids=["cancelled", "moved", "added", "cancelled in mid-course", "moved", "added", "added too late"],
)
def test_one_change_takes_two_requests(
    cached: bool, now: datetime, change: str, requests: int, writes: int
) -> None:
    keeping = kept(evening())
    go_to(keeping.fake, now)
    before = writes_of(keeping)
    keeping.text = evening(changes=[change])
    if not cached:
        keeping.state.files.clear()
    assert requests_of(keeping) == requests
    assert writes_of(keeping) - before == writes
    assert requests_of(keeping) == 1


@pytest.mark.parametrize(("now", "writes"), [(BEFORE, 4), (MIDST, 8)], ids=["patched", "closed and opened"])
def test_another_time_for_all_takes_two_requests(now: datetime, writes: int) -> None:
    keeping = kept(evening())
    go_to(keeping.fake, now)
    before = writes_of(keeping)
    keeping.text = evening(day_starts='"18:00"')
    assert requests_of(keeping) == 2
    assert writes_of(keeping) - before == writes
    assert requests_of(keeping) == 1


@pytest.mark.parametrize(
    ("changed", "held", "requests"),
    [
        (1, False, 2),
        (50, False, 2),
        (51, False, 3),
        (1, True, 2),
        (25, True, 2),
        (26, True, 3),
        (51, True, 4),
    ],
)
def test_some_changes_take_a_request_for_each_fifty_writes(changed: int, held: bool, requests: int) -> None:
    keeping = kept(many(60, weeks=3))
    if held:
        keeping.fake.advance(timedelta(days=20).total_seconds())
    before = writes_of(keeping)
    keeping.text = many(60, weeks=3, renamed=changed)
    assert requests_of(keeping) == requests
    assert writes_of(keeping) - before == changed * (2 if held else 1)
    assert requests_of(keeping) == 1


@pytest.mark.parametrize(
    ("removed", "requests"), [(1, 3), (50, 3), (51, 5)], ids=["one", "fifty", "fifty-one"]
)
def test_removals_take_a_request_to_mark_and_one_to_delete_each_fifty(removed: int, requests: int) -> None:
    keeping = kept(many(60))
    keeping.text = many(60 - removed)
    assert requests_of(keeping, allow_deletes=2 * removed if removed > 18 else None) == requests
    assert len(keeping.rows()) == 60 - removed
    assert requests_of(keeping) == 1


@pytest.mark.parametrize(
    ("removed", "changed", "added", "requests"),
    [(1, 1, 1, 3), (10, 38, 2, 3), (10, 39, 2, 4), (10, 0, 0, 3)],
)
def test_the_marks_of_removals_ride_along_with_other_changes(
    removed: int, changed: int, added: int, requests: int
) -> None:
    keeping = kept(many(60))
    dinners = [
        f'{{add: Dinner {number}, on: 2027-02-23, at: "{10 + number}:00", minutes: 60}}'
        for number in range(added)
    ]
    keeping.text = many(60 - removed, renamed=changed) + "".join(
        ["changes:\n", *(f"  - {line}\n" for line in dinners)] if dinners else []
    )
    assert requests_of(keeping) == requests
    assert shown(keeping.fake, keeping.calendar) == meant(keeping.text)
    assert requests_of(keeping) == 1


@pytest.mark.parametrize("cached", [True, False], ids=["with a cache", "without"])
def test_what_people_did_is_told_in_one_request(cached: bool) -> None:
    keeping = kept(evening())
    people, where = keeping.fake.people, keeping.calendar
    edited, deleted = event(keeping, "Process group", 0), event(keeping, "Skills group", 2)
    people.edit(where, edited, location="Room 5")
    people.delete(where, deleted)
    before = writes_of(keeping)
    for _ in range(3):
        if not cached:
            keeping.state.files.clear()
        count, result = keeping.requests_of()
        assert (count, result.exit) == (1, Exit.LEFT_ALONE)
        assert hands(result) == sorted([(ref(edited), "changed"), (ref(deleted), "deleted")])
    assert writes_of(keeping) == before
    assert keeping.fake.violations == []


@pytest.mark.parametrize("now", [BEFORE, MIDST], ids=["before the course", "in mid-course"])
@pytest.mark.parametrize("deed", ["edit", "delete"])
def test_taking_back_what_people_did_takes_two_requests(deed: str, now: datetime) -> None:
    keeping = kept(evening())
    go_to(keeping.fake, now)
    id = event(keeping, "Process group", 0)
    if deed == "edit":
        keeping.fake.people.edit(keeping.calendar, id, location="Room 5")
    else:
        keeping.fake.people.delete(keeping.calendar, id)
    assert requests_of(keeping, Exit.LEFT_ALONE) == 1
    assert requests_of(keeping, take_back=None) == 2
    assert requests_of(keeping) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_a_sync_token_that_is_refused_costs_one_request(times: int) -> None:
    keeping = kept(evening())
    keeping.fake.end_sync_tokens(keeping.calendar)
    assert requests_of(keeping) == 2
    assert requests_of(keeping) == 1


LIMITED = "403:rateLimitExceeded"


@pytest.mark.parametrize(
    ("fault", "batch", "most"),
    [
        ("lost", 1, 6),
        ("reset", 2, 6),
        ("truncate", 3, 6),
        ("503", 2, 5),
        ("503-after", 2, 6),
        ({"inner": dict.fromkeys(range(17), LIMITED)}, 1, 6),
        ({"inner": dict.fromkeys(range(20, 37), "429")}, 2, 6),
    ],
    ids=["lost", "reset", "truncated", "503", "503 after all", "17 of 50 limited", "429"],
)
def test_a_fault_in_one_of_three_batches_costs_few_requests(fault: Any, batch: int, most: int) -> None:
    fake = FakeGoogle(auth="off")
    keeping = Keeping(fake, many(24, WEEKDAYS))
    fake.fault(fault, {"method": "POST", "nth": batch})
    assert requests_of(keeping) <= most
    assert len(keeping.rows()) == 120
    assert shown(fake, keeping.calendar) == meant(keeping.text)
    assert requests_of(keeping) == 1


def test_every_calendar_with_nothing_new_takes_one_request() -> None:
    fake = FakeGoogle(auth="off")
    keepings = [Keeping(fake, evening()) for _ in range(3)]
    assert [requests_of(keeping) for keeping in keepings] == [2, 2, 2]
    assert [requests_of(keeping) for keeping in keepings] == [1, 1, 1]
