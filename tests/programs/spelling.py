"""One value, many spellings: how times, dates, weekdays and whole files may be written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from random import Random

Value = str | Sequence["Value"] | Mapping[str, "Value"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .>/_+-]|:(?=[0-9/]))*(?<! )", re.ASCII)
CLOCKS = ("17:30",) * 6 + ("9:30", "pm", "pm", "PM")
WIDTH = 100  # a list that is longer is written a line an item


def clock(rng: Random, minutes: int) -> str:
    """Writes a clock as `17:30`, `9:30`, `09:30` or `5:30 pm`."""
    return spelled_clock(minutes, rng.choice(CLOCKS))


def clock_range(rng: Random, start: int, minutes: int) -> str:
    """Writes a beginning and an end as `17:30-19:00` or `5:30 pm-7:00 pm`; midnight ends as 00:00."""
    form = rng.choice(CLOCKS)
    return f"{spelled_clock(start, form)}-{spelled_clock((start + minutes) % 1440, form)}"


def spelled_clock(minutes: int, form: str) -> str:
    """Writes a clock in one of the forms of `CLOCKS`."""
    hour, minute = divmod(minutes, 60)
    if form in ("pm", "PM"):
        half = "am" if hour < 12 else "pm"
        return f"{hour % 12 or 12}:{minute:02} {half if form == 'pm' else half.upper()}"
    return f"{hour:02}:{minute:02}" if form == "17:30" else f"{hour}:{minute:02}"


def dates(first: date, last: date) -> str:
    """Writes a day, or a range of days."""
    return f"{first}" if first == last else f"{first}..{last}"


def yes(rng: Random) -> str:
    """Writes a yes."""
    return rng.choice(["true", "yes"])


def no(rng: Random) -> str:
    """Writes a no."""
    return rng.choice(["false", "no"])


def weekdays(rng: Random, days: Sequence[int]) -> Value:
    """Writes weekdays as a list, as words, or as a range where they follow one another."""
    follows = all((after - before) % 7 == 1 for before, after in pairwise(days))
    if len(days) > 2 and follows and rng.random() < 0.6:
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    words = [rng.choice([WEEKDAYS[day]] * 6 + [FULL[day], WEEKDAYS[day].title()]) for day in days]
    if len(words) == 1 and rng.random() < 0.8:
        return words[0]
    return " ".join(words) if rng.random() < 0.25 else words


def one_or_list(rng: Random, values: Sequence[str]) -> Value:
    """Writes a single value with or without its brackets."""
    return values[0] if len(values) == 1 and rng.random() < 0.6 else list(values)


def scalar(rng: Random, text: str) -> str:
    """Writes a text plainly where nothing in it asks for quotes, else in double or single quotes."""
    if PLAIN.fullmatch(text) and not (text[0].isdigit() and rng.random() < 0.1):
        return text
    if rng.random() < 0.3 and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def flow(rng: Random, value: Value) -> str:
    """Writes a value on one line."""
    if isinstance(value, str):
        return scalar(rng, value)
    if isinstance(value, Mapping):
        pairs = (f"{scalar(rng, key)}: {flow(rng, item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    return "[" + ", ".join(flow(rng, item) for item in value) + "]"


def block(rng: Random, value: Value, indent: int) -> list[str]:
    """Writes a value on lines of their own, each indented."""
    if isinstance(value, str) or not value:
        return [" " * indent + flow(rng, value)]
    lines = []
    for key, item in value.items() if isinstance(value, Mapping) else (("", item) for item in value):
        head = " " * indent + (f"{scalar(rng, key)}:" if isinstance(value, Mapping) else "-")
        short = flow(rng, item)
        nested = isinstance(item, Mapping) or (not isinstance(item, str) and any(map(is_nested, item)))
        if isinstance(item, str) and "\n" in item and rng.random() < 0.6:
            lines.append(f"{head} |-")
            lines += [" " * (indent + 4) + line if line else "" for line in item.split("\n")]
        elif (
            isinstance(item, str) or not item or (len(short) < WIDTH and not (nested and rng.random() < 0.3))
        ):
            lines.append(f"{head} {short}")
        elif isinstance(value, Mapping):
            lines += [head, *block(rng, item, indent + 2)]
        else:
            inner = block(rng, item, indent + 2)
            lines += [head + " " + inner[0][indent + 2 :], *inner[1:]]
    return lines


def is_nested(value: Value) -> bool:
    """Says whether a value holds others."""
    return not isinstance(value, str)


def document(rng: Random, value: Mapping[str, Value]) -> str:
    """Writes a whole program file."""
    lines = ["# yaml-language-server: $schema=program.schema.json"] if rng.random() < 0.3 else []
    for key, item in value.items():
        if is_nested(item) and isinstance(item, Sequence) and any(map(is_nested, item)):
            lines += ["", f"{key}:", *block(rng, item, 2)]
        else:
            lines += block(rng, {key: item}, 0)
    return "\n".join(lines) + "\n"
