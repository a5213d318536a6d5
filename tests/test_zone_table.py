"""Time zone data: the rules of its files, old data of a computer, and what a user is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tzdata import IANA_VERSION

from iopcal.model import Place
from iopcal.targets.vtimezone import objection, packaged_zone_data_differs
from iopcal.targets.zone_problems import zone_problems
from iopcal.targets.zone_table import packaged_file, read_rule, read_table, rule_steps
from tests.zones import zone_folders

YEAR = (date(2026, 9, 1), date(2027, 8, 20))


@pytest.mark.parametrize(
    ("rule", "offsets"),
    [
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", {"2027-01-15": 39_600, "2027-07-15": 37_800}),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", {"2027-03-26": 7_200, "2027-03-27": 10_800}),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", {"2027-03-27": -7_200, "2027-03-28": -3_600}),
        ("MST7", {"2027-01-15": -25_200}),
    ],
)
def test_a_posix_rule_counts_west_as_positive_and_hours_beyond_the_day(
    rule: str, offsets: dict[str, int]
) -> None:
    found = read_rule(rule)
    assert found is not None
    for day, seconds in offsets.items():
        noon = int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())
        assert rule_steps(found, noon, noon + 1) == ((noon, seconds),)


@pytest.mark.parametrize("rule", ["", "EST5EDT", "EST5EDT,J60,J300", "EST5EDT,M3.2.0", "x", "M3.2.0"])
def test_a_rule_of_another_form_is_none(rule: str) -> None:
    assert read_rule(rule) is None


def test_damaged_zone_files_are_refused() -> None:
    data = packaged_file("America/Chicago").read_bytes()
    for length in (0, 3, 40, 44, 200, len(data) // 2):
        with pytest.raises(ValueError, match="time zone file"):
            read_table(data[:length])
    for head in (b"PK\x03\x04", b"TZif\x00"):
        with pytest.raises(ValueError, match="not a time zone file of version 2 or later"):
            read_table(head + data[len(head) :])


@pytest.fixture
def old_computer(tmp_path: Path) -> Iterator[Path]:
    """A computer with zone data of 2020, in which Chicago has no summer time."""
    folder = tmp_path / "zoneinfo"
    (folder / "America").mkdir(parents=True)
    (folder / "America" / "Chicago").write_bytes(packaged_file("Etc/GMT+6").read_bytes())
    (folder / "America" / "Phoenix").write_bytes(packaged_file("America/Phoenix").read_bytes())
    (folder / "tzdata.zi").write_text("# version 2020a\n# comment\n", encoding="utf-8")
    with zone_folders(folder):
        yield folder


def test_older_zone_data_that_differs_is_told_with_the_first_date(old_computer: Path) -> None:
    found = packaged_zone_data_differs("America/Chicago", date(2026, 2, 2), date(2026, 5, 1))
    assert found is not None
    assert (found.day, found.installed) == (date(2026, 3, 8), "2020a")
    assert found.packaged > "2025"
    assert packaged_zone_data_differs("America/Chicago", date(2026, 1, 5), date(2026, 2, 27)) is None
    assert packaged_zone_data_differs("America/Phoenix", date(2026, 2, 2), date(2026, 5, 1)) is None


def test_newer_zone_data_of_the_computer_is_trusted(old_computer: Path) -> None:
    (old_computer / "+VERSION").write_text("2099a\n", encoding="utf-8")
    assert packaged_zone_data_differs("America/Chicago", date(2026, 2, 2), date(2026, 5, 1)) is None


def test_a_zone_that_only_the_computer_knows_is_trusted(old_computer: Path) -> None:
    (old_computer / "America" / "Riverbend").write_bytes(packaged_file("Etc/GMT+6").read_bytes())
    assert packaged_zone_data_differs("America/Riverbend", date(2026, 2, 2), date(2026, 5, 1)) is None


def test_zone_data_of_the_computer_is_trusted_where_the_package_was_left_out(
    old_computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the packagers of some systems do."""
    monkeypatch.setitem(sys.modules, "tzdata", None)
    assert packaged_zone_data_differs("America/Chicago", date(2026, 2, 2), date(2026, 5, 1)) is None


def test_zone_data_of_the_package_differs_from_nothing() -> None:
    with zone_folders():
        assert packaged_zone_data_differs("America/Chicago", *YEAR) is None


def test_a_zone_that_cannot_be_written_is_a_warning_with_its_name_and_date() -> None:
    place = Place("program.yaml", 3, 11, 17)
    with zone_folders():
        (law,) = zone_problems("Africa/Casablanca", *YEAR, place)
        (rule,) = zone_problems("America/Santiago", date(2028, 3, 20), date(2029, 4, 20), place)
        day = objection("Africa/Casablanca", *YEAR)
    assert day is not None
    for found in (law, rule):
        assert (found.code, found.severity, found.place) == ("IOP610", "warning", place)
        assert found.hint == (
            "nothing to do if the program is there: every calendar shows the right times, some name them UTC"
        )
    assert law.message == (
        "files give the times of 'Africa/Casablanca' in UTC, one entry a session, because "
        f"its clocks changed by another rule until {day.day}, which older calendars do not know"
    )
    assert rule.message == (
        "files give the times of 'America/Santiago' in UTC, one entry a session, because "
        "no yearly rule says that clocks change on 2028-04-01"
    )
    assert zone_problems("America/Phoenix", *YEAR, place) == ()


def test_old_zone_data_is_a_warning_that_names_the_cure(old_computer: Path) -> None:
    (found,) = zone_problems("America/Chicago", date(2026, 2, 2), date(2026, 5, 1), Place("p", 1, 1))
    assert found.code == "IOP611"
    assert found.message == (
        f"this computer's time zone data '2020a' is older than '{IANA_VERSION}' "
        "and differs for 'America/Chicago' from 2026-03-08 on"
    )
    assert found.hint == (
        "update the computer's time zone data (tzdata), or set PYTHONTZPATH= (empty) to use ours"
    )
