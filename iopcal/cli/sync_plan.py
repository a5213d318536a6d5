"""The plan of a whole sync file: every calendar is read, nothing is written, kept or locked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NoReturn

from iopcal.cases import Case, plan_sum, singly
from iopcal.cli.accounts import Accounts
from iopcal.cli.calendars import Calendars, Looking
from iopcal.cli.common import Voice, end, moment_of, print_json, worst
from iopcal.cli.session import Choices, begin, complain
from iopcal.cli.sync_folders import plan_folders
from iopcal.problems import Exit
from iopcal.tally import missed
from iopcal.views.outcome import as_json, complaints
from iopcal.views.sync import plan_text

_UNREAD = (Exit.CREDENTIALS, Exit.LATER, Exit.PARTLY)


def show_sync_plan(choices: Choices, voice: Voice, *, check: bool = False, today: date | None = None) -> None:
    """Prints what sync would do and ends the command.

    With `check` the code is 7 for changes, 6 where only people changed something, 4 for a refusal.
    """

    def fail(code: int) -> NoReturn:
        if voice.json:
            print_json("sync", {"exit": int(code), "plan": "", "calendars": []})
        end(code)

    session = begin(choices, voice, fail, typed=True, today=today)
    moment = moment_of(today)
    options = choices.options(session.sync, moment, whole=True)
    means = session.means(lambda writes, answers: None)
    state = Looking(Path(session.sync.state))
    with Accounts(session.sync, means, choices.file or "") as accounts:
        calendars = Calendars(options, means, state, accounts)
        cases = singly(calendars.look(session.jobs.calendars), options)
    refused = [missed(each.feed, each.trouble) for each in session.jobs.refused]
    tallies = [*(case.tally for case in cases), *refused]
    codes = [_code(case) for case in cases] + [each.exit for each in refused]
    total = plan_sum(cases)
    if cases:
        voice.result(plan_text(cases, total, choices.command("sync"), voice.verbose))
    for feed in session.jobs.retired:
        voice.note(f"{feed}: retired by iopcal clean; to go on, write false for it in the book")
    codes += plan_folders(session, moment, voice)
    fine = [each.feed for each in tallies if not each.troubles]
    complain(complaints(tallies, fine, planned=True), choices, voice)
    if session.left_out:
        codes.append(Exit.PARTLY)
    code = _whole(codes) if check else worst(each for each in codes if each in _UNREAD)
    if voice.json:
        print_json("sync", {"exit": code, "plan": total, "calendars": [as_json(each) for each in tallies]})
    end(code)


def _code(case: Case) -> int:
    """Returns the code of --check for one calendar."""
    plan = case.plan
    if case.against or plan is None:
        return case.tally.exit or missed(case.feed, *case.against).exit
    if plan.writes or plan.deletes:
        return Exit.CHANGES
    return Exit.LEFT_ALONE if plan.hands else Exit.DONE


def _whole(codes: list[int]) -> int:
    """Returns the code of --check for all: what people did counts only where nothing else would change."""
    if Exit.CHANGES in codes:
        codes = [code for code in codes if code != Exit.LEFT_ALONE]
    return worst(codes)
