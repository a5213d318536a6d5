"""One run at a time in one folder or calendar; the only door to `filelock`.

On Unix filelock's lock is flock(2) on the lock file, and so is the quick path here: both exclude each other.
The quick path spares every run the tens of milliseconds that importing filelock takes; filelock does the
waiting, and all of it where there is no flock. The system drops the lock when its holder dies, so it is never
broken by age.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from time import sleep

from iopcal.named_tuple import NamedTuple
from iopcal.targets import files
from iopcal.targets.trouble import Trouble, busy

_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NOTE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})
_LOOKS = 5  # a holder that is just starting or ending has no note for an instant
_PAUSE = 0.02  # seconds between them


class Holder(NamedTuple):
    """Who holds a lock; `since` is an ISO 8601 date and time."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


class Busy(Exception):
    """Another run holds the lock; `holder` is None where that run left no note, `wait` is in seconds."""

    def __init__(self, path: Path, holder: Holder | None, wait: float) -> None:
        super().__init__(f"{path} is locked by {holder}")
        self.path, self.holder, self.wait = path, holder, wait

    @property
    def trouble(self) -> Trouble:
        """The line for the user: try later."""
        return busy(str(self.path), str(self.holder or ""), self.wait)


@contextmanager
def hold(lock: Path, about: Path, *, now: datetime, wait: float = 0.0) -> Iterator[None]:
    """Holds the lock file `lock` for what is called `about`; waits up to `wait` seconds for another run.

    Raises Busy, or OSError when the lock file cannot be made. A note of the holder stands beside the lock
    file while it is held. A network disk that has no locks is used without: there they are a courtesy only.
    """
    release = _take(lock, about, wait)
    note = lock.with_name(lock.name + "-holder")
    try:
        try:
            _announce(note, Holder(os.getpid(), _host(), now.isoformat(" ", "minutes")))
            yield
        finally:
            note.unlink(missing_ok=True)
    finally:
        release()


def holder(lock: Path) -> str | None:
    """Says who holds a lock file, '' where that is not known; None where nobody does. It leaves no trace."""
    if not lock.is_file():
        return None
    try:
        release = _flock(lock)
    except BlockingIOError:
        return str(_holder(lock) or "")
    except (ImportError, OSError):
        return None
    release()
    return None


def _take(lock: Path, about: Path, wait: float) -> Callable[[], object]:
    """Takes the lock and returns what gives it back."""
    for _ in range(_LOOKS):
        try:
            return _flock(lock)
        except ImportError:
            return _filelock(lock, about, wait)
        except BlockingIOError:
            holder = _holder(lock)
        if wait > 0:
            return _filelock(lock, about, wait)
        if holder is not None:
            break
        sleep(_PAUSE)
    raise Busy(about, holder, wait)


def _flock(lock: Path) -> Callable[[], object]:
    """Takes the lock at once; raises BlockingIOError when it is held, ImportError where there is no flock."""
    from fcntl import LOCK_EX, LOCK_NB, flock

    descriptor = os.open(lock, _OPEN, files.SHARED)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        if os.fstat(descriptor).st_nlink == 0:  # somebody deleted the lock file between the two calls
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(descriptor)
            raise files.named(error, lock) from None
    return partial(os.close, descriptor)


def _filelock(lock: Path, about: Path, wait: float) -> Callable[[], object]:
    from filelock import FileLock, Timeout

    patient = FileLock(lock, mode=files.SHARED)
    try:
        patient.acquire(timeout=wait)
    except Timeout:
        raise Busy(about, _holder(lock), wait) from None
    return patient.release


def _announce(note: Path, holder: Holder) -> None:
    """Writes who holds the lock, for the eyes of whoever finds it busy; not worth a flush to the disk."""
    note.unlink(missing_ok=True)  # of a holder that died
    descriptor = os.open(note, _NOTE, files.SHARED)
    try:
        os.write(descriptor, "\n".join(map(str, holder)).encode())
    finally:
        os.close(descriptor)


def _holder(lock: Path) -> Holder | None:
    """Returns who holds the lock, or None when the note is missing, half written or not for our eyes."""
    try:
        pid, host, since = (files.read(lock.with_name(lock.name + "-holder")) or b"").decode().split("\n")
        return Holder(int(pid), host, since)
    except (OSError, ValueError):
        return None


def _host() -> str:
    if hasattr(os, "uname"):
        return os.uname().nodename
    from socket import gethostname

    return gethostname()
