"""How a computer runs `iopcal sync` by itself: a line for cron, or a timer and a service for systemd.

The forms are those of crontab(5), systemd.timer(5), systemd.exec(5) and systemd.syntax(7). Only names of
files come in, never what is in them.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from iopcal.model.sync import IcsTarget, Sync
from iopcal.named_tuple import NamedTuple

EVERY = 15  # minutes
_LATEST = 12  # so that a delay of two minutes does not reach the next quarter of an hour
_FLAGS = ("--quiet", "--keep-going")
_HOMES = ("/home", "/root", "/run/user")
_TEMPORARY = ("/tmp", "/var/tmp")


class Job(NamedTuple):
    """What is to be run: `command` is how iopcal is called, `file` the sync file, both by absolute paths."""

    command: tuple[str, ...]
    file: str
    user: str
    host: str

    @property
    def words(self) -> tuple[str, ...]:
        """The whole command."""
        return (*self.command, "sync", self.file, *_FLAGS)


class Place(NamedTuple):
    """What a sync file names on the disk, by absolute paths: `secrets` are read, `folders` are written."""

    secrets: tuple[str, ...]
    folders: tuple[str, ...]
    others: tuple[str, ...]


def minute_of(host: str) -> int:
    """Returns the minute of each quarter of an hour, from 1 to 12, at which a computer runs.

    Google is asked by many at each full hour; a digest of the computer's name spreads them.
    """
    return int.from_bytes(hashlib.sha256(host.encode()).digest()[:8], "big") % _LATEST + 1


def place_of(sync: Sync) -> Place:
    """Returns what a sync file names on the disk."""
    logins = (name for each in sync.credentials for name in (each.file, each.client, each.token))
    beats = (sync.heartbeat.url_file,) if sync.heartbeat else ()
    folders = []
    for target in sync.targets:
        if isinstance(target, IcsTarget):
            folders.append(target.folder)
        elif target.book:
            folders.append(str(PurePath(target.book).parent))
    if sync.metrics:
        folders.append(str(PurePath(sync.metrics).parent))
    return Place(_once((*logins, *beats)), _once(folders), _once(sync.programs))


def cron_line(job: Job) -> str:
    """Returns the line for a file in /etc/cron.d; a percent sign would be a line break there."""
    minute = minute_of(job.host)
    command = shlex.join(job.words).replace("%", r"\%")
    return f"{minute}-59/{EVERY} * * * *  {job.user}  {command}\n"


def timer(job: Job) -> str:
    """Returns iopcal.timer."""
    return _unit(
        ("Unit", ["Description=Keep calendars right with iopcal"]),
        (
            "Timer",
            [
                f"OnCalendar=*:{minute_of(job.host)}/{EVERY}",
                "RandomizedDelaySec=2m",
                "Persistent=true",
            ],
        ),
        ("Install", ["WantedBy=timers.target"]),
    )


def service(job: Job, place: Place) -> str:
    """Returns iopcal.service.

    Secrets are lent by systemd where their names allow it: then no other program of the account can read
    them, and the folder they stand in may be closed.
    """
    paths = (job.command[0], job.file, *place.secrets, *place.folders, *place.others)
    names = Counter(PurePath(path).name for path in place.secrets)
    lent = [path for path in place.secrets if names[PurePath(path).name] == 1 and _lendable(path)]
    lines = [
        "Type=oneshot",
        f"User={_escaped(job.user)}",
        f"ExecStart={' '.join(_argument(word) for word in job.words)}",
        "SuccessExitStatus=6 75",
        "TimeoutStartSec=15min",
        *(f"LoadCredential={_escaped(PurePath(path).name)}:{_escaped(path)}" for path in lent),
        "StateDirectory=iopcal",
        "StateDirectoryMode=0700",
        "Environment=IOPCAL_STATE=%S/iopcal",
        *(f"ReadWritePaths={_quoted(folder)}" for folder in place.folders),
        "UMask=0077",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        f"ProtectHome={'read-only' if _any_below(paths, _HOMES) else 'yes'}",
        f"PrivateTmp={'no' if _any_below(paths, _TEMPORARY) else 'yes'}",
    ]
    unit = [
        "Description=Keep calendars right with iopcal",
        "Wants=network-online.target",
        "After=network-online.target",
    ]
    return _unit(("Unit", unit), ("Service", lines))


def _unit(*sections: tuple[str, Sequence[str]]) -> str:
    return "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections)


def _once(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for path in paths if path))


def _any_below(paths: Iterable[str], roots: Iterable[str]) -> bool:
    roots = tuple(roots)
    return any(PurePath(path).is_relative_to(root) for path in paths for root in roots)


def _lendable(path: str) -> bool:
    """Says whether systemd can lend a file: a colon ends the name, and a space no path may have there."""
    return re.search(r"[:\s\"'\\]", path) is None


def _escaped(word: str) -> str:
    return word.replace("%", "%%")


def _quoted(word: str) -> str:
    """Returns a word of a list, in quotes where it needs some."""
    text = _escaped(word)
    if re.search(r"[\s\"'\\;]", text) is None:
        return text
    inner = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{inner}"'


def _argument(word: str) -> str:
    """Returns a word of a command; a dollar sign would begin a variable there."""
    return _quoted(word).replace("$", "$$")
