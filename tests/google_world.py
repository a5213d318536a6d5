"""Small programs for a calendar, what a calendar then shows, and every value of every switch of the fake."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from iopcal.problems import Exit
from iopcal.sync import Result
from tests import oracle
from tests.fake_google import FakeGoogle
from tests.fake_google.expansion import exceptions_of, instances
from tests.fake_google.times import instant
from tests.keeping import Keeping
from tests.program_text import program_text
from tests.rings import further

CHICAGO = ZoneInfo("America/Chicago")
BEFORE = datetime(2027, 1, 30, 12, tzinfo=UTC)  # no session of `evening` is held
MIDST = datetime(2027, 2, 10, 12, tzinfo=UTC)  # 1, 3 and 8 February are; the 10th is not
AFTER = datetime(2027, 4, 1, 12, tzinfo=UTC)
OURS = re.compile("evts[0-9a-v]{34}")

Shown = list[tuple[datetime, datetime, str]]  # start and end in UTC, title

# Every value of every switch but the likeliest, which is the default.
VALUES: dict[str, tuple[Any, ...]] = {
    "page_cap": (5, 2),
    "ext_mode": ("or",),
    "token_after_timemin": (True,),
    "sync_token_life": (-1.0,),
    "bare_tombstones": (True,),
    "noop_moves_etag": (True,),
    "reminders_move_etag": (False,),
    "undelete": ("forbidden", "ok"),
    "import_mode": ("upsert",),
    "collision_missed": (True,),
    "unknown_zones": ((),),
    "rrule_order": ("reversed", "as-sent"),
    "split_exdates": (False,),
    "exdates_in_utc": (True,),
    "drop_defaults": (False,),
    "normalise_text": (False,),
    "normalise_extra": (True,),
    "normalise_zone": (True,),
    "all_day_reminders": (False,),
    "per_calendar_writes": ((3, 1.0),),
    "retry_after": (3.0,),
}
LIKELY: dict[str, Any] = {}
ODD: dict[str, Any] = {name: values[0] for name, values in VALUES.items()}
ODDER: dict[str, Any] = {name: values[-1] for name, values in VALUES.items()}
SINGLY: tuple[dict[str, Any], ...] = tuple(
    {name: value} for name, values in VALUES.items() for value in values
)


def name_of(switches: dict[str, Any]) -> str:
    """Returns what a test over some switches is called."""
    if len(switches) > 1:
        return "all odd" if switches is ODD else "all odder"
    return " ".join(f"{name}={value}" for name, value in switches.items()) or "likely"


KINDS = (LIKELY, ODD, ODDER, *SINGLY)
EACH = [pytest.param(switches, id=name_of(switches)) for switches in KINDS]
# The same, but by default every value once, among others; or the likeliest values alone.
FEW = [*EACH[:3], *further(KINDS[3:], map(name_of, KINDS[3:]))]
LIKELIEST = [*EACH[:1], *further(KINDS[1:], map(name_of, KINDS[1:]))]


def evening(**keys: object) -> str:
    """Returns a program of four weekly series: two groups at 17:30 on Mondays and Wednesdays, six weeks.

    It begins on Monday 1 February 2027, in Chicago, and ends before the clocks change.
    """
    given: dict[str, object] = {
        "starts": "2027-02-01",
        "day_starts": '"17:30"',
        "sessions": ["{name: Process group, minutes: 60}", "{name: Skills group, minutes: 60}"],
        "phases": ["{name: Intensive, weeks: 6, days: [mon, wed]}"],
    }
    return program_text(**{**given, **keys})


def many(groups: int, days: str = "mon", weeks: int = 2, renamed: int = 0, starts: str = "2027-02-15") -> str:
    """Returns a program of so many short groups on each day, `renamed` of them by another title."""
    names = [f"Group {number}" for number in range(groups)]
    titles = [f"Circle {number}" if number < renamed else name for number, name in enumerate(names)]
    rows = [
        f"{{id: group-{number}, name: {title}, minutes: 5, counts: true}}"
        for number, title in enumerate(titles)
    ]
    phases = [f"{{name: Intensive, weeks: {weeks}, days: [{days}]}}"]
    return program_text(starts=starts, day_starts='"08:00"', sessions=rows, phases=phases)


def kept(text: str, now: datetime = BEFORE, **switches: Any) -> Keeping:
    """Returns a calendar of a fake that is filled from a program."""
    keeping = Keeping(FakeGoogle(auth="off", now=now, **switches), text)
    done(keeping.run())
    return keeping


def done(result: Result) -> Result:
    """Returns a run that had nothing to complain of."""
    assert result.exit is Exit.DONE, result.troubles
    return result


def settles(keeping: Keeping, exit: Exit = Exit.DONE) -> None:
    """Looks whether another run, with and without what was remembered, finds nothing to do."""
    writes = list(keeping.fake.writes)
    for _ in range(2):
        result = keeping.run()
        assert result.exit is exit, result.troubles
        keeping.state.files.clear()
    assert keeping.fake.writes == writes


def go_to(fake: FakeGoogle, moment: datetime) -> None:
    """Lets time pass until a moment; none where it is over."""
    fake.advance(max(0.0, (moment - fake.now()).total_seconds()))


def shown(fake: FakeGoogle, calendar: str) -> Shown:
    """Returns every session that our events show to people, in order; two alike are a double."""
    where = fake.store.calendars[calendar]
    found: Shown = []
    for row in where.rows.values():
        if row.cancelled or not OURS.fullmatch(row.id.partition("_")[0]) or row.author != "client":
            continue
        if "recurrence" not in row.resource:
            found.append(_seen(row.resource))
            continue
        changed = {each.id for each in exceptions_of(where, row.id)}
        found += [_seen(each) for each in instances(row, where) if each["id"] not in changed]
    return sorted(found)


def _seen(resource: dict[str, Any]) -> tuple[datetime, datetime, str]:
    title = str(resource["summary"])  # `normalise_extra` puts a full stop behind titles
    return instant(resource["start"], "UTC"), instant(resource["end"], "UTC"), title.removesuffix(".")


def meant(text: str) -> Shown:
    """Returns the sessions that a program says, by the oracle."""
    return oracle.feed(text, "program", date(2027, 1, 1))


def merged(was: Shown, shall: Shown, now: datetime) -> Shown:
    """Returns what a calendar shall show: its own past, and the future of the program."""
    return sorted([each for each in was if each[0] <= now] + [each for each in shall if each[0] > now])


def at(text: str, minutes: int = 60, title: str = "Process group") -> tuple[datetime, datetime, str]:
    """Returns a session in Chicago by its wall clock, as 2027-02-15 17:30."""
    start = datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)
    return start, start + timedelta(minutes=minutes), title


def event(keeping: Keeping, title: str, weekday: int | None = None) -> str:
    """Returns the id of the newest live event with a title, of a weekday (Monday is 0) where one is named."""
    found = [
        id
        for id, row in keeping.rows().items()
        if row["summary"].removesuffix(".") == title and OURS.fullmatch(id)
        if weekday is None or datetime.fromisoformat(row["start"]["dateTime"]).weekday() == weekday
    ]
    return max(found, key=lambda id: id[4:6])


def hands(result: Result) -> list[tuple[str, str]]:
    """Returns what a run says that people did: the ref and what."""
    return sorted((hand.ref, hand.what) for hand in result.hands)


def ref(id: str) -> str:
    """Returns the name of an item by the id of one of its events."""
    return id.partition("_")[0][6:]


class Worlds:
    """Calendars in fakes with the same switches, each with events of other people, which must stay."""

    def __init__(self, switches: dict[str, Any]) -> None:
        self.switches = switches
        self.made: list[tuple[FakeGoogle, str, dict[str, Any]]] = []

    def empty(self, text: str, now: datetime = BEFORE, **switches: Any) -> Keeping:
        """Returns a calendar that only other people have written to."""
        fake = FakeGoogle(auth="off", now=now, **{**self.switches, **switches})
        keeping = Keeping(fake, text)
        people, where = fake.people, keeping.calendar
        weekly = people.add_foreign(where, "Yoga", recurrence=["RRULE:FREQ=WEEKLY;COUNT=9"])
        people.add_foreign(where, "Vacation", start={"date": "2027-02-15"}, end={"date": "2027-02-20"})
        people.move_instance(where, weekly, 2)
        people.cancel_instance(where, weekly, 3)
        people.delete(where, people.add_foreign(where, "Dentist"))
        self.made.append((fake, where, fake.live(where)))
        return keeping

    def filled(self, text: str | None = None, now: datetime = BEFORE, **switches: Any) -> Keeping:
        """Returns a calendar that is filled from a program."""
        keeping = self.empty(evening() if text is None else text, now, **switches)
        done(keeping.run())
        return keeping

    def end(self) -> None:
        """Looks whether all that was never to happen did not."""
        for fake, where, others in self.made:
            assert fake.violations == []
            assert fake.live(where).items() >= others.items()
