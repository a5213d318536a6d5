"""Content lines to components; an END that fits nothing is noted, never fatal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from iopcal.lint._lines import Line
from iopcal.named_tuple import NamedTuple


class Component(NamedTuple):
    """What stands between BEGIN and END; `whole` is False when its END is missing.

    `lines` are its own properties, `parts` the components directly in it, `named` its properties by name.
    """

    name: str
    number: int
    lines: tuple[Line, ...]
    parts: tuple[Component, ...]
    named: Mapping[str, tuple[Line, ...]]
    whole: bool

    def all(self, name: str) -> tuple[Line, ...]:
        """Returns the properties of that name, in the order of the file."""
        return self.named.get(name, ())

    def value(self, name: str) -> str:
        """Returns the value of the first property of that name, '' when there is none."""
        lines = self.named.get(name, ())
        return lines[0].value if lines else ""

    def inner(self, name: str) -> tuple[Component, ...]:
        """Returns the whole components of that name directly in this one."""
        return tuple(part for part in self.parts if part.name == name and part.whole)


class Flaw(NamedTuple):
    """Where the nesting of BEGIN and END goes wrong."""

    number: int
    text: str


class _Open:
    """A component whose END has not come yet."""

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.number = number
        self.lines: list[Line] = []
        self.parts: list[Component] = []

    def close(self, whole: bool) -> Component:
        named: dict[str, list[Line]] = {}
        for line in self.lines:
            named.setdefault(line.name, []).append(line)
        index = {name: tuple(lines) for name, lines in named.items()}
        return Component(self.name, self.number, tuple(self.lines), tuple(self.parts), index, whole)


def nest(lines: Iterable[Line]) -> tuple[tuple[Component, ...], tuple[Flaw, ...]]:
    """Returns the outermost components and what is wrong with the nesting."""
    root = _Open("", 0)
    stack = [root]
    flaws = []
    depths: dict[str, int] = {}  # how many components of that name are open

    def close(whole: bool) -> None:
        done = stack.pop()
        depths[done.name] -= 1
        stack[-1].parts.append(done.close(whole))

    for line in lines:
        if line.name == "BEGIN":
            name = line.value.upper()
            stack.append(_Open(name, line.number))
            depths[name] = depths.get(name, 0) + 1
        elif line.name == "END":
            name = line.value.upper()
            if not depths.get(name):
                flaws.append(Flaw(line.number, f"END:{name[:40]} has no BEGIN:{name[:40]}"))
                continue
            while stack[-1].name != name:
                flaws.append(Flaw(stack[-1].number, f"BEGIN:{stack[-1].name[:40]} has no END"))
                close(False)
            close(True)
        else:
            stack[-1].lines.append(line)
    while len(stack) > 1:
        flaws.append(Flaw(stack[-1].number, f"BEGIN:{stack[-1].name[:40]} has no END"))
        close(False)
    if root.lines:
        flaws.append(Flaw(root.lines[0].number, "there is a line outside of BEGIN:VCALENDAR and its END"))
    return tuple(root.parts), tuple(flaws)
