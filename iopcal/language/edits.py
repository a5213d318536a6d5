"""What an override or a change puts in place of a session's own keys."""

from __future__ import annotations

from iopcal.language.activities import Scope
from iopcal.language.fields import Field, Row
from iopcal.language.numbers import number
from iopcal.language.placements import AT, MINUTES, placements_of
from iopcal.language.report import Report, shown
from iopcal.language.sessions import DAYS_KEY, LEAD, LINK_KEY, LOCATION, MOST_WEEKS, NOTES_KEY, ROOM_KEY
from iopcal.language.texts import TITLE
from iopcal.model import Activity, Edit, Track

NEW_NAME: Field[str] = Field("name", TITLE, "another title; later lines still use the one in `sessions`")
NEW_TIME = AT._replace(
    meaning="another time, range of times, or mapping track: time (a track not named: as if without `at`)"
)
NEW_MINUTES = MINUTES._replace(meaning="another length, 1 to 1,440")
NEW_DAYS = DAYS_KEY._replace(meaning="other weekdays; still narrowed by the phase's, unless they say `any`")
NEW_EVERY: Field[int] = Field("every", number("weeks", MOST_WEEKS), "another n: every n-th week of the phase")
TIMETABLE = (NEW_TIME, NEW_MINUTES, NEW_DAYS, NEW_EVERY)
"""What a phase may change in a session."""

DETAILS = (
    LEAD._replace(meaning="another leader, or list of leaders"),
    ROOM_KEY._replace(meaning="another room"),
    LOCATION._replace(meaning="another address or room text"),
    LINK_KEY._replace(meaning="another telehealth link"),
    NEW_NAME,
    NOTES_KEY._replace(meaning="other text for `full` feeds"),
)
"""What only a change of single days, or from a day on, may change in a session."""


def edit_of(row: Row, activity: Activity, tracks: tuple[Track, ...], scope: Scope, report: Report) -> Edit:
    """Returns the new values that a row holds for `activity`, for `tracks` only.

    `days` and `every` of a session that meets on days of the month are reported (IOP160).
    """
    for field in (NEW_DAYS, NEW_EVERY):
        if activity.monthly and field in row:
            message = f"{shown(activity.name)} meets on days of the month: it has no '{field.key}'"
            report.error(row.key_place(field), "IOP160", message, "change the session's 'monthly' instead")
    placements = placements_of(row, tracks, scope.names.tracks, report)
    placed = {track for track, placement in placements.items() if placement.start is not None}
    return Edit(
        placements=tuple(placements[track.id] for track in tracks if track.id in placements),
        unplaced=tuple(track.id for track in tracks if AT in row and track.id not in placed),
        days=row.get(DAYS_KEY),
        every=row.get(NEW_EVERY),
        leads=row.get(LEAD),
        room=row.get(ROOM_KEY),
        location=row.get(LOCATION),
        link=row.get(LINK_KEY),
        name=row.get(NEW_NAME),
        notes=row.get(NOTES_KEY),
    )
