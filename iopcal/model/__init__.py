"""Every noun of iopcal: frozen values with their units. Imports nothing of ours.

Units, everywhere: a *clock* is whole minutes since local midnight (17:30 is 1050); lengths are whole
minutes; a weekday is 0 for Monday to 6 for Sunday; lines and columns count from 1; spans of dates include
both ends. Sequences are tuples, and an empty value stands for "not given" where one will do.
"""

from iopcal.model.calendar import SESSION, STRETCH, Calendar, Entry, Event, Slot, Text
from iopcal.model.feed import AUDIENCES, DEFAULT_FEEDS, LOW, PRIVACIES, SHOWN, FeedRule
from iopcal.model.place import NOWHERE, Place, Span
from iopcal.model.program import (
    KINDS,
    KINDS_NOT_COUNTED,
    KINDS_OF_ONE,
    WEEKDAYS,
    Activity,
    Addition,
    Closure,
    Cohort,
    Counts,
    Days,
    Edit,
    FromChange,
    HolidayRule,
    HourRule,
    OnChange,
    Ordinal,
    Override,
    Phase,
    Placement,
    Program,
    Range,
    Taper,
    Topics,
    Track,
)
from iopcal.model.roster import FACTS, Fact, Participant, Placing
from iopcal.model.session import Appearance, Path, Session, Status

__all__ = [
    "AUDIENCES",
    "DEFAULT_FEEDS",
    "FACTS",
    "KINDS",
    "KINDS_NOT_COUNTED",
    "KINDS_OF_ONE",
    "LOW",
    "NOWHERE",
    "PRIVACIES",
    "SESSION",
    "SHOWN",
    "STRETCH",
    "WEEKDAYS",
    "Activity",
    "Addition",
    "Appearance",
    "Calendar",
    "Closure",
    "Cohort",
    "Counts",
    "Days",
    "Edit",
    "Entry",
    "Event",
    "Fact",
    "FeedRule",
    "FromChange",
    "HolidayRule",
    "HourRule",
    "OnChange",
    "Ordinal",
    "Override",
    "Participant",
    "Path",
    "Phase",
    "Place",
    "Placement",
    "Placing",
    "Program",
    "Range",
    "Session",
    "Slot",
    "Span",
    "Status",
    "Taper",
    "Text",
    "Topics",
    "Track",
]
