"""The JSON files that Google hands out and those kept here: read as secrets, with their form checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.targets.google.answers import parsed
from iopcal.targets.google.root import Root
from iopcal.targets.google.secrets import Secret, read_secret
from iopcal.targets.google.tokens import Token
from iopcal.targets.trouble import Trouble

_TOKEN_SERVERS = frozenset({"oauth2.googleapis.com", "accounts.google.com"})


class Key(NamedTuple):
    """The key of a service account."""

    address: str
    id: str
    private: str  # PEM


class Client(NamedTuple):
    """An OAuth client of the type Desktop app."""

    id: str
    secret: str


class Opened(NamedTuple):
    """A secret JSON file that was read."""

    secret: Secret
    fields: dict[str, Any]


def key_in(file: str, root: Root, environment: Mapping[str, str]) -> Key | Trouble:
    """Reads the key of a service account, as downloaded from the Google Cloud console."""
    read = fields_in(file, environment)
    if read is None:
        return _no_file(file, "put the key of the service account there")
    if isinstance(read, Trouble):
        return read
    fields = read.fields
    words = [fields.get(name) for name in ("client_email", "private_key")]
    if fields.get("type") != "service_account" or not all(isinstance(word, str) and word for word in words):
        return unusable(
            f"'{file}' is not the key of a service account",
            "download a JSON key: Google Cloud console, IAM, Service accounts, Keys",
        )
    foreign = _foreign(file, fields, root)
    return foreign or Key(str(words[0]), str(fields.get("private_key_id", "")), str(words[1]))


def client_in(file: str, root: Root, environment: Mapping[str, str]) -> Client | Trouble:
    """Reads an OAuth client, as downloaded from the Google Cloud console."""
    advice = (
        "create an OAuth client of the type Desktop app in the Google Cloud console and download its JSON"
    )
    read = fields_in(file, environment)
    if read is None:
        return _no_file(file, advice)
    if isinstance(read, Trouble):
        return read
    if "web" in read.fields:
        return unusable(f"'{file}' is an OAuth client of the type Web application", advice)
    fields = read.fields.get("installed")
    if not isinstance(fields, dict) or not isinstance(fields.get("client_id"), str):
        return unusable(f"'{file}' is not an OAuth client", advice)
    foreign = _foreign(file, fields, root)
    return foreign or Client(fields["client_id"], str(fields.get("client_secret", "")))


def fields_in(file: str, environment: Mapping[str, str]) -> Opened | Trouble | None:
    """Reads a secret JSON file; None when there is none."""
    secret = read_secret(file, environment)
    if not isinstance(secret, Secret):
        return secret
    fields = parsed(secret.data)
    if fields is None:
        return unusable(f"'{file}' is not a JSON file", "download it anew, and change nothing in it")
    return Opened(secret, fields)


def unusable(message: str, hint: str) -> Trouble:
    """What is said of a file that does not fit its purpose."""
    return Trouble(Exit.CREDENTIALS, Problem(NOWHERE, "IOP506", message, hint))


def kept_name(root: Root, *of: str) -> str:
    """Returns the name of the file that keeps an access token in the state folder; it tells nothing."""
    return f"token-{hashlib.sha256(chr(10).join((root.token, *of)).encode()).hexdigest()[:32]}.json"


def kept_in(path: Path) -> Token | None:
    """Returns the access token kept in a file; a file that is not as it should be keeps none."""
    read = fields_in(str(path), {})
    return token_of(read.fields) if isinstance(read, Opened) else None


def token_of(fields: Mapping[str, Any]) -> Token | None:
    """Returns the access token among the fields of a file, in the names google-auth uses, too."""
    value, ends, scopes = fields.get("token"), fields.get("expiry"), fields.get("scopes")
    if not isinstance(value, str) or not isinstance(ends, str):
        return None
    try:
        moment = datetime.fromisoformat(ends)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    told = isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)
    return Token(value, moment, tuple(scopes) if told and scopes else None)


def fields_of(token: Token) -> dict[str, Any]:
    """Returns an access token as `token_of` reads it."""
    ends = token.ends.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    scopes = {} if token.scopes is None else {"scopes": list(token.scopes)}
    return {"token": token.value, "expiry": f"{ends.isoformat()}Z", **scopes}


def written(fields: Mapping[str, Any]) -> bytes:
    """Returns fields as the bytes of a file."""
    return f"{json.dumps(fields, indent=1)}\n".encode()


def _no_file(file: str, hint: str) -> Trouble:
    return unusable(f"there is no file '{file}'", hint)


def _foreign(file: str, fields: Mapping[str, Any], root: Root) -> Trouble | None:
    """Returns the refusal of a file that would have our secrets sent elsewhere than to Google."""
    address = fields.get("token_uri", "")
    if root.test or not address:
        return None
    try:
        parts = urlsplit(str(address))
        good = parts.scheme == "https" and parts.netloc in _TOKEN_SERVERS
    except ValueError:
        good = False
    if good:
        return None
    return unusable(
        f"'{file}' names a token server that is not Google's (token_uri)",
        "use a file that comes from the Google Cloud console; if you did, someone has changed it",
    )
