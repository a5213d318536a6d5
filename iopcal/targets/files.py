"""The one writer of every file iopcal owns: whole old bytes or whole new bytes, at any moment.

Same bytes: the file is not touched. Otherwise a new file beside it is filled, flushed to the disk and renamed
over it, and the folder is flushed too (POSIX rename(2) is atomic; fsync(2) of the folder makes it last).
Symbolic links are refused, never followed.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG

SECRET = 0o600  # tokens, caches, the manifest
SHARED = 0o640  # feeds and pages; a web server reads them through its group

# Not every system knows every flag; Windows opens in text mode unless told.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_READ = (
    os.O_RDONLY | _BINARY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
)  # a pipe must not stall us
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _NO_LINKS
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_CANNOT_FLUSH = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def write(path: Path, data: bytes, *, secret: bool = False) -> bool:
    """Makes `path` hold exactly `data` and returns whether it had to be written.

    A secret gets mode 0600; any other file keeps the mode it had, or gets 0640. False means the same bytes
    were there and neither they nor the modification time were touched. Raises OSError with `path` as its file
    name; then the old file is still there and no temporary one is left.
    """
    if not store(path, data, secret=secret):
        return False
    flush(path.parent)
    return True


def store(path: Path, data: bytes, *, secret: bool = False) -> bool:
    """Does what `write` does, except that the folder is left for the caller to `flush` after many files."""
    try:
        mode, same = _present(path, data)
        if secret:
            same = same and mode & 0o077 == 0
            mode = SECRET
        if not same:
            _put(path, data, mode)
    except OSError as error:
        raise about(error, path) from None
    return not same


def read(path: Path) -> bytes | None:
    """Returns the bytes of the file, or None when there is none; raises OSError, also for a symbolic link."""
    try:
        descriptor = _open(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise about(error, path) from None
    try:
        return _read(descriptor, _status(descriptor).st_size)
    except OSError as error:
        raise about(error, path) from None
    finally:
        os.close(descriptor)


def flush(folder: Path) -> None:
    """Makes the renames and removals in `folder` last through a loss of power; raises OSError.

    Windows cannot open a folder and keeps its renames in a journal; a few network disks refuse the call.
    """
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, _FOLDER)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise about(error, folder) from None


def is_temporary(name: str) -> bool:
    """Says whether a file of this name is one that a run broken off has left."""
    return name.startswith(".iopcal-") and name.endswith(".tmp")


def sweep(folder: Path) -> dict[str, str]:
    """Removes what runs broken off have left in `folder`; returns what else is there: name to kind.

    A kind is `file`, `folder`, `link` or `other`. Only for the holder of the folder's lock. Raises OSError.
    """
    found: dict[str, str] = {}
    left = []
    with os.scandir(folder) as entries:
        for entry in entries:
            kind = _kind(entry)
            if is_temporary(entry.name) and kind != "folder":
                left.append(entry.name)
            else:
                found[entry.name] = kind
    for name in left:
        (folder / name).unlink(missing_ok=True)
    return found


def about(error: OSError, path: Path) -> OSError:
    """Returns the same error, naming the file the user knows instead of the temporary one."""
    error.filename, error.filename2 = str(path), None
    return error


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_file(follow_symlinks=False):
        return "file"
    return "folder" if entry.is_dir(follow_symlinks=False) else "other"


def _present(path: Path, data: bytes) -> tuple[int, bool]:
    """Returns the mode the file has (0640 when there is none) and whether it holds `data`."""
    try:
        descriptor = _open(path)
    except FileNotFoundError:
        return SHARED, False
    try:
        status = _status(descriptor)
        same = status.st_size == len(data) and _read(descriptor, len(data)) == data
        return S_IMODE(status.st_mode) & 0o777, same
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    if not _NO_LINKS and path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return os.open(path, _READ | _NO_LINKS)


def _status(descriptor: int) -> os.stat_result:
    """Returns what is known of an open file; raises OSError unless it is an ordinary one."""
    status = os.fstat(descriptor)
    if not S_ISREG(status.st_mode):
        code = errno.EISDIR if S_ISDIR(status.st_mode) else errno.ENXIO
        raise OSError(code, os.strerror(code))
    return status


def _read(descriptor: int, size: int) -> bytes:
    """Reads to the end; `size` bytes are expected, and one more is asked for to see the end in one call."""
    data = os.read(descriptor, size + 1)
    while len(data) != size:
        more = os.read(descriptor, max(size + 1 - len(data), 65536))
        if not more:
            break
        data += more
    return data


def _put(path: Path, data: bytes, mode: int) -> None:
    temporary = path.with_name(f".iopcal-{os.urandom(8).hex()}.tmp")
    descriptor = os.open(temporary, _CREATE, mode)
    try:
        try:
            if S_IMODE(os.fstat(descriptor).st_mode) != mode and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)  # the umask took bits away; it was never wider than `mode`
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
