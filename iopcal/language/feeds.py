"""The lines of `feeds`: who gets a calendar, and how much it tells."""

from __future__ import annotations

import re

from iopcal.language.admin_values import REMIND
from iopcal.language.fields import Field, Row, Table, Value, list_of, row_of
from iopcal.language.report import Report, shown
from iopcal.language.texts import ID_LENGTH, TITLE, choice, id_of, text_of
from iopcal.model import AUDIENCES, DEFAULT_FEEDS, LOW, PRIVACIES, SHOWN, FeedRule, Place
from iopcal.source import Node, Scalar

_WORDS = {audience if audience == "program" else f"each {audience}": audience for audience in AUDIENCES}
"""What `for` may say, and the audience it means."""

_NEARLY = {"participants": "participant", "staff": "lead", "leads": "lead", "tracks": "track"}
_DEFAULTS = {rule.audience: rule.privacy for rule in DEFAULT_FEEDS} | {"cohort": "titles", "room": "full"}
_NAME = "[a-z0-9][a-z0-9-]*"
_MOST = 100
_FILE, _FLAT = "file", "flat"


def _read_audience(node: Node, report: Report) -> str | None:
    if isinstance(node, Scalar):
        bare = node.text.casefold().removeprefix("all ").removeprefix("each ")
        bare = _NEARLY.get(bare, bare)
        if bare in AUDIENCES and node.text not in _WORDS:
            meant = next(word for word, audience in _WORDS.items() if audience == bare)
            message = f"{shown(node.text)} is not an audience of a feed"
            report.error(node.place, "IOP150", message, f"did you mean '{meant}'?")
            return None
    found = choice(tuple(_WORDS), "an audience of a feed").read(node, report)
    return _WORDS[found] if found else None


def _read_name(node: Node, report: Report) -> Scalar | None:
    found = text_of(node, report, "the name of a feed", ID_LENGTH)
    if found is None or id_of(found, report) is None:
        return None
    if found.text in AUDIENCES:
        message = f"{shown(found.text)} cannot be the name of a feed"
        hint = "feeds without a name are called that: write another word, such as 'staff'"
        report.error(found.place, "IOP108", message, hint)
    elif not re.fullmatch(_NAME, found.text):
        hint = "the name of a feed is made of a-z, 0-9 and '-'"
        report.error(found.place, "IOP108", f"{shown(found.text)} is not the name of a feed", hint)
    else:
        return found
    return None


FOR: Field[str] = Field(
    "for",
    Value(_read_audience, {"enum": list(_WORDS)}),
    f"who it is for: {', '.join(f'`{word}`' for word in _WORDS)}; one calendar for each",
    needed=True,
)
NAME_KEY: Field[Scalar] = Field(
    "name",
    Value(
        _read_name,
        {
            "type": ["string", "integer"],
            "maxLength": ID_LENGTH,
            "pattern": f"^{_NAME}$",
            "not": {"enum": list(AUDIENCES)},
        },
    ),
    "tells two feeds of one audience apart, and is part of their identity: a-z, 0-9 and `-`; never change it",
)
PRIVACY: Field[str] = Field(
    "privacy",
    choice(PRIVACIES, "a level of privacy"),
    "how much it tells: `full`, `titles`, `discreet` or `busy`; default: `discreet` for participants, "
    "`titles` for tracks and cohorts, `full` for the program, leads and rooms",
)
TITLE_KEY: Field[str] = Field(
    "title",
    TITLE,
    "of a `discreet` or `busy` feed: what the calendar is called, and in a `discreet` one its entries too; "
    "default `Calendar` and `Appointment`",
)
REMIND_KEY: Field[tuple[int, ...]] = Field(
    "remind", REMIND, "minutes before the start at which the calendar reminds; at most five"
)
SHOW: Field[tuple[str, ...]] = Field(
    "show",
    list_of(choice(SHOWN, "something to show"), "words"),
    "what a `discreet` feed carries besides: `phone`, `location`, `link`, or a list of them",
)
AS: Field[str] = Field(
    "as",
    choice(("feed", _FILE), "a word for 'as'"),
    "`feed` (default): subscribed to; `file`: imported once by hand",
)
SHAPE: Field[str] = Field(
    "shape",
    choice(("series", _FLAT), "a shape of a feed"),
    "`series` (default): weekly entries that repeat; `flat`: single entries alone",
)
FEED_RULE = Table(
    "a feed",
    (FOR, NAME_KEY, PRIVACY, TITLE_KEY, REMIND_KEY, SHOW, AS, SHAPE),
    synonyms={
        "id": "name", "audience": "for", "who": "for", "level": "privacy", "detail": "privacy",
        "reminder": "remind", "reminders": "remind", "alarm": "remind", "alarms": "remind", "format": "as",
    },
)  # fmt: skip
FEEDS: Field[tuple[Row, ...]] = Field(
    "feeds",
    list_of(row_of(FEED_RULE, "feed"), "feeds", most=_MOST, keep=True),
    "list of calendars to make, and who sees what in them; default: a `full` one of the program, a `titles` "
    "one a track, a `discreet` one a participant, a `full` one a lead",
)


def build_feeds(rows: tuple[Row, ...] | None, report: Report) -> tuple[FeedRule, ...]:
    """Returns the feeds of a program, the usual ones where it says nothing of them (None).

    Two of one audience and name are reported (IOP105), and so are two of one name that each are many.
    """
    if rows is None:
        return DEFAULT_FEEDS
    rules = [rule for rule in (_feed(row, report) for row in rows) if rule is not None]
    first: dict[tuple[str, bool], FeedRule] = {}
    for rule in rules:
        one = rule.audience == "program"
        other = first.setdefault((rule.name or rule.audience, one), rule)
        if other is not rule:
            what = f"named '{rule.name}'" if rule.name else "without a name"
            whom = next(word for word, audience in _WORDS.items() if audience == rule.audience)
            message = f"there is a feed {what} for {whom} already"
            if other.audience != rule.audience:
                message = f"there is another feed named '{rule.name}' already"
            hint = "give one of them another name, such as 'name: staff'"
            report.error(rule.place, "IOP105", message, hint, (other.place,))
    return tuple(rules)


def _feed(row: Row, report: Report) -> FeedRule | None:
    """Returns the feed of a row; None where it could not be read well enough."""
    audience, name = row.get(FOR), row.get(NAME_KEY)
    if audience is None or row.broken(NAME_KEY):
        return None
    privacy = row.get(PRIVACY) or _DEFAULTS[audience]
    show = row.get(SHOW) or ()
    if not row.broken(PRIVACY):
        _check_privacy(row, privacy, report)
    for number, word in enumerate(show):
        if word in show[:number]:
            report.error(row.place_of(SHOW), "IOP105", f"'{word}' is named twice", "name it once")
            break
    return FeedRule(
        audience=audience,
        privacy=privacy,
        name=name.text if name else "",
        title=(row.get(TITLE_KEY) or "") if privacy in LOW else "",
        remind=row.get(REMIND_KEY) or (),
        show=show,
        file=row.get(AS) == _FILE,
        flat=row.get(SHAPE) == _FLAT,
        place=row.place,
    )


def _check_privacy(row: Row, privacy: str, report: Report) -> None:
    """Reports `show` where the feed is not discreet (IOP160), and a `title` without effect (IOP172)."""
    if SHOW in row and privacy != "discreet":
        why = "a busy feed tells nothing else" if privacy == "busy" else "it carries all of that by itself"
        where = (row.key_place(PRIVACY),) if PRIVACY in row else ()
        message = f"'show' is for discreet feeds, and this one is '{privacy}'"
        report.error(row.key_place(SHOW), "IOP160", message, f"remove the key: {why}", where)
    if TITLE_KEY in row and privacy not in LOW:
        message = f"'title' has no effect: a '{privacy}' feed is called as the program"
        report.warn(row.key_place(TITLE_KEY), "IOP172", message, "remove the key")


def check_audiences(
    rules: tuple[FeedRule, ...], people: bool, cohorts: bool, phone: bool, report: Report
) -> None:
    """Warns of feeds that nobody gets, and of a phone number that the program does not have (IOP172)."""
    for rule in rules:
        if rule.place == Place("", 0, 0, 0):
            continue
        lacking = ("roster", people) if rule.audience == "participant" else ("cohorts", cohorts)
        if rule.audience in {"participant", "cohort"} and not lacking[1]:
            message = f"'each {rule.audience}' has no effect: the program has no '{lacking[0]}'"
            report.warn(rule.place, "IOP172", message, f"add the key '{lacking[0]}', or remove the line")
        if rule.privacy == "discreet" and "phone" in rule.show and not phone:
            message = "'show: phone' has no effect: the program has no 'phone'"
            report.warn(rule.place, "IOP172", message, "add the key 'phone' to the program")
