"""Output folders: what is published, what is refused, what is removed, what is said."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from iopcal.problems import Exit
from iopcal.targets.folder import Folder, Outcome
from iopcal.targets.trouble import trouble
from tests.faults import Plan, run_forked, sandbox, snapshot

NOW = datetime(2026, 12, 12, 6, 10, tzinfo=UTC)
FEEDS = {"all.ics": b"all", "evening/staff.ics": b"staff", "index.html": b"<p>"}
MANIFEST = ".iopcal-manifest.json"
NO_RIGHT = "this account has no right to do so"


def publish(path: Path, wanted: Mapping[str, bytes], remove: tuple[str, ...] = (), **options) -> Outcome:
    folder = Folder(path)
    with folder.lock(now=NOW):
        return folder.replace(wanted, remove, **options)


def stamps(path: Path) -> dict[str, tuple[int, int]]:
    return {str(each): (each.stat().st_mtime_ns, each.stat().st_ino) for each in path.rglob("*")}


def words(outcome: Outcome) -> list[str]:
    return [f"{problem.code}: {problem.message}" for problem in outcome.problems]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "calendars"


def test_the_first_publication_makes_folder_files_and_manifest(out: Path) -> None:
    outcome = publish(out, FEEDS)
    assert outcome == Outcome(("all.ics", "evening/staff.ics", "index.html"))
    assert outcome.exit is Exit.DONE
    assert snapshot(out) == FEEDS
    assert sorted(path.name for path in out.iterdir()) == [
        MANIFEST,
        ".iopcal.lock",
        "all.ics",
        "evening",
        "index.html",
    ]
    assert {
        path.name: oct(path.stat().st_mode & 0o777) for path in (out, out / "evening", out / MANIFEST)
    } == {
        "calendars": "0o750",
        "evening": "0o750",
        MANIFEST: "0o600",
    }
    assert json.loads((out / MANIFEST).read_bytes()) == {
        "version": 1,
        "begun": [],
        "files": {name: sha256(data).hexdigest() for name, data in FEEDS.items()},
    }


def test_publishing_the_same_again_touches_no_file_at_all(out: Path) -> None:
    publish(out, FEEDS)
    before = stamps(out)
    outcome = publish(out, FEEDS)
    assert outcome == Outcome(unchanged=3)
    assert stamps(out) == before


def test_only_the_file_that_differs_is_written(out: Path) -> None:
    publish(out, FEEDS)
    before = stamps(out)
    outcome = publish(out, FEEDS | {"all.ics": b"more"})
    assert (outcome.written, outcome.unchanged) == (("all.ics",), 2)
    changed = {Path(name).name for name, stamp in stamps(out).items() if before.get(name) != stamp}
    assert changed == {"all.ics", MANIFEST}


class OnDemand(Mapping[str, bytes]):
    """Makes each file when it is asked for, and remembers the order."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> bytes:
        self.asked.append(name)
        return FEEDS[name]

    def __iter__(self) -> Iterator[str]:
        return iter(["index.html", "evening/staff.ics", "all.ics"])

    def __len__(self) -> int:
        return len(FEEDS)


def test_files_are_asked_for_once_each_and_feeds_first(out: Path) -> None:
    wanted = OnDemand()
    assert publish(out, wanted).exit is Exit.DONE
    assert wanted.asked == ["evening/staff.ics", "all.ics", "index.html"]


def test_feeds_come_before_pages_new_before_old_and_the_manifest_last(out: Path) -> None:
    publish(out, FEEDS | {"old.ics": b"old"})
    new = {"index.html": b"<h1>", "all.ics": b"new all", "evening/staff.ics": b"new staff"}
    result = run_forked(lambda: publish(out, new, ("old.ics",)).exit, Plan(str(out)))
    steps = [
        f"{call.name} {Path(call.path).relative_to(out).parent}/{Path(call.path).suffix}"
        for call in result.calls
        if call.name in ("replace", "unlink", "fsync") and "lock-holder" not in call.path
    ]
    assert result.code == 0
    assert steps == [
        "fsync ./.tmp", "replace ./.tmp", "fsync ./",
        "fsync evening/.tmp", "replace evening/.tmp", "fsync ./",
        "fsync ./.tmp", "replace ./.tmp", "fsync ./",
        "unlink ./.ics", "fsync ./",
        "fsync ./.tmp", "replace ./.tmp", "fsync ./",
    ]  # fmt: skip


def test_a_file_that_is_not_ours_refuses_everything(out: Path) -> None:
    (out / "evening").mkdir(parents=True)
    (out / "evening" / "staff.ics").write_bytes(b"mine")
    outcome = publish(out, FEEDS)
    assert outcome.exit is Exit.REFUSED
    assert words(outcome) == [
        f"IOP630: '{out}/evening/staff.ics' was not made by iopcal, so it is not overwritten"
    ]
    assert outcome.problems[0].hint == "move it away, or give --adopt to let iopcal take it over"
    assert snapshot(out) == {"evening/staff.ics": b"mine"}
    assert not (out / MANIFEST).exists()


@pytest.mark.parametrize(
    "options",
    [{"adopt": True}, {"recognised": lambda name, data: (name, data) == ("evening/staff.ics", b"mine")}],
    ids=["adopted", "recognised"],
)
def test_a_foreign_file_is_taken_over_when_told_to_or_recognised(out: Path, options: dict) -> None:
    (out / "evening").mkdir(parents=True)
    (out / "evening" / "staff.ics").write_bytes(b"mine")
    assert publish(out, FEEDS, **options).exit is Exit.DONE
    assert snapshot(out) == FEEDS
    assert publish(out, FEEDS | {"evening/staff.ics": b"new"}).exit is Exit.DONE


def test_a_foreign_file_that_cannot_be_read_is_told_and_nothing_is_written(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.mkdir()
    (out / "all.ics").write_bytes(b"mine")

    def read(descriptor: int, size: int) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "read", read)
    outcome = publish(out, FEEDS)
    assert outcome.exit is Exit.LATER
    assert words(outcome) == [f"IOP621: '{out}/all.ics' could not be read: the disk reports an error"]
    assert not (out / MANIFEST).exists()


def test_a_lost_manifest_is_no_matter_while_the_bytes_are_the_same(out: Path) -> None:
    publish(out, FEEDS)
    (out / MANIFEST).unlink()
    assert publish(out, FEEDS) == Outcome(unchanged=3)
    assert "all.ics" in Folder(out).manifest.files


def test_a_file_of_ours_that_a_hand_changed_is_published_anew(out: Path) -> None:
    publish(out, FEEDS)
    (out / "all.ics").write_bytes(b"edited")
    assert publish(out, FEEDS).written == ("all.ics",)


def test_only_listed_and_unchanged_files_are_removed(out: Path) -> None:
    publish(out, FEEDS | {"old.ics": b"old", "evening/old.ics": b"old", "gone.ics": b"", "edited.ics": b""})
    (out / "foreign.ics").write_bytes(b"mine")
    (out / "edited.ics").write_bytes(b"by hand")
    (out / "gone.ics").unlink()
    doomed = ("old.ics", "evening/old.ics", "gone.ics", "foreign.ics", "edited.ics", "all.ics")
    outcome = publish(out, FEEDS, doomed)
    assert outcome.removed == ("old.ics", "evening/old.ics")
    assert snapshot(out) == FEEDS | {"foreign.ics": b"mine", "edited.ics": b"by hand"}
    assert outcome.exit is Exit.LEFT_ALONE
    assert words(outcome) == [
        f"IOP633: '{out}/edited.ics' is no longer wanted but was changed by hand, so it was not removed"
    ]
    assert publish(out, FEEDS, doomed) == Outcome(unchanged=3)


def test_nothing_is_removed_behind_a_link(out: Path, tmp_path: Path) -> None:
    publish(out, FEEDS | {"old.ics": b"old"})
    (out / "evening").rename(tmp_path / "elsewhere")
    (out / "evening").symlink_to(tmp_path / "elsewhere")
    (out / "old.ics").rename(tmp_path / "old.ics")
    (out / "old.ics").symlink_to(tmp_path / "old.ics")
    outcome = publish(out, {"all.ics": b"all"}, ("evening/staff.ics", "old.ics"))
    assert outcome.exit is Exit.LEFT_ALONE
    assert (tmp_path / "elsewhere" / "staff.ics").read_bytes() == b"staff"
    assert (tmp_path / "old.ics").read_bytes() == b"old"
    assert outcome.removed == ()


def in_the_way(out: Path, name: str, kind: str) -> None:
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(out.parent)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(b"")


@pytest.mark.parametrize(
    ("name", "kind", "line"),
    [
        ("all.ics", "folder", "IOP625: '{}' could not be written: a folder is in its place"),
        ("all.ics", "link", "IOP626: '{}' could not be written: it is a link to another place"),
        ("evening/staff.ics", "link", "IOP626: '{}' could not be written: it is a link to another place"),
        (
            "all.ics",
            "pipe",
            "IOP625: '{}' could not be written: something that is no ordinary file is in its place",
        ),
        ("evening", "file", "IOP625: '{}' could not be written: a file is in the place of the folder"),
        ("evening", "link", "IOP626: '{}' could not be written: it is a link to another place"),
    ],
)
def test_something_else_in_the_place_of_a_file_writes_nothing(
    out: Path, name: str, kind: str, line: str
) -> None:
    in_the_way(out, name, kind)
    outcome = publish(out, FEEDS, adopt=True)
    assert outcome.exit is Exit.PROBLEMS
    assert words(outcome) == [line.format(out / name)]
    assert {path.name for path in out.iterdir()} == {".iopcal.lock", name.partition("/")[0]}


@pytest.mark.parametrize(
    ("name", "kind", "line"),
    [
        ("calendars", "file", "IOP625: '{}' could not be written: a file is in the place of the folder"),
        ("calendars", "link", "IOP626: '{}' could not be written: it is a link to another place"),
        (
            "nowhere/calendars",
            "",
            "IOP624: '{}' could not be written: the folder it belongs in does not exist",
        ),
    ],
)
def test_an_output_folder_that_is_none_is_told_in_words(
    tmp_path: Path, name: str, kind: str, line: str
) -> None:
    if kind:
        in_the_way(tmp_path, name, kind)
    before = snapshot(tmp_path, hidden=True)
    with pytest.raises(OSError, match="calendars") as caught:
        publish(tmp_path / name, FEEDS)
    exit, problem = trouble(caught.value)
    assert exit is Exit.PROBLEMS
    assert f"{problem.code}: {problem.message}" == line.format(tmp_path / name)
    assert snapshot(tmp_path, hidden=True) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("barred", ["folder", "subfolder"])
def test_a_folder_of_somebody_else_is_told_in_words(barred: str) -> None:
    def as_nobody(path: Path) -> int:
        os.setuid(65534)
        try:
            outcome = publish(path, {"evening/staff.ics": b"new"})
        except OSError as error:
            print(trouble(error).problem.message)
            return trouble(error).exit
        print(*words(outcome))
        return outcome.exit

    with sandbox() as where:
        where.chmod(0o755)
        publish(where / "out", FEEDS)
        for path in (where / "out").rglob("*"):
            os.chown(path, 65534, 65534)
        (where / "out").chmod(0o777 if barred == "subfolder" else 0o755)
        os.chown(where / "out" / "evening", 0, 0)
        (where / "out" / "evening").chmod(0o755)
        before = snapshot(where)
        result = run_forked(lambda: as_nobody(where / "out"))
        assert result.code == Exit.PROBLEMS, result
        assert NO_RIGHT in result.output
        assert "Traceback" not in result.output
        assert snapshot(where) == before


def broken_writes(monkeypatch: pytest.MonkeyPatch, code: int, number: int) -> None:
    """Lets the write of the given number among those of feeds fail, and all later ones."""
    real, count = os.write, []

    def write(descriptor: int, data: bytes) -> int:
        if bytes(data[:4]) == b"feed":
            count.append(1)
            if len(count) >= number:
                raise OSError(code, os.strerror(code))
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)


@pytest.mark.parametrize(
    ("code", "number", "exit", "line"),
    [
        (errno.ENOSPC, 1, Exit.LATER, "IOP620: '{}/1.ics' could not be written: the disk is full"),
        (errno.ENOSPC, 3, Exit.PARTLY, "IOP620: '{}/3.ics' could not be written: the disk is full"),
        (errno.EIO, 2, Exit.PARTLY, "IOP621: '{}/2.ics' could not be written: the disk reports an error"),
        (errno.EACCES, 1, Exit.PROBLEMS, f"IOP622: '{{}}/1.ics' could not be written: {NO_RIGHT}"),
        (errno.EROFS, 1, Exit.PROBLEMS, "IOP623: '{}/1.ics' could not be written: the disk can only be read"),
        (errno.EACCES, 2, Exit.PARTLY, f"IOP622: '{{}}/2.ics' could not be written: {NO_RIGHT}"),
    ],
)  # fmt: skip
def test_the_first_error_ends_the_work_with_one_line_and_the_next_run_finishes(
    out: Path, monkeypatch: pytest.MonkeyPatch, code: int, number: int, exit: Exit, line: str
) -> None:
    wanted = {f"{each}.ics": b"feed %d" % each for each in range(1, 6)}
    publish(out, {"old.ics": b"old"})
    with monkeypatch.context() as patch:
        broken_writes(patch, code, number)
        outcome = publish(out, wanted, ("old.ics",))
    assert outcome.exit is exit
    assert words(outcome) == [line.format(out)]
    assert outcome.written == tuple(wanted)[: number - 1]
    assert outcome.removed == ()
    assert publish(out, wanted, ("old.ics",)).exit is Exit.DONE
    assert snapshot(out) == wanted


def test_what_runs_broken_off_have_left_is_swept_and_nothing_else(out: Path) -> None:
    publish(out, FEEDS)
    for name in (".iopcal-0.tmp", "evening/.iopcal-1.tmp", ".iopcal-kept-x", "other.tmp", ".hidden"):
        (out / name).write_bytes(b"half")
    (out / ".iopcal-folder.tmp").mkdir()
    (out / ".iopcal-link.tmp").symlink_to(out / "all.ics")
    publish(out, FEEDS)
    left = {str(path.relative_to(out)) for path in out.rglob("*")} - {*FEEDS, MANIFEST, ".iopcal.lock"}
    assert left == {"evening", ".iopcal-kept-x", "other.tmp", ".hidden", ".iopcal-folder.tmp"}
    assert snapshot(out) == FEEDS | {"other.tmp": b"half"}


def test_a_manifest_cut_at_any_byte_is_put_aside_and_removes_nothing(tmp_path: Path) -> None:
    with sandbox() as where:
        out = where / "out"
        publish(out, {"all.ics": b"all", "old.ics": b"old"})
        whole = (out / MANIFEST).read_bytes()
        for length in range(len(whole) - 1):
            (out / MANIFEST).write_bytes(whole[:length])
            outcome = publish(out, {"all.ics": b"all"}, ("old.ics",))
            assert outcome.exit is Exit.DONE, length
            assert words(outcome) == [
                f"IOP632: '{out}/{MANIFEST}' is damaged, so the list of files made by iopcal starts anew"
            ]
            assert outcome.problems[0].severity == "warning"
            assert (out / ".iopcal-kept-iopcal-manifest.json").read_bytes() == whole[:length]
            assert snapshot(out) == {"all.ics": b"all", "old.ics": b"old"}


def test_a_manifest_mended_before_the_lock_was_taken_is_not_called_damaged(out: Path) -> None:
    publish(out, FEEDS)
    whole = (out / MANIFEST).read_bytes()
    (out / MANIFEST).write_bytes(b"oops")
    folder = Folder(out)
    assert folder.manifest.names == frozenset()
    (out / MANIFEST).write_bytes(whole)
    with folder.lock(now=NOW):
        assert folder.replace(FEEDS) == Outcome(unchanged=3)


def test_a_manifest_with_any_bit_flipped_never_removes_another_file() -> None:
    with sandbox() as where:
        out = where / "out"
        publish(out, {"all.ics": b"all", "old.ics": b"old"})
        whole = (out / MANIFEST).read_bytes()
        (out / "ald.ics").write_bytes(b"mine")
        for place in range(len(whole)):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << place % 8
            (out / MANIFEST).write_bytes(damaged)
            names = Folder(out).manifest.names - {"all.ics"}
            outcome = publish(out, {"all.ics": b"all"}, tuple(names))
            assert outcome.exit in (Exit.DONE, Exit.LEFT_ALONE), place
            assert snapshot(out).items() >= {"all.ics": b"all", "ald.ics": b"mine"}.items(), place
            (out / "old.ics").write_bytes(b"old")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"7", b"{}", b"\xff", b"[" * 100_000,
        b'{"version": 2, "files": {}, "begun": []}',
        b'{"version": 1, "files": [], "begun": []}',
        b'{"version": 1, "files": {"a.ics": 1}, "begun": []}',
        b'{"version": 1, "files": {"a.ics": "00"}, "begun": []}',
        b'{"version": 1, "files": {}, "begun": [1]}',
        b'{"version": 1, "files": {}, "begun": ["../precious"]}',
        b'{"version": 1, "files": {"../precious": "%s"}, "begun": []}' % sha256(b"").hexdigest().encode(),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_manifest_that_we_would_not_have_written_counts_as_none(out: Path, content: bytes) -> None:
    publish(out, FEEDS)
    (out.parent / "precious").write_bytes(b"")
    (out / MANIFEST).write_bytes(content)
    assert Folder(out).manifest.names == frozenset()
    assert publish(out, FEEDS, ("../precious",)).problems[0].code == "IOP632"
    assert (out.parent / "precious").exists()
    assert publish(out, FEEDS).problems == ()


def test_files_begun_by_a_killed_run_are_ours_even_if_they_shall_hold_other_bytes_now(out: Path) -> None:
    out.mkdir()
    (out / MANIFEST).write_text('{"version": 1, "files": {}, "begun": ["all.ics", "b.ics", "c.ics"]}')
    for name in ("all.ics", "b.ics"):
        (out / name).write_bytes(b"of the killed run")
    assert publish(out, {"all.ics": b"all"}).exit is Exit.DONE
    assert Folder(out).manifest.begun == {"b.ics"}
    assert publish(out, {"b.ics": b"b"}).exit is Exit.DONE
    assert Folder(out).manifest.begun == frozenset()
    assert snapshot(out) == {"all.ics": b"all", "b.ics": b"b"}


def test_two_programs_can_be_published_under_one_lock(out: Path) -> None:
    folder = Folder(out)
    with folder.lock(now=NOW):
        assert folder.replace({"one/a.ics": b"1", "one/old.ics": b"1"}).exit is Exit.DONE
        assert folder.replace({"two/a.ics": b"2"}).exit is Exit.DONE
        assert folder.replace({"one/a.ics": b"11"}, ["one/old.ics"]).removed == ("one/old.ics",)
        assert folder.manifest.names == {"one/a.ics", "two/a.ics"}
    assert snapshot(out) == {"one/a.ics": b"11", "two/a.ics": b"2"}


def test_a_damaged_feed_is_kept_aside_as_a_copy(out: Path) -> None:
    publish(out, FEEDS)
    folder = Folder(out)
    with folder.lock(now=NOW):
        assert folder.keep_aside("evening/staff.ics") == "evening/.iopcal-kept-staff.ics"
        assert folder.keep_aside("all.ics") == ".iopcal-kept-all.ics"
    assert snapshot(out) == FEEDS
    assert (out / "evening" / ".iopcal-kept-staff.ics").read_bytes() == b"staff"


def test_reading_needs_no_lock_and_no_folder(out: Path) -> None:
    assert Folder(out).read("all.ics") is None
    assert Folder(out).manifest.names == frozenset()
    publish(out, FEEDS)
    assert Folder(out).read("evening/staff.ics") == b"staff"


def test_writing_without_the_lock_is_a_bug_of_ours(out: Path) -> None:
    publish(out, FEEDS)
    folder = Folder(out)
    with folder.lock(now=NOW):
        pass
    for work in (lambda: folder.replace({}), folder.sweep, lambda: folder.keep_aside("all.ics")):
        with pytest.raises(RuntimeError, match="not locked"):
            work()


@pytest.mark.parametrize(
    "name",
    ["", "/", "a/", "/a", "..", "../a", "a/..", "a/../b", "a/b/c", ".a", "a/.b", "a\\b", "a:b", "a\0", "a\n",
     "a*",
     "a ", " a", "a.", "con", "NUL.ics", "a/com1.ics", "a|b", "<a>"],
)  # fmt: skip
def test_an_unsafe_name_is_a_bug_of_ours_and_touches_nothing(out: Path, name: str) -> None:
    with pytest.raises(ValueError, match="unsafe"):
        publish(out, {"all.ics": b"all", name: b"x"})
    with pytest.raises(ValueError, match="unsafe"):
        Folder(out).read(name)
    assert snapshot(out) == {}


def test_names_that_differ_in_case_only_are_a_bug_of_ours(out: Path) -> None:
    with pytest.raises(ValueError, match=r"A\.ics"):
        publish(out, {"a.ics": b"", "A.ics": b""})


def test_letters_of_any_script_may_be_in_a_name(out: Path) -> None:
    wanted = {f"{name}.ics": name.encode() for name in ("früh", "夜间", "вечер", "a_b-c.d", "console")}
    assert publish(out, wanted).exit is Exit.DONE
    assert snapshot(out) == wanted


@pytest.mark.parametrize(
    ("code", "exit", "line"),
    [
        (
            errno.EDQUOT,
            Exit.LATER,
            "IOP620: this account may store no more on the disk",
        ),
        (errno.EMFILE, Exit.LATER, "IOP621: too many files are open"),
        (errno.EINTR, Exit.LATER, "IOP621: the work was interrupted"),
        (errno.EPERM, Exit.PROBLEMS, "IOP622: the system does not allow it"),
        (
            errno.ENAMETOOLONG,
            Exit.PROBLEMS,
            "IOP627: its name is too long for the disk",
        ),
        (errno.ENODEV, Exit.PROBLEMS, "IOP628: no such device"),
    ],
)
def test_an_error_of_the_system_is_one_plain_line(code: int, exit: Exit, line: str) -> None:
    found = trouble(OSError(code, os.strerror(code), "x"), "read")
    number, _, cause = line.partition(": ")
    assert (found.exit, found.problem.code) == (exit, number)
    assert found.problem.message == f"'x' could not be read: {cause}"


def test_an_error_without_a_number_still_gives_a_line() -> None:
    assert trouble(TimeoutError()).problem.message == "'' could not be written: timeouterror"
