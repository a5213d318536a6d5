"""What is used of PyYAML's events and marks, so that only one module needs to import PyYAML."""

from __future__ import annotations

from typing import Protocol


class Point(Protocol):
    """A position as PyYAML gives it: `index` in characters, `line` and `column`, all from 0."""

    index: int
    line: int
    column: int


class Event(Protocol):
    """What all events of PyYAML's parser have."""

    start_mark: Point
    end_mark: Point


class NodeEvent(Event, Protocol):
    """The beginning of a node."""

    anchor: str | None
    tag: str | None


class GroupEvent(NodeEvent, Protocol):
    """The beginning of a list or mapping; `flow_style` when it is written in brackets."""

    flow_style: bool


class TextEvent(NodeEvent, Protocol):
    """A text; `style` is its quotes or block sign, or nothing for a plain one."""

    value: str
    style: str | None
