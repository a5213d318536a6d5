"""Weekdays: `mon`, `Thursday`, `mon-fri`, `[mon, wed]`, `any sat`; and days of the month: `1st,3rd thu`."""

from __future__ import annotations

import re

from iopcal.language.fields import Value, enough, scalar
from iopcal.language.frequency import both_readings, readings
from iopcal.language.report import Report, meant, shown
from iopcal.model import WEEKDAYS, Days, Ordinal
from iopcal.source import Node, Scalar, Sequence

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FORM = "weekdays are mon, tue, wed, thu, fri, sat and sun, or their full names"
ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
_SHORT = {
    "daily": "mon-sun", "everyday": "mon-sun", "weekday": "mon-fri", "weekdays": "mon-fri",
    "weekend": "sat-sun", "weekends": "sat-sun", "mwf": "mon wed fri", "tth": "tue thu",
    "tr": "tue thu", "m-f": "mon-fri",
}  # fmt: skip
_LETTERS = {"m": "mon", "w": "wed", "f": "fri"}
_JOINED = re.compile(r"[/&+;]|\b(?:and|to|thru|through|until)\b", re.IGNORECASE)
_IN_WORDS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th"}


def weekday_of(word: str) -> int | None:
    """Returns 0 for Monday to 6 for Sunday, else None."""
    folded = word.casefold()
    if folded in WEEKDAYS:
        return WEEKDAYS.index(folded)
    return NAMES.index(folded) if folded in NAMES else None


def words_of(node: Node, report: Report, wanted: str) -> tuple[Scalar, ...] | None:
    """Returns the words of a text, or of a list of texts, split at spaces and commas; `mon - fri` is one."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if isinstance(node, Sequence) and not enough(node, report, "weekdays"):
        return None
    words: list[Scalar] = []
    for item in items:
        found = scalar(item, report, wanted)
        if found is None:
            return None
        if _JOINED.search(found.text) or found.text.isalpha():  # told as a whole
            words.append(found)
            continue
        joined = re.sub(" *- *", "-", found.text)
        words += [found._replace(text=word) for word in re.split("[ ,]+", joined) if word]
    return tuple(words)


def weekdays_of(words: tuple[Scalar, ...], report: Report) -> tuple[int, ...] | None:
    """Reads weekdays and ranges in the order written; reports what is none (IOP145) and what comes twice."""
    found: list[int] = []
    for word in words:
        days = _range_of(word, report)
        if days is None:
            return None
        twice = [day for day in days if day in found]
        if twice:
            report.error(
                word.place, "IOP145", f"'{WEEKDAYS[twice[0]]}' is named twice", "name each weekday once"
            )
            return None
        found += days
    return tuple(found)


def _range_of(word: Scalar, report: Report) -> list[int] | None:
    first, dash, last = word.text.partition("-")
    start, end = weekday_of(first), weekday_of(last if dash else first)
    if start is None or end is None:
        _not_a_weekday(word, report)
        return None
    if dash and start == end:
        hint = f"write '{WEEKDAYS[start]}' for the one day, 'mon-sun' for the whole week"
        report.error(word.place, "IOP145", f"{shown(word.text)} can mean one day or a whole week", hint)
        return None
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _not_a_weekday(word: Scalar, report: Report) -> None:
    if readings(word.text):
        twice = f"{shown(word.text)} can mean {readings(word.text)}"
        report.error(word.place, "IOP146", twice, both_readings(word.text))
        return
    hint = both_readings(word.text) or meant(_nearest(word.text), FORM)
    report.error(word.place, "IOP145", f"{shown(word.text)} is not a weekday", hint)


def _nearest(text: str) -> str:
    folded = text.casefold()
    if folded in _SHORT:
        return _SHORT[folded]
    parts = re.split(r"\s*(?:[-–—]|\.\.|\b(?:to|thru|through|until)\b)\s*", folded)
    if len(parts) == 1:
        parts = [part for part in re.split(r"[/&+;,\s]+|\band\b", folded) if part]
        return " ".join(_near_days(parts))
    return "-".join(_near_days(parts)) if len(parts) == 2 else ""


def _near_days(parts: list[str]) -> list[str]:
    """Returns the weekday that each part probably means; nothing where one of them means none."""
    near = [
        _LETTERS.get(part) or next((day for day in WEEKDAYS if part[:2] == day[:2]), "") for part in parts
    ]
    return near if all(near) else []


def _read_list(node: Node, report: Report) -> tuple[int, ...] | None:
    words = words_of(node, report, "a list of weekdays")
    return None if words is None else weekdays_of(words, report)


def _read_days(node: Node, report: Report) -> Days | None:
    words = words_of(node, report, "a list of weekdays")
    if words is None:
        return None
    wide = bool(words) and words[0].text.casefold() == "any"
    rest = words[1:] if wide else words
    stray = [word for word in rest if word.text.casefold() == "any"]
    mixed = (
        wide and isinstance(node, Sequence) and len(node.items) > 1 and words[0].text != _text(node.items[0])
    )
    if stray or mixed:
        place = (stray or list(words))[0].place
        named = " ".join(word.text for word in rest if word not in stray)
        hint = meant(f"any {named}".strip())
        report.error(place, "IOP145", "'any' stands first and holds for all weekdays of the list", hint)
        return None
    days = weekdays_of(rest, report)
    return None if days is None else Days(tuple(sorted(days)), wide)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _read_monthly(node: Node, report: Report) -> tuple[Ordinal, ...] | None:
    items = node.items if isinstance(node, Sequence) else (node,)
    if isinstance(node, Sequence) and not enough(node, report, "days of the month"):
        return None
    found: list[Ordinal] = []
    for item in items:
        text = scalar(item, report, "a day of the month such as '1st thu'")
        ordinals = None if text is None else _ordinals(text, report)
        if text is None or ordinals is None:
            return None
        if set(ordinals) & set(found) or len(set(ordinals)) < len(ordinals):
            report.error(text.place, "IOP156", f"{shown(text.text)} names a day twice", "name each day once")
            return None
        found += ordinals
    return tuple(found)


def _ordinals(found: Scalar, report: Report) -> list[Ordinal] | None:
    text = found.text.casefold()
    match = re.fullmatch(f"({_ANY_ORDINAL}(?: *, *{_ANY_ORDINAL})*) +([a-z]+)", text)
    weekday = weekday_of(match[2]) if match else None
    if match and weekday is not None:
        numbers = [word.strip() for word in match[1].split(",")]
        return [Ordinal(-1 if word == "last" else int(word[0]), weekday) for word in numbers]
    if readings(text):
        report.error(
            found.place, "IOP146", f"{shown(found.text)} can mean {readings(text)}", both_readings(text)
        )
        return None
    hint = meant(
        _nearest_ordinal(text), "days of the month are written '1st thu', '1st,3rd thu' or 'last fri'"
    )
    report.error(found.place, "IOP156", f"{shown(found.text)} is not a day of the month", hint)
    return None


def _nearest_ordinal(text: str) -> str:
    words = re.split("[ ,&]+", text.replace(" of the month", ""))
    numbers = [_IN_WORDS.get(word, word) for word in words if word != "and"]
    numbers = [ORDINALS[int(word) - 1] if re.fullmatch("[1-5]", word) else word for word in numbers]
    day = next((short for short in WEEKDAYS if numbers and numbers[-1][:3] == short), "")
    good = len(numbers) > 1 and all(word in (*ORDINALS, "last") for word in numbers[:-1])
    return f"{','.join(numbers[:-1])} {day}" if good and day else ""


def _folded(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


_ANY_ORDINAL = "(?:" + "|".join((*ORDINALS, "last")) + ")"
_DAY = "(" + "|".join(f"{_folded(name[:3])}({_folded(name[3:])})?" for name in NAMES) + ")"
_ITEM = f"{_DAY}( *- *{_DAY})?"
_ITEMS = f"{_ITEM}([ ,]+{_ITEM})*"
_ANY = _folded("any")
_NTH = "(" + "|".join(f"{each[0]}{_folded(each[1:])}" for each in ORDINALS) + f"|{_folded('last')})"


def _schema(item: str) -> dict[str, object]:
    text = {"type": "string", "pattern": f"^{item}$"}
    return {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]}


WEEKDAY_LIST: Value[tuple[int, ...]] = Value(_read_list, _schema(_ITEMS), "weekdays")
DAYS: Value[Days] = Value(_read_days, _schema(f"({_ANY}|({_ANY}[ ,]+)?{_ITEMS})"), "session-days")
MONTHLY: Value[tuple[Ordinal, ...]] = Value(
    _read_monthly, _schema(f"{_NTH}( *, *{_NTH})* +{_DAY}"), "days-of-the-month"
)
