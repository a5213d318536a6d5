"""How a test tells a short program, and how it reads back what the program means, in local time.

2027 for reference: 4 January is a Monday, 18 January Martin Luther King Jr. Day, 15 February Washington's
Birthday, 14 March the night of the clock change in Chicago (UTC-6 before, UTC-5 after).
"""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

from tests.oracle import Occurrence, expand, participants

CHICAGO = ZoneInfo("America/Chicago")
ONE_PATH = ("-", "-")

GROUP = "sessions: [{name: Group, minutes: 60}]\n"
TWO = "sessions: [{name: First, minutes: 60}, {name: Second, minutes: 50}]\n"
WEEKDAYS = "phases: [{name: Main, weeks: 1, days: mon-fri}]\n"


def file(body: str, starts: str = "2027-01-04", day_starts: str = "17:30") -> str:
    """A whole program file: the keys every program has, and `body`."""
    return (
        f"program: P\nid: p\ntimezone: America/Chicago\nstarts: {starts}\nday_starts: '{day_starts}'\n{body}"
    )


def shown(text: str, session: str | None = None) -> list[str]:
    """Local starts as `01-04 17:30`, with the status where it is not confirmed, of one session or of all."""
    return [
        f"{one.start.astimezone(CHICAGO):%m-%d %H:%M}"
        + (f" {one.status}" if one.status != "confirmed" else "")
        for one in expand(text)
        if session in {None, one.session}
    ]


def on_days(text: str, session: str | None = None) -> str:
    """The days of one session or of all, each once, as `01-04 01-06`."""
    return " ".join(dict.fromkeys(line[:5] for line in shown(text, session)))


def of_day(text: str, day: str) -> str:
    """One day as `group 17:30-18:30, ...`."""
    return ", ".join(
        f"{one.session} {one.start.astimezone(CHICAGO):%H:%M}-{one.end.astimezone(CHICAGO):%H:%M}"
        for one in expand(text)
        if f"{one.start.astimezone(CHICAGO):%m-%d}" == day
    )


def topics(text: str, session: str = "group") -> str:
    """The topics shown, in order, cancelled ones in brackets."""
    return " ".join(
        f"[{one.topic}]" if one.status == "cancelled" else one.topic
        for one in expand(text)
        if one.session == session
    )


def phase_ends(text: str) -> dict[str, str]:
    """The last shown day of each phase."""
    return {one.phase: f"{one.start.astimezone(CHICAGO):%m-%d}" for one in expand(text)}


def days_a_week(text: str) -> list[int]:
    """Days on which something takes place, by path week."""
    found = Counter(
        week for week, _ in {(one.path_week, one.start.astimezone(CHICAGO).date()) for one in expand(text)}
    )
    return [found[week] for week in range(1, max(found) + 1)]


def rolling(body: str, until: str = "2027-01-31", starts: str = "2027-01-04") -> str:
    """A whole rolling program; Monday 4 January to Sunday 31 January are its weeks 1 to 4."""
    return file(f"admission: rolling\nuntil: {until}\n{body}", starts)


def of_person(text: str, keys: str, session: str | None = None) -> list[Occurrence]:
    """What the one participant with these keys attends, of one session or of all."""
    found = participants(text, f"participants: [{{id: p, {keys}}}]\n")["p"]
    return [one for one in found if session in {None, one.session}]


def attends(text: str, keys: str, session: str | None = None) -> list[str]:
    """Their local starts as `01-04 17:30`, with the status where it is not confirmed."""
    return [
        f"{one.start.astimezone(CHICAGO):%m-%d %H:%M}"
        + (f" {one.status}" if one.status != "confirmed" else "")
        for one in of_person(text, keys, session)
    ]


def attends_on(text: str, keys: str, session: str | None = None) -> str:
    """The days they attend one session or any, each once, as `01-04 01-06`."""
    return " ".join(dict.fromkeys(line[:5] for line in attends(text, keys, session)))
