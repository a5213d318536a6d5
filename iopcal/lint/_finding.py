"""One finding of the lint, and how its severity and the value it shows are decided."""

from __future__ import annotations

from iopcal.named_tuple import NamedTuple

CLIP = 60  # characters of a value that a message shows


class Finding(NamedTuple):
    """A rule that a file breaks; `line` counts from 1, `severity` is error or warning."""

    line: int
    code: str
    text: str
    severity: str = "error"


def seen(value: str) -> str:
    """Returns a value of the file in single quotes, clipped, with what cannot be printed as escapes."""
    clipped = value if len(value) <= CLIP else value[: CLIP - 3] + "..."
    shown = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode("ascii")
        for sign in clipped
    )
    return f"'{shown}'"


def offset_text(seconds: float) -> str:
    """Returns an offset from UTC in seconds as +hh:mm."""
    minutes = round(abs(seconds) / 60)
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
