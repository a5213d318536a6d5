"""Where the addresses of a program's calendars are kept, and one process at a time that changes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from iopcal.named_tuple import NamedTuple
from iopcal.targets.addresses import Table
from iopcal.targets.trouble import Trouble

_ID = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_WAIT = 10.0  # seconds: a change takes much less
STDIN = "<stdin>"


class Whereabouts(NamedTuple):
    """The id that a program file gives, '' if none can be read there, and the file of its addresses."""

    program: str
    path: Path


def whereabouts(file: str) -> Whereabouts:
    """Reads only the `id` and `roster` of a program file, whatever else is wrong with it. Raises OSError.

    The file of addresses lies beside the roster, or the first of several, as both are nobody's business; else
    beside the program. One that was begun beside the program stays there when a roster comes later.
    """
    from iopcal import source
    from iopcal.targets.addresses import ENDING

    found = {"id": "", "roster": ""}
    node = None if file == STDIN else source.read(Path(file).read_bytes(), file)[0]
    for key, value in node.entries if isinstance(node, source.Mapping) else ():
        if isinstance(value, source.Sequence) and value.items:
            value = value.items[0]
        if isinstance(value, source.Scalar) and key.text in found:
            found[key.text] = value.text
    program = found["id"] if _ID.fullmatch(found["id"]) else ""
    here = Path() if file == STDIN else Path(file).parent
    beside, own = (folder / f"{program}{ENDING}" for folder in ((here / found["roster"]).parent, here))
    return Whereabouts(program, own if own.exists() and not beside.exists() else beside)


def change(
    where: Whereabouts, now: datetime, make: Callable[[Table | None], Table | Trouble]
) -> Table | Trouble:
    """Reads the table, lets `make` change it and writes it; returns it, or why it could not be done.

    What is the same is not written. Raises `locks.Busy`, and OSError.
    """
    from iopcal.targets import addresses, locks

    lock = where.path.with_name(f".{where.path.name.removesuffix('.json')}.lock")
    with locks.hold(lock, where.path, now=now, wait=_WAIT):
        addresses.sweep(where.path, where.program)
        found = addresses.load(where.path, where.program)
        if isinstance(found, Trouble):
            return found
        made = make(found)
        if isinstance(made, Trouble) or made == found:
            return made
        return addresses.save(where.path, made, where.program) or made
