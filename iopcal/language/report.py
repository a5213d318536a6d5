"""Collects the problems of one reading, so that all of them come out at once."""

from __future__ import annotations

from collections.abc import Collection

from iopcal.problems import Place, Problem, nearest

_EFFORT = 3_000_000  # pairs of letters compared in search of near names: a fraction of a second

HARMLESS = frozenset({"IOP107", "IOP151", "IOP152", "IOP153", "IOP154"})
"""Codes of errors that leave the timetable whole: a `Program` can still be made and looked at."""


class Report:
    """The problems found so far; readers add to it and go on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._hole = False
        self._effort = _EFFORT

    def error(
        self, place: Place, code: str, message: str, hint: str = "", others: tuple[Place, ...] = ()
    ) -> None:
        """Adds an error."""
        self.problems.append(Problem(place, code, message, hint, "error", others))

    def warn(self, place: Place, code: str, message: str, hint: str = "") -> None:
        """Adds a warning."""
        self.problems.append(Problem(place, code, message, hint, "warning"))

    def hole(self) -> None:
        """Notes a value that is missing or was refused when the file was read, and reported then."""
        self._hole = True

    def nearest(self, word: str, choices: Collection[str]) -> str:
        """Returns the choice that was probably meant, or ''; gives up when a file has too much to search."""
        effort = len(word) * sum(map(len, choices))
        if effort > self._effort:
            return ""
        self._effort -= effort
        return nearest(word, choices)

    def prevents_a_program(self) -> bool:
        """Says whether an error was found that leaves no timetable to speak of."""
        return self._hole or any(
            each.severity == "error" and each.code not in HARMLESS for each in self.problems
        )


def shown(text: str) -> str:
    """Returns a value in single quotes, cut where it is too long for one line."""
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


def meant(choice: str, otherwise: str = "") -> str:
    """Returns the hint that offers `choice`, or `otherwise` where there is none to offer."""
    return f"did you mean '{choice}'?" if choice else otherwise
