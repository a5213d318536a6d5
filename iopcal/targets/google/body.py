"""What an event says: the body we send, and the one form in which two of them are compared."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from iopcal.model import Event
from iopcal.model.session import end_of
from iopcal.named_tuple import NamedTuple
from iopcal.targets.google import rule
from iopcal.targets.google.api import Json
from iopcal.targets.google.identity import Mark, Owner
from iopcal.targets.google.zones import newer, zone

VISIBLE = (
    "summary", "description", "location",
    "start", "end", "recurrence",
    "visibility", "transparency", "status",
)  # fmt: skip
_DEFAULTS = {"visibility": "default", "transparency": "opaque", "status": "confirmed"}
_MOST_KNOWN = 8192  # forms that are kept: what is planned mostly says what was read
Digests = Mapping[str, str]  # of each visible field


class Item(NamedTuple):
    """What one event of Google's shall say: a weekly series, or a single session."""

    ref: str
    series: bool
    starts: tuple[datetime, ...]  # wall clocks of the program's zone, ascending
    every: int  # weeks; divides every gap
    minutes: int  # on a stop-watch
    summary: str
    description: str = ""
    location: str = ""
    free: bool = False  # blocks no time
    private: bool = False  # hides details from those who may only read
    reminders: tuple[int, ...] = ()  # minutes before the start

    def at(self, starts: Iterable[datetime]) -> Item:
        """Returns the same with other starts."""
        chosen = tuple(starts)
        return self._replace(starts=chosen, every=rule.step_of(chosen, self.every))


def item(event: Event, owner: Owner, *, private: bool = False, reminders: tuple[int, ...] = ()) -> Item:
    """Returns what Google shall say of an event; one that is cancelled says so and blocks no time."""
    text = event.text
    zone = event.start.tzinfo
    starts = tuple(datetime.combine(day, event.start.time(), zone) for day in event.dates)
    if event.start.fold:
        starts = (event.start, *starts[1:])
    return Item(
        owner.ref(event.key[3:]),
        event.key[6] == "series",
        starts,
        event.every,
        event.minutes,
        f"Cancelled: {text.summary}" if event.cancelled else text.summary,
        text.description,
        text.location,
        free=event.cancelled,
        private=private,
        reminders=() if event.cancelled else reminders,
    )


def body(wanted: Item) -> dict[str, object]:
    """Returns all managed fields of an event, None for those that stay empty (a PATCH removes them)."""
    first = wanted.starts[0]
    name = str(first.tzinfo)
    recurrence = list(rule.lines(wanted.starts, wanted.every, name)) if wanted.series else None
    return {
        "summary": wanted.summary,
        "description": wanted.description or None,
        "location": wanted.location or None,
        "start": _time(first, name),
        "end": _time(end_of(first, wanted.minutes), name),
        "recurrence": recurrence,
        "visibility": "private" if wanted.private else "default",
        "transparency": "transparent" if wanted.free else "opaque",
        "reminders": reminding(wanted.reminders),
        "status": "confirmed",
    }


def reminding(minutes: Iterable[int]) -> Json:
    """Returns reminders so many minutes before the start, instead of those of the calendar."""
    overrides = [{"method": "popup", "minutes": number} for number in minutes]
    return {"useDefault": False, "overrides": overrides}


def _time(moment: datetime, name: str) -> dict[str, object]:
    return {"date": None, "dateTime": _wall(moment), "timeZone": name}


def _wall(moment: datetime) -> str:
    """Returns a wall clock without its offset, but with it where clocks show the hour twice."""
    twice = moment.utcoffset() != moment.replace(fold=not moment.fold).utcoffset()
    return moment.isoformat() if twice else moment.replace(tzinfo=None).isoformat()


def marked(content: Json, owner: Owner, ref: str) -> dict[str, object]:
    """Returns a whole body with its mark."""
    mark = Mark(owner.src, ref, want(owner, content), total(owner, digests(owner, content)))
    return {**content, "extendedProperties": {"private": mark.properties()}}


def without_empty(content: Json) -> dict[str, object]:
    """Returns a body as an insert sends it: without fields that are empty."""
    shown = {name: value for name, value in content.items() if value is not None}
    for name in ("start", "end"):
        shown[name] = {part: value for part, value in content[name].items() if value is not None}
    return shown


def want(owner: Owner, content: Json) -> str:
    """Returns the digest of all that we send but the mark."""
    return wanting(owner, digests(owner, content), content.get("reminders"))


def wanting(owner: Owner, visible: Digests, reminders: object) -> str:
    """Returns the same of visible fields that are known by their digests."""
    return owner.digest(total(owner, visible), json.dumps(reminders, sort_keys=True))


def total(owner: Owner, visible: Digests) -> str:
    """Returns one digest of all visible fields."""
    return owner.digest(*(f"{name}={visible.get(name, '')}" for name in VISIBLE))


def digests(owner: Owner, resource: Json) -> dict[str, str]:
    """Returns the digests of the visible fields that are not empty, whoever wrote them."""
    return dict(_digests(owner, tuple(canonical(resource).items())))


@lru_cache(maxsize=_MOST_KNOWN)
def _digests(owner: Owner, found: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, owner.digest(name, text)) for name, text in found if text)


def canonical(resource: Json) -> dict[str, str]:
    """Returns each visible field as one text that is the same however Google spells it; '' for a default."""
    start, end = resource.get("start"), resource.get("end")
    first = _written(start)
    return {
        "summary": _text(resource.get("summary")),
        "description": _text(resource.get("description")),
        "location": _text(resource.get("location")),
        "start": _moment(start, first),
        "end": _moment(end, _written(end)),
        "recurrence": _recurrence(resource.get("recurrence"), first),
        **{name: _word(resource.get(name), default) for name, default in _DEFAULTS.items()},
    }


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _word(value: object, default: str) -> str:
    return "" if value == default or not isinstance(value, str) else value


def moment_of(value: object) -> datetime | None:
    """Returns a start or end as a wall clock of its own zone, a whole day as its midnight in UTC."""
    return _moment_of(_written(value))


class _Written(NamedTuple):
    """A start or end in its own words, None for each that it lacks."""

    moment: str | None
    day: str | None
    zone: str | None


def _written(value: object) -> _Written:
    if not isinstance(value, dict):
        return _Written(None, None, None)
    moment, day, place = value.get("dateTime"), value.get("date"), value.get("timeZone")
    return _Written(
        moment if isinstance(moment, str) else None,
        day if isinstance(day, str) else None,
        place if isinstance(place, str) else None,
    )


@lru_cache(maxsize=_MOST_KNOWN)
def _moment_of(written: _Written) -> datetime | None:
    try:
        if written.moment is not None:
            moment, place = datetime.fromisoformat(written.moment), zone(written.zone)
            return moment.astimezone(place) if moment.tzinfo else moment.replace(tzinfo=place)
        if written.day is not None:
            return datetime.combine(date.fromisoformat(written.day), time(), UTC)
    except (ValueError, OverflowError):
        return None
    return None


def is_whole_day(value: object) -> bool:
    """Says whether a start or end is a date without a time."""
    return isinstance(value, dict) and value.get("dateTime") is None and isinstance(value.get("date"), str)


def _moment(value: object, written: _Written) -> str:
    if value is None:
        return ""
    return _moment_text(written) or json.dumps(value, sort_keys=True)


@lru_cache(maxsize=_MOST_KNOWN)
def _moment_text(written: _Written) -> str:
    moment = _moment_of(written)
    if moment is None:
        return ""
    if written.moment is None:
        return str(written.day)
    return f"{_wall(moment)} {newer(written.zone or 'UTC')}"


def _recurrence(value: object, first: _Written) -> str:
    """Returns the lines of a recurrence in one order: rules by their parts, exceptions by instant."""
    if not isinstance(value, list | tuple) or not value:
        return ""
    written = tuple(str(line).strip() for line in value)
    return _ordered(written, first)


@lru_cache(maxsize=_MOST_KNOWN)
def _ordered(written: tuple[str, ...], first: _Written) -> str:
    start = _moment_of(first)
    try:
        rules = sorted(_rule(line, start) for line in written if not line.upper().startswith("EXDATE"))
        skipped = sorted(rule.excluded(written, start)) if start else []
    except (ValueError, OverflowError):
        return "\n".join(sorted(written))
    return "\n".join((*rules, *(f"EXDATE:{moment:%Y%m%dT%H%M%SZ}" for moment in skipped)))


def _rule(line: str, start: datetime | None) -> str:
    name, colon, parts = line.partition(":")
    if not colon or not name.upper().startswith(("RRULE", "EXRULE")):
        return line
    found = dict(part.partition("=")[::2] for part in parts.upper().split(";") if part)
    if found.get("INTERVAL") == "1":
        del found["INTERVAL"]
    if found.get("WKST") == "MO":
        del found["WKST"]
    if re.fullmatch(r"\d{8}T\d{6}Z?", until := found.get("UNTIL", "")) and start is not None:
        found["UNTIL"] = f"{rule.instant(until, start):%Y%m%dT%H%M%SZ}"
    return f"{name.upper()}:" + ";".join(f"{key}={found[key]}" for key in sorted(found))


def minutes_between(start: datetime, end: datetime | None) -> int:
    """Returns how long an event lasts on a stop-watch, in whole minutes."""
    return int((end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(minutes=1)) if end else 0
