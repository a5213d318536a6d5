"""What may be known of the token in the address of a personal calendar: its hash, and six digits of that."""

from __future__ import annotations

from hashlib import sha256

_DIGITS = 6


def digest(token: str) -> str:
    """Returns the hex SHA-256 of a token, by which a server knows it."""
    return sha256(token.encode()).hexdigest()


def mark(token: str) -> str:
    """Returns six hex digits of the hash, which tell addresses apart where none may be shown."""
    return digest(token)[:_DIGITS]
