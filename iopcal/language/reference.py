"""The tables of the reference pages: each group of keys with what they mean."""

from __future__ import annotations

from iopcal.language.changes import ADDED, FROM_CHANGE, ON_CHANGE
from iopcal.language.closures import CLOSURE
from iopcal.language.fields import Field, Table
from iopcal.language.holidays import HOLIDAY_RULE
from iopcal.language.levels import HOURS_TABLE
from iopcal.language.phases import OVERRIDE, PHASE
from iopcal.language.program import PROGRAM
from iopcal.language.sessions import SESSION
from iopcal.language.strands import COHORT, TRACK

TABLES = {
    "program": PROGRAM,
    "tracks": TRACK,
    "cohorts": COHORT,
    "sessions": SESSION,
    "phases": PHASE,
    "sessions of a phase": OVERRIDE,
    "holidays": HOLIDAY_RULE,
    "closed": CLOSURE,
    "changes on single days": ON_CHANGE,
    "changes from a day on": FROM_CHANGE,
    "added sessions": ADDED,
    "hours": HOURS_TABLE,
}


def reference_tables() -> dict[str, str]:
    """Returns a Markdown table (key, needed, meaning) for each group of keys, in the order of the page."""
    return {title: _table(table) for title, table in TABLES.items()}


def people_tables() -> dict[str, str]:
    """Returns the same for the keys of feeds and of rosters."""
    from iopcal.language.feeds import FEED_RULE
    from iopcal.language.roster import TABLES as ROSTER_TABLES

    return {title: _table(table) for title, table in {"feeds": FEED_RULE, **ROSTER_TABLES}.items()}


def sync_tables() -> dict[str, str]:
    """Returns the same for the keys of sync files."""
    from iopcal.language.sync import TABLES as SYNC_TABLES  # no program needs them

    return {title: _table(table) for title, table in SYNC_TABLES.items()}


def _table(table: Table) -> str:
    return (
        "\n".join(["| key | needed | meaning |", "|---|---|---|", *(_line(field) for field in table.fields)])
        + "\n"
    )


def _line(field: Field[object]) -> str:
    needed = "yes" if field.needed else "no"
    meaning = field.meaning.replace("|", "\\|")
    return f"| `{field.key}` | {needed} | {meaning} |"
