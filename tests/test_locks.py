"""One run at a time, and a second one that says why it does not go on."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import filelock
import pytest

from iopcal.problems import Exit
from iopcal.targets.locks import Busy, Holder, hold, holder
from tests.faults import sandbox
from tests.faults.sandbox import start_forked

NOW = datetime(2026, 12, 12, 6, 10, 30, tzinfo=UTC)


def locked(folder: Path, wait: float = 0.0):
    return hold(folder / "lock", Path("calendars"), now=NOW, wait=wait)


class Elsewhere:
    """Another process that holds the lock until told to end."""

    def __init__(self, folder: Path, seconds: float = 30) -> None:
        self._output = (folder.parent / "output").open("w+b")
        self.pid = start_forked(lambda: self._hold(folder, seconds), None, self._output)
        deadline = time.monotonic() + 10
        while not (folder / "ready").exists():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    @staticmethod
    def _hold(folder: Path, seconds: float) -> int:
        with locked(folder):
            (folder / "ready").touch()
            time.sleep(seconds)
        return 0

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        os.waitpid(self.pid, 0)
        self._output.close()


def test_a_busy_lock_names_process_computer_and_start(tmp_path: Path) -> None:
    (folder := tmp_path / "out").mkdir()
    other = Elsewhere(folder)
    try:
        with pytest.raises(Busy) as caught, locked(folder):
            pass
    finally:
        other.kill()
    host = os.uname().nodename
    assert caught.value.holder == Holder(other.pid, host, "2026-12-12 06:10+00:00")
    exit, problem = caught.value.trouble
    assert exit is Exit.LATER
    assert problem.code == "IOP631"
    assert problem.message == (
        "'calendars' is in use by another run of iopcal "
        f"(process {other.pid} on {host} since 2026-12-12 06:10+00:00)"
    )
    assert problem.hint == "run again later, or wait for it with --wait 60"


def test_the_computer_has_a_name_on_systems_without_uname_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = os.uname().nodename
    monkeypatch.delattr(os, "uname")
    with locked(tmp_path):
        assert (tmp_path / "lock-holder").read_text().splitlines()[1] == name


def test_the_lock_of_a_killed_run_is_free_at_once_and_its_note_goes(tmp_path: Path) -> None:
    (folder := tmp_path / "out").mkdir()
    Elsewhere(folder).kill()
    assert sorted(path.name for path in folder.iterdir()) == ["lock", "lock-holder", "ready"]
    with locked(folder):
        pass
    assert sorted(path.name for path in folder.iterdir()) == ["lock", "ready"]


def test_a_run_that_waits_gets_its_turn(tmp_path: Path) -> None:
    (folder := tmp_path / "out").mkdir()
    other = Elsewhere(folder, seconds=0.2)
    with locked(folder, wait=20):
        assert (folder / "lock-holder").read_text().splitlines()[0] == str(os.getpid())
    other.wait()


def test_a_run_that_waits_in_vain_says_how_long_it_did(tmp_path: Path) -> None:
    (folder := tmp_path / "out").mkdir()
    other = Elsewhere(folder)
    try:
        with pytest.raises(Busy) as caught, locked(folder, wait=0.1):
            pass
    finally:
        other.kill()
    assert caught.value.trouble.problem.hint == "waited 0.1 s; run again later"


def test_a_holder_that_cannot_be_read_is_left_out_of_the_words(tmp_path: Path) -> None:
    (folder := tmp_path / "out").mkdir()
    for note in (b"", b"half\nof", b"\xff\nhost\nsince"):
        with ExitStack() as stack:
            stack.enter_context(locked(folder))
            (folder / "lock-holder").write_bytes(note)
            with pytest.raises(Busy) as caught, locked(folder):
                pass
        assert caught.value.holder is None
        assert caught.value.trouble.problem.message == "'calendars' is in use by another run of iopcal"


def test_the_quick_lock_and_the_lock_of_filelock_exclude_each_other(tmp_path: Path) -> None:
    with filelock.FileLock(tmp_path / "lock"), pytest.raises(Busy), locked(tmp_path):
        pass
    with locked(tmp_path), pytest.raises(filelock.Timeout):
        filelock.FileLock(tmp_path / "lock").acquire(timeout=0)
    with locked(tmp_path):
        pass


def test_without_flock_filelock_does_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with locked(tmp_path):
        assert (tmp_path / "lock-holder").exists()
        with pytest.raises(Busy) as caught, locked(tmp_path):
            pass
    assert caught.value.holder is not None
    assert caught.value.holder.pid == os.getpid()
    assert not (tmp_path / "lock-holder").exists()
    with locked(tmp_path):
        pass


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP])
def test_a_disk_without_locks_is_used_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def flock(descriptor: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)
    with locked(tmp_path):
        assert (tmp_path / "lock").exists()


def test_on_a_disk_that_cannot_tell_nobody_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(tmp_path):
        assert str(os.getpid()) in (holder(tmp_path / "lock") or "")

        def flock(descriptor: int, operation: int) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr(fcntl, "flock", flock)
        assert holder(tmp_path / "lock") is None


def test_a_lock_file_deleted_between_opening_and_locking_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, deleted = fcntl.flock, []

    def flock(descriptor: int, operation: int) -> None:
        if not deleted:
            deleted.append(True)
            (tmp_path / "lock").unlink()
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    with locked(tmp_path):
        assert (tmp_path / "lock").exists()
        with pytest.raises(Busy), locked(tmp_path):
            pass


@pytest.mark.parametrize("name", ["lock", "lock-holder"])
def test_a_link_in_the_place_of_the_lock_or_its_note_is_not_followed(tmp_path: Path, name: str) -> None:
    (folder := tmp_path / "out").mkdir()
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / name).symlink_to(tmp_path / "precious")
    if name == "lock":
        with pytest.raises(OSError, match="lock") as caught, locked(folder):
            pass
        assert caught.value.errno == errno.ELOOP
    else:
        with locked(folder):
            assert not (folder / name).is_symlink()
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_an_ordinary_run_does_not_pay_for_importing_filelock() -> None:
    with sandbox() as folder:
        code = (
            "import sys, datetime, pathlib\nfrom iopcal.targets.folder import Folder\n"
            "folder = Folder(pathlib.Path(sys.argv[1]))\n"
            "with folder.lock(now=datetime.datetime(2026, 12, 12)): folder.replace({'a.ics': b'a'})\n"
            "print(sorted({'filelock', 'logging', 'socket', 'asyncio', 'tempfile'} & set(sys.modules)))"
        )
        run = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
        )
    assert run.stdout == "[]\n"
