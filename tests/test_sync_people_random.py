"""Random participants of random programs in Google: what their calendars show is what they attend.

It is held against the oracle, which shares no code with the package: first as it was pushed, then after every
participant has become another one in mid-course.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from iopcal import source
from iopcal.attendance import Roster
from iopcal.destinations import Errand, errands
from iopcal.expand import expand
from iopcal.language import read_list, read_program
from iopcal.language.included import Read
from iopcal.model import FeedRule, Place
from iopcal.model.sync import Destination, GoogleTarget
from iopcal.problems import Exit, Problem, has_errors
from iopcal.source import Node
from iopcal.sync import Account, Options, Result, carry_out, prepare
from iopcal.targets.google.pace import Pace
from tests import oracle
from tests.fake_google import FakeGoogle
from tests.google_world import ODD, shown
from tests.keeping import Memory, api_of
from tests.programs import random_program
from tests.rings import at_length
from tests.rosters import random_rolling_program, random_roster, today_for

PROGRAMS = (random_program, random_rolling_program)
SEEDS = range(4)
FEW = 6  # participants of each, by default
LONG_CHUNKS = at_length(range(first, first + 50) for first in range(100, 1_100, 50))
OTHERWISE = {name: value for name, value in ODD.items() if name != "per_calendar_writes"}  # that takes long
Stretches = list[tuple[datetime, datetime]]


class Kept:
    """The calendars of the participants of one program in a fake."""

    def __init__(self, text: str, today: date, fake: FakeGoogle) -> None:
        self.text, self.today, self.fake, self.state = text, today, fake, Memory()
        self.pace = Pace(fake.seconds, fake.sleep, Random(fake.seed))

    def errands(self, roster: str) -> list[Errand] | None:
        """Returns what everybody's calendar shall say, None where the program is not sound with them."""

        def beside(
            name: str, place: Place, read: Read = read_list, /
        ) -> tuple[Node | None, tuple[Problem, ...]]:
            return read(roster.encode(), name)

        node, problems = source.read(f"{self.text}\nroster: r.yaml\n".encode(), "p.yaml")
        assert node is not None, problems
        program, found = read_program(node, "p.yaml", beside)
        if program is None or has_errors(found):
            return None
        program = program._replace(feeds=(FeedRule("participant", "discreet"),))
        expansion = expand(program, self.today)
        people = Roster(program, expansion, self.today)
        if has_errors((*expansion.problems, *people.all_problems())):
            return None
        destination = Destination(f"{program.id}/*", "make")
        target = GoogleTarget("people", "test", (destination,))
        return list(errands(target, [(program, expansion)], {program.id: people})[0])

    def run(self, errand: Errand, calendar: str, now: datetime) -> Result:
        """Keeps one calendar right, however many sessions go."""
        self.fake.new_run()
        account = Account("test", api_of(self.fake), self.pace)
        owner = errand.owner(calendar)
        prepared = prepare(errand, calendar, owner, account, self.state, Options(now))
        if prepared.plan is not None and prepared.plan.going:
            options = Options(now, allow_deletes=prepared.plan.going)
            prepared = prepare(errand, calendar, owner, account, self.state, options)
        return carry_out(prepared)

    def shown(self, calendar: str) -> Stretches:
        """Returns what a calendar shows, and sees that it tells nothing."""
        found = shown(self.fake, calendar)
        assert {title for _, _, title in found} <= {"Appointment"}
        return [(start, end) for start, end, _ in found]


def meant(kept: Kept, roster: str, participant: str) -> Stretches:
    """Returns what the oracle says that somebody's calendar shows."""
    found = oracle.participant_feed(kept.text, roster, participant, kept.today)
    return sorted((start.astimezone(UTC), end.astimezone(UTC)) for start, end in found)


def check(seed: int, most: int | None = None) -> int:
    """Plays one program with two rosters, of each at `most` so many people; returns how many were played."""
    text = PROGRAMS[seed % 2](seed)
    today = today_for(text)
    rosters = [random_roster(text, seed), random_roster(text, seed + 100_000)]
    now = datetime.combine(today, time(12), UTC)
    switches = OTHERWISE if seed % 4 > 1 else {}
    fake = FakeGoogle(seed, now=now - timedelta(days=60), auth="off", **switches)
    kept = Kept(text, today, fake)
    first, second = (kept.errands(roster) for roster in rosters)
    if first is None or second is None:
        return 0
    before = {}
    for errand in first[:most]:
        calendar = fake.calendar("Calendar")
        was = meant(kept, rosters[0], errand.feed.member)
        result = kept.run(errand, calendar, fake.now())
        assert result.exit is Exit.DONE, f"seed {seed}: {result.troubles}"
        assert kept.shown(calendar) == was, f"seed {seed}: {errand.name}"
        before[calendar] = errand, was
    fake.advance((now - fake.now()).total_seconds())
    for (calendar, (errand, was)), other in zip(before.items(), second, strict=False):
        assert errand.participant is not None
        assert other.participant is not None
        somebody = other.participant._replace(id=errand.participant.id)
        changed = other._replace(feed=errand.feed, participant=somebody)
        result = kept.run(changed, calendar, now)
        assert result.exit is Exit.DONE, f"seed {seed}: {result.troubles}"
        shall = meant(kept, rosters[1], other.feed.member)
        wanted = [each for each in was if each[0] <= now] + [each for each in shall if each[0] > now]
        assert kept.shown(calendar) == wanted, f"seed {seed}: {errand.name} as {other.name}"
        again = kept.run(changed, calendar, now)
        assert again.applied is None, f"seed {seed}: {errand.name} again"
        assert switches or again.requests == 1
    assert fake.violations == []
    return len(before)


def test_everybodys_calendar_shows_what_they_attend(figure: Callable[[object], None]) -> None:
    looked_at = [check(seed, FEW) for seed in SEEDS]
    assert all(looked_at)
    figure(f"Google calendars of {sum(looked_at)} random participants, {len(looked_at)} programs: 0 wrong")


@pytest.mark.long
@pytest.mark.parametrize("seeds", LONG_CHUNKS, ids=lambda seeds: str(seeds[0]))
def test_the_calendars_of_many_show_what_they_attend(seeds: range, figure: Callable[[object], None]) -> None:
    looked_at = [check(seed) for seed in seeds]
    figure(f"Google calendars of {sum(looked_at)} random participants, {len(looked_at)} programs: 0 wrong")
