"""The personal calendars of one program in an output folder: prepared, then compared or written."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

from iopcal.addressed import Keys, shared
from iopcal.alike import Made, Maker
from iopcal.attendance import Roster
from iopcal.cli.common import Loaded
from iopcal.cli.people_doubts import cut, judged
from iopcal.cli.people_table import entitled
from iopcal.cli.people_work import Braked, Person, Tally, Work
from iopcal.cli.table import Whereabouts, change, whereabouts
from iopcal.cli.workers import spread
from iopcal.feeds import Feed
from iopcal.model import Session
from iopcal.named_tuple import NamedTuple
from iopcal.personal import Sources, refused_sessions
from iopcal.plan import Plan
from iopcal.problems import Exit, Problem, has_errors
from iopcal.publish import Draft, Options, unfit
from iopcal.scrutiny import scrutiny
from iopcal.targets import addresses, files
from iopcal.targets.addresses import Table
from iopcal.targets.feed_files import FeedFiles, path_of
from iopcal.targets.feed_token import digest
from iopcal.targets.trouble import Trouble, exit_code, trouble

_FEW = 64  # people that are not worth another process
_PIECES = 8  # for each process, where there are several
_PIECE = 512  # people, where there is one

Tick = Callable[[int], object]


class Outcome(NamedTuple):
    """What was done with the personal calendars of one program, or would be."""

    written: int = 0
    new: int = 0
    removed: int = 0
    unchanged: int = 0
    plans: tuple[Plan, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def exit(self) -> Exit:
        """The exit code."""
        return exit_code(self.troubles, done=bool(self.written or self.removed))


class People:
    """The personal calendars of one sound program, in the output folder `path`.

    First comes `prepare`, which writes nothing but the table of addresses; what it leaves in `objections` and
    `problems` may speak against writing. Then `write` or `compare`. Raises OSError, and `locks.Busy`.
    """

    def __init__(
        self,
        each: Loaded,
        path: Path,
        options: Options,
        *,
        published: Path | None = None,
        wanted: Callable[[str], bool] | None = None,
        jobs: int = 1,
        strict: bool = False,
    ) -> None:
        assert each.program is not None
        assert each.expansion is not None
        self._program, self._expansion = each.program, each.expansion
        self._file, self._options, self._jobs, self._strict = each.file, options, jobs, strict
        self._published, self._wanted = published, wanted
        self._files = FeedFiles(path, self._program.id) if path.is_dir() else None
        self._today = options.now.astimezone(ZoneInfo(self._program.zone)).date()
        self._roster = Roster(self._program, self._expansion, options.now.date())
        self._drafts: list[tuple[Feed, Draft]] = []
        self._ahead: list[Braked] = []
        self._work: Work
        self._table: Table
        self._people: list[Person] = []
        self._todo: list[Person] = []
        self._rest = 0  # calendars of participants that are known to be as they shall be
        self._strays: tuple[str, ...] = ()
        self.sessions: tuple[Session, ...] = self._expansion.sessions
        self.objections: tuple[Trouble, ...] = ()
        self.problems: tuple[Problem, ...] = ()

    def close(self) -> None:
        """Lets the folder go."""
        if self._files is not None:
            self._files.close()

    def prepare(self, *, writes: bool) -> None:
        """Finds or makes the addresses, and all that speaks against writing anything of the program."""
        where = Whereabouts(self._program.id, whereabouts(self._file).path)
        if writes:
            found = change(where, self._options.now, self._table_from)
        else:
            loaded = addresses.load(where.path, where.program)
            found = loaded if isinstance(loaded, Trouble) else self._table_from(loaded)
        if isinstance(found, Trouble):
            self.objections = (found,)
            return
        self._table = found
        self._begin(writes)
        self._validate()
        self.sessions = self._roster.sessions_for_staff()
        self._draft_shared()

    def _table_from(self, found: Table | None) -> Table | Trouble:
        """Returns the table that this run goes by, or why there can be no run."""
        return entitled(
            self._program, found, self._files, self._read, self._options, self._today, self._ahead
        )

    def _begin(self, writes: bool) -> None:
        table, program = self._table, self._program
        if self._files is not None:
            self._strays = self._files.strays({e.token for e in table.feeds.values() if not e.state})
        maker = Maker(program, self._roster, self._options, table.secret)
        self._work = Work(
            maker, Keys(program), table.feeds, self._files, self._read, self._options,
            self._today.isoformat(), self._wanted, writes,
        )  # fmt: skip
        sources = Sources(program, self._options, self._today, table.mark)
        people = [(sources.of(participant), participant) for participant in program.participants]
        self._people = sorted(people, key=itemgetter(0))  # alike ones together

    def _read(self, token: str) -> bytes | None:
        data = self._files.read(token) if self._files and token else None
        if data is None and self._published is not None:
            return files.read(self._published / path_of(token))
        return data

    def _validate(self) -> None:
        """Finds what is wrong with what participants attend, of those whose calendars are to be made."""
        for person in self._people:
            current = self._work.current(person)
            self._rest += current
            if not current:
                self._todo.append(person)
        found: list[Problem] = []
        loud: set[str] = set()
        with self._uncollected():
            for problems, sources in spread(
                partial(judged, self._roster), self._pieces(self._todo), self._jobs
            ):
                found += problems
                loud |= sources
            for _, alike in groupby(self._people, key=itemgetter(0)):
                if not self._roster.problems():
                    break
                self._roster.attend(next(alike)[1])  # lines that touch no group may touch somebody
        found = [*cut(found), *self._roster.problems()]
        if self._strict:
            found = [problem._replace(severity="error") for problem in found]
        self.problems = tuple(sorted(dict.fromkeys(found)))
        self._work = self._work._replace(loud=loud)
        if has_errors(self.problems):
            self.objections = tuple(Trouble(Exit.PROBLEMS, problem) for problem in self.problems)

    def _pieces(self, people: Sequence[Person]) -> list[Sequence[Person]]:
        """Cuts the people, so that those who are alike stay together."""
        size = _PIECE if self._jobs <= 1 else len(people) // (self._jobs * _PIECES) + 1
        if len(people) < _FEW:
            return [people]
        pieces: list[list[Person]] = [[]]
        for _, alike in groupby(people, key=itemgetter(0)):
            if len(pieces[-1]) >= size:
                pieces.append([])
            pieces[-1] += alike
        return list(pieces)

    def _draft_shared(self) -> None:
        work = self._work
        for feed in shared(self._program):
            if work.wanted is not None and not work.wanted(feed.called):
                continue
            entry = work.table[feed.key]
            if not entry.state:
                lost = self._files is not None and self._files.knows(entry.token)
                drafted = work.maker.shared(feed, self.sessions, self._read(entry.token), lost)
                self._drafts.append((feed, drafted))
        drafts = [drafted for _, drafted in self._drafts]
        self.objections += (*unfit(drafts), *scrutiny(drafts))

    @property
    def size(self) -> int:
        """How many personal calendars there are."""
        each = len(self._work.keys.of(self._people[0][1])) if self._people else 0
        return len(self._drafts) + each * len(self._people)

    @contextmanager
    def _uncollected(self) -> Iterator[None]:
        """Lets no garbage be looked for: none is in circles, and all of a large roster would be looked at."""
        collecting = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if collecting:
                gc.enable()

    def compare(self) -> Outcome:
        """Returns what `write` would do."""
        tally, gone = self._publish(lambda count: None), 0
        if self._files is not None:
            gone = sum(self._read(token) is not None for token in self._gone())
        return self._outcome(tally, gone)

    def write(self, tick: Tick = lambda count: None) -> Outcome:
        """Writes what has changed and removes what nobody shall have; `tick` is told of each so many."""
        assert self._files is not None
        tally, removed = self._publish(tick), 0
        try:
            for token, record in tally.records.items():
                self._files.remember(token, record)
            if not any(fault.exit for fault in tally.troubles):
                removed = self._files.remove(self._gone())
            self._files.save(self._table.mark)
        except OSError as error:
            tally.troubles.append(trouble(error))
        return self._outcome(tally, removed)

    def _publish(self, tick: Tick) -> Tally:
        tally = self._publish_shared()
        tally.unchanged += self._rest
        tick(self._rest)
        with self._uncollected():
            for one in spread(self._work.publish, self._pieces(self._todo), self._jobs):
                tally.add(one)
                tick(one.written + one.unchanged)
                if any(fault.exit for fault in one.troubles):
                    break
        return tally

    def _publish_shared(self) -> Tally:
        tally = Tally()
        work = self._work
        writer = self._files.writer() if self._files is not None and work.writes else None
        try:
            for feed, drafted in self._drafts:
                if drafted.data is not None:
                    made = Made(drafted.data, False, ())
                    previous = drafted if drafted.published is not None or drafted.damaged else None
                    token = work.table[feed.key].token
                    work.put(feed, "", token, made, previous, None, writer, tally)
            if writer is not None:
                writer.flush()
                tally.records |= writer.records
        except OSError as error:
            tally.troubles.append(trouble(error))
        return tally

    def _gone(self) -> Iterator[str]:
        """Yields the tokens of this program under which there shall be nothing any more."""
        mine = {entry.token for entry in self._table.feeds.values() if entry.state}
        for token in self._strays:
            known = token in mine or (self._files is not None and self._files.knows(token))
            if known or digest(token) in self._table.former:
                yield token

    def _outcome(self, tally: Tally, removed: int) -> Outcome:
        braked = (*self._ahead, *tally.braked)
        troubles = (*dict.fromkeys(tally.troubles), *refused_sessions(braked, self._options))
        return Outcome(
            tally.written,
            tally.new,
            removed,
            tally.unchanged,
            tuple(tally.plans),
            troubles,
            tuple(tally.kept),
        )
