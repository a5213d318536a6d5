"""What the groups of a rolling program hold, with dates worked out by hand. 4 January 2027 is a Monday."""

from __future__ import annotations

from datetime import date

import pytest

from iopcal.checks import check
from iopcal.expand import expand
from iopcal.model import Status
from iopcal.paths import horizon
from iopcal.views import sessions as sessions_view
from iopcal.views import summary, totals, week
from tests.drafting import TODAY, Refused
from tests.rostered import HEAD, OPEN, groups, laid_out

UNTIL = f"{OPEN}until: 2027-01-17\n"  # two weeks
GROUP = "sessions: [{name: Group, minutes: 60}]\n"


def days(text: str) -> list[str]:
    """Returns the days on which something meets, and what, without its time."""
    return [f"{line[:5]} {line[12:]}" for line in groups(text)]


def test_the_group_meets_on_the_widest_days_of_each_phase() -> None:
    text = f"""{UNTIL}{GROUP}phases:
  - {{name: One, weeks: 4, days: 1 -> 3}}
  - {{name: Two, weeks: 2, days: [thu]}}
  - {{name: Three, weeks: 3, days: [1, 0, 2]}}
"""
    # Of mon wed fri tue thu the first three, and Thursdays.
    assert days(text)[:4] == ["01-04 Group", "01-06 Group", "01-07 Group", "01-08 Group"]


def test_weeks_times_phase_lengths_and_every_of_a_phase_only_say_who_comes() -> None:
    text = f"""{UNTIL}sessions:
  - {{name: Group, minutes: 60, weeks: 3, times: 1}}
phases: [{{name: One, weeks: 1, days: [mon], every: 2}}]
"""
    assert days(text) == ["01-04 Group", "01-11 Group"]


def test_every_of_a_session_counts_weeks_from_the_first_day_of_the_groups() -> None:
    text = f"""{OPEN}until: 2027-02-07
sessions: [{{name: Group, minutes: 60, every: 2}}]
phases: [{{name: One, weeks: 1, days: [tue]}}]
"""
    assert days(text) == ["01-05 Group", "01-19 Group", "02-02 Group"]


def test_every_by_phase_lets_the_group_meet_when_any_phase_would_have_it() -> None:
    text = f"""{OPEN}until: 2027-02-14
sessions: [{{name: Group, minutes: 60, every: {{One: 2, Two: 3}}}}]
phases: [{{name: One, weeks: 4, days: [mon]}}, {{name: Two, weeks: 4, days: [mon]}}]
"""
    # Weeks 1, 3 and 5 by the one, 1 and 4 by the other.
    assert days(text) == ["01-04 Group", "01-18 Group", "01-25 Group", "02-01 Group"]


def test_days_of_one_phase_alone_may_be_given_by_an_override() -> None:
    text = f"""{OPEN}until: 2027-01-10
sessions: [{{name: Group, minutes: 60, days: [mon]}}]
phases:
  - {{name: One, weeks: 1, days: 3}}
  - {{name: Two, weeks: 1, days: 3, sessions: {{Group: {{days: [fri]}}}}}}
"""
    assert days(text) == ["01-04 Group", "01-08 Group"]


def test_the_day_is_laid_out_once_for_all_phases() -> None:
    text = f"""{OPEN}until: 2027-01-05
sessions:
  - {{name: For one, minutes: 60, phases: One}}
  - {{name: For two, minutes: 30, phases: Two}}
  - {{name: For all, minutes: 50}}
phases: [{{name: One, weeks: 1, days: [mon]}}, {{name: Two, weeks: 1, days: [mon, tue]}}]
"""
    assert groups(text) == [
        "01-04 17:30 For one",
        "01-04 18:30 For two",
        "01-04 19:00 For all",
        "01-05 17:30 For two",
        "01-05 18:00 For all",
    ]


def test_sessions_of_visits_and_of_one_participant_are_not_the_groups() -> None:
    text = f"""{OPEN}until: 2027-01-05
sessions:
  - {{name: Intake, minutes: 60, visits: 1, at: "12:00"}}
  - {{name: Alone, kind: individual, minutes: 50}}
  - {{name: Group, minutes: 60}}
phases: [{{name: One, weeks: 1, days: [mon]}}]
"""
    assert groups(text) == ["01-04 17:30 Group"]


def test_topics_go_round_from_the_first_day_and_skip_what_is_closed() -> None:
    text = f"""{OPEN}until: 2027-02-07
sessions: [{{name: Group, minutes: 60, topics: [A, B, C]}}]
phases: [{{name: One, weeks: 1, days: [mon]}}]
closed: [2027-01-11 Snow]
"""
    assert groups(text) == [
        "01-04 17:30 Group: A", "01-18 17:30 Group: C", "01-25 17:30 Group: A", "02-01 17:30 Group: B",
    ]  # fmt: skip


def test_a_topic_a_week_counts_weeks_from_the_first_day() -> None:
    text = f"""{OPEN}until: 2027-01-24
sessions: [{{name: Group, minutes: 60, topics: [A, B], advance: week}}]
phases: [{{name: One, weeks: 1, days: [mon, wed]}}]
"""
    assert [line[-1] for line in groups(text)] == ["A", "A", "B", "B", "A", "A"]


def test_a_group_session_has_no_phase_and_no_visit_and_weeks_from_the_start() -> None:
    text = f"{UNTIL}{GROUP}phases: [{{name: One, weeks: 1, days: [wed]}}]\n"
    _, expansion = laid_out(text)
    assert [(each.phase, each.turn, each.week, each.visit) for each in expansion.sessions] == [
        ("", 1, 1, 0),
        ("", 1, 2, 0),
    ]


def test_each_track_has_a_group() -> None:
    text = f"""{OPEN}until: 2027-01-06
tracks: {{am: {{day_starts: "9:00"}}, pm: {{treatment_days: [tue]}}}}
{GROUP}phases: [{{name: One, weeks: 1}}]
"""
    _, expansion = laid_out(text)
    assert [f"{each.real.start:%m-%d %H:%M} {each.path.track}" for each in expansion.sessions] == [
        "01-04 09:00 am", "01-05 09:00 am", "01-05 17:30 pm", "01-06 09:00 am",
    ]  # fmt: skip


def test_of_an_either_or_all_are_shown_and_the_first_counts() -> None:
    text = f"""{OPEN}until: 2027-01-04
sessions: [{{name: A, minutes: 60, one_of: x, phases: Two}}, {{name: B, minutes: 60, one_of: x}}]
phases: [{{name: One, weeks: 1, days: [mon]}}, {{name: Two, weeks: 1, days: [mon]}}]
"""
    _, expansion = laid_out(text)
    assert [(each.real.name, each.counted) for each in expansion.sessions] == [("A", True), ("B", False)]


def test_extend_has_no_effect_on_the_groups() -> None:
    text = f"""{UNTIL}{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]
closed: [{{on: 2027-01-04, why: Snow, extend: true}}]
"""
    assert days(text) == ["01-11 Group"]


def test_a_session_is_published_by_its_planned_day() -> None:
    text = f"""{UNTIL}{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]
changes:
  - {{on: 2027-01-11, session: Group, to: 2027-01-20}}
  - {{on: 2027-01-18, session: Group, to: 2027-01-16}}
"""
    assert days(text) == ["01-04 Group", "01-20 Group"]


def test_an_added_session_for_some_phases_is_the_groups_too() -> None:
    text = f"""{UNTIL}{GROUP}phases:
  - {{name: One, weeks: 1, days: [mon]}}
  - {{name: Two, weeks: 1, days: [mon]}}
changes: [{{on: 2027-01-05, add: Dinner, at: "19:00", minutes: 60, phases: Two}}]
"""
    assert groups(text)[1] == "01-05 19:00 Dinner"


def test_from_changes_edit_the_groups_day() -> None:
    text = f"""{UNTIL}{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]
changes: [{{from: 2027-01-11, session: Group, at: "18:00"}}]
"""
    assert groups(text) == ["01-04 17:30 Group", "01-11 18:00 Group"]


@pytest.mark.parametrize(
    ("today", "last"),
    [
        ("2026-12-30", "2027-06-30"),  # 182 days
        ("2026-12-31", "2027-09-30"),
        ("2027-07-01", "2027-12-31"),
        ("2027-07-03", "2028-03-31"),
        ("2027-09-30", "2028-03-31"),  # 183 days
    ],
)
def test_without_until_it_is_published_to_the_first_end_of_a_quarter_half_a_year_ahead(
    today: str, last: str
) -> None:
    program, _ = laid_out(f"{UNTIL}{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]\n")
    assert str(horizon(program._replace(until=None), date.fromisoformat(today))) == last
    assert str(horizon(program, date.fromisoformat(today))) == "2027-01-17"


def test_a_day_passes_without_a_change() -> None:
    text = f"{OPEN}{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]\n"
    program, expansion = laid_out(text, date(2027, 1, 4))
    assert expand(program, date(2027, 3, 31)) == expansion
    assert expansion.sessions[-1].date == date(2027, 9, 27)


BEYOND = f"""{UNTIL}sessions:
  - {{name: Group, minutes: 60}}
  - {{name: Monthly, minutes: 60, at: "12:00", monthly: 5th mon}}
phases: [{{name: One, weeks: 1, days: [mon]}}]
"""


def test_lines_for_days_not_published_yet_are_no_mistake() -> None:
    text = f"""{BEYOND}closed: [2027-05-31 Memorial Day]
changes:
  - {{on: 2027-06-07, session: Group, at: "18:00"}}
  - {{from: 2027-05-01, session: Group, minutes: 50}}
  - {{from: 2027-06-01, session: Monthly, name: Long Monday}}
  - {{on: 2027-06-08, add: Dinner, at: "19:00", minutes: 60}}
"""
    assert days(text) == ["01-04 Group", "01-11 Group"]


@pytest.mark.parametrize(
    "line",
    [
        "closed: [2027-06-01 Tuesday]",
        'changes: [{on: 2027-06-01, session: Group, at: "18:00"}]',
        "changes: [{on: 2027-06-07, session: Monthly, lead: jo}]",
    ],
)
def test_lines_that_would_match_nothing_are_a_mistake_however_late(line: str) -> None:
    with pytest.raises(Refused, match=r"IOP30[67]"):
        laid_out(f"{BEYOND}{line}\n")


def test_a_program_that_begins_after_the_last_day_published_says_so() -> None:
    _, expansion = laid_out(f"{OPEN}{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]\n")
    assert [f"{each.code} {each.message}" for each in expansion.problems] == [
        "IOP314 nothing is published yet: the groups first meet from Mon 4 Jan 2027 on, "
        "and the last day published is Thu 31 Dec 2026"
    ]
    assert expansion.sessions == ()


def test_a_program_of_more_than_five_years_is_an_error() -> None:
    with pytest.raises(Refused, match="is published until Mon 5 Jan 2032, more than 5 years after"):
        laid_out(f"{OPEN}until: 2032-01-05\n{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]\n")
    laid_out(f"{OPEN}until: 2032-01-04\n{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]\n")


def test_too_many_group_sessions_are_an_error() -> None:
    rows = ", ".join(f"{{name: G{number}, minutes: 10}}" for number in range(40))
    text = f"{OPEN}until: 2031-12-31\nsessions: [{rows}]\nphases: [{{name: One, weeks: 1, days: mon-sun}}]\n"
    with pytest.raises(Refused, match="IOP311"):
        laid_out(text)


CHECKED = f"""{UNTIL}level: iop
sessions:
  - {{name: Group, minutes: 60, topics: [A, B, C]}}
  - {{name: Late, minutes: 60, at: "18:00", phases: Two}}
phases:
  - {{name: One, weeks: 2, days: [mon, wed], sessions: [Group]}}
  - {{name: Two, weeks: 2, days: [mon], sessions: [Late]}}
  - {{name: Three, until: 2027-01-10, days: [mon], sessions: [Group]}}
"""


def warnings(text: str) -> list[str]:
    program, expansion = laid_out(text)
    return [f"{each.code} {each.message}" for each in check(program, expansion)]


def test_checks_of_what_people_attend_are_not_made_of_groups() -> None:
    # Hours against a level, a round of topics cut short, phases that come too late, sessions of two phases
    # at one time: all would be said of a cohort.
    assert warnings(CHECKED) == []
    assert {each[:6] for each in warnings(CHECKED.replace(UNTIL, HEAD))} == {
        "IOP204", "IOP211", "IOP215",
    }  # fmt: skip


def test_sessions_of_a_group_that_one_person_would_attend_may_not_overlap() -> None:
    assert warnings(CHECKED.replace("sessions: [Late]", "sessions: [Late, Group]")) == [
        "IOP209 'Late' begins at 18:00 on Mon 4 Jan 2027, before 'Group' ends at 18:30"
    ]


def test_phases_that_go_up_and_tapers_without_effect_are_told_of_rolling_programs_too() -> None:
    text = f"""{UNTIL}{GROUP}phases:
  - {{name: One, weeks: 2, days: 2 -> 2}}
  - {{name: Two, weeks: 2, days: 3}}
"""
    assert [each[:6] for each in warnings(text)] == ["IOP207", "IOP212"]


def test_a_session_that_no_phase_can_have_is_told() -> None:
    text = f"""{UNTIL}sessions:
  - {{name: Group, minutes: 60}}
  - {{name: Sunday, minutes: 60, days: sun}}
  - {{name: Wednesday, minutes: 60, days: wed, phases: [One, Two]}}
  - {{name: Intake, minutes: 60, visits: 1, at: "12:00"}}
phases: [{{name: One, weeks: 2, days: [mon, wed]}}, {{name: Two, days: [mon]}}]
"""
    assert warnings(text) == [
        "IOP210 'Sunday' never takes place",
        "IOP210 'Wednesday' never takes place in phase 'Two'",
    ]


def test_the_views_show_groups_without_phases() -> None:
    program, expansion = laid_out(CHECKED)
    assert summary.summary(program, expansion) == (
        "Small IOP    6 group sessions, Mon 4 Jan 2027 - Wed 13 Jan 2027, America/Chicago"
    )
    assert totals.text(program, expansion).splitlines() == [
        "session  times  hours  first date      last date",
        "Group    4      4 h    Mon 4 Jan 2027  Wed 13 Jan 2027",
        "Late     2      2 h    Mon 4 Jan 2027  Mon 11 Jan 2027",
    ]
    (found,) = totals.as_json(program, expansion)
    assert (found["phase"], found["minutes"], found["sessions"]) == ("-", [180, 180], {"Group": 4, "Late": 2})
    heading = week.grid(program, expansion, date(2027, 1, 11), 120).splitlines()[0]
    assert heading == "Small IOP          week 2 of the groups          3 h counted"
    rows = sessions_view.rows(program, expansion.sessions)
    assert [(row[4], row[9]) for row in rows] == [("", "-")] * 6


def test_what_is_closed_stays_known() -> None:
    text = f"{UNTIL}{GROUP}phases: [{{name: One, weeks: 1, days: [mon]}}]\nclosed: [2027-01-11 Snow]\n"
    _, expansion = laid_out(text, TODAY)
    assert [each.status for each in expansion.sessions] == [Status.CONFIRMED, Status.CLOSED]
