"""Words for how often that mean two things: refused wherever they are tried, with both readings offered."""

from __future__ import annotations

_TWO_READINGS = {
    "biweekly": ("twice a week or every second week", "'days: [mon, thu]' for twice a week", "'every: 2'"),
    "semiweekly": ("twice a week or every second week", "'days: [mon, thu]' for twice a week", "'every: 2'"),
    "bimonthly": (
        "twice a month or every second month",
        "'monthly: 1st,3rd thu' for twice a month",
        "'every: 8'",
    ),
}
_ONE_READING = {
    "fortnightly": "every second week is written 'every: 2'",
    "every other week": "every second week is written 'every: 2'",
    "weekly": "every week is the default: leave the key out, or write 'every: 1'",
    "semimonthly": "twice a month is written 'monthly: 1st,3rd thu'",
}


def readings(text: str) -> str:
    """Returns the two readings of a word such as 'biweekly', or '' for any other."""
    found = _TWO_READINGS.get(_plain(text))
    return found[0] if found else ""


def both_readings(text: str) -> str:
    """Returns the hint that offers what may be meant by a word for how often, or ''."""
    word = _plain(text)
    if word in _TWO_READINGS:
        first, one, other = _TWO_READINGS[word]
        return f"write {one}, or {other} for {first.split(' or ')[1]}"
    return _ONE_READING.get(word, "")


def _plain(text: str) -> str:
    folded = text.casefold().strip()
    word = folded.replace("-", "").replace(" ", "").replace("_", "")
    return word if word in _TWO_READINGS or word in _ONE_READING else folded
