"""The one writer of files: bytes, modes, links, order of calls."""

from __future__ import annotations

import errno
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from iopcal.targets import files
from iopcal.targets.files import read, write
from tests.faults import Plan, run_forked

PACKAGE = Path(files.__file__).parent.parent


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_has_the_bytes_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    assert write(tmp_path / "staff.ics", b"BEGIN:VCALENDAR\r\n") is True
    assert (tmp_path / "staff.ics").read_bytes() == b"BEGIN:VCALENDAR\r\n"
    assert listing(tmp_path) == ["staff.ics"]


def test_the_same_bytes_are_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "staff.ics"
    write(path, b"same")
    os.utime(path, ns=(1, 1_000_000_000))
    before = path.stat()
    assert write(path, b"same") is False
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("data", [b"", b"sam", b"sane", b"same again", bytes(300_000)])
def test_other_bytes_replace_the_old_ones(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "staff.ics"
    write(path, b"same")
    assert write(path, data) is True
    assert read(path) == data


def test_who_has_the_old_file_open_goes_on_reading_the_old_bytes(tmp_path: Path) -> None:
    path = tmp_path / "staff.ics"
    write(path, b"old")
    with path.open("rb") as reader:
        write(path, b"new")
        assert reader.read() == b"old"


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_modes_are_the_same_under_all_64_umasks_and_never_wider_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    real_write = os.write

    def spying_write(descriptor: int, data: bytes) -> int:
        seen.append(os.fstat(descriptor).st_mode & 0o7777)
        return real_write(descriptor, data)

    real_open = os.open

    def spying_open(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        descriptor = real_open(path, flags, mode, dir_fd=dir_fd)
        if flags & os.O_CREAT:
            seen.append(os.fstat(descriptor).st_mode & 0o7777)
        return descriptor

    monkeypatch.setattr(os, "write", spying_write)
    monkeypatch.setattr(os, "open", spying_open)
    for mask in range(64):
        os.umask(mask)
        for secret, wanted in ((False, 0o640), (True, 0o600)):
            path = tmp_path / f"{mask}-{secret}"
            seen.clear()
            write(path, b"data", secret=secret)
            assert mode(path) == wanted, oct(mask)
            assert len(seen) == 2
            assert all(bits & ~wanted == 0 for bits in seen), oct(mask)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("before", [0o644, 0o600, 0o664])
def test_a_rewritten_file_keeps_the_mode_that_somebody_gave_it(tmp_path: Path, before: int) -> None:
    path = tmp_path / "staff.ics"
    write(path, b"old")
    path.chmod(before)
    os.umask(0o077)
    write(path, b"new")
    assert mode(path) == before


def test_a_secret_that_others_can_read_is_closed_even_when_its_bytes_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "token.json"
    write(path, b"secret")
    assert mode(path) == 0o640
    assert write(path, b"secret", secret=True) is True
    assert mode(path) == 0o600
    assert write(path, b"secret", secret=True) is False


@pytest.fixture(params=["flag", "no flag"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once with O_NOFOLLOW and open folders, once as on a system without them."""
    if request.param == "no flag":
        monkeypatch.setattr(files, "_NO_LINKS", 0)
        monkeypatch.setattr(files, "_FOLDERS_OPEN", False)


@pytest.mark.usefixtures("either_way")
def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    other = tmp_path / "passwords"
    other.write_bytes(b"precious")
    path = tmp_path / "staff.ics"
    for target in (other, tmp_path / "missing"):
        path.symlink_to(target)
        for work in (lambda: write(path, b"new"), lambda: read(path)):
            with pytest.raises(OSError, match=r"staff\.ics") as caught:
                work()
            assert caught.value.errno == errno.ELOOP
        path.unlink()
    assert other.read_bytes() == b"precious"
    assert listing(tmp_path) == ["passwords"]


@pytest.mark.usefixtures("either_way")
def test_writing_and_reading_work_with_and_without_open_folders(tmp_path: Path) -> None:
    path = tmp_path / "staff.ics"
    assert [write(path, b"one"), write(path, b"one"), write(path, b"two")] == [True, False, True]
    assert read(path) == b"two"
    with files.Directory(tmp_path) as folder:
        (tmp_path / ".iopcal-0123.tmp").write_bytes(b"half")
        assert folder.sweep() == {"staff.ics": "file"}
        folder.remove("staff.ics")
        folder.remove("staff.ics")
        folder.flush()
    assert listing(tmp_path) == []


def test_a_folder_in_the_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "staff.ics").mkdir()
    with pytest.raises(IsADirectoryError, match=r"staff\.ics"):
        write(tmp_path / "staff.ics", b"new")


def test_a_pipe_or_socket_in_the_place_of_the_file_is_an_error_and_does_not_stall(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for name in ("pipe", "socket"):
            with pytest.raises(OSError, match=name) as caught:
                write(tmp_path / name, b"new")
            assert caught.value.errno == errno.ENXIO
            with pytest.raises(OSError, match=name):
                read(tmp_path / name)


def test_reading_a_file_that_is_not_there_gives_none(tmp_path: Path) -> None:
    assert read(tmp_path / "staff.ics") is None
    assert read(tmp_path / "nowhere" / "staff.ics") is None


def test_a_missing_folder_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere/staff\.ics"):
        write(tmp_path / "nowhere" / "staff.ics", b"new")


def test_a_system_that_writes_and_reads_a_few_bytes_at_a_time_gets_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_write, real_read = os.write, os.read
    monkeypatch.setattr(os, "write", lambda descriptor, data: real_write(descriptor, data[:7]))
    monkeypatch.setattr(os, "read", lambda descriptor, size: real_read(descriptor, min(size, 5)))
    data = bytes(range(200))
    assert write(tmp_path / "staff.ics", data) is True
    assert read(tmp_path / "staff.ics") == data
    assert write(tmp_path / "staff.ics", data) is False


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "staff.ics"
    path.write_bytes(b"short")
    real_fstat = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        status = real_fstat(descriptor)
        path.write_bytes(b"much longer than before")
        return status

    monkeypatch.setattr(os, "fstat", growing)
    assert read(path) == b"much longer than before"


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError(errno.EIO, "broken"), MemoryError()])
def test_whatever_breaks_off_a_write_the_old_file_stays_and_the_new_one_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    path = tmp_path / "staff.ics"
    write(path, b"old")

    def breaking(descriptor: int) -> None:
        assert len(listing(tmp_path)) == 2
        raise stop

    monkeypatch.setattr(os, "fsync", breaking)
    with pytest.raises(type(stop)):
        write(path, b"new")
    assert read(path) == b"old"
    assert listing(tmp_path) == ["staff.ics"]


def test_the_file_is_flushed_before_it_takes_its_name_and_the_folder_after(tmp_path: Path) -> None:
    path = tmp_path / "staff.ics"
    result = run_forked(lambda: int(not write(path, b"new")), Plan(str(tmp_path)))
    names = [
        (call.name, re.sub(r"iopcal-[0-9a-f]{16}", "iopcal-*", str(Path(call.path).relative_to(tmp_path))))
        for call in result.calls
    ]
    assert result.code == 0
    assert names == [
        ("open", "."),
        ("open", "staff.ics"),
        ("open", ".iopcal-*.tmp"),
        ("fstat", ".iopcal-*.tmp"),
        ("write", ".iopcal-*.tmp"),
        ("fsync", ".iopcal-*.tmp"),
        ("close", ".iopcal-*.tmp"),
        ("replace", ".iopcal-*.tmp"),
        ("fsync", "."),
        ("close", "."),
    ]


@pytest.mark.parametrize(
    ("code", "fine"), [(errno.EINVAL, True), (errno.ENOTSUP, True), (errno.EIO, False), (errno.ENOSPC, False)]
)
def test_a_disk_that_cannot_flush_folders_is_fine_and_one_that_fails_to_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, fine: bool
) -> None:
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        if os.fstat(descriptor).st_mode & 0o040000:
            raise OSError(code, "folder")
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    if fine:
        assert write(tmp_path / "staff.ics", b"new") is True
    else:
        with pytest.raises(OSError, match=r"staff\.ics"):
            write(tmp_path / "staff.ics", b"new")
    assert read(tmp_path / "staff.ics") == b"new"


@pytest.mark.usefixtures("either_way")
def test_a_staged_file_reaches_the_disk_before_or_after_it_has_its_name(tmp_path: Path) -> None:
    with files.Directory(tmp_path) as folder:
        staged = [folder.stage(b"later", files.SHARED, flushed=False), folder.stage(b"now", files.SHARED)]
        folder.flush_file(staged[0])
        for temporary, name in zip(staged, ("a.ics", "b.ics"), strict=True):
            folder.settle(temporary, name)
    assert [read(tmp_path / name) for name in listing(tmp_path)] == [b"later", b"now"]


def test_a_file_that_cannot_be_staged_leaves_nothing_and_the_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _full)
    named = re.escape(str(tmp_path))
    with files.Directory(tmp_path) as folder, pytest.raises(OSError, match=named) as caught:
        folder.stage(b"new", files.SHARED)
    assert caught.value.errno == errno.ENOSPC
    assert listing(tmp_path) == []


def _full(descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.parametrize(("code", "fine"), [(errno.ENOTEMPTY, True), (errno.EACCES, False)])
def test_a_folder_that_holds_something_stays_and_one_that_may_not_go_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, fine: bool
) -> None:
    def rmdir(name: str, dir_fd: int | None) -> None:
        raise OSError(code, "stays")

    monkeypatch.setattr(os, "rmdir", rmdir)
    with files.Directory(tmp_path) as folder:
        if fine:
            folder.remove_folder("feeds")
        else:
            with pytest.raises(OSError, match="feeds"):
                folder.remove_folder("feeds")


def test_a_system_without_a_flush_of_the_whole_disk_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctypes.CDLL", _Calls)
    with files.Directory(tmp_path) as folder:
        assert not folder.flush_all()
        monkeypatch.setattr(_Calls, "syncfs", lambda calls, descriptor: 0, raising=False)
        assert folder.flush_all()
    with monkeypatch.context() as patch:
        patch.setattr(files, "_FOLDERS_OPEN", False)
        with files.Directory(tmp_path) as folder:
            assert not folder.flush_all()


def test_a_flush_of_the_whole_disk_that_fails_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctypes.CDLL", _Calls)
    monkeypatch.setattr(_Calls, "syncfs", lambda calls, descriptor: -1, raising=False)
    monkeypatch.setattr("ctypes.get_errno", lambda: errno.EIO)
    named = re.escape(str(tmp_path))
    with files.Directory(tmp_path) as folder, pytest.raises(OSError, match=named) as caught:
        folder.flush_all()
    assert caught.value.errno == errno.EIO


class _Calls:
    """The calls of a system that has none but those put in."""

    def __init__(self, name: None, use_errno: bool) -> None:
        assert use_errno


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of descriptors on this system")
def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    before = descriptors()
    write(tmp_path / "staff.ics", b"one")
    write(tmp_path / "staff.ics", b"one")
    (tmp_path / "link").symlink_to("staff.ics")
    for name in ("link", "nowhere/file"):
        with pytest.raises(OSError, match=name):
            write(tmp_path / name, b"two")
    assert descriptors() == before


def test_nothing_else_in_the_package_writes_files() -> None:
    writing = re.compile(
        r"""\bopen\(([^)\n]*,\s*)?(mode=)?["'][rbt]*[wax+]|\.write_(text|bytes)\(|\bos\.(write|replace|rename)\("""
        r"""|\.(touch|symlink_to|hardlink_to|rename)\(|shutil\.(copy|move)|NamedTemporaryFile|mkstemp"""
    )
    for example in ('open(path, "w")', "open(path, mode='ab')", 'path.open("wb")', "path.write_text(x)"):
        assert writing.search(example), example
    assert not writing.search('open(path, "rb")')
    found = {
        str(path.relative_to(PACKAGE)): writing.findall(path.read_text(encoding="utf-8"))
        for path in PACKAGE.rglob("*.py")
    }
    writers = {name for name, hits in found.items() if hits}
    # locks.py notes who holds a lock; that note is no file anyone relies on
    assert writers <= {"targets/files.py", "targets/locks.py"}
