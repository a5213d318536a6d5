"""Who sees what: the calendars of a program, as its `feeds` say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iopcal.language.references import slug
from iopcal.model import DEFAULT_FEEDS, Edit, FeedRule, Participant, Program
from iopcal.named_tuple import NamedTuple

NEUTRAL_NAME = "Calendar"  # of a discreet or busy calendar without a title


class Feed(NamedTuple):
    """One calendar of a program.

    `words` are the ways in which sessions name its lead or room.
    """

    key: str  # as identities name it: program, track/<id>, ...; then /<name>; then !file
    name: str  # as subscribers see it
    called: str  # as sync files name it behind the id of the program: program, track/<id>, <name>/<id>
    file: str  # of its file name, what stands behind the id of the program
    rule: FeedRule
    member: str = ""  # id of the track, cohort, participant, lead or room; '' of the only one without a name
    words: frozenset[str] = frozenset()

    @property
    def low(self) -> bool:
        """Whether nothing in it may tell that it is treatment."""
        return self.rule.low

    @property
    def full(self) -> bool:
        """Whether it says everything that staff may know."""
        return self.rule.privacy == "full"


class _Member(NamedTuple):
    """One of an audience: its id, what it is called, and the ways in which sessions name it."""

    id: str
    title: str = ""
    words: tuple[str, ...] = ()


def feeds(program: Program) -> tuple[Feed, ...]:
    """Returns the calendars of a program but those of participants, in the order of its `feeds`.

    A program that says nothing of feeds has none for each lead: who is only named by a text has no id, and
    a stand-in for a day would have a calendar that is empty when the line is taken back.
    """
    left_out = {"participant", "lead"} if program.feeds == DEFAULT_FEEDS else {"participant"}
    return tuple(
        _feed(program, rule, member)
        for rule in program.feeds
        if rule.audience not in left_out
        for member in _members(program, rule.audience)
    )


def participant_feeds(program: Program, participant: Participant) -> tuple[Feed, ...]:
    """Returns the calendars of one participant."""
    member = _Member(participant.id)
    return tuple(_feed(program, rule, member) for rule in program.feeds if rule.audience == "participant")


def _feed(program: Program, rule: FeedRule, member: _Member) -> Feed:
    audience = rule.audience
    whose = (audience,) if audience == "program" else (audience, member.id or "-")
    name = (rule.name,) if rule.name else ()
    title = f"{program.title}: {member.title}" if member.title else program.title
    file = "-".join(part for part in (audience, member.id) if part)
    return Feed(
        key="/".join((*whose, *name)) + ("!file" if rule.file else ""),
        name=(rule.title or NEUTRAL_NAME) if rule.low else title,
        called="/".join((rule.name or audience, *whose[1:])),
        file=".".join((*(("file",) if rule.file else ()), file, *name)),
        rule=rule,
        member=member.id,
        words=frozenset(member.words),
    )


def _members(program: Program, audience: str) -> Iterable[_Member]:
    """Returns all of an audience: tracks and cohorts in the order of the file, leads and rooms by id."""
    if audience == "program":
        return (_Member(""),)
    if audience == "track":
        return (_Member(track.id, track.title or track.id) for track in program.tracks)
    if audience == "cohort":
        return (_Member(cohort.id, cohort.id) for cohort in program.cohorts)
    return _named(leads(program) if audience == "lead" else rooms(program))


def _named(words: Iterable[str]) -> Iterator[_Member]:
    """Yields who or what is named by these words; the first of those with one id gives the title."""
    found: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        found.setdefault(slug(word), []).append(word)
    for identity, names in sorted(found.items()):
        yield _Member(identity, names[0], tuple(names))


def leads(program: Program) -> Iterator[str]:
    """Yields everybody who leads a session, as often as they are named."""
    for activity in program.activities:
        yield from activity.leads
    for addition in program.additions:
        yield from addition.activity.leads
    for edit in _edits(program):
        yield from edit.leads or ()
    for participant in program.participants:
        for placing in participant.placed:
            yield from placing.leads or ()


def rooms(program: Program) -> Iterator[str]:
    """Yields every room that is named, as often as it is."""
    found = (
        *(track.room for track in program.tracks),
        *(activity.room for activity in program.activities),
        *(addition.activity.room for addition in program.additions),
        *(edit.room for edit in _edits(program)),
    )
    return (room for room in found if room)


def _edits(program: Program) -> Iterator[Edit]:
    for phase in program.phases:
        yield from (override.edit for override in phase.overrides)
    yield from (change.edit for change in program.from_changes)
    yield from (change.edit for change in program.on_changes)
