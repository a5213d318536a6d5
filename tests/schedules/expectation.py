"""What a finished run must leave behind in a whole calendar, and what is wrong with what it has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from tests.schedules.judge import Event, Faces, Terms, Verdict, events_of, is_by_hand, shown_ahead, verdict
from tests.schedules.sight import Rows, Shown, changes
from tests.schedules.wants import Key, ahead


class Expectation(NamedTuple):
    """What a run must leave behind. `of` holds the verdicts on known items, `new` those that must come."""

    of: Mapping[str, Verdict]  # by ref
    new: Mapping[Key, tuple[Shown, ...]]
    ahead: int
    going: int

    @property
    def unsure(self) -> bool:
        """Says whether some item may or may not be left alone, so that its sessions may or may not count."""
        return any(each.told is None or each.either for each in self.of.values())

    @property
    def frightens(self) -> bool:
        """Says whether so many sessions go that a person must say yes."""
        if not self.going:
            return False
        return self.going == self.ahead or (self.ahead >= 10 and 10 * self.going > 3 * self.ahead)


def expectation(rows: Rows, keys: Mapping[str, Key], faces: Faces, terms: Terms) -> Expectation:
    """Returns what a run must make of a calendar; `keys` are the items that refs have stood for."""
    verdicts = {}
    items = terms.wanted.items
    for ref, events in events_of(rows).items():
        want = ahead(items.get(keys[ref], ()), terms.now)
        verdicts[ref] = verdict(events, want, faces, terms)
    known = {keys[ref] for ref in verdicts}
    new = {key: ahead(shown, terms.now) for key, shown in items.items() if key not in known}
    was, shall = Counter[date](), Counter[date]()
    for each in verdicts.values():
        # A run that was broken off may show a session twice; that is one.
        was.update({start.astimezone(terms.zone).date() for start in each.was})
        shall.update(start.astimezone(terms.zone).date() for start in each.shall)
    for shown in new.values():
        shall.update(each.start.astimezone(terms.zone).date() for each in shown)
    return Expectation(verdicts, new, was.total(), (was - shall).total())


def complaints(
    expected: Expectation,
    before: Rows,
    after: Rows,
    keys: Mapping[str, Key],
    told: frozenset[str],
    now: datetime,
) -> list[str]:
    """Says what is not as expected after a run; `told` are the refs that it reported as left alone."""
    found = []
    events = events_of(after)
    of_key = {key: ref for ref, key in keys.items()}
    for ref, each in expected.of.items():
        shown = tuple(sorted(one for event in events.get(ref, ()) for one in _ahead(event, now)))
        name = f"{'/'.join(keys[ref])} ({ref[:6]})"
        if each.either and not shown and ref in told:
            continue
        if each.shown is not None and shown != each.shown:
            found.append(f"{name} shows {_list(shown)}, not {_list(each.shown)}")
        found += [
            f"{name}: {id} was left alone by hand, and is not as it was"
            for id in each.left
            if after.get(id) is not before[id]
        ]
        if each.told is not None and each.told != (ref in told):
            found.append(f"{name}: {'not reported' if each.told else 'reported, though no hand changed it'}")
    for key, want in expected.new.items():
        ref = of_key.get(key, "")
        shown = tuple(sorted(one for event in events.get(ref, ()) for one in _ahead(event, now)))
        if ref in told and not shown:  # Google has dropped the tombstone, and the cache remembers it
            continue
        if shown != want:
            found.append(f"{'/'.join(key)} is new and shows {_list(shown)}, not {_list(want)}")
    strange = told - keys.keys()
    found += [f"{ref} is reported, and nobody knows it" for ref in strange]
    return found


def _ahead(event: Event, now: datetime) -> tuple[Shown, ...]:
    return () if event.row.cancelled else shown_ahead(event, now)


def doubles(rows: Rows, faces: Faces, now: datetime) -> list[str]:
    """Returns the sessions ahead that two of our rows show alike, those that people changed apart."""
    count = Counter[tuple[str, Shown]]()
    for ref, events in events_of(rows).items():
        for event in events:
            if not event.row.cancelled and not is_by_hand(event.row, faces):
                by_hand = {each.shown for each in changes(*event) if each.differs}
                count.update((ref, shown) for shown in shown_ahead(event, now) if shown not in by_hand)
    return [
        f"{shown} is shown {times} times by {ref[:6]}" for (ref, shown), times in count.items() if times > 1
    ]


def _list(shown: Sequence[Shown]) -> str:
    return f"[{'; '.join(str(each) for each in shown)}]"
