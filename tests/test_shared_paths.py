"""Law 8: participants that share a path share its sessions; many cost what their distinct paths cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from iopcal import alike
from iopcal.alike import Maker
from iopcal.attendance import Roster
from iopcal.attendee import Attendee
from iopcal.model import Participant, Program, Session
from iopcal.personal import Sources
from iopcal.targets import ics
from tests.marked import marked, marks
from tests.rings import further
from tests.unveiled import Published, Site, site_of

SEEDS = range(60)
LONG_SEEDS = range(60, 2_000)
PEOPLE = 10_000
PATHS = 6
SECRET = b"a key of thirty-two bytes or more"
Figure = Callable[[object], None]


class Costs:
    """Counts how often a path is walked, a calendar is drafted, and one is written out."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.counts = Counter[str]()
        for owner, name in ((Attendee, "attend"), (alike, "draft"), (ics, "_contents")):
            self._count(patch, owner, name)

    def _count(self, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def counted(*given: Any, **more: Any) -> Any:
            self.counts[name] += 1
            return plain(*given, **more)

        patch.setattr(owner, name, counted)

    def __getitem__(self, name: str) -> int:
        return self.counts[name]


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> Costs:
    return Costs(monkeypatch)


def crowd(program: Program, number: int, rng: Random) -> Program:
    """Returns the program with so many people on the paths that it has, in any order."""
    people = program.participants
    found = [people[n % len(people)]._replace(id=f"{people[n % len(people)].id}-{n}") for n in range(number)]
    rng.shuffle(found)
    return program._replace(participants=tuple(found))


def with_people(site: Site, program: Program) -> Site:
    """Returns the site with other people."""
    return site._replace(program=program, roster=Roster(program, site.expansion, site.source.today))


def likenesses(site: Site) -> set[Participant]:
    return {site.roster.likeness(each) for each in site.program.participants}


def nobodys(session: Session) -> Session:
    return session._replace(path=session.path._replace(participant=""))


def calendars(site: Site) -> Iterator[Published]:
    """Yields the calendars of all participants, made as a build makes them."""
    program = site.program
    maker = Maker(program, site.roster, site.options, SECRET)
    sources = Sources(program, site.options, site.source.today, "")
    people = sorted(((sources.of(each), each) for each in program.participants), key=lambda pair: pair[0])
    for source, participant in people:
        maker.turn_to(source)
        for feed in maker.feeds(participant):
            made = maker.new(participant, feed, False)
            assert not any(fault.exit for fault in made.faults)
            if made.data is not None:
                yield Published(feed, "", made.data)


def check(seed: int, costs: Costs) -> Counter[str]:
    """Holds a crowd against those whose paths it goes; returns what was compared."""
    site = site_of(marked(seed, marks()))
    alone = {
        site.roster.likeness(each): tuple(
            map(nobodys, Roster(site.program, site.expansion, site.source.today).attend(each).sessions)
        )
        for each in site.program.participants
    }
    many = with_people(site, crowd(site.program, 12, Random(seed)))
    assert likenesses(many) == set(alone)
    before = costs["attend"]
    for participant in many.program.participants:
        attended = many.roster.attend(participant).sessions
        assert {session.path.participant for session in attended} <= {participant.id}
        assert tuple(map(nobodys, attended)) == alone[many.roster.likeness(participant)]
    many.roster.sessions_for_staff()
    many.roster.all_problems()
    assert costs["attend"] - before == len(alone)
    drafted = costs["draft"]
    made = list(calendars(many))
    feeds = sum(rule.audience == "participant" for rule in site.program.feeds)
    assert costs["attend"] - before == len(alone)
    assert costs["draft"] - drafted == len(alone) * feeds
    looks = {(one.feed.rule, one.masked) for one in made}
    assert len(looks) <= len(alone) * feeds
    uids = [uid for one in made for uid in one.uids]
    assert len(set(uids)) == len(uids)
    return Counter(programs=1, paths=len(alone), people=12, calendars=len(made))


@pytest.mark.parametrize(
    "seeds", [SEEDS, *further([LONG_SEEDS[n::4] for n in range(4)], [f"further {n}" for n in range(4)])]
)
def test_who_shares_a_path_attends_the_same_and_costs_nothing(
    seeds: range, costs: Costs, figure: Figure
) -> None:
    found: Counter[str] = sum((check(seed, costs) for seed in seeds), Counter())
    assert found["calendars"] > found["people"]
    assert found["paths"] < found["people"] / 4
    counted = ", ".join(f"{number:,} {name}" for name, number in found.items())
    figure(f"law 8, seeds from {seeds[0]}: {counted}, each path walked once")


@pytest.fixture(scope="module")
def varied() -> Site:
    """A program with people on six paths, each of whom has placed a session."""
    found = (site_of(marked(seed, marks())) for seed in range(200))
    site = next(each for each in found if len(likenesses(each)) > 1 and staffed(each))
    people = [each for each in site.program.participants if each.placed][:2]
    paths = [each._replace(id=f"{each.id}-{days}", days=days) for days in ((), (0,), (2,)) for each in people]
    return with_people(site, site.program._replace(participants=tuple(paths)))


def staffed(site: Site) -> bool:
    return sum(bool(each.placed) for each in site.program.participants) > 1


def test_ten_thousand_people_cost_their_distinct_paths(varied: Site, costs: Costs, figure: Figure) -> None:
    assert len(likenesses(varied)) == PATHS
    few = with_people(varied, varied.program)
    assert list(calendars(few))
    once = Counter(costs.counts)
    costs.counts.clear()
    many = with_people(varied, crowd(varied.program, PEOPLE, Random(1)))
    made = sum(1 for _ in calendars(many))
    assert made >= PEOPLE
    assert costs.counts == once
    figure(f"law 8, {PEOPLE:,} people: {made:,} calendars, {dict(once)}, as for {PATHS}")


def test_more_paths_than_are_remembered_are_walked_once_wherever_people_stand(
    varied: Site, costs: Costs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iopcal.attendance._KEPT", 2)
    many = with_people(varied, crowd(varied.program, 20 * PATHS, Random(1)))
    many.roster.sessions_for_staff()
    assert costs["attend"] == PATHS
    many.roster.all_problems()
    assert costs["attend"] == 2 * PATHS
