"""What `build` and `plan` share: which programs, over which published files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iopcal.cli.common import Loaded, load_many, moment_of, today_option
from iopcal.named_tuple import NamedTuple

if TYPE_CHECKING:
    from iopcal.publish import Options
    from iopcal.targets.folder import Folder


class Publishing(NamedTuple):
    """What is to be published, and over what."""

    programs: tuple[str, ...]
    output: str
    flat: bool
    published: str | None
    restamp: bool
    strict: bool
    today: date | None

    def options(self, allow_deletes: int | None = None) -> Options:
        """Returns how to publish, now."""
        from iopcal.publish import Options

        return Options(moment_of(self.today), self.flat, self.restamp, allow_deletes)

    def reader(self, folder: Folder) -> Callable[[str], bytes | None]:
        """Returns what reads the files published last: those of `published` where the folder has none."""
        if self.published is None:
            return folder.read
        if not Path(self.published).is_dir():
            raise click.UsageError(
                f"'{self.published}' is no folder; --published names the one published last"
            )
        other = type(folder)(Path(self.published))

        def read(name: str) -> bytes | None:
            data = folder.read(name)
            return other.read(name) if data is None else data

        return read


def named(_: click.Context, option: click.Parameter, value: str) -> str:
    """Refuses an empty name of a folder, which would be the current one."""
    if not value:
        raise click.BadParameter("name a folder; the current one is '.'", param=option)
    return value


_OPTIONS = (
    click.option(
        "-o",
        "--output",
        default="calendars",
        metavar="DIR",
        callback=named,
        help="Where to write [calendars/].",
    ),
    click.option("--flat", is_flag=True, help="Single events only, no repeat rules."),
    click.option("--published", metavar="DIR", help="Where the last published files are, if not in DIR."),
    click.option("--restamp", is_flag=True, help="Mark every event as changed (after a lost output)."),
    click.option("--strict", is_flag=True, help="Warnings make it fail, too."),
)


_PROGRAMS = click.argument("programs", nargs=-1, required=True, metavar="PROGRAM...")
_PROGRAMS_IF_ANY = click.argument("programs", nargs=-1, metavar="[PROGRAM... | SYNCFILE]")


def publishing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that `build` and `plan` share; the command gets them as one `asked`."""
    return _with_publishing(command, _PROGRAMS)


def optional_publishing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the same where no program need be named."""
    return _with_publishing(command, _PROGRAMS_IF_ANY)


def _with_publishing(
    command: Callable[..., Any], programs: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Callable[..., Any]:
    @wraps(command)
    def with_publishing(**given: Any) -> Any:
        asked = Publishing(**{key: given.pop(key) for key in Publishing._fields})
        return command(asked=asked, **given)

    wrapped: Callable[..., Any] = with_publishing
    for option in reversed((programs, *_OPTIONS)):
        wrapped = option(wrapped)
    return today_option(wrapped)


def load_all(asked: Publishing) -> list[Loaded]:
    """Reads and checks all programs; with `strict`, warnings are errors."""
    loaded = load_many(asked.programs, asked.today)
    return [each.strict() for each in loaded] if asked.strict else loaded
