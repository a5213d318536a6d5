"""The table of addresses: drawn at random, kept secret, changed one by one, never begun anew by itself."""

from __future__ import annotations

import base64
import errno
import os
from pathlib import Path

import pytest

from iopcal.problems import Exit
from iopcal.targets import addresses
from iopcal.targets.addresses import Address, Damaged, Table
from iopcal.targets.feed_token import digest
from iopcal.targets.trouble import Trouble
from tests.peopled import Site

TODAY, LATER = "2027-01-04", "2027-02-05"
KEYS = ("participant/p-014", "participant/p-015", "lead/asmith")


@pytest.fixture
def table() -> Table:
    return addresses.with_new(addresses.new_table(), KEYS, TODAY)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(tmp_path)


def test_an_address_is_256_random_bits_and_no_two_are_alike(table: Table) -> None:
    tokens = [entry.token for entry in table.feeds.values()] + [addresses.draw() for _ in range(100)]
    assert len(set(tokens)) == 103
    assert all(len(base64.urlsafe_b64decode(f"{token}=")) == 32 for token in tokens)
    assert len(table.secret) == 32
    assert addresses.new_table().secret != table.secret


def test_a_token_that_holds_a_word_by_chance_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["-" + "a" * 42, "iop" + "-" * 40, "b" * 43])
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: next(drawn))
    assert addresses.draw(lambda token: not token.startswith("iop")) == "b" * 43


def test_a_table_is_read_as_it_was_written(table: Table) -> None:
    changed = addresses.revoked(addresses.rotated(table, KEYS[:1], LATER), KEYS[2:], LATER)
    changed = addresses.with_states(changed, {KEYS[1]: "left"}, LATER)
    assert addresses.parse(addresses.render(changed, "riverbend"), "riverbend") == changed


def test_who_has_an_address_keeps_it(table: Table) -> None:
    again = addresses.with_new(table, (*KEYS, "lead/jlee"), LATER)
    assert {key: again.feeds[key] for key in KEYS} == table.feeds
    assert again.feeds["lead/jlee"].made == LATER
    assert addresses.with_new(again, KEYS, LATER) is again


def test_rotating_changes_one_address_and_remembers_only_a_hash_of_the_old(table: Table) -> None:
    after = addresses.rotated(table, KEYS[:1], LATER)
    old = table.feeds[KEYS[0]].token
    assert after.feeds[KEYS[0]].token != old
    assert [after.feeds[key] for key in KEYS[1:]] == [table.feeds[key] for key in KEYS[1:]]
    assert after.former == {digest(old): LATER}
    assert old.encode() not in addresses.render(after, "riverbend")


def test_a_revoked_address_comes_back_only_by_rotating(table: Table) -> None:
    after = addresses.revoked(table, KEYS[:1], LATER)
    assert after.feeds[KEYS[0]] == Address("", TODAY, "revoked", LATER)
    assert addresses.revoked(after, KEYS[:1], "2027-03-01") == after
    assert addresses.with_new(after, KEYS, LATER) == after
    assert addresses.with_states(after, {KEYS[0]: ""}, LATER) == after
    assert addresses.rotated(after, KEYS[:1], LATER).feeds[KEYS[0]].state == ""


def test_a_state_keeps_the_address(table: Table) -> None:
    left = addresses.with_states(table, {KEYS[0]: "left"}, LATER)
    assert left.feeds[KEYS[0]] == table.feeds[KEYS[0]]._replace(state="left", since=LATER)
    assert addresses.with_states(left, {KEYS[0]: ""}, LATER) == table


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"{", b"["),
        (b'"version": 1', b'"version": 2'),
        (b'"program": "riverbend"', b'"program": "other"'),
        (b'"secret": "', b'"secret": "00'),
        (b'"2027-01-04"]', b'"yesterday"]'),
        (b'"2027-01-04"]', b'"2027-01-04", "odd", ""]'),
        (b'"2027-01-04"]', b'"2027-01-04", "revoked", "2027-01-05"]'),
        (b'["', b'["../'),
        (b"}\n", b"\n"),
    ],
)
def test_what_was_not_written_so_is_damaged(table: Table, old: bytes, new: bytes) -> None:
    data = addresses.render(table, "riverbend")
    assert old in data
    with pytest.raises(Damaged):
        addresses.parse(data.replace(old, new), "riverbend")


def test_two_calendars_with_one_address_are_damage(table: Table) -> None:
    twice = table._replace(feeds={**table.feeds, "lead/jlee": table.feeds["lead/asmith"]})
    with pytest.raises(Damaged):
        addresses.parse(addresses.render(twice, "riverbend"), "riverbend")


@pytest.mark.parametrize("umask", range(64))
def test_nobody_else_can_ever_read_the_file(table: Table, tmp_path: Path, umask: int) -> None:
    path = tmp_path / "riverbend.addresses.json"
    before = os.umask(umask)
    try:
        assert addresses.save(path, table, "riverbend") is None
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert addresses.load(path, "riverbend") == table


def test_a_large_table_is_read_whole(tmp_path: Path) -> None:
    """More than other secret files may have: here 3 MB."""
    many = addresses.with_new(addresses.new_table(), (f"participant/{n:06}" for n in range(30_000)), TODAY)
    path = tmp_path / "riverbend.addresses.json"
    addresses.save(path, many, "riverbend")
    assert path.stat().st_size > 2_000_000
    assert addresses.load(path, "riverbend") == many


def test_a_file_that_others_can_read_is_refused_with_the_cure(table: Table, tmp_path: Path) -> None:
    path = tmp_path / "riverbend.addresses.json"
    addresses.save(path, table, "riverbend")
    path.chmod(0o640)
    found = addresses.load(path, "riverbend")
    assert isinstance(found, Trouble)
    assert (found.exit, found.problem.code) == (Exit.CREDENTIALS, "IOP505")
    assert found.problem.hint == f"chmod 600 {path}"


def test_a_disk_that_fails_for_a_while_is_no_reason_to_begin_anew(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "riverbend.addresses.json"
    addresses.save(path, table, "riverbend")

    def broken(descriptor: int, most: int) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "read", broken)
    found = addresses.load(path, "riverbend")
    assert isinstance(found, Trouble)
    assert (found.exit, found.problem.code) == (Exit.LATER, "IOP621")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_table_that_cannot_be_written_stays_as_it_was(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "riverbend.addresses.json"
    addresses.save(path, table, "riverbend")

    def full(*words: object, **keys: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        found = addresses.save(path, addresses.rotated(table, KEYS, LATER), "riverbend")
    assert isinstance(found, Trouble)
    assert found.problem.message.endswith("the disk is full")
    assert addresses.load(path, "riverbend") == table
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_run_left_of_the_table_goes_and_nothing_else(site: Site) -> None:
    site.build("-q")
    left, others = ".iopcal-riverbend.addresses.json-0123.tmp", ".iopcal-0123.tmp"
    for name in (left, others):
        (site.folder / name).write_bytes(b"half")
    site.enroll(p_018="track: evening")
    site.build("-q")
    assert not (site.folder / left).exists()
    assert (site.folder / others).exists()


def test_a_build_stops_where_others_can_read_the_addresses(site: Site) -> None:
    site.build("-q")
    before = site.calendars()
    site.table_file.chmod(0o604)
    site.enroll(p_018="track: evening")
    assert f"chmod 600 {site.table_file}" in site.build(code=5)
    assert site.calendars() == before


def test_a_damaged_table_is_not_replaced(site: Site) -> None:
    site.build("-q")
    site.table_file.write_bytes(b"{")
    assert "refused[IOP651]" in site.build(code=4)
    assert site.table_file.read_bytes() == b"{"


@pytest.mark.parametrize("other", [False, True], ids=["gone", "another"])
def test_without_its_table_a_folder_is_not_filled(site: Site, other: bool) -> None:
    """Everybody would get another address, and nobody would know."""
    site.build("-q")
    before = site.calendars()
    kept = site.table_file.read_bytes()
    site.table_file.unlink()
    if other:
        addresses.save(site.table_file, addresses.new_table(), "riverbend")
    assert "refused[IOP650]" in site.build(code=4)
    assert site.calendars() == before
    addresses.save(site.table_file, addresses.parse(kept, "riverbend"), "riverbend")
    site.build("-q")
    assert site.calendars() == before


def test_a_lost_table_is_begun_anew_only_when_told_so(site: Site) -> None:
    site.build("-q")
    old = set(site.calendars())
    site.table_file.unlink()
    assert site.run("feed rotate", "--all").exit_code == 0
    assert not [name for name in site.calendars() if name.startswith("feeds/")]
    site.build("-q")
    new = {name for name in site.calendars() if name.startswith("feeds/")}
    assert len(new) == 6
    assert not new & old


def test_the_table_lies_beside_the_roster_and_moves_with_it(site: Site) -> None:
    private = site.folder / "private"
    private.mkdir()
    (site.folder / "roster.yaml").rename(private / "roster.yaml")
    site.edit("roster.yaml", "private/roster.yaml")
    site.build("-q")
    assert (private / "riverbend.addresses.json").stat().st_mode & 0o777 == 0o600
    assert not site.table_file.exists()


def test_a_table_begun_beside_the_program_stays_there(site: Site) -> None:
    site.build("-q")
    private = site.folder / "private"
    private.mkdir()
    (site.folder / "roster.yaml").rename(private / "roster.yaml")
    site.edit("roster.yaml", "private/roster.yaml")
    before = site.calendars()
    site.build("-q")
    assert site.calendars() == before
    assert list(private.iterdir()) == [private / "roster.yaml"]


def test_a_program_without_personal_calendars_has_no_table(site: Site) -> None:
    site.program.write_text(
        site.program.read_text().partition("feeds:\n")[0].replace("roster: roster.yaml\n", "")
    )
    site.build("-q")
    assert not list(site.folder.glob("*addresses*"))
    assert sorted(path.name for path in site.output.iterdir() if path.suffix == ".ics") == [
        "riverbend.ics", "riverbend.track-evening.ics", "riverbend.track-morning.ics",
    ]  # fmt: skip
