"""The dates of a rule, against those that dateutil finds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr

from iopcal.lint._recurrence import Recurrence, dates, meets, parse

FIRST = date(2027, 1, 6)  # a Wednesday


def rule(value: str) -> Recurrence:
    found = parse(value)
    assert found is not None, value
    return found


@pytest.mark.parametrize(
    "value",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;BYMONTH=3,11",
        "FREQ=DAILY;BYDAY=MO,FR",
        "FREQ=DAILY;BYMONTHDAY=1,-1",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,WE;WKST=SU",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=6,31",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYDAY=1WE",
        "FREQ=MONTHLY;BYDAY=-1FR,2MO",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=3",
        "FREQ=YEARLY;BYMONTH=1,7",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "FREQ=YEARLY;BYDAY=53WE,-53TH",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ],
)
def test_a_rule_meets_on_the_dates_that_dateutil_finds(value: str) -> None:
    theirs = [day.date() for day in islice(rrulestr(value, dtstart=datetime(2027, 1, 6)), 40)]
    assert list(islice(dates(rule(value), FIRST, iter(range(300_000))), 40)) == theirs
    days = [FIRST + timedelta(days=number) for number in range(-10, (theirs[-1] - FIRST).days + 1)]
    assert [day for day in days if meets(rule(value), FIRST, day)] == theirs


@pytest.mark.parametrize("value", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=32"])
def test_a_rule_that_never_meets_comes_to_its_end(value: str) -> None:
    work = iter(range(300_000))
    assert list(dates(rule(value), FIRST, work)) == []
    assert next(work, None) is not None


def test_a_month_that_no_year_has_is_never_reached() -> None:
    found = list(islice(dates(rule("FREQ=YEARLY;BYMONTH=6,13;BYMONTHDAY=1"), FIRST, iter(range(9_000))), 3))
    assert found == [date(2027, 6, 1), date(2028, 6, 1), date(2029, 6, 1)]


def test_the_dates_end_with_the_work_that_is_allowed() -> None:
    assert len(list(dates(rule("FREQ=DAILY"), FIRST, iter(range(100))))) == 100


@pytest.mark.parametrize(
    "value",
    [
        "", "FREQ", "FREQ=", "FREQ=FORTNIGHTLY", "FREQ=WEEKLY;FREQ=WEEKLY", "FREQ=WEEKLY;BYEASTER=0",
        "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;COUNT=1.5", "FREQ=WEEKLY;BYDAY=MON", "FREQ=WEEKLY;WKST=MON",
        "FREQ=YEARLY;BYMONTH=May", "FREQ=MONTHLY;BYMONTHDAY=1st",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_none(value: str) -> None:
    assert parse(value) is None
