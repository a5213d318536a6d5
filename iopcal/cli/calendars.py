"""All Google calendars of a run: locked, read and planned together, then written one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from secrets import token_hex
from typing import TypeVar

from iopcal.cases import Case, draft, of_job
from iopcal.cli.accounts import Accounts, Means
from iopcal.cli.books import MOST_MADE, enough_made, held, not_made, note, read_book, unwritable
from iopcal.destinations import Errand
from iopcal.jobs import Job
from iopcal.problems import Exit
from iopcal.sync import Account, Options, Prepared, carry_out, halted, prepare
from iopcal.tally import Tally, broken_off, code_of, done
from iopcal.targets.google.api import Denied
from iopcal.targets.google.book import Entry
from iopcal.targets.google.cache import Known
from iopcal.targets.google.cache import name as cache_name
from iopcal.targets.google.identity import Owner
from iopcal.targets.google.keeper import is_passing
from iopcal.targets.google.pace import MOST_REPEATS
from iopcal.targets.google.state import StateFolder
from iopcal.targets.google.words import WHY
from iopcal.targets.locks import Busy
from iopcal.targets.trouble import Trouble, trouble

Found = TypeVar("Found")
_HALTS = {code: why for why, (code, _, _) in WHY.items()}


class Looking(StateFolder):
    """A state folder that is only looked into."""

    def keep(self, known: Known, calendar: str, owner: Owner) -> None:
        """Keeps nothing."""


class Calendars:
    """The Google calendars of one run, and all they share."""

    def __init__(self, options: Options, means: Means, state: StateFolder, accounts: Accounts) -> None:
        self._options, self._means = options, means
        self._state, self._accounts = state, accounts
        self._made: Counter[str] = Counter()  # calendars, by credentials
        self._missed: Counter[str] = Counter()  # calendars one after the other that could not be made
        self.stopped = False  # by Ctrl-C
        self.notes: list[Trouble] = []  # that stop nothing

    def look(self, jobs: Iterable[Job]) -> list[Case]:
        """Reads and plans all calendars; nothing is written and nothing locked."""
        return [self._prepared(Case(job)) for job in jobs]

    def run(
        self,
        jobs: Sequence[Job],
        wait: float,
        judge: Callable[[list[Case]], list[Case]],
        finish: Callable[[Case, Tally], object] = lambda case, tally: None,
    ) -> list[Tally]:
        """Locks, reads and plans all calendars, has the plans judged as a whole, and carries them out.

        After Ctrl-C nothing more is begun; what was done by then is told. `finish` is called while the
        calendar is still locked.
        """
        with ExitStack() as stack:
            cases: list[Case] = []
            tallies: list[Tally] = []
            try:
                cases = self._locked(jobs, stack, self._means.clock() + wait)
                cases = judge([self._prepared(case) for case in cases])
                for case in cases:
                    tally = self._carried_out(case)
                    tallies.append(tally)
                    finish(case, tally)
                    if self.stopped:
                        break
            except KeyboardInterrupt:
                self.stopped = True
            return tallies

    def _locked(self, jobs: Sequence[Job], stack: ExitStack, until: float) -> list[Case]:
        """Locks books that are to be written, then calendars, each group in one order for all runs."""
        troubles: dict[str, Trouble] = {}
        for file in sorted({job.errand.target.book for job in jobs if not job.calendar}):
            busy = self._enter(stack, partial(held, file, self._state.path), until)
            if busy is not None:
                troubles[file] = busy
        cases = []
        for job in jobs:
            case = Case(job if job.calendar else self._looked_up(job))
            blocked = None if job.calendar else troubles.get(job.errand.target.book)
            cases.append(case.but(blocked) if blocked else case)
        busy_at: dict[int, Trouble] = {}
        order = sorted(
            (_lock_name(case.job), place)
            for place, case in enumerate(cases)
            if case.job.calendar and not case.troubles
        )
        for _, place in order:
            job = cases[place].job
            owner = job.errand.owner(job.salt)
            busy = self._enter(stack, partial(self._state.lock, job.feed, job.calendar, owner), until)
            if busy is not None:
                busy_at[place] = busy
        return [case.but(busy_at[place]) if place in busy_at else case for place, case in enumerate(cases)]

    def _enter(
        self, stack: ExitStack, lock: Callable[..., AbstractContextManager[None]], until: float
    ) -> Trouble | None:
        """Takes a lock; where none can be made, goes on without: ids and etags do the work then."""
        wait = max(0.0, until - self._means.clock())
        try:
            stack.enter_context(lock(now=self._options.now, wait=wait))
        except Busy as busy:
            return busy.trouble
        except OSError as error:
            self._remark(trouble(error))
        return None

    def _remark(self, found: Trouble) -> None:
        if found not in self.notes:
            self.notes.append(found)

    def _looked_up(self, job: Job) -> Job:
        """Returns a job with the calendar that another run may have made just now."""
        entries = read_book(job.errand.target.book)
        if isinstance(entries, Trouble) or job.feed not in entries:
            return job
        entry = entries[job.feed]
        return job._replace(calendar=entry.calendar, salt=entry.salt)

    def _prepared(self, case: Case) -> Case:
        """Reads and plans one calendar."""
        if case.troubles:
            return case
        begun = self._means.clock()
        if not case.job.calendar:
            case = draft(case, self._options)
        else:
            found = self._try(case.job.errand, lambda account: self._prepare(case.job, account))
            case = case.but(found) if isinstance(found, Trouble) else case._replace(prepared=found)
            for each in case.against:
                self._accounts.halt(case.job.errand, _HALTS.get(each.problem.code, ""))
        return case._replace(seconds=self._means.clock() - begun)

    def _prepare(self, job: Job, account: Account) -> Prepared:
        owner = job.errand.owner(job.salt)
        return prepare(job.errand, job.calendar, owner, account, self._state, self._options)

    def _try(self, errand: Errand, step: Callable[[Account], Found]) -> Found | Trouble:
        """Does a step with the account of a calendar, unless that was refused before."""
        account = self._accounts.of(errand)
        if isinstance(account, Trouble):
            return account
        try:
            return step(account)
        except Denied as refused:
            return self._accounts.denied(errand, refused.reason)

    def _carried_out(self, case: Case) -> Tally:
        """Does what was planned in one calendar, unless something speaks against it."""
        begun = self._means.clock()
        if case.against:
            return case.tally._replace(added=0, changed=0, removed=0, exit=code_of(case.against))
        sent = self._made.total()
        if case.draft is not None:
            case = self._opened(case)
        extra = self._made.total() - sent
        found = self._written(case) if case.prepared else case.tally
        if case.prepared is None or case.against:
            found = found._replace(exit=code_of(case.against))
        return found._replace(
            requests=found.requests + extra,
            calls=found.calls + extra,
            seconds=case.seconds + self._means.clock() - begun,
            **of_job(case.job),
        )

    def _written(self, case: Case) -> Tally:
        prepared = case.prepared
        assert prepared is not None
        errand = case.job.errand
        idle = prepared.plan is None or not (prepared.plan.writes or prepared.plan.deletes)
        try:
            result = carry_out(prepared) if idle else self._try(errand, lambda _: carry_out(prepared))
        except KeyboardInterrupt:
            self.stopped = True
            return broken_off(prepared)
        if isinstance(result, Trouble):
            return broken_off(prepared, result)
        if result.applied is not None:
            self._accounts.halt(errand, result.applied.halt)
        return done(prepared, result)

    def _opened(self, case: Case) -> Case:
        """Makes the calendar of a feed, notes it in the book, and plans it as it is now: empty."""
        errand = case.job.errand
        made = self._try(errand, lambda account: self._make(errand, account))
        if isinstance(made, Trouble):
            self._accounts.halt(errand, _HALTS.get(made.problem.code, ""))
            return case._replace(draft=None).but(made)
        job = case.job._replace(calendar=made.calendar, salt=made.salt)
        return self._prepared(Case(job, seconds=case.seconds))

    def _make(self, errand: Errand, account: Account) -> Entry | Trouble:
        """Makes one calendar; sent once, whatever becomes of it. Raises Denied."""
        file = errand.target.book
        if self._made.total() >= MOST_MADE:
            return enough_made(errand)
        blocked = unwritable(file)
        if blocked is not None:
            return blocked
        missed = self._missed[account.name]
        if missed and (missed > MOST_REPEATS or not account.pace.wait(missed - 1)):
            return halted(errand, "busy" if missed > MOST_REPEATS else "time")
        self._made[account.name] += 1
        account.pace.spend(1)
        answer = account.api.make(errand.title, errand.program.zone)
        if not answer.ok:
            # Calendars of people have one title, so that the next one looks as if this one were repeated.
            self._missed[account.name] += is_passing(answer)
            return not_made(errand, answer)
        del self._missed[account.name]
        entry = Entry(str(answer.body["id"]), token_hex(16))
        unsaved = note(file, errand.name, entry)
        if unsaved is not None:
            message = f"{unsaved.problem.message}; the calendar '{errand.title}' was made in vain"
            hint = f"delete it in Google, and mend this first: {unsaved.problem.hint}"
            return Trouble(Exit.PARTLY, unsaved.problem._replace(message=message, hint=hint))
        return entry


def _lock_name(job: Job) -> str:
    return cache_name(job.calendar, job.errand.owner(job.salt))
