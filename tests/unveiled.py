"""Calendars of a program with marks as they would be published, and whatever stands in them that must not."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from iopcal import source
from iopcal.addressed import Keys, is_personal, shared
from iopcal.alike import Maker
from iopcal.attendance import Roster
from iopcal.destinations import Common, Errand
from iopcal.expand import Expansion, expand
from iopcal.feeds import Feed, feeds, participant_feeds
from iopcal.language import read_list, read_program
from iopcal.language.included import Read
from iopcal.model import FeedRule, Place, Program
from iopcal.model.sync import Destination, GoogleTarget
from iopcal.personal import states
from iopcal.problems import Problem, has_errors
from iopcal.publication import publication
from iopcal.publish import Options, drafts, unfit
from iopcal.scrutiny import scrutiny
from iopcal.source import Node
from iopcal.targets import addresses, ics
from iopcal.targets.addresses import Table
from iopcal.targets.feed_files import path_of
from iopcal.targets.google.body import body, marked
from tests.drafting import NOW, Refused
from tests.marked import TELEPHONE, Marked, Marks

PATH = re.compile(r"feeds/[A-Za-z0-9][A-Za-z0-9_-]{42}/calendar\.ics")
UID = re.compile(r"(?m)^UID:([0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\r$")
_ENCODED = re.compile("[A-Za-z0-9+/_-]{8,}")
# What may stand in a calendar that tells nothing, before the first `:` or `;`.
_PROPERTIES = """
    BEGIN END VERSION PRODID CALSCALE METHOD NAME X-WR-CALNAME X-WR-TIMEZONE REFRESH-INTERVAL X-PUBLISHED-TTL
    TZID TZNAME TZOFFSETFROM TZOFFSETTO UID DTSTAMP LAST-MODIFIED CREATED SEQUENCE DTSTART DTEND RRULE EXDATE
    STATUS TRANSP CLASS SUMMARY DESCRIPTION LOCATION URL ACTION TRIGGER X-MICROSOFT-CDO-BUSYSTATUS
"""
PROPERTIES = frozenset(_PROPERTIES.split())
_TEXTS = frozenset({"NAME", "X-WR-CALNAME", "SUMMARY", "DESCRIPTION", "LOCATION", "URL"})
# What a calendar of each privacy may tell besides; of a lead, a room, a track or a cohort also its name.
ALLOWED = {
    "full": {
        "program", "tracktitle", "track", "cohort", "session", "renamed", "added", "phase", "lead",
        "placedlead", "room", "location", "link", "phone", "notes", "topic", "why",
    },
    "titles": {"program", "tracktitle", "track", "cohort", "session", "renamed", "added", "location", "link",
               "topic"},
}  # fmt: skip
_WHOSE = {"lead": {"lead", "placedlead"}, "room": {"room"}}


class Leak(AssertionError):
    """Something is told that must not be."""


class Published(NamedTuple):
    """One calendar: its path in the output folder, and its bytes."""

    feed: Feed
    path: str
    data: bytes

    @property
    def uids(self) -> set[str]:
        """The UIDs of its events."""
        return set(re.findall(r"(?m)^UID:(.*)\r$", self.data.decode()))

    @property
    def masked(self) -> bytes:
        """The calendar without UIDs; events that begin together stand in their order, so they are sorted."""
        head, *events = re.sub(rb"UID:.*\r\n", b"UID:\r\n", self.data).split(b"BEGIN:VEVENT")
        return b"BEGIN:VEVENT".join(
            [head, *sorted(each.removesuffix(b"END:VCALENDAR\r\n") for each in events)]
        )


class Site(NamedTuple):
    """A program that is sound, and all that it is made from."""

    source: Marked
    program: Program
    expansion: Expansion
    roster: Roster
    options: Options


def site_of(text: Marked) -> Site:
    """Reads and expands a program with its roster; raises Refused with its errors."""

    def beside(name: str, place: Place, read: Read = read_list, /) -> tuple[Node | None, tuple[Problem, ...]]:
        return read(text.roster.encode(), name)

    node, problems = source.read(text.text.encode(), "program.yaml")
    assert node is not None, problems
    program, found = read_program(node, "program.yaml", beside)
    if program is None or has_errors(found):
        raise Refused(*found)
    expansion = expand(program, text.today)
    if has_errors(expansion.problems):
        raise Refused(*expansion.problems)
    roster = Roster(program, expansion, text.today)
    if has_errors(roster.all_problems()):
        raise Refused(*roster.all_problems())
    return Site(text, program, expansion, roster, Options(NOW))


def table_of(site: Site) -> Table:
    """Returns new addresses for everybody."""
    found = states(site.program, addresses.new_table(), site.source.today)
    return addresses.with_new(addresses.new_table(), found, str(site.source.today))


def quickly(site: Site, table: Table) -> Iterator[Published]:
    """Yields the calendars that tell nothing, each by itself, without the looks that come before writing."""
    low = [feed for feed in shared(site.program) if feed.low]
    sessions = site.roster.sessions_for_staff() if low else ()
    for feed, mine in (
        *((feed, sessions) for feed in low),
        *(
            (feed, site.roster.attend(participant).sessions)
            for participant in site.program.participants
            for feed in participant_feeds(site.program, participant)
            if feed.low
        ),
    ):
        calendar = publication(site.program, feed, mine, None, NOW, secret=table.secret).calendar
        if calendar.events:
            data = ics.publish(calendar, None, NOW, secret=table.secret)
            yield Published(feed, path_of(table.feeds[feed.key].token), data)


def personal(site: Site, table: Table) -> Iterator[Published]:
    """Yields all calendars that have an address, made as for a folder: once for all who are alike."""
    maker = Maker(site.program, site.roster, site.options, table.secret)
    sessions = site.roster.sessions_for_staff()
    for feed in shared(site.program):
        drafted = maker.shared(feed, sessions, None, False)
        assert (*unfit((drafted,)), *scrutiny((drafted,))) == ()
        if drafted.data is not None:
            yield Published(feed, path_of(table.feeds[feed.key].token), drafted.data)
    for participant in site.program.participants:
        maker.turn_to(repr(site.roster.likeness(participant)))
        for feed in maker.feeds(participant):
            made = maker.new(participant, feed, False)
            assert not any(fault.exit for fault in made.faults)
            if made.data is not None:
                yield Published(feed, path_of(table.feeds[feed.key].token), made.data)


def named(site: Site) -> Iterator[Published]:
    """Yields the calendars in files that are called what they are."""
    for one in drafts(site.program, site.expansion, lambda name: None, site.options):
        if one.data is not None and not is_personal(one.publication.feed):
            yield Published(one.publication.feed, one.file, one.data)


def check_low(site: Site, mark: Marks, one: Published) -> int:
    """Raises Leak for anything in a calendar that tells nothing but when, and where if it shows it.

    Returns how many of its lines were looked at.
    """
    place = f"seed {site.source.seed}, {one.feed.key}"
    text = one.data.decode()
    if not PATH.fullmatch(one.path) or site.program.id in one.path:
        raise Leak(f"{place}: {one.path}")
    unfolded = text.replace("\r\n ", "")
    if mark.found.search(text.casefold()) or mark.found.search(unfolded.casefold()) or TELEPHONE in unfolded:
        raise Leak(f"{place}: {one.data!r}")
    if len(one.uids) != text.count("BEGIN:VEVENT") or one.uids != set(UID.findall(text)):
        raise Leak(f"{place}: a UID has another form")
    lines = dict.fromkeys(unfolded.split("\r\n"))
    texts = _texts_of(site, one.feed.rule)
    for line in lines:
        name, value = re.split("[:;]", line, maxsplit=1) if line else ("BEGIN", "")
        if name not in PROPERTIES or (name == "PRODID" and value != "-//Calendar//EN"):
            raise Leak(f"{place}: {line}")
        if name in _TEXTS and not all(map(texts.fullmatch, _plain(value).split("\n"))):
            raise Leak(f"{place}: {line}")
    return len(lines)


def seek(mark: Marks, place: str, *texts: str) -> None:
    """Raises Leak for a mark in a text as it is, unfolded, in percents, in base64, and in whatever case."""
    for text in texts:
        unfolded = text.replace("\r\n ", "").casefold()
        found = mark.found.search(text.casefold()) or mark.found.search(unfolded)
        found = found or ("%" in text and mark.found.search(unquote(unfolded)))
        if found or TELEPHONE in text:
            raise Leak(f"{place}: {found[0] if found else TELEPHONE}")
        for word in set(_ENCODED.findall(text)):
            data = base64.urlsafe_b64decode(word[: len(word) // 4 * 4].translate({43: 45, 47: 95}))
            if mark.found.search(data.decode("utf-8", "replace").casefold()):
                raise Leak(f"{place}: {word}")


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def _texts_of(site: Site, rule: FeedRule) -> re.Pattern[str]:
    """Returns a pattern of what a feed may say in a line."""
    program = site.program
    if rule.privacy == "busy":
        return re.compile(f"Busy|{re.escape(rule.title or 'Calendar')}")
    title = re.escape(rule.title or "Appointment")
    texts = [title, f"CANCELLED: {title}", re.escape(rule.title or "Calendar")]
    if "phone" in rule.show:
        texts.append(re.escape(f"Phone: {program.phone}"))
    for sort in ("location", "link"):
        if sort in rule.show:
            held = {getattr(each, sort) for each in (program, *program.tracks, *program.activities)}
            held |= {getattr(each.activity, sort) for each in program.additions}
            held |= {getattr(each.edit, sort) or "" for each in program.on_changes}
            any_of = "|".join(re.escape(each) for each in sorted(held) if each) or "(?!)"
            texts.append(f"(?:{any_of})(?:; (?:{any_of}))*")
    return re.compile("|".join(texts))


def check_high(site: Site, mark: Marks, one: Published) -> set[str]:
    """Raises Leak for what only a calendar of higher privacy may tell; returns the sorts that are told."""
    rule = one.feed.rule
    sorts = set(mark.found.findall(one.data.decode().replace("\r\n ", "").casefold()))
    allowed = ALLOWED[rule.privacy] | _WHOSE.get(rule.audience, set())
    if sorts - allowed:
        raise Leak(f"seed {site.source.seed}, {one.feed.key}: {sorts - allowed}")
    return sorts


def check_apart(calendars: list[Published]) -> None:
    """Raises Leak where two calendars have an address or a UID in common."""
    paths = [one.path for one in calendars]
    uids = [uid for one in calendars for uid in one.uids]
    if len(set(paths)) < len(paths) or len(set(uids)) < len(uids):
        raise Leak("two calendars have an address or a UID in common")


def check_sent(site: Site, mark: Marks, feed: Feed) -> None:
    """Raises Leak for a mark in all that would be sent to a Google calendar of a feed that tells nothing."""
    errand = Errand(
        "x", GoogleTarget("google", "office", ()), Destination("x", "make", show_cancelled=True),
        Common(site.program, site.expansion), feed,
    )  # fmt: skip
    owner = errand.owner("salt")
    bodies = [marked(body(each), owner, each.ref) for each in errand.items(owner)]
    text = json.dumps([errand.title, *bodies], ensure_ascii=False)
    seek(mark, f"seed {site.source.seed}, {feed.key} in Google", text)
    if site.program.id in text or any(
        feed.rule.privacy == "busy" and each["visibility"] != "private" for each in bodies
    ):
        raise Leak(f"seed {site.source.seed}, {feed.key} in Google")


def low_feeds(program: Program) -> Iterator[Feed]:
    """Yields the feeds of a program that tell nothing."""
    yield from (feed for feed in feeds(program) if feed.low)
    for participant in program.participants:
        yield from (feed for feed in participant_feeds(program, participant) if feed.low)


def keys_of(program: Program) -> set[str]:
    """Returns the keys of all calendars that have an address."""
    keys = Keys(program)
    mine = {key for participant in program.participants for key in keys.of(participant)}
    return mine | {feed.key for feed in shared(program)}
