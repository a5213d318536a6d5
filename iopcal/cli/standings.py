"""How the feeds stand, kept after each run; and whether a quiet run has anything new to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from iopcal.cli.sync_folders import Shelf
from iopcal.problems import Exit
from iopcal.tally import Tally, standing
from iopcal.targets.google.health import State
from iopcal.targets.google.state import StateFolder

REMIND = timedelta(days=1)  # between two mails about one login


def moment_text(moment: datetime) -> str:
    """Returns a moment as the health file has it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def of_shelf(shelf: Shelf) -> Tally:
    """Returns a folder in the form of a calendar, as `status` tells of both."""
    return Tally(shelf.name, shelf.exit, events=shelf.feeds, troubles=shelf.troubles)


def keep_standings(
    state: StateFolder, tallies: Iterable[Tally], now: datetime, *, told: bool, known: Mapping[str, State]
) -> None:
    """Keeps how the feeds of a run stand; `known` is what was known of them before it."""
    states = state.health()
    text = moment_text(now)
    for tally in tallies:
        after = standing(known.get(tally.feed, State()), tally, text)
        well = tally.exit in (Exit.DONE, Exit.LEFT_ALONE)
        states[tally.feed] = after._replace(told="" if well else text if told else after.told)
    state.keep_health(states)


def has_news(code: int, tallies: Iterable[Tally], known: Mapping[str, State], now: datetime) -> bool:
    """Says whether a quiet run must speak: not of what is well, nor of what was just said.

    Hand edits are told once. A login that is needed is told once a day.
    """
    if code == Exit.DONE:
        return False
    ill = [each for each in tallies if each.exit not in (Exit.DONE, Exit.LEFT_ALONE)]
    if code == Exit.LEFT_ALONE and not ill:
        return any(set(each.signs) - set(known.get(each.feed, State()).hands.split()) for each in tallies)
    return not ill or any(not _was_told(each, known.get(each.feed, State()), now) for each in ill)


def _was_told(tally: Tally, before: State, now: datetime) -> bool:
    if tally.exit != Exit.CREDENTIALS or before.code != tally.exit or not before.told:
        return False
    try:
        told = datetime.fromisoformat(before.told)
    except ValueError:
        return False
    return timedelta() <= now - told < REMIND
