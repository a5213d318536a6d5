"""Secret files: read only where nobody else can read them, written so that nobody else ever could."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from stat import S_IMODE, S_ISREG

from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.targets.files import write
from iopcal.targets.trouble import Trouble, trouble

PRIVATE_FOLDER = 0o700
_MODES = (0o600, 0o400)
_LONGEST = 1024 * 1024  # bytes; keys and tokens have a few thousand
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_POSIX = os.name == "posix"  # elsewhere there are no modes to look at


class Secret(NamedTuple):
    """What a secret file holds, and the file that was read: not the one named, where systemd has another."""

    data: bytes
    path: Path


def read_secret(
    file: str, environment: Mapping[str, str], *, most: int = _LONGEST
) -> Secret | Trouble | None:
    """Reads a secret file of `most` bytes; None when there is none, a Trouble when others could read it, too.

    A file of that name in systemd's $CREDENTIALS_DIRECTORY comes first (systemd.exec(5)). There systemd may
    own the file and let us in by an access list, which shows as a right of its group.
    """
    folder = environment.get("CREDENTIALS_DIRECTORY", "")
    if folder:
        found = _read(Path(folder, Path(file).name), most, given=True)
        if found is not None:
            return found
    return _read(Path(file), most, given=False)


def write_secret(path: Path, data: bytes) -> Trouble | None:
    """Writes a secret file (0600), and its folder (0700) where there is none; returns what went wrong."""
    try:
        private_folder(path.parent)
        write(path, data, secret=True)
    except OSError as error:
        return trouble(error)
    return None


def private_folder(folder: Path) -> None:
    """Makes a folder that only this account may look into, unless it is there; raises OSError."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(PRIVATE_FOLDER, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)  # the umask may have taken from our own rights


def unsafe(message: str, hint: str) -> Trouble:
    """The refusal to use a secret that is none."""
    return Trouble(Exit.CREDENTIALS, Problem(NOWHERE, "IOP505", message, hint))


def _read(path: Path, most: int, *, given: bool) -> Secret | Trouble | None:
    try:
        descriptor = os.open(path, _OPEN)
    except FileNotFoundError:
        return None
    except OSError as error:
        return trouble(error, "read")._replace(exit=Exit.CREDENTIALS)
    try:
        refused = _refusal(path, os.fstat(descriptor), given)
        if refused is not None:
            return refused
        data = b""
        while len(data) <= most and (more := os.read(descriptor, _LONGEST)):
            data += more
    except OSError as error:
        error.filename = str(path)
        return trouble(error, "read")._replace(exit=Exit.CREDENTIALS)
    finally:
        os.close(descriptor)
    return Secret(data, path)


def _refusal(path: Path, status: os.stat_result, given: bool) -> Trouble | None:
    """Returns why an open file is no secret; its mode is that of the very file that is read."""
    name = shlex.quote(str(path))
    if not S_ISREG(status.st_mode):
        return unsafe(f"'{path}' is no ordinary file, so it is not used as a secret", "name a file")
    if not _POSIX:
        return None
    mode, mine = S_IMODE(status.st_mode), os.geteuid()
    if given and status.st_uid in {0, mine} and not mode & 0o007:
        return None
    if status.st_uid != mine:
        return unsafe(
            f"'{path}' belongs to another account, so it is not used as a secret",
            f"sudo chown {mine} {name} && chmod 600 {name}",
        )
    if mode not in _MODES:
        return unsafe(f"'{path}' has the mode {mode:04o}, so others may read it", f"chmod 600 {name}")
    return None
