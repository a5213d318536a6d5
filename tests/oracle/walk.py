"""The walk of one path through its program, day by day, in the order the days are planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tests.oracle.fate import Fate, PublicHolidays, fate
from tests.oracle.program import Phase, Program, Session
from tests.oracle.timetable import (
    Keychain,
    Keys,
    Path,
    Planned,
    counts_of_its_choice,
    keys_on,
    lay_out,
    meets,
    phase_meets,
    weeks_of,
)
from tests.oracle.topics import Curricula

LONGEST = 260  # weeks after which a phase that waits for visits ends all the same


class Entry(NamedTuple):
    """One session of one path that was not left out."""

    path: Path
    phase: Phase | None  # None in the group of a rolling program
    session: Session
    planned_for: date
    fate: Fate
    topic: str
    chosen: bool  # counts, as far as its `one_of` label goes
    visit: int  # the number of the visit, 0 on a day that is none
    path_week: int


class Day(NamedTuple):
    """One day of a path, whether or not anything takes place on it."""

    day: date
    path_week: int
    entries: tuple[Entry, ...]


class _Clocks:
    """What a path counts, everything on the day it was planned for."""

    def __init__(self, chain: Keychain) -> None:
        self.chain = chain
        self.visits = 0
        self.held: Counter[str] = Counter()
        self.topics = Curricula("postpone")  # the default of a cohort program


def walk(program: Program, public: PublicHolidays, path: Path) -> Iterator[Day]:
    """Every day of the path from its first to the last of its last phase."""
    clocks = _Clocks(Keychain(program, path))
    begin = path.cohort.starts
    for phase in program.phases:
        # A path that arrives after `until` skips the phase.
        if phase.until is not None and begin > phase.until:
            continue
        weeks = weeks_of(phase, begin)
        nominal_end = begin + timedelta(7 * (phase.weeks or 0) - 1)
        latest = (nominal_end if phase.weeks else begin - timedelta(1)) + timedelta(7 * LONGEST)
        visits, lost = 0, 0
        day = begin
        while True:
            week = (day - begin).days // 7 + 1
            entries, is_visit, is_lost = _live(program, public, path, clocks, phase, day, week, weeks)
            yield Day(day, _path_week(path, day), entries)
            visits += is_visit
            if phase.until is not None:
                # The last day is included, and never moves.
                ended = day == phase.until
            elif phase.visits is not None:
                # A `visits` phase ends on the day of its last visit.
                ended = visits == phase.visits
            else:
                # After the last week come as many held visits as `extend` closures took in those
                # weeks; days that are closed then are waited out.
                if day <= nominal_end:
                    lost += is_lost
                    visits = 0
                ended = day >= nominal_end and visits == lost
            if ended or (phase.until is None and day >= latest):
                break
            day += timedelta(1)
        # A phase starts the day after the one before it ends, whatever weekday.
        begin = day + timedelta(1)


def _path_week(path: Path, day: date) -> int:
    """Weeks of the path are spans of 7 days from its first day."""
    return (day - path.cohort.starts).days // 7 + 1


def _live(
    program: Program,
    public: PublicHolidays,
    path: Path,
    clocks: _Clocks,
    phase: Phase,
    day: date,
    week: int,
    weeks: int | None,
) -> tuple[tuple[Entry, ...], bool, bool]:
    """One day: what takes place, whether it is a visit, and whether it is one that `extend` gives back."""
    path_week = _path_week(path, day)
    on_phase_day = phase_meets(phase, path.track, week, weeks, day)
    added = list(added_on(program, path, phase, day))

    regular: list[tuple[Session, Keys]] = []
    for session in program.sessions:
        keys = clocks.chain.keys(session, phase, day)
        if not meets(session, keys, phase, path.track, day, week, path_week, on_phase_day):
            continue
        # Stops after so many held occurrences on the path.
        if session.times is not None and clocks.held[session.id] >= session.times:
            continue
        # Limited to some visits of the path: those are days the phase meets on. A day that is
        # then closed has its sessions planned for the number it would have had.
        if session.visits is not None and not (on_phase_day and session.visits.hold(clocks.visits + 1)):
            continue
        regular.append((session, keys))
    # Days for which only `any` or `monthly` sessions are planned, or an added one, are no visits.
    could_be_visit = on_phase_day and any(
        session.monthly is None and not (keys.days is not None and keys.days.any) for session, keys in regular
    )

    def outcome(rows: list[tuple[Session, Keys]]) -> tuple[list[tuple[Planned, Fate]], bool]:
        """What becomes of a plan, and whether it is a visit: a counted, not optional session is held."""
        ends = [(plan, fate(program, public, path, day, plan, False)) for plan in lay_out(rows, path.track)]
        return ends, could_be_visit and any(end.held and makes_a_visit(plan.session) for plan, end in ends)

    fates, is_visit = outcome(regular)
    if not is_visit and any(plan.session.visits is not None and end.held for plan, end in fates):
        # The day takes no number, so nothing is held that belongs to a numbered visit.
        regular = [(session, keys) for session, keys in regular if session.visits is None]
        fates, is_visit = outcome(regular)
    clocks.visits += is_visit
    fates += [(plan, fate(program, public, path, day, plan, True)) for plan in added]

    # A lost day: no visit, would have been one without closures, and one of those has `extend`.
    of_the_day = fates[: len(fates) - len(added)]
    without_closures = could_be_visit and any(
        makes_a_visit(plan.session) and not end.called_off for plan, end in of_the_day
    )
    is_lost = (
        not is_visit
        and without_closures
        and any(closure.extend for _, end in of_the_day for closure in end.closures)
    )

    entries = []
    for plan, end in fates:
        session = plan.session
        topic = clocks.topics.show(session, path.track, day, path_week, end.held)
        clocks.held[session.id] += end.held
        # Lost to a public holiday or a `closed` line: left out.
        if end.status != "closed":
            chosen = counts_of_its_choice(program, session, phase, path, day)
            number = clocks.visits if is_visit else 0
            entries.append(Entry(path, phase, session, day, end, topic, chosen, number, path_week))
    return tuple(entries), is_visit, is_lost


def makes_a_visit(session: Session) -> bool:
    """Counted, and not optional. Any of the sessions of a `one_of` does."""
    return session.counts and not session.optional


def added_on(program: Program, path: Path, phase: Phase | None, day: date) -> Iterator[Planned]:
    """An added session belongs to every path under way that day; `phases` limits it on paths."""
    for line, session in program.additions:
        if day not in line.days or not line.is_for(path.cohorts, path.track.id):
            continue
        if phase is not None and session.phases is not None and phase.id not in session.phases:
            continue
        keys = keys_on(program, session, phase or program.phases[0], path, day)
        if keys.at is not None:
            yield Planned(session, session.name, keys.at, keys.minutes)
