"""Personal calendars on disk: `feeds/<token>/calendar.ics` in an output folder, and the index of them.

Any web server can serve the folder `feeds`; no name below it says whose a calendar is. Temporary files stand
in the output folder itself, so that none is ever served; `Folder.sweep` finds what a killed run has left.

The index, a hidden file for each program, says of every calendar from what it was made and what the disk told
of the file then. It is a cache: one that fits saves making the calendar again, without one all are made and
compared. A text file, a calendar a line.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISREG

from iopcal.named_tuple import NamedTuple
from iopcal.targets import files
from iopcal.targets.names import index_name

FEEDS = "feeds"
FILE = "calendar.ics"
_HEAD = "iopcal-feeds 1 "  # before the mark of the table of addresses
_LINE = re.compile(r"([A-Za-z0-9_-]{43}) ((?:[0-9a-f]{32}|-) \d+ \d+ (?:\d{4}-\d\d-\d\d|-))", re.ASCII)
_MANY = 32  # files that are flushed together
_BATCH, _BATCH_BYTES = 1024, 32 * 1024 * 1024


class Origin(NamedTuple):
    """What a calendar was made from: a digest of all of it, and the date for which it holds ('': any)."""

    source: str
    day: str = ""


def path_of(token: str) -> str:
    """Returns the path of a calendar below the output folder."""
    return f"{FEEDS}/{token}/{FILE}"


class FeedFiles:
    """The personal calendars of one program in an output folder; every method raises OSError.

    `mark` is that of the table of addresses by which the folder was last filled, '' if it never was. Writing
    is for the holder of the folder's lock.
    """

    def __init__(self, path: Path, program: str) -> None:
        self.path, self._name = path, index_name(program)
        self._root = files.Directory(path)
        self.mark, self._records = _parse(files.read(path / self._name) or b"")
        self._strange: dict[str, int] = {}  # what is no folder, by name: the error that says so
        self._begun = False

    def close(self) -> None:
        """Lets the folder go."""
        self._root.close()

    def __enter__(self) -> FeedFiles:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def knows(self, token: str) -> bool:
        """Says whether the calendar was published here before."""
        return token in self._records

    def read(self, token: str) -> bytes | None:
        """Returns the calendar published under a token, None when there is none."""
        if not self._begun:
            return None
        if code := self._strange.get(token):
            raise OSError(code, os.strerror(code), str(self.path / FEEDS / token))
        return self._root.read(path_of(token))

    def source_of(self, token: str) -> str:
        """Returns the source of the calendar when it was published here, '' if that is not known."""
        return self._records.get(token, "-").partition(" ")[0].strip("-")

    def is_current(self, token: str, source: str, day: str) -> bool:
        """Says whether the calendar was made from just this, and nobody has touched it since."""
        record = self._records.get(token)
        if record is None or token in self._strange:
            return False
        known, size, changed, until = record.split(" ")
        if known != source or until not in ("-", day):
            return False
        status = self._root.look(path_of(token))
        return status is not None and S_ISREG(status.st_mode) and _seen(status) == f"{size} {changed}"

    def remember(self, token: str, record: str) -> None:
        """Puts into the index what a writer tells of a calendar."""
        self._records[token] = record

    def keep_aside(self, token: str, name: str) -> None:
        """Copies a damaged calendar to a hidden file of that name in the output folder."""
        self._root.store(name, self.read(token) or b"", secret=True)

    def writer(self) -> Writer:
        """Returns what writes calendars here, many at once."""
        return Writer(self._root, self._begun)

    def remove(self, tokens: Iterable[str]) -> int:
        """Removes calendars and their folders, and forgets them; returns how many calendars there were."""
        count = 0
        for token in tokens:
            self._records.pop(token, None)
            if token not in self._strange and self._root.look(path_of(token)) is not None:
                self._root.remove(path_of(token))
                count += 1
            self._root.remove_folder(f"{FEEDS}/{token}")
        if count:
            self._flush_feeds()
        return count

    def move(self, former: str, token: str) -> bool:
        """Gives a calendar another address, at once and as it is; returns whether there was one."""
        if former in self._strange or self._root.look(path_of(former)) is None:
            return False
        self._root.settle(f"{FEEDS}/{former}", f"{FEEDS}/{token}")
        self._flush_feeds()
        if former in self._records:
            self._records[token] = self._records.pop(former)
        return True

    def save(self, mark: str) -> None:
        """Writes the index, or removes it where there is nothing to remember."""
        if self._records:
            if self._root.store(self._name, _render(mark, self._records), secret=True):
                self._root.flush()
        elif self._root.look(self._name) is not None:
            self._root.remove(self._name)
            self._root.flush()

    def known(self) -> tuple[str, ...]:
        """Returns the tokens of all calendars that were published here."""
        return tuple(self._records)

    def strays(self, live: Container[str]) -> tuple[str, ...]:
        """Returns the folders of calendars that are not `live`, those of other programs too.

        It comes first, as it tells what there is that is no folder; raises OSError where `feeds` is none.
        """
        if self._root.look(FEEDS) is None:
            return ()
        with files.Directory(self.path / FEEDS, follow=False) as folder:
            kinds = folder.sweep()
        self._begun = True
        for name, kind in kinds.items():
            if kind != "folder":
                self._strange[name] = errno.ELOOP if kind == "link" else errno.ENOTDIR
        return tuple(name for name, kind in kinds.items() if kind == "folder" and name not in live)

    def _flush_feeds(self) -> None:
        with files.Directory(self.path / FEEDS) as folder:
            folder.flush()


class Writer:
    """Writes calendars: whole old bytes or whole new bytes at any moment, many of them flushed together.

    `records` tells of each that is done, for the index.
    """

    def __init__(self, root: files.Directory, begun: bool) -> None:
        self._root, self._begun = root, begun
        self._waiting: list[tuple[str, bytes, Origin, bool]] = []
        self._bytes = 0
        self.records: dict[str, str] = {}

    def keep(self, token: str, origin: Origin) -> None:
        """Tells of a calendar that stays as it is."""
        status = self._root.look(path_of(token))
        if status is not None:
            self.records[token] = _record(origin, status)

    def put(self, token: str, data: bytes, origin: Origin, new: bool = False) -> None:
        """Writes a calendar, now or with the next ones; `new` says that there is none yet."""
        self._waiting.append((token, data, origin, new))
        self._bytes += len(data)
        if len(self._waiting) >= _BATCH or self._bytes >= _BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if not waiting:
            return
        if not self._begun:
            self._root.make(FEEDS)
            self._root.flush()
            self._begun = True
        many = len(waiting) >= _MANY
        staged: list[str] = []
        try:
            for token, data, _, new in waiting:
                if new:
                    self._root.make(f"{FEEDS}/{token}")
                mode = files.SHARED if new else self._mode(token)
                staged.append(self._root.stage(data, mode, flushed=not many))
            if many and not self._root.flush_all():
                for temporary in staged:
                    self._root.flush_file(temporary)
            for temporary, (token, _, origin, _) in zip(staged, waiting, strict=True):
                self.records[token] = _record(origin, self._root.settle(temporary, path_of(token)))
        except BaseException:
            for temporary in staged:
                with suppress(OSError):
                    self._root.remove(temporary)
            raise
        self._make_last([each[0] for each in waiting], many)

    def _make_last(self, tokens: Sequence[str], many: bool) -> None:
        if many and self._root.flush_all():
            return
        for name in (*(f"{FEEDS}/{token}" for token in tokens), FEEDS):
            with files.Directory(self._root.path / name) as folder:
                folder.flush()

    def _mode(self, token: str) -> int:
        """Returns the mode that the file has, or that of a new one."""
        status = self._root.look(path_of(token))
        return S_IMODE(status.st_mode) & 0o777 if status else files.SHARED


def _seen(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def _record(origin: Origin, status: os.stat_result) -> str:
    return f"{origin.source or '-'} {_seen(status)} {origin.day or '-'}"


def _parse(data: bytes) -> tuple[str, dict[str, str]]:
    """Reads an index; what `_render` would not have written is passed over."""
    head, _, rest = data.decode("ascii", "replace").partition("\n")
    if not head.startswith(_HEAD):
        return "", {}
    found = map(_LINE.fullmatch, rest.splitlines())
    return head.removeprefix(_HEAD), {line[1]: line[2] for line in found if line}


def _render(mark: str, records: dict[str, str]) -> bytes:
    lines = (f"{token} {records[token]}\n" for token in sorted(records))
    return "".join((f"{_HEAD}{mark}\n", *lines)).encode()
