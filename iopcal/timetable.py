"""The weekly timetable of one path: which sessions a day has, and when in the day each begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

from iopcal.model import (
    KINDS_OF_ONE,
    Activity,
    Days,
    FromChange,
    Ordinal,
    Path,
    Phase,
    Placement,
    Program,
    Track,
)
from iopcal.named_tuple import NamedTuple

MIDNIGHT = 24 * 60


class Row(NamedTuple):
    """A session as one phase of one track has it, overrides and `from` changes applied."""

    place: int  # in the program's list
    activity: Activity
    start: int | None  # None: in the order of the day
    minutes: int
    days: Days | None
    every: int
    leads: tuple[str, ...]
    room: str
    location: str
    link: str
    name: str
    notes: str
    counted: bool  # in hours: of those that share a `one_of`, only the first the track and phase allow
    ended: bool  # by a `from` change with `cancel`
    changes: tuple[FromChange, ...]  # that have a say
    monthly: tuple[Ordinal, ...]

    @property
    def regular(self) -> bool:
        """Whether it meets only on days the phase meets."""
        return not self.monthly and not (self.days is not None and self.days.any)

    @property
    def limited(self) -> bool:
        """Whether more than its weekdays decides on which days it meets."""
        activity = self.activity
        limits = self.monthly or activity.weeks or activity.visits or activity.times or self.changes
        return self.every > 1 or bool(limits)

    @property
    def makes_visits(self) -> bool:
        """Whether a treatment day on which it is held is a visit."""
        return self.activity.counts and not self.activity.optional


class Placed(NamedTuple):
    """A row laid out in a day: clock of its start on the clock face."""

    row: Row
    start: int


class Agenda(NamedTuple):
    """The rows that a weekday may have, in the order of a treatment day; `placed`: if all of them meet.

    `plain`: nothing but the weekday decides, all have a start, and all end before midnight. `visit`: the day
    is a visit when all take place.
    """

    rows: tuple[Row, ...]
    placed: tuple[Placed, ...]
    plain: bool
    visit: bool


class Timetable:
    """The rows of one track and cohort, by phase and day, each worked out once."""

    def __init__(self, program: Program, path: Path, track: Track) -> None:
        self._program = program
        self._track = track
        self._changes = sorted(
            (change for change in program.from_changes if path.within(change.tracks, change.cohorts)),
            key=lambda change: change.first,
        )
        self._starts = [change.first for change in self._changes]
        self._rows: dict[tuple[int, int], tuple[Row, ...]] = {}
        self._single: dict[tuple[int, int, str], Row] = {}
        self._agendas: dict[tuple[int, int, int, tuple[int, ...]], Agenda] = {}
        self._layouts: dict[tuple[int, int, tuple[int, ...]], tuple[Placed, ...]] = {}

    def agenda(self, phase: int, day: date, weekdays: tuple[int, ...]) -> Agenda:
        """Returns what `day` may have in a week in which the phase meets on `weekdays`."""
        version, weekday = bisect_right(self._starts, day), day.weekday()
        key = (phase, version, weekday, weekdays)
        found = self._agendas.get(key)
        if found is None:
            rows = [row for row in self.rows(phase, version) if self.may_meet(row, weekday, weekdays)]
            found = self._agendas[key] = self._agenda(phase, day, tuple(rows), weekdays)
        return found

    def _agenda(self, phase: int, day: date, rows: tuple[Row, ...], weekdays: tuple[int, ...] = ()) -> Agenda:
        placed = self.lay_out(phase, day, rows)
        plain = len(placed) == len(rows) and not any(row.limited for row in rows)
        early = all(slot.start + slot.row.minutes < MIDNIGHT for slot in placed)
        visit = is_treatment_day(day.weekday(), weekdays, placed) and any(row.makes_visits for row in rows)
        return Agenda(rows, placed, plain and early, visit)

    def version(self, day: date) -> int:
        """Returns how many `from` changes have begun by `day`."""
        return bisect_right(self._starts, day)

    def row_of(self, activity: Activity, phase: int, day: date) -> Row | None:
        """Returns a session as the phase has it on `day`, or would if somebody placed it."""
        if not allows(self._program.phases[phase], self._track, activity):
            return None
        version = self.version(day)
        key = (phase, version, activity.id)
        found = self._single.get(key)
        if found is None:
            mine = _deciding([each for each in self._changes[:version] if each.activity == activity.id])
            place = self._program.activities.index(activity)
            found = self._single[key] = self._row(place, activity, self._program.phases[phase], mine, True)
        return found

    def rows(self, phase: int, version: int) -> tuple[Row, ...]:
        """Returns all rows that the phase has after so many `from` changes."""
        found = self._rows.get((phase, version))
        if found is None:
            rows = self._compile(self._program.phases[phase], self._changes[:version])
            found = self._rows[phase, version] = tuple(rows)
        return found

    def may_meet(self, row: Row, weekday: int, weekdays: tuple[int, ...]) -> bool:
        """Says whether the weekday allows the row; `monthly` has weekdays of its own."""
        if row.monthly:
            return any(weekday == ordinal.weekday for ordinal in row.monthly)
        if row.days is None:
            return weekday in weekdays
        if row.days.any:
            return weekday in (row.days.weekdays or self._track.treatment_days)
        return weekday in row.days.weekdays and weekday in weekdays

    def lay_out(self, phase: int, day: date, rows: Sequence[Row]) -> tuple[Placed, ...]:
        """Returns the rows with their starts; a row that no start can be found for is left out.

        A row without a time begins at `day_starts` or when all before it have ended, whichever is later.
        Rows that share a `one_of` label and have no time begin together, and the next wait for the longest.
        """
        key = (phase, bisect_right(self._starts, day), tuple([row.place for row in rows]))
        found = self._layouts.get(key)
        if found is None:
            found = self._layouts[key] = tuple(_lay_out(rows, self._track.day_starts))
        return found

    def _compile(self, phase: Phase, changes: Sequence[FromChange]) -> Iterable[Row]:
        seen: set[str] = set()
        for place, activity in enumerate(self._program.activities):
            if not allows(phase, self._track, activity):
                continue
            mine = _deciding([change for change in changes if change.activity == activity.id])
            row = self._row(place, activity, phase, mine, activity.one_of not in seen)
            if not _exists(row):
                continue
            if activity.one_of:
                seen.add(activity.one_of)
            yield row

    def _row(
        self, place: int, activity: Activity, phase: Phase, changes: tuple[FromChange, ...], first: bool
    ) -> Row:
        """Returns an activity with its overrides and changes; `first` of those that share a `one_of`."""
        program, track = self._program, self._track
        own = next(placement for placement in activity.placements if placement.track == track.id)
        start, minutes = own.start, own.minutes or 0
        days, every = activity.days, dict(activity.every).get(phase.id, 1)
        leads, name, notes = activity.leads, activity.name, activity.notes
        room, location, link = activity.room, activity.location, activity.link
        edits = [override.edit for override in phase.overrides if override.activity == activity.id]
        for edit in (*edits, *(change.edit for change in changes)):
            placement = next((each for each in edit.placements if each.track == track.id), _NOTHING)
            if track.id in edit.unplaced:
                start = None
            start = start if placement.start is None else placement.start
            minutes = placement.minutes or minutes
            days = days if edit.days is None else edit.days
            every = edit.every or every
            leads = leads if edit.leads is None else edit.leads
            name = name if edit.name is None else edit.name
            notes = notes if edit.notes is None else edit.notes
            room = room if edit.room is None else edit.room
            location = location if edit.location is None else edit.location
            link = link if edit.link is None else edit.link
        said = [change.cancel for change in changes if change.cancel is not None]
        return Row(
            place, activity, start, minutes, days, every, leads,
            room or track.room, location or track.location or program.location,
            link or track.link or program.link, name, notes,
            counted=activity.counts and not activity.optional and first,
            ended=bool(said) and said[-1],
            changes=changes, monthly=activity.monthly,
        )  # fmt: skip


def _deciding(changes: Sequence[FromChange]) -> tuple[FromChange, ...]:
    """Returns the changes that decide some key: the latest that gives it."""
    given: set[tuple[str, str]] = set()
    deciding = []
    for change in reversed(changes):
        keys = set(_keys(change))
        if keys - given:
            deciding.append(change)
        given |= keys
    return tuple(reversed(deciding))


def _keys(change: FromChange) -> Iterable[tuple[str, str]]:
    """Yields the keys that a change gives, `at` and `minutes` with their track."""
    if change.cancel is not None:
        yield "cancel", ""
    for key, value in zip(change.edit._fields, change.edit, strict=True):
        if key == "placements":
            for placement in change.edit.placements:
                yield from (
                    (name, placement.track)
                    for name, said in (("at", placement.start), ("minutes", placement.minutes))
                    if said is not None
                )
        elif key == "unplaced":
            yield from (("at", track) for track in change.edit.unplaced)
        elif value is not None:
            yield key, ""


def is_treatment_day(weekday: int, weekdays: tuple[int, ...], slots: Iterable[Placed]) -> bool:
    """Says whether a day may be a visit: the phase meets, and a session is planned that goes by that.

    Sessions that meet whether or not the phase does (`any`, `monthly`) and added ones make no treatment day.
    """
    return weekday in weekdays and any(slot.row.regular for slot in slots)


def allows(phase: Phase, track: Track, activity: Activity) -> bool:
    """Says whether the track and the phase allow the session at all."""
    if activity.tracks and track.id not in activity.tracks:
        return False
    if activity.phases and phase.id not in activity.phases:
        return False
    return phase.only is None or activity.id in phase.only


_NOTHING = Placement("", None, None)


def _exists(row: Row) -> bool:
    """Says whether the program has the session, and not only participants who place it."""
    placed = row.days is not None or row.start is not None or bool(row.monthly)
    return placed or row.activity.kind not in KINDS_OF_ONE


def _lay_out(rows: Sequence[Row], day_starts: int | None) -> Iterable[Placed]:
    free = day_starts  # when every session before has ended
    together: dict[str, int] = {}
    for number, row in enumerate(rows):
        label = row.activity.one_of if row.start is None else ""
        start = row.start
        if label in together:
            start = together[label]
        elif start is None:
            start = free
        if start is None:
            continue
        ends = start + row.minutes
        if label and label not in together:
            together[label] = start
            lengths = [each.minutes for each in rows[number:] if _shares(each, label)]
            ends = start + max(lengths)
        free = ends if free is None else max(free, ends)
        yield Placed(row, start)


def _shares(row: Row, label: str) -> bool:
    return row.start is None and row.activity.one_of == label
