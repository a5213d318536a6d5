"""Rules E12 to E14: the alarms, the link and the categories of an event."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iopcal.lint._components import Component
from iopcal.lint._file import Event, File
from iopcal.lint._finding import Finding, seen
from iopcal.lint._lines import unescaped

_TRIGGER = r"-PT(0|[1-9][0-9]*)M"
_ANY_TRIGGER = r"[+-]?P[0-9DHMSTW]+|[0-9]{8}T[0-9]{6}Z"
_LINK = r"(?i:https?)://\S+"
_FIRST_WITH_COMMA = r"(?:[^\\,]|\\[^,])*\\,"
_LABEL = r"[A-Z][a-z]+: "  # what our lines after the link begin with


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong with alarms, links and categories; alarms of cancelled events are judged by E8."""
    for event in file.events:
        if not event.cancelled:
            yield from _alarms(file, event)
        yield from _link(file, event)
        yield from _categories(file, event)


def _alarms(file: File, event: Event) -> Iterator[Finding]:
    times = set()
    for alarm in event.component.inner("VALARM"):
        missing = _missing(alarm)
        if missing:
            yield Finding(alarm.number, "E12", f"the VALARM has no {missing}")
            continue
        action, trigger = alarm.value("ACTION"), alarm.value("TRIGGER")
        line = alarm.all("TRIGGER")[0]
        if re.fullmatch(_ANY_TRIGGER, trigger) is None:
            yield Finding(line.number, "E12", f"TRIGGER {seen(trigger)} is no length of time")
        elif line.parameters or re.fullmatch(_TRIGGER, trigger) is None:
            yield file.shape(line.number, "E12", f"TRIGGER {seen(trigger)} is not in the form -PTnM")
        if action != "DISPLAY":
            number = alarm.all("ACTION")[0].number
            yield file.shape(number, "E12", f"ACTION is {seen(action)}, not DISPLAY")
        elif alarm.value("DESCRIPTION") != event.component.value("SUMMARY"):
            yield file.shape(alarm.number, "E12", "DESCRIPTION of the VALARM is not the SUMMARY of its event")
        if trigger in times:
            yield file.shape(line.number, "E12", f"a second VALARM has the TRIGGER {seen(trigger)}")
        times.add(trigger)


def _missing(alarm: Component) -> str:
    """Returns the property that a VALARM lacks (RFC 5545 section 3.6.6), or ''."""
    wanted = ["ACTION", "TRIGGER"]
    if alarm.value("ACTION") in ("DISPLAY", "EMAIL"):
        wanted.append("DESCRIPTION")
    return next((name for name in wanted if not alarm.all(name)), "")


def _link(file: File, event: Event) -> Iterator[Finding]:
    component = event.component
    location = unescaped(component.value("LOCATION"))
    lines = unescaped(component.value("DESCRIPTION")).split("\n")
    url = component.value("URL")
    if url:
        number = component.all("URL")[0].number
        if lines[0] != url:
            yield file.shape(number, "E13", "the URL is not the first line of DESCRIPTION")
        if not location:
            yield file.shape(number, "E13", "the URL is not in LOCATION, and there is no address")
    elif re.fullmatch(_LINK, lines[0]):
        # A link of the notes can come first too, but no line with a label of ours stands below it then.
        labelled = any(re.match(_LABEL, line) for line in lines[1:2])
        if location and (location == lines[0] or labelled):
            yield file.shape(component.all("DESCRIPTION")[0].number, "E13", "the link is not in URL")


def _categories(file: File, event: Event) -> Iterator[Finding]:
    """Yields E14; the first category is a kind of session, and no kind has a comma in its name."""
    for line in event.component.all("CATEGORIES"):
        if file.private:
            yield file.shape(
                line.number, "E14", f"CATEGORIES is {seen(line.value)} in a discreet or busy feed"
            )
        elif re.match(_FIRST_WITH_COMMA, line.value):
            yield file.shape(line.number, "E14", f"a comma is escaped in {seen(line.value)}")
