"""How people come in: all at once (`cohort`), or one by one into a running group (`rolling`)."""

from __future__ import annotations

from datetime import date

from iopcal.language.dates import DATE
from iopcal.language.fields import Field, Row
from iopcal.language.placements import AT, MINUTES
from iopcal.language.report import Report, shown
from iopcal.language.sessions import VISITS
from iopcal.language.strands import COHORTS
from iopcal.language.texts import choice
from iopcal.model import Activity

ROLLING, COHORT = "rolling", "cohort"

ADMISSION: Field[str] = Field(
    "admission",
    choice((COHORT, ROLLING), "a kind of admission"),
    "`cohort` (default): all begin on one day; `rolling`: one running group takes in new people at any time",
)
UNTIL: Field[date] = Field(
    "until",
    DATE,
    "of a `rolling` program: the last day published; default: the first end of a quarter that lies 182 days "
    "or more after today",
)


def check_admission(row: Row, starts: date, rolling: bool, report: Report) -> None:
    """Reports keys of the program that do not go with its admission (IOP174), and an end before the start."""
    if rolling and COHORTS in row:
        hint = "everybody begins on a day of their own: name it in the roster; or write 'admission: cohort'"
        message = "'cohorts' has no place in a rolling program"
        report.error(row.key_place(COHORTS), "IOP174", message, hint, (row.key_place(ADMISSION),))
    if UNTIL in row and not rolling and not row.broken(ADMISSION):
        hint = "a cohort ends with its last phase: remove the key, or write 'admission: rolling'"
        report.error(row.key_place(UNTIL), "IOP174", "'until' is for rolling programs alone", hint)
    until = row.get(UNTIL)
    if until is not None and until < starts:
        message = f"'{until}' is before the first day, {starts}"
        report.error(row.place_of(UNTIL), "IOP143", message, "check the year, or 'starts'")


def check_sessions(built: tuple[tuple[Activity, Row], ...], report: Report) -> None:
    """Reports sessions of a rolling program that meet on certain visits and have no time (IOP174)."""
    for activity, row in built:
        untimed = (
            each.start is None
            for each in activity.placements
            if not activity.tracks or each.track in activity.tracks
        )
        if activity.visits and any(untimed) and not row.broken(AT):
            message = f"{shown(activity.name)} meets on certain visits, and needs 'at' in a rolling program"
            hint = "it is no part of the group's day: say when it begins, such as 'at: 16:00'"
            report.error(row.key_place(VISITS), "IOP174", message, hint)


def check_override(row: Row, report: Report) -> None:
    """Reports another time or length that a phase of a rolling program gives a session (IOP174)."""
    for field in (AT, MINUTES):
        if field in row:
            message = f"a phase of a rolling program cannot change '{field.key}'"
            report.error(
                row.key_place(field),
                "IOP174",
                message,
                "remove the key: everybody comes at the group's times",
            )
