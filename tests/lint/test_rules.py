"""One change of a good file breaks one rule, and the lint names that rule and no other."""

from __future__ import annotations

import pytest

from iopcal.lint import RULES, lint
from tests.lint.changes import HERE, read_change

CHANGES = sorted((HERE / "bad").glob("*.change"))


@pytest.mark.parametrize("path", CHANGES, ids=lambda path: path.stem)
def test_the_lint_names_exactly_the_rule_that_is_broken(path):
    change = read_change(path)
    found = lint(change.changed, **change.options)
    assert {finding.code for finding in found} == {path.stem.partition("-")[0]}, found


FOREIGN_CHANGES = sorted((HERE / "bad_foreign").glob("*.change"))


@pytest.mark.parametrize("path", FOREIGN_CHANGES, ids=lambda path: path.stem)
def test_in_a_foreign_file_the_rule_is_the_only_error(path):
    change = read_change(path)
    found = lint(change.changed, **change.options)
    errors = [finding for finding in found if finding.severity == "error"]
    assert {finding.code for finding in errors} == {path.stem.partition("-")[0]}, errors


def test_every_rule_has_a_file_that_breaks_it():
    broken = {path.stem.partition("-")[0] for path in (*CHANGES, *FOREIGN_CHANGES)}
    assert broken == RULES.keys() - {"B6"}  # too large a file to keep


def padded(size: int) -> bytes:
    """A good feed that is exactly so many bytes long: notes of many lines, folded."""
    data = (HERE / "good" / "feed.ics").read_bytes()
    mark = b"\r\nDESCRIPTION:Phase: Intensive"
    lines, rest = divmod(size - len(data), 77)
    half = (77 + rest) // 2
    parts = [77] * (lines - 1) + [half, 77 + rest - half]
    return data.replace(mark, mark + b"".join(b"\r\n " + b"x" * (part - 3) for part in parts))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_named_as_that_and_nothing_else(encoding):
    data = f"\ufeff{(HERE / 'good' / 'feed.ics').read_text(encoding='utf-8')}".encode(encoding)
    assert [(finding.line, finding.code, finding.text) for finding in lint(data)] == [
        (1, "B1", "the file is UTF-16")
    ]


@pytest.mark.parametrize(
    ("size", "severities"),
    [(799_999, []), (800_000, ["warning"]), (999_999, ["warning"]), (1_000_000, ["error"])],
)
def test_a_file_near_a_megabyte_is_a_warning_and_a_megabyte_an_error(size, severities):
    data = padded(size)
    assert len(data) == size
    assert [(finding.code, finding.severity) for finding in lint(data)] == [("B6", s) for s in severities]


def test_ten_thousand_events_are_too_many():
    head, event, end = (HERE / "good" / "one-night.ics").read_bytes().partition(b"BEGIN:VEVENT\r\n")
    body = b"SUMMARY:x\r\nEND:VEVENT\r\n"
    few = head + (event + body) * 9_999 + b"END:VCALENDAR\r\n"
    many = head + (event + body) * 10_000 + b"END:VCALENDAR\r\n"
    assert end
    assert not any(finding.code == "B6" for finding in lint(few))
    assert any(finding.code == "B6" and "10,000 events" in finding.text for finding in lint(many))
