"""What became of each calendar in the last run, for `iopcal status`: no title, no calendar id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iopcal.named_tuple import NamedTuple

VERSION = 1


class State(NamedTuple):
    """How one feed stands. Moments are ISO 8601 in UTC, '' for never; `why` is one plain sentence or ''."""

    well: str = ""  # when it was last all right
    events: int = 0  # of ours in the calendar
    ahead: int = 0  # sessions
    left_alone: int = 0
    waiting: int = 0  # items that the program wants otherwise
    code: int = 0  # exit code of the last run
    since: str = ""  # since when it is not all right
    why: str = ""
    do: str = ""  # the next command
    made: bool = False  # the calendar was made by iopcal
    hands: str = ""  # what people did there when it was last read: a word for each, without any text
    key: str = ""  # of the feed, as identities name it: with it a feed is found that no program has any more
    told: str = ""  # when a person was last told why it is not all right


def parse(data: bytes | None) -> dict[str, State]:
    """Returns how the feeds stand, by name; none where the file is missing, damaged or of another version."""
    try:
        content = json.loads(data or b"")
        if content["v"] != VERSION:
            return {}
        return {name: State(**_known(value)) for name, value in content["feeds"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _known(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in State._fields if name in value}


def render(states: Mapping[str, State]) -> bytes:
    """Returns the bytes of the file."""
    feeds = {name: state._asdict() for name, state in sorted(states.items())}
    return json.dumps({"v": VERSION, "feeds": feeds}, indent=1, ensure_ascii=False).encode() + b"\n"


def after(before: State, now: str, code: int, *, well: bool, **news: Any) -> State:
    """Returns how a feed stands after a run at `now` that ended with `code`."""
    if well:
        return before._replace(well=now, code=code, since="", why="", do="", **news)
    return before._replace(code=code, since=before.since or now, **news)
