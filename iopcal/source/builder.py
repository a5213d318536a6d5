"""A parser's events to nodes, with the limits and the traps: `Builder`."""

from __future__ import annotations

from typing import NoReturn

from iopcal.problems import Place, Problem
from iopcal.source.events import Event, GroupEvent, Point, TextEvent
from iopcal.source.limits import Limits
from iopcal.source.nodes import Mapping, Node, Scalar, Sequence
from iopcal.source.page import Page, clip
from iopcal.source.spot import Spot
from iopcal.source.traps import NOTHING, bare_key, braces, comma, culprit, pair, question, trap
from iopcal.text import clean

_MOST_PROBLEMS = 1_000  # then reading stops


class Stop(Exception):
    """Raised where nothing more is read, and the problems say why; `whole` when the root is complete."""

    def __init__(self, whole: bool = False) -> None:
        super().__init__(whole)
        self.whole = whole


class _Open:
    """A list or mapping that has begun and not ended.

    A mapping waits for a key, or has `key` and waits for its value; a `dropped` key was reported and is not
    kept. A `muted` one was reported as a whole: a hole will take its place.
    """

    __slots__ = (
        "before",
        "dropped",
        "entries",
        "flow",
        "items",
        "key",
        "loose",
        "mapping",
        "muted",
        "place",
        "seen",
        "span",
    )

    def __init__(self, place: Place, mapping: bool, flow: bool, muted: bool) -> None:
        self.place = place
        self.mapping = mapping
        self.flow = flow
        self.muted = muted
        self.items: list[Node] = []
        self.entries: list[tuple[Scalar, Node]] = []
        self.seen: dict[str, Place] = {}
        self.key: Scalar | None = None
        self.span: Event | None = None  # of the key
        self.dropped = False
        self.before: Point | None = None  # where the last value began, if it was a plain text
        self.loose = False  # the last key was one that a comma cut off

    def take_key(self, key: Scalar, span: Event, dropped: bool) -> None:
        """Takes the key of the next value."""
        self.key, self.span, self.dropped = key, span, dropped

    def take(self, node: Node, start: Point | None) -> None:
        """Takes the next item, or the value of the key; `start` is given for a plain text."""
        if not self.mapping:
            self.items.append(node)
            return
        if self.key is not None and not self.dropped:
            self.entries.append((self.key, node))
            self.loose = False
        self.key, self.before = None, start

    def node(self) -> Node:
        """Returns what was read."""
        if self.muted:
            return Scalar("", self.place)
        return (
            Mapping(tuple(self.entries), self.place)
            if self.mapping
            else Sequence(tuple(self.items), self.place)
        )


class Builder:
    """Builds the nodes of one page, one event after the other: `root` in the end, and `problems` on the way.

    Its own stack, not recursion, holds what is open, so that depth is a limit and not a crash.
    """

    def __init__(self, page: Page, limits: Limits, problems: tuple[Problem, ...]) -> None:
        self.page = page
        self.limits = limits
        self.problems = list(problems)
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._count = 0
        self._began = False

    def report(self, problem: Problem) -> None:
        """Notes a problem; raises Stop after very many."""
        self.problems.append(problem)
        if len(self.problems) >= _MOST_PROBLEMS:
            raise Stop

    def too_deep(self, place: Place, levels: str) -> NoReturn:
        """Reports lists and mappings too deep inside each other, and raises Stop."""
        message = f"too deep: {levels} levels inside each other, and at most {self.limits.depth} are read"
        self._limit(Problem(place, "IOP113", message, "write it flatter"))

    def text(self, event: TextEvent) -> None:
        """Takes a text: a key, a value, an item, or all of the file."""
        self._counted(event)
        marked = event.anchor is not None or event.tag is not None
        if marked:
            self._no_marks(event)
        page, start, end = self.page, event.start_mark, event.end_mark
        parent = self._open[-1] if self._open else None
        place = page.place(start, end)
        plain = not event.style
        text, problem = clean(event.value, place, breaks=True, longest=self.limits.scalar)
        if problem:
            if problem.code == "IOP114":
                self._limit(problem)
            self.report(problem._replace(place=culprit(page, start, end)))
        elif plain and (problem := trap(page, start, end, text, parent is not None and parent.flow)):
            self.report(problem)
        node = Scalar("" if problem else text, place, not plain and not problem)
        if parent is not None and parent.mapping and parent.key is None:
            self._key(parent, node, event, refused=problem is not None)
            return
        if problem is None and plain and text in NOTHING and parent is not None:
            if not marked:
                self._nothing(parent, event, text, place)
            node = Scalar("", place)
        self._take(node, start if plain else None)

    def alias(self, event: Event) -> None:
        """Takes an alias, which is refused; a hole stands for it."""
        self._counted(event)
        place = self._no_marks(event)
        hole = Scalar("", place)
        if self._open and self._open[-1].mapping and self._open[-1].key is None:
            self._open[-1].take_key(hole, event, dropped=True)
        else:
            self._take(hole, None)

    def mapping(self, event: GroupEvent) -> None:
        """Begins a mapping."""
        self._begin(event, mapping=True)

    def list(self, event: GroupEvent) -> None:
        """Begins a list."""
        self._begin(event, mapping=False)

    def end(self, event: Event) -> None:
        """Ends the list or mapping begun last."""
        done = self._open.pop()
        if self._open and self._open[-1].mapping and self._open[-1].key is None:
            self._open[-1].take_key(Scalar("", done.place), event, dropped=True)
        else:
            self._take(done.node(), None)

    def document(self, event: Event) -> None:
        """Begins the document, after directives if there are any; raises Stop at a second one."""
        page, line = self.page, event.start_mark.line
        if self._began:
            place = page.at(line, 0, len(page.line(line).rstrip()))
            message = "a second document begins here; a file is one document"
            self.report(Problem(place, "IOP122", message, "make two files of it, or delete the '---'"))
            raise Stop(whole=True)
        self._began = True
        for number, text in enumerate(page.lines[: event.end_mark.line]):
            if text.startswith("%"):
                self.report(Spot(page, number, 0).directive())

    def _begin(self, event: GroupEvent, *, mapping: bool) -> None:
        """Begins a list or mapping, and reports one that stands where a key belongs."""
        self._counted(event)
        page, start = self.page, event.start_mark
        place = page.place(start, event.end_mark)
        if len(self._open) >= self.limits.depth:
            self.too_deep(place, str(len(self._open) + 1))
        marked = event.anchor is not None or event.tag is not None
        if marked:
            self._no_marks(event)
        parent = self._open[-1] if self._open else None
        muted = parent is not None and parent.muted
        if parent is not None and not muted:
            if parent.mapping and parent.key is None:
                self.report(braces(page, start, parent.place if parent.flow else None))
                parent.muted = parent.muted or parent.flow
                muted = True
            elif mapping and parent.flow and not parent.mapping and not marked:
                muted = not page.text.startswith("{", start.index)
                if muted:
                    self.report(pair(page, start))
        self._open.append(_Open(place, mapping, event.flow_style, muted))

    def _take(self, node: Node, start: Point | None) -> None:
        if self._open:
            self._open[-1].take(node, start)
        else:
            self.root = node

    def _counted(self, event: Event) -> None:
        self._count += 1
        if self._count > self.limits.nodes:
            place = self.page.place(event.start_mark, event.end_mark)
            most = f"at most {self.limits.nodes:,} are read"
            message = f"the file holds too much: {self._count:,} keys and values, and {most}"
            self._limit(Problem(place, "IOP112", message, "split it, or remove what is not needed"))

    def _limit(self, problem: Problem) -> NoReturn:
        """Reports that a limit is reached, and raises Stop."""
        self.report(problem)
        raise Stop

    def _no_marks(self, event: Event) -> Place:
        """Reports an anchor, alias, merge key or tag, and returns its place."""
        problem = Spot(self.page, event.start_mark.line, event.start_mark.column).mark()
        self.report(problem)
        return problem.place

    def _key(self, parent: _Open, key: Scalar, event: TextEvent, refused: bool) -> None:
        """Takes a key, and reports one that is too long, empty, a merge key, or there already."""
        text, place = key.text, key.place
        if len(text) > self.limits.key:
            most = f"at most {self.limits.key} are read"
            message = f"the key '{clip(text, 30)}' is too long: {len(text):,} characters, and {most}"
            self._limit(Problem(place, "IOP115", message, "put a text with a colon in quotes"))
        dropped = True
        if refused or parent.muted:
            pass
        elif problem := question(self.page, event.start_mark, event.end_mark):
            self.report(problem)
        elif key.hole:
            self.report(Problem(place, "IOP127", "there is no key before the ':'", "write 'key: value'"))
        elif text == "<<" and not key.quoted:
            self._no_marks(event)
        elif text in parent.seen:
            first = parent.seen[text]
            message = f"the key '{text}' is given twice, first on line {first.line}"
            self.report(Problem(place, "IOP125", message, "keep one of them", others=(first,)))
        else:
            parent.seen[text] = place
            dropped = False
        parent.take_key(key, event, dropped)

    def _nothing(self, parent: _Open, event: TextEvent, text: str, place: Place) -> None:
        """Reports a value or an item that is not there, `~` or `null`."""
        if parent.muted or (parent.mapping and parent.dropped):
            return
        if not parent.mapping or parent.key is None or parent.span is None:
            seen = f"'{text}'" if text else "an item of this list"
            quote = f'put the word in quotes: "{text}"' if text else "write its value"
            self.report(Problem(place, "IOP126", f"{seen} has no value", f"remove the item, or {quote}"))
            return
        key, span = parent.key, parent.span
        bare = not text and ":" not in self.page.text[span.end_mark.index : event.start_mark.index]
        if bare and parent.flow:
            self._bare_word(parent, key, span)
            return
        hint = f'remove the key, or put the word in quotes: {key.text}: "{text}"'
        if not text:
            hint, place = f"write a value after '{clip(key.text)}:', or remove the key", key.place
        self.report(Problem(place, "IOP126", f"'{clip(key.text)}' has no value", hint))

    def _bare_word(self, parent: _Open, key: Scalar, span: Event) -> None:
        """Reports a word inside { } that is neither key nor value, and drops it where no key was meant."""
        found = None if key.quoted else bare_key(self.page, span.start_mark, span.end_mark)
        if found:
            meant, problem = found
            self.report(problem)
            if meant == key.text or meant not in parent.seen:  # a hole is its value
                parent.seen[meant] = key.place
                parent.key = key._replace(text=meant)
                return
        parent.dropped = True
        if found:
            return
        if parent.loose:
            return  # told with the word before it
        elif parent.before is not None:
            holder = parent.entries[-1][0].text if parent.entries else ""
            self.report(comma(self.page, parent.before, span.start_mark, span.end_mark, holder))
            parent.loose = True
        else:
            hint = f"inside {{ }} every key has a value: {{{clip(key.text)}: ...}}"
            self.report(Problem(key.place, "IOP126", f"'{clip(key.text)}' has no value", hint))
