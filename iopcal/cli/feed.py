"""`iopcal feed`: the addresses of personal calendars, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, load, now, print_json, voiced, worst
from iopcal.cli.publishing import named
from iopcal.cli.table import Whereabouts, change, whereabouts
from iopcal.problems import NOWHERE, Exit, Problem, nearest
from iopcal.words import count_words

if TYPE_CHECKING:
    from iopcal.targets.addresses import Table
    from iopcal.targets.feed_files import FeedFiles
    from iopcal.targets.trouble import Trouble


@click.group(epilog=EXIT_CODES)
def feed() -> None:
    """List, show, change or revoke the addresses of personal calendars.

    An ID is that of a participant, or the name of a calendar as `feed list` shows it, such as lead/asmith.
    """


_PROGRAM = click.argument("program")
_IDS = click.argument("ids", nargs=-1, metavar="ID...")
_OUTPUT = click.option(
    "-o",
    "--output",
    default="calendars",
    metavar="DIR",
    callback=named,
    help="The folder of build [calendars/].",
)
_WAIT = click.option(
    "--wait", type=click.FloatRange(0), default=10.0, metavar="SECONDS", help="Wait for a build."
)


@feed.command("list", epilog=EXIT_CODES)
@_PROGRAM
@voiced
def list_feeds(program: str, voice: Voice) -> None:
    """List the personal calendars: privacy, state, and six digits that tell addresses apart."""
    from iopcal.views.addresses import rows, text

    _, table = _table(program, voice)
    loaded = load(program).program if table.feeds else None
    found = rows(loaded, table.feeds)
    voice.result(text(found) if found else "no personal calendars")
    _end(voice, Exit.DONE, feeds=[row.as_json() for row in found])


@feed.command("show", epilog=EXIT_CODES)
@_PROGRAM
@click.argument("identity", metavar="ID")
@voiced
def show(program: str, identity: str, voice: Voice) -> None:
    """Print the address of a calendar: its path in the output folder. Who has it can read the calendar."""
    from iopcal.targets.feed_files import path_of

    _, table = _table(program, voice)
    found = {key: table.feeds[key] for key in _chosen(table, (identity,), voice)}
    good = {key: path_of(entry.token) for key, entry in found.items() if entry.token}
    if not good:
        since = next(iter(found.values())).since
        message = f"'{identity}' has no address: it was revoked on {since}"
        _refuse(voice, _problem(message, f"make a new one: iopcal feed rotate {program} {identity}"))
    for path in good.values():
        voice.result(path)
    _end(voice, Exit.DONE, feeds=[{"feed": key, "path": path} for key, path in good.items()])


@feed.command("rotate", epilog=EXIT_CODES)
@_PROGRAM
@_IDS
@click.option("--all", "every", is_flag=True, help="Of everybody: all need a new link.")
@_OUTPUT
@_WAIT
@voiced
def rotate(program: str, ids: tuple[str, ...], every: bool, output: str, wait: float, voice: Voice) -> None:
    """Make a new address, also where one was revoked. The old one is no longer good, at once."""
    from iopcal.targets import addresses

    if bool(ids) == every:
        raise click.UsageError("name who gets a new address, or give --all")
    where, table = _table(program, voice, missing=every)
    keys = tuple(table.feeds) if every else _chosen(table, ids, voice)

    today, fit = now().date().isoformat(), _fit(program)

    def new(found: Table | None) -> Table:
        return addresses.rotated(found, keys, today, fit) if found else table

    def move(files: FeedFiles, before: Table, after: Table) -> None:
        if every and files.mark not in ("", before.mark):  # of a table that is lost
            files.remove(files.known())
        for key in keys:
            if before.feeds[key].token != after.feeds[key].token and before.feeds[key].token:
                files.move(before.feeds[key].token, after.feeds[key].token)

    code = _do(where, table, new, move, output, wait, voice)
    many = count_words(len(keys), "new address", "new addresses")
    voice.result(f"{many}. To see one:  iopcal feed show {program} ID")
    _end(voice, code, rotated=sorted(keys))


@feed.command("revoke", epilog=EXIT_CODES)
@_PROGRAM
@_IDS
@_OUTPUT
@_WAIT
@voiced
def revoke(program: str, ids: tuple[str, ...], output: str, wait: float, voice: Voice) -> None:
    """Take a calendar away, at once; there is none again until `feed rotate` makes a new address."""
    from iopcal.targets import addresses

    if not ids:
        raise click.UsageError("name whose calendar is to be taken away")
    where, table = _table(program, voice)
    keys = _chosen(table, ids, voice)

    def without(found: Table | None) -> Table:
        return addresses.revoked(found or table, keys, now().date().isoformat())

    def remove(files: FeedFiles, before: Table, after: Table) -> None:
        files.remove(before.feeds[key].token for key in keys if before.feeds[key].token)

    code = _do(where, table, without, remove, output, wait, voice)
    many = count_words(len(keys), "calendar")
    voice.result(f"{many} revoked. What phones have fetched stays there until people remove it: tell them.")
    _end(voice, code, revoked=sorted(keys))


def _table(program: str, voice: Voice, *, missing: bool = False) -> tuple[Whereabouts, Table]:
    """Returns the table of a program, or tells why there is none and ends; `missing`: a new one will do."""
    from iopcal.targets import addresses
    from iopcal.targets.trouble import Trouble

    try:
        where = whereabouts(program)
    except OSError as error:
        cause = (error.strerror or type(error).__name__).lower()
        _refuse(
            voice, Trouble(Exit.PROBLEMS, Problem(NOWHERE, "IOP640", f"'{program}' cannot be read: {cause}"))
        )
    if not where.program:
        problem = Problem(NOWHERE, "IOP103", f"'{program}' gives no id of a program", "it needs the key 'id'")
        _refuse(voice, Trouble(Exit.PROBLEMS, problem))
    found = addresses.load(where.path, where.program)
    if isinstance(found, Trouble):
        _refuse(voice, found)
    if found is None and missing:
        found = _all_anew(program)
    if found is None:
        message = f"no calendar of '{where.program}' has an address yet: there is no '{where.path}'"
        _refuse(voice, _problem(message, f"addresses are made by: iopcal build {program}"))
    return where, found


def _all_anew(program: str) -> Table | None:
    """Returns a new table with an address for every calendar of a program."""
    from iopcal.personal import states
    from iopcal.targets import addresses

    loaded = load(program)
    if not loaded.sound or loaded.program is None:
        return None
    table, today = addresses.new_table(), now().date()
    keys = [key for key, state in states(loaded.program, table, today).items() if not state]
    return addresses.with_new(table, keys, today.isoformat(), _fit(program))


def _fit(program: str) -> Callable[[str], bool]:
    """Returns what says whether a random address holds no word of the program, by chance."""
    from iopcal.publish import telling_words

    found = load(program).program
    words = telling_words(found) if found else None
    return lambda token: words is None or not words.word(token)


def _chosen(table: Table, ids: Iterable[str], voice: Voice) -> tuple[str, ...]:
    """Returns the keys of the calendars that are named, or tells which are not there and ends."""
    members: dict[str, list[str]] = {}
    for key in table.feeds:
        audience, *rest = key.removesuffix("!file").split("/")
        if audience != "program" and rest:
            members.setdefault(rest[0], []).append(key)
        members.setdefault("/".join((audience, *rest[:1])), []).append(key)
    keys: list[str] = []
    faults = []
    for identity in ids:
        mine = [identity] if identity in table.feeds else members.get(identity, [])
        if len({key.partition("/")[0] for key in mine}) > 1:
            names = " or ".join(sorted({"/".join(key.split("/")[:2]) for key in mine}))
            faults.append(_problem(f"'{identity}' names more than one", f"write {names}"))
        elif not mine:
            near = nearest(identity, members)
            hint = f"did you mean '{near}'?" if near else "look at: iopcal feed list"
            faults.append(_problem(f"'{identity}' has no personal calendar", hint))
        keys += mine
    if faults:
        _refuse(voice, *faults)
    return tuple(dict.fromkeys(keys))


def _do(
    where: Whereabouts,
    before: Table,
    make: Callable[[Table | None], Table],
    act: Callable[[FeedFiles, Table, Table], object],
    output: str,
    wait: float,
    voice: Voice,
) -> int:
    """Changes the table, then the files; returns the exit code.

    The table comes first: were we stopped in between, the next build does the rest.
    """
    from iopcal.targets.feed_files import FeedFiles
    from iopcal.targets.folder import Folder
    from iopcal.targets.locks import Busy
    from iopcal.targets.trouble import Trouble, trouble

    def making(found: Table | None) -> Table:
        nonlocal before
        before = found or before  # another run may have changed it since it was read
        return make(found)

    try:
        after = change(where, now(), making)
        if isinstance(after, Trouble):
            _refuse(voice, after)
        if not Path(output).is_dir():
            voice.note(
                f"there is no folder {output}/; where calendars are published, the next build does the rest"
            )
            return Exit.DONE
        with Folder(Path(output)).lock(now=now(), wait=wait), FeedFiles(Path(output), where.program) as files:
            files.strays(frozenset())
            act(files, before, after)
            files.save(after.mark)
    except Busy as busy:
        return _tell(voice, busy.trouble)
    except OSError as error:
        return _tell(voice, trouble(error))
    return Exit.DONE


def _problem(message: str, hint: str) -> Trouble:
    from iopcal.targets.trouble import Trouble

    return Trouble(Exit.PROBLEMS, Problem(NOWHERE, "IOP652", message, hint))


def _tell(voice: Voice, *troubles: Trouble) -> int:
    voice.tell([each.problem for each in troubles], {})
    return worst(each.exit for each in troubles)


def _refuse(voice: Voice, *troubles: Trouble) -> NoReturn:
    _end(voice, _tell(voice, *troubles))


def _end(voice: Voice, code: int, **values: Sequence[object]) -> NoReturn:
    if voice.json:
        from iopcal.views.problems import as_json

        problems = [as_json(problem) for problem in voice.told]
        print_json("feed", {"exit": int(code), **values, "problems": problems})
    end(code)
