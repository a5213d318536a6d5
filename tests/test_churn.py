"""An edit of a program changes exactly the entries it must, in every file, and undoing it gives them back.

Each folder of `tests/churn/` holds a program before and after one edit, and `expect.yaml`:

    edit              what is edited, in words
    series, flat      UIDs added/removed/changed in each file; one value stands for all files;
                      `0 bytes`: the file is not touched
    discreet          the same of the stretches of the day in a discreet calendar of each track
    later             the same after days in which nobody edits anything (`at`)
    published, edited, undone       when, if not as in `WHEN`

The numbers are reckoned by hand; comments say how. s are the series of a session, one for each phase and
weekday it meets in, d its dates. All sessions of an evening are one stretch, where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from iopcal.lint import lint
from tests.publishing import Files, build, build_discreet, count, events, moment

CASES = sorted(path.parent for path in (Path(__file__).parent / "churn").glob("*/expect.yaml"))
WHEN = {
    "published": "2027-01-02T12:00Z",  # Saturday; all programs start on Monday 4 January
    "edited": "2027-01-05T12:00Z",
    "undone": "2027-01-06T12:00Z",
}
FIRST = "20200101T000000Z"


Build = Callable[[str, Files, str], dict[str, bytes]]
SHAPES: Mapping[str, Build] = {"series": build, "flat": partial(build, flat=True), "discreet": build_discreet}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_an_edit_and_its_undoing_change_no_more_entries_than_they_must(case: Path, shape: str) -> None:
    before, after = ((case / f"{name}.yaml").read_text(encoding="utf-8") for name in ("before", "after"))
    expected = WHEN | yaml.load((case / "expect.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    publish = SHAPES[shape]

    first = publish(before, {}, expected["published"])
    assert publish(before, first, expected["edited"]) == first
    for data in first.values():
        assert {(told.dtstamp, told.sequence) for told in events(data).values()} == {(FIRST, 0)}

    edited = publish(after, first, expected["edited"])
    assert_step(first, edited, expected[shape], expected["edited"])
    assert publish(after, edited, expected["undone"]) == edited
    assert_undone(before, first, edited, expected["undone"], publish)

    if later := expected.get("later"):
        forgotten = publish(after, edited, later["at"])
        assert_step(edited, forgotten, later[shape], later["at"])
        undone = f"{moment(later['at']) + timedelta(days=1):%Y-%m-%dT%H:%MZ}"
        assert_undone(before, first, forgotten, undone, publish)


def assert_step(before: Files, after: Files, expected: Any, now: str) -> None:
    """Holds each file against the hand-written count, and its stamps against the clock."""
    assert before.keys() == after.keys()
    found = {
        file: "0 bytes" if before[file] == data else str(count(before[file], data))
        for file, data in after.items()
    }
    assert found == (expected if isinstance(expected, dict) else dict.fromkeys(found, expected))
    assert_stamps(before, after, moment(now))


def assert_stamps(before: Files, after: Files, now: datetime) -> None:
    """Holds the stamps of every event against what was published before, and asks the lint, too."""
    for file, data in after.items():
        old = events(before[file])
        for uid, told in events(data).items():
            assert told.dtstamp == told.modified
            if uid not in old:
                assert (told.modified, told.sequence) == (f"{now:%Y%m%dT%H%M%SZ}", minutes(now))
            elif told.lines == old[uid].lines:
                assert told == old[uid]
            else:
                assert (told.modified, told.sequence) == (f"{now:%Y%m%dT%H%M%SZ}", old[uid].sequence + 1)
        findings = lint(data, as_="feed", was=before[file], now=now)
        # Two stretches a day that become one again are fewer, and nobody misses anything.
        assert {finding.code for finding in findings} <= {"D6"}


def minutes(now: datetime) -> int:
    """Returns the whole minutes since 2020 began, above any number an event has counted up to."""
    return (now - moment("2020-01-01T00:00Z")) // timedelta(minutes=1)


def assert_undone(before: str, first: Files, edited: Files, now: str, publish: Build) -> None:
    """Undoes the edit, and holds that the very events are back, with higher numbers where they changed."""
    undone = publish(before, edited, now)
    assert_stamps(edited, undone, moment(now))
    for file, data in undone.items():
        was, between, found = events(first[file]), events(edited[file]), events(data)
        assert {uid: told.lines for uid, told in found.items()} == {
            uid: told.lines for uid, told in was.items()
        }
        for uid, told in found.items():
            if told != was[uid]:
                assert uid not in between or between[uid].sequence > was[uid].sequence
                assert told.sequence >= was[uid].sequence + 2
                assert told.modified > was[uid].modified
    assert publish(before, undone, "2028-12-24T12:00Z") == undone
