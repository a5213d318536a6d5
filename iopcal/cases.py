"""One calendar of a run and its plan; and what all plans of a run are judged by together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from iopcal.brake import frightening
from iopcal.destinations import Common, Errand
from iopcal.expand import Expansion
from iopcal.feeds import Feed
from iopcal.jobs import Job
from iopcal.model import FeedRule, Program
from iopcal.model.program import HourRule
from iopcal.model.sync import Destination, GoogleTarget, Guard
from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.sync import Options, Prepared, telling, unexplained
from iopcal.tally import Tally, looked, missed, planned
from iopcal.targets.google.body import reminding
from iopcal.targets.google.decision import Rule
from iopcal.targets.google.planned import Planned, checksum, plan
from iopcal.targets.google.rows import EMPTY
from iopcal.targets.trouble import Trouble
from iopcal.words import count_words

_NEW = "new"  # salt of the plan of a calendar that is not made yet: the same in every run


def of_job(job: Job) -> dict[str, Any]:
    """Returns what a tally says of the feed itself."""
    return {"made": job.made and job.calendar != "", "key": job.errand.feed.key}


class Case(NamedTuple):
    """One calendar in this run. `draft` is the plan of one that is still to be made."""

    job: Job
    prepared: Prepared | None = None
    draft: Planned | None = None
    troubles: tuple[Trouble, ...] = ()
    seconds: float = 0.0

    @property
    def feed(self) -> str:
        """The name of the feed."""
        return self.job.feed

    @property
    def plan(self) -> Planned | None:
        """What would be done; None where the calendar could not be read."""
        return self.prepared.plan if self.prepared else self.draft

    def but(self, *troubles: Trouble) -> Case:
        """Returns the same with more that speaks against writing there."""
        if self.prepared is None:
            return self._replace(troubles=(*self.troubles, *troubles))
        return self._replace(prepared=self.prepared._replace(troubles=(*self.prepared.troubles, *troubles)))

    @property
    def against(self) -> tuple[Trouble, ...]:
        """All that speaks against writing there."""
        return (*self.troubles, *(self.prepared.troubles if self.prepared else ()))

    @property
    def tally(self) -> Tally:
        """The calendar as it was read, nothing done yet."""
        if self.prepared is not None:
            found = looked(self.prepared)
        elif self.draft is not None and not self.troubles:
            found = planned(self.feed, self.draft)
        else:
            found = missed(self.feed, *self.troubles)
        return found._replace(seconds=self.seconds, **of_job(self.job))


def draft(case: Case, options: Options) -> Case:
    """Returns a case with what will be done in its calendar, which is not made yet; refused if it tells."""
    errand = case.job.errand
    owner = errand.owner(_NEW)
    items = errand.items(owner)
    rule = Rule(owner, options.now, options.now, reminding(errand.destination.remind), whole=True)
    return case.but(*telling(errand, items, options))._replace(draft=plan(items, EMPTY, rule))


def plan_sum(cases: Iterable[Case]) -> str:
    """Returns the checksum of all that would be written in all calendars."""
    return checksum((case.feed, case.plan) for case in cases if case.plan is not None)


def stale(now: str, expected: str) -> Trouble:
    """Says that the plan is not the one that was shown."""
    message = f"the plan is now {now}, not {expected}"
    return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP526", message, "look again: iopcal plan", "refused"))


def emptied(name: str, target: GoogleTarget, destination: Destination, key: str) -> Errand:
    """Returns the errand that leaves nothing of a feed in its calendar, whether or not a program has it.

    `key` is the feed's own, as identities name it.
    """
    program, _, called = name.partition("/")
    feed = Feed(key, name, called, called, FeedRule("program", "full"))
    return Errand(name, target, destination, Common(_nothing(program), Expansion((), (), ())), feed)


def _nothing(id: str) -> Program:
    """Returns a program of which only the id is known."""
    empty: dict[str, Any] = dict.fromkeys(_LISTS, ())
    return Program(
        id=id, title=id, zone="UTC", starts=date.min, level="", hours=HourRule(), day_starts=None,
        keep_cancelled=0, location="", link="", phone="", place=NOWHERE, **empty,
    )  # fmt: skip


_LISTS = (
    "treatment_days", "tracks", "cohorts", "activities", "phases", "holidays", "closures", "on_changes",
    "from_changes", "additions",
)  # fmt: skip


def cleaning(case: Case, allowed: int | None, command: str, *, past: bool = False) -> Case:
    """Returns a case in which all goes, refused unless just so many sessions are `allowed` to go.

    `past`: sessions that were held go, too.
    """
    if case.prepared is None or case.plan is None:
        return case
    against = tuple(each for each in case.prepared.troubles if each.exit is not Exit.REFUSED)
    case = case._replace(prepared=case.prepared._replace(troubles=against))
    decisions = case.plan.decisions if case.plan else ()
    removed = [each for each in decisions if each.writes or each.deletes]
    going = sum(len(each.going) for each in removed)
    if going == (allowed or 0):
        return case
    named = "" if allowed is None else f"--allow-deletes named {allowed}; "
    numbers = f"{count_words(len(removed), 'event')}, {count_words(going, 'session')}"
    message = f"{case.feed}: {numbers}{'' if past else ' ahead'} would go"
    hint = f"{named}if meant: {command} --allow-deletes {going}"
    place = case.job.errand.destination.place
    return case.but(Trouble(Exit.REFUSED, Problem(place, "IOP601", message, hint, "refused")))


def singly(cases: list[Case], options: Options) -> list[Case]:
    """Returns the cases, refused those that lose many sessions where several do and one number is given.

    The number is that of one calendar; `--only` says which.
    """
    guard = options.guard
    many = [case for case in cases if case.plan and _is_frightening(case, case.plan, guard)]
    if options.allow_deletes is None or len(many) < 2:
        return cases
    named = {case.feed for case in many if not any(each.problem.code == "IOP601" for each in case.against)}
    return [case.but(_ask_which(case, len(many))) if case.feed in named else case for case in cases]


def _is_frightening(case: Case, planned: Planned, guard: Guard) -> bool:
    going = unexplained(case.job.errand, planned, guard)
    return frightening(going, planned.ahead, guard.removed, guard.at_least)


def _ask_which(case: Case, many: int) -> Trouble:
    assert case.plan is not None
    going, ahead = case.plan.going, case.plan.ahead
    message = (
        f"{case.feed}: {going} of {ahead} sessions ahead would go, and so it is in {many} calendars; "
        "--allow-deletes speaks of one"
    )
    hint = f"look: iopcal plan     if meant: iopcal sync --only {case.feed} --allow-deletes {going}"
    place = case.job.errand.destination.place
    return Trouble(Exit.REFUSED, Problem(place, "IOP601", message, hint, "refused"))
