"""Small programs, and what people change in their files from one run to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.oracle import expand

ZONES = (
    *("America/Chicago",) * 4, *("America/New_York",) * 3, "Europe/Kyiv", "Australia/Lord_Howe", "UTC",
)  # fmt: skip
DAYS = ("mon", "mon wed", "tue thu", "mon wed fri", "wed", "fri sat")
NUMBERS = ("3 -> 1", "2", "4 -> 2", "3")
PLACES = ("", "Room 4", "12 Maple Street, Suite 200", "Café Über")
NAMES = ("Process group", "Skills", "Education", "Check-in: all", "Umgang & Ängste")
EDITS = 9  # of each program
MOST = 5  # events of a program before it is edited
MONDAY = date(2027, 2, 1)


class Meeting(NamedTuple):
    """One session of the timetable."""

    id: str
    name: str
    at: int  # minute of the day
    minutes: int
    days: str  # "" for those of the phase
    place: str
    topics: tuple[str, ...] = ()


class Stage(NamedTuple):
    """One phase."""

    id: str
    weeks: int
    days: str


class Draft(NamedTuple):
    """A whole program; `closed` and `changes` are lines of its file."""

    zone: str
    starts: date
    meetings: tuple[Meeting, ...]
    stages: tuple[Stage, ...]
    closed: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    def text(self) -> str:
        """Returns the program file."""
        return text_of(self)

    def places(self) -> dict[str, str]:
        """Returns where each session takes place, by id."""
        return {meeting.id: meeting.place for meeting in self.meetings}


Edit = Callable[[Draft], Draft]


class Family(NamedTuple):
    """A program and the edits that may be made to it, each with what it does in words."""

    base: Draft
    edits: tuple[tuple[str, Edit], ...]


@lru_cache(maxsize=4096)
def text_of(draft: Draft) -> str:
    lines = [
        "program: Evening IOP",
        "id: evening",
        f"timezone: {draft.zone}",
        f"starts: {draft.starts}",
        "sessions:",
        *(f"  - {_meeting(meeting)}" for meeting in draft.meetings),
        "phases:",
        *(f"  - {{id: {id}, name: {id}, weeks: {weeks}, days: {days}}}" for id, weeks, days in draft.stages),
    ]  # fmt: skip
    for name, written in (("closed", draft.closed), ("changes", draft.changes)):
        if written:
            lines += [f"{name}:", *(f"  - {line}" for line in written)]
    return "\n".join(lines) + "\n"


def _meeting(meeting: Meeting) -> str:
    parts = [
        f"id: {meeting.id}",
        f'name: "{meeting.name}"',
        f'at: "{clock(meeting.at)}"',
        f"minutes: {meeting.minutes}",
    ]
    if meeting.days:
        parts.append(f"days: {meeting.days}")
    if meeting.place:
        parts.append(f'location: "{meeting.place}"')
    if meeting.topics:
        parts.append(f"topics: [{', '.join(meeting.topics)}]")
    return "{" + ", ".join(parts) + "}"


def clock(minute: int) -> str:
    """Returns a minute of the day as 17:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@lru_cache(maxsize=64)
def family(number: int) -> Family:
    """Returns the program of a number, the same everywhere, and its edits."""
    rng = Random(f"family {number}")
    base = _draft(rng)
    while not 1 <= _events(base) <= MOST:
        base = _draft(rng)
    kinds = rng.sample(MAKERS, len(MAKERS))
    return Family(base, tuple(maker(rng, base) for maker in (kinds * 2)[:EDITS]))


def _draft(rng: Random) -> Draft:
    meetings = tuple(
        Meeting(
            f"s{place}",
            f"{rng.choice(NAMES)} {place}",
            (9 if place == 2 else 14 + 3 * place) * 60 + 15 * rng.randrange(4),
            rng.choice((30, 50, 60, 90)),
            rng.choice(("", "", "", "mon", "wed")) if place else "",
            rng.choice(PLACES),
            rng.choice(((), (), (), (), ("Coping", "Sleep", "Values"))),
        )
        for place in range(rng.choice((1, 1, 1, 2, 2, 3)))
    )
    stages = tuple(
        Stage(f"p{place}", rng.choice((2, 3, 4, 6)), rng.choice(DAYS if rng.random() < 0.7 else NUMBERS))
        for place in range(rng.choice((1, 1, 1, 2)))
    )
    starts = MONDAY + timedelta(days=7 * rng.randint(-3, 3) + rng.choice((0, 0, 0, 2)))
    return Draft(rng.choice(ZONES), starts, meetings, stages)


def _events(draft: Draft) -> int:
    """Returns how many events a program needs: one a series, and one a session with a topic."""
    talks = {meeting.id for meeting in draft.meetings if meeting.topics}
    zone = ZoneInfo(draft.zone)
    found = set()
    for each in expand(draft.text()):
        local = each.start.astimezone(zone)
        found.add((each.session, local.date() if each.session in talks else (each.phase, local.weekday())))
    return len(found)


def _occurrence(rng: Random, base: Draft) -> tuple[str, date]:
    """Returns the id and the day of one session of the program."""
    chosen = rng.choice(expand(base.text()))
    return chosen.session, chosen.start.astimezone(ZoneInfo(base.zone)).date()


def _changed(meeting: Meeting, **fields: object) -> Edit:
    def edit(draft: Draft) -> Draft:
        rows = (row._replace(**fields) if row.id == meeting.id else row for row in draft.meetings)
        return draft._replace(meetings=tuple(rows))

    return edit


def _time(rng: Random, base: Draft) -> tuple[str, Edit]:
    meeting = rng.choice(base.meetings)
    at = meeting.at + rng.choice((-15, 15, 30, 45))
    return f"{meeting.id} begins at {clock(at)}", _changed(meeting, at=at)


def _length(rng: Random, base: Draft) -> tuple[str, Edit]:
    meeting = rng.choice(base.meetings)
    return f"{meeting.id} takes 15 minutes longer", _changed(meeting, minutes=meeting.minutes + 15)


def _title(rng: Random, base: Draft) -> tuple[str, Edit]:
    meeting = rng.choice(base.meetings)
    return f"{meeting.id} is renamed", _changed(meeting, name=f"{meeting.name} anew")


def _place(rng: Random, base: Draft) -> tuple[str, Edit]:
    meeting = rng.choice(base.meetings)
    place = rng.choice([place for place in PLACES if place != meeting.place])
    return f"{meeting.id} is at '{place}'", _changed(meeting, place=place)


def _days(rng: Random, base: Draft) -> tuple[str, Edit]:
    stage = rng.choice(base.stages)
    days = rng.choice([days for days in (*DAYS, *NUMBERS) if days != stage.days])

    def edit(draft: Draft) -> Draft:
        stages = (each._replace(days=days) if each.id == stage.id else each for each in draft.stages)
        return draft._replace(stages=tuple(stages))

    return f"{stage.id} meets on {days}", edit


def _weeks(rng: Random, base: Draft) -> tuple[str, Edit]:
    stage = rng.choice(base.stages)
    weeks = max(1, stage.weeks + rng.choice((-2, -1, 1, 2)))

    def edit(draft: Draft) -> Draft:
        stages = (each._replace(weeks=weeks) if each.id == stage.id else each for each in draft.stages)
        return draft._replace(stages=tuple(stages))

    return f"{stage.id} takes {weeks} weeks", edit


def _add(rng: Random, base: Draft) -> tuple[str, Edit]:
    new = Meeting("extra", "Extra group", 11 * 60, 60, rng.choice(("", "mon", "wed")), "")
    return "a session comes", lambda draft: draft._replace(meetings=(*draft.meetings, new))


def _replace(rng: Random, base: Draft) -> tuple[str, Edit]:
    gone = rng.choice(base.meetings)

    def edit(draft: Draft) -> Draft:
        rows = (row._replace(id=f"{row.id}x") if row.id == gone.id else row for row in draft.meetings)
        return draft._replace(meetings=tuple(rows))

    return f"{gone.id} gets another id", edit


def _remove(rng: Random, base: Draft) -> tuple[str, Edit]:
    gone = rng.choice(base.meetings)

    def edit(draft: Draft) -> Draft:
        rows = tuple(row for row in draft.meetings if row.id != gone.id)
        return draft._replace(meetings=rows) if rows else draft

    return f"{gone.id} goes", edit


def _close(rng: Random, base: Draft) -> tuple[str, Edit]:
    line = f"{_occurrence(rng, base)[1]} Snow"
    return f"closed: {line}", lambda draft: draft._replace(closed=(*draft.closed, line))


def _on_a_day(rng: Random, base: Draft, change: str) -> tuple[str, Edit]:
    session, day = _occurrence(rng, base)
    line = f"{{on: {day}, session: {session}, {change}}}"
    return line, lambda draft: draft._replace(changes=(*draft.changes, line))


def _cancel(rng: Random, base: Draft) -> tuple[str, Edit]:
    return _on_a_day(rng, base, "cancel: true")


def _move(rng: Random, base: Draft) -> tuple[str, Edit]:
    to = _occurrence(rng, base)[1] + timedelta(days=rng.choice((1, 1, 3)))
    return _on_a_day(rng, base, rng.choice((f"to: {to}", 'at: "12:45"', f'to: {to}, at: "7:15"')))


def _event(rng: Random, base: Draft) -> tuple[str, Edit]:
    line = f'{{on: {_occurrence(rng, base)[1]}, add: Farewell, at: "08:00", minutes: 40}}'
    return line, lambda draft: draft._replace(changes=(*draft.changes, line))


MAKERS = (
    _time, _length, _title, _place, _days, _weeks, _add, _replace, _remove, _close, _cancel, _move, _event,
)  # fmt: skip
