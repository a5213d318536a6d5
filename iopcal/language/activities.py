"""From the keys of a session to an `Activity`, with every default filled in."""

from __future__ import annotations

from iopcal.language.fields import Row
from iopcal.language.placements import AT, MINUTES, placements_of
from iopcal.language.references import Names
from iopcal.language.report import Report, shown
from iopcal.language.sessions import (
    ADVANCE,
    CAPACITY_KEY,
    COUNTS,
    DAYS_KEY,
    EVERY,
    KIND,
    LEAD,
    LINK_KEY,
    LOCATION,
    MONTHLY_KEY,
    NAME_KEY,
    NOTES_KEY,
    ON_CLOSURE,
    ONE_OF,
    OPTIONAL,
    PHASES,
    PUBLISH_KEY,
    ROOM_KEY,
    TIMES,
    TOPICS,
    TRACKS,
    VISITS,
    WEEKS,
)  # fmt: skip
from iopcal.model import KINDS_NOT_COUNTED, KINDS_OF_ONE, Activity, Placement, Topics, Track
from iopcal.named_tuple import NamedTuple

_PUBLISH_DEFAULTS = {"staffing": "staff", "drug-screen": "staff", "break": "never"}


class Scope(NamedTuple):
    """What the keys of a row may speak of: the tracks of the program, and everything that has a name.

    `rolling` says whether the program is.
    """

    tracks: tuple[Track, ...]
    names: Names
    rolling: bool = False


def build_activity(row: Row, identity: str, scope: Scope, report: Report) -> Activity:
    """Returns the session of a row with every default filled in; what its keys name is looked up.

    The row may be one of `sessions` or a `changes` line that adds a session.
    """
    kind = row.get(KIND) or "group"
    name = row.get(NAME_KEY)
    tracks = scope.names.tracks.find_all(row.get(TRACKS) or (), report)
    for other in (DAYS_KEY, EVERY):
        if MONTHLY_KEY in row and other in row:
            found = f"'{other.key}' cannot stand beside 'monthly'"
            report.error(
                row.key_place(other), "IOP160", found, "keep one of them", (row.key_place(MONTHLY_KEY),)
            )
    activity = Activity(
        id=identity,
        name=name.text if name else "",
        kind=kind,
        placements=_placements(row, tracks, scope, report),
        days=row.get(DAYS_KEY),
        weeks=row.get(WEEKS) or (),
        visits=row.get(VISITS) or (),
        phases=scope.names.phases.find_all(row.get(PHASES) or (), report),
        tracks=tracks,
        every=_every(row, scope, report),
        monthly=row.get(MONTHLY_KEY) or (),
        times=row.get(TIMES) or 0,
        topics=_topics(row, report),
        leads=row.get(LEAD) or (),
        room=row.get(ROOM_KEY) or "",
        location=row.get(LOCATION) or "",
        link=row.get(LINK_KEY) or "",
        capacity=row.get(CAPACITY_KEY),
        optional=row.get(OPTIONAL) or False,
        one_of=row.get(ONE_OF) or "",
        counts=_or(row.get(COUNTS), kind not in KINDS_NOT_COUNTED),
        counts_said=COUNTS in row,
        publish=row.get(PUBLISH_KEY) or _PUBLISH_DEFAULTS.get(kind, "all"),
        notes=row.get(NOTES_KEY) or "",
        place=row.place,
    )
    if activity.topics and ON_CLOSURE not in row and (scope.rolling or activity.personal):
        return activity._replace(topics=activity.topics._replace(on_closure="skip"))
    return activity


def _or(said: bool | None, default: bool) -> bool:
    return default if said is None else said


def _placements(row: Row, mine: tuple[str, ...], scope: Scope, report: Report) -> tuple[Placement, ...]:
    meant = tuple(track for track in scope.tracks if not mine or track.id in mine)
    found = placements_of(row, meant, scope.names.tracks, report)
    missing = [track for track in meant if track.id not in found or found[track.id].minutes is None]
    if missing and not row.broken(MINUTES) and not row.broken(AT):
        where = f" on the track '{missing[0].id}'" if len(missing) < len(meant) else ""
        message = f"{row.table.noun} needs the key 'minutes'{where}"
        report.error(
            row.place, "IOP103", message, "add 'minutes', or write 'at' as a range such as 17:30-19:00"
        )
    known = [placement for placement in found.values() if placement.minutes]
    length = known[0].minutes if known else 1
    everywhere = (found.get(track.id, Placement(track.id, None, None)) for track in scope.tracks)
    return tuple(each if each.minutes else each._replace(minutes=length) for each in everywhere)


def _every(row: Row, scope: Scope, report: Report) -> tuple[tuple[str, int], ...]:
    """Returns the phases that have the session less than weekly, in the order of the program."""
    found: dict[str, int] = {}
    for key, every in row.get(EVERY) or ():
        phase = scope.names.phases.find(key, report) if key else None
        if key is None:
            found = dict.fromkeys(scope.names.phases.ids, every)
        elif phase in found:
            report.error(key.place, "IOP105", f"{shown(key.text)} is named twice", "name it once")
        elif phase is not None:
            found[phase] = every
    return tuple((phase, found[phase]) for phase in scope.names.phases.ids if found.get(phase, 1) > 1)


def _topics(row: Row, report: Report) -> Topics | None:
    lists = row.get(TOPICS)
    if lists is None:
        for field in (ADVANCE, ON_CLOSURE):
            if field in row and TOPICS not in row and field in row.table.fields:
                report.warn(row.key_place(field), "IOP172", f"'{field.key}' has no effect without 'topics'")
        return None
    return Topics(lists, row.get(ADVANCE) or "session", row.get(ON_CLOSURE) or "postpone")


def is_placed_by_participants(activity: Activity) -> bool:
    """Says whether only participants have the session, each at a time of their own."""
    timed = any(placement.start is not None for placement in activity.placements)
    return activity.kind in KINDS_OF_ONE and activity.days is None and not timed and not activity.monthly


def check_beginnings(
    activities: tuple[tuple[Activity, Row], ...],
    started: frozenset[tuple[str, str]],
    tracks: tuple[Track, ...],
    report: Report,
) -> None:
    """Reports sessions without `at` that have no `day_starts` and nothing before them to follow (IOP165).

    `started` holds (session, track) for those that get their time from every phase that has them.
    """
    reported: set[str] = set()
    for track in tracks:
        if track.day_starts is not None:
            continue
        for activity, row in activities:
            if (activity.tracks and track.id not in activity.tracks) or is_placed_by_participants(activity):
                continue
            start = next(placement.start for placement in activity.placements if placement.track == track.id)
            broken = row.broken(AT) or (activity.id, track.id) in started
            if start is None and not broken and activity.id not in reported:
                where = f" on the track '{track.id}'" if track.id else ""
                message = f"nothing says when {shown(activity.name)} begins{where}"
                report.error(
                    activity.place, "IOP165", message, "give it 'at', or give the program 'day_starts'"
                )
                reported.add(activity.id)
            break
