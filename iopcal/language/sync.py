"""The keys at the top of a `sync.yaml`, and `read_sync`."""

from __future__ import annotations

from collections.abc import Callable

from iopcal.language.admin_values import PATH
from iopcal.language.credentials import (
    CLIENT,
    CREDENTIALS,
    KEY_FILE,
    SERVICE_ACCOUNT,
    SIGNED_IN,
    SUBJECT,
    TEST,
    TOKEN,
)
from iopcal.language.credentials import KIND as WAY
from iopcal.language.fields import Field, Row, Table, Value, list_of, read_row, scalar
from iopcal.language.report import Report, shown
from iopcal.language.sync_rules import check_files, check_targets, files_of
from iopcal.language.sync_runs import (
    GUARD,
    GUARD_KEY,
    HEARTBEAT,
    HEARTBEAT_KEY,
    RETRY,
    RETRY_KEY,
    URL_FILE,
    build_guard,
    build_heartbeat,
    longest_of,
)
from iopcal.language.sync_targets import (
    ACCOUNT,
    BOOK,
    CALENDARS,
    CANCELLED,
    ENTRY,
    FEEDS,
    FOLDER,
    GOOGLE,
    ICS,
    NAME_KEY,
    REMIND_KEY,
    SALT,
    SHOW,
    TARGETS,
    TITLE_KEY,
    Entry,
)
from iopcal.model.sync import Credentials, Destination, GoogleTarget, Guard, IcsTarget, Sync
from iopcal.problems import Problem, has_errors
from iopcal.source import Mapping, Node, Scalar

Match = Callable[[str], tuple[str, ...]]
"""Returns the files that a pattern finds, relative to the folder of the sync file, sorted."""

Beside = Callable[[str], str]
"""Returns a path of the sync file as found from the working folder; '' where `~` leads nowhere."""

VERSION = "1"
DEFAULT_STATE = "~/.local/state/iopcal"
_MOST_PATTERNS = 1000


def _read_version(node: Node, report: Report) -> str | None:
    found = scalar(node, report, "the version of the language")
    if found is not None and found.text != VERSION:
        message = f"{shown(found.text)} is not a version of sync files that is known here"
        report.error(found.place, "IOP173", message, f"write 'iopcal-sync: {VERSION}'")
        return None
    return VERSION if found else None


_VERSION: Field[str] = Field(
    "iopcal-sync", Value(_read_version, {"enum": [1, VERSION]}), "version of the language, `1`", needed=True
)
_PROGRAMS: Field[tuple[Scalar, ...]] = Field(
    "programs",
    list_of(PATH, "patterns", most=_MOST_PATTERNS, keep=True),
    "list of program files, or patterns such as `programs/*.yaml` that find some, relative to this file",
    needed=True,
)
_STATE: Field[Scalar] = Field(
    "state", PATH, f"the folder of cache, locks and health file; default `{DEFAULT_STATE}`"
)

_METRICS: Field[Scalar] = Field("metrics", PATH, "a file for Prometheus' text-file collector")

SYNC = Table(
    "a sync file",
    (
        _VERSION, _PROGRAMS, _STATE, CREDENTIALS, TARGETS, GUARD_KEY, RETRY_KEY, HEARTBEAT_KEY, _METRICS,
    ),
    later=("hooks",),
    synonyms={
        "iopcal": "iopcal-sync", "version": "iopcal-sync", "program": "programs", "target": "targets",
        "credential": "credentials", "brake": "guard",
    },
)  # fmt: skip
TABLES = {
    "sync file": SYNC,
    "service account": SERVICE_ACCOUNT,
    "user": SIGNED_IN,
    "Google calendars": GOOGLE,
    "calendar of a feed": ENTRY,
    "files in a folder": ICS,
    "guard": GUARD,
    "retry": RETRY,
    "heartbeat": HEARTBEAT,
}
"""Each group of keys, in the order of the reference page."""


def read_sync(
    node: Node, match: Match, beside: Beside, state: str = ""
) -> tuple[Sync | None, tuple[Problem, ...]]:
    """Reads the nodes of a sync file; returns what it says, and all problems sorted by place.

    `state` stands in for the folder that the file names. The result is None where there are errors.
    """
    report = Report()
    if isinstance(node, Mapping) and _is_program(node):
        hint = "a sync file begins with 'iopcal-sync: 1' and names its programs under 'programs'"
        message = "this is a program, where a sync file belongs"
        report.error(node.entries[0][0].place, "IOP540", message, hint)
        return None, tuple(report.problems)
    row = read_row(SYNC, node, report)
    sync = _build(row, match, _Files(beside, report), state, report) if row is not None else None
    if has_errors(report.problems) or report.prevents_a_program():
        sync = None
    return sync, tuple(sorted(report.problems))


def _is_program(node: Mapping) -> bool:
    keys = {key.text for key, _ in node.entries}
    return _VERSION.key not in keys and len(keys & {"program", "timezone", "sessions", "phases"}) > 1


def sign_in_to_nothing(sync: Sync) -> tuple[Problem, ...]:
    """Returns a problem for each way to sign in that is of use against a test server alone (IOP537)."""
    message = "'none' signs in to nothing: it is for test servers alone"
    hint = "write 'kind: service-account' or 'kind: user'"
    return tuple(
        Problem(each.place, "IOP537", message, hint) for each in sync.credentials if each.kind == TEST
    )


class _Files:
    """Paths of the sync file, as found from the working folder."""

    def __init__(self, beside: Beside, report: Report) -> None:
        self._beside, self._report = beside, report

    def path(self, row: Row, field: Field[Scalar]) -> str:
        """Returns the path of a key, '' where it has none or one that leads nowhere (IOP541)."""
        found = row.get(field)
        return self.found(found) if found else ""

    def found(self, path: Scalar) -> str:
        """Returns one path, '' where it leads nowhere (IOP541)."""
        where = self._beside(path.text)
        if not where:
            message = f"{shown(path.text)} begins in the home folder, and this account has none"
            self._report.error(path.place, "IOP541", message, "write the whole path")
        return where


def _build(row: Row, match: Match, files: _Files, state: str, report: Report) -> Sync:
    ways = row.get(CREDENTIALS) or ()
    targets = row.get(TARGETS) or ()
    check_targets(targets, row, report)
    read, ours = False, True
    heartbeat, guard = row.get(HEARTBEAT_KEY), row.get(GUARD_KEY)
    named = [
        file for _, way in ways for file in files_of(way, (KEY_FILE, read), (CLIENT, read), (TOKEN, ours))
    ]
    named += files_of(heartbeat, (URL_FILE, read)) if heartbeat else []
    named += files_of(row, (_METRICS, ours))
    named += [file for target in targets for file in files_of(target, (BOOK, ours), (FOLDER, ours))]
    check_files(named, report)
    folder = row.get(_STATE) or Scalar(DEFAULT_STATE, row.place)
    return Sync(
        programs=_programs(row.get(_PROGRAMS) or (), match, report),
        state=state or files.found(folder),
        credentials=tuple(_credentials(name, way, files) for name, way in ways),
        targets=tuple(_target(target, files) for target in targets),
        guard=build_guard(guard) if guard else Guard(),
        longest=longest_of(row.get(RETRY_KEY)),
        heartbeat=build_heartbeat(heartbeat, files.path(heartbeat, URL_FILE)) if heartbeat else None,
        metrics=files.path(row, _METRICS),
    )


def _programs(patterns: tuple[Scalar, ...], match: Match, report: Report) -> tuple[str, ...]:
    """Returns the files that all patterns find, each once; reports a pattern that finds none (IOP530)."""
    files: dict[str, None] = {}
    for pattern in patterns:
        found = match(pattern.text)
        files.update(dict.fromkeys(found))
        if not found:
            hint = "paths are relative to the folder of this file; check the name"
            report.error(pattern.place, "IOP530", f"{shown(pattern.text)} finds no program file", hint)
    return tuple(files)


def _credentials(name: Scalar, row: Row, files: _Files) -> Credentials:
    return Credentials(
        name=name.text,
        kind=row.get(WAY) or "",
        file=files.path(row, KEY_FILE),
        subject=row.get(SUBJECT) or "",
        client=files.path(row, CLIENT),
        token=files.path(row, TOKEN),
        place=name.place,
    )


def _target(row: Row, files: _Files) -> GoogleTarget | IcsTarget:
    name, account = row.get(NAME_KEY), row.get(ACCOUNT)
    title = name.text if name else ""
    if row.table is not GOOGLE:
        feeds = tuple(feed.text for feed in row.get(FEEDS) or ())
        return IcsTarget(title, files.path(row, FOLDER), feeds, row.place)
    target = GoogleTarget(
        name=title,
        credentials=account.text if account else "",
        destinations=tuple(_destination(entry) for entry in row.get(CALENDARS) or ()),
        book=files.path(row, BOOK),
        place=row.place,
    )
    calendars = row.get(TITLE_KEY)
    return target._replace(title=calendars) if calendars else target


def _destination(entry: Entry) -> Destination:
    plain = Destination(entry.feed.text, entry.calendar.text, place=entry.feed.place)
    if entry.row is None:
        return plain
    return plain._replace(
        salt=entry.row.get(SALT) or "",
        remind=entry.row.get(REMIND_KEY) or (),
        show_cancelled=entry.row.get(CANCELLED) == SHOW,
    )
