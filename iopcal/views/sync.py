"""The plan of a sync file in words: what comes, changes, goes and is left alone in each Google calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from iopcal.cases import Case
from iopcal.model.session import end_of
from iopcal.targets.google.body import Item
from iopcal.targets.google.decision import ADDED, CHANGED, REMOVED, Decision, Hand
from iopcal.targets.google.planned import Planned
from iopcal.targets.google.rows import Row
from iopcal.views.table import pad, table, width
from iopcal.words import DAYS, MONTHS, count_words, day_words, list_words, time_words

SHORT = 6  # digits of a ref that people see and type
_SIGNS = "+~-!"  # in this order
_WIDEST = 44  # columns of the name of a feed
# The fields of an event in the words of people, in the order in which they are told.
_FIELDS = {
    "summary": "title",
    "start": "time",
    "end": "time",
    "recurrence": "dates",
    "location": "location",
    "description": "text",
    "visibility": "visibility",
    "transparency": "free or busy",
    "status": "status",
}


def plan_text(cases: Sequence[Case], total: str, command: str, verbose: bool = False) -> str:
    """Returns the plans of all calendars; `command` does what was shown, with --expect."""
    lines: list[str] = []
    for case in cases:
        if case.plan is None:
            lines.append(f"{case.feed}     not read")
        else:
            lines += _calendar(case, case.plan, verbose)
    lines.append(_last(cases, total))
    works = any(case.plan and (case.plan.writes or case.plan.deletes) for case in cases)
    if works and not any(case.against for case in cases):
        lines.append(f"  to do exactly this:  {command} --expect {total}")
    return "\n".join(lines)


def _calendar(case: Case, plan: Planned, verbose: bool) -> list[str]:
    tally = case.tally
    if case.draft is not None:
        state = f"a calendar is to be made: '{case.job.errand.title}'"
    else:
        state = f"{count_words(tally.events or 0, 'event')}, {count_words(plan.ahead, 'session')} ahead"
        if plan.others:
            state += f"; {count_words(plan.others, 'event')} of other people, never touched"
    name = pad(case.feed, _WIDEST) if width(case.feed) <= _WIDEST else f"{case.feed}   "
    rows = [row for decision in plan.decisions for row in _rows(decision)]
    rows.sort(key=lambda row: _SIGNS.index(row[0]))
    lines = [f"{name}{state}"]
    if rows:
        lines += [f"  {line}" for line in table((), rows, gap=3).splitlines()]
    if verbose:
        lines += [f"      {write.verb} {write.id[6:12]}" for write in (*plan.writes, *plan.deletes)]
    return lines


def _last(cases: Iterable[Case], total: str) -> str:
    plans = [(case, case.plan) for case in cases if case.plan is not None]
    numbers = {verb: sum(plan.count(verb) for _, plan in plans) for verb in (ADDED, CHANGED, REMOVED)}
    hands = sum(len({hand.ref for hand in plan.hands}) for _, plan in plans)
    words = {ADDED: "to add", CHANGED: "to change", REMOVED: "to remove"}
    parts = [f"{number} {words[verb]}" for verb, number in numbers.items() if number] or ["no changes"]
    if hands:
        parts.append(f"{hands} left alone")
    line = f"plan {total}: {', '.join(parts)}"
    writes = sum(len(plan.writes) + len(plan.deletes) for _, plan in plans)
    if writes:
        requests = sum(1 + plan.batches + (case.draft is not None) for case, plan in plans)
        line += f"; {count_words(writes, 'write')} in {count_words(requests, 'request')}"
    return line


def _rows(decision: Decision) -> list[tuple[str, str, str, str]]:
    """Returns the lines of one item: sign, title, when and what, and ref."""
    title = _title(decision)
    found = []
    if decision.verb == ADDED and decision.item is not None:
        starts = _written(decision, decision.item)
        what = f"{count_words(len(starts), 'session')}{_span(starts)}"
        when = _when(starts, decision.item.minutes, decision.item.series)
        found.append(("+", title, f"{when}   {what}", ""))
    elif decision.verb == CHANGED:
        found.append(("~", title, "; ".join(word for word in _change(decision) if word), ""))
    elif decision.verb == REMOVED and decision.row is not None:
        what = "sessions that stand apart from a series that has ended"
        if decision.going:
            when = _when(decision.going, decision.row.minutes, bool(decision.row.recurrence))
            what = f"{when}   {count_words(len(decision.going), 'session')}{_span(decision.going)}"
        what += f"; {held}" if (held := _held(decision)) else ""
        found.append(("-", title, what, ""))
    for hand in decision.hands:
        found.append(("!", title, f"{_where(decision, hand)}   {_by_hand(hand)}", hand.ref[:SHORT]))
    return found


def _title(decision: Decision) -> str:
    if decision.item is not None:
        return decision.item.summary
    return _shown(decision.row, "summary") or "(no title)"


def _shown(row: Row | None, field: str) -> str:
    value = row.resource.get(field) if row is not None else None
    return value.strip() if isinstance(value, str) else ""


def _written(decision: Decision, item: Item) -> tuple[datetime, ...]:
    """Returns the starts that an insert brings: all of them while a calendar is filled."""
    body: Any = decision.writes[-1].body if decision.writes else {}
    first = str((body.get("start") or {}).get("dateTime", ""))
    whole = bool(item.starts) and first.startswith(item.starts[0].date().isoformat())
    return item.starts if whole or not decision.coming else decision.coming


def _when(starts: Sequence[datetime], minutes: int, series: bool) -> str:
    """Returns `Mon 17:30-18:30` of a series, `Mon 1 Mar 18:00` of a single session."""
    first = starts[0]
    if not series:
        return f"{day_words(first.date(), year=False)} {time_words(first)}"
    return f"{DAYS[first.weekday()]} {_clock(first, minutes)}"


def _clock(start: datetime, minutes: int) -> str:
    return f"{time_words(start)}-{time_words(end_of(start, minutes))}"


def _span(starts: Sequence[datetime]) -> str:
    """Returns `, 15 Feb - 8 Mar 2027` for more than one start."""
    if len(starts) < 2:
        return ""
    return f", {_day(starts[0].date())} - {_day(starts[-1].date())} {starts[-1].year}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _held(decision: Decision) -> str:
    """Says how many sessions stay as they were held."""
    row = decision.row
    held = sum(start not in decision.going for start in row.starts) if row else 0
    if not held:
        return ""
    return f"the {count_words(held, 'session')} held {'stays' if held == 1 else 'stay'}"


def _change(decision: Decision) -> tuple[str, ...]:
    """Returns when a changed item is, what becomes other about it, and what stays."""
    row, item = decision.row, decision.item
    assert row is not None  # else it is added
    assert item is not None  # else it is removed
    if not decision.going:
        when = _when(decision.coming, item.minutes, item.series) + _span(decision.coming)
        return when, f"{count_words(len(decision.coming), 'session')} more", _held(decision)
    before, after = decision.going[0], decision.coming[0]
    moved = (before.weekday(), before.time(), row.minutes) != (after.weekday(), after.time(), item.minutes)
    what: list[str] = []
    if moved or (not item.series and before != after):
        when = _moved(before, after, row.minutes, item)
        if item.series and len(row.starts) > len(decision.going):
            when += f" from {_day(after.date())}"
    else:
        when = _when(decision.coming, item.minutes, item.series)
        what += _dates(decision)
    what += _texts(row, item)
    if not moved and not what:
        what.append("reminders or another detail")
    return when, ", ".join(what), _held(decision) if decision.looks else ""


def _moved(before: datetime, after: datetime, minutes: int, item: Item) -> str:
    """Returns `Tue 17:30 -> 18:00`, with ends where the length changes, with the day where that does."""
    if item.series:
        days = tuple(DAYS[start.weekday()] for start in (before, after))
    else:
        days = tuple(day_words(start.date(), year=False) for start in (before, after))
    if minutes == item.minutes:
        times = (time_words(before), time_words(after))
    else:
        times = (_clock(before, minutes), _clock(after, item.minutes))
    again = "" if days[0] == days[1] else f"{days[1]} "
    return f"{days[0]} {times[0]} -> {again}{times[1]}"


def _dates(decision: Decision) -> list[str]:
    was, shall = ({start.date() for start in starts} for starts in (decision.going, decision.coming))
    found = []
    for days, words in ((sorted(shall - was), "more"), (sorted(was - shall), "less")):
        if days:
            named = ", ".join(_day(day) for day in days[:3]) + (" ..." if len(days) > 3 else "")
            found.append(f"{count_words(len(days), 'session')} {words}: {named}")
    return found


def _texts(row: Row, item: Item) -> list[str]:
    """Names the texts that change: a plan reads the calendar in full."""
    found = []
    former = _shown(row, "summary")
    if former and former != item.summary:
        found.append(f"was called '{former}'")
    for field, wanted, word in (
        ("location", item.location, "another location"),
        ("description", item.description, "another text"),
    ):
        if _shown(row, field).replace("\r\n", "\n") != wanted.strip():
            found.append(word)
    return found


def _where(decision: Decision, hand: Hand) -> str:
    """Returns when an item is that people changed; of a single session of a series its date."""
    series = bool(decision.row.recurrence) if decision.row and decision.row.live else False
    series = series or (decision.item is not None and decision.item.series)
    start = hand.start
    if start is None:
        return ""
    if series and hand.what in ("changed", "deleted"):
        return f"{DAYS[start.weekday()]} {time_words(start)}"
    return f"{day_words(start.date(), year=False)} {time_words(start)}"


def _by_hand(hand: Hand) -> str:
    fields = () if hand.differs else hand.fields  # else they are in part the program's
    names = list(dict.fromkeys(_FIELDS[field] for field in _FIELDS if field in fields))
    if "time" in names and "dates" in names:
        names.remove("dates")  # they follow from it
    what = f"{list_words(names)} changed" if names and hand.what == "changed" else hand.what
    words = f"{what} by hand{_updated(hand)}, left alone"
    return f"{words}; the program wants another change there" if hand.differs else words


def _updated(hand: Hand) -> str:
    try:
        moment = datetime.fromisoformat(hand.updated)
    except ValueError:
        return ""
    zone = hand.start.tzinfo if hand.start else None
    return f" {_day((moment.astimezone(zone) if zone else moment).date())}"


def ago(moment: datetime, now: datetime) -> str:
    """Returns a moment not long ago as people say it: `today 06:15`, `Mon 23:45`, `3 Feb 06:15`."""
    if moment.date() == now.date():
        return f"today {time_words(moment)}"
    if timedelta() < now - moment < timedelta(days=6):
        return f"{DAYS[moment.weekday()]} {time_words(moment)}"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{_day(moment.date())}{year} {time_words(moment)}"
