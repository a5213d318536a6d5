"""Each thing in doubt about the Google Calendar API, and the try that shows it. Their order matters.

A try returns a verdict and what was seen. The answers of the real service come from the API's reference
(developers.google.com/workspace/calendar/api/v3/reference) and from those who have tried.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from iopcal.targets.google.api import Answer, Write
from iopcal.targets.google.body import canonical
from iopcal.targets.google.scratch import TITLE, Scratch, Unclear, of_id, told

OK, DIFFERS, SKIPPED = "ok", "differs", "skipped"
Seen = tuple[str, str]  # verdict and words
Attempt = Callable[[Scratch], Seen]
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _expected(expected: bool, words: str) -> Seen:
    return OK if expected else DIFFERS, words


def _refused(answer: Answer, *statuses: int) -> Seen:
    words = f"{'taken' if answer.ok else 'refused'} ({told(answer)})"
    return _expected(answer.status in statuses, words)


def list_all(scratch: Scratch) -> Seen:
    """Lists the whole calendar: all fields are known, and a sync token comes at the end."""
    scratch.rows()
    return _expected(
        bool(scratch.token), "a whole list ends with a sync token" if scratch.token else "no token"
    )


def insert(scratch: Scratch) -> Seen:
    """Makes the scratch event."""
    answer = scratch.insert()
    if not answer.ok:
        raise Unclear(f"the scratch event cannot be made ({told(answer)})")
    return OK, "taken"


def insert_again(scratch: Scratch) -> Seen:
    """Inserts the same id twice."""
    return _refused(_if_there(scratch).insert(), 409)


def insert_bad(scratch: Scratch) -> Seen:
    """Inserts an id with letters that none may have."""
    return _refused(scratch.insert("evtd-WXYZ"), 400)


def repeat_weekly(scratch: Scratch) -> Seen:
    """Makes a series of four weeks with one date left out."""
    day, out = scratch.day, scratch.day + timedelta(days=7)
    until = f"{day + timedelta(days=21):%Y%m%d}T235959Z"
    rule = f"RRULE:FREQ=WEEKLY;UNTIL={until};BYDAY={_WEEKDAYS[day.weekday()]}"
    lines = [rule, f"EXDATE;TZID=America/New_York:{out:%Y%m%d}T120000"]
    return _stored(scratch, recurrence=lines)


def write_text(scratch: Scratch) -> Seen:
    """Writes a text with spaces around it, other line ends, and a letter in two parts."""
    return _stored(scratch, recurrence=None, description=" one\r\ntwo  \nCafe\u0301 \U0001f600 ")


def other_zone(scratch: Scratch) -> Seen:
    """Writes times in a zone whose name has changed."""
    zone = "Asia/Kolkata"
    body = scratch.body(zone)
    return _stored(scratch, recurrence=None, description=None, start=body["start"], end=body["end"])


def whole_day(scratch: Scratch) -> Seen:
    """Makes an event of a whole day, and one of an hour again."""
    days = [
        {"date": str(scratch.day + timedelta(days=n)), "dateTime": None, "timeZone": None} for n in (0, 1)
    ]
    seen = _stored(scratch, recurrence=None, start=days[0], end=days[1])
    body = scratch.body()
    back = {name: {**body[name], "date": None} for name in ("start", "end")}
    return seen if seen[0] == DIFFERS else _stored(scratch, **back)


def _stored(scratch: Scratch, **changes: Any) -> Seen:
    """Writes fields and compares, in the form in which all comparisons are made, what comes back."""
    answer = scratch.patch(**changes)
    if not answer.ok:
        return DIFFERS, f"refused ({told(answer)})"
    wanted = canonical({**answer.body, **changes})
    got = canonical(answer.body)
    other = [name for name in changes if wanted[name] != got[name]]
    return _expected(not other, f"{', '.join(other)} comes back otherwise" if other else "comes back as sent")


def change_nothing(scratch: Scratch) -> Seen:
    """PATCHes what is there already."""
    before = scratch.etag
    answer = scratch.patch(summary=TITLE)
    if not answer.ok:
        return DIFFERS, f"refused ({told(answer)})"
    return _expected(scratch.etag == before, f"the etag {'stays' if scratch.etag == before else 'moves'}")


def change_reminders(scratch: Scratch) -> Seen:
    """PATCHes the reminders alone."""
    before = scratch.etag
    answer = scratch.patch(reminders={"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]})
    if not answer.ok:
        return DIFFERS, f"refused ({told(answer)})"
    return _expected(scratch.etag != before, f"the etag {'stays' if scratch.etag == before else 'moves'}")


def list_since(scratch: Scratch) -> Seen:
    """Lists what changed since the first list."""
    if not scratch.token:
        raise Unclear("there is no sync token")
    etag = scratch.etag
    row = next(of_id(scratch.rows(scratch.token), scratch.id), None)
    if row is None:
        return DIFFERS, "the change is not in the list"
    return _expected(row.get("etag") == etag, "the list since a sync token shows the change")


def strange_token(scratch: Scratch) -> Seen:
    """Lists with a sync token that nobody has given."""
    return _refused(scratch.page(scratch.calendar, "CAAAAAAAAAAAAAAAAA"), 400, 410)


def batch(scratch: Scratch) -> Seen:
    """Sends three writes at once: to two events that are not there, and one with an old etag."""
    stale = Write("patch", _if_there(scratch).id, {"location": "Nowhere"}, '"1"')
    nobody = [Write("delete", f"{scratch.id[:-1]}{digit}", etag='"1"') for digit in _others(scratch.id[-1])]
    statuses = [answer.status for answer in scratch.writes([nobody[0], stale, nobody[1]])]
    gone = (404, 410)
    good = statuses[0] in gone and statuses[1] == 412 and statuses[2] in gone
    return _expected(good, f"answered {', '.join(map(str, statuses))}")


def _others(digit: str) -> list[str]:
    return [other for other in "012" if other != digit][:2]


def kyiv(scratch: Scratch) -> Seen:
    """Writes times in a zone that Google's list has lacked for long."""
    return _refused(_in_zone(scratch, "Europe/Kyiv"), 200)


def no_zone(scratch: Scratch) -> Seen:
    """Writes times in a zone that there is not."""
    return _refused(_in_zone(scratch, "Nowhere/Atall"), 400)


def _in_zone(scratch: Scratch, zone: str) -> Answer:
    body = scratch.body(zone)
    times = {name: {**body[name], "date": None} for name in ("start", "end")}
    return scratch.patch(recurrence=None, **times)


def delete(scratch: Scratch) -> Seen:
    """Deletes the event and looks how lists show that."""
    since = scratch.token
    answer = scratch.delete()
    if not answer.ok:
        return DIFFERS, f"not deleted ({told(answer)})"
    row = next(of_id(scratch.rows(since), scratch.id), None)
    scratch.row = row or {}
    if row is None:
        return DIFFERS, "lists do not show it any more"
    private = (row.get("extendedProperties") or {}).get("private")
    return _expected(
        bool(private), f"lists show it {'with' if private else 'without'} its private properties"
    )


def insert_deleted(scratch: Scratch) -> Seen:
    """Inserts an id that was deleted."""
    if scratch.id in scratch.live:
        raise Unclear("the event could not be deleted")
    return _refused(scratch.insert(), 409)


def undelete(scratch: Scratch) -> Seen:
    """Brings a deleted event back; only reported, as iopcal never does so."""
    etag = scratch.row.get("etag")
    if scratch.id in scratch.live or not isinstance(etag, str):
        raise Unclear("there is no deleted event to try it on")
    answer = scratch.write(Write("patch", scratch.id, {"status": "confirmed"}, etag))
    return OK, f"{'possible' if answer.ok else 'refused'} ({told(answer)}); iopcal never does it"


def foreign(scratch: Scratch) -> Seen:
    """Lists a calendar that nobody has shared."""
    stranger = f"c_{scratch.id[4:]}{scratch.id[4:]}@group.calendar.google.com"
    return _refused(scratch.page(stranger), 403, 404)


def _note(words: str) -> Attempt:
    def attempt(scratch: Scratch) -> Seen:
        raise Unclear(words)

    return attempt


def _if_there(scratch: Scratch) -> Scratch:
    """Returns it, unless the event is not there: raises Unclear."""
    assert scratch.etag
    return scratch


DOUBTS: tuple[tuple[str, Attempt], ...] = (
    ("fields of a whole list", list_all),
    ("an id of our own", insert),
    ("the same id twice", insert_again),
    ("an id of other letters", insert_bad),
    ("a series with an exception", repeat_weekly),
    ("a text", write_text),
    ("an older name of a zone", other_zone),
    ("whole days", whole_day),
    ("a PATCH that changes nothing", change_nothing),
    ("a PATCH of the reminders", change_reminders),
    ("changes since a sync token", list_since),
    ("a sync token nobody gave", strange_token),
    ("a batch of three", batch),
    ("the zone Europe/Kyiv", kyiv),
    ("a zone that is none", no_zone),
    ("a deleted event", delete),
    ("the id of a deleted event", insert_deleted),
    ("un-deleting", undelete),
    ("import", _note("iopcal never imports, as it would not know the ids")),
    ("a calendar that is not shared", foreign),
    (
        "units of a PATCH",
        _note("not seen in a minute; the Google Cloud console shows them under Quotas, after a large sync"),
    ),
    (
        "writes a second",
        _note("not seen in a minute; iopcal sync -v shows 403 and 429 when they are too many"),
    ),
    (
        "life of deleted events",
        _note("not seen in a minute; delete an event by hand and list with showDeleted after some weeks"),
    ),
    (
        "Duplicate in Google Calendar",
        _note("a person must press it; iopcal counts the copy among the events of other people"),
    ),
)
