"""Files that every reader understands: ours without a finding, foreign ones without an error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iopcal.lint import lint
from tests.lint.changes import HERE

GOOD = sorted((HERE / "good").glob("*.ics"))
FOREIGN = sorted((HERE / "foreign").glob("*.ics"))
NOW = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_of_ours_has_no_finding(path):
    assert lint(path.read_bytes()) == ()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_file_beside_itself_has_no_difference(path):
    assert lint(path.read_bytes(), was=path.read_bytes(), now=NOW) == ()


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_a_good_foreign_file_has_warnings_at_most_and_one_of_a_code(path):
    found = lint(path.read_bytes())
    assert [finding for finding in found if finding.severity != "warning"] == []
    assert len({finding.code for finding in found}) == len(found)


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_what_iopcal_wrote_is_held_to_its_own_shape(path):
    assert any(finding.severity == "error" for finding in lint(path.read_bytes(), ours=True))


def test_there_are_foreign_files_of_many_writers():
    assert len(FOREIGN) >= 10


def test_a_link_that_only_the_notes_hold_needs_no_url():
    old = b"DESCRIPTION:Phase: Intensive\r\n"
    data = (HERE / "good" / "feed.ics").read_bytes()
    assert old in data
    assert lint(data.replace(old, b"DESCRIPTION:https://clinic.example/map\\nBring a pen\r\n")) == ()


def test_a_file_of_very_many_zones_is_read_like_any_other():
    data = (HERE / "good" / "phoenix.ics").read_bytes()
    block = data[data.index(b"BEGIN:VTIMEZONE") : data.index(b"BEGIN:VEVENT")]
    names = [f"Etc/GMT-{hours}" for hours in range(1, 15)] + [f"Mars/Base_{number}" for number in range(30)]
    blocks = b"".join(block.replace(b"America/Phoenix", name.encode()) for name in names)
    found = [finding.text for finding in lint(data.replace(block, blocks + block)) if finding.code == "Z2"]
    assert found == [f"TZID 'Mars/Base_{number}' is not the IANA name of a zone" for number in range(30)]


def test_a_file_by_name_is_a_feed_and_as_decides_otherwise():
    feed = (HERE / "good" / "feed.ics").read_bytes()
    codes = {finding.code for finding in lint(feed, as_="file")}
    assert codes == {"C6", "E11"}


def test_a_foreign_warning_counts_the_others_like_it():
    text = [f.text for f in lint((HERE / "foreign" / "two-zones.ics").read_bytes()) if f.code == "E3"]
    assert text == ["UID 'trip-77' is not a bare lower-case UUID (and 1 more like it)"]
