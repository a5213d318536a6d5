"""The calendars of participants. Those of people who are alike differ by UIDs alone, and are made once."""

from __future__ import annotations

from collections.abc import Iterable

from iopcal.attendance import Roster
from iopcal.feeds import Feed, participant_feeds
from iopcal.fold import parts
from iopcal.model import Participant, Program, Session
from iopcal.named_tuple import NamedTuple
from iopcal.plan import Plan
from iopcal.publish import Draft, Options, draft, telling_words, unfit
from iopcal.scrutiny import Scrutiny
from iopcal.targets.mould import Mould, Sequel, cast, cut, follow, mould, sequel
from iopcal.targets.trouble import Trouble
from iopcal.telling import Telling

FILE = "calendar.ics"


class Made(NamedTuple):
    """A calendar to be published; `data` None: it has nothing to show. `faults` speak against it."""

    data: bytes | None
    cancelled: bool = False  # it shows what is cancelled, which goes after some days
    faults: tuple[Trouble, ...] = ()


class Maker:
    """Makes the calendars of participants. Those who are alike come one after the other: see `turn_to`."""

    def __init__(self, program: Program, roster: Roster, options: Options, secret: bytes) -> None:
        self._program, self._roster = program, roster
        self._options, self._secret = options, secret
        self._telling: Telling | None = None
        self._scrutiny = Scrutiny()
        self._source = ""
        self._sessions: tuple[Session, ...] | None = None
        self._moulds: dict[tuple[object, bool], tuple[Made, Mould | None]] = {}
        self._sequels: dict[tuple[object, ...], tuple[Draft, Made, Sequel]] = {}
        self._plans: dict[int, tuple[Draft, Plan]] = {}  # with the draft, so that no other gets its number

    def turn_to(self, source: str) -> None:
        """Goes on with people of this source."""
        if source != self._source:
            self._source, self._sessions = source, None
            self._moulds.clear()
            self._sequels.clear()
            self._plans.clear()

    def feeds(self, participant: Participant) -> tuple[Feed, ...]:
        """Returns the calendars of a participant."""
        return participant_feeds(self._program, participant)

    def new(self, participant: Participant, feed: Feed, restamp: bool) -> Made:
        """Returns the first publication of a calendar; `restamp`: there was one, and it is lost."""
        restamp = restamp or self._options.restamp
        kind = (feed.rule, restamp)
        if kind not in self._moulds:
            self._moulds[kind] = self._first(participant, feed, restamp)
        made, form = self._moulds[kind]
        if form is None:
            return made
        return made._replace(data=cast(form, ("1", self._program.id, feed.key)))

    def _first(self, participant: Participant, feed: Feed, restamp: bool) -> tuple[Made, Mould | None]:
        drafted = self._draft(participant, feed, None, self._options._replace(restamp=restamp))
        faults = (*unfit((drafted,)), *self._scrutiny.of(drafted))
        calendar = drafted.publication.calendar
        cancelled = any(event.cancelled for event in calendar.events)
        if drafted.data is None or any(fault.exit for fault in faults):
            return Made(None, cancelled, faults), None
        form = mould(calendar, drafted.data, self._secret)
        if cast(form, ("1", self._program.id, feed.key)) != drafted.data:
            raise AssertionError("a calendar that is cast differs from the one that is rendered")
        return Made(None, cancelled, faults), form

    def over(self, participant: Participant, feed: Feed, previous: bytes) -> tuple[Draft, Made]:
        """Returns a calendar in place of what is published.

        The draft may be that of somebody else whose calendar differs by its UIDs alone, now and before.
        """
        pieces, own = cut(previous), ("1", self._program.id, feed.key)
        kind = (feed.rule, pieces.rest)
        if kind in self._sequels:
            drafted, made, known = self._sequels[kind]
            data = follow(known, pieces, own)
            if data is not None:
                return drafted, made._replace(data=data)
        drafted = self._draft(participant, feed, previous, self._options)
        made = self._made(drafted)
        calendar = drafted.publication.calendar
        sound = made.data is not None and not any(fault.exit for fault in made.faults)
        if sound and drafted.published is not None and not calendar.file:
            known = sequel(mould(calendar, made.data or b"", self._secret), pieces, _keys(drafted))
            self._sequels.setdefault(kind, (drafted, made, known))
        return drafted, made

    def plan(self, drafted: Draft) -> Plan:
        """Returns the plan of a draft, which is worked out once for all who share it."""
        if id(drafted) not in self._plans:
            self._plans[id(drafted)] = drafted, drafted.plan
        return self._plans[id(drafted)][1]

    def _made(self, drafted: Draft) -> Made:
        cancelled = any(event.cancelled for event in drafted.publication.calendar.events)
        return Made(drafted.data, cancelled, (*unfit((drafted,)), *self._scrutiny.of(drafted)))

    def shared(self, feed: Feed, sessions: Iterable[Session], previous: bytes | None, lost: bool) -> Draft:
        """Returns a personal calendar that is not a participant's."""
        return draft(
            self._program, feed, sessions, _label(feed), previous, self._options, lost=lost,
            secret=self._secret, telling=self._words(feed),
        )  # fmt: skip

    def _draft(self, participant: Participant, feed: Feed, previous: bytes | None, options: Options) -> Draft:
        sessions = self._roster.attend(participant).sessions
        return draft(
            self._program, feed, sessions, _label(feed), previous, options, secret=self._secret,
            telling=self._words(feed),
        )  # fmt: skip

    def _words(self, feed: Feed) -> Telling | None:
        if self._telling is None and feed.low:
            self._telling = telling_words(self._program)
        return self._telling


def _label(feed: Feed) -> str:
    """Returns how messages call a calendar; only its last part names the file."""
    return f"{feed.called}/{FILE}"


def _keys(drafted: Draft) -> dict[bytes, tuple[str, ...]]:
    """Returns the key of every UID that the calendar may have."""
    publication = drafted.publication
    keys = [slot.single for slot in publication.slots] + [key for key, _ in parts(publication.slots)]
    return {publication.uids(key).encode(): key for key in keys}
