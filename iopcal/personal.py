"""Personal calendars: whose they are, what state they are in, and making those of people who are alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256

from iopcal.addressed import PAST_KEPT, Keys, is_of_participant, participant_of, shared
from iopcal.brake import frightening
from iopcal.model import Fact, Participant, Placing, Program
from iopcal.paths import horizon
from iopcal.plan import Plan
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.publish import Options
from iopcal.targets.addresses import ENDED, LEFT, Table
from iopcal.targets.trouble import Trouble
from iopcal.targets.zone_table import table_bytes
from iopcal.words import count_words

_FORM = "1"  # of what a source is made of
_REMEMBERED = 4096  # people who are not alike
_TOLD = 5  # refusals of one kind


def states(program: Program, table: Table, today: date) -> dict[str, str]:
    """Returns the state of every calendar of the program and of the table: there, left, or ended."""
    found = dict.fromkeys(table.feeds, LEFT)
    found |= dict.fromkeys((feed.key for feed in shared(program)), "")
    keys = Keys(program)
    for participant in program.participants:
        last = participant.discharged
        state = ENDED if last is not None and today > last + PAST_KEPT else ""
        found |= dict.fromkeys(keys.of(participant), state)
    return found


def lost_participants(table: Table, found: Mapping[str, str]) -> tuple[int, int]:
    """Returns how many participants have left the roster, of how many that had calendars."""
    had = [key for key, entry in table.feeds.items() if is_of_participant(key) and entry.state == ""]
    return len({participant_of(key) for key in had if found[key] == LEFT}), len(set(map(participant_of, had)))


def refused_roster(gone: int, before: int, allowed: int | None) -> Trouble | None:
    """Returns why nothing may be written where a roster has lost too many; `allowed` of them may go."""
    if not frightening(gone, before) or allowed == gone:
        return None
    percent = 100 * gone // before
    message = (
        f"{gone} of {count_words(before, 'participant')} would lose their calendars ({percent} %, limit 30 %)"
    )
    hint = f"look at the roster; if they have left, build with --allow-deletes {gone}"
    return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP602", message, hint, "refused"))


class Sources:
    """Digests of all that calendars are made from: of a program, and of a participant."""

    def __init__(self, program: Program, options: Options, today: date, mark: str) -> None:
        from iopcal import __version__

        text = [
            _FORM, __version__, mark, str(options.flat), str(horizon(program, today)), *_libraries(program),
            repr(program._replace(participants=())),
        ]  # fmt: skip
        whole = sha256("\n".join(text).encode())
        whole.update(table_bytes(program.zone))
        for word in _words(program):  # that no discreet calendar may hold
            whole.update(b"\0" + word.encode())
        self._program = whole.hexdigest()[:16]
        self._known: dict[tuple[object, ...], str] = {}

    def of(self, participant: Participant) -> str:
        """Returns the digest of what the calendars of a participant and those like them are made from."""
        alike = tuple([_placeless(value) for value in participant[1:-1]])
        found = self._known.get(alike)
        if found is None:
            found = self._program + sha256(repr(alike).encode()).hexdigest()[:16]
            if len(self._known) < _REMEMBERED:
                self._known[alike] = found
        return found


def same_facts(one: str, other: str) -> bool:
    """Says whether the participant was the same, whatever became of the program."""
    return one[16:] == other[16:]


def _placeless(value: object) -> object:
    """Returns facts and placings without the lines where they stand."""
    if isinstance(value, tuple) and value and isinstance(value[0], Fact | Placing):
        return tuple([each[:-1] for each in value])
    return value


def _libraries(program: Program) -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version

    for name in ("icalendar", "holidays") if program.holidays else ("icalendar",):
        try:
            yield version(name)
        except PackageNotFoundError:  # put beside us without its metadata
            yield ""


def _words(program: Program) -> Iterator[str]:
    for participant in program.participants:
        yield participant.id
        for placing in participant.placed:
            yield from placing.leads or ()


def unexplained(participant: Participant, planned: Plan, now: date) -> int:
    """Returns how many sessions ahead go for which no dated line of the participant is the reason.

    A discharge, a hold and a move to another phase or track are one for what goes from their day on.
    """
    days = [fact.span.first for fact in participant.facts if fact.kind != "away"]
    if not days:
        return planned.going or planned.emptied
    gone = 0
    for before, after in ((change.before, change.after) for change in planned.changes):
        if before is not None and not before.cancelled and now <= before.start.date() < min(days):
            gone += after is None or after.cancelled or after.start.date() != before.start.date()
    return gone


def not_its_table(program: str, missing: bool) -> Trouble:
    """The refusal to give everybody another address because the table of them is not there."""
    what = "is gone" if missing else "is another one than the one by which this folder was filled"
    message = f"{program}: the file of its addresses, '{program}.addresses.json', {what}"
    hint = (
        "put it back from a copy, beside the roster; if it is lost, everybody needs a new link: "
        "iopcal feed rotate PROGRAM --all"
    )
    return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP650", message, hint, "refused"))


def refused_sessions(braked: Iterable[tuple[str, int, int]], options: Options) -> tuple[Trouble, ...]:
    """Returns why some calendars were not written: of each name, sessions that would go, sessions ahead."""
    braked = tuple(braked)
    number = max((going for _, going, _ in braked), default=0)
    told = [_refusal(*each, number, options) for each in braked[:_TOLD]]
    if len(braked) > _TOLD:
        message = f"{count_words(len(braked) - _TOLD, 'more calendar')} would lose as many"
        told.append(Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP601", message, "", "refused")))
    return tuple(told)


def _refusal(name: str, going: int, ahead: int, number: int, options: Options) -> Trouble:
    message = f"{name}: all {count_words(going, 'session')} would go, and the calendar would be empty"
    if ahead:
        percent = 100 * going // ahead
        message = f"{name}: {going} of {ahead} sessions ahead would go ({percent} %, limit 30 %)"
    hint = f"look at `iopcal plan`; if it is meant, {options.again} with --allow-deletes {number}"
    return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP601", message, hint, "refused"))
