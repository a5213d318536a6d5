"""Seeds are played; one that fails is made as short as it can be."""

from __future__ import annotations

from typing import NamedTuple

from tests.schedules.steps import Run, Schedule, schedule
from tests.schedules.world import World


class Failure(NamedTuple):
    """A schedule that ends badly, and why."""

    schedule: Schedule
    why: str

    def __str__(self) -> str:
        steps = "\n".join(f"  {step}" for step in self.schedule.steps)
        return (
            f"seed {self.schedule.seed} (python -m tests.schedules {self.schedule.seed})\n"
            f"{dict(self.schedule.switches)}\n{steps}\n{self.why}"
        )


def check(seed: int) -> Failure | None:
    """Plays the schedule of a seed; returns the shortest failure like it."""
    plan = schedule(seed)
    why = fails(plan)
    return shrunk(Failure(plan, why)) if why else None


def fails(plan: Schedule) -> str:
    """Says why a schedule ends badly, '' if it does not."""
    try:
        World(plan).play(plan)
    except Exception as error:  # whatever it is, the seed is to be told with it
        return f"{type(error).__name__}: {error}"
    return ""


def shrunk(failure: Failure) -> Failure:
    """Leaves out whatever is not needed for a schedule to end badly."""
    smaller = True
    while smaller:
        smaller = False
        for plan in _smaller(failure.schedule):
            if why := fails(plan):
                failure, smaller = Failure(plan, why), True
                break
    return failure


def _smaller(plan: Schedule) -> list[Schedule]:
    """Returns the schedules that have one thing less."""
    steps = plan.steps
    found = [plan._replace(steps=(*steps[:place], *steps[place + 1 :])) for place in range(len(steps))]
    for place, step in enumerate(steps):
        if isinstance(step, Run):
            for less in _less(step):
                found.append(plan._replace(steps=(*steps[:place], less, *steps[place + 1 :])))
    for name in plan.switches:
        found.append(
            plan._replace(switches={key: value for key, value in plan.switches.items() if key != name})
        )
    return found


def _less(run: Run) -> list[Run]:
    found = [
        run._replace(faults=(*run.faults[:place], *run.faults[place + 1 :]))
        for place in range(len(run.faults))
    ]
    for place, (request, then) in enumerate(run.meanwhile):
        others = (*run.meanwhile[:place], *run.meanwhile[place + 1 :])
        found.append(run._replace(meanwhile=others))
        if isinstance(then, Run) and (then.faults or then.take_back):
            for less in (then._replace(faults=()), then._replace(take_back=False)):
                if less != then:
                    found.append(run._replace(meanwhile=(*others, (request, less))))
    for name, value in (("take_back", False), ("allow", False), ("revoked", False), ("role", "writer")):
        if getattr(run, name) != value:
            found.append(run._replace(**{name: value}))
    return found


def told(plan: Schedule) -> str:
    """Plays a schedule and tells all that happens."""
    lines = [plan.__class__.__name__ + f" {plan.seed}: family {plan.family}, {dict(plan.switches)}"]
    world = World(plan, lines.append)
    lines.append(world.draft.text())
    try:
        world.play(plan)
        lines.append("all is well")
    except Exception as error:
        lines.append(f"{type(error).__name__}: {error}")
    return "\n".join(lines)
