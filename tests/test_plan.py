"""What a build would change, in sessions, and the brake that refuses a frightening change."""

from __future__ import annotations

import pytest

from iopcal.lint import lint
from iopcal.plan import Change, Plan, Verb
from iopcal.publish import Options, leftovers, refusals
from iopcal.renames import Rename
from iopcal.views.plan import as_json, text
from tests.drafting import drafted, expanded
from tests.program_text import program_text
from tests.publishing import build, moment

BEFORE = "2027-01-02T12:00Z"  # Saturday; the programs start on Monday 4 January
DAILY = "treatment_days: [mon, tue, wed, thu, fri]"
ONCE = ["{name: Process group, minutes: 60, days: mon}"]
TWO_TRACKS = "{morning: {day_starts: 9:00}, evening: {}}"


def planned(before: str, after: str, now: str = BEFORE, flat: bool = False) -> Plan:
    """Returns what the build of `after` over `before` would change in the calendar of the whole program."""
    return drafted(after, build(before, {}, BEFORE), moment(now), flat)[0].plan


def refused(before: str, after: str, now: str = BEFORE, allow: int | None = None) -> list[str]:
    """Returns the words in which the build of `after` over `before` is refused."""
    drafts = drafted(after, build(before, {}, BEFORE), moment(now))
    troubles = refusals(drafts, (), Options(moment(now), allow_deletes=allow))
    return [f"{trouble.problem.message} | {trouble.problem.hint}" for trouble in troubles]


def told(change: Change) -> str:
    """Returns a change as `verb: start before -> start after`."""
    times = (f"{shown.start:%a %d %b %H:%M}" if shown else "-" for shown in (change.before, change.after))
    return f"{change.verb.value}: {' -> '.join(times)}"


def mondays(weeks: int, **keys: object) -> str:
    return program_text(sessions=ONCE, phases=[f"{{name: Intensive, weeks: {weeks}}}"], **keys)


def daily(times: int) -> str:
    """Returns a program of this many sessions, on every weekday."""
    row = f"{{name: Process group, minutes: 60, times: {times}}}"
    days = "{name: Intensive, weeks: 25, days: mon-fri}"
    return program_text(sessions=[row], phases=[days])


def test_a_first_publication_adds_every_session_and_brakes_for_none() -> None:
    first = drafted(mondays(4), {}, moment(BEFORE))[0].plan
    assert [change.verb for change in first.changes] == [Verb.ADDED] * 4
    assert (first.new, first.kept, first.ahead, first.going) == (True, 0, 0, 0)
    assert not first.frightening


def test_a_build_without_a_change_plans_nothing() -> None:
    plan = planned(mondays(4), mondays(4), "2027-01-12T12:00Z")
    assert plan.changes == ()
    assert (plan.new, plan.kept, plan.held, plan.ahead, plan.going) == (False, 4, 2, 2, 0)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{on: 2027-01-11, session: Process group, cancel: true}",
         "cancelled: Mon 11 Jan 17:30 -> Mon 11 Jan 17:30"),
        ("{on: 2027-01-11, session: Process group, to: 2027-01-12}",
         "moved: Mon 11 Jan 17:30 -> Tue 12 Jan 17:30"),
        ("{on: 2027-01-11, session: Process group, minutes: 90}",
         "changed: Mon 11 Jan 17:30 -> Mon 11 Jan 17:30"),
        ("{on: 2027-01-11, session: Process group, name: Open group}",
         "changed: Mon 11 Jan 17:30 -> Mon 11 Jan 17:30"),
        ("{on: 2027-01-12, add: Alumni dinner, at: '18:00', minutes: 90}", "added: - -> Tue 12 Jan 18:00"),
    ],
)  # fmt: skip
def test_a_plan_speaks_of_the_one_session_an_edit_touches(line: str, expected: str) -> None:
    plan = planned(mondays(4), mondays(4, changes=[line]))
    assert [told(change) for change in plan.changes] == [expected]
    assert plan.changes[0].after is not None
    assert (plan.changes[0].after.cause.file, plan.changes[0].after.cause.line) == ("program.yaml", 11)


def test_a_session_that_is_held_again_after_a_cancellation_is_added() -> None:
    cancelled = mondays(4, changes=["{on: 2027-01-11, session: Process group, cancel: true}"])
    assert [told(each) for each in planned(cancelled, mondays(4)).changes] == [
        "added: Mon 11 Jan 17:30 -> Mon 11 Jan 17:30"
    ]


def test_a_session_published_first_as_cancelled_is_not_told_as_added() -> None:
    row = "{on: 2027-01-11, session: Process group, cancel: true}"
    first = drafted(mondays(2, changes=[row]), {}, moment(BEFORE))[0].plan
    assert [change.verb for change in first.changes] == [Verb.ADDED, Verb.CANCELLED]


def test_a_cancelled_session_that_is_forgotten_is_no_change() -> None:
    cancelled = mondays(4, changes=["{on: 2027-01-11, session: Process group, cancel: true}"])
    plan = planned(cancelled, cancelled, "2027-02-20T12:00Z")
    assert plan.changes == ()


def test_a_session_that_passes_from_one_part_to_the_next_is_told_once() -> None:
    later = mondays(4, changes=["{from: 2027-01-18, session: Process group, at: '18:30'}"])
    assert [told(each) for each in planned(mondays(4), later).changes] == [
        "moved: Mon 18 Jan 17:30 -> Mon 18 Jan 18:30",
        "moved: Mon 25 Jan 17:30 -> Mon 25 Jan 18:30",
    ]


def test_removed_sessions_are_told_by_the_titles_people_know() -> None:
    plan = planned(mondays(4), mondays(3))
    assert [told(each) for each in plan.changes] == ["removed: Mon 25 Jan 17:30 -> -"]
    gone = plan.changes[0].before
    assert gone is not None
    assert gone.title == "Process group"


@pytest.mark.parametrize(
    ("ahead", "left", "braked"),
    [
        (9, 1, False),  # fewer than ten: nearly all may go
        (9, 0, True),
        (10, 7, False),  # 30 %
        (10, 6, True),  # 40 %
        (100, 70, False),  # 30 %
        (100, 69, True),  # 31 %
        (2, 1, False),
        (1, 0, True),
    ],
)
def test_the_brake_holds_over_30_percent_of_ten_and_for_all(ahead: int, left: int, braked: bool) -> None:
    other = "{name: Yoga, minutes: 30, days: sat, at: '9:00', weeks: 1}"  # over when the sessions are counted
    rest = f"times: {left}" if left else "publish: never"
    kept = f"{{name: Process group, minutes: 60, {rest}, at: '17:30', days: mon-fri}}"
    phase = ["{name: Intensive, weeks: 25, days: mon-sat}"]
    start = "2027-01-02"  # the Saturday
    now = "2027-01-02T20:00Z"
    before = program_text(
        starts=start, phases=phase,
        sessions=[other, f"{{name: Process group, minutes: 60, times: {ahead}, at: '17:30', days: mon-fri}}"],
    )  # fmt: skip
    after = program_text(starts=start, phases=phase, sessions=[other, kept])
    files = build(before, {}, BEFORE)
    (staff, _) = drafted(after, files, moment(now))
    assert (staff.plan.ahead, staff.plan.going, staff.plan.frightening) == (ahead, ahead - left, braked)
    # the lint, which reads bytes alone, says the same of ten and more
    findings = lint(staff.data or b"", was=files[staff.file], now=moment(now))
    assert [finding.code for finding in findings] == (["D6"] if braked and ahead >= 10 else [])


def test_a_refusal_names_its_numbers_and_the_number_to_give() -> None:
    before, after = daily(10), daily(6)
    words = (
        "evening-iop.ics: 4 of 10 sessions ahead would go (40 %, limit 30 %)"
        " | look at `iopcal plan`; if it is meant, build this program with --allow-deletes 4"
    )
    assert refused(before, after) == [words, words.replace(".ics", ".track.ics")]
    assert refused(before, after, allow=4) == []
    assert (
        refused(before, after, allow=5)[0]
        .partition(" | ")[2]
        .startswith("--allow-deletes named 5, not 4; look")
    )


def test_a_session_behind_is_not_counted_and_today_counts_until_it_begins() -> None:
    before, after = daily(12), daily(1)
    assert planned(before, after, "2027-01-04T23:29Z").ahead == 12
    assert planned(before, after, "2027-01-04T23:30Z").ahead == 11


def test_a_moved_session_goes_from_its_date_and_one_of_another_length_does_not() -> None:
    move = ["{on: 2027-01-11, session: Process group, to: 2027-01-12}"]
    longer = ["{on: 2027-01-11, session: Process group, minutes: 90}"]
    assert planned(mondays(4), mondays(4, changes=move)).going == 1
    assert planned(mondays(4), mondays(4, changes=longer)).going == 0


def test_a_calendar_that_would_become_empty_is_refused_even_when_all_is_over() -> None:
    empty = mondays(4).replace("days: mon", "days: mon, publish: never")
    assert refused(mondays(4), empty)[0].startswith("evening-iop.ics: 4 of 4 sessions ahead would go (100 %")
    over = "2028-01-01T12:00Z"
    assert refused(mondays(4), empty, over) == [
        f"{file}: all 4 sessions would go, and the calendar would be empty"
        " | look at `iopcal plan`; if it is meant, build this program with --allow-deletes 4"
        for file in ("evening-iop.ics", "evening-iop.track.ics")
    ]
    assert refused(mondays(4), empty, over, allow=4) == []


def test_a_calendar_whose_last_cancelled_session_is_forgotten_may_become_empty() -> None:
    cancelled = mondays(1, changes=["{on: 2027-01-04, session: Process group, cancel: true}"])
    plan = planned(cancelled, cancelled, "2027-02-20T12:00Z")
    assert not plan.frightening


def test_a_program_that_publishes_nothing_writes_no_file() -> None:
    nothing = mondays(4).replace("days: mon", "days: mon, publish: never")
    assert [draft.data for draft in drafted(nothing, {}, moment(BEFORE))] == [None, None]
    assert build(nothing, {}, BEFORE) == {}


def test_a_damaged_file_is_planned_like_a_first_publication_and_said_to_be_damaged() -> None:
    files = build(mondays(4), {}, BEFORE)
    files["evening-iop.ics"] = files["evening-iop.ics"][:-20]
    staff, track = drafted(mondays(4), files, moment(BEFORE))
    assert (staff.damaged, staff.plan.new) == (True, True)
    assert (track.damaged, track.plan.new) == (False, False)


def test_a_session_renamed_without_its_id_is_told_with_the_id_that_would_keep_it() -> None:
    opening = mondays(4).replace("Process group", "Opening group")
    plan = planned(mondays(4), opening)
    assert plan.renames == (Rename("opening-group", "process-group"),)
    assert planned(mondays(4), opening.replace("minutes", "id: process-group, minutes")).renames == ()


@pytest.mark.parametrize("name", ["Process group: evenings", "Process group (optional)"])
@pytest.mark.parametrize("extra", [", topics: [Anger, Grief]", ", optional: true", ""])
def test_a_rename_is_found_whatever_else_the_title_says(name: str, extra: str) -> None:
    before = mondays(4).replace("days: mon", f"days: mon{extra}").replace("Process group", f'"{name}"')
    after = before.replace(name, "Opening group")
    for draft in drafted(after, build(before, {}, BEFORE), moment(BEFORE)):
        assert [rename.id for rename in draft.plan.renames] == ["opening-group"]


def test_a_session_that_comes_where_another_goes_is_told_only_if_its_entries_would_stay() -> None:
    other = mondays(4).replace("Process group", "Opening group").replace("days: mon", "days: tue")
    tuesdays = planned(mondays(4), other.replace("weeks: 4", "weeks: 4, days: [mon, tue]"))
    assert tuesdays.renames == ()


def test_two_sessions_renamed_at_once_are_told_apart_by_their_times() -> None:
    rows = ["{name: Process group, minutes: 60}", "{name: Skills group, minutes: 60}"]
    before = program_text(sessions=rows)
    after = before.replace("Process group", "Yoga").replace("Skills group", "Art")
    assert planned(before, after).renames == (Rename("art", "skills-group"), Rename("yoga", "process-group"))


def test_another_shape_changes_every_entry_and_no_session_and_the_plan_says_so() -> None:
    plan = planned(mondays(4), mondays(4), flat=True)
    assert (plan.changes, plan.reshaped) == ((), True)
    assert not planned(mondays(4), mondays(5)).reshaped
    assert not planned(mondays(4), mondays(4)).reshaped


def words(before: str, after: str, flat: bool = False) -> list[str]:
    """Returns the lines in which `iopcal plan` tells what the build of `after` over `before` would do."""
    drafts = drafted(after, build(before, {}, BEFORE), moment(BEFORE), flat)
    plans = [draft.plan for draft in drafts]
    return text("evening-iop", plans, moment(BEFORE), sum(draft.changed for draft in drafts)).splitlines()


def test_the_plan_names_the_line_that_keeps_the_entries_of_a_renamed_session() -> None:
    opening = mondays(4).replace("Process group", "Opening group")
    line = "If 'opening-group' is 'process-group' under another name, give it the line  id: process-group"
    assert words(mondays(4), opening)[-1] == line
    assert as_json(planned(mondays(4), opening))["renames"] == [
        {"id": "opening-group", "former": "process-group"}
    ]


def test_a_session_that_goes_is_counted_once_whatever_calendars_it_was_in() -> None:
    rows = ["{name: Process group, minutes: 60, days: mon}", "{name: Skills group, minutes: 60, days: tue}"]
    tracks = "{morning: {}, evening: {}}"
    before = program_text(sessions=rows, tracks=tracks)
    gone = [
        line for line in words(before, program_text(sessions=rows[1:], tracks=tracks)) if " removed" in line
    ]
    # four Mondays in each of two tracks at the same time, in three calendars
    assert gone == ["  - 8 sessions removed     Process group     Mon 4 Jan - Mon 25 Jan     17:30-18:30"]


def test_a_session_taken_from_the_track_alone_is_told_as_removed() -> None:
    staff_only = mondays(4).replace("days: mon", "days: mon, publish: staff")
    gone = "  - 4 sessions removed     Process group     Mon 4 Jan - Mon 25 Jan     17:30-18:30"
    assert gone in words(mondays(4), staff_only)


def test_the_plan_says_what_changes_beside_the_sessions() -> None:
    unchanged = "evening-iop: No changes: 4 sessions, 0 already held."
    assert words(mondays(4), mondays(4)) == [unchanged]
    assert words(mondays(4), mondays(4, program="IOP")) == [unchanged, "2 calendars changed in other ways."]
    replaced = "Every entry is replaced, once: weekly series become single entries, or the other way round."
    assert words(mondays(4), mondays(4), flat=True) == [
        unchanged, "2 calendars changed in other ways.", replaced,
    ]  # fmt: skip


def test_another_title_changes_the_file_but_no_session() -> None:
    before, after = mondays(4), mondays(4, program="Riverbend IOP")
    for draft in drafted(after, build(before, {}, BEFORE), moment(BEFORE)):
        assert (draft.changed, draft.plan.changes, draft.plan.reshaped) == (True, (), False)


def test_the_calendar_of_a_track_that_is_gone_is_left_over_while_sessions_lie_ahead() -> None:
    files = build(mondays(4, tracks=TWO_TRACKS), {}, BEFORE)
    program, _ = expanded(mondays(4, tracks="{evening: {}}"))
    listed = [*files, "other.track-morning.ics", "evening-iop.track-lost.ics"]
    found = leftovers(program, listed, files.get, moment("2027-01-05T12:00Z"))
    assert found == (("evening-iop.track-morning.ics", 3),)
    assert leftovers(program, listed, files.get, moment("2027-02-05T12:00Z")) == ()
    (trouble,) = refusals((), found, Options(moment("2027-01-05T12:00Z")))
    assert "3 of 3 sessions ahead would go" in trouble.problem.message
