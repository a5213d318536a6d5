"""What the commands share that take a `sync.yaml`: finding it, reading it with all its programs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iopcal.cli.common import Loaded, load_many, read_file
from iopcal.cli.participants import roster_of
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Problem, has_errors

if TYPE_CHECKING:
    from iopcal.attendance import Roster
    from iopcal.model.sync import Sync

DEFAULT_FILES = ("sync.yaml", "configs/sync.yaml")
_FIRST_KEY = re.compile(rb"^(?:\xef\xbb\xbf)?(?:\{ *)?['\"]?iopcal-sync['\"]?[ \t]*:", re.M)


class LoadedSync(NamedTuple):
    """One sync file and all its programs. `sync` is None where it has errors."""

    file: str
    sync: Sync | None
    programs: tuple[Loaded, ...]
    problems: tuple[Problem, ...]  # of the sync file itself
    texts: Mapping[str, str]  # of every file read, by name, for excerpts
    rosters: Mapping[str, Roster]  # of programs with participants, by the id of the program

    @property
    def sound(self) -> bool:
        """Whether it and every program are without errors."""
        return self.sync is not None and all(each.sound for each in self.programs)

    def all_problems(self) -> tuple[Problem, ...]:
        """Returns the problems of the sync file and of its programs, sorted by place."""
        return tuple(sorted((*self.problems, *(found for each in self.programs for found in each.problems))))


def sync_file(given: str | None = None) -> str:
    """Returns the sync file a command shall use; raises UsageError when none is named and none is there."""
    found = given or next((name for name in DEFAULT_FILES if Path(name).is_file()), None)
    if found is None:
        raise click.UsageError(f"name a sync file; there is no {' and no '.join(DEFAULT_FILES)} here")
    return found


def is_sync_file(file: str) -> bool:
    """Says whether a file has the key `iopcal-sync` at the beginning of a line."""
    try:
        with Path(file).open("rb") as opened:
            return _FIRST_KEY.search(opened.read(262_144)) is not None
    except OSError:
        return False


def load_sync(file: str, today: date | None = None) -> LoadedSync:
    """Reads a sync file and every program it names; paths come out as found from the working folder."""
    sync, programs, problems, texts = _read(file)
    loaded = []
    rosters: dict[str, Roster] = {}
    for each in load_many(programs, today):
        texts |= each.texts
        roster = roster_of(each, today)
        if roster is not None and each.program is not None:
            rosters[each.program.id] = roster
            errors = (problem for problem in roster.all_problems() if problem.severity == "error")
            each = each._replace(problems=tuple(sorted((*each.problems, *errors))))
        loaded.append(each)
    return LoadedSync(file, sync, tuple(loaded), problems, texts, rosters)


def load_all(files: Iterable[str]) -> list[Loaded]:
    """Reads programs, and in the place of a sync file itself and its programs; each file once."""
    whole: list[Loaded] = []
    programs: list[str] = []
    for file in dict.fromkeys(files):
        if is_sync_file(file):
            _, named, problems, texts = _read(file)
            whole.append(Loaded(file, None, None, problems, texts))
            programs += named
        else:
            programs.append(file)
    return whole + load_many(programs)


def _read(file: str) -> tuple[Sync | None, list[str], tuple[Problem, ...], dict[str, str]]:
    """Returns what a sync file says, the program files it names, its problems, and its text by name."""
    from iopcal import source
    from iopcal.language.sync import read_sync, sign_in_to_nothing

    texts: dict[str, str] = {}
    named: dict[str, None] = {}
    folder = Path(file).parent

    def match(pattern: str) -> tuple[str, ...]:
        found = _matching(folder, pattern, Path(file))
        named.update(dict.fromkeys(found))
        return found

    data, problems = read_file(file, Path(file), texts)
    if data is None:
        return None, [], problems, texts
    node, problems = source.read(data, file, source.SYNC)
    if node is None:
        return None, [], problems, texts
    sync, found = read_sync(
        node, match, lambda path: _beside(folder, path), os.environ.get("IOPCAL_STATE", "")
    )
    if sync is not None and not os.environ.get("IOPCAL_GOOGLE_API_ROOT"):
        found += sign_in_to_nothing(sync)
    problems = tuple(sorted((*problems, *found)))
    sync = None if sync is None or has_errors(problems) else _with_systemd(sync)
    return sync, list(named), problems, texts


def _beside(folder: Path, path: str) -> str:
    """Returns a path of the sync file as found from the working folder; '' where `~` leads nowhere."""
    try:
        return str(folder / Path(path).expanduser())
    except RuntimeError:
        return ""


def _matching(folder: Path, pattern: str, but: Path) -> tuple[str, ...]:
    """Returns the files that a path or pattern finds, sorted; no hidden ones, and not the sync file."""
    try:
        exact = Path(_beside(folder, pattern) or pattern)
        if exact.is_file():
            found = [exact]
        else:
            wanted = Path(pattern).expanduser()
            base = Path(wanted.anchor) if wanted.is_absolute() else folder
            found = [path for path in base.glob(str(wanted.relative_to(wanted.anchor))) if path.is_file()]
            found = [path for path in found if not path.name.startswith(".")]
        return tuple(sorted(str(path) for path in found if not path.samefile(but)))
    except (
        OSError,
        ValueError,
        RuntimeError,
    ):  # a name no disk can have, `**` beside letters, no home folder
        return ()


def _with_systemd(sync: Sync) -> Sync:
    """Returns the same with secrets from systemd's folder of credentials, where it has files of their name.

    See systemd.exec(5), LoadCredential=.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return sync

    def first(path: str) -> str:
        other = Path(folder) / Path(path).name
        return str(other) if path and other.is_file() else path

    heartbeat = sync.heartbeat
    return sync._replace(
        credentials=tuple(
            each._replace(file=first(each.file), client=first(each.client)) for each in sync.credentials
        ),
        heartbeat=heartbeat._replace(url_file=first(heartbeat.url_file)) if heartbeat else None,
    )
