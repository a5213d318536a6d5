"""How dated sessions become weekly series and single events, and back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from iopcal.fold import fold, unfold
from iopcal.model import Event, Slot, Status
from tests.drafting import NOW, drafted
from tests.program_text import program_text

CONFIGS = sorted(
    path for path in (Path(__file__).parent.parent / "configs").glob("*.yaml") if path.stem != "sync"
)
GROUP = "{name: Process group, minutes: 60}"


def slots(text: str) -> tuple[Slot, ...]:
    """Returns what the calendar for staff shows of a program that nobody has published yet."""
    return drafted(text)[0].publication.slots


def told(event: Event) -> str:
    """Returns a series as `phase weekday part: first..last time, every n, not days`, a single by its date."""
    clock = f"{event.start:%H:%M}+{event.minutes}"
    first = f"{event.start:%d %b}"
    if event.key[6] == "day":
        mark = "cancelled " if event.cancelled else ""
        return f"{mark}{event.key[8]}: {first} {clock}"
    words = f"{event.key[8]} {event.key[10]} {event.key[11]}: {first}..{event.until:%d %b} {clock}"
    if event.every > 1:
        words += f", every {event.every}"
    return words + "".join(f", not {day:%d %b}" for day in event.skip)


def events(flat: bool = False, **keys: object) -> list[str]:
    """Returns the events of a program that begins on Monday 4 January 2027, in words."""
    return [told(event) for event in fold(slots(program_text(**keys)), flat)]


def phase(weeks: int, days: str, extra: str = "") -> list[str]:
    return [f"{{name: Intensive, weeks: {weeks}, days: {days}{extra}}}"]


def row(extra: str = "", name: str = "Process group") -> str:
    return f"{{name: {name}, minutes: 60{extra}}}"


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_unfolding_gives_back_what_the_slots_show(config: Path, flat: bool) -> None:
    for draft in drafted(config.read_text(encoding="utf-8"), None, NOW):
        shown = [slot for slot in draft.publication.slots if slot.status is not Status.CLOSED]
        wanted = Counter((slot.real._replace(alarms=()), slot.status is Status.CANCELLED) for slot in shown)
        assert Counter(unfold(fold(draft.publication.slots, flat))) == wanted
        assert wanted


def test_a_session_is_one_series_for_each_phase_and_weekday() -> None:
    phases = [*phase(4, "[mon, wed]"), "{name: Step-down, weeks: 2, days: mon}"]
    assert events(phases=phases) == [
        "intensive mon 1: 04 Jan..25 Jan 17:30+60",
        "intensive wed 1: 06 Jan..27 Jan 17:30+60",
        "step-down mon 1: 01 Feb..08 Feb 17:30+60",
    ]


def test_a_taper_is_series_that_end_one_after_another() -> None:
    assert events(phases=phase(4, "3 -> 1")) == [
        "intensive mon 1: 04 Jan..25 Jan 17:30+60",
        "intensive wed 1: 06 Jan..20 Jan 17:30+60",
        "intensive fri 1: 08 Jan..08 Jan 17:30+60",
    ]


def test_a_closed_day_is_an_exception_inside_and_moves_the_ends() -> None:
    inside = events(phases=phase(5, "mon"), closed=["2027-01-18 Snow"])
    assert inside == ["intensive mon 1: 04 Jan..01 Feb 17:30+60, not 18 Jan"]
    ends = events(phases=phase(5, "mon"), closed=["2027-01-04 Snow", "2027-01-11 Ice", "2027-02-01 Rain"])
    assert ends == ["intensive mon 1: 18 Jan..25 Jan 17:30+60"]


def test_a_series_with_one_date_left_does_not_repeat_and_one_with_none_is_not_there() -> None:
    one = events(phases=phase(2, "mon"), closed=["2027-01-04 Snow"])
    assert one == ["intensive mon 1: 11 Jan..11 Jan 17:30+60"]
    assert events(phases=phase(2, "[mon, tue]"), closed=["2027-01-04 Snow", "2027-01-11 Ice"]) == [
        "intensive tue 1: 05 Jan..12 Jan 17:30+60"
    ]


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        (None, "18 Jan..15 Mar 17:30+60, every 4"),
        (["2027-02-15 Holiday"], "18 Jan..15 Mar 17:30+60, every 4, not 15 Feb"),
        (["2027-01-18 Holiday"], "15 Feb..15 Mar 17:30+60, every 4"),
        (["2027-01-18..2027-02-15 Holiday"], "15 Mar..15 Mar 17:30+60"),
    ],
)
def test_a_closure_never_changes_how_many_weeks_lie_between(closed: object, expected: str) -> None:
    session = row(", every: 4, weeks: 2-")
    # every fourth week is weeks 1, 5, 9, 13; the phase begins on Monday 18 January
    found = events(
        starts="2027-01-11", closed=closed, sessions=[row(name="Skills group, days: tue"), session],
        phases=["{name: Orientation, weeks: 1, sessions: [Skills group]}", *phase(9, "[mon, tue]")],
    )  # fmt: skip
    assert [each for each in found if " mon " in each] == [f"intensive mon 1: {expected}"]


def test_weeks_that_the_taper_leaves_out_and_brings_back_are_exceptions() -> None:
    # weeks 1 1 0 1, then weeks 1 0 1 0 1: no common distance but one week, and two
    assert events(phases=phase(4, "[1, 1, 0, 1]")) == ["intensive mon 1: 04 Jan..25 Jan 17:30+60, not 18 Jan"]
    assert events(phases=phase(5, "[1, 0, 1, 0, 1]")) == ["intensive mon 1: 04 Jan..01 Feb 17:30+60, every 2"]


def test_every_second_week_counts_from_the_first_day_of_the_phase_whatever_weekday() -> None:
    # week 1 is Wednesday 6 to Tuesday 12 January, week 3 begins on the 20th
    found = events(starts="2027-01-06", phases=phase(4, "[mon, wed]", ", every: 2"))
    assert found == [
        "intensive wed 1: 06 Jan..20 Jan 17:30+60, every 2",
        "intensive mon 1: 11 Jan..25 Jan 17:30+60, every 2",
    ]


def test_a_session_at_two_times_in_turn_is_two_parts_numbered_by_their_first_date() -> None:
    check_in = row(", every: 2", "Check-in")
    found = events(sessions=[check_in, GROUP], phases=phase(4, "mon"))
    assert found == [
        "intensive mon 1: 04 Jan..18 Jan 17:30+60, every 2",  # the check-in
        "intensive mon 1: 04 Jan..18 Jan 18:30+60, every 2",
        "intensive mon 2: 11 Jan..25 Jan 17:30+60, every 2",
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["at: '18:30'"], ["1: 04 Jan..11 Jan 17:30+60", "2: 18 Jan..01 Feb 18:30+60"]),
        (["minutes: 90"], ["1: 04 Jan..11 Jan 17:30+60", "2: 18 Jan..01 Feb 17:30+90"]),
        (["name: Open group"], ["1: 04 Jan..11 Jan 17:30+60", "2: 18 Jan..01 Feb 17:30+60"]),
        (["cancel: true"], ["1: 04 Jan..11 Jan 17:30+60"]),
    ],
)
def test_a_change_in_mid_phase_begins_a_second_part(lines: list[str], expected: list[str]) -> None:
    changes = [f"{{from: 2027-01-18, session: Process group, {line}}}" for line in lines]
    found = events(phases=phase(5, "mon"), changes=changes)
    assert found == [f"intensive mon {each}" for each in expected]


def test_a_change_that_is_taken_back_returns_to_the_first_part() -> None:
    changes = [
        "{from: 2027-01-18, session: Process group, at: '18:30'}",
        "{from: 2027-01-25, session: Process group, at: '17:30'}",
    ]
    assert events(phases=phase(5, "mon"), changes=changes) == [
        "intensive mon 1: 04 Jan..01 Feb 17:30+60, not 18 Jan",
        "intensive mon 2: 18 Jan..18 Jan 18:30+60",
    ]


@pytest.mark.parametrize(
    ("line", "single"),
    [
        ("to: 2027-01-16, at: '10:00'", "2027-01-11: 16 Jan 10:00+60"),
        ("to: 2027-01-26", "2027-01-11: 26 Jan 17:30+60"),  # past its neighbours
        ("to: 2027-01-18, at: '20:00'", "2027-01-11: 18 Jan 20:00+60"),  # onto a day already met
        ("at: '18:00'", "2027-01-11: 11 Jan 18:00+60"),
        ("minutes: 90", "2027-01-11: 11 Jan 17:30+90"),
        ("lead: J. Lee", "2027-01-11: 11 Jan 17:30+60"),
        ("room: Annex", "2027-01-11: 11 Jan 17:30+60"),
        ("cancel: true", "cancelled 2027-01-11: 11 Jan 17:30+60"),
    ],
)
def test_what_is_otherwise_for_a_day_is_an_exception_and_a_single_of_its_original_date(
    line: str, single: str
) -> None:
    found = events(phases=phase(4, "mon"), changes=[f"{{on: 2027-01-11, session: Process group, {line}}}"])
    assert sorted(found) == sorted(["intensive mon 1: 04 Jan..25 Jan 17:30+60, not 11 Jan", single])


def test_a_session_that_only_staff_see_otherwise_stays_in_the_series_of_the_track() -> None:
    line = "{on: 2027-01-11, session: Process group, lead: J. Lee}"
    text = program_text(phases=phase(4, "mon"), changes=[line])
    staff, track = (draft.publication.calendar.events for draft in drafted(text))
    assert len(staff) == 2
    assert [told(event) for event in track] == ["intensive mon 1: 04 Jan..25 Jan 17:30+60"]


def test_topics_and_days_of_the_month_are_singles() -> None:
    weekly = row(", topics: [Anger, Grief]")
    assert events(sessions=[weekly], phases=phase(2, "mon")) == [
        "2027-01-04: 04 Jan 17:30+60",
        "2027-01-11: 11 Jan 17:30+60",
    ]
    monthly = row(", monthly: last thu")
    assert events(sessions=[monthly], phases=phase(8, "mon")) == [
        "2027-01-28: 28 Jan 17:30+60",
        "2027-02-25: 25 Feb 17:30+60",
    ]


def test_a_session_with_topics_is_singles_also_on_weekdays_without_a_list() -> None:
    found = events(sessions=[row(", topics: {mon: [Anger, Grief]}")], phases=phase(2, "[mon, wed]"))
    assert [each[:10] for each in found] == ["2027-01-04", "2027-01-06", "2027-01-11", "2027-01-13"]


def test_an_added_session_is_a_single_named_by_its_slug() -> None:
    line = "{on: 2027-01-06, add: Alumni dinner, at: '18:00', minutes: 90}"
    (found,) = (event for event in fold(slots(program_text(phases=phase(2, "mon"), changes=[line])))
                if event.key[6] == "day")  # fmt: skip
    assert found.key == (
        "1",
        "evening-iop",
        "program",
        "-",
        "-",
        "-",
        "day",
        "add:alumni-dinner",
        "2027-01-06",
        "1",
    )


def test_a_night_in_which_the_clocks_change_is_a_single_that_lasts_its_minutes() -> None:
    # in Chicago clocks go from 02:00 to 03:00 on Sunday 14 March 2027
    night = "{name: Night watch, minutes: 180, at: '0:30'}"
    found = fold(slots(program_text(starts="2027-03-07", sessions=[night], phases=phase(3, "sun"))))
    assert [told(event) for event in found] == [
        "intensive sun 1: 07 Mar..21 Mar 00:30+180, not 14 Mar",
        "2027-03-14: 14 Mar 00:30+180",
    ]
    assert f"{found[1].end:%H:%M}" == "04:30"


def test_flat_is_one_single_a_session_with_its_original_date_and_no_closed_one() -> None:
    found = events(
        flat=True, phases=phase(4, "mon"), closed=["2027-01-18 Snow"],
        changes=["{on: 2027-01-11, session: Process group, to: 2027-01-12}"],
    )  # fmt: skip
    assert found == [
        "2027-01-04: 04 Jan 17:30+60",
        "2027-01-11: 12 Jan 17:30+60",
        "2027-01-25: 25 Jan 17:30+60",
    ]


def test_cohorts_and_tracks_have_series_of_their_own() -> None:
    text = program_text(
        cohorts=["{id: winter}", "{id: spring, starts: 2027-04-05}"], tracks="{morning: {}, evening: {}}",
        phases=phase(2, "mon"),
    )  # fmt: skip
    heads = sorted(event.key[2:6] for event in fold(slots(text)))
    assert heads == [
        ("program", "spring", "evening", "-"),
        ("program", "spring", "morning", "-"),
        ("program", "winter", "evening", "-"),
        ("program", "winter", "morning", "-"),
    ]


def test_a_part_that_has_begun_keeps_its_number_whatever_is_changed_ahead() -> None:
    for day in ("2027-01-18", "2027-01-25"):
        line = f"{{from: {day}, session: Process group, at: '18:30'}}"
        parts = {event.key[11]: event.start.hour for event in
                 fold(slots(program_text(phases=phase(5, "mon"), changes=[line])))}  # fmt: skip
        assert parts == {"1": 17, "2": 18}


def test_no_weekly_rule_runs_over_an_hour_that_clocks_skip() -> None:
    keys: dict[str, object] = {
        "timezone": "America/Chicago",
        "starts": "2027-03-07",
        "sessions": [row(', at: "02:15"')],
        "phases": phase(3, "sun"),
        "closed": ["2027-03-14 Night of the clock change"],
    }
    assert events(**keys) == ["2027-03-07: 07 Mar 02:15+60", "2027-03-21: 21 Mar 02:15+60"]
    keys["sessions"] = [row(', at: "04:15"')]
    assert events(**keys) == ["intensive sun 1: 07 Mar..21 Mar 04:15+60, not 14 Mar"]
