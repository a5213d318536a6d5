"""The Python readers on the command line.

`python -m tests.readers NAME FILE FROM TO` prints `START END STATUS SUMMARY`, a line an occurrence in UTC;
`python -m tests.readers NAME FROM TO` takes file names on stdin and prints one line of JSON a file.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.readers.occurrence import Occurrence

ModuleRead = Callable[[str, datetime, datetime], Iterator[Occurrence]]
ADAPTERS = {
    "plain": "plain",
    "recurring": "with_recurring",
    "vobject": "with_vobject",
    "ical": "with_ical",
    "icalevents": "with_icalevents",
    "ics": "with_ics",
}
MARGIN = timedelta(days=2)  # readers disagree about the edges of a window; ours is cut here, for all alike


class Complaints(logging.Handler):
    """Keeps what a reader logs; warnings of a reader are failures of the file."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one message."""
        self.messages.append(record.getMessage())


def read_file(read: ModuleRead, file: str, first: str, last: str) -> list[Occurrence]:
    """Returns the occurrences that start in the window; ValueError when the reader logs or warns."""
    start, stop = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last))
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            # about the reader's own code, not about the file
            for category in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
                warnings.simplefilter("ignore", category)
            text = Path(file).read_bytes().decode("utf-8")
            found = [each for each in read(text, start - MARGIN, stop + MARGIN) if start <= each.start < stop]
    finally:
        logging.getLogger().removeHandler(handler)
    if complaints := [*(str(warning.message) for warning in caught), *handler.messages]:
        raise ValueError("; ".join(complaints))
    return sorted(found)


def answer(read: ModuleRead, file: str, first: str, last: str) -> dict[str, Any]:
    """Returns the answer for one file, whatever the reader raises."""
    try:
        return {"occurrences": [each.fields() for each in read_file(read, file, first, last)]}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main(arguments: list[str]) -> int:
    """Runs one reader; returns 2 for wrong usage."""
    if len(arguments) not in (3, 4) or arguments[0] not in ADAPTERS:
        print(f"usage: python -m tests.readers {'|'.join(ADAPTERS)} [FILE] FROM TO", file=sys.stderr)
        return 2
    name, *file, first, last = arguments
    gc.disable()  # it would look for cycles in what is still being read; the process ends soon
    read: ModuleRead = import_module(f"tests.readers.{ADAPTERS[name]}").read
    if file:
        print(*(each.line() for each in read_file(read, file[0], first, last)), sep="\n")
        return 0
    for line in sys.stdin:
        print(json.dumps(answer(read, line.rstrip("\n"), first, last)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
