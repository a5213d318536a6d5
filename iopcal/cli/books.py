"""The books of made calendars: read before a run, held while one is written, and calendars made by them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from iopcal.destinations import Errand
from iopcal.jobs import Book
from iopcal.model.sync import GoogleTarget, Sync
from iopcal.problems import NOWHERE, Exit, Place, Problem
from iopcal.targets import locks
from iopcal.targets.google import book
from iopcal.targets.google.api import UNREACHED, Answer
from iopcal.targets.google.book import Entry
from iopcal.targets.google.keeper import RATE, SPENT
from iopcal.targets.google.secrets import Secret, private_folder, read_secret, write_secret
from iopcal.targets.google.words import AGAIN, WHY
from iopcal.targets.trouble import Trouble, trouble

MOST_MADE = 20  # calendars in one run: Google stops those who make many
_COPY = "put it back from a copy; without it iopcal does not know the calendars it has made"


def read_book(file: str, place: Place = NOWHERE) -> Book:
    """Returns the entries of a book, none where there is no file yet, or why it cannot be used."""
    found = read_secret(file, {})
    if isinstance(found, Trouble):
        return found._replace(exit=Exit.CREDENTIALS)
    try:
        return book.parse(found.data if isinstance(found, Secret) else None)
    except book.Damaged:
        message = f"the book of made calendars '{file}' cannot be read"
        return Trouble(Exit.REFUSED, Problem(place, "IOP529", message, _COPY, "refused"))


def books_of(sync: Sync) -> dict[str, Book]:
    """Returns the books of a sync file by file, or why one cannot be used."""
    return {
        target.book: read_book(target.book, target.place)
        for target in sync.targets
        if isinstance(target, GoogleTarget) and target.book
    }


@contextmanager
def held(file: str, state: Path, *, now: datetime, wait: float) -> Iterator[None]:
    """Holds a book for this run alone; raises `locks.Busy`, or OSError."""
    private_folder(state)
    name = sha256(str(Path(file).resolve()).encode()).hexdigest()
    with locks.hold(state / f"{name}.lock", Path(file), now=now, wait=wait):
        yield


def note(file: str, feed: str, entry: Entry) -> Trouble | None:
    """Writes one entry into a book; returns what went wrong."""
    entries = read_book(file)
    if isinstance(entries, Trouble):
        return entries
    return write_secret(Path(file), book.render({**entries, feed: entry}))


def unwritable(file: str) -> Trouble | None:
    """Says why a book could not be written, before anything is made that only it would know."""
    path = Path(file)
    try:
        private_folder(path.parent)
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise PermissionError(13, os.strerror(13), file)
    except OSError as error:
        return trouble(error)
    return None if path.exists() else write_secret(path, book.render({}))


def not_made(errand: Errand, answer: Answer) -> Trouble:
    """Says why a calendar could not be made; that is never tried again in the same run."""
    if answer.status == UNREACHED:
        return _halt(errand, "network")
    if answer.reason in SPENT:
        return _halt(errand, "quota")
    if answer.status == 429 or answer.reason in RATE:
        return _halt(errand, "busy")
    place = errand.destination.place
    if answer.status in (401, 403, 404):
        _, words, hint = WHY["forbidden"]
        problem = Problem(place, "IOP517", f"{errand.name}: {words} (to make a calendar)", hint)
        return Trouble(Exit.CREDENTIALS, problem)
    if 400 <= answer.status < 500:
        reason = f"{answer.status} {answer.reason}".strip()
        message = f"{errand.name}: Google does not make the calendar '{errand.title}' ({reason})"
        return Trouble(Exit.PARTLY, Problem(place, "IOP518", message, AGAIN))
    message = f"{errand.name}: it is unknown whether Google has made the calendar '{errand.title}'"
    hint = "look in Google for an empty calendar of that title and delete it; the next run makes another"
    return Trouble(Exit.PARTLY, Problem(place, "IOP527", message, hint))


def enough_made(errand: Errand) -> Trouble:
    """Says that a calendar waits for the next run, as many were made in this one."""
    message = f"{errand.name}: its calendar is made in the next run; {MOST_MADE} in one are enough for Google"
    return Trouble(Exit.LATER, Problem(errand.destination.place, "IOP510", message, AGAIN))


def _halt(errand: Errand, why: str) -> Trouble:
    code, words, hint = WHY[why]
    return Trouble(Exit.LATER, Problem(errand.destination.place, code, f"{errand.name}: {words}", hint))
