"""`iopcal show`: a program's week, agenda, totals or sessions, and its participants' hours."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, moment_of, print_json, say, today_option, voiced
from iopcal.cli.participants import Person, Ready, everybody, person, ready
from iopcal.problems import Exit

if TYPE_CHECKING:
    from iopcal.model import Program, Session

VIEWS = ("totals", "week", "agenda", "sessions", "hours")


@click.command(epilog=EXIT_CODES)
@click.argument(
    "words", nargs=-1, required=True, metavar="[totals|week|agenda|sessions|hours] [DATE] PROGRAM"
)
@click.option("--participant", "--me", metavar="ID", help="What this participant attends, and nobody else.")
@click.option("--tsv", is_flag=True, help="sessions, hours: tab-separated, without a header.")
@click.option("--csv", "as_csv", is_flag=True, help="sessions, hours: comma-separated, with a header.")
@today_option
@voiced
def show(
    words: tuple[str, ...],
    participant: str | None,
    tsv: bool,
    as_csv: bool,
    today: date | None,
    voice: Voice,
) -> None:
    """Show a program's week, agenda, totals or sessions, or its participants' hours.

    Without a word: the totals. DATE (2027-01-04) names the week, or the first day of the agenda.
    """
    view, day, file = _understand(words)
    if (tsv or as_csv) and view not in ("sessions", "hours"):
        raise click.UsageError("--tsv and --csv go with: iopcal show sessions PROGRAM, or show hours")
    found = ready(file, today, voice)
    if participant is not None:
        _of_participant(
            view, found, person(found, participant, today, voice), day, (tsv, as_csv), today, voice
        )
    elif view == "hours":
        from iopcal.cli.show_participant import show_hours

        show_hours(found, everybody(found, today, voice), tsv, as_csv, voice)
    elif view == "sessions":
        _sessions(found.program, found.expansion.sessions, tsv, as_csv, voice)
    elif view == "totals":
        _totals(found, voice)
    elif view == "week":
        _week(found, day or _now_or_first(found, today), voice)
    else:
        _agenda(found, day, voice)
    end(Exit.DONE)


def _of_participant(
    view: str,
    found: Ready,
    who: Person,
    day: date | None,
    form: tuple[bool, bool],
    today: date | None,
    voice: Voice,
) -> None:
    from iopcal.cli import show_participant as own

    if view == "sessions":
        _sessions(found.program, who.attendance.sessions, *form, voice)
    elif view == "hours":
        own.show_hours(found, [who], *form, voice)
    elif view == "week":
        own.show_week(found, who, day, today, voice)
    elif view == "agenda":
        own.show_agenda(found, who, day, voice)
    else:
        own.show_participant(found, who, today, voice)


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


def _now_or_first(found: Ready, today: date | None) -> date:
    """Returns today while the program runs, else its first day."""
    day = moment_of(today).date()
    days = [each.day for walk in found.expansion.walks for each in walk.days]
    return day if days and min(days) <= day <= max(days) else min(days, default=day)


def _sessions(program: Program, sessions: Sequence[Session], tsv: bool, as_csv: bool, voice: Voice) -> None:
    from iopcal.views import sessions as view

    rows = view.rows(program, sessions)
    if voice.json:
        print_json("sessions", {"id": program.id, "sessions": view.as_json(program, sessions)})
    elif tsv:
        say(view.tsv(rows), nl=False)
    elif as_csv:
        say(view.as_csv(rows), nl=False)
    else:
        from iopcal.views.table import table

        say(table(view.COLUMNS, rows), nl=False)


def _totals(found: Ready, voice: Voice) -> None:
    from iopcal.views import totals as view

    if voice.json:
        print_json("totals", {"id": found.program.id, "phases": view.as_json(found.program, found.expansion)})
        return
    from iopcal.views.summary import summary

    say(summary(found.program, found.expansion))
    say()
    say(view.text(found.program, found.expansion), nl=False)


def _week(found: Ready, day: date, voice: Voice) -> None:
    from iopcal.views import week as view

    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    if voice.json:
        _json_days(found, monday, sunday)
        return
    columns = shutil.get_terminal_size((120, 24)).columns
    if voice.plain or columns < view.NARROWEST:
        say(view.agenda(found.program, found.expansion.sessions, monday, sunday), nl=False)
    else:
        say(view.grid(found.program, found.expansion, monday, columns), nl=False)


def _agenda(found: Ready, day: date | None, voice: Voice) -> None:
    from iopcal.views import week as view

    if voice.json:
        _json_days(found, day or date.min, date.max)
        return
    say(view.agenda(found.program, found.expansion.sessions, day, None), nl=False)


def _json_days(found: Ready, first: date, last: date) -> None:
    from iopcal.views.week import agenda_json

    lines = agenda_json(found.program, found.expansion.sessions, first, last)
    print_json("agenda", {"id": found.program.id, "sessions": lines})
