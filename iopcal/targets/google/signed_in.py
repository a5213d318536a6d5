"""A person who has signed in: a token file holds the consent, and the access token of the hour."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iopcal.targets.google import key_files
from iopcal.targets.google.api import Answer
from iopcal.targets.google.key_files import Client, Opened, fields_of, kept_name, written
from iopcal.targets.google.secrets import Secret, read_secret, write_secret
from iopcal.targets.google.tokens import Token, World, ask
from iopcal.targets.trouble import Trouble

_NEEDED = ("client_id", "client_secret", "refresh_token")


class SignedIn:
    """The access tokens of a person (see `credentials.Store`).

    They are kept in the token file. Where that comes from systemd, which lets nobody write, they are kept in
    the state folder.
    """

    def __init__(self, file: str, opened: Opened, state: Path, world: World) -> None:
        self._file, self._world = file, world
        self._read, self._fields = opened.secret.data, opened.fields
        lent = opened.secret.path != Path(file)
        self._aside = state / kept_name(world.root, self._fields["refresh_token"]) if lent else None

    def kept(self) -> Token | None:
        """Returns the token kept, if there is one."""
        return key_files.kept_in(self._aside) if self._aside else key_files.token_of(self._fields)

    def ask(self) -> Token | Answer:
        """Asks for a token by the consent the person gave (RFC 6749 section 6); raises Denied."""
        form = {"grant_type": "refresh_token"} | {name: str(self._fields[name]) for name in _NEEDED}
        return ask(self._world, form)

    def keep(self, token: Token) -> Trouble | None:
        """Keeps a token; returns why it could not."""
        if self._aside:
            return write_secret(self._aside, written(fields_of(token)))
        now = read_secret(self._file, {})
        if not isinstance(now, Secret) or now.data != self._read:
            return None  # the person has signed in anew meanwhile: that stays
        fresh = {"refresh_token": token.refresh} if token.refresh else {}
        fields = {**self._fields, **fields_of(token), **fresh}
        problem = write_secret(Path(self._file), written(fields))
        if problem is None:
            self._fields, self._read = fields, written(fields)
        return problem


def token_file(client: Client, token: Token) -> bytes:
    """Returns the token file of a person who has just signed in, in the form of google-auth."""
    own = {"client_id": client.id, "client_secret": client.secret, "refresh_token": token.refresh}
    return written({"type": "authorized_user", **own, **fields_of(token)})


def is_consent(fields: Mapping[str, Any]) -> bool:
    """Says whether the fields of a token file are enough to ask for access tokens."""
    return all(isinstance(fields.get(name), str) for name in _NEEDED) and fields["refresh_token"] != ""
