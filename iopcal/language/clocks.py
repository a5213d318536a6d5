"""Times of day and ranges of them: `17:30`, `5:30 pm`, `17:30-19:00`."""

from __future__ import annotations

import re

from iopcal.language.fields import Value, scalar
from iopcal.language.report import Report, meant, shown
from iopcal.model import Place
from iopcal.named_tuple import NamedTuple
from iopcal.source import Node, Scalar
from iopcal.words import clock_words

MIDNIGHT = 24 * 60  # as the end of a day
EARLY = 5 * 60
FORM = "times are written 17:30 or 5:30 pm"

_DAY = "([01]?[0-9]|2[0-3]):([0-5][0-9])"
_HALF = "(0?[1-9]|1[0-2]):([0-5][0-9]) *([AaPp])[Mm]"
_EITHER = f"({_DAY}|{_HALF})"
_SEPARATORS = "–|—|−| to | until |\\.\\.|-"


class Timing(NamedTuple):
    """What `at` says: a start as a clock, and the length in minutes when it is a range (else None)."""

    start: int
    minutes: int | None
    place: Place
    text: str


def clock_of(text: str) -> int | None:
    """Returns minutes since midnight for `HH:MM`, `H:MM` or `h:mm am/pm`, else None."""
    match = re.fullmatch(_DAY, text)
    if match:
        return int(match[1]) * 60 + int(match[2])
    match = re.fullmatch(_HALF, text)
    if match:
        return int(match[1]) % 12 * 60 + int(match[2]) + (720 if match[3] in "Pp" else 0)
    return None


def nearest_time(text: str) -> str:
    """Returns the right spelling that is nearest to something that is no time, or ''."""
    word = text.replace("\u00a0", " ").strip().casefold()
    if word in {"noon", "midday", "midnight"}:
        return "00:00" if word == "midnight" else "12:00"
    match = re.fullmatch("([0-9]{1,2})([0-9]{2})", word) or re.fullmatch(
        r"([0-9]{1,2})(?:[:.,h ]+([0-9]{1,2}))?h?(?:[:.][0-9]{1,2})?\s*(?:([ap])\.?\s?(?:m\.?)?)?", word
    )
    if not match:
        return ""
    hours, minutes = int(match[1]), int(match[2] or 0)
    half = (match[3] or "") if match.re.groups == 3 else ""
    total = hours * 60 + minutes
    if minutes > 60 or total > MIDNIGHT:
        return ""
    if half and 1 <= total // 60 <= 12:
        return f"{total // 60}:{total % 60:02d} {half}m"
    return clock_words(total % MIDNIGHT)


def _both_halves(text: str) -> str:
    """Returns the hint for `4.30`, `430` or `4`, which may be meant for the morning or the evening, or ''."""
    match = re.fullmatch("(0?[1-9]|1[01])(?:\\.?([0-5][0-9]))?", text)
    if not match:
        return ""
    clock = int(match[1]) * 60 + int(match[2] or 0)
    return f"write '{clock_words(clock)}' or '{clock_words(clock + 720)}'"


def _read_time(node: Node, report: Report) -> int | None:
    found = scalar(node, report, "a time")
    if found is None:
        return None
    clock = clock_of(found.text)
    if clock is None:
        hint = _both_halves(found.text) or meant(nearest_time(found.text), FORM)
        report.error(found.place, "IOP140", f"{shown(found.text)} is not a time", hint)
    return clock


def _read_timing(node: Node, report: Report) -> Timing | None:
    found = scalar(node, report, "a time")
    if found is None:
        return None
    if re.search("[^ ] *(" + _SEPARATORS + ")", found.text):
        return _read_range(found, report)
    clock = _read_time(found, report)
    return None if clock is None else Timing(clock, None, found.place, found.text)


def _read_range(found: Scalar, report: Report) -> Timing | None:
    first, separator, last = (part.strip() for part in _split(found.text))
    start, end = clock_of(first), clock_of(last)
    one_sided = bool(_half(first)) != bool(_half(last))
    if start is None or end is None or separator != "-" or one_sided:
        message = f"{shown(found.text)} is not a range of times"
        if start is not None and end is not None and one_sided:
            message = f"{shown(found.text)} says am or pm at one end only"
        hint = meant(_nearest_range(first, last), "ranges are written 17:30-19:00 or 5:30 pm-7:00 pm")
        report.error(found.place, "IOP141", message, hint)
        return None
    if end == 0:
        end = MIDNIGHT
    if end <= start:
        what, hint = "has no length", "write when it ends, or a time and 'minutes'"
        if end < 720 <= start:
            what, hint = "ends on the next day", "a session ends by midnight of the day it begins"
        elif end < start:
            afternoon = end < 720 and end + 720 - start < start - end  # 11:00-1:00
            what = "ends before it begins"
            hint = meant(f"{first}-{clock_words(end + 720)}" if afternoon else f"{last}-{first}")
        report.error(found.place, "IOP163", f"{shown(found.text)} {what}", hint)
        return None
    return Timing(start, end - start, found.place, found.text)


def _split(text: str) -> tuple[str, str, str]:
    parts = re.split(f"({_SEPARATORS})", text, maxsplit=1)
    return parts[0], parts[1], parts[2]


def _half(text: str) -> str:
    """Returns 'a' or 'p' for a time with am or pm, in whatever spelling, else ''."""
    match = re.fullmatch(r".*?([ap])\.?\s?(?:m\.?)?", text.casefold())
    return match[1] if match else ""


def _nearest_range(first: str, last: str) -> str:
    """Returns the nearest right spelling of a range; the am or pm of its end holds for both if it can."""
    half = _half(last)
    starts = (f"{first} {half}m", f"{first} am") if half and not _half(first) else (first,)
    for start in starts:
        ends = [each if clock_of(each) is not None else nearest_time(each) for each in (start, last)]
        begin, end = (clock_of(each) for each in ends)
        if begin is not None and end is not None and begin < (end or MIDNIGHT):
            mixed = bool(_half(ends[0])) != bool(_half(ends[1]))
            return f"{clock_words(begin)}-{clock_words(end)}" if mixed else "-".join(ends)
    return ""


TIME: Value[int] = Value(_read_time, {"type": "string", "pattern": f"^{_EITHER}$"}, "time")
TIMING: Value[Timing] = Value(
    _read_timing, {"type": "string", "pattern": f"^{_EITHER}( *- *{_EITHER})?$"}, "time-or-range"
)
