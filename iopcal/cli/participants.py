"""One participant of a program, by id: who it is, and what they attend."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NoReturn

from iopcal.cli.common import Voice, end, moment_of, print_json
from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem, has_errors, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iopcal.attendance import Attendance, Roster
    from iopcal.cli.common import Loaded
    from iopcal.expand import Expansion
    from iopcal.model import Participant, Program


class Ready(NamedTuple):
    """A sound program with its sessions."""

    program: Program
    expansion: Expansion
    texts: Mapping[str, str]  # of every file read, by name, for excerpts


class Person(NamedTuple):
    """A participant, and what they attend."""

    participant: Participant
    attendance: Attendance
    roster: Roster


def ready(file: str, today: date | None, voice: Voice) -> Ready:
    """Returns the program, or tells what is wrong with it and ends the command."""
    from iopcal.cli.common import load

    loaded = load(file, today)
    if not loaded.sound or loaded.program is None or loaded.expansion is None:
        stop(loaded.problems, loaded.texts, voice)
    return Ready(loaded.program, loaded.expansion, loaded.texts)


def stop(problems: Iterable[Problem], texts: Mapping[str, str], voice: Voice) -> NoReturn:
    """Tells problems, as the one document with --json, and ends the command."""
    from iopcal.views.problems import as_json

    if voice.json:
        print_json("problems", {"problems": [as_json(problem) for problem in problems]})
    else:
        voice.tell(problems, texts)
    end(Exit.PROBLEMS)


def person(found: Ready, identity: str, today: date | None, voice: Voice) -> Person:
    """Returns the participant of an id, or tells why there is none and ends the command."""
    from iopcal.attendance import Roster

    program = found.program
    known = {each.id: each for each in program.participants}
    if identity not in known:
        stop([_unknown(identity, known)], found.texts, voice)
    roster = Roster(program, found.expansion, moment_of(today).date())
    attendance = roster.attend(known[identity])
    if has_errors(attendance.problems):
        stop(attendance.problems, found.texts, voice)
    return Person(known[identity], attendance, roster)


def everybody(found: Ready, today: date | None, voice: Voice) -> list[Person]:
    """Returns all participants, in the order of the roster, or tells why there are none and ends."""
    from iopcal.attendance import Roster

    if not found.program.participants:
        stop([_unknown("", ())], found.texts, voice)
    roster = Roster(found.program, found.expansion, moment_of(today).date())
    people = [Person(each, roster.attend(each), roster) for each in found.program.participants]
    errors = [each for person in people for each in person.attendance.problems if each.severity == "error"]
    if errors:
        stop(sorted(errors), found.texts, voice)
    return people


def roster_of(each: Loaded, today: date | None) -> Roster | None:
    """Returns the roster of a sound program with participants, None of any other."""
    if not each.sound or each.program is None or each.expansion is None or not each.program.participants:
        return None
    from iopcal.attendance import Roster

    return Roster(each.program, each.expansion, moment_of(today).date())


def with_everybody(each: Loaded) -> Loaded:
    """Returns a program with what is wrong for its participants, and lines that touch nobody."""
    roster = roster_of(each, None)
    if roster is None:
        return each
    from iopcal.cli.people_doubts import cut

    found = dict.fromkeys((*each.problems, *cut(roster.all_problems())))
    return each._replace(problems=tuple(sorted(found)))


def _unknown(identity: str, known: Iterable[str]) -> Problem:
    known = tuple(known)
    if not known:
        hint = "write `roster:` in it, and the file that holds its participants"
        return Problem(NOWHERE, "IOP440", "the program has no participants", hint)
    near = nearest(identity, known)
    hint = f"did you mean '{near}'?" if near else "look for the id in the roster"
    return Problem(NOWHERE, "IOP440", f"'{identity}' is no participant of the program", hint)
