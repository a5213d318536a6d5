"""Breaks one file-system call of a process: kills it there, or lets the call fail.

In a forked child: `Injector(plan).start()`. As a process of its own: see `__main__.py`.
"""

from __future__ import annotations

import _pyio
import builtins
import errno
import fcntl
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ERRNOS = ("ENOSPC", "EDQUOT", "EIO", "EMFILE", "EINTR", "EACCES", "EROFS", "EPERM")
BY_PATH = (
    "open", "stat", "lstat", "listdir", "scandir", "access", "readlink", "mkdir", "rmdir", "unlink",
    "remove", "rename", "replace", "link", "symlink", "chmod", "truncate", "utime",
)  # fmt: skip
BY_DESCRIPTOR = ("read", "write", "fsync", "fdatasync", "close", "fstat", "fchmod", "ftruncate", "lseek")


class Plan(NamedTuple):
    """What goes wrong: call number `at`, from 1 (0: none), of those on files below `root`."""

    root: str
    at: int = 0
    kind: str = "EIO"  # or another name of an errno, or KILL
    after: bool = False  # the call is done first, and then the process dies or the answer is the error
    lasting: bool = False  # every later call fails as well


class Call(NamedTuple):
    """One call seen: the name of the function and the path it was about."""

    name: str
    path: str


class Injector:
    """Counts the calls of `os`, `open` and `flock` on files below a folder; breaks the one of the plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.calls: list[Call] = []
        self._root = str(Path(plan.root).resolve())
        self._paths: dict[int, str] = {}  # open descriptors

    def start(self) -> None:
        """Puts itself before the functions, for the rest of this process's life."""
        for name in BY_PATH + BY_DESCRIPTOR:
            setattr(os, name, self._broken(name, getattr(os, name)))
        fcntl.flock = self._broken("flock", fcntl.flock)
        real_open = builtins.open

        def opened(file: Any, *arguments: Any, **options: Any) -> Any:
            # The Python version of the open function goes through `os`, where each call is counted.
            ours = not isinstance(file, int) and self._below(file)
            return (_pyio.open if ours else real_open)(file, *arguments, **options)

        builtins.open = opened
        io.open = opened

    def _broken(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            path = self._path(arguments[0] if arguments else ".", options)
            if path is None:
                return real(*arguments, **options)
            self.calls.append(Call(name, path))
            hit = self._hit()
            if hit and not self.plan.after and name != "close":  # a close that fails has closed all the same
                self._break(arguments)
            try:
                answer = real(*arguments, **options)
                if name == "open":
                    self._paths[answer] = path
                elif name == "close":
                    del self._paths[arguments[0]]
            finally:
                if hit:
                    self._break(arguments)
            return answer

        return call

    def _hit(self) -> bool:
        at = self.plan.at
        return at != 0 and (len(self.calls) == at or (self.plan.lasting and len(self.calls) > at))

    def _break(self, arguments: tuple[Any, ...]) -> None:
        if self.plan.kind == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        code = getattr(errno, self.plan.kind)
        names = () if not arguments or isinstance(arguments[0], int) else (os.fspath(arguments[0]),)
        raise OSError(code, os.strerror(code), *names)

    def _path(self, subject: Any, options: dict[str, Any]) -> str | None:
        """Returns the path a call is about if it lies below the root, else None."""
        if isinstance(subject, int):
            return self._paths.get(subject)
        folder = options.get("dir_fd", options.get("src_dir_fd"))
        if folder is not None and not Path(os.fsdecode(subject)).is_absolute():
            return f"{self._paths[folder]}/{os.fsdecode(subject)}" if folder in self._paths else None
        return self._absolute(subject) if self._below(subject) else None

    def _below(self, subject: Any) -> bool:
        path = self._absolute(subject)
        return path == self._root or path.startswith(self._root + os.sep)

    @staticmethod
    def _absolute(subject: Any) -> str:
        return str(Path(os.fsdecode(subject)).absolute())  # not resolve(): that would make calls to count
