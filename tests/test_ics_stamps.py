"""When an event is stamped anew, row by row, and when nothing changes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from iopcal.model import Calendar, Text
from iopcal.targets.ics import FIRST, publish, render, stamp
from iopcal.targets.published import Stamp, Unreadable
from tests.ics_samples import (
    DAY_UID,
    EVENING,
    GOLDEN,
    MINUTES,
    MONDAYS,
    MOVED,
    NOW,
    SERIES_UID,
    SYDNEY,
    calendar,
    lines_of,
    published,
)


def stamps(before: Calendar | None, after: Calendar, now: datetime = NOW, **how: bool) -> dict[str, Stamp]:
    old = None if before is None else published(render(before, dict.fromkeys(UIDS, OLD)))
    return stamp(after, old, now, **how)


OLD = Stamp(datetime(2026, 12, 1, 8, 0, tzinfo=UTC), 7)
UIDS = (SERIES_UID, DAY_UID)
OTHER = MONDAYS._replace(text=Text("Skills group"))


def test_a_first_publication_is_stamped_alike_everywhere_and_always() -> None:
    assert stamps(None, calendar(MONDAYS, MOVED)) == dict.fromkeys(UIDS, FIRST)
    assert publish(EVENING, None, NOW) == publish(EVENING, None, NOW + timedelta(days=9))


def test_an_equal_event_keeps_its_stamp_and_a_changed_one_gets_the_next() -> None:
    found = stamps(calendar(MONDAYS, MOVED), calendar(OTHER, MOVED))
    assert found == {SERIES_UID: Stamp(NOW, 8), DAY_UID: OLD}


def test_a_changed_event_is_stamped_later_than_before_even_by_a_clock_that_went_back() -> None:
    found = stamps(calendar(MONDAYS), calendar(OTHER), OLD.modified - timedelta(days=400))
    assert found == {SERIES_UID: Stamp(OLD.modified + timedelta(seconds=1), 8)}


def test_a_new_event_in_a_file_that_exists_is_above_any_former_number() -> None:
    assert stamps(calendar(MONDAYS), calendar(MONDAYS, MOVED))[DAY_UID] == Stamp(NOW, MINUTES)


def test_after_an_unreadable_file_everything_is_stamped_now() -> None:
    found = stamp(calendar(MONDAYS, MOVED), Unreadable("cut", ours=True), NOW)
    assert found == dict.fromkeys(UIDS, Stamp(NOW, MINUTES))
    assert publish(EVENING, GOLDEN.read_bytes()[:-30], NOW).count(b"SEQUENCE:3690135") == 5


def test_restamp_stamps_everything_now_with_or_without_a_file() -> None:
    wanted = Stamp(NOW, MINUTES)
    assert stamps(calendar(MONDAYS), calendar(MONDAYS), restamp=True) == {SERIES_UID: wanted}
    assert stamps(None, calendar(MONDAYS), restamp=True) == {SERIES_UID: wanted}


def test_restamp_never_goes_back() -> None:
    high = Stamp(NOW + timedelta(hours=1), MINUTES + 5)
    old = published(render(calendar(MONDAYS), {SERIES_UID: high}))
    assert stamp(calendar(MONDAYS), old, NOW, restamp=True) == {
        SERIES_UID: Stamp(high.modified + timedelta(seconds=1), MINUTES + 6)
    }


def test_a_clock_before_2020_gives_no_negative_number_and_a_full_counter_stays() -> None:
    early = datetime(1970, 1, 1, tzinfo=UTC)
    assert stamp(calendar(MONDAYS), None, early, restamp=True)[SERIES_UID].sequence == 0
    full = Stamp(OLD.modified, 2_147_483_647)
    old = published(render(calendar(MONDAYS), {SERIES_UID: full}))
    assert stamp(calendar(OTHER), old, NOW)[SERIES_UID].sequence == 2_147_483_647


def test_fractions_of_a_second_and_the_zone_of_the_clock_do_not_matter() -> None:
    now = NOW.replace(microsecond=999_999).astimezone(SYDNEY)
    assert stamps(calendar(MONDAYS), calendar(OTHER), now) == {SERIES_UID: Stamp(NOW, 8)}


def test_nothing_changed_is_the_same_bytes_and_undo_is_the_same_lines_but_for_stamps() -> None:
    first = publish(EVENING, None, NOW)
    later = NOW + timedelta(days=3)
    assert publish(EVENING, first, later) == first
    changed = publish(EVENING._replace(events=(*EVENING.events[1:-1], OTHER)), first, later)
    undone = publish(EVENING, changed, later + timedelta(days=1))
    strip = re.compile(rb"(DTSTAMP|LAST-MODIFIED|SEQUENCE):[^\r]*\r\n")
    assert strip.sub(b"", undone) == strip.sub(b"", first)
    assert undone != first


def test_only_the_name_changes_when_only_the_name_changes() -> None:
    before = publish(EVENING, None, NOW)
    after = publish(EVENING._replace(name="Another"), before, NOW)
    differ = [(one, two) for one, two in zip(lines_of(before), lines_of(after), strict=True) if one != two]
    assert [two for _, two in differ] == ["X-WR-CALNAME:Another", "NAME:Another"]
