"""Personal calendars built, rebuilt and taken away: only what a person's change concerns is ever touched."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
import tempfile
from functools import cache, partial
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from iopcal.alike import Made, Maker
from iopcal.cli.commands import iopcal, run
from iopcal.cli.table import Whereabouts
from iopcal.feeds import Feed
from iopcal.lint import lint
from iopcal.model import Participant
from iopcal.targets import addresses
from iopcal.targets.feed_files import FeedFiles, Origin
from iopcal.targets.files import Directory
from iopcal.targets.published import Published, read
from tests.command import run as command
from tests.faults import ERRORS, EVERY_FAULT, KILLS, run_pairs, run_points
from tests.peopled import NOW, PEOPLE, PROGRAM, Site, differences

SEED = 20270104
LATER = "2027-01-20T12:00:00Z"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(tmp_path)


@pytest.fixture
def built(site: Site) -> Site:
    site.build("-q")
    return site


def events(path: Path) -> Published:
    found = read(path.read_bytes())
    assert isinstance(found, Published)
    return found


def dates(path: Path) -> list[str]:
    """Returns the days on which a calendar shows anything."""
    live = (day for event in events(path).events.values() for day in event.live_dates())
    return sorted(day.isoformat() for day in live)


def test_personal_calendars_lie_below_feeds_under_names_that_tell_nothing(built: Site) -> None:
    personal = {name for name in built.calendars() if name.startswith("feeds/")}
    assert len(personal) == 6
    assert all(re.fullmatch(r"feeds/[\w-]{43}/calendar\.ics", name) for name in personal)
    assert set(built.calendars()) - personal == {
        "riverbend.program.staff.ics", "riverbend.track-evening.ics", "riverbend.track-morning.ics",
    }  # fmt: skip
    named = [str(path.relative_to(built.output)) for path in built.output.rglob("*")]
    assert not [name for name in named if name.startswith("feeds") and re.search("p-01|smith|jlee|iop", name)]


def test_nothing_but_calendars_is_served(built: Site) -> None:
    """Lists, locks and temporary files stand outside of the folder."""
    feeds = built.output / "feeds"
    assert all(path.name == "calendar.ics" for path in feeds.rglob("*") if path.is_file())


def test_a_finished_calendar_says_nothing_and_shows_what_is_attended(built: Site) -> None:
    data = built.path("participant/p-017").read_bytes()
    assert lint(data, as_="feed", words=["river", "asmith", "jlee", "p-017", "evening", "intensive"]) == ()
    assert b"PRODID:-//Calendar//EN" in data
    assert dates(built.path("participant/p-017"))[0] == "2027-01-11"
    assert b"Skills group" in built.path("lead/jlee").read_bytes()


def test_people_alike_have_the_same_calendar_but_for_its_uids(built: Site) -> None:
    one, two = (built.path(f"participant/p-01{number}").read_bytes() for number in "45")
    assert one != two
    uid = rb"UID:[0-9a-f-]{36}"
    assert re.sub(uid, b"UID:", one) == re.sub(uid, b"UID:", two)
    assert not set(re.findall(uid, one)) & set(re.findall(uid, two))
    assert all(name[14] == "8" for name in events(built.path("participant/p-014")).events)


def test_a_second_build_touches_nothing(built: Site) -> None:
    before, index = built.calendars(), (built.output / ".iopcal-feeds-riverbend.index").read_bytes()
    assert "No changes: 9 calendars" in built.build(now=LATER)
    assert built.calendars() == before
    assert (built.output / ".iopcal-feeds-riverbend.index").read_bytes() == index


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({"p_014": "track: evening, path: [{on: 2027-01-25, phase: Continuing care}]"}, 1),
        ({"p_014": "track: evening, path: [{on: 2027-01-18..2027-01-24, hold: true}]"}, 1),
        ({"p_014": "track: evening, path: [{on: 2027-01-18, track: morning}]"}, 1),
        ({"p_014": "track: evening, path: [{on: 2027-01-21, discharge: true}]"}, 1),
        ({"p_014": "track: evening, path: [{on: 2027-01-19, away: true}]"}, 1),
        ({"p_018": "track: evening"}, 1),
        ({"p_018": "track: morning", "p_019": "track: evening"}, 2),
    ],
    ids=["step-down", "hold", "transfer", "discharge", "absence", "new", "two new"],
)
def test_only_the_calendar_of_who_changed_is_touched(
    built: Site, changed: dict[str, str], count: int
) -> None:
    """Bytes and times of all others stay, those of the groups, too, and the address outlasts it."""
    before, address = built.calendars(), built.path("participant/p-014")
    built.enroll(**changed)
    assert f"Wrote {count} of " in built.build(now=LATER)
    touched = {
        str(built.path(f"participant/{name.replace('_', '-')}").relative_to(built.output)) for name in changed
    }
    assert differences(before, built.calendars()) == touched
    assert built.path("participant/p-014") == address


def test_without_the_index_the_same_is_found_by_making_everything_again(built: Site) -> None:
    before = built.calendars()
    (built.output / ".iopcal-feeds-riverbend.index").unlink()
    built.enroll(p_014="track: evening, path: [{on: 2027-01-25, phase: Step-down}]")
    built.build("-q", now=LATER)
    assert differences(before, built.calendars()) == {
        str(built.path("participant/p-014").relative_to(built.output))
    }


def test_a_calendar_that_somebody_has_touched_is_made_again(built: Site) -> None:
    path = built.path("participant/p-014")
    good = path.read_bytes()
    path.write_bytes(good.replace(b"Appointment", b"Appointmint"))
    built.build("-q", now=LATER)
    assert events(path).events.keys() == read(good).events.keys()
    assert b"Appointmint" not in path.read_bytes()


def test_a_damaged_calendar_is_kept_aside(built: Site) -> None:
    path = built.path("participant/p-014")
    path.write_bytes(path.read_bytes()[:500])
    said = built.build(now=LATER)
    kept = next(built.output.glob(".iopcal-kept-*"))
    assert f"participant/p-014 could not be read; it is kept as {kept.name}" in said
    assert len(kept.read_bytes()) == 500
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "SEQUENCE:0" not in path.read_text()


def test_a_lost_calendar_comes_back_with_later_stamps(built: Site) -> None:
    path = built.path("participant/p-014")
    path.unlink()
    built.build("-q", now=LATER)
    assert {event.stamp.sequence for event in events(path).events.values()} == {3_710_160}


def test_who_left_the_roster_has_no_calendar_and_who_returns_has_the_old_address(built: Site) -> None:
    path, before = built.path("participant/p-014"), built.calendars()
    built.enroll(p_014=None)
    assert "Removed 1 calendar" in built.build(now=LATER)
    assert not path.parent.exists()
    assert differences(before, built.calendars()) == {str(path.relative_to(built.output))}
    assert built.table.feeds["participant/p-014"].state == "left"
    built.enroll(p_014="track: evening")
    built.build("-q", now=LATER)
    assert built.path("participant/p-014") == path
    assert path.exists()


def test_a_discharged_person_keeps_the_past_for_30_days(built: Site) -> None:
    path = built.path("participant/p-014")
    built.enroll(p_014="track: evening, path: [{on: 2027-01-21, discharge: true}]")
    built.build("-q", now=LATER)
    assert dates(path)[-1] == "2027-01-21"
    kept = path.read_bytes()
    built.build("-q", now="2027-02-20T12:00:00Z")
    assert path.read_bytes() == kept
    built.build("-q", now="2027-02-21T12:00:00Z")
    assert not path.parent.exists()
    assert built.table.feeds["participant/p-014"].state == "ended"
    built.enroll(
        p_014="track: evening, path: [{on: 2027-01-21, discharge: true}, {on: 2027-03-01, phase: Step-down}]"
    )
    built.build("-q", now="2027-02-22T12:00:00Z")
    assert built.path("participant/p-014") == path
    assert dates(path)[0] == "2027-01-04"


def test_revoking_takes_the_calendar_away_at_once_and_for_good(built: Site) -> None:
    path, before = built.path("participant/p-014"), built.calendars()
    assert built.run("feed revoke", "p-014").exit_code == 0
    gone = {str(path.relative_to(built.output))}
    assert differences(before, built.calendars()) == gone
    assert not path.parent.exists()
    built.build("-q", now=LATER)
    assert differences(before, built.calendars()) == gone
    built.enroll(p_014="track: evening, path: [{on: 2027-02-01, phase: Step-down}]")
    built.build("-q", now=LATER)
    assert differences(before, built.calendars()) == gone


def test_rotating_gives_the_same_calendar_another_address_at_once(built: Site) -> None:
    path, before = built.path("lead/jlee"), built.calendars()
    assert built.run("feed rotate", "jlee").exit_code == 0
    new = built.path("lead/jlee")
    assert new != path
    assert (new.stat().st_mtime_ns, new.read_bytes()) == before[str(path.relative_to(built.output))]
    assert len(differences(before, built.calendars())) == 2
    after = built.calendars()
    built.build("-q", now=LATER)
    assert built.calendars() == after


def test_a_revoked_calendar_comes_back_under_another_address(built: Site) -> None:
    path = built.path("participant/p-014")
    built.run("feed revoke", "p-014")
    built.run("feed rotate", "p-014")
    built.build("-q", now=LATER)
    assert built.path("participant/p-014") != path
    assert built.path("participant/p-014").exists()


def test_a_calendar_revoked_elsewhere_goes_with_the_next_build(built: Site) -> None:
    """As when the table is kept on one computer and the folder on another."""
    path = built.path("participant/p-014")
    table = addresses.revoked(built.table, ["participant/p-014"], "2027-01-20")
    addresses.save(built.table_file, table, "riverbend")
    (built.output / ".iopcal-feeds-riverbend.index").unlink()
    built.build("-q", now=LATER)
    assert not path.parent.exists()


def test_revoking_works_though_the_program_has_mistakes(built: Site) -> None:
    path = built.path("participant/p-014")
    built.edit("timezone: America/Chicago", "timezone: America/Chigaco")
    assert built.run("feed revoke", "p-014").exit_code == 0
    assert not path.exists()


def test_feed_list_never_shows_an_address(built: Site) -> None:
    said = _feed(built, "list")
    assert "participant/p-014   discreet   published" in said
    assert "lead/jlee           full       published" in said
    assert not [entry.token for entry in built.table.feeds.values() if entry.token in said]
    assert all(entry.mark in said for entry in built.table.feeds.values())
    found = json.loads(_feed(built, "list", "--json"))
    assert found["feeds"][0] | {"address": ""} == {
        "feed": "lead/asmith", "kind": "lead", "privacy": "full", "state": "published", "address": "",
        "made": "2026-12-01", "since": None,
    }  # fmt: skip


def test_feed_show_prints_the_one_address_that_was_asked_for(built: Site) -> None:
    for name in ("p-014", "participant/p-014"):
        assert _feed(built, "show", name) == f"{built.path('participant/p-014').relative_to(built.output)}\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("revoke", "p-14"),
            1,
            "error[IOP652]: 'p-14' has no personal calendar\n = help: did you mean 'p-014'?",
        ),
        (("show", "nobody-at-all"), 1, "look at: iopcal feed list"),
        (("rotate",), 2, "name who gets a new address"),
        (("rotate", "p-014", "--all"), 2, "name who gets a new address"),
        (("revoke",), 2, "name whose calendar"),
    ],
)
def test_feed_says_what_is_wrong(built: Site, words: tuple[str, ...], code: int, said: str) -> None:
    before = built.calendars()
    found = command("feed", words[0], built.program, *words[1:])
    assert found.exit_code == code
    assert said in found.output
    assert built.calendars() == before


def test_an_id_of_a_participant_and_a_lead_is_not_guessed(site: Site) -> None:
    site.enroll(jlee="track: evening")
    site.build("-q")
    found = site.run("feed revoke", "jlee")
    assert found.exit_code == 1
    assert "write lead/jlee or participant/jlee" in found.output
    assert site.run("feed revoke", "lead/jlee").exit_code == 0


def test_a_roster_that_loses_many_is_refused(site: Site) -> None:
    site.enroll(**{f"q_{number}": "track: evening" for number in range(8)})
    site.build("-q")
    before = site.calendars()
    site.enroll(**{f"q_{number}": None for number in range(4)})
    said = site.build(code=4)
    assert "refused[IOP602]: 4 of 12 participants would lose their calendars (33 %, limit 30 %)" in said
    assert site.calendars() == before
    site.build("-q", "--allow-deletes", 3, code=4)
    site.build("-q", "--allow-deletes", 4)
    assert len(differences(before, site.calendars())) == 4


@pytest.mark.parametrize("how", ["empty", "not named"])
def test_a_missing_roster_empties_nothing(built: Site, how: str) -> None:
    before = built.calendars()
    if how == "empty":
        built.enroll(**dict.fromkeys((name.replace("-", "_") for name in PEOPLE), None))
    else:
        built.edit("roster: roster.yaml\n", "")
    assert "4 of 4 participants" in built.build(code=4)
    assert built.calendars() == before


def test_a_program_cut_short_is_refused_where_people_have_nothing_to_do_with_it(site: Site) -> None:
    site.edit("  - {name: staff, for: program, privacy: full}\n  - {for: each track, privacy: titles}\n", "")
    site.build("-q")
    before = site.calendars()
    site.edit("weeks: 4, days: [mon, tue, wed, thu]", "weeks: 1, days: [mon, tue, wed, thu]")
    said = site.build(code=4)
    assert "refused[IOP601]: participant/p-01" in said
    assert site.calendars() == before
    number = re.search(r"--allow-deletes (\d+)", said)
    assert number is not None
    site.build("-q", "--allow-deletes", number[1])
    assert len(differences(before, site.calendars())) == 6


def test_what_is_wrong_with_a_participant_stops_everything(site: Site) -> None:
    site.enroll(p_014="track: evening, path: [{on: 2027-02-01, phase: Stepdown}]")
    site.build(code=1)
    assert not site.output.exists()
    assert not site.table_file.exists()


def test_a_closed_day_that_only_a_participant_has_is_no_mistake(site: Site) -> None:
    """Nor in the next build, which has nothing to do."""
    site.edit("feeds:\n", "closed:\n  - 2027-03-31 Spring break\nfeeds:\n")
    site.build(code=1)
    site.enroll(p_018="track: evening, starts: 2027-02-15")
    assert "Wrote" in site.build()
    assert "No changes" in site.build()
    site.enroll(p_018=None)
    assert "error[IOP306]" in site.build("--allow-deletes", 1, code=1)


def test_plan_tells_of_personal_calendars_and_writes_nothing(site: Site) -> None:
    said = site.run("plan").output
    assert "+ 6 personal feeds added" in said
    assert "In 9 feeds." in said
    assert not site.output.exists()
    assert not site.table_file.exists()
    site.build("-q")
    before, table = site.calendars(), site.table_file.read_bytes()
    site.enroll(p_014="track: evening, path: [{on: 2027-02-08, phase: Continuing care}]")
    found = site.run("plan", "--check")
    assert found.exit_code == 7
    assert "~ 1 personal feed changed" in found.output
    assert "p-014" in found.output
    assert "In 1 feed." in found.output
    assert "      participant/p-014: " not in found.output
    assert "      participant/p-014: removed Wed 10 Feb 2027" in site.run("plan", "--verbose").output
    site.enroll(p_015=None)
    assert "- 1 personal feed removed" in site.run("plan").output
    site.enroll(p_015="track: evening")
    assert (site.calendars(), site.table_file.read_bytes()) == (before, table)
    site.build("-q")
    assert site.run("plan", "--check").exit_code == 0


def test_several_processes_write_the_same_bytes(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    site.people = {
        f"p-{number:03}": f"track: evening, path: [{{on: 2027-01-{11 + number % 15}, phase: Step-down}}]"
        for number in range(130)
    }
    site.enroll()
    site.build("-q", "-j", 3)
    many = {name: data for name, (_, data) in site.calendars().items()}
    index = (site.output / ".iopcal-feeds-riverbend.index").read_bytes()
    site.output = tmp_path_factory.mktemp("alone") / "out"
    site.build("-q", "-j", 1)
    assert {name: data for name, (_, data) in site.calendars().items()} == many
    assert len(index.splitlines()) == 133
    before = site.calendars()
    assert "No changes" in site.build("-j", 3)
    assert site.calendars() == before


def test_a_snow_day_changes_every_calendar_that_has_it(built: Site) -> None:
    before = built.calendars()
    built.program.write_text(
        built.program.read_text()
        + "changes:\n  - {on: 2027-01-21, session: Process group, cancel: true, tracks: evening}\n"
        + "  - {on: 2027-01-21, session: Skills group, cancel: true, tracks: evening}\n"
    )
    built.build("-q", now=LATER)
    changed = {name for name in differences(before, built.calendars()) if name.startswith("feeds/")}
    whose = ("participant/p-014", "participant/p-015", "participant/p-017", "lead/asmith", "lead/jlee")
    assert changed == {str(built.path(key).relative_to(built.output)) for key in whose}
    assert b"SUMMARY:CANCELLED: Appointment" in built.path("participant/p-014").read_bytes()
    snowed = built.calendars()
    built.build("-q", now="2027-02-20T12:00:00Z")
    assert built.calendars() == snowed
    built.build("-q", now="2027-02-21T12:00:00Z")
    assert b"CANCELLED" not in built.path("participant/p-014").read_bytes()


def test_what_is_made_for_all_who_are_alike_is_what_each_would_get_alone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New calendars, and those that follow others with some history."""
    site.enroll(**{f"q_{number}": "track: evening" for number in range(4)})
    site.edit("phases:", "changes:\n  - {on: 2027-01-27, session: Process group, at: '20:30'}\nphases:")
    site.build("-q")
    site.edit("at: '20:30'", "cancel: true")
    copy = tmp_path / "copy"
    shutil.copytree(site.output, copy)
    site.build("-q", now=LATER)
    together = {name: data for name, (_, data) in site.calendars().items()}
    monkeypatch.setattr("iopcal.alike.follow", lambda *words: None)
    site.output = copy
    site.build("-q", now=LATER)
    assert {name: data for name, (_, data) in site.calendars().items()} == together
    shutil.rmtree(copy)
    monkeypatch.setattr("iopcal.alike.Maker.new", _alone)
    site.build("-q")
    alone = {name: data for name, (_, data) in site.calendars().items()}
    monkeypatch.undo()
    shutil.rmtree(copy)
    site.build("-q")
    assert {name: data for name, (_, data) in site.calendars().items()} == alone


def _alone(maker: Maker, participant: Participant, feed: Feed, restamp: bool) -> Made:
    drafted = maker._draft(participant, feed, None, maker._options)
    return Made(drafted.data)


def test_a_sequel_is_only_for_whom_it_fits(built: Site) -> None:
    """Whose UIDs are others, as after a lost key, gets a calendar of their own."""
    paths = [built.path(f"participant/p-01{number}") for number in "45"]
    one, two = (path.read_bytes() for path in paths)
    paths[1].write_bytes(one)
    built.edit("17:30", "17:45")
    built.build("-q", now=LATER)
    assert events(paths[1]).events.keys() == read(two).events.keys()
    assert {event.stamp.sequence > 1000 for event in events(paths[1]).events.values()} == {True}
    assert {event.stamp.sequence for event in events(paths[0]).events.values()} == {1}


def test_sessions_that_begin_together_are_cast_in_the_order_of_each_persons_uids(site: Site) -> None:
    site.edit("lead: asmith}", "lead: asmith, at: '17:30', publish: all}")
    site.edit("lead: jlee}", "lead: jlee, at: '17:30', publish: all}")
    site.edit("privacy: discreet, title: Appointment", "privacy: titles")
    site.build("-q")
    for name in ("p-014", "p-015"):
        text = site.path(f"participant/{name}").read_text()
        found = re.findall(r"UID:(\S+)\n(?:[A-Z-]+[:;].*\n)*?DTSTART;TZID=[^:]*:(\d+T\d+)", text)
        assert len(found) > len({start for _, start in found})
        assert found == sorted(found, key=lambda each: (each[1], each[0]))


def test_a_calendar_too_large_for_one_is_written_for_nobody_like_them(site: Site) -> None:
    site.edit("privacy: discreet, title: Appointment", "privacy: full")
    site.edit("lead: asmith}", f"lead: asmith, topics: [One, Two], notes: {'n' * 3_900}}}")
    site.edit("weeks: 4, days: [mon, tue, wed, thu]", "weeks: 100, days: [mon, tue, wed, thu]")
    for rule in ("name: staff, for: program, privacy: full", "for: each track, privacy: titles",
                 "for: each lead, privacy: full"):  # fmt: skip
        site.edit(f"  - {{{rule}}}\n", "")
    said = site.build("-q", code=1)
    assert "IOP642" in said
    assert "is too large" in said
    assert not list(site.output.rglob("calendar.ics"))


def test_a_cast_that_is_not_what_was_rendered_is_a_bug_and_published_nowhere(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iopcal.alike.cast", lambda form, own: b"")
    assert isinstance(site.run("build").exception, AssertionError)
    assert not [key for key in site.table.feeds if key.startswith("participant/") and site.path(key).exists()]


def test_a_program_of_people_whom_nothing_is_remembered_of_comes_out_the_same(
    built: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where there are very many who are not alike."""
    monkeypatch.setattr("iopcal.personal._REMEMBERED", 1)
    assert "No changes" in built.build(now=LATER)


def test_libraries_that_do_not_tell_their_version_are_no_hindrance(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", version)
    site.build("-q")
    before = site.calendars()
    assert "No changes" in site.build(now=LATER)
    assert site.calendars() == before


@pytest.mark.parametrize(
    "line",
    [
        "track: evening, starts: 2027-02-22",
        "track: evening, starts: 2027-02-22, path: [{on: 2027-03-01, away: true}]",
        "track: evening, starts: 2027-02-22, path: [{on: 2027-04-01, hold: true}]",
    ],
    ids=["nothing", "an absence", "a later hold"],
)
def test_a_loss_that_no_line_of_the_person_explains_is_refused(built: Site, line: str) -> None:
    """As by a slip of the pen in their first day."""
    before = built.calendars()
    built.enroll(p_014=line)
    said = built.build(now="2026-12-02T12:00:00Z", code=4)
    assert re.search(r"refused\[IOP601\]: participant/p-014: \d+ of \d+ sessions ahead would go", said)
    assert built.calendars() == before


def test_a_calendar_all_past_is_not_emptied(site: Site) -> None:
    site.edit("  - {name: staff, for: program, privacy: full}\n  - {for: each track, privacy: titles}\n", "")
    site.build("-q")
    before = site.calendars()
    site.edit("minutes: 60, lead: asmith", "minutes: 60, publish: never, lead: asmith")
    site.edit("minutes: 60, lead: jlee", "minutes: 60, publish: never, lead: jlee")
    said = site.build(now="2027-08-02T12:00:00Z", code=4)
    assert re.search(r"participant/p-014: all \d+ sessions would go, and the calendar would be empty", said)
    assert site.calendars() == before


def test_sync_keeps_only_the_personal_calendars_that_are_named(site: Site) -> None:
    file = site.folder / "sync.yaml"
    for feeds, known in (("riverbend/track/*", []), ("riverbend/participant/p-014", ["participant/p-014"])):
        file.write_text(
            "iopcal-sync: 1\nprograms: [program.yaml]\nstate: state\n"
            f"targets: [{{name: web, kind: ics, folder: out, feeds: [{feeds}]}}]\n"
        )
        found = command("sync", file, now=NOW)
        assert found.exit_code == 0, found.output
        assert sorted(site.output.glob("feeds/*/*")) == [site.path(key) for key in known]


def test_staff_see_the_sessions_that_a_participant_has_placed(site: Site) -> None:
    site.edit(
        "  - {name: Skills group,",
        "  - {name: Individual therapy, kind: individual, minutes: 50}\n  - {name: Skills group,",
    )
    site.enroll(p_014="track: evening, place: {Individual therapy: {at: thu 16:00, lead: mlopez}}")
    site.build("-q")
    assert b"Individual therapy" in (site.output / "riverbend.program.staff.ics").read_bytes()
    assert b"Individual therapy" in site.path("lead/mlopez").read_bytes()
    assert b"Individual therapy" not in (site.output / "riverbend.track-evening.ics").read_bytes()


def test_warnings_about_a_participant_are_told_in_every_build(site: Site) -> None:
    site.edit(
        "  - {name: Skills group,",
        "  - {name: Individual therapy, kind: individual, minutes: 50}\n  - {name: Skills group,",
    )
    first, second = (re.findall(r"warning\[IOP4\d\d\]: [^:]*p-014[^\n]*", site.build()) for _ in range(2))
    assert first
    assert first == second


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o027, 0o077])
def test_calendars_can_be_read_by_the_group_at_most(site: Site, umask: int) -> None:
    before = os.umask(umask)
    try:
        site.build("-q")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in site.output.rglob("calendar.ics")} == {0o640}
    assert site.table_file.stat().st_mode & 0o777 == 0o600
    assert (site.output / ".iopcal-feeds-riverbend.index").stat().st_mode & 0o777 == 0o600


def test_a_link_in_the_place_of_the_folder_is_refused(site: Site, tmp_path: Path) -> None:
    site.build("-q")
    elsewhere = tmp_path / "elsewhere"
    (site.output / "feeds").rename(elsewhere)
    (site.output / "feeds").symlink_to(elsewhere)
    site.enroll(p_014="track: evening, path: [{on: 2027-02-08, phase: Continuing care}]")
    before = {path: path.read_bytes() for path in elsewhere.rglob("*.ics")}
    site.build("-q", code=1)
    assert {path: path.read_bytes() for path in elsewhere.rglob("*.ics")} == before


@pytest.mark.parametrize("kind", ["link", "file"])
def test_what_stands_in_the_place_of_a_calendars_folder_is_not_followed(
    built: Site, tmp_path: Path, kind: str
) -> None:
    place, elsewhere = built.path("participant/p-014").parent, tmp_path / "elsewhere"
    place.rename(elsewhere)
    if kind == "link":
        place.symlink_to(elsewhere)
    else:
        place.write_text("theirs")
    before = (elsewhere / "calendar.ics").read_bytes()
    built.edit("17:30", "17:45")
    assert "error[IOP62" in built.build("-q", now=LATER, code=3)
    assert (elsewhere / "calendar.ics").read_bytes() == before
    assert place.is_symlink() is (kind == "link")


@pytest.mark.parametrize(("size", "count"), [("_BATCH", 3), ("_BATCH_BYTES", 20_000)])
def test_calendars_are_the_same_however_many_are_written_together(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str, count: int
) -> None:
    site.build("-q")
    whole = {name: data for name, (_, data) in site.calendars().items()}
    monkeypatch.setattr(f"iopcal.targets.feed_files.{size}", count)
    site.output = tmp_path / "again"
    site.build("-q")
    assert {name: data for name, (_, data) in site.calendars().items()} == whole


def test_many_calendars_reach_the_disk_where_it_cannot_be_flushed_at_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    flush = Directory.flush_file

    def flush_file(folder: Directory, name: str) -> None:
        flushed.append(name)
        flush(folder, name)

    monkeypatch.setattr(Directory, "flush_all", lambda folder: False)
    monkeypatch.setattr(Directory, "flush_file", flush_file)
    site.enroll(**{f"q_{number}": "track: evening" for number in range(40)})
    site.build("-q")
    assert len(set(flushed)) >= 44
    assert len(list(site.output.glob("feeds/*/calendar.ics"))) == 46


def test_a_disk_that_fails_under_a_batch_leaves_no_temporary_files(
    built: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built.calendars()
    settle = Directory.settle

    def broken(folder: Directory, temporary: str, name: str) -> os.stat_result:
        if name.startswith("feeds/"):
            raise OSError(errno.EIO, os.strerror(errno.EIO), name)
        return settle(folder, temporary, name)

    with monkeypatch.context() as patch:
        patch.setattr(Directory, "settle", broken)
        built.enroll(p_014="track: evening, path: [{on: 2027-01-25, phase: Step-down}]")
        built.build("-q", now=LATER, code=3)
    assert built.calendars() == before
    assert not list(built.output.rglob("*.tmp"))


def test_of_a_calendar_that_has_gone_meanwhile_nothing_is_noted(tmp_path: Path) -> None:
    with FeedFiles(tmp_path, "riverbend") as files:
        writer = files.writer()
        writer.keep("a" * 43, Origin("source"))
        assert writer.records == {}


def test_where_nobody_has_a_calendar_any_more_nothing_is_remembered(tmp_path: Path, site: Site) -> None:
    site.edit("  - {for: each lead, privacy: full}\n", "")
    site.people = {"p-014": "track: evening, path: [{on: 2027-01-21, discharge: true}]"}
    site.enroll()
    site.build("-q", now="2027-03-01T12:00:00Z")
    assert not list(site.output.glob("feeds/*/*"))
    assert not list(site.output.glob(".iopcal-feeds-*"))


def test_a_calendar_that_is_gone_can_be_revoked_and_rotated(built: Site) -> None:
    revoked, rotated = built.path("participant/p-014"), built.path("participant/p-015")
    for path in (revoked, rotated):
        path.unlink()
    assert built.run("feed revoke", "p-014").exit_code == 0
    assert not revoked.parent.exists()
    assert built.run("feed rotate", "p-015").exit_code == 0
    built.build("-q", now=LATER)
    assert built.path("participant/p-015").exists()
    assert not rotated.exists()


def test_rotating_moves_a_calendar_that_the_index_does_not_know(built: Site) -> None:
    data = built.path("lead/jlee").read_bytes()
    (built.output / ".iopcal-feeds-riverbend.index").unlink()
    assert built.run("feed rotate", "jlee").exit_code == 0
    assert built.path("lead/jlee").read_bytes() == data


def test_files_of_others_are_left_alone(built: Site) -> None:
    stranger = built.output / "feeds" / "somebody" / "calendar.ics"
    stranger.parent.mkdir()
    stranger.write_text("theirs")
    built.enroll(p_014=None)
    built.build("-q", now=LATER)
    assert stranger.read_text() == "theirs"


def _feed(site: Site, *words: str) -> str:
    found = command("feed", words[0], site.program, *words[1:])
    assert found.exit_code == 0, found.output
    return found.output


# Faults: every call on the output folder or the table of addresses is broken; what is read stands elsewhere.


@cache
def sources() -> tempfile.TemporaryDirectory[str]:
    """Returns a folder of the program in two versions; the cache holds it until the process ends."""
    place = tempfile.TemporaryDirectory(prefix="people-")
    people = {**PEOPLE, **{f"q-{number}": "track: evening" for number in range(4)}}
    moved = {**people, "p-014": "track: evening, path: [{on: 2027-02-01, phase: Step-down}]"}
    del moved["q-1"]
    for name, those in (("before", people), ("after", moved)):
        (Path(place.name) / name).mkdir()
        Site(Path(place.name) / name, PROGRAM, those)
    return place


def begun(path: Path) -> None:
    """Leaves the folder as a build of the first version does."""
    assert build("before", path) == 0


def bare(path: Path) -> None:
    """Leaves nothing but addresses: others would be drawn in every run."""
    begun(path)
    for file in sorted((path / "out").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()


def build(version: str, path: Path) -> int:
    """Runs a build in this process; the table of addresses lies beside the output."""
    os.environ["IOPCAL_NOW"] = LATER if version == "after" else "2026-12-01T12:00:00Z"
    with pytest.MonkeyPatch.context() as patch:
        where = Whereabouts("riverbend", path / "riverbend.addresses.json")
        patch.setattr("iopcal.cli.people.whereabouts", lambda file: where)
        patch.setattr(sys, "argv", ["iopcal", "build", "-q", "-o", str(path / "out"),
                                    f"{sources().name}/{version}/program.yaml"])  # fmt: skip
        return run(iopcal)


@pytest.mark.forks
@pytest.mark.parametrize("faults", [KILLS, ERRORS], ids=["killed", "errors"])
@pytest.mark.parametrize(("before", "version"), [(begun, "after"), (bare, "before")], ids=["update", "first"])
def test_a_build_leaves_whole_calendars_and_the_next_one_finishes(faults, before, version, figure):
    report = run_points(partial(build, version), before, faults=faults, points=6, seed=SEED)
    figure(f"build of 10 personal calendars, {report}")
    assert report.points == 6
    assert report.failures == 0, report


@pytest.mark.long
@pytest.mark.parametrize(("before", "version"), [(begun, "after"), (bare, "before")], ids=["update", "first"])
def test_every_fault_at_every_call_of_a_build_of_people(before, version, figure):
    report = run_points(partial(build, version), before, faults=EVERY_FAULT, seed=SEED)
    figure(f"build of 10 personal calendars, {report}")
    assert report.failures == 0, report


def test_of_two_builds_of_people_at_once_one_says_that_the_folder_is_busy(figure):
    report = run_pairs(partial(build, "after"), partial(build, "after"), begun, pairs=3, seed=SEED)
    figure(f"builds at once: {report}")
    assert report.torn == report.failed == 0, report
