"""How a run of `sync` goes: when it leaves a calendar alone, how long it waits, whom it tells."""

from __future__ import annotations

import re

from iopcal.language.admin_values import EXIT_CODES, PATH, SHARE
from iopcal.language.fields import Field, Row, Table, Value, object_schema, read_row, row_of
from iopcal.language.numbers import number
from iopcal.language.report import Report
from iopcal.language.texts import choice
from iopcal.model.sync import Guard, Heartbeat
from iopcal.source import Node, Scalar

_MOST_LONGEST, _DEFAULT_LONGEST = 86_400, 600  # seconds

_REMOVED: Field[int] = Field(
    "removed", SHARE, "nothing is written when a larger share of the sessions ahead would go; default `30%`"
)
_AT_LEAST: Field[int] = Field(
    "at_least", number("sessions"), "how many sessions must lie ahead for that; default 10"
)
_CHANGED: Field[str] = Field(
    "changed",
    choice(("warn", "refuse"), "a word for 'changed'"),
    "`refuse`: the same when a larger share of them would change; `warn` (default): it is only said",
)
_DISCHARGED: Field[str] = Field(
    "discharged",
    choice(("ask", "allow"), "a word for 'discharged'"),
    "`allow`: a discharge in the roster may empty that person's calendar; `ask` (default): it is refused",
)
GUARD = Table("the guard", (_REMOVED, _AT_LEAST, _CHANGED, _DISCHARGED), synonyms={"deleted": "removed"})


def _nearest_seconds(text: str) -> str:
    """Returns the seconds of `10 min`, `600 s` or `600.0`, or ''."""
    match = re.fullmatch(
        r"([1-9][0-9]{0,3})(?:\.0)? *(?:(m(?:in)?[a-z.]*)|s(?:ec)?[a-z.]*)?", text.casefold()
    )
    return str(int(match[1]) * (60 if match[2] else 1)) if match else ""


_LONGEST: Field[int] = Field(
    "longest",
    number("seconds", _MOST_LONGEST, _nearest_seconds, low=0),
    f"seconds of waiting in one run, when Google is busy or out of reach; default {_DEFAULT_LONGEST}",
)
RETRY = Table("a limit of waiting", (_LONGEST,), synonyms={"seconds": "longest"})

URL_FILE: Field[Scalar] = Field(
    "url_file", PATH, "a file that holds an address, which is asked after each run", needed=True
)
_WELL: Field[tuple[int, ...]] = Field(
    "well",
    EXIT_CODES,
    "exit codes that are good news, default `[0, 6]`; for any other, `/` and the code go behind the address",
)


def _read_heartbeat(node: Node, report: Report) -> Row | None:
    if isinstance(node, Scalar) and "://" in node.text:  # not shown: it is a secret
        hint = "write the link into a file, and here 'url_file: ' and the name of that file"
        report.error(node.place, "IOP104", "a link stands where a heartbeat belongs", hint)
        return None
    return read_row(HEARTBEAT, node, report)


HEARTBEAT = Table("a heartbeat", (URL_FILE, _WELL), synonyms={"url": "url_file", "file": "url_file"})

GUARD_KEY: Field[Row] = Field("guard", row_of(GUARD, "guard"), "when a calendar is left as it is")
RETRY_KEY: Field[Row] = Field("retry", row_of(RETRY, "retry"), "`{longest}`: how long a run may wait")
HEARTBEAT_KEY: Field[Row] = Field(
    "heartbeat",
    Value(_read_heartbeat, object_schema(HEARTBEAT), "heartbeat"),
    "`{url_file, well}`: whom to tell that a run has been",
)


def build_guard(row: Row) -> Guard:
    """Returns when a calendar is left as it is, with what the row does not say as usual."""
    plain = Guard()
    removed, least = row.get(_REMOVED), row.get(_AT_LEAST)
    return Guard(
        removed=plain.removed if removed is None else removed,
        at_least=plain.at_least if least is None else least,
        refuse_changed=row.get(_CHANGED) == "refuse",
        allow_discharged=row.get(_DISCHARGED) == "allow",
    )


def longest_of(row: Row | None) -> float:
    """Returns how many seconds a run may wait."""
    found = row.get(_LONGEST) if row else None
    return float(_DEFAULT_LONGEST if found is None else found)


def build_heartbeat(row: Row, url_file: str) -> Heartbeat:
    """Returns whom to tell of a run; `url_file` is the path as found from the working folder."""
    well = row.get(_WELL)
    return Heartbeat(url_file) if well is None else Heartbeat(url_file, well)
