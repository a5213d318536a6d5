"""An output folder: what iopcal published there, and the one way to publish anew."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Problem
from iopcal.targets import files, locks, manifest
from iopcal.targets.manifest import Manifest
from iopcal.targets.names import by_subfolder, demand_safe, is_safe, subfolders
from iopcal.targets.trouble import Trouble, exit_code, left_alone, manifest_lost, not_ours, trouble

LOCK = ".iopcal.lock"
KEPT = ".iopcal-kept-"  # before the name of a damaged file that was put aside


class Outcome(NamedTuple):
    """What was done in one folder; names are as given to `Folder.replace`."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    troubles: tuple[Trouble, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The lines for the user, at most one of them about the disk."""
        return tuple(trouble.problem for trouble in self.troubles)

    @property
    def exit(self) -> Exit:
        """0 done; 1 or 4 nothing written; 3 partly done; 75 nothing done, try later; 6 a file left alone."""
        return exit_code(self.troubles, done=bool(self.written or self.removed))


def _never(name: str, data: bytes) -> bool:
    return False


class Folder:
    """An output folder. Reading needs no lock; all else happens inside `with folder.lock(...)`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._manifest: Manifest | None = None
        self._damaged: bytes | None = None  # what stood in the place of the manifest
        self._there: dict[str, str] = {}  # what is in the folder while it is locked: name to kind
        self._swept: set[str] = set()  # subfolders of which `_there` tells
        self._locked = False
        self._root: files.Directory  # only while locked

    @property
    def manifest(self) -> Manifest:
        """Our own files here; empty when there is no manifest or it is damaged. Raises OSError."""
        if self._manifest is None:
            data = files.read(self.path / manifest.NAME)
            self._manifest = Manifest() if data is None else manifest.parse(data)
            if self._manifest is None:
                self._manifest, self._damaged = Manifest(), data
        return self._manifest

    def read(self, name: str) -> bytes | None:
        """Returns the bytes published under `name`, None when there is no such file. Raises OSError."""
        return files.read(self._at(name))

    @contextmanager
    def lock(self, *, now: datetime, wait: float = 0.0) -> Iterator[None]:
        """Makes the folder if need be, holds it for this run alone and sweeps it.

        Waits up to `wait` seconds for another run. Raises `locks.Busy`, or OSError when the path is no folder
        that we may write to.
        """
        _make(self.path)
        with (
            locks.hold(self.path / LOCK, self.path, now=now, wait=wait),
            files.Directory(self.path) as self._root,
        ):
            self._manifest, self._damaged, self._locked = None, None, True
            try:
                self.sweep()
                yield
            finally:
                self._locked = False

    def sweep(self) -> None:
        """Removes what runs broken off have left, here and in the subfolders we know. Raises OSError."""
        self._need_lock()
        self._there, self._swept = self._root.sweep(), set()
        for subfolder in subfolders(self.manifest.names):
            self._look_into(subfolder)

    def keep_aside(self, name: str) -> str:
        """Copies a damaged file of ours to a hidden name before it is replaced; returns that name.

        A copy, as the published file must never be missing, not for an instant. Raises OSError.
        """
        self._need_lock()
        folder, slash, last = name.rpartition("/")
        kept = f"{folder}{slash}{KEPT}{last}"
        files.write(self.path / kept, self.read(name) or b"", secret=True)
        return kept

    def replace(
        self,
        wanted: Mapping[str, bytes],
        remove: Iterable[str] = (),
        *,
        recognised: Callable[[str, bytes], bool] = _never,
        adopt: bool = False,
    ) -> Outcome:
        """Publishes the `wanted` files, then removes those of `remove` that are ours and nobody changed.

        Names are `file.ics` or `folder/file.ics`, made of checked ids. Each value is asked for when its turn
        has come, so a mapping that makes them on demand keeps memory flat. A file in the place of one, not in
        the manifest and not `recognised` by its name and bytes, refuses everything, unless `adopt` is set.
        Errors of the system end the work and are told in the outcome, not raised. Raises ValueError for an
        unsafe name, and for two names that differ in case only.

        Order: feeds, other files, removals, manifest; each reaches the disk before the next.
        """
        self._need_lock()
        demand_safe(wanted)
        try:
            objections = tuple(self._objections(wanted, recognised, adopt))
        except OSError as error:
            objections = (trouble(error, "read"),)
        if objections:
            return Outcome(troubles=objections)
        listed = dict(self.manifest.files)
        new = frozenset(name for name in wanted if name not in listed)
        begun = frozenset(name for name in self.manifest.begun if name in self._there and name not in wanted)
        written: list[str] = []
        removed: list[str] = []
        troubles: list[Trouble] = []
        verb = "written"
        try:
            if self._damaged is not None:
                troubles.append(self._keep_manifest(self._damaged))
            if new:  # were we killed now, the next run must know these for ours
                self._save(Manifest(dict(listed), begun | new))
            self._make_subfolders(wanted)
            self._store([name for name in wanted if name.endswith(".ics")], wanted, listed, written)
            self._store([name for name in wanted if not name.endswith(".ics")], wanted, listed, written)
            verb = "removed"
            doomed = [name for name in remove if self.manifest.knows(name) and name not in wanted]
            troubles += self._remove(doomed, recognised, listed, removed)
            begun = begun.difference(doomed)
            verb = "written"
            self._save(Manifest(listed, begun))
        except OSError as error:
            troubles.append(trouble(error, verb))
            with suppress(OSError):  # told above; without it the next run finds what is ours by itself
                self._save(Manifest(listed, begun | (new - listed.keys())))
        return Outcome(tuple(written), tuple(removed), len(wanted) - len(written), tuple(troubles))

    def _objections(
        self, wanted: Mapping[str, bytes], recognised: Callable[[str, bytes], bool], adopt: bool
    ) -> Iterator[Trouble]:
        """Yields what speaks against writing there, before anything is written."""
        for subfolder in subfolders(wanted):
            self._look_into(subfolder)
            if self._there.get(subfolder, "folder") != "folder":
                yield self._in_the_way(subfolder, errno.ENOTDIR)
        for name in wanted:
            kind = self._there.get(name)
            if kind is None:
                continue
            if kind != "file":
                yield self._in_the_way(name, errno.EISDIR if kind == "folder" else errno.ENXIO)
            elif not self.manifest.knows(name) and not adopt:
                data = self.read(name)
                if data is not None and not recognised(name, data) and data != wanted[name]:
                    yield not_ours(str(self.path / name))

    def _in_the_way(self, name: str, code: int) -> Trouble:
        if self._there[name] == "link":
            code = errno.ELOOP
        return trouble(OSError(code, os.strerror(code), str(self.path / name)))

    def _make_subfolders(self, names: Iterable[str]) -> None:
        for subfolder in subfolders(names):
            if subfolder not in self._there:
                (self.path / subfolder).mkdir(files.FOLDER)
                self._root.flush()
                self._there[subfolder] = "folder"

    def _store(
        self, names: Iterable[str], wanted: Mapping[str, bytes], listed: dict[str, str], written: list[str]
    ) -> None:
        """Writes files that differ, flushes their folders, and notes them in `listed` and `written`."""
        for subfolder, group in by_subfolder(names):
            with self._open(subfolder) as directory:
                before = len(written)
                for name in group:
                    data = wanted[name]
                    if directory.store(name.rpartition("/")[2], data):
                        written.append(name)
                    listed[name] = manifest.digest(data)
                    self._there[name] = "file"
                if len(written) > before:
                    directory.flush()

    def _remove(
        self,
        names: Iterable[str],
        recognised: Callable[[str, bytes], bool],
        listed: dict[str, str],
        removed: list[str],
    ) -> Iterator[Trouble]:
        """Removes files of ours that nobody changed, and strikes all of them off the list."""
        for subfolder, group in by_subfolder(names):
            if not subfolder or self._there.get(subfolder) == "folder":  # else gone, or leads elsewhere
                with self._open(subfolder) as directory:
                    for name in group:
                        digest = listed.get(name, "")
                        if self._remove_unchanged(directory, name, digest, recognised):
                            removed.append(name)
                        elif name in self._there:
                            yield left_alone(str(self.path / name))
                    directory.flush()
            for name in group:
                listed.pop(name, None)

    def _remove_unchanged(
        self, directory: files.Directory, name: str, digest: str, recognised: Callable[[str, bytes], bool]
    ) -> bool:
        last = name.rpartition("/")[2]
        data = directory.read(last) if self._there.get(name) == "file" else None
        if data is None or (manifest.digest(data) != digest and not recognised(name, data)):
            return False
        directory.remove(last)
        del self._there[name]
        return True

    def _keep_manifest(self, data: bytes) -> Trouble:
        kept = KEPT + manifest.NAME.removeprefix(".")
        self._root.store(kept, data, secret=True)
        return manifest_lost(str(self.path / manifest.NAME), kept)

    def _save(self, content: Manifest) -> None:
        if self._root.store(manifest.NAME, manifest.render(content), secret=True):
            self._root.flush()
        self._manifest, self._damaged = content, None

    def _look_into(self, subfolder: str) -> None:
        if self._there.get(subfolder) == "folder" and subfolder not in self._swept:
            self._swept.add(subfolder)
            with self._open(subfolder) as directory:
                found = directory.sweep()
            self._there |= {f"{subfolder}/{name}": kind for name, kind in found.items()}

    @contextmanager
    def _open(self, subfolder: str) -> Iterator[files.Directory]:
        if not subfolder:
            yield self._root
            return
        with files.Directory(self.path / subfolder) as directory:
            yield directory

    def _at(self, name: str) -> Path:
        if not is_safe(name):
            raise ValueError(f"unsafe file name: {name!r}")
        return self.path / name

    def _need_lock(self) -> None:
        if not self._locked:
            raise RuntimeError(f"the folder {self.path} is not locked by this run")


def _make(path: Path) -> None:
    """Makes the folder unless it is there; raises OSError when something else is."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        path.mkdir(files.FOLDER, exist_ok=True)
        with files.Directory(path.parent) as parent:
            parent.flush()
        return
    if not S_ISDIR(mode):
        code = errno.ELOOP if S_ISLNK(mode) else errno.ENOTDIR
        raise OSError(code, os.strerror(code), str(path))
