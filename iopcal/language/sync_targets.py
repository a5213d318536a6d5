"""`targets` of `sync.yaml`: feeds that go to Google calendars, and feeds that go to a folder."""

from __future__ import annotations

from iopcal.language.admin_values import CALENDAR, MAKE, PATH, REMIND, Kinds, unsure
from iopcal.language.feed_names import FEED, FEED_SCHEMA, feed_of
from iopcal.language.fields import Field, Row, Table, Value, enough, list_of, object_schema, read_row
from iopcal.language.report import Report
from iopcal.language.texts import NAME, TITLE, choice, text
from iopcal.named_tuple import NamedTuple
from iopcal.source import Mapping, Node, Scalar

GOOGLE_KIND, ICS_KIND = "google", "ics"
SHOW, HIDE = "show", "hide"
_WANTED = "a kind of target"

CALENDAR_KEY: Field[Scalar] = Field(
    "calendar", CALENDAR, "the calendar's id, `primary`, or `make`", needed=True
)
SALT: Field[str] = Field(
    "salt", text("a salt"), "keys all digests of the feed in place of the calendar's id; never change it"
)
REMIND_KEY: Field[tuple[int, ...]] = Field(
    "remind", REMIND, "minutes before a session at which the signed-in account is reminded; at most five"
)
CANCELLED: Field[str] = Field(
    "cancelled",
    choice((HIDE, SHOW), "a word for 'cancelled'"),
    "`show`: a cancelled session stays as an entry that says so; `hide` (default): it goes",
)
ENTRY = Table(
    "a calendar of a feed",
    (CALENDAR_KEY, SALT, REMIND_KEY, CANCELLED),
    synonyms={"id": "calendar", "reminders": "remind", "reminder": "remind", "canceled": "cancelled"},
)


class Entry(NamedTuple):
    """One line of `calendars`: a feed, or many, the calendar, and the keys where it has any."""

    feed: Scalar
    calendar: Scalar
    row: Row | None

    @property
    def makes(self) -> bool:
        """Whether the tool makes the calendar."""
        return self.calendar.text == MAKE


def _read_entry(feed: Scalar | None, node: Node, report: Report) -> Entry | None:
    row = read_row(ENTRY, node, report) if isinstance(node, Mapping) else None
    calendar = row.get(CALENDAR_KEY) if row else CALENDAR.read(node, report)
    return Entry(feed, calendar, row) if feed and calendar and (row or isinstance(node, Scalar)) else None


def _read_calendars(node: Node, report: Report) -> tuple[Entry, ...] | None:
    if not isinstance(node, Mapping):
        if isinstance(node, Scalar) and node.hole:
            report.hole()
        else:
            what = "a text" if isinstance(node, Scalar) else "a list"  # not shown: it may be a secret address
            message = f"{what} stands where feeds and their calendars belong"
            hint = "write a line for each feed: 'riverbend-evening/program: ' and the id of its calendar"
            report.error(node.place, "IOP104", message, hint)
        return None
    if not enough(node, report, "calendars"):
        return None
    found = (_read_entry(feed_of(key, report), value, report) for key, value in node.entries)
    return tuple(entry for entry in found if entry is not None)


_CALENDARS_SCHEMA = {
    "type": "object",
    "propertyNames": FEED_SCHEMA,
    "additionalProperties": {"anyOf": [CALENDAR.schema, object_schema(ENTRY)]},
    "minProperties": 1,
}

KIND: Field[str] = Field("kind", choice((GOOGLE_KIND, ICS_KIND), _WANTED), "the kind of target", needed=True)
NAME_KEY: Field[Scalar] = Field("name", NAME, "its name, in messages and figures", needed=True)
ACCOUNT: Field[Scalar] = Field(
    "credentials", NAME, "the name of the credentials it signs in with", needed=True
)
CALENDARS: Field[tuple[Entry, ...]] = Field(
    "calendars",
    Value(_read_calendars, _CALENDARS_SCHEMA),
    "mapping of a feed to the id of its calendar, to `primary`, to `make`, or to "
    "`{calendar, salt, remind, cancelled}`; one calendar a feed, one feed a calendar",
    needed=True,
)
TITLE_KEY: Field[str] = Field(
    "title",
    TITLE,
    "what made calendars of `discreet` and `busy` feeds are called, default `Calendar`; others are called as "
    "their feed",
)
BOOK: Field[Scalar] = Field(
    "book",
    PATH,
    "the file where iopcal notes which calendars it has made, needed with `make`: keep a copy of it",
)
FOLDER: Field[Scalar] = Field("folder", PATH, "where the `.ics` files are written", needed=True)
FEEDS: Field[tuple[Scalar, ...]] = Field(
    "feeds",
    list_of(FEED, "feeds", keep=True),
    "list of feeds; `riverbend-evening/*` is all of a program",
    needed=True,
)
GOOGLE = Table(
    "a target of Google calendars",
    (
        NAME_KEY,
        KIND._replace(value=choice((GOOGLE_KIND,), _WANTED), meaning="`google`"),
        ACCOUNT,
        CALENDARS,
        TITLE_KEY,
        BOOK,
    ),
    synonyms={"calendar": "calendars", "feeds": "calendars", "credential": "credentials", "id": "name"},
)
ICS = Table(
    "a target of .ics files",
    (NAME_KEY, KIND._replace(value=choice((ICS_KIND,), _WANTED), meaning="`ics`"), FOLDER, FEEDS),
    synonyms={
        "path": "folder",
        "directory": "folder",
        "output": "folder",
        "calendars": "feeds",
        "id": "name",
    },
)
_TABLES = {GOOGLE_KIND: GOOGLE, ICS_KIND: ICS}
_KINDS = Kinds(_TABLES, unsure("a target", KIND, _TABLES))
TARGETS: Field[tuple[Row, ...]] = Field(
    "targets",
    list_of(Value(_KINDS.read, _KINDS.schema(), "target"), "targets", most=1000, keep=True),
    "list of places that feeds go to: Google calendars, folders of `.ics` files",
    needed=True,
)
