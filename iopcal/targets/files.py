"""The one writer of every file iopcal owns: whole old bytes or whole new bytes, at any moment.

Same bytes: the file is not touched. Otherwise a new file beside it is filled, flushed to the disk and renamed
over it, and the folder is flushed too (POSIX rename(2) is atomic; fsync(2) of the folder makes it last).
Symbolic links are refused, never followed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG

SECRET = 0o600  # tokens, caches, the manifest
SHARED = 0o640  # feeds and pages; a web server reads them through its group
FOLDER = 0o750
TEMPORARY = ".iopcal-"  # what names of temporary files begin with

# Not every system knows every flag; Windows opens in text mode unless told.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_READ = (
    os.O_RDONLY | _BINARY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
)  # a pipe must not stall us
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _NO_LINKS
_FOLDERS_OPEN = os.name == "posix"  # elsewhere a folder cannot be opened; there a journal keeps renames
_STAYS = frozenset({errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR})
_CANNOT_FLUSH = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})  # some network disks


def write(path: Path, data: bytes, *, secret: bool = False) -> bool:
    """Makes `path` hold exactly `data` and returns whether it had to be written.

    A secret gets mode 0600; any other file keeps the mode it had, or gets 0640. False means the same bytes
    were there and neither they nor the modification time were touched. Raises OSError with `path` as its file
    name; then the old file is still there and no temporary one is left.
    """
    with _about(path), Directory(path.parent) as folder:
        if not folder.store(path.name, data, secret=secret):
            return False
        folder.flush()
        return True


def read(path: Path) -> bytes | None:
    """Returns the bytes of the file, or None when there is none; raises OSError, also for a symbolic link."""
    with _about(path):
        return _content(str(path), None)


def is_temporary(name: str) -> bool:
    """Says whether a file of this name is one that a run broken off has left."""
    return name.startswith(TEMPORARY) and name.endswith(".tmp")


def named(error: OSError, path: Path) -> OSError:
    """Returns the same error, naming the file the user knows instead of a temporary one."""
    error.filename, error.filename2 = str(path), None
    return error


class Directory:
    """A folder held open, its files addressed by their bare names: nobody can put another in its place.

    Every method raises OSError with the path of the file it is about.
    """

    def __init__(self, path: Path, *, follow: bool = True) -> None:
        self.path = path
        self._at: int | None = None  # its descriptor
        if _FOLDERS_OPEN:
            with _about(path):
                links = 0 if follow else _NO_LINKS
                self._at = os.open(path, os.O_RDONLY | os.O_DIRECTORY | links)

    def __enter__(self) -> Directory:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets the folder go."""
        if self._at is not None:
            at, self._at = self._at, None
            os.close(at)

    def read(self, name: str) -> bytes | None:
        """Returns the bytes of a file, or None when there is none."""
        with _about(self.path, name):
            return _content(self._name(name), self._at)

    def store(self, name: str, data: bytes, *, secret: bool = False) -> bool:
        """Does what `write` does for one file, but leaves it to the caller to `flush` after many."""
        try:
            mode, same = _present(self._name(name), self._at, data)
            if secret:
                same = same and mode & 0o077 == 0
                mode = SECRET
            if not same:
                self._put(name, data, mode)
        except OSError as error:
            raise named(error, self.path / name) from None
        return not same

    def stage(self, data: bytes, mode: int, *, flushed: bool = True, begin: str = TEMPORARY) -> str:
        """Fills a new temporary file here, to be renamed with `settle`, and returns its name.

        `flushed` makes it reach the disk; else the caller sees to that before any is settled.
        """
        temporary = f"{begin}{os.urandom(8).hex()}.tmp"
        try:
            self._fill(self._name(temporary), data, mode, flushed)
        except OSError as error:
            raise named(error, self.path) from None
        return temporary

    def settle(self, temporary: str, name: str) -> os.stat_result:
        """Renames a staged file to `name`, which may lie in a subfolder; returns what is known of it."""
        with _about(self.path, name):
            os.replace(self._name(temporary), self._name(name), src_dir_fd=self._at, dst_dir_fd=self._at)
            return os.stat(self._name(name), dir_fd=self._at, follow_symlinks=False)

    def remove(self, name: str) -> None:
        """Removes a file; it is no error if it is gone."""
        with _about(self.path, name), suppress(FileNotFoundError):
            os.unlink(self._name(name), dir_fd=self._at)

    def remove_folder(self, name: str) -> None:
        """Removes a folder in it; it is no error if it holds something, or is gone."""
        with _about(self.path, name):
            try:
                os.rmdir(self._name(name), dir_fd=self._at)
            except OSError as error:
                if error.errno not in _STAYS:
                    raise

    def flush_file(self, name: str) -> None:
        """Makes a file that was written here reach the disk."""
        with _about(self.path, name):
            descriptor = os.open(self._name(name), os.O_RDWR | _BINARY | _NO_LINKS, dir_fd=self._at)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def look(self, name: str) -> os.stat_result | None:
        """Returns what is known of a file without opening it, None when there is none."""
        with _about(self.path, name):
            try:
                return os.stat(self._name(name), dir_fd=self._at, follow_symlinks=False)
            except FileNotFoundError:
                return None

    def flush(self) -> None:
        """Makes the renames and removals so far last through a loss of power."""
        if self._at is not None:
            try:
                os.fsync(self._at)
            except OSError as error:
                if error.errno not in _CANNOT_FLUSH:
                    raise named(error, self.path) from None

    def make(self, name: str) -> None:
        """Makes a folder in it; it is no error if there is one, or something else of that name."""
        with _about(self.path, name), suppress(FileExistsError):
            os.mkdir(self._name(name), FOLDER, dir_fd=self._at)

    def flush_all(self) -> bool:
        """Flushes its whole disk at once; False where the system cannot, and nothing was flushed.

        For very many files that is a hundred times quicker than one after the other (syncfs(2) of Linux,
        which tells of an error since 5.8).
        """
        from ctypes import CDLL, get_errno

        try:
            syncfs = CDLL(None, use_errno=True).syncfs
        except (OSError, TypeError, AttributeError):
            return False
        if self._at is None:
            return False
        if syncfs(self._at):
            code = get_errno()
            raise OSError(code, os.strerror(code), str(self.path))
        return True

    def sweep(self) -> dict[str, str]:
        """Removes what runs broken off have left; returns what else is there: name to kind.

        A kind is `file`, `folder`, `link` or `other`. Only for the holder of the folder's lock.
        """
        found: dict[str, str] = {}
        left = []
        with _about(self.path), os.scandir(self.path if self._at is None else self._at) as entries:
            for entry in entries:
                kind = _kind(entry)
                if is_temporary(entry.name) and kind != "folder":
                    left.append(entry.name)
                else:
                    found[entry.name] = kind
        for name in left:
            self.remove(name)
        return found

    def _name(self, name: str) -> str:
        return name if self._at is not None else str(self.path / name)

    def _put(self, name: str, data: bytes, mode: int) -> None:
        at, temporary = self._at, self._name(f"{TEMPORARY}{os.urandom(8).hex()}.tmp")
        try:
            self._fill(temporary, data, mode, flushed=True)
            os.replace(temporary, self._name(name), src_dir_fd=at, dst_dir_fd=at)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary, dir_fd=at)
            raise

    def _fill(self, temporary: str, data: bytes, mode: int, flushed: bool) -> None:
        """Makes a new file of these bytes; none is left where that fails."""
        try:
            descriptor = os.open(temporary, _CREATE, mode, dir_fd=self._at)
            try:
                if S_IMODE(os.fstat(descriptor).st_mode) != mode and hasattr(os, "fchmod"):
                    os.fchmod(descriptor, mode)  # the umask took bits away; it was never wider than `mode`
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                if flushed:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary, dir_fd=self._at)
            raise


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_file(follow_symlinks=False):
        return "file"
    return "folder" if entry.is_dir(follow_symlinks=False) else "other"


def _present(name: str, at: int | None, data: bytes) -> tuple[int, bool]:
    """Returns the mode the file has (0640 when there is none) and whether it holds `data`."""
    try:
        descriptor = _open(name, at)
    except FileNotFoundError:
        return SHARED, False
    try:
        status = _status(descriptor)
        same = status.st_size == len(data) and _read(descriptor, len(data)) == data
        return S_IMODE(status.st_mode) & 0o777, same
    finally:
        os.close(descriptor)


def _content(name: str, at: int | None) -> bytes | None:
    try:
        descriptor = _open(name, at)
    except FileNotFoundError:
        return None
    try:
        return _read(descriptor, _status(descriptor).st_size)
    finally:
        os.close(descriptor)


def _open(name: str, at: int | None) -> int:
    if not _NO_LINKS and Path(name).is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return os.open(name, _READ | _NO_LINKS, dir_fd=at)


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


@contextmanager
def _about(path: Path, name: str = "") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise named(error, path / name) from None
