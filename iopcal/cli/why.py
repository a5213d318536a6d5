"""`iopcal why`: says which lines of the files put the sessions of a day where they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, print_json, say, today_option, voiced
from iopcal.cli.participants import Ready, person, ready
from iopcal.problems import Exit

if TYPE_CHECKING:
    from iopcal.model import Path
    from iopcal.paths import PathDay
    from iopcal.views.why import Day


@click.command(epilog=EXIT_CODES)
@click.argument("day", metavar="DATE")
@click.argument("program", metavar="PROGRAM")
@click.option("--participant", "--me", metavar="ID", help="The day of this participant, and of nobody else.")
@today_option
@voiced
def why(day: str, program: str, participant: str | None, today: date | None, voice: Voice) -> None:
    """Say which lines put the sessions of a day where they are, moved them or took them away.

    DATE is written as 2027-01-14. A day without sessions is explained, too.
    """
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        raise click.UsageError(
            f"'{day}' is no date; write it as: iopcal why 2027-01-14 program.yaml"
        ) from None
    found = ready(program, today, voice)
    if participant is None:
        days = _of_paths(found, asked)
    else:
        days = [_of_participant(found, participant, asked, today, voice)]
    if voice.json:
        from iopcal.views.why import as_json

        print_json("why", {"id": found.program.id, "date": asked.isoformat(), "paths": as_json(days)})
    else:
        from iopcal.views.why import text

        say(text(found.program, asked, days), nl=False)
    end(Exit.DONE)


def _of_paths(found: Ready, asked: date) -> list[Day]:
    """Returns the day of every cohort in each of its tracks, or of every group."""
    from iopcal.views.why import explain
    from iopcal.views.why_session import Seen
    from iopcal.walk import Strand

    program, expansion = found.program, found.expansion
    tracks = {track.id: track for track in program.tracks}

    def of_path(path: Path, mine: Sequence[PathDay]) -> Day:
        seen = Seen(program, Strand(program, path, tracks[path.track]))
        sessions = [session for session in expansion.sessions if session.path == path]
        return explain(lambda _: seen, path, sessions, mine, asked)

    return [of_path(path, mine) for path, mine in expansion.walks]


def _of_participant(found: Ready, identity: str, asked: date, today: date | None, voice: Voice) -> Day:
    from iopcal.model import Path
    from iopcal.views.why import explain
    from iopcal.views.why_session import Seen

    who = person(found, identity, today, voice)
    participant, attendance = who.participant, who.attendance
    track = next((each.track for each in attendance.days if each.day == asked), participant.track)
    path = Path(participant.cohort, track, participant.starts, participant.id)

    def seen_in(track: str) -> Seen:
        return Seen(found.program, who.roster.strand(participant, track), participant)

    return explain(seen_in, path, attendance.sessions, [each.clock for each in attendance.days], asked)
