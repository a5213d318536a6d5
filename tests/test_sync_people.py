"""The Google calendars of participants: made, kept, and left as the roster leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_google import FakeGoogle
from tests.peopled import PEOPLE
from tests.syncing_people import EVERYBODY, ID, PeopleSite, of, people_fake

EARLY = "2027-01-20T12:00:00Z"  # 18 sessions ahead for those who began on 4 January
ALLOWED = "guard: {discharged: allow}\n"
DISCHARGED = "track: evening, path: [{on: 2027-02-15, discharge: true}]"


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with people_fake() as google:
        yield google


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> PeopleSite:
    return PeopleSite(tmp_path, fake)


def clean(site: PeopleSite, feed: str) -> None:
    """Takes what lies ahead out of a calendar, as the refusal says how."""
    said, _, writes = site.ran("clean", feed, code=4)
    assert not writes
    site.ran("clean", feed, "--allow-deletes", re.findall(r"--allow-deletes (\d+)", said)[0])


# Filling, and keeping


def test_everybody_gets_a_calendar_of_a_neutral_name_and_the_next_run_asks_once_for_each(
    site: PeopleSite, fake: FakeGoogle
) -> None:
    plan = site.run("plan").stdout
    assert plan.count("a calendar is to be made: 'Calendar'") == len(PEOPLE)
    assert f"\n{of('p-017')}  " in plan
    total = re.findall(r"plan ([0-9a-f]{6}):", plan)[0]
    said, requests, _ = site.ran("sync", "--expect", total)
    assert f"{of('p-014')}   4 added, 0 kept   3 requests, " in said
    assert (requests, site.made) == (3 * len(PEOPLE), len(PEOPLE))
    assert set(site.book) == {of(name) for name in PEOPLE}
    assert len({entry["calendar"] for entry in site.book.values()}) == len(PEOPLE)
    assert len({entry["salt"] for entry in site.book.values()}) == len(PEOPLE)
    for name in PEOPLE:
        assert fake.store.calendars[site.calendar_of(name)].summary == "Calendar"
        assert {row["summary"] for row in site.events_of(name).values()} == {"Appointment"}
    said, requests, writes = site.ran("sync")
    assert (requests, sum(writes.values())) == (len(PEOPLE), 0)
    assert f"{of('p-016')}   no changes, 4 kept   1 request, " in said
    assert site.ran("plan", "--check")[1] == len(PEOPLE)


def test_each_calendar_has_the_hours_of_its_own_participant(site: PeopleSite) -> None:
    site.ran("sync")
    evening = [
        "2027-01-04T17:30 20270322", "2027-01-05T17:30 20270126", "2027-01-06T17:30 20270224",
        "2027-01-07T17:30 20270128",
    ]  # fmt: skip
    assert site.starts_of("p-014") == site.starts_of("p-015") == evening
    assert site.starts_of("p-016") == [line.replace("17:30", "09:00") for line in evening]
    assert site.starts_of("p-017")[0] == "2027-01-11T17:30 20270329"
    assert not set(site.events_of("p-014")) & set(site.events_of("p-015"))  # ids tell nobody who is alike


def test_one_calendar_is_kept_where_one_is_named(site: PeopleSite) -> None:
    said, requests, _ = site.ran("sync", "--only", of("p-015"))
    assert (requests, set(site.book)) == (3, {of("p-015")})
    assert "p-014" not in said
    assert [each["feed"] for each in site.json("sync", "--only", of("p-014"))["calendars"]] == [of("p-014")]
    said, _, _ = site.ran("sync", "--only", of("p-099"), code=2)
    assert f"the sync file has no feed '{of('p-099')}'" in said


def test_a_person_who_is_named_has_a_calendar_of_another_kind_than_the_rest(site: PeopleSite) -> None:
    site.sync(f"{{{EVERYBODY}: make, {of('p-014')}: {site.calendar}}}", ", book: secrets/book.yaml")
    said, _, _ = site.ran("sync", code=1)  # one feed, one calendar
    assert "error[IOP534]" in said
    site.sync(f"{{{of('p-014')}: {{calendar: {site.calendar}, remind: [60]}}}}")
    site.ran("sync")
    assert {row["summary"] for row in site.live().values()} == {"Appointment"}
    assert all(row["reminders"]["overrides"] for row in site.live().values())
    said, requests, _ = site.ran("sync")
    assert (requests, f"{of('p-014')}   no changes" in said) == (1, True)


def test_the_calendar_itself_is_the_state(site: PeopleSite) -> None:
    site.ran("sync")
    for file in (site.folder / "state").iterdir():
        file.unlink()
    _, requests, writes = site.ran("sync")
    assert (requests, sum(writes.values())) == (len(PEOPLE), 0)


def test_what_people_change_by_hand_in_one_calendar_is_told_of_that_one(
    site: PeopleSite, fake: FakeGoogle
) -> None:
    site.ran("sync")
    calendar = site.calendar_of("p-015")
    monday = next(
        id for id, row in site.events_of("p-015").items() if "2027-01-04" in row["start"]["dateTime"]
    )
    fake.people.edit(calendar, monday, location="Cafe by the river")
    said, _, writes = site.ran("sync", code=6)
    assert not writes
    assert said.count("left alone (changed by hand)") == 1
    ref = re.findall(r"--take-back=([0-9a-v]+)", said)[0]
    assert set(site.ran("sync", f"--take-back={ref}")[2]) == {calendar}
    site.ran("sync")


# One participant's own dates


def test_a_step_down_writes_in_that_calendar_alone(site: PeopleSite) -> None:
    site.now = EARLY
    site.ran("sync")
    before = site.events_of("p-015")
    site.enroll(p_014="track: evening, path: [{on: 2027-01-25, phase: Step-down}]")
    said, requests, writes = site.ran("sync")
    assert (set(writes), requests) == ({site.calendar_of("p-014")}, len(PEOPLE) + 1)
    assert f"{of('p-014')}   3 changed, 1 removed" in said  # on Tuesdays nothing is left
    assert said.count("no changes") == len(PEOPLE) - 1
    assert site.events_of("p-015") == before
    assert [line[17:] for line in site.starts_of("p-014")] == ["20270315", "20270119", "20270217", "20270121"]
    assert site.ran("sync")[1] == len(PEOPLE)


def test_another_track_closes_what_was_held_and_opens_the_rest(site: PeopleSite) -> None:
    site.now = "2027-01-11T12:00:00Z"
    site.ran("sync")
    site.enroll(p_014="track: evening, path: [{on: 2027-01-18, track: morning}]")
    _, requests, writes = site.ran("sync")
    assert (set(writes), requests) == ({site.calendar_of("p-014")}, len(PEOPLE) + 1)
    found = site.starts_of("p-014")
    assert "2027-01-18T09:00 20270322" in found
    assert "2027-01-04T17:30 20270111" in found
    assert site.ran("sync")[1] == len(PEOPLE)


def test_days_of_absence_leave_the_series_with_gaps(site: PeopleSite) -> None:
    site.ran("sync")
    site.enroll(p_017="track: evening, starts: 2027-01-11, path: [{on: 2027-02-15, away: true}]")
    _, _, writes = site.ran("sync")
    assert writes == {site.calendar_of("p-017"): 1}
    (row,) = (row for row in site.events_of("p-017").values() if "20270329" in str(row["recurrence"]))
    assert any("20270215" in line for line in row["recurrence"])


def test_a_change_of_the_group_reaches_everybody_at_once(site: PeopleSite) -> None:
    site.ran("sync")
    site.program((site.folder / "evening.yaml").read_text() + "closed: [2027-02-22]\n")
    _, _, writes = site.ran("sync")
    assert writes == {site.calendar_of(name): 1 for name in PEOPLE}


# Who leaves


def test_a_discharge_empties_a_calendar_only_by_its_number(site: PeopleSite) -> None:
    site.now = EARLY
    site.ran("sync")
    site.enroll(p_015=DISCHARGED)
    said, requests, writes = site.ran("sync", code=4)
    assert (requests, len(writes)) == (len(PEOPLE), 0)
    assert f"refused[IOP601]: {of('p-015')}: 7 of 18 sessions ahead would go" in said
    assert "Nothing was written there" in said
    site.ran("sync", "--only", of("p-015"), "--allow-deletes", 6, code=4)
    _, _, writes = site.ran("sync", "--only", of("p-015"), "--allow-deletes", 7)
    assert writes == {site.calendar_of("p-015"): 2}
    assert max(line[17:] for line in site.starts_of("p-015")) == "20270215"
    assert site.ran("sync")[1] == len(PEOPLE)


def test_a_discharge_empties_a_calendar_by_itself_where_the_clinic_allows_that(site: PeopleSite) -> None:
    site.now = EARLY
    site.ran("sync")
    site.make(top=ALLOWED)
    site.enroll(p_015=DISCHARGED)
    assert site.ran("plan", "--check", code=7)[1] == len(PEOPLE)
    _, _, writes = site.ran("sync")
    assert writes == {site.calendar_of("p-015"): 2}
    assert len(site.events_of("p-015")) == 4  # what was held stays, and so does the calendar


def test_nothing_but_a_discharge_is_allowed_so(site: PeopleSite) -> None:
    site.now = EARLY
    site.ran("sync")
    fewer = "{on: 2027-01-25, phase: Continuing care}, {on: 2027-02-08, discharge: true}"
    site.enroll(p_015=f"track: evening, path: [{fewer}]")
    assert "13 of 18 sessions ahead would go" in site.ran("sync", code=4)[0]
    site.make(top=ALLOWED)
    _, _, writes = site.ran("sync")  # 4 of them before the last day
    assert set(writes) == {site.calendar_of("p-015")}
    site.enroll(p_016="track: morning, path: [{on: 2027-01-25..2027-02-28, hold: true}]")
    said, _, writes = site.ran("sync", code=4)
    assert f"refused[IOP601]: {of('p-016')}" in said
    assert not writes


def test_a_return_after_a_discharge_is_no_discharge(site: PeopleSite) -> None:
    site.now = EARLY
    site.ran("sync")
    site.make(top=ALLOWED)
    back = "{on: 2027-01-25, discharge: true}, {on: 2027-05-03, phase: Intensive}"
    site.enroll(p_015=f"track: evening, path: [{back}]")
    assert "refused[IOP601]" in site.ran("sync", code=4)[0]


def test_two_discharges_that_are_allowed_need_no_number_each(site: PeopleSite) -> None:
    site.ran("sync")
    site.make(top=ALLOWED)
    site.enroll(p_014=DISCHARGED, p_015=DISCHARGED, p_016="track: morning, days: [tue]")
    number = re.findall(r"--allow-deletes (\d+)", site.ran("plan")[0])[0]
    _, _, writes = site.ran("sync", "--allow-deletes", number)
    assert set(writes) == {site.calendar_of(name) for name in ("p-014", "p-015", "p-016")}


def test_who_was_discharged_long_ago_gets_no_calendar_and_keeps_one_that_is_there(site: PeopleSite) -> None:
    site.people = {
        "p-014": PEOPLE["p-014"],
        "p-015": "track: evening, path: [{on: 2027-01-08, discharge: true}]",
    }
    site.enroll()
    site.ran("sync")
    assert set(site.book) == {of("p-014")}  # 33 days after the last day
    site.enroll(p_015="track: evening, path: [{on: 2027-02-03, discharge: true}]")
    site.ran("sync")
    site.now = "2027-06-01T12:00:00Z"
    before = site.events_of("p-015")
    _, requests, writes = site.ran("sync")
    assert (requests, len(writes)) == (2, 0)
    assert site.events_of("p-015") == before != {}


def test_who_is_no_longer_in_the_roster_is_told_and_cleaned(site: PeopleSite) -> None:
    site.ran("sync")
    calendar = site.calendar_of("p-016")
    before = site.live(calendar)
    site.enroll(p_016=None)
    said, requests, writes = site.ran("sync", code=4)
    assert (requests, len(writes)) == (len(PEOPLE) - 1, 0)
    assert f"refused[IOP524]: {of('p-016')}: the program has no such feed any more" in said
    assert f"do: look at the roster; if they have left: iopcal clean {of('p-016')}\n" in said
    assert "did you mean" not in said
    assert site.live(calendar) == before
    clean(site, of("p-016"))
    assert site.book[of("p-016")]["retired"] is True
    held = {row["recurrence"][0].split("UNTIL=")[1][:8] for row in site.live(calendar).values()}
    assert max(held) < "20270210"
    assert site.ran("sync")[1] == len(PEOPLE) - 1
    site.enroll(p_016=PEOPLE["p-016"])
    assert f"{of('p-016')}: retired by iopcal clean" in site.ran("sync")[0]
    book = site.folder / "secrets/book.yaml"
    book.write_text(book.read_text().replace('"retired": true', '"retired": false'))
    assert set(site.ran("sync")[2]) == {calendar}
    assert max(line[17:] for line in site.starts_of("p-016")) == "20270322"
    assert site.ran("sync")[1] == len(PEOPLE)


def test_an_empty_roster_empties_nothing(site: PeopleSite) -> None:
    site.ran("sync")
    site.people = {}
    site.enroll()
    said, requests, writes = site.ran("sync", code=4)
    assert (requests, len(writes)) == (0, 0)
    assert said.count("refused[IOP524]") == len(PEOPLE)
    assert "did you mean" not in said


def test_another_id_is_another_person(site: PeopleSite) -> None:
    site.ran("sync")
    site.enroll(p_016=None, p_116=PEOPLE["p-016"])
    site.ran("sync", code=4)
    assert site.calendar_of("p-116") != site.calendar_of("p-016")
    assert len(site.events_of("p-116")) == len(site.events_of("p-016"))


def test_a_feed_that_is_renamed_can_be_cleaned_without_the_health_file(site: PeopleSite) -> None:
    site.change("{for: each participant,", "{name: visits, for: each participant,")
    feed = of("p-014", "visits")
    site.make(f"{ID}/visits/*")
    site.ran("sync")
    assert feed in site.book
    (site.folder / "state/health.json").unlink()
    site.enroll(p_014=None)
    clean(site, feed)
    assert site.ran("sync")[1] == len(PEOPLE) - 1


# What others see of participants


def test_every_kind_of_feed_goes_to_a_calendar_of_its_own(site: PeopleSite) -> None:
    site.change(
        "feeds:\n",
        "feeds:\n  - {name: away, for: each lead, privacy: busy}\n  - {name: all, for: each participant, "
        "privacy: titles}\n",
    )
    site.people = {"p-014": PEOPLE["p-014"]}
    site.enroll()
    site.make(f"{ID}/*")
    site.ran("sync")
    titles = {
        name.removeprefix(f"{ID}/"): site.fake.store.calendars[entry["calendar"]].summary
        for name, entry in site.book.items()
    }
    assert titles == {
        "staff": "Riverbend Evening IOP",
        "track/morning": "Riverbend Evening IOP: morning",
        "track/evening": "Riverbend Evening IOP: evening",
        "lead/asmith": "Riverbend Evening IOP: asmith",
        "lead/jlee": "Riverbend Evening IOP: jlee",
        "away/asmith": "Calendar",
        "away/jlee": "Calendar",
        "participant/p-014": "Calendar",
        "all/p-014": "Riverbend Evening IOP",
    }
    assert site.ran("sync")[1] == len(titles)


def test_leads_and_staff_see_what_participants_have_placed_and_no_id(site: PeopleSite) -> None:
    site.change("phases:", "  - {name: Counseling, kind: individual, minutes: 50, lead: jlee}\nphases:")
    site.enroll(p_014="track: evening, place: {Counseling: {at: fri 16:00}}")
    staff, lead = site.fake.calendar("Staff"), site.fake.calendar("Lee")
    site.sync(f"{{{ID}/staff: {staff}, {ID}/lead/jlee: {lead}}}")
    site.ran("sync")
    for calendar in (staff, lead):
        rows = [row for row in site.live(calendar).values() if row["summary"] == "Counseling"]
        assert rows
        assert {row["start"]["dateTime"][11:16] for row in rows} == {"16:00"}
        assert "p-014" not in str(site.live(calendar))


def test_what_is_wrong_for_a_participant_stops_the_run_before_anything_is_asked(
    site: PeopleSite, fake: FakeGoogle
) -> None:
    site.program(
        (site.folder / "evening.yaml").read_text()
        + "changes: [{on: 2027-02-12, session: Skills group, cancel: true}]\n"
    )
    said, requests, _ = site.ran("sync", code=1)
    assert requests == 0
    assert re.search(r"evening\.yaml:\d+:\d+: error\[IOP\d+\]\n", said)
    assert "Skills group" not in said
    assert "Skills group" in site.ran("plan", code=1)[0]
