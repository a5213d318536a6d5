"""Every command: what it prints, where, and its exit code."""

import gc
import json
import os
import runpy
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from iopcal import __version__
from iopcal.cli import commands, common, main
from iopcal.cli.commands import COMMANDS, iopcal
from iopcal.lint import Finding
from iopcal.targets.folder import Folder
from tests.command import CONFIGS, ROOT, SMALL, process, run, small


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_build_writes_a_staff_calendar_and_one_a_track(here):
    result = run("build", CONFIGS / "mental-health-day-tracks.yaml")
    assert result.exit_code == 0
    assert sorted(path.name for path in here.rglob("*.ics")) == [
        "mental-health-day-tracks.ics",
        "mental-health-day-tracks.track-afternoon.ics",
        "mental-health-day-tracks.track-morning.ics",
    ]
    assert "Wrote 3 calendars" in result.stdout


def test_building_again_changes_no_byte_and_no_time(here):
    file = small(here)
    run("build", file)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in here.rglob("*.ics")}
    result = run("build", file, now="2026-12-25T12:00:00Z")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in here.rglob("*.ics")} == before
    assert result.exit_code == 0
    assert "No changes" in result.stdout


def test_a_mistake_writes_nothing_and_is_shown_with_place_and_help(here):
    file = small(here, Chicago="Chigaco", days="dayz")
    result = run("build", file)
    assert result.exit_code == 1
    assert not list(here.rglob("*.ics"))
    assert "error[IOP101]: 'America/Chigaco' is not a time zone" in result.stderr
    assert "error[IOP102]: 'dayz' is not a key of a phase" in result.stderr
    assert "3 | timezone: America/Chigaco\n  |           ^^^^^^^^^^^^^^^" in result.stderr
    assert "= help: did you mean 'America/Chicago'?" in result.stderr
    assert "Traceback" not in result.output


def test_one_broken_program_stops_only_itself(here):
    good, bad = small(here), small(here, "bad.yaml", small="bad", weeks="weekz")
    result = run("build", bad, good)
    assert result.exit_code == 3
    assert (here / "calendars/small.ics").exists()
    assert not (here / "calendars/bad.ics").exists()
    assert "1 program ok, 1 left out" in result.stderr


def test_two_programs_with_one_id_are_a_problem_of_both(here):
    result = run("build", small(here), small(here, "other.yaml"))
    assert result.stderr.count("IOP641") == 2
    assert result.exit_code == 1
    assert not list(here.rglob("*.ics"))


def test_a_missing_program_is_a_problem_with_its_name(here):
    result = run("check", "none.yaml")
    assert result.exit_code == 1
    assert "'none.yaml' cannot be read: no such file or directory" in result.output


def test_strict_turns_warnings_into_failure(here):
    file = CONFIGS / "lakeside-evening.yaml"
    assert run("check", file).exit_code == 0
    assert run("check", file, "--strict").exit_code == 1
    assert run("build", file, "--strict").exit_code == 1
    assert not list(here.rglob("*.ics"))


@pytest.mark.parametrize("form", ["full", "concise", "github"])
def test_check_prints_problems_in_every_form(here, form):
    result = run("check", small(here, days="dayz"), "--format", form)
    assert result.exit_code == 1
    assert "IOP102" in result.stdout
    assert result.stderr == ""


def test_check_prints_json_and_sarif_as_one_document(here):
    file = small(here, days="dayz")
    document = json.loads(run("check", file, "--format", "json").stdout)
    assert document["iopcal"] == __version__
    (problem,) = document["problems"]
    assert (problem["code"], problem["line"], problem["column"]) == ("IOP102", 9, 33)
    sarif = json.loads(run("check", file, "--format", "sarif").stdout)
    assert sarif["runs"][0]["results"][0]["ruleId"] == "IOP102"


def test_check_says_when_all_is_well_and_is_silent_when_asked(here):
    file = small(here)
    assert run("check", file).stderr == "1 program checked: all is well.\n"
    assert run("check", file, "--quiet").output == ""


def test_a_program_may_come_from_standard_input(here):
    result = run("show", "sessions", "-", "--tsv", stdin=SMALL)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == (
        "20270104T233000Z\t20270105T003000Z\t60\t-\tIntensive\tProcess group\t\tconfirmed\tyes\t-"
    )


def test_show_sessions_has_a_header_only_in_csv(here):
    file = small(here)
    lines = run("show", "sessions", file, "--csv").stdout.splitlines()
    assert lines[0] == "start,end,minutes,track,phase,session,topic,status,counted,path"
    assert len(lines) == 7
    document = json.loads(run("show", "sessions", file, "--json").stdout)
    assert document["sessions"][0]["start"] == "20270104T233000Z"
    assert run("show", "sessions", file).stdout.splitlines()[0].split() == lines[0].split(",")


def test_a_cell_that_a_spreadsheet_would_calculate_is_prefixed(here):
    file = here / "formula.yaml"
    file.write_text(SMALL.replace("Process group", '"=1+1"'))
    assert ",'=1+1," in run("show", "sessions", file, "--csv").stdout


@pytest.mark.parametrize("view", ["totals", "week", "agenda", "sessions"])
def test_every_view_prints_one_json_document(here, view):
    result = run("show", view, small(here), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["id"] == "small"


def test_show_week_is_a_grid_and_a_list_when_plain(here):
    file = small(here)
    assert "        Mon 4" in run("show", "week", "2027-01-04", file).stdout
    assert "Wed 6 Jan 2027\n  17:30-18:30  Process group" in run("show", "week", file, "--plain").stdout
    assert "nothing in the week" in run("show", "week", "2028-01-03", file).stdout


@pytest.mark.parametrize(
    "words",
    [
        ["show"], ["show", "week"], ["show", "week", "soon", "x.yaml"], ["show", "a", "b", "c"],
        ["build"], ["check"], ["plan"], ["explain"], ["explain", "IOP999"], ["lint"], ["lint", "none.ics"],
        ["lint", "--explain", "Z99"], ["nonsense"], ["build", "--nonsense", "x.yaml"],
        ["show", "totals", "--tsv", str(CONFIGS / "taper-3-2-1.yaml")],
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_2_on_standard_error(here, words):
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_plan_tells_sessions_not_calendar_objects_and_check_exits_7(here):
    file = small(here)
    assert "first publication of 6 sessions" in run("plan", file).stdout
    assert run("plan", file, "--check").exit_code == 7
    run("build", file)
    assert run("plan", file, "--check").exit_code == 0
    assert "No changes: 6 sessions, 0 already held." in run("plan", file).stdout
    file.write_text(SMALL + 'changes:\n  - {from: 2027-01-11, session: Process group, at: "18:00"}\n')
    result = run("plan", file, now="2027-01-05T00:00:00Z")
    assert "~ 3 sessions moved" in result.stdout
    assert "17:30-18:30 -> 18:00-19:00" in result.stdout
    assert f"{file}:11" in result.stdout
    assert "= 3 sessions stay     1 of them already held" in result.stdout
    assert run("plan", file, "--check").exit_code == 7
    document = json.loads(run("plan", file, "--json").stdout)
    assert document["programs"][0]["feeds"][0]["moved"] == 3


def test_dry_run_is_plan_and_writes_nothing(here):
    result = run("build", small(here), "--dry-run")
    assert "first publication" in result.stdout
    assert not (here / "calendars").exists()


def test_a_frightening_build_is_refused_with_its_number(here):
    file = small(here)
    run("build", file)
    before = {path: path.read_bytes() for path in here.rglob("*.ics")}
    file.write_text(SMALL.replace("2027-01-04", "2027-03-01"))
    result = run("build", file)
    assert result.exit_code == 4
    assert "6 of 6 sessions ahead would go (100 %, limit 30 %)" in result.stderr
    assert "--allow-deletes 6" in result.stderr
    assert {path: path.read_bytes() for path in here.rglob("*.ics")} == before
    assert run("build", file, "--allow-deletes", "5").exit_code == 4
    assert run("plan", file, "--check").exit_code == 4
    assert run("build", file, "--allow-deletes", "6").exit_code == 0
    assert {path: path.read_bytes() for path in here.rglob("*.ics")} != before


def test_a_foreign_file_is_not_overwritten_unless_adopted(here):
    file = small(here)
    target = here / "calendars/small.ics"
    target.parent.mkdir(parents=True)
    target.write_text("somebody's")
    result = run("build", file)
    assert result.exit_code == 4
    assert target.read_text() == "somebody's"
    assert run("build", file, "--adopt").exit_code == 0
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_damaged_file_of_ours_is_kept_aside_and_written_anew(here):
    file = small(here)
    run("build", file)
    target = here / "calendars/small.ics"
    target.write_bytes(target.read_bytes()[:300])
    result = run("build", file)
    assert result.exit_code == 0
    assert "could not be read; it is kept as" in result.stderr
    assert target.read_bytes().endswith(b"END:VCALENDAR\r\n")


def test_explain_prints_a_page_with_a_wrong_and_a_right_file():
    page = run("explain", "iop101").stdout
    assert page.startswith("# IOP101")
    assert "## Wrong" in page
    assert "## Right" in page
    assert run("explain", "102").exit_code == 0
    assert json.loads(run("explain", "IOP101", "--json").stdout)["code"] == "IOP101"


def test_schema_prints_a_json_schema():
    assert json.loads(run("schema").stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_lint_is_silent_on_what_build_writes(here):
    run("build", *sorted(CONFIGS.glob("*.yaml")))
    files = sorted(here.rglob("*.ics"))
    assert len(files) > 20
    result = run("lint", *files)
    assert (result.exit_code, result.output) == (0, "")


def test_lint_names_file_line_and_rule(here):
    bad = here / "bad.ics"
    bad.write_bytes(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
    result = run("lint", bad)
    assert result.exit_code == 1
    assert f"{bad}:1: C1" in result.stdout
    findings = json.loads(run("lint", bad, "--json").stdout)["findings"]
    assert "C1" in {finding["code"] for finding in findings}
    assert "RRULE" in run("lint", "--explain", "R2").stdout or run("lint", "--explain", "R2").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_the_exit_codes(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Exit codes: 0 done" in result.stdout
    assert run(command, "-h").stdout == result.stdout


@pytest.mark.parametrize("command", ["build", "check", "plan", "show"])
def test_json_is_one_document_even_when_the_program_is_broken(here, command):
    result = run(command, small(here, days="dayz"), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["code"] == "IOP102"


def test_version_is_printed_by_a_process():
    result = process("--version")
    assert result.stdout == f"iopcal {__version__}\n"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--version"], 0, f"iopcal {__version__}\n"),
        (["check", "none.yaml"], 1, "'none.yaml' cannot be read: no such file or directory"),
        (["nonsense"], 2, "No such command 'nonsense'"),
    ],
)
def test_a_process_ends_with_the_exit_code_of_its_command(here, monkeypatch, capsys, words, code, told):
    monkeypatch.setattr(sys, "argv", ["iopcal", *words])
    monkeypatch.delitem(sys.modules, "iopcal.__main__", raising=False)
    thresholds = gc.get_threshold()
    try:
        with pytest.raises(SystemExit) as stop:
            runpy.run_module("iopcal", run_name="__main__")
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
    assert stop.value.code == code
    assert told in "".join(capsys.readouterr())


def test_to_import_the_module_that_python_runs_runs_nothing():
    assert import_module("iopcal.__main__").main is main


def test_help_lists_every_command_with_what_it_does():
    words = " ".join(run("--help").stdout.split())
    assert all(f"{name} {does}" in words for name, does in COMMANDS.items())


def test_a_shell_completes_the_names_of_commands():
    found = ShellComplete(iopcal, {}, "iopcal", "_IOPCAL_COMPLETE").get_completions([], "")
    assert [each.value for each in found] == list(COMMANDS)


def test_without_a_fixed_clock_it_is_now():
    before = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("IOPCAL_NOW", raising=False)
        assert before <= common.now() <= datetime.now(UTC)


def test_every_command_works_without_terminal_home_or_language(here):
    file = small(here)
    commands = [[name, file] for name in ("check", "show", "build", "plan")]
    for words in [*commands, ["schema"], ["explain", "101"]]:
        result = subprocess.run(
            [sys.executable, "-m", "iopcal", *map(str, words)],
            env={"PATH": "/usr/bin", "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd=here,
        )  # fmt: skip
        assert result.returncode == 0, result.stderr


def test_a_reader_that_goes_away_is_no_error(here):
    file = CONFIGS / "substance-use-evening-matrix.yaml"
    command = f"{sys.executable} -m iopcal show sessions {file} --tsv | head -1"
    result = subprocess.run(
        ["bash", "-c", command], env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.stderr == ""


def test_the_exit_code_of_a_run_whose_reader_goes_away_is_that_of_sigpipe(here, monkeypatch):
    """Both where the first words find nobody, and where the last ones are still to be written."""
    file, (reading, writing) = small(here), os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)
        monkeypatch.setattr(sys, "argv", ["iopcal", "show", str(file)])
        assert commands.run(iopcal) == 141
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)
        monkeypatch.setattr(iopcal, "main", lambda **_: output.write("words") and None)
        assert commands.run(iopcal) == 141


def test_a_full_disk_behind_the_output_is_told_and_exit_75(here, monkeypatch, capsys):
    file = small(here)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "argv", ["iopcal", "show", str(file)])
        assert commands.run(iopcal) == 75
    assert "could not be printed: no space left on device" in capsys.readouterr().err


def test_a_closed_output_is_no_bug(here, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "argv", ["iopcal", "check", str(small(here))])
    assert commands.run(iopcal) == 0


def test_a_bug_is_one_line_and_exit_70(here, monkeypatch, capsys):
    def fails(**_):
        raise RuntimeError("a name that must not be printed")

    monkeypatch.setattr(commands.iopcal, "main", fails)
    assert commands.run(commands.iopcal) == 70
    told = capsys.readouterr().err
    assert told.startswith("bug in iopcal: RuntimeError in ")
    assert "must not be printed" not in told
    monkeypatch.setattr(sys, "argv", ["iopcal", "--debug"])
    with pytest.raises(RuntimeError):
        commands.run(commands.iopcal)


def test_stopping_says_that_the_old_calendars_are_still_there(monkeypatch, capsys):
    def stops(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands.iopcal, "main", stops)
    assert commands.run(commands.iopcal) == 130
    assert "still there" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "env", "colored"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"CLICOLOR_FORCE": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--plain",), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color_follows_the_flag_then_the_environment(here, words, env, colored):
    unset = dict.fromkeys(("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"))
    result = run("build", small(here, days="dayz"), *words, env={**unset, **env})
    assert ("\x1b[" in result.stderr) is colored


@pytest.mark.parametrize("wrong", ["soon", "2027-13-01T00:00:00Z"])
def test_a_wrong_fixed_clock_is_wrong_usage(here, wrong):
    assert run("plan", small(here), now=wrong).exit_code == 2


def test_today_moves_the_day_and_keeps_the_hour(here):
    file = small(here)
    run("build", file)
    assert "6 already held" in run("plan", file, "--today", "2027-03-01").stdout


def test_every_flag_is_also_read_from_the_environment(here):
    file = small(here)
    assert json.loads(process("check", file, env={"IOPCAL_JSON": "1"}).stdout)["problems"] == []
    assert process("build", file, env={"IOPCAL_OUTPUT": "elsewhere"}, cwd=here).returncode == 0
    assert (here / "elsewhere/small.ics").exists()


def test_a_calendar_of_a_track_that_is_gone_is_removed_only_when_told(here):
    file = here / "tracks.yaml"
    tracks = "tracks: {morning: {day_starts: '9:00'}, evening: {}}\n"
    file.write_text(SMALL.replace("sessions:", f"{tracks}sessions:"))
    assert run("build", file).exit_code == 0
    file.write_text(SMALL.replace("sessions:", "tracks: {evening: {}}\nsessions:"))
    result = run("build", file)
    assert result.exit_code == 4
    assert "small.track-morning.ics: 6 of 6 sessions ahead would go" in result.stderr
    assert "small.track-morning.ics goes, with 6 sessions ahead" in run("plan", file).stdout
    assert run("build", file, "--allow-deletes", "6").exit_code == 0
    assert sorted(path.name for path in here.rglob("*.ics")) == ["small.ics", "small.track-evening.ics"]


def test_a_calendar_of_a_track_that_is_gone_stays_once_nothing_lies_ahead(here):
    file = here / "tracks.yaml"
    file.write_text(SMALL.replace("sessions:", "tracks: {morning: {}, evening: {}}\nsessions:"))
    run("build", file)
    file.write_text(SMALL.replace("sessions:", "tracks: {evening: {}}\nsessions:"))
    assert run("build", file, now="2027-06-01T00:00:00Z").exit_code == 0
    assert (here / "calendars/small.track-morning.ics").exists()


def test_closed_days_and_changes_may_stand_in_files_of_their_own(here):
    (here / "closed.yaml").write_text("- 2027-01-06 Snow\n")
    (here / "changes.yaml").write_text(
        'changes:\n  - {on: 2027-01-08, session: Process group, at: "18:00"}\n'
    )
    file = here / "apart.yaml"
    file.write_text(SMALL + "closed: closed.yaml\nchanges: changes.yaml\n")
    assert run("check", file).exit_code == 0
    lines = run("show", "sessions", file, "--tsv").stdout
    assert "20270106" not in lines
    assert "20270109T000000Z\t20270109T010000Z\t60\t-\tIntensive\tProcess group\t\tmoved" in lines


def test_a_missing_file_of_closed_days_is_named_at_its_place(here):
    file = here / "apart.yaml"
    file.write_text(SMALL + "closed: closed.yaml\n")
    result = run("check", file, "--format", "concise")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{file}:10:9: error[IOP640]")


def test_an_endless_file_is_refused(here):
    result = process("check", "/dev/zero")
    assert result.returncode == 1
    assert "error[IOP11" in result.stdout


def test_quiet_is_silent_when_there_are_only_warnings(here):
    file = CONFIGS / "lakeside-evening.yaml"
    assert run("build", file, "--quiet").output == ""
    assert run("check", file, "--quiet").output == ""
    assert "IOP204" in run("build", file).stderr


def test_json_tells_why_nothing_was_written(here):
    file = small(here)
    run("build", file)
    file.write_text(SMALL.replace("2027-01-04", "2027-03-01"))
    result = run("build", file, "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["exit"]) == (4, 4)
    assert {problem["code"] for problem in document["problems"]} == {"IOP601"}
    assert result.stderr == ""
    (here / "taken").write_text("")
    document = json.loads(run("build", file, "--json", "-o", "taken").stdout)
    assert [problem["code"] for problem in document["problems"]] == ["IOP625"]


def test_show_tells_what_is_wrong_in_place_of_the_week(here):
    result = run("show", "week", small(here, days="dayz"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[IOP102]: 'dayz' is not a key of a phase" in result.stderr


def test_plan_goes_on_after_calendars_that_cannot_be_read(here):
    (here / "calendars/small.ics").mkdir(parents=True)
    other = small(here, "other.yaml", small="other")
    result = run("plan", small(here), other)
    assert result.exit_code == 1
    assert "error[IOP625]: 'calendars/small.ics' could not be read: a folder is in its place" in result.stderr
    assert result.stdout == "other: first publication of 6 sessions\n"


def test_a_second_build_at_the_same_time_is_told_to_come_later(here):
    with Folder(Path("calendars")).lock(now=datetime(2026, 12, 1, 12, tzinfo=UTC), wait=0):
        result = run("build", small(here))
    assert result.exit_code == 75
    assert "error[IOP631]" in result.stderr
    assert not list(here.rglob("*.ics"))


def test_a_calendar_that_breaks_a_rule_of_the_lint_is_a_bug_and_never_written(here, monkeypatch):
    monkeypatch.setattr("iopcal.lint.lint", lambda *_, **__: (Finding(7, "E6", "SEQUENCE '-1'"),))
    result = run("build", small(here))
    assert str(result.exception) == "small.ics: E6 in what was to be written"
    assert not list(here.rglob("*.ics"))


def test_what_was_published_elsewhere_is_built_upon_where_the_folder_has_none(here):
    file = small(here)
    run("build", file, "-o", "first")
    file.write_text(SMALL.replace("17:30", "18:00"), encoding="utf-8")
    assert "~ 6 sessions moved" in run("plan", file, "--published", "first").stdout
    run("build", file, "--published", "first")
    uids = [
        sorted(line for line in path.read_text().splitlines() if line.startswith("UID:"))
        for path in (here / "first/small.ics", here / "calendars/small.ics")
    ]
    assert uids[0] == uids[1]
    assert "SEQUENCE:0\n" not in (here / "calendars/small.ics").read_text()
    assert "No changes" in run("plan", file, "--published", "first").stdout


def test_a_published_folder_that_is_not_there_is_wrong_usage(here):
    assert run("build", small(here), "--published", "nothere").exit_code == 2
    assert run("build", small(here), "-o", "").exit_code == 2
    assert not list(here.rglob("*.ics"))


def test_a_calendar_that_was_lost_beside_its_manifest_gets_fresh_stamps(here):
    file = small(here)
    run("build", file)
    (here / "calendars/small.track.ics").unlink()
    run("build", file)
    assert b"SEQUENCE:0\r\n" not in (here / "calendars/small.track.ics").read_bytes()
    assert b"SEQUENCE:0\r\n" in (here / "calendars/small.ics").read_bytes()


def test_plan_check_tells_problems_before_changes(here):
    assert (
        run("plan", "--check", small(here), small(here, "bad.yaml", small="bad", weeks="weekz")).exit_code
        == 1
    )


def test_check_sees_two_programs_with_one_id_and_one_program_named_twice(here):
    assert run("check", small(here), small(here, "other.yaml")).exit_code == 1
    assert run("check", small(here), small(here)).exit_code == 0


def test_a_moved_session_is_planned_from_its_old_day_to_its_new_one(here):
    file = small(here)
    run("build", file)
    file.write_text(SMALL + "changes:\n  - {on: 2027-01-06, session: Process group, to: 2027-01-07}\n")
    assert "Wed 6 Jan     17:30-18:30 -> Thu 7 Jan 17:30-18:30" in run("plan", file).stdout


def test_build_names_the_line_that_keeps_a_renamed_session(here):
    file = small(here)
    run("build", file)
    file.write_text(SMALL.replace("Process group", "Evening group"))
    assert "give it the line  id: process-group" in run("build", file).stderr


def test_output_that_cannot_be_printed_is_no_bug(here):
    file = small(here)
    command = f"{sys.executable} -m iopcal build {file} > /dev/full"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        ["bash", "-c", command], env=env, capture_output=True, text=True, check=False, cwd=here
    )
    assert (result.returncode, "bug" in result.stderr) == (75, False)
    assert "could not be printed: no space left on device" in result.stderr
    assert (here / "calendars/small.ics").exists()
    closed = command.replace("> /dev/full", ">&-")
    result = subprocess.run(
        ["bash", "-c", closed], env=env, capture_output=True, text=True, check=False, cwd=here
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_lint_explains_a_rule_as_json_too():
    assert json.loads(run("lint", "--explain", "r7", "--json").stdout)["code"] == "R7"


def test_plan_says_when_subscribers_will_see_a_change(here):
    file = small(here)
    run("build", file)
    file.write_text(SMALL.replace("17:30", "18:00"))
    assert (
        "Seen: iPhone an hour to a day - Outlook about 3 h - Google by link 8-24 h"
        in run("plan", file).stdout
    )
