"""A service account: its key signs for an hour at a time. The one door to google.auth."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from iopcal.targets.google.api import Answer, Denied
from iopcal.targets.google.key_files import Key, fields_of, kept_in, kept_name, written
from iopcal.targets.google.secrets import write_secret
from iopcal.targets.google.silence import silenced
from iopcal.targets.google.tokens import Token, World, ask
from iopcal.targets.trouble import Trouble

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUDIENCE = "https://oauth2.googleapis.com/token"  # whom the key signs for, wherever it is sent
_LIFE = 3600  # seconds; Google's most


class ServiceAccount:
    """The access tokens of a service account, kept in the state folder (see `credentials.Store`)."""

    def __init__(self, key: Key, subject: str, scopes: tuple[str, ...], state: Path, world: World) -> None:
        self._key, self._subject, self._scopes, self._world = key, subject, scopes, world
        self._path = state / kept_name(world.root, key.address, key.id, subject, *scopes)

    def kept(self) -> Token | None:
        """Returns the token kept, if there is one."""
        return kept_in(self._path)

    def ask(self) -> Token | Answer:
        """Asks for a token with a text that the key has signed (RFC 7523 section 2.1); raises Denied."""
        form = {"grant_type": _GRANT, "assertion": _signed(self._key, self._claims())}
        return ask(self._world, form)

    def keep(self, token: Token) -> Trouble | None:
        """Keeps a token; returns why it could not."""
        return write_secret(self._path, written(fields_of(token)))

    def _claims(self) -> dict[str, Any]:
        begin = int(time.time())  # it is Google's clock that counts here, so ours is never a fixed one
        claims = {"iss": self._key.address, "scope": " ".join(self._scopes), "aud": _AUDIENCE}
        who = {"sub": self._subject} if self._subject else {}
        return {**claims, "iat": begin, "exp": begin + _LIFE, **who}


def _signed(key: Key, claims: dict[str, Any]) -> str:
    """Signs claims (RS256, RFC 7519); raises Denied when the key is none."""
    with silenced():
        from google.auth import crypt, jwt
    signer_of: Any = crypt.RSASigner.from_string
    encode: Any = jwt.encode
    try:
        token: bytes = encode(signer_of(key.private, key.id or None), claims)
    except ValueError:
        raise Denied("bad_key") from None
    return token.decode()
