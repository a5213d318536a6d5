"""Values that only `sync.yaml` has: paths, calendars, shares of a hundred, reminders, mail addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping as Keys

from iopcal.language.fields import Field, Row, Table, Value, list_of, object_schema, read_row
from iopcal.language.numbers import nearest_minutes, number
from iopcal.language.report import Report, meant, shown
from iopcal.language.texts import NAME_LENGTH, text_of
from iopcal.named_tuple import NamedTuple
from iopcal.source import Mapping, Node, Scalar

MAKE, PRIMARY = "make", "primary"
MOST_REMINDERS, MOST_REMIND = 5, 40_320  # Google's limits: events, reminders.overrides
_PATH_LENGTH, _CALENDAR_LENGTH = 1000, 1000


class Kinds(NamedTuple):
    """Mappings whose keys hang on the word under `kind`: a table for each, and one for the unsure."""

    tables: Keys[str, Table]
    unsure: Table  # the keys of all of them

    def read(self, node: Node, report: Report) -> Row | None:
        """Reads a mapping by the table of its kind."""
        entries = node.entries if isinstance(node, Mapping) else ()
        words = (value.text for key, value in entries if key.text == "kind" and isinstance(value, Scalar))
        return read_row(self.tables.get(next(words, ""), self.unsure), node, report)

    def schema(self) -> dict[str, object]:
        """Returns the schema of such a mapping."""
        return {"anyOf": [object_schema(table) for table in self.tables.values()]}


def unsure(noun: str, kind: Field[str], tables: Keys[str, Table]) -> Table:
    """Returns the table of all keys, none of them needed but `kind`."""
    every = {field.key: field._replace(needed=False) for each in tables.values() for field in each.fields}
    return Table(noun, (kind, *(field for key, field in every.items() if key != kind.key)))


def _read_path(node: Node, report: Report) -> Scalar | None:
    found = text_of(node, report, "the path of a file", _PATH_LENGTH)
    if found is not None and "://" in found.text:  # not shown: an address to ping is a secret
        message = "a link stands where the path of a file belongs"
        report.error(
            found.place,
            "IOP104",
            message,
            "name a file on this computer; an address that is secret stands in it",
        )
        return None
    return found


def _read_calendar(node: Node, report: Report) -> Scalar | None:
    """Reads `make`, `primary` or the id of a calendar, which is never shown: some addresses are secret."""
    found = text_of(node, report, "the id of a calendar", _CALENDAR_LENGTH)
    if found is None:
        return None
    text = found.text
    hint = "the id stands in the calendar's settings in Google Calendar, under 'Integrate calendar'"
    if "://" in text or text.startswith("webcal:"):
        report.error(found.place, "IOP532", "a link is not the id of a calendar", hint)
    elif re.search(r"\s", text):
        report.error(found.place, "IOP532", "the id of a calendar has no spaces in it", hint)
    elif text.casefold() in {MAKE, PRIMARY} and text != text.casefold():
        message = f"{shown(text)} is not the id of a calendar"
        report.error(found.place, "IOP532", message, meant(text.casefold()))
    else:
        return found
    return None


def _read_share(node: Node, report: Report) -> int | None:
    found = text_of(node, report, "a share such as '30%'", NAME_LENGTH)
    if found is None:
        return None
    match = re.fullmatch("(0|[1-9][0-9]*) ?%", found.text)
    if match and len(match[1]) <= 3 and int(match[1]) <= 100:
        return int(match[1])
    if match:
        report.error(found.place, "IOP148", f"{shown(found.text)} is too large", "a share can be 0% to 100%")
        return None
    hint = meant(_nearest_share(found.text.casefold()), "shares are written with a percent sign: 30%")
    report.error(found.place, "IOP538", f"{shown(found.text)} is not a share of a hundred", hint)
    return None


def _nearest_share(text: str) -> str:
    match = re.fullmatch("0*([0-9]{1,3})(?:[.,]0+)? *(?:%|percent|per cent|pct\\.?)?", text)
    if match:
        return f"{int(match[1])}%" if int(match[1]) <= 100 else ""
    match = re.fullmatch("0?[.,]([0-9]{1,2})", text)
    return f"{int(match[1].ljust(2, '0'))}%" if match else ""


def _read_mail(node: Node, report: Report) -> str | None:
    found = text_of(node, report, "a mail address", NAME_LENGTH)
    if found is None or re.fullmatch(r"[^\s@]+@[^\s@]+", found.text):
        return None if found is None else found.text
    hint = "it is the address of the person that the service account acts for"
    report.error(found.place, "IOP539", f"{shown(found.text)} is not a mail address", hint)
    return None


def distinct(numbers: Value[tuple[int, ...]]) -> Value[tuple[int, ...]]:
    """Returns the same value without repeats (IOP105)."""

    def read(node: Node, report: Report) -> tuple[int, ...] | None:
        found = numbers.read(node, report)
        again = next((each for each in found or () if (found or ()).count(each) > 1), None)
        if again is None:
            return found
        report.error(node.place, "IOP105", f"'{again}' is named twice", "name it once")
        return None

    return Value(read, numbers.schema)


PATH: Value[Scalar] = Value(
    _read_path, {"type": "string", "maxLength": _PATH_LENGTH, "not": {"pattern": "://"}}, "path"
)
CALENDAR: Value[Scalar] = Value(
    _read_calendar,
    {"type": "string", "maxLength": _CALENDAR_LENGTH, "pattern": r"^\S+$", "not": {"pattern": "://"}},
    "calendar",
)
SHARE: Value[int] = Value(_read_share, {"type": "string", "pattern": "^(0|[1-9][0-9]?|100) ?%$"})
MAIL: Value[str] = Value(
    _read_mail, {"type": "string", "maxLength": NAME_LENGTH, "pattern": r"^[^\s@]+@[^\s@]+$"}
)
REMIND: Value[tuple[int, ...]] = distinct(
    list_of(
        number("minutes of a reminder", MOST_REMIND, nearest_minutes, low=0),
        "reminders",
        least=0,
        most=MOST_REMINDERS,
    )
)
EXIT_CODES: Value[tuple[int, ...]] = distinct(list_of(number("exit codes", 255, low=0), "exit codes"))
