"""What commands share: the clock, reading programs, telling problems, common flags."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar

import click

from iopcal import __version__
from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Place, Problem, has_errors

if TYPE_CHECKING:
    from iopcal.expand import Expansion
    from iopcal.language.included import Read
    from iopcal.model import Program
    from iopcal.source import Node

_MOST_READ = 32 * 1024 * 1024 + 1  # bytes; one more than any file may have
_EXCERPTED = 1024 * 1024  # bytes kept to show lines from

Command = TypeVar("Command", bound=Callable[..., Any])


_CURES: Mapping[type[OSError], str] = {
    FileNotFoundError: "check the name",
    IsADirectoryError: "name the file in it",
    PermissionError: "let this account read it",
}


class Loaded(NamedTuple):
    """One program file, read, expanded and checked. `program` is None when it could not be understood."""

    file: str
    program: Program | None
    expansion: Expansion | None
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]  # of every file read, by name, for excerpts

    def strict(self) -> Loaded:
        """Returns the same with every warning an error."""
        return self._replace(problems=tuple(each._replace(severity="error") for each in self.problems))

    @property
    def sound(self) -> bool:
        """Whether calendars may be made of it."""
        return self.program is not None and not has_errors(self.problems)


def now() -> datetime:
    """Returns the time now in UTC, or the one that IOPCAL_NOW fixes."""
    fixed = os.environ.get("IOPCAL_NOW")
    if not fixed:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError:
        raise click.UsageError(f"IOPCAL_NOW is '{fixed}'; write it as 2027-02-10T06:00:00Z") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def moment_of(today: date | None) -> datetime:
    """Returns the time now, or noon of the day that --today names: that day nearly everywhere."""
    return datetime(today.year, today.month, today.day, 12, tzinfo=UTC) if today else now()


def load(file: str, today: date | None = None) -> Loaded:
    """Reads, expands and checks one program file; `-` is standard input.

    `today` says how far a rolling program is published; None: the day that the clock has.
    """
    from iopcal import source
    from iopcal.checks import check
    from iopcal.expand import expand
    from iopcal.language import read_list, read_program

    texts: dict[str, str] = {}

    def beside(name: str, place: Place, read: Read = read_list, /) -> tuple[Node | None, tuple[Problem, ...]]:
        path = Path(file).parent / name
        data, problems = read_file(str(path), path, texts, place)
        return (None, problems) if data is None else read(data, str(path))

    name = "<stdin>" if file == "-" else file
    data, problems = read_file(name, None if file == "-" else Path(file), texts)
    node = None
    if data is not None:
        node, problems = source.read(data, name)
    if node is None:
        return Loaded(name, None, None, problems, texts)
    program, found = read_program(node, name, beside)
    problems += found
    if program is None or has_errors(problems):
        return Loaded(name, program, None, tuple(sorted(problems)), texts)
    expansion = expand(program, moment_of(today).date())
    problems += expansion.problems
    if not has_errors(problems):
        problems += check(program, expansion)
    return Loaded(name, program, expansion, tuple(sorted(problems)), texts)


def load_many(files: Iterable[str], today: date | None = None) -> list[Loaded]:
    """Reads, expands and checks programs, each once; two with one id are a problem of both."""
    loaded = [load(file, today) for file in dict.fromkeys(files)]
    owners: dict[str, list[str]] = {}
    for each in loaded:
        if each.program is not None:
            owners.setdefault(each.program.id, []).append(each.file)
    return [_alone(each, owners) for each in loaded]


def _alone(each: Loaded, owners: Mapping[str, list[str]]) -> Loaded:
    """Adds the problem of a program whose id another has, too."""
    if each.program is None or len(owners[each.program.id]) == 1:
        return each
    other = next(file for file in owners[each.program.id] if file != each.file)
    message = f"the id '{each.program.id}' is also the id of {other}"
    hint = "give every program an id of its own; all its calendars hang on it"
    return each._replace(problems=(*each.problems, Problem(each.program.id_place, "IOP641", message, hint)))


def read_file(
    name: str, path: Path | None, texts: dict[str, str], place: Place = NOWHERE
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Returns what a file (None: standard input) holds, or the problem; keeps its text under its name."""
    try:
        data = _read(path)
    except OSError as error:
        cause = (error.strerror or type(error).__name__).lower()
        hint = _CURES.get(type(error), "")
        return None, (Problem(place, "IOP640", f"'{name}' cannot be read: {cause}", hint),)
    texts[name] = data[:_EXCERPTED].decode("utf-8-sig", "replace")
    return data, ()


def _read(path: Path | None) -> bytes:
    """Returns what a file (None: standard input) holds, of a huge one only the beginning; raises OSError."""
    if path is None:
        return sys.stdin.buffer.read(_MOST_READ)
    with path.open("rb") as file:
        return file.read(_MOST_READ)


class ReaderGone(click.ClickException):
    """Raised when nobody reads standard output any longer: what its reader wanted it has."""

    exit_code = 141  # as of a program that SIGPIPE ends; click would make 1 of BrokenPipeError

    def show(self, file: IO[str] | None = None) -> None:
        """Says nothing."""


class CannotPrint(click.ClickException):
    """Raised when standard output or error cannot be written to; what was written to files stays."""

    exit_code = int(Exit.LATER)


def say(words: str = "", *, nl: bool = True, err: bool = False, color: bool | None = None) -> None:
    """Prints words; raises CannotPrint where there is no room for them, ReaderGone when nobody reads."""
    try:
        click.echo(words, nl=nl, err=err, color=color)
    except BrokenPipeError:
        raise ReaderGone("") from None
    except OSError as error:
        cause = (error.strerror or type(error).__name__).lower()
        raise CannotPrint(f"the output could not be printed: {cause}") from None


def print_json(kind: str, content: Mapping[str, object]) -> None:
    """Prints the one document of --json; `kind` names its shape and version."""
    import json

    document = {"schema": f"iopcal-{kind}-1", "iopcal": __version__, **content}
    say(json.dumps(document, ensure_ascii=False, indent=2))


class Voice:
    """How a command talks, as its flags say; `told` are the problems it has told so far."""

    def __init__(self, *, json: bool, quiet: bool, verbose: bool, plain: bool, color: str) -> None:
        self.json, self.quiet, self.verbose, self.plain = json, quiet, verbose, plain
        self.told: list[Problem] = []
        self._color = "never" if plain else color

    def tell(self, problems: Iterable[Problem], texts: Mapping[str, str]) -> None:
        """Prints problems on standard error: errors with an excerpt, warnings a line each, none when quiet.

        With --json they are only kept for the document.
        """
        from iopcal.views.problems import concise, full

        for problem in problems:
            self.told.append(problem)
            warns = problem.severity == "warning"
            if not self.json and not (warns and self.quiet):
                words = concise(problem) if warns else full(problem, texts)
                self.paint(words, problem.severity, err=True)

    def paint(self, words: str, severity: str, *, err: bool = False) -> None:
        """Prints a problem, its first word colored where color is wanted."""
        color = wants_color(self._color, sys.stderr if err else sys.stdout)
        if color:
            tint = click.style(severity, fg="yellow" if severity == "warning" else "red", bold=True)
            words = words.replace(severity, tint, 1)
        say(words, err=err, color=color)

    def note(self, words: str) -> None:
        """Prints a remark on standard error unless the command is to be quiet or speaks JSON."""
        if not self.quiet and not self.json:
            say(words, err=True)

    def result(self, words: str) -> None:
        """Prints a result on standard output unless the command is to be quiet or speaks JSON."""
        if not self.quiet and not self.json:
            say(words)


def wants_color(choice: str, stream: TextIO | None) -> bool:
    """Decides for all of iopcal whether words are colored (no-color.org, bixense.com/clicolors)."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return os.environ.get("TERM") != "dumb" and stream is not None and stream.isatty()


def end(code: int) -> NoReturn:
    """Ends the command with an exit code."""
    raise click.exceptions.Exit(int(code))


def today_option(command: Command) -> Command:
    """Adds --today."""
    option = click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=lambda _, __, value: value.date() if value else None,
        metavar="DATE",
        help="Work as if it were this day.",
    )
    return option(command)


_VOICE = (
    click.option("--json", is_flag=True, help="Print one JSON document."),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing when all is well."),
    click.option("-v", "--verbose", is_flag=True, help="Print more."),
    click.option("--plain", is_flag=True, help="Lists instead of grids, no color."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colored words; auto: on a terminal, unless NO_COLOR is set.",
    ),
    click.option("--debug", is_flag=True, help="Show where a bug of iopcal happened."),
    click.option("--no-input", is_flag=True, help="Never ask; iopcal asks nothing by itself."),
    click.option("-y", "--yes", is_flag=True, help="Answer questions with yes; never lifts a refusal."),
)


def voiced(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the flags that say how a command talks; the command gets them as one `voice`."""

    @wraps(command)
    def with_voice(**given: Any) -> Any:
        flags = {key: given.pop(key) for key in ("json", "quiet", "verbose", "plain")}
        color = given.pop("color")
        for key in ("debug", "no_input", "yes"):
            given.pop(key)
        return command(voice=Voice(**flags, color=color), **given)

    wrapped: Callable[..., Any] = with_voice
    for option in reversed(_VOICE):
        wrapped = option(wrapped)
    return wrapped


def worst(codes: Iterable[int]) -> int:
    """Returns the first of 5, 4, 3, 75, 1, 6, 7, 0 among the codes of several programs or calendars."""
    order = (
        Exit.CREDENTIALS, Exit.REFUSED, Exit.PARTLY, Exit.LATER, Exit.PROBLEMS, Exit.LEFT_ALONE, Exit.CHANGES,
    )  # fmt: skip
    found = set(codes)
    return next((int(code) for code in order if code in found), int(Exit.DONE))
