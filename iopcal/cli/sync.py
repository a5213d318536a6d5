"""`iopcal sync`: keeps all calendars and folders of a sync file right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, now, print_json, say, voiced, worst

if TYPE_CHECKING:
    from iopcal.cases import Case
    from iopcal.cli.afterwards import Afterwards
    from iopcal.cli.session import Choices, Session
    from iopcal.cli.sync_folders import Shelf
    from iopcal.sync import Options
    from iopcal.tally import Tally
    from iopcal.targets.google.api import Answer, Write
    from iopcal.targets.trouble import Trouble

_REF = re.compile("[0-9a-v]{1,32}")
_SUM = re.compile("[0-9a-f]{6}")
_TAKE_BACK = "--take-back"


class WithTakeBack(click.Command):
    """A command whose --take-back has a value only behind `=`: the next word is the file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parses the arguments."""
        given = [f"{_TAKE_BACK}=" if word == _TAKE_BACK else word for word in args]
        return super().parse_args(ctx, given)


def refs(_: click.Context, option: click.Parameter, value: str | None) -> frozenset[str] | None:
    """Returns the refs of --take-back; none where it is not given, None for all."""
    if value is None:
        return frozenset()
    words = [word.strip() for word in value.split(",") if word.strip()]
    strange = next((word for word in words if not _REF.fullmatch(word)), None)
    if strange is not None:
        raise click.BadParameter(f"'{strange}' is no ref; write it as plan shows it, 3f9ac1", param=option)
    return frozenset(words) if words else None


def checksum_of(_: click.Context, option: click.Parameter, value: str | None) -> str:
    """Returns the sum that a plan has shown, '' for none."""
    if value is None:
        return ""
    if not _SUM.fullmatch(value.strip().lower()):
        raise click.BadParameter("write the six digits that plan has shown, as 7f3a9c", param=option)
    return value.strip().lower()


@click.command(cls=WithTakeBack, epilog=EXIT_CODES)
@click.argument("file", required=False)
@click.option("--only", multiple=True, metavar="FEED", help="This feed or target alone; may repeat.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change, as plan does; write nothing.")
@click.option(
    "--expect", metavar="SUM", callback=checksum_of, help="Do just the plan that was shown, or stop."
)
@click.option(
    "--wait", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="Wait for another run."
)
@click.option(
    "--allow-deletes",
    type=click.IntRange(0),
    metavar="N",
    help="Let N sessions go in one calendar, as a refusal named them.",
)
@click.option(
    _TAKE_BACK,
    metavar="[=REF,...]",
    callback=refs,
    help="Undo what people did to these items, or to all.",
)
@click.option("--rewrite-past", is_flag=True, help="Change sessions that were held, too.")
@click.option("--rebuild", is_flag=True, help="Fill a calendar again that was emptied.")
@click.option("--allow-primary", is_flag=True, help="Write into somebody's main calendar.")
@click.option("--keep-going", is_flag=True, help="A program with problems stops only itself.")
@click.option("--metrics", default="", metavar="FILE", help="Write figures of the run for Prometheus.")
@voiced
def sync(
    file: str | None,
    only: tuple[str, ...],
    dry_run: bool,
    expect: str,
    wait: float,
    allow_deletes: int | None,
    take_back: frozenset[str] | None,
    rewrite_past: bool,
    rebuild: bool,
    allow_primary: bool,
    keep_going: bool,
    metrics: str,
    voice: Voice,
) -> None:
    """Make all calendars and folders of the sync file FILE (sync.yaml) say what the programs say.

    What people changed by hand in a calendar stays, and is told. Sessions that were held stay. With a
    problem in any file nothing is written.
    """
    from iopcal.cli.afterwards import Afterwards
    from iopcal.cli.session import Choices

    choices = Choices(file, only, take_back, allow_deletes, rewrite_past, rebuild, allow_primary, keep_going)
    if dry_run:
        from iopcal.cli.sync_plan import show_sync_plan

        show_sync_plan(choices, voice)
    with Afterwards(voice, metrics) as afterwards:
        run(choices, expect, wait, voice, afterwards)


def run(choices: Choices, expect: str, wait: float, voice: Voice, afterwards: Afterwards) -> NoReturn:
    """Does one whole run and ends the command."""
    from iopcal.cli.session import begin
    from iopcal.cli.standings import has_news, keep_standings, of_shelf
    from iopcal.cli.sync_folders import fill_folders
    from iopcal.tally import missed
    from iopcal.targets.google.state import StateFolder

    def fail(code: int) -> NoReturn:
        if voice.json:
            print_json("sync", {"exit": int(code), "plan": "", "calendars": []})
        end(code)

    session = begin(choices, voice, fail, typed=False, learn=afterwards.learn)
    options = choices.options(session.sync, now())
    state = StateFolder(Path(session.sync.state))
    work = _Run(session, options, state, expect, voice)
    tallies = [*work.calendars(wait), *(missed(each.feed, each.trouble) for each in session.jobs.refused)]
    shelves: list[Shelf] = []
    if not work.stopped and not work.stale:
        shelves += fill_folders(session, options.now, wait)
    all_of_it = [*tallies, *(of_shelf(shelf) for shelf in shelves)]
    codes = [each.exit for each in all_of_it]
    code = worst((*codes, *work.codes(session)))
    told = not voice.quiet or has_news(code, all_of_it, session.health, options.now)
    keep_standings(state, all_of_it, options.now, told=told, known=session.health)
    afterwards.count(tallies, shelves, whole=not choices.only)
    if told:
        work.tell(tallies, shelves)
    if voice.json:
        _print(code, work.total, tallies, shelves)
    end(130 if work.stopped else code)


def _print(code: int, total: str, tallies: Sequence[Tally], shelves: Sequence[Shelf]) -> None:
    from iopcal.views.outcome import as_json

    document: dict[str, object] = {
        "exit": code,
        "plan": total,
        "calendars": [as_json(each) for each in tallies],
    }
    if shelves:
        document["folders"] = [
            {"target": each.name, "feeds": each.feeds, "written": each.written, "removed": each.removed}
            for each in shelves
        ]
    print_json("sync", document)


class _Run:
    """One run over the Google calendars, and what is said of it."""

    def __init__(self, session: Session, options: Options, state: object, expect: str, voice: Voice) -> None:
        from iopcal.cli.accounts import Accounts
        from iopcal.cli.calendars import Calendars
        from iopcal.cli.progress import Progress
        from iopcal.cli.session import is_patient
        from iopcal.targets.google.state import StateFolder

        assert isinstance(state, StateFolder)
        self._session, self._options, self._expect, self._voice = session, options, expect, voice
        self._state, self._choices = state, session.choices
        means = session.means(self._watch)
        self._progress = Progress(means.clock, len(session.jobs.calendars), shown=is_patient(voice))
        self._accounts = Accounts(session.sync, means, self._choices.file or "")
        self._calendars = Calendars(options, means, state, self._accounts)
        self.total = ""
        self._unmet: list[str] = []
        self.stale: Trouble | None = None

    @property
    def stopped(self) -> bool:
        """Whether a person pressed Ctrl-C."""
        return self._calendars.stopped

    def calendars(self, wait: float) -> list[Tally]:
        """Keeps all calendars right."""
        with self._accounts:
            try:
                return self._calendars.run(
                    self._session.jobs.calendars, wait, self._judge, lambda case, tally: self._progress.step()
                )
            finally:
                self._progress.clear()

    def codes(self, session: Session) -> list[int]:
        """Returns the exit codes of what is no calendar."""
        from iopcal.problems import Exit

        return [*([Exit.PARTLY] if session.left_out else []), *([self.stale.exit] if self.stale else [])]

    def tell(self, tallies: Sequence[Tally], shelves: Sequence[Shelf]) -> None:
        """Prints what was done on standard output, and what went wrong on standard error."""
        from iopcal.cli.folders import left_out_words
        from iopcal.cli.session import complain, stopped_words, tell, tell_whereabouts
        from iopcal.problems import Exit
        from iopcal.tally import missed
        from iopcal.views.outcome import complaints, done_text

        voice, session = self._voice, self._session
        done = done_text(tallies, self._choices.command("sync"), edits_alone=voice.quiet)
        if done and not voice.json:
            say(done)
        for shelf in shelves:
            if shelf.exit in (Exit.DONE, Exit.LEFT_ALONE, Exit.PARTLY):
                voice.result(shelf.text)
            tell_whereabouts((each.problem for each in shelf.troubles), voice)
        for ref in self._unmet:
            voice.note(f"no calendar has an item with the ref '{ref}': nothing to take back")
        for feed in session.jobs.retired:
            voice.note(f"{feed}: retired by iopcal clean; to go on, write false for it in the book")
        tell((remark for each in tallies for remark in each.remarks), voice)
        notes = [*self._calendars.notes, *self._accounts.troubles()]
        notes += [self._state.unsaved] if self._state.unsaved else []
        tell((each.problem._replace(severity="warning") for each in notes), voice)
        well = (Exit.DONE, Exit.LEFT_ALONE)
        fine = [each.feed for each in tallies if each.exit in well]
        fine += [each.name for each in shelves if each.exit in well]
        stale = (missed("", self.stale),) if self.stale else ()
        complain(complaints((*tallies, *stale), fine), self._choices, voice)
        for words in left_out_words(session.loaded.programs):
            say(words, err=True)
        if self.stopped:
            say(
                stopped_words(len(tallies) - len(session.jobs.refused), len(session.jobs.calendars)), err=True
            )

    def _judge(self, cases: list[Case]) -> list[Case]:
        from iopcal.cases import plan_sum, singly, stale

        self.total = plan_sum(cases)
        refs = [each.ref for case in cases if case.plan for each in case.plan.decisions]
        wanted = self._choices.take_back or ()
        self._unmet = [short for short in sorted(wanted) if not any(ref.startswith(short) for ref in refs)]
        if self._expect and self.total != self._expect:
            self.stale = stale(self.total, self._expect)
            return [case.but(self.stale) for case in cases]
        return singly(cases, self._options) if not self._choices.only else cases

    def _watch(self, writes: Sequence[Write], answers: Sequence[Answer]) -> None:
        if self._voice.verbose and not self._voice.quiet:
            for write, answer in zip(writes, answers, strict=False):  # a reading has no writes
                say(f"{write.verb} {write.id[6:38]} {answer.status}", err=self._voice.json)
        self._progress.show()
