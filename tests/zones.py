"""Other time zone data for a test: the folders that zoneinfo looks in."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def zone_folders(*folders: Path) -> Iterator[None]:
    """Lets zoneinfo look in these folders, and then in the tzdata package."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(folder) for folder in folders])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()
