"""Drafts of calendars over what is published, and which files are ours."""

from __future__ import annotations

import pytest

from iopcal.publish import Options, drafts, recognised, wanted_files
from iopcal.targets import ics
from tests.drafting import drafted, expanded
from tests.program_text import program_text
from tests.publishing import build, events, moment

NOW = "2027-01-02T12:00Z"
LATER = "2027-01-06T14:15Z"
MINUTES = 3_690_135  # from 2020-01-01T00:00Z to LATER
TRACKS = "{morning: {day_starts: 9:00}, evening: {title: After work}}"


def test_a_program_is_one_calendar_for_staff_and_one_a_track() -> None:
    assert sorted(build(program_text(), {}, NOW)) == ["evening-iop.ics", "evening-iop.track.ics"]
    files = [draft.file for draft in drafted(program_text(tracks=TRACKS), {}, moment(NOW))]
    assert files == ["evening-iop.ics", "evening-iop.track-morning.ics", "evening-iop.track-evening.ics"]


def test_calendars_carry_the_title_of_the_program_and_of_the_track() -> None:
    names = [
        draft.publication.calendar.name for draft in drafted(program_text(tracks=TRACKS), {}, moment(NOW))
    ]
    assert names == ["Evening IOP", "Evening IOP: morning", "Evening IOP: After work"]


def test_restamp_marks_every_event_as_changed_with_or_without_a_file() -> None:
    program, expansion = expanded(program_text())
    files = build(program_text(), {}, NOW)
    options = Options(moment(LATER), restamp=True)
    for current in (files, {}):
        found = wanted_files(drafts(program, expansion, current.get, options))
        for data in found.values():
            assert {told.sequence for told in events(data).values()} == {MINUTES}
            assert {told.modified for told in events(data).values()} == {"20270106T141500Z"}


def test_after_a_damaged_file_every_event_counts_as_changed() -> None:
    files = build(program_text(), {}, NOW)
    files["evening-iop.ics"] = files["evening-iop.ics"][:-20]
    again = build(program_text(), files, LATER)
    assert {told.sequence for told in events(again["evening-iop.ics"]).values()} == {MINUTES}
    assert again["evening-iop.track.ics"] == files["evening-iop.track.ics"]


def test_a_foreign_file_in_the_place_of_a_calendar_is_not_called_damaged() -> None:
    files = {"evening-iop.ics": b"somebody's"}
    assert [draft.damaged for draft in drafted(program_text(), files, moment(NOW))] == [False, False]


def test_what_is_ours_is_recognised_however_damaged() -> None:
    data = build(program_text(), {}, NOW)["evening-iop.ics"]
    assert recognised("evening-iop.ics", data)
    assert recognised("evening-iop.ics", data[: len(data) // 2])
    assert not recognised("evening-iop.ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")


def test_a_calendar_that_could_not_be_read_again_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics, "publish", lambda *_: b"BEGIN:VCALENDAR\r\n")
    with pytest.raises(AssertionError, match="cannot be read"):
        drafted(program_text(), {}, moment(NOW))
