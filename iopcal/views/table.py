"""Columns that line up, wide letters included."""

from __future__ import annotations

from collections.abc import Sequence


def width(text: str) -> int:
    """Returns the columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def pad(text: str, columns: int) -> str:
    """Returns a text filled with spaces to so many columns, or cut to them with `..`."""
    if width(text) <= columns:
        return text + " " * (columns - width(text))
    while width(text) > columns - 2:
        text = text[:-1]
    return pad(f"{text}..", columns)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], gap: int = 2) -> str:
    """Returns lines of columns, each as wide as its widest cell, without trailing spaces."""
    lines = [head, *rows] if head else list(rows)
    widths = [max(width(line[column]) for line in lines) for column in range(len(lines[0]))]
    joint = " " * gap
    return "".join(
        joint.join(pad(cell, widths[column]) for column, cell in enumerate(line)).rstrip() + "\n"
        for line in lines
    )
