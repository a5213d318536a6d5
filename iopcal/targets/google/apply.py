"""A plan is carried out: in batches, each operation again as long as there is hope, and nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google.api import UNKNOWN, Answer, Json, Write
from iopcal.targets.google.decision import ADDED, CHANGED, REMOVED, Rule
from iopcal.targets.google.identity import Mark, mark, parse_id
from iopcal.targets.google.keeper import RATE, Halt, Keeper, is_passing
from iopcal.targets.google.planned import Planned
from iopcal.targets.google.rows import Row, merged, seen
from iopcal.targets.google.zones import OLDER

BATCH, SMALLEST = 50, 5  # operations in one request; fewer when Google says they are too many
_MOST_REPLANS = 3  # of one item


class Failed(NamedTuple):
    """An item that is not as the program wants it, and Google's word for why."""

    ref: str
    why: str


class Applied(NamedTuple):
    """What became of a plan, in items. `left` were not tried, not finished, or came to light while at work.

    `after` is what is still to do. `halt` says why the run ended early, '' if it did not; see `keeper.Halt`.
    """

    added: int
    changed: int
    removed: int
    failed: tuple[Failed, ...]
    left: tuple[str, ...]
    halt: str
    after: Planned


def apply(keeper: Keeper, plan: Planned, rule: Rule) -> Applied:
    """Carries out a plan: inserts and changes first, deletes only when all of those are done.

    Raises Denied when Google will not renew the login; all else is told in the result.
    """
    work = _Work(keeper, plan, rule)
    halt = ""
    try:
        work.run()
    except Halt as stop:
        halt = stop.why
    after = keeper.plan(rule)
    undone = {each.ref for each in after.decisions if each.verb in (ADDED, CHANGED, REMOVED)}
    left = undone - work.failed.keys()
    finished = work.active - left - work.failed.keys()
    done = Counter(each.verb for each in plan.decisions if each.ref in finished)
    failed = tuple(Failed(ref, why) for ref, why in sorted(work.failed.items()))
    return Applied(done[ADDED], done[CHANGED], done[REMOVED], failed, tuple(sorted(left)), halt, after)


class _Batch(NamedTuple):
    """What came of one request: the writes that are done, those to send again, and the waiting they ask for.

    `reread`: the calendar is to be read and planned anew first; `asked` are ids to ask for singly then.
    """

    done: list[tuple[Write, Answer]]
    again: list[Write]
    delays: list[tuple[int, Answer]]  # how often the write was repeated before, and the answer
    asked: list[str]
    reread: bool
    halt: Halt | None


class _Work:
    """The carrying out of one plan, with what was learnt on the way."""

    def __init__(self, keeper: Keeper, plan: Planned, rule: Rule) -> None:
        self._keeper, self._plan, self._rule = keeper, plan, rule
        self.active = {each.ref for each in plan.decisions if each.writes or each.deletes}
        self.failed: dict[str, str] = {}  # ref to why
        self._removing = {write.id for write in plan.deletes}
        self._size = BATCH
        self._alone: set[str] = set()  # ids that Google would not take in a batch
        self._older: set[str] = set()  # ids whose zone goes by its older name
        self._settled: set[str] = set()  # ids whose mark says how Google stored them
        self._unsure: dict[str, str] = {}  # id to the `want` that we sent, where no answer came
        self._repeats: Counter[tuple[str, str]] = Counter()  # of one verb to one id
        self._replans: Counter[str] = Counter()  # of one ref

    def run(self) -> None:
        """Does all that can be done; raises Halt, Denied."""
        while not (self._drain(self._writes()) and (self.failed or self._drain(self._deletes()))):
            self._plan = self._keeper.plan(self._rule)

    def _writes(self) -> list[Write]:
        """Returns the writes to items of the first plan that have not failed."""
        return [write for write in self._plan.writes if self._is_open(write)]

    def _deletes(self) -> list[Write]:
        """Returns those of the first plan's deletes that are still to be done."""
        return [write for write in self._plan.deletes if self._is_open(write) and write.id in self._removing]

    def _is_open(self, write: Write) -> bool:
        ref = _ref(write)
        return ref in self.active and ref not in self.failed

    def _drain(self, pending: list[Write]) -> bool:
        """Sends writes until none is left; False as soon as the calendar was read anew, for a new plan."""
        while pending:
            batch, rest = self._next(pending)
            met = self._meet(batch, self._keeper.send([self._fresh(write) for write in batch]))
            self._keep(met.done)
            if met.halt:
                raise met.halt
            self._wait(met.delays)
            if met.reread:
                self._read_anew(met.asked)
                return False
            pending = [*met.again, *rest, *self._unforeseen(met.done)]
        return True

    def _next(self, pending: list[Write]) -> tuple[list[Write], list[Write]]:
        """Returns the next batch and the rest: no id twice in one, and alone what cannot be in one."""
        if pending[0].id in self._alone:
            return pending[:1], pending[1:]
        batch: list[Write] = []
        rest: list[Write] = []
        taken = set(self._alone)
        for write in pending:
            fits = len(batch) < self._size and write.id not in taken
            (batch if fits else rest).append(write)
            taken.add(write.id)
        return batch, rest

    def _fresh(self, write: Write) -> Write:
        """Returns a write with the etag its event has now, and the zone by the name that Google knows."""
        rows = self._keeper.known.rows
        row = rows.own.get(write.id) or rows.instances.get(write.id)
        etag = row.etag if row is not None and write.verb != "insert" else ""
        return write._replace(etag=etag, body=_older(write.body) if write.id in self._older else write.body)

    def _meet(self, batch: Sequence[Write], answers: Sequence[Answer]) -> _Batch:
        """Sorts the answers to one request by what they ask of us."""
        met = _Batch([], [], [], [], False, None)
        for write, answer in zip(batch, answers, strict=True):
            if write.verb != "delete":
                self._note(write, answer)
            if answer.ok or (write.verb == "delete" and answer.status in (404, 410)):
                met.done.append((write, answer))
            elif is_passing(answer) or (answer.status, answer.reason) == (409, "conflict"):
                if answer.reason == "conflict":
                    self._alone.add(write.id)
                met.again.append(write)
                met.delays.append((self._repeats[write.verb, write.id], answer))
                self._repeats[write.verb, write.id] += 1
                met = met._replace(reread=met.reread or answer.status == UNKNOWN)
            elif why := self._keeper.hopeless(answer, write):
                met = met._replace(halt=met.halt or Halt(why))
            elif answer.status in (404, 409, 410, 412) and self._replans[_ref(write)] < _MOST_REPLANS:
                self._replans[_ref(write)] += 1
                if answer.status == 409:
                    met.asked.append(write.id)
                met = met._replace(reread=True)
            elif answer.status == 400 and write.id not in self._older and _older(write.body) != write.body:
                self._older.add(write.id)
                met.again.append(write)
            else:
                self.failed[_ref(write)] = f"{answer.status} {answer.reason}".strip()
        return met

    def _note(self, write: Write, answer: Answer) -> None:
        """Remembers what may stand in the calendar by our hand though nobody said so.

        A mark that was there before would tell nothing.
        """
        found, row = (
            mark(write.body["extendedProperties"]["private"]),
            self._keeper.known.rows.own.get(write.id),
        )
        before = row.mark.want if row and row.mark else ""
        unsure = answer.status == UNKNOWN or answer.status >= 500
        if unsure and found is not None and found.want != before:
            self._unsure[write.id] = found.want
        elif answer.ok:
            self._unsure.pop(write.id, None)

    def _keep(self, done: Iterable[tuple[Write, Answer]]) -> None:
        """Takes what Google answered for what is known of the calendar, and saves it."""
        rows = self._keeper.known.rows
        own, instances = dict(rows.own), dict(rows.instances)
        for write, _ in done:
            if write.verb == "delete":
                instances.pop(write.id, None)
                if write.id in own:
                    own[write.id] = own[write.id]._replace(live=False, etag="")
        self._keeper.known = self._keeper.known._replace(rows=rows._replace(own=own, instances=instances))
        written = {write.id: answer.body for write, answer in done if write.verb != "delete" and answer.body}
        self._take(written.values(), written)

    def _take(self, resources: Iterable[Json], written: Container[str] = ()) -> None:
        """Merges events into what is known. Those `written` show what we sent, and no hand's work."""
        keeper = self._keeper
        rows = merged(keeper.known.rows, resources, keeper.task.owner, keeper.refs)
        own = {
            name: row._replace(written=True) if name in written or self._is_found(row) else row
            for name, row in rows.own.items()
        }
        keeper.remember(rows._replace(own=own))

    def _is_found(self, row: Row) -> bool:
        """Says, once, that a row shows a write of which nobody knew whether it was done."""
        if row.mark is None or row.mark.gone or self._unsure.get(row.id) != row.mark.want:
            return False
        del self._unsure[row.id]
        return True

    def _wait(self, delays: Sequence[tuple[int, Answer]]) -> None:
        """Waits once for all that is to be sent again, and makes batches smaller where that was asked."""
        if not delays:
            return
        if any(answer.reason in RATE or answer.status == 429 for _, answer in delays):
            self._size = max(SMALLEST, self._size // 2)
        repeat, answer = max(delays, key=lambda delay: delay[0])
        asked = [each.retry_after for _, each in delays if each.retry_after is not None]
        self._keeper.wait(answer._replace(retry_after=max(asked, default=None)), repeat)

    def _read_anew(self, asked: Sequence[str]) -> None:
        """Reads what changed, and singly what Google says it has though no list shows it.

        Where that did not help, what is known may be wrong: then all is read.
        """
        keeper = self._keeper
        keeper.read(whole=max(self._replans.values(), default=0) > 1)
        self._take(())
        hidden = [name for name in asked if name not in keeper.known.rows.own]
        found: list[Json] = []
        for first in range(0, len(hidden), BATCH):
            part = hidden[first : first + BATCH]
            found += [
                answer.body if answer.ok else self._burnt(name)
                for name, answer in zip(part, keeper.get(part), strict=True)
                if answer.ok or answer.status in (404, 410)
            ]
        if any(event.get("status") != "cancelled" for event in found):
            keeper.read(whole=True)  # the list was not all there is: it may hide more
        self._take(found)

    def _burnt(self, name: str) -> Json:
        """Returns a tombstone in the place of one that Google has dropped; its id stays taken for good."""
        properties = Mark(self._keeper.task.owner.src, name[-32:]).properties()
        return {"id": name, "status": "cancelled", "extendedProperties": {"private": properties}}

    def _unforeseen(self, done: Iterable[tuple[Write, Answer]]) -> list[Write]:
        """Returns a PATCH of the mark, once an event, where Google stored it as we did not foresee."""
        found = []
        for write, _ in done:
            row = self._keeper.known.rows.own.get(write.id)
            if row is None or not row.live or row.mark is None or row.mark.gone or write.id in self._settled:
                continue
            shown = seen(row, self._keeper.task.owner)
            if shown != row.mark.seen:
                self._settled.add(write.id)
                properties = row.mark._replace(seen=shown).properties()
                found.append(Write("patch", write.id, {"extendedProperties": {"private": properties}}))
        return found


def _ref(write: Write) -> str:
    """Returns the ref of the item that a write is about; the id of an instance begins with its series'."""
    parsed = parse_id(write.id.partition("_")[0])
    assert parsed is not None
    return parsed[0]


def _older(body: Json) -> Json:
    """Returns a body with the older name of its time zone, where it has one."""
    name = (body.get("start") or {}).get("timeZone")
    if name not in OLDER:
        return body
    older = OLDER[name]
    times: dict[str, object] = {key: {**body[key], "timeZone": older} for key in ("start", "end")}
    recurrence = body.get("recurrence")
    if recurrence:
        times["recurrence"] = [line.replace(f"TZID={name}:", f"TZID={older}:") for line in recurrence]
    return {**body, **times}
