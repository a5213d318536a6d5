"""Names of files below an output folder: `file.ics` or `folder/file.ics`, never hidden, never elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# What no disk, shell or web server takes amiss; letters and digits of any script are welcome in ids.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # of Windows


def is_safe(name: object) -> bool:
    """Says whether a name may be used: one subfolder at most, nothing hidden or leading elsewhere."""
    if not isinstance(name, str) or _FORBIDDEN.search(name):
        return False
    parts = name.split("/")
    return len(parts) <= 2 and all(map(_is_plain, parts))


def demand_safe(names: Iterable[str]) -> None:
    """Raises ValueError for names that are unsafe, or that are one file on a disk that ignores case."""
    folded: set[str] = set()
    for name in names:
        if not is_safe(name) or name.casefold() in folded:
            raise ValueError(f"unsafe file name: {name!r}")
        folded.add(name.casefold())


def subfolders(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the subfolders that occur in the names, sorted."""
    return tuple(sorted({name.partition("/")[0] for name in names if "/" in name}))


def by_subfolder(names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Groups names by their subfolder ('' for none), each group in the order given."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.rpartition("/")[0], []).append(name)
    for subfolder, group in groups.items():
        yield subfolder, tuple(group)


def _is_plain(part: str) -> bool:
    return part != "" and part[0] not in ". " and part[-1] not in ". " and not _DEVICES.fullmatch(part)


def index_name(program: str) -> str:
    """Returns the name of the index of a program's personal calendars, by its id."""
    return f".iopcal-feeds-{program}.index"
