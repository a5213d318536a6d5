"""From a program to its dated sessions."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from zoneinfo import ZoneInfo

from iopcal import complaints
from iopcal.calendar_days import check_holidays
from iopcal.model import Path, Place, Program, Session, Track
from iopcal.named_tuple import NamedTuple
from iopcal.paths import PathDay, horizon, is_too_far, paths
from iopcal.problems import Problem, has_errors
from iopcal.walk import Strand, Walker

MOST_SESSIONS = 20_000
MOST_DAYS = 200_000  # of all paths together


class Walk(NamedTuple):
    """One path, day by day, from its first day to its last."""

    path: Path
    days: tuple[PathDay, ...]


class Expansion(NamedTuple):
    """Every session of a program, closed ones too, by start; and what was found wrong on the way.

    `pending` are errors of lines that match no session here, unless they match one of a participant.
    """

    sessions: tuple[Session, ...]
    walks: tuple[Walk, ...]
    problems: tuple[Problem, ...]
    pending: tuple[Problem, ...] = ()


def expand(program: Program, today: date) -> Expansion:
    """Returns the dated sessions of every path of the program, with errors and warnings.

    Those of a rolling program are its groups', one path a track; how far they are published depends on
    `today`, and nothing else does. Sessions are sorted by start, then by path and place in the list. With
    errors the sessions are what could be laid out; nothing may be published from them.
    """
    problems = list(check_holidays(program.holidays, program.starts))
    if problems:
        return Expansion((), (), tuple(problems))
    zone = ZoneInfo(program.zone)
    last = horizon(program, today)
    problems += complaints.of_horizon(program, last)
    if has_errors(problems):
        return Expansion((), (), tuple(problems))
    tracks = {track.id: track for track in program.tracks}
    sessions: list[Session] = []
    walks = []
    used: set[Place] = set()
    unmatched: tuple[Problem, ...] = ()
    days = 0
    for path in paths(program):
        walker = _walker(program, path, tracks[path.track], zone, last)
        walks.append(Walk(path, tuple(walker.walk(MOST_SESSIONS - len(sessions)))))
        sessions += walker.sessions
        problems += walker.problems
        used |= walker.used
        days += len(walks[-1].days)
        if len(sessions) > MOST_SESSIONS or days > MOST_DAYS:
            problems.append(complaints.too_many(program, MOST_SESSIONS, MOST_DAYS))
            break
    else:
        unmatched = tuple(complaints.unmatched(program, used, sessions, dict(walks)))
        if not program.participants:
            problems += unmatched
    sessions.sort(key=_by_start)
    if sessions and is_too_far(sessions[0].real.start.date(), sessions[-1].real.start.date()):
        problems.append(complaints.far_apart(program, sessions[0], sessions[-1]))
    pending = unmatched if program.participants else ()
    return Expansion(tuple(sessions), tuple(walks), complaints.once_each(problems), pending)


def _walker(program: Program, path: Path, track: Track, zone: ZoneInfo, last: date) -> Walker:
    if program.admission == "rolling":
        from iopcal.group import GroupWalker  # most programs are none

        return GroupWalker(program, path, track, zone, last)
    return Walker(program, path, Strand(program, path, track), zone)


_by_start = attrgetter("real.start", "path.cohort", "path.track")
