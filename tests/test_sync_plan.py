"""The plan of a sync file, word for word, and the other words of sync that a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from iopcal.cli.progress import Progress
from iopcal.problems import Exit
from iopcal.tally import Tally, broken_off, code_of, missed, standing
from iopcal.targets.google.health import State
from iopcal.targets.trouble import busy
from iopcal.views.outcome import bar, status_text
from iopcal.views.sync import ago
from tests.fake_google import FakeGoogle
from tests.keeping import Keeping
from tests.syncing_site import FEED, PROGRAM, Site

NOW = datetime(2027, 2, 10, 6, 0, tzinfo=UTC)
RICH = """\
program: Riverbend Evening
id: riverbend-evening
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
sessions:
  - {name: Process group, minutes: 60, days: [tue], at: "17:30"}
  - {name: Education, minutes: 60, days: [wed], at: "19:40", location: Main building}
  - {name: Family group, minutes: 90, days: [sat], at: "10:00"}
  - {name: Skills group, id: skills, minutes: 30, days: [thu], at: "17:00"}
  - {name: Relaxation, minutes: 30, days: [thu], at: "18:00"}
  - {name: Talk, minutes: 30, days: [fri], at: "18:00", topics: [One, Two, Three]}
phases:
  - {name: Intensive, weeks: 12, days: [mon, tue, wed, thu, fri, sat]}
changes:
  - {add: Dinner, on: 2027-03-01, at: "18:00", minutes: 60}
"""


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    filled = NOW - timedelta(days=2)  # in the first day, new items come with their past
    with FakeGoogle(auth="off", wait_scale=0.01, now=filled) as google:
        yield google
        assert google.violations == []


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> Site:
    """A calendar that was filled in the middle of the program."""
    found = Site(tmp_path, fake)
    found.program(RICH)
    found.run("sync")
    return found


def planned(site: Site, *words: str) -> list[str]:
    """Returns the lines of a plan, spaces at the ends of columns and the sum taken out."""
    output = site.run("plan", *words).stdout
    return [line.split(" --expect ")[0] for line in output.splitlines()]


def body(site: Site) -> list[str]:
    """Returns the lines about items."""
    return [line for line in planned(site) if line[2:3] in "+~-!" and line.startswith("  ")]


def test_nothing_to_do_is_two_short_lines(site: Site) -> None:
    head, last = planned(site)
    assert head == f"{FEED:<44}18 events, 42 sessions ahead"
    assert last.endswith(": no changes")


def test_what_comes_is_told_with_its_weekday_times_and_dates(site: Site) -> None:
    site.change("{add: Dinner,", "{add: Second dinner,")
    site.change("phases:", '  - {name: Mindfulness, minutes: 45, days: [mon], at: "19:00"}\nphases:')
    assert body(site)[:2] == [
        "  +   Mindfulness     Mon 19:00-19:45   6 sessions, 15 Feb - 22 Mar 2027",
        "  +   Second dinner   Mon 1 Mar 18:00   1 session",
    ]
    assert body(site)[-1] == "  -   Dinner          Mon 1 Mar 18:00   1 session"


def test_what_changes_is_told_by_what_becomes_other(site: Site) -> None:
    site.change('days: [tue], at: "17:30"', 'days: [tue], at: "18:00"')
    site.change('minutes: 30, days: [thu], at: "18:00"', 'minutes: 45, days: [thu], at: "18:00"')
    site.change("name: Skills group", "name: Skills")
    site.change("Main building", "Annex")
    site.change("on: 2027-03-01", "on: 2027-03-08")
    site.change("[One, Two, Three]", "[One, Two, Three], notes: Bring a pen")
    site.change("changes:", "changes:\n  - {on: 2027-03-06, session: Family group, cancel: true}")
    assert body(site) == [
        "  +   Dinner          Mon 8 Mar 18:00   1 session",
        "  ~   Process group   Tue 17:30 -> 18:00 from 16 Feb; the 6 sessions held stay",
        "  ~   Education       Wed 19:40-20:40; another location; the 5 sessions held stay",
        "  ~   Skills          Thu 17:00-17:30; was called 'Skills group'; the 5 sessions held stay",
        "  ~   Relaxation      Thu 18:00-18:30 -> 18:00-18:45 from 11 Feb; the 5 sessions held stay",
        "  ~   Family group    Sat 10:00-11:30; 1 session less: 6 Mar",
        *(
            f"  ~   Talk: {topic:<9} Fri {day} 18:00; another text"
            for topic, day in (
                ("Three", "12 Feb"), ("One", "19 Feb"), ("Two", "26 Feb"), ("Three", "5 Mar"),
                ("One", "12 Mar"), ("Two", "19 Mar"), ("Three", "26 Mar"),
            )
        ),
        "  -   Dinner          Mon 1 Mar 18:00   1 session",
    ]  # fmt: skip


def test_another_day_and_fewer_weeks_are_told(site: Site) -> None:
    site.change("days: [tue]", "days: [mon]")
    site.change("weeks: 12", "weeks: 11")
    lines = body(site)
    assert "  +   Process group   Mon 17:30-18:30   5 sessions, 15 Feb - 15 Mar 2027" in lines
    assert (
        "  -   Process group   Tue 17:30-18:30   6 sessions, 16 Feb - 23 Mar 2027; the 6 sessions held stay"
        in lines
    )
    assert "  ~   Education       Wed 19:40-20:40; 1 session less: 24 Mar" in lines


def test_another_time_of_a_single_session_is_told_with_its_date(site: Site) -> None:
    site.change('on: 2027-03-01, at: "18:00"', 'on: 2027-03-01, at: "19:00"')
    assert body(site) == ["  ~   Dinner   Mon 1 Mar 18:00 -> 19:00"]


def test_a_series_that_was_over_and_goes_on_is_told_by_what_comes(site: Site) -> None:
    site.now = "2027-04-01T06:00:00Z"
    site.change("weeks: 12", "weeks: 15")
    told = "Wed 19:40-20:40, 7 Apr - 14 Apr 2027; 2 sessions more; the 12 sessions held stay"
    assert f"  ~   Education       {told}" in body(site)


def test_what_google_shows_beyond_a_series_that_has_ended_goes(site: Site, fake: FakeGoogle) -> None:
    """A session that was moved and moved back stands apart for good, and here its deletion had failed."""
    family = site.named("Family group")
    fake.people.move_instance(site.calendar, family, 10)
    fake.people.move_instance(site.calendar, family, 10, -timedelta(minutes=30))
    site.change("{name: Family group, ", "{name: Family group, weeks: 1-5, ")
    fake.fault("403:quotaExceeded", {"method": "DELETE"})
    assert site.run("sync").exit_code == 75
    fake.advance(7 * 3600)  # a limit that sticks is over
    told = "sessions that stand apart from a series that has ended; the 5 sessions held stay"
    assert body(site) == [f"  -   Family group   {told}"]
    assert site.run("sync").exit_code == 0
    assert body(site) == []


def test_other_reminders_are_told_though_nobody_sees_them(site: Site) -> None:
    site.sync(f"{{{FEED}: {{calendar: {site.calendar}, remind: [30]}}}}")
    assert (
        "  ~   Family group    Sat 10:00-11:30; reminders or another detail; the 5 sessions held stay"
        in body(site)
    )


def test_what_people_did_is_told_with_its_day_and_ref(site: Site, fake: FakeGoogle) -> None:
    education, skills = site.named("Education"), site.named("Skills group")
    family, relaxation = site.named("Family group"), site.named("Relaxation")
    fake.people.edit(site.calendar, education, location="Elsewhere", summary="X")
    fake.people.delete(site.calendar, family)
    fake.people.cancel_instance(site.calendar, skills, 9)
    fake.people.move_instance(site.calendar, relaxation, 8)
    fake.people.add_foreign(site.calendar)
    head, *_, last = planned(site)
    assert head.endswith(" sessions ahead; 1 event of other people, never touched")
    told = [re.sub(" {4,}", "   ", line[4:]).strip() for line in body(site)]
    assert told == [
        f"Education   Wed 19:40   title and location changed by hand 8 Feb, left alone   {education[6:12]}",
        f"Skills group   Thu 11 Mar 17:00   cancelled by hand, left alone   {skills[6:12]}",
        f"Relaxation   Thu 4 Mar 18:00   moved by hand, left alone   {relaxation[6:12]}",
        f"Family group   Sat 10:00   deleted by hand 8 Feb, left alone   {family[6:12]}",
    ]
    assert last.endswith(": no changes, 4 left alone")
    said = site.run("sync").stdout
    assert "4 left alone (changed, deleted, moved or cancelled by hand)" in said
    site.change("Main building", "Annex")
    assert "the program wants another change there" in body(site)[0]


def test_another_time_by_hand_is_told_without_the_dates_that_follow_from_it(
    site: Site, fake: FakeGoogle
) -> None:
    education = site.named("Education")
    row = site.live()[education]
    start, end = (
        {**row[key], "dateTime": row[key]["dateTime"].replace("T19:40", "T19:00").replace("T20:40", "T20:00")}
        for key in ("start", "end")
    )
    (rule,) = row["recurrence"]
    fewer = re.sub("UNTIL=[0-9]{8}", "UNTIL=20270310", rule)
    fake.people.edit(site.calendar, education, start=start, end=end, recurrence=[fewer])
    assert "Wed 19:00   time changed by hand 8 Feb, left alone" in body(site)[0]


def test_a_series_whose_dates_by_hand_nobody_can_read_is_told_without_a_day(
    site: Site, fake: FakeGoogle
) -> None:
    education = site.named("Education")
    fake.people.edit(site.calendar, education, recurrence=["RRULE:FREQ=WEEKLY;UNTIL=20200101T000000Z"])
    (told,) = body(site)
    assert re.sub(" {2,}", " | ", told.strip()) == (
        "! | Education | changed by hand 8 Feb, left alone; the program wants another change there | "
        f"{education[6:12]}"
    )


def test_verbose_lists_the_writes(site: Site) -> None:
    site.change("Main building", "Annex")
    writes = [line for line in planned(site, "-v") if line.startswith("      ")]
    assert [line.split()[0] for line in writes] == ["patch", "insert"]


def test_a_calendar_that_cannot_be_read_is_named(site: Site) -> None:
    site.sync(f"{{{FEED}: c_gone@group.calendar.google.com}}")
    assert planned(site)[0] == f"{FEED}     not read"


def test_moments_are_told_as_people_say_them() -> None:
    said = [
        ago(datetime(2027, 2, 10, 2, 15, tzinfo=UTC), NOW),
        ago(datetime(2027, 2, 8, 23, 45, tzinfo=UTC), NOW),
        ago(datetime(2027, 2, 3, 6, 15, tzinfo=UTC), NOW),
        ago(datetime(2026, 12, 31, 6, 15, tzinfo=UTC), NOW),
    ]
    assert said == ["today 02:15", "Mon 23:45", "3 Feb 06:15", "31 Dec 2026 06:15"]


def test_the_bar_tells_the_time_that_is_left() -> None:
    assert bar(0, 1800, 2.0) == "0 of 1,800 feeds"
    assert bar(412, 1800, 6.0) == "412 of 1,800 feeds, 20 s"


def test_the_bar_comes_after_two_seconds_and_goes(capsys: pytest.CaptureFixture[str]) -> None:
    time = iter((0.0, 1.0, 3.0, 6.0))
    progress = Progress(lambda: next(time), 3, shown=True)
    progress.step()
    assert capsys.readouterr().err == ""
    progress.step()
    progress.show()
    progress.clear()
    assert capsys.readouterr().err == ("\r2 of 3 feeds, 2 s\r2 of 3 feeds, 3 s\r" + " " * 17 + "\r")


SINCE = "2027-02-09T02:15:00Z"
LOGIN = "iopcal login office    why: the password was changed"


def test_status_tells_since_when_something_is_wrong() -> None:
    states = (
        ("a/program", State("2027-02-08T23:45:00Z", 5, 9, 0, 3, 5, SINCE, "x", LOGIN), "event"),
        ("b/program", State("", 0, 0, 0, 1, 75, "2027-02-10T02:15:00Z", "the lock is taken", ""), "event"),
        ("c/program", State("2027-02-10T02:15:00Z", 1, 9, 2), "event"),
        ("d/program", State("a while ago", 1, 9), "event"),
        ("web", None, "feed"),
    )  # fmt: skip
    said = status_text(states, NOW, lambda moment: moment).splitlines()
    assert [re.sub(" {3,}", " | ", line) for line in said] == [
        "a/program | last ok Mon 23:45 | 5 events | 3 changes wait | "
        "login needed since Tue 02:15:  iopcal login office",
        "b/program | never ok | 1 change waits | the lock is taken since today 02:15",
        "c/program | last ok today 02:15 | 1 event | 2 left alone",
        "d/program | last ok a while ago | 1 event",
        "web | never synced",
    ]
    assert len({line.index("last ok") for line in said if "last ok" in line}) == 1


def test_a_state_that_was_not_read_keeps_what_was_known() -> None:
    before = State("2027-02-08T23:45:00Z", 5, 9, 1, 3, hands="x", made=True)
    after = standing(before, missed("a/program", busy("a/program", "", 0)), "2027-02-10T06:00:00Z")
    assert (after.events, after.left_alone, after.waiting, after.hands, after.made) == (5, 1, 3, "x", True)
    assert (after.code, after.since, after.well) == (75, "2027-02-10T06:00:00Z", before.well)
    assert code_of(()) == Exit.DONE
    assert Tally("a").refused == ""


def test_work_that_was_broken_off_is_counted_by_what_is_there() -> None:
    fake = FakeGoogle(auth="off")
    keeping = Keeping(fake, PROGRAM)
    prepared = keeping.prepared()
    tally = broken_off(prepared)
    assert (tally.exit, tally.added, len(tally.failed), tally.waiting) == (3, 0, 4, 4)
    again = keeping.prepared()
    keeping.run()
    again.keeper.read()
    assert (broken_off(again).added, broken_off(again).failed) == (4, ())
