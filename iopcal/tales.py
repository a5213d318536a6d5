"""What is told where nothing may be, as problems with the places of the words: a title, or what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iopcal.language.report import shown
from iopcal.model import FeedRule, Place, Program, Session
from iopcal.problems import Problem
from iopcal.telling import Telling, Told
from iopcal.wording import APPOINTMENT

_PROPERTIES = {"title": "SUMMARY", "location": "LOCATION", "link": "URL", "phone": "DESCRIPTION"}


def foreseen(program: Program, sessions: Iterable[Session]) -> tuple[Problem, ...]:
    """Returns why the discreet and busy feeds of a program cannot be published, whoever they are for."""
    sessions, rules = tuple(sessions), [rule for rule in program.feeds if rule.low]
    if not any(rule.title or rule.show for rule in rules):
        return ()
    telling = Telling(program)
    found: dict[Problem, None] = {}
    for rule in rules:
        texts = ((_PROPERTIES[sort], text) for sort, text, _ in _sources(program, rule, sessions))
        found |= dict.fromkeys(objections(program, rule, sessions, telling.told_by(texts)))
    return tuple(found)


def objections(
    program: Program, rule: FeedRule, sessions: Iterable[Session], told: Iterable[Told]
) -> tuple[Problem, ...]:
    """Returns why a discreet or busy feed may not be published, each telling word of a text once (IOP612).

    Raises AssertionError for a word that nobody wrote into what the feed shows.
    """
    sources = tuple(_sources(program, rule, sessions))
    found: dict[object, Problem] = {}
    for each in told:
        source = next((source for source in sources if _is_from(source[1], each)), None)
        if source is None:
            raise AssertionError(f"{rule.privacy} feed: {each.name} would hold a telling word")
        found.setdefault((source, each.word), _problem(rule, *source, each))
    return tuple(found.values())


def _is_from(text: str, told: Told) -> bool:
    """Says whether a telling word stands in a text that is a part of what tells it."""
    return text in told.text and told.word.split()[0].casefold() in text.casefold()


def _problem(rule: FeedRule, sort: str, text: str, place: Place, told: Told) -> Problem:
    calendar = f"a {rule.privacy} calendar"
    message = f"the {sort} {shown(text)} of {calendar} holds the telling word '{told.word}'"
    others = (told.place,) if told.place.line else ()
    hint = f"write one that tells nobody what it is about, such as '{APPOINTMENT}'"
    if sort != "title":
        message = f"the {sort} {shown(text)}, shown in {calendar}, holds the telling word '{told.word}'"
        hint = f"take '{sort}' out of 'show' of this feed, or write one that tells nobody what it is about"
        others = (*others, rule.place) if rule.place.line else others
    if told.place.line:
        hint += "; it is a word of the program"
    return Problem(place, "IOP612", message, hint, others=others)


def _sources(
    program: Program, rule: FeedRule, sessions: Iterable[Session]
) -> Iterator[tuple[str, str, Place]]:
    """Yields what a feed shows that somebody wrote: of what sort it is, the text, and where it stands."""
    if rule.title:
        yield "title", rule.title, rule.place
    if rule.privacy == "busy":
        return
    if "phone" in rule.show and program.phone:
        yield "phone", program.phone, program.place
    seen: set[tuple[str, str]] = set()
    for session in sessions:
        for sort in ("location", "link"):
            text = str(getattr(session.real, sort))
            if sort in rule.show and text and (sort, text) not in seen:
                seen.add((sort, text))
                yield sort, text, _place(program, session, sort, text)


def _place(program: Program, session: Session, sort: str, text: str) -> Place:
    """Returns where the location or link of a session stands: its row, a change, its track, the program."""
    track = next((each for each in program.tracks if each.id == session.path.track), None)
    if getattr(session.activity, sort) == text:
        return session.activity.place
    if session.cause.line and session.planned and getattr(session.planned, sort) != text:
        return session.cause
    if track is None or getattr(program, sort) == text:  # a track without its own has that of the program
        return program.place
    return track.place if getattr(track, sort) == text else session.cause
