"""One participant: the weeks of their path, what comes next, and when they are not here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from iopcal.attendance import Attendance
from iopcal.course import CourseDay
from iopcal.hours import LEVELS, total_minutes
from iopcal.model import Fact, Participant, Program, Session
from iopcal.views.participant_weeks import OwnWeek, asked_words, own_weeks
from iopcal.views.summary import Cell, blocks, closed_line, lost_days, short_hours
from iopcal.views.week import agenda_days, counted_words, days_grid, needed_words, shown_sessions
from iopcal.words import count_words, day_words

_DAY = timedelta(days=1)


def text(program: Program, participant: Participant, attendance: Attendance, today: date) -> str:
    """Returns the headline, the weeks, the phase that comes next, and holds, absences and other facts."""
    shown = [session for session in shown_sessions(attendance.sessions) if session.held]
    name = f"{program.title} / {participant.id}"
    weeks = own_weeks(attendance)
    lines = [f"{name}    no sessions"]
    if shown:
        first, last = shown[0].real.start.date(), max(session.real.start.date() for session in shown)
        lines = [
            f"{name}    {count_words(len(shown), 'session')} in {count_words(len(weeks), 'week')}, "
            f"{day_words(first)} - {day_words(last)}, {program.zone}"
        ]
    lines += _weeks(program, weeks)
    lines.append(f"  next phase: {_next_words(program, participant, attendance, today)}")
    lines += (f"  {_fact_words(program, fact)}" for fact in _facts(participant))
    return "\n".join(lines) + "\n"


def _weeks(program: Program, weeks: Sequence[OwnWeek]) -> list[str]:
    """Returns the rows of weeks: visits, counted hours, and the hours that the level asks."""
    cells, missed = [], False
    closed: dict[date, str] = {}
    for week in weeks:
        last = week.days[-1]
        phase = program.phases[last.clock.phase]
        gone = lost_days(week.sessions, program.hours)
        closed |= gone
        mark = "*" if gone else " "
        minutes = total_minutes(week.sessions, program.hours)
        asked, misses = _asked(phase.level, minutes)
        missed = missed or misses
        texts = (
            f"{week.number} ",
            f"{_visits(week)}{mark}",
            f"{short_hours(minutes)}{mark}",
            f"{asked}{'!' if misses else ' '}",
        )
        cells.append(Cell((last.clock.phase, last.turn), phase.name, texts))
    lines = blocks(("week", "days", "hours", "needed"), cells) + closed_line(closed)
    return lines + (["  ! not the hours that the level of the phase asks"] if missed else [])


def _visits(week: OwnWeek) -> int:
    return len({session.date for session in week.sessions if session.visit})


def _asked(level: str, minutes: int) -> tuple[str, bool]:
    """Returns what a level asks, shortly, and whether so many minutes are not that."""
    asked = LEVELS.get(level)
    if asked is None:
        return "-", False
    word = short_hours(asked.least) if asked.least else f"<{short_hours(asked.most + 1)}"
    return word, minutes < asked.least or bool(asked.most and minutes > asked.most)


def next_phase(attendance: Attendance, today: date) -> CourseDay | None:
    """Returns the first day after `today` on which the participant goes from one phase to another."""
    for before, day in zip(attendance.days, attendance.days[1:], strict=False):
        same = (before.clock.phase, before.turn) == (day.clock.phase, day.turn)
        if day.day > today and not same:
            return day
    return None


def _next_words(program: Program, participant: Participant, attendance: Attendance, today: date) -> str:
    day = next_phase(attendance, today)
    if day is not None:
        return f"{program.phases[day.clock.phase].name}, from {day_words(day.day)} on"
    if not attendance.days:
        return "none"
    last = attendance.days[-1]
    if last.day < today:
        return f"none; the last day was {day_words(last.day)}"
    if program.phases[last.clock.phase].endless and participant.discharged is None:
        return "none; the last phase has no end"
    return f"none; the last day is {day_words(last.day)}"


def _facts(participant: Participant) -> Iterator[Fact]:
    """Yields what is not to be seen in the weeks, in order of date."""
    for fact in participant.facts:
        if fact.kind != "phase" and fact.span.last >= participant.starts:
            yield fact


def _fact_words(program: Program, fact: Fact) -> str:
    if fact.kind == "track":
        title = next(track.title or track.id for track in program.tracks if track.id == fact.value)
        return f"to track {title}: from {day_words(fact.span.first)} on"
    if fact.kind == "discharge":
        return f"discharged: {day_words(fact.span.first)} is the last day"
    if fact.kind == "hold":
        length = count_words((fact.span.last - fact.span.first).days + 1, "day")
        return f"on hold: {_span_words(fact)}; {length} that the weeks leave out"
    return f"away: {_span_words(fact)}; no sessions, and the weeks run on"


def _span_words(fact: Fact) -> str:
    first, last = fact.span
    return day_words(first) if first == last else f"{day_words(first)} - {day_words(last)}"


def as_json(
    program: Program, participant: Participant, attendance: Attendance, today: date
) -> dict[str, object]:
    """Returns the same as plain values; a week's `needed` is in words."""
    following = next_phase(attendance, today)
    return {
        "participant": participant.id,
        "track": participant.track or "-",
        "weeks": [_week_json(program, week) for week in own_weeks(attendance)],
        "next_phase": following
        and {
            "phase": program.phases[following.clock.phase].name,
            "date": following.day.isoformat(),
        },
        "facts": [
            {
                "kind": fact.kind,
                "first": fact.span.first.isoformat(),
                "last": fact.span.last.isoformat(),
                **({"track": fact.value} if fact.kind == "track" else {}),
            }
            for fact in _facts(participant)
        ],
    }


def _week_json(program: Program, week: OwnWeek) -> dict[str, object]:
    phase = program.phases[week.days[-1].clock.phase]
    level = LEVELS.get(phase.level)
    return {
        "week": week.number,
        "first": week.days[0].day.isoformat(),
        "last": week.days[-1].day.isoformat(),
        "phase": phase.name,
        "level": phase.level,
        "days": _visits(week),
        "minutes": total_minutes(week.sessions, program.hours),
        "needed": asked_words(level.least, level.most) if level else "",
        "closed": [day.isoformat() for day in lost_days(week.sessions, program.hours)],
    }


def week_text(
    program: Program, participant: Participant, attendance: Attendance, first: date, columns: int
) -> str:
    """Returns the week that begins with Monday `first` as a grid, or in words where nothing is."""
    last = first + 6 * _DAY
    name = f"{program.title} / {participant.id}"
    days = [day for day in attendance.days if first <= day.day <= last]
    notes = [words for day, words in _notes(participant, first, last)]
    heading = name
    if days:
        clock = days[-1].clock
        phase = program.phases[clock.phase]
        counted = counted_words(program, attendance.sessions, first)
        heading += f"          week {clock.week}, {phase.name}          {counted}{needed_words(phase)}"
    grid = days_grid(attendance.sessions, "\n".join([heading, *notes]), first, columns)
    nothing = f"{name}: nothing in the week of {day_words(first)}"
    return grid or "\n".join([nothing, *notes]) + "\n"


def agenda_text(
    program: Program, participant: Participant, sessions: Sequence[Session], first: date, last: date
) -> str:
    """Returns every session a line, day by day, and holds and absences at their first day."""
    found = agenda_days(sessions, first, last)
    for day, words in _notes(participant, first, last):
        found[day] = [words, *found.get(day, ())]
    lines = [line for day in sorted(found) for line in found[day]]
    return "\n".join([f"{program.title} / {participant.id}", *lines]) + "\n"


def _notes(participant: Participant, first: date, last: date) -> Iterator[tuple[date, str]]:
    """Yields the holds, absences and discharges that touch these days, each at its first day shown."""
    words = {"hold": "on hold", "away": "away", "discharge": "discharged"}
    for fact in _facts(participant):
        if fact.kind in words and fact.span.first <= last and fact.span.last >= first:
            after = ", the last day" if fact.kind == "discharge" else ""
            yield max(fact.span.first, first), f"{words[fact.kind]}: {_span_words(fact)}{after}"
