"""A participant's own clock, with dates worked out by hand. 4 January 2027 is a Monday."""

from __future__ import annotations

from datetime import date

from iopcal.course import Course, CourseDay
from tests.rostered import HEAD, OPEN, course, laid_out, someone

SESSIONS = """\
sessions: [{name: Group, minutes: 60}]
"""
THREE = f"""\
{HEAD}{SESSIONS}phases:
  - {{name: One, weeks: 1, days: [mon, wed, fri]}}
  - {{name: Two, weeks: 1, days: [mon, wed]}}
  - {{name: Three, weeks: 1, days: [mon]}}
"""


def weeks(days: list[CourseDay], text: str = THREE) -> list[str]:
    """Returns each week's first day as `01-04 one 1 of 3`: its week of the phase, and of the path.

    From the second time in the phase on with `again`.
    """
    phases = laid_out(text)[0].phases
    found: dict[tuple[object, ...], str] = {}
    for day in days:
        clock = day.clock
        words = f"{day.day:%m-%d} {phases[clock.phase].id} {clock.phase_week} of {clock.week}"
        found.setdefault(
            (clock.phase, day.turn, clock.phase_week, clock.week), words + " again" * (day.turn > 1)
        )
    return list(found.values())


def visits(days: list[CourseDay]) -> list[str]:
    """Returns the days on which the phase meets, with the number of visits before each."""
    return [f"{day.day:%m-%d} {day.clock.visits}" for day in days if day.clock.meets]


def test_phases_follow_each_other_from_the_first_day_whatever_weekday_it_is() -> None:
    days = course(THREE, someone("2027-01-06"))
    assert weeks(days) == ["01-06 one 1 of 1", "01-13 two 1 of 2", "01-20 three 1 of 3"]
    assert days[-1].day == date(2027, 1, 26)


def test_a_move_begins_the_phase_at_its_week_one_and_leaves_the_weeks_of_the_path_running() -> None:
    days = course(THREE, someone("2027-01-06", ["2027-01-08 phase two"]))
    assert weeks(days) == [
        "01-06 one 1 of 1",
        "01-08 two 1 of 1",
        "01-13 two 1 of 2",
        "01-15 three 1 of 2",
        "01-20 three 1 of 3",
    ]
    assert days[-1].day == date(2027, 1, 21)


def test_a_move_leaves_visits_running() -> None:
    days = course(THREE, someone(path=["2027-01-08 phase two"]))
    assert visits(days) == ["01-04 0", "01-06 1", "01-11 2", "01-13 3", "01-18 4"]


def test_a_move_on_the_day_the_phase_begins_anyway_changes_nothing() -> None:
    assert course(THREE, someone(path=["2027-01-11 phase two"])) == course(THREE, someone())


def test_a_move_on_the_first_day_leaves_phases_before_it_out() -> None:
    days = course(THREE, someone(path=["2027-01-04 phase two"]))
    assert weeks(days) == ["01-04 two 1 of 1", "01-11 three 1 of 2"]


def test_a_move_into_the_same_phase_is_another_time_in_it() -> None:
    days = course(THREE, someone(path=["2027-01-14 phase two"]))
    assert weeks(days)[:3] == ["01-04 one 1 of 1", "01-11 two 1 of 2", "01-14 two 1 of 2 again"]


def test_a_move_into_the_first_phase_begins_path_weeks_and_visits_at_one() -> None:
    days = course(THREE, someone(path=["2027-01-13 phase one"]))
    assert weeks(days) == [
        "01-04 one 1 of 1",
        "01-11 two 1 of 2",
        "01-13 one 1 of 1 again",
        "01-20 two 1 of 2 again",
        "01-27 three 1 of 3",
    ]
    assert visits(days)[:5] == ["01-04 0", "01-06 1", "01-08 2", "01-11 3", "01-13 0"]
    assert [day.day for day in days if day.restarts] == [date(2027, 1, 4), date(2027, 1, 13)]


def test_after_the_end_a_move_is_a_return_and_path_weeks_have_run_on() -> None:
    days = course(THREE, someone(path=["2027-02-08 phase three"]))
    assert weeks(days)[2:] == ["01-18 three 1 of 3", "02-08 three 1 of 6 again"]
    assert days[-1].day == date(2027, 2, 14)


def test_a_discharge_is_the_last_day() -> None:
    days = course(THREE, someone(path=["2027-01-13 discharge"]))
    assert days[-1].day == date(2027, 1, 13)


def test_a_discharge_on_the_day_of_a_move_comes_after_it() -> None:
    days = course(THREE, someone(path=["2027-01-06 phase three", "2027-01-06 discharge"]))
    assert weeks(days) == ["01-04 one 1 of 1", "01-06 three 1 of 1"]
    assert days[-1].day == date(2027, 1, 6)


def test_after_a_discharge_a_move_is_a_return() -> None:
    days = course(THREE, someone(path=["2027-01-05 discharge", "2027-01-20 phase two"]))
    assert weeks(days) == [
        "01-04 one 1 of 1",
        "01-20 two 1 of 3",
        "01-25 two 1 of 4",
        "01-27 three 1 of 4",
        "02-01 three 1 of 5",
    ]


def test_the_days_of_a_hold_do_not_exist_and_weeks_begin_that_much_later() -> None:
    days = course(THREE, someone(path=["2027-01-07..2027-01-09 hold"]))
    assert [day.day.day for day in days[:5]] == [4, 5, 6, 10, 11]
    assert weeks(days) == ["01-04 one 1 of 1", "01-14 two 1 of 2", "01-21 three 1 of 3"]
    assert days[-1].day == date(2027, 1, 27)


def test_a_phase_that_would_begin_in_a_hold_begins_after_it() -> None:
    days = course(THREE, someone(path=["2027-01-11..2027-01-13 hold"]))
    assert weeks(days)[:2] == ["01-04 one 1 of 1", "01-14 two 1 of 2"]
    moved = course(THREE, someone(path=["2027-01-12 phase three", "2027-01-11..2027-01-13 hold"]))
    assert weeks(moved) == ["01-04 one 1 of 1", "01-14 three 1 of 2"]


def test_a_hold_over_the_first_day_begins_the_path_after_it() -> None:
    days = course(THREE, someone(path=["2027-01-01..2027-01-05 hold"]))
    assert weeks(days)[:2] == ["01-06 one 1 of 1", "01-13 two 1 of 2"]


UNTIL = f"""{HEAD}{SESSIONS}phases:
  - {{name: One, until: 2027-01-31, days: 4 -> 1}}
  - {{name: Two, weeks: 1, days: 1}}
"""


def numbers(*facts: str) -> list[int]:
    """Returns how many days each week of the first phase has, of 4 3 2 1 without a hold."""
    days = course(UNTIL, someone(path=facts))
    found = {day.clock.phase_week: len(day.clock.weekdays) for day in days if day.clock.phase == 0}
    return [found[week] for week in sorted(found)]


def test_a_hold_does_not_move_until_and_the_phase_tapers_by_the_weeks_that_are_left() -> None:
    facts = ["2027-01-11..2027-01-17 hold"]
    assert weeks(course(UNTIL, someone(path=facts)), UNTIL) == [
        "01-04 one 1 of 1",
        "01-18 one 2 of 2",
        "01-25 one 3 of 3",
        "02-01 two 1 of 4",
    ]
    assert numbers() == [4, 3, 2, 1]
    assert numbers(*facts) == [4, 3, 1]
    # Of three weeks the second would have 3 days, too, and of two it would have 1.
    assert numbers("2027-01-18..2027-01-24 hold") == [4, 3, 1]


def test_a_hold_in_an_until_phase_changes_no_day_before_it() -> None:
    # Were all of the phase laid out for the two weeks that are left, the second would have one day only.
    days = course(UNTIL, someone(path=["2027-01-16..2027-02-01 hold"]))
    assert visits(days)[:7] == visits(course(UNTIL, someone()))[:7]
    assert numbers("2027-01-16..2027-02-01 hold") == [4, 3]
    # In mid-week: two of the three days of week 2 are over, and what is left of it goes by three weeks.
    days = visits(course(UNTIL, someone(path=["2027-01-14..2027-01-21 hold"])))
    assert [day[:5] for day in days][:7] == ["01-04", "01-05", "01-06", "01-08", "01-11", "01-13", "01-22"]


def test_a_path_that_arrives_after_until_skips_the_phase() -> None:
    text = f"""{HEAD}{SESSIONS}phases:
  - {{name: One, weeks: 1, days: [mon]}}
  - {{name: Two, until: 2027-01-17, days: [mon]}}
  - {{name: Three, weeks: 1, days: [mon]}}
"""
    days = course(text, someone("2027-01-11"))
    assert weeks(days, text) == ["01-11 one 1 of 1", "01-18 three 1 of 2"]
    held = course(text, someone(path=["2027-01-06..2027-01-12 hold"]))
    assert weeks(held, text) == ["01-04 one 1 of 1", "01-18 three 1 of 2"]


def test_away_the_clock_runs() -> None:
    days = course(THREE, someone(path=["2027-01-05..2027-01-06 away"]))
    assert weeks(days) == weeks(course(THREE, someone()))
    assert [day.day.day for day in days if day.away] == [5, 6]
    assert visits(days)[:4] == ["01-04 0", "01-06 1", "01-08 1", "01-11 2"]


def test_visits_end_a_phase_and_an_absence_makes_it_longer() -> None:
    text = f"""{HEAD}{SESSIONS}phases:
  - {{name: One, visits: 3, days: [mon, wed, fri]}}
  - {{name: Two, weeks: 1, days: [mon]}}
"""
    assert weeks(course(text, someone()), text)[:2] == ["01-04 one 1 of 1", "01-09 two 1 of 1"]
    away = course(text, someone(path=["2027-01-06 away"]))
    assert weeks(away, text)[:3] == ["01-04 one 1 of 1", "01-11 one 2 of 2", "01-12 two 1 of 2"]


def test_another_track_has_its_own_treatment_days_from_that_day_on() -> None:
    text = f"""{HEAD}tracks:
  am: {{treatment_days: [mon, wed, fri]}}
  pm: {{treatment_days: [tue, thu, sat]}}
{SESSIONS}phases: [{{name: One, weeks: 2, days: 3}}]
"""
    days = course(text, someone(track="am", path=["2027-01-08 track pm"]))
    assert [f"{day.day:%a %d} {day.track}" for day in days if day.clock.meets] == [
        "Mon 04 am", "Wed 06 am", "Sat 09 pm", "Tue 12 pm", "Thu 14 pm", "Sat 16 pm",
    ]  # fmt: skip


def test_own_days_replace_the_treatment_days_where_a_phase_gives_a_number_or_nothing() -> None:
    text = f"""{HEAD}{SESSIONS}phases:
  - {{name: One, weeks: 1, days: 2}}
  - {{name: Two, weeks: 1}}
  - {{name: Three, weeks: 1, days: 4}}
"""
    days = course(text, someone(days="thu tue sat"))
    met = [f"{day.day:%a %d}" for day in days if day.clock.meets]
    assert met == ["Tue 05", "Thu 07", "Tue 12", "Thu 14", "Sat 16", "Tue 19", "Thu 21", "Sat 23"]


def test_own_days_narrow_the_weekdays_of_a_phase() -> None:
    days = course(THREE, someone(days="fri wed tue"))
    assert visits(days) == ["01-06 0", "01-08 1", "01-13 2"]


def test_the_last_phase_of_a_rolling_program_may_have_no_end() -> None:
    text = f"""{OPEN}until: 2027-12-31
{SESSIONS}phases: [{{name: One, weeks: 1, days: 2}}, {{name: Two, days: [3, 1]}}]
"""
    days = course(text, someone(), last="2027-06-30")
    assert days[-1].day == date(2027, 6, 30)
    assert weeks(days, text)[-1] == "06-28 two 25 of 26"
    assert len(days[-1].clock.weekdays) == 1


def test_what_is_dated_before_the_start_does_not_happen() -> None:
    early = ["2027-01-01 phase three", "2027-01-02 discharge", "2027-01-02..2027-01-03 hold"]
    assert course(THREE, someone(path=early)) == course(THREE, someone())


def test_a_person_is_absent_before_the_start_in_holds_and_absences_and_after_a_discharge() -> None:
    program, _ = laid_out(THREE)
    facts = ["2027-01-06..2027-01-07 hold", "2027-01-09 away", "2027-01-12 discharge", "2027-01-20 phase two"]
    way = Course(program, someone(path=facts))
    absent = [day for day in range(1, 32) if way.is_absent(date(2027, 1, day))]
    assert absent == [1, 2, 3, 6, 7, 9, *range(13, 20)]
    # A path's own end is none: what is moved to a later day is theirs.
    assert not Course(program, someone()).is_absent(date(2027, 3, 1))
