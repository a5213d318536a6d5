"""Names of time zones: the newer one to compare, the older one where Google's list lags behind."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Newer name to older one, as in the `backward` file of the IANA data.
OLDER = {
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Kanton": "Pacific/Enderbury",
    "Pacific/Pohnpei": "Pacific/Ponape",
}
_NEWER = {older: newer for newer, older in OLDER.items()}


def newer(name: str) -> str:
    """Returns the newer of two names of a zone."""
    return _NEWER.get(name, name)


def zone(name: object) -> tzinfo:
    """Returns a zone by name; UTC where there is none of that name."""
    try:
        return ZoneInfo(newer(name)) if isinstance(name, str) and name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
