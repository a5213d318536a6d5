"""What must hold between the lines of `sync.yaml`, such as one calendar a feed, one feed a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from iopcal.language.admin_values import PRIMARY
from iopcal.language.credentials import CREDENTIALS, SERVICE_ACCOUNT, SUBJECT
from iopcal.language.feed_names import stands_for_many, wider
from iopcal.language.fields import Field, Row
from iopcal.language.references import listing
from iopcal.language.report import Report, meant, shown
from iopcal.language.sync_targets import (
    ACCOUNT,
    BOOK,
    CALENDARS,
    FEEDS,
    GOOGLE,
    ICS,
    NAME_KEY,
    SALT,
    TITLE_KEY,
    Entry,
)
from iopcal.model import Place
from iopcal.named_tuple import NamedTuple
from iopcal.source import Scalar


def check_targets(targets: tuple[Row, ...], top: Row, report: Report) -> None:
    """Reports what is wrong between targets, and between a target and its credentials."""
    _check_names(targets, report)
    _check_feeds(targets, report)
    _check_calendars(targets, report)
    for target in targets:
        if target.table is GOOGLE:
            _check_credentials(target, top, report)
            _check_made(target, top, report)
        elif target.table is ICS:
            _check_folder_feeds(target, report)


def _check_names(targets: tuple[Row, ...], report: Report) -> None:
    first: dict[str, Scalar] = {}
    for name in (target.get(NAME_KEY) for target in targets):
        if name is None:
            continue
        other = first.setdefault(name.text.casefold(), name)
        if other is not name:
            message = f"the name {shown(name.text)} is given twice"
            report.error(name.place, "IOP105", message, "give one of them another name", (other.place,))


def _entries(targets: tuple[Row, ...]) -> list[tuple[Row, Entry]]:
    return [(target, entry) for target in targets for entry in target.get(CALENDARS) or ()]


def _check_feeds(targets: tuple[Row, ...], report: Report) -> None:
    """Reports a feed that has two calendars (IOP534), be it by itself or as one of many."""
    first: dict[str, Place] = {}
    hint = "one feed has one calendar: remove one of the lines"
    feeds = [entry.feed for _, entry in _entries(targets)]
    for feed in feeds:
        other = first.setdefault(feed.text, feed.place)
        if other != feed.place:
            message = f"the feed {shown(feed.text)} has a calendar already"
            report.error(feed.place, "IOP534", message, hint, (other,))
    for feed in feeds:
        many = next((name for name in wider(feed.text) if name in first), None)
        if many:
            each = f"the feed {shown(feed.text)} is"
            every = f"the feeds {shown(feed.text)} are"
            which = every if stands_for_many(feed.text) else each
            message = f"{which} among {shown(many)}, which have calendars already"
            report.error(feed.place, "IOP534", message, hint, (first[many],))


def _check_calendars(targets: tuple[Row, ...], report: Report) -> None:
    """Reports one calendar for many feeds (IOP533) or for two (IOP534); no id of a calendar is shown."""
    first: dict[tuple[str, str], Entry] = {}
    for target, entry in _entries(targets):
        if entry.makes:
            continue
        if stands_for_many(entry.feed.text):
            message = f"{shown(entry.feed.text)} stands for many feeds, and they cannot share one calendar"
            report.error(
                entry.calendar.place, "IOP533", message, "write 'make', or a line for each of the feeds"
            )
            continue
        account = target.get(ACCOUNT)
        owner = account.text if account and entry.calendar.text == PRIMARY else ""
        other = first.setdefault((entry.calendar.text.casefold(), owner), entry)
        if other is not entry and other.feed.text != entry.feed.text:
            message = f"{shown(entry.feed.text)} and {shown(other.feed.text)} have the same calendar"
            hint = "give each feed a calendar of its own"
            report.error(entry.calendar.place, "IOP534", message, hint, (other.calendar.place,))


def _check_credentials(target: Row, top: Row, report: Report) -> None:
    wanted = target.get(ACCOUNT)
    ways = {name.text for name, _ in top.get(CREDENTIALS) or ()}
    unread = top.broken(CREDENTIALS) or top.length(CREDENTIALS) > len(ways)
    if wanted is None or wanted.text in ways or unread:
        return
    known = f"there is {listing(sorted(ways))}" if ways else "add the key 'credentials' to the file"
    message = f"{shown(wanted.text)} is not the name of any credentials of this file"
    report.error(wanted.place, "IOP106", message, meant(report.nearest(wanted.text, ways), known))


def _check_made(target: Row, top: Row, report: Report) -> None:
    """Reports what the making of calendars lacks (IOP535), and keys that are for made calendars alone."""
    entries = target.get(CALENDARS) or ()
    made = next((entry for entry in entries if entry.makes), None)
    for entry in entries:
        if entry.makes and entry.row and SALT in entry.row:
            message = (
                "'salt' has no effect: a calendar that iopcal makes gets one of its own, kept in the book"
            )
            report.warn(entry.row.key_place(SALT), "IOP172", message, "remove the key")
    if made is None:
        if len(entries) == target.length(CALENDARS):
            for field in (TITLE_KEY, BOOK):
                if field in target:
                    message = f"'{field.key}' has no effect: no calendar of this target is made by iopcal"
                    report.warn(target.key_place(field), "IOP172", message, "remove the key")
        return
    place = made.calendar.place
    if BOOK not in target and "book" not in target.misspelt:
        hint = "add a line such as 'book: secrets/calendars.yaml': iopcal notes there which it has made"
        report.error(place, "IOP535", "calendars are to be made, and the target has no 'book'", hint)
    account = target.get(ACCOUNT)
    ways = {name.text: row for name, row in top.get(CREDENTIALS) or ()}
    way = ways.get(account.text) if account else None
    if way is not None and way.table is SERVICE_ACCOUNT and SUBJECT not in way and not way.strange:
        name = shown(account.text) if account else ""
        message = f"the service account {name} cannot make calendars for anybody: it has no 'subject'"
        hint = (
            "add 'subject: ' and the address of the person it acts for (domain-wide delegation), or make the "
            "calendars by hand and share them with it"
        )
        report.error(place, "IOP535", message, hint)


def _check_folder_feeds(target: Row, report: Report) -> None:
    first: dict[str, Place] = {}
    for feed in target.get(FEEDS) or ():
        other = first.setdefault(feed.text, feed.place)
        if other != feed.place:
            report.error(feed.place, "IOP105", f"{shown(feed.text)} is named twice", "name it once", (other,))


class NamedFile(NamedTuple):
    """A file or folder that a key names; `ours` when iopcal writes it."""

    key: str
    path: Scalar
    ours: bool


def files_of(row: Row, *fields: tuple[Field[Scalar], bool]) -> list[NamedFile]:
    """Returns the files that keys of a row name; with each key stands whether iopcal writes the file."""
    found = ((field.key, row.get(field), ours) for field, ours in fields)
    return [NamedFile(key, path, ours) for key, path, ours in found if path is not None]


def check_files(named: Iterable[NamedFile], report: Report) -> None:
    """Reports a file or folder that iopcal writes and that another key names, too (IOP536)."""
    uses: dict[PurePosixPath, list[NamedFile]] = {}
    for one in named:
        others = uses.setdefault(PurePosixPath(one.path.text), [])
        other = next((each for each in others if each.ours or one.ours), None)
        if other:
            message = f"{shown(one.path.text)} is named twice, by '{other.key}' and by '{one.key}'"
            hint = "iopcal writes there: give each a place of its own"
            report.error(one.path.place, "IOP536", message, hint, (other.path.place,))
        others.append(one)
