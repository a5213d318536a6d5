"""The UID of an event: a digest of its key in the form of a UUID, with nothing in it to read."""

from __future__ import annotations

from hashlib import sha1

_NAMESPACE = bytes.fromhex("6f1d6f0a2b0e5c3b9d550c2f5a4d7e11")


def uid(key: tuple[str, ...], secret: bytes = b"") -> str:
    """Returns the UUIDv5 of the key, its fields joined by line feeds, in lower case (RFC 9562 section 5.5).

    With a secret it is a UUIDv8 made of HMAC-SHA256 instead: a plain digest can be guessed, and links people.
    """
    text = "\n".join(key).encode()
    if secret:
        import hmac

        return _uuid(hmac.digest(secret, text, "sha256"), 8)
    return _uuid(sha1(_NAMESPACE + text, usedforsecurity=False).digest(), 5)


def _uuid(digest: bytes, version: int) -> str:
    value = bytearray(digest[:16])
    value[6] = value[6] & 0x0F | version << 4
    value[8] = value[8] & 0x3F | 0x80
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
