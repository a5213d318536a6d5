"""What a day is: public holidays, closures and make-up days. The only door to `holidays`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from iopcal.model import Closure, HolidayRule, Ordinal, Path
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Problem, nearest

if TYPE_CHECKING:
    from holidays import HolidayBase

_OBSERVED = re.compile(r"\s*\(observed[^)]*\)", re.IGNORECASE)

_INDIGENOUS = ("columbus day", "indigenous peoples' day")
_MARTIN = ("martin luther king jr. day",)
_PRESIDENTS = ("washington's birthday", "presidents' day", "president's day")
# Names that people have for public holidays, without apostrophes, a final 's' and 'day'.
_ALIASES = {
    "president": _PRESIDENTS,
    "washington birthday": _PRESIDENTS,
    "mlk": _MARTIN,
    "martin luther king": _MARTIN,
    "martin luther king jr": _MARTIN,
    "juneteenth": ("juneteenth national independence day",),
    "thanksgiving": ("thanksgiving day", "thanksgiving"),
    "columbu": _INDIGENOUS,
    "indigenous people": _INDIGENOUS,
    "new year": ("new year's day",),
    "xma": ("christmas day",),
}


class Outcome(NamedTuple):
    """What the closures of its day do to a session: `closed`, or moved to `to`, or neither.

    `lines` are the closures that had a say; `telehealth`: it takes place by link.
    """

    closed: bool = False
    to: date | None = None
    telehealth: bool = False
    lines: tuple[Closure, ...] = ()

    @property
    def takes(self) -> bool:
        """Whether the session does not take place there and then."""
        return self.closed or self.to is not None


UNTOUCHED = Outcome()


@cache
def _region(region: str, years: tuple[int, ...] = ()) -> HolidayBase:
    """Returns the calendar of a country (`US`) or subdivision (`US-IL`); raises NotImplementedError."""
    import holidays

    country, _, subdivision = region.upper().partition("-")
    part = subdivision or None
    return holidays.country_holidays(country, subdiv=part, years=years or None, language="en_US")


def plain_name(name: str) -> str:
    """Returns a holiday's name as it is compared: without case and without "(observed)"."""
    return _OBSERVED.sub("", name).strip().casefold()


def holiday_names(rules: Iterable[HolidayRule], day: date) -> tuple[str, ...]:
    """Returns the names of the public holidays that close `day`, in US English; empty on an ordinary day."""
    found: dict[str, None] = {}
    for rule in rules:
        calendar = _region(rule.region)
        if day not in calendar:
            continue
        for name in calendar.get_list(day):
            plain = plain_name(name)
            if (not rule.only or plain in rule.only) and plain not in rule.but:
                found[name] = None
    return tuple(found)


def check_holidays(rules: Iterable[HolidayRule], first: date) -> tuple[Problem, ...]:
    """Returns a problem for every region the library does not know and every name no such region has."""
    problems = []
    for rule in rules:
        try:
            _region(rule.region)
        except NotImplementedError:
            problems.append(_unknown_region(rule))
            continue
        if not rule.named:
            continue
        # Some holidays come every fourth year, others were made law lately.
        calendar = _region(rule.region, tuple(range(first.year - 2, first.year + 6)))
        names = {
            plain_name(name): _OBSERVED.sub("", name).strip()
            for day in calendar
            for name in calendar.get_list(day)
        }
        for name, place in rule.named:
            if plain_name(name) not in names:
                meant = _alias(name, names) or nearest(plain_name(name), names)
                hint = f"did you mean '{names[meant]}'? " if meant else ""
                listed = ", ".join(sorted(names.values()))
                message = f"'{name}' is no public holiday of {rule.region}"
                problems.append(Problem(place, "IOP302", message, f"{hint}its holidays are: {listed}"))
    return tuple(problems)


def _alias(name: str, names: Collection[str]) -> str:
    """Returns the first of `names` that people also call `name`, or ''."""
    plain = re.sub("[^a-z ]", "", plain_name(name)).removesuffix(" day").removesuffix("s")
    return next((each for each in _ALIASES.get(plain, ()) if each in names), "")


def _unknown_region(rule: HolidayRule) -> Problem:
    import holidays

    country, _, subdivision = rule.region.upper().partition("-")
    known = holidays.list_supported_countries()
    if country in known:
        hint = f"write '{country}'"
        if known[country]:
            hint += f", or add one of its parts: {', '.join(sorted(known[country]))}"
        message = f"'{subdivision}' is no part of {country} whose holidays are known"
    else:
        message = f"'{rule.region}' is no country or region whose holidays are known"
        hint = "write a country's two letters, such as US; a state's may follow, such as US-IL"
    return Problem(rule.place, "IOP301", message, hint)


class DayBook:
    """The closures and public holidays that hold for one path."""

    def __init__(self, closures: Iterable[Closure], holidays: tuple[HolidayRule, ...], path: Path) -> None:
        self._holidays = holidays
        self._names: dict[date, tuple[str, ...]] = {}
        self._on: dict[date, list[Closure]] = {}
        for line in closures:
            if path.within(line.tracks, line.cohorts):
                for day in dates(*line.span):
                    self._on.setdefault(day, []).append(line)

    def closures(self, day: date) -> tuple[Closure, ...]:
        """Returns the `closed` lines that speak of `day`, in the order of the file."""
        return tuple(self._on.get(day, ()))

    def holiday(self, day: date) -> tuple[str, ...]:
        """Returns the public holidays of `day`; none where a `closed` line replaces them."""
        return () if self.closures(day) else self._public(day)

    def opening(self, day: date) -> tuple[Closure, ...]:
        """Returns the `closed` lines that replace a public holiday, and so let sessions take place."""
        return self.closures(day) if self._public(day) else ()

    def _public(self, day: date) -> tuple[str, ...]:
        if not self._holidays:
            return ()
        names = self._names.get(day)
        if names is None:
            names = self._names[day] = holiday_names(self._holidays, day)
        return names

    def is_ordinary(self, day: date) -> bool:
        """Says whether neither a `closed` line nor a public holiday speaks of `day`."""
        return day not in self._on and not (self._holidays and self.holiday(day))

    def outcome(self, day: date, clock: int) -> Outcome:
        """Returns what the `closed` lines do to a session that begins on `day` at `clock`.

        A session a line with `make_up` takes moves to the paired day, and is taken there by that day's lines
        like any other, but never twice by one line.
        """
        to: date | None = None
        seen: list[Closure] = []
        moved: list[Closure] = []
        while True:
            lines = [line for line in self.closures(to or day) if _covers(line, clock) and line not in moved]
            seen += lines
            forbidding = [line for line in lines if not line.telehealth]
            telehealth = any(line.telehealth for line in lines)
            if not forbidding:
                return Outcome(False, to, telehealth, tuple(seen)) if seen else UNTOUCHED
            moving = next((line for line in forbidding if line.make_up), None)
            if moving is None or moving.make_up is None:
                return Outcome(True, None, False, tuple(seen))
            moved.append(moving)
            to = moving.make_up.first + ((to or day) - moving.span.first)


def _covers(line: Closure, clock: int) -> bool:
    return (line.after is None or clock >= line.after) and (line.before is None or clock < line.before)


def is_nth(day: date, ordinals: Iterable[Ordinal]) -> bool:
    """Says whether the day is one of these weekdays of its month."""
    nth = (day.day - 1) // 7 + 1
    last = (day + timedelta(days=7)).month != day.month
    return any(
        day.weekday() == ordinal.weekday and (ordinal.nth == nth or (ordinal.nth == -1 and last))
        for ordinal in ordinals
    )


def dates(first: date, last: date) -> Iterable[date]:
    """Yields every date from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
