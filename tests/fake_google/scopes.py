"""Which scope allows which method, from Google's discovery document."""

from __future__ import annotations

PREFIX = "https://www.googleapis.com/auth/"
APP_CREATED = "calendar.app.created"
WRITE = ("calendar", APP_CREATED, "calendar.events", "calendar.events.owned")
READ = (
    *WRITE,
    "calendar.events.freebusy",
    "calendar.events.owned.readonly",
    "calendar.events.public.readonly",
    "calendar.events.readonly",
    "calendar.readonly",
)
CALENDARS = ("calendar", APP_CREATED, "calendar.calendars")
SCOPES = {
    "events.list": READ,
    "events.get": READ,
    "events.instances": READ,
    "events.insert": WRITE,
    "events.import": WRITE,
    "events.update": WRITE,
    "events.patch": WRITE,
    "events.delete": WRITE,
    "calendars.insert": CALENDARS,
    "calendars.update": CALENDARS,
    "calendars.patch": CALENDARS,
    "calendars.delete": CALENDARS,
    "calendars.get": (*CALENDARS, "calendar.calendars.readonly", "calendar.readonly"),
    "calendarList.list": (
        "calendar",
        "calendar.calendarlist",
        "calendar.calendarlist.readonly",
        "calendar.readonly",
    ),
    "calendarList.get": (
        "calendar",
        APP_CREATED,
        "calendar.calendarlist",
        "calendar.calendarlist.readonly",
        "calendar.readonly",
    ),
    "acl.insert": ("calendar", "calendar.acls"),
}
KNOWN = frozenset(name for names in SCOPES.values() for name in names)
OTHERS = frozenset(("openid", "email", "profile"))


def short(scopes: str) -> tuple[str, ...]:
    """Returns the names of scopes without the common beginning."""
    return tuple(scope.removeprefix(PREFIX) for scope in scopes.split())


def full(names: tuple[str, ...]) -> str:
    """Returns scopes as they are written on the wire."""
    return " ".join(name if name in OTHERS else PREFIX + name for name in names)


def allowing(method: str, granted: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the granted scopes that allow a method."""
    return tuple(name for name in granted if name in SCOPES[method])
