"""`iopcal show`: a program's week, agenda, totals or sessions."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, load, moment_of, print_json, say, today_option, voiced
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit

if TYPE_CHECKING:
    from iopcal.expand import Expansion
    from iopcal.model import Program

VIEWS = ("totals", "week", "agenda", "sessions")


class Ready(NamedTuple):
    """A sound program with its sessions."""

    program: Program
    expansion: Expansion


@click.command(epilog=EXIT_CODES)
@click.argument("words", nargs=-1, required=True, metavar="[totals|week|agenda|sessions] [DATE] PROGRAM")
@click.option("--tsv", is_flag=True, help="sessions: tab-separated, without a header.")
@click.option("--csv", "as_csv", is_flag=True, help="sessions: comma-separated, with a header.")
@today_option
@voiced
def show(words: tuple[str, ...], tsv: bool, as_csv: bool, today: date | None, voice: Voice) -> None:
    """Show a program's week, agenda, totals or sessions.

    Without a word: the totals. DATE (2027-01-04) names the week, or the first day of the agenda.
    """
    view, day, file = _understand(words)
    ready = _ready(file, today, voice)
    if view == "sessions":
        _sessions(ready, tsv, as_csv, voice)
    elif tsv or as_csv:
        raise click.UsageError("--tsv and --csv go with: iopcal show sessions PROGRAM")
    elif view == "totals":
        _totals(ready, voice)
    elif view == "week":
        _week(ready, day or _now_or_first(ready, today), voice)
    else:
        _agenda(ready, day, voice)
    end(Exit.DONE)


def _understand(words: tuple[str, ...]) -> tuple[str, date | None, str]:
    """Returns view, day and file; raises click.UsageError."""
    view, day, *rest = "totals", None, *words
    if rest[0] in VIEWS and len(rest) > 1:
        view, *rest = rest
    if len(rest) > 1:
        text, *rest = rest
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise click.UsageError(f"'{text}' is no date; write it as 2027-01-04") from None
    if len(rest) != 1 or rest[0] in VIEWS:
        raise click.UsageError("name one program: iopcal show week 2027-01-04 program.yaml")
    return view, day, rest[0]


def _ready(file: str, today: date | None, voice: Voice) -> Ready:
    """Returns the program, or tells what is wrong with it and ends the command."""
    from iopcal.views.problems import as_json

    loaded = load(file, today)
    if not loaded.sound or loaded.program is None or loaded.expansion is None:
        if voice.json:
            print_json("problems", {"problems": [as_json(problem) for problem in loaded.problems]})
        else:
            voice.tell(loaded.problems, loaded.texts)
        end(Exit.PROBLEMS)
    return Ready(loaded.program, loaded.expansion)


def _now_or_first(ready: Ready, today: date | None) -> date:
    """Returns today while the program runs, else its first day."""
    day = moment_of(today).date()
    days = [each.day for walk in ready.expansion.walks for each in walk.days]
    return day if days and min(days) <= day <= max(days) else min(days, default=day)


def _sessions(ready: Ready, tsv: bool, as_csv: bool, voice: Voice) -> None:
    from iopcal.views import sessions as view

    rows = view.rows(ready.program, ready.expansion.sessions)
    if voice.json:
        lines = [dict(zip(view.COLUMNS, row, strict=True)) for row in rows]
        print_json("sessions", {"id": ready.program.id, "sessions": lines})
    elif tsv:
        say(view.tsv(rows), nl=False)
    elif as_csv:
        say(view.as_csv(rows), nl=False)
    else:
        from iopcal.views.table import table

        say(table(view.COLUMNS, rows), nl=False)


def _totals(ready: Ready, voice: Voice) -> None:
    from iopcal.views import totals as view

    if voice.json:
        print_json("totals", {"id": ready.program.id, "phases": view.as_json(ready.program, ready.expansion)})
        return
    from iopcal.views.summary import summary

    say(summary(ready.program, ready.expansion))
    say()
    say(view.text(ready.program, ready.expansion), nl=False)


def _week(ready: Ready, day: date, voice: Voice) -> None:
    from iopcal.views import week as view

    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    if voice.json:
        _json_days(ready, monday, sunday)
        return
    columns = shutil.get_terminal_size((120, 24)).columns
    if voice.plain or columns < view.NARROWEST:
        say(view.agenda(ready.program, ready.expansion.sessions, monday, sunday), nl=False)
    else:
        say(view.grid(ready.program, ready.expansion, monday, columns), nl=False)


def _agenda(ready: Ready, day: date | None, voice: Voice) -> None:
    from iopcal.views import week as view

    if voice.json:
        _json_days(ready, day or date.min, date.max)
        return
    say(view.agenda(ready.program, ready.expansion.sessions, day, None), nl=False)


def _json_days(ready: Ready, first: date, last: date) -> None:
    from iopcal.views.sessions import COLUMNS, rows
    from iopcal.views.week import shown_sessions

    mine = [
        each for each in shown_sessions(ready.expansion.sessions) if first <= each.real.start.date() <= last
    ]
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in rows(ready.program, mine)]
    print_json("agenda", {"id": ready.program.id, "sessions": lines})
