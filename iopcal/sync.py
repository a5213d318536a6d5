"""One calendar is read, planned, braked and written; whatever goes wrong there is told, not raised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from iopcal.brake import frightening
from iopcal.destinations import Errand
from iopcal.model.sync import Guard
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Problem
from iopcal.targets.google.api import Api
from iopcal.targets.google.apply import Applied, apply
from iopcal.targets.google.body import Item, body, digests, reminding
from iopcal.targets.google.decision import Hand, Rule
from iopcal.targets.google.identity import Owner
from iopcal.targets.google.keeper import Halt, Keeper, Task
from iopcal.targets.google.pace import Pace
from iopcal.targets.google.planned import Planned
from iopcal.targets.google.rows import by_hand, look, seen
from iopcal.targets.google.state import StateFolder
from iopcal.targets.google.words import AGAIN, ASK, WHY
from iopcal.targets.trouble import Trouble
from iopcal.words import count_words

_BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


class Options(NamedTuple):
    """What a run may do. `allow_deletes` is the number of sessions that may go, as a refusal named it."""

    now: datetime
    guard: Guard = Guard()
    take_back: frozenset[str] | None = frozenset()  # refs; None: all
    allow_deletes: int | None = None
    rewrite_past: bool = False
    rebuild: bool = False
    allow_primary: bool = False
    whole: bool = False  # read calendars whole, so that texts can be shown


class Account(NamedTuple):
    """One account at Google in one run. `addresses` are its own, whose calendars are people's main ones."""

    name: str
    api: Api
    pace: Pace
    addresses: frozenset[str] = frozenset()


class Prepared(NamedTuple):
    """One calendar as it was read, and what would be done there; `plan` is None where it could not be read.

    `troubles` say why nothing may be written there; `remarks` are warnings.
    """

    errand: Errand
    keeper: Keeper
    rule: Rule
    plan: Planned | None
    troubles: tuple[Trouble, ...] = ()
    remarks: tuple[Problem, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the plan may be carried out."""
        return self.plan is not None and not self.troubles


class Result(NamedTuple):
    """What was done in one calendar, and what was not and why."""

    errand: Errand
    plan: Planned | None
    applied: Applied | None
    troubles: tuple[Trouble, ...]
    hands: tuple[Hand, ...]
    requests: int
    calls: int

    @property
    def exit(self) -> Exit:
        """The exit code that this calendar alone would give."""
        codes = {trouble.exit for trouble in self.troubles}
        failed = self.applied is not None and bool(self.applied.failed)
        for code in (Exit.CREDENTIALS, Exit.REFUSED):
            if code in codes:
                return code
        if failed or Exit.PARTLY in codes:
            return Exit.PARTLY
        if Exit.LATER in codes:
            return Exit.LATER
        return Exit.LEFT_ALONE if self.hands else Exit.DONE


def prepare(
    errand: Errand, calendar: str, owner: Owner, account: Account, state: StateFolder, options: Options
) -> Prepared:
    """Reads a calendar and says what would be done there, and what speaks against it. Raises Denied."""
    task = Task(errand.name, calendar, owner, errand.items(owner))
    known = state.known(calendar, owner)
    keeper = Keeper(account.api, task, known, account.pace, lambda each: state.keep(each, calendar, owner))
    since = _BEGINNING if options.rewrite_past else options.now
    rule = Rule(owner, options.now, since, reminding(errand.destination.remind), take_back=options.take_back)
    prepared = Prepared(errand, keeper, rule, None)
    try:
        keeper.read(whole=options.whole)
    except Halt as halt:
        return prepared._replace(troubles=(halted(errand, halt.why),))
    rule, remarks = _without_flaps(errand, keeper, rule)
    remarks += errand.doubts(keeper.title)
    plan = keeper.plan(rule)
    troubles = tuple(_refusals(errand, keeper, plan, account, options))
    if not options.guard.refuse_changed and (words := _changing(plan, options.guard)):
        place, hint = errand.destination.place, "a later start or a new name does that; look: iopcal plan"
        remarks += (Problem(place, "IOP522", f"{errand.name}: {words}", hint, "warning"),)
    return prepared._replace(rule=rule, plan=plan, troubles=troubles, remarks=remarks)


def carry_out(prepared: Prepared) -> Result:
    """Does what was planned in one calendar; nothing where something speaks against it. Raises Denied."""
    keeper, plan = prepared.keeper, prepared.plan
    applied = None
    troubles = list(prepared.troubles)
    if prepared.ready and plan is not None and (plan.writes or plan.deletes):
        _note_taken(prepared)
        applied = apply(keeper, plan, prepared.rule)
        troubles += _left(prepared.errand, applied)
    hands = applied.after.hands if applied else plan.hands if plan and prepared.ready else ()
    return Result(prepared.errand, plan, applied, tuple(troubles), hands, keeper.requests, keeper.calls)


def halted(errand: Errand, why: str) -> Trouble:
    """Says why a calendar could not be read or written to its end."""
    code, words, hint = WHY[why]
    exit = Exit.CREDENTIALS if why in ASK else Exit.LATER
    return Trouble(exit, Problem(errand.destination.place, code, f"{errand.name}: {words}", hint))


def denied_too(errand: Errand, trouble: Trouble) -> Trouble:
    """Says that a calendar was not looked at, as Google refused its login before."""
    return Trouble(trouble.exit, trouble.problem._replace(place=errand.destination.place))


def _left(errand: Errand, applied: Applied) -> list[Trouble]:
    place = errand.destination.place
    found = []
    if applied.halt:
        trouble = halted(errand, applied.halt)
        words = f"{trouble.problem.message}; {count_words(len(applied.left), 'item')} left to do"
        found.append(trouble._replace(problem=trouble.problem._replace(message=words)))
    elif applied.left:
        message = f"{errand.name}: {count_words(len(applied.left), 'item')} could not be finished"
        found.append(Trouble(Exit.PARTLY, Problem(place, "IOP519", message, AGAIN)))
    for failed in applied.failed:
        message = f"{errand.name}: Google does not take the event {failed.ref[:6]} ({failed.why})"
        found.append(Trouble(Exit.PARTLY, Problem(place, "IOP518", message, "")))
    return found


def _without_flaps(errand: Errand, keeper: Keeper, rule: Rule) -> tuple[Rule, tuple[Problem, ...]]:
    """Returns the rule without those refs whose taking back has met the same difference before."""
    if rule.take_back is not None and not rule.take_back:
        return rule, ()
    wanted = {item.ref: _look(item, rule.owner) for item in keeper.task.items}
    stuck = [
        ref
        for ref, (shown, looks) in _signs(keeper, rule).items()
        if _is_again(keeper.known.taken.get(ref, ""), shown, looks, wanted.get(ref, ""))
    ]
    if not stuck:
        return rule, ()
    taken = {ref: sign for ref, sign in keeper.known.taken.items() if ref not in stuck}
    keeper.known = keeper.known._replace(taken=taken)
    keeper.remember(keeper.known.rows)
    message = f"{errand.name}: what was taken back is there again: {', '.join(ref[:6] for ref in stuck)}"
    hint = "somebody or something changes it each time; find out who, then give --take-back once more"
    remark = Problem(errand.destination.place, "IOP528", message, hint, "warning")
    return rule._replace(spared=frozenset(stuck)), (remark,)


def _is_again(taken: str, shown: str, looks: str, wanted: str) -> bool:
    """Says whether just this stood there when it was last taken back: all of it, or words and time of day."""
    before = taken.split()
    return bool(before) and (shown == before[0] or looks == before[1] != wanted)


def _look(item: Item, owner: Owner) -> str:
    return look(digests(owner, body(item)), item.starts[0], item.minutes, owner)


def _signs(keeper: Keeper, rule: Rule) -> dict[str, tuple[str, str]]:
    """Returns what stands in the place of each item whose hand edit is to be taken back."""
    return {
        row.ref: (
            seen(row, rule.owner),
            look(row.fields, row.starts[0] if row.starts else None, row.minutes, rule.owner),
        )
        for row in keeper.known.rows.own.values()
        if row.live and rule.takes_back(row.ref) and by_hand(row, rule.owner)
    }


def _note_taken(prepared: Prepared) -> None:
    signs = {ref: " ".join(sign) for ref, sign in _signs(prepared.keeper, prepared.rule).items()}
    if signs:
        keeper = prepared.keeper
        keeper.known = keeper.known._replace(taken={**keeper.known.taken, **signs})


def _refusals(
    errand: Errand, keeper: Keeper, plan: Planned, account: Account, options: Options
) -> list[Trouble]:
    """Returns why nothing may be written in a calendar."""
    found: list[Trouble] = []

    def refuse(code: str, words: str, hint: str) -> None:
        problem = Problem(errand.destination.place, code, f"{errand.name}: {words}", hint, "refused")
        found.append(Trouble(Exit.REFUSED, problem))

    found += telling(errand, keeper.task.items, options)
    calendar = keeper.task.calendar
    if not options.allow_primary and _is_main(calendar, keeper.title, account):
        refuse(
            "IOP523",
            "this is somebody's main calendar, not one of its own",
            "make a calendar for this feed, or give --allow-primary",
        )
    if plan.strangers:
        refuse(
            "IOP520",
            f"the calendar holds {count_words(plan.strangers, 'event')} of another feed or program",
            "give every feed a calendar of its own, or clear that feed with iopcal clean",
        )
    if keeper.vanished and not options.rebuild:
        refuse(
            "IOP521",
            "the calendar shows nothing of all that was written there",
            "look at it in Google; if it was emptied on purpose, give --rebuild",
        )
    guard = options.guard
    if (
        frightening(unexplained(errand, plan, guard), plan.ahead, guard.removed, guard.at_least)
        and options.allow_deletes != plan.going
    ):
        percent = 100 * plan.going // plan.ahead
        named = "" if options.allow_deletes is None else f"--allow-deletes named {options.allow_deletes}; "
        refuse(
            "IOP601",
            f"{plan.going} of {plan.ahead} sessions ahead would go ({percent} %, limit {guard.removed} %)",
            f"{named}look: iopcal plan     if meant: iopcal sync --only {errand.name} "
            f"--allow-deletes {plan.going}",
        )
    if guard.refuse_changed and (words := _changing(plan, guard)):
        refuse(
            "IOP522", words, "look: iopcal plan     if meant: write 'changed: warn' under guard for this run"
        )
    return found


def telling(errand: Errand, items: Iterable[Item], options: Options) -> list[Trouble]:
    """Returns why the calendar of a discreet or busy feed may not say what the items say.

    The words are shown only where texts may be: a mail of cron is no place for them.
    """
    problems = errand.objections(items)
    if problems and not options.whole:
        place = problems[0].place
        where = f"{place.file}:{place.line}:{place.column}" if place.line else "the program"
        message = f"{errand.name}: a telling word would be shown ({where})"
        problem = Problem(errand.destination.place, "IOP612", message, "look: iopcal plan", "refused")
        return [Trouble(Exit.REFUSED, problem)]
    return [
        Trouble(Exit.REFUSED, each._replace(message=f"{errand.name}: {each.message}")) for each in problems
    ]


def unexplained(errand: Errand, plan: Planned, guard: Guard) -> int:
    """Returns how many sessions ahead go without a reason; where the guard says so, a discharge is one."""
    last = errand.participant.discharged if errand.participant and guard.allow_discharged else None
    if last is None:
        return plan.going
    return sum(number for day, number in plan.lost.items() if day <= last)


def _changing(plan: Planned, guard: Guard) -> str:
    """Says how many sessions would change, if they are very many, else ''."""
    changing = plan.changing - plan.going
    if not frightening(max(0, changing), plan.ahead, guard.removed, guard.at_least):
        return ""
    percent = 100 * changing // plan.ahead
    return f"{changing} of {plan.ahead} sessions ahead would change ({percent} %, limit {guard.removed} %)"


def _is_main(calendar: str, title: str, account: Account) -> bool:
    """Says whether a calendar is the main one of a person: Google names it by their address."""
    if calendar == "primary" or calendar in account.addresses:
        return True
    return "@" in calendar and title == calendar and not calendar.endswith(".calendar.google.com")
