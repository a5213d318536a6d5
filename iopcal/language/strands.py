"""Tracks (morning, afternoon, evening) and cohorts (the same program run several times)."""

from __future__ import annotations

from datetime import date

from iopcal.language.dates import DATE
from iopcal.language.fields import (
    Field,
    Row,
    Table,
    Value,
    enough,
    list_of,
    object_schema,
    read_row,
    row_of,
    seen,
)
from iopcal.language.placements import DAY_STARTS, warn_early
from iopcal.language.references import Directory
from iopcal.language.report import Report
from iopcal.language.sessions import CAPACITY_KEY
from iopcal.language.texts import ADDRESS, ID, NAME, NAMES, PHONE, ROOM, id_of
from iopcal.language.texts import LINK as A_LINK
from iopcal.language.weekdays import WEEKDAY_LIST
from iopcal.model import NOWHERE, Cohort, Place, Track
from iopcal.named_tuple import NamedTuple
from iopcal.source import Mapping, Node, Scalar

DEFAULT_DAYS = (0, 2, 4, 1, 3)
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)  # stands in for a list that could not be read

TREATMENT_DAYS: Field[tuple[int, ...]] = Field(
    "treatment_days", WEEKDAY_LIST, "weekdays, most important first; default `[mon, wed, fri, tue, thu]`"
)
LOCATION: Field[str] = Field("location", ADDRESS, "default for sessions: address or room text")
LINK: Field[str] = Field("link", A_LINK, "default for sessions: telehealth link, http or https")
PHONE_KEY: Field[str] = Field("phone", PHONE, "number to call")

_TITLE: Field[Scalar] = Field("title", NAME, "the title staff see; a track may be named by it as well")
_ROOM: Field[str] = Field("room", ROOM, "default for its sessions: the room")
TRACK = Table(
    "a track",
    (
        _TITLE,
        DAY_STARTS._replace(meaning="the program's `day_starts`, for this track"),
        TREATMENT_DAYS._replace(meaning="the program's `treatment_days`, for this track"),
        LOCATION._replace(meaning="default for its sessions: address or room text"),
        LINK._replace(meaning="default for its sessions: telehealth link"),
        _ROOM,
        CAPACITY_KEY,
    ),
    synonyms={"name": "title", "starts": "day_starts", "days": "treatment_days"},
)
TrackRows = tuple[tuple[Scalar, Row], ...]


def _read_tracks(node: Node, report: Report) -> TrackRows | None:
    if not isinstance(node, Mapping):
        if isinstance(node, Scalar) and node.hole:
            report.hole()
        else:
            message = f"{seen(node)} stands where the tracks belong"
            hint = "write a line for each track: its id, and 'key: value' under it, such as 'title: Morning'"
            report.error(node.place, "IOP104", message, hint)
        return None
    if not enough(node, report, "tracks"):
        return None
    found = []
    for key, value in node.entries:
        row = read_row(TRACK, value, report)
        if row is not None and id_of(key, report) is not None:
            found.append((key, row))
    return tuple(found)


TRACKS: Field[TrackRows] = Field(
    "tracks",
    Value(_read_tracks, {"type": "object", "additionalProperties": object_schema(TRACK), "minProperties": 1}),
    "mapping id: `{title, day_starts, treatment_days, location, link, room, capacity}`; default: one unnamed "
    "track",
)

_COHORT_ID: Field[Scalar] = Field("id", ID, "identity", needed=True)
_COHORT_STARTS: Field[date] = Field("starts", DATE, "its first day; default: the program's")
_COHORT_TRACK: Field[tuple[Scalar, ...]] = Field("track", NAMES, "the track it runs in; default: all")
COHORT = Table(
    "a cohort",
    (_COHORT_ID, _COHORT_STARTS, _COHORT_TRACK),
    synonyms={"name": "id", "start": "starts", "begins": "starts", "tracks": "track"},
)
COHORTS: Field[tuple[Row, ...]] = Field(
    "cohorts",
    list_of(row_of(COHORT, "cohort"), "cohorts", keep=True),
    "list of `{id, starts, track}`: runs of the program; with them, its own `starts` is no run",
)


class Strand(NamedTuple):
    """What a track falls back to: the keys of the program itself."""

    treatment_days: tuple[int, ...]
    day_starts: int | None
    location: str
    link: str
    days_place: Place
    starts_place: Place

    @staticmethod
    def of(row: Row, report: Report) -> Strand:
        """Returns what the program says, defaults filled in; all weekdays for an unreadable list."""
        return Strand(
            row.get(TREATMENT_DAYS) or (ALL_DAYS if row.broken(TREATMENT_DAYS) else DEFAULT_DAYS),
            row.get(DAY_STARTS),
            row.get(LOCATION) or "",
            row.get(LINK) or "",
            *_said_places(row),
        )


def build_tracks(program: Row, strand: Strand, report: Report) -> tuple[tuple[Track, ...], Directory]:
    """Returns the tracks, or the unnamed one where the program has none, and their directory."""
    rows = program.get(TRACKS) or ()
    known = Directory("a track", complete=not program.broken(TRACKS) and len(rows) == program.length(TRACKS))
    if not rows:
        known.add_unnamed()
        track = Track(
            "",
            "",
            strand.day_starts,
            strand.treatment_days,
            strand.location,
            strand.link,
            "",
            None,
            program.place,
            strand.days_place,
            strand.starts_place,
        )
        return (track,), known
    return tuple(_track(key, row, strand, known, report) for key, row in rows), known


def _track(key: Scalar, row: Row, strand: Strand, known: Directory, report: Report) -> Track:
    title = row.get(_TITLE)
    day_starts = row.get(DAY_STARTS)
    if day_starts is not None:
        warn_early(day_starts, row.place_of(DAY_STARTS), report)
    days_place, starts_place = _said_places(row)
    own_days = row.get(TREATMENT_DAYS) or (ALL_DAYS if row.broken(TREATMENT_DAYS) else strand.treatment_days)
    return Track(
        id=known.add(title, key, report),
        title=title.text if title else "",
        day_starts=strand.day_starts if day_starts is None else day_starts,
        treatment_days=own_days,
        location=row.get(LOCATION) or strand.location,
        link=row.get(LINK) or strand.link,
        room=row.get(_ROOM) or "",
        capacity=row.get(CAPACITY_KEY),
        place=key.place,
        days_place=days_place if days_place.line else strand.days_place,
        starts_place=starts_place if starts_place.line else strand.starts_place,
    )


def _said_places(row: Row) -> tuple[Place, Place]:
    """Returns where `treatment_days` and `day_starts` stand; NOWHERE for one that was not written."""
    days, starts = (row.place_of(key) if key in row else NOWHERE for key in (TREATMENT_DAYS, DAY_STARTS))
    return days, starts


def build_cohorts(
    program: Row, starts: date, tracks: tuple[Track, ...], known_tracks: Directory, report: Report
) -> tuple[tuple[Cohort, ...], Directory]:
    """Returns the cohorts, or the only run of a program that has none, and their directory."""
    rows = program.get(COHORTS) or ()
    whole = len(rows) == program.length(COHORTS) and all(_COHORT_ID in row for row in rows)
    known = Directory("a cohort", complete=whole)
    everywhere = tuple(track.id for track in tracks)
    if not rows:
        known.add_unnamed()
        return (Cohort("", starts, everywhere, program.place),), known
    cohorts = []
    for row in rows:
        mine = known_tracks.find_all(row.get(_COHORT_TRACK) or (), report)
        identity = known.add(None, row.get(_COHORT_ID), report)
        cohorts.append(Cohort(identity, row.get(_COHORT_STARTS) or starts, mine or everywhere, row.place))
    return tuple(cohorts), known
