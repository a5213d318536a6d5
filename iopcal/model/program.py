"""What a program file says: its timetable, phases, closures and changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from iopcal.model.feed import DEFAULT_FEEDS, FeedRule
from iopcal.model.place import NOWHERE, Place, Span
from iopcal.named_tuple import NamedTuple

if TYPE_CHECKING:
    from iopcal.model.roster import Participant

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KINDS = (
    "group", "education", "skills", "individual", "family", "occupational", "expressive", "medication",
    "case-management", "peer-support", "meal", "break", "staffing", "drug-screen", "other",
)  # fmt: skip
KINDS_NOT_COUNTED = frozenset({"break", "meal", "staffing", "drug-screen", "case-management", "peer-support"})
KINDS_OF_ONE = frozenset({"individual", "family"})  # placed by the participant unless the row says when


class Range(NamedTuple):
    """Whole numbers from `first` to `last`, both included; `last` 0 means without end."""

    first: int
    last: int


class Days(NamedTuple):
    """Weekdays of a session; `any`: whether or not the phase meets (no weekdays: all treatment days)."""

    weekdays: tuple[int, ...]
    any: bool = False


class Counts(NamedTuple):
    """How many treatment days a week, a number a week; the last one holds."""

    numbers: tuple[int, ...]


class Taper(NamedTuple):
    """From `first` days a week to `last` days a week by a rule of `iopcal/tapers/`."""

    first: int
    last: int
    rule: str


class Ordinal(NamedTuple):
    """The nth weekday of a calendar month; `nth` is 1 to 5, or -1 for the last."""

    nth: int
    weekday: int


class Topics(NamedTuple):
    """A curriculum: lists by weekday (one list under None for all weekdays)."""

    lists: tuple[tuple[int | None, tuple[str, ...]], ...]
    advance: str = "session"  # or "week"
    on_closure: str = "postpone"  # or "skip"


class Placement(NamedTuple):
    """When and how long on one track; `start` None: in the order of the day; `minutes` None: not said."""

    track: str
    start: int | None
    minutes: int | None


class Edit(NamedTuple):
    """New values for keys of a session; None (or an empty tuple of placements) leaves the key as it is.

    `placements` names only the tracks that the edit concerns; on those of `unplaced` an `at` by track takes
    the session's own time away.
    """

    placements: tuple[Placement, ...] = ()
    unplaced: tuple[str, ...] = ()
    days: Days | None = None
    every: int | None = None
    leads: tuple[str, ...] | None = None
    room: str | None = None
    location: str | None = None
    link: str | None = None
    name: str | None = None
    notes: str | None = None


class Activity(NamedTuple):
    """A row of the weekly timetable (`sessions` in the file)."""

    id: str
    name: str
    kind: str
    placements: tuple[Placement, ...]  # one for every track of the program, in its order; minutes never None
    days: Days | None
    weeks: tuple[Range, ...]  # of the path; empty: all
    visits: tuple[Range, ...]  # of the path; empty: not limited by visits
    phases: tuple[str, ...]  # ids; empty: all
    tracks: tuple[str, ...]  # ids; empty: all
    every: tuple[tuple[str, int], ...]  # phase id -> n; phases not named: 1
    monthly: tuple[Ordinal, ...]
    times: int  # 0: no end
    topics: Topics | None
    leads: tuple[str, ...]
    room: str
    location: str
    link: str
    capacity: Range | None
    optional: bool
    one_of: str
    counts: bool
    counts_said: bool  # `counts` was written in the file: it wins over `hours: {breaks, meals}`
    publish: str  # all, staff, never
    notes: str
    place: Place

    @property
    def personal(self) -> bool:
        """Whether only participants have it, each at a time of their own."""
        timed = any(placement.start is not None for placement in self.placements)
        return self.kind in KINDS_OF_ONE and not (self.days or self.monthly or timed)


class Override(NamedTuple):
    """What one phase changes in one session."""

    activity: str
    edit: Edit
    place: Place


class Phase(NamedTuple):
    """A stretch of the program; exactly one of `weeks`, `visits`, `until` is given.

    The last phase of a rolling program may have none: it has no end.
    """

    id: str
    name: str
    weeks: int  # 0: not given
    visits: int  # 0: not given
    until: date | None
    days: Days | Counts | Taper | None  # None: all treatment days
    every: int
    only: tuple[str, ...] | None  # ids of its only sessions
    overrides: tuple[Override, ...]
    level: str
    place: Place
    days_place: Place = NOWHERE

    @property
    def endless(self) -> bool:
        """Whether nothing ends it."""
        return not self.weeks and not self.visits and self.until is None


class Track(NamedTuple):
    """A strand of the program: morning, afternoon, evening. The unnamed track has the id ''."""

    id: str
    title: str
    day_starts: int | None  # the program's where the track says nothing
    treatment_days: tuple[int, ...]
    location: str
    link: str
    room: str
    capacity: Range | None
    place: Place
    days_place: Place = NOWHERE  # of `treatment_days`, its own or the program's; NOWHERE: the default
    starts_place: Place = NOWHERE  # of `day_starts`, likewise


class Cohort(NamedTuple):
    """One run of the program. The only run of a program without `cohorts` has the id ''."""

    id: str
    starts: date
    tracks: tuple[str, ...]  # ids it runs in
    place: Place


class HolidayRule(NamedTuple):
    """Public holidays of a region: `only` these or all `but` those; casefolded, without "(observed)".

    `named` holds the names of both as they are written, each with its place.
    """

    region: str
    only: tuple[str, ...]
    but: tuple[str, ...]
    place: Place
    named: tuple[tuple[str, Place], ...] = ()


class Closure(NamedTuple):
    """A `closed` line."""

    span: Span
    why: str
    extend: bool
    telehealth: bool
    after: int | None  # sessions that begin at this clock or later
    before: int | None  # sessions that begin before this clock
    make_up: Span | None
    tracks: tuple[str, ...]  # empty: all
    cohorts: tuple[str, ...]  # empty: all
    place: Place


class OnChange(NamedTuple):
    """A `changes` line for single days (`on:`)."""

    span: Span
    activity: str
    cancel: bool
    to: date | None
    edit: Edit
    why: str
    tracks: tuple[str, ...]
    cohorts: tuple[str, ...]
    place: Place


class FromChange(NamedTuple):
    """A `changes` line from a day on (`from:`)."""

    first: date
    activity: str
    cancel: bool | None  # None: not said
    edit: Edit
    tracks: tuple[str, ...]
    cohorts: tuple[str, ...]
    place: Place
    why: str = ""


class Addition(NamedTuple):
    """A `changes` line that adds a session (`add:`); its activity has no days, weeks, visits or topics."""

    span: Span
    activity: Activity  # id `add:<slug>`
    why: str
    cohorts: tuple[str, ...]
    place: Place


class HourRule(NamedTuple):
    """How minutes are counted."""

    method: str = "clock"  # clock, fifty-minute-hour, span
    breaks: bool = False
    meals: bool = False
    week: str = "mon-sun"  # mon-sun, sun-sat, own


class Program(NamedTuple):
    """One treatment program at one site, checked and with every default filled in."""

    id: str
    title: str
    zone: str  # IANA name
    starts: date
    level: str
    hours: HourRule
    treatment_days: tuple[int, ...]
    day_starts: int | None
    tracks: tuple[Track, ...]  # never empty
    cohorts: tuple[Cohort, ...]  # never empty
    activities: tuple[Activity, ...]
    phases: tuple[Phase, ...]
    holidays: tuple[HolidayRule, ...]
    closures: tuple[Closure, ...]
    on_changes: tuple[OnChange, ...]
    from_changes: tuple[FromChange, ...]
    additions: tuple[Addition, ...]
    keep_cancelled: int  # days
    location: str
    link: str
    phone: str
    place: Place
    id_place: Place = NOWHERE
    zone_place: Place = NOWHERE
    starts_place: Place = NOWHERE
    admission: str = "cohort"  # or "rolling"
    until: date | None = None  # last day published of a rolling program; None: a quarter's end
    participants: tuple[Participant, ...] = ()
    feeds: tuple[FeedRule, ...] = DEFAULT_FEEDS

    def has(self, activity: Activity) -> bool:
        """Says whether cohorts or groups have the session, and not only participants.

        Those place it or, in a rolling program, have it on a visit of their own.
        """
        return not (activity.personal or (self.admission == "rolling" and activity.visits))
