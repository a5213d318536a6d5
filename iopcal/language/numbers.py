"""Whole numbers, ranges of them, how many days a week, and yes or no."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from iopcal.language.fields import Value, enough, scalar
from iopcal.language.frequency import both_readings, readings
from iopcal.language.report import Report, meant, shown
from iopcal.language.weekdays import WEEKDAY_LIST, words_of
from iopcal.model import Counts, Days, Range, Taper
from iopcal.source import Mapping, Node, Scalar, Sequence
from iopcal.words import list_words

MOST = 9999  # of anything that has no limit of its own
DEFAULT_TAPER = "linear"
_WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_PLAIN = "(0|[1-9][0-9]*)"
_YES = ("yes", "true", "Yes", "True", "YES", "TRUE")
_NO = ("no", "false", "No", "False", "NO", "FALSE")
_ARROW = f"{_PLAIN} *-> *{_PLAIN}"


def number_of(
    found: Scalar, report: Report, noun: str, low: int, high: int, near: Callable[[str], str] | None = None
) -> int | None:
    """Reads plain digits from `low` to `high`; reports anything else (IOP147, IOP148).

    `near` returns the digits that another spelling probably means, or ''.
    """
    text = found.text
    if not re.fullmatch(_PLAIN, text):
        if readings(text):
            report.error(
                found.place, "IOP146", f"{shown(text)} can mean {readings(text)}", both_readings(text)
            )
            return None
        hint = both_readings(text) or meant(
            (near or _nearest_number)(text), "whole numbers are plain digits, such as 12"
        )
        report.error(found.place, "IOP147", f"{shown(text)} is not a whole number", hint)
        return None
    if len(text) > 9 or not low <= int(text) <= high:
        size = "small" if text == "0" or (len(text) <= 9 and int(text) < low) else "large"
        report.error(
            found.place, "IOP148", f"{shown(text)} is too {size}", f"{noun} can be {low} to {high:,}"
        )
        return None
    return int(text)


def _nearest_number(text: str) -> str:
    folded = text.casefold()
    if folded in _WORDS:
        return str(_WORDS.index(folded))
    match = re.fullmatch("0*([0-9]+(?:[_,][0-9]+)*)(?:\\.0+)?(?: *[a-z.]+)?", folded)
    digits = re.sub("[_,]", "", match[1]) if match else ""
    return digits if len(digits) <= 9 and not re.match("0[xob]", folded) else ""


def nearest_minutes(text: str) -> str:
    """Returns the minutes of `1h`, `1.5 hours`, `1 h 30 min` or `1:30`, or of any other number, or ''."""
    hour = "h(?:(?:ou)?rs?)?\\.?"
    folded = text.casefold()
    match = re.fullmatch(f"([0-9]{{1,2}})(?::| *{hour} *)([0-5]?[0-9])(?: *m(?:in)?[a-z.]*)?", folded)
    if match:
        return str(int(match[1]) * 60 + int(match[2]))
    match = re.fullmatch(f"([0-9]{{1,2}})(?:[.,]([0-9]{{1,2}}))? *{hour}", folded)
    if match:
        return str(round(float(f"{match[1]}.{match[2] or 0}") * 60))
    return _nearest_number(text)


def number(noun: str, high: int = MOST, near: Callable[[str], str] | None = None, low: int = 1) -> Value[int]:
    """Returns the value that is a whole number from `low` to `high`; `noun` names it in messages."""

    def read(node: Node, report: Report) -> int | None:
        found = scalar(node, report, "a whole number")
        return None if found is None else number_of(found, report, noun, low, high, near)

    return Value(read, number_schema(low, high))


def number_schema(low: int, high: int) -> dict[str, object]:
    """Returns the schema of a whole number, in quotes or not."""
    quoted = "^[1-9][0-9]*$" if low else f"^{_PLAIN}$"
    return {
        "anyOf": [
            {"type": "integer", "minimum": low, "maximum": high},
            {"type": "string", "pattern": quoted},
        ]
    }


def _read_ranges(node: Node, report: Report) -> tuple[Range, ...] | None:
    items = node.items if isinstance(node, Sequence) else (node,)
    if isinstance(node, Sequence) and not enough(node, report, "weeks or visits"):
        return None
    ranges = [_read_range(item, report) for item in items]
    good = tuple(each for each in ranges if each is not None)
    return good if len(good) == len(ranges) else None


def _read_range(node: Node, report: Report) -> Range | None:
    found = scalar(node, report, "a number or a range such as '1-4'")
    if found is None:
        return None
    match = re.fullmatch(f"{_PLAIN} *(?:(-) *{_PLAIN}?)?", found.text)
    if not match:
        if not re.search("[0-9] *(-|–|—|,|\\.\\.)", found.text):
            number_of(found, report, "weeks and visits", 1, MOST)
            return None
        parts = re.split("[ ,]+", re.sub(" *(–|—|\\.\\.|-) *", "-", found.text))
        good = all(re.fullmatch("[1-9][0-9]*(-([1-9][0-9]*)?)?", part) for part in parts)
        listed = parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
        hint = meant(listed if good else "", "ranges are written 3, 1-4, 5- or [1-4, 8, 16]")
        report.error(
            found.place, "IOP157", f"{shown(found.text)} is not a number or a range of numbers", hint
        )
        return None
    ends = [match[1], match[3] or match[1]]
    numbers = [
        number_of(found._replace(text=end), report, "weeks and visits", 1, MOST)
        for end in ends[: 1 + bool(match[3])]
    ]
    if None in numbers:
        return None
    first, last = int(ends[0]), int(ends[1])
    if last < first:
        report.error(
            found.place, "IOP157", f"{shown(found.text)} ends before it begins", meant(f"{last}-{first}")
        )
        return None
    return Range(first, last if match[3] or not match[2] else 0)


def _read_phase_days(node: Node, report: Report) -> Days | Counts | Taper | None:
    if isinstance(node, Mapping):
        scalar(node, report, "weekdays or a number of days")
        return None
    items = node.items if isinstance(node, Sequence) else (node,)
    texts = [item.text if isinstance(item, Scalar) else "" for item in items]
    if isinstance(node, Sequence) and any(re.fullmatch("[0-9._]+", text) for text in texts):
        return _read_numbers(node, report)
    if not isinstance(node, Scalar):
        return _weekdays(node, report)
    match = re.fullmatch(_ARROW, node.text)
    if match:
        ends = [
            number_of(node._replace(text=end), report, "treatment days a week", 1, 7)
            for end in match.groups()
        ]
        first, last = ends
        return None if first is None or last is None else Taper(first, last, DEFAULT_TAPER)
    if re.fullmatch(f"{_PLAIN}(?: *-> *{_PLAIN}){{2,}}", node.text):
        numbers = re.findall("[0-9]+", node.text)
        listed = ", ".join(numbers[:1] + numbers)
        steps = list_words(f"'{one} -> {other}'" for one, other in pairwise(numbers))
        hint = f"write a number for each week, such as [{listed}], or make a phase of each: {steps}"
        report.error(node.place, "IOP158", f"{shown(node.text)} is not a number of days", hint)
        return None
    slipped = re.fullmatch("([1-7]) *(?:-|–|—|→|=>|>|to|\\.\\.) *([1-7])", node.text.casefold())
    if slipped:
        hint = (
            f"write '{slipped[1]} -> {slipped[2]}' for a taper from {slipped[1]} days a week to {slipped[2]}"
        )
        report.error(node.place, "IOP158", f"{shown(node.text)} is not a number of days", hint)
        return None
    if node.text and (node.text[0].isdigit() or node.text.casefold() in _WORDS):
        found = number_of(node, report, "treatment days a week", 1, 7)
        return None if found is None else Counts((found,))
    return _weekdays(node, report)


def _read_numbers(node: Sequence, report: Report) -> Counts | None:
    numbers: list[int] = []
    for item in node.items:
        found = scalar(item, report, "a number of days")
        read = None if found is None else number_of(found, report, "treatment days a week", 0, 7)
        if read is None:
            return None
        numbers.append(read)
    if not any(numbers):
        report.error(node.place, "IOP167", "every week of the list has 0 days", "one number must be above 0")
        return None
    return Counts(tuple(numbers))


def _weekdays(node: Node, report: Report) -> Days | None:
    words = words_of(node, report, "weekdays or a number of days")
    if words is None:
        return None
    stray = next((word for word in words if word.text.casefold() == "any"), None)
    if stray:
        hint = "'any' belongs to a session: it meets whether or not the phase does"
        report.error(stray.place, "IOP158", "'any' is no day of a phase", hint)
        return None
    days = WEEKDAY_LIST.read(node, report)
    return None if days is None else Days(tuple(sorted(days)))


def _read_yes_no(node: Node, report: Report) -> bool | None:
    found = scalar(node, report, "yes or no")
    if found is None:
        return None
    if found.text in _YES or found.text in _NO:
        return found.text in _YES
    word = found.text.casefold()
    choice = "yes" if word in {"y", "on", "1", *_YES} else "no" if word in {"n", "off", "0", *_NO} else ""
    message = f"{shown(found.text)} is not yes or no: write true, false, yes or no"
    report.error(found.place, "IOP149", message, meant(choice))
    return None


_RANGE_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": MOST},
        {"type": "string", "pattern": "^[1-9][0-9]*( *- *([1-9][0-9]*)?)?$"},
    ]
}
RANGES: Value[tuple[Range, ...]] = Value(
    _read_ranges,
    {"anyOf": [_RANGE_SCHEMA, {"type": "array", "items": _RANGE_SCHEMA, "minItems": 1}]},
    "ranges",
)
PHASE_DAYS: Value[Days | Counts | Taper] = Value(
    _read_phase_days,
    {
        "anyOf": [
            number_schema(1, 7),
            {"type": "string", "pattern": "^[1-7] *-> *[1-7]$"},
            {"type": "array", "items": number_schema(0, 7), "minItems": 1},
            WEEKDAY_LIST.schema,
        ]
    },
    "phase-days",
)
YES_NO: Value[bool] = Value(
    _read_yes_no,
    {"anyOf": [{"type": "boolean"}, {"enum": [*_YES, *_NO]}]},
    "yes-or-no",
)
