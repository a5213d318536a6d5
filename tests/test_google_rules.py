"""The subtle rules of the Google target: what is equal, what ends a series, whose event it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from iopcal.model.session import end_of

CHICAGO, NEW_YORK = ZoneInfo("America/Chicago"), ZoneInfo("America/New_York")


def test_an_end_is_in_the_zone_of_its_start_and_after_the_right_one_of_two_hours() -> None:
    at_one_instant = [
        datetime(2027, 2, 1, 17, 30, tzinfo=CHICAGO),
        datetime(2027, 2, 1, 18, 30, tzinfo=NEW_YORK),
    ]
    assert [str(end_of(start, 60)) for start in at_one_instant] == [
        "2027-02-01 18:30:00-06:00",
        "2027-02-01 19:30:00-05:00",
    ]
    twice = [datetime(2027, 11, 7, 1, 30, tzinfo=CHICAGO, fold=fold) for fold in (0, 1)]
    assert [str(end_of(start, 60)) for start in twice] == [
        "2027-11-07 01:30:00-06:00",
        "2027-11-07 02:30:00-06:00",
    ]
