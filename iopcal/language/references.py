"""Names and ids: which are given, which are made from a name, and what a name elsewhere stands for."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category, normalize

from iopcal.language.report import Report, meant, shown
from iopcal.model import Place
from iopcal.named_tuple import NamedTuple
from iopcal.source import Scalar


def slug(name: str) -> str:
    """Returns the id made from a name: NFKD without marks, lower case, every run of other characters one '-'.

    Letters and digits of any script stay.
    """
    letters = []
    for letter in normalize("NFKD", name):
        kind = category(letter)
        if kind[0] != "M":
            letters.append(letter if kind[0] == "L" or kind == "Nd" else "-")
    return "-".join(part for part in "".join(letters).lower().split("-") if part)


class Directory:
    """The named things of one list, found by exact id, then exact name, then the name without case."""

    def __init__(self, noun: str, complete: bool = True) -> None:
        """Makes an empty directory; `noun` is 'a session'.

        One that is not `complete` (a row had no readable name) reports no unknown names.
        """
        self.noun = noun
        self.complete = complete
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._places: dict[str, tuple[str, Place]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in the order of the file."""
        return tuple(each for each in self._ids if each)

    def add_unnamed(self) -> None:
        """Adds the one thing without a name that a program has whose list is absent."""
        self._ids[""] = ""

    def add(self, name: Scalar | None, identity: Scalar | None, report: Report) -> str:
        """Adds one thing and returns its id, made from the name where none is given.

        Names and ids are unique in their list, look-alikes in case too (IOP105); a name that leaves no slug
        asks for an id (IOP108).
        """
        if identity is not None:
            found, words, place = identity.text, f"the id '{identity.text}'", identity.place
        elif name is not None:
            found, place = slug(name.text), name.place
            words = f"the id '{found}' made from {shown(name.text)}"
            if not found:
                hint = f"add the key 'id', such as 'id: {self.noun.split()[-1]}-1'"
                report.error(place, "IOP108", f"no id can be made from the name {shown(name.text)}", hint)
                return ""
        else:
            return ""
        if name is None or self._unique("name", name.text, name.text, name.place, report):
            self._unique("id", found, words, place, report)
        if name is not None:
            self._names.setdefault(name.text, found)
        self._ids.setdefault(found, found)
        return found

    def _unique(self, sort: str, text: str, words: str, place: Place, report: Report) -> bool:
        key = f"{sort}:{text.casefold()}"
        if key in self._places:
            first, other = self._places[key]
            if sort == "name":
                same = "" if first == words else f" (the other is {shown(first)})"
                message, hint = (
                    f"the name {shown(words)} is given twice{same}",
                    "give one of them another name",
                )
            else:
                message = f"{words} is already that of another {self.noun.split()[-1]}"
                hint = "give one of them another 'id'"
            report.error(place, "IOP105", message, hint, (other,))
            return False
        self._places[key] = words, place
        return True

    def find(self, wanted: Scalar, report: Report, code: str = "IOP106") -> str | None:
        """Returns the id of what a name or id stands for; reports one that stands for nothing."""
        text = wanted.text
        if text and text in self._ids:
            return text
        if text in self._names:
            return self._names[text]
        folded = {name.casefold(): found for name, found in self._names.items()}
        if text.casefold() in folded:
            return folded[text.casefold()]
        if self.complete:
            if self.ids:
                near = report.nearest(text, self._names) or report.nearest(text, self.ids)
                hint = meant(near, f"there is {listing(self._shown())}")
            else:
                hint = f"the program has no {self.noun.split()[-1]}s"
            report.error(wanted.place, code, f"{shown(text)} is not {self.noun} of this program", hint)
        return None

    def _shown(self) -> Iterable[str]:
        """Returns a name for each thing, or its id where it has none."""
        names = {found: name for name, found in self._names.items()}
        return (names.get(each, each) for each in self.ids)

    def find_all(self, wanted: Iterable[Scalar], report: Report) -> tuple[str, ...]:
        """Returns the ids of a list of names; reports one that is named twice (IOP105)."""
        found: list[str] = []
        for each in wanted:
            identity = self.find(each, report)
            if identity is None:
                continue
            if identity in found:
                report.error(each.place, "IOP105", f"{shown(each.text)} is named twice", "name it once")
            else:
                found.append(identity)
        return tuple(found)


def listing(names: Iterable[str]) -> str:
    """Returns names in single quotes with commas, cut after eight."""
    quoted = [shown(name) for name in names if name]
    return ", ".join(quoted[:8]) + (", ..." if len(quoted) > 8 else "")


class Names(NamedTuple):
    """The four directories of a program."""

    tracks: Directory
    cohorts: Directory
    phases: Directory
    sessions: Directory
