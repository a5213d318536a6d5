"""Recurrence lines: which are accepted, and how they come back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from tests.fake_google.messages import ApiError, invalid
from tests.fake_google.times import wall, zone_of
from tests.fake_google.words import words

ORDER = words(
    "FREQ WKST UNTIL COUNT INTERVAL BYSECOND BYMINUTE BYHOUR BYDAY BYMONTHDAY BYYEARDAY BYWEEKNO BYMONTH "
    "BYSETPOS"
)
FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAY_LIST = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU))*")
NUMBER_LIST = re.compile(r"[+-]?\d+(,[+-]?\d+)*")
DATE = re.compile(r"\d{8}")
DATE_TIME = re.compile(r"\d{8}T\d{6}Z?")


def bad_rule() -> ApiError:
    return invalid("Invalid recurrence rule.")


class Line:
    """One content line: a name, its parameters and its value."""

    __slots__ = ("name", "parameters", "value")

    def __init__(self, text: str) -> None:
        head, colon, self.value = text.partition(":")
        if not colon:
            raise bad_rule()
        name, *parameters = head.split(";")
        self.name = name.upper()
        self.parameters = {}
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            self.parameters[key.upper()] = value


def rule_parts(value: str) -> dict[str, str]:
    """Returns the parts of an RRULE in the order they were written."""
    parts: dict[str, str] = {}
    for part in value.split(";"):
        key, equals, content = part.partition("=")
        key = key.upper()
        if not equals or not content or key not in ORDER or key in parts:
            raise bad_rule()
        parts[key] = content.upper()
    return parts


def _check_rule(parts: dict[str, str], all_day: bool) -> None:
    if parts.get("FREQ") not in FREQUENCIES or ("COUNT" in parts and "UNTIL" in parts):
        raise bad_rule()
    for name in ("COUNT", "INTERVAL"):
        if name in parts and not (parts[name].isdecimal() and int(parts[name]) >= 1):
            raise bad_rule()
    until = parts.get("UNTIL")
    if until is not None:
        form = DATE if all_day else DATE_TIME
        if not form.fullmatch(until) or (not all_day and not until.endswith("Z")):
            raise bad_rule()
        _moment(until)
    for name, value in parts.items():
        if name == "BYDAY" and not DAY_LIST.fullmatch(value):
            raise bad_rule()
        if name.startswith("BY") and name != "BYDAY" and not NUMBER_LIST.fullmatch(value):
            raise bad_rule()
    if parts.get("WKST", "MO") not in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"):
        raise bad_rule()


def _moment(text: str) -> datetime:
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d")
        return datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")
    except ValueError:
        raise bad_rule() from None


def moments(line: Line, zone: str) -> list[datetime]:
    """Returns the naive wall times in `zone` that an EXDATE or RDATE line names."""
    own = line.parameters.get("TZID", zone)
    found = []
    for text in line.value.split(","):
        if not (DATE.fullmatch(text) or DATE_TIME.fullmatch(text)):
            raise bad_rule()
        moment = _moment(text)
        if text.endswith("Z"):
            moment = moment.replace(tzinfo=UTC).astimezone(zone_of(zone)).replace(tzinfo=None)
        elif own != zone and len(text) > 8:
            if zone_of(own) is None:
                raise bad_rule()
            aware = moment.replace(tzinfo=zone_of(own))
            moment = aware.astimezone(zone_of(zone)).replace(tzinfo=None)
        found.append(moment)
    return found


def settle_recurrence(lines: Any, start: dict[str, str], order: str, split: bool, in_utc: bool) -> list[str]:
    """Checks the lines of `recurrence` and returns them as they are stored.

    https://developers.google.com/workspace/calendar/api/concepts/events-calendars#recurrence_rule
    Raises `ApiError` 400 for other lines than RRULE, EXRULE, RDATE and EXDATE.
    """
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise bad_rule()
    return list(_settled(tuple(lines), "date" in start, start.get("timeZone", "UTC"), order, split, in_utc))


@lru_cache(maxsize=65536)
def _settled(
    lines: tuple[str, ...], all_day: bool, zone: str, order: str, split: bool, in_utc: bool
) -> tuple[str, ...]:
    rules: list[str] = []
    dates: list[str] = []
    for text in lines:
        line = Line(text)
        if line.name in ("RRULE", "EXRULE"):
            parts = rule_parts(line.value)
            _check_rule(parts, all_day)
            names = list(parts) if order == "as-sent" else [name for name in ORDER if name in parts]
            if order == "reversed":
                names = names[:1] + names[:0:-1]
            rules.append(f"{line.name}:" + ";".join(f"{name}={parts[name]}" for name in names))
        elif line.name in ("RDATE", "EXDATE"):
            dates += _dates(line, all_day, zone, split, in_utc)
        else:
            raise bad_rule()
    return tuple(rules + dates)


def _dates(line: Line, all_day: bool, zone: str, split: bool, in_utc: bool) -> list[str]:
    times = moments(line, zone)
    if all_day:
        texts, head = [f"{moment:%Y%m%d}" for moment in times], f"{line.name};VALUE=DATE"
    elif in_utc:
        shown = [moment.replace(tzinfo=zone_of(zone)).astimezone(UTC) for moment in times]
        texts, head = [f"{moment:%Y%m%dT%H%M%SZ}" for moment in shown], line.name
    else:
        texts, head = [f"{moment:%Y%m%dT%H%M%S}" for moment in times], f"{line.name};TZID={zone}"
    return [f"{head}:{text}" for text in texts] if split else [f"{head}:{','.join(texts)}"]


def occurrences(start: dict[str, str], recurrence: list[str], most: int = 730) -> tuple[datetime, ...]:
    """Returns the naive wall times of a series in its own zone, in order, at most `most`."""
    return _occurrences(wall(start), start.get("timeZone", "UTC"), tuple(recurrence), most)


@lru_cache(maxsize=65536)
def _occurrences(start: datetime, zone: str, recurrence: tuple[str, ...], most: int) -> tuple[datetime, ...]:
    from dateutil.rrule import rrule, rruleset, rrulestr

    lines = [Line(text) for text in recurrence]
    chosen = rruleset()
    for line in lines:
        if line.name in ("RRULE", "EXRULE"):
            parts = rule_parts(line.value)
            if "UNTIL" in parts:
                until = moments(Line(f"UNTIL:{parts['UNTIL']}"), zone)[0]
                parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
            try:
                rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=start)
            except ValueError:
                raise bad_rule() from None
            assert isinstance(rule, rrule)
            chosen.rrule(rule) if line.name == "RRULE" else chosen.exrule(rule)
        else:
            for moment in moments(line, zone):
                chosen.rdate(moment) if line.name == "RDATE" else chosen.exdate(moment)
    found = []
    for moment in chosen:
        found.append(moment)
        if len(found) >= most:
            break
    return tuple(found)


@lru_cache(maxsize=65536)
def flaws(start: datetime, zone: str, recurrence: tuple[str, ...]) -> tuple[str, ...]:
    """Lists what is odd though it is accepted: such a series does not say what its maker means."""
    lines = [Line(text) for text in recurrence]
    plain = tuple(text for text, line in zip(recurrence, lines, strict=True) if line.name != "EXDATE")
    every = set(_occurrences(start, zone, plain, 5000))
    found = []
    if not _occurrences(start, zone, recurrence, 1):
        found.append("a series without an occurrence")
    if not every or min(every) != start:
        found.append("the start of a series is none of its occurrences")
    for text, line in zip(recurrence, lines, strict=True):
        if line.name != "EXDATE":
            continue
        if line.parameters.get("TZID", zone) != zone:
            found.append(f"an EXDATE in another zone than the series: {text}")
        elif any(moment not in every for moment in moments(line, zone)):
            found.append(f"an EXDATE that hits nothing: {text}")
    return tuple(found)
