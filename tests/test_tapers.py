"""Every taper rule against the numbers a coordinator would count out by hand."""

import pytest

from iopcal.tapers import days_per_week, rules

TABLE = [
    ("linear", 4, 2, "4 3 3 2"),
    ("early", 4, 2, "4 3 2 2"),
    ("late", 4, 2, "4 4 3 2"),
    ("steps", 4, 2, "4 4 3 2"),
    ("linear", 5, 1, "5 4 4 3 3 2 2 1"),
    ("early", 5, 1, "5 4 3 2 2 1 1 1"),
    ("late", 5, 1, "5 5 5 4 4 3 2 1"),
    ("steps", 5, 1, "5 5 4 4 3 2 2 1"),
    ("linear", 5, 1, "5 5 4 4 4 3 3 2 2 2 1 1"),
    ("early", 5, 1, "5 4 4 3 3 2 2 2 1 1 1 1"),
    ("late", 5, 1, "5 5 5 5 4 4 4 3 3 2 2 1"),
    ("steps", 5, 1, "5 5 5 4 4 3 3 3 2 2 1 1"),
    ("linear", 5, 1, "5 3 1"),
    ("early", 5, 1, "5 2 1"),
    ("late", 5, 1, "5 4 1"),
    ("steps", 5, 1, "5 3 1"),
]


@pytest.mark.parametrize(("rule", "first", "last", "numbers"), TABLE)
def test_a_taper_gives_the_numbers_of_the_table(rule, first, last, numbers):
    wanted = tuple(int(number) for number in numbers.split())
    assert days_per_week(rule, first, last, len(wanted)) == wanted


def test_every_rule_stands_in_the_table():
    assert set(rules()) == {row[0] for row in TABLE}


@pytest.mark.parametrize("rule", rules())
def test_a_taper_never_turns_back_and_keeps_its_ends(rule):
    for first in range(1, 8):
        for last in range(1, 8):
            for weeks in range(1, 30):
                numbers = days_per_week(rule, first, last, weeks)
                assert len(numbers) == weeks
                assert numbers[0] == first
                assert list(numbers) == sorted(numbers, reverse=first > last)
                if weeks > abs(first - last):
                    assert numbers[-1] == last
