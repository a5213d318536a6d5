"""Exact rounding for taper rules."""

from __future__ import annotations


def blend(first: int, last: int, part: int, whole: int) -> int:
    """Returns `first + (last - first) * part / whole`, rounded to the nearest whole number, halves up."""
    if whole == 0:
        return first
    doubled = 2 * (first * whole + (last - first) * part) + whole
    return doubled // (2 * whole)
