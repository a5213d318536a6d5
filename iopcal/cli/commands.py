"""The table of commands and what is the same for all of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from iopcal import __version__
from iopcal.cli import EXIT_CODES
from iopcal.problems import Exit

# In the order of --help; each is `iopcal/cli/<name>.py` with a click command of that name.
COMMANDS = {
    "build": "Write the calendars of programs as .ics files.",
    "check": "Say what is wrong in program files; write nothing.",
    "show": "Show a program's week, agenda, totals or sessions, or participants' hours.",
    "why": "Say which lines put the sessions of a day where they are.",
    "plan": "Show what build or sync would change in the published calendars.",
    "feed": "List, show, change or revoke the addresses of personal calendars.",
    "explain": "Explain a problem's code, with a wrong and a right file.",
    "lint": "Check any .ics file against what calendar programs can read.",
    "sync": "Keep Google calendars and folders right, as a sync file says.",
    "status": "Say how every calendar of a sync file stands, without asking Google.",
    "clean": "Take everything that iopcal made out of one Google calendar.",
    "login": "Sign in to Google, for calendars there.",
    "doctor": "Look whether this computer, its files and Google are ready.",
    "cron": "Print what runs sync by itself, for cron or systemd.",
    "schema": "Print the JSON Schema of program files, for editors.",
}


class Commands(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports and returns one command; each of its flags is also read from `IOPCAL_<FLAG>`."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"iopcal.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        for part in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
            for option in part.params:
                if isinstance(option, click.Option) and option.envvar is None:
                    flag = max(option.opts, key=len)
                    option.envvar = f"IOPCAL_{flag.lstrip('-').replace('-', '_').upper()}"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="iopcal %(version)s")
def iopcal() -> None:
    """Make the calendars of an intensive outpatient program from one YAML file.

    Begin with:  iopcal build program.yaml
    """


def run(group: click.Group) -> int:
    """Runs a command and returns its exit code; a bug of ours is one line and 70, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., Any] | None = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        result = group.main(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as fault:
        fault.show()
        if fault.exit_code != Exit.USAGE:
            _drop_output()
        return int(fault.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was published before is still there", err=True)
        return 130
    except BrokenPipeError:
        _drop_output()  # the reader has gone; what it wanted it has
        return 141
    except Exception as bug:
        if "--debug" in sys.argv:
            raise
        click.echo(f"bug in iopcal: {type(bug).__name__} in {_where(bug)}; please report it", err=True)
        return int(Exit.BUG)
    return int(result or 0)


def _drop_output() -> None:
    """Sends what is still to be printed nowhere; Python would complain once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _where(bug: Exception) -> str:
    """Returns the innermost file and line of ours, without any text of the user's."""
    trace, where = bug.__traceback__, "?"
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("iopcal"):
            where = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where
