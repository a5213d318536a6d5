"""`iopcal sync`, `plan`, `status` and `clean` on whole sync files, against the fake Google over sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import process, run
from tests.fake_google import FakeGoogle
from tests.syncing_site import FEED, PROGRAM, Site

OTHER = "riverbend-evening/track/-"


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(auth="off", wait_scale=0.01) as google:
        yield google
        assert google.violations == []


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> Site:
    return Site(tmp_path, fake)


def two(site: Site) -> str:
    """Gives both feeds of the program a calendar; returns the second."""
    second = site.fake.calendar("Second")
    site.sync(f"{{{FEED}: {site.calendar}, {OTHER}: {second}}}")
    return second


def summed(output: str) -> str:
    found = re.search(r"^plan ([0-9a-f]{6}):", output, re.M)
    assert found is not None, output
    return found[1]


# What a run does, and what it says


def test_a_first_run_fills_the_calendar_and_the_next_one_asks_once(site: Site, fake: FakeGoogle) -> None:
    first = site.run("sync")
    assert (first.exit_code, len(site.live())) == (0, 4)
    assert re.fullmatch(r"riverbend-evening/program   4 added, 0 kept   2 requests, \d\.\d s\n", first.stdout)
    before, writes = fake.requests, len(fake.writes)
    second = site.run("sync")
    assert (fake.requests - before, len(fake.writes) - writes, second.exit_code) == (1, 0, 0)
    assert second.stdout.startswith("riverbend-evening/program   no changes, 4 kept   1 request, ")
    assert first.stderr == second.stderr == ""


def test_a_quiet_run_says_nothing_when_all_is_well(site: Site) -> None:
    for _ in range(2):
        result = site.run("sync", "--quiet")
        assert (result.exit_code, result.output) == (0, "")


def test_a_quiet_run_tells_of_new_hand_edits_once_and_keeps_the_code(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    fake.people.edit(site.calendar, site.named("Education"), location="Elsewhere")
    first, second = site.run("sync", "--quiet"), site.run("sync", "--quiet")
    assert (first.exit_code, second.exit_code, second.output) == (6, 6, "")
    assert "1 left alone (changed by hand)" in first.stdout
    fake.people.delete(site.calendar, site.named("Process group"))
    third = site.run("sync", "--quiet")
    assert third.exit_code == 6
    assert "2 left alone (changed or deleted by hand)" in third.stdout


def test_what_people_changed_is_taken_back_by_its_ref(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    event = site.named("Education")
    fake.people.edit(site.calendar, event, location="Elsewhere")
    told = site.run("sync")
    assert told.exit_code == 6
    take_back = re.search(r"iopcal sync \S+ (--take-back=([0-9a-v]{6}))\n", told.stdout)
    assert take_back is not None
    assert event[6:].startswith(take_back[2])
    strange = site.run("sync", "--take-back=vvvvvv")
    assert strange.exit_code == 6
    assert "no calendar has an item with the ref 'vvvvvv'" in strange.stderr
    assert site.run("sync", take_back[1]).exit_code == 0
    assert "Main building" in [row.get("location") for row in site.live().values()]


def test_without_refs_all_is_taken_back_and_the_file_is_no_ref(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    fake.people.edit(site.calendar, site.named("Education"), location="Elsewhere")
    result = run("sync", "--take-back", site.file, now=site.now, env={"IOPCAL_GOOGLE_API_ROOT": fake.root})
    assert result.exit_code == 0, result.output


def test_json_is_one_document_of_just_these_keys(site: Site, fake: FakeGoogle) -> None:
    document = site.json("sync")
    assert list(document) == ["schema", "iopcal", "exit", "plan", "calendars"]
    (calendar,) = document["calendars"]
    assert list(calendar) == [
        "feed", "added", "changed", "removed", "kept", "left_alone", "failed", "refused", "requests",
        "calls", "seconds",
    ]  # fmt: skip
    assert (document["exit"], calendar["feed"], calendar["added"], calendar["kept"]) == (0, FEED, 4, 0)
    assert (calendar["requests"], calendar["calls"], calendar["refused"]) == (2, 5, None)
    event = site.named("Education")
    fake.people.edit(site.calendar, event, location="Elsewhere")
    (left,) = site.json("sync")["calendars"][0]["left_alone"]
    assert (left["ref"], left["what"]) == (event[6:], "changed")
    assert left["when"].startswith("2027-02-10T06:00")


def test_verbose_names_each_write_by_verb_ref_and_status(site: Site) -> None:
    result = site.run("sync", "-v")
    writes = [line for line in result.stdout.splitlines() if re.fullmatch(r"insert [0-9a-v]{32} 200", line)]
    assert len(writes) == 4
    assert "Education" not in result.output


def test_sync_prints_no_title(site: Site, fake: FakeGoogle) -> None:
    outputs = [site.run("sync").output]
    fake.people.edit(site.calendar, site.named("Education"), location="Elsewhere")
    fake.people.add_foreign(site.calendar)
    site.change("minutes: 60}", "minutes: 45}")
    outputs += [site.run("sync", "-v").output, site.run("sync", "--json").output]
    for word in ("Education", "Process", "Riverbend Evening", "Elsewhere", site.calendar):
        assert all(word not in output for output in outputs)


# The plan, and doing just that


def test_a_plan_only_reads_and_keeps_nothing(site: Site, fake: FakeGoogle) -> None:
    result = site.run("plan")
    assert result.exit_code == 0
    assert not (site.folder / "state").exists()
    assert [record.method for record in fake.log] == ["GET"]
    dry = site.run("sync", "--dry-run")
    assert dry.stdout == result.stdout
    assert fake.writes == []


def test_expect_does_the_plan_that_was_shown(site: Site) -> None:
    total = summed(site.run("plan").stdout)
    result = site.run("sync", "--expect", total.upper())
    assert result.exit_code == 0, result.output
    assert len(site.live()) == 4


def test_expect_refuses_another_plan_before_anything_is_written(site: Site, fake: FakeGoogle) -> None:
    two(site)
    total = summed(site.run("plan").stdout)
    site.change("weeks: 10", "weeks: 9")
    result = site.run("sync", "--expect", total)
    assert result.exit_code == 4
    assert re.fullmatch(
        rf"refused\[IOP526\]: the plan is now [0-9a-f]{{6}}, not {total}\. Nothing was written\n"
        rf"  look again: iopcal plan {re.escape(site.file)}\n",
        result.stderr,
    )
    assert fake.writes == []
    document = site.json("sync", "--expect", total)
    assert document["exit"] == 4
    assert [each["added"] for each in document["calendars"]] == [0, 0]
    assert all(f"not {total}" in each["refused"] for each in document["calendars"])


@pytest.mark.parametrize("words", [("--expect", "7f3a9"), ("--take-back=x.yaml",), ("--wait", "-1")])
def test_wrong_values_are_wrong_usage(site: Site, words: tuple[str, ...]) -> None:
    assert site.run("sync", *words).exit_code == 2


def test_check_tells_changes_from_hand_edits_and_refusals(site: Site, fake: FakeGoogle) -> None:
    assert site.run("plan", "--check").exit_code == 7
    site.run("sync")
    assert site.run("plan", "--check").exit_code == 0
    fake.people.edit(site.calendar, site.named("Education"), location="Elsewhere")
    assert site.run("plan", "--check").exit_code == 6
    assert site.run("plan").exit_code == 0
    site.change("weeks: 10", "weeks: 11")
    assert site.run("plan", "--check").exit_code == 7
    site.change("weeks: 11", "weeks: 6")
    refused = site.run("plan", "--check")
    assert refused.exit_code == 4
    assert "refused[IOP601]" in refused.stderr
    assert site.run("plan").exit_code == 0
    assert site.json("plan", "--check")["exit"] == 4


def test_one_calendar_with_changes_makes_the_code_of_all(site: Site, fake: FakeGoogle) -> None:
    two(site)
    site.run("sync", "--only", FEED)
    fake.people.edit(site.calendar, site.named("Education"), location="Elsewhere")
    assert site.run("plan", "--check").exit_code == 7


# Choosing


def test_only_one_feed_is_kept(site: Site) -> None:
    second = two(site)
    assert site.run("sync", "--only", OTHER).exit_code == 0
    assert (len(site.live()), len(site.live(second))) == (0, 4)
    assert site.run("sync", "--only", "staff").exit_code == 0
    assert len(site.live()) == 4


def test_a_feed_that_is_not_there_is_wrong_usage(site: Site) -> None:
    result = site.run("sync", "--only", "riverbend-evening/programm")
    assert result.exit_code == 2
    assert "did you mean 'riverbend-evening/program'?" in result.stderr
    assert run("plan", "--only", "x", site.folder / "evening.yaml").exit_code == 2
    assert site.run("plan", "--flat").exit_code == 2
    assert run("plan", site.file, site.folder / "evening.yaml").exit_code == 2


def test_the_usual_file_is_found(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = {"IOPCAL_GOOGLE_API_ROOT": site.fake.root}
    monkeypatch.chdir(site.folder)
    assert run("sync", now=site.now, env=root).exit_code == 0
    told = run("plan", now=site.now, env=root)
    assert "4 events, 18 sessions ahead" in told.stdout
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    for command in ("sync", "plan", "status"):
        assert run(command, now=site.now, env=root).exit_code == 2


# The brake


def test_a_great_loss_is_refused_with_the_number_that_allows_it(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    site.change("weeks: 10", "weeks: 7")
    before = len(fake.writes)
    refused = site.run("sync")
    assert refused.exit_code == 4
    assert refused.stderr == (
        f"refused[IOP601]: {FEED}: 12 of 18 sessions ahead would go (66 %, limit 30 %). "
        "Nothing was written there\n"
        f"  look: iopcal plan {site.file}     if meant: iopcal sync {site.file} --only {FEED} "
        "--allow-deletes 12\n"
    )
    wrong = site.run("sync", "--allow-deletes", 11)
    assert wrong.exit_code == 4
    assert "--allow-deletes named 11; " in wrong.stderr
    assert len(fake.writes) == before
    assert site.run("sync", "--only", FEED, "--allow-deletes", 12).exit_code == 0


def test_of_several_refused_calendars_a_number_alone_names_none(site: Site, fake: FakeGoogle) -> None:
    two(site)
    site.run("sync")
    site.change("weeks: 10", "weeks: 7")
    before = len(fake.writes)
    result = site.run("sync", "--allow-deletes", 12)
    assert result.exit_code == 4
    assert result.stderr.count("refused[IOP601]") == 2
    assert "--allow-deletes speaks of one" in result.stderr
    assert len(fake.writes) == before
    assert site.run("sync", "--allow-deletes", 12, "--only", OTHER).exit_code == 0


def test_a_refused_calendar_stops_no_other(site: Site) -> None:
    second = two(site)
    site.run("sync", "--only", FEED)
    site.change("weeks: 10", "weeks: 7")
    result = site.run("sync")
    assert result.exit_code == 4
    assert len(site.live(second)) == 4
    assert f"{OTHER}   4 added" in result.stdout


def test_a_feed_missing_from_the_program_is_refused(site: Site, fake: FakeGoogle) -> None:
    second = fake.calendar("Second")
    site.sync(f"{{{FEED}: {site.calendar}, riverbend-evening/track/late: {second}}}")
    result = site.run("sync")
    assert result.exit_code == 4
    message = "refused[IOP524]: riverbend-evening/track/late: the program has no such feed any more"
    assert message in result.stderr
    assert (len(site.live()), len(site.live(second))) == (4, 0)
    document = site.json("sync")
    assert [each["feed"] for each in document["calendars"]] == [FEED, "riverbend-evening/track/late"]
    assert document["calendars"][1]["refused"].startswith("the program has no such feed")
    assert site.run("plan", "--check").exit_code == 4
    assert site.run("sync", "--only", FEED).exit_code == 0


def test_an_unknown_program_is_a_problem_in_the_file(site: Site, fake: FakeGoogle) -> None:
    site.sync(f"{{riverbend-evning/program: {site.calendar}}}")
    result = site.run("sync")
    assert result.exit_code == 1
    assert "error[IOP106]: 'riverbend-evning' is not the id of any program of this file" in result.stderr
    assert "did you mean 'riverbend-evening'?" in result.stderr
    assert fake.requests == 0
    assert site.json("sync") == {
        **site.json("sync"), "exit": 1, "plan": "", "calendars": [],
    }  # fmt: skip


def test_a_calendar_of_another_program_is_refused_until_it_is_cleaned(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    other = PROGRAM.replace("riverbend-evening", "riverbend-day")
    site.program(other, "day.yaml")
    site.sync(f"{{riverbend-day/program: {site.calendar}}}", programs="day.yaml")
    result = site.run("sync")
    assert result.exit_code == 4
    assert "refused[IOP520]: riverbend-day/program: the calendar holds 4 events of another" in result.stderr


def test_a_main_calendar_is_refused_unless_it_is_meant(tmp_path: Path, fake: FakeGoogle) -> None:
    fake.calendar("coordinator@example.org", id="coordinator@example.org")
    site = Site(tmp_path, fake, f"{{{FEED}: primary}}")
    refused = site.run("sync")
    assert refused.exit_code == 4
    assert f"refused[IOP523]: {FEED}: this is somebody's main calendar" in refused.stderr
    assert site.run("sync", "--allow-primary").exit_code == 0


def test_an_emptied_list_is_refused_until_it_is_meant(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    for name in list(fake.store.calendars[site.calendar].rows):
        del fake.store.calendars[site.calendar].rows[name]
    fake.end_sync_tokens(site.calendar)
    refused = site.run("sync")
    assert refused.exit_code == 4
    assert f"refused[IOP521]: {FEED}: the calendar shows nothing of all" in refused.stderr


def test_many_changes_are_refused_where_the_clinic_asked_for_that(site: Site) -> None:
    site.run("sync")
    site.sync(f"{{{FEED}: {site.calendar}}}", top="guard: {changed: refuse}\n")
    site.change("day_starts: 17:30", "day_starts: 18:00")
    refused = site.run("sync")
    assert refused.exit_code == 4
    assert f"refused[IOP522]: {FEED}: 18 of 18 sessions ahead would change" in refused.stderr


# Problems in files


def test_with_a_problem_in_any_file_nothing_is_asked_of_google(site: Site, fake: FakeGoogle) -> None:
    site.program("program: Broken\nid: broken\ntimezone: Mars\n", "broken.yaml")
    site.sync(f"{{{FEED}: {site.calendar}}}", programs="evening.yaml, broken.yaml")
    result = site.run("sync")
    assert (result.exit_code, fake.requests, result.stdout) == (1, 0, "")
    assert f"{site.folder}/broken.yaml:3:11: error[IOP101]\n" in result.stderr
    assert "Mars" not in result.stderr
    assert f"nothing was written.      What they are:  iopcal check {site.file}" in result.stderr
    typed = site.run("plan")
    assert typed.exit_code == 1
    assert "3 | timezone: Mars" in typed.stderr


def test_keep_going_leaves_a_broken_program_out(site: Site) -> None:
    site.program("program: Broken\nid: broken\ntimezone: Mars\n", "broken.yaml")
    second = site.fake.calendar("Second")
    calendars = f"{{{FEED}: {site.calendar}, broken/program: {second}}}"
    site.sync(calendars, programs="evening.yaml, broken.yaml")
    result = site.run("sync", "--keep-going", "--quiet")
    assert (result.exit_code, len(site.live())) == (3, 4)
    assert "1 program ok, 1 left out\n" in result.stderr
    site.change("timezone: America/Chicago", "timezone: Mars")
    assert site.run("sync", "--keep-going").exit_code == 1


def test_a_broken_sync_file_is_told(site: Site) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", programs="none.yaml")
    result = site.run("sync")
    assert result.exit_code == 1
    assert f"{site.file}:2:12: error[IOP530]\n" in result.stderr
    assert "[IOP530]" in site.run("status").stderr


def test_a_root_that_is_not_on_this_computer_is_wrong_usage(site: Site) -> None:
    for command in ("sync", "plan"):
        result = site.run(command, env={"IOPCAL_GOOGLE_API_ROOT": "http://example.org/"})
        assert result.exit_code == 2


# Folders of .ics files


WEB = "  - {name: web, kind: ics, folder: web, feeds: [riverbend-evening/*]}\n"


def test_feeds_go_to_a_folder_as_build_would_write_them(site: Site) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB)
    planned = site.run("plan", "--check")
    assert planned.exit_code == 7
    assert "web: riverbend-evening: first publication of 40 sessions" in planned.stdout
    first = site.run("sync")
    assert first.exit_code == 0
    assert "web   2 written, 0 as before\n" in first.stdout
    run("build", site.folder / "evening.yaml", "-o", site.folder / "built", now=site.now)
    for name in ("riverbend-evening.ics", "riverbend-evening.track.ics"):
        assert (site.folder / "web" / name).read_bytes() == (site.folder / "built" / name).read_bytes()
    assert "web   no changes, 2 as before\n" in site.run("sync").stdout
    document = site.json("sync", "--only", "web")
    assert (document["calendars"], document["folders"]) == (
        [], [{"target": "web", "feeds": 2, "written": 0, "removed": 0}],
    )  # fmt: skip


def test_a_folder_takes_only_the_feeds_that_are_named(site: Site) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB.replace("[riverbend-evening/*]", f"[{FEED}]"))
    assert site.run("sync").exit_code == 0
    assert [path.name for path in sorted((site.folder / "web").glob("*.ics"))] == ["riverbend-evening.ics"]


def test_only_one_calendar_leaves_folders_as_they_are(site: Site) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB)
    document = site.json("sync", "--only", "staff")
    assert len(document["calendars"]) == 1
    assert "folders" not in document
    assert not (site.folder / "web").exists()


def test_a_great_loss_in_a_folder_is_refused_and_allowed(site: Site) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB)
    site.run("sync")
    site.change("weeks: 10", "weeks: 7")
    refused = site.run("sync", "--only", "web")
    assert refused.exit_code == 4
    assert f"iopcal sync {site.file} --only web with --allow-deletes 12" in refused.stderr
    assert site.run("plan", "--only", "web", "--check").exit_code == 4
    assert site.run("sync", "--only", "web", "--allow-deletes", 12).exit_code == 0


def test_a_feed_missing_for_a_folder_is_refused_and_a_pattern_warned_of(site: Site) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB.replace("/*]", "/track/late, riverbend-evening/*]"))
    assert site.run("sync").exit_code == 4
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB.replace("/*]", "/participant/*]"))
    result = site.run("sync")
    assert result.exit_code == 0
    assert "warning[IOP172]: 'riverbend-evening/participant/*' has no effect" in result.stderr


def test_a_folder_that_cannot_be_written_is_told(site: Site) -> None:
    (site.folder / "web").write_text("a file", encoding="utf-8")
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB)
    result = site.run("sync")
    assert result.exit_code == 1
    assert len(site.live()) == 4
    assert "error[IOP62" in result.stderr


# Status


def test_status_tells_how_feeds_stand_without_a_network(site: Site, fake: FakeGoogle) -> None:
    site.sync(f"{{{FEED}: {site.calendar}}}", top=WEB)
    env = {"TZ": "UTC"}
    assert site.run("status", env=env).stdout == (f"{FEED}    never synced\nweb{' ' * 26}never synced\n")
    site.run("sync")
    fake.people.edit(site.calendar, site.named("Education"), location="Elsewhere")
    site.run("sync")
    before = fake.requests
    result = site.run("status", env=env)
    assert result.exit_code == 0
    assert result.stdout.split("\n")[:2] == [
        f"{FEED}    last ok today 06:00    4 events   1 left alone",
        f"web{' ' * 26}last ok today 06:00    2 feeds",
    ]
    assert fake.requests == before
    document = site.json("status")
    assert [each["feed"] for each in document["feeds"]] == [FEED, "web"]
    assert "hands" not in document["feeds"][0]


# Clean


def test_clean_takes_out_what_lies_ahead_once_the_number_is_given(site: Site, fake: FakeGoogle) -> None:
    site.run("sync")
    other = fake.people.add_foreign(site.calendar)
    refused = site.run("clean", FEED)
    assert refused.exit_code == 4
    assert refused.stderr == (
        f"refused[IOP601]: {FEED}: 4 events, 18 sessions ahead would go. Nothing was written there\n"
        f"  if meant: iopcal clean {FEED} {site.file} --allow-deletes 18\n"
    )
    assert site.run("clean", FEED, "--allow-deletes", 4).exit_code == 4
    done = site.run("clean", FEED, "--allow-deletes", 18)
    assert done.exit_code == 0, done.output
    rows = site.live()
    assert other in rows
    assert all(
        row["recurrence"][0].split("UNTIL=")[1] < "20270210T" for row in rows.values() if "recurrence" in row
    )
    assert site.run("clean", FEED).exit_code == 0


def test_clean_of_a_calendar_that_cannot_be_read_tells_why(site: Site) -> None:
    site.sync(f"{{{FEED}: c_gone@group.calendar.google.com}}")
    result = site.run("clean", FEED, "--allow-deletes", 18)
    assert result.exit_code == 5
    assert "error[IOP515]" in result.stderr
    assert "IOP601" not in result.stderr


def test_clean_can_take_out_the_past_as_well(site: Site) -> None:
    site.run("sync")
    refused = site.run("clean", FEED, "--rewrite-past")
    assert "4 events, 40 sessions would go" in refused.stderr
    assert site.run("clean", FEED, "--rewrite-past", "--allow-deletes", 40).exit_code == 0
    assert site.live() == {}


def test_clean_serves_feeds_that_no_program_has_any_more(site: Site) -> None:
    site.run("sync")
    site.program(PROGRAM.replace("id: riverbend-evening", "id: riverbend-day"))
    document = site.json("clean", FEED, "--allow-deletes", "18")
    assert (document["exit"], document["calendars"][0]["removed"]) == (0, 4)
    assert site.run("clean", "riverbend-evening/programm").exit_code == 2


# Where it runs


def test_it_runs_without_home_language_terminal_or_a_folder_to_write_in(site: Site, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    away.chmod(0o500)
    env = {"IOPCAL_GOOGLE_API_ROOT": site.fake.root, "IOPCAL_NOW": site.now, "TZ": "Pacific/Auckland"}
    site.fake.new_run()
    first = process("sync", site.file, env=env, cwd=away)
    assert (first.returncode, first.stderr) == (0, "")
    site.fake.new_run()
    again = process("sync", site.file, "--json", env={**env, "TZ": "Asia/Kathmandu"}, cwd=away)
    assert json.loads(again.stdout)["calendars"][0]["kept"] == 4
    assert again.returncode == 0


def test_a_state_folder_that_cannot_be_written_is_only_a_warning(site: Site) -> None:
    (site.folder / "state").write_text("in the way", encoding="utf-8")
    result = site.run("sync")
    assert result.exit_code == 0
    assert "warning[IOP62" in result.stderr
    assert len(site.live()) == 4
    assert site.run("sync", "--quiet").output == ""


def test_clean_finds_a_feed_by_its_own_key_though_no_program_has_it(site: Site) -> None:
    site.run("sync")
    health = site.folder / "state/health.json"
    text = health.read_text(encoding="utf-8")
    assert '"key": "program"' in text
    health.write_text(text.replace(FEED, "riverbend-evening/staff"), encoding="utf-8")
    site.sync(f"{{riverbend-evening/staff: {site.calendar}}}")
    assert site.run("sync").exit_code == 4
    refused = site.run("clean", "riverbend-evening/staff")
    assert "4 events, 18 sessions ahead would go" in refused.stderr
