"""Moments of events: what may be sent, and how it comes back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.fake_google.messages import ApiError, invalid, named_error, required

DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")
ZONE = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*")
OLDER_NAMES = {
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Europe/Kyiv": "Europe/Kiev",
    "US/Central": "America/Chicago",
}


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    """Returns an IANA zone, or None."""
    if not ZONE.fullmatch(name) or name in ("localtime", "posixrules", "Factory"):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


@lru_cache(maxsize=65536)
def parse_date_time(text: str) -> datetime | None:
    """Returns an RFC 3339 time, naive where it has no offset; None when it is none."""
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).replace(microsecond=0)
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """Returns a date in the form 2027-01-04."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def show(moment: datetime, zone: str) -> str:
    """Returns an instant with the offset of a zone, `Z` in UTC."""
    text = moment.astimezone(zone_of(zone)).isoformat()
    return text[:-6] + "Z" if zone in ("UTC", "Etc/UTC", "GMT") else text


def instant(value: dict[str, Any], zone: str) -> datetime:
    """Returns the instant of a stored start or end; a date is midnight in `zone`."""
    if "date" in value:
        return datetime.fromisoformat(value["date"]).replace(tzinfo=zone_of(zone)).astimezone(UTC)
    return datetime.fromisoformat(value["dateTime"]).astimezone(UTC)


def wall(value: dict[str, Any]) -> datetime:
    """Returns the naive wall time of a stored start or end in its own zone; midnight of a date."""
    if "date" in value:
        return datetime.fromisoformat(value["date"])
    moment = datetime.fromisoformat(value["dateTime"])
    return moment.astimezone(zone_of(value["timeZone"])).replace(tzinfo=None)


def settle_moment(
    value: Any, which: str, recurring: bool, calendar_zone: str, unknown: tuple[str, ...], older: bool
) -> dict[str, str]:
    """Checks a start or an end and returns it as it is stored."""
    if not isinstance(value, dict):
        raise required(f"Missing {which} time.")
    if not all(each is None or isinstance(each, str) for each in value.values()):
        raise invalid(f"Invalid {which} time.")
    return dict(
        _settled(
            value.get("date"),
            value.get("dateTime"),
            value.get("timeZone"),
            which,
            recurring,
            calendar_zone,
            unknown,
            older,
        )
    )


@lru_cache(maxsize=65536)
def _settled(
    day: str | None,
    moment: str | None,
    zone: str | None,
    which: str,
    recurring: bool,
    calendar_zone: str,
    unknown: tuple[str, ...],
    older: bool,
) -> tuple[tuple[str, str], ...]:
    if day is None and moment is None:
        raise required(f"Missing {which} time.")
    wrong = invalid(f"Invalid {which} time.")
    if day is not None and moment is not None:
        raise wrong
    if zone is not None and (zone in unknown or zone_of(zone) is None):
        raise invalid(f"Invalid time zone definition for {which} time.")
    if zone is not None and older:
        zone = OLDER_NAMES.get(zone, zone)
    if day is not None:
        if parse_date(day) is None:
            raise wrong
        return (("date", day),)
    parsed = parse_date_time(moment)
    if parsed is None:
        raise wrong
    if zone is None and (recurring or parsed.tzinfo is None):
        raise required(f"Missing time zone definition for {which} time.")
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=zone_of(zone))
    return (("dateTime", show(parsed.astimezone(UTC), calendar_zone)), ("timeZone", zone or calendar_zone))


def check_range(start: dict[str, str], end: dict[str, str]) -> None:
    """Raises when an event ends before it starts, or is a day at one end and a time at the other."""
    if ("date" in start) != ("date" in end):
        raise invalid("Start and end times must either both be date or both be dateTime.")
    if "date" in start:
        if end["date"] <= start["date"]:
            raise named_error(400, "timeRangeEmpty")
    elif instant(end, "UTC") < instant(start, "UTC"):
        raise named_error(400, "timeRangeEmpty")


def bound(text: str, name: str) -> datetime:
    """Returns a timeMin, timeMax or updatedMin, which must have an offset."""
    moment = parse_date_time(text)
    if moment is None or moment.tzinfo is None:
        raise ApiError(400, "badRequest", "Bad Request", location=name)
    return moment.astimezone(UTC)


def length(start: dict[str, str], end: dict[str, str]) -> timedelta:
    """Returns how long an event lasts."""
    return instant(end, "UTC") - instant(start, "UTC")
