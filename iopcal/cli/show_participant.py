"""What `iopcal show` says of one participant, and the hours of all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta

from iopcal.cli.common import Voice, moment_of, print_json, say
from iopcal.cli.participants import Person, Ready


def show_participant(ready: Ready, person: Person, today: date | None, voice: Voice) -> None:
    """Shows the weeks of the path, what comes next, and when they are not here."""
    from iopcal.views import participant as view

    now = moment_of(today).date()
    facts = ready.program, person.participant, person.attendance, now
    if voice.json:
        print_json("participant", {"id": ready.program.id, **view.as_json(*facts)})
    else:
        say(view.text(*facts), nl=False)


def show_week(ready: Ready, person: Person, day: date | None, today: date | None, voice: Voice) -> None:
    """Shows the week of a day, or of today while the path runs, or the first of it."""
    from iopcal.views import participant as view
    from iopcal.views import week

    if day is None:
        now, days = moment_of(today).date(), [each.day for each in person.attendance.days]
        day = now if days and days[0] <= now <= days[-1] else min(days, default=now)
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    columns = shutil.get_terminal_size((120, 24)).columns
    if voice.json or voice.plain or columns < week.NARROWEST:
        _agenda(ready, person, monday, sunday, voice)
        return
    who = ready.program, person.participant, person.attendance
    say(view.week_text(*who, monday, columns), nl=False)


def show_agenda(ready: Ready, person: Person, day: date | None, voice: Voice) -> None:
    """Shows every session from a day on."""
    _agenda(ready, person, day or date.min, date.max, voice)


def _agenda(ready: Ready, person: Person, first: date, last: date, voice: Voice) -> None:
    from iopcal.views import participant as view
    from iopcal.views.week import agenda_json

    program, who, sessions = ready.program, person.participant, person.attendance.sessions
    if voice.json:
        lines = agenda_json(program, sessions, first, last)
        print_json("agenda", {"id": program.id, "participant": who.id, "sessions": lines})
    else:
        say(view.agenda_text(program, who, sessions, first, last), nl=False)


def show_hours(ready: Ready, people: Sequence[Person], tsv: bool, as_csv: bool, voice: Voice) -> None:
    """Shows the hours of every week of these people, a week a line."""
    from iopcal.views import participant_weeks as view

    weeks = [
        week for each in people for week in view.hours_weeks(ready.program, each.participant, each.attendance)
    ]
    if voice.json:
        print_json("hours", {"id": ready.program.id, "weeks": view.as_json(weeks)})
    elif tsv:
        from iopcal.views.sessions import tsv as lines_of

        say(lines_of(view.rows(weeks)), nl=False)
    elif as_csv:
        say(view.as_csv(weeks), nl=False)
    else:
        from iopcal.views.table import table

        say(table(view.COLUMNS, view.rows(weeks)), nl=False)
