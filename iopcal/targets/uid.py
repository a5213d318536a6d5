"""The UID of an event: a digest of its key in the form of a UUID, with nothing in it to read."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha1, sha256

_NAMESPACE = bytes.fromhex("6f1d6f0a2b0e5c3b9d550c2f5a4d7e11")
_BLOCK = 64  # bytes that SHA-256 takes at once
# The two highest bits of the fourth group say of what kind a UUID is (RFC 9562 section 4.1).
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def uid(key: tuple[str, ...], secret: bytes = b"") -> str:
    """Returns the UUIDv5 of the key, its fields joined by line feeds, in lower case (RFC 9562 section 5.5).

    With a secret it is a UUIDv8 made of HMAC-SHA256 instead: a plain digest can be guessed, and links people.
    """
    text = "\n".join(key).encode()
    if secret:
        return uids(b"", (text,), secret)[0]
    return _uuid(sha1(_NAMESPACE + text, usedforsecurity=False).hexdigest(), "5")


def uids(before: bytes, keys: Iterable[bytes], secret: bytes = b"") -> list[str]:
    """Returns the UIDs of keys that all begin with the same bytes, which are digested once."""
    if not secret:
        start = sha1(_NAMESPACE + before, usedforsecurity=False)
        found = []
        for key in keys:
            digest = start.copy()
            digest.update(key)
            found.append(_uuid(digest.hexdigest(), "5"))
        return found
    if len(secret) > _BLOCK:
        secret = sha256(secret).digest()
    # HMAC (RFC 2104), whose first half is the same for all of them as well.
    inner = sha256(bytes(byte ^ 0x36 for byte in secret.ljust(_BLOCK, b"\0")) + before)
    outer = sha256(bytes(byte ^ 0x5C for byte in secret.ljust(_BLOCK, b"\0")))
    found = []
    for key in keys:
        one, two = inner.copy(), outer.copy()
        one.update(key)
        two.update(one.digest())
        found.append(_uuid(two.hexdigest(), "8"))
    return found


def _uuid(digest: str, version: str) -> str:
    return (
        f"{digest[:8]}-{digest[8:12]}-{version}{digest[13:16]}-"
        f"{_VARIANT[digest[16]]}{digest[17:20]}-{digest[20:32]}"
    )
