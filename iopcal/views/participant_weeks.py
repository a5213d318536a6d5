"""The weeks of one participant: their own, and those in which the program counts hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from iopcal.attendance import Attendance
from iopcal.course import CourseDay
from iopcal.hours import LEVELS, Level, Week, is_treatment, lost_words, together, week, week_of
from iopcal.model import Participant, Path, Program, Session, Span
from iopcal.named_tuple import NamedTuple
from iopcal.views.sessions import as_csv as csv_of
from iopcal.words import count_words

COLUMNS = (
    "participant", "week", "phase", "level", "sessions", "minutes", "hours", "needed", "verdict", "why",
)  # fmt: skip
_DAY = timedelta(days=1)


class OwnWeek(NamedTuple):
    """A week of the participant's own clock, in which the days of a hold are none."""

    number: int  # of the path, from 1; a restart begins anew
    days: tuple[CourseDay, ...]
    sessions: tuple[Session, ...]  # planned for it


class HoursWeek(NamedTuple):
    """Hours of one week, and what the levels of its phases ask; 0 is no bound.

    `verdict` is ok, short, over, `hold` of a week that is all on hold, or '' where no level asks anything.
    `why` says what cut the week short.
    """

    participant: str
    first: date
    phases: tuple[str, ...]  # names
    levels: tuple[str, ...]
    sessions: int  # held, and counted as treatment
    minutes: int
    least: int
    most: int
    verdict: str
    why: tuple[str, ...]


def own_weeks(attendance: Attendance) -> tuple[OwnWeek, ...]:
    """Returns the weeks of the participant's path, in order."""
    weeks: list[list[CourseDay]] = []
    for day in attendance.days:
        if not weeks or day.restarts or day.clock.week != weeks[-1][-1].clock.week:
            weeks.append([])
        weeks[-1].append(day)
    by_day: dict[date, list[Session]] = {}
    for session in attendance.sessions:
        by_day.setdefault(session.date, []).append(session)
    return tuple(
        OwnWeek(
            days[0].clock.week,
            tuple(days),
            tuple(session for day in days for session in by_day.get(day.day, ())),
        )
        for days in weeks
    )


def hours_weeks(program: Program, participant: Participant, attendance: Attendance) -> tuple[HoursWeek, ...]:
    """Returns the hours of every week in which the participant is on their path, or on hold.

    The weeks are those of the program's `hours`; its `own` are the participant's own, which a hold shifts.
    """
    rule, path = program.hours, Path("", participant.track, participant.starts)
    if program.admission == "rolling":
        ahead = tuple(day for day in attendance.days if day.day >= program.starts)
        attendance = attendance._replace(days=ahead)
    if rule.week == "own":
        return tuple(
            _hours(program, participant, attendance, week(path, each.days[0].day, each.sessions, rule), each)
            for each in own_weeks(attendance)
        )
    ran: dict[date, list[CourseDay]] = {}
    for day in attendance.days:
        ran.setdefault(week_of(day.day, path, rule), []).append(day)
    sessions: dict[date, list[Session]] = {}
    for session in attendance.sessions:
        when = session.real.start.date() if session.held else session.date
        sessions.setdefault(week_of(when, path, rule), []).append(session)
    weeks = {*ran, *sessions, *_held_weeks(participant, sorted(ran))}
    found = [OwnWeek(0, tuple(ran.get(each, ())), tuple(sessions.get(each, ()))) for each in sorted(weeks)]
    return tuple(
        _hours(program, participant, attendance, week(path, first, mine.sessions, rule), mine)
        for first, mine in zip(sorted(weeks), found, strict=True)
    )


def _held_weeks(participant: Participant, ran: Sequence[date]) -> Iterator[date]:
    """Yields the weeks between those the path ran in that are all on hold."""
    holds = holds_of(participant)
    first = ran[0] if ran and holds else date.max
    while ran and first < ran[-1]:
        if all(_within(first + number * _DAY, holds) for number in range(7)):
            yield first
        first += 7 * _DAY


def holds_of(participant: Participant) -> tuple[Span, ...]:
    """Returns the holds of somebody from their first day on."""
    return tuple(
        fact.span for fact in participant.facts
        if fact.kind == "hold" and fact.span.last >= participant.starts
    )  # fmt: skip


def _hours(
    program: Program, participant: Participant, attendance: Attendance, told: Week, mine: OwnWeek
) -> HoursWeek:
    phases = [program.phases[number] for number in dict.fromkeys(day.clock.phase for day in mine.days)]
    levels = [LEVELS[phase.level] for phase in phases if phase.level]
    asked = together(levels) if levels and len(levels) == len(phases) else None
    verdict = _verdict(told.minutes, asked)
    if not phases:
        verdict = "" if mine.sessions else "hold"
    return HoursWeek(
        participant.id,
        told.first,
        tuple(dict.fromkeys(phase.name for phase in phases)),
        tuple(dict.fromkeys(phase.level for phase in phases if phase.level)),
        sum(session.held and is_treatment(session, program.hours) for session in mine.sessions),
        told.minutes,
        asked.least if asked else 0,
        asked.most if asked else 0,
        verdict,
        tuple(_why(program, participant, attendance, told, mine)),
    )


def _verdict(minutes: int, asked: Level | None) -> str:
    if asked is None:
        return ""
    if minutes < asked.least:
        return "short"
    return "over" if asked.most and minutes > asked.most else "ok"


def _why(
    program: Program, participant: Participant, attendance: Attendance, told: Week, mine: OwnWeek
) -> Iterator[str]:
    """Yields what cut a week short."""
    yield from lost_words(told)
    away = sum(day.away for day in mine.days)
    if away:
        yield f"{count_words(away, 'day')} away"
    held = 0
    if program.hours.week != "own":
        held = sum(_within(told.first + number * _DAY, holds_of(participant)) for number in range(7))
    if held:
        yield f"{count_words(held, 'day')} on hold"
    if mine.days and len(mine.days) + held < 7:
        if told.first < attendance.days[0].day:
            yield "a partial first week"
        else:
            last = mine.days[-1] == attendance.days[-1]
            yield "a partial last week" if last else "a partial week"


def _within(day: date, spans: Iterable[Span]) -> bool:
    return any(day in span for span in spans)


def rows(weeks: Iterable[HoursWeek]) -> tuple[tuple[str, ...], ...]:
    """Returns a tuple of the COLUMNS for each week."""
    return tuple(
        (
            each.participant,
            each.first.isoformat(),
            ", ".join(each.phases),
            ", ".join(each.levels),
            str(each.sessions),
            str(each.minutes),
            decimal_hours(each.minutes),
            asked_words(each.least, each.most),
            each.verdict,
            ", ".join(each.why),
        )
        for each in weeks
    )


def decimal_hours(minutes: int) -> str:
    """Returns `9`, `7.5`, `0.83`: hours with at most two digits after the point."""
    whole, rest = divmod(minutes, 60)
    return f"{minutes / 60:.2f}".rstrip("0") if rest else str(whole)


def asked_words(least: int, most: int) -> str:
    """Returns the hours that a level asks, such as `9 to 19`, `20 or more`, `under 9`; '' for none.

    Never `9-19`: a spreadsheet would make a date of it.
    """
    if least and most:
        return f"{decimal_hours(least)} to {decimal_hours(most)}"
    if least:
        return f"{decimal_hours(least)} or more"
    if most:
        return f"under {decimal_hours(most + 1)}" if most % 60 == 59 else f"up to {decimal_hours(most)}"
    return ""


def as_csv(weeks: Iterable[HoursWeek]) -> str:
    """Returns a CSV table with a header; a cell that a spreadsheet would calculate is prefixed."""
    return csv_of(rows(weeks), COLUMNS)


def as_json(weeks: Iterable[HoursWeek]) -> list[dict[str, object]]:
    """Returns the weeks as plain values; bounds of 0 as null."""
    return [
        {
            "participant": each.participant,
            "week": each.first.isoformat(),
            "phases": list(each.phases),
            "levels": list(each.levels),
            "sessions": each.sessions,
            "minutes": each.minutes,
            "least_minutes": each.least or None,
            "most_minutes": each.most or None,
            "verdict": each.verdict,
            "why": list(each.why),
        }
        for each in weeks
    ]
