"""Random stories of a Google calendar, and by name the mistakes that they have brought to light."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from iopcal.problems import Exit
from tests.fake_google import FakeGoogle
from tests.keeping import Keeping
from tests.program_text import program_text

TUESDAYS = {
    "starts": "2027-02-02",
    "sessions": ["{id: group, name: Group, minutes: 60}"],
    "phases": ["{name: Intensive, weeks: 4, days: tue}"],
}


def kept(**keys: Any) -> Keeping:
    """Returns a calendar with a group on four Tuesdays at 17:30, the first of them held."""
    keeping = Keeping(FakeGoogle(auth="off"), program_text(**{**TUESDAYS, **keys}))
    assert keeping.run().exit == Exit.DONE
    return keeping


def rewrite(keeping: Keeping, **keys: Any) -> None:
    """Gives the program file other keys."""
    keeping.text = program_text(**{**TUESDAYS, **keys})


def later(value: dict[str, str], by: timedelta) -> dict[str, str]:
    """Returns a start or end that is moved."""
    return value | {"dateTime": (datetime.fromisoformat(value["dateTime"]) + by).isoformat()}


def test_a_series_moved_by_hand_in_mid_course_is_not_taken_for_what_the_program_wants() -> None:
    keeping = kept()
    ((name, event),) = keeping.rows().items()
    moved = {which: later(event[which], timedelta(minutes=-55)) for which in ("start", "end")}
    keeping.fake.people.edit(keeping.calendar, name, **moved)
    writes = len(keeping.fake.writes)
    requests, result = keeping.requests_of()
    assert (requests, result.exit, len(keeping.fake.writes)) == (1, Exit.LEFT_ALONE, writes)
    (hand,) = result.hands
    assert (hand.what, hand.differs) == ("changed", False)
