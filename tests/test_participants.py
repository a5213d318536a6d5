"""What participants attend, in random programs with random rosters: the oracle is the judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import pytest

from iopcal.attendance import Attendance, Roster
from iopcal.expand import expand
from iopcal.model import FACTS, Fact, Participant, Program, Span
from iopcal.problems import has_errors
from tests import oracle
from tests.oracle.attend import Attended
from tests.rings import at_length
from tests.rosters.enrolled import Enrolled, enrolled, seen

CHUNK = 35  # rosters of 8 to 20 participants; the checker refuses a few programs
CHUNKS = range(4)
LONG_CHUNK, LONG_CHUNKS = 370, range(8)  # 40,000 participants
LONG_FIRST = 1_000  # seed
DATED = range(200, 216)


class Count(NamedTuple):
    """How much was compared."""

    participants: int
    sessions: int
    days: int
    rolling: int  # participants of those


@pytest.mark.parametrize("chunk", CHUNKS)
def test_participants_attend_what_the_oracle_says(chunk: int, figure: Callable[[object], None]) -> None:
    found = compare(range(chunk * CHUNK, (chunk + 1) * CHUNK))
    figure(f"law of participants, seeds {chunk * CHUNK} to {(chunk + 1) * CHUNK - 1}: {told(found)}")
    assert found.participants >= 500
    assert found.rolling >= 250


@pytest.mark.long
@pytest.mark.parametrize("chunk", at_length(LONG_CHUNKS))
def test_the_long_ring_of_participants_agrees_too(chunk: int, figure: Callable[[object], None]) -> None:
    first = LONG_FIRST + chunk * LONG_CHUNK
    found = compare(range(first, first + LONG_CHUNK))
    figure(f"law of participants, seeds {first} to {first + LONG_CHUNK - 1}: {told(found)}")
    assert found.participants >= 4_800


def test_what_happens_on_a_day_changes_nothing_before_it(figure: Callable[[object], None]) -> None:
    """In programs that move nothing: who is away on the day of a make-up has no visit for it."""
    counts = Counter[str]()
    for each in enrolled(DATED):
        rng, closures = Random(each.seed), each.program.closures
        program = each.program._replace(
            on_changes=(), closures=tuple(line for line in closures if line.make_up is None)
        )
        roster = Roster(program, expand(program, each.today), each.today)
        for participant in program.participants:
            before = roster.attend(participant)
            fact = something(rng, program, participant, before)
            if fact is not None:
                after = roster.attend(participant._replace(facts=(*participant.facts, fact)))
                past, still = (
                    [one for one in found.sessions if one.date < fact.span.first] for found in (before, after)
                )
                assert seen(past) == seen(still), f"seed {each.seed}, {participant.id}, {fact}"
                counts[fact.kind] += 1
    figure(f"facts that change nothing before them: {dict(sorted(counts.items()))}")
    assert counts.total() >= 150


def something(rng: Random, program: Program, participant: Participant, found: Attendance) -> Fact | None:
    """Returns what may happen to somebody on a day after all that has happened; None after a discharge."""
    latest = max((fact.span.last for fact in participant.facts), default=date.min)
    days = [day.day for day in found.days if day.day > latest]
    if not days or any(fact.kind == "discharge" for fact in participant.facts):
        return None
    day, kind = rng.choice(days), rng.choice(FACTS)
    last = day + timedelta(days=rng.choice([0, 3, 6, 13, 40])) if kind in ("hold", "away") else day
    named = {
        "phase": [one.id for one in program.phases if one.until is None or one.until >= day],
        "track": [track.id for track in program.tracks],
    }.get(kind, [""])
    return Fact(kind, Span(day, last), rng.choice(named)) if named else None


def told(found: Count) -> str:
    """Returns the numbers in words."""
    return (
        f"{found.participants} participants, {found.rolling} of them in open groups, "
        f"{found.sessions} sessions on {found.days} days of paths, 0 differences"
    )


def compare(seeds: Iterable[int]) -> Count:
    """Holds everybody of the rosters of some seeds against the oracle."""
    participants = sessions = days = rolling = 0
    for each in enrolled(seeds):
        judged = oracle.courses(each.text, each.people, each.today)
        attended = oracle.participants(each.text, each.people, each.today)
        roster = Roster(each.program, each.expansion, each.today)
        for participant in each.program.participants:
            found, who = roster.attend(participant), f"seed {each.seed}, {participant.id}"
            assert not has_errors(found.problems), who
            sessions += check_sessions(found, attended[participant.id], who)
            days += check_days(each, found, judged[participant.id], who)
        participants += len(each.program.participants)
        rolling += len(each.program.participants) * (each.program.admission == "rolling")
    return Count(participants, sessions, days, rolling)


def check_sessions(found: Attendance, judged: list[oracle.Occurrence], who: str) -> int:
    """Compares sessions in all that both say; the oracle names a cohort only where the roster does."""
    named = any(one.cohort != "-" for one in judged)
    ours = seen(found.sessions)
    if not named:
        ours = [one._replace(cohort="-") for one in ours]
    assert Counter(ours) == Counter(judged), who
    return len(ours)


def check_days(each: Enrolled, found: Attendance, judged: list[Attended], who: str) -> int:
    """Compares the days of a path that exist: phase, week of the path, track, absence, numbers of visits."""
    phases = [phase.id for phase in each.program.phases]
    theirs = [day for day in judged if day.phase is not None and day.state != "hold"]
    for ours, other in zip(found.days, theirs, strict=True):
        clock = ours.clock
        mine = (clock.day, phases[clock.phase], ours.track or "-", clock.week, ours.away)
        assert mine == (other.day, other.phase and other.phase.id, other.track, other.path_week,
                        other.state == "away"), who  # fmt: skip
        assert other.visit in (0, clock.visits + 1), who
    return len(theirs)
