"""Bytes of a file to its nodes: `read()`; the only door to PyYAML.

Only the parser's events are used, never its composer or constructors: those turn 9:30 into 570, take the last
of two equal keys in silence, and can be made to fill the memory or to run code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from iopcal.problems import Place, Problem
from iopcal.source.builder import Builder, Stop
from iopcal.source.decode import decode
from iopcal.source.events import Point, TextEvent
from iopcal.source.limits import PROGRAM, Limits
from iopcal.source.nodes import Mapping, Node, Sequence
from iopcal.source.page import Page, clip
from iopcal.source.syntax import Fault, explain
from iopcal.source.traps import NOTHING

if TYPE_CHECKING:
    import yaml

_TOO_HIGH = re.compile(r"\\U(?!00(?:0|10))")  # an escape beyond the last character of Unicode
_UPSETTING = frozenset({"IOP116", "IOP130", "IOP131", "IOP133"})
"""Codes of what can make the rest of its line unreadable."""


def read(
    data: bytes, file: str, limits: Limits = PROGRAM, *, lists: bool = False
) -> tuple[Node | None, tuple[Problem, ...]]:
    """Reads one YAML file into nodes, and returns them with every problem found, sorted.

    The node is None where the file cannot be read to its end, is empty, or holds no keys (with `lists` it may
    be a list). Where a single value is wrong a hole takes its place, and reading goes on.
    """
    if len(data) > limits.bytes:
        place = Place(file, data.count(b"\n", 0, limits.bytes) + 1, 1)
        message = f"the file is too large: {len(data):,} bytes, and at most {limits.bytes:,} are read"
        return None, (Problem(place, "IOP111", message, "split it, or remove what is not needed"),)
    page, problems = decode(data, file)
    if page is None:
        return None, problems
    builder = Builder(page, limits, problems)
    try:
        whole = _build(builder)
    except Stop as stop:
        whole = stop.whole
    node = _top(builder, lists) if whole else None
    return node, tuple(sorted(builder.problems))


def _build(builder: Builder) -> bool:
    """Feeds the builder with the events of its page; returns whether the page could be read to its end."""
    import yaml  # here, because 18 ms are too much for a command that reads nothing

    page = builder.page
    handlers: dict[type[yaml.Event], Callable[[Any], None]] = {
        yaml.ScalarEvent: builder.text,
        yaml.MappingStartEvent: builder.mapping,
        yaml.MappingEndEvent: builder.end,
        yaml.SequenceStartEvent: builder.list,
        yaml.SequenceEndEvent: builder.end,
        yaml.AliasEvent: builder.alias,
        yaml.DocumentStartEvent: builder.document,
    }
    event: Any = None
    try:
        for event in yaml.parse(page.text, yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader):
            if handle := handlers.get(type(event)):
                handle(event)
    except yaml.MarkedYAMLError as error:
        found = error.problem_mark or error.context_mark
        opened = error.context_mark or found
        fault = Fault(error.context or "", _spot(opened), error.problem or "", _spot(found))
        if getattr(event, "style", "") in {"'", '"'}:
            fault = _late_quote(fault, event)
    except (yaml.YAMLError, ValueError, OverflowError):
        fault = _overflow(page, event.end_mark if event else None)
    else:
        return True
    if "nesting" in fault.problem:  # the C parser looks ahead, past our own limit
        builder.too_deep(page.at(*fault.found), "more than 1,000")
    if not _follows(builder, fault):
        builder.report(explain(page, fault))
    return False


def _spot(mark: Point | None) -> tuple[int, int]:
    """Returns the line and column of a mark, from 0."""
    return (mark.line, mark.column) if mark else (0, 0)


def _late_quote(fault: Fault, text: TextEvent) -> Fault:
    """Returns a fault right behind a quoted text of several lines as that of a quote that is not closed."""
    start, end = text.start_mark, text.end_mark
    if start.line < end.line == fault.found[0]:
        return fault._replace(context="quoted", opened=_spot(start))
    return fault


def _overflow(page: Page, mark: Point | None) -> Fault:
    """Returns the fault of a number that is too large, after the mark: the pure parser has no word for it."""
    high = _TOO_HIGH.search(page.text, mark.index if mark else 0)
    place = page.at_index(high.start()) if high else None
    spot = (place.line - 1, place.column - 1) if place else _spot(mark)
    return Fault("", spot, "escape" if high else "", spot)


def _follows(builder: Builder, fault: Fault) -> bool:
    """Says whether a fault only follows from something on its lines that was reported already.

    The lines are those of the brackets or the key that cannot be closed, else the one where it was found.
    """
    first = fault.opened[0] if "flow" in fault.context or "simple key" in fault.context else fault.found[0]
    lines = range(first + 1, fault.found[0] + 2)
    return any(
        place.line in lines
        for problem in builder.problems
        if problem.code in _UPSETTING
        for place in (problem.place, *problem.others)
    )


def _top(builder: Builder, lists: bool) -> Node | None:
    """Returns the node of the whole file, or None and a problem where it is not what a file begins with."""
    node = builder.root
    if isinstance(node, Mapping) or (lists and isinstance(node, Sequence)):
        return node
    hint = "a file holds keys with their values, one on a line: 'key: value', with a space after the colon"
    if node is None:
        builder.report(Problem(builder.page.at(0, 0), "IOP120", "the file is empty", hint))
    elif isinstance(node, Sequence):
        builder.report(
            Problem(node.place, "IOP121", "the file is a list, where keys with their values belong", hint)
        )
    elif not node.quoted and node.text in NOTHING:
        if not builder.problems:
            builder.report(Problem(node.place, "IOP120", "the file is empty", hint))
    else:
        message = f"the file is a text, '{clip(node.text)}', where keys with their values belong"
        builder.report(Problem(node.place, "IOP121", message, hint))
    return None
