"""Looks at this computer and a sync file's files, for `iopcal doctor`; asks nobody else, writes nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISLNK
from typing import TYPE_CHECKING

from iopcal import __version__
from iopcal.cli import findings
from iopcal.cli.findings import FAIL, OK, WARN, Finding
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Problem
from iopcal.targets.trouble import Trouble, trouble

if TYPE_CHECKING:
    from iopcal.cli.syncing import LoadedSync
    from iopcal.jobs import Jobs
    from iopcal.model.sync import Sync
    from iopcal.targets.google.health import State
    from iopcal.targets.google.tokens import World

_PACKAGES = (
    "click", "PyYAML", "icalendar", "holidays", "tzdata", "rich", "filelock", "google-api-python-client",
    "google-auth", "httplib2", "python-dateutil",
)  # fmt: skip
_BARE_PATH = "/usr/bin:/bin"
_LONGEST = 60  # seconds that a bare run may take
_TESTING = ("IOPCAL_GOOGLE_API_ROOT", "IOPCAL_WAIT_SCALE")
_INSTALLED = frozenset({"site-packages", "dist-packages"})


class Site(NamedTuple):
    """A sync file that was read, what there is to do, and how its feeds stand."""

    file: str
    loaded: LoadedSync
    sync: Sync
    jobs: Jobs
    health: Mapping[str, State]


def of_computer(now: datetime, health: Mapping[str, State]) -> list[Finding]:
    """Looks at versions, zone data and the clock."""
    zones, packaged = _zone_data()
    needed = _requirements()
    names = dict.fromkeys((*_PACKAGES, *(name for name, _, _ in (each.partition(">") for each in needed))))
    packages = {name: _version(name) for name in names}
    python = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return [
        *findings.of_versions(python, __version__, zones or packaged, packages, needed),
        *findings.of_zone_data(zones, packaged),
        findings.of_clock(now, packaged, findings.last_well(health.values())),
    ]


def of_surroundings(file: str | None, environment: Mapping[str, str]) -> list[Finding]:
    """Runs iopcal as cron would: no terminal, home, language or variables, and another working folder.

    `file` is the sync file, None where there is none that can be read.
    """
    words = ["status", "--json", str(Path(file).absolute())] if file else ["--version"]
    code, said = _bare(words, environment)
    if code == Exit.DONE:
        found = [Finding(OK, "works without terminal, HOME or LANG, from any folder")]
    else:
        words_said = f": {said}" if said else ""
        message = f"without terminal, HOME or LANG iopcal ends with {code}{words_said}"
        found = [findings.fail("IOP554", message, "write whole paths in the sync file, without ~")]
    return [*found, *findings.of_variables(environment)]


def of_files(loaded: LoadedSync) -> list[Finding]:
    """Looks at the sync file, and at its programs and what they name."""
    found = findings.of_problems(loaded.file, loaded.problems)
    for each in loaded.programs:
        found += findings.of_problems(each.file, each.problems)
    if not any(each.state == FAIL for each in found):
        count = len(loaded.programs)
        found.insert(
            0, Finding(OK, f"{loaded.file} and {count} program{'' if count == 1 else 's'} can be used")
        )
    people = {
        person.place.file
        for each in loaded.programs
        if each.program is not None
        for person in each.program.participants
    }
    for name in sorted(people):
        found += kept_from_others(Path(name), 0o007, "640", "it names people")
    return found


def of_secrets(site: Site, world: World) -> list[Finding]:
    """Looks at keys, logins, books and the address of the heartbeat; none of them is sent anywhere."""
    from iopcal.cli.books import books_of
    from iopcal.targets.google.credentials import Account, account, denied, scopes_of
    from iopcal.targets.google.tokens import missing
    from iopcal.targets.heartbeat import address_of

    sync = site.sync
    found: list[Finding] = []
    for each in sync.credentials:
        scopes = scopes_of(sync, each.name)
        bearer = account(each, scopes, Path(sync.state), world)
        if isinstance(bearer, Trouble):
            found.append(findings.of_trouble(bearer))
        elif isinstance(bearer, Account) and bearer.held and missing(scopes, bearer.held.scopes):
            found.append(findings.of_trouble(denied(each, "scope", site.file)))
    found += [findings.of_trouble(book) for book in books_of(sync).values() if isinstance(book, Trouble)]
    if sync.heartbeat:
        address = address_of(sync.heartbeat, world.environment)
        if isinstance(address, Problem):
            code = Exit.CREDENTIALS if address.code == "IOP505" else Exit.PROBLEMS
            found.append(findings.fail(address.code, address.message, address.hint, code))
    named = len(sync.credentials) + bool(sync.heartbeat)
    return found or ([Finding(OK, "secrets can be read by this account alone")] if named else [])


def of_folders(sync: Sync) -> list[Finding]:
    """Looks whether the state folder, folders of feeds and the folder of the figures can be written."""
    from iopcal.model.sync import IcsTarget

    state = Path(sync.state)
    refused = list(_unwritable_state(state))
    found = [*refused, *kept_from_others(state, 0o077, "700", "it tells which calendars there are")]
    if not refused:
        found.append(Finding(OK, f"the state folder '{state}' can be written"))
    folders = [Path(target.folder) for target in sync.targets if isinstance(target, IcsTarget)]
    for folder in folders:
        found.append(_writable(folder, folder.parent))
    if sync.metrics:
        folder = Path(sync.metrics).parent
        found.append(_writable(folder, None))
    return found


def of_runs(site: Site, now: datetime) -> list[Finding]:
    """Looks whether another run is busy, and when each target was last well."""
    from iopcal.cli.afterwards import feeds_of
    from iopcal.model.sync import IcsTarget
    from iopcal.targets import locks
    from iopcal.targets.folder import LOCK

    held = [*Path(site.sync.state).glob("*.lock")]
    held += [Path(target.folder) / LOCK for target in site.sync.targets if isinstance(target, IcsTarget)]
    busy = sorted({holder for lock in held if (holder := locks.holder(lock)) is not None})
    found = [
        Finding(WARN, f"another run is busy{f': {holder}' if holder else ''}", "wait until it has ended")
        for holder in busy
    ]
    found = found or [Finding(OK, "no other run is busy")]
    local = now.astimezone()
    served = [*(each.feed for each in site.jobs.calendars), *(each.feed for each in site.jobs.refused)]
    for target, feeds in feeds_of(site.sync, served).items():
        states = [site.health[name] for name in sorted(feeds) if name in site.health]
        found.append(findings.of_age(target, states, now, local))
    return found


def of_jobs(jobs: Jobs) -> list[Finding]:
    """Looks whether every feed that is named can be served."""
    found = findings.of_problems("the sync file", jobs.problems)
    return found + [findings.of_trouble(each.trouble) for each in jobs.refused]


def _zone_data() -> tuple[str, str]:
    """Returns the releases of the computer's zone data and of the package's, '' for none."""
    from iopcal.targets.zone_table import packaged_file, table_folder, version

    folder = table_folder("America/New_York")
    try:
        packaged = version(packaged_file("tzdata.zi"))
    except (OSError, ModuleNotFoundError):
        packaged = ""
    if folder is None:
        return "", packaged
    return version(folder / "+VERSION") or version(folder / "tzdata.zi"), packaged


def _requirements() -> list[str]:
    """Returns what iopcal needs, as in `click>=8.1`; nothing where it is not installed."""
    try:
        return [each for each in metadata.requires("iopcal") or () if ";" not in each]
    except metadata.PackageNotFoundError:
        return []


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _bare(words: Iterable[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Runs iopcal with next to no environment; returns its exit code and the first line it complains with."""
    bare = {"PATH": _BARE_PATH, **{name: environment[name] for name in _TESTING if name in environment}}
    if "SYSTEMROOT" in environment:
        bare["SYSTEMROOT"] = environment["SYSTEMROOT"]
    package = Path(__file__).parents[2]
    if package.name not in _INSTALLED:
        bare["PYTHONPATH"] = str(package)  # it runs from a folder of sources
    try:
        done = subprocess.run(
            [sys.executable, "-m", "iopcal", *words],
            env=bare, cwd=Path(sys.executable).anchor, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_LONGEST, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return int(Exit.BUG), type(error).__name__
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return done.returncode, lines[0] if lines else ""


def kept_from_others(path: Path, bits: int, mode: str, why: str) -> list[Finding]:
    """Warns of a file or folder that others may look into; systems without such modes pass."""
    if os.name != "posix":
        return []
    try:
        found = S_IMODE(path.stat().st_mode)
    except OSError:
        return []
    if not found & bits:
        return []
    return [Finding(WARN, f"'{path}' has the mode {found:04o}, and {why}", f"chmod {mode} {path}")]


def _unwritable_state(state: Path) -> Iterator[Finding]:
    """Yields why the state folder cannot be written, or made."""
    there = next((each for each in (state, *state.absolute().parents) if each.exists()), Path("/"))
    if not there.is_dir():
        yield findings.of_trouble(trouble(OSError(errno.ENOTDIR, "", str(state))))
    elif not os.access(there, os.W_OK | os.X_OK):
        yield findings.of_trouble(trouble(OSError(errno.EACCES, "", str(state))))


def _writable(folder: Path, above: Path | None) -> Finding:
    """Says whether a folder can be written; `above` is the one in which it would be made, None: nowhere."""
    number = 0
    try:
        mode = folder.lstat().st_mode
    except OSError:
        if above is None or not above.is_dir():
            number = errno.ENOENT
        elif not os.access(above, os.W_OK | os.X_OK):
            number = errno.EACCES
    else:
        if not S_ISDIR(mode):
            number = errno.ELOOP if S_ISLNK(mode) else errno.ENOTDIR
        elif not os.access(folder, os.W_OK | os.X_OK):
            number = errno.EACCES
    if number:
        return findings.of_trouble(trouble(OSError(number, "", str(folder))))
    return Finding(OK, f"'{folder}' can be written")
