"""The heartbeat: one GET after a run, so that somebody hears of a run that failed, and of one that never was.

The address is a password to whoever watches, so it stands in a secret file and is never shown. With a code
that is good news it is asked for as it is, else with `/CODE` behind its path (healthchecks.io/docs/http_api).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from iopcal.model.sync import Heartbeat
from iopcal.problems import NOWHERE, Problem
from iopcal.targets.google.secrets import read_secret
from iopcal.targets.trouble import Trouble

LIMIT = 10.0  # seconds for all of it, the look-up of the name included
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST = 2000  # characters of an address
_HEADERS = {"user-agent": "iopcal", "accept-encoding": "identity"}


def beat(heartbeat: Heartbeat, code: int, environment: Mapping[str, str]) -> Problem | None:
    """Tells whoever watches how a run has ended; returns a warning when that was not possible."""
    address = address_of(heartbeat, environment)
    if isinstance(address, Problem):
        return address
    status = _get(address if code in heartbeat.well else with_code(address, code))
    if 200 <= status < 300:
        return None
    answer = f"answered {status}" if status > 0 else f"did not answer within {LIMIT:g} seconds"
    message = f"the heartbeat's address {answer}; the calendars are not concerned"
    hint = "look whether the address is still right, and whether this computer may reach it"
    return Problem(NOWHERE, "IOP551", message, hint, "warning")


def address_of(heartbeat: Heartbeat, environment: Mapping[str, str]) -> str | Problem:
    """Returns the address in the secret file, or a warning that says why it cannot be used."""
    file = heartbeat.url_file
    secret = read_secret(file, environment)
    if isinstance(secret, Trouble):
        return secret.problem._replace(severity="warning")
    if secret is None:
        return _unusable(f"there is no file '{file}' with the heartbeat's address")
    address = secret.data.decode("utf-8", "replace").strip()
    if not _is_good(address):
        return _unusable(f"'{file}' does not hold one address that begins with https://")
    return address


def with_code(address: str, code: int) -> str:
    """Returns an address with `/code` behind its path; a query stays where it is."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{code}"))


def _unusable(message: str) -> Problem:
    hint = "put the address there, alone on one line, in a file that only this account may read"
    return Problem(NOWHERE, "IOP550", message, hint, "warning")


def _is_good(address: str) -> bool:
    """Says whether a text is one address with https, or with http to this computer."""
    if not (
        0 < len(address) <= _LONGEST and address.isascii() and address.isprintable() and " " not in address
    ):
        return False
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return secure and host != "" and port != 0 and "@" not in parts.netloc and not parts.fragment


def _get(address: str) -> int:
    """Returns the status of the answer; 0 or less when there is none in time.

    A look-up of a name knows no limit, and a server may send a byte a second, so a thread of its own does it,
    which nobody waits for any longer.
    """
    from threading import Thread

    from iopcal.targets.google.api import UNREACHED, Answer
    from iopcal.targets.google.connection import exchange, http

    statuses = [UNREACHED]

    def ask() -> None:
        client = http(proxies=address.startswith("https:"))
        reply = exchange(client, "GET", address, _HEADERS)
        client.close()
        statuses.append(UNREACHED if isinstance(reply, Answer) else reply.status)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LIMIT)
    return statuses[-1]
