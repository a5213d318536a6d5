"""`iopcal cron`: prints what makes a computer run `iopcal sync` by itself; installs nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, print_json, say, voiced
from iopcal.cli.syncing import load_sync, sync_file
from iopcal.problems import Exit


@click.command(epilog=EXIT_CODES)
@click.argument("file", required=False)
@click.option(
    "--print",
    "form",
    type=click.Choice(["cron", "systemd"]),
    default="cron",
    help="A line for /etc/cron.d, or units of systemd.  [default: cron]",
)
@click.option(
    "--user", default="", metavar="NAME", help="The account that shall run it.  [default: this one]"
)
@voiced
def cron(file: str | None, form: str, user: str, voice: Voice) -> None:
    """Print what runs `iopcal sync` every 15 minutes on the sync file FILE (sync.yaml); change nothing.

    The minutes come from the computer's name, so that not all ask Google at the same time.
    """
    from iopcal.views.schedule import Job, Place, cron_line, place_of, service, timer

    name = sync_file(file)
    loaded = load_sync(name)
    voice.tell(loaded.problems, loaded.texts)
    if loaded.sync is None:
        end(Exit.PROBLEMS)
    job = Job(command(), _absolute(name), user or account(), _host())
    place = Place(*(tuple(map(_absolute, paths)) for paths in place_of(loaded.sync)))
    if form == "cron":
        files = {"/etc/cron.d/iopcal": cron_line(job)}
    else:
        files = {
            "/etc/systemd/system/iopcal.timer": timer(job),
            "/etc/systemd/system/iopcal.service": service(job, place),
        }
    if voice.json:
        print_json(
            "cron", {"exit": 0, "files": [{"path": path, "text": text} for path, text in files.items()]}
        )
        return
    if form == "cron":
        say(files["/etc/cron.d/iopcal"], nl=False)
        voice.note("for /etc/cron.d/iopcal; in a crontab of one's own, leave the name of the account out")
        return
    say("\n".join(f"# {path}\n{text}" for path, text in files.items()), nl=False)
    for missing in (path for path in (*place.secrets, *place.folders) if not Path(path).exists()):
        voice.note(f"'{missing}' is not there yet; systemd begins no run without it")


def command() -> tuple[str, ...]:
    """Returns how iopcal is called, by an absolute path: neither cron nor systemd knows a PATH of ours."""
    from shutil import which

    typed = Path(sys.argv[0])
    beside = Path(sys.executable).with_name("iopcal")
    if typed.name == "iopcal" and typed.is_file():
        return (_absolute(str(typed)),)
    if beside.is_file():
        return (_absolute(str(beside)),)
    found = which("iopcal")
    return (_absolute(found),) if found else (_absolute(sys.executable), "-m", "iopcal")


def account() -> str:
    """Returns the account that shall run it: this one, or one called iopcal in the place of root."""
    if os.name != "posix":
        return "iopcal"
    import pwd

    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name if number else "iopcal"
    except KeyError:
        return str(number)


def _absolute(path: str) -> str:
    """Returns a path from the root, without `..`; links in it stay, as a link is often what lasts."""
    return os.path.normpath(Path(path).absolute())


def _host() -> str:
    from socket import gethostname

    return gethostname()
