"""Where Google is: its own addresses, or a test server on this computer in place of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from urllib.parse import urlsplit

from iopcal.named_tuple import NamedTuple

API_ROOT = "IOPCAL_GOOGLE_API_ROOT"
WAIT_SCALE = "IOPCAL_WAIT_SCALE"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Root(NamedTuple):
    """The addresses that requests go to. `test` allows credentials of the kind none, and shorter waits."""

    api: str = "https://www.googleapis.com/"  # of the API and of its batches; ends in a slash
    token: str = "https://oauth2.googleapis.com/token"
    page: str = "https://accounts.google.com/o/oauth2/v2/auth"  # where a person signs in
    test: bool = False
    wait_scale: float = 1.0  # every wait between two tries is this many times as long


GOOGLE = Root()


def root_of(environment: Mapping[str, str]) -> Root:
    """Returns Google's addresses, or those that IOPCAL_GOOGLE_API_ROOT puts in their place.

    Raises ValueError, with words for the user, unless that is plain http to this computer: a token sent
    anywhere else would be given away.
    """
    address, scale = environment.get(API_ROOT, ""), environment.get(WAIT_SCALE, "")
    if not address:
        if scale:
            raise ValueError(f"{WAIT_SCALE} is for tests, and only with {API_ROOT}")
        return GOOGLE
    if not _is_loopback(address):
        raise ValueError(
            f"{API_ROOT} is '{address}'; it may only be a test server on this computer, "
            "as http://127.0.0.1:8080/"
        )
    base = address.rstrip("/")
    return Root(f"{base}/", f"{base}/token", f"{base}/auth", True, _scale(scale))


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = address.isascii() and not any(sign in address for sign in "?#@\\ \t\r\n")
    return (
        plain
        and parts.scheme == "http"
        and parts.hostname in _LOOPBACK
        and port != 0
        and parts.path in {"", "/"}
    )


def _scale(text: str) -> float:
    """Returns the factor of all waits, from 0 to 1; raises ValueError with words for the user."""
    try:
        scale = float(text or "1")
    except ValueError:
        scale = -1.0
    if not isfinite(scale) or not 0 <= scale <= 1:
        raise ValueError(f"{WAIT_SCALE} is '{text}'; write a number from 0 to 1, as 0.01")
    return scale
