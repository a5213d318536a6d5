"""What is wrong with what participants attend, and telling it in not too many words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from iopcal.attendance import Roster
from iopcal.cli.people_work import Person
from iopcal.problems import Problem

_MOST_TOLD = 20  # warnings of one kind


def judged(roster: Roster, people: Sequence[Person]) -> tuple[list[Problem], set[str]]:
    """Returns the problems of people who come with their sources, and the sources of those who have any."""
    found: list[Problem] = []
    sources = set()
    for source, alike in groupby(people, key=itemgetter(0)):
        for _, participant in alike:
            problems = roster.attend(participant).problems
            if not problems:
                break  # then those who are alike have none
            sources.add(source)
            found += problems
    return found, sources


def cut(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yields all errors, and of each warning the first few; the last of them says how many more there are."""
    problems = sorted(problems)
    counts = Counter(problem.code for problem in problems if problem.severity == "warning")
    told: Counter[str] = Counter()
    for problem in problems:
        if problem.severity != "warning":
            yield problem
            continue
        told[problem.code] += 1
        more = counts[problem.code] - _MOST_TOLD
        if told[problem.code] < _MOST_TOLD or more == 0:
            yield problem
        elif told[problem.code] == _MOST_TOLD:
            yield problem._replace(hint=f"{problem.hint}; so it is with {more:,} more")
