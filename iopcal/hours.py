"""Treatment time: how sessions count, week by week, and what a level of care asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from iopcal.model import HourRule, Path, Session, Status
from iopcal.named_tuple import NamedTuple
from iopcal.words import count_words

_HOUR = 60


class Level(NamedTuple):
    """What a level of care asks a week: minutes at least and at most, treatment days at least and at most.

    0 is no bound.
    """

    least: int
    most: int
    fewest_days: int
    most_days: int


# ASAM Criteria, 3rd edition: level 2.1 is 9 to 19 hours a week, usually 3 to 5 days; 2.5 is 20 hours or more;
# level 1 is under 9 hours. Adults; not legal advice.
LEVELS = {
    "iop": Level(9 * _HOUR, 19 * _HOUR, 3, 5),
    "php": Level(20 * _HOUR, 0, 0, 0),
    "outpatient": Level(0, 9 * _HOUR - 1, 0, 0),
}


class Week(NamedTuple):
    """One week of one path: counted minutes, and days on which something counted is held.

    `holidays`, `closed` and `cancelled` are planned treatment days on which nothing is, by what took them.
    """

    path: Path
    first: date
    minutes: int
    days: int
    holidays: int
    closed: int  # by a `closed` line
    cancelled: int  # session by session


def together(levels: Sequence[Level]) -> Level:
    """Returns what a week of several phases must keep to: what one of them allows is well."""
    least, most, fewest_days, most_days = zip(*levels, strict=True)
    return Level(
        min(least),
        max(most) if all(most) else 0,
        min(fewest_days),
        max(most_days) if all(most_days) else 0,
    )


def is_treatment(session: Session, rule: HourRule) -> bool:
    """Says whether a session counts as treatment time; an explicit `counts` wins over the rule."""
    if session.counted:
        return True
    activity = session.activity
    if activity.optional or activity.counts_said:
        return False
    return (activity.kind == "break" and rule.breaks) or (activity.kind == "meal" and rule.meals)


def counted_minutes(minutes: int, rule: HourRule) -> int:
    """Returns how many minutes a session of this length counts for.

    `fifty-minute-hour`: one hour for every whole 50 minutes, or its clock time if that is more.
    """
    if rule.method == "fifty-minute-hour":
        return max(minutes, minutes // 50 * _HOUR)
    return minutes


def week_of(day: date, path: Path, rule: HourRule) -> date:
    """Returns the first day of the week that a day is counted in."""
    if rule.week == "own":
        return day - timedelta(days=(day - path.starts).days % 7)
    if rule.week == "sun-sat":
        return day - timedelta(days=(day.weekday() + 1) % 7)
    return day - timedelta(days=day.weekday())


def total_minutes(sessions: Iterable[Session], rule: HourRule) -> int:
    """Returns the counted minutes of what is held; `span`: a day counts from first start to last end."""
    held = [session for session in sessions if session.held and is_treatment(session, rule)]
    if rule.method != "span":
        return sum(counted_minutes(session.real.minutes, rule) for session in held)
    days: dict[date, list[Session]] = {}
    for session in held:
        days.setdefault(session.real.start.date(), []).append(session)
    return sum(_span(day) for day in days.values())


def _span(sessions: Iterable[Session]) -> int:
    sessions = tuple(sessions)
    first = min(session.real.start for session in sessions)
    last = max(session.real.end for session in sessions)
    return int((last.timestamp() - first.timestamp()) // 60)


def weeks(sessions: Iterable[Session], rule: HourRule) -> tuple[Week, ...]:
    """Returns the weeks of all paths that have sessions, in order of path and time.

    A held session counts in the calendar week it takes place in; one of the path's `own` weeks counts what
    was planned for it.
    """
    found: dict[tuple[Path, date], list[Session]] = {}
    for session in sessions:
        moved = session.held and rule.week != "own"
        day = session.real.start.date() if moved else session.date
        found.setdefault((session.path, week_of(day, session.path, rule)), []).append(session)
    return tuple(week(path, first, found[path, first], rule) for path, first in sorted(found))


def week(path: Path, first: date, sessions: Iterable[Session], rule: HourRule) -> Week:
    """Returns one week of a path from the sessions that are counted in it."""
    sessions = tuple(sessions)
    counted = [session for session in sessions if is_treatment(session, rule)]
    held = {session.real.start.date() for session in counted if session.held}
    taken = {session.date: _taker(session) for session in counted if not session.held}
    lost = Counter(taker for day, taker in taken.items() if day not in held)
    return Week(
        path,
        first,
        total_minutes(sessions, rule),
        len(held),
        lost["holiday"],
        lost["closed"],
        lost["cancelled"],
    )


def _taker(session: Session) -> str:
    if session.status is Status.CANCELLED:
        return "cancelled"
    return "closed" if session.cause.line else "holiday"


def lost_words(week: Week) -> Iterator[str]:
    """Yields what took treatment days of the week: `one holiday`, `2 closed days`."""
    for number, noun in (
        (week.holidays, "holiday"),
        (week.closed, "closed day"),
        (week.cancelled, "cancelled day"),
    ):
        if number:
            yield f"one {noun}" if number == 1 else count_words(number, noun)
