"""`iopcal login`: signs in to Google, once, so that the other commands never have to ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, now, print_json, say, voiced
from iopcal.cli.syncing import load_sync, sync_file
from iopcal.problems import Exit, nearest

if TYPE_CHECKING:
    from iopcal.model.sync import Credentials, Sync
    from iopcal.targets.google.login import Visit
    from iopcal.targets.google.root import Root
    from iopcal.targets.google.tokens import World
    from iopcal.targets.trouble import Trouble

TESTING = 'A Google app in "Testing" loses this login after 7 days: publish it, or use a service account.'


@click.command(epilog=EXIT_CODES, short_help="Sign in to Google.")
@click.argument("name")
@click.argument("file", required=False)
@click.option("--no-browser", is_flag=True, help="Print the page to open; open no browser here.")
@voiced
def login(name: str, file: str | None, no_browser: bool, voice: Voice) -> None:
    """Sign in to Google with the credentials NAME of the sync file FILE (sync.yaml).

    For a person, it shows a page of Google's and keeps the consent. A service account needs no sign-in: its
    key is tried, and the address is shown that calendars are to be shared with.
    """
    root = google_root(os.environ)
    loaded = load_sync(sync_file(file))
    voice.tell(loaded.problems, loaded.texts)
    if loaded.sync is None:
        end(Exit.PROBLEMS)
    credentials = _named(loaded.sync, name)
    world = _world(root)
    if credentials.kind == "user":
        _person(loaded.sync, credentials, world, voice, no_browser)
    else:
        _service(loaded.sync, credentials, world, voice)


def google_root(environment: Mapping[str, str]) -> Root:
    """Returns where Google is; raises UsageError when the environment names a place it must not."""
    from iopcal.targets.google.root import root_of

    try:
        return root_of(environment)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _world(root: Root) -> World:
    from iopcal.targets.google.connection import http
    from iopcal.targets.google.tokens import World

    return World(root, http(proxies=not root.test), now, os.environ)


def _named(sync: Sync, name: str) -> Credentials:
    """Returns the credentials of a name; raises UsageError, with the nearest name, when there are none."""
    found = {each.name: each for each in sync.credentials}
    if name not in found:
        near = nearest(name, found)
        guess = f"did you mean '{near}'?" if near else f"it has: {', '.join(found)}"
        raise click.UsageError(f"the sync file has no credentials '{name}'; {guess}")
    return found[name]


def _person(sync: Sync, credentials: Credentials, world: World, voice: Voice, no_browser: bool) -> None:
    from iopcal.targets.google.credentials import scopes_of
    from iopcal.targets.google.key_files import client_in
    from iopcal.targets.google.login import sign_in
    from iopcal.targets.google.secrets import private_folder, write_secret
    from iopcal.targets.google.signed_in import token_file
    from iopcal.targets.google.tokens import EVENTS
    from iopcal.targets.trouble import Trouble, trouble

    client = client_in(credentials.client, world.root, world.environment)
    if isinstance(client, Trouble):
        _fail(client, credentials, voice)
    path, scopes = Path(credentials.token), scopes_of(sync, credentials.name)
    try:
        private_folder(path.parent)  # before anybody takes the trouble to sign in
    except OSError as error:
        _fail(trouble(error), credentials, voice)
    of = "the events of your calendars" if EVENTS in scopes else "calendars that iopcal makes"
    token = sign_in(client, scopes, world, lambda visit: _show(visit, of, voice, no_browser))
    if isinstance(token, Trouble):
        _fail(token, credentials, voice)
    unsaved = write_secret(path, token_file(client, token))
    if unsaved is not None:
        _fail(unsaved, credentials, voice)
    voice.result(f"ok: signed in; {path} written (0600). {TESTING}")
    _finish(credentials, voice, {"token": str(path)})


def _service(sync: Sync, credentials: Credentials, world: World, voice: Voice) -> None:
    from iopcal.targets.google.api import Denied
    from iopcal.targets.google.credentials import denied, scopes_of
    from iopcal.targets.google.login import try_key
    from iopcal.targets.trouble import Trouble

    if credentials.kind == "none":
        voice.result(f"ok: {credentials.name} is for a test server, which asks for no sign-in.")
        _finish(credentials, voice, {})
    try:
        address = try_key(credentials, scopes_of(sync, credentials.name), Path(sync.state), world)
    except Denied as refused:
        _fail(denied(credentials, refused.reason), credentials, voice)
    if isinstance(address, Trouble):
        _fail(address, credentials, voice)
    if credentials.subject:
        voice.result(f"ok: {credentials.name} works, in the name of {credentials.subject}.")
    else:
        share = f'Share each calendar with  {address}  ("Make changes to events").'
        voice.result(f"ok: {credentials.name} works. {share}")
    _finish(credentials, voice, {"address": address})


def _show(visit: Visit, of: str, voice: Voice, no_browser: bool) -> None:
    """Shows the page to open, and opens it where a person sits before a screen."""
    say(f"Open this page and allow access to {of}:  {visit.page}", err=voice.json)
    if not no_browser and _has_screen(os.environ) and _opened(visit.page):
        return
    from socket import gethostname

    way = f"ssh -N -L {visit.port}:127.0.0.1:{visit.port} {gethostname()}"
    say(
        f"If the browser is on another computer, first run there, and leave it running:  {way}",
        err=voice.json,
    )


def _has_screen(environment: Mapping[str, str]) -> bool:
    """Says whether a person may see a browser that is opened: there is a terminal, and a screen."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return sys.platform in {"win32", "darwin"} or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )


def _opened(page: str) -> bool:
    import webbrowser

    try:
        return webbrowser.open(page)
    except (webbrowser.Error, OSError):
        return False


def _fail(fault: Trouble, credentials: Credentials, voice: Voice) -> NoReturn:
    voice.tell([fault.problem], {})
    _finish(credentials, voice, {}, fault.exit)


def _finish(
    credentials: Credentials, voice: Voice, found: Mapping[str, str], code: int = Exit.DONE
) -> NoReturn:
    """Prints the document of --json and ends the command."""
    if voice.json:
        from iopcal.views.problems import as_json

        problems = [as_json(problem) for problem in voice.told]
        print_json(
            "login",
            {
                "exit": int(code),
                "name": credentials.name,
                "kind": credentials.kind,
                **found,
                "problems": problems,
            },
        )
    end(code)
