"""What an override or a change puts in place of a session's own keys."""

from __future__ import annotations

from iopcal.language.activities import Scope
from iopcal.language.fields import Field, Row
from iopcal.language.placements import AT, placements_of
from iopcal.language.report import Report, shown
from iopcal.language.sessions import DAYS_KEY, LEAD, LINK_KEY, LOCATION, NOTES_KEY, ROOM_KEY
from iopcal.language.texts import TITLE
from iopcal.model import Activity, Edit, Track

NEW_NAME: Field[str] = Field("name", TITLE, "another title; later lines still use the one in `sessions`")


def edit_of(
    row: Row, activity: Activity, tracks: tuple[Track, ...], scope: Scope, report: Report, every: Field[int]
) -> Edit:
    """Returns the new values that a row holds for `activity`, for `tracks` only.

    `days` and `every` of a session that meets on days of the month are reported (IOP160).
    """
    for field in (DAYS_KEY, every):
        if activity.monthly and field in row:
            message = f"{shown(activity.name)} meets on days of the month: it has no '{field.key}'"
            report.error(row.key_place(field), "IOP160", message, "change the session's 'monthly' instead")
    placements = placements_of(row, tracks, scope.names.tracks, report)
    placed = {track for track, placement in placements.items() if placement.start is not None}
    return Edit(
        placements=tuple(placements[track.id] for track in tracks if track.id in placements),
        unplaced=tuple(track.id for track in tracks if AT in row and track.id not in placed),
        days=row.get(DAYS_KEY),
        every=row.get(every),
        leads=row.get(LEAD),
        room=row.get(ROOM_KEY),
        location=row.get(LOCATION),
        link=row.get(LINK_KEY),
        name=row.get(NEW_NAME),
        notes=row.get(NOTES_KEY),
    )
