"""The judge of finished .ics bytes, ours or anybody's: `lint()`.

It reads bytes with a reader of its own and knows nothing of how they were made. Every module of this folder
without a leading underscore is one group of rules, with `findings(file) -> Iterator[Finding]`; adding a file
adds a group.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from iopcal.lint._file import read
from iopcal.lint._finding import Finding
from iopcal.lint._rules import RULES, Rule, explain

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@cache
def _groups() -> tuple[ModuleType, ...]:
    """Returns the groups of rules, sorted by name."""
    here = Path(__file__).parent
    names = sorted(file.stem for file in here.glob("*.py") if not file.stem.startswith("_"))
    return tuple(import_module(f"{__name__}.{name}") for name in names)


def lint(
    data: bytes,
    *,
    as_: str | None = None,
    was: bytes | None = None,
    words: Iterable[str] = (),
    private: bool | None = None,
    ours: bool | None = None,
    now: datetime | None = None,
) -> tuple[Finding, ...]:
    """Returns every rule that the bytes of a calendar break, sorted by line; takes any bytes at all.

    `as_` is `feed` (fetched again and again) or `file` (imported once); None: a feed when it has a name or a
    REFRESH-INTERVAL. `was` is the file it replaces: D1 to D6 are judged with it alone, and by `now` what lies
    ahead or in the future. `words` are telling words beside the built-in ones. `private` says that it is a
    discreet or busy feed, `ours` that iopcal wrote it; None: by its PRODID. `now` carries a zone.

    A foreign file breaks our own shape in many places alike: of each such rule the first place is told.
    """
    if data[:2] in _UTF16:
        return (Finding(1, "B1", "the file is UTF-16"),)
    clock = None if now is None else now.astimezone(UTC).replace(tzinfo=None)
    before = None if was is None else read(was)
    file = read(data, as_, words, private, ours, before, clock)
    found = sorted({finding for group in _groups() for finding in group.findings(file)})
    return tuple(_summed(found))


def _summed(found: Iterable[Finding]) -> Iterable[Finding]:
    """Yields the errors, and of each code the first warning with the number of the others."""
    found = tuple(found)
    seen: dict[str, int] = {}
    for finding in found:
        if finding.severity == "warning":
            seen[finding.code] = seen.get(finding.code, 0) + 1
    for finding in found:
        if finding.severity == "error":
            yield finding
        elif (count := seen.pop(finding.code, 0)) > 0:
            more = f" (and {count - 1} more like it)" if count > 1 else ""
            yield finding._replace(text=f"{finding.text}{more}")


def format_finding(path: str, finding: Finding) -> str:
    """Returns a finding as `FILE:LINE: CODE text, who breaks`."""
    mark = "" if finding.severity == "error" else f"{finding.severity}: "
    return f"{path}:{finding.line}: {finding.code} {mark}{finding.text}, {RULES[finding.code].breaks}"


__all__ = ["RULES", "Finding", "Rule", "explain", "format_finding", "lint"]
