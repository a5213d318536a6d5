"""Reading a `sync.yaml` from the disk with all its programs, as commands do."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from iopcal.cli.syncing import LoadedSync, is_sync_file, load_sync, sync_file
from iopcal.views.problems import concise
from tests.command import ROOT, run, small
from tests.sync_text import sync_text

KEYS = {"targets": ["{name: web, kind: ics, folder: out, feeds: [small/*]}"]}
QUIET = ("IOPCAL_STATE", "IOPCAL_GOOGLE_API_ROOT", "CREDENTIALS_DIRECTORY")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes away what a run may have inherited."""
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)


def site(folder: Path, **keys: object) -> str:
    """Writes a sync file into a folder and returns its name; its program is not written."""
    path = folder / "sync.yaml"
    path.write_text(sync_text(**{**KEYS, **keys}), encoding="utf-8")
    return str(path)


def programs(loaded: LoadedSync, folder: Path) -> list[str]:
    """Returns the names of the programs that were read, from the folder on."""
    return [each.file.removeprefix(f"{folder}/") for each in loaded.programs]


def said(loaded: LoadedSync, folder: Path) -> list[str]:
    """Returns every problem in a line."""
    return [concise(each).replace(f"{folder}/", "") for each in loaded.all_problems()]


def test_paths_are_relative_to_the_file_and_come_out_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etc").mkdir()
    small(tmp_path / "etc", "evening.yaml")
    site(tmp_path / "etc", state="cache", metrics="/var/x.prom", heartbeat="{url_file: ../ping}")
    monkeypatch.chdir(tmp_path)
    loaded = load_sync("etc/sync.yaml")
    assert loaded.sound
    sync = loaded.sync
    assert sync is not None
    assert sync.heartbeat is not None
    assert (sync.programs, sync.state, sync.metrics) == (("etc/evening.yaml",), "etc/cache", "/var/x.prom")
    assert (sync.credentials[0].file, sync.heartbeat.url_file) == ("etc/secrets/clinic.json", "etc/../ping")
    assert [each.program.id for each in loaded.programs if each.program] == ["small"]
    assert set(loaded.texts) == {"etc/sync.yaml", "etc/evening.yaml"}


def test_the_home_folder_is_put_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    small(tmp_path / "home", "evening.yaml")
    loaded = load_sync(site(tmp_path, programs="~/*.yaml"))
    assert loaded.sync is not None
    assert loaded.sync.state == f"{tmp_path}/home/.local/state/iopcal"
    assert programs(loaded, tmp_path) == ["home/evening.yaml"]


def test_the_environment_names_another_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path, "evening.yaml")
    monkeypatch.setenv("IOPCAL_STATE", "/var/lib/iopcal")
    loaded = load_sync(site(tmp_path, state="cache"))
    assert loaded.sync is not None
    assert loaded.sync.state == "/var/lib/iopcal"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("'*.yaml'", ["a.yaml", "b.yaml"]),
        ("'[ab].yaml'", ["a.yaml", "b.yaml"]),
        ("'**/*.yaml'", ["a.yaml", "b.yaml", "deep/er/c.yaml"]),
        ("deep/*/c.yaml", ["deep/er/c.yaml"]),
        ("deep/../b.yaml", ["deep/../b.yaml"]),
        ("[b.yaml, '*.yaml']", ["b.yaml", "a.yaml"]),
        (".hidden.yaml", [".hidden.yaml"]),
    ],
)
def test_a_pattern_finds_files_but_no_hidden_ones_and_not_the_sync_file(
    tmp_path: Path, pattern: str, found: list[str]
) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "folder.yaml").mkdir()
    for number, name in enumerate(("a.yaml", "b.yaml", "deep/er/c.yaml", ".hidden.yaml")):
        small(tmp_path, name, **{"id: small": f"id: small-{number}"})
    loaded = load_sync(site(tmp_path, programs=pattern))
    assert programs(loaded, tmp_path) == found
    assert loaded.sound
    absolute = load_sync(site(tmp_path, programs=f"'{tmp_path}/*.yaml'"))
    assert programs(absolute, tmp_path) == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    "pattern", ["none.yaml", "x/*.yaml", "sync.yaml", "a**b/c", f"{'n' * 300}.yaml", "folder", "'['"]
)
def test_a_pattern_that_finds_nothing_is_an_error(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "folder").mkdir()
    loaded = load_sync(site(tmp_path, programs=f"[{pattern}]"))
    assert loaded.sync is None
    assert [each.code for each in loaded.problems] == ["IOP530"]


def test_letters_of_patterns_may_stand_in_the_names_of_files_and_folders(tmp_path: Path) -> None:
    folder = tmp_path / "[2027] *"
    folder.mkdir()
    small(folder, "[a].yaml")
    assert load_sync(site(folder, programs="'[a].yaml'")).sound
    assert load_sync(site(folder, programs="'*.yaml'")).sound


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    small(tmp_path, "evening.yaml", **{"weeks: 2": "weeks: two"})
    loaded = load_sync(site(tmp_path, programs="[evening.yaml, gone.yaml]", metric="x"))
    assert not loaded.sound
    assert [line.partition(": error")[2] for line in said(loaded, tmp_path)] == [
        "[IOP147]: 'two' is not a whole number (did you mean '2'?)",
        "[IOP530]: 'gone.yaml' finds no program file "
        "(paths are relative to the folder of this file; check the name)",
        "[IOP102]: 'metric' is not a key of a sync file (did you mean 'metrics'?)",
    ]
    assert [each.code for each in loaded.problems] == ["IOP530", "IOP102"]


def test_a_program_with_a_problem_leaves_the_sync_file_as_it_is(tmp_path: Path) -> None:
    small(tmp_path, "evening.yaml", **{"weeks: 2": "weeks: two"})
    loaded = load_sync(site(tmp_path))
    assert loaded.sync is not None
    assert not loaded.sound


def test_two_programs_of_one_id_are_a_problem(tmp_path: Path) -> None:
    small(tmp_path, "a.yaml")
    small(tmp_path, "b.yaml")
    loaded = load_sync(site(tmp_path, programs="[a.yaml, b.yaml]"))
    assert [each.code for each in loaded.all_problems()] == ["IOP641", "IOP641"]


def test_a_sync_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    loaded = load_sync(str(tmp_path / "sync.yaml"))
    assert (loaded.sync, loaded.programs) == (None, ())
    assert said(loaded, tmp_path) == [
        "error[IOP640]: 'sync.yaml' cannot be read: no such file or directory (check the name)"
    ]


def test_a_sync_file_is_read_within_limits(tmp_path: Path) -> None:
    path = tmp_path / "sync.yaml"
    path.write_bytes(b"iopcal-sync: 1\n" + b"#" * 262_144)
    assert [each.code for each in load_sync(str(path)).problems] == ["IOP111"]
    path.write_text(f"iopcal-sync: 1\n{'k' * 201}: 1\n")
    assert "IOP115" in {each.code for each in load_sync(str(path)).problems}


def test_no_error_of_the_text_lets_a_sync_file_through(tmp_path: Path) -> None:
    small(tmp_path, "evening.yaml")
    loaded = load_sync(site(tmp_path, metrics="!!str x"))
    assert loaded.sync is None
    assert [each.code for each in loaded.problems] == ["IOP124"]


def test_a_sign_in_to_nothing_is_for_test_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path, "evening.yaml")
    file = site(tmp_path, credentials="{clinic: {kind: none}}")
    assert said(load_sync(file), tmp_path) == [
        "sync.yaml:3:15: error[IOP537]: 'none' signs in to nothing: it is for test servers alone "
        "(write 'kind: service-account' or 'kind: user')"
    ]
    assert load_sync(file).sync is None
    monkeypatch.setenv("IOPCAL_GOOGLE_API_ROOT", "http://127.0.0.1:9/")
    assert load_sync(file).sound


def test_secrets_that_systemd_hands_over_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path, "evening.yaml")
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / "clinic.json").write_text("{}")
    (handed / "office.token.json").write_text("{}")
    (handed / "ping").write_text("x")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    office = "{kind: user, client: secrets/client.json, token: secrets/office.token.json}"
    ways = f"{{clinic: {{kind: service-account, file: secrets/clinic.json}}, office: {office}}}"
    sync = load_sync(site(tmp_path, credentials=ways, heartbeat="{url_file: ping}")).sync
    assert sync is not None
    assert sync.heartbeat is not None
    clinic, user = sync.credentials
    assert (clinic.file, sync.heartbeat.url_file) == (f"{handed}/clinic.json", f"{handed}/ping")
    assert (user.client, clinic.client) == (f"{tmp_path}/secrets/client.json", "")
    assert user.token == f"{tmp_path}/secrets/office.token.json", "it is written, too"


def test_without_a_name_the_file_is_sync_yaml_or_that_of_configs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        click.UsageError, match=r"name a sync file; there is no sync\.yaml and no configs/sync"
    ):
        sync_file()
    (tmp_path / "configs").mkdir()
    site(tmp_path / "configs")
    assert sync_file() == "configs/sync.yaml"
    site(tmp_path)
    assert sync_file() == "sync.yaml"
    assert sync_file("other.yaml") == "other.yaml"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("iopcal-sync: 1\n", True),
        ("\ufeff# a comment\n\n'iopcal-sync' : 1\n", True),
        ("programs: a\niopcal-sync: 1\n", True),
        ("{iopcal-sync: 1}\n", True),
        ("iopcal: 1\nprogram: A\n", False),
        ("program: A\nnotes: |\n  iopcal-sync: 1\n", False),
    ],
)
def test_a_sync_file_is_known_by_its_key(tmp_path: Path, text: str, is_one: bool) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    assert is_sync_file(str(file)) is is_one
    assert not is_sync_file(str(tmp_path))


def test_check_reads_a_sync_file_with_its_programs_each_once(tmp_path: Path) -> None:
    file, program = site(tmp_path), small(tmp_path, "evening.yaml")
    result = run("check", file, program)
    assert (result.exit_code, result.stderr) == (0, "2 files checked: all is well.\n")
    small(tmp_path, "evening.yaml", **{"weeks: 2": "weeks: two"})
    result = run("check", "--format", "concise", file, program)
    assert result.exit_code == 1
    assert (
        result.stdout == f"{program}:9:30: error[IOP147]: 'two' is not a whole number (did you mean '2'?)\n"
    )


def test_a_sync_file_in_the_place_of_a_program_is_one_problem(tmp_path: Path) -> None:
    file = site(tmp_path)
    result = run("build", file, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("error[IOP540]: this is a sync file, where a program belongs\n")
    assert " = help: give it to a command that takes sync files, such as 'iopcal sync'\n" in result.stderr
    assert "2 problems" not in result.stderr


def test_the_shipped_sync_file_has_no_errors_and_its_programs_neither() -> None:
    assert load_sync(str(ROOT / "configs/sync.yaml")).sound


def test_the_schema_of_sync_files_is_printed_on_demand() -> None:
    assert '"title": "Sync file of iopcal"' in run("schema", "sync").stdout
    assert run("schema").stdout == run("schema", "program").stdout
    assert run("schema", "x").exit_code == 2
