"""What participants attend, with dates worked out by hand. 4 January 2027 is a Monday."""

from __future__ import annotations

from datetime import date

import pytest

from iopcal.attendance import Roster
from iopcal.model import Path, Status
from tests.drafting import TODAY
from tests.rostered import HEAD, OPEN, attendance, attended, laid_out, said, someone, words

ROLLING = f"""{OPEN}until: 2027-02-28
sessions:
  - {{name: Group, minutes: 60}}
  - {{name: Skills, minutes: 60, days: [mon], topics: [A, B, C]}}
  - {{name: Alone, kind: individual, minutes: 50}}
phases:
  - {{name: One, weeks: 1, days: [mon, wed]}}
  - {{name: Two, weeks: 2, days: 1}}
"""
COHORT = ROLLING.replace("admission: rolling\nuntil: 2027-02-28\n", "")


def numbers(text: str, **facts: object) -> list[tuple[str, str, int, int, int, int]]:
    """Returns phase, turn, week of the path and of the phase, and visit, of each session."""
    found = attendance(text, someone(**facts)).sessions  # type: ignore[arg-type]
    return [
        (f"{each.date:%m-%d}", each.phase, each.turn, each.week, each.phase_week, each.visit)
        for each in found
    ]


class TestRolling:
    def test_a_participant_joins_the_group_on_the_days_of_their_phase(self) -> None:
        assert attended(ROLLING, someone("2027-01-13")) == [
            "01-13 17:30 Group",
            "01-18 17:30 Group",
            "01-18 18:30 Skills: C",  # the third Monday of the group
            "01-25 17:30 Group",
            "01-25 18:30 Skills: A",
            "02-01 17:30 Group",
            "02-01 18:30 Skills: B",
        ]

    def test_phases_weeks_and_visits_are_their_own(self) -> None:
        assert numbers(ROLLING, starts="2027-01-13") == [
            ("01-13", "one", 1, 1, 1, 1),
            ("01-18", "one", 1, 1, 1, 2),
            ("01-18", "one", 1, 1, 1, 2),
            ("01-25", "two", 1, 2, 1, 3),
            ("01-25", "two", 1, 2, 1, 3),
            ("02-01", "two", 1, 3, 2, 4),
            ("02-01", "two", 1, 3, 2, 4),
        ]

    def test_who_starts_before_the_program_attends_from_its_first_day_by_their_own_clock(self) -> None:
        # Phase One from Wed 30 December, Two from Wed 6 January.
        assert attended(ROLLING, someone("2026-12-30", place=["alone thu 16:00"])) == [
            "01-04 17:30 Group", "01-04 18:30 Skills: A", "01-07 16:00 Alone", "01-11 17:30 Group",
            "01-11 18:30 Skills: B", "01-14 16:00 Alone", "01-18 17:30 Group", "01-18 18:30 Skills: C",
        ]  # fmt: skip
        assert numbers(ROLLING, starts="2026-12-30")[0] == ("01-04", "one", 1, 1, 1, 1)

    def test_the_last_day_published_ends_a_path_without_end(self) -> None:
        text = ROLLING.replace("weeks: 2, days: 1", "days: 1")
        found = attendance(text, someone("2027-02-10"))
        assert [f"{each.date:%m-%d}" for each in found.sessions if each.activity.id == "group"] == [
            "02-10", "02-15", "02-22",
        ]  # fmt: skip
        assert found.days[-1].day == date(2027, 2, 28)

    def test_weeks_and_times_are_of_their_own_path(self) -> None:
        text = f"""{OPEN}until: 2027-02-28
sessions:
  - {{name: Second, minutes: 60, weeks: 2}}
  - {{name: Twice, minutes: 60, times: 2}}
phases: [{{name: One, weeks: 4, days: [mon]}}]
"""
        assert attended(text, someone("2027-01-18")) == [
            "01-18 18:30 Twice", "01-25 17:30 Second", "01-25 18:30 Twice",
        ]  # fmt: skip

    def test_every_of_a_group_session_counts_the_weeks_of_the_group(self) -> None:
        text = f"""{OPEN}until: 2027-02-28
sessions: [{{name: Group, minutes: 60, every: {{One: 2}}}}]
phases: [{{name: One, weeks: 3, days: [mon]}}]
"""
        # The group's weeks 2, 3 and 4: it meets in the odd ones.
        assert attended(text, someone("2027-01-11")) == ["01-18 17:30 Group"]

    def test_every_of_a_phase_counts_the_weeks_of_the_phase(self) -> None:
        text = f"""{OPEN}until: 2027-02-28
sessions: [{{name: Group, minutes: 60}}]
phases: [{{name: One, weeks: 4, days: [mon], every: 2}}]
"""
        assert attended(text, someone("2027-01-11")) == ["01-11 17:30 Group", "01-25 17:30 Group"]

    def test_a_session_of_visits_is_their_own_beside_the_order_of_the_day(self) -> None:
        text = f"""{OPEN}until: 2027-02-28
sessions:
  - {{name: Intake, minutes: 90, visits: 1-2, at: "17:00"}}
  - {{name: Group, minutes: 60}}
phases: [{{name: One, weeks: 1, days: [mon, wed, fri]}}]
closed: [2027-01-11 Snow]
"""
        assert attended(text, someone("2027-01-11")) == [
            "01-13 17:00 Intake", "01-13 17:30 Group", "01-15 17:00 Intake", "01-15 17:30 Group",
        ]  # fmt: skip

    def test_closures_and_changes_are_the_groups(self) -> None:
        text = f"""{ROLLING}closed: [{{on: 2027-01-18, why: Snow, make_up: 2027-01-23}}]
changes:
  - {{on: 2027-01-25, session: Group, at: "19:30", lead: jo}}
  - {{on: 2027-02-01, session: Group, cancel: true}}
"""
        found = attended(text, someone("2027-01-18"))
        assert [line for line in found if "Group" in line] == [
            "01-20 17:30 Group", "01-23 17:30 Group", "01-25 19:30 Group", "02-01 17:30 Group cancelled",
        ]  # fmt: skip

    def test_extend_gives_a_participant_back_the_visit_that_a_closure_took(self) -> None:
        text = f"{ROLLING}closed: [{{on: 2027-01-18, why: Snow, extend: true}}]\n"
        days = attendance(text, someone("2027-01-13")).days
        # One ends on Wed 20 January, the visit that was owed, and not on the 19th.
        assert next(day.day for day in days if day.clock.phase == 1) == date(2027, 1, 21)

    def test_own_days_choose_among_those_of_the_group(self) -> None:
        text = f"""{OPEN}until: 2027-02-28
sessions: [{{name: Group, minutes: 60}}]
phases: [{{name: One, weeks: 1, days: 2}}, {{name: Two, weeks: 1, days: [mon, tue]}}]
"""
        # The group meets Mon, Wed and, by phase Two, Tue; not on Thursday.
        found = attended(text, someone(days="tue thu wed"))
        assert found == ["01-05 17:30 Group", "01-12 17:30 Group"]

    def test_an_added_session_belongs_to_all_under_way_in_its_phases(self) -> None:
        text = f"""{ROLLING}changes:
  - {{on: 2027-01-12, add: Dinner, at: "19:00", minutes: 60}}
  - {{on: 2027-01-13, add: Supper, at: "19:00", minutes: 60, phases: Two}}
"""
        assert attended(text, someone())[3:5] == ["01-11 17:30 Group", "01-11 18:30 Skills: B"]
        assert attended(text, someone())[5:7] == ["01-12 19:00 Dinner", "01-13 19:00 Supper"]
        assert attended(text, someone("2027-01-12"))[:2] == ["01-12 19:00 Dinner", "01-13 17:30 Group"]
        assert not [line for line in attended(text, someone("2027-01-14")) if "er" in line]

    def test_another_track_is_another_group(self) -> None:
        text = f"""{OPEN}until: 2027-02-28
tracks: {{am: {{day_starts: "9:00"}}, pm: {{}}}}
sessions: [{{name: Group, minutes: 60, topics: [A, B, C], tracks: [am, pm]}}]
phases: [{{name: One, weeks: 2, days: [mon]}}]
closed: [{{on: 2027-01-04, why: Boiler, tracks: pm}}]
"""
        person = someone(track="am", path=["2027-01-11 track pm"])
        assert attended(text, person) == ["01-04 09:00 Group: A", "01-11 17:30 Group: B"]
        paths = [each.path for each in attendance(text, person).sessions]
        starts = date(2027, 1, 4)
        assert paths == [Path("", "am", starts, "p-014"), Path("", "pm", starts, "p-014")]


class TestPlaced:
    def test_a_placed_session_has_their_weekday_and_time_in_every_phase(self) -> None:
        found = attended(ROLLING, someone("2027-01-13", place=["alone sat 9:30"], days="mon wed"))
        assert [line for line in found if "Alone" in line] == [
            "01-16 09:30 Alone", "01-23 09:30 Alone", "01-30 09:30 Alone",
        ]  # fmt: skip

    def test_the_leader_may_be_theirs(self) -> None:
        text = ROLLING.replace("kind: individual", "kind: individual, lead: ann")
        leads = {
            place: attendance(text, someone(place=[place])).sessions[-1].real.leads
            for place in ("alone sat 9:30", "alone sat 9:30 jlee")
        }
        assert leads == {"alone sat 9:30": ("ann",), "alone sat 9:30 jlee": ("jlee",)}

    def test_every_counts_their_phase_weeks_and_weeks_phases_and_times_hold(self) -> None:
        text = ROLLING.replace("weeks: 2, days: 1", "weeks: 5, days: 1")
        limits = {
            "every: 2": ["02-02", "02-16"],  # the first and third week of Two
            "weeks: 2-3": ["02-02", "02-09"],
            "phases: One": ["01-26"],
            "times: 2": ["01-26", "02-02"],
        }
        for limit, expected in limits.items():
            row = text.replace("kind: individual", f"kind: individual, {limit}")
            found = attended(row, someone("2027-01-20", place=["alone tue 9:30"]))
            if limit == "every: 2":
                expected = ["01-26", *expected]
            assert [line[:5] for line in found if "Alone" in line] == expected

    def test_a_time_alone_leaves_the_days(self) -> None:
        text = ROLLING.replace("kind: individual", 'kind: individual, days: [wed], at: "12:00"')
        assert attended(text, someone())[2:4] == ["01-06 12:00 Alone", "01-06 17:30 Group"]
        assert attended(text, someone(place=["alone 15:00"]))[2] == "01-06 15:00 Alone"

    def test_on_a_day_the_phase_does_not_meet_it_is_no_visit(self) -> None:
        found = attendance(ROLLING, someone(place=["alone wed 9:30"])).sessions
        visits = [(f"{each.date:%m-%d}", each.visit) for each in found if each.activity.id == "alone"]
        # Wednesday is a day of One, and none of Two.
        assert visits == [("01-06", 2), ("01-13", 0), ("01-20", 0)]

    def test_it_takes_no_part_in_the_order_of_the_day(self) -> None:
        text = COHORT.replace("name: Group, minutes: 60", "name: Group, minutes: 60, at: '17:00'")
        text = text.replace("  - {name: Skills", "  - {name: Late, minutes: 30}\n  - {name: Skills")
        assert attended(text, someone(place=["late mon 20:00"]))[:3] == [
            "01-04 17:00 Group", "01-04 18:00 Skills: A", "01-04 20:00 Late",
        ]  # fmt: skip

    def test_never_in_a_hold_an_absence_or_outside_the_phases(self) -> None:
        facts = ["2027-01-09 away", "2027-01-16 hold"]
        found = attended(ROLLING, someone(path=facts, place=["alone sat 9:30"]))
        assert [line for line in found if "Alone" in line] == ["01-23 09:30 Alone"]

    def test_a_closure_of_their_track_takes_it_and_make_up_moves_it(self) -> None:
        text = f"""{ROLLING}closed:
  - {{on: 2027-01-06, why: Boiler, until: "10:00"}}
  - {{on: 2027-01-13, why: Boiler, make_up: 2027-01-14}}
changes: [{{on: 2027-01-13, add: Dinner, at: "9:00", minutes: 50}}]
"""
        text = text.replace(", until", ", from: '09:00', until").replace('"10:00"', '"18:00"')
        found = attended(text, someone(place=["alone wed 9:30"]))
        assert [line for line in found if "Alone" in line] == ["01-14 09:30 Alone", "01-20 09:30 Alone"]

    def test_an_on_change_moves_or_cancels_it_for_everybody(self) -> None:
        text = f"""{ROLLING}changes:
  - {{on: 2027-01-06, session: Alone, at: "11:00"}}
  - {{on: 2027-01-13, session: Alone, cancel: true}}
"""
        found = attended(text, someone(place=["alone wed 9:30"]))
        assert [line for line in found if "Alone" in line] == [
            "01-06 11:00 Alone", "01-13 09:30 Alone cancelled", "01-20 09:30 Alone",
        ]  # fmt: skip

    def test_a_from_change_leaves_a_placed_time_and_changes_length_name_and_end(self) -> None:
        text = f"""{ROLLING}changes:
  - {{from: 2027-01-06, session: Alone, minutes: 40, name: Talk}}
  - {{from: 2027-01-20, session: Alone, cancel: true}}
"""
        found = attendance(text, someone(place=["alone wed 9:30"])).sessions
        assert [
            (f"{each.real.start:%d %H:%M}", each.real.minutes) for each in found if each.real.name == "Talk"
        ] == [
            ("06 09:30", 40),
            ("13 09:30", 40),
        ]
        text = ROLLING.replace("kind: individual", 'kind: individual, days: [wed], at: "12:00"')
        text += 'changes: [{from: 2027-01-06, session: Alone, at: "13:00", days: [mon]}]\n'
        assert [line for line in attended(text, someone(place=["alone wed 9:30"])) if "Alone" in line] == [
            "01-06 09:30 Alone", "01-13 09:30 Alone", "01-20 09:30 Alone",
        ]  # fmt: skip

    def test_its_topics_are_counted_on_their_own_path_and_skip_what_is_closed(self) -> None:
        for text in (ROLLING, COHORT):
            text = text.replace("kind: individual", "kind: individual, topics: [I, II, III]")
            text += "closed: [2027-01-20 Snow]\n"
            found = attended(text, someone("2027-01-13", place=["alone wed 9:30"]))
            assert [line for line in found if "Alone" in line] == [
                "01-13 09:30 Alone: I",
                "01-27 09:30 Alone: III",
            ]


CHOICE = f"""{OPEN}until: 2027-01-10
sessions:
  - {{name: Early, minutes: 60, one_of: aftercare}}
  - {{name: Late, minutes: 90, one_of: aftercare}}
  - {{name: Group, minutes: 60, days: [mon]}}
phases: [{{name: One, weeks: 1, days: [mon, wed]}}]
"""


class TestChosen:
    @pytest.mark.parametrize("text", [CHOICE, CHOICE.replace("admission: rolling\nuntil: 2027-01-10\n", "")])
    def test_of_an_either_or_they_attend_what_they_chose_and_times_are_those_of_all(self, text: str) -> None:
        assert attended(text, someone(choose={"aftercare": "late"})) == [
            "01-04 17:30 Late", "01-04 19:00 Group", "01-06 17:30 Late",
        ]  # fmt: skip
        assert attended(text, someone()) == ["01-04 19:00 Group"]

    @pytest.mark.parametrize("text", [CHOICE, CHOICE.replace("admission: rolling\nuntil: 2027-01-10\n", "")])
    def test_what_they_chose_counts_and_makes_visits(self, text: str) -> None:
        found = attendance(text, someone(choose={"aftercare": "late"})).sessions
        assert [(each.counted, each.visit) for each in found] == [(True, 1), (True, 1), (True, 2)]
        assert [each.visit for each in attendance(text, someone()).sessions] == [1]


class TestAbsence:
    def test_a_hold_and_an_absence_leave_sessions_out(self) -> None:
        person = someone(path=["2027-01-06 away", "2027-01-11..2027-01-17 hold"])
        assert [f"{line[:5]}" for line in attended(ROLLING, person) if "Group" in line] == [
            "01-04", "01-18", "01-25",
        ]  # fmt: skip
        assert [each[5] for each in numbers(ROLLING, path=["2027-01-06 away"])] == [1, 1, 2, 2, 3, 3]

    def test_an_absence_does_not_use_up_times(self) -> None:
        for text in (ROLLING, COHORT):
            text = text.replace("name: Group, ", "name: Group, times: 2, ")
            person = someone(path=["2027-01-06 away"])
            assert [line[:5] for line in attended(text, person) if "Group" in line] == ["01-04", "01-11"]

    def test_a_restart_lets_times_begin_again_and_topics_go_on(self) -> None:
        text = COHORT.replace("name: Group, ", "name: Group, times: 1, ")
        person = someone(path=["2027-01-11 phase one"])
        assert [line for line in attended(text, person) if line < "01-12"] == [
            "01-04 17:30 Group", "01-04 18:30 Skills: A", "01-11 17:30 Group", "01-11 18:30 Skills: B",
        ]  # fmt: skip
        weekly = COHORT.replace("topics: [A, B, C]", "topics: [A, B, C], advance: week")
        person = someone(path=["2027-01-05 phase one"])
        assert [line for line in attended(weekly, person) if "Skills" in line] == [
            "01-04 18:30 Skills: A", "01-11 18:30 Skills: B",
            "01-18 18:30 Skills: C", "01-25 18:30 Skills: A",
        ]  # fmt: skip

    def test_topics_of_the_room_go_on_while_they_are_away(self) -> None:
        found = attended(COHORT, someone(path=["2027-01-11 away"]))
        assert [line for line in found if "Skills" in line] == [
            "01-04 18:30 Skills: A",
            "01-18 18:30 Skills: C",
        ]

    def test_a_moved_session_is_theirs_if_its_planned_day_is_and_they_are_there(self) -> None:
        for text in (ROLLING, COHORT):
            text += """changes:
  - {on: 2027-01-06, session: Group, to: 2027-01-07}
  - {on: 2027-01-11, session: Group, to: 2027-01-12}
"""
            rest = ["01-18 17:30"]
            moved = {
                (): ["01-04 17:30", "01-07 17:30", "01-12 17:30", *rest],
                ("2027-01-06 away",): ["01-04 17:30", "01-12 17:30", *rest],
                ("2027-01-07 away",): ["01-04 17:30", "01-12 17:30", *rest],
                # The second week of Two lasts until Mon 25 January.
                ("2027-01-12 hold",): ["01-04 17:30", "01-07 17:30", *rest, "01-25 17:30"],
                ("2027-01-06 discharge",): ["01-04 17:30"],
                ("2027-01-07 discharge",): ["01-04 17:30", "01-07 17:30"],
            }
            for facts, expected in moved.items():
                found = attended(text, someone(path=facts))
                assert [line[:11] for line in found if "Group" in line] == expected

    def test_what_is_moved_to_an_absence_makes_no_visit(self) -> None:
        text = f"{COHORT}changes: [{{on: 2027-01-06, session: Group, to: 2027-01-07}}]\n"
        assert [each[5] for each in numbers(text)] == [1, 1, 2, 3, 3, 4, 4]
        assert [each[5] for each in numbers(text, path=["2027-01-07 away"])] == [1, 1, 2, 2, 3, 3]

    def test_a_day_made_up_while_they_are_away_brings_them_nothing_of_what_was_added(self) -> None:
        text = f"""{COHORT}closed: [{{on: 2027-01-06, why: Snow, make_up: 2027-01-09}}]
changes: [{{on: 2027-01-06, add: Dinner, at: "19:00", minutes: 60}}]
"""
        assert "01-09 19:00 Dinner" in attended(text, someone())
        found = attended(text, someone(path=["2027-01-09 away"]))
        assert not [line for line in found if line.startswith("01-09")]

    def test_a_session_of_the_first_visit_waits_for_those_who_are_away(self) -> None:
        for text in (ROLLING, COHORT):
            text = text.replace(
                "sessions:\n", "sessions:\n  - {name: Intake, minutes: 30, visits: 1, at: '17:00'}\n"
            )
            intakes = {
                facts: [line for line in attended(text, someone(path=facts)) if "Intake" in line]
                for facts in ((), ("2027-01-04 away",))
            }
            assert intakes == {(): ["01-04 17:00 Intake"], ("2027-01-04 away",): ["01-06 17:00 Intake"]}

    def test_a_move_to_before_the_first_day_is_not_theirs(self) -> None:
        for text in (ROLLING, COHORT):
            text += "changes: [{on: 2027-01-06, session: Group, to: 2027-01-05}]\n"
            assert attended(text, someone("2027-01-06"))[0] == "01-11 17:30 Group"

    def test_an_added_session_is_not_for_those_who_are_away(self) -> None:
        for text in (ROLLING, COHORT):
            text += 'changes: [{on: 2027-01-05, add: Dinner, at: "19:00", minutes: 60}]\n'
            assert "01-05 19:00 Dinner" in attended(text, someone())
            assert "01-05 19:00 Dinner" not in attended(text, someone(path=["2027-01-05 away"]))


COHORTS = f"""{HEAD}cohorts: [{{id: a, starts: 2027-01-04}}, {{id: b, starts: 2027-01-11}}]
sessions: [{{name: Group, minutes: 60}}]
phases: [{{name: One, weeks: 2, days: [mon]}}]
closed: [{{on: 2027-01-11, why: Snow, cohorts: b}}]
"""


class TestCohortProgram:
    def test_a_participant_is_laid_out_as_a_cohort_of_one_from_their_own_start(self) -> None:
        assert attended(COHORT, someone("2027-01-13")) == [
            "01-13 17:30 Group", "01-18 17:30 Group", "01-18 18:30 Skills: A", "01-25 17:30 Group",
            "01-25 18:30 Skills: B", "02-01 17:30 Group", "02-01 18:30 Skills: C",
        ]  # fmt: skip

    def test_lines_for_a_cohort_hold_for_its_participants_and_for_those_who_begin_with_it(self) -> None:
        assert attended(COHORTS, someone(cohort="a")) == ["01-04 17:30 Group", "01-11 17:30 Group"]
        for person in (someone("2027-01-11", cohort="b"), someone("2027-01-11")):
            assert attended(COHORTS, person) == ["01-18 17:30 Group"]
        assert attended(COHORTS, someone("2027-01-05"))[0] == "01-11 17:30 Group"

    def test_a_path_tells_the_cohort_that_is_named(self) -> None:
        paths = {
            attendance(COHORTS, person).sessions[0].path.cohort
            for person in (someone(cohort="a"), someone("2027-01-05"))
        }
        assert paths == {"a", ""}

    def test_another_track_has_its_own_times_and_topics(self) -> None:
        text = f"""{HEAD}tracks: {{am: {{day_starts: "9:00"}}, pm: {{}}}}
sessions: [{{name: Group, minutes: 60, topics: [A, B, C]}}]
phases: [{{name: One, weeks: 4, days: [mon]}}]
"""
        person = someone(track="am", path=["2027-01-11 track pm", "2027-01-25 track am"])
        assert attended(text, person) == [
            "01-04 09:00 Group: A", "01-11 17:30 Group: A", "01-18 17:30 Group: B", "01-25 09:00 Group: B",
        ]  # fmt: skip

    def test_who_comes_back_after_a_discharge_may_do_so_in_another_track(self) -> None:
        text = f"""{HEAD}tracks: {{am: {{day_starts: "9:00"}}, pm: {{}}}}
sessions: [{{name: Group, minutes: 60}}]
phases: [{{name: One, weeks: 1, days: [mon]}}]
"""
        facts = ["2027-01-05 discharge", "2027-01-12 track pm", "2027-01-18 phase one"]
        assert attended(text, someone(track="am", path=facts)) == ["01-04 09:00 Group", "01-18 17:30 Group"]

    def test_a_day_like_all_others_comes_out_the_same_by_the_long_way(self) -> None:
        text = COHORT + 'changes: [{on: 2027-01-18, session: Group, at: "17:00"}]\n'
        plain = attendance(text, someone("2027-01-11", ["2027-01-13 phase one"])).sessions
        long = attendance(text, someone("2027-01-11", ["2027-01-13 phase one"], choose={"x": "y"})).sessions
        assert plain == long


class TestWarnings:
    def test_no_session_in_a_phase(self) -> None:
        assert said(ROLLING, someone(days="tue", place=["alone thu 9:00"])) == []
        text = ROLLING.replace("kind: individual", "kind: individual, phases: One")
        assert said(text, someone(days="tue", place=["alone thu 9:00"])) == [
            "IOP410 p-014: there is no session in phase 'Two', which ends on Sun 24 Jan 2027"
        ]

    def test_a_phase_cut_by_the_last_day_published_or_before_the_first_is_none(self) -> None:
        text = ROLLING.replace("kind: individual", "kind: individual, phases: One, optional: true")
        assert said(text, someone("2027-02-16")) == []
        assert said(text, someone("2026-12-21")) == []

    def test_own_days_on_which_an_open_group_never_meets(self) -> None:
        """Up to eight weeks before the last day published what is there may lie ahead."""
        text = f"""{OPEN}until: 2027-12-31
sessions: [{{name: Group, minutes: 60}}]
phases: [{{name: One, weeks: 4, days: [mon]}}, {{name: Two, days: [mon]}}]
"""
        assert said(text, someone("2027-02-01", days="tue")) == [
            "IOP410 p-014: there is no session in phase 'One', which ends on Sun 28 Feb 2027",
            "IOP410 p-014: there is no session in phase 'Two' up to Fri 31 Dec 2027, the last day published",
        ]
        assert said(text, someone("2027-11-07", ["2027-11-07 phase two"], days="tue")) == []
        assert len(said(text, someone("2027-11-06", ["2027-11-06 phase two"], days="tue"))) == 1

    def test_a_path_that_is_in_no_phase(self) -> None:
        text = f"""{OPEN}until: 2027-12-31
sessions: [{{name: Group, minutes: 60}}]
phases: [{{name: One, until: 2027-02-28, days: [mon]}}]
"""
        for each in (text, text.replace("admission: rolling\nuntil: 2027-12-31\n", "")):
            assert said(each, someone("2027-03-01")) == [
                "IOP410 p-014: every phase is over by Mon 1 Mar 2027"
            ]
            held = someone("2027-02-22", ["2027-02-22..2027-02-28 hold"])
            assert said(each, held) == ["IOP410 p-014: there is no day in any phase"]
        assert said(text, someone("2028-01-01")) == []  # not published yet

    def test_no_time_for_a_session_of_their_own(self) -> None:
        assert said(ROLLING, someone()) == [
            "IOP411 p-014: no time is placed for 'Alone', which is due from Mon 4 Jan 2027 on"
        ]
        for keys in ("phases: Two", "weeks: 2-", "optional: true", "one_of: x"):
            text = ROLLING.replace("kind: individual", f"kind: individual, {keys}")
            problems = said(text, someone(path=["2027-01-10 discharge"]))
            assert problems == []

    def test_another_time_or_topic_than_the_cohorts(self) -> None:
        text = COHORT.replace("  - {name: Alone, kind: individual, minutes: 50}\n", "")
        text = text.replace("  - {name: Group", "  - {name: First, minutes: 30, weeks: 1}\n  - {name: Group")
        assert said(text, someone()) == []
        assert said(text, someone("2027-01-11")) == [
            "IOP412 p-014: 'Group' of Mon 11 Jan 2027 is on Mon 11 Jan 18:00, for others on Mon 11 Jan 17:30",
            "IOP412 p-014: 'Skills' of Mon 11 Jan 2027 is on Mon 11 Jan 19:00, "
            "for others on Mon 11 Jan 18:30 (and 1 more time)",
        ]

    def test_another_topic_than_the_cohorts(self) -> None:
        text = COHORT.replace("  - {name: Alone, kind: individual, minutes: 50}\n", "")
        assert said(text, someone("2027-01-11")) == [
            "IOP412 p-014: 'Skills' on Mon 11 Jan 2027 has the topic 'A', for others 'B' (and 1 more time)"
        ]
        assert said(text, someone("2027-01-11", place=["skills mon 12:00"])) == []

    def test_a_participant_of_no_cohort_is_held_against_all(self) -> None:
        text = COHORTS.replace("minutes: 60", "minutes: 60, topics: [A, B, C]").replace("closed", "#")
        # On the 11th the cohort `a` is at B, `b` at A; the participant, too, at A.
        assert said(text, someone("2027-01-06")) == []
        assert said(text, someone("2027-01-06", cohort="a")) == [
            "IOP412 p-014: 'Group' on Mon 11 Jan 2027 has the topic 'A', for others 'B'"
        ]

    def test_a_change_of_a_session_that_nobody_has_then(self) -> None:
        text = f"""{ROLLING}changes:
  - {{on: 2027-01-06, session: Alone, at: "11:00"}}
  - {{on: 2027-01-07, session: Alone, cancel: true}}
  - {{from: 2027-01-11, session: Alone, minutes: 40}}
  - {{from: 2027-01-12, session: Alone, at: "12:00"}}
  - {{on: 2027-01-15..2027-01-16, session: Alone, cancel: true}}
"""
        program, expansion = laid_out(text)
        assert expansion.problems == ()
        roster = Roster(program, expansion, TODAY)
        assert len(roster.problems()) == 5
        roster.attend(someone(place=["alone wed 9:30"]))
        assert [f"{each.place.line} {each.code} {each.message}" for each in roster.problems()] == [
            "17 IOP413 no participant has 'Alone' on Thu 7 Jan 2027 so that this line would change it",
            "20 IOP413 no participant has 'Alone' from Fri 15 Jan 2027 to Sat 16 Jan 2027 "
            "so that this line would change it",
            "19 IOP413 no participant has 'Alone' from Tue 12 Jan 2027 on so that this line would change it",
        ]
        roster.attend(someone(place=["alone thu 9:30"]))
        assert [each.place.line for each in roster.problems()] == [20, 19]

    def test_a_line_for_participants_alone_is_an_error_only_if_it_matches_none_of_them(self) -> None:
        text = f"""{COHORT}closed: [2027-01-28 Snow, 2027-02-01 Snow]
changes:
  - {{on: 2027-02-01, session: Group, lead: jo}}
  - {{on: 2027-02-02, add: Dinner, at: "19:00", minutes: 60}}
"""
        # The cohort's last day is Sun 24 January.
        late, early = (
            someone("2027-01-13", place=["alone thu 9:00"]),
            someone(name="p-1", place=["alone thu 9:00"]),
        )
        program, expansion = laid_out(text, TODAY, early, late)
        assert expansion.problems == ()
        roster = Roster(program, expansion, TODAY)
        roster.attend(early)
        assert [each.code for each in roster.problems()] == ["IOP306", "IOP306", "IOP307", "IOP308"]
        roster.attend(late)
        assert roster.problems() == ()

    def test_a_change_to_a_session_of_visits_in_a_rolling_program_is_theirs_to_match(self) -> None:
        text = f"""{OPEN}until: 2027-02-28
sessions: [{{name: Intake, minutes: 60, visits: 1, at: "12:00"}}, {{name: Group, minutes: 60}}]
phases: [{{name: One, weeks: 1, days: [mon, wed]}}]
changes: [{{on: 2027-01-06, session: Intake, at: "11:00"}}]
"""
        program, expansion = laid_out(text)
        roster = Roster(program, expansion, TODAY)
        assert [each.code for each in roster.problems()] == ["IOP413"]
        roster.attend(someone("2027-01-06"))
        assert roster.problems() == ()

    def test_a_time_of_their_own_in_a_skipped_hour_or_over_midnight_is_an_error_at_its_line(self) -> None:
        text = ROLLING.replace("weeks: 2, days: 1", "weeks: 9, days: 1").replace("2027-02-28", "2027-04-30")
        found = attendance(text, someone(place=["alone sun 2:30"])).problems
        assert [(each.code, each.severity, each.place.line) for each in found] == [("IOP303", "error", 2)]
        assert found[0].message.startswith("p-014: 'Alone' begins on Sun 14 Mar 2027 at 02:30, in an hour")
        found = attendance(text, someone(place=["alone tue 23:30"], path=["2027-01-13 discharge"])).problems
        assert [(each.code, each.place.line) for each in found] == [("IOP304", 2)]
        assert found[0].message.endswith("ends after midnight (and 1 more time)")

    def test_a_session_that_only_they_would_have_after_midnight_is_an_error_and_left_out(self) -> None:
        text = f"""{HEAD.replace("17:30", "22:30")}sessions:
  - {{name: Long, minutes: 90, weeks: 3}}
  - {{name: Group, minutes: 60}}
phases: [{{name: One, weeks: 1, days: [mon]}}, {{name: Two, weeks: 1, days: [mon]}}]
"""
        found = attendance(text, someone(path=["2027-01-18 phase two"]))
        assert [line[:5] for line in words(found.sessions) if "Group" in line] == ["01-04", "01-11"]
        assert "IOP304" in [each.code for each in found.problems]

    def test_visits_that_are_never_reached_are_an_error(self) -> None:
        text = f"""{HEAD}sessions: [{{name: Group, minutes: 60}}]
phases: [{{name: One, visits: 4, days: [mon]}}]
"""
        assert said(text, someone(days="tue")) == [
            "IOP309 p-014: phase 'One' does not reach its 4 visits in 260 weeks",
            "IOP410 p-014: there is no session in phase 'One', which ends on Sun 28 Dec 2031",
        ]


class TestAlike:
    def test_participants_with_equal_facts_attend_the_same_on_paths_of_their_own(self) -> None:
        program, expansion = laid_out(ROLLING)
        roster = Roster(program, expansion, TODAY)
        facts = {"starts": "2027-01-13", "place": ["alone thu 9:30"]}
        one, other = (roster.attend(someone(name=name, **facts)) for name in ("p-1", "p-2"))  # type: ignore[arg-type]
        assert {each.path.participant for each in one.sessions} == {"p-1"}
        assert {each.path.participant for each in other.sessions} == {"p-2"}
        assert [each.real for each in one.sessions] == [each.real for each in other.sessions]
        assert one.days is other.days

    def test_what_is_remembered_no_more_is_found_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("iopcal.attendance._KEPT", 1)
        program, expansion = laid_out(ROLLING)
        roster = Roster(program, expansion, TODAY)
        first, _, again = (
            roster.attend(someone(start)) for start in ("2027-01-04", "2027-01-13", "2027-01-04")
        )
        assert first == again
        assert first.days is not again.days

    def test_they_are_alike_whatever_their_lines(self) -> None:
        program, expansion = laid_out(ROLLING)
        roster = Roster(program, expansion, TODAY)
        person = someone(path=["2027-01-06 away"], place=["alone thu 9:30"])
        moved = person._replace(
            id="p-2",
            place=person.place._replace(line=9),
            facts=tuple(fact._replace(place=person.place) for fact in person.facts),
            placed=tuple(each._replace(place=person.place) for each in person.placed),
        )
        assert roster.likeness(person) == roster.likeness(moved)
        assert roster.likeness(person) != roster.likeness(person._replace(days=(1,)))

    def test_sessions_of_the_group_are_shared(self) -> None:
        program, expansion = laid_out(ROLLING)
        roster = Roster(program, expansion, TODAY)
        real = {id(each.real) for each in expansion.sessions}
        assert all(id(each.real) in real for each in roster.attend(someone()).sessions)

    def test_closed_sessions_are_known_too(self) -> None:
        text = f"{ROLLING}closed: [2027-01-06 Snow]\n"
        found = attendance(text, someone(path=["2027-01-08 discharge"])).sessions
        assert [each.status for each in found] == [Status.CONFIRMED, Status.CONFIRMED, Status.CLOSED]
