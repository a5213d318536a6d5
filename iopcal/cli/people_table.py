"""Who shall have a personal calendar from this run on: the table of addresses as it begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from iopcal.addressed import is_of_participant
from iopcal.cli.people_work import Braked
from iopcal.model import Program
from iopcal.personal import lost_participants, not_its_table, refused_roster, states
from iopcal.plan import shown
from iopcal.publish import Options, telling_words
from iopcal.targets import addresses
from iopcal.targets.addresses import LEFT, Table
from iopcal.targets.feed_files import FeedFiles
from iopcal.targets.published import Published, read
from iopcal.targets.trouble import Trouble

Reader = Callable[[str], bytes | None]  # of what is published under a token


def entitled(
    program: Program,
    found: Table | None,
    files: FeedFiles | None,
    published: Reader,
    options: Options,
    today: date,
    braked: list[Braked],
) -> Table | Trouble:
    """Returns the table with an address for each calendar and the state of each, or why there can be no run.

    `braked` is told of calendars of leads and rooms that are gone while sessions lie ahead in them.
    """
    if files is not None and files.mark and (found is None or found.mark != files.mark):
        return not_its_table(program.id, found is None)
    table = found or addresses.new_table()
    now = states(program, table, today)
    for key, entry in table.feeds.items():
        if now[key] == LEFT and not entry.state and not is_of_participant(key):
            ahead = _ahead(published(entry.token), options.now)
            # With nothing ahead it is what people remember; with more, somebody has to say yes.
            if not ahead or (options.allow_deletes or -1) < ahead:
                now[key] = ""
                braked += [Braked(key, ahead, ahead)] if ahead else []
    refused = refused_roster(*lost_participants(table, now), options.allow_deletes)
    if refused is not None:
        return refused
    missing = [key for key, state in now.items() if not state and key not in table.feeds]
    if missing:
        words = telling_words(program)
        table = addresses.with_new(table, missing, today.isoformat(), lambda token: not words.word(token))
    return addresses.with_states(table, now, today.isoformat())


def _ahead(data: bytes | None, now: datetime) -> int:
    """Returns how many sessions lie ahead in a published calendar."""
    published = read(data or b"")
    return sum(each.start > now for each in shown(published)) if isinstance(published, Published) else 0
