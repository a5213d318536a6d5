"""Lines of `changes` that set one key twice for one session and day: which holds, nobody could say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from iopcal.language.fields import Field, Row
from iopcal.language.placements import AT, MINUTES
from iopcal.language.report import Report
from iopcal.model import Addition, FromChange, OnChange, Place

_WITHOUT = frozenset({"on", "from", "session", "tracks", "cohorts", "why"})  # say whom and when, not what
T = TypeVar("T", OnChange, FromChange)


def check_on(changes: Sequence[tuple[OnChange, Row]], report: Report) -> None:
    """Reports two `on` lines that set one key of one session on one day (IOP170)."""
    under_way: list[tuple[OnChange, Row]] = []
    for change, row in sorted(changes, key=lambda pair: (pair[0].activity, pair[0].span.first)):
        under_way = [
            (other, earlier)
            for other, earlier in under_way
            if other.activity == change.activity and other.span.last >= change.span.first
        ]
        _check(change, row, under_way, report)
        under_way.append((change, row))


def check_from(changes: Sequence[tuple[FromChange, Row]], report: Report) -> None:
    """Reports two `from` lines that set one key of one session from the same day on (IOP170)."""
    same_day: dict[tuple[str, date], list[tuple[FromChange, Row]]] = {}
    for change, row in changes:
        others = same_day.setdefault((change.activity, change.first), [])
        _check(change, row, others, report)
        others.append((change, row))


def check_added(additions: Sequence[tuple[Addition, Row]], report: Report) -> None:
    """Reports two sessions of one id that are added to one day (IOP170)."""
    for number, (addition, row) in enumerate(additions):
        for other, _ in additions[:number]:
            one, two = addition.activity, other.activity
            same_day = addition.span.first <= other.span.last and other.span.first <= addition.span.last
            if (
                one.id == two.id
                and same_day
                and _share(one.tracks, two.tracks)
                and _share(addition.cohorts, other.cohorts)
            ):
                message = f"'{one.name}' is added twice to one day"
                report.error(row.place, "IOP170", message, "give one of them another name", (other.place,))
                break


def _check(change: T, row: Row, others: Sequence[tuple[T, Row]], report: Report) -> None:
    """Reports the first of `others`, lines for the same session and day, that sets a key of the line too."""
    for other, before in others:
        if not (_share(change.tracks, other.tracks) and _share(change.cohorts, other.cohorts)):
            continue
        later, earlier = (row, before) if before.place < row.place else (before, row)
        said, said_before = _settings(change, row), _settings(other, before)
        one, two = (said_before, said) if later is before else (said, said_before)
        twice: dict[Place, str] = {}
        for key in one:
            if key in two:
                twice.setdefault(later.key_place(one[key]), key)
        for place, key in twice.items():
            message = f"'{key}' is set twice for one session and day"
            first = earlier.key_place(two[key])
            report.error(place, "IOP170", message, "keep one of the lines", (first,))
        if twice:
            return


def _settings(change: OnChange | FromChange, row: Row) -> dict[str, Field[object]]:
    """Returns the keys that a line sets, each with the key that says so.

    `at: 17:30-19:00` sets the length as well.
    """
    fields = (field for field in row.table.fields if field in row and field.key not in _WITHOUT)
    said = {field.key: field for field in fields}
    if AT.key in said and any(placement.minutes is not None for placement in change.edit.placements):
        said.setdefault(MINUTES.key, said[AT.key])
    return said


def _share(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Says whether two limits have something in common; an empty one means everything."""
    return not some or not others or bool(set(some) & set(others))
