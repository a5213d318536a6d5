"""An address is as good as a password: nothing but `feed show` ever tells one, whatever goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peopled import Site

WHO = "participant/p-014"


def a_file(calendar: Path) -> None:
    """Puts a file where the folder of a calendar belongs."""
    shutil.rmtree(calendar.parent)
    calendar.parent.write_text("x")


def a_folder(calendar: Path) -> None:
    calendar.unlink()
    calendar.mkdir()


def a_link(calendar: Path) -> None:
    elsewhere = calendar.parents[3] / "elsewhere"
    shutil.move(calendar.parent, elsewhere)
    calendar.parent.symlink_to(elsewhere)


def a_link_to_a_file(calendar: Path) -> None:
    elsewhere = calendar.parents[3] / "elsewhere.ics"
    shutil.move(calendar, elsewhere)
    calendar.symlink_to(elsewhere)


def damage(calendar: Path) -> None:
    calendar.write_bytes(calendar.read_bytes()[:-40])


@pytest.fixture
def site(tmp_path: Path) -> Site:
    found = Site(tmp_path)
    found.build("-q")
    return found


@pytest.mark.parametrize("harm", [a_file, a_folder, a_link, a_link_to_a_file])
@pytest.mark.parametrize("words", [(), ("--json",), ("-n",)], ids=" ".join)
def test_an_error_of_the_disk_tells_the_six_digits_of_an_address(
    site: Site, harm: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    entry = site.table.feeds[WHO]
    harm(site.path(WHO))
    site.enroll(p_014="track: morning")
    found = site.run("build", *words)
    assert found.exit_code == 1
    assert f"feeds/({entry.mark})" in found.output
    assert not [one.token for one in site.table.feeds.values() if one.token in found.output]


@pytest.mark.parametrize("words", [(), ("--json",), ("-v",), ("-n",), ("-n", "--json")], ids=" ".join)
@pytest.mark.parametrize("harm", [damage, lambda calendar: None], ids=["damaged", "whole"])
def test_a_build_tells_no_address(site: Site, harm: Callable[[Path], None], words: tuple[str, ...]) -> None:
    tokens = [one.token for one in site.table.feeds.values()]
    harm(site.path(WHO))
    site.enroll(p_014="track: morning", p_015=None)
    found = site.run("build", *words)
    assert found.exit_code == 0
    assert not [token for token in tokens if token in found.output]
