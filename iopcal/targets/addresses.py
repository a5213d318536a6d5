"""The addresses of personal calendars: a random part for each, in a file that only this account may read.

The part is drawn, never made from a name, so nobody can guess it; who has it may read the calendar, like a
password. It outlasts step-downs, transfers and a return. The file is no cache: without it nobody's address
can be found again, and everybody needs a new link. It also holds the key that hides the UIDs of discreet and
busy calendars. JSON, an entry a line.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.targets import files
from iopcal.targets.feed_token import digest, mark
from iopcal.targets.google.secrets import Secret, private_folder, read_secret
from iopcal.targets.trouble import Trouble, trouble

ENDING = ".addresses.json"  # behind the id of the program
BYTES = 32  # of randomness in an address, and in the key
REVOKED, LEFT, ENDED = "revoked", "left", "ended"
_VERSION = 1
_LARGEST = 64 * 1024 * 1024  # bytes of a table: of 100,000 participants with four calendars each
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{42}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_STATES = frozenset({"", REVOKED, LEFT, ENDED})
_PASSING = frozenset({"IOP620", "IOP621"})  # troubles of the disk
_COPY = "put it back from a copy: without it nobody's address can be found again"


class Address(NamedTuple):
    """The address of one calendar. `token` is '' while it is revoked; `since` is the date of `state`.

    A state is '' while there is a calendar; `revoked`: there shall be none until a new address is made;
    `left`: its participant or lead is in the program no more; `ended`: 30 days after a discharge.
    """

    token: str
    made: str  # date
    state: str = ""
    since: str = ""

    @property
    def mark(self) -> str:
        """Six hex digits of the token's hash, to tell addresses apart without knowing them; '' if revoked."""
        return mark(self.token) if self.token else ""


class Table(NamedTuple):
    """The addresses of one program by the keys of its feeds, and the key that hides UIDs.

    `former` holds the hashes of addresses that are no longer good, with the date on which they ended.
    """

    secret: bytes
    feeds: Mapping[str, Address] = {}
    former: Mapping[str, str] = {}

    @property
    def mark(self) -> str:
        """What tells this table from another of the same program, and nothing else."""
        return sha256(b"table\n" + self.secret).hexdigest()[:16]


class Damaged(Exception):
    """Raised by `parse` for what `render` would not have written."""


Fit = Callable[[str], bool]


def new_table() -> Table:
    """Returns a table without entries and a new key."""
    return Table(secrets.token_bytes(BYTES))


def draw(fit: Fit = bool) -> str:
    """Returns a new token of 256 random bits; one that holds a word by chance is not `fit`."""
    while True:
        token = secrets.token_urlsafe(BYTES)
        if _TOKEN.fullmatch(token) and fit(token):
            return token


def with_new(table: Table, keys: Iterable[str], today: str, fit: Fit = bool) -> Table:
    """Returns the table with an address for each of these feeds; those it has keep theirs."""
    missing = [key for key in keys if key not in table.feeds]
    if not missing:
        return table
    return table._replace(feeds={**table.feeds, **{key: Address(draw(fit), today) for key in missing}})


def rotated(table: Table, keys: Iterable[str], today: str, fit: Fit = bool) -> Table:
    """Returns the table with another address for each of these feeds, revoked ones included."""
    feeds, former = dict(table.feeds), dict(table.former)
    for key in keys:
        _end(feeds[key], today, former)
        feeds[key] = Address(draw(fit), today)
    return table._replace(feeds=feeds, former=former)


def revoked(table: Table, keys: Iterable[str], today: str) -> Table:
    """Returns the table without the addresses of these feeds; they get no other until `rotated`."""
    feeds, former = dict(table.feeds), dict(table.former)
    for key in keys:
        if feeds[key].state != REVOKED:
            _end(feeds[key], today, former)
            feeds[key] = Address("", feeds[key].made, REVOKED, today)
    return table._replace(feeds=feeds, former=former)


def with_states(table: Table, states: Mapping[str, str], today: str) -> Table:
    """Returns the table with the state of each of these feeds; a revoked one stays so."""
    changed = {
        key: Address(entry.token, entry.made, states[key], today if states[key] else "")
        for key, entry in table.feeds.items()
        if key in states and entry.state not in (states[key], REVOKED)
    }
    return table._replace(feeds={**table.feeds, **changed}) if changed else table


def _end(entry: Address, today: str, former: dict[str, str]) -> None:
    if entry.token:
        former[digest(entry.token)] = today


def parse(data: bytes, program: str) -> Table:
    """Reads the table of a program; raises Damaged for anything that `render` would not have written."""
    try:
        found = json.loads(data)
        if found["version"] != _VERSION or found["program"] != program:
            raise Damaged
        secret = bytes.fromhex(found["secret"])
        feeds = {key: Address(*entry) for key, entry in found["feeds"].items()}
        former = dict(found["former"])
        tokens = [entry.token for entry in feeds.values() if entry.token]
        sound = (
            len(secret) == BYTES
            and all(map(_is_sound, feeds.values()))
            and len(set(tokens)) == len(tokens)
            and all(_DIGEST.fullmatch(each) and _DATE.fullmatch(day) for each, day in former.items())
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Damaged from None
    if not sound:
        raise Damaged
    return Table(secret, feeds, former)


def _is_sound(entry: Address) -> bool:
    token, made, state, since = entry
    if state not in _STATES or not _DATE.fullmatch(made) or (since and not _DATE.fullmatch(since)):
        return False
    return token == "" if state == REVOKED else bool(_TOKEN.fullmatch(token))


def render(table: Table, program: str) -> bytes:
    """Writes a table; the same one has always the same bytes."""
    return "".join(_lines(table, program)).encode()


def _lines(table: Table, program: str) -> Iterator[str]:
    yield f'{{"version": {_VERSION},\n"program": {json.dumps(program)},\n"secret": "{table.secret.hex()}",\n'
    yield '"feeds": {'
    comma = "\n"
    for key in sorted(table.feeds):
        token, made, state, since = table.feeds[key]
        rest = f', "{state}", "{since}"' if state else ""
        yield f'{comma}{json.dumps(key)}: ["{token}", "{made}"{rest}]'
        comma = ",\n"
    yield '\n},\n"former": '
    yield json.dumps(dict(table.former), sort_keys=True, separators=(",\n", ": "))
    yield "}\n"


def load(path: Path, program: str) -> Table | Trouble | None:
    """Returns the table of a program, None where there is no file, or why it cannot be used.

    A file that others may read is refused (IOP505), and a damaged one is not replaced (IOP651).
    """
    found = read_secret(str(path), {}, most=_LARGEST)
    if isinstance(found, Trouble) and found.problem.code in _PASSING:
        return found._replace(exit=Exit.LATER)
    if not isinstance(found, Secret):
        return found
    try:
        return parse(found.data, program)
    except Damaged:
        message = f"the addresses in '{path}' cannot be read"
        return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP651", message, _COPY, "refused"))


def save(path: Path, table: Table, program: str) -> Trouble | None:
    """Writes the table (0600, whole or not at all); returns what went wrong."""
    try:
        private_folder(path.parent)
        with files.Directory(path.parent) as folder:
            staged = folder.stage(render(table, program), files.SECRET, begin=_temporary(program))
            try:
                folder.settle(staged, path.name)
            except OSError:
                folder.remove(staged)
                raise
            folder.flush()
    except OSError as error:
        return trouble(error)
    return None


def sweep(path: Path, program: str) -> None:
    """Removes what a killed run has left of a table that it was writing; raises OSError.

    Only for whoever holds the lock of the table: other files of iopcal may be just written in that folder.
    """
    for found in path.parent.iterdir():
        if found.name.startswith(_temporary(program)) and files.is_temporary(found.name):
            found.unlink(missing_ok=True)


def _temporary(program: str) -> str:
    return f"{files.TEMPORARY}{program}{ENDING}-"
