"""A schedule is played: steps are done one after the other, and the judge looks at each of them."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from iopcal.problems import Exit
from iopcal.sync import carry_out
from iopcal.targets.google.api import Denied
from tests.fake_google import FakeGoogle, Killed
from tests.fake_google.violations import Watch
from tests.schedules.book import Book
from tests.schedules.endings import DENIED, KILLED, Broken, Ended, is_excused, objections
from tests.schedules.expectation import complaints, doubles, expectation
from tests.schedules.hands import People
from tests.schedules.judge import Terms
from tests.schedules.machine import CALENDAR, Machine, connect, is_sound
from tests.schedules.programs import family
from tests.schedules.sight import Rows
from tests.schedules.steps import (
    Edit,
    Fault,
    Google,
    Hand,
    Memory,
    Run,
    Schedule,
    Step,
    Wait,
    is_lie,
    is_poison,
)
from tests.schedules.wants import wanted


def _silent(_: str) -> None:
    """Says nothing."""


class World:
    """The calendar, the program and two machines of one schedule. `tell` is called with what happens."""

    def __init__(self, plan: Schedule, tell: Callable[[str], object] = _silent) -> None:
        self.seed, self.shows_cancelled = plan.seed, plan.shows_cancelled
        self.fake = FakeGoogle(plan.seed, **plan.switches)
        self.fake.calendar("Staff", owner="owner@example.org", id=CALENDAR)
        self.fake.share(CALENDAR, self.fake.switches.user, "writer")
        self.family = family(plan.family)
        self.draft = self.family.base
        self.drafts = [self.draft]
        self.revoked = False
        self.book = Book(self.fake, CALENDAR)
        self.people = People(self.fake, CALENDAR, self.book)
        self.machines = (Machine(self), Machine(self))
        self._terms: list[tuple[Terms, Rows]] = []  # of the runs that are under way, outermost first
        self._disturbed = self._poisoned = self._purged = False
        self._first = 0  # write of the outermost run
        self._by_hand = False  # whether people act while it is under way
        self._faults: list[Fault] = []  # of all runs under way
        self._tell = tell
        connect(self)

    def play(self, plan: Schedule) -> None:
        """Does all steps and ends with clean runs. Raises Broken."""
        for number, step in enumerate(plan.steps, 1):
            self._tell(f"{number:2d}  {self.fake.now():%a %d %b %H:%M}  {step}")
            self.do(step)
        self._end()

    def do(self, step: Step) -> None:
        """Does one step."""
        if isinstance(step, Edit):
            self._edit(step)
        elif isinstance(step, Hand):
            self._note()
            self._by_hand = self._by_hand or bool(self._terms)
            event = self.people.act(step, self._doubtful())
            self.book.person()
            self._tell(f"      {step.act}: {event or 'nothing to do it to'}")
        elif isinstance(step, Wait):
            self.fake.advance(3600 * step.hours)
        elif isinstance(step, Memory):
            self.machines[step.machine].spoil(step.what, step.pick)
        elif isinstance(step, Google):
            self._google(step.what)
        else:
            self._run(step)

    def _doubtful(self) -> frozenset[str]:
        """Returns the events that runs under way have written and whose answers somebody may have missed.

        Whoever edits such an event before it is read again cannot be told from Google, which may store it in
        another way than it was sent.
        """
        writes = self.fake.writes[self._first :] if self._faults and self._terms else []
        return frozenset(id.partition("_")[0] for _, _, id in writes)

    def _edit(self, step: Edit) -> None:
        if step.undo and len(self.drafts) > 1:
            self.drafts.pop()
        else:
            words, edit = self.family.edits[step.number]
            changed = edit(self.draft)
            if not is_sound(changed):
                return
            self._tell(f"      {words}")
            self.drafts.append(changed)
        self.draft = self.drafts[-1]

    def _google(self, what: str) -> None:
        if what == "acl":
            self.fake.share(CALENDAR, "reader@example.org", "reader")
        elif what == "purge":
            self._purge()
        else:
            self.fake.tokens.expire_all()

    def _purge(self) -> None:
        """Lets Google drop its tombstones, but for sessions of series that live, which it needs."""
        rows = self.book.rows
        if not any(row.master and not rows[row.master].cancelled for row in rows.values() if row.cancelled):
            self._purged = True
            self.fake.purge_tombstones(0)

    def _note(self) -> None:
        """Takes note of what the innermost run has written."""
        if self._terms:
            self.book.engine(*self._terms[-1])

    def _run(self, step: Run) -> None:
        """Does a run, and answers a refusal with its number where the step says so."""
        ended = self.run(step)
        if ended.how == Exit.REFUSED and step.allow:
            self.run(step._replace(faults=(), meanwhile=()), ended.going)

    def run(self, step: Run, allow: int | None = None, rebuild: bool = False) -> Ended:
        """Does one run of a machine and judges what it leaves behind. Raises Broken."""
        outer = bool(self._terms)
        self._note()
        watch, self.fake.watch = self.fake.watch, Watch()
        role, revoked = self.fake.store.calendars[CALENDAR].acl, self.revoked
        if step.role != "writer":
            self.fake.store.calendars[CALENDAR].acl = role | {self.fake.switches.user: step.role}
        if step.revoked:
            self.fake.tokens.expire_all()
            self.revoked = True
        terms = Terms(
            wanted(self.draft, self.shows_cancelled),
            self.fake.now(),
            ZoneInfo(self.draft.zone),
            step.take_back,
            bool(self.fake.switches.bare_tombstones),
            any(map(is_lie, (*self._faults, *step.faults))),
        )
        before, faces, keys = dict(self.book.rows), dict(self.book.faces), dict(self.book.keys)
        disturbed, self._disturbed = self._disturbed, False
        writes = len(self.fake.writes)
        if not outer:
            self._first, self._faults, self._by_hand = writes, [], False
        self._terms.append((terms, before))
        self._arrange(step)
        ended = self._ended(self.machines[step.machine], step, allow, rebuild)
        self._note()
        self._terms.pop()
        lied = self._lied(step)
        quiet = not (self._disturbed or lied)
        self._disturbed = disturbed or outer
        self.revoked = revoked
        self.fake.store.calendars[CALENDAR].acl = role
        self._forget_faults(outer)
        self.fake.watch, found = watch, self.fake.watch.found
        watch.found += [words for words in found if not is_excused(words, self._faults, quiet)]
        self._show(ended)
        self.machines[step.machine].keep_copy()
        if quiet and not outer:
            written = len(self.fake.writes) - writes
            unhindered = (
                not step.faults and step.role == "writer" and not (step.revoked or self.fake.quota.stuck)
            )
            expected = expectation(before, keys, faces, terms)
            self._object(objections(ended, expected, allow, written, unhindered))
            if ended.finished:
                told = ended.told
                self._object(complaints(expected, before, self.book.rows, self.book.keys, told, terms.now))
        # Where one machine takes back what the other leaves alone, the next run ends what is doubled.
        if ended.finished and not (outer or lied or self._by_hand or (step.take_back and not quiet)):
            self._object(doubles(self.book.rows, self.book.faces, terms.now))
        self._object(self.book.complaints)
        self._object(self.fake.violations)
        return ended

    def _lied(self, step: Run) -> bool:
        """Says whether Google may have lied to a run; whoever believed for good what is not so forgets it."""
        self._poisoned = self._poisoned or any(map(is_poison, step.faults))
        if self._poisoned:
            for machine in self.machines:
                machine.spoil("lose", 0)
        return any(map(is_lie, step.faults))

    def _arrange(self, step: Run) -> None:
        """Sets the faults of a run, and what happens meanwhile."""
        first = self.fake.requests
        if not self.fake.quota.stuck:
            self._faults += step.faults
            for fault in step.faults:
                self._set(fault, first)
        for request, then in step.meanwhile:
            self.fake.before(first + request, lambda then=then: self._meanwhile(then))

    def _set(self, fault: Fault, first: int) -> None:
        match = {"request": first + fault.request}
        if fault.inner_index is not None:
            match["inner_index"] = fault.inner_index
        self.fake.fault(fault.kind, match)

    def _meanwhile(self, step: Step) -> None:
        self._tell(f"      meanwhile {step}")
        self.do(step)
        self._disturbed = True

    def _forget_faults(self, outer: bool) -> None:
        if not outer:
            self._poisoned = False
            self.fake.faults.rules.clear()
            self.fake.actions.clear()

    def _ended(self, machine: Machine, step: Run, allow: int | None, rebuild: bool) -> Ended:
        back = None if step.take_back else frozenset[str]()
        try:
            prepared = machine.prepared(take_back=back, allow_deletes=allow, rebuild=rebuild)
            result = carry_out(prepared)
        except Killed:
            return Ended(KILLED)
        except Denied:
            return Ended(DENIED)
        return Ended(result.exit, result)

    def _show(self, ended: Ended) -> None:
        how = ended.how.name if isinstance(ended.how, Exit) else str(ended.how)
        words = [f"      -> {how}"]
        if ended.result:
            words += [f"{ended.result.requests} requests"]
            words += [f"{hand.what} {hand.ref[:6]}" for hand in ended.result.hands]
            words += [trouble.problem.message for trouble in ended.result.troubles]
        self._tell("; ".join(words))

    def _end(self) -> None:
        """Lets all faults pass and runs until nothing is left to do."""
        if self.fake.quota.stuck:
            self.fake.advance(3600 * (self.fake.switches.quota_hours + 1))
            self.fake.quota.stuck.clear()
        self._tell(f"    {self.fake.now():%a %d %b %H:%M}  the end: clean runs")
        ended = self.run(Run())
        if ended.how == Exit.REFUSED:
            ended = self.run(Run(), None if ended.vanished else ended.going, ended.vanished)
        if not ended.finished:
            self._object([f"the clean run ended with {ended.how}"])
        # Without tombstones, or with bare ones, the other machine may know less of who deleted what.
        alone = self._purged or self.fake.switches.bare_tombstones or self.seed % 4
        for machine in (0,) if alone else (0, 1):
            writes, requests = len(self.fake.writes), self.fake.requests
            again = self.run(Run(machine))
            if again.how != ended.how:
                self._object([f"once more it ends with {again.how!r}, not {ended.how!r}"])
            if len(self.fake.writes) != writes:
                self._object([f"nothing changed, and machine {machine} wrote {self.fake.writes[writes:]}"])
            if machine == 0 and self.fake.requests - requests != 1 and not self.fake.switches.page_cap:
                self._object([f"nothing changed, and it took {self.fake.requests - requests} requests"])

    def _object(self, words: list[str]) -> None:
        if words:
            raise Broken("\n".join(words))
