"""Lists of names as readable text."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """Returns the words of a text."""
    return tuple(text.split())
